"""What the pages of activities show."""

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from hoctap.activities import queries, rules
from hoctap.activities.actions.checking import crowding
from hoctap.activities.enums import CostSource, EvidenceKind, Family, Opening, SessionState
from hoctap.activities.models import Activity, Quantity, Session
from hoctap.desk.fields import choices, whole
from hoctap.directives import rules as directive_rules
from hoctap.kernel import clock
from hoctap.orgs import roles

PAGE = 50
NARROWS = ("nhom", "tinh-trang", "don-vi", "tim", "van-ban")
ICONS = {
    Family.CLASS: "grad",
    Family.TALK: "talk",
    Family.CONTEST: "trophy",
    Family.CULTURE: "music",
    Family.BOOKS: "book",
    Family.NEWS: "news",
    Family.CEREMONY: "users",
    Family.OTHER: "plus",
}


@dataclass(frozen=True)
class State:
    """How far an activity is: the look of its tag and the word on it."""

    kind: str
    word: str


def states() -> dict[str, State]:
    return {
        queries.COMING: State("none", _("Sắp tới")),
        queries.UNSAID: State("wait", _("Chờ xác nhận")),
        queries.HELD: State("ok", _("Đã diễn ra")),
        queries.CANCELLED: State("recall", _("Đã hủy")),
    }


def filters_of(request: HttpRequest) -> queries.Filters:
    """A value that cannot be is as good as none."""
    given = request.GET
    family, state = given.get("nhom", ""), given.get("tinh-trang", "")
    return queries.Filters(
        family=family if family in Family.values else "",
        state=state if state in queries.STATES else "",
        unit=whole(given.get("don-vi", "")),
        text=given.get("tim", "").replace("\0", "").strip()[:100],
        templates=bool(given.get("mau")),
        document=whole(given.get("van-ban", "")),
    )


_LINE = (
    "pk", "name", "starts_on", "ends_on", "cancelled_at", "turns", "held", "open", "unsaid",
    "host__short_name", "kind__name",
)  # fmt: skip


def listing(request: HttpRequest) -> dict:
    filters = filters_of(request)
    rows = queries.with_turns(queries.listed(request.seat, filters))
    rows = queries.latest_first(rows, _after(request.GET.get("sau", "")))
    shown = list(rows.values_list(*_LINE, named=True)[: PAGE + 1])
    more, shown = len(shown) > PAGE, shown[:PAGE]
    named = states()
    return {
        "rows": [(row, named[queries.state_of(row)]) for row in shown],
        "next": _next(request, shown[-1]) if more else "",
        "turns": queries.total_turns(rows) if filters.document else None,
        "filters": filters,
        "families": choices(Family),
        "states": [(key, state.word) for key, state in named.items()],
        "narrowed": filters != queries.Filters(),
        "views": views(request, "list"),
        "units": queries.hosts_near(request.seat),
        "may_record": roles.may(request.seat.role, roles.RECORD_ACTIVITY),
        "may_keep_people": roles.may(request.seat.role, roles.KEEP_PEOPLE),
    }


def views(request: HttpRequest, current: str) -> list[tuple[str, str, bool]]:
    """The switch between the ways to look at the same activities; what narrows goes along."""
    named = (
        ("list", _("Danh sách"), "activities"),
        ("month", _("Tháng"), "activities-month"),
        ("agenda", _("Lịch theo ngày"), "activities-agenda"),
    )
    return [(words, narrowed(reverse(name), request), key == current) for key, words, name in named]


def narrowed(address: str, request: HttpRequest, **more: str) -> str:
    """The address with what the page is narrowed to."""
    kept = {name: request.GET[name] for name in NARROWS if request.GET.get(name)} | more
    return f"{address}?{urlencode(kept)}" if kept else address


def _after(text: str) -> tuple[date | None, int] | None:
    day, _dot, pk = text.partition(".")
    number = whole(pk)
    if number is None:
        return None
    try:
        return (date.fromisoformat(day) if day else None), number
    except ValueError:
        return None


def _next(request: HttpRequest, last: Any) -> str:
    query = request.GET.copy()
    query["sau"] = f"{last.starts_on.isoformat() if last.starts_on else ''}.{last.pk}"
    return f"?{query.urlencode()}"


def activity(request: HttpRequest, activity: Activity) -> dict:
    """``activity`` as found (``queries.whole``); sessions and evidence each in one query."""
    names = (
        Quantity.objects.in_bulk(list(activity.quantities), field_name="code") if activity.quantities else {}
    )
    sessions = list(activity.sessions.order_by("starts_at", "pk"))
    evidence = list(activity.evidence.filter(removed_at=None).order_by("pk"))
    shut = [row for row in evidence if row.kind == EvidenceKind.FILE]
    if shut and rules.sees(request.seat, activity):
        shut = []
    document = activity.document
    powers = rules.powers(request.seat, activity)
    return {
        "activity": activity,
        "state": states()[queries.state_of(activity)],
        "turns": activity.turns,  # type: ignore[attr-defined]
        "people": activity.people,  # type: ignore[attr-defined]
        "held": activity.held,  # type: ignore[attr-defined]
        "host_then": activity.host_then or activity.host.name,  # type: ignore[attr-defined]
        "sessions": sessions,
        "session_states": session_states(),
        "now": clock.now(),
        "warnings": crowded(activity, sessions),
        "costs": [(_(CostSource(one["source"]).label), one["amount"]) for one in activity.paid],  # type: ignore[attr-defined]
        "quantities": [(names[code], n) for code, n in activity.quantities.items() if code in names],
        "document_url": reverse("directive", args=[document.pk])
        if document and directive_rules.can_see(request.seat, document)
        else "",
        "photos": [row for row in evidence if row.kind == EvidenceKind.PHOTO],
        "others": [row for row in evidence if row.kind != EvidenceKind.PHOTO and row not in shut],
        "shut": len(shut),
        "token": uuid.uuid4(),
        "may_change": powers.change,
        "may_certify": powers.certify,
        "may_record": roles.may(request.seat.role, roles.RECORD_ACTIVITY),
        "has_roll": powers.mark and _is_marked(activity),
        "is_open": activity.opening != Opening.CLOSED,
    }


def _is_marked(activity: Activity) -> bool:
    """Whether people are on its list and marked at its sessions."""
    return activity.kind.with_people and not activity.is_template and not activity.cancelled_at


def session_states() -> dict[str, State]:
    looks = {SessionState.PLANNED: "none", SessionState.HELD: "ok", SessionState.CANCELLED: "recall"}
    return {value: State(looks[SessionState(value)], words) for value, words in choices(SessionState)}


def crowded(activity: Activity, sessions: list[Session]) -> list[str]:
    """What was recorded and can hardly be, until somebody corrects it."""
    found = []
    for session in sessions:
        found += crowding(session.unnamed, activity.capacity)
    return found
