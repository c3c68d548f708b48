"""Đưa nhu cầu vào kế hoạch: from a topic that people want to an activity with them on its list."""

import uuid

from django.db import transaction

from hoctap.activities import needs
from hoctap.activities.actions.recording import ActivityData, record_activity
from hoctap.activities.actions.registering import register
from hoctap.activities.enums import RegistrationState
from hoctap.activities.models import Activity, Survey, Topic
from hoctap.kernel import journal
from hoctap.kernel.errors import Refusal
from hoctap.orgs.models import Seat

MOST = 300  # persons put on a list at once


@transaction.atomic
def plan_from_needs(
    *, seat: Seat, survey: Survey, topic: Topic, data: ActivityData, token: uuid.UUID
) -> tuple[Activity, int, int]:
    """A planned activity of the seat's own unit; persons of it and of units under it who asked are put on its list, who
    answered first first, at most ``MOST``; those beyond its capacity wait.

    Gives it, how many have a place, and how many wait; the same ``token`` again makes no second one.
    """
    if any(session.held for session in data.sessions) or not data.sessions:
        raise Refusal("Ghi ngày dự kiến của buổi đầu.", [("Ngày, giờ buổi đầu", "Ghi ngày dự kiến.")])
    is_new = not Activity.objects.filter(token=token).exists()
    activity = record_activity(seat=seat, host=seat.unit, data=data, token=token)
    if is_new:
        asked = sorted(needs.askers(survey, topic, seat.unit_id), key=lambda need: need.pk)
        for need in asked[:MOST]:
            if need.person:
                register(seat=seat, activity=activity, person=need.person)
        journal.record("need.plan", activity, seat=seat, survey=survey.pk)
    states = list(activity.registrations.values_list("state", flat=True))
    return activity, states.count(RegistrationState.TAKEN), states.count(RegistrationState.WAITING)
