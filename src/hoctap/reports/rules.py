"""What may happen to a report, when it is late, and whether its figures can stand."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q
from django.db.models.expressions import Combinable

from hoctap.forms import rules as form_rules
from hoctap.forms.rules import Finding
from hoctap.forms.spec import FormSpec
from hoctap.kernel.errors import Refusal
from hoctap.obligations.enums import Force
from hoctap.obligations.models import Obligation
from hoctap.obligations.rules import first_late_moment, visible
from hoctap.orgs.models import Seat
from hoctap.reports.enums import ReportState
from hoctap.reports.models import Counted, Draft, Report

# Which acts each state allows.
MAY_SEND = {ReportState.NONE, ReportState.RETURNED, ReportState.WITHDRAWN, ReportState.ACCEPTED}
MAY_WITHDRAW = {ReportState.WAITING}
MAY_DECIDE = {ReportState.WAITING, ReportState.ACCEPTED}

# Late is computed, never declared: the first sending came at or after the deadline with its extensions,
# or the corrected one came at or after the new deadline of its return. A return never shortens the deadline, and an
# extension given after it counts: the later of the two. Where the document names no day only the return's deadline
# counts. What is only encouraged is never late. Overdue is what is assigned and not sent when that moment has passed;
# returned without a new deadline it came, and is being corrected: neither overdue nor urged by the clock. The database
# keeps both beside the obligation (migrations 0003, 0007), for these filters on Obligation; the functions below say the
# same of one report in hand.
LATE = Q(is_late=True)
SENT = Q(report__sent__isnull=False)
ACCEPTED = Q(report__acceptance__isnull=False)


def overdue(now: datetime | Combinable) -> Q:
    return Q(overdue_at__lte=now)


def counting_due(obligation: Obligation, report: Report | None) -> datetime | None:
    """The first late moment of what is to be sent next; None where no day was ever named."""
    named = (obligation.due_at, report.return_due_at if report else None)
    return max((moment for moment in named if moment), default=None)


def is_late_for(obligation: Obligation, report: Report) -> bool:
    """LATE for one report in hand."""
    if obligation.force == Force.ENCOURAGE:
        return False
    came, due_at = report.first_received_at, obligation.due_at
    if came is not None and due_at is not None and came >= due_at:
        return True
    due_again, came_again = counting_due(obligation, report), report.last_received_at
    if report.sent_id is None or report.return_due_at is None:
        return False
    return due_again is not None and came_again is not None and came_again >= due_again


def is_overdue(obligation: Obligation, report: Report | None, now: datetime) -> bool:
    """``overdue`` for one obligation in hand."""
    if obligation.force != Force.ASSIGN or (report and report.sent_id is not None):
        return False
    if report and report.return_due_at is None and report.first_received_at is not None:
        return False
    due_at = counting_due(obligation, report)
    return due_at is not None and due_at <= now


def is_units_own(draft: Draft | None, obligation: Obligation) -> bool:
    """Whether the unit itself writes this draft, so that the desk entering for it leaves it alone."""
    return draft is not None and (draft.updated_by is None or draft.updated_by.unit_id == obligation.unit_id)


def standing(obligation: Obligation, report: Report | None, now: datetime) -> str:
    """Where a report stands, in one word: wait, ok, late, back, recall, ext, none (queries.standing_case in SQL)."""
    state = report.state if report else ReportState.NONE
    if state == ReportState.WAITING:
        return "wait"
    if state == ReportState.ACCEPTED:
        return "ok"
    if is_overdue(obligation, report, now):
        return "late"
    if state == ReportState.RETURNED:
        return "back"
    if state == ReportState.WITHDRAWN:
        return "recall"
    extended = obligation.due_at != first_late_moment(obligation.due_rule, obligation.due_on)
    return "ext" if extended else "none"


def reads_deed(seat: Seat, activity_id: int) -> bool:
    """Whether the seat may read a report that this activity counts in: then it sees the activity, without names."""
    at = Counted.objects.filter(activity=activity_id).values("obligation")
    return Obligation.objects.filter(visible(seat), pk__in=at).exists()


def check_figures(
    spec: FormSpec | None, figures: list, reasons: dict, area_type: str, besides: Sequence[Finding] = ()
) -> list[int | None]:
    """The figures with derived cells filled; refused when impossible, or unlikely without a reason. ``besides``: what
    else was found of them."""
    return _checked(
        spec, figures, area_type, lambda found: form_rules.open_findings([*found, *besides]), reasons
    )


def check_reviewed(spec: FormSpec | None, figures: list, area_type: str) -> list[int | None]:
    """As ``check_figures``, but only the impossible is refused: the reviewer answers with reasons of their own."""
    return _checked(spec, figures, area_type, lambda found: [f for f in found if f.severity == "error"], {})


def _checked(spec, figures, area_type, blocking, reasons) -> list[int | None]:
    if spec is None:
        return []
    if len(figures) != spec.size:
        raise Refusal("Bảng số liệu không khớp biểu mẫu của đợt này. Mở lại phiếu rồi nhập lại.")
    derived = form_rules.derive(spec, figures)
    findings = blocking(form_rules.check(spec, derived, reasons, area_type))
    if findings:
        raise Refusal(
            f"Còn {len(findings)} chỗ cần sửa hoặc ghi lý do trước khi gửi.",
            [(f"Dòng {finding.line}", finding.message) for finding in findings],
        )
    return derived
