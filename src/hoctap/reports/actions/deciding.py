"""What the receiving desk decides: accepted, with reviewed figures, or returned for correction."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from hoctap.forms.spec import FormSpec
from hoctap.kernel import clock
from hoctap.kernel.errors import Conflict, Refusal
from hoctap.notify.actions import tell
from hoctap.obligations import rules as obligation_rules
from hoctap.obligations.actions import hold_open
from hoctap.obligations.enums import Relation
from hoctap.obligations.models import Obligation
from hoctap.orgs import roles
from hoctap.orgs.models import Seat
from hoctap.reports import rules
from hoctap.reports.actions.standing import fall_back, let_go, lock, said, spec_of, take_as_accepted
from hoctap.reports.enums import ActKind, ReportState
from hoctap.reports.filling import sources_of
from hoctap.reports.models import Acceptance, Report, Revision

# What the unit is told: a superior returns and approves, a coordinating body asks and receives.
_RETURNED = {Relation.SUPERIOR: "gửi trả báo cáo", Relation.COORDINATOR: "đề nghị chỉnh sửa báo cáo"}
_ACCEPTED = {Relation.SUPERIOR: "đã duyệt báo cáo", Relation.COORDINATOR: "đã tiếp nhận báo cáo"}


@transaction.atomic
def return_report(
    *,
    seat: Seat,
    obligation: Obligation,
    reason: str,
    new_due_at: datetime | None = None,
    revision_number: int | None = None,
) -> None:
    """Gửi trả, đề nghị chỉnh sửa: with a reason and, if the desk wishes, a new deadline (first late moment).

    What waits is returned; with an earlier acceptance that one goes on counting. An accepted report that is
    returned stops counting. ``revision_number``: the revision that was looked at; a newer one is a Conflict.
    """
    report, _sent = _lock_to_decide(seat, obligation, revision_number)
    reason = said(reason)
    if not reason:
        raise Refusal("Ghi chỗ cần sửa và lý do: đơn vị cần biết phải sửa gì.")
    if new_due_at and new_due_at <= clock.now():
        raise Refusal("Hạn mới phải sau lúc này.")
    kept = None if report.state == ReportState.ACCEPTED else report.acceptance
    entry = fall_back(
        seat, obligation, report, ActKind.RETURN, ReportState.RETURNED, reason, kept=kept, new_due_at=new_due_at
    )  # fmt: skip
    report.return_due_at = new_due_at
    report.save()
    due = f" Hạn mới: {obligation_rules.until(new_due_at)}." if new_due_at else ""
    tell(
        unit=obligation.unit,
        kind="returned",
        text=f"{obligation_rules.consolidator_of(obligation).name} {_RETURNED[Relation(obligation.relation)]}: "
        f"{_short(obligation.round.name)}.{due} Lý do: {reason}",
        url=f"/bao-cao/{obligation.pk}/",
        dedupe=f"return-{entry.pk}",
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
    """Duyệt, tiếp nhận the revision the reviewer looked at, with reviewed figures by position where they differ.

    A position left out keeps the reported figure. The same acceptance again returns the first.
    """
    report, sent = _lock_to_decide(seat, obligation, revision_number)
    figures, why = _reviewed(obligation, report, sent, reviewed or {}, reasons or {})
    standing = report.acceptance if report.state == ReportState.ACCEPTED else None
    if standing and standing.figures == figures:
        return standing
    if report.acceptance and report.acceptance.revision_id != sent.pk:
        let_go(obligation, sources_of(sent.content))  # what only the earlier one was counted from
    acceptance = take_as_accepted(seat, obligation, report, sent, figures, why)
    tell(
        unit=obligation.unit,
        kind="accepted",
        text=f"{obligation_rules.consolidator_of(obligation).name} {_ACCEPTED[Relation(obligation.relation)]}: "
        f"{obligation.round.name}.",
        url=f"/bao-cao/{obligation.pk}/",
        dedupe=f"acceptance-{acceptance.pk}",
        email=False,
    )
    return acceptance


def _lock_to_decide(
    seat: Seat, obligation: Obligation, revision_number: int | None
) -> tuple[Report, Revision]:
    """The report and what stands of it, held until this transaction ends."""
    obligation_rules.require_consolidator(seat, obligation, roles.RECEIVE_REPORT)
    report = lock(obligation)
    hold_open(obligation.round_id)
    if report.state not in rules.MAY_DECIDE or report.sent is None:
        raise Conflict("Báo cáo này không còn chờ xử lý. Xem tình trạng mới ở dưới.")
    if revision_number is not None and report.sent.number != revision_number:
        raise Conflict(
            f"Đơn vị đã gửi bản {report.sent.number}; anh/chị vừa xem bản {revision_number}. "
            "Xem bản mới rồi quyết định."
        )
    return report, report.sent


def _reviewed(
    obligation: Obligation,
    report: Report,
    sent: Revision,
    reviewed: Mapping[int, int | None],
    reasons: Mapping[int, str],
) -> tuple[list[int | None], dict[str, str]]:
    """The figures to accept, and the reason of each that the reviewer changed."""
    spec = spec_of(obligation)
    if spec is None:
        return [], {}
    reported = sent.figures
    figures = list(reported)
    changed = {i for i, value in reviewed.items() if reported[i] != value}
    for position in changed:
        figures[position] = reviewed[position]
        _require_reason(spec, position, reasons)
    if changed:
        figures = rules.check_reviewed(spec, figures, obligation.unit.area_type)
    if report.state == ReportState.ACCEPTED and report.acceptance:
        changed |= _undone(spec, report.acceptance, figures, reasons)
    return figures, {str(i): reasons[i].strip() for i in sorted(changed)}


def _require_reason(spec: FormSpec, position: int, reasons: Mapping[int, str]) -> None:
    line = spec.line_of[position]
    if spec.cells[position].derived:
        raise Refusal(
            "Ô do hệ thống cộng thì không sửa trực tiếp.",
            [(f"Dòng {line.number}", "Sửa số ở các dòng con, ô này tự cộng lại.")],
        )
    if not reasons.get(position, "").strip():
        raise Refusal(
            "Số nào sửa khác số đơn vị báo thì phải ghi lý do.",
            [(f"Dòng {line.number}", f"Ghi lý do chênh lệch ở dòng {line.number}.")],
        )


def _undone(
    spec: FormSpec, standing: Acceptance, figures: list[int | None], reasons: Mapping[int, str]
) -> set[int]:
    """Positions where this undoes what was reviewed before; each with a reason, or somebody reviewed meanwhile."""
    pairs = enumerate(zip(standing.figures, figures, strict=True))
    moved = {i for i, (before, after) in pairs if before != after and not spec.cells[i].derived}
    silent = [i for i in sorted(moved) if not reasons.get(i, "").strip()]
    if silent:
        lines = ", ".join(dict.fromkeys(spec.line_of[i].number for i in silent))
        raise Conflict(
            f"Báo cáo này vừa được duyệt với số khác ở dòng {lines}. Xem số đã duyệt; muốn đổi thì ghi lý do."
        )
    return moved


def _short(name: str) -> str:
    return name if len(name) <= 120 else name[:119] + "…"
