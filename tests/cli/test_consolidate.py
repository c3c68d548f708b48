"""`hoctap consolidate`: many filled forms into one workbook, and what was left out."""

import io
import json
import os
import stat
import subprocess
import sys

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hoctap.cli.consolidate import ALONE
from hoctap.cli.main import main
from hoctap.forms.definition import parse_definition
from hoctap.forms.merge import Consolidation, UnitFigures
from hoctap.forms.sheets import Stamp, write_form
from hoctap.forms.sheets.consolidated import write_consolidation
from tests.forms.sheets import SPEC, figures, paper, with_cell


@pytest.fixture
def folder(tmp_path):
    return Folder(tmp_path)


class Folder:
    """Filled forms by unit, in a folder of their own."""

    def __init__(self, path):
        self.path, self.files = path, []

    def put(self, name: str, data: bytes) -> str:
        (self.path / name).write_bytes(data)
        self.files.append(str(self.path / name))
        return self.files[-1]

    def unit(
        self, number: int, name: str | None = None, spec=SPEC, stamp: dict | None = None, **words
    ) -> str:
        cells = {key: words.pop(key) for key in list(words) if key[0] == "p" and key[1:].isdigit()}
        mark = Stamp(f"P{number}", f"UBND Phường {number}", **{"round_id": "1", **(stamp or {})})
        return self.put(name or f"p{number}.xlsx", write_form(spec, mark, figures(**cells), **words))

    def merge(self, *files: str) -> int:
        return main(["consolidate", *(files or self.files), "-o", str(self.path / "tong-hop.xlsx")])

    def result(self) -> "Result":
        return Result(openpyxl.load_workbook(self.path / "tong-hop.xlsx"))


class Result:
    def __init__(self, book):
        self.book = book
        self.total = [list(row) for row in book["Tong hop"].iter_rows(values_only=True)]
        self.units = [list(row) for row in book["Tung don vi"].iter_rows(values_only=True)]

    def line(self, label: str) -> list:
        """A row of the first sheet: totals, note, numbers of units."""
        return next(row[3:] for row in self.total if row[1] and row[1].startswith(label))

    def cell(self, label: str, measure: str) -> list:
        """A row of the second sheet: total, number of units, then every unit."""
        return next(
            row[3:] for row in self.units if row[1] and row[1].startswith(label) and row[2] == measure
        )


def test_totals_counts_and_one_column_per_unit(folder, capsys):
    folder.unit(1, p2=2, p3=64, p28=24)
    folder.unit(2, p2=0, p28=6)
    folder.unit(3, p4=5)
    assert folder.merge() == 0
    assert capsys.readouterr().out == f"Đã gộp 3 đơn vị vào {folder.path}/tong-hop.xlsx.\n"
    result = folder.result()
    assert result.line("Bồi dưỡng nâng cao trình độ chuyên môn") == [2, 64, None, 2, 1]
    assert result.line("Số tin bài") == [30, None, None, 2, None]
    assert result.line("Các lớp bồi dưỡng, tập huấn tổ chức") == [7, None, None, 3, None]
    assert result.line("Xóa mù chữ") == [None, None, None, 0, 0]
    assert result.units[0][5:] == ["UBND Phường 1", "UBND Phường 2", "UBND Phường 3"]
    assert result.units[1][5:] == ["P1", "P2", "P3"]
    assert result.cell("Bồi dưỡng nâng cao trình độ chuyên môn", "lớp") == [2, 2, 2, 0, None]
    assert result.cell("Bồi dưỡng nâng cao trình độ chuyên môn", "người") == [64, 1, 64, None, None]


def test_labels_stand_as_on_the_form_in_its_order(folder):
    folder.unit(1, p2=2)
    folder.merge()
    result = folder.result()
    assert result.total[4][:6] == ["STT", "Các hoạt động", "Đơn vị", "Số lượng", None, "Ghi chú"]
    assert result.total[5][3:8] == ["Số lớp/số cuộc thi", "Người", None, "Số lớp/số cuộc thi", "Người"]
    printed = [(line.printed, line.label, line.unit_of_measure) for line in SPEC.lines]
    assert [tuple(cell or "" for cell in row[:3]) for row in result.total[6 : 6 + len(printed)]] == printed
    rows = [(line.label, cell.measure) for line in SPEC.lines for cell in line.cells]
    assert [(row[1], row[2]) for row in result.units[2:] if row[2]] == rows


