"""Reminders before and after a deadline, by the system each morning or by the desk's button."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from hoctap.kernel import clock, journal
from hoctap.kernel.errors import Refusal
from hoctap.notify.actions import tell
from hoctap.obligations import rules as obligation_rules
from hoctap.obligations.actions import require_open
from hoctap.obligations.enums import Force
from hoctap.obligations.models import Obligation, Reminder
from hoctap.orgs import roles
from hoctap.orgs.models import Seat
from hoctap.reports.rules import counting_due, is_overdue

DAYS_BEFORE = (3, 1)
DAYS_AFTER = (1, 3, 7)


def remind_due() -> int:
    """Remind every assigned obligation whose deadline is so many days away or past; once for each occasion.

    A day on which nothing ran is made up for by the next: the last occasion that has come counts.
    """
    today = clock.today()
    told = 0
    awaited = (
        Obligation.objects.filter(round__closed_at=None, overdue_at__isnull=False)
        .filter(added_at__lt=clock.start_of(today))  # who was asked today has just been told
        .select_related("unit", "round", "report")
    )
    for obligation in awaited.iterator(chunk_size=500):
        due_at = obligation.overdue_at
        if due_at and (occasion := _occasion((obligation_rules.last_moment(due_at).date() - today).days)):
            told += _remind(obligation, due_at, f"{occasion}-{due_at:%y%m%d}", None)
    if told:
        journal.record("obligation.remind", units=told)
    return told


def _occasion(days: int) -> str:
    """The last occasion come by so many days before the deadline's day (negative: after it); empty before the first."""
    if days < 0:
        return next((f"after-{n}" for n in sorted(DAYS_AFTER, reverse=True) if -days >= n), "")
    return next((f"before-{n}" for n in sorted(DAYS_BEFORE) if days <= n), "")


@transaction.atomic
def remind(*, seat: Seat, obligations: Iterable[Obligation]) -> int:
    """Nhắc: the desk urges the units it waits for; at most once an hour each. Returns how many were told."""
    told = 0
    for obligation in obligations:
        obligation_rules.require_consolidator(seat, obligation, roles.REMIND)
        require_open(obligation.round)
        report = getattr(obligation, "report", None)
        if report and report.sent_id:
            continue
        told += _remind(obligation, counting_due(obligation, report), f"manual-{clock.now():%Y%m%d%H}", seat)
    if not told:
        raise Refusal("Các đơn vị này vừa được nhắc trong giờ qua hoặc đã gửi báo cáo.")
    journal.record("obligation.remind", seat=seat, units=told)
    return told


@transaction.atomic
def _remind(obligation: Obligation, due_at: datetime | None, occasion: str, seat: Seat | None) -> bool:
    _, fresh = Reminder.objects.get_or_create(
        obligation=obligation, occasion=occasion, defaults={"seat": seat}
    )
    if fresh:
        until = f" ({obligation_rules.until(due_at)})" if due_at else f" ({obligation.due_text})"
        tell(
            unit=obligation.unit,
            kind="reminder",
            text=f"{_how(obligation, due_at)}{until}: {obligation.round.name}.{_please(obligation)}",
            url=f"/bao-cao/{obligation.pk}/",
            dedupe=f"reminder-{obligation.pk}-{occasion}",
        )
    return fresh


def _please(obligation: Obligation) -> str:
    """A reminder to a body that is no subordinate ends as the request it is."""
    if obligation.force == Force.ENCOURAGE:
        return " Báo cáo này được khuyến khích, không bắt buộc."
    return " Đề nghị đơn vị gửi báo cáo." if obligation_rules.is_request(obligation) else ""


def _how(obligation: Obligation, due_at: datetime | None) -> str:
    """What is only asked for, or is being corrected without a new deadline, is never called overdue."""
    if due_at is None:
        return "Mong đơn vị sớm gửi"
    if due_at > clock.now():
        return "Mong đơn vị gửi" if obligation.force == Force.ENCOURAGE else "Sắp đến hạn"
    late = is_overdue(obligation, getattr(obligation, "report", None), clock.now())
    return "Đã quá hạn" if late else "Mong đơn vị sớm gửi; hạn trong văn bản"
