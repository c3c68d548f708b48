"""The journal of acts: every change writes one row in the same transaction."""

from django.db import models

from hoctap.kernel.models import Act
from hoctap.kernel.tracing import request_id


def record(verb: str, thing: models.Model | None = None, *, seat=None, **details) -> None:
    """Write one act. ``seat`` is the acting seat, or None when the system acts (jobs, commands)."""
    Act.objects.create(
        verb=verb,
        object_type=thing._meta.label_lower if thing else "",
        object_id=thing.pk if thing and isinstance(thing.pk, int) else None,
        seat_id=seat.pk if seat else None,
        user_id=seat.user_id if seat else None,
        unit_id=seat.unit_id if seat else None,
        details=details,
        request_id=request_id.get(),
    )
