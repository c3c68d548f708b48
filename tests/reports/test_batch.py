"""Many reports in one go: each taken whole or refused by itself, in the same few statements as one."""

import json
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from bench import wide
from hoctap.kernel import clock, limits
from hoctap.kernel.errors import Refusal
from hoctap.kernel.models import Act
from hoctap.notify.models import Letter, Notice
from hoctap.obligations.models import Obligation
from hoctap.reports.actions import Content, Receipt, Sending, submit, submit_all
from hoctap.reports.enums import Channel, ReportState
from hoctap.reports.models import Report, ReportEntry, Revision
from tests.rounds import IN_TIME

pytestmark = pytest.mark.django_db
ADDRESS = "/bao-cao/gui-nhieu/"
BY_MAIL = Receipt(Channel.EMAIL, IN_TIME - timedelta(hours=1))


def entered(story, unit, token: UUID | None = None, **figures) -> Sending:
    return Sending(story.obligation(unit), story.content(**figures), token or uuid4(), receipt=BY_MAIL)


def left_behind() -> dict[str, list]:
    """All that sending writes, without keys and times."""
    return {
        "revisions": list(
            Revision.objects.order_by("report__obligation").values(
                "report__obligation__unit",
                "number",
                "figures",
                "content",
                "channel",
                "received_at",
                "made_by",
            )
        ),
        "entries": list(
            ReportEntry.objects.order_by("obligation", "id").values(
                "obligation__unit", "act", "seat", "sent_before__number", "sent_after__number", "reason"
            )
        ),
        "standing": list(
            Report.objects.order_by("obligation").values(
                "obligation__unit",
                "state",
                "last_number",
                "sent__number",
                "first_received_at",
                "last_received_at",
            )
        ),
        "acts": list(
            Act.objects.filter(verb="report.submit").order_by("id").values("verb", "seat_id", "details")
        ),
        "notices": list(
            Notice.objects.filter(kind="submitted").order_by("text").values("unit", "kind", "text")
        ),
        "letters": sorted(
            Letter.objects.filter(subject__contains="gửi báo cáo").values_list("to", "subject")
        ),
    }


def test_many_leave_what_one_by_one_leaves(story):
    cast = story.cast
    figures = {cast.p1: {"c28": 4, "c2": 2}, cast.p2: {"c28": 0}}
    with clock.frozen(IN_TIME):
        together = undone(
            lambda: submit_all(
                seat=cast.pgd_clerk,
                sendings=[entered(story, unit, **cells) for unit, cells in figures.items()],
            )
        )
        singly = undone(
            lambda: [
                submit(
                    seat=cast.pgd_clerk, obligation=story.obligation(unit), content=story.content(**cells),
                    token=uuid4(), receipt=BY_MAIL,
                )
                for unit, cells in figures.items()
            ]
        )  # fmt: skip
    assert together == singly
    assert [row["figures"][28] for row in together["revisions"]] == [4, 0]


def undone(act) -> dict[str, list]:
    """What the act leaves behind; then it is taken back."""
    with transaction.atomic():
        act()
        found = left_behind()
        transaction.set_rollback(True)
    return found


def test_each_has_its_own_answer_in_order(story):
    cast = story.cast
    story.send(cast.p2_leader, c28=4)
    with clock.frozen(IN_TIME):
        answers = submit_all(
            seat=cast.pgd_clerk,
            sendings=[
                entered(story, cast.p2, c28=5),
                entered(story, cast.p1, c28=6),
                entered(story, cast.p1, c28=7),
            ],
        )
    assert [type(answer) for answer in answers] == [Refusal, Revision, Refusal]
    assert "đang chờ nơi nhận" in answers[0].message
    assert "hai lần" in answers[2].message
    assert {r.obligation.unit: r.sent.figures[28] for r in Report.objects.exclude(sent=None)} == {
        cast.p1: 6,
        cast.p2: 4,
    }


def test_the_same_again_is_answered_as_the_first_time(story):
    tokens = [uuid4(), uuid4()]
    units = [story.cast.p1, story.cast.p2]
    with clock.frozen(IN_TIME):
        first, second = (
            submit_all(
                seat=story.cast.pgd_clerk,
                sendings=[entered(story, u, t, c28=4) for u, t in zip(units, tokens, strict=True)],
            )
            for _ in range(2)
        )
    assert [answer.pk for answer in first] == [answer.pk for answer in second]
    assert Revision.objects.count() == 2 and ReportEntry.objects.count() == 2


def test_two_cost_as_many_statements_as_one(story):
    counts = []
    for units in ([story.cast.p1], [story.cast.p1, story.cast.p2]):
        sendings = [entered(story, unit, c28=4) for unit in units]
        with clock.frozen(IN_TIME), CaptureQueriesContext(connection) as asked:
            undone(lambda sendings=sendings: submit_all(seat=story.cast.pgd_clerk, sendings=sendings))
        counts.append(len(asked))
    assert counts[0] == counts[1]


