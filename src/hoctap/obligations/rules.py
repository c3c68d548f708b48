"""When an obligation is late, who is what to it, and what a seat may see of a round."""

from datetime import date, datetime, timedelta

from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet

from hoctap.directives.enums import DirectiveStatus
from hoctap.kernel.clock import VIETNAM, start_of
from hoctap.kernel.errors import Refusal
from hoctap.kernel.paths import ids
from hoctap.obligations import periods
from hoctap.obligations.enums import DueRule, Force, Frequency, Relation
from hoctap.obligations.models import Follower, Obligation, Recipient, Round
from hoctap.orgs import roles
from hoctap.orgs import rules as org_rules
from hoctap.orgs.models import Seat, Unit


def first_late_moment(rule: str, on: date | None) -> datetime | None:
    """The first moment that is late: "trước ngày 13/10" → 13/10 00:00 +07; "chậm nhất", "đến hết" include the day.

    None where the document names no day."""
    if on is None:
        return None
    return start_of(on if rule == DueRule.BEFORE else on + timedelta(days=1))


def last_moment(due_at: datetime) -> datetime:
    """The last minute still in time, as people say it: 13/10 00:00 → 12/10 23:59."""
    return due_at.astimezone(VIETNAM) - timedelta(minutes=1)


def until(due_at: datetime) -> str:
    """``"hết 23:59 ngày 12/10/2023"``."""
    return f"hết {last_moment(due_at):%H:%M ngày %d/%m/%Y}"


def opened_day(opened: Round) -> date:
    return opened.opened_at.astimezone(VIETNAM).date()


def next_opens_on(opened: Round) -> date | None:
    """When the round after this one opens; None when it happens once, or its document no longer holds."""
    if opened.frequency == Frequency.ONCE or opened.directive.status != DirectiveStatus.ISSUED:
        return None
    return periods.opens_on(
        Frequency(opened.frequency),
        opened.first_due_on,
        opened.period_from,
        opened.period_to,
        opened_day(opened),
    )


def has_next(opened: Round) -> bool:
    """Whether the round after this one is there."""
    return getattr(opened, "next", None) is not None


def asks(obligation: Obligation) -> str:
    """How a report is asked for: ``"Cần gửi"`` of a subordinate to whom it is assigned, else as the request it is."""
    if obligation.force == Force.ENCOURAGE:
        return "Khuyến khích gửi"
    return "Đề nghị gửi" if is_request(obligation) else "Cần gửi"


def is_request(obligation: Obligation) -> bool:
    """Asked of a body that is no subordinate, or only asked for."""
    return obligation.force == Force.REQUEST or obligation.relation == Relation.COORDINATOR


def relation(unit: Unit, consolidator: Unit, superiors: set[int]) -> Relation:
    """Direct superior if the consolidator stands directly above the unit in any line, else coordinating body."""
    return Relation.SUPERIOR if consolidator.pk in superiors else Relation.COORDINATOR


def is_owner(seat: Seat, obligation: Obligation) -> bool:
    return seat.unit_id == obligation.unit_id


def is_consolidator(seat: Seat, obligation: Obligation) -> bool:
    """Only the unit one step up the round's tree receives, accepts, returns."""
    return obligation.parent is not None and seat.unit_id == obligation.parent.unit_id


def consolidator_of(obligation: Obligation) -> Unit:
    """The unit one step up the round's tree. Raises LookupError for the root: nobody in the round stands above."""
    if obligation.parent is None:
        raise LookupError(f"obligation {obligation.pk} is its round's root")
    return obligation.parent.unit


def is_extender(seat: Seat, obligation: Obligation) -> bool:
    """Who gives more time: the consolidator; at the root, where nobody in the round stands above, a recipient."""
    if obligation.parent_id is not None:
        return is_consolidator(seat, obligation)
    return Recipient.objects.filter(obligation=obligation, unit_id=seat.unit_id).exists()


