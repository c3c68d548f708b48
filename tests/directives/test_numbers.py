"""Numbers as the source documents and the notes on style print them."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoctap.directives.enums import DocumentKind
from hoctap.directives.numbers import Style, keys_of, parse, prefix, suggested_notation

PRINTED = [
    # printed, number, notation, style, key, written back
    ("Số: 333 /KH-UBND", "333", "KH-UBND", Style.STATE, "333/kh-ubnd", "333/KH-UBND"),
    ("333/KH-UBND", "333", "KH-UBND", Style.STATE, "333/kh-ubnd", "333/KH-UBND"),
    ("Số: 32 /CDYT", "32", "CDYT", Style.LETTER, "32/cdyt", "32/CDYT"),
    ("Số: 245/LĐLĐ", "245", "LĐLĐ", Style.LETTER, "245/ldld", "245/LĐLĐ"),
    ("Số 432/LĐLĐ", "432", "LĐLĐ", Style.LETTER, "432/ldld", "432/LĐLĐ"),
    ("1118/LĐLĐ-TG", "1118", "LĐLĐ-TG", Style.LETTER, "1118/ldld-tg", "1118/LĐLĐ-TG"),
    ("4133/TLĐ-ToC", "4133", "TLĐ-ToC", Style.LETTER, "4133/tld-toc", "4133/TLĐ-ToC"),
    ("5201/BGDĐT-GDTX", "5201", "BGDĐT-GDTX", Style.LETTER, "5201/bgddt-gdtx", "5201/BGDĐT-GDTX"),
    ("72/KH-LĐLĐ", "72", "KH-LĐLĐ", Style.STATE, "72/kh-ldld", "72/KH-LĐLĐ"),
    ("09/HD-LĐLĐ", "09", "HD-LĐLĐ", Style.STATE, "9/hd-ldld", "09/HD-LĐLĐ"),
    ("218/KH-BCĐXHHT", "218", "KH-BCĐXHHT", Style.STATE, "218/kh-bcdxhht", "218/KH-BCĐXHHT"),
    ("1268/QĐ-TTg", "1268", "QĐ-TTg", Style.STATE, "1268/qd-ttg", "1268/QĐ-TTg"),
    ("24/TT- BGDĐT", "24", "TT-BGDĐT", Style.STATE, "24/tt-bgddt", "24/TT-BGDĐT"),
    ("448/QĐ-KHVN", "448", "QĐ-KHVN", Style.STATE, "448/qd-khvn", "448/QĐ-KHVN"),
    ("305-CV/BTGQU", "305", "CV/BTGQU", Style.PARTY, "305/cv-btgqu", "305-CV/BTGQU"),
    ("49-KL/TW", "49", "KL/TW", Style.PARTY, "49/kl-tw", "49-KL/TW"),
    ("04-CT/TU", "04", "CT/TU", Style.PARTY, "4/ct-tu", "04-CT/TU"),
    ("04/CT-TU", "04", "CT/TU", Style.PARTY, "4/ct-tu", "04-CT/TU"),
    ("36-HD/VPTW", "36", "HD/VPTW", Style.PARTY, "36/hd-vptw", "36-HD/VPTW"),
    ("42/KH-SGDĐT-HKH", "42", "KH-SGDĐT-HKH", Style.JOINT, "42/kh-sgddt-hkh", "42/KH-SGDĐT-HKH"),
    ("37/2023/NQ-HĐND", "37", "2023/NQ-HĐND", Style.YEAR, "37/2023/nq-hdnd", "37/2023/NQ-HĐND"),
    ("24/2023/TT-BGDĐT", "24", "2023/TT-BGDĐT", Style.YEAR, "24/2023/tt-bgddt", "24/2023/TT-BGDĐT"),
    ("91/2025/QH15", "91", "2025/QH15", Style.LAW, "91/2025/qh15", "91/2025/QH15"),
    ("Số:      /KH-UBND", "", "KH-UBND", Style.BLANK, "", "/KH-UBND"),
    ("Số: ……/KH-UBND", "", "KH-UBND", Style.BLANK, "", "/KH-UBND"),
    ("Số: .../LĐLĐ-TG", "", "LĐLĐ-TG", Style.BLANK, "", "/LĐLĐ-TG"),
    ("Số:     -CV/BTGQU", "", "CV/BTGQU", Style.BLANK, "", "-CV/BTGQU"),
    ("Số:    /2023/NQ-HĐND", "", "2023/NQ-HĐND", Style.BLANK, "", "/2023/NQ-HĐND"),
    ("", "", "", Style.ABSENT, "", ""),
    ("Số:", "", "", Style.ABSENT, "", ""),
    ("Số: ......", "", "", Style.ABSENT, "", ""),
    ("57", "57", "", Style.OTHER, "57", "57"),
    ("không số", "", "không số", Style.OTHER, "", "không số"),
]


@pytest.mark.parametrize(("printed", "number", "notation", "style", "key", "written"), PRINTED)
def test_every_printed_style(printed, number, notation, style, key, written):
    read = parse(printed)
    assert (read.number, read.notation, read.style, read.key) == (number, notation, style, key)
    assert str(read) == written


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("245/LĐLĐ", "245/L\u00d0L\u00d0"),  # a scanner's Ð for Đ
        ("245/LĐLĐ", unicodedata.normalize("NFD", "245/LĐLĐ")),
        ("333/KH-UBND", "Số: 333 / kh – ubnd"),
        ("04-CT/TU", "04/CT-TU"),
        ("9/HD-LĐLĐ", "09/HD-LĐLĐ"),
        ("32/CDYT", "32 /CĐYT"),
    ],
)
def test_spellings_of_one_number_share_a_key(one, other):
    assert parse(one).key == parse(other).key != ""


def test_different_numbers_do_not():
    keys = {parse(p).key for p in ("1/KH-UBND", "11/KH-UBND", "1/QĐ-UBND", "1/KH-UBND-VX", "1/2023/NQ-HĐND")}
    assert len(keys) == 5


_organs = st.sampled_from(
    ["UBND", "LĐLĐ", "SGDĐT", "HKH", "CDYT", "TLĐ", "BTGQU", "TW", "TU", "TTg", "BCĐXHHT", "ToC"]
)
_kinds = st.sampled_from(["KH", "QĐ", "NQ", "TT", "CT", "HD", "KL", "CV", "BC", "TTr"])
_figures = st.integers(1, 99999).map(lambda n: f"{n:02}")
_numbers = st.one_of(
    st.builds("{}/{}-{}".format, _figures, _kinds, _organs),
    st.builds("{}/{}".format, _figures, _organs),
    st.builds("{}-{}/{}".format, _figures, _kinds, _organs),
    st.builds("{}/{}-{}-{}".format, _figures, _kinds, _organs, _organs),
    st.builds("{}/{}/{}-{}".format, _figures, st.integers(1990, 2030), _kinds, _organs),
    st.builds("{}/{}/QH{}".format, _figures, st.integers(1990, 2030), st.integers(9, 16)),
    st.builds("/{}-{}".format, _kinds, _organs),
    st.builds("-{}/{}".format, _kinds, _organs),
)


@given(_numbers)
def test_written_and_read_again_is_the_same(printed):
    read = parse(printed)
    assert parse(str(read)) == read


@given(_numbers, st.lists(st.sampled_from(["", " ", "  ", "\u00a0"]), min_size=8, max_size=8), st.booleans())
def test_spaces_label_and_case_never_change_the_key(printed, spaces, label):
    spread = "".join(
        c if c not in "/-" else spaces[i % 8] + c + spaces[(i + 3) % 8] for i, c in enumerate(printed)
    )
    assert parse(("Số: " if label else "") + spread).key == parse(printed).key
    assert parse(spread.lower()).key == parse(printed).key


@given(st.text(max_size=80))
def test_anything_is_read_without_failing(text):
    read = parse(text)
    assert parse(str(read)).key == read.key


@pytest.mark.parametrize(
    ("typed", "start"),
    [
        ("333", "333"),
        ("số 333/kh", "333/kh"),
        ("333 / KH-UB", "333/kh-ub"),
        ("305-CV/BTG", "305/cv-btg"),
        ("09/hd", "9/hd"),
        ("245/lđ", "245/ld"),
        ("học tập", ""),
        ("2021 học tập", ""),
    ],
)
def test_the_start_of_a_number_is_recognised(typed, start):
    assert prefix(typed) == start


def test_the_year_may_be_left_out_of_a_cited_number():
    assert keys_of("24/2023/tt-bgddt", 2023) == {"24/2023/tt-bgddt", "24/tt-bgddt"}
    assert keys_of("24/tt-bgddt", 2023) == {"24/tt-bgddt", "24/2023/tt-bgddt"}
    assert keys_of("24/tt-bgddt", None) == {"24/tt-bgddt"}
    assert keys_of("57", 2023) == {"57"}
    assert keys_of("", 2023) == set()


@pytest.mark.parametrize(
    ("kind", "short_name", "notation"),
    [
        ("KH", "UBND Quận 3", "KH-UBND"),
        ("CV", "Sở GD&ĐT TP.HCM", "SGDĐT"),
        ("HD", "LĐLĐ Gò Vấp", "HD-LĐLĐ"),
        ("QĐ", "P.GD&ĐT", "QĐ-PGDĐT"),
    ],
)
def test_the_notation_a_unit_writes_first(kind, short_name, notation):
    assert suggested_notation(DocumentKind(kind), short_name) == notation
