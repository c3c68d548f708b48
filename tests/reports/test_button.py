"""The form's button: what is taken is sent, what is refused stays in the draft, either in one transaction."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hoctap.kernel import clock
from hoctap.kernel.models import Act
from hoctap.obligations.actions import close_round
from hoctap.obligations.models import Round
from hoctap.reports.actions import present, save_draft, submit
from hoctap.reports.models import Draft, Report, Revision
from tests.reports.screens import form_of, hidden, words
from tests.rounds import IN_TIME

pytestmark = pytest.mark.django_db

UNLIKELY = {"c1": "1.066", "c2": "2", "c3": "1.084"}  # more women than people
BY_MAIL = {"channel": "email", "received_at": "12/10/2023 15:00"}


@pytest.fixture(autouse=True)
def in_time():
    with clock.frozen(IN_TIME):
        yield


def kept(pk: int) -> tuple[dict, list]:
    """What the draft holds: the narrative and its figures that are there."""
    content = Draft.objects.get(report__obligation=pk).content
    return content["narrative"], [figure for figure in content["figures"] if figure is not None]


def draft_by(seat, story, version: int = 0, **figures) -> Draft:
    return save_draft(
        seat=seat,
        obligation=story.obligation(story.cast.p1),
        content=story.content(**figures),
        version=version,
    )


def refused(client, pk: int, posted: dict, says: str, act: str = "gui") -> str:
    answer = client.post(f"/bao-cao/{pk}/{act}/", posted)
    assert answer.status_code == 422
    assert says in words(answer)
    return words(answer)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        (UNLIKELY, "cần sửa hoặc ghi lý do"),
        ({"c1": "1.066", "c2": "2", "c3": "84", "doc_date": "mai"}, "Còn 1 ô chưa đúng"),
        ({"c1": "1.066", "c2": "2", "c3": "84", "c28": "khoảng 40", "doc_date": "mai"}, "Còn 2 ô chưa đúng"),
    ],
)
def test_what_is_refused_stays_in_the_draft(at, story, typed, says):
    leader, pk = at(story.cast.p1_leader), story.p1.pk
    refused(leader, pk, {**form_of(leader, pk), **typed, "kq": "Tổ chức 3 lớp"}, says)
    narrative, figures = kept(pk)
    assert narrative == {"results": "Tổ chức 3 lớp"}
    assert figures[:2] == [1066, 2]
    assert Act.objects.filter(verb="report.draft").count() == 1
    assert not Revision.objects.exists()


def test_a_round_closed_meanwhile_takes_nothing_and_the_typing_stays(at, story):
    leader, pk = at(story.cast.p1_leader), story.p1.pk
    form = form_of(leader, pk)
    close_round(seat=story.cast.pgd_officer, opened=Round.objects.get(pk=story.round.pk))
    refused(leader, pk, {**form, "c28": "4"}, "Đợt báo cáo đã đóng")
    assert kept(pk) == ({}, [4])


def test_what_waits_already_is_not_sent_over_and_the_typing_stays(at, story):
    """A colleague's file was entered by the desk while the page was open."""
    leader, pk = at(story.cast.p1_leader), story.p1.pk
    form = form_of(leader, pk)
    story.send(story.cast.p1_leader, c28=9)
    refused(leader, pk, {**form, "c28": "4"}, "đang chờ nơi nhận")
    assert kept(pk) == ({}, [4])
    assert Revision.objects.get().figures[28] == 9


@pytest.mark.parametrize("typed", [{"c28": "4"}, UNLIKELY])
def test_somebody_elses_draft_in_between_is_a_choice(at, story, typed):
    """Whether it could have been sent or not: the colleague's figures are neither sent over nor typed over."""
    leader, pk = at(story.cast.p1_leader), story.p1.pk
    form = form_of(leader, pk)
    draft_by(story.cast.p1_officer, story, c28=412)
    answer = leader.post(f"/bao-cao/{pk}/gui/", {**form, **typed, "kk": "Thiếu máy"})
    assert answer.status_code == 409
    assert "412" in words(answer) and "Thiếu máy" in words(answer)
    assert kept(pk) == ({}, [412])
    assert not Revision.objects.exists()


def test_a_press_repeated_writes_nothing_more(at, story):
    leader, pk = at(story.cast.p1_leader), story.p1.pk
    posted = {**form_of(leader, pk), "c28": "4"}
    for _ in range(2):
        assert leader.post(f"/bao-cao/{pk}/gui/", posted).status_code == 302
        left = list(Draft.objects.values()), list(Revision.objects.values()), Act.objects.count()
    assert (len(left[0]), len(left[1])) == (1, 1)
    leader.post(f"/bao-cao/{pk}/gui/", posted)
    assert left == (list(Draft.objects.values()), list(Revision.objects.values()), Act.objects.count())


