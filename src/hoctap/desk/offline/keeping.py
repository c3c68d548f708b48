"""What a screen that goes on without a net says and is told: it may be kept, and what its phone's clock is worth."""

from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse

from hoctap.kernel import clock


def keep_on_phone(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """Let the service worker keep this page for its user; its template carries ``<meta name="hoctap-offline">``."""
    answer["X-Offline"] = owner(request)
    return answer


def owner(request: HttpRequest) -> str:
    """Whose pages a phone keeps: those of one seat are not another's."""
    return f"{request.user.pk}-{request.seat.pk if request.seat else ''}"


def ahead(request: HttpRequest) -> timedelta:
    """How much the phone's clock (``X-Phone-Now``) is ahead of ours; zero where it says nothing."""
    try:
        theirs = datetime.fromisoformat(request.headers.get("X-Phone-Now", ""))
    except ValueError:
        return timedelta()
    return theirs - clock.now() if theirs.tzinfo else timedelta()
