"""What a seat reaches and may do: its unit and all under it in any line; the role table decides the acts.

Rounds widen the reach to what a unit owes or is owed; that part is obligations' rule.
"""

from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import BooleanField, Exists, F, Func, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce

from hoctap.kernel import clock
from hoctap.kernel.errors import Refusal
from hoctap.kernel.prepared import Prepared
from hoctap.orgs import roles
from hoctap.orgs.enums import Role
from hoctap.orgs.models import Membership, Seat, Subordination, Unit
from hoctap.people.models import Person


def reachable_units(seat: Seat, on: date | None = None) -> QuerySet[Unit]:
    """The seat's unit and its subtree in every line on a day (default today)."""
    return Unit.objects.filter(pk__in=reachable_ids(seat, on))


def reachable_ids(seat: Seat, on: date | None = None) -> RawSQL:
    """The ids of ``reachable_units``, for ``unit__in=…`` in any table."""
    return ids_under(seat.unit_id, on)


def ids_under(unit_id: int, on: date | None = None) -> RawSQL:
    """The ids of a unit and its subtree in every line on a day (default today).

    The subtree's bounds are read first and passed as literals, so that the index on paths is used. SQL as it stands: a
    page asks for it a dozen times, and to have Django build it each time costs more than to run it.
    """
    on = on or clock.today()
    return ids_within(_BOUNDS(unit=unit_id, on=on), unit_id, on)


def ids_within(bounds: Sequence[tuple[str, str]], unit_id: int, on: date) -> RawSQL:
    """As ``ids_under``, where the unit's line and path on that day are at hand."""
    if not bounds:
        return RawSQL("SELECT %s::bigint AS unit_id", [unit_id])
    below = " OR ".join(["line = %s AND path LIKE %s"] * len(bounds))  # a path has digits, letters and dots
    given = [text for line, path in bounds for text in (line, f"{path}%")]
    return RawSQL(
        f"SELECT unit_id FROM orgs_subordination WHERE valid @> %s::date AND ({below})", [on, *given]
    )


def ids_at_or_above(units: RawSQL, on: list) -> RawSQL:
    """The ids of the units that ``units`` selects, as ``unit_id``, and of all above them in every line on a day (``on``: its
    one parameter). A path has digits, letters and dots: each dot ends one of them."""
    return RawSQL(
        f"""WITH own AS ({units.sql}) SELECT unit_id FROM own
        UNION
        SELECT above.unit_id FROM own JOIN orgs_subordination place ON place.unit_id = own.unit_id
        CROSS JOIN LATERAL generate_series(1, length(place.path)) AS step
        JOIN orgs_subordination above ON above.line = place.line AND above.path = left(place.path, step)
        WHERE place.valid @> %s::date AND substr(place.path, step, 1) = '.'""",
        [*units.params, *on],
    )


def within(ids: RawSQL, column: str) -> Func:
    """Whether one row's unit is among ``reachable_ids``, asked row by row: where rows are few, the reach a nation."""
    return Func(
        ids,
        F(column),
        template="(SELECT true FROM %(expressions)s LIMIT 1)",
        arg_joiner=" AS reached WHERE reached.unit_id = ",
        output_field=BooleanField(),
    )


_BOUNDS: Prepared[tuple[str, str]] = Prepared(
    lambda unit, on: _rows(on).filter(unit=unit).values_list("line", "path"), "unit", "on"
)


def reaches(seat: Seat, unit: Unit, on: date | None = None) -> bool:
    """The yes/no of ``reachable_units``, in one query."""
    if seat.unit_id == unit.pk:
        return True
    own: dict[str, str] = {}
    its: dict[str, str] = {}
    rows = _rows(on or clock.today()).filter(unit__in=[seat.unit_id, unit.pk])
    for unit_id, line, path in rows.values_list("unit", "line", "path"):
        (own if unit_id == seat.unit_id else its)[line] = path
    return any(path.startswith(own[line]) for line, path in its.items() if line in own)


def reached_of(seat: Seat, units: Iterable[int]) -> set[int]:
    """Which of the units, by id, the seat reaches today."""
    found = Unit.objects.filter(within(reachable_ids(seat), "pk"), pk__in=units)
    return {*found.values_list("pk", flat=True), seat.unit_id}


def out_of_reach(seat: Seat, unit: Unit) -> str:
    return (
        f"{unit.name} ngoài phạm vi của {seat.unit.name}. Chỉ làm được với đơn vị mình và đơn vị trực thuộc; "
        "nhờ quản trị của cấp trên chung."
    )


