"""Tasks with labelled lines below that say who does them and when ("- Đơn vị chủ trì: …", "- Thời gian: …"). Pure.

The same as a row of a table that shares out work, written below one another.
"""

import re
from collections.abc import Iterator

from hoctap.directives.reading.deadlines import due_in
from hoctap.directives.reading.outline import Line
from hoctap.directives.reading.said import Said, quoted, stated
from hoctap.directives.reading.tables import Row, bodies_in

_WHO = re.compile(
    r"(?:(?:đơn vị|cơ quan|bộ phận|người|tổ chức|các đơn vị)\s+)?(?P<role>chủ trì|phối hợp|thực hiện|phụ trách"
    r"|chịu trách nhiệm"
    r"|đầu mối)(?:\s+(?:thực hiện|chính|tổ chức|tham mưu))?\s*:\s*",
    re.IGNORECASE,
)
_ALSO = re.compile(r"\s*[;,.]\s*(?=(?:(?:đơn vị|cơ quan)\s+)?phối hợp(?:\s+thực hiện)?\s*:)", re.IGNORECASE)
_TIME = re.compile(r"(?:Thời (?:gian|hạn)|Tiến độ|Hoàn thành)[^:.;\n]{0,30}:\s*")
_ASIDE = re.compile(
    r"(?:Địa điểm|Thành phần|Kinh phí|Số lượng|Đối tượng|Hình thức|Sản phẩm|Kết quả|Quy mô)\b[^:.;\n]{0,30}:"
)


def rows(text: str, lines: list[Line], year: Said | None) -> Iterator[Row]:
    """``lines`` nested already."""
    for line in lines:
        who = [other for other in line.below if _WHO.match(other.said)]
        task = stated(text, line.said_at, line.end)
        if not who or not line.marker or task is None or len(str(task.value)) < 6:
            continue
        by, beside, roles = _who(text, who)
        if by or beside:
            yield Row(line, task, Said(line.ref, line.start, line.end) if line.ref else None, by, beside, roles,
                      _due(text, line.below, year))  # fmt: skip


def taken(row: Row) -> set[int]:
    """The starts of the lines that say nothing but who, when and where."""
    found = {row.line.start}
    for line in row.line.below:
        if _WHO.match(line.said) or _TIME.match(line.said) or _ASIDE.match(line.said):
            found.add(line.start)
    return found


def _who(text: str, lines: list[Line]) -> tuple[list[Said], list[Said], dict[str, Said]]:
    bodies: dict[str, list[Said]] = {"lead": [], "with": []}
    roles: dict[str, Said] = {}
    for line in lines:
        places, at = [], line.said_at
        for found in _ALSO.finditer(text, line.said_at, line.end):  # "Chủ trì: Sở A; phối hợp: Sở B"
            places.append((at, found.start()))
            at = found.end()
        for start, end in [*places, (at, line.end)]:
            label = _WHO.match(text, start, end)
            if not label or not text[label.end() : end].strip():
                continue
            name = "with" if label["role"].lower() == "phối hợp" else "lead"
            said = quoted(text, label.start(), label.end())
            if said:
                roles.setdefault(name, said)
            bodies[name] += bodies_in(text, stated(text, label.end(), end))
    return bodies["lead"], bodies["with"], roles


def _due(text: str, lines: list[Line], year: Said | None) -> dict | None:
    for line in lines:
        if label := _TIME.match(line.said):
            ends = bool(re.search(r"hoàn thành|hạn", label[0], re.IGNORECASE))
            return due_in(text, line.said_at + label.end(), line.end, year, ends)
    return None
