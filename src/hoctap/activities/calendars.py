"""Lịch: activities as iCalendar, one by one or as a feed of a unit or a person, at addresses nobody can guess.

An address is signed, not kept: it opens what it names and nothing else, and holds as long as the site's key does.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.core import signing
from django.db.models import Q, QuerySet
from icalendar import Calendar, Event

from hoctap.activities.enums import Opening, RegistrationState, SessionState
from hoctap.activities.models import Activity, Registration, Session
from hoctap.kernel import clock

BACK = timedelta(days=90)  # how long what is past stays in a feed
MOST = 500  # sessions in one feed
_SALT = "hoctap.calendar"
KINDS = ("activity", "unit", "person")


def path_of(kind: str, pk: int) -> str:
    """The secret address of a calendar: of an activity, a unit or a person, by its id."""
    return f"/lich/{signing.Signer(salt=_SALT).sign(f'{kind[0]}{pk}').replace(':', '.')}.ics"


def sessions_at(token: str) -> Iterable[Session] | None:
    """The sessions behind an address; None where it was not made here."""
    named, _, signature = token.partition(".")
    try:
        value = signing.Signer(salt=_SALT).unsign(f"{named}:{signature}")
    except signing.BadSignature:
        return None
    kind = next(kind for kind in KINDS if kind[0] == value[0])
    return _sessions(kind, int(value[1:]))


def _sessions(kind: str, pk: int) -> Iterable[Session]:
    rows = Session.objects.filter(activity__is_template=False).select_related("activity__host")
    if kind == "activity":
        rows = rows.filter(activity=pk)
    else:
        rows = rows.filter(starts_at__gte=clock.now() - BACK)
        if kind == "unit":
            rows = rows.filter(Q(activity__host=pk) | Q(activity__co_hosts__unit=pk)).distinct()
        else:
            mine = Registration.objects.filter(
                Q(person=pk) | Q(person__merged_into=pk),
                state=RegistrationState.TAKEN,
                person__erased_at=None,
            )
            rows = rows.filter(activity__in=mine.values("activity"))
    return _nearest(rows)


def _nearest(rows: QuerySet[Session]) -> list[Session]:
    """The next ``MOST`` from today on, in order; where that leaves room, before them the latest of what is past."""
    today = clock.dawn()
    coming = list(rows.filter(starts_at__gte=today).order_by("starts_at", "pk")[:MOST])
    past = rows.filter(starts_at__lt=today).order_by("-starts_at", "-pk")[: MOST - len(coming)]
    return [*reversed(past), *coming]


def written(sessions: Iterable[Session]) -> bytes:
    """As text/calendar: each session an event, and each closing moment of a registration one."""
    calendar = Calendar()
    calendar.add("prodid", "-//Hoctap//vi")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "Hoctap")
    closing: dict[int, Activity] = {}
    for session in sessions:
        calendar.add_component(_event(session))
        activity = session.activity
        if activity.registration_ends_at and activity.opening != Opening.CLOSED:
            closing[activity.pk] = activity
    for activity in closing.values():
        calendar.add_component(_deadline(activity))
    return calendar.to_ical()


def when(session: Session) -> str:
    """``18:30 ngày 07/10/2023``; a whole day without its hour."""
    starts = session.starts_at.astimezone(clock.VIETNAM)
    return f"ngày {starts:%d/%m/%Y}" if session.whole_day else f"{starts:%H:%M} ngày {starts:%d/%m/%Y}"


def over_at(session: Session) -> datetime:
    """When it is over: two hours after it began where nothing is said, a whole day at midnight."""
    if session.whole_day:
        return clock.start_of(session.starts_at.astimezone(clock.VIETNAM).date() + timedelta(days=1))
    return session.ends_at or session.starts_at + timedelta(hours=2)


def _event(session: Session) -> Event:
    activity = session.activity
    event = _named(f"buoi-{session.pk}", activity, activity.name)
    if session.whole_day:
        day = session.starts_at.astimezone(clock.VIETNAM).date()
        event.add("dtstart", day)
        event.add("dtend", day + timedelta(days=1))
    else:  # UTC: a named time zone would have to be described beside it (RFC 5545, 3.2.19)
        event.add("dtstart", session.starts_at.astimezone(UTC))
        event.add("dtend", over_at(session).astimezone(UTC))
    if session.place:
        event.add("location", session.place)
    if session.online_link:
        event.add("url", session.online_link)
    cancelled = session.state == SessionState.CANCELLED or activity.cancelled_at
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    notes = [activity.host.name, activity.cancelled_reason or session.note, activity.description]
    event.add("description", "\n".join(note for note in notes if note))
    return event


def _deadline(activity: Activity) -> Event:
    event = _named(f"han-{activity.pk}", activity, f"Hết hạn đăng ký: {activity.name}")
    ends = activity.registration_ends_at and activity.registration_ends_at.astimezone(UTC)
    event.add("dtstart", ends)
    event.add("dtend", ends)
    event.add("transp", "TRANSPARENT")
    event.add("status", "CANCELLED" if activity.cancelled_at else "CONFIRMED")
    return event


def _named(uid: str, activity: Activity, summary: str) -> Event:
    """``sequence`` grows with every change, as calendars want it to take one in."""
    event = Event()
    host = settings.SITE_URL.partition("://")[2] or "hoctap.local"
    event.add("uid", f"{uid}@{host}")
    event.add("summary", summary)
    event.add("dtstamp", activity.changed_at)
    event.add("last-modified", activity.changed_at)
    event.add("sequence", max(0, int((activity.changed_at - activity.made_at).total_seconds())))
    return event