def require_reach(seat: Seat, unit: Unit) -> None:
    if not reaches(seat, unit):
        raise Refusal(out_of_reach(seat, unit))


def persons_reached(seat: Seat) -> QuerySet[Person]:
    """Persons who belong, or once belonged, to a unit the seat reaches today."""
    ours = Membership.objects.filter(person=OuterRef("pk"), unit__in=reachable_ids(seat))
    return Person.objects.filter(Exists(ours))


def known(seat: Seat, pk: int) -> list[Membership]:
    """Whose the person of that id is and was, the last first, each with its unit, ``person``, and ``reached``: whether
    the seat does, today. Empty where it reaches none. A merged row means the other one. One query.
    """
    held = _HELD(person=pk, unit=seat.unit_id, on=clock.today())
    return held if any(row.reached for row in held) else []  # type: ignore[attr-defined]


def reached_from(unit, on) -> Q:
    """Whether a row's ``unit`` is the unit given or stands under it on a day; as ``within``, for prepared queries."""
    return Q(unit=unit) | _stands_under(on, unit=unit)


def at_or_under(units: Iterable[int], on: date) -> Q:
    """Whether a row's ``unit`` is one of the units given or stands under one on a day; asked row by row, as ``within``."""
    return Q(unit__in=units) | _stands_under(on, unit__in=units)


def _stands_under(on, **tops) -> Q:
    below = Subordination.objects.filter(
        unit=OuterRef(OuterRef("unit")),
        line=OuterRef("line"),
        path__startswith=OuterRef("path"),
        valid__contains=on,
    )
    return Q(Exists(_rows(on).filter(Exists(below), **tops)))


def _held(person, unit, on) -> QuerySet[Membership]:
    meant = Coalesce(Subquery(Person.objects.filter(pk=person).values("merged_into")), person)
    return (
        Membership.objects.filter(person=meant)
        .annotate(reached=reached_from(unit, on))
        .select_related("person", "unit")
        .order_by("-valid", "pk")
    )


_HELD: Prepared[Membership] = Prepared(_held, "person", "unit", "on")


def keeps(held: list[Membership]) -> bool:
    """The yes/no of ``persons_kept``, of what is ``known``."""
    today = clock.today()
    now = [row for row in held if row.valid.upper is None or row.valid.upper > today]
    return any(row.reached for row in now or held)  # type: ignore[attr-defined]


def reaches_person(seat: Seat, person: Person) -> bool:
    """The yes/no of ``persons_reached``."""
    return bool(_known_as(seat, person))


def _known_as(seat: Seat, person: Person) -> list[Membership]:
    """``known``, of this very row: nobody's once it was merged."""
    return [row for row in known(seat, person.pk) if row.person_id == person.pk]


def persons_kept(seat: Seat) -> QuerySet[Person]:
    """Persons on whom the seat may act: of a unit it reaches, today or to come; who is of none any more, by those before.

    So the unit that somebody left still looks her up, and prints no card that opens what she learns elsewhere.
    """
    held = Membership.objects.filter(person=OuterRef("pk"))
    now = held.filter(lasting())
    ours = Q(unit__in=reachable_ids(seat))
    return Person.objects.filter(Exists(now.filter(ours)) | (~Exists(now) & Exists(held.filter(ours))))


def lasting() -> Q:
    """Memberships that hold today or will."""
    return Q(valid__upper_inf=True) | Q(valid__endswith__gt=clock.today())


def keeps_person(seat: Seat, person: Person) -> bool:
    """The yes/no of ``persons_kept``."""
    return keeps(_known_as(seat, person))


def require_person(seat: Seat, person: Person) -> None:
    """Refuse unless the seat keeps people and this one is among them."""
    require(seat, roles.KEEP_PEOPLE)
    if not keeps_person(seat, person):
        raise Refusal(
            f"Người này nay không thuộc {seat.unit.name} hay đơn vị trực thuộc. Nhờ đơn vị của người ấy làm việc này."
        )


def allows(seat: Seat, action: str) -> bool:
    """Whether the seat's role may do ``action`` at all; on what is a matter of reach."""
    return roles.may(seat.role, action)


def require(seat: Seat, action: str) -> None:
    if not allows(seat, action):
        label, who = roles.ACTIONS[action]
        may = ", ".join(Role(role).label for role in Role if role in who)
        raise Refusal(
            f"Vị trí {Role(seat.role).label} tại {seat.unit.short_name} không có quyền “{label}”. Việc này dành cho: {may}."
        )


def _rows(on: date) -> QuerySet[Subordination]:
    return Subordination.objects.filter(valid__contains=on)
