"""``hoctap read``: keys, text and offsets, exit status, standard input."""

import io
import json
from types import SimpleNamespace

import pytest

from hoctap.cli.main import main
from tests.reading.files import SEEDS, as_docx, seed
from tests.reading.test_fuzz import KEYS


@pytest.fixture
def command(capsys):
    """``command(*words)``: exit status, output, errors."""

    def run(*words: str) -> tuple[int, str, str]:
        status = main(["read", *words])
        return status, *capsys.readouterr()

    return run


def test_json_has_exactly_the_keys(command):
    status, out, err = command(str(SEEDS / "003.txt"), "--json")
    assert (status, err) == (0, "")
    found = json.loads(out)
    assert found.keys() == KEYS
    assert found["code"] == "333/KH-UBND"


def test_text_holds_what_the_offsets_point_to(command):
    _, out, _ = command(str(SEEDS / "001.txt"), "--json", "--text")
    found = json.loads(out)
    assert found.keys() == KEYS | {"text"}
    start, end = found["evidence"]["signer.name"]
    assert found["text"][start:end] == "Trần Phước Hùng"
    start, end = found["evidence"]["deadlines.0.recurrence"]
    assert found["text"][start:end] == "hàng năm"


def test_from_standard_input(command, monkeypatch):
    for data in (seed("002").encode(), as_docx(seed("002"))):
        monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(data)))
        status, out, _ = command("-", "--json")
        assert (status, json.loads(out)["code"]) == (0, "32/CDYT")


def test_summary_for_people(command):
    status, out, _ = command(str(SEEDS / "003.txt"))
    assert status == 0
    assert "Số, ký hiệu: 333/KH-UBND; ngày 2023-10-02" in out
    assert "Hạn: trước 2023-10-13: báo cáo kết quả triển khai" in out


@pytest.mark.parametrize(
    "name, said",
    [
        ("khong-co.txt", "Không thấy tệp {}. Kiểm tra lại tên và thư mục."),
        ("", "{} là thư mục. Hãy nêu tên một tệp trong đó."),
        ("trong.txt", "Tệp trong.txt trống, không có gì để đọc. Kiểm tra lại tệp rồi chọn lại."),
    ],
)
def test_refusals(command, tmp_path, name, said):
    (tmp_path / "trong.txt").write_bytes(b"")
    file = str(tmp_path / name)
    assert command(file, "--json") == (1, "", said.format(file) + "\n")


def test_notes_go_beside_the_answer(command, tmp_path):
    file = tmp_path / "hai.txt"
    file.write_text(seed("002") + "\nSố: 7/KH-UBND\nQuận 3, ngày 02 tháng 10 năm 2023\nKẾ HOẠCH\n")
    status, out, err = command(str(file), "--json")
    assert status == 0
    assert json.loads(out)["code"] == "32/CDYT"
    assert err.startswith("Tệp có nhiều văn bản")
