"""Two acts on one report at the same moment, each on its own connection: one after the other, nothing lost.

``overlap`` is a race without luck: the second act begins while the first has done its work but not committed.
"""

import threading
from collections.abc import Callable
from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import transaction

from hoctap.cli.check import compare_round
from hoctap.kernel import clock
from hoctap.kernel.errors import Conflict, Refusal
from hoctap.obligations.actions import Due, close_round, extend, open_round
from hoctap.obligations.enums import DueRule
from hoctap.obligations.models import Extension, Obligation, Round
from hoctap.reports import intake as intake_room
from hoctap.reports.actions import DraftConflict, cascade, return_report, save_draft, submit, withdraw
from hoctap.reports.enums import Channel, ReportState
from hoctap.reports.models import Acceptance, IntakeFile, Report, ReportEntry, Revision
from hoctap.rollup.actions import draw_snapshot, fold, sign_snapshot
from hoctap.rollup.queries import signed_vs_live, table
from tests.reports.sheets import filled
from tests.rollup.folders import in_threads, somebody_waits
from tests.rounds import IN_TIME, plan_of
from tests.waiting import PATIENCE, eventually

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


def overlap(first: Callable[[], object], then: Callable[[], object]) -> tuple[object, object]:
    """What both acts came to: a result, or the Refusal. ``first`` commits once ``then`` waits for it (or is done)."""
    outcomes: list[object] = [None, None]
    acted, go, done = threading.Event(), threading.Event(), threading.Event()

    def run_first() -> None:
        with clock.frozen(IN_TIME), transaction.atomic():
            try:
                outcomes[0] = first()
            finally:
                acted.set()
            go.wait(PATIENCE)

    def run_then() -> None:
        acted.wait(PATIENCE)
        try:
            with clock.frozen(IN_TIME):
                outcomes[1] = then()
        except Refusal as refusal:
            outcomes[1] = refusal
        finally:
            done.set()

    def referee() -> None:
        acted.wait(PATIENCE)
        eventually(lambda: done.is_set() or somebody_waits())
        go.set()

    in_threads([run_first, run_then, referee])
    return outcomes[0], outcomes[1]


def report(story, unit) -> Report:
    return Report.objects.select_related("sent", "acceptance").get(obligation=story.obligation(unit))


def all_agrees(story) -> None:
    """Acts, standings and sums equal a recount from the leaves, pending and then folded."""
    assert list(compare_round(story.round)) == []
    assert fold(story.round.pk) > 0
    assert list(compare_round(story.round)) == []


def test_the_same_press_twice_at_once_is_one_revision(story):
    send = {
        "seat": story.cast.p1_leader,
        "obligation": story.obligation(story.cast.p1),
        "content": story.content(c28=4),
        "token": uuid4(),
    }
    first, again = overlap(lambda: submit(**send), lambda: submit(**send))
    assert first == again == Revision.objects.get()
    assert ReportEntry.objects.count() == 1
    all_agrees(story)


def test_many_presses_at_once_make_one_revision(story):
    send = {
        "seat": story.cast.p1_leader,
        "obligation": story.obligation(story.cast.p1),
        "content": story.content(c28=4),
        "token": uuid4(),
    }
    in_threads([lambda: submit(**send)] * 6)
    assert Revision.objects.count() == ReportEntry.objects.count() == 1


def test_two_people_sending_different_figures_one_is_told(story):
    p1 = story.cast.p1_leader
    first, then = overlap(lambda: story.send(p1, c28=4), lambda: story.send(p1, c28=9))
    assert first.figures[28] == 4
    assert isinstance(then, Refusal) and "đang chờ" in then.message
    assert Revision.objects.count() == 1


def test_an_amendment_during_acceptance_keeps_what_was_accepted(story):
    """The unit's correction waits for the acceptance to be written; the accepted figure goes on counting."""
    cast = story.cast
    story.send(cast.p1_leader, c28=4)
    first, then = overlap(
        lambda: story.accept(cast.pgd_officer, cast.p1),
        lambda: story.send(cast.p1_leader, reason="đếm lại", c28=6),
    )
    assert isinstance(first, Acceptance) and isinstance(then, Revision)
    kept = report(story, cast.p1)
    assert kept.acceptance == first
    assert (kept.state, kept.sent) == (ReportState.WAITING, then)
    assert table(story.root).total.sums[28] == 4
    assert table(story.root, "sent").total.sums[28] == 6
    all_agrees(story)


