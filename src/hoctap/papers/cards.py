"""Thẻ học tập to print: eight on an A4 sheet, each with its QR, and its PIN on a strip to be cut off."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import segno

from hoctap.papers.letters import printable
from hoctap.papers.pdf import typeset
from hoctap.people.entering import TYPED

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
    site, _the, token = card.address.partition("/the/")
    return {
        "name": printable(card.name, _LONGEST_WORD),
        "unit": printable(card.unit, _LONGEST_WORD),
        "site": printable(f"{site.partition('//')[2]}/the/", _LONGEST_WORD),
        "code": f"{token[:4]} {token[4:8]} {token[8:TYPED]}",
        "pin": f"{card.pin[:3]} {card.pin[3:]}",
        "qr": drawn(card.address),
    }


def drawn(address: str) -> str:
    """The code on a card, as SVG."""
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(out, kind="svg", border=2, xmldecl=False)
    return out.getvalue().decode()
