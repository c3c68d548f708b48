"""What the pages about organisations show: the tree level by level as of a day and line, and one unit."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from urllib.parse import urlencode

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from hoctap.desk.formats import vn_date
from hoctap.desk.paging import next_after, place_after
from hoctap.kernel import clock, paths
from hoctap.orgs import roles, rules
from hoctap.orgs.enums import Line, Role
from hoctap.orgs.models import Seat, Subordination, Unit, UnitName
from hoctap.orgs.queries import by_name, units_called
from hoctap.orgs.tree import FOREVER, Stretch, edges_of

PAGE = 100
FEW = 12  # children shown on a unit's own page


@dataclass(frozen=True)
class AsOf:
    """Xem theo ngày: the day asked for; ``wrong`` is what could not be read as one."""

    day: date
    wrong: str = ""

    @classmethod
    def read(cls, request: HttpRequest) -> "AsOf":
        text = request.GET.get("ngay", "").strip()
        if not text:
            return cls(clock.today())
        for pattern in ("%Y-%m-%d", "%d/%m/%Y"):
            try:
                return cls(datetime.strptime(text, pattern).date())
            except ValueError:
                continue
        return cls(clock.today(), text[:20])

    @cached_property
    def is_today(self) -> bool:
        return self.day == clock.today()

    def query(self, **more: str) -> str:
        """The query of an address that keeps the day: ``?ngay=2023-06-30&duoi=HCM-Q3``."""
        asked = {} if self.is_today else {"ngay": self.day.isoformat()}
        asked |= {name: value for name, value in more.items() if value}
        return f"?{urlencode(asked)}" if asked else ""


def level(request: HttpRequest) -> dict:
    """One unit's children in one line, with the way down to it; or what a search finds within the seat's reach."""
    as_of = AsOf.read(request)
    own = _places(request.seat.unit_id, as_of.day)
    line = next((line for line in own if line == request.GET.get("tuyen")), None) or _with_units(own)
    text = request.GET.get("tim", "").strip()[:100]
    trail: list[Unit] = []
    found, after = Unit.objects.none(), place_after(request)
    if text:
        found = units_called(text, rules.reachable_units(request.seat, as_of.day), PAGE + 1, after)
    elif line:
        trail = _trail(request, line, own[line].path, as_of.day)
        below = _children(trail[-1].pk, line, as_of.day)
        found = _counted(units_called("", below, PAGE + 1, after), line, as_of.day)
    elif request.GET.get("duoi"):
        raise Http404
    rows, following = _page(request, named(found, as_of.day))
    here = trail[-1].code if trail else ""
    return {
        "as_of": as_of,
        "line": line,
        "lines": [(each.value, _(each.label), each == line) for each in own],
        "text": text,
        "trail": trail,
        "reach_from": _depth(own[line].path) if line else 0,
        "here": here,
        "rows": rows,
        "next": following,
        "may_edit": roles.may(request.seat.role, roles.EDIT_UNIT),
    }


def _places(unit_id: int, on: date) -> dict[Line, Subordination]:
    """Where a unit stands on a day, in the order of the lines; ``gathers``: whether somebody stands below it there."""
    below = Subordination.objects.filter(parent=OuterRef("unit"), line=OuterRef("line"), valid__contains=on)
    rows = Subordination.objects.filter(unit=unit_id, valid__contains=on).annotate(gathers=Exists(below))
    found = {row.line: row for row in rows}
    return {line: found[line] for line in Line if line in found}


def _with_units(own: dict[Line, Subordination]) -> Line | None:
    """The first line in which somebody stands below the unit, else the first it stands in itself."""
    return next((line for line, row in own.items() if row.gathers), next(iter(own), None))


def _depth(path: str) -> int:
    return len(paths.ids(path)) - 1


def _trail(request: HttpRequest, line: Line, own_path: str, on: date) -> list[Unit]:
    """From the root of the line down to the unit asked for; 404 when that is not under the seat's own."""
    path, asked = own_path, request.GET.get("duoi", "")
    if asked and asked != request.seat.unit.code:
        rows = Subordination.objects.filter(unit__code=asked, line=line, valid__contains=on)
        path = rows.filter(path__startswith=own_path).values_list("path", flat=True).first()
        if path is None:
            raise Http404
    ids = paths.ids(path)
    return sorted(named(Unit.objects.filter(pk__in=ids), on), key=lambda unit: ids.index(unit.pk))


