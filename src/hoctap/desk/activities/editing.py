"""Lập kế hoạch, ghi, sửa, hủy, làm lại một hoạt động và các buổi của nó."""

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from hoctap.activities import actions, queries, rules
from hoctap.activities.models import Activity, Session
from hoctap.desk.access import needs
from hoctap.desk.activities import forms
from hoctap.desk.activities.views import found
from hoctap.desk.activities.writing import Written, written
from hoctap.desk.fields import whole
from hoctap.desk.render import page
from hoctap.kernel import clock
from hoctap.kernel.errors import Refusal
from hoctap.orgs import roles


@needs(roles.RECORD_ACTIVITY, methods=("GET", "POST"), has_token=True)
def new(request: HttpRequest) -> HttpResponse:
    """Ghi hoạt động, or plan one; ``?tu=`` fills the form from another one, or from a template."""
    form = written(request, source=_source(request))
    made = _kept(request, form) if form.is_ready else None
    if made:
        messages.success(request, _("Đã ghi hoạt động “%(name)s”.") % {"name": made.name})
        return redirect("activity", made.pk)
    return _page(request, form)


@needs(roles.RECORD_ACTIVITY, methods=("GET", "POST"))
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Sửa hoạt động; sessions are changed on its page."""
    activity = _ours(request, pk)
    form = written(request, activity=activity)
    made = _kept(request, form, activity) if form.is_ready else None
    if made:
        messages.success(request, _("Đã lưu thay đổi."))
        return redirect("activity", pk)
    return _page(request, form, activity)


def _ours(request: HttpRequest, pk: int) -> Activity:
    """One that the seat sees and may change."""
    activity = found(request, pk)
    rules.require_change(request.seat, activity, roles.RECORD_ACTIVITY)
    return activity


def _source(request: HttpRequest) -> Activity | None:
    pk = whole(request.GET.get("tu", ""))
    return found(request, pk) if pk else None


def _kept(request: HttpRequest, form: Written, activity: Activity | None = None) -> Activity | None:
    """The activity as kept; None where a warning is to be confirmed first, or the form says what is wrong."""
    said = form.form.cleaned_data
    try:
        data = form.data()
        form.warnings = [] if said["confirm"] else actions.warnings_of(data)
        if form.warnings:
            return None
        if activity:
            return actions.change_activity(seat=request.seat, activity=activity, data=data, host=said["host"])
        return actions.record_activity(seat=request.seat, host=said["host"], data=data, token=said["token"])
    except Refusal as refusal:
        form.recorded = refusal.first if isinstance(refusal, actions.AlreadyRecorded) else None
        for _place, problem in refusal.places or [("", refusal.message)]:
            form.form.add_error(None, f"{_place}: {problem}" if _place else problem)
        return None


def _page(request: HttpRequest, form: Written, activity: Activity | None = None) -> HttpResponse:
    status = 422 if request.method == "POST" and not form.goes_on else 200
    return page(request, "activities/form.html", status=status, activity=activity, **form.context())


@needs(roles.RECORD_ACTIVITY, methods=("POST",))
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    activity = found(request, pk)
    actions.cancel_activity(seat=request.seat, activity=activity, reason=request.POST.get("reason", ""))
    undo = reverse("activity-reinstate", args=[pk])
    messages.success(request, _("Đã hủy hoạt động."), extra_tags=f"undo:{undo}")
    return redirect("activity", pk)


@needs(roles.RECORD_ACTIVITY, methods=("POST",))
def reinstate(request: HttpRequest, pk: int) -> HttpResponse:
    actions.reinstate_activity(seat=request.seat, activity=found(request, pk))
    messages.success(request, _("Đã bỏ hủy hoạt động."))
    return redirect("activity", pk)


@needs(roles.RECORD_ACTIVITY, methods=("GET", "POST"), has_token=True)
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Làm lại: a year later, the next of its series, on another day, or as a template."""
    activity = found(request, pk)
    usual = "ngay" if activity.is_template else "nam-sau"
    initial = {"how": usual, "day": clock.today() if activity.is_template else None, "token": uuid.uuid4()}
    form = forms.AgainForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        copied = _copied(request, activity, form.cleaned_data)
        messages.success(request, _("Đã chép thành hoạt động mới. Xem lại ngày giờ rồi sửa nếu cần."))
        return redirect("activity", copied.pk)
    status = 422 if form.is_bound else 200
    return page(
        request, "activities/again.html", status=status, activity=activity, form=form,
        next_day=queries.next_day(activity),
    )  # fmt: skip


