"""Buổi: adding, correcting, moving, cancelling and closing one."""

from datetime import datetime

from django.db import transaction

from hoctap.activities import rules
from hoctap.activities.actions import telling
from hoctap.activities.actions.checking import people_problems, session_problems
from hoctap.activities.actions.recording import keep_days, new_session
from hoctap.activities.actions.registering import locked
from hoctap.activities.actions.saying import SessionData
from hoctap.activities.announcing import announce
from hoctap.activities.enums import SessionState
from hoctap.activities.models import Activity, Session
from hoctap.kernel import clock, journal
from hoctap.kernel.errors import Refusal
from hoctap.kernel.prepared import Prepared
from hoctap.orgs import roles
from hoctap.orgs.models import Seat

_TIME = frozenset(["starts_at", "whole_day"])
_TOLD = _TIME | {"place", "online_link"}  # what who comes has to know


@transaction.atomic
def add_session(*, seat: Seat, activity: Activity, data: SessionData) -> Session:
    """One more; at the same moment there is only one."""
    held = locked(activity)  # the same form sent twice at once adds one
    _change(seat, held)
    _require_sound(session_problems(data))
    _require_free(held, data.starts_at)
    session = new_session(held, data)
    session.save()
    keep_days(held)
    journal.record("session.add", session, seat=seat, activity=held.pk)
    return session


@transaction.atomic
def correct_session(*, seat: Seat, session: Session, data: SessionData) -> Session:
    """What was written wrongly: time, place, link, people, whether it was held. Moving one is ``move_session``; where
    people have a place already, another time is kept as that, and they are told of it, or of another place.
    """
    held = _locked(seat, session)
    _require_sound(session_problems(data))
    _require_free(held.activity, data.starts_at, held.pk)
    said = (
        "starts_at",
        "ends_at",
        "whole_day",
        "place",
        "online_link",
        "unnamed",
        "unnamed_women",
    )
    changed = [name for name in said if getattr(held, name) != getattr(data, name)]
    was_held, day, starts_at = held.state == SessionState.HELD, _day(held), held.starts_at
    for name in said:
        setattr(held, name, getattr(data, name))
    if held.state != SessionState.CANCELLED or data.held:
        held.state = SessionState.HELD if data.held else SessionState.PLANNED
    if was_held and not data.held:
        _unclose(held)
    tells = _tells(held, changed, starts_at)
    if tells and "starts_at" in changed:
        held.moved_from = held.moved_from or starts_at
    held.save()
    keep_days(held.activity)
    journal.record("session.correct", held, seat=seat, activity=held.activity_id, fields=changed)
    if was_held and not data.held:
        announce(held.activity, f"không còn buổi ngày {day}: sửa lại là chưa diễn ra")
    elif was_held and _day(held) != day:
        announce(held.activity, f"có buổi ngày {day} sửa thành ngày {_day(held)}")
    if tells and _TIME.isdisjoint(changed):
        telling.session_elsewhere(held)
    elif tells:
        telling.session_moved(held)  # ``note`` is why it was moved before
    return held


@transaction.atomic
def move_session(
    *,
    seat: Seat,
    session: Session,
    starts_at: datetime,
    ends_at: datetime | None,
    why: str,
    place: str | None = None,
) -> Session:
    """Dời buổi: to another time, and place. Kept: when it was first to be, and why it was moved."""
    held = _locked(seat, session)
    if held.state == SessionState.HELD:
        raise Refusal("Buổi này đã diễn ra, không dời được. Ngày giờ ghi sai thì sửa buổi.")
    if not why.strip():
        raise Refusal("Ghi lý do dời buổi.", [("Lý do", "Ghi lý do dời buổi.")])
    _require_sound(session_problems(SessionData(starts_at, ends_at)))
    _require_free(held.activity, starts_at, held.pk)
    before = _as_told(held)
    held.moved_from = held.moved_from or held.starts_at
    held.starts_at, held.ends_at, held.note = starts_at, ends_at, why.strip()[:300]
    held.state = SessionState.PLANNED
    if place is not None:
        held.place = place.strip()
    held.save()
    keep_days(held.activity)
    journal.record("session.move", held, seat=seat, activity=held.activity_id)
    if _as_told(held) != before:  # not the same form sent twice
        telling.session_moved(held, held.note)
    return held


