"""Chứng nhận của một hoạt động: issuing to a class, printing, taking back, replacing."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from hoctap.activities import certificates, rules
from hoctap.activities.actions.certifying import issue_certificates, replace_certificate, revoke_certificate
from hoctap.activities.models import Activity, Certificate
from hoctap.desk.access import needs
from hoctap.desk.certificates import screen
from hoctap.desk.certificates.files import IN_ONE_FILE, certificates_file
from hoctap.desk.certificates.forms import IssueForm, ReasonForm, ReplaceForm
from hoctap.desk.fields import whole
from hoctap.desk.render import page
from hoctap.kernel.errors import Refusal
from hoctap.orgs import roles


def _found(request: HttpRequest, pk: int) -> Activity:
    """Names of who learned are only for those who may change the activity; nobody else learns that it is there."""
    activity = Activity.objects.select_related("host", "kind").filter(pk=pk).first()
    if activity is None or not rules.may_change(request.seat, activity, roles.ISSUE_CERTIFICATE):
        raise Http404
    return activity


@needs(roles.ISSUE_CERTIFICATE, methods=("GET", "POST"))
def issue(request: HttpRequest, pk: int) -> HttpResponse:
    """Cấp chứng nhận: who was there often enough, and those who have one."""
    activity = _found(request, pk)
    form = IssueForm(
        request.POST if request.method == "POST" else None,
        initial=screen.choice(request.seat, request.GET.get("share", "")),
    )
    if request.method == "POST" and form.is_valid():
        people = {whole(text) for text in request.POST.getlist("person")} - {None}
        try:
            made = issue_certificates(
                seat=request.seat, activity=activity, people=people, **form.cleaned_data
            )
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            words = _("Đã cấp %(n)s chứng nhận.") if made else _("Không có ai mới để cấp; không ghi gì.")
            messages.success(request, words % {"n": len(made)} if made else words)
            return redirect("certificates", pk)
    context = screen.class_of(activity, form)
    status = 422 if request.method == "POST" and form.errors else 200
    return page(request, "certificates/issue.html", status=status, **context)


@needs(roles.ISSUE_CERTIFICATE)
def download(request: HttpRequest, pk: int) -> HttpResponse:
    """Every valid one in one file; of more than a file holds, part by part (``?phan=2``)."""
    activity = _found(request, pk)
    part = max(whole(request.GET.get("phan", "")) or 1, 1)
    valid = certificates.of_activity(activity).filter(revoked_at=None, superseded_by=None)
    chosen = list(valid[(part - 1) * IN_ONE_FILE : part * IN_ONE_FILE])
    return certificates_file(request, chosen, f"chung-nhan-{activity.pk}-{part}")


@needs(roles.ISSUE_CERTIFICATE, methods=("GET", "POST"))
def revoke(request: HttpRequest, pk: int, certificate_pk: int) -> HttpResponse:
    one = _one(request, pk, certificate_pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)

    def act(data: dict) -> str:
        revoke_certificate(seat=request.seat, certificate=one, **data)
        return _("Đã thu hồi chứng nhận %(number)s.") % {"number": one.number}

    said = _("Trang kiểm tra sẽ báo đã thu hồi, không nêu lý do.")
    return _change(request, one, form, act, title=_("Thu hồi chứng nhận"), said=said, button=_("Thu hồi"))


@needs(roles.ISSUE_CERTIFICATE, methods=("GET", "POST"))
def replace(request: HttpRequest, pk: int, certificate_pk: int) -> HttpResponse:
    """Cấp thay vì sai họ tên."""
    one = _one(request, pk, certificate_pk)
    initial = {"name": one.person.full_name, "position": one.position}
    form = ReplaceForm(request.POST if request.method == "POST" else None, initial=initial)

    def act(data: dict) -> str:
        made = replace_certificate(seat=request.seat, certificate=one, **data)
        return _("Đã cấp thay bằng chứng nhận số %(number)s.") % {"number": made.number}

    said = _("Bản cũ báo đã được thay; bản mới mang số mới.")
    return _change(request, one, form, act, title=_("Cấp thay chứng nhận"), said=said, button=_("Cấp thay"))


def _change(request: HttpRequest, one: Certificate, form, act, **words) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            done = act(form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, done)
            return redirect("certificates", one.activity_id)
    status = 422 if form.errors else 200
    return page(request, "certificates/change.html", status=status, one=one, form=form, **words)


def _one(request: HttpRequest, pk: int, certificate_pk: int) -> Certificate:
    found = certificates.of_activity(_found(request, pk)).select_related(
        "person", "activity", "issued_by__unit"
    )
    one = found.filter(pk=certificate_pk).first()
    if one is None:
        raise Http404
    return one
