"""Kinds, quantities, topics and audiences that come with Hoctap: data, entered whenever the database is brought up to date.

What a site adds itself, under other codes, stays.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

from hoctap.activities.models import ActivityKind, Audience, Quantity, Topic
from hoctap.kernel.vietnamese import fold

FILE = Path(__file__).parent / "kinds.json"


def enter() -> None:
    """Enter or renew every row of kinds.json, by its code; four statements."""
    given = json.loads(FILE.read_text(encoding="utf-8"))
    every = given["every_kind_feeds"]
    kinds = [_plain(kind) | {"feeds": kind.get("feeds", {}) | every} for kind in given["kinds"]]
    for model, rows in (
        (ActivityKind, kinds),
        (Quantity, given["quantities"]),
        (Topic, given["topics"]),
        (Audience, given["audiences"]),
    ):
        _enter(model, rows)


def _plain(kind: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in kind.items() if name != "words"}


def _enter(model: Any, rows: list[dict[str, Any]]) -> None:
    fields = [field.name for field in model._meta.fields if field.name not in ("id", "code")]
    made = [model(order=order, **row) for order, row in enumerate(rows, 1)]
    model.objects.bulk_create(made, update_conflicts=True, unique_fields=["code"], update_fields=fields)


@cache
def words() -> dict[str, tuple[str, ...]]:
    """By which words a name or a message shows its kind: code to folded words ("tin hoc")."""
    given = json.loads(FILE.read_text(encoding="utf-8"))["kinds"]
    return {kind["code"]: tuple(fold(word) for word in kind.get("words", ())) for kind in given}


@cache
def families() -> dict[str, str]:
    """Code to Family."""
    return {kind["code"]: kind["family"] for kind in json.loads(FILE.read_text(encoding="utf-8"))["kinds"]}