@transaction.atomic
def cancel_session(*, seat: Seat, session: Session, why: str) -> Session:
    """Hủy buổi."""
    held = _locked(seat, session)
    if not why.strip():
        raise Refusal("Ghi lý do hủy buổi.", [("Lý do", "Ghi lý do hủy buổi.")])
    was = held.state
    held.state, held.note = SessionState.CANCELLED, why.strip()[:300]
    _unclose(held)
    held.save(update_fields=["state", "note", "closed_at", "reopened_at"])
    keep_days(held.activity)
    journal.record("session.cancel", held, seat=seat, activity=held.activity_id)
    if was == SessionState.HELD:
        announce(held.activity, f"đã hủy buổi ngày {_day(held)}, lý do: {held.note}")
    if was != SessionState.CANCELLED and held.starts_at > clock.now():
        telling.session_cancelled(held)
    return held


@transaction.atomic
def restore_session(*, seat: Seat, session: Session) -> Session:
    """Bỏ hủy buổi: planned again."""
    held = _locked(seat, session)
    if held.state == SessionState.CANCELLED:
        held.state, held.note = SessionState.PLANNED, ""
        held.save(update_fields=["state", "note"])
        keep_days(held.activity)
        journal.record("session.restore", held, seat=seat, activity=held.activity_id)
        if held.starts_at > clock.now():
            telling.session_restored(held)
    return held


@transaction.atomic
def close_session(
    *,
    seat: Seat,
    session: Session,
    unnamed: int | None = None,
    unnamed_women: int | None = None,
    action: str = roles.RECORD_ACTIVITY,
) -> Session:
    """Xác nhận buổi đã diễn ra and who came; ``unnamed`` None keeps the number said before. It may be closed again."""
    held = _locked(seat, session, action)
    if held.starts_at > clock.now():
        raise Refusal("Buổi này chưa tới giờ, chưa xác nhận được. Xác nhận sau khi buổi bắt đầu.")
    if held.state == SessionState.CANCELLED:
        raise Refusal("Buổi này đã hủy. Bỏ hủy rồi xác nhận.")
    if unnamed is not None:
        _require_sound(people_problems(unnamed, unnamed_women))
        held.unnamed, held.unnamed_women = unnamed, unnamed_women
    held.state, held.closed_at = SessionState.HELD, clock.now()
    held.save(update_fields=["unnamed", "unnamed_women", "state", "closed_at"])
    keep_days(held.activity)
    journal.record("session.close", held, seat=seat, activity=held.activity_id)
    return held


def _tells(session: Session, changed: list[str], was_at: datetime) -> bool:
    """Whether somebody with a place would come at the wrong time, or to the wrong place."""
    if session.state != SessionState.PLANNED or _TOLD.isdisjoint(changed):
        return False
    if max(was_at, session.starts_at) <= clock.now():
        return False
    locked(session.activity)  # who registers meanwhile is told, or reads it as it is now
    return telling.registered_in(session.activity).exists()


def _as_told(session: Session) -> tuple:
    return session.starts_at, session.ends_at, session.place, session.note, session.state


def _unclose(session: Session) -> None:
    """A closing that a phone sends late, or again, comes after this (``attendance.close``)."""
    session.closed_at, session.reopened_at = None, clock.now()


def _day(session: Session) -> str:
    return f"{session.starts_at.astimezone(clock.VIETNAM):%d/%m/%Y}"


def _change(seat: Seat, activity: Activity, action: str = roles.RECORD_ACTIVITY) -> None:
    rules.require_change(seat, activity, action)
    if activity.cancelled_at:
        raise Refusal("Hoạt động này đã hủy. Bỏ hủy hoạt động rồi sửa buổi.")


def _locked(seat: Seat, session: Session, action: str = roles.RECORD_ACTIVITY) -> Session:
    held = Session.objects.select_for_update(of=("self",)).select_related("activity__host").get(pk=session.pk)
    _change(seat, held.activity, action)
    return held


def _require_sound(problems: list[str]) -> None:
    if problems:
        raise Refusal("Chưa ghi được buổi: " + problems[0], [("Buổi", problem) for problem in problems])


def _require_free(activity: Activity, starts_at: datetime, but: int = 0) -> None:
    if set(_AT(activity=activity.pk, starts_at=starts_at)) - {but}:
        raise Refusal(f"Đã có buổi lúc {starts_at.astimezone(clock.VIETNAM):%H:%M, %d/%m/%Y}. Chọn giờ khác.")


_AT: Prepared[int] = Prepared(
    lambda activity, starts_at: Session.objects.filter(activity=activity, starts_at=starts_at).values_list(
        "pk", flat=True
    ),
    "activity",
    "starts_at",
)
