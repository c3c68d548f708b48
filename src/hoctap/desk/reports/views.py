"""Phiếu báo cáo: the report as its owner writes it, as the receiving desk reads it, as anybody follows it."""

from collections.abc import Callable, Mapping
from contextlib import suppress

from django.contrib import messages
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from hoctap.desk.access import needs
from hoctap.desk.fields import whole
from hoctap.desk.render import page
from hoctap.desk.reports import screen
from hoctap.desk.reports.forms import ReceiptForm, ReturnForm, Sending, after_last, read_content, read_reason
from hoctap.desk.words import words
from hoctap.kernel.errors import Refusal
from hoctap.obligations import actions as obligation_actions
from hoctap.obligations import rules as obligation_rules
from hoctap.obligations.models import Follower, Obligation
from hoctap.orgs import roles
from hoctap.reports import actions, queries
from hoctap.reports.actions import Content, DraftConflict, Receipt
from hoctap.reports.models import Draft, Revision


def found(
    request: HttpRequest, pk: int, read: Callable[[int], Obligation] = queries.obligation_for_screen
) -> Obligation:
    """The obligation, or 404 when the seat takes no part in it."""
    try:
        obligation = read(pk)
    except Obligation.DoesNotExist:
        raise Http404 from None
    if not obligation_rules.takes_part(request.seat, obligation):
        raise Http404
    return obligation


def found_to_read(request: HttpRequest, pk: int) -> tuple[Obligation, Follower | None]:
    """As ``found``, for pages that only show figures: whoever follows the round reads them too, and by which clause."""
    try:
        obligation = queries.obligation_for_screen(pk)
    except Obligation.DoesNotExist:
        raise Http404 from None
    return obligation, follower_of(request, obligation)


def follower_of(request: HttpRequest, obligation: Obligation) -> Follower | None:
    """By which clause the seat only follows the round; None for one that takes part in it. 404 for neither."""
    sees, follower = obligation_rules.reader(request.seat, obligation)
    if not sees:
        raise Http404
    return follower


@needs(roles.VIEW)
def report(request: HttpRequest, pk: int) -> HttpResponse:
    obligation, follower = found_to_read(request, pk)
    context = screen.report(request, obligation) | {"follower": follower}
    return page(request, "reports/report.html", **context)