def named(units: QuerySet[Unit], on: date) -> QuerySet[Unit]:
    """Each unit with ``then``, its name on a day."""
    names = UnitName.objects.filter(unit=OuterRef("pk"), valid__contains=on)
    return units.annotate(then=Coalesce(Subquery(names.values("name")[:1]), F("name")))


def _children(unit_id: int, line: Line, on: date) -> QuerySet[Unit]:
    under = Subordination.objects.filter(parent=unit_id, line=line, valid__contains=on)
    return Unit.objects.filter(pk__in=under.values("unit"))


def _counted(units: QuerySet[Unit], line: Line, on: date) -> QuerySet[Unit]:
    """Each unit with ``below``: how many stand directly under it."""
    under = Subordination.objects.filter(parent=OuterRef("pk"), line=line, valid__contains=on)
    count = under.order_by().values("parent").annotate(n=Count("pk")).values("n")
    return units.annotate(below=Coalesce(Subquery(count), 0))


def _page(request: HttpRequest, units: QuerySet[Unit]) -> tuple[list[Unit], str]:
    """A hundred units, and the query of the next hundred."""
    rows = list(units)
    return rows[:PAGE], next_after(request, rows[PAGE - 1]) if len(rows) > PAGE else ""


@dataclass(frozen=True)
class Standing:
    """Where a unit stands in one line on a day. ``superior`` has an address only when the seat reaches it."""

    line: Line
    superior: str
    superior_code: str
    children: list[tuple[str, str]]  # (code, name), the first few
    total: int  # of all children; -1 when they are out of the seat's reach
    past: list[tuple[str, str]]  # (from when to when, under whom), when it was not always the same


def unit(request: HttpRequest, code: str) -> dict:
    """One unit as of a day; 404 unless the seat reaches it on that day."""
    as_of, seat = AsOf.read(request), request.seat
    rows = list(
        Subordination.objects.filter(
            unit__in=Unit.objects.filter(Q(code=code) | Q(pk=seat.unit_id)).values("pk")
        )
        .select_related("unit", "parent")
        .order_by("valid")
    )
    own = [row for row in rows if row.unit_id == seat.unit_id]
    its = [row for row in rows if row.unit.code == code]
    shown = its[0].unit if its else seat.unit
    if shown.code != code or not (shown.pk == seat.unit_id or _under(its, own, as_of.day)):
        raise Http404
    today = clock.today()
    in_reach = shown.pk == seat.unit_id or bool(_under(its, own, today))
    standing = in_reach and not (shown.dissolved_on and shown.dissolved_on <= today)
    reached = _under(its, own, as_of.day)
    children = _few_children(shown, list(reached), as_of.day)
    others = {row.parent_id for row in its if row.parent_id}
    others |= {row.unit_id for below in children.values() for row in below}
    names = _names([shown.pk, *others])
    return {
        "unit": shown,
        "as_of": as_of,
        "name": _name_of(names, shown, as_of.day),
        "names": [(_span(n.valid), n.name) for n in names.get(shown.pk, [])],
        "standings": _standings(its, reached, children, names, as_of.day),
        "seats": _seats(shown, today) if in_reach else None,
        "may_edit": standing and roles.may(seat.role, roles.EDIT_UNIT),
        "may_keep_people": in_reach and roles.may(seat.role, roles.KEEP_PEOPLE),
        "may_grant": standing and roles.may(seat.role, roles.GRANT_SEAT),
    }


