"""Reading organisations as of a day."""

from collections.abc import Iterable
from datetime import date

from django.db.models import CharField, F, Func, QuerySet

from hoctap.kernel import clock
from hoctap.kernel.estimates import expected_rows
from hoctap.orgs.enums import AreaType, Kind, Line
from hoctap.orgs.models import Seat, Subordination, Unit, UnitName
from hoctap.orgs.naming import called, later
from hoctap.orgs.sheets import ROOT, UnitRow
from hoctap.people.models import User


def _apart(key: str) -> Func:
    """The same order, from no index."""
    return Func(F(key), template="%(expressions)s || ''", output_field=CharField())


# Of rows that belong to a unit, in the dictionary order of their units. Apart: found first and then put in order. Asked
# for a page of them, the database likes to walk all units of the nation by name until enough of them turned up, which is
# right for thousands of rows (more than FEW) and wrong for hundreds.
BY_NAME = ("unit__sort_key", "unit_id")
BY_NAME_APART = (_apart("unit__sort_key"), "unit_id")
FEW = 5000


def by_name(rows: int) -> tuple:
    """How to order so many rows when a page of them is asked for."""
    return BY_NAME_APART if rows <= FEW else BY_NAME


def seats_of(user: User | int, on: date | None = None) -> QuerySet[Seat]:
    """The seats a user may act from on a day (today), oldest first."""
    return (
        Seat.objects.filter(user=user, user__is_active=True, valid__contains=on or clock.today())
        .select_related("unit", "user")
        .order_by("pk")
    )


def acting_seat(user: User, seat_id: int | None) -> Seat | None:
    """The chosen seat while it is valid, else the user's first; no query when ``user.seats_today`` is known."""
    seats = getattr(user, "seats_today", None)
    if seats is None:
        seats = seats_of(user)
    return next((seat for seat in seats if seat.pk == seat_id), next(iter(seats), None))


def children_of(unit: Unit, line: Line, on: date) -> QuerySet[Unit]:
    """Units directly under ``unit``, in dictionary order."""
    found = Subordination.objects.filter(parent=unit, line=line, valid__contains=on)
    return Unit.objects.filter(pk__in=found.values("unit")).order_by("sort_key", "pk")


def subtree(unit: Unit, line: Line, on: date) -> QuerySet[Unit]:
    """``unit`` and all under it, each annotated with its ``path``; in path order, so superiors come first."""
    path = _path(unit, line, on)
    if path is None:
        return Unit.objects.none()
    return (
        Unit.objects.filter(
            subordinations__line=line,
            subordinations__path__startswith=path,
            subordinations__valid__contains=on,
        )
        .annotate(path=F("subordinations__path"))
        .order_by("path")
    )


def is_under(unit: Unit, ancestor: Unit, line: Line, on: date) -> bool:
    """Whether ``unit`` stands somewhere below ``ancestor``; nobody stands under itself."""
    rows = Subordination.objects.filter(unit__in=[unit, ancestor], line=line, valid__contains=on)
    paths = dict(rows.values_list("unit", "path"))
    above, below = paths.get(ancestor.pk), paths.get(unit.pk)
    return bool(above and below and above != below and below.startswith(above))


def direct_superiors(unit: Unit, on: date) -> set[int]:
    """Ids of the units directly above, in any line."""
    return superiors_of([unit], on)[unit.pk]


def superiors_of(units: Iterable[Unit], on: date) -> dict[int, set[int]]:
    """``direct_superiors`` of each, by its id; one query."""
    found: dict[int, set[int]] = {unit.pk: set() for unit in units}
    rows = Subordination.objects.filter(unit__in=list(found), valid__contains=on, parent__isnull=False)
    for unit_id, parent_id in rows.values_list("unit", "parent"):
        found[unit_id].add(parent_id)
    return found


def search_units(
    text: str, limit: int, within: QuerySet[Unit] | None = None, after: tuple[str, int] | None = None
) -> list[Unit]:
    """The first ``units_called`` the text. Dissolved units are left out."""
    found = Unit.objects.all() if within is None else within
    return list(units_called(text, found.exclude(dissolved_on__lte=clock.today()), limit, after))


def units_called(
    text: str, units: QuerySet[Unit], limit: int, after: tuple[str, int] | None = None
) -> QuerySet[Unit]:
    """Of ``units`` the first with every word of the text (``called``), in dictionary order, after the unit of that
    ``(sort_key, pk)``. One query is asked at once: whether few are expected, which are then found before they are ordered.

    Who comes first is decided in the index of names alone; only those are read in full.
    """
    found = units.filter(called(text)).order_by().values("pk")
    if after:
        found = found.filter(later(after))
    few = text and expected_rows(*found.query.sql_with_params()) <= FEW
    first = found.order_by(_apart("sort_key") if few else "sort_key", "pk")[:limit]
    return Unit.objects.filter(pk__in=first).order_by("sort_key", "pk")


def name_on(unit: Unit, on: date) -> str:
    """The unit's full name on a day; before its first written name, that first name."""
    names = UnitName.objects.filter(unit=unit, valid__isempty=False)
    name = (
        names.filter(valid__startswith__lte=on).order_by("-valid").first() or names.order_by("valid").first()
    )
    return name.name if name else unit.name


def sheet_rows(units: QuerySet[Unit], on: date) -> list[UnitRow]:
    """``units`` as rows of an Excel sheet (``orgs.sheets.write_units``), as of a day, in dictionary order."""
    found = list(units.exclude(dissolved_on__lte=on).order_by("sort_key", "pk"))
    parents: dict[int, dict[Line, str]] = {}
    rows = Subordination.objects.filter(unit__in=found, valid__contains=on)
    for unit_id, line, code in rows.values_list("unit", "line", "parent__code"):
        parents.setdefault(unit_id, {})[Line(line)] = code or ROOT
    return [
        UnitRow(
            code=unit.code,
            name=unit.name,
            short_name=unit.short_name,
            kind=Kind(unit.kind),
            area_type=AreaType(unit.area_type),
            place=unit.place,
            email=unit.email,
            parents=parents.get(unit.pk, {}),
        )
        for unit in found
    ]


def _path(unit: Unit, line: Line, on: date) -> str | None:
    rows = Subordination.objects.filter(unit=unit, line=line, valid__contains=on)
    return rows.values_list("path", flat=True).first()
