"""Sessions as Django keeps them, read by a query that is written and planned once (kernel.prepared)."""

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from hoctap.kernel.prepared import Prepared

_SESSION: Prepared[Session] = Prepared(
    lambda key, now: Session.objects.filter(session_key=key, expire_date__gt=now), "key", "now"
)


class SessionStore(db.SessionStore):
    def _get_session_from_db(self) -> Session | None:
        found = _SESSION(key=self.session_key, now=timezone.now())
        if not found:
            self._session_key = None  # as Django: nobody chooses the key of a new session
        return found[0] if found else None
