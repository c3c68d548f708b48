"""Điểm danh: the screen of a session, its projector page, its sheet of paper."""

from dataclasses import replace

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from hoctap.activities import attending, rules
from hoctap.activities.actions import attendance as actions
from hoctap.activities.actions.claims import Said, settle_claims
from hoctap.activities.models import Session
from hoctap.desk.access import needs
from hoctap.desk.attendance import posted, screen
from hoctap.desk.fields import whole
from hoctap.desk.formats import vn_datetime
from hoctap.desk.offline.keeping import keep_on_phone
from hoctap.desk.once import HEADER
from hoctap.desk.render import page, private
from hoctap.kernel.errors import Refusal
from hoctap.kernel.prepared import Prepared
from hoctap.orgs import roles

TEMPLATE = "attendance/session.html"


def found(request: HttpRequest, pk: int) -> Session:
    """The session, or 404 for a unit that it is none of."""
    session = next(iter(_SESSION(pk=pk)), None)
    if session is None or not rules.may_mark(request.seat, session.activity):
        raise Http404
    return session


_SESSION: Prepared[Session] = Prepared(
    lambda pk: Session.objects.select_related("activity__host").filter(pk=pk), "pk"
)


@needs(roles.MARK_ATTENDANCE, methods=("GET", "POST"), has_token=True)
def attendance(request: HttpRequest, pk: int) -> HttpResponse:
    session = found(request, pk)
    if request.method == "GET":
        return keep_on_phone(request, page(request, TEMPLATE, **screen.attendance(request, session)))
    if HEADER in request.headers:
        outcome = act(request, session)
        return private(JsonResponse(outcome | {"state": screen.state(session)}))
    try:
        outcome = act(request, session)
    except Refusal as refusal:
        return page(request, TEMPLATE, status=422, refusal=refusal, **screen.attendance(request, session))
    for text in outcome["notes"]:
        messages.warning(request, text)
    messages.success(request, outcome.get("done") or _("Đã ghi điểm danh."))
    name = "attendance-projector" if request.POST.get("act") == "open" else "attendance"
    return redirect(name, pk)


def act(request: HttpRequest, session: Session) -> dict:
    """Carry out what was posted: marks first, then what is to become of the session."""
    sent = posted.read(request)
    seat = request.seat
    outcome: dict = {"notes": [], "said": []}
    if sent.act == "reopen":
        actions.reopen(seat=seat, session=session)
        return outcome | {"done": _("Đã mở lại buổi.")}
    if sent.act in ("open", "shut"):
        actions.let_check_in(seat=seat, session=session, open_=sent.act == "open")
        said = _("Đã mở tự điểm danh.") if sent.act == "open" else _("Đã đóng tự điểm danh.")
        return outcome | {"done": said}
    if sent.marks or sent.unnamed is not None:
        outcome = actions.mark(seat=seat, session=session, marks=sent.marks, unnamed=sent.unnamed, op=sent.op)
        sent = replace(sent, op=None)  # taken; what follows does no harm twice
    if sent.act == "less":
        named = attending.counts(session)["present"]
        left = max(0, session.unnamed - named)
        found = actions.mark(seat=seat, session=session, unnamed=left)
        said = _("Còn %(n)s người không có tên, ngoài %(named)s người có tên.") % {"n": left, "named": named}
        return {name: outcome[name] + found[name] for name in found} | {"done": said}
    if sent.act == "all":
        found = actions.mark_all_present(seat=seat, session=session, at=sent.at, op=sent.op)
        return {name: outcome[name] + found[name] for name in found}
    if sent.act == "close":
        held = actions.close(seat=seat, session=session, at=sent.at)
        if not held.closed_at:
            what = _("Buổi đã mở lại lúc %(at)s, sau lần chốt này, nên vẫn mở. Sửa xong thì chốt lại.")
            return outcome | {"notes": [*outcome["notes"], what % {"at": vn_datetime(held.reopened_at)}]}
        outcome |= {"done": _("Đã chốt buổi.")}
        if waiting := session.claims.count():
            what = _("Còn %(n)s người tự ghi tên chưa xác nhận nên chưa tính. Mở “Chờ xác nhận” để ghi.")
            outcome["notes"] = [*outcome["notes"], what % {"n": waiting}]
    return outcome


@needs(roles.MARK_ATTENDANCE, methods=("GET", "POST"))
def claims(request: HttpRequest, pk: int) -> HttpResponse:
    """Người tự ghi tên, chờ xác nhận: who each is."""
    session = found(request, pk)
    meant = attending.claimed(session, request.seat)
    if request.method == "POST":
        none = request.POST.get("viec") == "bo"
        said = {
            one.claim.pk: "no" if none else _said(request.POST.get(f"c-{one.claim.pk}", "")) for one in meant
        }
        outcome = settle_claims(
            seat=request.seat, session=session, said={k: who for k, who in said.items() if who}
        )
        for text in outcome["notes"]:
            messages.warning(request, text)
        messages.success(request, _("Đã ghi có mặt %(n)s người.") % {"n": outcome["present"]})
        return redirect("attendance", pk)
    return page(request, "attendance/claims.html", session=session, meant=meant)


def _said(text: str) -> Said | None:
    """None for who is left for later."""
    return text if text in ("new", "no") else whole(text)  # type: ignore[return-value]


@needs(roles.MARK_ATTENDANCE)
def state(request: HttpRequest, pk: int) -> HttpResponse:
    """The marks as they stand; a phone keeps them beside the page."""
    return keep_on_phone(request, private(JsonResponse(screen.state(found(request, pk)))))


@needs(roles.MARK_ATTENDANCE)
def projector(request: HttpRequest, pk: int) -> HttpResponse:
    """Màn hình tự điểm danh: QR, code and how many are in, together."""
    return page(
        request, "attendance/projector.html", "count", **screen.projector(request, found(request, pk))
    )


@needs(roles.MARK_ATTENDANCE)
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """Phiếu giấy, to print and to type in later."""
    return page(request, "attendance/sheet.html", **screen.sheet(request, found(request, pk)))
