"""Two who may count the same activity send at the same moment: it counts once, and the second is told."""

import pytest

from hoctap.cli.check import compare_round
from hoctap.kernel import clock
from hoctap.kernel.errors import Refusal
from hoctap.reports.actions import move_deed, return_report, withdraw
from hoctap.reports.filling import DeedsChanged
from hoctap.reports.models import Counted, Revision
from tests.cast import make_cast
from tests.reports.test_deeds import PEOPLE, counted, page, send, shared, with_union
from tests.reports.test_races import overlap
from tests.rounds import IN_TIME, Story, make_story

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


@pytest.fixture
def story(db) -> Story:
    with clock.frozen(IN_TIME):
        story = make_story(make_cast())
        with_union(story)
        return story


def test_both_candidates_at_once(story):
    both = shared(story)
    ward, union = page(story, story.cast.p1), page(story, story.cast.ldld)
    first, then = overlap(
        lambda: send(story, story.cast.ldld_leader, union), lambda: send(story, story.cast.p1_leader, ward)
    )
    assert isinstance(first, Revision) and isinstance(then, DeedsChanged)
    assert counted(both) == "HCM-Q3-LDLD" and Counted.objects.count() == 1
    assert send(story, story.cast.p1_leader).figures[PEOPLE] is None
    assert [line for line in compare_round(story.round) if "hoạt động" in line] == []


@pytest.mark.parametrize("how", ["withdraw", "return"])
def test_one_falls_back_while_the_other_sends(story, how):
    """The other still sees it counted, or waits and finds it free: never twice, and the next page is right."""
    both = shared(story)
    send(story, story.cast.p1_leader)
    p1, union = story.obligation(story.cast.p1), page(story, story.cast.ldld)

    def fall_back() -> None:
        if how == "withdraw":
            withdraw(seat=story.cast.p1_leader, obligation=p1)
        else:
            return_report(seat=story.cast.pgd_officer, obligation=p1, reason="xem lại")

    _, then = overlap(fall_back, lambda: send(story, story.cast.ldld_leader, union))
    assert isinstance(then, Revision | DeedsChanged)
    assert counted(both) is None
    assert page(story, story.cast.p1).figures[PEOPLE] == 32
    assert [line for line in compare_round(story.round) if "hoạt động" in line] == []


def test_the_consolidator_decides_while_the_other_side_sends(story):
    both, union = shared(story), story.obligation(story.cast.ldld)
    ward = page(story, story.cast.p1)
    _, then = overlap(
        lambda: move_deed(
            seat=story.cast.pgd_officer, node=story.root, activity=both, to=union, reason="của đoàn viên"
        ),
        lambda: send(story, story.cast.p1_leader, ward),
    )
    assert isinstance(then, DeedsChanged) and isinstance(then, Refusal)
    assert counted(both) == "HCM-Q3-LDLD"
