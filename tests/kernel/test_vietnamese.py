"""Folding for search, keys for dictionary order."""

import random
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoctap.kernel.vietnamese import fold, sort_key, tidy

# Every line is in dictionary order.
ORDERED = [
    ["ma", "mà", "mả", "mã", "má", "mạ"],
    list("aăâbcdđeêghiklmnoôơpqrstuưvxy"),
    ["da", "đa", "đà", "đi", "ê", "ít"],
    ["bạ", "bác", "bai", "bàn", "băng", "bâng"],
    ["ba", "ba lô", "bà", "bà con", "bạ", "bác"],
    ["Hội Khuyến học", "Hội khuyến học Quận 3", "Hội Phụ nữ"],
    ["Phường 1", "Phường 2", "Phường 10", "Phường 12", "Phường Bến Nghé", "Phường Võ Thị Sáu"],
    ["Quận 3", "Quận 11", "Quận Gò Vấp"],
    ["Thái Bình", "Thành phố Thủ Đức"],
    ["tan", "tàn", "tản", "tãn", "tán", "tạn", "tăn", "tân"],
]


@pytest.mark.parametrize("words", ORDERED, ids=lambda words: words[0])
def test_names_sort_as_in_a_dictionary(words: list[str]):
    shuffled = random.Random(3).sample(words, len(words))
    assert sorted(shuffled, key=sort_key) == words


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Học tập suốt đời", "hoc tap suot doi"),
        ("ĐẨY MẠNH  XÂY DỰNG\nXÃ HỘI HỌC TẬP", "day manh xay dung xa hoi hoc tap"),
        ("Ðại học", "dai hoc"),  # U+00D0, as scanners write it
        ("Nguyễn Thị Thưởng, Phường Võ Thị Sáu", "nguyen thi thuong, phuong vo thi sau"),
        ("Sở GD&ĐT 27/KH-UBND", "so gd&dt 27/kh-ubnd"),
        ("quản lý, quản lí", "quan ly, quan li"),
        ("", ""),
    ],
)
def test_folding_drops_case_accents_and_extra_spaces(text: str, folded: str):
    assert fold(text) == folded


VIETNAMESE = st.text(
    alphabet="aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵ"
    "0123456789 AĐÊ-/&",
    max_size=40,
)


@given(VIETNAMESE)
def test_composed_and_decomposed_text_are_one(text: str):
    apart = unicodedata.normalize("NFD", text)
    assert (fold(apart), sort_key(apart), tidy(apart)) == (fold(text), sort_key(text), tidy(text))


@given(VIETNAMESE)
def test_folding_is_stable_plain_and_blind_to_case(text: str):
    assert fold(text).isascii()
    assert fold(fold(text)) == fold(text)
    assert fold(text.upper()) == fold(text)
    assert sort_key(text.upper()) == sort_key(text)


@given(st.text(max_size=40))
def test_any_text_has_a_printable_key(text: str):
    assert sort_key(text).isascii()
    assert sort_key(text).isprintable()


def test_tidy_keeps_letters_and_single_spaces():
    assert tidy("  Hội  Khuyê\u0301n\nhọc ") == "Hội Khuyến học"
