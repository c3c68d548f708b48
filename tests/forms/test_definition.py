"""The first form against the table printed at the end of plan 333/KH-UBND, and definitions that are refused."""

import copy
import json
import unicodedata
from pathlib import Path

import pytest

from hoctap.forms.definition import DefinitionRefusal, canonical_json, library_form, parse_definition

GOLD = Path(__file__).parents[1] / "gold" / "ke-hoach-333-bieu.tsv"

# Scanning errors of the printed table, and what the form says instead.
CORRECTED = {
    "Bồi dưỡng, tập huấn cho cán bộ quản lý, báo cáo viên TTHTCD": "TTHTCĐ",
    "Tổ chức các thi, các buổi tọa đàm về khuyến đọc, khuyến học và xây dựng XHHT": "các cuộc thi",
    "Trung bày, triển lãm sách báo, tư liệu": "Trưng bày",
    "Sinh hoạt chuyên đề HTSD, xây dựng XHHT": "HTSĐ",
    "Tổ chức hoạt động văn nghệ, thể thao, thăm quan, sinh hoạt chuyên đề": "tham quan",
    "Thăm quan, học tập tại bảo tàng, di tích lịch sử": "Tham quan",
}


def printed_lines() -> list[tuple[str, str, str]]:
    """(STT, label, unit) of every printed line, in order."""
    rows = [line.split("\t") for line in GOLD.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [(row[0].strip(), row[1].strip(), row[2].strip()) for row in rows[2:]]


@pytest.fixture
def definition() -> dict:
    return json.loads(library_form("tuan-le-2023").canonical)


def test_every_printed_line_in_its_order_with_its_unit():
    spec = library_form("tuan-le-2023")
    printed = printed_lines()
    assert len(printed) == 41
    assert [(line.printed, line.unit_of_measure) for line in spec.lines] == [
        (stt, unit) for stt, _, unit in printed
    ]
    for line, (_, label, _) in zip(spec.lines, printed, strict=True):
        assert label in (line.label, *line.aliases)


def test_scanning_errors_are_corrected_and_still_recognised():
    spec = library_form("tuan-le-2023")
    changed = {label: line for line in spec.lines for label in line.aliases}
    assert set(changed) == set(CORRECTED)
    for printed, right in CORRECTED.items():
        assert right in changed[printed].label
        assert right not in printed


def test_columns_are_those_printed_in_their_order():
    spec = library_form("tuan-le-2023")
    head = [line.split("\t") for line in GOLD.read_text(encoding="utf-8").splitlines()[:2]]
    printed = [head[0][0], head[0][1], head[0][2], head[1][3], head[1][4], head[0][5]]
    assert [column.label for column in spec.columns] == printed
    assert [column.group for column in spec.columns] == ["", "", "", head[0][3], head[0][3], ""]


def test_eleven_sections_and_system_numbers():
    spec = library_form("tuan-le-2023")
    assert [line.printed for line in spec.lines if line.printed] == [str(n) for n in range(1, 12)]
    numbers = (
        "1 1T 1.1 1.2 1.3 1.4 1.5 1.6 1.7 1.8 1.9 1.10 1.11 1.12 1.13 2 3 4 4.1 4.2"
        " 5 5.1 5.2 5.3 5.4 5.5 6 6.1 6.2 6.3 7 7.1 7.2 8 9 9.1 9.2 10 10.1 10.2 11"
    )
    assert [line.number for line in spec.lines] == numbers.split()


def test_cells_of_the_first_form():
    spec = library_form("tuan-le-2023")
    assert spec.size == 56
    measures = {line.number: [(cell.measure, cell.column) for cell in line.cells] for line in spec.lines}
    assert measures["1"] == [("lớp", "count")]
    assert measures["1T"] == [("người", "people")]
    assert measures["1.7"] == [("lớp", "count"), ("người", "people")]
    assert measures["4.1"] == [("tập thể", "count"), ("cá nhân", "people")]
    assert measures["5.1"] == [("cuộc", "count")]
    assert measures["5.4"] == [("cuộc", "count"), ("người", "people")]
    assert measures["9.2"] == [("người", "people")]
    assert measures["11"] == []
    assert {cell.value for line in ("10.1", "10.2") for cell in spec.line(line).cells} == {"money"}
    derived = [cell.position for cell in spec.cells if cell.derived]
    assert derived == [0]
    assert spec.cells[0].formula == tuple(spec.line(f"1.{n}").cells[0].position for n in range(1, 14))
    districts = spec.line("7.1").cells[0]
    assert (districts.value, districts.max, districts.applies_to) == ("unit_count", 1, ("district",))


def test_an_indicator_stands_in_one_cell_only():
    codes = [cell.indicator for cell in library_form("tuan-le-2023").cells]
    assert len(set(codes)) == len(codes)


def test_the_digest_does_not_depend_on_order_or_unicode_form(definition):
    shuffled = dict(reversed(list(definition.items())))
    decomposed = json.loads(unicodedata.normalize("NFD", canonical_json(definition)))
    digests = {parse_definition(d).digest for d in (definition, shuffled, decomposed)}
    assert digests == {library_form("tuan-le-2023").digest}


def test_any_change_changes_the_digest(definition):
    changed = copy.deepcopy(definition)
    changed["lines"][3]["label"] += " khác"
    assert parse_definition(changed).digest != library_form("tuan-le-2023").digest


def _set(*path):
    def change(definition):
        target = definition
        for key in path[:-2]:
            target = target[key]
        target[path[-2]] = path[-1]

    return change


def _drop(*path):
    def change(definition):
        target = definition
        for key in path[:-1]:
            target = target[key]
        del target[path[-1]]

    return change


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (_set("code", "Tuần lễ"), "biểu.code"),
        (_set("version", 0), "biểu.version"),
        (_set("version", True), "biểu.version"),
        (_set("title", "  "), "biểu.title"),
        (_set("colunms", []), "biểu.colunms"),
        (_drop("lines"), "biểu.lines"),
        (_set("lines", 0, "kind", "total"), "biểu.lines[0].kind"),
        (_set("lines", 2, "number", "1"), "biểu.lines[2]"),
        (_set("lines", 2, "parent", "2"), "biểu.lines[2]"),
        (_set("lines", 2, "cells", 0, "position", 40), "biểu.lines"),
        (_set("lines", 2, "cells", 0, "column", "people"), "biểu.lines[2]"),
        (_set("lines", 2, "cells", 0, "column", "tong"), "biểu.lines[2]"),
        (_set("lines", 2, "cells", 0, "max", 10**13 + 1), "biểu.lines[2].cells[0].max"),
        (_set("lines", 2, "cells", 0, "aplies_to", []), "biểu.lines[2].cells[0].aplies_to"),
        (_set("lines", 0, "cells", 0, "formula", [2, 2]), "biểu.lines[0].cells[0].formula"),
        (_set("lines", 0, "cells", 0, "formula", [0, 2]), "ô 0"),
        (_set("lines", 0, "cells", 0, "formula", [99]), "ô 0"),
        (_drop("lines", 2, "cells"), "biểu.lines[2]"),
        (_set("lines", 17, "cells", []), None),
        (_set("columns", 0, "key", "so"), "biểu.columns"),
        (_set("checks", 0, "total", 56), "biểu.checks[0]"),
        (_set("checks", 0, "message", "{total.__class__}"), None),
        (_set("checks", 0, "message", "{tong}"), "biểu.checks[0]"),
        (_set("checks", 1, "code", "1T-more"), "biểu.checks"),
        (_set("checks", 0, "severity", "fatal"), "biểu.checks[0].severity"),
    ],
)
def test_definitions_that_could_not_be_filled_are_refused(definition, change, place):
    change(definition)
    if place is None:  # harmless: an empty section, braces that name no field
        assert parse_definition(definition).size == 56
        return
    with pytest.raises(DefinitionRefusal) as refused:
        parse_definition(definition)
    assert refused.value.places[0][0] == place
    assert place in refused.value.message


def test_a_definition_must_be_an_object():
    with pytest.raises(DefinitionRefusal):
        parse_definition(["lines"])
