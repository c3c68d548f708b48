"""A prepared query gives what the queryset gives, whatever is asked, from any thread."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import connection
from django.db.models import Count, Q
from django.test.utils import CaptureQueriesContext

from hoctap.kernel.prepared import Prepared, one_of
from hoctap.orgs.enums import Line
from hoctap.orgs.models import Seat, Subordination
from tests.cast import make_cast

pytestmark = pytest.mark.django_db


def seats(unit, on):
    return Seat.objects.filter(unit=unit, valid__contains=on).select_related("unit", "user").order_by("pk")


def below(parents, line):
    found = Subordination.objects.filter(parent__in=parents, line=line)
    return (
        found.values("parent")
        .annotate(n=Count("pk"), old=Count("pk", filter=Q(unit__code="P1")))
        .order_by("parent")
    )


def test_rows_related_rows_and_annotations_are_those_of_the_queryset(cast):
    prepared = Prepared(seats, "unit", "on")
    for unit in (cast.q3, cast.pgd, cast.p1):
        for on in (date(2023, 10, 2), date(1990, 1, 1)):
            plain = list(seats(unit, on))
            with CaptureQueriesContext(
                connection,
            ) as asked:
                found = prepared(unit=unit.pk, on=on)
                said = [(seat.unit.name, seat.user.full_name) for seat in found]
            assert len(asked) == 1
            assert found == plain
            assert said == [(seat.unit.name, seat.user.full_name) for seat in plain]


def test_counts_by_a_list_of_ids(cast):
    prepared = Prepared(lambda parents, line: below(one_of(parents), line), "parents", "line")
    for parents in ([cast.q3.pk], [cast.q3.pk, cast.pgd.pk], []):
        assert prepared(parents=parents, line=Line.TERRITORY) == list(below(parents, Line.TERRITORY))
    assert prepared(parents=[cast.q3.pk], line=Line.TERRITORY)  # something was compared


def test_what_is_given_stays_a_value(cast):
    by_code = Prepared(lambda code: Seat.objects.filter(unit__code=code), "code")
    assert by_code(code="' OR '1'='1") == []
    assert by_code(code="%s %(code)s") == []


def test_a_missing_value_is_an_error(cast):
    with pytest.raises(KeyError):
        Prepared(seats, "unit", "on")(unit=cast.q3.pk)


@pytest.mark.django_db(transaction=True)
def test_each_thread_asks_on_its_own_connection():
    cast = make_cast()
    prepared = Prepared(seats, "unit", "on")
    units = [cast.q3, cast.pgd, cast.p1, cast.p2] * 5

    def ask(unit):
        try:
            return [seat.unit_id for seat in prepared(unit=unit.pk, on=date(2023, 10, 2))]
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(ask, units))
    assert found == [[seat.unit_id for seat in seats(unit, date(2023, 10, 2))] for unit in units]
    assert all(found)
