"""Encouraged work is never late; who is no subordinate is asked, not told (plan 333: “Đề nghị …”, “Khuyến khích …”)."""

from datetime import date, datetime, timedelta

import pytest

from hoctap.desk.words import standing
from hoctap.kernel import clock
from hoctap.notify.models import Notice
from hoctap.obligations.actions import Due
from hoctap.obligations.enums import DueRule, Force, Relation
from hoctap.obligations.models import Obligation
from hoctap.reports.actions import cascade, return_report
from hoctap.reports.queries import board_counts
from hoctap.reports.reminders import remind, remind_due
from hoctap.reports.rules import LATE, is_late_for, is_overdue, overdue
from hoctap.rollup.actions import draw_snapshot
from hoctap.rollup.queries import table
from tests.house.world import LETTER
from tests.pages import words_of
from tests.rounds import IN_TIME, OPENED

AFTER = datetime(2023, 10, 20, 8, 0, tzinfo=clock.VIETNAM)


@pytest.fixture
def school(story):
    """Under the Phòng, its direct superior: the one who is told."""
    with clock.frozen(OPENED):
        (made,) = cascade(
            seat=story.cast.pgd_officer,
            obligation=story.root,
            units=[story.cast.thcs],
            due=Due(DueRule.BY, date(2023, 10, 12)),
        )
    return made


def with_force(story, force: Force) -> None:
    for unit in (story.cast.p1, story.cast.p2):
        ward = Obligation.objects.get(round=story.round, unit=unit)
        ward.force = force
        ward.save(update_fields=["force"])


def test_encouraged_is_late_nowhere(story, at):
    """One ward sent after the day, one not at all."""
    with_force(story, Force.ENCOURAGE)
    story.send(story.cast.pgd_leader, c28=1)  # to the Phòng itself the whole is assigned
    story.send(story.cast.p1_leader, at=AFTER, c28=4)
    with clock.frozen(AFTER + timedelta(days=9)):
        now = clock.now()
        counts = board_counts(story.root, now)
        assert (counts["late"], counts["late_sent"], counts["none"], counts["wait"]) == (0, 0, 1, 1)
        assert not Obligation.objects.filter(LATE | overdue(now), parent=story.root).exists()
        for unit in (story.cast.p1, story.cast.p2):
            ward = Obligation.objects.select_related("report").get(round=story.round, unit=unit)
            report = getattr(ward, "report", None)
            assert not is_overdue(ward, report, now) and not (report and is_late_for(ward, report))
            assert not standing(ward, now).late
        covered = table(story.root, "sent").coverage
        assert (covered.late, covered.overdue, covered.missing) == (0, 0, 1)
        drawn = draw_snapshot(seat=story.cast.pgd_leader, obligation=story.root, doc=LETTER)
        assert (drawn.coverage["late"], drawn.coverage["overdue"]) == (0, 0)
        assert remind_due() == 0
        board = words_of(at(story.cast.pgd_officer).get(f"/dot-bao-cao/{story.round.pk}/"))
        assert "Quá hạn" not in board and "gửi muộn" not in board and "Chưa gửi, không bắt buộc" in board
        ward = words_of(at(story.cast.p2_leader).get("/"))
        assert (
            "Quá hạn" not in ward
            and "Trong 7 ngày" not in ward
            and "Khuyến khích gửi, không bắt buộc" in ward
        )


def test_encouraged_corrected_after_the_new_day_is_not_late_either(story):
    with_force(story, Force.ENCOURAGE)
    story.send(story.cast.p1_leader, c28=4)
    with clock.frozen(IN_TIME):
        new = IN_TIME + timedelta(days=1)
        return_report(
            seat=story.cast.pgd_officer,
            obligation=story.obligation(story.cast.p1),
            reason="sửa",
            new_due_at=new,
        )
    story.send(story.cast.p1_leader, at=AFTER, c28=5)
    assert not Obligation.objects.filter(LATE).exists()


def test_an_assigned_report_that_becomes_encouraged_is_no_longer_late(story):
    story.send(story.cast.p1_leader, at=AFTER, c28=4)
    assert table(story.root, "sent").coverage.late == 1
    with_force(story, Force.ENCOURAGE)
    assert table(story.root, "sent").coverage.late == 0
    with_force(story, Force.ASSIGN)
    assert table(story.root, "sent").coverage.late == 1


def test_what_is_requested_came_late_but_is_never_overdue(story):
    with_force(story, Force.REQUEST)
    story.send(story.cast.p1_leader, at=AFTER, c28=4)
    counts = board_counts(story.root, AFTER)
    assert (counts["late"], counts["late_sent"], counts["none"]) == (0, 1, 1)


def asked(unit) -> str:
    return Notice.objects.get(unit=unit, kind="obligation").text


def test_who_is_no_subordinate_is_asked_and_who_is_is_told(story, school):
    assert (story.p1.relation, school.relation) == (Relation.COORDINATOR, Relation.SUPERIOR)
    assert asked(story.cast.p1).startswith("Đề nghị gửi: Kết quả Tuần lễ")
    assert asked(story.cast.thcs).startswith("Cần gửi: Kết quả Tuần lễ")


@pytest.mark.parametrize(
    ("force", "said"), [(Force.REQUEST, "Đề nghị gửi: "), (Force.ENCOURAGE, "Khuyến khích gửi: ")]
)
def test_a_subordinate_may_only_be_asked_too(story, force, said):
    with clock.frozen(OPENED):
        cascade(
            seat=story.cast.pgd_officer,
            obligation=story.root,
            units=[story.cast.thcs],
            due=Due(DueRule.BY, date(2023, 10, 12)),
            force=force,
        )
    assert asked(story.cast.thcs).startswith(said)


def reminded(unit) -> str:
    return Notice.objects.get(unit=unit, kind="reminder").text


def test_reminders_ask_as_the_document_does(story, school):
    with clock.frozen(AFTER):
        everybody = [story.obligation(unit) for unit in (story.cast.p1, story.cast.p2, story.cast.thcs)]
        everybody[1].force = Force.ENCOURAGE
        everybody[1].save(update_fields=["force"])
        remind(seat=story.cast.pgd_officer, obligations=everybody)
    assert reminded(story.cast.p1).startswith("Đã quá hạn") and reminded(story.cast.p1).endswith(
        "Đề nghị đơn vị gửi báo cáo."
    )
    assert "quá hạn" not in reminded(story.cast.p2) and "không bắt buộc" in reminded(story.cast.p2)
    assert "Đề nghị" not in reminded(story.cast.thcs)


def test_the_wards_desk_says_it_is_asked(story, school, at):
    assert "Đề nghị gửi qua Phòng GD&ĐT Quận 3" in words_of(at(story.cast.p1_leader).get("/"))
    school_leader = words_of(at(story.cast.p1_leader).get(f"/bao-cao/{story.p1.pk}/"))
    assert "phải gửi" not in school_leader and "Cần gửi" not in school_leader
