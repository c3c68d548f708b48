"""Late is computed: after returns, withdrawals, extensions and amendments, the same in Python and in SQL."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from hoctap.kernel import clock
from hoctap.kernel.errors import Refusal
from hoctap.obligations.actions import extend
from hoctap.obligations.enums import DueRule
from hoctap.obligations.models import Obligation
from hoctap.reports import queries
from hoctap.reports.actions import Receipt, return_report, submit, withdraw
from hoctap.reports.enums import Channel
from hoctap.reports.rules import LATE, is_late_for, is_overdue, overdue, standing

VN = clock.VIETNAM
DUE = datetime(2023, 10, 13, 0, 0, tzinfo=VN)
HOUR = timedelta(hours=1)


class Ward:
    """Phường 1 with its desk, acting at given moments."""

    def __init__(self, story):
        self.story, self.cast = story, story.cast

    @property
    def owed(self) -> Obligation:
        return self.story.obligation(self.cast.p1)

    def send(self, at: datetime, **options) -> None:
        self.story.send(self.cast.p1_leader, at=at, c28=4, **options)

    def back(self, at: datetime, new_due_at: datetime | None = None) -> None:
        with clock.frozen(at):
            return_report(
                seat=self.cast.pgd_officer, obligation=self.owed, reason="thiếu dòng 3", new_due_at=new_due_at
            )

    def take_back(self, at: datetime) -> None:
        with clock.frozen(at):
            withdraw(seat=self.cast.p1_leader, obligation=self.owed)

    def extend(self, at: datetime, due_at: datetime) -> None:
        with clock.frozen(at):
            extend(seat=self.cast.pgd_officer, obligation=self.owed, due_at=due_at, reason="bão")

    def stands(self, now: datetime) -> tuple[bool, bool]:
        """Late, overdue; computed twice."""
        owed = Obligation.objects.select_related("report").get(pk=self.owed.pk)
        report = getattr(owed, "report", None)
        late = report is not None and is_late_for(owed, report)
        assert Obligation.objects.filter(LATE, pk=owed.pk).exists() is late
        assert Obligation.objects.filter(overdue(now), pk=owed.pk).exists() is is_overdue(owed, report, now)
        shown = queries.board(self.story.root, now).get(pk=owed.pk).standing
        assert shown == standing(owed, report, now)
        return late, is_overdue(owed, report, now)


@pytest.fixture
def ward(story) -> Ward:
    return Ward(story)


def test_returned_without_a_new_deadline_is_neither_late_nor_overdue(ward):
    ward.send(DUE - HOUR)
    ward.back(DUE + HOUR)
    assert ward.stands(DUE + 50 * HOUR) == (False, False)
    ward.send(DUE + 60 * HOUR)
    assert ward.stands(DUE + 61 * HOUR) == (False, False)


def test_withdrawn_and_sent_again_late_is_late(ward):
    ward.send(DUE - 2 * HOUR)
    ward.take_back(DUE - HOUR)
    assert ward.stands(DUE - HOUR / 2) == (False, False)
    assert ward.stands(DUE + HOUR) == (False, True)
    ward.send(DUE + 2 * HOUR)
    assert ward.stands(DUE + 3 * HOUR) == (True, False)


def test_corrected_withdrawn_and_corrected_again_within_the_new_deadline(ward):
    """Taking back the correction does not undo that the report came in time."""
    ward.send(DUE - HOUR)
    ward.back(DUE + HOUR, DUE + 24 * HOUR)
    ward.send(DUE + 2 * HOUR)
    ward.take_back(DUE + 3 * HOUR)
    assert ward.stands(DUE + 4 * HOUR) == (False, False)
    ward.send(DUE + 5 * HOUR)
    assert ward.stands(DUE + 6 * HOUR) == (False, False)
    ward.take_back(DUE + 7 * HOUR)
    assert ward.stands(DUE + 25 * HOUR) == (False, True)
    ward.send(DUE + 26 * HOUR)
    assert ward.stands(DUE + 27 * HOUR) == (True, False)


def test_a_return_never_shortens_the_deadline_of_the_document(ward):
    ward.send(DUE - 48 * HOUR)
    ward.back(DUE - 47 * HOUR, DUE - 24 * HOUR)
    assert ward.stands(DUE - 12 * HOUR) == (False, False)
    ward.send(DUE - 6 * HOUR)
    assert ward.stands(DUE - 5 * HOUR) == (False, False)


def test_an_extension_after_a_return_counts(ward):
    ward.send(DUE - HOUR)
    ward.back(DUE + HOUR, DUE + 24 * HOUR)
    assert ward.stands(DUE + 30 * HOUR) == (False, True)
    ward.extend(DUE + 30 * HOUR, DUE + 72 * HOUR)
    assert ward.stands(DUE + 31 * HOUR) == (False, False)
    ward.send(DUE + 40 * HOUR)
    assert ward.stands(DUE + 41 * HOUR) == (False, False)


def test_late_stays_late_after_correction(ward):
    ward.send(DUE)
    ward.back(DUE + HOUR, DUE + 24 * HOUR)
    ward.send(DUE + 2 * HOUR)
    assert ward.stands(DUE + 3 * HOUR) == (True, False)


def test_amending_what_was_accepted_is_never_late(ward):
    ward.send(DUE - HOUR)
    ward.story.accept(ward.cast.pgd_officer, ward.cast.p1)
    ward.send(DUE + 100 * HOUR, reason="đếm lại")
    assert ward.stands(DUE + 101 * HOUR) == (False, False)
    ward.back(DUE + 102 * HOUR, DUE + 110 * HOUR)
    ward.send(DUE + 120 * HOUR, reason="đếm lại lần nữa")
    assert ward.stands(DUE + 121 * HOUR) == (False, False)


def test_what_came_before_the_deadline_and_was_entered_after_is_in_time(ward):
    with clock.frozen(DUE + 30 * HOUR):
        submit(
            seat=ward.cast.pgd_clerk,
            obligation=ward.owed,
            content=ward.story.content(c28=4),
            token=uuid4(),
            receipt=Receipt(Channel.PAPER, DUE - HOUR),
        )
    assert ward.stands(DUE + 31 * HOUR) == (False, False)


def test_a_web_machine_whose_clock_is_wrong_changes_nothing(ward, monkeypatch):
    """The database's clock says when a report came; another machine's clock runs a day ahead."""
    Obligation.objects.filter(pk=ward.owed.pk).update(due_at=clock.now() + HOUR)
    monkeypatch.setattr(clock.timezone, "now", lambda: datetime.now(tz=VN) + 24 * HOUR)
    sent = submit(
        seat=ward.cast.p1_leader, obligation=ward.owed, content=ward.story.content(c28=4), token=uuid4()
    )
    assert abs(sent.received_at - datetime.now(tz=VN)) < HOUR
    assert ward.stands(datetime.now(tz=VN)) == (False, False)


def test_nobody_says_for_itself_when_its_report_came(ward):
    with clock.frozen(DUE + HOUR), pytest.raises(Refusal, match="nơi tổng hợp"):
        submit(
            seat=ward.cast.p1_leader,
            obligation=ward.owed,
            content=ward.story.content(c28=4),
            token=uuid4(),
            receipt=Receipt(Channel.PAPER, DUE - HOUR),
        )


def test_where_no_day_is_named_only_a_returns_deadline_counts(ward):
    Obligation.objects.filter(pk=ward.owed.pk).update(due_rule=DueRule.UNDATED, due_on=None, due_at=None)
    assert ward.stands(DUE + 1000 * HOUR) == (False, False)
    ward.send(DUE + 40 * HOUR)
    assert ward.stands(DUE + 41 * HOUR) == (False, False)
    ward.back(DUE + 50 * HOUR, new_due_at=DUE + 60 * HOUR)
    assert ward.stands(DUE + 59 * HOUR) == (False, False)
    assert ward.stands(DUE + 60 * HOUR) == (False, True)
    ward.send(DUE + 61 * HOUR)
    assert ward.stands(DUE + 62 * HOUR) == (True, False)
