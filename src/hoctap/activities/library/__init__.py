"""Kinds, quantities, topics and audiences that come with Hoctap: data, entered whenever the database is brought up to date.

What a site adds itself, under other codes, stays.
"""

import json
from pathlib import Path
from typing import Any

from hoctap.activities.models import ActivityKind, Audience, Quantity, Topic

FILE = Path(__file__).parent / "kinds.json"


def enter() -> None:
    """Enter or renew every row of kinds.json, by its code; four statements."""
    given = json.loads(FILE.read_text(encoding="utf-8"))
    every = given["every_kind_feeds"]
    kinds = [kind | {"feeds": kind.get("feeds", {}) | every} for kind in given["kinds"]]
    for model, rows in (
        (ActivityKind, kinds),
        (Quantity, given["quantities"]),
        (Topic, given["topics"]),
        (Audience, given["audiences"]),
    ):
        _enter(model, rows)


def _enter(model: Any, rows: list[dict[str, Any]]) -> None:
    fields = [field.name for field in model._meta.fields if field.name not in ("id", "code")]
    made = [model(order=order, **row) for order, row in enumerate(rows, 1)]
    model.objects.bulk_create(made, update_conflicts=True, unique_fields=["code"], update_fields=fields)
