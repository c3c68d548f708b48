"""Deeds in reports: filled in, amended, counted once in the round, wherever the report goes."""

from datetime import date
from uuid import uuid4

import pytest

from hoctap.activities.models import Activity
from hoctap.forms.queries import version_spec
from hoctap.kernel import clock
from hoctap.kernel.errors import Refusal
from hoctap.obligations.actions import Due
from hoctap.obligations.enums import DueRule
from hoctap.obligations.models import Obligation, Round
from hoctap.orgs.actions import move_unit
from hoctap.orgs.enums import Line
from hoctap.orgs.models import Seat, Unit
from hoctap.reports import deeds, filling
from hoctap.reports.actions import (
    Content,
    Receipt,
    cascade,
    counting,
    move_deed,
    return_report,
    submit,
    withdraw,
)
from hoctap.reports.content import Sending
from hoctap.reports.enums import Channel
from hoctap.reports.filling import DeedsChanged
from hoctap.reports.models import Counted, Draft, Revision
from tests.deeds import deed, held
from tests.rounds import IN_TIME, Story

pytestmark = pytest.mark.django_db
CLASSES, PEOPLE, ALL = 14, 15, 1  # 1.7 lớp, người; 1T người


def spec_of(story: Story):
    return version_spec(story.version.pk)


def page(story: Story, unit: Unit, content: Content | None = None) -> Content:
    """What the unit's page shows."""
    spec, obligation = spec_of(story), story.obligation(unit)
    return filling.follow(spec, content or Content(), deeds.of_report(obligation, spec).cells).content


def send(story: Story, seat: Seat, content: Content | None = None, reason: str = "") -> Revision:
    content = content or page(story, seat.unit)
    last = Draft.objects.filter(report__obligation=story.obligation(seat.unit)).first()
    with clock.frozen(IN_TIME):
        return submit(
            seat=seat, obligation=story.obligation(seat.unit), content=content, token=uuid4(), 
            version=last.version if last else 0, reason=reason
        )  # fmt: skip


def with_union(story: Story) -> Obligation:
    """The union of the district reports in the round too."""
    due = Due(DueRule.BEFORE, date(2023, 10, 13))
    [added] = cascade(
        seat=story.cast.pgd_officer, obligation=story.root, units=[story.cast.ldld], due=due,
        recipients=[story.cast.q3], reason="bổ sung",
    )  # fmt: skip
    return added


def counted(activity: Activity) -> str | None:
    return next(
        iter(Counted.objects.filter(activity=activity).values_list("obligation__unit__code", flat=True)), None
    )


def shared(story: Story, **data) -> Activity:
    return deed(story.cast.p1_officer, held(unnamed=32), co_hosts=[story.cast.ldld], **data)


