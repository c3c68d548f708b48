"""Read a form definition (JSON) into a FormSpec; refuse what could not be filled, stored or checked.

Pure. Definitions also come out of uploaded Excel files, so every size is bounded here.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from hoctap.forms.spec import (
    CHECK_KINDS,
    FIXED_COLUMNS,
    LINE_KINDS,
    MAX_FIGURE,
    SEVERITIES,
    VALUE_KINDS,
    Cell,
    Check,
    Column,
    FormSpec,
    Line,
)
from hoctap.kernel.errors import Refusal

MAX_CELLS = 1000
LIBRARY = Path(__file__).parent / "library"

_CODE = re.compile(r"[a-z0-9][a-z0-9.-]{0,59}")
_TEMPLATE_FIELD = re.compile(r"\{(\w*)\}")


class DefinitionRefusal(Refusal):
    """Bản định nghĩa biểu mẫu không dùng được; ``places`` names the JSON path."""

    def __init__(self, path: str, problem: str):
        super().__init__(f"Định nghĩa biểu mẫu chưa dùng được: {path}: {problem}", [(path, problem)])


def canonical_json(definition: Mapping[str, Any]) -> str:
    """One text for one definition: sorted keys, no spaces, NFC."""
    text = json.dumps(definition, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return unicodedata.normalize("NFC", text)


def digest_of(canonical: str) -> str:
    return hashlib.sha256(canonical.encode()).hexdigest()


def parse_definition(definition: Mapping[str, Any]) -> FormSpec:
    """Return the spec of a definition, or raise DefinitionRefusal naming the JSON path at fault."""
    return parse_canonical(canonical_json(definition))


@lru_cache(maxsize=64)
def parse_canonical(canonical: str) -> FormSpec:
    """As ``parse_definition``, from canonical text; cached, since a thousand sheets share one definition."""
    root = _Node(json.loads(canonical), "biểu")
    root.only("code version name title subtitle source columns lines checks")
    columns = tuple(_column(node) for node in root.nodes("columns", 3, 12))
    lines = tuple(_line(node) for node in root.nodes("lines", 1, MAX_CELLS))
    checks = tuple(_check(node) for node in root.nodes("checks", 0, MAX_CELLS))
    spec = FormSpec(
        code=root.code("code"),
        version=root.integer("version", 1, 9999),
        name=root.text("name", 200),
        title=root.text("title", 400),
        subtitle=root.text("subtitle", 400, default=""),
        source=root.text("source", 400, default=""),
        columns=columns,
        lines=lines,
        checks=checks,
        canonical=canonical,
        digest=digest_of(canonical),
    )
    _verify(spec)
    return spec


def library_form(name: str) -> FormSpec:
    """A form shipped with Hoctap, by file name without the extension, e.g. ``"tuan-le-2023"``."""
    return parse_definition(json.loads((LIBRARY / f"{name}.json").read_text(encoding="utf-8")))


def _column(node: _Node) -> Column:
    node.only("key label group")
    return Column(node.code("key"), node.text("label", 100), node.text("group", 100, default=""))


def _line(node: _Node) -> Line:
    node.only("number printed label unit kind parent aliases cells")
    return Line(
        number=node.text("number", 12),
        printed=node.text("printed", 12, default=""),
        label=node.text("label", 600),
        unit_of_measure=node.text("unit", 60, default=""),
        kind=node.choice("kind", LINE_KINDS),
        parent=node.text("parent", 12, default="") or None,
        aliases=node.texts("aliases", 600),
        cells=tuple(_cell(cell) for cell in node.nodes("cells", 0, 12)),
    )


def _cell(node: _Node) -> Cell:
    node.only("position measure column value indicator formula max applies_to")
    value = node.choice("value", VALUE_KINDS)
    return Cell(
        position=node.integer("position", 0, MAX_CELLS - 1),
        measure=node.text("measure", 40),
        column=node.code("column"),
        value=value,
        indicator=node.code("indicator"),
        formula=node.positions("formula"),
        max=node.integer("max", 1, MAX_FIGURE, default=1 if value == "unit_count" else MAX_FIGURE),
        applies_to=node.texts("applies_to", 12),
    )


def _check(node: _Node) -> Check:
    node.only("code kind total parts severity message")
    message = node.text("message", 600)
    for field in _TEMPLATE_FIELD.findall(message):
        if field not in ("total", "parts", "difference"):
            raise DefinitionRefusal(node.path, f"lời nhắc có chỗ trống lạ “{{{field}}}”")
    return Check(
        code=node.text("code", 40),
        kind=node.choice("kind", CHECK_KINDS),
        total=node.integer("total", 0, MAX_CELLS - 1),
        parts=node.positions("parts"),
        severity=node.choice("severity", SEVERITIES),
        message=message,
    )


class _Node:
    """One JSON object and where it stands, for errors that name the place."""

    def __init__(self, value: Any, path: str):
        if not isinstance(value, dict):
            raise DefinitionRefusal(path, "phải là một đối tượng")
        self.value, self.path = value, path

    def _fail(self, key: str, problem: str) -> DefinitionRefusal:
        return DefinitionRefusal(f"{self.path}.{key}", problem)

    def only(self, keys: str) -> None:
        for key in self.value.keys() - set(keys.split()):
            raise self._fail(key, "mục lạ, có thể gõ nhầm tên")

    def text(self, key: str, longest: int, default: str | None = None) -> str:
        value = self.value.get(key, default)
        if not isinstance(value, str) or len(value) > longest or "\x00" in value:
            raise self._fail(key, f"phải là chữ, dài nhất {longest} ký tự")
        if not value.strip() and default is None:
            raise self._fail(key, "không được để trống")
        return value

    def texts(self, key: str, longest: int) -> tuple[str, ...]:
        values = self.value.get(key, [])
        if not isinstance(values, list) or any(not isinstance(v, str) or len(v) > longest for v in values):
            raise self._fail(key, "phải là danh sách chữ")
        return tuple(values)

    def code(self, key: str) -> str:
        value = self.text(key, 60)
        if not _CODE.fullmatch(value):
            raise self._fail(key, "chỉ gồm chữ thường không dấu, số, dấu chấm và gạch nối")
        return value

    def choice(self, key: str, choices: Sequence[str]) -> str:
        value = self.value.get(key)
        if not isinstance(value, str) or value not in choices:
            raise self._fail(key, f"phải là một trong {', '.join(choices)}")
        return value

    def integer(self, key: str, low: int, high: int, default: int | None = None) -> int:
        value = self.value.get(key, default)
        if type(value) is not int or not low <= value <= high:
            raise self._fail(key, f"phải là số nguyên từ {low} đến {high}")
        return value

    def positions(self, key: str) -> tuple[int, ...]:
        values = self.value.get(key, [])
        if not isinstance(values, list) or any(type(v) is not int or v < 0 for v in values):
            raise self._fail(key, "phải là danh sách vị trí ô")
        if len(set(values)) != len(values):
            raise self._fail(key, "có vị trí ô lặp lại")
        return tuple(values)

    def nodes(self, key: str, fewest: int, most: int) -> list[_Node]:
        values = self.value.get(key, [])
        if not isinstance(values, list) or not fewest <= len(values) <= most:
            raise self._fail(key, f"phải là danh sách từ {fewest} đến {most} mục")
        return [_Node(value, f"{self.path}.{key}[{index}]") for index, value in enumerate(values)]


def _verify(spec: FormSpec) -> None:
    """What no single line can show: positions, parents, columns, formulas and checks fit together."""
    _verify_columns(spec)
    _verify_lines(spec)
    _verify_cells(spec)
    codes = [check.code for check in spec.checks]
    if len(set(codes)) != len(codes):
        raise DefinitionRefusal("biểu.checks", "có mã kiểm tra lặp lại")
    for index, check in enumerate(spec.checks):
        if not check.parts or max(check.total, *check.parts) >= spec.size:
            raise DefinitionRefusal(f"biểu.checks[{index}]", "nhắc tới ô không có trong biểu")


def _verify_columns(spec: FormSpec) -> None:
    keys = [column.key for column in spec.columns]
    if keys[:3] != list(FIXED_COLUMNS[:3]) or keys[-1] != "note" or len(set(keys)) != len(keys):
        raise DefinitionRefusal("biểu.columns", "phải bắt đầu bằng stt, label, unit và kết thúc bằng note")
    if not spec.figure_columns:
        raise DefinitionRefusal("biểu.columns", "chưa có cột số liệu nào")


def _verify_lines(spec: FormSpec) -> None:
    seen: set[str] = set()
    for index, line in enumerate(spec.lines):
        path = f"biểu.lines[{index}]"
        if line.number in seen:
            raise DefinitionRefusal(path, f"số dòng {line.number} lặp lại")
        if line.parent is not None and line.parent not in seen:
            raise DefinitionRefusal(path, f"dòng mẹ {line.parent} phải đứng trước")
        if bool(line.cells) != (line.kind in ("lead", "line")):
            raise DefinitionRefusal(path, "dòng lead và line phải có ô; section và text thì không")
        columns = [cell.column for cell in line.cells]
        if len(set(columns)) != len(columns) or set(columns) - {c.key for c in spec.figure_columns}:
            raise DefinitionRefusal(path, "mỗi ô phải đứng ở một cột số liệu riêng")
        seen.add(line.number)


def _verify_cells(spec: FormSpec) -> None:
    if [cell.position for cell in spec.cells] != list(range(spec.size)):
        raise DefinitionRefusal("biểu.lines", "vị trí ô phải là 0, 1, 2… theo thứ tự trên biểu, không thiếu")
    for cell in spec.cells:
        for part in cell.formula:
            if part >= spec.size or spec.cells[part].derived:
                raise DefinitionRefusal(
                    f"ô {cell.position}", "công thức chỉ được cộng các ô nhập tay có trong biểu"
                )
