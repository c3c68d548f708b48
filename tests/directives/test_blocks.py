"""Pasted text shown as blocks, on the source documents' real text."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoctap.cli.demo.documents import SEEDS, text_of
from hoctap.directives.blocks import Run, blocks, runs


def heads(name: str) -> list[tuple[int, str]]:
    return [(b.level, b.text) for b in blocks(text_of(name)) if b.kind == "head"]


def test_the_outline_of_plan_333():
    found = heads("003")
    assert [text for level, text in found if level == 1] == [
        "I. MỤC ĐÍCH, YÊU CẦU",
        "II. CÁC NỘI DUNG THỰC HIỆN",
        "III. TỔ CHỨC THỰC HIỆN",
        "IV. CHẾ ĐỘ THÔNG TIN BÁO CÁO",
    ]
    under_iii = [text for level, text in found[found.index((1, "III. TỔ CHỨC THỰC HIỆN")) :] if level == 2]
    assert under_iii[:3] == [
        "1. Đề nghị Ủy ban Mặt trận Tổ quốc Việt Nam và các tổ chức chính trị - xã hội Quận 3",
        "2. Phòng Giáo dục và Đào tạo Quận 3",
        "3. Phòng Văn hóa và Thông tin Quận 3, Trung tâm Văn hóa - Thể thao Quận 3",
    ]
    assert under_iii[10] == "11. Ủy ban nhân dân 12 phường"
    assert (3, "2.1. Hoạt động cấp quận") in found


def test_its_table_keeps_rows_and_columns():
    [table] = [b for b in blocks(text_of("003")) if b.kind == "table"]
    assert table.rows[0] == ("STT", "Các hoạt động", "Đơn vị", "Số lượng", "", "Ghi chú")
    assert {len(row) for row in table.rows} == {6}
    assert table.rows[2][:3] == ("1", "Các lớp bồi dưỡng, tập huấn tổ chức trong Tuần lễ", "lớp")
    assert table.rows[-1][:2] == ("11", "Các nội dung khác (nếu có)")


def test_slogans_are_no_headings():
    assert all("khẩu hiệu" not in text.lower() or level == 2 for level, text in heads("003"))
    assert [text for _, text in heads("000")] == [
        "1. Tổ chức tuần lễ hưởng ứng học tập suốt đời trong đoàn viên, người lao động năm 2023",
        "2. Khai thác, sử dụng sách điện tử “Những tấm gương bình dị tỏa sáng giữa đời thường”:",
    ]


def test_a_sentence_broken_by_the_page_is_joined():
    texts = [b.text for b in blocks(text_of("003"))]
    assert any(
        "trong kỷ nguyên số nâng cao chất lượng học tập suốt đời cho mọi người." in text for text in texts
    )
    assert any("phát triển các ứng dụng (apps), trò chơi (games)" in text for text in texts)


def test_marks_become_runs():
    assert runs("từ **02/10/2023** đến *hết* tuần") == [
        Run("từ "), Run("02/10/2023", "b"), Run(" đến "), Run("hết", "i"), Run(" tuần"),
    ]  # fmt: skip
    assert runs("**TM. BAN THƯỜNG VỤ") == [Run("TM. BAN THƯỜNG VỤ")]
    assert runs("2 * 3 * 4") == [Run("2 * 3 * 4")]


@pytest.mark.parametrize("name", SEEDS)
def test_no_word_is_lost(name):
    text = text_of(name)
    shown = " ".join(
        " ".join(run.text for run in b.runs) + " ".join(c for row in b.rows for c in row)
        for b in blocks(text)
    )
    assert re.findall(r"[^\W_]+", shown) == re.findall(r"[^\W_]+", text)


@given(st.text(alphabet=st.sampled_from("ab.1I-*\n\t Đ“<"), max_size=120))
def test_any_text_has_an_outline_without_holes(text):
    last = 0
    for block in blocks(text):
        if block.kind == "head":
            assert block.level <= last + 1
            last = block.level
