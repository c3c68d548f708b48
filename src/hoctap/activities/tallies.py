"""What each activity comes to, kept beside it (``Tally``): written here, taken away by the database with any change.

Whoever changes a session or a mark shares a lock on the activity's slot until the end of the transaction (migration
0006); whoever counts has a slot alone, or leaves it for the next time. So nothing is counted while it changes, and
nobody who changes waits for more than one batch.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from hoctap.activities.enums import Part, SessionState
from hoctap.activities.models import Activity, Attendance, Session, Tally
from hoctap.kernel import clock

BATCH = 500
MOST = 100_000  # at one time
_SLOTS, _LOCK = 64, 0x74616C6C  # "tall"; both as in migration 0006

_COUNT = """
INSERT INTO activities_tally (activity_id, first, last, most, times, people)
SELECT s.activity_id, min(s.starts_at), max(s.starts_at), max(s.unnamed), sum(s.unnamed) + sum(cardinality(c.people)),
  coalesce((
    SELECT array_agg(DISTINCT t.person_id) FROM activities_session x
    JOIN activities_attendance t ON t.session_id = x.id AND t.present AND t.part = %(learner)s
    WHERE x.activity_id = s.activity_id AND x.state = %(held)s), '{}')
FROM activities_session s
CROSS JOIN LATERAL (
  SELECT ARRAY(
    SELECT t.person_id FROM activities_attendance t
    WHERE t.session_id = s.id AND t.present AND t.part = %(learner)s) AS people
) AS c
WHERE s.activity_id = ANY(%(activities)s) AND s.state = %(held)s
GROUP BY s.activity_id
ON CONFLICT DO NOTHING
"""


def count_missing() -> int:
    """Count what is over and not counted; how many activities. One whose slot somebody is changing is left."""
    held = Session.objects.filter(activity=OuterRef("pk"), state=SessionState.HELD)
    over = Activity.objects.filter(Exists(held), tally=None, is_template=False, ends_on__lt=clock.today())
    slots: dict[int, list[int]] = defaultdict(list)
    for pk in over.order_by("pk").values_list("pk", flat=True)[:MOST]:
        slots[pk % _SLOTS].append(pk)
    return sum(
        _count(slot, pks[start : start + BATCH])
        for slot, pks in slots.items()
        for start in range(0, len(pks), BATCH)
    )


def _count(slot: int, activities: Collection[int]) -> int:
    given: dict[str, Any] = {"activities": [*activities], "learner": Part.LEARNER, "held": SessionState.HELD}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [_LOCK, slot])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(_COUNT, given)  # a statement of its own: it sees what was there when the lock was free
        return cursor.rowcount


def wrong() -> Iterator[str]:
    """Names of activities whose kept count is not what their sessions and marks say, counted by plain code."""
    last = 0
    while kept := list(Tally.objects.filter(pk__gt=last).select_related("activity").order_by("pk")[:BATCH]):
        last = kept[-1].pk
        yield from _wrong(kept)


def _wrong(kept: Sequence[Tally]) -> Iterator[str]:
    sessions: dict[int, list[Session]] = defaultdict(list)
    for session in Session.objects.filter(activity__in=[tally.pk for tally in kept], state=SessionState.HELD):
        sessions[session.activity_id].append(session)
    came: dict[int, list[int]] = defaultdict(list)
    held = [session.pk for of_one in sessions.values() for session in of_one]
    marks = Attendance.objects.filter(session__in=held, present=True, part=Part.LEARNER)
    for activity, person in marks.values_list("session__activity", "person"):
        came[activity].append(person)
    for tally in kept:
        of_it, persons = sessions[tally.pk], came[tally.pk]
        starts, unnamed = [s.starts_at for s in of_it], [s.unnamed for s in of_it]
        span = (min(starts, default=None), max(starts, default=None))
        true = (*span, max(unnamed, default=0), sum(unnamed) + len(persons), sorted({*persons}))
        if true != (tally.first, tally.last, tally.most, tally.times, sorted(tally.people)):
            yield tally.activity.name
