"""What a filled sheet carries besides its figures: whose it is and of which form version."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

from hoctap.forms.spec import FormSpec

SCHEMA = "1"
"""Version of the hidden mark's own layout."""

NARRATIVE = (("results", "Kết quả"), ("difficulties", "Khó khăn"), ("proposals", "Kiến nghị"))

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Stamp:
    """Dấu của tệp: the hidden mark, without the form's definition.

    ``kind``: "own" = the unit's own figures, "total" = with the units under it. ``base`` names the revision the
    figures were taken from, and the draft, so that the receiver sees when the file is older than what it has. Ids are
    text, opaque to this room; "" when there is none.
    """

    unit_code: str
    unit_name: str
    round_id: str = ""
    obligation_id: str = ""
    kind: str = "own"
    base: str = ""

    def heading(self) -> str:
        """The line above the table that says whose figures these are."""
        more = " (số tổng hợp, gồm cả các đơn vị cấp dưới)" if self.kind == "total" else ""
        return f"Đơn vị báo cáo: {self.unit_name}{more}"


@dataclass(frozen=True, slots=True)
class Filled:
    """Biểu đã điền, đọc từ tệp: everything the file says, derived cells counted anew.

    ``stamp`` is None when the file has no mark of ours (typed from the paper). ``figures`` has one entry per cell,
    None = blank. ``notes`` and ``texts`` are keyed by line number, ``narrative`` by NARRATIVE's keys; blank ones
    are left out.
    """

    spec: FormSpec
    stamp: Stamp | None
    figures: tuple[int | None, ...]
    notes: dict[str, str] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    narrative: dict[str, str] = field(default_factory=dict)


def clean_text(text: str) -> str:
    """Text as a sheet can carry it: NFC, plain line ends, no control characters, no blank edges."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return _UNPRINTABLE.sub("", text).strip()
