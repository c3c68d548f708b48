"""Keys taken from a table's own sequence before its rows are written."""

from django.db import connection
from django.db.models import Model


def keys_for(model: type[Model], count: int) -> list[int]:
    """As many new keys, so that rows may name themselves (a path) or one another."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, count],
        )
        return [row[0] for row in cursor.fetchall()]
