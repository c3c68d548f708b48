"""Opening a round, laying out who owes what, moving deadlines, closing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import connection, transaction
from django.db.models import DateField, F, Q, Value
from django.db.models.functions import Least

from hoctap.campaigns.models import Campaign
from hoctap.directives import rules as directive_rules
from hoctap.directives.enums import DirectiveStatus
from hoctap.directives.models import Directive
from hoctap.forms.models import FormVersion
from hoctap.kernel import clock, journal
from hoctap.kernel.clock import DatabaseNow
from hoctap.kernel.errors import Refusal
from hoctap.kernel.keys import keys_for
from hoctap.kernel.paths import ids, segment
from hoctap.kernel.planned import planned_cursor
from hoctap.notify.actions import Told, tell, tell_all
from hoctap.obligations import rules
from hoctap.obligations.enums import DueRule, Force, Frequency
from hoctap.obligations.models import Extension, Obligation, Recipient, Round
from hoctap.orgs import queries as org_queries
from hoctap.orgs import roles
from hoctap.orgs import rules as org_rules
from hoctap.orgs.models import Seat, Unit

_HELD_OPEN = 0x726F756E  # "roun": which advisory locks are those of rounds
LONGEST_PATH: int = Obligation._meta.get_field("path").max_length or 0


@dataclass(frozen=True)
class Due:
    """A deadline as the document states it; ``text`` defaults to the rule's words and the date.

    Raises Refusal for a rule without its day, a day without a rule, or neither a day nor the document's words.
    """

    rule: DueRule
    on: date | None = None
    text: str = ""

    def __post_init__(self):
        undated = self.rule == DueRule.UNDATED
        if undated and not self.text:
            raise Refusal("Văn bản không ghi ngày thì chép nguyên văn hạn, ví dụ: theo quy định.")
        if undated and self.on:
            raise Refusal("Đã chọn “không ghi ngày” thì bỏ trống ngày, hoặc chọn lại cách ghi hạn.")
        if not undated and self.on is None:
            raise Refusal("Ghi ngày của hạn, hoặc chọn “không ghi ngày” nếu văn bản không nêu.")

    @property
    def words(self) -> str:
        return self.text or f"{DueRule(self.rule).label} {self.on:%d/%m/%Y}"


@dataclass(frozen=True)
class RoundPlan:
    """What a reporting regime states (Nghị định 09/2019): content, form, period, cut-off, channel, frequency."""

    directive: Directive
    name: str
    clause: str = ""
    content: str = ""
    form_version: FormVersion | None = None
    campaign: Campaign | None = None
    period_from: date | None = None
    period_to: date | None = None
    cut_off: date | None = None
    frequency: Frequency = Frequency.ONCE
    channel: str = ""
    recipients: Sequence[Unit] = field(default_factory=list)  # whom the consolidator itself owes


@transaction.atomic
def open_round(*, seat: Seat, plan: RoundPlan, due: Due) -> Round:
    """Open a round whose consolidator is the seat's unit; it owes the whole to ``plan.recipients`` by ``due``."""
    org_rules.require(seat, roles.OPEN_ROUND)
    if plan.period_from and plan.period_to and plan.period_from > plan.period_to:
        raise Refusal("Kỳ số liệu: ngày đầu sau ngày cuối. Sửa lại hai ngày này.")
    if seat.unit_id in {unit.pk for unit in plan.recipients}:
        raise Refusal("Nơi nhận không thể là chính đơn vị tổng hợp. Bỏ đơn vị này khỏi nơi nhận.")
    _require_first(seat, plan)
    opened = Round.objects.create(
        directive=plan.directive,
        clause=plan.clause,
        campaign=plan.campaign,
        name=plan.name,
        content=plan.content,
        form_version=plan.form_version,
        period_from=plan.period_from,
        period_to=plan.period_to,
        cut_off=plan.cut_off,
        frequency=plan.frequency,
        channel=plan.channel,
        opened_by=seat,
    )
    lay(seat, opened, None, [seat.unit], due, plan.recipients, Force.ASSIGN, "")
    journal.record("round.open", opened, seat=seat)
    return opened