def _copied(request: HttpRequest, activity: Activity, said: dict) -> Activity:
    """Who may not record for its host does it for the own unit."""
    days = {"ngay": said["day"], "ke-tiep": queries.next_day(activity), "mau": activity.starts_on}
    series = activity.series or activity.name[:120] if said["how"] == "ke-tiep" else None
    ours = rules.may_record_for(request.seat, activity.host)
    return actions.copy_activity(
        seat=request.seat,
        activity=activity,
        host=activity.host if ours else request.seat.unit,
        first_day=days.get(said["how"]),
        series=series,
        is_template=said["how"] == "mau",
        token=said["token"],
    )


@needs(roles.RECORD_ACTIVITY, methods=("GET", "POST"))
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Thêm buổi."""
    activity = _ours(request, pk)
    form = forms.SessionForm(request.POST or None)
    last = None if form.is_bound else activity.sessions.order_by("-starts_at").first()
    if last:
        form.initial = {"place": last.place, "link": last.online_link}
    if _done(form, request, lambda: actions.add_session(
        seat=request.seat, activity=activity, data=form.data_for()
    )):  # fmt: skip
        messages.success(request, _("Đã thêm buổi."))
        return redirect("activity", pk)
    return _session_page(request, activity, None, form)


@needs(roles.RECORD_ACTIVITY, methods=("GET", "POST"))
def correct(request: HttpRequest, pk: int, session_pk: int) -> HttpResponse:
    """Sửa buổi, dời, hủy, xác nhận."""
    activity, session = _session(request, pk, session_pk)
    form = forms.SessionForm(request.POST or None, initial=forms.session_values(session))
    if _done(form, request, lambda: actions.correct_session(
        seat=request.seat, session=session, data=form.data_for()
    )):  # fmt: skip
        messages.success(request, _("Đã lưu buổi."))
        return redirect("activity", pk)
    return _session_page(request, activity, session, form)


@needs(roles.RECORD_ACTIVITY, methods=("POST",))
def move(request: HttpRequest, pk: int, session_pk: int) -> HttpResponse:
    activity, session = _session(request, pk, session_pk)
    form = forms.MoveForm(request.POST, prefix="doi")

    def act() -> None:
        starts_at, ends_at = form.moments()
        said = form.cleaned_data
        actions.move_session(
            seat=request.seat, session=session, starts_at=starts_at, ends_at=ends_at, why=said["why"],
            place=said["place"] or None,
        )  # fmt: skip

    if _done(form, request, act):
        messages.success(request, _("Đã dời buổi."))
        return redirect("activity", pk)
    plain = forms.SessionForm(initial=forms.session_values(session))
    return _session_page(request, activity, session, plain, moving=form)


@needs(roles.RECORD_ACTIVITY, methods=("POST",))
def settle(request: HttpRequest, pk: int, session_pk: int) -> HttpResponse:
    """Hủy buổi, bỏ hủy, or xác nhận đã diễn ra."""
    _activity, session = _session(request, pk, session_pk)
    wanted = request.POST.get("viec", "")
    if wanted == "huy":
        actions.cancel_session(seat=request.seat, session=session, why=request.POST.get("why", ""))
        messages.success(request, _("Đã hủy buổi."))
    elif wanted == "bo-huy":
        actions.restore_session(seat=request.seat, session=session)
        messages.success(request, _("Đã bỏ hủy buổi."))
    else:
        try:
            people = forms.PeopleField().clean(request.POST.get("people", ""))
        except ValidationError as wrong:
            raise Refusal(wrong.messages[0]) from None
        actions.close_session(seat=request.seat, session=session, unnamed=people)
        messages.success(request, _("Đã xác nhận buổi đã diễn ra."))
    return redirect("activity", pk)


def _session(request: HttpRequest, pk: int, session_pk: int) -> tuple[Activity, Session]:
    activity = _ours(request, pk)
    session = activity.sessions.filter(pk=session_pk).first()
    if session is None:
        raise Http404
    return activity, session


def _done(form, request: HttpRequest, act) -> bool:
    """Whether the form was sent, is sound and was carried out; a refusal is shown in it."""
    if request.method != "POST" or not form.is_valid():
        return False
    if isinstance(form, forms.SessionForm) and form.is_blank():
        form.add_error("day", _("Ghi ngày của buổi."))
        return False
    try:
        act()
    except Refusal as refusal:
        form.add_error(None, refusal.message)
        return False
    return True


def _session_page(
    request: HttpRequest, activity: Activity, session: Session | None, form, moving=None
) -> HttpResponse:
    """``moving``: the form of the other time, where that was sent."""
    status = 422 if request.method == "POST" else 200
    return page(
        request,
        "activities/session.html",
        status=status,
        activity=activity,
        session=session,
        form=form,
        moving=moving or forms.MoveForm(prefix="doi"),
    )
