"""Thẻ học tập to print: eight on an A4 sheet, each with its QR, and its PIN on a strip to be cut off."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import segno

from hoctap.papers.letters import printable
from hoctap.papers.pdf import typeset

_LONGEST_WORD = 20  # letters that surely fit beside the QR


@dataclass(frozen=True)
class PrintedCard:
    """What stands on one card. ``address``: what the QR holds, whole."""

    name: str
    unit: str
    address: str
    pin: str


def render_cards(cards: Sequence[PrintedCard], *, issuer: str, demo: bool = False) -> bytes:
    """The sheets as PDF/A-2b, in the order given."""
    data = {
        "issuer": printable(issuer, _LONGEST_WORD),
        "demo": demo,
        "cards": [_data(card) for card in cards],
    }
    return typeset(data, "cards.typ")


def _data(card: PrintedCard) -> dict[str, Any]:
    out = io.BytesIO()
    segno.make(card.address, error="m", micro=False).save(out, kind="svg", border=2, xmldecl=False)
    return {
        "name": printable(card.name, _LONGEST_WORD),
        "unit": printable(card.unit, _LONGEST_WORD),
        "site": printable(card.address.partition("/the/")[0], _LONGEST_WORD),
        "pin": f"{card.pin[:3]} {card.pin[3:]}",
        "qr": out.getvalue().decode(),
    }
