"""What the desk shows: three questions answered at a glance, in few queries."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, F, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.translation import gettext as _

from hoctap.activities import queries as activity_queries
from hoctap.desk.formats import vn_date, vn_short
from hoctap.desk.words import due_at, standing_word
from hoctap.directives.enums import DirectiveStatus
from hoctap.kernel import clock
from hoctap.kernel.prepared import Prepared, one_of
from hoctap.notify import queries as notify_queries
from hoctap.notify.models import Notice
from hoctap.obligations import rules as obligation_rules
from hoctap.obligations.enums import Force
from hoctap.obligations.models import Obligation, PlannedActivity, Recipient
from hoctap.obligations.models import Task as WorkTask
from hoctap.orgs import roles
from hoctap.orgs.models import Unit
from hoctap.reports import queries
from hoctap.reports import rules as report_rules
from hoctap.rollup.models import Snapshot

SHOWN = 12
NEWS = 6


@dataclass(frozen=True)
class Task:
    """Một việc của tôi: a report to send, or a consolidation to sign."""

    obligation: Obligation
    gathers: bool
    kind: str  # late, week, later
    due: str
    says: str
    counts: dict[str, int] | None = None
    parts: list[dict] | None = None


def desk(request: HttpRequest) -> dict:
    now, seat = clock.now(), request.seat
    mine = mine_of(seat.unit_id, now)
    counts_of = queries.progress_of([o.pk for o in mine if o.gathers], now)
    progress = {o: counts_of[o.pk] for o in mine if o.gathers}
    tasks = [_task(o, now, seat.role, progress.get(o)) for o in owed(mine)[:SHOWN]]
    waiting = [(node, counts["wait"]) for node, counts in progress.items() if counts["wait"]]
    arrived, coming = _addressed(seat.unit_id)
    awaited = _awaited(list(counts_of), now)
    owing = sum(c["all"] - c["ok"] - c["wait"] for c in progress.values())
    unplanned, unsaid = _LEFT(unit=seat.unit_id, dawn=clock.dawn())[0]
    return {
        "now": now,
        "groups": _grouped(tasks),
        "owed": len(tasks) + len(waiting) + len(arrived),
        "overdue": sum(task.kind == "late" for task in tasks),
        "unplanned": unplanned,
        "unsaid": unsaid,
        "waiting": waiting,
        "arrived": arrived,
        "coming": coming,
        "awaited": _by_standing(awaited[:SHOWN], progress),
        "awaited_more": len(awaited) > SHOWN,
        "awaited_count": owing + len(coming),
        "expected_count": sum(c["all"] for c in progress.values()) + len(coming),
        "may_remind": roles.may(seat.role, roles.REMIND),
        "may_register": roles.may(seat.role, roles.REGISTER_DIRECTIVE),
        "news": news(notify_queries.notices(seat, limit=NEWS), now.date(), _only_round(tasks, progress)),
        "progress": [(node, counts, parts(counts)) for node, counts in progress.items()],
    }


def parts(counts: dict[str, int]) -> list[dict]:
    order = ("ok", "wait", "back", "recall", "ext", "late", "none")
    return [{"kind": kind, "count": counts[kind]} for kind in order]


def mine_of(unit_id: int, now: datetime) -> list[Obligation]:
    """The unit's obligations in open rounds by deadline, with ``standing``, ``signed`` and ``gathers``."""
    found = _MINE(unit=unit_id)
    for o in found:
        o.standing = report_rules.standing(o, getattr(o, "report", None), now)
    return found


def owed(mine: list[Obligation]) -> list[Obligation]:
    """Those still to be done: a consolidation to sign, a report to send."""
    return [o for o in mine if (not o.signed if o.gathers else o.standing not in ("ok", "wait"))]


_SIGNED = Snapshot.objects.filter(obligation=OuterRef("pk")).exclude(signed_at=None)
_MINE: Prepared[Obligation] = Prepared(
    lambda unit: (
        Obligation.objects.filter(unit_id=unit, round__closed_at=None)
        .annotate(signed=Exists(_SIGNED), gathers=Exists(Obligation.objects.filter(parent=OuterRef("pk"))))
        .select_related("round", "unit", "parent__unit", "report__draft")
        .defer("report__draft__content")
        .order_by("due_at", "pk")
    ),
    "unit",
)


def _awaited(nodes: list[int], now: datetime) -> list[Obligation]:
    if not nodes:
        return []
    return queries.in_order(_AWAITED(nodes=nodes, now=now), now, queries.AWAITED_ORDER)


_AWAITED: Prepared[Obligation] = Prepared(
    lambda nodes, now: queries.first_of(
        queries.awaited_by(one_of(nodes), now), SHOWN + 1, Obligation.objects.select_related("unit", "report")
    ),
    "nodes",
    "now",
)


def _task(o: Obligation, now: datetime, role: str, counts: dict[str, int] | None) -> Task:
    report = getattr(o, "report", None)
    due = due_at(o)
    past = (
        due is not None and due <= now and o.force != Force.ASSIGN
    )  # asked or encouraged: no hurry any more
    soon = due is not None and due <= now + timedelta(days=7) and not past
    kind = "late" if o.standing == "late" else "week" if soon else "later"
    moved = due != obligation_rules.first_late_moment(o.due_rule, o.due_on)
    said = _("hạn mới %(at)s") % {"at": vn_short(obligation_rules.last_moment(due))} if moved else o.due_text
    gathers = o.gathers and not o.signed
    return Task(o, gathers, kind, said, _says(o, report, role), counts, parts(counts) if counts else None)


