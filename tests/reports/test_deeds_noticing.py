"""A deed that changes hands after a report counted it: the unit and its receiver hear of it, with both figures."""

from datetime import timedelta

import pytest

from hoctap.activities.actions import (
    ActivityData,
    SessionData,
    cancel_activity,
    cancel_session,
    change_activity,
    correct_session,
    reinstate_activity,
)
from hoctap.activities.models import Activity
from hoctap.kernel import clock
from hoctap.notify.models import Notice
from hoctap.orgs.models import Unit
from hoctap.reports.actions import accept, withdraw
from tests.deeds import LATER, deed, held
from tests.reports.test_deeds import send
from tests.rounds import IN_TIME, Story

pytestmark = pytest.mark.django_db
BOTH = {"HCM-Q3-P1", "HCM-Q3-PGD"}


@pytest.fixture
def counted(story: Story) -> Activity:
    """Of Phường 1, in its report that the Phòng accepted."""
    made = deed(story.cast.p1_officer, held(unnamed=32), name="Lớp may")
    deed(story.cast.p1_officer, held(unnamed=8))
    revision = send(story, story.cast.p1_leader)
    with clock.frozen(IN_TIME):
        accept(
            seat=story.cast.pgd_officer, obligation=story.obligation(story.cast.p1),
            revision_number=revision.number, reviewed={}, reasons={},
        )  # fmt: skip
    Notice.objects.all().delete()
    return made


def told() -> dict[str, str]:
    return dict(Notice.objects.filter(kind="deed").values_list("unit__code", "text"))


def change(story: Story, activity: Activity, **said) -> None:
    host = said.pop("host", None)
    data = ActivityData(kind=activity.kind, name=activity.name, **said)
    with clock.frozen(LATER):
        change_activity(seat=story.cast.q3_officer, activity=activity, data=data, host=host)


def test_a_cancelled_deed_is_told_with_what_was_sent_and_what_is_now(story: Story, counted):
    with clock.frozen(LATER):
        cancel_activity(seat=story.cast.p1_officer, activity=counted, reason="ghi nhầm")
    notices = told()
    assert notices.keys() == BOTH
    for text in notices.values():
        assert "“Lớp may” đã hủy, lý do: ghi nhầm" in text
        assert "UBND Phường 1" in text and story.round.name[:60] in text
        assert "đã gửi 40, sổ nay 8" in text
    assert {*Notice.objects.values_list("url", flat=True)} == {f"/bao-cao/{story.p1.pk}/"}
    Notice.objects.all().delete()
    reinstate_activity(seat=story.cast.p1_officer, activity=counted)
    assert "không hủy nữa" in told()["HCM-Q3-PGD"] and "vẫn như nhau" in told()["HCM-Q3-PGD"]


def test_another_host_and_other_co_hosts_are_told(story: Story, counted):
    change(story, counted, host=story.cast.p2, co_hosts=[story.cast.pgd])
    assert told().keys() == BOTH
    assert (
        "chuyển từ UBND Phường 1 sang UBND Phường 2 tổ chức, thêm đơn vị phối hợp Phòng"
        in told()["HCM-Q3-P1"]
    )
    Notice.objects.all().delete()
    change(story, counted)
    assert "bỏ đơn vị phối hợp Phòng" in told()["HCM-Q3-P1"]
    Notice.objects.all().delete()
    change(story, counted, description="Máy của phường")
    assert told() == {}


def test_what_no_accepted_report_counts_is_told_to_nobody(story: Story):
    made = deed(story.cast.p1_officer, held(unnamed=32))
    change(story, made, co_hosts=[story.cast.p2])
    send(story, story.cast.p1_leader)
    change(story, made)
    with clock.frozen(IN_TIME):
        withdraw(seat=story.cast.p1_leader, obligation=story.obligation(story.cast.p1))
    cancel_activity(seat=story.cast.p1_officer, activity=made, reason="ghi nhầm")
    assert told() == {}


def test_a_session_that_falls_away_or_changes_its_day_is_told(story: Story, counted):
    session, seat = counted.sessions.get(), story.cast.p1_officer
    data = SessionData(session.starts_at + timedelta(days=1), held=True, unnamed=32)
    with clock.frozen(LATER):
        correct_session(seat=seat, session=session, data=data)
    assert f"sửa thành ngày {data.starts_at.astimezone(clock.VIETNAM):%d/%m/%Y}" in told()["HCM-Q3-P1"]
    Notice.objects.all().delete()
    with clock.frozen(LATER):
        cancel_session(seat=seat, session=session, why="ghi nhầm buổi")
    assert told().keys() == BOTH
    assert "đã hủy buổi ngày" in told()["HCM-Q3-PGD"] and "đã gửi 40, sổ nay 8" in told()["HCM-Q3-PGD"]


def test_a_session_not_held_after_all_is_told(story: Story, counted):
    session = counted.sessions.get()
    with clock.frozen(LATER):
        correct_session(seat=story.cast.p1_officer, session=session, data=SessionData(session.starts_at))
    assert "sửa lại là chưa diễn ra" in told()["HCM-Q3-P1"]


def test_cancelling_what_is_cancelled_tells_nobody_again(story: Story, counted):
    seat = story.cast.p1_officer
    for act in (
        lambda: cancel_activity(seat=seat, activity=counted, reason="x"),
        lambda: reinstate_activity(seat=seat, activity=counted),
    ):
        for notices in (2, 0):
            with clock.frozen(LATER):
                act()
            assert Notice.objects.filter(kind="deed").count() == notices
            Notice.objects.all().delete()


def test_a_namesake_is_another_host(story: Story, counted):
    Unit.objects.filter(pk=story.cast.p2.pk).update(short_name=story.cast.p1.short_name)
    change(story, counted, host=Unit.objects.get(pk=story.cast.p2.pk))
    assert "chuyển từ" in told()["HCM-Q3-P1"]
