"""What an act costs: seconds on the clock, of this process's processor and of the database's process that answers it."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

_T = TypeVar("_T")


@dataclass
class Costs:
    """In milliseconds, one a time the act was done."""

    wall: list[float] = field(default_factory=list)
    web: list[float] = field(default_factory=list)
    database: list[float] = field(default_factory=list)

    def add(self, others: Costs) -> None:
        self.wall += others.wall
        self.web += others.web
        self.database += others.database

    def both(self) -> list[float]:
        """Processor time of web and database together."""
        return [web + database for web, database in zip(self.web, self.database, strict=True)]


class Meter:
    """Of the connection that this thread has now."""

    def __init__(self) -> None:
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            self._backend = Path(f"/proc/{cursor.fetchone()[0]}/schedstat")

    def __call__(self, act: Callable[[], _T], into: Costs) -> _T:
        database, web, wall = self._seconds_run(), time.process_time(), time.perf_counter()
        found = act()
        into.wall.append(1000 * (time.perf_counter() - wall))
        into.web.append(1000 * (time.process_time() - web))
        into.database.append(1000 * (self._seconds_run() - database))
        return found

    def _seconds_run(self) -> float:
        return int(self._backend.read_text().split()[0]) / 1e9


def median(values: list[float]) -> float:
    return round(statistics.median(values), 1)


def quartiles(values: list[float]) -> str:
    low, _, high = statistics.quantiles(values, n=4)
    return f"{low:.1f}–{high:.1f}"


def p95(values: list[float]) -> float:
    return round(statistics.quantiles(values, n=20, method="inclusive")[-1], 1)
