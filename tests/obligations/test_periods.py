"""What recurs, a turn later: days, and the words that name a day or a period."""

from calendar import monthrange
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoctap.obligations import periods
from hoctap.obligations.enums import Frequency
from hoctap.obligations.periods import next_due_text, next_name

MONTHLY, QUARTERLY, YEARLY = Frequency.MONTHLY, Frequency.QUARTERLY, Frequency.YEARLY
RECURS = st.sampled_from([MONTHLY, QUARTERLY, YEARLY])
DAYS = st.dates(date(2000, 1, 1), date(2090, 12, 31))
TEXTS = st.sampled_from(["trước ngày", "chậm nhất vào cuối tháng", "chậm nhất ngày"])


@given(DAYS, TEXTS, RECURS)
def test_one_deadline_a_period_each_later_than_the_last(first, text, frequency):
    """Kept as obligations are: the day meant is remembered only where a month has no such day."""
    months, on, kept = periods.MONTHS[frequency], first, None
    meant = 31 if "cuối tháng" in text else first.day
    for turn in range(1, 40):
        day = periods.stated_day(on, text, kept)
        later = periods.moved(on, months, day)
        kept = day if day != later.day else None
        assert later > on
        assert later.year * 12 + later.month == first.year * 12 + first.month + turn * months
        assert later.day == min(meant, monthrange(later.year, later.month)[1])
        on = later


@given(DAYS, RECURS, st.integers(0, 45), st.integers(0, 27))
def test_a_round_opens_once_a_period_between_two_deadlines(due, frequency, after, into):
    """The data's period of the next round has begun and this round's is over; its deadline is still to come."""
    months = periods.MONTHS[frequency]
    period_to = due - timedelta(days=after)
    period_from = periods.moved(period_to, -months) + timedelta(days=1)
    for begin, end in ((period_from, period_to), (None, None)):
        day = periods.opens_on(frequency, due, begin, end, due - timedelta(days=into))
        assert day > (end or due)
        assert day <= periods.moved(due, months)


@pytest.mark.parametrize(
    ("frequency", "due", "period", "opens"),
    [
        # 432/LĐLĐ: "cuối tháng 10 hàng năm", no period of figures: with the new year.
        (YEARLY, date(2024, 10, 31), (None, None), date(2025, 1, 1)),
        # Plan 333: the week 02–08/10, before 13/10: with the week itself.
        (YEARLY, date(2023, 10, 13), (date(2023, 10, 2), date(2023, 10, 8)), date(2024, 9, 13)),
        # The year's figures by 15/01 of the next.
        (YEARLY, date(2025, 1, 15), (date(2024, 1, 1), date(2024, 12, 31)), date(2025, 1, 1)),
        (MONTHLY, date(2024, 10, 25), (None, None), date(2024, 11, 1)),
        (MONTHLY, date(2024, 11, 5), (date(2024, 10, 1), date(2024, 10, 31)), date(2024, 11, 1)),
        (QUARTERLY, date(2024, 3, 10), (None, None), date(2024, 4, 1)),
        (MONTHLY, date(2024, 10, 2), (None, None), date(2024, 10, 26)),  # not with one day left
        (YEARLY, None, (None, None), date(2024, 1, 1)),  # "theo quy định", opened 05/06/2023
    ],
)
def test_when_the_next_round_opens(frequency, due, period, opens):
    assert periods.opens_on(frequency, due, *period, date(2023, 6, 5)) == opens


