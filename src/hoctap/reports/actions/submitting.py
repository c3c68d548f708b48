"""Sending: one report or many, each taken whole or refused by itself."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.db import transaction

from hoctap.forms import rules as form_rules
from hoctap.kernel import clock
from hoctap.kernel.errors import Conflict, Refusal
from hoctap.obligations import actions as obligation_actions
from hoctap.obligations import rules as obligation_rules
from hoctap.obligations.enums import Relation
from hoctap.obligations.models import Obligation
from hoctap.orgs import roles
from hoctap.orgs.models import Seat
from hoctap.reports import filling, rules
from hoctap.reports.actions import counting, drafting
from hoctap.reports.actions.standing import lock_all, said, spec_of
from hoctap.reports.actions.writing import write
from hoctap.reports.content import Content, Receipt, Sending
from hoctap.reports.deeds import Cells
from hoctap.reports.enums import ActKind, Channel
from hoctap.reports.models import Report, Revision


class AlreadySent(Conflict):
    """The page was sent before, and holds something else now; ``first`` is what was sent from it."""

    def __init__(self, first: Revision):
        at = first.made_at.astimezone(clock.VIETNAM)
        super().__init__(
            f"Phiếu này đã gửi thành bản {first.number} lúc {at:%H:%M} ngày {at:%d/%m/%Y}; số vừa gõ khác bản đó "
            "nên chưa gửi, đã giữ trong bản nháp. Muốn gửi thì thu hồi bản đang chờ, hoặc bấm gửi lại."
        )
        self.first = first


def submit(*, seat: Seat, **sending: Any) -> Revision:
    """Send a report, or an amended one (a ``Sending`` by its fields); the same ``token`` again returns the first result.

    The owner's leader sends; the consolidator's desk may enter for it, with a ``receipt``. The same token with
    another content is AlreadySent. What was typed on a form and is refused stays in the draft, all in one transaction; the
    desk's own typing does not while the unit writes there. Somebody else's draft in between is a DraftConflict.
    """
    with transaction.atomic():
        (answer,) = _submit(seat, [Sending(**sending)])
    if isinstance(answer, Refusal):
        raise answer
    return answer


@transaction.atomic
def submit_all(*, seat: Seat, sendings: Sequence[Sending]) -> list[Revision | Refusal]:
    """``submit`` for many: each is taken whole or refused by itself, and has its own answer, in their order.

    All in one transaction and a handful of statements, however many. Of two for one obligation the second is refused.
    """
    return _submit(seat, sendings)


def _submit(seat: Seat, sendings: Sequence[Sending]) -> list[Revision | Refusal]:
    answers: dict[int, Revision | Refusal] = {}
    asked: dict[int, Sending] = {}
    named: set[int] = set()
    for place, sending in enumerate(sendings):
        try:
            _require_sender(seat, sending.obligation, sending.receipt)
            if sending.obligation.pk in named:
                raise Refusal("Báo cáo này có hai lần trong một lượt gửi. Chỉ giữ một rồi gửi lại.")
            named.add(sending.obligation.pk)
            asked[place] = sending
        except Refusal as refusal:
            answers[place] = refusal
    reports, closed = lock_all(named), _closed(asked.values())
    said_by_deeds = counting.hold(asked.values())
    written: dict[int, dict[str, Any]] = {}
    for place, sending in asked.items():
        try:
            cells = said_by_deeds.get(sending.obligation.pk)
            taken = _take_or_keep(seat, sending, reports[sending.obligation.pk], closed, cells)
        except Refusal as refusal:
            answers[place] = refusal
            continue
        if isinstance(taken, Revision):
            answers[place] = taken
        else:
            written[place] = taken
    answers |= write(seat, asked, reports, written)
    sent = [
        (asked[place].obligation, answer)
        for place in written
        if isinstance(answer := answers[place], Revision)
    ]
    counting.keep(sent, {row["obligation_id"] for row in written.values() if row["accepted"]})
    return [answers[place] for place in range(len(sendings))]


def _closed(sendings: Iterable[Sending]) -> dict[int, Refusal]:
    """The rounds that take nothing more, each with what is said of it; the others are held open."""
    found = {}
    for round_id in sorted({sending.obligation.round_id for sending in sendings}):
        try:
            obligation_actions.hold_open(round_id)
        except Refusal as refusal:
            found[round_id] = refusal
    return found


def _take_or_keep(
    seat: Seat, sending: Sending, report: Report, closed: Mapping[int, Refusal], cells: Cells | None
) -> Revision | dict[str, Any]:
    """As ``_take``, with what becomes of the draft: what was sent, or what was typed and is refused. DraftConflict."""
    if sending.version is None:
        return _take(sending, report, closed, cells)
    typed = seat, sending.obligation, report, sending.content, sending.version, sending.page
    try:
        taken = _take(sending, report, closed, cells)
    except Refusal:
        if typing := drafting.look(*typed):
            drafting.keep(seat, typing)
        raise
    if isinstance(taken, dict) and (typing := drafting.look(*typed)):
        draft = typing.draft
        taken |= {"draft": draft.content, "version": draft.version, "page": draft.page}
    return taken


def _take(
    sending: Sending, report: Report, closed: Mapping[int, Refusal], cells: Cells | None
) -> Revision | dict[str, Any]:
    """What is to be written, or the revision that this very form became before. Refusal, Conflict."""
    obligation, content, receipt = sending.obligation, sending.content, sending.receipt
    if sending.unread:
        raise sending.unread
    if report.last_number:
        first = Revision.objects.filter(report=report, token=sending.token).first()
        if first:
            return _again(obligation, first, content)
    if refusal := closed.get(obligation.round_id):
        raise refusal
    if report.state not in rules.MAY_SEND:
        raise Refusal("Báo cáo đã gửi và đang chờ nơi nhận. Muốn sửa thì thu hồi trước.")
    amends, reason = report.acceptance_id is not None, said(sending.reason)
    if content.typed:
        raise Refusal("Còn ô chưa phải là số. Sửa các ô được đánh dấu rồi gửi lại.")
    if amends and not reason:
        done = "duyệt" if obligation.relation == Relation.SUPERIOR else "tiếp nhận"
        raise Refusal(f"Báo cáo này đã được {done}. Ghi lý do sửa: nơi tổng hợp sẽ đọc cùng phần chênh lệch.")
    figures, from_deeds = _checked(obligation, content, cells)
    if receipt and receipt.received_at > clock.now():
        raise Refusal("Giờ nhận ở sau lúc này. Ghi lại ngày giờ đơn vị gửi tới.")
    return {
        "report_id": report.pk, "obligation_id": obligation.pk, "round_id": obligation.round_id,
        "act": ActKind.AMEND if amends else ActKind.SUBMIT, "number": report.last_number + 1,
        "token": sending.token, "figures": figures, "reason": reason,
        "content": {name: getattr(content, name) for name in Content.WORDS} | from_deeds,
        "channel": receipt.channel if receipt else Channel.SYSTEM,
        "received_at": receipt.received_at if receipt else None,
        "sent_before": report.sent_id, "accepted": report.acceptance_id,
    } | {name: getattr(content, name) for name in Content.LETTER}  # fmt: skip


def _checked(
    obligation: Obligation, content: Content, cells: Cells | None
) -> tuple[list[int | None], dict[str, dict]]:
    """The figures as they are kept, and what is kept of the deeds they follow; ``cells`` None: they follow none."""
    spec, area_type = spec_of(obligation), obligation.unit.area_type
    if spec is None or cells is None:
        return rules.check_figures(spec, content.figures, content.reasons, area_type), {}
    now = filling.require_current(spec, content, cells)
    found = filling.findings(spec, now)
    figures = rules.check_figures(spec, content.figures, content.reasons, area_type, found)
    return figures, filling.kept(spec, now, cells)


def _again(obligation: Obligation, first: Revision, content: Content) -> Revision:
    """A double click, a request sent twice: the first result, if it is what this page says."""
    spec, figures = spec_of(obligation), content.figures
    if spec and len(figures) == spec.size:
        figures = form_rules.derive(spec, figures)
    if replace(content, figures=figures).without_deeds() != Content.of_revision(first).without_deeds():
        raise AlreadySent(first)
    return first


def _require_sender(seat: Seat, obligation: Obligation, receipt: Receipt | None) -> None:
    """The owner's time of receipt is the database's; only the receiving desk says when something came otherwise."""
    if obligation_rules.is_owner(seat, obligation) and receipt is None:
        obligation_rules.require_owner(seat, obligation, roles.SEND_REPORT)
        return
    obligation_rules.require_consolidator(seat, obligation, roles.ENTER_REPORT)
    if receipt is None:
        raise Refusal("Nhập thay đơn vị thì ghi rõ báo cáo đến bằng đường nào và lúc nào.")