@needs(roles.VIEW)
def revision(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    obligation, follower = found_to_read(request, pk)
    chosen = queries.revision(obligation, number)
    if chosen is None:
        raise Http404
    context = screen.revision(request, obligation, chosen)
    return page(request, "reports/revision.html", follower=follower, **context)


@needs(roles.VIEW, methods=("POST",))
def seen(request: HttpRequest, pk: int) -> HttpResponse:
    """The page says it was opened (a beacon): GET never writes."""
    obligation_actions.mark_seen(seat=request.seat, obligation=found(request, pk))
    return HttpResponse(status=204)


@needs(roles.ENTER_REPORT, methods=("POST",))
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep what is typed: by the button, or by draft.js every few moments (which asks for JSON); ``in`` prints it then.

    For whoever may write or enter a report; the action knows which of the two this seat does here.
    """
    obligation = found(request, pk, queries.obligation_to_write)
    spec = screen.spec_of(obligation)
    wants_json = request.headers.get("Accept", "").startswith("application/json")
    post = screen.merged(request.POST)
    content, wrong = read_content(spec, post)
    try:
        saved = _save(request, obligation, content, Sending.read(post))
        if "in" in post and (unread := _unreadable(wrong)):
            raise unread
    except DraftConflict as conflict:
        return _conflict(request, obligation, conflict, wants_json)
    except Refusal as refusal:
        return _refused(request, obligation, content, wrong, refusal, wants_json)
    if wants_json:
        return JsonResponse(screen.saved(obligation, spec, content, saved, wrong))
    if "in" in post and obligation_rules.is_owner(request.seat, obligation):
        return redirect("report-draft-paper", pk, "pdf")
    messages.success(request, _("Đã lưu nháp."))
    return redirect("report" if obligation_rules.is_owner(request.seat, obligation) else "report-enter", pk)


@needs(roles.SEND_REPORT, methods=("POST",))
def send(request: HttpRequest, pk: int) -> HttpResponse:
    """Duyệt và gửi: the leader's act. The same posted form again shows the first result."""
    return _send(request, found(request, pk, queries.obligation_to_write), receipt=None)


@needs(roles.ENTER_REPORT, methods=("GET", "POST"))
def enter(request: HttpRequest, pk: int) -> HttpResponse:
    """Nhập thay: the receiving desk enters what came by e-mail or on paper."""
    obligation = found(request, pk)
    if not obligation_rules.is_consolidator(request.seat, obligation):
        raise Http404
    if request.method == "GET":
        return page(
            request, "reports/report.html", **screen.report(request, obligation, entering=ReceiptForm())
        )
    form = ReceiptForm(request.POST)
    files = _kept_files(request, form)
    if not form.is_valid():
        content, wrong = read_content(screen.spec_of(obligation), request.POST)
        context = screen.report(request, obligation, content=content, wrong=wrong, entering=form)
        return page(request, "reports/report.html", status=422, **context)
    receipt = Receipt(form.cleaned_data["channel"], form.cleaned_data["received_at"], files)
    return _send(request, obligation, receipt=receipt, entering=form)


def _kept_files(request: HttpRequest, form: ReceiptForm) -> tuple:
    """The uploaded files, stored; one that is not taken is said in the form, beside what was typed."""
    uploads = request.FILES.getlist("files")
    try:
        if len(uploads) > screen.UPLOADS:
            raise Refusal(f"Một báo cáo kèm nhiều nhất {screen.UPLOADS} tệp. Gộp lại thành ít tệp hơn.")
        return tuple(screen.store_upload(f) for f in uploads)
    except Refusal as refusal:
        form.add_error(None, refusal.message)
        return ()


def _send(request: HttpRequest, obligation: Obligation, *, receipt, entering=None) -> HttpResponse:
    post = screen.merged(request.POST)
    content, wrong = read_content(screen.spec_of(obligation), post)
    sending = Sending.read(post)
    try:
        sent = actions.submit(
            seat=request.seat,
            obligation=obligation,
            content=content,
            token=sending.token,
            reason=read_reason(post),
            receipt=receipt,
            version=sending.version,
            page=sending.page,
            unread=_unreadable(wrong),
        )
    except DraftConflict as conflict:
        return _conflict(request, obligation, conflict, False)
    except Refusal as refusal:
        return _refused(request, obligation, content, wrong, refusal, False, entering)
    except DatabaseError:  # nothing of the sending stands; what was typed does, if that can be
        with suppress(DatabaseError, Refusal):
            _save(request, obligation, content, sending)
        raise
    _say(request, obligation, sent)
    return redirect("report", obligation.pk)


def _say(request: HttpRequest, obligation: Obligation, sent: Revision) -> None:
    if sent.report.sent_id != sent.pk:  # sent from this page before, and taken back or returned since
        text = _(
            "Bản %(n)s gửi từ trước không còn chờ nữa; lần bấm này không gửi thêm. Muốn gửi thì bấm lại ở đây."
        )
        messages.warning(request, text % {"n": sent.number})
    elif obligation.parent_id is None:
        messages.success(request, _("Đã gửi phần của đơn vị mình, bản %(n)s.") % {"n": sent.number})
    else:
        state = words(obligation.relation).waiting
        messages.success(request, _("Đã gửi bản %(n)s. %(state)s.") % {"n": sent.number, "state": state})


def _unreadable(wrong: Mapping[str, str]) -> Refusal | None:
    """What was typed and cannot be read goes nowhere, neither to the leader nor out; the page says where it stands."""
    return Refusal(_("Còn %(n)s ô chưa đúng. Sửa rồi bấm lại.") % {"n": len(wrong)}) if wrong else None


@needs(roles.WRITE_REPORT, methods=("POST",))
def present(request: HttpRequest, pk: int) -> HttpResponse:
    """Trình lãnh đạo: what is on the form is kept first."""
    obligation = found(request, pk)
    content, wrong = read_content(screen.spec_of(obligation), request.POST)
    try:
        _save(request, obligation, content, Sending.read(request.POST))
        if unread := _unreadable(wrong):
            raise unread
        actions.present(seat=request.seat, obligation=obligation)
    except DraftConflict as conflict:
        return _conflict(request, obligation, conflict, False)
    except Refusal as refusal:
        return _refused(request, obligation, content, wrong, refusal, False)
    messages.success(request, _("Đã trình lãnh đạo duyệt gửi."))
    return redirect("report", pk)


@needs(roles.SEND_REPORT, methods=("POST",))
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    obligation = found(request, pk)
    try:
        actions.withdraw(seat=request.seat, obligation=obligation, reason=read_reason(request.POST))
        messages.success(request, _("Đã thu hồi. Sửa xong thì gửi lại."))
    except Refusal as refusal:
        messages.error(request, refusal.message)
    return redirect("report", pk)


@needs(roles.RECEIVE_REPORT, methods=("POST",))
def give_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Gửi trả, đề nghị chỉnh sửa."""
    obligation = found(request, pk)
    form = ReturnForm(request.POST)
    if not form.is_valid():
        context = screen.report(request, obligation, returning=form)
        return page(request, "reports/report.html", status=422, **context)
    try:
        actions.return_report(
            seat=request.seat,
            obligation=obligation,
            reason=form.cleaned_data["reason"],
            new_due_at=after_last(form.cleaned_data["new_due"]) if form.cleaned_data["new_due"] else None,
            revision_number=whole(request.POST.get("revision", "")),
        )
    except Refusal as refusal:
        obligation = queries.obligation_for_screen(pk)  # somebody may have acted meanwhile
        context = screen.report(request, obligation, refusal=refusal, returning=form)
        return page(request, "reports/report.html", status=422, **context)
    messages.success(request, _("%(unit)s sẽ nhận được lời đề nghị sửa.") % {"unit": obligation.unit.name})
    return redirect("report", pk)


@needs(roles.RECEIVE_REPORT, methods=("POST",))
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Duyệt, tiếp nhận, with reviewed figures where the desk changed some."""
    obligation = found(request, pk)
    try:
        reviewed, reasons = screen.read_review(screen.spec_of(obligation), request.POST)
        actions.accept(
            seat=request.seat,
            obligation=obligation,
            revision_number=whole(request.POST.get("revision", "")) or 0,
            reviewed=reviewed,
            reasons=reasons,
        )
    except Refusal as refusal:
        obligation = queries.obligation_for_screen(pk)
        context = screen.report(request, obligation, refusal=refusal, review_post=request.POST)
        return page(request, "reports/report.html", status=422, **context)
    messages.success(
        request,
        _("%(done)s báo cáo của %(unit)s.")
        % {"done": words(obligation.relation).accepted, "unit": obligation.unit.name},
    )
    return redirect(screen.safe_next(request) or f"/bao-cao/{pk}/")


def _save(request: HttpRequest, obligation: Obligation, content: Content, sending: Sending) -> Draft:
    return actions.save_draft(
        seat=request.seat,
        obligation=obligation,
        content=content,
        version=sending.version,
        page=sending.page,
    )


def _conflict(request, obligation, conflict: DraftConflict, wants_json: bool) -> HttpResponse:
    if wants_json:
        return JsonResponse({"message": conflict.message}, status=409)
    context = screen.conflict(request, obligation, conflict)
    return page(request, "reports/conflict.html", status=409, **context)


def _refused(request, obligation, content, wrong, refusal: Refusal, wants_json: bool, entering=None):
    if wants_json:
        return JsonResponse({"message": refusal.message}, status=422)
    obligation = queries.obligation_for_screen(
        obligation.pk
    )  # the draft may have been saved before the refusal
    context = screen.report(
        request, obligation, content=content, wrong=wrong, refusal=refusal, entering=entering
    )
    return page(request, "reports/report.html", status=422, **context)