def test_notes_are_gathered_by_line_and_unit(folder):
    folder.unit(1, p2=2, notes={"1.7": "chung với LĐLĐ"}, texts={"11": "Ngày hội"})
    folder.unit(2, p2=2, notes={"1.7": "x" * 500})
    folder.merge()
    result = folder.result()
    assert result.line("Giáo dục kỹ năng sống")[2] == "2 ghi chú, xem trang “Ghi chu”"
    assert result.line("Các nội dung khác")[2] == "UBND Phường 1: Ngày hội"
    assert [row[:2] for row in result.book["Ghi chu"].iter_rows(values_only=True)][1:] == [
        ("UBND Phường 1", "1.7"),
        ("UBND Phường 2", "1.7"),
        ("UBND Phường 1", "11"),
    ]


def test_what_could_not_be_taken_is_told_and_kept_in_the_result(folder, capsys):
    folder.unit(1, p28=5)
    folder.put("p2.xlsx", with_cell("E12", "khoảng 40"))
    folder.put("p3.xlsx", b"PK\x03\x04")
    folder.files.append(str(folder.path / "p4.xlsx"))
    assert folder.merge() == 1
    out = capsys.readouterr().out
    assert "Đã gộp 1 đơn vị vào" in out
    assert "Chưa nhận 3 tệp:" in out
    bad = f"- Tệp {folder.path}/p2.xlsx: trang “Bieu”, ô E12 ghi “khoảng 40”. Ô này chỉ nhận số nguyên từ 0"
    assert bad in out
    assert out.index("p2.xlsx") < out.index("p3.xlsx: không mở được") < out.index("p4.xlsx: không có tệp này")
    assert "chỉ gồm các tệp nhận được" in out
    result = folder.result()
    assert result.line("Số tin bài")[0] == 5
    assert [row[0] for row in result.book["Chua nhan"].iter_rows(values_only=True)][1:] == folder.files[1:]


def test_the_same_unit_twice_is_counted_once_and_both_files_are_named(folder, capsys):
    first = folder.unit(5, "phuong-5.xlsx", p28=24)
    again = folder.unit(5, "phuong-5 (moi).xlsx", p28=30)
    assert folder.merge() == 1
    assert (
        f"- Tệp {again}: đơn vị “UBND Phường 5” (mã P5) đã có trong tệp {first}; tệp này không cộng thêm."
        in capsys.readouterr().out
    )
    assert folder.result().line("Số tin bài")[0] == 24


def test_the_same_file_given_twice(folder):
    one = folder.unit(5, p28=24)
    assert folder.merge(one, one) == 1
    assert folder.result().line("Số tin bài")[0] == 24


def test_another_form_version_is_left_out_wherever_it_stands(folder, capsys):
    newer = json.loads(SPEC.canonical) | {"version": 2}
    other = folder.unit(9, spec=parse_definition(newer), p28=100)
    folder.unit(1, p28=5)
    folder.unit(2, p28=6)
    assert folder.merge() == 1
    out = capsys.readouterr().out
    assert f"- Tệp {other}: là biểu “{SPEC.name}” bản 2" in out
    assert "các tệp khác là biểu" in out
    assert folder.result().line("Số tin bài")[0] == 11


def test_another_round_is_left_out(folder, capsys):
    folder.unit(1, p28=5)
    folder.unit(2, p28=6)
    folder.unit(3, stamp={"round_id": "2"}, p28=100)
    assert folder.merge() == 1
    assert "thuộc đợt báo cáo khác" in capsys.readouterr().out
    assert folder.result().line("Số tin bài")[0] == 11


def test_totals_of_subtrees_are_taken_with_a_warning(folder, capsys):
    folder.unit(1, p28=5)
    folder.unit(2, stamp={"kind": "total"}, p28=6)
    assert folder.merge() == 0
    assert "1 tệp là số tổng hợp, đã gồm đơn vị cấp dưới" in capsys.readouterr().out
    assert folder.result().line("Số tin bài")[0] == 11


def test_a_file_typed_from_paper_is_nobody_s(folder, capsys):
    folder.unit(1, p28=5)
    folder.put("go-tay.xlsx", paper([["STT", "Các hoạt động"]]))
    assert folder.merge() == 1
    assert "không có dấu của biểu mẫu" in capsys.readouterr().out


