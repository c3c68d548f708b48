"""Đưa nhu cầu vào kế hoạch: from a topic that people want to an activity with them on its list."""

import secrets
import uuid
from collections.abc import Iterable

from django.db import transaction

from hoctap.activities import needs
from hoctap.activities.actions.recording import ActivityData, record_activity
from hoctap.activities.models import Activity, Need, Registration, Survey, Topic
from hoctap.kernel import journal
from hoctap.kernel.errors import Refusal
from hoctap.orgs.models import Seat

ROOM = 2000  # persons put on a list at once


@transaction.atomic
def plan_from_needs(
    *, seat: Seat, survey: Survey, topic: Topic, data: ActivityData, token: uuid.UUID
) -> tuple[Activity, int]:
    """A planned activity of the seat's own unit; persons of it and of units under it who asked are put on its list, as many
    as it has room for, who answered first first. Gives it and how many; the same ``token`` again makes no second one."""
    if any(session.held for session in data.sessions) or not data.sessions:
        raise Refusal("Ghi ngày dự kiến của buổi đầu.", [("Ngày, giờ buổi đầu", "Ghi ngày dự kiến.")])
    made = Activity.objects.filter(token=token, host=seat.unit).first()
    if made:
        return made, made.registrations.count()
    activity = record_activity(seat=seat, host=seat.unit, data=data, token=token)
    asked = needs.askers(survey, topic, seat.unit_id)
    asked.sort(key=lambda need: need.pk)
    count = _put_on_list(activity, asked[: min(ROOM, data.capacity or ROOM)], seat)
    journal.record("need.plan", activity, seat=seat, survey=survey.pk, people=count)
    return activity, count


def _put_on_list(activity: Activity, asked: Iterable[Need], seat: Seat) -> int:
    rows = [
        Registration(
            activity=activity,
            person=need.person,
            unit_id=need.unit_id,
            token=secrets.token_hex(16),
            seat=seat,
        )
        for need in asked
    ]
    return len(Registration.objects.bulk_create(rows))
