"""Sending, taking back, and handing on to units below."""

import uuid
from collections.abc import Iterable
from dataclasses import replace

from django.db import transaction

from hoctap.forms import rules as form_rules
from hoctap.kernel import clock
from hoctap.kernel.errors import Conflict, Refusal
from hoctap.notify.actions import tell
from hoctap.obligations import actions as obligation_actions
from hoctap.obligations import rules as obligation_rules
from hoctap.obligations.enums import Relation
from hoctap.obligations.models import Obligation
from hoctap.orgs import roles
from hoctap.orgs.models import Seat, Unit
from hoctap.reports import rules
from hoctap.reports.actions.standing import enter, fall_back, lock, said, spec_of, take_as_accepted
from hoctap.reports.content import Content, Receipt
from hoctap.reports.enums import ActKind, Channel, ReportState
from hoctap.reports.models import Draft, Report, ReportEntry, Revision, RevisionFile


class AlreadySent(Conflict):
    """The page was sent before, and holds something else now; ``first`` is what was sent from it."""

    def __init__(self, first: Revision):
        at = first.made_at.astimezone(clock.VIETNAM)
        super().__init__(
            f"Phiếu này đã gửi thành bản {first.number} lúc {at:%H:%M} ngày {at:%d/%m/%Y}; số vừa gõ khác bản đó "
            "nên chưa gửi, đã giữ trong bản nháp. Muốn gửi thì thu hồi bản đang chờ, hoặc bấm gửi lại."
        )
        self.first = first


@transaction.atomic
def submit(
    *,
    seat: Seat,
    obligation: Obligation,
    content: Content,
    token: uuid.UUID,
    reason: str = "",
    receipt: Receipt | None = None,
) -> Revision:
    """Send a report, or an amended one; the same ``token`` again returns the first result.

    The owner's leader sends; the consolidator's desk may enter for it, with a ``receipt``. The same token with
    another content is AlreadySent.
    """
    _require_sender(seat, obligation, receipt)
    report = lock(obligation)
    first = Revision.objects.filter(report=report, token=token).first()
    if first:
        return _again(obligation, first, content)
    obligation_actions.hold_open(obligation.round_id)
    if report.state not in rules.MAY_SEND:
        raise Refusal("Báo cáo đã gửi và đang chờ nơi nhận. Muốn sửa thì thu hồi trước.")
    amends, reason = report.acceptance_id is not None, said(reason)
    if content.typed:
        raise Refusal("Còn ô chưa phải là số. Sửa các ô được đánh dấu rồi gửi lại.")
    if amends and not reason:
        done = "duyệt" if obligation.relation == Relation.SUPERIOR else "tiếp nhận"
        raise Refusal(f"Báo cáo này đã được {done}. Ghi lý do sửa: nơi tổng hợp sẽ đọc cùng phần chênh lệch.")
    revision = _write_revision(seat, report, obligation, content, token, reason, receipt)
    report.last_number = revision.number
    enter(
        seat, obligation, report, ActKind.AMEND if amends else ActKind.SUBMIT, ReportState.WAITING, reason,
        sent=revision, acceptance=report.acceptance,
    )  # fmt: skip
    if report.first_received_at is None:
        report.first_received_at = revision.received_at
    if not amends:  # amending what was accepted is never late
        report.last_received_at = revision.received_at
    report.save()
    Draft.objects.filter(report=report).update(token=uuid.uuid4(), presented_by=None, presented_at=None)
    if obligation.parent_id is None:
        take_as_accepted(seat, obligation, report, revision, list(revision.figures), {})
    else:
        tell(
            unit=obligation_rules.consolidator_of(obligation),
            kind="submitted",
            text=f"{obligation.unit.name} gửi {'bản sửa' if revision.number > 1 else 'báo cáo'}: {obligation.round.name}.",
            url=f"/bao-cao/{obligation.pk}/",
            dedupe=f"revision-{revision.pk}",
        )
    return revision


def _again(obligation: Obligation, first: Revision, content: Content) -> Revision:
    """A double click, a request sent twice: the first result, if it is what this page says."""
    spec, figures = spec_of(obligation), content.figures
    if spec and len(figures) == spec.size:
        figures = form_rules.derive(spec, figures)
    if replace(content, figures=figures) != Content.of_revision(first):
        raise AlreadySent(first)
    return first


