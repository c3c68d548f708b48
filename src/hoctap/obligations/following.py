"""Được theo dõi: which bodies outside the line may read a round, by which clause."""

from collections.abc import Iterable

from django.db import transaction

from hoctap.kernel import journal
from hoctap.kernel.clock import DatabaseNow
from hoctap.kernel.errors import Refusal
from hoctap.notify.actions import Told, tell_all
from hoctap.obligations.actions import require_root
from hoctap.obligations.models import Follower, Obligation, Round
from hoctap.orgs.models import Seat, Unit


@transaction.atomic
def let_follow(
    *, seat: Seat, opened: Round, units: Iterable[Unit], clause: str, text: str = ""
) -> list[Follower]:
    """Let each of the units read this round and no other, as ``clause`` of its document says in the words ``text``.

    Refused without a clause, for the gathering unit itself, and for who follows already.
    """
    require_root(seat, opened)
    Round.objects.select_for_update(no_key=True).get(pk=opened.pk)
    units, clause, text = list(dict.fromkeys(units)), " ".join(clause.split()), " ".join(text.split())
    if not clause:
        raise Refusal("Ghi mục, khoản của văn bản cho đơn vị được theo dõi đợt này, ví dụ: mục III.1.1.")
    _require_new(seat, opened, units)
    added = [
        Follower.objects.create(round=opened, unit=unit, clause=clause[:120], text=text[:400], added_by=seat)
        for unit in units
    ]
    tell_all(_told(opened, follower) for follower in added)
    ids = [unit.pk for unit in units]
    journal.record("round.let_follow", opened, seat=seat, units=ids, clause=clause)
    return added


def _require_new(seat: Seat, opened: Round, units: list[Unit]) -> None:
    if not units:
        raise Refusal("Chưa chọn đơn vị nào. Đánh dấu hoặc ghi tên đơn vị được theo dõi.")
    if seat.unit_id in {unit.pk for unit in units}:
        raise Refusal("Đơn vị mình tổng hợp đợt này nên đã xem được cả đợt. Bỏ đơn vị mình khỏi danh sách.")
    gone = [unit.name for unit in units if unit.dissolved_on]
    if gone:
        raise Refusal(f"Đã giải thể: {', '.join(gone)}. Bỏ khỏi danh sách, chọn đơn vị kế thừa.")
    already = Follower.objects.filter(round=opened, unit__in=units, ended_at=None)
    names = sorted(already.values_list("unit__name", flat=True))
    if names:
        raise Refusal(f"Đã được theo dõi đợt này: {', '.join(names)}. Bỏ các đơn vị này khỏi danh sách.")


def _told(opened: Round, follower: Follower) -> Told:
    root = Obligation.objects.get(round=opened, parent=None)
    return Told(
        follower.unit,
        "follow",
        f"Đơn vị được theo dõi đợt báo cáo này theo {follower.clause}: {opened.name}. "
        "Xem được tiến độ, tổng hợp và số liệu từng đơn vị.",
        f"/dot-bao-cao/{opened.pk}/?nut={root.pk}",
        dedupe=f"follow-{follower.pk}",
    )


@transaction.atomic
def end_following(*, seat: Seat, follower: Follower) -> None:
    """From now on the unit reads nothing of the round, unless it takes part in it."""
    require_root(seat, follower.round)
    standing = Follower.objects.filter(pk=follower.pk, ended_at=None)
    if standing.update(ended_at=DatabaseNow()):
        journal.record("round.end_following", follower.round, seat=seat, unit=follower.unit_id)
