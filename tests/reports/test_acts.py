"""Sending, returning, accepting, taking back: what each act leaves, and what it refuses."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from hoctap.kernel import clock
from hoctap.kernel.errors import Conflict, Refusal
from hoctap.kernel.models import Act
from hoctap.notify.models import Notice
from hoctap.reports.actions import (
    Content,
    DraftConflict,
    Receipt,
    present,
    return_report,
    save_draft,
    submit,
    withdraw,
)
from hoctap.reports.enums import ActKind, Channel, ReportState
from hoctap.reports.models import Report, ReportEntry, Revision
from hoctap.reports.rules import is_late_for, is_overdue
from tests.rounds import IN_TIME

VN = clock.VIETNAM
# The mock's Phường Võ Thị Sáu: the sub-lines hold 1.084 persons, the total 1.066.
UNLIKELY = {"c1": 1066, "c2": 2, "c3": 1084}


def report(story, unit) -> Report:
    return Report.objects.select_related("sent", "acceptance", "obligation").get(obligation__unit=unit)


def entries(unit) -> list[tuple]:
    rows = ReportEntry.objects.filter(obligation__unit=unit).order_by("id")
    return [(e.act, e.sent_after and e.sent_after.number, e.accepted_after is not None) for e in rows]


def test_send_accept(story):
    story.send(story.cast.p1_leader, c28=4, c29=0)
    kept = report(story, story.cast.p1)
    assert kept.state == ReportState.WAITING
    assert kept.sent.figures[28:31] == [4, 0, None]  # null is not zero
    story.accept(story.cast.pgd_officer, story.cast.p1)
    assert report(story, story.cast.p1).state == ReportState.ACCEPTED
    assert entries(story.cast.p1) == [(ActKind.SUBMIT, 1, False), (ActKind.ACCEPT, 1, True)]
    assert set(Act.objects.values_list("verb", flat=True)) >= {"report.submit", "report.accept"}


def test_derived_cells_are_counted_by_the_server(story):
    revision = story.send(story.cast.p1_leader, c0=999, c2=2, c4=3)
    assert revision.figures[0] == 5


def test_the_officer_writes_the_leader_sends(story):
    p1 = story.obligation(story.cast.p1)
    save_draft(seat=story.cast.p1_officer, obligation=p1, content=story.content(c28=4), version=0)
    present(seat=story.cast.p1_officer, obligation=p1)
    assert Notice.objects.filter(unit=story.cast.p1, kind="presented").exists()
    with pytest.raises(Refusal):
        story.send(story.cast.p1_officer, c28=4)
    assert story.send(story.cast.p1_leader, c28=4).number == 1


def test_nobody_else_sends_or_decides(story):
    for seat in (story.cast.p2_leader, story.cast.q3_leader, story.cast.stranger_leader):
        with pytest.raises(Refusal):
            submit(
                seat=seat,
                obligation=story.obligation(story.cast.p1),
                content=story.content(c28=4),
                token=uuid4(),
            )
    story.send(story.cast.p1_leader, c28=4)
    for seat in (story.cast.q3_leader, story.cast.p1_leader, story.cast.pgd_clerk):
        with pytest.raises(Refusal):
            story.accept(seat, story.cast.p1)
    assert not ReportEntry.objects.filter(act=ActKind.ACCEPT).exists()


def test_the_consolidators_own_part_counts_when_its_leader_sends_it(story):
    story.send(story.cast.pgd_leader, c28=7)
    assert report(story, story.cast.pgd).state == ReportState.ACCEPTED
    assert entries(story.cast.pgd) == [(ActKind.SUBMIT, 1, False), (ActKind.ACCEPT, 1, True)]


def test_the_same_token_is_the_same_submission(story):
    token = uuid4()
    send = {
        "seat": story.cast.p1_leader,
        "obligation": story.obligation(story.cast.p1),
        "content": story.content(c28=4),
        "token": token,
    }
    first, again = submit(**send), submit(**send)
    assert first.pk == again.pk
    assert Revision.objects.count() == 1
    assert ReportEntry.objects.count() == 1


def test_what_waits_is_not_sent_again_but_withdrawn(story):
    story.send(story.cast.p1_leader, c28=4)
    with pytest.raises(Refusal, match="thu hồi"):
        story.send(story.cast.p1_leader, c28=5)
    withdraw(seat=story.cast.p1_leader, obligation=story.obligation(story.cast.p1))
    kept = report(story, story.cast.p1)
    assert (kept.state, kept.sent) == (ReportState.WITHDRAWN, None)
    assert story.send(story.cast.p1_leader, c28=5).number == 2


def test_accepted_is_not_withdrawn(story):
    story.send(story.cast.p1_leader, c28=4)
    story.accept(story.cast.pgd_officer, story.cast.p1)
    with pytest.raises(Refusal, match="bản sửa"):
        withdraw(seat=story.cast.p1_leader, obligation=story.obligation(story.cast.p1))


def test_return_needs_a_reason_and_carries_a_new_deadline(story):
    story.send(story.cast.p1_leader, c28=4)
    p1 = story.obligation(story.cast.p1)
    new_due = datetime(2023, 10, 13, 14, 0, tzinfo=VN)
    with clock.frozen(IN_TIME):
        with pytest.raises(Refusal, match="lý do"):
            return_report(seat=story.cast.pgd_officer, obligation=p1, reason=" ")
        return_report(
            seat=story.cast.pgd_officer,
            obligation=p1,
            reason="Mục 2 có 2 bài đăng trước Tuần lễ, đề nghị bỏ ra.",
            new_due_at=new_due,
        )
    kept = report(story, story.cast.p1)
    assert (kept.state, kept.sent, kept.return_due_at) == (ReportState.RETURNED, None, new_due)
    notice = Notice.objects.get(unit=story.cast.p1, kind="returned")
    assert "Mục 2 có 2 bài" in notice.text
    assert "hết 13:59 ngày 13/10/2023" in notice.text
    # Corrected before the new deadline, though after the first one: not late.
    story.send(story.cast.p1_leader, c28=2, at=new_due - timedelta(minutes=1))
    kept = report(story, story.cast.p1)
    assert not is_late_for(kept.obligation, kept)


def test_corrected_after_the_new_deadline_is_late(story):
    story.send(story.cast.p1_leader, c28=4)
    new_due = datetime(2023, 10, 13, 14, 0, tzinfo=VN)
    with clock.frozen(IN_TIME):
        return_report(
            seat=story.cast.pgd_officer,
            obligation=story.obligation(story.cast.p1),
            reason="sửa",
            new_due_at=new_due,
        )
    kept = report(story, story.cast.p1)
    assert is_overdue(kept.obligation, kept, new_due)
    story.send(story.cast.p1_leader, c28=2, at=new_due)
    kept = report(story, story.cast.p1)
    assert is_late_for(kept.obligation, kept)


def test_amending_what_was_accepted_takes_a_reason_and_keeps_the_accepted_figure(story):
    story.send(story.cast.p1_leader, c28=4)
    story.accept(story.cast.pgd_officer, story.cast.p1)
    with pytest.raises(Refusal, match="lý do sửa"):
        story.send(story.cast.p1_leader, c28=6)
    story.send(story.cast.p1_leader, c28=6, reason="sót hai tin", at=IN_TIME + timedelta(days=4))
    kept = report(story, story.cast.p1)
    assert kept.state == ReportState.WAITING
    assert kept.sent.figures[28] == 6
    assert kept.acceptance.figures[28] == 4
    assert not is_late_for(kept.obligation, kept)  # it was sent in time; amending is not late
    assert entries(story.cast.p1)[-1] == (ActKind.AMEND, 2, True)


def test_returning_an_amendment_falls_back_to_what_was_accepted(story):
    story.send(story.cast.p1_leader, c28=4)
    story.accept(story.cast.pgd_officer, story.cast.p1)
    story.send(story.cast.p1_leader, c28=6, reason="sót hai tin")
    return_report(seat=story.cast.pgd_officer, obligation=story.obligation(story.cast.p1), reason="chưa rõ")
    kept = report(story, story.cast.p1)
    assert (kept.state, kept.sent.number, kept.acceptance.figures[28]) == (ReportState.RETURNED, 1, 4)
    assert entries(story.cast.p1)[-1] == (ActKind.RETURN, 1, True)


def test_returning_an_accepted_report_stops_counting_it(story):
    story.send(story.cast.p1_leader, c28=4)
    story.accept(story.cast.pgd_officer, story.cast.p1)
    return_report(
        seat=story.cast.pgd_officer, obligation=story.obligation(story.cast.p1), reason="nhầm phường"
    )
    kept = report(story, story.cast.p1)
    assert (kept.sent, kept.acceptance) == (None, None)
    assert entries(story.cast.p1)[-1] == (ActKind.RETURN, None, False)


def test_reviewed_figure_stands_beside_the_reported_one_with_a_reason(story):
    story.send(story.cast.p1_leader, c28=4, c2=1)
    with pytest.raises(Refusal, match="ghi lý do") as refused:
        story.accept(story.cast.pgd_officer, story.cast.p1, reviewed={28: 3})
    assert refused.value.places[0][0] == "Dòng 2"
    with pytest.raises(Refusal):
        story.accept(story.cast.pgd_officer, story.cast.p1, reviewed={28: -3}, reasons={28: "nhầm"})
    story.accept(
        story.cast.pgd_officer, story.cast.p1, reviewed={28: 3, 2: 5}, reasons={28: "trùng", 2: "sót"}
    )
    kept = report(story, story.cast.p1)
    assert kept.sent.figures[28] == 4
    assert kept.acceptance.figures[28] == 3
    assert kept.acceptance.figures[0] == 5  # computed from the reviewed sub-lines
    assert kept.acceptance.reasons == {"28": "trùng", "2": "sót"}


def test_the_reviewer_accepts_what_was_looked_at(story):
    story.send(story.cast.p1_leader, c28=4)
    withdraw(seat=story.cast.p1_leader, obligation=story.obligation(story.cast.p1))
    story.send(story.cast.p1_leader, c28=5)
    with pytest.raises(Conflict, match="bản 2"):
        story.accept(story.cast.pgd_officer, story.cast.p1, 1)


def test_impossible_is_refused_unlikely_takes_a_reason(story):
    with pytest.raises(Refusal):
        story.send(story.cast.p1_leader, c28=10**13 + 1)
    with pytest.raises(Refusal) as refused:
        story.send(story.cast.p1_leader, **UNLIKELY)
    assert any("1.084" in what and "18" in what for _, what in refused.value.places)
    content = story.content(**UNLIKELY)
    finding = story_finding(story, content)
    content.reasons = {finding: "18 người học cả hai lớp"}
    sent = submit(
        seat=story.cast.p1_leader, obligation=story.obligation(story.cast.p1), content=content, token=uuid4()
    )
    assert sent.content["reasons"] == {finding: "18 người học cả hai lớp"}


def story_finding(story, content) -> str:
    from hoctap.forms.queries import version_spec
    from hoctap.forms.rules import check

    (finding,) = [
        f for f in check(version_spec(story.version.pk), content.figures) if f.severity == "warning"
    ]
    return finding.code


def test_district_cells_are_not_for_wards(story):
    with pytest.raises(Refusal, match="1 chỗ"):
        story.send(story.cast.p1_leader, c49=1)
    assert story.send(story.cast.pgd_leader, c49=1).figures[49] == 1


def test_two_writers_get_a_choice(story):
    p1 = story.obligation(story.cast.p1)
    first = save_draft(seat=story.cast.p1_officer, obligation=p1, content=story.content(c28=4), version=0)
    save_draft(seat=story.cast.p1_leader, obligation=p1, content=story.content(c28=9), version=first.version)
    with pytest.raises(DraftConflict) as conflict:
        save_draft(
            seat=story.cast.p1_officer, obligation=p1, content=story.content(c28=5), version=first.version
        )
    assert conflict.value.theirs.content["figures"][28] == 9
    assert Report.objects.get(obligation=p1).draft.content["figures"][28] == 9


def test_the_same_typing_twice_is_no_conflict(story):
    p1 = story.obligation(story.cast.p1)
    save_draft(seat=story.cast.p1_officer, obligation=p1, content=story.content(c28=4), version=0)
    save_draft(seat=story.cast.p1_officer, obligation=p1, content=story.content(c28=4), version=0)


def test_a_report_that_came_by_mail_is_entered_with_its_time(story):
    received = datetime(2023, 10, 13, 0, 0, tzinfo=VN)
    enter = {
        "seat": story.cast.pgd_clerk,
        "obligation": story.obligation(story.cast.p1),
        "content": story.content(c28=4),
    }
    with clock.frozen(datetime(2023, 10, 14, 8, 0, tzinfo=VN)):
        with pytest.raises(Refusal, match="đường nào"):
            submit(**enter, token=uuid4())
        with pytest.raises(Refusal, match="sau lúc này"):
            submit(**enter, token=uuid4(), receipt=Receipt(Channel.EMAIL, received + timedelta(days=2)))
        sent = submit(**enter, token=uuid4(), receipt=Receipt(Channel.EMAIL, received))
    assert (sent.channel, sent.received_at) == (Channel.EMAIL, received)
    kept = report(story, story.cast.p1)
    assert is_late_for(kept.obligation, kept)


def test_written_report_needs_no_form(cast):
    from tests.rounds import make_story

    story = make_story(cast, with_form=False)
    sent = submit(
        seat=cast.p1_leader,
        obligation=story.obligation(cast.p1),
        content=Content(narrative={"results": "Đã tổ chức 2 buổi tuyên truyền."}, doc_number="12/BC-UBND"),
        token=uuid4(),
    )
    assert sent.figures == []
    assert sent.doc_number == "12/BC-UBND"
