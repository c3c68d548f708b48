"""The form of an activity with its sessions and its co-hosts, as it was opened or sent."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from hoctap.activities import actions, queries
from hoctap.activities.actions import ActivityData
from hoctap.activities.models import Activity
from hoctap.desk.activities.forms import ROWS, ActivityForm, SessionForm, blank, filled, session_values
from hoctap.desk.fields import whole
from hoctap.desk.obligations.screen import picked_units, unknown_units
from hoctap.desk.picking import Group
from hoctap.directives import rules as directive_rules
from hoctap.directives.models import Directive
from hoctap.orgs.models import Unit
from hoctap.orgs.queries import search_units

SUGGESTED, FOUND = 6, 30


@dataclass
class Written:
    """``goes_on``: somebody only asked for one more session or searched a unit. ``recorded``: what it made before."""

    form: ActivityForm
    rows: list[SessionForm]
    co_hosts: list[Unit]
    groups: list[Group]
    units_text: str
    text: str
    goes_on: bool
    is_ready: bool
    warnings: list[str] = field(default_factory=list)
    recorded: Activity | None = None

    def data(self) -> ActivityData:
        """Of a form that is ready."""
        sessions = [row.data_for() for row in self.rows if not row.is_blank()]
        return self.form.data_for(sessions, self.co_hosts)

    def context(self) -> dict:
        return {
            "form": self.form,
            "rows": self.rows,
            "groups": self.groups,
            "ticked": {unit.pk for unit in self.co_hosts},
            "units_text": self.units_text,
            "text": self.text,
            "warnings": self.warnings,
            "recorded": self.recorded,
            "asked": self.form.asked(),
        }


def written(
    request: HttpRequest, *, activity: Activity | None = None, source: Activity | None = None
) -> Written:
    """``activity``: what is changed (then there are no rows of sessions); ``source``: what is done again."""
    post, seat = request.POST, request.seat
    sent = request.method == "POST"
    goes_on = sent and ("more" in post or "find" in post)
    data = actions.again(source) if source else None
    host = activity.host if activity else seat.unit
    initial = blank(seat) | _briefing(request)
    if activity or data:
        initial |= filled(activity or data, host)
    if goes_on:
        initial = post.dict()  # as typed, nothing said about it yet
    form = ActivityForm(
        post if sent and not goes_on else None,
        initial=initial,
        seat=seat,
        host=host,
    )
    if sent:
        co_hosts, unknown = picked_units(post, "units", post.getlist("unit"))
    else:
        co_hosts, unknown = _co_hosts(activity, data), []
    rows = [] if activity else _rows(request, data)
    is_ready = sent and not goes_on
    if is_ready:
        sound = [form.is_valid(), *(row.is_valid() for row in rows)]
        if unknown:
            form.add_error(None, unknown_units(unknown))
        is_ready = all(sound) and not unknown
    text = post.get("tim", "").strip()[:100]
    groups = _groups(host, co_hosts, text)
    return Written(form, rows, co_hosts, groups, post.get("units", ""), text, goes_on, is_ready)


def _briefing(request: HttpRequest) -> dict:
    """Of a document that the form was opened from: told to people."""
    about = Directive.objects.filter(
        directive_rules.visible(request.seat), pk=whole(request.GET.get("van-ban", ""))
    )
    document = about.first()
    if document is None:
        return {}
    return {
        "kind": "news.briefing",
        "document": document.number_label,
        "name": _("Phổ biến %(what)s") % {"what": document},
    }


def _co_hosts(activity: Activity | None, data: ActivityData | None) -> list[Unit]:
    if activity:
        return [Unit(**one) for one in activity.with_units]  # type: ignore[attr-defined]
    return list(data.co_hosts) if data else []


def _rows(request: HttpRequest, data: ActivityData | None) -> list[SessionForm]:
    """As many as were sent, and one more where that was asked for; those of the source; else one."""
    if request.method != "POST":
        given = [session_values(session) for session in data.sessions] if data else [{}]
        return [SessionForm(prefix=f"b{n}", initial=values) for n, values in enumerate(given or [{}])]
    post, count = request.POST, min(ROWS, max(1, whole(request.POST.get("rows", "")) or 1))
    if "more" not in post and "find" not in post:
        return [SessionForm(post, prefix=f"b{n}") for n in range(count)]
    typed = [{name: post.get(f"b{n}-{name}", "") for name in SessionForm.base_fields} for n in range(count)]
    if "more" in post and count < ROWS:
        typed.append(
            {name: typed[-1][name] for name in ("start", "end", "place", "link")} | _day_after(typed)
        )
    return [SessionForm(prefix=f"b{n}", initial=values) for n, values in enumerate(typed)]


def _day_after(typed: list[dict]) -> dict[str, date]:
    """The day of one more session: as long after the last as that one after the one before, else a week."""
    try:
        days = [SessionForm.base_fields["day"].clean(row["day"]) for row in typed[-2:]]
    except ValidationError:
        return {}
    if not days[-1]:
        return {}
    step = days[-1] - days[0] if len(days) == 2 and days[0] and days[-1] > days[0] else timedelta(days=7)
    return {"day": days[-1] + step}


def _groups(host: Unit, picked: list[Unit], text: str) -> list[Group]:
    """Units to tick: those chosen, what the search finds, else those one worked with before."""
    known = {unit.pk for unit in picked} | {host.pk}
    if text:
        offered = Group(_("Kết quả tìm"), [u for u in search_units(text, FOUND) if u.pk not in known])
    else:
        before = queries.co_hosts_before(host, SUGGESTED)
        offered = Group(_("Đã phối hợp gần đây"), [unit for unit in before if unit.pk not in known])
    groups = [Group(_("Đã chọn"), picked)] if picked else []
    return [*groups, offered] if offered.units or text else groups
