"""The world that ``hoctap up --demo`` serves: made once, at 09:20 on 13/10/2023, with people who can sign in."""

from datetime import timedelta

import pytest
from django.contrib.auth import authenticate
from django.utils import timezone

from hoctap.cli.demo import seed_world
from hoctap.cli.demo.script import STOPS_AT, moment
from hoctap.kernel.models import Act
from hoctap.orgs.models import Unit
from hoctap.people.models import User
from hoctap.reports.models import ReportEntry


@pytest.mark.django_db(transaction=True)
def test_the_world_is_made_once_and_goes_on_from_its_friday_morning():
    told = seed_world()
    shifted = timezone.now() + timedelta(seconds=told["clock_shift"])
    assert abs(shifted - moment(STOPS_AT)) < timedelta(seconds=60)
    counts = (Unit.objects.count(), User.objects.count(), ReportEntry.objects.count(), Act.objects.count())
    assert seed_world() == told
    assert counts == (
        Unit.objects.count(),
        User.objects.count(),
        ReportEntry.objects.count(),
        Act.objects.count(),
    )
    # Nothing in it lies in what the demo calls the future, but the two documents of 2024.
    assert not ReportEntry.objects.filter(at__gt=moment(STOPS_AT)).exists()
    assert not Unit.objects.filter(is_demo=False).exists()
    addresses = [*User.objects.values_list("email", flat=True), *Unit.objects.values_list("email", flat=True)]
    assert all(address.endswith(".example") for address in addresses)
    for name, password, _ in told["sign_ins"]:
        user = authenticate(None, username=name, password=password)
        assert user is not None and user.seats.exists(), name