def test_accept_what_is_being_withdrawn(story):
    cast, p1 = story.cast, story.obligation(story.cast.p1)
    story.send(cast.p1_leader, c28=4)
    _, then = overlap(
        lambda: withdraw(seat=cast.p1_leader, obligation=p1), lambda: story.accept(cast.pgd_officer, cast.p1)
    )
    assert isinstance(then, Conflict)
    assert report(story, cast.p1).state == ReportState.WITHDRAWN
    assert table(story.root).total.sums[28] is None
    all_agrees(story)


def test_withdraw_what_is_being_accepted(story):
    cast, p1 = story.cast, story.obligation(story.cast.p1)
    story.send(cast.p1_leader, c28=4)
    _, then = overlap(
        lambda: story.accept(cast.pgd_officer, cast.p1), lambda: withdraw(seat=cast.p1_leader, obligation=p1)
    )
    assert isinstance(then, Refusal) and "bản sửa" in then.message
    assert report(story, cast.p1).state == ReportState.ACCEPTED


def test_acceptance_meets_a_newer_revision(story):
    """Withdrawn and sent again while the officer reads: the officer accepts what was read, or nothing."""
    cast, p1 = story.cast, story.obligation(story.cast.p1)
    story.send(cast.p1_leader, c28=4)

    def again() -> None:
        withdraw(seat=cast.p1_leader, obligation=p1)
        story.send(cast.p1_leader, c28=5)

    _, accepted = overlap(again, lambda: story.accept(cast.pgd_officer, cast.p1, 1))
    assert isinstance(accepted, Conflict) and "bản 2" in accepted.message
    reason = {"reason": "Mục 2 thừa 1 bài", "revision_number": 1}
    with pytest.raises(Conflict, match="bản 2"):  # nor is the newer one returned for what the older one had
        return_report(seat=cast.pgd_officer, obligation=p1, **reason)
    assert report(story, cast.p1).state == ReportState.WAITING


def test_two_officers_one_reviews_one_just_accepts(story):
    """Whoever comes second does not wipe out the first one's reviewed figure."""
    cast = story.cast
    story.send(cast.p1_leader, c28=4)
    reviewed = {"reviewed": {28: 3}, "reasons": {28: "trùng một bài"}}
    first, then = overlap(
        lambda: story.accept(cast.pgd_officer, cast.p1, **reviewed),
        lambda: story.accept(cast.pgd_leader, cast.p1, reviewed={28: 4}),
    )
    assert first.figures[28] == 3
    assert isinstance(then, Conflict)
    assert report(story, cast.p1).acceptance.figures[28] == 3
    assert Acceptance.objects.count() == 1


def test_the_same_acceptance_twice_is_one(story):
    cast = story.cast
    story.send(cast.p1_leader, c28=4)
    first, then = overlap(
        lambda: story.accept(cast.pgd_officer, cast.p1), lambda: story.accept(cast.pgd_leader, cast.p1)
    )
    assert first == then
    assert Acceptance.objects.count() == 1


def test_one_accepts_while_the_other_returns(story):
    cast, p1 = story.cast, story.obligation(story.cast.p1)
    story.send(cast.p1_leader, c28=4)
    _, then = overlap(
        lambda: return_report(seat=cast.pgd_leader, obligation=p1, reason="thiếu ghi chú"),
        lambda: story.accept(cast.pgd_officer, cast.p1),
    )
    assert isinstance(then, Conflict)
    assert report(story, cast.p1).state == ReportState.RETURNED
    all_agrees(story)


def test_closing_waits_for_what_is_being_sent(story):
    cast = story.cast
    sent, _ = overlap(
        lambda: story.send(cast.p1_leader, c28=4),
        lambda: close_round(seat=cast.pgd_officer, opened=Round.objects.get(pk=story.round.pk)),
    )
    assert isinstance(sent, Revision)
    assert Round.objects.get(pk=story.round.pk).closed_at
    assert table(story.root, "sent").total.sums[28] == 4


def test_nothing_slips_into_a_round_being_closed(story):
    """The page was opened while the round was open; the closing is committed before the sending is."""
    cast, p1 = story.cast, story.obligation(story.cast.p1)
    close = {"seat": cast.pgd_officer, "opened": Round.objects.get(pk=story.round.pk)}
    send = {"seat": cast.p1_leader, "obligation": p1, "content": story.content(c28=4), "token": uuid4()}
    _, then = overlap(lambda: close_round(**close), lambda: submit(**send))
    assert isinstance(then, Refusal) and "đã đóng" in then.message
    assert not Revision.objects.exists()


