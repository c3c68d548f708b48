"""Hoạt động dưới một nút tổng hợp: counted nowhere yet, and why; not yet said to have been held; held together, and where
each counts."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from hoctap.activities import queries as activity_queries
from hoctap.activities.models import Activity
from hoctap.desk.access import needs
from hoctap.desk.fields import whole
from hoctap.desk.render import page
from hoctap.desk.reports.deeds import activities, open_to
from hoctap.desk.reports.forms import read_reason
from hoctap.desk.reports.views import found
from hoctap.desk.rollup.screen import spec_of
from hoctap.forms.spec import FormSpec
from hoctap.indicators.collecting import collect
from hoctap.kernel.errors import Refusal
from hoctap.obligations.models import Obligation
from hoctap.orgs import roles
from hoctap.orgs.models import Seat
from hoctap.reports import deeds, queries
from hoctap.reports.actions import move_deed
from hoctap.reports.filling import sources_of

SHOWN = 200
WHOLE_TREE = 1000  # above so many below a node, its page speaks of itself and of those who report to it


@dataclass(frozen=True)
class Row:
    """One activity. ``at``: the obligation it counts at, ``counts``: in what this sent; ``choices``: who may count it;
    ``why`` nobody does; ``opens``: to this seat."""

    activity: Activity
    at: Obligation | None
    decided: bool
    counts: bool
    choices: list[Obligation]
    opens: bool
    why: str = ""


@needs(roles.VIEW)
def below(request: HttpRequest, pk: int) -> HttpResponse:
    node = found(request, pk)
    spec = spec_of(node)
    if spec is None:
        raise Http404
    nowhere, together = _rows(request.seat, node, spec)
    days = deeds.period(node.round)
    hosts = Obligation.objects.filter(pk__in=_asked(node)).values("unit")
    unsaid = (
        activity_queries.hosts_unsaid(hosts, days).select_related("host") if days else Activity.objects.none()
    )
    context = {
        "node": node,
        "unsaid": list(unsaid.order_by("starts_on", "pk")[:SHOWN]),
        "nowhere": nowhere[:SHOWN],
        "together": together[:SHOWN],
        "more": max(len(nowhere) - SHOWN, 0),
        "partly": node.below > WHOLE_TREE,
        "may_move": node.unit_id == request.seat.unit_id
        and node.round.closed_at is None
        and roles.may(request.seat.role, roles.RECEIVE_REPORT),
    }
    return page(request, "rollup/deeds.html", **context)


@needs(roles.RECEIVE_REPORT, methods=("POST",))
def move(request: HttpRequest, pk: int, activity_pk: int) -> HttpResponse:
    """Chuyển sang tính tại đơn vị khác: the common consolidator's word."""
    node = found(request, pk)
    to = Obligation.objects.filter(pk=whole(request.POST.get("to", "")) or 0, round=node.round_id)
    chosen = to.select_related("unit").first()
    activity = Activity.objects.filter(pk=activity_pk).first()
    if activity is None or not deeds.found(node.round, _asked(node)).count(activity_pk):
        raise Http404
    try:
        if chosen is None:
            raise Refusal(_("Chọn đơn vị tính hoạt động này."))
        move_deed(
            seat=request.seat, node=node, activity=activity, to=chosen, reason=read_reason(request.POST)
        )
        messages.success(request, _("Từ nay tính tại %(unit)s.") % {"unit": chosen.unit.name})
    except Refusal as refusal:
        messages.error(request, refusal.message)
    return redirect("consolidation-deeds", pk)


def _asked(node: Obligation) -> list[int]:
    """The node and all below it; of a very wide one only who reports to it."""
    below = Obligation.objects.filter(round=node.round_id)
    chosen = (
        below.filter(path__startswith=node.path) if node.below <= WHOLE_TREE else below.filter(parent=node)
    )
    return [node.pk, *chosen.exclude(pk=node.pk).values_list("pk", flat=True)]


def _rows(seat: Seat, node: Obligation, spec: FormSpec) -> tuple[list[Row], list[Row]]:
    """Counted nowhere; and held by several, counted somewhere or not. What was decided counts once it is sent there."""
    known = deeds.read(node.round, deeds.found(node.round, _asked(node)))
    listed = {deed.activity: deed for deed in known if deed.counted is None or len(deed.candidates) > 1}
    named = {pk for deed in listed.values() for pk in (*deed.candidates, deed.counted) if pk}
    owed = Obligation.objects.filter(pk__in=named).select_related("unit", "report__sent").in_bulk()
    codes = {cell.indicator for cell in spec.cells if not cell.derived}
    days = deeds.period(node.round)
    opens = open_to(seat, listed)
    sent = {pk: _sent(obligation) for pk, obligation in owed.items()}
    alone = collect({deed.activity: [deed.activity] for deed in listed.values()}, *days) if days else {}
    nowhere, together = [], []
    for activity in activities(listed):
        deed = listed[activity.pk]
        choices = [owed[one] for one in deed.candidates]
        at = owed.get(deed.counted or 0)
        counts = at is not None and activity.pk in sent[at.pk]
        row = Row(activity, at, deed.decided, counts, choices, activity.pk in opens)
        if not row.counts:
            fits = bool(codes & alone[activity.pk].keys())
            nowhere.append(replace(row, why=_why([at] if at else choices, fits)))
        if len(choices) > 1:
            together.append(row)
    return nowhere, together


def _sent(obligation: Obligation) -> set[int]:
    """The activities in what it sent."""
    report = queries.report_of(obligation)
    return sources_of(report.sent.content) if report and report.sent else set()


def _why(choices: list[Obligation], fits: bool) -> str:
    if not fits:
        return _("Biểu của đợt không có dòng cho loại hoạt động này.")
    sent = {
        o.unit.short_name: report.sent for o in choices if (report := queries.report_of(o)) and report.sent
    }
    waiting = [o.unit.short_name for o in choices if o.unit.short_name not in sent]
    if waiting:
        return _("Chờ %(units)s gửi báo cáo.") % {"units": ", ".join(waiting)}
    typed = [unit for unit, revision in sent.items() if not revision.content.get("facts")]
    if typed:
        return _("%(units)s gửi số gõ tay, không lấy từ sổ hoạt động; có thể đã gồm hoạt động này.") % {
            "units": ", ".join(typed)
        }
    return _("Vào sổ sau khi %(units)s đã gửi; đơn vị gửi bản sửa thì được tính.") % _units(sent)


def _units(sent: Mapping[str, object]) -> dict[str, str]:
    return {"units": ", ".join(sent)}