def _require_first(seat: Seat, plan: RoundPlan) -> None:
    """A document in force, and not the same round again (a double click); the document's row makes two wait."""
    directive = Directive.objects.select_for_update(no_key=True).get(pk=plan.directive.pk)
    if not directive_rules.can_see(seat, directive):
        raise Refusal("Văn bản này ngoài phạm vi của đơn vị mình: không mở đợt báo cáo theo văn bản đó được.")
    if directive.status != DirectiveStatus.ISSUED:
        status = DirectiveStatus(directive.status).label.lower()
        raise Refusal(f"Văn bản này {status}: không mở đợt báo cáo theo văn bản đó được.")
    same = Round.objects.filter(
        directive=directive,
        name=plan.name,
        period_from=plan.period_from,
        period_to=plan.period_to,
        opened_by__unit_id=seat.unit_id,
        closed_at=None,
    )
    if same.exists():
        raise Refusal(
            "Đợt báo cáo này đã mở rồi: cùng văn bản, cùng tên, cùng kỳ số liệu. Vào mục Đợt báo cáo để làm tiếp."
        )


@transaction.atomic
def expect(
    *,
    seat: Seat,
    parent: Obligation,
    units: Iterable[Unit],
    due: Due,
    recipients: Sequence[Unit] = (),
    force: Force = Force.ASSIGN,
    reason: str = "",
) -> list[Obligation]:
    """Add ``units`` under the seat's own obligation; they report through it. Expectations are append-only.

    ``recipients`` are whom the reports are addressed to when that is not the consolidator itself ("via").
    Under a report already sent it is refused by ``reports.actions.cascade``, which calls this.
    """
    rules.require_owner(seat, parent, roles.CASCADE)
    # One change of a round's tree at a time (rollup moves branches under the same lock), then read the path.
    Round.objects.select_for_update(no_key=True).get(pk=parent.round_id)
    parent = Obligation.objects.select_related("unit", "round").get(pk=parent.pk)
    require_open(parent.round)
    units = list(dict.fromkeys(units))
    taken = set(
        Obligation.objects.filter(round=parent.round, unit__in=units).values_list("unit__name", flat=True)
    )
    if taken:
        raise Refusal(
            "Mỗi đơn vị chỉ có một nghĩa vụ báo cáo trong một đợt. Đã có trong đợt này: "
            + ", ".join(sorted(taken))
            + ". Bỏ các đơn vị này khỏi danh sách."
        )
    added = lay(seat, parent.round, parent, units, due, recipients, force, reason)
    tell_all(asked(parent.round, obligation) for obligation in added)
    journal.record("obligation.expect", parent, seat=seat, units=[o.unit_id for o in added], reason=reason)
    return added


def asked(opened: Round, obligation: Obligation) -> Told:
    """The notice that a unit owes this report."""
    until = f" ({rules.until(obligation.due_at)})" if obligation.due_at else ""
    return Told(
        unit=obligation.unit,
        kind="obligation",
        text=f"{rules.asks(obligation)}: {opened.name}, {obligation.due_text}{until}.",
        url=f"/bao-cao/{obligation.pk}/",
        dedupe=f"obligation-{obligation.pk}",
    )


def lay(seat, opened, parent, units, due, recipients, force, reason) -> list[Obligation]:
    """In as many statements for thousands of units as for one."""
    above = org_queries.superiors_of(units, clock.today())
    rows = [
        Obligation(
            pk=pk,
            round=opened,
            unit=unit,
            parent=parent,
            path=(parent.path if parent else "") + segment(pk),
            relation=rules.relation(unit, parent.unit, above[unit.pk]) if parent else rules.Relation.SUPERIOR,
            force=force,
            due_text=due.words,
            due_rule=due.rule,
            due_on=due.on,
            due_at=rules.first_late_moment(due.rule, due.on),
            added_by=seat,
            added_reason=reason,
        )
        for pk, unit in zip(keys_for(Obligation, len(units)), units, strict=True)
    ]
    for row in rows:
        if len(row.path) > LONGEST_PATH:
            raise Refusal(f"Đợt báo cáo đã có {row.path.count('.') - 1} cấp, không giao sâu thêm được nữa.")
    Obligation.objects.bulk_create(rows)
    if due.on:
        earliest = Least("first_due_on", Value(due.on, DateField()))
        Round.objects.filter(pk=opened.pk).update(first_due_on=earliest)
    if parent:
        Obligation.objects.filter(pk__in=ids(parent.path)).update(below=F("below") + len(rows))
    Recipient.objects.bulk_create(
        Recipient(obligation=row, unit=unit, order=order)
        for row in rows
        for order, unit in enumerate(dict.fromkeys(recipients or ([parent.unit] if parent else [])))
    )
    return rows


