"""One clock, on Vietnam's time wherever the process stands; the database's clock follows."""

import os
import time
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F

from hoctap.kernel import clock
from hoctap.kernel.clock import VIETNAM, DatabaseNow
from hoctap.kernel.models import Act, StoredFile

MOMENT = datetime(2023, 10, 12, 23, 59, 59, 999_000, tzinfo=VIETNAM)


def _database_now() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT hoctap_now()")
        return cursor.fetchone()[0]


def _assert_both_agree() -> None:
    """Whatever time passes between the looks at them."""
    before, database, after = clock.now(), _database_now(), clock.now()
    assert before <= database <= after


@pytest.fixture(params=["UTC", "America/New_York", "Asia/Ho_Chi_Minh", "Pacific/Kiritimati"])
def process_zone(request, monkeypatch):
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


def test_days_begin_at_midnight_in_vietnam(process_zone: str):
    assert os.environ["TZ"] == process_zone
    assert clock.start_of(date(2023, 10, 13)) == datetime(2023, 10, 12, 17, tzinfo=UTC)


def test_today_is_vietnams(process_zone: str, monkeypatch):
    monkeypatch.setattr(clock.timezone, "now", lambda: datetime(2023, 10, 12, 17, 0, tzinfo=UTC))
    assert clock.today() == date(2023, 10, 13)
    monkeypatch.setattr(
        clock.timezone, "now", lambda: datetime(2023, 10, 12, 16, 59, 59, 999_999, tzinfo=UTC)
    )
    assert clock.today() == date(2023, 10, 12)
    assert clock.now().utcoffset() == timedelta(hours=7)


def test_both_clocks_tell_the_time(db):
    _assert_both_agree()
    before = datetime.now(UTC)
    assert before <= clock.now() <= datetime.now(UTC)


def test_frozen_holds_both_clocks_to_the_millisecond(db, process_zone: str):
    with clock.frozen(MOMENT):
        assert clock.now() == MOMENT
        assert _database_now() == MOMENT
        Act.objects.create(verb="test")
        assert Act.objects.get().at == MOMENT
        assert Act.objects.filter(at__lt=DatabaseNow()).count() == 0
        assert Act.objects.annotate(age=DatabaseNow() - F("at")).get().age == timedelta(0)
    _assert_both_agree()


def test_frozen_moments_nest(db):
    later = MOMENT + timedelta(days=3)
    with clock.frozen(MOMENT):
        with clock.frozen(later):
            assert clock.now() == _database_now() == later
        assert clock.now() == _database_now() == MOMENT


def test_an_error_while_frozen_lets_the_clock_go(db):
    with pytest.raises(IntegrityError), transaction.atomic(), clock.frozen(MOMENT):
        StoredFile.objects.create(sha256="x", size=1)
        StoredFile.objects.create(sha256="x", size=None)
    _assert_both_agree()


def test_the_demo_world_lives_in_the_past(db, settings):
    """The database's half of the shift comes with the connection's options; here it is set by hand."""
    settings.CLOCK_SHIFT = -3 * 365 * 86400
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('hoctap.clock_shift', %s, true)", [str(settings.CLOCK_SHIFT)])
    before = datetime.now(UTC)
    assert before <= clock.now() + timedelta(days=3 * 365) <= datetime.now(UTC)
    _assert_both_agree()