def test_nobody_is_extended_in_a_round_being_closed(story):
    cast, p1 = story.cast, story.obligation(story.cast.p1)
    close = {"seat": cast.pgd_officer, "opened": Round.objects.get(pk=story.round.pk)}
    more = {"due_at": datetime(2023, 10, 18, 0, 0, tzinfo=clock.VIETNAM), "reason": "bão"}
    _, then = overlap(
        lambda: close_round(**close), lambda: extend(seat=cast.pgd_officer, obligation=p1, **more)
    )
    assert isinstance(then, Refusal) and "đã đóng" in then.message
    assert not Extension.objects.exists()


def test_no_child_is_added_under_a_report_being_sent(story):
    cast, p1 = story.cast, story.obligation(story.cast.p1)
    due = Due(DueRule.BEFORE, date(2023, 10, 12))
    _, then = overlap(
        lambda: story.send(cast.p1_leader, c28=4),
        lambda: cascade(seat=cast.p1_officer, obligation=p1, units=[cast.thcs], due=due),
    )
    assert isinstance(then, Refusal) and "Thu hồi báo cáo trước" in then.message
    assert not Obligation.objects.filter(unit=cast.thcs).exists()


def test_two_officers_ask_the_same_unit(story):
    cast, root = story.cast, story.obligation(story.cast.pgd)
    ask = {"obligation": root, "units": [cast.thcs], "due": Due(DueRule.BEFORE, date(2023, 10, 12))}
    first, then = overlap(
        lambda: cascade(seat=cast.pgd_officer, **ask), lambda: cascade(seat=cast.pgd_leader, **ask)
    )
    assert len(first) == 1
    assert isinstance(then, Refusal) and "Lê Quý Đôn" in then.message


def test_extend_while_returning(story):
    """Both are kept; the later of the two deadlines is what counts for the unit."""
    cast, p1 = story.cast, story.obligation(story.cast.p1)
    story.send(cast.p1_leader, c28=4)
    new_due, extended = IN_TIME + timedelta(hours=20), IN_TIME + timedelta(days=5)
    back = {"reason": "thiếu dòng 2", "new_due_at": new_due}
    _, then = overlap(
        lambda: return_report(seat=cast.pgd_officer, obligation=p1, **back),
        lambda: extend(seat=cast.pgd_leader, obligation=p1, due_at=extended, reason="bão"),
    )
    assert isinstance(then, Extension)
    kept = report(story, cast.p1)
    assert (kept.return_due_at, kept.obligation.due_at) == (new_due, extended)


def test_double_click_on_opening_a_round(story):
    plan, due = plan_of(story), Due(DueRule.BEFORE, date(2023, 11, 15))
    opening = {"seat": story.cast.pgd_officer, "plan": plan, "due": due}
    first, then = overlap(lambda: open_round(**opening), lambda: open_round(**opening))
    assert isinstance(first, Round)
    assert isinstance(then, Refusal) and "đã mở" in then.message


def test_two_drafts_at_once_one_gets_the_choice(story):
    p1 = story.obligation(story.cast.p1)
    _, then = overlap(
        lambda: save_draft(
            seat=story.cast.p1_officer, obligation=p1, content=story.content(c28=4), version=0
        ),
        lambda: save_draft(seat=story.cast.p1_leader, obligation=p1, content=story.content(c28=9), version=0),
    )
    assert isinstance(then, Conflict)
    assert report(story, story.cast.p1).draft.content["figures"][28] == 4


def test_sending_while_somebody_else_keeps_a_draft(story):
    """Whoever presses the button second gets the choice; what the other typed is neither sent nor typed over."""
    cast, p1 = story.cast, story.obligation(story.cast.p1)
    send = {"seat": cast.p1_leader, "obligation": p1, "content": story.content(c28=9), "token": uuid4()}
    _, then = overlap(
        lambda: save_draft(seat=cast.p1_officer, obligation=p1, content=story.content(c28=4), version=0),
        lambda: submit(**send, version=0, page="leader"),
    )
    assert isinstance(then, DraftConflict)
    assert report(story, cast.p1).draft.content["figures"][28] == 4
    assert not Revision.objects.exists()


