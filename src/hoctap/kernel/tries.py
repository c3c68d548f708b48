"""How often something was tried from one place, counted in one statement.

A count that is read, changed and written under a lock makes people wait for one another, and whoever waits too long is
refused: of forty people of one office who signed in in the same moment every second one was, with a limit of 120.
"""

from datetime import timedelta

from django.utils.crypto import salted_hmac

from hoctap.kernel import clock
from hoctap.kernel.models import Tries
from hoctap.kernel.planned import planned_cursor

_COUNT = """
INSERT INTO kernel_tries AS tries (key, until, count)
VALUES (%(key)s::text, %(until)s::timestamptz, 1)
ON CONFLICT (key) DO UPDATE SET
    count = CASE WHEN tries.until > %(now)s::timestamptz THEN tries.count + 1 ELSE 1 END,
    until = CASE WHEN tries.until > %(now)s::timestamptz THEN tries.until ELSE excluded.until END
RETURNING count
"""


def count(what: str, place: str, window: timedelta) -> int:
    """Count one more; how many that makes since the first of this window."""
    now = clock.now()
    with planned_cursor() as cursor:
        cursor.execute(_COUNT, {"key": _key(what, place, window), "until": now + window, "now": now})
        return cursor.fetchone()[0]


def counted(what: str, place: str, window: timedelta) -> int:
    """How many there are in this window."""
    found = Tries.objects.filter(key=_key(what, place, window), until__gt=clock.now())
    return found.values_list("count", flat=True).first() or 0


def forget() -> None:
    """Drop the windows that have ended."""
    Tries.objects.filter(until__lt=clock.now()).delete()


def _key(what: str, place: str, window: timedelta) -> str:
    return salted_hmac(
        "hoctap.tries", f"{what} {window.total_seconds()} {place}", algorithm="sha256"
    ).hexdigest()
