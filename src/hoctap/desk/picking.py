"""Choosing units out of thousands: those right below by line, or what a search finds; all right below are one choice."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from hoctap.kernel import clock
from hoctap.orgs.enums import Line
from hoctap.orgs.models import Subordination, Unit
from hoctap.orgs.queries import by_name

SHOWN = 200


@dataclass(frozen=True)
class Group:
    """Units to tick under one heading. ``line`` is empty for what a search found; of a line ``total`` counts all that may
    be chosen, and ``more`` says that not every unit is listed."""

    label: str
    units: list[Unit]
    line: str = ""
    total: int = 0
    more: bool = False


def right_below(unit: Unit, taken: QuerySet, *, show_taken: bool = False) -> list[Group]:
    """Units directly under this one, each once, under the first line in which it stands there; two queries.

    ``taken``: rows with a ``unit`` that is not to be chosen again; such units are listed when asked, and not counted.
    """
    totals = _free(unit, taken).order_by().values("line").annotate(n=Count("pk")).values_list("line", "n")
    counted = dict(totals)
    found = _below(unit) if show_taken else _free(unit, taken)
    order = by_name(sum(counted.values()))
    rows = list(found.select_related("unit").order_by(*order)[: SHOWN + 1])
    listed: dict[str, dict[int, Unit]] = {line: {} for line in Line.values}
    placed: set[int] = set()
    for row in rows[:SHOWN]:
        if row.unit_id not in placed:
            placed.add(row.unit_id)
            listed[row.line][row.unit_id] = row.unit
    said, more = _("Trực thuộc, tuyến %(line)s"), len(rows) > SHOWN
    return [
        Group(
            said % {"line": _(Line(line).label).lower()},
            list(units.values()),
            line,
            counted.get(line, 0),
            more,
        )
        for line, units in listed.items()
        if units
    ]


def all_below(unit: Unit, lines: list[str], taken: QuerySet) -> list[Unit]:
    """Every unit directly under this one in these lines that is not taken, each once."""
    ids = _free(unit, taken).filter(line__in=lines).values("unit")
    return list(Unit.objects.filter(pk__in=ids).order_by("sort_key", "pk"))


def _below(unit: Unit) -> QuerySet[Subordination]:
    return Subordination.objects.filter(parent=unit, valid__contains=clock.today(), unit__dissolved_on=None)


def _free(unit: Unit, taken: QuerySet) -> QuerySet[Subordination]:
    return _below(unit).exclude(Exists(taken.filter(unit=OuterRef("unit"))))
