"""Tries are counted exactly, also those of one moment; a window begins with its first."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.db import connection

from hoctap.kernel import clock, tries
from hoctap.kernel.models import Tries

NOON = datetime(2023, 10, 12, 12, tzinfo=clock.VIETNAM)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_tries_of_one_moment_are_each_counted():
    def once(_: int) -> int:
        try:
            return tries.count("card", "203.0.113.9", HOUR)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as people:
        assert sorted(people.map(once, range(200))) == list(range(1, 201))


@pytest.mark.django_db
def test_a_window_begins_with_its_first_try_and_ends():
    with clock.frozen(NOON):
        assert tries.counted("card", "a", MINUTE) == 0
        assert [tries.count("card", "a", MINUTE) for _ in range(3)] == [1, 2, 3]
        assert tries.count("card", "b", MINUTE) == tries.count("code", "a", MINUTE) == 1  # apart
        assert tries.count("card", "a", HOUR) == 1
    with clock.frozen(NOON + timedelta(seconds=59)):
        assert tries.count("card", "a", MINUTE) == 4
    with clock.frozen(NOON + MINUTE):
        assert tries.counted("card", "a", MINUTE) == 0
        assert tries.count("card", "a", MINUTE) == 1


@pytest.mark.django_db
def test_windows_that_ended_are_dropped():
    with clock.frozen(NOON):
        tries.count("card", "203.0.113.9", MINUTE)
        tries.count("card", "203.0.113.9", HOUR)
    with clock.frozen(NOON + timedelta(minutes=2)):
        tries.forget()
        assert Tries.objects.count() == 1
        assert tries.counted("card", "203.0.113.9", HOUR) == 1


@pytest.mark.django_db
def test_no_try_waits_for_the_disk():
    with connection.cursor() as cursor:
        cursor.execute("SELECT relpersistence FROM pg_class WHERE relname = 'kernel_tries'")
        assert cursor.fetchone() == ("u",)
