"""Thẻ học tập: signing in with the card's QR or its typed code, and the PIN. Nothing here lists anybody."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from hoctap.desk import errors, throttle
from hoctap.desk.access import needs, open_to_all
from hoctap.desk.learners.access import enter, leave
from hoctap.desk.render import page
from hoctap.kernel.errors import Refusal
from hoctap.orgs import roles
from hoctap.people.actions import tie_account
from hoctap.people.entering import card_with_pin

# Failures of one address, which may be a whole hall's; nobody guesses PINs at that rate, for each card locks by itself.
FAILURES = (60, throttle.MINUTE), (600, throttle.HOUR)


@open_to_all(methods=("GET", "POST"))
def by_qr(request: HttpRequest, token: str) -> HttpResponse:
    """Mở thẻ bằng mã QR: the PIN is asked for. What the QR holds is not looked up until the PIN is sent."""
    return _sign_in(request, token)


@open_to_all(methods=("GET", "POST"))
def typed(request: HttpRequest) -> HttpResponse:
    """Mở thẻ bằng mã in trên thẻ."""
    return _sign_in(request, "")


def _sign_in(request: HttpRequest, token: str) -> HttpResponse:
    code = token or request.POST.get("code", "")
    refusal = ""
    if request.method == "POST":
        if not throttle.has_room(request, "card", *FAILURES):
            return errors.too_many(request)
        try:
            card = card_with_pin(code, request.POST.get("pin", ""))
        except Refusal as refused:
            throttle.count(request, "card", *FAILURES)
            refusal = refused.message
        else:
            enter(request, card, remember=bool(request.POST.get("remember")))
            return redirect(_back(request) or "mine")
    answer = page(
        request,
        "learners/enter.html",
        status=422 if refusal else 200,
        token=token,
        code=code,
        refusal=refusal,
        back=_back(request),
    )
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer


@needs(roles.VIEW, methods=("POST",))
def tie(request: HttpRequest) -> HttpResponse:
    """Gắn tài khoản đang đăng nhập với người có thẻ: proved once by the card's code and PIN."""
    if not throttle.has_room(request, "card", *FAILURES):
        return errors.too_many(request)
    code = request.POST.get("code", "")
    try:
        tie_account(user=request.user, code=code, pin=request.POST.get("pin", ""), seat=request.seat)
    except Refusal as refused:
        throttle.count(request, "card", *FAILURES)
        return page(request, "learners/nobody.html", status=422, code=code, refusal=refused.message)
    messages.success(request, _("Đã gắn tài khoản với sổ học tập."))
    return redirect("mine")


def _back(request: HttpRequest) -> str:
    """Where somebody came from who was asked for the card; nowhere else than here."""
    address = request.POST.get("tiep", request.GET.get("tiep", ""))
    ours = address.startswith("/") and url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    return address if ours else ""


@open_to_all(methods=("POST",))
def out(request: HttpRequest) -> HttpResponse:
    leave(request)
    messages.success(request, _("Đã thoát thẻ học tập."))
    return redirect("card-typed")