def test_a_page_sent_before_with_a_field_that_cannot_be_read_is_no_repetition(at, story):
    leader, pk = at(story.cast.p1_leader), story.p1.pk
    posted = {**form_of(leader, pk), "c28": "4"}
    leader.post(f"/bao-cao/{pk}/gui/", posted)
    refused(leader, pk, {**posted, "doc_date": "mai", "kq": "Thêm một lớp"}, "Còn 1 ô chưa đúng")
    assert kept(pk) == ({"results": "Thêm một lớp"}, [4])


def test_what_was_sent_is_the_draft_and_is_presented_no_more(at, story):
    cast, pk = story.cast, story.p1.pk
    before = draft_by(cast.p1_officer, story, c28=4)
    present(seat=cast.p1_officer, obligation=story.obligation(cast.p1))
    leader = at(cast.p1_leader)
    assert (
        leader.post(f"/bao-cao/{pk}/gui/", {**form_of(leader, pk), "c28": "5", "kq": "Ba lớp"}).status_code
        == 302
    )
    draft = Draft.objects.get()
    assert kept(pk) == ({"results": "Ba lớp"}, [5])
    assert (draft.version, draft.updated_by, draft.presented_at) == (2, cast.p1_leader, None)
    assert draft.token != before.token == Revision.objects.get().token


def test_a_refusal_keeps_what_is_presented_unless_it_was_changed(at, story):
    cast, pk = story.cast, story.p1.pk
    draft_by(cast.p1_officer, story, c1=1066, c2=2, c3=1084)
    present(seat=cast.p1_officer, obligation=story.obligation(cast.p1))
    leader = at(cast.p1_leader)
    refused(leader, pk, {**form_of(leader, pk), **UNLIKELY}, "ghi lý do")
    assert Draft.objects.get().presented_by == cast.p1_officer
    refused(leader, pk, {**form_of(leader, pk), **UNLIKELY, "c28": "4"}, "ghi lý do")
    assert Draft.objects.get().presented_by is None


@pytest.mark.parametrize("more", [UNLIKELY, {"doc_date": "mai"}])
def test_what_the_desk_enters_while_the_unit_writes_is_kept_in_the_page_alone(at, story, more):
    cast, pk = story.cast, story.p1.pk
    draft_by(cast.p1_officer, story, c28=412)
    desk = at(cast.pgd_clerk)
    posted = hidden(words(desk.get(f"/bao-cao/{pk}/nhap-thay/"))) | BY_MAIL | {"c28": "7"}
    page = refused(desk, pk, posted | more, "", act="nhap-thay")
    assert 'name="c28" id="c28" value="7"' in page
    assert kept(pk) == ({}, [412])
    assert desk.post(f"/bao-cao/{pk}/nhap-thay/", posted).status_code == 302
    page = refused(desk, pk, posted | {"c28": "8"}, "đã gửi thành bản 1", act="nhap-thay")
    assert kept(pk) == ({}, [412])
    assert Report.objects.get(obligation=pk).sent.figures[28] == 7


def test_where_nobody_writes_the_desks_typing_is_kept(at, story):
    pk, desk = story.p1.pk, at(story.cast.pgd_clerk)
    posted = hidden(words(desk.get(f"/bao-cao/{pk}/nhap-thay/"))) | BY_MAIL
    refused(desk, pk, posted | UNLIKELY, "ghi lý do", act="nhap-thay")
    assert kept(pk)[1][:3] == [1066, 2, 1084]


def test_typed_on_a_form_it_costs_two_statements_more(story):
    """A look at the draft and one for the unit's deeds; all in one transaction."""

    def asked(seat, **form) -> list[str]:
        sending = {
            "obligation": story.obligation(seat.unit),
            "content": story.content(c28=4),
            "token": uuid4(),
        }
        with CaptureQueriesContext(connection) as context:
            submit(seat=seat, **sending, **form)
        return [query["sql"] for query in context.captured_queries]

    asked(story.cast.pgd_leader)  # reads the form's definition, once a process
    button, machine = asked(story.cast.p1_leader, version=0, page="a"), asked(story.cast.p2_leader)
    assert len(button) == len(machine) + 2
    assert sum(str(sql).startswith("SAVEPOINT") for sql in button) == 1
