"""Moving a branch of a round's tree to another consolidator, sums and all."""

from django.db import connection, transaction
from django.db.models import F, Max
from django.db.models.functions import Length

from hoctap.kernel import clock, journal
from hoctap.kernel.errors import Refusal
from hoctap.kernel.paths import ids, segment
from hoctap.notify.actions import tell
from hoctap.obligations import rules as obligation_rules
from hoctap.obligations.actions import require_open
from hoctap.obligations.models import Obligation, Recipient, Round
from hoctap.orgs import queries as org_queries
from hoctap.orgs.models import Seat
from hoctap.reports.actions.standing import lock
from hoctap.rollup import rules
from hoctap.rollup.actions.folding import lock_watermark
from hoctap.rollup.sql import ADD_DELTA, ADD_DUE_DELTA, VECTORS

LONGEST_PATH = Obligation._meta.get_field("path").max_length


def _times_sign(column: str) -> str:
    return (
        f"(SELECT coalesce(array_agg(c.sign * x.value ORDER BY x.i), '{{}}')"
        f" FROM unnest(k.{column}) WITH ORDINALITY AS x(value, i)) AS {column}"
    )


# What is folded of the branch, once for each node it leaves or joins.
_CARRY = f"""
WITH crossed AS (SELECT * FROM unnest(%(nodes)s::bigint[], %(signs)s::int[]) AS c(node_id, sign)),
delta AS (
  SELECT c.node_id, {", ".join(_times_sign(column) for column in VECTORS)},
    c.sign * k.sent_reports AS sent_reports, c.sign * k.accepted_reports AS accepted_reports
  FROM crossed c JOIN rollup_fold k ON k.obligation_id = %(branch)s
),
due_delta AS (
  SELECT c.node_id, k.overdue_at, c.sign * k.units AS units
  FROM crossed c JOIN rollup_duecount k ON k.obligation_id = %(branch)s
),
added_due AS ({ADD_DUE_DELTA})
{ADD_DELTA}
"""
_REPATH = """
UPDATE obligations_obligation SET path = %s || substr(path, %s)
WHERE round_id = %s AND path >= %s AND path < %s
"""


@transaction.atomic
def move(*, seat: Seat, obligation: Obligation, parent: Obligation, reason: str) -> Obligation:
    """Chuyển nơi tổng hợp: ``obligation`` and all below it report through ``parent`` from now on.

    Under the watermark's lock, so that no fold runs between the sums and the paths. Entries store no paths:
    what is not folded yet follows by itself. Snapshots keep what they froze.
    """
    rules.require_mover(seat, obligation, parent)
    _require_unsent(parent, obligation)
    # One change of a round's tree at a time (obligations.actions.expect holds it too); submissions go on.
    opened = Round.objects.select_for_update(no_key=True).get(pk=obligation.round_id)
    with connection.cursor() as cursor:
        lock_watermark(cursor, opened.pk)
        moved = Obligation.objects.select_related("unit", "parent__unit").get(pk=obligation.pk)
        target = Obligation.objects.select_related("unit").get(pk=parent.pk)
        before = moved.parent
        if before is None:
            raise Refusal("Đơn vị tổng hợp của cả đợt không chuyển đi đâu được.")
        _require_possible(opened, moved, target, reason)
        rules.require_mover(seat, moved, target)  # as the tree is, now that it stands still
        _carry(cursor, moved, target)
        _repath(cursor, moved, target)
    return _hang(seat, moved, before, target, reason.strip())


def _carry(cursor, moved: Obligation, target: Obligation) -> None:
    """The branch's sums, off the nodes it leaves and on those it joins; above both places nothing changes."""
    old, new = set(ids(moved.path)) - {moved.pk}, set(ids(target.path))
    nodes = sorted(old ^ new)
    signs = [1 if node in new else -1 for node in nodes]
    cursor.execute(_CARRY, {"nodes": nodes, "signs": signs, "branch": moved.pk})
    for those, units in ((old - new, -moved.below - 1), (new - old, moved.below + 1)):
        Obligation.objects.filter(pk__in=those).update(below=F("below") + units)


def _repath(cursor, moved: Obligation, target: Obligation) -> None:
    low, high = moved.path, moved.path.rstrip(".") + "/"
    branch = Obligation.objects.filter(round=moved.round_id, path__gte=low, path__lt=high)
    below = branch.aggregate(longest=Max(Length("path")))["longest"] - len(low)
    path = target.path + segment(moved.pk)
    if len(path) + below > LONGEST_PATH:
        raise Refusal("Chuyển vào đây thì nhánh này có quá nhiều cấp. Chọn nơi tổng hợp ở cấp cao hơn.")
    cursor.execute(_REPATH, [path, len(low) + 1, moved.round_id, low, high])


def _require_possible(opened: Round, moved: Obligation, target: Obligation, reason: str) -> None:
    require_open(opened)
    if not reason.strip():
        raise Refusal("Ghi lý do chuyển nơi tổng hợp: các đơn vị liên quan sẽ đọc.")
    if target.round_id != moved.round_id:
        raise Refusal("Nơi tổng hợp mới không thuộc đợt báo cáo này. Chọn đơn vị trong cùng đợt.")
    if target.path.startswith(moved.path):
        raise Refusal(
            f"{target.unit.name} đang báo cáo qua {moved.unit.name}, không thể làm nơi tổng hợp của đơn vị này."
        )
    if target.pk == moved.parent_id:
        raise Refusal(f"{moved.unit.name} đang báo cáo qua {target.unit.name} rồi.")


def _require_unsent(target: Obligation, moved: Obligation) -> None:
    """Never under a report already sent; its row stays locked, and is locked before the round as sending does."""
    report = lock(target)
    if report.sent_id is not None and target.parent_id is not None:
        raise Refusal(
            f"{target.unit.name} đã gửi báo cáo, số trong đó có thể đã gồm {moved.unit.name}. "
            "Đề nghị đơn vị đó thu hồi báo cáo, rồi chuyển."
        )


def _hang(seat: Seat, moved: Obligation, before: Obligation, target: Obligation, reason: str) -> Obligation:
    """The moved row itself: its parent, the words that follow from it, and whom its report is addressed to."""
    moved.parent = target
    moved.path = target.path + segment(moved.pk)
    superiors = org_queries.direct_superiors(moved.unit, clock.today())
    moved.relation = obligation_rules.relation(moved.unit, target.unit, superiors)
    moved.save(update_fields=["parent", "path", "relation"])
    addressed = Recipient.objects.filter(obligation=moved)
    if not addressed.filter(unit=target.unit_id).exists():
        addressed.filter(unit=before.unit_id, acknowledged_at=None).update(unit=target.unit_id)
    journal.record(
        "obligation.move", moved, seat=seat, parent_before=before.pk, parent=target.pk, reason=reason
    )
    for unit in (moved.unit, before.unit, target.unit):
        tell(
            unit=unit,
            kind="moved",
            text=f"{moved.unit.name} từ nay báo cáo qua {target.unit.name}, không qua {before.unit.name}. Lý do: {reason}",
            url=f"/bao-cao/{moved.pk}/",
        )
    return moved
