"""Every act on a report: drafting, sending, taking back, returning, accepting.

Each act locks the report's row, writes one ReportEntry (which roll-up folds) and tells the other side.
"""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction

from hoctap.forms import queries as form_queries
from hoctap.forms.spec import FormSpec
from hoctap.kernel import clock, journal
from hoctap.kernel.errors import Conflict, Refusal
from hoctap.kernel.models import StoredFile
from hoctap.notify.actions import tell
from hoctap.obligations import actions as obligation_actions
from hoctap.obligations import rules as obligation_rules
from hoctap.obligations.models import Obligation
from hoctap.orgs import roles
from hoctap.orgs.models import Seat, Unit
from hoctap.reports import rules
from hoctap.reports.enums import ActKind, Channel, ReportState
from hoctap.reports.models import Acceptance, Draft, Report, ReportEntry, Revision, RevisionFile


@dataclass
class Content:
    """What a report says: figures in cell order, words by line number, and the signed letter's particulars."""

    figures: list[int | None] = field(default_factory=list)
    notes: dict[str, str] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    narrative: dict[str, str] = field(default_factory=dict)  # results, difficulties, proposals
    typed: dict[str, str] = field(default_factory=dict)  # draft only: by position, what is not a figure yet
    doc_number: str = ""
    doc_date: date | None = None
    authority: str = ""
    signer_position: str = ""
    signer_name: str = ""

    WORDS = ("notes", "texts", "reasons", "narrative")
    LETTER = ("doc_number", "doc_date", "authority", "signer_position", "signer_name")

    @classmethod
    def of_draft(cls, draft: Draft) -> "Content":
        values = dict(draft.content)
        if isinstance(values.get("doc_date"), str):
            values["doc_date"] = date.fromisoformat(values["doc_date"])
        return cls(**values)

    @classmethod
    def of_revision(cls, revision: Revision) -> "Content":
        words = {name: revision.content.get(name, {}) for name in cls.WORDS}
        letter = {name: getattr(revision, name) for name in cls.LETTER}
        return cls(figures=list(revision.figures), **words, **letter)


@dataclass(frozen=True)
class Receipt:
    """How a report reached the receiving desk outside the system; ``received_at`` decides lateness."""

    channel: Channel
    received_at: datetime
    files: tuple[tuple[StoredFile, str], ...] = ()


class DraftConflict(Conflict):
    """Two people wrote at once; ``theirs`` is the draft as it stands."""

    def __init__(self, theirs: Draft):
        who = theirs.updated_by.user.full_name if theirs.updated_by else "Người khác"
        at = theirs.updated_at.astimezone(clock.VIETNAM)
        super().__init__(
            f"{who} vừa lưu bản nháp này lúc {at:%H:%M}. Chọn giữ số nào ở các ô khác nhau, rồi lưu lại."
        )
        self.theirs = theirs


@transaction.atomic
def save_draft(
    *, seat: Seat, obligation: Obligation, content: Content, version: int, page: str = ""
) -> Draft:
    """Keep what was typed. ``version`` is the draft the writer started from; another one meanwhile: DraftConflict,
    unless it was saved from the very same open ``page``.
    """
    _require_writer(seat, obligation)
    report = _lock(obligation)
    draft, _ = Draft.objects.select_related("updated_by__user").get_or_create(
        report=report, defaults={"token": uuid.uuid4()}
    )
    values = vars(content) | {"figures": content.figures or _blank(obligation)}
    same_page = bool(page) and draft.page == page
    if draft.version != version and not same_page and _differs(draft, values):
        raise DraftConflict(draft)
    draft.content = values
    draft.version += 1
    draft.page = page
    draft.updated_by = seat
    draft.updated_at = clock.DatabaseNow()
    draft.presented_by = draft.presented_at = None
    draft.save()
    draft.refresh_from_db()
    return draft


def _differs(draft: Draft, values: dict) -> bool:
    return Content.of_draft(draft) != Content(**values)


