"""What may happen to a report, when it is late, and whether its figures can stand."""

from datetime import datetime

from django.db.models import F, Q

from hoctap.forms import rules as form_rules
from hoctap.forms.spec import FormSpec
from hoctap.kernel.errors import Refusal
from hoctap.obligations.enums import Force
from hoctap.reports.enums import ReportState
from hoctap.reports.models import Report

# Which acts each state allows.
MAY_SEND = {ReportState.NONE, ReportState.RETURNED, ReportState.WITHDRAWN, ReportState.ACCEPTED}
MAY_WITHDRAW = {ReportState.WAITING}
MAY_DECIDE = {ReportState.WAITING, ReportState.ACCEPTED}

# Late is computed, never declared: the first sending came at or after the deadline with its extensions,
# or the corrected one came at or after the new deadline of its return. Filters run on Obligation.
LATE = Q(report__first_received_at__gte=F("due_at")) | Q(
    report__sent__isnull=False, report__last_received_at__gte=F("report__return_due_at")
)
SENT = Q(report__sent__isnull=False)
ACCEPTED = Q(report__acceptance__isnull=False)


def overdue(now: datetime) -> Q:
    """Filter on obligations: assigned, nothing sent, and the moment that counts has passed.

    A report returned without a new deadline is being corrected, not overdue.
    """
    never_came = Q(report__first_received_at=None) & Q(due_at__lte=now)
    late_now = Q(report__return_due_at__lte=now) | never_came
    return ~SENT & Q(force=Force.ASSIGN) & late_now


def is_late(report: Report) -> bool:
    due_at = report.obligation.due_at
    first_late = report.first_received_at is not None and report.first_received_at >= due_at
    fixed_late = (
        report.sent_id is not None
        and report.return_due_at is not None
        and report.last_received_at is not None
        and report.last_received_at >= report.return_due_at
    )
    return first_late or fixed_late


def check_figures(spec: FormSpec | None, figures: list, reasons: dict) -> list[int | None]:
    """The figures with derived cells filled; refused when impossible, or unlikely without a reason."""
    if spec is None:
        return []
    if len(figures) != spec.size:
        raise Refusal("Bảng số liệu không khớp biểu mẫu của đợt này. Mở lại phiếu rồi nhập lại.")
    derived = form_rules.derive(spec, figures)
    findings = form_rules.check(spec, derived, reasons)
    blocking = [f for f in findings if f.blocks]
    if blocking:
        raise Refusal(
            f"Chưa gửi được: còn {len(blocking)} chỗ cần sửa hoặc ghi lý do.",
            [(finding.place, finding.message) for finding in blocking],
        )
    return derived