class TestFilling:
    def test_deeds_fill_the_form_and_the_revision_remembers_them(self, story: Story):
        one, other = (
            deed(story.cast.p1_officer, held(unnamed=30)),
            deed(story.cast.p1_officer, held(unnamed=12)),
        )
        shown = page(story, story.cast.p1)
        assert [shown.figures[i] for i in (CLASSES, PEOPLE, ALL)] == [2, 42, 42]
        assert shown.figures[28] is None
        sent = send(story, story.cast.p1_leader)
        assert sent.content["facts"] == {str(CLASSES): 2, str(PEOPLE): 42, str(ALL): 42}
        assert sent.content["sources"][str(PEOPLE)] == [one.pk, other.pk]
        assert "amended" not in sent.content
        assert counted(one) == counted(other) == "HCM-Q3-P1"

    def test_a_unit_without_deeds_sends_as_ever(self, story: Story):
        sent = send(story, story.cast.p1_leader, Content(figures=[5 if i == 28 else None for i in range(56)]))
        assert set(sent.content) == {"notes", "texts", "reasons", "narrative"}

    def test_an_amended_line_needs_a_reason_and_shows_it(self, story: Story):
        deed(story.cast.p1_officer, held(unnamed=30))
        shown = page(story, story.cast.p1)
        shown.figures[PEOPLE] = 36
        with pytest.raises(Refusal, match="ghi lý do") as refused:
            send(story, story.cast.p1_leader, shown)
        places = dict(refused.value.places)
        assert set(places) == {"Dòng 1T", "Dòng 1.7"}  # and that the parts are more than the whole
        assert "30 người" in places["Dòng 1.7"] and "36" in places["Dòng 1.7"]
        shown.amended = {"1.7": "Sáu em ghi tay."}
        shown.reasons = {"1T-more": "Theo sổ."}
        sent = send(story, story.cast.p1_leader, shown)
        assert sent.figures[PEOPLE] == 36 and sent.content["facts"][str(PEOPLE)] == 30
        assert sent.content["amended"] == {"1.7": "Sáu em ghi tay."}

    def test_refreshing_moves_what_follows_and_leaves_what_was_amended(self, story: Story):
        deed(story.cast.p1_officer, held(unnamed=30))
        shown = page(story, story.cast.p1)
        shown.figures[PEOPLE] = 36
        deed(story.cast.p1_officer, held(unnamed=5))
        spec = spec_of(story)
        now = filling.follow(spec, shown, deeds.of_report(story.obligation(story.cast.p1), spec).cells)
        assert now.moved == {CLASSES: 1, ALL: 30}
        assert [now.content.figures[i] for i in (CLASSES, PEOPLE, ALL)] == [2, 36, 35]
        [finding] = filling.findings(spec, now.content)
        assert "35 người" in finding.message and "36" in finding.message

    def test_a_cleared_cell_is_an_amendment_and_is_not_filled_again(self, story: Story):
        deed(story.cast.p1_officer, held(unnamed=30))
        shown = page(story, story.cast.p1)
        shown.figures[PEOPLE] = None
        again = page(story, story.cast.p1, shown)
        assert again.figures[PEOPLE] is None
        assert [f.line for f in filling.findings(spec_of(story), again)] == ["1.7"]

    def test_a_deed_that_is_gone_leaves_a_blank(self, story: Story):
        one = deed(story.cast.p1_officer, held(unnamed=30))
        shown = page(story, story.cast.p1)
        Activity.objects.filter(pk=one.pk).update(cancelled_at=IN_TIME)
        again = page(story, story.cast.p1, shown)
        assert again.figures[PEOPLE] is None and again.filled == {}

    def test_deeds_that_change_while_the_page_is_open_are_said_and_nothing_is_lost(self, story: Story):
        shown = page(story, story.cast.p1)
        shown.notes = {"1.7": "ghi chú"}
        deed(story.cast.p1_officer, held(unnamed=30))
        with pytest.raises(DeedsChanged, match="Chưa gửi") as changed:
            send(story, story.cast.p1_leader, shown)
        assert ("Dòng 1.7", "Dòng 1.7, người: để trống nay là 30.") in changed.value.places
        assert not Counted.objects.exists()

    def test_a_double_click_is_one_sending(self, story: Story):
        deed(story.cast.p1_officer, held(unnamed=30))
        shown, token = page(story, story.cast.p1), uuid4()
        sendings = [
            submit(
                seat=story.cast.p1_leader,
                obligation=story.obligation(story.cast.p1),
                content=shown,
                token=token,
                version=0,
            )
            for _ in range(2)
        ]
        assert sendings[0] == sendings[1]

    def test_what_is_entered_by_hand_is_neither_filled_nor_counted(self, story: Story):
        one = deed(story.cast.p1_officer, held(unnamed=30))
        with clock.frozen(IN_TIME):
            sent = submit(
                seat=story.cast.pgd_clerk, obligation=story.obligation(story.cast.p1), token=uuid4(), version=0,
                content=story.content(c14=1, c15=30, c1=30), receipt=Receipt(Channel.PAPER, IN_TIME),
            )  # fmt: skip
        assert "facts" not in sent.content and counted(one) is None

    def test_a_cell_that_the_unit_does_not_fill_is_not_filled_in(self, story: Story):
        deed(story.cast.p1_officer, of="ceremony.opening")  # 7.1 is the district's
        assert page(story, story.cast.p1).figures[49] is None
        deed(story.cast.pgd_officer, of="ceremony.opening")
        assert page(story, story.cast.pgd).figures[49] == 1

    def test_a_round_without_days_or_up_to_a_cut_off(self, story: Story):
        deed(story.cast.p1_officer, held(date(2023, 10, 7), unnamed=30))
        Round.objects.update(cut_off=date(2023, 10, 6))
        assert page(story, story.cast.p1).figures[PEOPLE] is None
        Round.objects.update(cut_off=date(2023, 10, 20))
        assert page(story, story.cast.p1).figures[PEOPLE] == 30
        Round.objects.update(period_from=None)
        assert page(story, story.cast.p1).figures[PEOPLE] is None


