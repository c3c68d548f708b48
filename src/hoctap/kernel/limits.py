"""How long the database may work for one request of the web; jobs, migrations and commands are not limited.

Set on each new connection of a web process, never with the connection's own ``options``, which pgbouncer refuses. Behind
pgbouncer in transaction mode the pool sets them itself (docs/decisions, statement time-outs).
"""

from django.conf import settings
from django.db.backends.signals import connection_created
from psycopg.errors import LockNotAvailable, QueryCanceled

LONGEST_WAIT = 10  # seconds for a lock that somebody else holds
LONGEST_IDLE = 60  # seconds of doing nothing within a transaction


def limit_requests() -> None:
    """From now on every connection of this process is limited, unless the setting is 0."""
    if settings.STATEMENT_TIMEOUT:
        connection_created.connect(_limit, dispatch_uid="hoctap.kernel.limits")


def _limit(connection, **_) -> None:
    seconds = {
        "statement_timeout": settings.STATEMENT_TIMEOUT,
        "lock_timeout": min(settings.STATEMENT_TIMEOUT, LONGEST_WAIT),
        "idle_in_transaction_session_timeout": LONGEST_IDLE,
    }
    given = [text for name, limit in seconds.items() for text in (name, f"{limit}s")]
    with connection.cursor() as cursor:
        cursor.execute("SELECT" + ",".join([" set_config(%s, %s, false)"] * len(seconds)), given)


def was_cut_off(error: BaseException | None) -> bool:
    """Whether it comes from a statement the database gave up because it, or a lock it waited for, took too long."""
    while error and not isinstance(error, QueryCanceled | LockNotAvailable):
        error = error.__cause__ or error.__context__
    return error is not None
