"""A class of the Phòng, on the day before the opening ceremony of the Week."""

from datetime import datetime

import pytest

from hoctap.activities.actions import ActivityData, SessionData, record_activity
from hoctap.activities.models import Activity, ActivityKind
from hoctap.kernel import clock

NOW = datetime(2023, 10, 6, 9, 0, tzinfo=clock.VIETNAM)


def at(day: int, hour: int = 18, minute: int = 30, month: int = 10, year: int = 2023) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=clock.VIETNAM)


def said(name: str = "Tin học cho người lớn", code: str = "class.it", *sessions, **more) -> ActivityData:
    return ActivityData(ActivityKind.objects.get(code=code), name, sessions, **more)


@pytest.fixture
def week(db):
    with clock.frozen(NOW):
        yield


@pytest.fixture
def course(week, cast) -> Activity:
    """Two evenings, the first held with 31 people, with Phường 1."""
    data = said(
        "Tin học cho người lớn",
        "class.it",
        SessionData(at(3), at(3, 20), place="TTHTCĐ Phường 1", held=True, unnamed=31),
        SessionData(at(10), at(10, 20), place="TTHTCĐ Phường 1"),
        co_hosts=[cast.p1],
        capacity=40,
    )
    return record_activity(seat=cast.pgd_officer, host=cast.pgd, data=data)
