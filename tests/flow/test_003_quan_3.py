"""Plan 333/KH-UBND of Quận 3 (02/10/2023), mục IV: fourteen agencies and twelve wards report through the office."""

import random
from datetime import date
from uuid import uuid4

import pytest

from hoctap.cli.check import check
from hoctap.cli.demo.figures import invent, position
from hoctap.cli.demo.script import HOME, STOPS_AT, UNTIL_FRIDAY_MORNING, UNTIL_THE_END, moment
from hoctap.cli.demo.story import Story
from hoctap.desk.words import words
from hoctap.kernel import clock
from hoctap.kernel.errors import Refusal
from hoctap.notify.models import Notice
from hoctap.obligations import actions as obligations
from hoctap.obligations import rules as obligation_rules
from hoctap.obligations.actions import Due
from hoctap.obligations.enums import DueRule, Relation
from hoctap.obligations.models import Obligation, Recipient
from hoctap.reports import actions as reports
from hoctap.reports import queries
from hoctap.reports.actions import Content
from hoctap.reports.models import Acceptance, Report, ReportEntry
from hoctap.reports.rules import LATE
from hoctap.rollup.actions import fold
from hoctap.rollup.queries import pending, signed_vs_live, table
from tests.flow.acts import accept, fresh

pytestmark = pytest.mark.postgres


@pytest.fixture
def story(committed_world) -> Story:
    """Up to Friday 13/10/2023, 09:20; the acts of the first nine days are folded, the rest are pending."""
    story = Story(committed_world)
    nine_days = UNTIL_FRIDAY_MORNING.index("12/10 08:00")
    story.play(UNTIL_FRIDAY_MORNING[:nine_days])
    fold(story.round.pk)
    story.play(UNTIL_FRIDAY_MORNING[nine_days:])
    return story


def names(obligations) -> set[str]:
    return {obligation.unit.short_name for obligation in obligations}


def test_friday_morning(story):
    _what_the_plan_states(story)
    _the_office_gathers_but_does_not_command(story)
    _the_board(story)
    _reminders_went_to_the_twelve_who_had_not_sent(story)
    _totals_are_exact_with_some_acts_not_folded(story)
    _each_sees_what_it_owes_or_is_owed_and_nothing_else(story)
    _withdrawn_and_sent_again_in_time(story)


def _what_the_plan_states(story):
    ward = story.fresh("p10-q3")
    assert Obligation.objects.filter(parent=story.root).count() == 14 + 12
    # "trước ngày 13/10/2023": the last minute in time is 23:59 on the 12th.
    assert ward.due_text == "trước ngày 13/10/2023"
    assert obligation_rules.last_moment(ward.due_at).strftime("%d/%m/%Y %H:%M") == "12/10/2023 23:59"
    # "gửi về Ủy ban nhân dân Quận 3 (thông qua Phòng Giáo dục và Đào tạo)".
    assert [r.unit.code for r in ward.recipients.select_related("unit")] == ["ubnd-q3"]
    assert ward.parent.unit.code == HOME
    assert story.round.channel == "thông qua Phòng Giáo dục và Đào tạo"
    # Mục III.2: the office itself owes the Committee and the Department before 15/10/2023.
    root = story.fresh(HOME)
    assert [r.unit.code for r in root.recipients.order_by("order")] == ["ubnd-q3", "sgddt-hcm"]
    assert root.due_at == clock.start_of(date(2023, 10, 15))
    assert (story.round.period_from, story.round.period_to) == (date(2023, 10, 2), date(2023, 10, 8))
    assert [line.number for line in story.spec.lines if line.printed] == [str(n) for n in range(1, 12)]
    assert story.round.directive.number_label == "333/KH-UBND"


def _the_office_gathers_but_does_not_command(story):
    ward = story.fresh("p10-q3")
    assert ward.relation == Relation.COORDINATOR
    assert (words(ward.relation).accept, words(ward.relation).give_back) == ("Tiếp nhận", "Đề nghị chỉnh sửa")


