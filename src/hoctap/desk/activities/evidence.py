"""Minh chứng: adding, showing and removing; large files in pieces, going on where they broke off."""

import uuid

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from hoctap.activities import actions, photos, rules
from hoctap.activities.enums import EvidenceKind
from hoctap.activities.models import Activity, Evidence, Upload
from hoctap.desk import errors
from hoctap.desk.access import needs
from hoctap.desk.activities.views import found
from hoctap.desk.fields import whole
from hoctap.desk.kept import kept_file
from hoctap.directives import uploads
from hoctap.kernel import files
from hoctap.kernel.errors import Refusal
from hoctap.orgs import roles
from hoctap.orgs.models import Seat

AT_ONCE = 12  # files of one form without a script; with it, each goes by itself


@needs(roles.RECORD_ACTIVITY, methods=("POST",))
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Files chosen in a form, and a link; what is fine is kept, what is not is named."""
    activity = found(request, pk)
    given = request.FILES.getlist("photos")
    link = request.POST.get("link", "").strip()
    if not given and not link:
        raise Refusal(_("Chưa chọn tệp hay dán liên kết. Chọn ảnh, tệp hoặc dán địa chỉ rồi gửi."))
    if len(given) > AT_ONCE:
        what = _("Mỗi lần gửi được %(most)s tệp, đã chọn %(n)s. Chọn lại ít hơn, gửi làm nhiều lần.")
        raise Refusal(what % {"most": AT_ONCE, "n": len(given)})
    caption = request.POST.get("caption", "")
    refused = keep_files(request.seat, activity, given, request.POST.get("token", ""), caption)
    if link:
        actions.add_link(
            seat=request.seat, activity=activity, link=link, token=_token(request.POST.get("token", "")), caption=caption
        )  # fmt: skip
    for problem in refused:
        messages.error(request, problem)
    if len(refused) < len(given) or link:
        messages.success(request, _("Đã thêm minh chứng."))
    return redirect(reverse("activity", args=[pk]) + "#minh-chung")


def keep_files(
    seat: Seat, activity: Activity, given: list[UploadedFile], token: str, caption: str = ""
) -> list[str]:
    """Keep each that may be kept; what is wrong with the others, in words. Sent again they are the same evidence."""
    refused = []
    for number, upload in enumerate(given):
        name = uploads.clean_name(upload.name or "")
        try:
            if photos.is_photo(name) and (upload.size or 0) > photos.LIMIT:
                raise photos.too_heavy(name, upload.size or 0)  # before it is read into memory
            if (upload.size or 0) > uploads.LIMIT:
                raise Refusal(_("Tệp %(name)s nặng quá 20 MB. Nén hoặc tách tệp.") % {"name": name})
            own = uuid.uuid5(_token(token), f"{number} {name}")
            actions.add_file(
                seat=seat, activity=activity, name=name, data=upload.read(), token=own, caption=caption
            )
        except Refusal as refusal:
            refused.append(refusal.message)
    return refused


def _token(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.uuid4()


@needs(roles.VIEW)
def shown(request: HttpRequest, pk: int, evidence_pk: int) -> HttpResponseBase:
    """A photo as it is kept, or small (``?nho=1``), in the page; any other file is saved."""
    evidence = _found(request, pk, evidence_pk)
    if evidence.kind != EvidenceKind.PHOTO:
        return kept_file(request, evidence.file_id, evidence.name, uploads.content_type(evidence.name))
    try:
        data = files.read(evidence.file_id)
    except FileNotFoundError:
        return errors.file_gone(request, evidence.name)
    small = bool(request.GET.get("nho"))
    answer = HttpResponse(photos.thumbnail(data) if small else data, content_type="image/jpeg")
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, max-age=3600" if small else "private, no-store"
    return answer


def _found(request: HttpRequest, pk: int, evidence_pk: int) -> Evidence:
    activity = found(request, pk)
    rows = Evidence.objects.select_related("activity__host").exclude(kind=EvidenceKind.LINK)
    evidence = rows.filter(activity=activity, pk=evidence_pk, removed_at=None).first()
    if evidence is None:
        raise Http404
    # Signed lists are among the files: who reads a report that counts the activity sees its photos only.
    if evidence.kind != EvidenceKind.PHOTO and not rules.sees(request.seat, activity):
        raise Http404
    return evidence


@needs(roles.RECORD_ACTIVITY, methods=("POST",))
def remove(request: HttpRequest, pk: int, evidence_pk: int) -> HttpResponse:
    """Bỏ minh chứng, or put back what was removed just now (``lai``)."""
    rows = Evidence.objects.select_related("activity__host").filter(activity=found(request, pk))
    evidence = rows.filter(pk=evidence_pk).first()
    if evidence is None:
        raise Http404
    if request.GET.get("lai"):
        actions.put_back_evidence(seat=request.seat, evidence=evidence)
        messages.success(request, _("Đã để lại minh chứng."))
    else:
        actions.remove_evidence(seat=request.seat, evidence=evidence)
        undo = reverse("activity-evidence-remove", args=[pk, evidence_pk]) + "?lai=1"
        messages.success(request, _("Đã bỏ minh chứng."), extra_tags=f"undo:{undo}")
    return redirect(reverse("activity", args=[pk]) + "#minh-chung")


@needs(roles.RECORD_ACTIVITY, methods=("POST",), has_token=True)
def begin(request: HttpRequest, pk: int) -> HttpResponse:
    """A file will come in pieces: ``token``, ``name``, ``size``; answers how far it is."""
    activity = found(request, pk)
    try:
        token = uuid.UUID(request.POST.get("token", ""))
    except ValueError:
        raise Refusal(_("Mã của tệp không đúng dạng. Chọn lại tệp.")) from None
    size = whole(request.POST.get("size", "")) or 0
    upload = actions.begin_upload(
        seat=request.seat, activity=activity, token=token, name=request.POST.get("name", ""), size=size
    )
    return _so_far(upload)


@needs(roles.RECORD_ACTIVITY, methods=("POST",), has_token=True)
def piece(request: HttpRequest, pk: int, token: uuid.UUID) -> HttpResponse:
    """The next piece, the bare bytes from ``?tu=`` on; 409 with how far it is where it is not the next."""
    activity = found(request, pk)
    upload = Upload.objects.filter(pk=token, activity=activity).select_related("activity__host").first()
    if upload is None:
        made = Evidence.objects.filter(token=token, activity=activity).first()
        if made is None:
            raise Http404
        return _so_far(made)
    try:
        return _so_far(
            actions.take_piece(
                seat=request.seat,
                upload=upload,
                offset=whole(request.GET.get("tu", "")) or 0,
                data=request.body,
            )
        )
    except actions.OutOfStep as lost:
        return JsonResponse({"received": lost.received, "done": False}, status=409)


def _so_far(made: Upload | Evidence) -> HttpResponse:
    if isinstance(made, Evidence):
        return JsonResponse({"done": True, "evidence": made.pk})
    address = reverse("activity-upload-piece", args=[made.activity_id, made.pk])
    return JsonResponse({"done": False, "received": made.received, "url": address})