def require_owner(seat: Seat, obligation: Obligation, action: str) -> None:
    if not (is_owner(seat, obligation) and roles.may(seat.role, action)):
        raise Refusal(f"Việc này do {obligation.unit.name} làm; vị trí của anh/chị không có quyền này.")


def require_consolidator(seat: Seat, obligation: Obligation, action: str) -> None:
    if not (is_consolidator(seat, obligation) and roles.may(seat.role, action)):
        raise Refusal("Việc này do nơi tổng hợp làm; vị trí của anh/chị không có quyền này.")


def following(seat: Seat, obligation: Obligation) -> tuple[bool, Follower | None]:
    """``sees_all_below``, and by which clause the seat's unit follows the round; in one query."""
    follower = Follower.objects.filter(round=OuterRef("round"), unit_id=seat.unit_id, ended_at=None)
    asked = Obligation.objects.filter(pk=obligation.pk).annotate(
        part=Exists(_owed_above(seat, obligation)), follower=follower.values("pk")[:1],
        clause=follower.values("clause")[:1], text=follower.values("text")[:1],
    )  # fmt: skip
    part, pk, clause, text = asked.values_list("part", "follower", "clause", "text").get()
    return part, Follower(pk=pk, clause=clause, text=text) if pk else None


def visible(seat: Seat) -> Q:
    """Filter on obligations: what the seat may read (``can_see``)."""
    followed = Follower.objects.filter(unit_id=seat.unit_id, ended_at=None)
    return taking_part(seat) | Q(round__in=followed.values("round"))


def can_see(seat: Seat, obligation: Obligation) -> bool:
    """Whether the seat may read this: it takes part, or its unit follows the round. To follow is to read and no more:
    whatever acts, or hands out files, asks ``takes_part``."""
    return reader(seat, obligation)[0]


def taking_part(seat: Seat) -> Q:
    """Filter on obligations: the seat's subtree, what it owes or is owed, and all that hangs under those."""
    mine = Obligation.objects.filter(
        Q(unit_id=seat.unit_id)
        | Exists(Recipient.objects.filter(obligation=OuterRef("pk"), unit_id=seat.unit_id)),
        round=OuterRef("round"),
    )
    path = ExpressionWrapper(OuterRef("path"), output_field=CharField())
    above = mine.annotate(asked=path).filter(asked__startswith=F("path"))
    return Q(unit__in=org_rules.reachable_ids(seat)) | Q(Exists(above))


def takes_part(seat: Seat, obligation: Obligation) -> bool:
    """The yes/no of ``taking_part``, and the consolidator's."""
    if seat.unit_id == obligation.unit_id or is_consolidator(seat, obligation):
        return True
    return sees_all_below(seat, obligation) or _reaches(seat, obligation)


def _reaches(seat: Seat, obligation: Obligation) -> bool:
    return org_rules.reaches(seat, Unit(pk=obligation.unit_id))


def reader(seat: Seat, obligation: Obligation) -> tuple[bool, Follower | None]:
    """``can_see``, and for a unit that only follows the round, by which clause; in two queries."""
    if seat.unit_id == obligation.unit_id or is_consolidator(seat, obligation):
        return True, None
    part, follower = following(seat, obligation)
    if part:
        return True, None
    return (True, follower) if follower else (_reaches(seat, obligation), None)


def sees_all_below(seat: Seat, obligation: Obligation) -> bool:
    """Whether the seat's unit owes or is owed this or something above it: then all that hangs under it is seen too."""
    return _owed_above(seat, obligation).exists()


def _owed_above(seat: Seat, obligation: Obligation) -> QuerySet[Obligation]:
    owed = Q(unit_id=seat.unit_id) | Q(recipients__unit_id=seat.unit_id)
    return Obligation.objects.filter(owed, pk__in=ids(obligation.path))


def visible_obligations(seat: Seat) -> QuerySet[Obligation]:
    return Obligation.objects.filter(visible(seat))