def _the_board(story):
    now = moment(STOPS_AT)
    with clock.frozen(now):
        counts = queries.board_counts(story.root, now)
        read = Obligation.objects.select_related("unit", "report")
        board = queries.in_order(
            list(queries.first_of(queries.board(story.root, now), 20, read)), now, queries.BOARD_ORDER
        )
    expected = {"ok": 14, "wait": 5, "back": 2, "ext": 1, "late": 4, "none": 0, "recall": 0}
    assert counts == expected | {"all": 26, "late_sent": 1}
    by_standing = {
        kind: names(o for o in board if o.standing == kind) for kind in ("late", "ext", "back", "wait")
    }
    assert by_standing == {
        "late": {"UBND Phường 10", "Hội CCB Quận 3", "BCH Quân sự Quận 3", "Phòng TC-KH Quận 3"},
        "ext": {"Trường TCN Nhân Đạo"},
        "back": {"UBND Phường Võ Thị Sáu", "LĐLĐ Quận 3"},
        "wait": {"UBND Phường 12", "BCH Công an Quận 3", "UBND Phường 5", "Hội Khuyến học Quận 3", "Phòng VH&TT Quận 3"},
    }  # fmt: skip
    assert names(o for o in board if o.late) == {"UBND Phường 12"}
    assert story.fresh("ccb-q3").first_seen_at is None  # never opened
    assert story.fresh("p10-q3").first_seen_at is not None
    drafted = Report.objects.get(obligation=story.owed["p10-q3"]).draft.content["figures"]
    assert any(value is not None for value in drafted) and None in drafted


def _reminders_went_to_the_twelve_who_had_not_sent(story):
    reminded = Obligation.objects.filter(reminders__isnull=False)
    assert reminded.count() == 12
    assert reminded.filter(report__first_received_at__gt=moment("12/10 08:00")).count() == 7
    assert Notice.objects.filter(kind="reminder", unit__code="p10-q3").count() == 1


def _totals_are_exact_with_some_acts_not_folded(story):
    state = pending(story.round.pk)
    assert state.folded > 0 and state.entries > 0
    shown = table(story.root)
    by_hand = Acceptance.objects.filter(pk__in=Report.objects.values("acceptance")).values_list(
        "figures", flat=True
    )
    people = position(story.spec, "1T", "people")
    assert len(by_hand) == 14
    assert shown.total.sums[people] == sum(figures[people] or 0 for figures in by_hand)
    assert (shown.coverage.expected, shown.coverage.accepted, shown.coverage.submitted) == (26, 14, 19)
    sent = table(story.root, "sent").total.sums[people]
    assert sent > shown.total.sums[people]


def _each_sees_what_it_owes_or_is_owed_and_nothing_else(story):
    seats, seen = story.world.seats, obligation_rules.visible_obligations
    with clock.frozen(moment(STOPS_AT)):
        assert seen(seats["chuyenvien.p10"]).get().unit.code == "p10-q3"
        assert seen(seats["chuyenvien.pgd"]).filter(round=story.round).count() == 27
        assert seen(seats["lanhdao.ubnd"]).filter(round=story.round).count() == 27
        assert not seen(seats["chuyenvien.thuduc"]).exists()


def _withdrawn_and_sent_again_in_time(story):
    entries = ReportEntry.objects.filter(obligation=story.owed["vhtt-q3"]).order_by("pk")
    assert [entry.act for entry in entries] == ["submit", "withdraw", "submit"]
    first, second = Report.objects.get(obligation=story.owed["vhtt-q3"]).revisions.order_by("number")
    assert len(queries.changed_positions(first.figures, second.figures)) == 3
    assert not Obligation.objects.filter(LATE, pk=story.owed["vhtt-q3"].pk).exists()


def test_to_the_end(story):
    story.play(UNTIL_THE_END)
    _entered_from_the_mailbox(story)
    _corrected_and_reviewed(story)
    _signed_and_amended(story)
    assert check() == 0


def _entered_from_the_mailbox(story):
    """The mail came at 21:48 on the 12th and was entered next morning: its own time decides."""
    revision = Report.objects.get(obligation=story.owed["ccb-q3"]).sent
    assert (revision.channel, revision.made_by.user.username) == ("email", "vanthu.pgd")
    assert revision.received_at == moment("12/10 21:48") < revision.made_at
    assert revision.files.get().name == "ccb-q3.xlsx"
    late = Obligation.objects.filter(LATE, parent=story.root).select_related("unit")
    assert names(late) == {"UBND Phường 12", "Phòng TC-KH Quận 3", "UBND Phường 10"}


