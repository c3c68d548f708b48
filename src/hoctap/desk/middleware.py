"""What every request carries: an id for the logs, and the seat its user acts from."""

import uuid

from django.utils.functional import SimpleLazyObject

from hoctap.kernel import journal


class RequestIdMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.request_id = uuid.uuid4().hex
        token = journal.request_id.set(request.request_id)
        try:
            response = self.get_response(request)
        finally:
            journal.request_id.reset(token)
        response["X-Request-Id"] = request.request_id
        return response


class SeatMiddleware:
    """``request.seat``: the seat chosen in this session, else the user's first; None when not signed in."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.seat = SimpleLazyObject(lambda: _seat(request))
        return self.get_response(request)


def _seat(request):
    from hoctap.orgs.queries import acting_seat

    if not request.user.is_authenticated:
        return None
    return acting_seat(request.user, request.session.get("seat"))
