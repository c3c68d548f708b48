"""Reading from streaming copies of the database (máy sao), where a page tolerates a moment's delay.

Who is asking and with what right is always read from the primary; so is everything outside ``reading_from``: acts,
jobs, folding. A copy is read only while it is known to hold all that the primary held ``LIMIT`` seconds before.
"""

import logging
import random
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, Error, close_old_connections, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper

LIMIT = 2.0  # seconds a copy may be behind
EVERY = 0.5  # seconds between two looks at it
RIGHTS = {"people.user", "orgs.seat"}

# Positions in the log, in bytes; a server that is no copy, or not any more, has replayed nothing.
_WRITTEN = "SELECT pg_current_wal_lsn() - '0/0'"
_REPLAYED = "SELECT CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() - '0/0' ELSE -1 END"

log = logging.getLogger("hoctap.replicas")
_reading: ContextVar[str] = ContextVar("hoctap_reading", default=DEFAULT_DB_ALIAS)


class Router:
    """Django's database router: writes go to the primary, reads to the copy of ``reading_from``."""

    def db_for_read(self, model: type[models.Model], **hints: object) -> str:
        ours = model.__module__.startswith("hoctap.") and model._meta.label_lower not in RIGHTS
        return reading().alias if ours else DEFAULT_DB_ALIAS

    def db_for_write(self, model: type[models.Model], **hints: object) -> str:
        return DEFAULT_DB_ALIAS

    def allow_relation(self, one: models.Model, other: models.Model, **hints: object) -> bool:
        return True  # the same rows, wherever they were read

    def allow_migrate(self, db: str, app_label: str, **hints: object) -> bool:
        return db == DEFAULT_DB_ALIAS


def reading() -> BaseDatabaseWrapper:
    """The connection that reads go to; the primary's inside its transactions."""
    primary = connections[DEFAULT_DB_ALIAS]
    return primary if primary.in_atomic_block else connections[_reading.get()]


@contextmanager
def reading_from(alias: str) -> Iterator[None]:
    token = _reading.set(alias)
    try:
        yield
    finally:
        _reading.reset(token)


def usable() -> str | None:
    """One of the copies that are fresh enough; None when there is none."""
    now = time.monotonic()
    fresh = [watch.alias for watch in _watches() if now < watch.usable_until]
    return random.choice(fresh) if fresh else None


def distrust(alias: str) -> None:
    """It failed: leave it alone until it has been looked at again."""
    for watch in _watches():
        if watch.alias == alias:
            watch.usable_until = 0.0


@cache
def _watches() -> list["Watch"]:
    """One a copy, started by whoever asks first in this process."""
    watches = [Watch(alias) for alias in settings.REPLICAS]
    for watch in watches:
        threading.Thread(target=watch.keep_looking, name=watch.alias, daemon=True).start()
    return watches


class Watch:
    """Knows until when one copy may be read.

    Positions in the primary's log are noted with the time they were asked at. A copy that has replayed up to such a
    position holds all that was committed before that time, whatever clocks say and whether or not anything is written.
    """

    def __init__(self, alias: str):
        self.alias = alias
        self.usable_until = 0.0  # monotonic seconds
        self._positions: deque[tuple[float, int]] = deque(maxlen=int(LIMIT / EVERY) + 1)

    def keep_looking(self) -> None:
        while True:
            try:
                self.look()
            except Error as error:
                log.warning("%s cannot be looked at: %s", self.alias, error)
                self.usable_until = 0.0
                for alias in (DEFAULT_DB_ALIAS, self.alias):
                    connections[alias].close()
            close_old_connections()  # where threads share them
            time.sleep(EVERY)

    def look(self) -> None:
        asked_at = time.monotonic()
        self._positions.append((asked_at, _ask(DEFAULT_DB_ALIAS, _WRITTEN)))
        replayed = _ask(self.alias, _REPLAYED)
        held = [at for at, position in self._positions if position <= replayed]
        self.usable_until = max(held) + LIMIT if held else 0.0


def _ask(alias: str, query: str) -> int:
    with connections[alias].cursor() as cursor:
        cursor.execute(query)
        return int(cursor.fetchone()[0])
