"""Every document with a gold answer: what is read of it, key by key, and that each value has its words.

The answers were written from the documents. Limits are what the reader does today over all of them, rounded down; each
document is also read alone, against those of its values that are known to be read wrong or not (``KNOWN``).
"""

import json
from functools import cache

import pytest

from bench.reading import DOCUMENTS, facts, keys_of, rates
from hoctap.directives.reading import Reading, read

NAMES = sorted(path.stem for path in DOCUMENTS.glob("*.json"))
EXACT = (
    "code", "number", "notation", "kind", "date", "place", "issuer", "parent_issuer", "subject", "addressees", "basis",
    "basis.date", "basis.issuer", "mentions", "mentions.date", "campaigns.theme", "campaigns.scope", "events",
    "deadlines.recurrence", "slogans", "form", "links", "emails", "signer", "recipients",
)  # fmt: skip
LIMITS = {  # precision, recall
    **dict.fromkeys(EXACT, (1.0, 1.0)),
    "mentions.issuer": (1.0, 0.94), "campaigns": (1.0, 0.97), "campaigns.start": (1.0, 0.95),
    "campaigns.end": (1.0, 0.95), "deadlines": (1.0, 0.99), "deadlines.via": (1.0, 0.94), "deadlines.what": (0.96, 0.95),
    "deadlines.channel": (0.78, 0.78), "deadlines.from": (0.95, 0.96), "deadlines.to": (0.97, 0.94),
    "assignments": (0.97, 0.98), "assignments.ref": (0.98, 0.99), "assignments.role": (0.99, 0.98),
    "assignments.force": (0.99, 0.99), "targets": (0.97, 0.97), "targets.by": (1.0, 0.96),
}  # fmt: skip
QUOTED = (
    "text",
    "subject",
    "name",
    "place",
    "theme",
    "what",
    "via",
    "label",
    "scope",
    "channel",
    "title",
    "issuer",
    "unit",
)


@cache
def reading_of(name: str) -> Reading:
    return read((DOCUMENTS / f"{name}.txt").read_text())


@cache
def both(name: str) -> tuple[dict, dict]:
    gold = json.loads((DOCUMENTS / f"{name}.json").read_text())
    return facts(reading_of(name).as_json()), facts(gold)


def test_keys_have_limits():
    pairs = [both(name) for name in NAMES]
    found = keys_of(*({str(n): pair[side] for n, pair in enumerate(pairs)} for side in (0, 1)))
    assert set(found) == set(LIMITS)


@pytest.mark.parametrize("key", LIMITS)
def test_precision_and_recall(key):
    mine, gold = ({name: both(name)[side] for name in NAMES} for side in (0, 1))
    rate = rates(mine, gold, key)
    least = LIMITS[key]
    assert (rate["precision"], rate["recall"]) >= least
    assert rate["recall"] >= least[1]