def _under(its: Iterable[Subordination], own: Iterable[Subordination], on: date) -> dict[str, str]:
    """The lines in which the unit stands under the seat's own on a day, with the seat's path there."""
    above = {row.line: row.path for row in own if on in row.valid}
    return {
        row.line: above[row.line]
        for row in its
        if on in row.valid and row.line in above and row.path.startswith(above[row.line])
    }


def _names(unit_ids: list[int]) -> dict[int, list[UnitName]]:
    found: dict[int, list[UnitName]] = {}
    for name in UnitName.objects.filter(unit__in=unit_ids, valid__isempty=False).order_by("-valid"):
        found.setdefault(name.unit_id, []).append(name)
    return found


def _name_of(names: dict[int, list[UnitName]], unit: Unit, on: date) -> str:
    return next((name.name for name in names.get(unit.pk, []) if on in name.valid), unit.name)


def _standings(
    its: list[Subordination],
    reached: dict[str, str],
    children: dict[str, list[Subordination]],
    names: dict[int, list[UnitName]],
    on: date,
) -> list[Standing]:
    found = []
    for line in Line:
        rows = [row for row in its if row.line == line]
        now = next((row for row in rows if on in row.valid), None)
        if not rows:
            continue
        up = now.parent if now else None
        linked = bool(up) and line in reached and now.path != reached[line]
        below = children.get(line, [])
        found.append(
            Standing(
                line=line,
                superior=_name_of(names, up, on) if up else "",
                superior_code=up.code if linked else "",
                children=[(row.unit.code, _name_of(names, row.unit, on)) for row in below],
                total=(below[0].total if below else 0) if line in reached else -1,
                past=_past(rows),
            )
        )
    return found


def _few_children(unit: Unit, lines: list[str], on: date) -> dict[str, list[Subordination]]:
    """The first children in each line, with ``total`` of all of them."""
    below = Subordination.objects.filter(parent=unit, valid__contains=on)
    totals = dict(below.values("line").annotate(n=Count("pk")).values_list("line", "n"))
    found: dict[str, list[Subordination]] = {}
    for line in lines:
        total = totals.get(line, 0)
        rows = below.filter(line=line).select_related("unit").order_by(*by_name(total))
        found[line] = list(rows.annotate(total=Value(total))[:FEW])
    return found


def _past(rows: list[Subordination]) -> list[tuple[str, str]]:
    """Who it stood under from when to when, latest first; empty while there is only one answer."""
    names = {row.parent_id: row.parent.name if row.parent else _("đứng đầu tuyến") for row in rows}
    stretches = edges_of(
        Stretch(row.valid.lower, row.valid.upper or FOREVER, row.parent_id, row.path) for row in rows
    )
    if len(stretches) < 2 and all(s.end == FOREVER for s in stretches):
        return []
    return [(_between(s.start, s.end), names[s.parent]) for s in reversed(stretches)]


def _span(valid) -> str:
    return _between(valid.lower, valid.upper or FOREVER)


def _between(start: date, end: date) -> str:
    """Both days included, as officers write it."""
    if end == FOREVER:
        return _("từ %(day)s") % {"day": vn_date(start)}
    last = date.fromordinal(end.toordinal() - 1)
    return f"{vn_date(start)} – {vn_date(last)}"


def _seats(unit: Unit, on: date) -> list[tuple[Seat, str, str]]:
    """Who sits here or will: (seat, role in words, from when to when)."""
    rows = Seat.objects.filter(unit=unit, valid__isempty=False).filter(
        Q(valid__endswith__gt=on) | Q(valid__upper_inf=True)
    )
    order = list(Role)
    found = sorted(rows.select_related("user"), key=lambda s: (order.index(Role(s.role)), s.pk))
    return [(seat, _(Role(seat.role).label), _span(seat.valid)) for seat in found]


def role_table() -> dict:
    """Every action with, for each role in order, whether it may."""
    return {
        "roles": [_(role.label) for role in Role],
        "rows": [(_(label), [role in allowed for role in Role]) for label, allowed in roles.ACTIONS.values()],
    }
