"""From a table of figures printed in a directive to a form's definition (forms.spec). Pure.

The table is what ``directives.reading`` gives under ``form``: ``{title, sections: [{no, title, lines: [{label, units}]}]}``.
A form that Hoctap brings along is recognised by its lines, and is better than a draft: it has checks.
"""

import hashlib
import re
from collections.abc import Iterator
from typing import Any

from hoctap.forms.definition import LIBRARY, library_form
from hoctap.forms.spec import FormSpec
from hoctap.kernel.vietnamese import fold

_PERSONS = re.compile(r"\b(?:nguoi|ca nhan|hoc sinh|hoc vien|sinh vien|doan vien|hoi vien|luot|giao vien)\b")
_MONEY = re.compile(r"\b(?:dong|vnd|trieu)\b")
_COLUMNS = [
    {"key": "stt", "label": "STT"}, {"key": "label", "label": "Nội dung"}, {"key": "unit", "label": "Đơn vị tính"},
    {"key": "count", "label": "Số lượng"}, {"key": "people", "label": "Người"}, {"key": "note", "label": "Ghi chú"},
]  # fmt: skip
NO_MEASURE = "số lượng"  # where the table has no column of units


def library_form_of(table: dict) -> FormSpec | None:
    """The form of the library with exactly these lines, accents, case and punctuation aside."""
    wanted = {_plain(label) for _section, label, _units in _rows(table)}
    for path in sorted(LIBRARY.glob("*.json")):
        spec = library_form(path.stem)
        names = [{_plain(name) for name in (line.label, *line.aliases)} for line in spec.lines]
        known = set().union(*names)
        if wanted and wanted <= known and all(line & wanted for line in names):
            return spec
    return None


def definition_of(table: dict, *, version: int, source: str, owner: str) -> dict[str, Any]:
    """A definition to publish: a cell for each unit of each line, none for a heading or for words alone.

    ``source``: document and clause. The code is made of the title and of ``owner``, whose form it is: its table of the same
    title again is the same form, another's ("Biểu tổng hợp") is not.
    """
    title = table["title"] or table["sections"][0]["title"]
    code = _code(title, owner)
    measured = any(units for _section, _label, units in _rows(table))
    lines: list[dict[str, Any]] = []
    for number, section in enumerate(table["sections"], 1):
        lines += _section(code, number, section, measured)
    at = 0
    for line in lines:
        for cell in line.get("cells", ()):
            cell["position"], at = at, at + 1
    used = {cell["column"] for line in lines for cell in line.get("cells", ())}
    columns = [c for c in _COLUMNS if c["key"] not in ("count", "people") or c["key"] in used]
    return {
        "code": code, "version": version, "name": title[:200], "title": title[:400], "source": source[:400],
        "columns": columns, "lines": lines, "checks": [],
    }  # fmt: skip


def _rows(table: dict) -> Iterator[tuple[str, str, list[str]]]:
    """(section's title, label, units), a section's own row included, each once."""
    for section in table["sections"]:
        own = [line for line in section["lines"] if line["label"] == section["title"]]
        yield section["title"], section["title"], own[0]["units"] if own else []
        for line in section["lines"]:
            if line["label"] != section["title"]:
                yield section["title"], line["label"], line["units"]


def _section(code: str, number: int, section: dict, measured: bool) -> Iterator[dict[str, Any]]:
    rows = list(_rows({"sections": [section]}))
    for at, (_title, label, units) in enumerate(rows):
        head = at == 0
        own = str(number) if head else f"{number}.{at}"
        measures = units or ([] if measured or (head and len(rows) > 1) else [NO_MEASURE])
        line: dict[str, Any] = {
            "number": own, "printed": section["no"].rstrip(".")[:12] if head else "", "label": label[:600],
            "unit": "/".join(units)[:60],
        }  # fmt: skip
        if not head:
            line["parent"] = str(number)
        cells = list(_cells(f"{code}.{own}", measures))
        line["kind"] = _kind(bool(cells), head, len(rows) > 1)
        if cells:
            line["cells"] = cells
        yield line


def _kind(has_cells: bool, head: bool, has_lines: bool) -> str:
    if has_cells:
        return "lead" if head and has_lines else "line"
    return "section" if head and has_lines else "text"


def _cells(code: str, measures: list[str]) -> Iterator[dict[str, Any]]:
    for column, measure in zip(("count", "people"), _in_columns(measures), strict=False):
        if measure:
            folded = fold(measure)
            value = "persons" if _PERSONS.search(folded) else "money" if _MONEY.search(folded) else "count"
            yield {
                "measure": measure[:40].lower(), "column": column, "value": value,
                "indicator": f"{code}.{'persons' if column == 'people' else 'count'}"[-60:].lstrip(".-"),
            }  # fmt: skip


def _in_columns(measures: list[str]) -> list[str]:
    """At most two figures a line: what is counted, and people."""
    if len(measures) == 1 and _PERSONS.search(fold(measures[0])):
        return ["", measures[0]]
    return measures[:2]


def _code(title: str, owner: str) -> str:
    """Readable, and another for another title or owner."""
    words = "-".join(re.findall(r"[a-z0-9]+", fold(title)))[:28].rstrip("-")
    return f"{words}-{hashlib.sha256(fold(f'{title} {owner}').encode()).hexdigest()[:6]}"


def _plain(label: str) -> str:
    return " ".join(re.findall(r"\w+", fold(label)))