@transaction.atomic
def present(*, seat: Seat, obligation: Obligation) -> None:
    """Trình lãnh đạo: the writer asks the unit's own leader to approve and send."""
    obligation_rules.require_owner(seat, obligation, roles.WRITE_REPORT)
    report = _lock(obligation)
    if not Draft.objects.filter(report=report).update(presented_by=seat, presented_at=clock.DatabaseNow()):
        raise Refusal("Chưa có bản nháp để trình. Lưu nháp trước rồi trình lãnh đạo.")
    tell(
        unit=obligation.unit,
        kind="presented",
        text=f"Chờ lãnh đạo duyệt gửi: {obligation.round.name}.",
        url=f"/bao-cao/{obligation.pk}/",
    )
    journal.record("report.present", report, seat=seat)


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

    The owner's leader sends; the consolidator's desk may enter for it, with a ``receipt``.
    """
    report = _lock(obligation)
    first = Revision.objects.filter(report=report, token=token).first()
    if first:
        return first
    _require_sender(seat, obligation, receipt)
    obligation_actions.require_open(obligation.round)
    if report.state not in rules.MAY_SEND:
        raise Refusal("Báo cáo đã gửi và đang chờ nơi nhận. Muốn sửa thì thu hồi trước.")
    amends = report.acceptance_id is not None
    if content.typed:
        raise Refusal("Còn ô chưa phải là số. Sửa các ô được đánh dấu rồi gửi lại.")
    if amends and not reason.strip():
        raise Refusal("Báo cáo này đã được duyệt. Ghi lý do sửa: nơi tổng hợp sẽ đọc cùng phần chênh lệch.")
    revision = _write_revision(seat, report, obligation, content, token, reason, receipt)
    _enter(
        seat, obligation, report, ActKind.AMEND if amends else ActKind.SUBMIT, ReportState.WAITING, reason,
        sent=revision, acceptance=report.acceptance,
    )  # fmt: skip
    if report.first_received_at is None:
        report.first_received_at = revision.received_at
    if not amends:  # amending what was accepted is never late
        report.last_received_at = revision.received_at
    report.last_number = revision.number
    report.save()
    Draft.objects.filter(report=report).update(token=uuid.uuid4(), presented_by=None, presented_at=None)
    if obligation.parent_id is None:
        _accept(seat, obligation, report, revision, list(revision.figures), {})
    else:
        tell(
            unit=obligation.parent.unit,
            kind="submitted",
            text=f"{obligation.unit.name} gửi {'bản sửa' if revision.number > 1 else 'báo cáo'}: {obligation.round.name}.",
            url=f"/bao-cao/{obligation.pk}/",
            dedupe=f"revision-{revision.pk}",
        )
    return revision


def _write_revision(seat, report, obligation, content: Content, token, reason, receipt) -> Revision:
    figures = rules.check_figures(
        _spec(obligation), content.figures, content.reasons, obligation.unit.area_type
    )
    revision = Revision(
        report=report,
        number=report.last_number + 1,
        token=token,
        figures=figures,
        content={name: getattr(content, name) for name in Content.WORDS},
        reason=reason.strip(),
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
    report = _lock(obligation)
    obligation_actions.require_open(obligation.round)
    if report.state not in rules.MAY_WITHDRAW:
        raise Refusal(
            "Chỉ thu hồi được báo cáo còn đang chờ. Nơi nhận đã xử lý báo cáo này; muốn sửa thì gửi bản sửa."
        )
    _fall_back(seat, obligation, report, ActKind.WITHDRAW, ReportState.WITHDRAWN, reason, None)
    if report.acceptance_id is None:
        report.first_received_at = report.last_received_at = None
    report.save()
    tell(
        unit=obligation.parent.unit,
        kind="withdrawn",
        text=f"{obligation.unit.name} thu hồi báo cáo: {obligation.round.name}.",
        url=f"/bao-cao/{obligation.pk}/",
    )


@transaction.atomic
def return_report(
    *, seat: Seat, obligation: Obligation, reason: str, new_due_at: datetime | None = None
) -> None:
    """Gửi trả, đề nghị chỉnh sửa: with a reason and, if the desk wishes, a new deadline (first late moment).

    What waits is returned; with an earlier acceptance that one goes on counting. An accepted report that is
    returned stops counting.
    """
    obligation_rules.require_consolidator(seat, obligation, roles.RECEIVE_REPORT)
    report = _lock(obligation)
    obligation_actions.require_open(obligation.round)
    if report.state not in rules.MAY_DECIDE:
        raise Refusal("Báo cáo này không còn chờ xử lý. Tải lại trang để xem tình trạng mới.")
    if not reason.strip():
        raise Refusal("Ghi chỗ cần sửa và lý do: đơn vị cần biết phải sửa gì.")
    if new_due_at and new_due_at <= clock.now():
        raise Refusal("Hạn mới phải sau lúc này.")
    if report.state == ReportState.ACCEPTED:
        report.acceptance = None
    _fall_back(seat, obligation, report, ActKind.RETURN, ReportState.RETURNED, reason, new_due_at)
    report.return_due_at = new_due_at
    report.save()
    due = ""
    if new_due_at:
        last = obligation_rules.last_moment(new_due_at)
        due = f" Hạn mới: hết {last:%H:%M} ngày {last:%d/%m/%Y}."
    tell(
        unit=obligation.unit,
        kind="returned",
        text=f"{obligation.parent.unit.name} đề nghị sửa báo cáo: {reason.strip()[:200]}.{due}",
        url=f"/bao-cao/{obligation.pk}/",
        dedupe=f"return-{report.pk}-{report.last_number}-{clock.now():%Y%m%d%H%M%S}",
    )


@transaction.atomic
def accept(
    *,
    seat: Seat,
    obligation: Obligation,
    revision_number: int,
    reviewed: Mapping[int, int | None] | None = None,
    reasons: Mapping[int, str] | None = None,
) -> Acceptance:
    """Duyệt, tiếp nhận the revision the reviewer looked at, with reviewed figures by position where they differ."""
    obligation_rules.require_consolidator(seat, obligation, roles.RECEIVE_REPORT)
    report = _lock(obligation)
    obligation_actions.require_open(obligation.round)
    if report.state not in rules.MAY_DECIDE or report.sent is None:
        raise Conflict("Báo cáo này không còn chờ xử lý. Tải lại trang để xem tình trạng mới.")
    if report.sent.number != revision_number:
        raise Conflict(
            f"Đơn vị đã gửi bản {report.sent.number}; anh/chị đang xem bản {revision_number}. Xem bản mới rồi duyệt."
        )
    figures, why = _reviewed(obligation, report.sent, reviewed or {}, reasons or {})
    if report.state == ReportState.ACCEPTED and report.acceptance and report.acceptance.figures == figures:
        return report.acceptance
    acceptance = _accept(seat, obligation, report, report.sent, figures, why)
    tell(
        unit=obligation.unit,
        kind="accepted",
        text=f"{obligation.parent.unit.name} đã nhận báo cáo: {obligation.round.name}.",
        url=f"/bao-cao/{obligation.pk}/",
        dedupe=f"acceptance-{acceptance.pk}",
        email=False,
    )
    return acceptance


def _reviewed(
    obligation: Obligation, revision: Revision, reviewed: Mapping, reasons: Mapping
) -> tuple[list[int | None], dict[str, str]]:
    spec = _spec(obligation)
    figures = list(revision.figures)
    changed = {i: value for i, value in reviewed.items() if figures[i] != value}
    for position, value in changed.items():
        figures[position] = value
        if not reasons.get(position, "").strip():
            line = spec.line_of[position] if spec else None
            raise Refusal(
                "Số xét duyệt khác số báo cáo thì phải ghi lý do.",
                [(f"Dòng {line.number}" if line else "", "Ghi lý do chênh lệch ở dòng này.")],
            )
    if changed:
        figures = rules.check_reviewed(spec, figures, obligation.unit.area_type)
    return figures, {str(i): reasons[i].strip() for i in changed}


def _accept(seat, obligation, report: Report, revision: Revision, figures: list, why: dict) -> Acceptance:
    acceptance = Acceptance.objects.create(revision=revision, figures=figures, reasons=why)
    _enter(
        seat,
        obligation,
        report,
        ActKind.ACCEPT,
        ReportState.ACCEPTED,
        "",
        sent=revision,
        acceptance=acceptance,
    )
    report.save()
    return acceptance


def _fall_back(seat, obligation, report: Report, act, state, reason: str, new_due_at) -> None:
    """Undo the waiting revision: back to the accepted one where there is one, else to nothing sent."""
    kept = report.acceptance
    sent = kept.revision if kept else None
    if kept and act == ActKind.WITHDRAW:
        state = ReportState.ACCEPTED
    _enter(seat, obligation, report, act, state, reason, sent=sent, acceptance=kept, new_due_at=new_due_at)


def _enter(
    seat, obligation, report: Report, act, state, reason: str, *, sent, acceptance, new_due_at=None
) -> None:
    """Write the entry and move the report's standing; the caller saves ``report``."""
    before = Report.objects.values_list("sent_id", "acceptance_id").get(pk=report.pk)
    ReportEntry.objects.create(
        round_id=obligation.round_id,
        obligation=obligation,
        act=act,
        sent_before_id=before[0],
        accepted_before_id=before[1],
        sent_after=sent,
        accepted_after=acceptance,
        seat=seat,
        reason=reason.strip(),
        new_due_at=new_due_at,
    )
    report.state, report.sent, report.acceptance = state, sent, acceptance
    journal.record(f"report.{act}", report, seat=seat, number=report.last_number)


