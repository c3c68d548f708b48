"""Lịch hoạt động: a month on one page, or one session after the other; with the closing moments of registrations."""

import calendar
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.functions import RowNumber, TruncDate
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from hoctap.activities import calendars, queries
from hoctap.activities.enums import Family, Opening
from hoctap.activities.models import Activity, Session
from hoctap.desk.access import needs
from hoctap.desk.activities import screen
from hoctap.desk.fields import choices, whole
from hoctap.desk.render import page
from hoctap.kernel import clock
from hoctap.orgs import roles

A_DAY, PAGE = 4, 60
MOST_CLOSING = 200
_LINE = ("pk", "starts_at", "whole_day", "state", "activity_id", "activity__name", "activity__cancelled_at")


@dataclass(frozen=True)
class Day:
    """``more``: how many sessions stand behind those shown."""

    on: date
    sessions: list[Any]  # _LINE
    closing: list[Activity]  # whose registration ends
    count: int
    inside: bool
    url: str

    @property
    def more(self) -> int:
        return self.count - len(self.sessions)


@needs(roles.VIEW)
def month(request: HttpRequest) -> HttpResponse:
    """Tháng."""
    first = _month(request.GET.get("thang", ""))
    weeks = calendar.Calendar().monthdatescalendar(first.year, first.month)
    since, until = clock.start_of(weeks[0][0]), clock.start_of(weeks[-1][-1] + timedelta(days=1))
    rows, closing = _sessions(request, since, until), _closing(request, since, until)
    dated = rows.annotate(on=TruncDate("starts_at", tzinfo=clock.VIETNAM))
    numbered = dated.annotate(
        place_of_day=Window(RowNumber(), partition_by=[F("on")], order_by=["starts_at", "pk"]),
        of_day=Window(Count("pk"), partition_by=[F("on")]),
    ).filter(place_of_day__lte=A_DAY)
    by_day: dict[date, list[Any]] = {}
    for session in numbered.order_by("starts_at", "pk").values_list(*_LINE, "on", "of_day", named=True):
        by_day.setdefault(session.on, []).append(session)
    days = [
        [_day(request, on, by_day.get(on, []), closing.get(on, []), first) for on in week] for week in weeks
    ]
    months = {
        "before": _address(request, thang=f"{first - timedelta(days=1):%Y-%m}"),
        "after": _address(request, thang=f"{first + timedelta(days=31):%Y-%m}"),
        "now": _address(request),
    }
    return page(
        request, "activities/month.html", first=first, weeks=days, today=clock.today(), months=months,
        **_narrowing(request, "month"),
    )  # fmt: skip


@needs(roles.VIEW)
def agenda(request: HttpRequest) -> HttpResponse:
    """Lịch theo ngày: from a day on, page after page."""
    since, after = _since(request)
    rows = _sessions(request, since, None).order_by("starts_at", "pk")
    if after:
        rows = rows.filter(Q(starts_at__gt=since) | Q(starts_at=since, pk__gt=after))
    shown = list(
        rows.values_list(
            *_LINE, "ends_at", "place", "activity__kind__family", "activity__host__short_name", named=True
        )[: PAGE + 1]
    )
    more, shown = len(shown) > PAGE, shown[:PAGE]
    last = shown[-1] if shown else None
    until = last.starts_at if more and last else None
    return page(
        request,
        "activities/agenda.html",
        days=_by_day(shown, _closing(request, since, until)),
        since=since.date(),
        next=_agenda(request, sau=f"{last.starts_at.isoformat()}.{last.pk}") if more and last else "",
        **_narrowing(request, "agenda"),
    )


def _sessions(request: HttpRequest, since: datetime, until: datetime | None) -> QuerySet[Session]:
    listed = queries.listed(request.seat, screen.filters_of(request)).order_by().values("pk")
    rows = Session.objects.filter(activity__in=listed, starts_at__gte=since)
    if until:
        rows = rows.filter(starts_at__lt=until)
    return rows


def _closing(request: HttpRequest, since: datetime, until: datetime | None) -> dict[date, list[Activity]]:
    """Hạn đăng ký, by day."""
    listed = queries.listed(request.seat, screen.filters_of(request)).order_by()
    rows = listed.exclude(opening=Opening.CLOSED).filter(cancelled_at=None, registration_ends_at__gte=since)
    if until:
        rows = rows.filter(registration_ends_at__lt=until)
    days: dict[date, list[Activity]] = {}
    for activity in rows.order_by("registration_ends_at", "pk")[:MOST_CLOSING]:
        days.setdefault(activity.registration_ends_at.astimezone(clock.VIETNAM).date(), []).append(activity)
    return days


def _by_day(
    sessions: list[Any], closing: dict[date, list[Activity]]
) -> list[tuple[date, list[Any], list[Activity]]]:
    days: dict[date, list[Any]] = {}
    for session in sessions:
        days.setdefault(session.starts_at.astimezone(clock.VIETNAM).date(), []).append(session)
    return [(on, days.get(on, []), closing.get(on, [])) for on in sorted(days.keys() | closing.keys())]


def _day(request: HttpRequest, on: date, sessions: list[Any], closing: list[Activity], first: date) -> Day:
    count = sessions[0].of_day if sessions else 0
    return Day(on, sessions, closing, count, on.month == first.month, _agenda(request, tu=on.isoformat()))


def _narrowing(request: HttpRequest, current: str) -> dict:
    return {
        "filters": screen.filters_of(request),
        "families": choices(Family),
        "states": [(key, state.word) for key, state in screen.states().items()],
        "session_states": screen.session_states(),
        "icons": {str(family): look for family, look in screen.ICONS.items()},
        "views": screen.views(request, current),
        "units": queries.hosts_near(request.seat),
        "may_record": roles.may(request.seat.role, roles.RECORD_ACTIVITY),
        "feed": calendars.path_of("unit", request.seat.unit_id),
    }


def _month(text: str) -> date:
    """``2023-10``; anything else is this month."""
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        return clock.today().replace(day=1)
    return first if 1900 < first.year < 2200 else clock.today().replace(day=1)


def _since(request: HttpRequest) -> tuple[datetime, int | None]:
    """The moment to begin at, and behind which session of that moment."""
    moment, _dot, pk = request.GET.get("sau", "").rpartition(".")
    try:
        after = datetime.fromisoformat(moment) if moment else None
        since = date.fromisoformat(request.GET.get("tu", "")) if request.GET.get("tu") else clock.today()
    except ValueError:
        return clock.dawn(), None
    if after and after.tzinfo and whole(pk):
        return after.astimezone(clock.VIETNAM), whole(pk)
    return clock.start_of(since if 1900 < since.year < 2200 else clock.today()), None


def _address(request: HttpRequest, **more: str) -> str:
    return screen.narrowed(reverse("activities-month"), request, **more)


def _agenda(request: HttpRequest, **more: str) -> str:
    return screen.narrowed(reverse("activities-agenda"), request, **more)
