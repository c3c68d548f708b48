"""Làm lại một hoạt động: a year later, the next of a series, from a template; nobody and no evidence goes along."""

import uuid
from dataclasses import replace
from datetime import date, timedelta

from hoctap.activities.actions.recording import record_activity
from hoctap.activities.actions.saying import ActivityData, SessionData
from hoctap.activities.enums import Opening, PartnerKind, SessionState, TrainingForm
from hoctap.activities.models import Activity
from hoctap.kernel import clock
from hoctap.orgs.models import Seat, Unit

YEAR = timedelta(weeks=52)  # so that a Saturday stays a Saturday


def copy_activity(
    *,
    seat: Seat,
    activity: Activity,
    first_day: date | None = None,
    host: Unit | None = None,
    series: str | None = None,
    is_template: bool = False,
    token: uuid.UUID | None = None,
) -> Activity:
    """Planned anew with its co-hosts and partners, its sessions so many days apart as before, the first on ``first_day``
    (else the same weekday a year later). ``host``: who holds it now (else the same). Refusal as of ``record_activity``."""
    data = replace(again(activity, first_day), is_template=is_template)
    if series is not None:
        data = replace(data, series=series.strip()[:120])
    return record_activity(seat=seat, host=host or activity.host, data=data, token=token)


def again(activity: Activity, first_day: date | None = None) -> ActivityData:
    """What ``copy_activity`` would record, for a form that shows it first."""
    by = _shift(activity, first_day)
    ends_at = activity.registration_ends_at
    return ActivityData(
        kind=activity.kind,
        name=activity.name,
        sessions=tuple(_sessions(activity, by)),
        topic=activity.topic,
        audience=activity.audience,
        training_form=TrainingForm(activity.training_form),
        co_hosts=tuple(row.unit for row in activity.co_hosts.select_related("unit")),
        partners=tuple((row.name, PartnerKind(row.kind)) for row in activity.partners.order_by("pk")),
        document=activity.document,
        document_text=activity.document_text,
        description=activity.description,
        capacity=activity.capacity,
        opening=Opening(activity.opening),
        registration_ends_at=ends_at + by if ends_at else None,
        series=activity.series,
        copied_from=activity,
    )


def _shift(activity: Activity, first_day: date | None) -> timedelta:
    if activity.starts_on is None or first_day is None:
        return YEAR
    return first_day - activity.starts_on


def _sessions(activity: Activity, by: timedelta) -> list[SessionData]:
    return [
        SessionData(
            session.starts_at.astimezone(clock.VIETNAM) + by,
            session.ends_at.astimezone(clock.VIETNAM) + by if session.ends_at else None,
            session.whole_day,
            session.place,
            session.online_link,
        )
        for session in activity.sessions.exclude(state=SessionState.CANCELLED).order_by("starts_at", "pk")
    ]
