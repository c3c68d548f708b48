"""The journal of acts: every change writes one row in the same transaction."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from hoctap.kernel.planned import planned_cursor
from hoctap.kernel.tracing import request_id

_RECORD = """
INSERT INTO kernel_act (verb, object_type, object_id, details, seat_id, user_id, unit_id, request_id)
SELECT g.verb, %(thing)s::text, g.id, g.details, %(seat)s::bigint, %(user)s::bigint, %(unit)s::bigint, %(request)s::text
FROM jsonb_to_recordset(%(acts)s::jsonb) AS g(verb text, id bigint, details jsonb)
"""


def record(verb: str, thing: models.Model | None = None, *, seat=None, **details) -> None:
    """Write one act. ``seat`` is the acting seat, or None when the system acts (jobs, commands)."""
    pk = thing.pk if thing and isinstance(thing.pk, int) else None
    record_all(thing._meta.label_lower if thing else "", [(verb, pk, details)], seat=seat)


def record_all(
    object_type: str, acts: Iterable[tuple[str, int | None, Mapping[str, Any]]], *, seat=None
) -> None:
    """One act each: verb, id of the thing and details; all on things of one type, in one statement."""
    rows = [{"verb": verb, "id": pk, "details": details} for verb, pk, details in acts]
    given = {
        "thing": object_type,
        "seat": seat.pk if seat else None,
        "user": seat.user_id if seat else None,
        "unit": seat.unit_id if seat else None,
        "request": request_id.get(),
        "acts": json.dumps(rows, cls=DjangoJSONEncoder),
    }
    with planned_cursor() as cursor:
        cursor.execute(_RECORD, given)
