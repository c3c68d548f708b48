from datetime import date

from django.contrib.auth import authenticate

from hoctap.orgs.models import Seat
from hoctap.orgs.queries import acting_seat, seats_of
from tests.cast import PASSWORD, Cast


def test_the_cast_stands_and_signs_in(cast: Cast):
    assert Seat.objects.count() == 17
    user = authenticate(username="pgd-officer", password=PASSWORD)
    assert user == cast.pgd_officer.user
    assert acting_seat(user, None) == cast.pgd_officer
    assert list(seats_of(user)) == [cast.pgd_officer]
    assert cast.pgd.names.get().valid.lower == date(2020, 1, 1)