class TestOnce:
    def test_who_sends_first_counts_it_and_the_other_page_lets_it_go(self, story: Story):
        with_union(story)
        both = shared(story)
        at_the_union = page(story, story.cast.ldld)
        assert at_the_union.figures[PEOPLE] == page(story, story.cast.p1).figures[PEOPLE] == 32
        send(story, story.cast.p1_leader)
        assert counted(both) == "HCM-Q3-P1"
        assert page(story, story.cast.ldld).figures[PEOPLE] is None
        with pytest.raises(DeedsChanged) as changed:
            send(story, story.cast.ldld_leader, at_the_union)
        assert ("Dòng 1.7", "Dòng 1.7, người: 32 nay là để trống.") in changed.value.places

    def test_the_host_never_sends(self, story: Story):
        with_union(story)
        both = shared(story)
        send(story, story.cast.ldld_leader)
        assert counted(both) == "HCM-Q3-LDLD" and page(story, story.cast.p1).figures[PEOPLE] is None

    @pytest.mark.parametrize("how", ["return", "withdraw"])
    def test_a_report_that_falls_back_lets_go(self, story: Story, how):
        with_union(story)
        both = shared(story)
        send(story, story.cast.p1_leader)
        p1 = story.obligation(story.cast.p1)
        if how == "return":
            return_report(seat=story.cast.pgd_officer, obligation=p1, reason="xem lại")
        else:
            withdraw(seat=story.cast.p1_leader, obligation=p1)
        assert counted(both) is None
        send(story, story.cast.ldld_leader)
        assert counted(both) == "HCM-Q3-LDLD" and page(story, story.cast.p1).figures[PEOPLE] is None

    def test_accepted_and_then_returned_lets_go(self, story: Story):
        both = shared(story)
        send(story, story.cast.p1_leader)
        story.accept(story.cast.pgd_officer, story.cast.p1)
        assert counted(both) == "HCM-Q3-P1"
        return_report(
            seat=story.cast.pgd_officer, obligation=story.obligation(story.cast.p1), reason="xem lại"
        )
        assert counted(both) is None

    def test_what_was_accepted_goes_on_counting_while_its_amendment_waits_and_falls_back(self, story: Story):
        with_union(story)
        both = shared(story)
        send(story, story.cast.p1_leader)
        story.accept(story.cast.pgd_officer, story.cast.p1)
        Activity.objects.filter(pk=both.pk).update(
            host=story.cast.ldld
        )  # the ward was written as host by mistake
        both.co_hosts.all().delete()
        Activity.objects.filter(pk=both.pk).update(cancelled_at=IN_TIME)
        send(story, story.cast.p1_leader, reason="không có lớp này")
        Activity.objects.filter(pk=both.pk).update(cancelled_at=None)
        assert counted(both) == "HCM-Q3-P1" and page(story, story.cast.ldld).figures[PEOPLE] is None
        withdraw(seat=story.cast.p1_leader, obligation=story.obligation(story.cast.p1))
        assert counted(both) == "HCM-Q3-P1"

    def test_an_accepted_amendment_lets_go_of_what_only_the_first_held(self, story: Story):
        both = shared(story)
        send(story, story.cast.p1_leader)
        story.accept(story.cast.pgd_officer, story.cast.p1)
        Activity.objects.filter(pk=both.pk).update(cancelled_at=IN_TIME)
        send(story, story.cast.p1_leader, reason="không có lớp này")
        assert counted(both) == "HCM-Q3-P1"
        story.accept(story.cast.pgd_officer, story.cast.p1, number=2)
        assert counted(both) is None

    def test_of_one_batch_the_host_has_it(self, story: Story):
        union = with_union(story)
        both = shared(story)
        sendings = [
            Sending(o, page(story, o.unit), uuid4()) for o in (story.obligation(union.unit), story.p1)
        ]
        now = counting.hold(sendings)
        assert now[story.p1.pk][PEOPLE].sources == (both.pk,) and now[union.pk] == {}

    def test_a_unit_below_the_tree_counts_at_its_nearest_ancestor_and_outside_at_the_co_host(
        self, story: Story
    ):
        below = deed(story.cast.pgd_officer, held(unnamed=20), host=story.cast.thcs)
        assert page(story, story.cast.pgd).figures[PEOPLE] == 20
        outside = deed(story.cast.stranger_officer, held(unnamed=7), co_hosts=[story.cast.p2])
        assert page(story, story.cast.p2).figures[PEOPLE] == 7
        send(story, story.cast.p2_leader)
        assert (counted(below), counted(outside)) == (None, "HCM-Q3-P2")
        lost = deed(story.cast.stranger_officer, held(unnamed=7))
        assert deeds.read(story.round, [lost.pk])[0].candidates == ()

    def test_a_host_added_late_takes_its_turn_unless_it_was_counted_above(self, story: Story):
        due = Due(DueRule.BEFORE, date(2023, 10, 13))
        first = deed(story.cast.pgd_officer, held(unnamed=20), host=story.cast.thcs)
        send(story, story.cast.pgd_leader)
        assert counted(first) == "HCM-Q3-PGD"
        cascade(
            seat=story.cast.pgd_officer, obligation=story.root, units=[story.cast.thcs], due=due, recipients=[],
            reason="bổ sung",
        )  # fmt: skip
        second = deed(story.cast.pgd_officer, held(unnamed=4), host=story.cast.thcs)
        assert page(story, story.cast.thcs).figures[PEOPLE] == 4
        assert page(story, story.cast.pgd).figures[PEOPLE] == 20
        school = story.obligation(story.cast.thcs).pk
        assert [d.candidates for d in deeds.read(story.round, [first.pk, second.pk])] == [
            (school,),
            (school,),
        ]

    def test_a_unit_that_moved_counts_where_it_stood_on_the_day(self, story: Story):
        move_unit(
            seat=None, unit=story.cast.thcs, line=Line.TERRITORY, parent=story.cast.p2, on=date(2023, 10, 5)
        )
        # In its other line it stays under the Phòng; as near as the ward, which comes first by its code.
        deed(story.cast.pgd_officer, held(date(2023, 10, 4), unnamed=20), host=story.cast.thcs)
        deed(story.cast.pgd_officer, held(date(2023, 10, 6), unnamed=5), host=story.cast.thcs)
        assert page(story, story.cast.pgd).figures[PEOPLE] == 20
        assert page(story, story.cast.p2).figures[PEOPLE] == 5