@pytest.mark.parametrize(
    ("frequency", "name", "near", "later"),
    [
        (YEARLY, "Báo cáo phong trào năm 2024", date(2024, 10, 31), "Báo cáo phong trào năm 2025"),
        (YEARLY, "Kết quả năm 2024", date(2025, 1, 15), "Kết quả năm 2025"),  # of the year that is over
        (YEARLY, "Năm học 2024-2025, học kỳ I", date(2024, 12, 1), "Năm học 2025-2026, học kỳ I"),
        (YEARLY, "Đề án giai đoạn 2021-2030", date(2024, 12, 1), "Đề án giai đoạn 2021-2030 – năm 2025"),
        (YEARLY, "Chương trình từ năm 2015, năm 2024", date(2024, 12, 1), "Chương trình từ năm 2015, năm 2025"),
        (QUARTERLY, "Báo cáo quý IV năm 2024", date(2024, 12, 10), "Báo cáo quý I năm 2025"),
        (QUARTERLY, "Báo cáo quý 3/2024", date(2024, 10, 5), "Báo cáo quý 4/2024"),
        (QUARTERLY, "Báo cáo", date(2024, 12, 10), "Báo cáo – quý I năm 2025"),
        (MONTHLY, "Báo cáo tháng 12 năm 2024", date(2024, 12, 25), "Báo cáo tháng 01 năm 2025"),
        (MONTHLY, "Báo cáo tháng 9/2024", date(2024, 9, 25), "Báo cáo tháng 10/2024"),
        (MONTHLY, "Số liệu tháng 10", date(2024, 11, 5), "Số liệu tháng 11"),
        (MONTHLY, "Số liệu năm 2024", date(2024, 11, 5), "Số liệu năm 2024 – tháng 12 năm 2024"),
        (MONTHLY, "Số liệu năm 2024 – tháng 12 năm 2024", date(2024, 12, 5), "Số liệu năm 2025 – tháng 01 năm 2025"),
    ],
)  # fmt: skip
def test_a_name_moves_on_with_its_period(frequency, name, near, later):
    month_on = periods.moved(near, periods.MONTHS[frequency])
    assert next_name(name, frequency, near, month_on) == later


@given(st.text(max_size=300), RECURS, DAYS)
def test_a_name_always_changes_and_fits(name, frequency, near):
    later = next_name(name[:250], frequency, near, periods.moved(near, periods.MONTHS[frequency]))
    assert later != name[:250] and len(later) <= 250


@pytest.mark.parametrize(
    ("text", "on", "new", "said"),
    [
        ("chậm nhất vào cuối tháng 10 hàng năm", (2024, 10, 31), (2025, 10, 31), "chậm nhất vào cuối tháng 10 hàng năm"),
        ("trước ngày 13/10/2023", (2023, 10, 13), (2024, 10, 13), "trước ngày 13/10/2024"),
        ("trước ngày 02/9/2024", (2024, 9, 2), (2024, 10, 2), "trước ngày 02/10/2024"),
        ("trước 10/3, 10/6, 10/9, 10/12", (2024, 3, 10), (2024, 6, 10), "trước 10/3, 10/6, 10/9, 10/12"),
        ("trước ngày 25 hằng tháng", (2024, 10, 25), (2024, 11, 25), "trước ngày 25 hằng tháng"),
        ("trước 10/3", (2024, 3, 10), (2024, 6, 10), "trước 10/6"),
        ("ngày 31 tháng 01 năm 2025", (2025, 1, 31), (2025, 2, 28), "ngày 28 tháng 02 năm 2025"),
        ("cuối tháng 10 năm 2024", (2024, 10, 31), (2025, 10, 31), "cuối tháng 10 năm 2025"),
        ("cuối quý IV năm 2024", (2024, 12, 31), (2025, 3, 31), "cuối quý I năm 2025"),
        ("15/01/2025, sau Hội nghị 02/10/2024", (2025, 1, 15), (2026, 1, 15), "15/01/2026, sau Hội nghị 02/10/2024"),
        ("văn bản không ghi hạn", (2024, 11, 30), (2025, 11, 30), "văn bản không ghi hạn"),
    ],
)  # fmt: skip
def test_words_that_state_the_day_state_the_new_one(text, on, new, said):
    assert next_due_text(text, date(*on), date(*new)) == said
