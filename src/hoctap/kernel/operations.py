"""Ids under which phones send what they kept: each is taken once."""

import uuid

from hoctap.kernel.models import Operation
from hoctap.kernel.planned import planned_cursor

_TAKE = """
INSERT INTO kernel_operation (op, user_id, path, answer)
VALUES (%(op)s::uuid, %(user)s::bigint, %(path)s::text, '{}') ON CONFLICT (op) DO NOTHING
"""


def take(op: uuid.UUID, user_id: int, path: str) -> Operation | None:
    """Take the id in the caller's transaction; who took it first, where somebody did. Waits for one that is under way."""
    with planned_cursor() as cursor:
        cursor.execute(_TAKE, {"op": op, "user": user_id, "path": path[:200]})
        if cursor.rowcount:
            return None
    return Operation.objects.get(pk=op)
