"""Reading never takes the place of sending (docs/decisions, overload).

A serving process has so many threads and, for those that work, connections to the database. Pages that are read may
hold some of the connections, and some of the threads while they wait; the rest always stands ready for what people send.
A page for which there is no room is refused at once, and comes again by itself after a few seconds, not all at the same
moment. What is sent is never refused here: it waits its turn.
"""

import random
import threading

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import connections

from hoctap.desk.errors import no_room

PATIENCE = (settings.STATEMENT_TIMEOUT or 15) / 5  # seconds a page waits for room
SOON, LATER = 3, 9  # seconds after which it is asked for again


class ReadingGate:
    """Of ``settings.CONNECTIONS``, 3 in 5 may read; of the other threads, 5 in 8 may wait to. Without threads to share out
    it is not there."""

    def __init__(self, get_response):
        if not settings.THREADS:
            raise MiddlewareNotUsed
        self.get_response = get_response
        room = max(1, settings.CONNECTIONS * 3 // 5)
        self._room = threading.Semaphore(room)
        self._waiting = threading.Semaphore(max(1, (settings.THREADS - room) * 5 // 8))

    def __call__(self, request):
        if request.method not in ("GET", "HEAD"):
            return self._through(request)
        if not self._enter():
            return no_room(request, random.randint(SOON, LATER))
        try:
            return self._through(request)
        finally:
            self._room.release()

    def _through(self, request):
        """The answer. Its connections are free before it is handed over, which may take long."""
        try:
            return self.get_response(request)
        finally:
            connections.close_all()

    def _enter(self) -> bool:
        if self._room.acquire(blocking=False):
            return True
        if not self._waiting.acquire(blocking=False):
            return False
        try:
            return self._room.acquire(timeout=PATIENCE)
        finally:
            self._waiting.release()
