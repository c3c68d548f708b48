"""Taking back what was sent, and handing on to units below."""

from collections.abc import Iterable

from django.db import transaction

from hoctap.kernel.errors import Refusal
from hoctap.notify.actions import tell
from hoctap.obligations import actions as obligation_actions
from hoctap.obligations import rules as obligation_rules
from hoctap.obligations.models import Obligation
from hoctap.orgs import roles
from hoctap.orgs.models import Seat, Unit
from hoctap.reports import rules
from hoctap.reports.actions.standing import fall_back, lock, said
from hoctap.reports.enums import ActKind, ReportState
from hoctap.reports.models import Report, ReportEntry


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
    require_unsent(obligation)
    return obligation_actions.expect(seat=seat, parent=obligation, units=units, **options)


def require_unsent(obligation: Obligation) -> None:
    """Nothing is hung under a report that was sent: its figures may hold the new units' already. Locks its row."""
    report = lock(obligation)
    if report.sent_id is not None and obligation.parent_id is not None:
        raise Refusal(
            "Báo cáo của đơn vị anh/chị đã gửi, số trong đó có thể đã gồm các đơn vị này. "
            "Thu hồi báo cáo trước, giao xuống, rồi gửi lại phần của mình."
        )
