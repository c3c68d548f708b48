"""Queries that Django writes once a process, and the database plans once a connection.

Django puts a query's SQL together anew each time it is asked, and PostgreSQL plans it anew: on pages of joins and cases
either takes longer than the answer (docs/decisions, prepared queries). The results are those of the queryset, read by
Django.
"""

from collections.abc import Callable
from copy import copy
from functools import cached_property
from types import SimpleNamespace
from typing import Generic, NamedTuple, TypeVar

from django.db import connections
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from psycopg.sql import Literal

from hoctap.kernel.planned import planned_cursor

Row = TypeVar("Row")


class _Blank(NamedTuple):
    """Stands among the parameters in the place of a value that is given later."""

    name: str


class _Written:
    """The query of a queryset, with a compiler that has written it already."""

    def __init__(self, query, compiler):
        self._query = query
        self._compiler = compiler

    def get_compiler(self, *args, **kwargs):
        return self._compiler

    def __getattr__(self, name: str):
        return getattr(self._query, name)


def one_of(values: RawSQL, kind: str = "bigint") -> RawSQL:
    """A name whose value is a list (of ids, or of another type of the database), for ``…__in=``."""
    return RawSQL(f"SELECT unnest(%s::{kind}[])", values.params)


class Prepared(Generic[Row]):
    """``Prepared(write, "unit", "now")(unit=7, now=…)``: the list that ``write(unit=7, now=…)`` would give.

    ``write`` gets an expression for each name and may use it wherever a value of one kind stands: ``filter(pk=unit)``,
    ``due_at__lte=now``, ``pk__in=one_of(pks)``; not in slices, nor to decide what is asked.
    """

    def __init__(self, write: Callable[..., QuerySet], *names: str):
        self._write = write
        self._names = names

    def __call__(self, **given: object) -> list[Row]:
        """One query. Raises KeyError when a value is missing."""
        queryset, compiler, (sql, params) = self._written
        filled = tuple(given[name] for name in params)
        compiler = copy(compiler)
        compiler.connection = _Planned(connections[queryset.db])  # this thread's
        compiler.as_sql = lambda *args, **kwargs: (sql, filled)
        source = SimpleNamespace(
            db=queryset.db,
            model=queryset.model,
            query=_Written(queryset.query, compiler),
            _known_related_objects=queryset._known_related_objects,
        )
        return list(queryset._iterable_class(source))

    @cached_property
    def _written(self) -> tuple:
        queryset = self._write(**{name: RawSQL("%s", [_Blank(name)]) for name in self._names})
        compiler = queryset.query.get_compiler(queryset.db)
        written, params = compiler.as_sql()
        converters = compiler.get_converters([column for column, *_ in compiler.select[: compiler.col_count]])
        compiler.get_converters = lambda columns: converters
        connection = connections[queryset.db]
        connection.ensure_connection()
        pieces = ["%s" if isinstance(param, _Blank) else _constant(param, connection) for param in params]
        text = written.replace("%%", "%%%%") % tuple(pieces)
        return queryset, compiler, (text, [param.name for param in params if isinstance(param, _Blank)])


def _constant(value: object, connection) -> str:
    """Text of a value that never changes, as it stands among ``%s``."""
    return Literal(value).as_string(connection.connection).replace("%", "%%")


class _Planned:
    """A connection whose cursors plan once (kernel.planned)."""

    def __init__(self, connection):
        self._connection = connection

    def cursor(self):
        return planned_cursor(self._connection)

    def __getattr__(self, name: str):
        return getattr(self._connection, name)
