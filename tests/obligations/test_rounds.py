"""Laying out a round: who owes what through whom, by when, and who may see it."""

import time
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from hoctap.kernel import clock
from hoctap.kernel.errors import Refusal
from hoctap.notify.models import Notice
from hoctap.obligations import rules
from hoctap.obligations.actions import (
    Due,
    RoundPlan,
    acknowledge,
    close_round,
    expect,
    extend,
    open_round,
    reopen_round,
)
from hoctap.obligations.enums import DueRule, Relation
from hoctap.obligations.models import Obligation, Recipient
from hoctap.reports.actions import cascade
from hoctap.reports.rules import LATE, is_late_for
from tests.rounds import IN_TIME, OPENED

VN = clock.VIETNAM


@pytest.mark.parametrize(
    ("rule", "on", "late"),
    [
        # Kế hoạch 333: "trước ngày 13/10/2023" is strictly before that day.
        (DueRule.BEFORE, date(2023, 10, 13), datetime(2023, 10, 13, 0, 0, tzinfo=VN)),
        # Công văn 432: "chậm nhất vào cuối tháng 10" includes the last day.
        (DueRule.BY, date(2024, 10, 31), datetime(2024, 11, 1, 0, 0, tzinfo=VN)),
        (DueRule.THROUGH, date(2023, 10, 20), datetime(2023, 10, 21, 0, 0, tzinfo=VN)),
    ],
)
def test_deadline_words_decide_whether_the_day_counts(rule, on, late):
    assert rules.first_late_moment(rule, on) == late


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"rule": DueRule.UNDATED}, "chép nguyên văn hạn"),
        ({"rule": DueRule.UNDATED, "on": date(2022, 12, 31), "text": "theo quy định"}, "bỏ trống ngày"),
        ({"rule": DueRule.BY}, "Ghi ngày của hạn"),
    ],
)
def test_a_deadline_is_a_day_or_the_documents_words(given, said):
    with pytest.raises(Refusal, match=said):
        Due(**given)


def test_round_states_whom_via_whom_and_until_when(story):
    p1 = story.p1
    assert p1.parent_id == story.root.pk
    assert p1.due_text == "trước ngày 13/10/2023"
    assert p1.due_at == datetime(2023, 10, 12, 17, 0, tzinfo=UTC)
    assert [r.unit.short_name for r in p1.recipients.all()] == ["UBND Quận 3"]
    assert [r.unit.short_name for r in story.root.recipients.order_by("order")] == ["UBND Quận 3", "Sở GD&ĐT"]
    last = rules.last_moment(p1.due_at)
    assert f"{last:%H:%M %d/%m/%Y}" == "23:59 12/10/2023"


def test_a_coordinating_body_gathers_a_superior_commands(story):
    assert story.p1.relation == Relation.COORDINATOR  # the ward stands under UBND Quận 3, not under the Phòng
    with clock.frozen(OPENED):
        (school,) = cascade(
            seat=story.cast.pgd_officer,
            obligation=story.root,
            units=[story.cast.thcs],
            due=Due(DueRule.BY, date(2023, 10, 10)),
        )
    assert school.relation == Relation.SUPERIOR
    assert school.due_text == "chậm nhất ngày 10/10/2023"


def test_units_are_told_once(story):
    notices = Notice.objects.filter(unit=story.cast.p1, kind="obligation")
    assert len(notices) == 1
    assert "trước ngày 13/10/2023 (hết 23:59 ngày 12/10/2023)" in notices[0].text


def test_a_unit_owes_once_a_round(story):
    with pytest.raises(Refusal, match="Ủy ban nhân dân Phường 1"):
        expect(
            seat=story.cast.pgd_officer,
            parent=story.root,
            units=[story.cast.p1, story.cast.thcs],
            due=Due(DueRule.BY, date(2023, 10, 10)),
        )
    assert not Obligation.objects.filter(unit=story.cast.thcs).exists()


def test_cascade_to_any_depth_keeps_the_path(story):
    with clock.frozen(OPENED):
        (below,) = cascade(
            seat=story.cast.p1_officer,
            obligation=story.obligation(story.cast.p1),
            units=[story.cast.thcs],
            due=Due(DueRule.BY, date(2023, 10, 9)),
            reason="Trường nằm trên địa bàn phường",
        )
    below.refresh_from_db()
    assert below.path.startswith(story.obligation(story.cast.p1).path)
    assert below.added_reason == "Trường nằm trên địa bàn phường"


def test_no_cascade_under_a_report_already_sent(story):
    story.send(story.cast.p1_leader, c28=1)
    with pytest.raises(Refusal, match="Thu hồi báo cáo trước"):
        cascade(
            seat=story.cast.p1_officer,
            obligation=story.obligation(story.cast.p1),
            units=[story.cast.thcs],
            due=Due(DueRule.BY, date(2023, 10, 12)),
        )