def test_nothing_is_written_when_nothing_could_be_taken(folder, capsys):
    folder.put("p3.xlsx", b"")
    assert folder.merge() == 1
    assert "Không có tệp nào nhận được nên không ghi" in capsys.readouterr().out
    assert not (folder.path / "tong-hop.xlsx").exists()


def test_the_result_never_overwrites_an_input(folder, capsys):
    one = folder.unit(1, p28=5)
    before = (folder.path / "p1.xlsx").read_bytes()
    assert main(["consolidate", one, "-o", str(folder.path / "." / "p1.xlsx")]) == 2
    assert "cũng là một tệp đầu vào" in capsys.readouterr().err
    assert (folder.path / "p1.xlsx").read_bytes() == before


def test_a_folder_that_is_not_there(folder, capsys):
    one = folder.unit(1, p28=5)
    assert main(["consolidate", one, "-o", str(folder.path / "khong-co" / "ra.xlsx")]) == 2
    assert "Không có thư mục" in capsys.readouterr().err


def test_wrong_usage(capsys):
    for words in (["consolidate"], ["consolidate", "a.xlsx"]):
        with pytest.raises(SystemExit) as stopped:
            main(words)
        assert stopped.value.code == 2
    assert "usage: hoctap consolidate" in capsys.readouterr().err


def test_the_result_is_readable_by_others(folder):
    folder.unit(1, p28=5)
    umask = os.umask(0o022)
    try:
        folder.merge()
    finally:
        os.umask(umask)
    assert stat.S_IMODE((folder.path / "tong-hop.xlsx").stat().st_mode) == 0o644


def test_many_files_are_read_by_several_processes_in_order(folder):
    for number in range(ALONE + 20):
        folder.unit(number, f"{number:03}.xlsx", p28=number)
    folder.put("zzz.xlsx", b"")
    assert folder.merge() == 1
    result = folder.result()
    total = sum(range(ALONE + 20))
    assert result.cell("Số tin bài", "tin, bài") == [total, ALONE + 20, *range(ALONE + 20)]


def test_it_runs_without_django_or_a_database(folder):
    folder.unit(1, p28=5)
    program = (
        "import sys; from hoctap.cli.main import main; code = main(sys.argv[1:]);"
        "sys.exit(99 if 'django' in sys.modules else code)"
    )
    command = [sys.executable, "-W", "error", "-c", program, "consolidate", *folder.files, "-o"]
    environment = {"PYTHONPATH": os.pathsep.join(sys.path), "PATH": os.environ["PATH"]}
    done = subprocess.run(
        [*command, str(folder.path / "ra.xlsx")], env=environment, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "Đã gộp 1 đơn vị" in done.stdout


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.lists(st.none() | st.integers(0, 10**13), min_size=SPEC.size, max_size=SPEC.size),
        min_size=1,
        max_size=12,
    )
)
def test_sums_are_exact_and_blank_is_not_zero(vectors):
    units = [UnitFigures(f"P{i}", f"Phường {i}", vector) for i, vector in enumerate(vectors)]
    book = openpyxl.load_workbook(io.BytesIO(write_consolidation(Consolidation(SPEC, units))))
    rows = [row for row in book["Tung don vi"].iter_rows(min_row=3, values_only=True) if row[2]]
    for position, row in enumerate(rows):
        given_ = [vector[position] for vector in vectors if vector[position] is not None]
        assert row[3] == (sum(given_) if given_ else None)
        assert row[4] == len(given_)
        assert list(row[5:]) == [vector[position] for vector in vectors]


def test_sums_above_fifteen_digits_are_text_and_say_so():
    units = [UnitFigures(f"P{i}", f"Phường {i}", [10**13] * SPEC.size) for i in range(100)]
    sheet = openpyxl.load_workbook(io.BytesIO(write_consolidation(Consolidation(SPEC, units))))["Tong hop"]
    assert sheet["D9"].value == "1.000.000.000.000.000"
    assert any("dài hơn 15 chữ số" in str(row[1]) for row in sheet.iter_rows(values_only=True))


def test_coverage_is_told_when_it_is_known():
    units = [UnitFigures("P1", "Phường 1", [0] * SPEC.size)]
    sheet = openpyxl.load_workbook(io.BytesIO(write_consolidation(Consolidation(SPEC, units, expected=26))))[
        "Tong hop"
    ]
    assert sheet["A3"].value == "Số tổng hợp của 1/26 đơn vị"
