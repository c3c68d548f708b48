"""Days and moments as people type them."""

from datetime import date, datetime

import pytest
from django.core.exceptions import ValidationError

from hoctap.desk.fields import DayField, MomentField
from hoctap.kernel.clock import VIETNAM


@pytest.mark.parametrize(
    "typed", ["12/10/2023", " 12/10/2023 ", "12-10-2023", "12.10.2023", "12102023", "2023-10-12"]
)
def test_days_are_read_day_first(typed):
    assert DayField().clean(typed) == date(2023, 10, 12)


@pytest.mark.parametrize("typed", ["10/13/2023", "31/02/2023", "mai", "13/10"])
def test_what_is_no_day_is_refused_with_an_example(typed):
    with pytest.raises(ValidationError, match=r"ví dụ 13/10/2023"):
        DayField().clean(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "12/10/2023 14:00",
        "14:00, 12/10/2023",
        "14 giờ 00 phút ngày 12/10/2023",
        "14h 12/10/2023",
        "12/10/2023 14h00",
        "hết 14 giờ ngày 12/10/2023",
        "2023-10-12T14:00",
    ],
)
def test_moments_are_read_as_letters_write_them(typed):
    assert MomentField().clean(typed) == datetime(2023, 10, 12, 14, 0, tzinfo=VIETNAM)


def test_a_day_alone_is_its_last_minute_only_where_a_deadline_is_asked():
    assert MomentField(day_alone=True).clean("12/10/2023") == datetime(2023, 10, 12, 23, 59, tzinfo=VIETNAM)
    with pytest.raises(ValidationError, match=r"13/10/2023 14:00"):
        MomentField().clean("12/10/2023")