class TestMoving:
    def test_the_common_consolidator_moves_what_no_sent_report_holds(self, story: Story):
        union = with_union(story)
        both = shared(story)
        send(story, story.cast.p1_leader)
        how = {"seat": story.cast.pgd_officer, "node": story.root, "activity": both, "to": union}
        with pytest.raises(Refusal, match="Gửi trả báo cáo"):
            move_deed(**how, reason="lớp của đoàn viên")
        return_report(
            seat=story.cast.pgd_officer, obligation=story.obligation(story.cast.p1), reason="xem lại"
        )
        with pytest.raises(Refusal, match="Ghi lý do"):
            move_deed(**how, reason=" ")
        move_deed(**how, reason="lớp của đoàn viên")
        assert counted(both) == "HCM-Q3-LDLD"
        assert page(story, story.cast.p1).figures[PEOPLE] is None
        sent = send(story, story.cast.ldld_leader)
        assert sent.figures[PEOPLE] == 32
        withdraw(seat=story.cast.ldld_leader, obligation=story.obligation(story.cast.ldld))
        assert counted(both) == "HCM-Q3-LDLD"  # it was decided so

    def test_nobody_else_does(self, story: Story):
        union = with_union(story)
        both = shared(story)
        for seat, node in (
            (story.cast.p1_leader, story.root),
            (story.cast.p1_leader, story.obligation(story.cast.p1)),
        ):
            with pytest.raises(Refusal):
                move_deed(seat=seat, node=node, activity=both, to=union, reason="thử")
        with pytest.raises(Refusal, match="không phải của"):
            move_deed(seat=story.cast.pgd_officer, node=story.root, activity=both, to=story.p2, reason="thử")
        assert counted(both) is None