def _says(o: Obligation, report, role: str) -> str:
    draft = getattr(report, "draft", None)
    if o.gathers and not o.signed:
        return _("Báo cáo tổng hợp của đơn vị mình")
    if draft and draft.presented_at:
        may_send = roles.may(role, roles.SEND_REPORT)
        return _("Chuyên viên đã trình, chờ duyệt gửi") if may_send else _("Đã trình lãnh đạo, chờ duyệt gửi")
    if o.standing == "back":
        return _("Cần sửa theo đề nghị của %(unit)s") % {"unit": o.parent.unit.short_name}
    if draft:
        return _("Đang soạn, lưu %(at)s") % {"at": vn_short(draft.updated_at)}
    if o.force == Force.ENCOURAGE:
        return _("Khuyến khích gửi, không bắt buộc")
    if o.parent is None:
        return _("Chưa soạn")
    asked = obligation_rules.is_request(o)
    said = _("Đề nghị gửi qua %(unit)s") if asked else _("Gửi qua %(unit)s")
    return said % {"unit": o.parent.unit.short_name}


# Tasks of documents in force that the unit has not answered with a plan.
def _left(unit, dawn):
    tasks = WorkTask.objects.filter(unit_id=unit, clause__directive__status=DirectiveStatus.ISSUED)
    unplanned = tasks.exclude(Exists(PlannedActivity.objects.filter(task=OuterRef("pk"))))
    counted = unplanned.order_by().values("unit").annotate(n=Count("pk")).values("n")
    unsaid = activity_queries.unsaid_count(unit, dawn)
    return Unit.objects.filter(pk=unit).values_list(
        Coalesce(Subquery(counted), 0), Coalesce(Subquery(unsaid), 0)
    )


# Tasks without a plan, and activities that nobody closed.
_LEFT: Prepared[tuple[int, int]] = Prepared(_left, "unit", "dawn")


def _grouped(tasks: list[Task]) -> list[tuple[str, list[Task]]]:
    kinds = ("late", "week", "later")
    groups = [(kind, [task for task in tasks if task.kind == kind]) for kind in kinds]
    return [(kind, found) for kind, found in groups if found]


def _addressed(unit_id: int) -> tuple[list[Recipient], list[Recipient]]:
    """Consolidations sent to this unit: the last one signed and not yet acknowledged; and still to come."""
    found = _ADDRESSED(unit=unit_id)
    return [r for r in found if r.number], [r for r in found if not r.number]


_ADDRESSED: Prepared[Recipient] = Prepared(
    lambda unit: (
        Recipient.objects.filter(unit_id=unit, obligation__parent=None)
        .annotate(
            number=Max("obligation__snapshots__number", filter=~Q(obligation__snapshots__signed_at=None)),
            signed_at=Max("obligation__snapshots__signed_at"),
        )
        .filter(
            Q(acknowledged_at__lt=F("signed_at"))
            | Q(acknowledged_at=None, signed_at__isnull=False)
            | Q(acknowledged_at=None, obligation__round__closed_at=None)
        )
        .select_related("obligation__unit", "obligation__round")
        .order_by("obligation__due_at", "pk")[:SHOWN]
    ),
    "unit",
)


def _by_standing(awaited: list[Obligation], progress) -> list[tuple[str, str, int, list]]:
    """``[(standing, its words, how many in all, obligations with what they did)]``, the most urgent first."""
    groups: dict[str, list] = {}
    for o in awaited:
        groups.setdefault(o.standing, []).append((o, _awaited_says(o)))
    return [
        (kind, standing_word(kind, _most_bound(rows)), sum(c[kind] for c in progress.values()), rows)
        for kind, rows in groups.items()
    ]


def _most_bound(rows: list[tuple[Obligation, str]]) -> Obligation:
    """Whose words head the group: one that must, where there is one among those that need not."""
    return next((o for o, _says in rows if o.force == Force.ASSIGN), rows[0][0])


def _awaited_says(o: Obligation) -> str:
    due = due_at(o)
    if due and (o.standing == "ext" or (o.standing == "back" and o.report.return_due_at)):
        return _("hạn mới %(at)s") % {"at": vn_short(obligation_rules.last_moment(due))}
    return _("mở phiếu %(at)s") % {"at": vn_short(o.first_seen_at)} if o.first_seen_at else _("chưa mở phiếu")


def _only_round(tasks: list[Task], progress) -> str:
    """The one open round's name, which every line of news need not repeat; empty when there are several."""
    names = {task.obligation.round.name for task in tasks} | {node.round.name for node in progress}
    return names.pop() if len(names) == 1 else ""


def news(notices, today: date, only: str = "") -> list[tuple[str, list[tuple[Notice, str]]]]:
    """Notices by day, newest first: ``[("Hôm nay", [(notice, its words), …]), …]``."""
    days: dict[str, list] = {}
    for notice in notices:
        day = notice.at.astimezone(clock.VIETNAM).date()
        word = {0: _("Hôm nay"), 1: _("Hôm qua")}.get((today - day).days, vn_date(day))
        days.setdefault(word, []).append(
            (notice, notice.text.removesuffix(f": {only}.") if only else notice.text)
        )
    return list(days.items())
