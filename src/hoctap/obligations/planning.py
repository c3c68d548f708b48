"""A unit's plan: each task answered with what the unit means to do, and when."""

from datetime import date

from django.db import transaction

from hoctap.kernel import journal
from hoctap.kernel.errors import Refusal
from hoctap.obligations.models import PlannedActivity, Task
from hoctap.orgs import roles
from hoctap.orgs import rules as org_rules
from hoctap.orgs.models import Seat

MOST = 50  # planned activities of one task


@transaction.atomic
def plan_activity(
    *, seat: Seat, task: Task, what: str, starts_on: date | None = None, ends_on: date | None = None
) -> PlannedActivity:
    """Ghi hoạt động dự kiến của đơn vị mình; the days may be left open."""
    _require_own(seat, task)
    what = " ".join(what.split())
    if not what:
        raise Refusal(
            "Chưa ghi hoạt động. Ghi đơn vị sẽ làm gì, ví dụ: mở lớp kỹ năng số cho người cao tuổi."
        )
    if len(what) > 300:
        raise Refusal(f"Hoạt động dài {len(what)} ký tự, nhiều nhất 300. Rút gọn rồi ghi lại.")
    if starts_on and ends_on and starts_on > ends_on:
        raise Refusal("Ngày bắt đầu sau ngày kết thúc. Sửa lại hai ngày này.")
    Task.objects.select_for_update().get(pk=task.pk)
    if task.planned.count() >= MOST:
        raise Refusal(f"Một việc ghi nhiều nhất {MOST} hoạt động. Gộp bớt rồi ghi tiếp.")
    made = PlannedActivity.objects.create(
        task=task, what=what, starts_on=starts_on, ends_on=ends_on or starts_on, seat=seat
    )
    journal.record("task.plan", task, seat=seat)
    return made


@transaction.atomic
def drop_planned(*, seat: Seat, planned: PlannedActivity) -> None:
    """Bỏ một hoạt động dự kiến."""
    _require_own(seat, planned.task)
    journal.record("task.unplan", planned.task, seat=seat)
    planned.delete()


def _require_own(seat: Seat, task: Task) -> None:
    org_rules.require(seat, roles.WRITE_REPORT)
    if task.unit_id != seat.unit_id:
        raise Refusal("Việc này của đơn vị khác; chỉ đơn vị đó ghi kế hoạch của mình.")
