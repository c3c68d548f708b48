"""Officers' pages read from a streaming copy of the database where there is one (kernel.replicas)."""

import logging

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import InterfaceError, OperationalError

from hoctap.kernel.limits import was_cut_off
from hoctap.kernel.replicas import distrust, reading_from, usable

OWN_ACTS = 5  # seconds after an act during which its author reads where it was written
COOKIE = "hoctap_acted"

log = logging.getLogger("hoctap.replicas")


class ReplicaMiddleware:
    """The last of all, next to the view.

    Whoever acts keeps reading from the primary for a while: a cookie says so, which works with any number of webs and
    is worth no signature: with it one reads what is newest, without it what is a moment older; both with one's own
    rights. Whatever goes wrong on a copy is done again on the primary, whose word is final.
    """

    def __init__(self, get_response):
        if not settings.REPLICAS:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.method not in ("GET", "HEAD"):
            response.set_cookie(
                COOKIE, "1", OWN_ACTS, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax"
            )
        return response

    def process_view(self, request, view, args, kwargs):
        """The page as a copy gives it; None, and Django asks the view itself, on the primary."""
        wanted = request.method in ("GET", "HEAD") and getattr(view, "action", None)
        alias = usable() if wanted and COOKIE not in request.COOKIES else None
        if alias is None:
            return None
        try:
            with reading_from(alias):
                return view(request, *args, **kwargs)
        except Exception as error:
            if was_cut_off(error):
                raise  # too much for a copy is too much for the primary
            if isinstance(error, OperationalError | InterfaceError):
                distrust(alias)
                log.warning("%s failed, the page is read from the primary: %s", alias, error)
            return None
