"""``hoctap demo``: its unit files, added up here with openpyxl, against everything else it says.

Rows and columns are those of the table at the end of plan 333/KH-UBND: nothing here asks the program's own reader.
"""

import json
import os
from pathlib import Path

import openpyxl
import pytest

import hoctap
from hoctap.kernel.processes import alive
from tests.waiting import eventually

SEEDS = (0, 2023)
FORM = json.loads((Path(hoctap.__file__).parent / "forms/library/tuan-le-2023.json").read_text())
COLUMNS = {"Số lớp/số cuộc thi": "count", "Người": "people"}
# The cells of the form: row of the table, printed column, "line measure".
CELLS = [
    (row, cell["column"], f"{line['number']} {cell['measure']}")
    for row, line in enumerate(FORM["lines"])
    for cell in line.get("cells", ())
]


@pytest.fixture(scope="module", params=SEEDS)
def out(request, place, hoctap):
    folder = place / f"demo-{request.param}"
    hoctap("demo", "--out", folder, "--seed", request.param)
    return folder


@pytest.fixture(scope="module")
def summary(out):
    return json.loads((out / "summary.json").read_text())


def table(path: Path, sheet: str) -> dict[str, int | None]:
    """The figures of a printed table by "line measure", found by its headings and the order of its lines."""
    rows = list(openpyxl.load_workbook(path, data_only=True)[sheet].iter_rows(values_only=True))
    head = next(n for n, row in enumerate(rows) if "Số lớp/số cuộc thi" in row)
    at = {COLUMNS[name]: rows[head].index(name) for name in COLUMNS}
    body = rows[head + 1 :]
    assert [row[1] for row in body[: len(FORM["lines"])]] == [line["label"] for line in FORM["lines"]]
    return {key: _number(body[row][at[column]]) for row, column, key in CELLS}


def _number(value) -> int | None:
    return None if value in (None, "") else int(value)


def added_up(files) -> dict[str, dict]:
    tables = [table(path, "Bieu") for path in files]
    given = {key: [t[key] for t in tables if t[key] is not None] for _, _, key in CELLS}
    return {key: {"sum": sum(v) if v else None, "units": len(v)} for key, v in given.items()}


def codes(units: list[dict]) -> set[str]:
    return {unit["code"] for unit in units}


def test_unit_files_add_up_to_the_signed_report_to_consolidate_and_to_the_summary(out, summary, hoctap):
    files = sorted((out / "units").glob("*.xlsx"))
    ours = added_up(files)
    sums = {key: cell["sum"] for key, cell in ours.items()}
    merged = out / "gop.xlsx"
    hoctap("consolidate", *files, "-o", merged)

    assert summary["signed"] == ours
    assert table(out / "tong-hop.xlsx", "Số liệu") == sums
    assert table(merged, "Tong hop") == sums
    assert {path.stem for path in files} == codes(summary["accepted"]) | {"pgd-q3"}
    # Blanks stay blank, zeros stay zeros: nobody in Quận 3 teaches trades to rural workers.
    assert sums["1.5 người"] is None and ours["1.5 người"]["units"] == 0
    assert any(table(path, "Bieu")["5.1 cuộc"] == 0 for path in files)


def test_the_workbook_shows_each_unit_and_how_many_of_26_a_total_covers(out, summary):
    rows = list(openpyxl.load_workbook(out / "tong-hop.xlsx")["Số liệu"].iter_rows(values_only=True))
    head = next(n for n, row in enumerate(rows) if "Số lớp/số cuộc thi" in row)
    coverage = rows[head].index("Số đơn vị có số liệu")
    assert rows[head + 1][coverage] == "25/26"
    shares = range(coverage + 1, len(rows[head]), 2)
    assert len(shares) == 27  # the office's own part and 26 units
    total = rows[head + 2][rows[head].index("Người")]
    assert total == summary["signed"]["1T người"]["sum"]
    assert total == sum(rows[head + 2][place + 1] or 0 for place in shares)


