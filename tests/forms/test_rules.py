"""Figures as officers write them; impossible and unlikely values."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoctap.forms.definition import library_form
from hoctap.forms.figures import format_figure
from hoctap.forms.rules import FigureError, check, derive, open_findings, parse_figure

SPEC = library_form("tuan-le-2023")


def position(line: str, measure: str) -> int:
    return next(cell.position for cell in SPEC.line(line).cells if cell.measure == measure)


def vector(**cells: int | None) -> list[int | None]:
    """A vector by ``d1_7_người=3`` (line 1.7, measure người)."""
    figures: list[int | None] = [None] * SPEC.size
    for name, value in cells.items():
        line, measure = name[1:].rsplit("_", 1)
        figures[position(line.replace("_", "."), measure)] = value
    return derive(SPEC, figures)


def found(figures, reasons=None, area_type=None):
    return {f.code: f for f in check(SPEC, figures, reasons, area_type)}


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("", None),
        (None, None),
        ("  ", None),
        ("\u00a0\u200b", None),
        ("0", 0),
        ("00", 0),
        ("412", 412),
        (" 412 ", 412),
        ("1234", 1234),
        ("1.234", 1234),
        ("15.500.000", 15_500_000),
        ("1 234", 1234),
        ("1\u00a0234\u202f567", 1_234_567),
        ("４１２", 412),
        ("１．２３４", 1234),
        ("10.000.000.000.000", 10**13),
    ],
)
def test_figures_are_read_with_vietnamese_habits(typed, value):
    assert parse_figure(typed) == value


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("12,5", "Số người phải là số nguyên. Đang là 12,5; nhập 12 hoặc 13."),
        ("12.5", "Số người phải là số nguyên. Đang là 12.5; nhập 12 hoặc 13."),
        ("1.234,5", "Số người phải là số nguyên. Đang là 1.234,5; nhập 1234 hoặc 1235."),
        ("12,0", "Số người phải là số nguyên. Đang là 12,0; nhập 12."),
        ("0.123", "Số người phải là số nguyên. Đang là 0.123; nhập 0 hoặc 1."),
        ("1,234", "Số người viết dấu phẩy nên hiểu được hai cách. Đang là 1,234; viết 1234 hoặc 1.234."),
        ("-5", "Số người không nhận số âm. Đang là −5; chỉ nhận số nguyên từ 0."),
        ("−5", "Số người không nhận số âm. Đang là −5; chỉ nhận số nguyên từ 0."),
        ("khoảng 40", "Số người chỉ nhận số nguyên từ 0. Đang là “khoảng 40”; viết bằng chữ số."),
        ("1e5", "Số người chỉ nhận số nguyên từ 0. Đang là “1e5”; viết bằng chữ số."),
        ("5²", "Số người chỉ nhận số nguyên từ 0. Đang là “5²”; viết bằng chữ số."),
        ("1.23.456", "Số người chỉ nhận số nguyên từ 0. Đang là “1.23.456”; viết bằng chữ số."),
        (
            "–",
            "Số người chỉ nhận số nguyên từ 0. Đang là “–”; không có số liệu thì để trống, bằng không thì ghi 0.",
        ),
        (
            "10000000000000000000",
            "Số người lớn hơn mức cao nhất 10.000.000.000.000. Đang là 10000000000000000000; kiểm tra lại.",
        ),
    ],
)
def test_what_is_no_figure_says_what_to_write(typed, message):
    with pytest.raises(FigureError) as wrong:
        parse_figure(typed, "Số người")
    assert str(wrong.value) == message


@given(st.integers(min_value=0, max_value=10**13))
def test_what_is_shown_is_read_back(value):
    assert parse_figure(format_figure(value)) == parse_figure(str(value)) == value


@given(st.text(max_size=30))
def test_any_typing_gives_a_figure_or_a_message(typed):
    try:
        value = parse_figure(typed)
    except FigureError as wrong:
        assert str(wrong).endswith(".")
    else:
        assert value is None or 0 <= value <= 10**13


def test_line_1_counts_its_classes():
    assert vector(d1_1_lớp=2, d1_13_lớp=3)[0] == 5
    assert vector(d1_1_lớp=0)[0] == 0


def test_line_1_stays_blank_while_nothing_is_reported():
    assert vector(d1_1_người=10)[0] is None


def test_a_typed_derived_figure_is_counted_anew():
    figures = vector(d1_1_lớp=2)
    figures[0] = 99
    assert derive(SPEC, figures)[0] == 2


def test_a_vector_of_another_form_is_no_figures():
    with pytest.raises(ValueError, match="56"):
        check(SPEC, [None] * 55)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (-1, "Dòng 1.7, người: không nhận số âm. Đang là −1."),
        (12.5, "Dòng 1.7, người: phải là số nguyên. Đang là 12.5."),
        (True, "Dòng 1.7, người: phải là số nguyên. Đang là True."),
        (
            10**13 + 1,
            "Dòng 1.7, người: lớn hơn mức cao nhất 10.000.000.000.000. Đang là 10.000.000.000.001.",
        ),
    ],
)
def test_impossible_figures_are_errors_that_no_reason_opens(value, message):
    figures = vector(d1_7_lớp=1)
    figures[position("1.7", "người")] = value
    (finding,) = check(SPEC, figures, reasons={f"cell-{position('1.7', 'người')}": "đúng vậy"})
    assert (finding.severity, finding.message, finding.line) == ("error", message, "1.7")
    assert open_findings([finding]) == [finding]


def test_a_district_counts_itself_once_and_a_ward_not_at_all():
    assert found(vector(d7_1_huyện=1), area_type="district") == {}
    (twice,) = found(vector(d7_1_huyện=2), area_type="district").values()
    assert "chỉ ghi 0 hoặc 1" in twice.message
    (ward,) = found(vector(d7_1_huyện=1), area_type="commune").values()
    assert ward.message == "Dòng 7.1, huyện: không thuộc phần của đơn vị này; để trống ô này."
    assert found(vector(), area_type="commune") == {}


def test_parts_above_the_persons_total_warn_until_a_reason_is_given():
    figures = vector(d1T_người=1066, d1_1_lớp=2, d1_1_người=700, d1_7_lớp=1, d1_7_người=384)
    finding = found(figures)["1T-more"]
    assert finding.severity == "warning"
    assert finding.message == (
        "Các dòng “trong đó” cộng lại được 1.084 người, nhiều hơn tổng 1.066 người là 18 người."
        " Một người học hai lớp thì đúng: ghi lý do rồi gửi. Nếu không, dùng 1.084."
    )
    assert finding.is_open
    assert not found(figures, {"1T-more": "18 người học hai lớp"})["1T-more"].is_open
    assert found(figures, {"1T-more": "  "})["1T-more"].is_open


def test_parts_below_the_persons_total_are_only_told():
    finding = found(vector(d1T_người=100, d1_1_lớp=1, d1_1_người=80))["1T-less"]
    assert (finding.severity, finding.is_open) == ("notice", False)
    assert "80 người, ít hơn tổng 100 người là 20 người" in finding.message


def test_equal_parts_say_nothing():
    assert found(vector(d1T_người=80, d1_1_lớp=1, d1_1_người=80)) == {}


def test_parts_without_a_total_ask_for_it():
    finding = found(vector(d1_1_lớp=1, d1_1_người=80))["1T-more"]
    assert "ô tổng còn trống" in finding.message
    assert finding.is_open


@pytest.mark.parametrize(("line", "sub"), [("5", "5_1"), ("6", "6_1")])
def test_entered_totals_are_at_least_their_lines(line, sub):
    assert found(vector(**{f"d{line}_cuộc": 11, f"d{sub}_cuộc": 9})) == {}
    finding = found(vector(**{f"d{line}_cuộc": 8, f"d{sub}_cuộc": 9}))[f"{line}-more"]
    assert (finding.line, finding.severity) == (line, "warning")
    assert "cộng lại được 9 cuộc, nhiều hơn tổng 8 cuộc là 1 cuộc" in finding.message


@pytest.mark.parametrize("classes", [0, None])
def test_persons_without_a_class_are_unlikely(classes):
    finding = found(vector(d1_7_lớp=classes, d1_7_người=40, d1T_người=40))["1.7-needs"]
    assert (
        finding.message == "Dòng 1.7 có 40 người nhưng chưa có lớp nào. Ghi số lớp, hoặc ghi lý do rồi gửi."
    )
    assert finding.position == position("1.7", "người")


def test_no_persons_need_no_class():
    assert found(vector(d1_7_lớp=0, d1_7_người=0, d1T_người=0)) == {}


def test_blank_and_zero_reports_are_both_clean():
    assert check(SPEC, [None] * SPEC.size) == []
    assert check(SPEC, [0] * SPEC.size) == []
