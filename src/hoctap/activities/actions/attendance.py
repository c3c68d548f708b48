"""Điểm danh: marks of people at a session, from any number of phones, each landing once."""

import json
import uuid
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from hoctap.activities import attending, marking, rules
from hoctap.activities.actions.resolving import Resolved, resolve
from hoctap.activities.enums import MarkWay, Part, SessionState
from hoctap.activities.marking import MarkData, Standing
from hoctap.activities.models import Attendance, Mark, Session
from hoctap.kernel import clock, journal
from hoctap.kernel.errors import Conflict, Refusal
from hoctap.kernel.planned import planned_cursor
from hoctap.kernel.prepared import Prepared, one_of
from hoctap.orgs.models import Seat


@transaction.atomic
def mark(
    *,
    seat: Seat,
    session: Session,
    marks: Sequence[MarkData] = (),
    unnamed: int | None = None,
    op: uuid.UUID | None = None,
) -> dict:
    """Mark people, and say how many came without a name; at most 500 at once. The same ``op`` again changes nothing.

    What can be is done, the rest is said: ``{"notes": [must be read], "said": [good to know]}``. Refusal as a whole: a
    session that was cancelled, is closed, has not begun, or marks from the future.
    """
    held = locked(seat, session)
    for done in _MARK(op=op) if op else []:
        if done.session_id != held.pk:
            raise Conflict("Mã của lần gửi này đã dùng cho buổi khác. Tải lại trang rồi điểm danh lại.")
        return done.outcome
    _check(held, marks)
    found = resolve(seat=seat, activity=held.activity, marks=marks)
    said = _write(seat, held, found)
    if unnamed is not None:
        _count(held, unnamed, found.notes)
    outcome = {"notes": found.notes, "said": said}
    if op:
        _keep(op, held, seat, outcome)
    journal.record("attendance.mark", held, seat=seat, marks=len(marks))
    session.unnamed = held.unnamed
    return outcome


@transaction.atomic
def mark_all_present(
    *, seat: Seat, session: Session, at: datetime | None = None, op: uuid.UUID | None = None
) -> dict:
    """Có mặt cả lớp: whoever was marked one by one stays as marked."""
    at = at or clock.now()
    ids = list(attending.the_class(session.activity).values_list("person", flat=True))
    marks = [MarkData(at=at, way=MarkWay.ALL, person=pk) for pk in ids]
    outcome = mark(seat=seat, session=session, marks=marks[: marking.MOST], op=op)
    for start in range(
        marking.MOST, len(marks), marking.MOST
    ):  # a class of more; the ``op`` stands for all of them
        more = mark(seat=seat, session=session, marks=marks[start : start + marking.MOST])
        outcome = {name: said + more[name] for name, said in outcome.items()}
    return outcome


@transaction.atomic
def close(*, seat: Seat, session: Session, unnamed: int | None = None, at: datetime | None = None) -> Session:
    """Chốt buổi: it was held, and who came is confirmed. Who is not marked was not there.

    ``at``: when that was said. A session reopened since stays open: a phone without a net sends late, or twice.
    """
    held = locked(seat, session)
    now = clock.now()
    if held.reopened_at and at and at < held.reopened_at:
        return held
    if held.starts_at > now:
        begins = f"{held.starts_at.astimezone(clock.VIETNAM):%H:%M, %d/%m/%Y}"
        raise Refusal(f"Buổi này bắt đầu lúc {begins}, chưa chốt được. Chốt sau giờ đó.")
    if held.state == SessionState.CANCELLED or held.activity.cancelled_at:
        raise Refusal("Buổi này đã hủy. Bỏ hủy rồi chốt.")
    if unnamed is not None:
        _count(held, unnamed, [])
    held.state = session.state = SessionState.HELD
    held.closed_at = session.closed_at = now
    session.unnamed = held.unnamed
    with planned_cursor() as cursor:
        cursor.execute(_CLOSE, {"session": held.pk, "state": held.state, "now": now})
    journal.record("session.close", held, seat=seat, activity=held.activity_id)
    return held


