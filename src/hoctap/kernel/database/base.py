"""PostgreSQL as Django's backend has it, through a pool that survives its database (docs/decisions, overload).

A database that was started again has broken every idle connection at once. The pool would find that out one by one, with
a growing pause after each; here the first one found broken takes all the others with it.
"""

import time

from django.db.backends.postgresql import base
from psycopg import Connection, OperationalError


class DatabaseWrapper(base.DatabaseWrapper):
    """Needs ``OPTIONS["pool"]``, and ``CONN_HEALTH_CHECKS`` off: connections are checked here."""

    def get_new_connection(self, conn_params: dict) -> Connection:
        """One that works, within the pool's ``timeout``; else psycopg.OperationalError (PoolTimeout)."""
        until = time.monotonic() + self.pool.timeout
        connection = super().get_new_connection(conn_params)
        try:
            self.pool.check_connection(connection)
        except OperationalError:
            self.pool.putconn(connection)
            self.pool.drain()
            connection = self.pool.getconn(until - time.monotonic())
        return connection
