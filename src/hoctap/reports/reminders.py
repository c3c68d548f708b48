"""Reminders before and after a deadline, by the system each morning or by the desk's button."""

from collections.abc import Iterable

from django.db import transaction

from hoctap.kernel import clock, journal
from hoctap.kernel.errors import Refusal
from hoctap.notify.actions import tell
from hoctap.obligations import rules as obligation_rules
from hoctap.obligations.enums import Force
from hoctap.obligations.models import Obligation, Reminder
from hoctap.orgs import roles
from hoctap.orgs.models import Seat
from hoctap.reports.rules import SENT

DAYS_BEFORE = (3, 1)
DAYS_AFTER = (1, 3, 7)


def remind_due() -> int:
    """Remind every assigned obligation whose deadline is so many days away or past; once for each occasion."""
    today = clock.today()
    told = 0
    open_now = (
        Obligation.objects.filter(round__closed_at=None, force=Force.ASSIGN)
        .exclude(SENT)
        .select_related("unit", "round", "report")
    )
    for obligation in open_now.iterator(chunk_size=500):
        report = getattr(obligation, "report", None)
        due_at = (report and report.return_due_at) or obligation.due_at
        days = (obligation_rules.last_moment(due_at).date() - today).days
        if days in DAYS_BEFORE or -days in DAYS_AFTER:
            told += _remind(
                obligation, due_at, f"{'before' if days > 0 else 'after'}-{abs(days)}-{due_at:%y%m%d}", None
            )
    return told


@transaction.atomic
def remind(*, seat: Seat, obligations: Iterable[Obligation]) -> int:
    """Nhắc: the desk urges the units it waits for; at most once an hour each. Returns how many were told."""
    told = 0
    for obligation in obligations:
        obligation_rules.require_consolidator(seat, obligation, roles.REMIND)
        report = getattr(obligation, "report", None)
        if report and report.sent_id:
            continue
        due_at = (report and report.return_due_at) or obligation.due_at
        told += _remind(obligation, due_at, f"manual-{clock.now():%Y%m%d%H}", seat)
    if not told:
        raise Refusal("Các đơn vị này vừa được nhắc trong giờ qua hoặc đã gửi báo cáo.")
    journal.record("obligation.remind", seat=seat, units=told)
    return told


@transaction.atomic
def _remind(obligation: Obligation, due_at, occasion: str, seat: Seat | None) -> bool:
    _, fresh = Reminder.objects.get_or_create(
        obligation=obligation, occasion=occasion, defaults={"seat": seat}
    )
    if fresh:
        last = obligation_rules.last_moment(due_at)
        how = "Đã quá hạn" if due_at <= clock.now() else "Sắp đến hạn"
        tell(
            unit=obligation.unit,
            kind="reminder",
            text=f"{how} (hết {last:%H:%M} ngày {last:%d/%m/%Y}): {obligation.round.name}.",
            url=f"/bao-cao/{obligation.pk}/",
            dedupe=f"reminder-{obligation.pk}-{occasion}",
        )
    return fresh