@transaction.atomic
def reopen(*, seat: Seat, session: Session) -> None:
    """Mở lại, to correct who came; it stays a session that was held."""
    held = locked(seat, session)
    if held.closed_at:
        session.closed_at = held.closed_at = None
        held.reopened_at = clock.now()
        held.save(update_fields=["closed_at", "reopened_at"])
        journal.record("session.reopen", held, seat=seat, activity=held.activity_id)


@transaction.atomic
def let_check_in(*, seat: Seat, session: Session, open_: bool) -> None:
    """Let people mark themselves by the QR and the code on the screen, or no longer."""
    held = locked(seat, session)
    held.self_check_in = open_
    held.save(update_fields=["self_check_in"])
    journal.record("session.self-check-in", held, seat=seat, open=open_)


def locked(seat: Seat, session: Session) -> Session:
    """The session, this transaction's alone. Refusal for whom it is none of."""
    (held,) = _LOCKED(pk=session.pk)
    held.activity = session.activity
    rules.require_marking(seat, held.activity)
    return held


# Not as if it were to be deleted: rows that name a session, as a merge taken back writes them, need not wait.
_LOCKED: Prepared[Session] = Prepared(
    lambda pk: Session.objects.select_for_update(no_key=True).filter(pk=pk), "pk"
)
_MARK: Prepared[Mark] = Prepared(lambda op: Mark.objects.filter(pk=op), "op")
_KNOWN: Prepared[tuple] = Prepared(
    lambda session, persons: Attendance.objects.filter(
        session=session, person__in=one_of(persons)
    ).values_list(*Standing._fields[:-1], "seat__user__full_name"),
    "session",
    "persons",
)
_WRITE = """
INSERT INTO activities_attendance AS a (session_id, person_id, part, present, walk_in, way, at, said_at, seat_id)
SELECT %(session)s::bigint, g.* FROM unnest(
  %(person)s::bigint[], %(part)s::text[], %(present)s::bool[], %(walk_in)s::bool[], %(way)s::text[],
  %(at)s::timestamptz[], %(said_at)s::timestamptz[], %(seat)s::bigint[]
) AS g
ON CONFLICT (session_id, person_id) DO UPDATE SET
  (part, present, walk_in, way, at, said_at, seat_id) = ROW(
    excluded.part, excluded.present, excluded.walk_in, excluded.way, excluded.at, excluded.said_at, excluded.seat_id)
"""
_KEEP = """
INSERT INTO activities_mark (op, session_id, seat_id, outcome)
VALUES (%(op)s::uuid, %(session)s::bigint, %(seat)s::bigint, %(outcome)s::jsonb)
"""
_CLOSE = """
WITH closed AS (
  UPDATE activities_session SET state = %(state)s::text, closed_at = %(now)s::timestamptz
  WHERE id = %(session)s::bigint RETURNING activity_id
)
UPDATE activities_activity SET changed_at = %(now)s::timestamptz WHERE id = (SELECT activity_id FROM closed)
"""


def _keep(op: uuid.UUID, session: Session, seat: Seat, outcome: dict) -> None:
    with planned_cursor() as cursor:
        cursor.execute(
            _KEEP, {"op": op, "session": session.pk, "seat": seat.pk, "outcome": json.dumps(outcome)}
        )


def _check(session: Session, marks: Sequence[MarkData]) -> None:
    if session.state == SessionState.CANCELLED or session.activity.cancelled_at:
        raise Refusal("Buổi này đã hủy nên không điểm danh được. Bỏ hủy buổi rồi điểm danh lại.")
    if len(marks) > marking.MOST:
        raise Refusal(f"Mỗi lần gửi nhiều nhất {marking.MOST} người. Chia làm nhiều lần rồi gửi lại.")
    now, (opens, _closes) = clock.now(), marking.window(session)
    if any(mark.at > now for mark in marks):
        raise Refusal("Giờ điểm danh nằm trong tương lai. Xem lại đồng hồ của máy rồi điểm danh lại.")
    if now < opens or any(mark.at < opens for mark in marks):
        begins = session.starts_at.astimezone(clock.VIETNAM)
        raise Refusal(
            f"Buổi này bắt đầu lúc {begins:%H:%M, %d/%m/%Y}; điểm danh được từ {_hour(opens)}, trước giờ bắt đầu hai tiếng. "
            "Nếu giờ của buổi ghi sai thì sửa buổi trước."
        )
    if session.closed_at and (not marks or any(mark.at > session.closed_at for mark in marks)):
        raise Refusal(f"Buổi này đã chốt lúc {_hour(session.closed_at)}. Bấm “Mở lại để sửa” rồi điểm danh.")


