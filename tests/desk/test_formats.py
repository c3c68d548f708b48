from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from markupsafe import Markup

from hoctap.desk import formats as f


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (1234567, "1.234.567"),
        (0, "0"),
        (None, "–"),
        ("", "–"),
        (-2, "−2"),
        ("90071992547409930", "90.071.992.547.409.930"),
    ],
)
def test_whole_numbers_keep_null_and_zero_apart(value, written):
    assert f.vn_int(value) == written


def test_other_figures():
    assert f.vn_decimal(1111.5) == "1.111,5"
    assert f.vn_decimal(Decimal("-0.25"), 2) == "−0,25"
    assert f.vn_percent(14, 26) == "53,8%"
    assert f.vn_percent(0, 0) == "–"
    assert [f.vn_signed(n) for n in (21, -2, 0, None)] == ["+21", "−2", "0", "–"]


def test_moments_are_told_in_vietnamese_time():
    late = datetime(2023, 10, 12, 17, 0, tzinfo=UTC)  # midnight in Vietnam
    assert f.vn_datetime(late) == "00:00, 13/10/2023"
    assert f.vn_date(late) == "13/10/2023"
    assert f.vn_short(late) == "13/10, 00:00"
    assert f.iso(late) == "2023-10-13T00:00+07:00"
    assert f.vn_date(date(2023, 10, 2)) == "02/10/2023"
    assert f.vn_date(None) == "–"
    assert f.vn_weekday(date(2023, 10, 13)) == "Thứ Sáu, 13/10/2023"


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        f.vn_datetime(datetime(2023, 10, 13))


def test_compounds_and_numbers_stay_on_one_line():
    assert f.glue("Tuần lễ học tập suốt đời tại Quận 3, dòng 1.7") == (
        "Tuần\u00a0lễ học\u00a0tập suốt\u00a0đời tại Quận\u00a03, dòng\u00a01.7"
    )


def test_what_is_markup_is_not_escaped_again():
    assert f.glue(Markup("GD&amp;ĐT Quận 3")) == "GD&amp;ĐT Quận\u00a03"
    assert isinstance(f.glue(Markup("Quận 3")), Markup) and not isinstance(f.glue("Quận 3"), Markup)
