"""Danh sách lớp: the officer enrols people, gives them their part, lets them go."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from hoctap.activities import attending, calendars, rules
from hoctap.activities.actions import registering
from hoctap.activities.enums import Opening, Part, RegistrationState
from hoctap.activities.models import Activity
from hoctap.desk.access import needs
from hoctap.desk.fields import choices, whole
from hoctap.desk.render import page
from hoctap.kernel.errors import Refusal
from hoctap.orgs import roles

MOST_FOUND = 50


@needs(roles.MARK_ATTENDANCE, methods=("GET", "POST"))
def roll(request: HttpRequest, pk: int) -> HttpResponse:
    """Who has a place, who waits; people of the units to add."""
    activity = Activity.objects.select_related("host").filter(pk=pk).first()
    if activity is None or not rules.may_mark(request.seat, activity):
        raise Http404
    if request.method == "POST":
        try:
            messages.success(request, _change(request, activity))
        except Refusal as refusal:
            messages.error(request, refusal.message)
        return redirect("registrations", pk)
    return page(request, "attendance/roll.html", **_shown(request, activity))


def _change(request: HttpRequest, activity: Activity) -> str:
    gone = whole(request.POST.get("rut", ""))
    if gone:
        row = activity.registrations.filter(pk=gone).first()
        if row:
            registering.give_up(registration=row, seat=request.seat)
        return _("Đã rút khỏi danh sách.")
    part = request.POST.get("part", "")
    ids = [pk for pk in map(whole, request.POST.getlist("person")) if pk]
    people = list(attending.people_for(activity, request.seat).filter(pk__in=ids))
    if not people:
        raise Refusal(_("Chưa chọn ai. Đánh dấu người cần ghi danh rồi bấm lại."))
    for person in people:
        registering.register(
            seat=request.seat, activity=activity, person=person,
            part=Part(part) if part in Part.values else Part.LEARNER,
        )  # fmt: skip
    return _("Đã ghi danh %(n)s người.") % {"n": len(people)}


def _shown(request: HttpRequest, activity: Activity) -> dict:
    rows = activity.registrations.select_related("person", "unit").filter(person__erased_at=None)
    text = request.GET.get("tim", "").replace("\0", "").strip()[:100]
    inside = rows.exclude(state=RegistrationState.GIVEN_UP)
    waiting = list(inside.filter(state=RegistrationState.WAITING).order_by("at", "pk"))
    people = attending.listed_for(
        activity, request.seat, text, without=set(inside.values_list("person", flat=True)), most=MOST_FOUND
    )
    taken = [row for row in inside.order_by("person__sort_key", "pk") if row.state == RegistrationState.TAKEN]
    return {
        "activity": activity,
        "taken": taken,
        "waiting": waiting,
        "left": None if activity.capacity is None else max(0, activity.capacity - _learners(taken)),
        "people": people,
        "most": MOST_FOUND,
        "may_keep_people": roles.may(request.seat.role, roles.KEEP_PEOPLE),
        "text": text,
        "parts": choices(Part),
        "changing": whole(request.GET.get("vai", "")),
        "open": registering.is_open(activity),
        "is_offered": activity.opening != Opening.CLOSED,
        "calendar": calendars.path_of("activity", activity.pk),
    }


def _learners(rows) -> int:
    return sum(row.part == Part.LEARNER for row in rows)
