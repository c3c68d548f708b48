"""Statements that the database plans once a connection, for the acts that come by the thousand.

Django puts the values into a statement's text, so that PostgreSQL plans it anew each time; for the few long statements of
sending a report that is more work than to carry them out. Values go apart here, each with its type in the statement
(``%(rows)s::jsonb``), and psycopg prepares it where ``prepare_threshold`` in settings allows (not behind a pgbouncer that
hands connections from one to the other).
"""

from django.db import connection
from django.db.backends.utils import CursorWrapper
from psycopg import Cursor


def planned_cursor(on=connection) -> CursorWrapper:
    """A cursor as ``connection.cursor()`` gives, whose statements are prepared."""
    on.ensure_connection()
    return on._prepare_cursor(Cursor(on.connection))
