"""When a page cannot be given: what happened, why, what to do. In the look of the screens, without the database."""

from django.contrib.sessions.exceptions import SessionInterrupted
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from hoctap.desk.render import is_htmx, private
from hoctap.desk.signin.kept import SKIPPED, keep
from hoctap.kernel.errors import Conflict, Refusal


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(exception, SessionInterrupted):  # the session could not be written: no fault of the request
        return server_error(request)
    return _answer(
        request,
        400,
        _("The request could not be understood"),
        _("Something in the address or in what was sent is not in a form Hoctap takes, or it is too large."),
        _("Go back, check what was entered and send it again."),
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    said = str(exception) if exception and str(exception) else _("Your seat may not do this.")
    return _answer(
        request,
        403,
        _("Not allowed from this seat"),
        said,
        _("If you hold another seat, switch to it; otherwise ask the administrator of your unit."),
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(
        request,
        404,
        _("This page was not found"),
        _("The address is wrong, the thing no longer exists, or it is outside what your seat reaches."),
        _("Check the address, or go on from the desk."),
    )


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(
        request,
        429,
        _("Too many requests"),
        _("The same thing was asked too often within a short time; Hoctap holds back to protect accounts."),
        _("Wait a minute, then try again."),
    )


def server_error(request: HttpRequest) -> HttpResponse:
    return _answer(
        request,
        500,
        _("Hoctap has made a mistake"),
        _("What was being done may not have been saved. The mistake has been noted with the number below."),
        _(
            "Go back, see whether it was saved, and do it again if not; if this page comes again, give that "
            "number to the administrator."
        ),
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page was opened before signing in or out: offer to send the same fields again, if they came from us.

    A form from a foreign site (Origin and Referer are checked before the token) is never offered back.
    """
    held = keep(request) if _from_us(request, reason) and not is_htmx(request) else None
    if held and any(request.POST.get(name) for name in SKIPPED[1:]):
        held = None  # a password is never written into a page
    return _answer(
        request,
        403,
        _("The page had become too old to send"),
        _("Somebody signed in or out in this browser after the page was opened, so Hoctap did not take it. "
          "Nothing was saved yet."),
        _("Send it again with the button below.") if held else _("Reload the page and send it again."),
        held=held,
    )  # fmt: skip


def _from_us(request: HttpRequest, reason: str) -> bool:
    stale = reason.startswith(("CSRF cookie not set", "CSRF token"))
    return stale and bool(request.headers.get("Origin") or request.is_secure())


class RefusalMiddleware:
    """The last net: a refusal that no screen turned into words beside its field becomes a page of its own."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refusal):
            return None
        return _answer(
            request,
            409 if isinstance(exception, Conflict) else 422,
            _("This was not done"),
            exception.message,
            _("Nothing was changed. Go back: what was entered is still there."),
            places=exception.places,
        )


def _answer(
    request: HttpRequest, status: int, title: str, why: str, then: str, held=None, places=()
) -> HttpResponse:
    context = {"status": status, "title": title, "why": why, "then": then, "held": held, "places": places}
    context["number"] = getattr(request, "request_id", "") if status == 500 else ""
    if is_htmx(request):
        text = " ".join([why, *(f"{place}: {what}" for place, what in places), then])
        return private(HttpResponse(text, status=status, content_type="text/plain; charset=utf-8"))
    return private(HttpResponse(render_to_string("errors/page.html", context, request), status=status))
