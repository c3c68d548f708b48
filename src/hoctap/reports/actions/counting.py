"""Where an activity counts: kept as reports are sent, let go as they fall back, moved by the common consolidator."""

from collections.abc import Collection, Iterable, Sequence

from django.db import connection, transaction

from hoctap.activities.models import Activity
from hoctap.kernel import journal
from hoctap.kernel.errors import Refusal
from hoctap.notify.actions import tell
from hoctap.obligations import rules as obligation_rules
from hoctap.obligations.actions import hold_open
from hoctap.obligations.models import Obligation, Round
from hoctap.orgs import roles
from hoctap.orgs.models import Seat
from hoctap.reports import deeds
from hoctap.reports.actions.standing import let_go, said, spec_of
from hoctap.reports.content import Sending
from hoctap.reports.filling import sources_of
from hoctap.reports.models import Counted, Report, Revision


def follows_deeds(sending: Sending) -> bool:
    """Whether figures came from the page that fills them in; what a desk, a file or another system brings was typed."""
    return sending.receipt is None and (sending.version is not None or bool(sending.content.filled))


def hold(sendings: Collection[Sending]) -> dict[int, deeds.Cells]:
    """What deeds say, by obligation, of what is about to be sent; the activities are held until this transaction ends.

    Two who send what both may count wait for each other here; the second finds it counted. Of one batch the first in
    turn has it. A unit without deeds costs one query, a batch of them too.
    """
    by_round: dict[Round, list[Obligation]] = {}
    for sending in sendings:
        if follows_deeds(sending) and spec_of(sending.obligation):
            by_round.setdefault(sending.obligation.round, []).append(sending.obligation)
    held: dict[int, deeds.Cells] = {}
    for opened, obligations in by_round.items():
        asked = {obligation.pk: obligation.unit.area_type for obligation in obligations}
        activities = deeds.found(opened, asked)
        _lock(activities)
        groups = deeds.assigned(deeds.standing(opened, activities), asked)
        spec = spec_of(obligations[0])
        assert spec is not None
        held |= deeds.cells(opened, spec, groups, asked)
    return held


def _lock(activities: Iterable[int]) -> None:
    """In one order, so that two batches wait for each other instead of each for the other."""
    ordered = sorted(activities)
    if ordered:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id FROM activities_activity WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE",
                [ordered],
            )


def keep(sent: Sequence[tuple[Obligation, Revision]], amending: Collection[int]) -> None:
    """What these revisions were counted from counts there now; ``amending``: obligations with an acceptance beside them,
    which goes on counting, with what it was made of."""
    wanted = {obligation: sources_of(revision.content) for obligation, revision in sent}
    for obligation, activities in wanted.items():
        if obligation.pk in amending:
            let_go(obligation, activities | _accepted_sources(obligation))
    if not any(wanted.values()):
        return
    mine = Counted.objects.filter(obligation__in=[obligation.pk for obligation in wanted])
    there = set(mine.values_list("obligation", "activity"))
    Counted.objects.bulk_create(
        Counted(round_id=obligation.round_id, activity_id=activity, obligation=obligation)
        for obligation, activities in wanted.items()
        for activity in sorted(activities)
        if (obligation.pk, activity) not in there
    )


def _accepted_sources(obligation: Obligation) -> set[int]:
    kept = Report.objects.filter(obligation=obligation).values_list(
        "acceptance__revision__content", flat=True
    )
    return sources_of(kept.get() or {})


@transaction.atomic
def move_deed(*, seat: Seat, node: Obligation, activity: Activity, to: Obligation, reason: str) -> Counted:
    """The common consolidator, owner of ``node``, says at whose report of the round an activity counts.

    ``to`` and every other candidate hang under ``node``, or are it. Refused while it stands in a report that was sent:
    that one is returned first, so that no figure ever holds it twice.
    """
    obligation_rules.require_owner(seat, node, roles.RECEIVE_REPORT)
    reason = said(reason)
    if not reason:
        raise Refusal("Ghi lý do: các đơn vị cùng tổ chức sẽ đọc.")
    hold_open(node.round_id)
    _lock([activity.pk])
    if activity.pk not in deeds.found(node.round, [to.pk]):
        raise Refusal(f"Hoạt động này không phải của {to.unit.name} trong kỳ của đợt. Xem lại danh sách.")
    [deed] = deeds.read(node.round, [activity.pk])
    involved = Obligation.objects.filter(pk__in={*deed.candidates, deed.counted or to.pk})
    if any(not one.path.startswith(node.path) for one in involved):
        raise Refusal(
            "Có đơn vị cùng tổ chức không nằm dưới nơi này trong đợt. Nơi tổng hợp chung của các đơn vị quyết định."
        )
    if to.pk not in deed.candidates:
        raise Refusal(f"{to.unit.name} không tổ chức hoạt động này. Xem lại danh sách.")
    _require_free(deed, to)
    counted, _ = Counted.objects.update_or_create(
        round_id=node.round_id,
        activity=activity,
        defaults={"obligation": to, "decided_by": seat, "reason": reason},
    )
    journal.record("deed.move", activity, seat=seat, obligation=to.pk, round=node.round_id)
    for one in involved.select_related("unit"):
        tell(
            unit=one.unit,
            kind="deed",
            text=f"{node.unit.name} quyết định: hoạt động “{activity.name[:120]}” tính tại {to.unit.name}. Lý do: {reason}",
            url=f"/bao-cao/{one.pk}/hoat-dong/",
        )
    return counted


def _require_free(deed: deeds.Deed, to: Obligation) -> None:
    if deed.counted in (None, to.pk):
        return
    report = (
        Report.objects.filter(obligation=deed.counted)
        .select_related("obligation__unit", "sent", "acceptance__revision")
        .first()
    )
    if report and deed.activity in _standing(report):
        unit = report.obligation.unit.name
        raise Refusal(
            f"Hoạt động này đang nằm trong số {unit} đã gửi. Gửi trả báo cáo của {unit} trước, rồi chuyển: "
            "như vậy không lúc nào tính hai lần."
        )


def _standing(report: Report) -> set[int]:
    """The activities in what stands of a report, sent or accepted."""
    revisions = [report.sent, report.acceptance.revision if report.acceptance else None]
    return {activity for revision in revisions if revision for activity in sources_of(revision.content)}
