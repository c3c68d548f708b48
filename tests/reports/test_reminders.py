"""Reminders: before and after the deadline, each occasion once, never to those who have sent."""

from datetime import datetime

import pytest

from hoctap.kernel import clock
from hoctap.kernel.errors import Refusal
from hoctap.notify.models import Letter, Notice
from hoctap.obligations.actions import close_round, extend
from hoctap.reports.reminders import remind, remind_due

VN = clock.VIETNAM


def morning(day: int):
    return clock.frozen(datetime(2023, 10, day, 8, 0, tzinfo=VN))


def told(unit) -> list[str]:
    return list(
        Notice.objects.filter(unit=unit, kind="reminder").order_by("pk").values_list("text", flat=True)
    )


def test_three_days_and_one_day_before_then_after(story):
    # "trước ngày 13/10/2023": the last day is 12/10.
    for day in (8, 9, 10, 11, 12, 13, 14, 15):
        with morning(day):
            remind_due()
            remind_due()  # a second run on the same morning tells nobody again
    texts = told(story.cast.p1)
    assert [t.split(" (")[0] for t in texts] == ["Sắp đến hạn", "Sắp đến hạn", "Đã quá hạn", "Đã quá hạn"]
    assert "hết 23:59 ngày 12/10/2023" in texts[0]
    assert Letter.objects.filter(to="hcm-q3-p1@example.vn", subject__contains="Sắp đến hạn").count() == 2


def test_who_has_sent_is_left_alone(story):
    story.send(story.cast.p1_leader, c28=1)
    with morning(13):
        remind_due()
    assert told(story.cast.p1) == []
    assert len(told(story.cast.p2)) == 1


def test_an_extension_moves_the_reminders(story):
    with morning(12):
        extend(
            seat=story.cast.pgd_officer,
            obligation=story.obligation(story.cast.p1),
            due_at=datetime(2023, 10, 18, 0, 0, tzinfo=VN),
            reason="bão",
        )
    with morning(13):
        remind_due()
    assert told(story.cast.p1) == []
    with morning(14):
        remind_due()
    assert "hết 23:59 ngày 17/10/2023" in told(story.cast.p1)[0]


def test_no_reminders_in_a_closed_round(story):
    close_round(seat=story.cast.pgd_officer, opened=story.round)
    with morning(13):
        assert remind_due() == 0


def test_the_desk_urges_once_an_hour(story):
    with morning(13):
        waited = [story.obligation(story.cast.p1), story.obligation(story.cast.p2)]
        assert remind(seat=story.cast.pgd_officer, obligations=waited) == 2
        with pytest.raises(Refusal, match="vừa được nhắc"):
            remind(seat=story.cast.pgd_officer, obligations=waited)
        with pytest.raises(Refusal, match="nơi tổng hợp"):
            remind(seat=story.cast.p2_leader, obligations=waited)
    assert len(told(story.cast.p1)) == 1
