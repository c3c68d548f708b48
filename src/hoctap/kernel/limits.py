"""How the database works for requests of the web: not for long, and never through a whole table where an index leads.

Jobs, migrations and commands are not limited. A plan is kept as long as its connection (kernel.planned; the checks of
foreign keys always): one made when a table held ten rows would still read it whole when it holds ten thousand.

Set on each new connection of a web process, never with the connection's own ``options``, which pgbouncer refuses. Behind
pgbouncer in transaction mode the pool sets them itself (docs/decisions, statement time-outs).
"""

from django.conf import settings
from django.db.backends.signals import connection_created
from psycopg import DataError, OperationalError
from psycopg.errors import (
    AdminShutdown,
    CannotConnectNow,
    CharacterNotInRepertoire,
    CrashShutdown,
    DatetimeFieldOverflow,
    LockNotAvailable,
    NumericValueOutOfRange,
    QueryCanceled,
    TooManyConnections,
    UntranslatableCharacter,
)

LONGEST_IDLE = 60  # seconds of doing nothing within a transaction
_HELD = "hoctap_held"  # the mark of a connection that has its limits
_NOT_STORABLE = (
    NumericValueOutOfRange,
    DatetimeFieldOverflow,
    CharacterNotInRepertoire,
    UntranslatableCharacter,
)
_GONE = (AdminShutdown, CrashShutdown, CannotConnectNow, TooManyConnections)


def limit_requests() -> None:
    """From now on every connection of this process is limited, unless the setting is 0."""
    if settings.STATEMENT_TIMEOUT:
        connection_created.connect(hold, dispatch_uid="hoctap.kernel.limits")


def hold(connection, **_) -> None:
    """Once a connection of the database, however many requests it serves (kernel.database)."""
    if getattr(connection.connection, _HELD, False):
        return
    limits = {
        "statement_timeout": f"{settings.STATEMENT_TIMEOUT}s",
        "lock_timeout": f"{max(1, settings.STATEMENT_TIMEOUT * 2 // 3)}s",  # for what somebody else holds
        "idle_in_transaction_session_timeout": f"{LONGEST_IDLE}s",
        "enable_seqscan": "off",
    }
    given = [text for limit in limits.items() for text in limit]
    with connection.cursor() as cursor:
        cursor.execute("SELECT" + ",".join([" set_config(%s, %s, false)"] * len(limits)), given)
    setattr(connection.connection, _HELD, True)


def was_cut_off(error: BaseException | None) -> bool:
    """Whether it comes from a statement the database gave up because it, or a lock it waited for, took too long."""
    while error and not isinstance(error, QueryCanceled | LockNotAvailable):
        error = error.__cause__ or error.__context__
    return error is not None


def was_lost(error: BaseException | None) -> bool:
    """Whether it comes from a database that is not there: it does not answer, is just starting or stopping, is full."""
    while error and not isinstance(error, _GONE) and not _without_answer(error):
        error = error.__cause__ or error.__context__
    return error is not None


def _without_answer(error: BaseException) -> bool:
    """The connection failed (class 08: as a pooler says it), or none came about."""
    return isinstance(error, OperationalError) and (error.sqlstate or "08").startswith("08")


def was_not_storable(error: BaseException) -> bool:
    """Whether it comes from a value that no database keeps: a NUL (the driver's own error), a number beyond its range."""
    cause = error.__cause__
    return isinstance(cause, _NOT_STORABLE) or type(cause) is DataError
