"""Chứng nhận as PDF/A: a sheet on its side for each, many in one file, with a QR to the page that says if it holds."""

from collections.abc import Callable, Sequence
from typing import Any

import segno

from hoctap.activities.models import Certificate
from hoctap.activities.record import issued_on
from hoctap.orgs import queries as org_queries
from hoctap.orgs.models import Unit
from hoctap.papers import wording
from hoctap.papers.letterhead import UNIONS, parent_body
from hoctap.papers.letters import printable
from hoctap.papers.pdf import typeset
from hoctap.papers.wording import caps, clean

_WORD = 40  # letters of the longest word that surely fits


def certificates_pdf(certificates: Sequence[Certificate], address: Callable[[Certificate], str]) -> bytes:
    """One file for all, in the order given. ``address``: the absolute one of a certificate's checking page.

    Read with ``activity__host`` and ``issued_by__unit``/``issued_by__user``, or each costs queries of its own.
    """
    heads = _Heads()
    first = certificates[0]
    day = issued_on(first)
    return typeset(
        {
            "title": _said(f"Chứng nhận {first.number}" if len(certificates) == 1 else f"Chứng nhận: {first.activity.name}"),
            "author": _said(heads.name(first.issued_by.unit, first)),
            "dated": [day.year, day.month, day.day],
            "demo": wording.DEMO if first.issued_by.unit.is_demo else "",
            "sheets": [_sheet(one, heads, address(one)) for one in certificates],
        },
        "certificate.typ",
    )  # fmt: skip


class _Heads:
    """Names and superiors of units on a day, each asked for once."""

    def __init__(self) -> None:
        self._names: dict[tuple, str] = {}
        self._parents: dict[tuple, str] = {}

    def name(self, unit: Unit, certificate: Certificate) -> str:
        key = (unit.pk, issued_on(certificate))
        if key not in self._names:
            self._names[key] = org_queries.name_on(unit, key[1])
        return self._names[key]

    def parent(self, unit: Unit, certificate: Certificate) -> str:
        key = (unit.pk, issued_on(certificate))
        if key not in self._parents:
            self._parents[key] = parent_body(unit, key[1])
        return self._parents[key]


def _sheet(one: Certificate, heads: _Heads, address: str) -> dict[str, Any]:
    unit = one.issued_by.unit
    issuer = heads.name(unit, one)
    state = unit.kind not in UNIONS
    day = wording.date_words(issued_on(one))
    return {
        "parent": _said(caps(heads.parent(unit, one))),
        "issuer": _said(caps(issuer)),
        "country": wording.COUNTRY if state else "",
        "motto": wording.MOTTO if state else "",
        "kind": "CHỨNG NHẬN",
        "given": "Ông (bà):",
        "name": _said(clean(one.name)),
        "body": _body(one, issuer, heads),
        "number": _said(f"Số: {one.number}"),
        "check": [_said("Quét mã, hoặc xem còn hiệu lực không tại:"), _address(address)],
        "alt": f"Mã QR tới trang kiểm tra chứng nhận số {one.number}",
        "qr": segno.make(address, error="m", micro=False).svg_inline(border=1, scale=1),
        "date": _said(f"{clean(unit.place)}, {day}" if unit.place else day),
        "titles": [_said(caps(part)) for part in one.position.split("\n") if part],
        "signer": _said(clean(one.issued_by.user.full_name)),
    }


def _body(one: Certificate, issuer: str, heads: _Heads) -> list[dict[str, Any]]:
    activity = one.activity
    host = heads.name(activity.host, one)
    held = [] if host == issuer else [f"do {host} tổ chức"]
    if activity.starts_on:
        held.append(_days(activity.starts_on, activity.ends_on))
    lines = [
        ("đã tham gia", False),
        (clean(activity.name), True),
        (", ".join(held), False),
        (_length(one), False),
    ]
    return [{"text": _said(text), "strong": strong} for text, strong in lines if text]


def _days(first, last) -> str:
    if last in (None, first):
        return f"ngày {first:%d/%m/%Y}"
    return f"từ ngày {first:%d/%m/%Y} đến ngày {last:%d/%m/%Y}"


def _length(one: Certificate) -> str:
    """ "5 buổi, 12,5 giờ"; no hours where a session's length is not known."""
    said = f"Số buổi đã dự: {one.sessions}"
    if one.hours is None:
        return said
    return f"{said}; thời lượng: {one.hours.normalize():f} giờ".replace(".", ",")


def _said(text: str) -> str:
    return printable(text, _WORD)


def _address(text: str) -> str:
    """An address may break after each slash."""
    return (
        text.removeprefix("https://").removeprefix("http://").replace("/", "/\u200b").removesuffix("\u200b")
    )