def test_only_the_consolidator_extends_and_says_why(story):
    due_at = datetime(2023, 10, 14, 0, 0, tzinfo=VN)
    with clock.frozen(IN_TIME):
        with pytest.raises(Refusal, match="nơi tổng hợp"):
            extend(
                seat=story.cast.p1_leader,
                obligation=story.obligation(story.cast.p1),
                due_at=due_at,
                reason="bận",
            )
        with pytest.raises(Refusal, match="lý do"):
            extend(
                seat=story.cast.pgd_officer,
                obligation=story.obligation(story.cast.p1),
                due_at=due_at,
                reason=" ",
            )
        extend(
            seat=story.cast.pgd_officer,
            obligation=story.obligation(story.cast.p1),
            due_at=due_at,
            reason="bão",
        )
    p1 = story.obligation(story.cast.p1)
    assert p1.due_at == due_at
    assert p1.due_text == "trước ngày 13/10/2023"  # what the document says does not change
    assert story.obligation(story.cast.p2).due_at < due_at


def test_extension_goes_forward_only(story):
    with clock.frozen(IN_TIME), pytest.raises(Refusal, match="sau hạn đang có"):
        extend(
            seat=story.cast.pgd_officer,
            obligation=story.obligation(story.cast.p1),
            due_at=datetime(2023, 10, 12, 0, 0, tzinfo=VN),
            reason="nhầm",
        )


def test_recipients_of_the_whole_extend_the_consolidator(story):
    due_at = datetime(2023, 10, 18, 0, 0, tzinfo=VN)
    with clock.frozen(IN_TIME):
        extend(
            seat=story.cast.q3_leader,
            obligation=story.obligation(story.cast.pgd),
            due_at=due_at,
            reason="chờ phường",
        )
    assert story.obligation(story.cast.pgd).due_at == due_at


def test_each_recipient_acknowledges_for_itself(story):
    q3, sgd = story.root.recipients.order_by("order")
    acknowledge(seat=story.cast.q3_officer, recipient=q3)
    with pytest.raises(Refusal):
        acknowledge(seat=story.cast.q3_officer, recipient=sgd)
    assert list(Recipient.objects.filter(acknowledged_at=None, obligation=story.root)) == [sgd]


def test_closed_round_takes_nothing_until_reopened(story):
    close_round(seat=story.cast.pgd_officer, opened=story.round)
    with pytest.raises(Refusal, match="đã đóng"):
        story.send(story.cast.p1_leader, c28=1)
    with pytest.raises(Refusal, match="lý do"):
        reopen_round(seat=story.cast.pgd_officer, opened=story.round, reason="")
    reopen_round(seat=story.cast.pgd_officer, opened=story.round, reason="Phường 1 chưa kịp")
    assert story.send(story.cast.p1_leader, c28=1).number == 1


def test_strangers_see_nothing_recipients_and_superiors_do(story):
    cast, p1 = story.cast, story.obligation(story.cast.p1)
    for seat in (cast.p1_officer, cast.pgd_officer, cast.q3_officer, cast.q3_viewer, cast.sgd_officer):
        assert rules.can_see(seat, p1), seat.user.username
        assert p1 in rules.visible_obligations(seat), seat.user.username
    for seat in (cast.stranger_leader, cast.p2_officer, cast.ldld_leader):
        assert not rules.can_see(seat, p1), seat.user.username
        assert p1 not in rules.visible_obligations(seat), seat.user.username


@pytest.mark.parametrize("process_zone", ["UTC", "America/New_York", "Asia/Ho_Chi_Minh"])
@pytest.mark.parametrize(
    ("sent", "late"),
    [
        (datetime(2023, 10, 12, 23, 59, 59, 999000, tzinfo=VN), False),
        (datetime(2023, 10, 13, 0, 0, tzinfo=VN), True),
    ],
)
def test_lateness_to_the_millisecond_in_any_zone(story, process_zone, sent, late, monkeypatch):
    monkeypatch.setenv("TZ", process_zone)
    time.tzset()
    revision = story.send(story.cast.p1_leader, at=sent.astimezone(ZoneInfo(process_zone)), c28=1)
    assert revision.received_at == sent
    p1 = Obligation.objects.select_related("report").get(pk=story.p1.pk)
    assert is_late_for(p1, p1.report) is late
    assert Obligation.objects.filter(LATE, pk=p1.pk).exists() is late
    monkeypatch.undo()
    time.tzset()


def test_no_round_is_opened_from_a_document_out_of_sight(story):
    plan = RoundPlan(directive=story.round.directive, name="Kết quả")
    with pytest.raises(Refusal, match="ngoài phạm vi"):
        open_round(seat=story.cast.stranger_leader, plan=plan, due=Due(DueRule.BY, date(2023, 10, 10)))
    assert not Obligation.objects.filter(unit=story.cast.stranger).exists()
