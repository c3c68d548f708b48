"""What every request carries: an id for the logs, and the seat its user acts from."""

import logging
import time
import uuid

from django.utils.functional import SimpleLazyObject

from hoctap.desk.fields import whole
from hoctap.kernel.tracing import request_id

SEAT = "X-Seat"
log = logging.getLogger("hoctap.requests")


class RequestIdMiddleware:
    """Gives every request an id, answers it back, and writes one log line: which address, how it went, how long."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.request_id = uuid.uuid4().hex
        token = request_id.set(request.request_id)
        started = time.perf_counter()
        try:
            response = self.get_response(request)
            log.info("request", extra=_facts(request, response, started))
        finally:
            request_id.reset(token)
        response["X-Request-Id"] = request.request_id
        return response


def _facts(request, response, started: float) -> dict:
    """The route's name instead of its path and query, which may hold what people typed."""
    match = request.resolver_match
    return {
        "method": request.method,
        "route": match.view_name if match else "",
        "status": response.status_code,
        "ms": round((time.perf_counter() - started) * 1000),
    }


class SeatMiddleware:
    """``request.seat``: the seat chosen in this session, else the user's first; None when not signed in.

    What a phone kept while it had no net names the seat it was entered in (``X-Seat``): that one, or None once it ended.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.seat = SimpleLazyObject(lambda: _seat(request))
        return self.get_response(request)


def _seat(request):
    from hoctap.orgs.queries import acting_seat

    if not request.user.is_authenticated:
        return None
    named = request.headers.get(SEAT)
    if named:
        seat = acting_seat(request.user, whole(named))
        return seat if seat and str(seat.pk) == named else None
    return acting_seat(request.user, request.session.get("seat"))
