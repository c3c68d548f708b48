"""The hidden mark of a sheet: written by us, read back with suspicion."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Sequence
from functools import lru_cache

from hoctap.forms.definition import DefinitionRefusal, digest_of, parse_canonical
from hoctap.forms.sheets.refusal import SheetRefusal
from hoctap.forms.sheets.stamp import SCHEMA, Stamp, clean_text
from hoctap.forms.spec import FormSpec

CHUNK = 30_000
"""Characters of the definition per cell; Excel holds 32,767."""

MAX_DEFINITION = 2**20
"""Characters of a definition; the largest real one has some tens of thousands."""

_SPOILT = "có dấu biểu mẫu bị hỏng nên không biết là của đơn vị nào. Tải lại biểu rồi chép số sang."


def mark_rows(spec: FormSpec, stamp: Stamp) -> list[tuple[str, str]]:
    """The mark as (key, value) rows; the definition takes as many rows as it needs."""
    rows = [
        ("schema", SCHEMA),
        ("digest", spec.digest),
        ("unit_code", stamp.unit_code),
        ("unit_name", clean_text(stamp.unit_name)),
        ("round_id", stamp.round_id),
        ("obligation_id", stamp.obligation_id),
        ("kind", stamp.kind),
        ("base", stamp.base),
    ]
    text = _pack(spec.canonical)
    return rows + [("definition", text[start : start + CHUNK]) for start in range(0, len(text), CHUNK)]


@lru_cache(maxsize=16)
def _pack(canonical: str) -> str:
    """Packed, or the definition would be most of the file and of the time it takes to read."""
    return base64.b64encode(zlib.compress(canonical.encode(), 9)).decode()


def read_mark(rows: Sequence[Sequence[object]], expected: FormSpec | None) -> tuple[Stamp, FormSpec]:
    """The stamp and the form of a marked file; refuse a spoilt mark and a form other than ``expected``."""
    values = {}
    chunks = []
    for row in rows:
        key, value = (*row, "", "")[:2]
        if key == "definition":
            chunks.append(str(value))
        else:
            values[key] = value if isinstance(value, str) else ""
    if values.get("schema") != SCHEMA:
        raise SheetRefusal(_SPOILT)
    spec = _form("".join(chunks), values.get("digest"))
    if expected is not None and spec != expected:
        raise SheetRefusal(_other_form(spec, expected))
    kind = values.get("kind")
    if not values.get("unit_code") or not values.get("unit_name") or kind not in ("own", "total"):
        raise SheetRefusal(_SPOILT)
    words = {
        key: values.get(key, "") for key in ("unit_code", "unit_name", "round_id", "obligation_id", "base")
    }
    return Stamp(kind=kind, **words), spec


@lru_cache(maxsize=32)
def _form(packed: str, digest: object) -> FormSpec:
    try:
        text = (
            zlib.decompressobj().decompress(base64.b64decode(packed, validate=True), MAX_DEFINITION).decode()
        )
        if digest_of(text) == digest:
            return parse_canonical(text)
    except (DefinitionRefusal, ValueError, RecursionError, zlib.error):
        pass
    raise SheetRefusal(_SPOILT)


def _other_form(found: FormSpec, expected: FormSpec) -> str:
    if found.code != expected.code:
        return f"là biểu “{found.name}”, đợt báo cáo này dùng biểu “{expected.name}”. Tải đúng biểu rồi chép số sang."
    if found.version != expected.version:
        return (
            f"là biểu mẫu bản {found.version}, đợt báo cáo này dùng bản {expected.version}."
            f" Tải bản {expected.version} rồi chép số sang."
        )
    return f"là biểu mẫu bản {found.version} nhưng nội dung biểu đã bị sửa. Tải lại biểu rồi chép số sang."