def rows_read() -> int:
    """By this transaction until now, one by one or through an index."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) FROM pg_stat_xact_user_tables")
        return cursor.fetchone()[0]


def test_what_was_planned_on_young_tables_does_not_read_them_whole_later(as_in_the_web):
    """The first of a system's first round is sent when there is nothing; the plan stays while thousands follow."""
    world = wide.make(300, users=1)
    sendings = [
        Sending(child, Content(figures=[None] * 56), uuid4(), receipt=Receipt(Channel.EMAIL, clock.now()))
        for child in world.children
    ]
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE; DISCARD PLANS")
    submit_all(seat=world.officer, sendings=sendings[:1])
    submit_all(seat=world.officer, sendings=sendings[1:-1])
    before = rows_read()
    (answer,) = submit_all(seat=world.officer, sendings=sendings[-1:])
    assert isinstance(answer, Revision)
    assert rows_read() - before < 100


@pytest.fixture
def as_in_the_web():
    """This connection works as those of the web do (kernel.limits)."""
    limits.hold(connection)
    yield
    with connection.cursor() as cursor:
        cursor.execute("RESET ALL")


@pytest.fixture
def ask(at, story):
    def post(seat, body, **options):
        text = body if isinstance(body, str) else json.dumps({"round": story.round.pk} | body)
        return at(seat).post(ADDRESS, text, content_type="application/json", **options)

    return post


def report(story, unit, /, **more) -> dict:
    return {"unit": unit.code, "token": str(uuid4()), "figures": story.content(c28=4).figures} | more


def test_a_desk_sends_for_its_units_and_reads_each_answer(ask, story):
    cast = story.cast
    body = {
        "channel": "paper",
        "received_at": "2023-10-12T15:00+07:00",
        "reports": [
            report(
                story, cast.p1, doc_number="12/BC-UBND", doc_date="2023-10-11", narrative={"results": "Tốt."}
            ),
            report(story, cast.p2, figures=[*story.content().figures, 1]),
            report(story, cast.stranger),
        ],
    }
    answer = ask(cast.pgd_clerk, body)
    assert answer.status_code == 200 and answer["Cache-Control"] == "no-store"
    p1, p2, other = answer.json()["answers"]
    assert p1 == {"unit": cast.p1.code, "taken": True, "number": 1, "received_at": "2023-10-12T08:00:00Z"}
    assert not p2["taken"] and "không khớp biểu mẫu" in p2["message"]
    assert not other["taken"] and cast.stranger.name not in other["message"]
    kept = Revision.objects.get()
    assert (kept.channel, kept.doc_number, kept.content["narrative"]) == (
        Channel.PAPER, "12/BC-UBND", {"results": "Tốt."},
    )  # fmt: skip


def test_a_leader_sends_its_own(ask, story):
    answer = ask(
        story.cast.p1_leader, {"reports": [report(story, story.cast.p1), report(story, story.cast.p2)]}
    )
    own, others = answer.json()["answers"]
    assert own["taken"] and not others["taken"]
    assert Report.objects.get(state=ReportState.WAITING).sent.channel == Channel.SYSTEM


def test_an_officer_may_not_send(ask, story):
    (answer,) = ask(story.cast.p1_officer, {"reports": [report(story, story.cast.p1)]}).json()["answers"]
    assert not answer["taken"] and "không có quyền" in answer["message"]
    assert not Revision.objects.exists()


@pytest.mark.parametrize(
    "body",
    ["", "[]", "{", '{"round": 1}', '{"round": "1", "reports": []}', '{"round": 1, "reports": [1]}',
     '{"round": 1, "reports": [{"unit": 7}]}', '{"round": 1, "reports": []}', "[" * 100_000,
     '{"round": 1, "reports": [{"unit": "x"}], "received_at": "2026-11-20"}',
     '{"round": 1, "reports": [{"unit": "x"}], "received_at": "mai"}',
     '{"round": 1, "reports": [{"unit": "x"}], "channel": "zalo"}'],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_whole(ask, story, body):
    answer = ask(story.cast.pgd_clerk, body)
    assert answer.status_code == 422 and answer.json()["message"]


@pytest.mark.parametrize(
    "wrong",
    [{"token": "x"}, {"token": None}, {"figures": "4"}, {"figures": [4.5]}, {"figures": ["4"]}, {"figures": [True]},
     {"notes": {"1.7": 3}}, {"notes": {"1.7": "a\x00b"}}, {"narrative": {"results": "\ud800"}}, {"texts": []},
     {"doc_date": "mai"}, {"doc_number": "9" * 61}, {"authority": "??"}, {"signer_name": 5}, {"unit": "a\x00"}],
)  # fmt: skip
def test_one_that_cannot_be_read_does_not_keep_back_the_others(ask, story, wrong):
    reports = [report(story, story.cast.p1, **wrong), report(story, story.cast.p2)]
    refused, taken = ask(story.cast.pgd_clerk, {"reports": reports}).json()["answers"]
    assert not refused["taken"] and refused["message"]
    assert taken["taken"]
    assert [r.report.obligation.unit for r in Revision.objects.all()] == [story.cast.p2]


def test_more_than_five_hundred_are_refused(ask, story):
    answer = ask(story.cast.pgd_clerk, {"reports": [report(story, story.cast.p1)] * 501})
    assert answer.status_code == 422 and "500" in answer.json()["message"]
    assert not Obligation.objects.filter(report__last_number__gt=0).exists()