def test_keeping_a_draft_while_somebody_else_sends(story):
    cast, p1 = story.cast, story.obligation(story.cast.p1)
    send = {"seat": cast.p1_leader, "obligation": p1, "content": story.content(c28=9), "token": uuid4()}
    _, then = overlap(
        lambda: submit(**send, version=0, page="leader"),
        lambda: save_draft(seat=cast.p1_officer, obligation=p1, content=story.content(c28=4), version=0),
    )
    assert isinstance(then, DraftConflict)
    assert report(story, cast.p1).draft.content["figures"][28] == 9
    all_agrees(story)


def test_the_button_pressed_twice_at_once_is_one_revision(story):
    send = {
        "seat": story.cast.p1_leader,
        "obligation": story.obligation(story.cast.p1),
        "content": story.content(c28=4),
        "token": uuid4(),
        "version": 0,
        "page": "leader",
    }
    first, again = overlap(lambda: submit(**send), lambda: submit(**send))
    assert first == again == Revision.objects.get()
    assert report(story, story.cast.p1).draft.version == 1


def test_what_is_signed_never_holds_what_was_not_shown(story):
    """Something is accepted while the leader presses sign: refused, or signed as drawn with the difference named."""
    cast = story.cast
    story.send(cast.p1_leader, c28=4)
    story.accept(cast.pgd_officer, cast.p1)
    story.send(cast.p2_leader, c28=7)
    root = story.obligation(cast.pgd)
    drawn = draw_snapshot(seat=cast.pgd_officer, obligation=root)
    overlap(
        lambda: story.accept(cast.pgd_officer, cast.p2),
        lambda: sign_snapshot(seat=cast.pgd_leader, snapshot=drawn),
    )
    drawn.refresh_from_db()
    assert drawn.sums[28] == 4
    assert [cause.obligation.unit for cause in signed_vs_live(drawn).causes] == [cast.p2]


def test_two_leaders_sign_one_draft(story):
    cast = story.cast
    story.send(cast.p1_leader, c28=4)
    drawn = draw_snapshot(seat=cast.pgd_officer, obligation=story.obligation(cast.pgd))
    signing = {"seat": cast.pgd_leader, "snapshot": drawn}
    first, then = overlap(lambda: sign_snapshot(**signing), lambda: sign_snapshot(**signing))
    assert first.signed_at
    assert isinstance(then, Refusal) and "đã ký rồi" in then.message


def opened_intake(story, *names: str, accept: bool = True):
    root = story.obligation(story.cast.pgd)
    p1 = story.obligation(story.cast.p1)
    files = [(filled(p1, c28=n + 1), name) for n, name in enumerate(names)]
    with clock.frozen(IN_TIME):
        return intake_room.open_intake(
            seat=story.cast.pgd_officer,
            obligation=root,
            uploads=files,
            channel=Channel.EMAIL,
            received_at=IN_TIME,
            accept_clean=accept,
        )


def test_two_workers_on_one_intake_take_a_unit_once(story):
    intake = opened_intake(story, "a.xlsx", "b.xlsx")
    overlap(lambda: intake_room.take_next(intake), lambda: intake_room.take_next(intake))
    first, second = IntakeFile.objects.order_by("pk")
    assert first.revision and not second.revision
    assert "hai tệp trong lượt này" in second.message
    assert report(story, story.cast.p1).acceptance.figures[28] == 1


def test_a_file_for_a_unit_that_is_sending_itself(story):
    intake = opened_intake(story, "p1.xlsx")
    overlap(lambda: story.send(story.cast.p1_leader, c28=40), lambda: intake_room.take_next(intake))
    waiting = IntakeFile.objects.get()
    assert waiting.done_at and waiting.revision is None
    assert "p1.xlsx" in waiting.message and "Phường 1" in waiting.message
    kept = report(story, story.cast.p1)
    assert (kept.last_number, kept.sent.figures[28]) == (1, 40)


def test_a_unit_that_sends_itself_while_its_file_is_taken(story):
    intake = opened_intake(story, "p1.xlsx", accept=False)
    _, then = overlap(lambda: intake_room.take_next(intake), lambda: story.send(story.cast.p1_leader, c28=40))
    assert isinstance(then, Refusal) and "đang chờ" in then.message
    kept = report(story, story.cast.p1)
    assert (kept.last_number, kept.sent.figures[28]) == (1, 1)