def _write_revision(seat, report, obligation, content: Content, token, reason, receipt) -> Revision:
    figures = rules.check_figures(
        spec_of(obligation), content.figures, content.reasons, obligation.unit.area_type
    )
    revision = Revision(
        report=report,
        number=report.last_number + 1,
        token=token,
        figures=figures,
        content={name: getattr(content, name) for name in Content.WORDS},
        reason=reason,
        channel=receipt.channel if receipt else Channel.SYSTEM,
        made_by=seat,
        **{name: getattr(content, name) for name in Content.LETTER},
    )
    if receipt:
        if receipt.received_at > clock.now():
            raise Refusal("Giờ nhận ở sau lúc này. Ghi lại ngày giờ đơn vị gửi tới.")
        revision.received_at = receipt.received_at
    revision.save()
    revision.refresh_from_db(fields=["received_at"])
    for file, name in receipt.files if receipt else ():
        RevisionFile.objects.create(revision=revision, file=file, name=name)
    return revision


@transaction.atomic
def withdraw(*, seat: Seat, obligation: Obligation, reason: str = "") -> None:
    """Thu hồi: the sender takes back what still waits; an accepted figure stays as it was."""
    obligation_rules.require_owner(seat, obligation, roles.SEND_REPORT)
    report = lock(obligation)
    obligation_actions.hold_open(obligation.round_id)
    if report.state not in rules.MAY_WITHDRAW:
        raise Refusal(
            "Chỉ thu hồi được báo cáo còn đang chờ. Nơi nhận đã xử lý báo cáo này; muốn sửa thì gửi bản sửa."
        )
    kept = report.acceptance
    state = ReportState.ACCEPTED if kept else ReportState.WITHDRAWN
    fall_back(seat, obligation, report, ActKind.WITHDRAW, state, said(reason), kept=kept)
    if kept is None:
        _forget_receipt(report)
    report.save()
    tell(
        unit=obligation_rules.consolidator_of(obligation),
        kind="withdrawn",
        text=f"{obligation.unit.name} thu hồi báo cáo: {obligation.round.name}.",
        url=f"/bao-cao/{obligation.pk}/",
    )


def _forget_receipt(report: Report) -> None:
    """What was taken back never came; what was returned for correction did come, and when it did still counts."""
    acts = ReportEntry.objects.filter(obligation_id=report.obligation_id, act=ActKind.WITHDRAW)
    taken_back = set(acts.values_list("sent_before_id", flat=True))
    kept = (
        report.revisions.exclude(pk__in=taken_back).order_by("number").values_list("received_at", flat=True)
    )
    report.first_received_at, report.last_received_at = kept.first(), kept.last()


@transaction.atomic
def cascade(*, seat: Seat, obligation: Obligation, units: Iterable[Unit], **options) -> list[Obligation]:
    """Giao tiếp xuống: as ``obligations.actions.expect``, but never under a report already sent."""
    obligation_rules.require_owner(seat, obligation, roles.CASCADE)
    report = lock(obligation)
    if report.sent_id is not None and obligation.parent_id is not None:
        raise Refusal(
            "Báo cáo của đơn vị anh/chị đã gửi, số trong đó có thể đã gồm các đơn vị này. "
            "Thu hồi báo cáo trước, giao xuống, rồi gửi lại phần của mình."
        )
    return obligation_actions.expect(seat=seat, parent=obligation, units=units, **options)


def _require_sender(seat: Seat, obligation: Obligation, receipt: Receipt | None) -> None:
    """The owner's time of receipt is the database's; only the receiving desk says when something came otherwise."""
    if obligation_rules.is_owner(seat, obligation) and receipt is None:
        obligation_rules.require_owner(seat, obligation, roles.SEND_REPORT)
        return
    obligation_rules.require_consolidator(seat, obligation, roles.ENTER_REPORT)
    if receipt is None:
        raise Refusal("Nhập thay đơn vị thì ghi rõ báo cáo đến bằng đường nào và lúc nào.")
