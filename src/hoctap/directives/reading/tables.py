"""Work shared out in a table (nội dung, đơn vị chủ trì, đơn vị phối hợp, thời gian): its rows as tasks and deadlines. Pure.

The row of headings says what a column holds; a row without bodies is a heading of those below it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from hoctap.directives.reading import names, parties
from hoctap.directives.reading.deadlines import due_in
from hoctap.directives.reading.outline import CAPITAL, Line
from hoctap.directives.reading.said import Said, quoted, stated
from hoctap.kernel.vietnamese import fold

_COLUMNS = {
    "no": re.compile(r"(?:stt|tt|so tt|so thu tu)$"),
    "with": re.compile(r".*\bphoi hop\b"),
    "lead": re.compile(
        r".*\b(?:chu tri|phu trach|chiu trach nhiem|thuc hien chinh|dau moi)\b"
        r"|(?:don vi|co quan|bo phan|nguoi|to chuc|phan cong|don vi, ca nhan|ca nhan, don vi|to, nhom)"
        r"(?: duoc)?(?: (?:thuc hien|dam nhiem|to chuc|trien khai))$|phan cong(?: nhiem vu)?$"
    ),
    "when": re.compile(r".*\b(?:thoi gian|thoi han|tien do|hoan thanh|thoi diem|han)\b"),
    "task": re.compile(
        r"(?:noi dung|nhiem vu|cong viec|hoat dong|ten (?:nhiem vu|cong viec|hoat dong)|hang muc|nhom nhiem vu|viec|cac )"
    ),
}
_ASIDE = re.compile(r"\s*;\s*")
_DASHED = re.compile(rf"\s*(?:;|(?:^|\s)[-–+]\s?(?=[{CAPITAL}]))\s*")  # of a cell that is a list
_ENDS = re.compile(r"hoan thanh|thoi han|han\b")
_ENCOURAGED = re.compile(r"Khuyến khích\b")


@dataclass(frozen=True)
class Row:
    """One task of a table; ``by`` and ``beside`` whose it is and who helps, ``roles`` the headings that say so."""

    line: Line
    task: Said
    ref: Said | None
    by: list[Said]
    beside: list[Said]
    roles: dict[str, Said]
    due: dict | None


def rows(text: str, body: list[Line], annexes: list[list[Line]], year: Said | None) -> Iterator[Row]:
    """Every task of every such table, in the text and in its appendices."""
    for lines in [body, *annexes]:
        annex = next((line for line in lines[:3] if line.marker == "annex"), None)
        columns: dict[str, tuple[int, Said]] | None = None
        group = ""
        for at, line in enumerate(lines):
            if not line.is_row:
                columns = None if line.marker or line.is_title else columns
                continue
            if columns is None or not lines[at - 1].is_row:
                columns, group = columns_of(text, line) or columns, ""
                continue
            place = line.above.ref if line.above else f"Phụ lục {annex.no}".strip() if annex else ""
            number = _cell(text, line, columns, "no")
            no = str(number.value).rstrip(".") if number else ""
            row = _row(text, line, columns, ".".join(filter(None, (place, group, no))), year)
            if row:
                yield row
            elif no and not no.isdecimal():
                group = no


def columns_of(text: str, head: Line) -> dict[str, tuple[int, Said]] | None:
    """Which cell holds what; None where the table shares out no work."""
    found: dict[str, tuple[int, Said]] = {}
    for at, place in enumerate(_places(head)):
        said = quoted(text, *place)
        words = fold(str(said.value)) if said else ""
        name = next((name for name, pattern in _COLUMNS.items() if pattern.match(words)), None)
        if said and name and name not in found and len(words) < 60:
            found[name] = (at, said)
    return found if "task" in found and ("lead" in found or "with" in found) else None


def _places(line: Line) -> list[tuple[int, int]]:
    places, at = [], line.start
    for cell in line.text.split("\t"):
        places.append((at, at + len(cell)))
        at += len(cell) + 1
    return places


def _cell(text: str, line: Line, columns: dict[str, tuple[int, Said]], name: str) -> Said | None:
    places = _places(line)
    at = columns[name][0] if name in columns else len(places)
    return stated(text, *places[at]) if at < len(places) else None


def _row(
    text: str, line: Line, columns: dict[str, tuple[int, Said]], ref: str, year: Said | None
) -> Row | None:
    task = _cell(text, line, columns, "task")
    by, beside = (bodies_in(text, _cell(text, line, columns, name)) for name in ("lead", "with"))
    if task is None or len(str(task.value)) < 6 or not (by or beside):
        return None
    when = _cell(text, line, columns, "when")
    ends = bool("when" in columns and _ENDS.search(fold(str(columns["when"][1].value))))
    due = due_in(text, when.start, when.end, year, ends) if when else None
    roles = {name: said for name, (_, said) in columns.items() if name in ("lead", "with")}
    return Row(line, task, Said(ref, line.start, line.end) if ref else None, by, beside, roles, due)


def bodies_in(text: str, cell: Said | None) -> list[Said]:
    """One after another in a cell: parted by semicolons and dashes, and by commas where another body begins."""
    if cell is None or not re.search(r"[^\W\d_]{2}", str(cell.value)):
        return []
    places, at = [], cell.start
    for found in (_DASHED if text[cell.start - 2] in "-–+" else _ASIDE).finditer(text, cell.start, cell.end):
        places.append((at, found.start()))
        at = found.end()
    places.append((at, cell.end))
    listed = (part for place in places if text[slice(*place)].strip() for part in names.listed(text, *place))
    return [said for part in listed if (said := stated(text, *part))]


def assignments(table: list[Row]) -> list[dict]:
    """As trees: the tasks of each body, and of each group of bodies, together."""
    found: dict[tuple, dict] = {}
    for row in table:
        for bodies, name in ((row.by, "lead"), (row.beside, "with")):
            if bodies:
                key = (name, *(body.value for body in bodies))
                made = found.setdefault(key, {"assignees": bodies, "tasks": []})
                made["tasks"].append(_task(row, name))
    return list(found.values())


def _task(row: Row, name: str) -> dict:
    heading = row.roles[name]
    leads = name == "lead" and ("chủ trì" in str(heading.value).lower() or "with" in row.roles)
    role = "phoi-hop" if name == "with" else "chu-tri" if leads else "thuc-hien"
    force = "khuyen-khich" if _ENCOURAGED.match(str(row.task.value)) else "giao"
    return {
        "text": row.task, "ref": row.ref, "role": Said(role, heading.start, heading.end),
        "force": Said(force, row.task.start, row.task.end),
    }  # fmt: skip


def deadlines(text: str, table: list[Row]) -> Iterator[dict]:
    """What a row's own time makes due: "Trước ngày 15/9/2025"."""
    for row in table:
        if row.due:
            to = parties.recipients(text, row.task.start, row.task.end)
            yield {
                "what": row.task, **row.due, "to": to, "via": None, "channel": None, "from": row.by or row.beside,
                "text": stated(text, row.line.start, row.line.end),
            }  # fmt: skip
