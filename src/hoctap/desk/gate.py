"""Reading never takes the place of sending (docs/decisions, overload).

A serving process has so many threads. Pages that are read may hold some of them at once and a few more may wait; the
rest always stands ready for what people send. A page for which there is no room is refused at once, and comes again by
itself after a few seconds, not all at the same moment. What is sent is never refused here: it waits its turn.
"""

import random
import threading

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed

from hoctap.desk.errors import no_room

PATIENCE = 3.0  # seconds a page waits for room
SOON, LATER = 3, 9  # seconds after which it is asked for again


class ReadingGate:
    """Of ``settings.THREADS`` threads, 3 in 8 may read and 2 in 8 wait to; without threads to share out it is not there."""

    def __init__(self, get_response):
        if not settings.THREADS:
            raise MiddlewareNotUsed
        self.get_response = get_response
        self._room = threading.Semaphore(max(1, settings.THREADS * 3 // 8))
        self._waiting = threading.Semaphore(max(1, settings.THREADS * 2 // 8))

    def __call__(self, request):
        if request.method not in ("GET", "HEAD"):
            return self.get_response(request)
        if not self._enter():
            return no_room(request, random.randint(SOON, LATER))
        try:
            return self.get_response(request)
        finally:
            self._room.release()

    def _enter(self) -> bool:
        if self._room.acquire(blocking=False):
            return True
        if not self._waiting.acquire(blocking=False):
            return False
        try:
            return self._room.acquire(timeout=PATIENCE)
        finally:
            self._waiting.release()