def _corrected_and_reviewed(story):
    spec, union = story.spec, Report.objects.get(obligation=story.owed["ldld-q3"])
    first, second = union.revisions.order_by("number")
    skills = position(spec, "1.7", "people")
    assert (first.figures[skills] or 0) - (second.figures[skills] or 0) == 32  # counted by the ward already
    ward = Report.objects.get(obligation=story.owed["vothisau-q3"])
    corrected, news = ward.revisions.get(number=2), position(spec, "2", "count")
    assert corrected.content["reasons"] == {"1T-more": "18 người học hai lớp, có danh sách kèm theo."}
    accepted = ward.acceptance
    assert ward.sent.figures[news] - accepted.figures[news] == 2
    assert "trước khi Tuần lễ bắt đầu" in accepted.reasons[str(news)]


def _signed_and_amended(story):
    snapshot, seats = story.snapshot, story.world.seats
    covered = snapshot.coverage
    assert {name: covered[name] for name in ("expected", "submitted", "accepted", "late", "missing")} == {
        "expected": 26, "submitted": 25, "accepted": 25, "late": 3, "missing": 1,
    }  # fmt: skip
    assert snapshot.sums[position(story.spec, "7.1", "count")] == 1  # one district: Quận 3
    assert set(snapshot.files.values_list("kind", flat=True)) == {"pdf", "docx", "xlsx"}
    difference = signed_vs_live(snapshot)
    assert [cause.obligation.unit.short_name for cause in difference.causes] == ["UBND Phường Võ Thị Sáu"]
    assert [cell.difference for cell in difference.cells] == [24, 24]
    assert difference.causes[0].entry.seat.user.username == "chuyenvien.pgd"
    for username in ("lanhdao.ubnd", "chuyenvien.sogd"):
        recipient = Recipient.objects.get(obligation=story.root, unit=seats[username].unit)
        obligations.acknowledge(seat=seats[username], recipient=recipient)
    assert not Recipient.objects.filter(obligation=story.root, acknowledged_at=None).exists()
    with pytest.raises(Refusal, match="Ghi lý do sửa"):
        reports.submit(
            seat=seats["lanhdao.vothisau"],
            obligation=story.fresh("vothisau-q3"),
            content=Content.of_revision(Report.objects.get(obligation=story.owed["vothisau-q3"]).sent),
            token=uuid4(),
        )


def test_a_ward_hands_the_task_on_to_its_own_two(committed_world):
    """Mục II.2.2: the ward, its community learning centre and its study-promotion association act together."""
    world = committed_world
    story = Story(world)
    story.play("02/10 15:10 open")
    leader, rng = world.seats["lanhdao.p4"], random.Random(4)
    below = [world.units["tthtcd-p4-q3"], world.units["hkh-p4-q3"]]
    with clock.frozen(moment("03/10 08:30")):
        centre, study = reports.cascade(
            seat=leader,
            obligation=story.fresh("p4-q3"),
            units=below,
            due=Due(DueRule.BY, date(2023, 10, 9)),
            reason="Cùng tổ chức các lớp ở phường.",
        )
    assert (centre.relation, study.relation) == (Relation.SUPERIOR, Relation.COORDINATOR)
    vectors = {code: invent(story.spec, rng, "below") for code in ("tthtcd-p4-q3", "hkh-p4-q3")}
    with clock.frozen(moment("09/10 16:00")):
        for obligation in (centre, study):
            code = obligation.unit.code
            reports.submit(
                seat=world.officer(code), obligation=fresh(obligation),
                content=Content(figures=vectors[code]), token=uuid4(),
            )  # fmt: skip
            accept(leader, obligation)
    fold(story.round.pk)
    books = position(story.spec, "4.2", "count")
    of_two = sum(figures[books] for figures in vectors.values())
    assert table(story.root).total.sums[books] == of_two  # counted before the ward's own part has come
    story.play("10/10 09:00 send p4-q3\n10/10 10:00 accept p4-q3")
    own = Report.objects.get(obligation=story.owed["p4-q3"]).acceptance.figures[books]
    ward = table(story.fresh("p4-q3"))
    assert (ward.own.sums[books], ward.total.sums[books]) == (own, own + of_two)
    assert table(story.root).total.sums[books] == own + of_two
    with clock.frozen(moment("10/10 11:00")), pytest.raises(Refusal, match="đã gửi"):
        reports.cascade(
            seat=leader, obligation=story.fresh("p4-q3"), units=[world.units["th-minhhoa-q3"]],
            due=Due(DueRule.BY, date(2023, 10, 11)),
        )  # fmt: skip