@transaction.atomic
def cascade(*, seat: Seat, obligation: Obligation, units: Iterable[Unit], **options) -> list[Obligation]:
    """Giao tiếp xuống: as ``obligations.actions.expect``, but never under a report already sent."""
    report = _lock(obligation)
    if report.sent_id is not None and obligation.parent_id is not None:
        raise Refusal(
            "Báo cáo của đơn vị anh/chị đã gửi, số trong đó có thể đã gồm các đơn vị này. "
            "Thu hồi báo cáo trước, giao xuống, rồi gửi lại phần của mình."
        )
    return obligation_actions.expect(seat=seat, parent=obligation, units=units, **options)


def _lock(obligation: Obligation) -> Report:
    """The report's row, made if there was none, locked until the transaction ends."""
    Report.objects.get_or_create(obligation=obligation)
    return (
        Report.objects.select_for_update(of=("self",))
        .select_related("sent", "acceptance__revision")
        .get(obligation=obligation)
    )


def _spec(obligation: Obligation) -> FormSpec | None:
    version_id = obligation.round.form_version_id
    return form_queries.version_spec(version_id) if version_id else None


def _blank(obligation: Obligation) -> list[None]:
    spec = _spec(obligation)
    return [None] * (spec.size if spec else 0)


def _require_writer(seat: Seat, obligation: Obligation) -> None:
    if obligation_rules.is_owner(seat, obligation):
        obligation_rules.require_owner(seat, obligation, roles.WRITE_REPORT)
    else:
        obligation_rules.require_consolidator(seat, obligation, roles.ENTER_REPORT)


def _require_sender(seat: Seat, obligation: Obligation, receipt: Receipt | None) -> None:
    if obligation_rules.is_owner(seat, obligation):
        obligation_rules.require_owner(seat, obligation, roles.SEND_REPORT)
        return
    obligation_rules.require_consolidator(seat, obligation, roles.ENTER_REPORT)
    if receipt is None:
        raise Refusal("Nhập thay đơn vị thì ghi rõ báo cáo đến bằng đường nào và lúc nào.")