def _hour(moment: datetime) -> str:
    return f"{moment.astimezone(clock.VIETNAM):%H:%M}"


def _count(session: Session, unnamed: int, notes: list[str]) -> None:
    if not 0 <= unnamed <= 1_000_000:
        raise Refusal("Số người đến thêm phải là số từ 0 đến 1.000.000.")
    session.unnamed = unnamed
    session.save(update_fields=["unnamed"])
    room = session.activity.capacity
    people = unnamed + attending.counts(session)["present"] if room and unnamed else 0
    if room and people > room:
        written = f"{people:,}".replace(",", ".")
        notes.append(
            f"Buổi này tính {written} người, có tên cộng không có tên, trong khi hoạt động có {room} chỗ. Xem lại số này."
        )


def _write(seat: Seat, session: Session, found: Resolved) -> list[str]:
    """What stands of the marks, written in one statement; words on what was known already."""
    ids = [person.pk for person, _ in found.marks]
    rows = {row[0]: Standing(*row) for row in _KNOWN(session=session.pk, persons=ids)} if ids else {}
    said: list[str] = []
    changed: dict[int, Standing] = {}
    for person, data in found.marks:
        old = changed.get(person.pk) or rows.get(person.pk)
        if old and old.present == data.present and data.way == MarkWay.SCAN:
            said.append(f"{person.full_name} đã điểm danh lúc {_hour(old.at)}{_by(old, seat)}.")
        if old and old.present != data.present and data.way != MarkWay.ALL:
            found.notes += _disagreement(person.full_name, old, data, seat)
        if old is None or marking.takes_over(old, data):
            changed[person.pk] = _standing(seat, person.pk, old, data, found.parts.get(person.pk))
    if changed:
        columns = zip(*changed.values(), strict=True)
        given = {name: list(column) for name, column in zip(Standing._fields, columns, strict=True)}
        with planned_cursor() as cursor:
            cursor.execute(_WRITE, given | {"session": session.pk})
    return said


def _standing(seat: Seat, pk: int, old: Standing | None, data: MarkData, part: str | None) -> Standing:
    new = Standing(
        pk, part or Part.LEARNER, data.present, part is None, data.way, data.at, data.at, seat.pk, seat.user.full_name
    )  # fmt: skip
    if old and old.present == data.present:  # said again: it has been so since then
        return new._replace(at=old.at, seat=old.seat, by=old.by, walk_in=old.walk_in, part=old.part)
    return new


def _by(row: Standing, seat: Seat) -> str:
    if row.seat is None:
        return ", tự điểm danh"
    return "" if row.seat == seat.pk else f", {row.by} ghi"


def _disagreement(name: str, old: Standing, data: MarkData, seat: Seat) -> list[str]:
    """Another officer said otherwise: who marks is told, whichever of the two stands."""
    if old.way == MarkWay.ALL or old.seat == seat.pk:
        return []
    theirs = "có mặt" if old.present else "vắng"
    ours = "có mặt" if data.present else "vắng"
    who = old.by or "chính người ấy"
    if marking.takes_over(old, data):
        return [
            f"{name}: {who} ghi “{theirs}” lúc {_hour(old.said_at)}; nay là “{ours}” theo lần ghi sau của anh/chị."
        ]
    return [
        f"{name}: giữ “{theirs}” do {who} ghi lúc {_hour(old.said_at)}, sau lần ghi “{ours}” của anh/chị."
    ]
