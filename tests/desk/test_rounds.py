"""Opening a round and giving it to units, on the screens."""

import pytest

from hoctap.kernel import clock
from hoctap.obligations.models import Obligation
from tests.pages import words_of
from tests.rounds import IN_TIME

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def time(db):
    with clock.frozen(IN_TIME):
        yield


def written_round(story, **other) -> dict:
    """A written report once a year, as letter 32/CDYT asks for it."""
    given = {
        "name": "Tình hình thực hiện Đề án",
        "frequency": "yearly",
        "rule": "undated",
        "on": "",
        "due_text": "theo quy định",
        "recipients": "UBND Quận 3",
    }
    return given | other


def test_a_round_whose_document_names_no_day(story, signed_in):
    officer = signed_in(story.cast.pgd_officer)
    address = f"/dot-bao-cao/mo/{story.round.directive_id}/"
    opened = officer.post(address, written_round(story))
    assert opened.status_code == 302
    given = {"units": "UBND Phường 1", "rule": "undated", "due_text": "theo quy định", "force": "assign"}
    assert officer.post(opened.url, given).status_code == 302
    owed = Obligation.objects.get(round__name="Tình hình thực hiện Đề án", unit=story.cast.p1)
    assert (owed.due_on, owed.due_at) == (None, None)
    board = words_of(officer.get(f"/dot-bao-cao/{owed.round_id}/"))
    assert "theo quy định" in board and "Quá hạn" not in board
    ward = signed_in(story.cast.p1_leader)
    assert "theo quy định" in words_of(ward.get("/"))
    report = words_of(ward.get(f"/bao-cao/{owed.pk}/"))
    assert "theo quy định" in report and "(hết" not in report


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"due_text": ""}, "chép nguyên văn hạn"),
        ({"on": "2023-12-31"}, "bỏ trống ngày"),
        ({"rule": "by"}, "Ghi ngày của hạn"),
    ],
)
def test_a_deadline_half_said_is_asked_about(story, signed_in, wrong, said):
    officer = signed_in(story.cast.pgd_officer)
    before = Obligation.objects.count()
    answer = officer.post(f"/dot-bao-cao/mo/{story.round.directive_id}/", written_round(story, **wrong))
    assert answer.status_code == 422
    assert said in words_of(answer)
    assert "Tình hình thực hiện Đề án" in answer.content.decode()
    assert Obligation.objects.count() == before


@pytest.mark.parametrize(
    ("text", "units"),
    [("phường", {1, 2}), ("ph 2", {2}), ("p", {1, 2}), ("ng", set()), ("2", {2}), ("p.1", set())],
)
def test_units_on_the_board_are_searched_as_everywhere(story, signed_in, text, units):
    html = (
        signed_in(story.cast.pgd_officer)
        .get(f"/dot-bao-cao/{story.round.pk}/", {"tim": text})
        .content.decode()
    )
    assert {n for n in (1, 2) if f"UBND Phường {n}</a>" in html} == units