def test_who_is_late_missing_extended_corrected_entered_and_amended(summary):
    assert len(summary["expected"]) == 26
    assert codes(summary["missing"]) == {"quansu-q3"}
    assert codes(summary["submitted"]) == codes(summary["expected"]) - {"quansu-q3"}
    assert codes(summary["accepted"]) == codes(summary["submitted"])
    assert codes(summary["late"]) == {"p10-q3", "p12-q3", "tckh-q3"}
    assert codes(summary["extended"]) == {"nhandao-q3"}
    assert codes(summary["corrected"]) == {"vothisau-q3", "ldld-q3"}
    assert codes(summary["entered"]) == {"ccb-q3"}
    assert summary["missing"] == [{"code": "quansu-q3", "name": "Ban Chỉ huy Quân sự Quận 3"}]


def test_what_was_amended_after_the_signing_is_a_difference_with_its_name(summary):
    assert summary["amended"] == [{"code": "vothisau-q3", "name": "Ủy ban nhân dân Phường Võ Thị Sáu"}]
    moved = {d["cell"]: d["live"] - d["signed"] for d in summary["differences"]}
    assert moved == {"1T người": 24, "1.7 người": 24}
    for key, cell in summary["signed"].items():
        live = summary["live"][key]
        assert (live["sum"] or 0) - (cell["sum"] or 0) == moved.get(key, 0)
        assert live["units"] == cell["units"]


def test_reports_are_filled_in_from_deeds_and_what_two_held_counts_once(summary):
    assert summary["cells_prefilled"] > 500
    assert summary["cells_amended"] > 3
    assert summary["cells_typed"] > 50
    assert summary["cohosted_counted_once"] == 1
    told = sum(cell["units"] for cell in summary["live"].values())
    derived = summary["live"]["1 lớp"]["units"]  # added up by the system, neither filled in nor typed
    assert summary["cells_prefilled"] + summary["cells_amended"] + summary["cells_typed"] == told - derived


def test_a_reviewed_figure_is_the_one_that_counts_and_is_said_so(out, summary):
    [change] = summary["reviewed"]
    assert (change["code"], change["line"]) == ("vothisau-q3", "2")
    assert change["counts"] == change["reported"] - 2
    path = out / "units" / "vothisau-q3.xlsx"
    assert table(path, "Bieu")["2 tin, bài"] == change["counts"]
    notes = [row[5] for row in openpyxl.load_workbook(path)["Bieu"].iter_rows(values_only=True) if row[5]]
    assert any("Số sau rà soát" in note and str(change["reported"]) in note for note in notes)


def test_papers_are_there_and_nothing_is_left_running(out, summary):
    assert (out / "tong-hop.pdf").read_bytes().startswith(b"%PDF-")
    assert (out / "tong-hop.docx").read_bytes().startswith(b"PK")
    assert "minh họa" in summary["note"]
    # Of the whole machine: another worker's that is just ending is gone in a moment.
    eventually(lambda: not any(map(_serves_demo, map(int, filter(str.isdigit, os.listdir("/proc"))))))


def _serves_demo(pid: int) -> bool:
    """A database left behind would be working in a folder of its own that starts with hoctap-."""
    try:
        where = os.readlink(f"/proc/{pid}/cwd")
    except OSError:
        return False
    return "/hoctap-" in where and where.endswith("/pg (deleted)") and alive(pid)


def test_a_folder_that_cannot_be_made_is_refused_before_anything_starts(place, hoctap):
    taken = place / "taken"
    taken.write_text("")
    assert "Không tạo được thư mục" in hoctap("demo", "--out", taken, fails=True)


def test_other_seeds_give_other_figures(place, hoctap, out, summary):
    other = place / f"demo-{SEEDS[0] if summary['seed'] != SEEDS[0] else SEEDS[1]}"
    if not other.exists():
        hoctap("demo", "--out", other, "--seed", other.name.removeprefix("demo-"))
    theirs = json.loads((other / "summary.json").read_text())
    assert theirs["signed"] != summary["signed"]
    assert theirs["late"] == summary["late"]
