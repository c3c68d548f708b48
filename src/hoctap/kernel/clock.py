"""One clock for the domain, in Asia/Ho_Chi_Minh; shiftable, because the demo world lives in October 2023.

The database's ``hoctap_now()`` decides receipt times (lateness); ``now()`` here is for screens and forms.
Both honour ``settings.CLOCK_SHIFT`` (seconds) and, inside ``frozen(moment)``, that very moment.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection
from django.db.models import DateTimeField, Func
from django.utils import timezone

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
_frozen: ContextVar[datetime | None] = ContextVar("hoctap_frozen_at", default=None)


class DatabaseNow(Func):
    """The database's time of receipt."""

    function = "hoctap_now"
    template = "%(function)s()"
    output_field = DateTimeField()
    allowed_default = True


def now() -> datetime:
    return (_frozen.get() or timezone.now() + timedelta(seconds=settings.CLOCK_SHIFT)).astimezone(VIETNAM)


def today() -> date:
    return now().date()


def start_of(day: date) -> datetime:
    """00:00 +07 of ``day``, whatever time zone the process runs in."""
    return datetime.combine(day, time.min, VIETNAM)


def dawn() -> datetime:
    """When today began in Vietnam."""
    return start_of(today())


@contextmanager
def frozen(moment: datetime) -> Iterator[None]:
    """Hold both clocks at ``moment`` on this thread's connection (stories and tests)."""
    token = _frozen.set(moment)
    _set_database_clock(moment.isoformat())
    try:
        yield
    finally:
        _frozen.reset(token)
        outer = _frozen.get()
        _set_database_clock(outer.isoformat() if outer else "")


def _set_database_clock(value: str) -> None:
    if connection.in_atomic_block and connection.needs_rollback:
        return  # the rollback restores the setting
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('hoctap.frozen_at', %s, false)", [value])