@transaction.atomic
def extend(*, seat: Seat, obligation: Obligation, due_at: datetime, reason: str) -> Extension:
    """Give one unit a later deadline (``due_at``: first late moment), with a reason it will see."""
    if not (rules.is_extender(seat, obligation) and roles.may(seat.role, roles.EXTEND)):
        raise Refusal("Chỉ nơi tổng hợp, hoặc nơi nhận báo cáo của cả đợt, mới gia hạn được.")
    hold_open(obligation.round_id)
    if not reason.strip():
        raise Refusal("Ghi lý do gia hạn: đơn vị và người kiểm tra sẽ đọc.")
    obligation = (
        Obligation.objects.select_for_update(of=("self",), no_key=True)
        .select_related("unit", "round")
        .get(pk=obligation.pk)
    )
    if due_at <= max(obligation.due_at or clock.now(), clock.now()):
        raise Refusal("Hạn mới phải sau hạn đang có và sau lúc này. Chọn lại ngày giờ.")
    extension = Extension.objects.create(
        obligation=obligation, due_at=due_at, reason=reason.strip(), seat=seat
    )
    obligation.due_at = due_at
    obligation.save(update_fields=["due_at"])
    tell(
        unit=obligation.unit,
        kind="extension",
        text=f"Được gia hạn đến {rules.until(due_at)}: {obligation.round.name}. Lý do: {reason.strip()}",
        url=f"/bao-cao/{obligation.pk}/",
        dedupe=f"extension-{extension.pk}",
    )
    journal.record("obligation.extend", obligation, seat=seat, due_at=due_at.isoformat())
    return extension


@transaction.atomic
def acknowledge(*, seat: Seat, recipient: Recipient, sent_at: datetime | None = None) -> None:
    """A recipient says it has the report; acceptance stays with the consolidator.

    ``sent_at``: when what it has now was signed; having had an earlier one does not acknowledge a supplement.
    """
    org_rules.require(seat, roles.ACKNOWLEDGE_DIRECTIVE)
    if recipient.unit_id != seat.unit_id:
        raise Refusal("Chỉ nơi nhận mới xác nhận đã nhận báo cáo này.")
    new = Q(acknowledged_at=None)
    if sent_at:
        new |= Q(acknowledged_at__lt=sent_at)
    waiting = Recipient.objects.filter(new, pk=recipient.pk)
    if waiting.update(acknowledged_at=DatabaseNow(), acknowledged_by=seat):
        journal.record("report.acknowledge", recipient.obligation, seat=seat)


@transaction.atomic
def mark_seen(*, seat: Seat, obligation: Obligation) -> None:
    """The owing unit opened its form for the first time."""
    unseen = Obligation.objects.filter(pk=obligation.pk, first_seen_at=None)
    if rules.is_owner(seat, obligation) and unseen.update(first_seen_at=DatabaseNow()):
        journal.record("obligation.seen", obligation, seat=seat)


@transaction.atomic
def close_round(*, seat: Seat, opened: Round) -> None:
    """No report is taken after this; reopening is another act. Waits for what is just being sent (``hold_open``)."""
    require_root(seat, opened)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_HELD_OPEN, opened.pk])
    Round.objects.select_for_update(no_key=True).get(pk=opened.pk)  # its tree may be changing
    if Round.objects.filter(pk=opened.pk, closed_at=None).update(closed_at=DatabaseNow()):
        journal.record("round.close", opened, seat=seat)


@transaction.atomic
def reopen_round(*, seat: Seat, opened: Round, reason: str) -> None:
    require_root(seat, opened)
    if not reason.strip():
        raise Refusal("Ghi lý do mở lại đợt báo cáo.")
    if Round.objects.filter(pk=opened.pk).exclude(closed_at=None).update(closed_at=None):
        journal.record("round.reopen", opened, seat=seat, reason=reason)


def require_root(seat: Seat, opened: Round) -> None:
    """Raises Refusal for anybody but the unit that gathers the whole round."""
    org_rules.require(seat, roles.OPEN_ROUND)
    if not Obligation.objects.filter(Q(round=opened, parent=None, unit_id=seat.unit_id)).exists():
        raise Refusal("Chỉ đơn vị tổng hợp của đợt mới làm được việc này.")


def hold_open(round_id: int) -> None:
    """Refuse when the round is closed now; else it is not closed before this transaction ends.

    A lock beside the round's row: of hundreds who hold the row itself each would write the list of all anew.
    """
    with planned_cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s::int, %s::int)", [_HELD_OPEN, round_id])
        cursor.execute("SELECT closed_at FROM obligations_round WHERE id = %s::bigint", [round_id])
        require_open(Round(closed_at=cursor.fetchone()[0]))


def require_open(opened: Round) -> None:
    """For a round in hand whose row this transaction has locked."""
    if opened.closed_at:
        closed = opened.closed_at.astimezone(clock.VIETNAM)
        raise Refusal(
            f"Đợt báo cáo đã đóng lúc {closed:%H:%M} ngày {closed:%d/%m/%Y}. Xin nơi tổng hợp mở lại đợt."
        )
