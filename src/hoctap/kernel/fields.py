"""PostgreSQL types Django does not know: transaction ids and snapshots."""

from django.db import models


class TransactionId(models.Func):
    """``pg_current_xact_id()``: the top-level transaction's id (never xmin, which savepoints change)."""

    function = "pg_current_xact_id"
    template = "%(function)s()"
    allowed_default = True

    def __init__(self):
        super().__init__(output_field=Xid8Field())


class Xid8Field(models.Field):
    """An ``xid8``; read back as text."""

    def db_type(self, connection) -> str:
        return "xid8"


class SnapshotField(models.Field):
    """A ``pg_snapshot``; read back as text."""

    def db_type(self, connection) -> str:
        return "pg_snapshot"
