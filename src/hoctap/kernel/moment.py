"""Reading much of the database as it is at one moment, row by row, on a connection of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection
from django.db.models import Count, QuerySet, Value

ROWS_AT_ONCE = 500


class Moment:
    """Everything read through it is of the same moment; the rows of one query are never in memory together."""

    def __init__(self, reading: psycopg.Connection):
        self._reading = reading

    def value(self, rows: QuerySet) -> Any:
        """The first column of the first row; None where there is none."""
        row = self._reading.execute(*rows.query.sql_with_params()).fetchone()
        return row and row[0]

    def count(self, rows: QuerySet) -> int:
        return (
            self.value(
                rows.order_by().annotate(_=Value(1)).values("_").annotate(n=Count("pk")).values_list("n")
            )
            or 0
        )

    def rows(self, rows: QuerySet) -> Iterator[tuple]:
        """What ``rows`` (a queryset's ``values_list``) would give, as the database gives it."""
        with self._reading.cursor(name="rows") as cursor:
            cursor.itersize = ROWS_AT_ONCE
            cursor.execute(*rows.query.sql_with_params())
            yield from cursor


@contextmanager
def one_moment() -> Iterator[Moment]:
    """A REPEATABLE READ READ ONLY transaction beside the ordinary connection, which may write meanwhile."""
    beside = connection.copy()
    beside.connect()
    try:
        reading = beside.connection
        reading.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        reading.read_only = True
        with reading.transaction():
            yield Moment(reading)
    finally:
        beside.close()
