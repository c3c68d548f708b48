"""Following: a clause lets a body outside the line read one round, and do nothing in it (plan 333, III.1.1 and III.2)."""

from datetime import date

import pytest
from django.db.models import Q

from hoctap.kernel import clock
from hoctap.kernel.errors import Refusal
from hoctap.kernel.models import Act
from hoctap.notify.models import Notice
from hoctap.obligations import rules
from hoctap.obligations.actions import Due, extend, open_round
from hoctap.obligations.enums import DueRule
from hoctap.obligations.following import end_following, let_follow
from hoctap.obligations.models import Follower, Obligation
from hoctap.orgs.actions import grant_seat
from hoctap.orgs.enums import Role
from hoctap.orgs.models import Seat
from hoctap.people.models import User
from hoctap.reports.actions import accept
from hoctap.reports.exports import ask
from hoctap.reports.reminders import remind
from hoctap.rollup.actions import draw_snapshot, sign_snapshot
from tests.cast import SINCE
from tests.house.world import LATER, LETTER
from tests.pages import words_of
from tests.rounds import IN_TIME, OPENED, plan_of

CLAUSE, WORDS = "mục III.1.1", "tham gia giám sát việc thực hiện nhiệm vụ xây dựng xã hội học tập"


@pytest.fixture
def followed(story) -> Follower:
    """The district's federation of labour owes nothing in the round: it may read it."""
    with clock.frozen(OPENED):
        (follower,) = let_follow(
            seat=story.cast.pgd_officer,
            opened=story.round,
            units=[story.cast.ldld],
            clause=CLAUSE,
            text=WORDS,
        )
    return follower


@pytest.fixture
def other(story, followed):
    """Another round of the same office."""
    with clock.frozen(OPENED):
        return open_round(
            seat=story.cast.pgd_officer, plan=plan_of(story), due=Due(DueRule.BY, date(2023, 12, 1))
        )


def test_yes_and_filter_agree_for_everybody(story, followed, other):
    seats = list(Seat.objects.select_related("unit", "user"))
    assert len(seats) > 15
    seen = {}
    for seat in seats:
        filtered = set(rules.visible_obligations(seat))
        for obligation in Obligation.objects.select_related("parent", "unit"):
            yes = rules.can_see(seat, obligation)
            if not rules.is_consolidator(seat, obligation):  # sees its own without asking
                assert (obligation in filtered) is yes, (seat.user.username, obligation.pk)
            part = Obligation.objects.filter(rules.taking_part(seat), pk=obligation.pk).exists()
            assert part is rules.takes_part(seat, obligation)
            seen[seat.user.username, obligation.pk] = (yes, part)
    here, there = story.round.obligations.all(), other.obligations.all()
    for name in ("HCM-Q3-LDLD", "ldld"):
        mine = {key: value for key, value in seen.items() if key[0].startswith(f"{name}-")}
        assert {mine[key] for key in mine if key[1] in {o.pk for o in here}} <= {(True, False)}
        assert {mine[key] for key in mine if key[1] in {o.pk for o in there}} <= {(False, False)}
    assert {seen[f"stranger-{role}", o.pk] for role in ("officer", "leader") for o in here} == {
        (False, False)
    }


def test_the_unit_above_the_follower_sees_nothing(story, followed):
    user = User.objects.create_user("ldld-tp", "Cấp trên")
    above = grant_seat(seat=None, user=user, unit=story.cast.ldld_tp, role=Role.LEADER, since=SINCE)
    assert not rules.can_see(above, story.root)


def test_what_a_follower_reads(story, followed, other, at):
    cast, ward = story.cast, story.p1
    story.send(cast.p1_leader, c28=4)
    with clock.frozen(LATER):
        drawn = draw_snapshot(seat=cast.pgd_leader, obligation=story.root, doc=LETTER)
        sign_snapshot(seat=cast.pgd_leader, snapshot=drawn)
    user = User.objects.create_user("ldld-viewer", "Người xem")
    viewer = grant_seat(seat=None, user=user, unit=cast.ldld, role=Role.VIEWER, since=SINCE)
    reads = [
        f"/dot-bao-cao/{story.round.pk}/",
        f"/dot-bao-cao/{story.round.pk}/?nut={ward.pk}",
        f"/tong-hop/{story.root.pk}/",
        f"/tong-hop/{story.root.pk}/?gom=da-gui",
        f"/tong-hop/{story.root.pk}/so/28/?gom=da-gui&dv={ward.pk}",
        f"/tong-hop/{story.root.pk}/ban/1/",
        f"/bao-cao/{ward.pk}/",
        f"/bao-cao/{ward.pk}/ban/1/",
        f"/bao-cao/{story.p2.pk}/",
    ]
    for seat in (cast.ldld_officer, cast.ldld_leader, viewer):
        for address in reads:
            answer = at(seat).get(address)
            assert answer.status_code == 200, (seat.role, address)
            assert f"Đơn vị mình theo dõi đợt này theo {CLAUSE}" in words_of(answer), address
            said = words_of(answer)
            for act in (
                "Nhắc",
                "Gia hạn<",
                "Duyệt</",
                "Tiếp nhận</",
                "Xuất số liệu",
                "Tải Excel",
                "PDF",
                "Giao cho đơn vị",
            ):
                assert act not in said, (address, act)
    assert at(cast.pgd_officer).get(reads[0]).status_code == 200
    assert "Đơn vị mình theo dõi" not in words_of(at(cast.pgd_officer).get(reads[0]))


def test_what_a_follower_does_not_reach(story, followed, other, at):
    cast, ward = story.cast, story.p1
    story.send(cast.p1_leader, c28=4)
    there = Obligation.objects.get(round=other, parent=None)
    hidden = [
        f"/dot-bao-cao/{other.pk}/",
        f"/bao-cao/{there.pk}/",
        f"/tong-hop/{there.pk}/",
        f"/tong-hop/{story.root.pk}/xuat/",
        f"/tong-hop/{story.root.pk}/lap/",
        f"/bao-cao/{ward.pk}/bieu.xlsx",
        f"/bao-cao/{ward.pk}/ban/1/bao-cao.pdf",
        f"/bao-cao/{ward.pk}/du-thao.pdf",
        f"/bao-cao/{story.p2.pk}/nhap-thay/",
        f"/bao-cao/{ward.pk}/gia-han/",
        f"/bao-cao/{story.root.pk}/giao-xuong/",
        f"/dot-bao-cao/{story.round.pk}/theo-doi/",
    ]
    for address in hidden:
        assert at(cast.ldld_leader).get(address).status_code == 404, address
    acts = [
        f"/bao-cao/{story.root.pk}/nhac/", f"/bao-cao/{ward.pk}/duyet/", f"/bao-cao/{ward.pk}/tra-lai/",
        f"/bao-cao/{ward.pk}/thu-hoi/", f"/bao-cao/{ward.pk}/nhap/", f"/bao-cao/{ward.pk}/gui/",
        f"/dot-bao-cao/{story.round.pk}/dong/", f"/dot-bao-cao/{story.round.pk}/tan-suat/",
        f"/dot-bao-cao/{story.round.pk}/theo-doi/{followed.pk}/thoi/", f"/bao-cao/{ward.pk}/da-xem/",
    ]  # fmt: skip
    for address in acts:
        assert at(cast.ldld_leader).post(address, {"reason": "x"}).status_code == 404, address
    for address in (f"/dot-bao-cao/{story.round.pk}/", f"/bao-cao/{ward.pk}/", f"/tong-hop/{story.root.pk}/"):
        assert at(cast.stranger_leader).get(address).status_code == 404, address


def test_acts_refuse_a_follower_below_the_screens_too(story, followed):
    seat, ward = story.cast.ldld_leader, story.obligation(story.cast.p1)
    story.send(story.cast.p1_leader, c28=4)
    with clock.frozen(IN_TIME):
        for act in (
            lambda: remind(seat=seat, obligations=[story.obligation(story.cast.p2)]),
            lambda: accept(seat=seat, obligation=ward, revision_number=1),
            lambda: extend(seat=seat, obligation=ward, due_at=LATER, reason="x"),
            lambda: ask(seat=seat, obligation=story.root, kind="csv", basis="sent"),
            lambda: let_follow(seat=seat, opened=story.round, units=[story.cast.stranger], clause="mục I"),
            lambda: end_following(seat=seat, follower=followed),
        ):
            with pytest.raises(Refusal):
                act()


def test_drafts_stay_the_units_own(story, followed, at):
    given = {"version": 0, "page": "1", "token": "", "kq": "Bí mật chưa gửi"}
    assert at(story.cast.p2_leader).post(f"/bao-cao/{story.p2.pk}/nhap/", given).status_code == 302
    assert "Bí mật chưa gửi" in words_of(at(story.cast.p2_leader).get(f"/bao-cao/{story.p2.pk}/"))
    said = words_of(at(story.cast.ldld_leader).get(f"/bao-cao/{story.p2.pk}/"))
    assert "Bí mật" not in said and "chưa gửi báo cáo" in said


def test_letting_follow_and_ending_it_on_the_screens(story, at):
    cast, board = story.cast, f"/dot-bao-cao/{story.round.pk}/"
    office = at(cast.pgd_officer)
    assert "Chưa có đơn vị nào ngoài tuyến" in words_of(office.get(board))
    found = office.post(f"{board}theo-doi/", {"tim": "lien doan lao dong", "find": "1"})
    assert "Liên đoàn Lao động Quận 3" in words_of(found)
    assert office.post(f"{board}theo-doi/", {"unit": cast.ldld.pk}).status_code == 422  # by which clause?
    assert office.post(f"{board}theo-doi/", {"clause": CLAUSE}).status_code == 422
    given = {"unit": cast.ldld.pk, "clause": CLAUSE, "text": WORDS}
    assert office.post(f"{board}theo-doi/", given).status_code == 302
    again = office.post(f"{board}theo-doi/", given)
    assert again.status_code == 422 and "Đã được theo dõi đợt này: Liên đoàn Lao động Quận 3" in words_of(
        again
    )
    said = words_of(office.get(board))
    assert "Được theo dõi bởi" in said and "Liên đoàn Lao động Quận 3" in said and WORDS in said
    assert CLAUSE in Notice.objects.get(unit=cast.ldld, kind="follow").text
    listed = words_of(at(cast.ldld_officer).get("/dot-bao-cao/"))
    assert story.round.name in listed and "Theo dõi" in listed
    assert story.round.name not in words_of(at(cast.stranger_officer).get("/dot-bao-cao/"))
    follower = Follower.objects.get()
    assert at(cast.pgd_officer).post(f"{board}theo-doi/{follower.pk}/thoi/").status_code == 302
    assert at(cast.ldld_officer).get(board).status_code == 404
    assert story.round.name not in words_of(at(cast.ldld_officer).get("/dot-bao-cao/"))
    verbs = Act.objects.filter(Q(verb="round.let_follow") | Q(verb="round.end_following")).order_by("pk")
    assert [act.verb for act in verbs] == ["round.let_follow", "round.end_following"]


@pytest.mark.parametrize(
    ("clause", "unit", "said"), [(" ", "ldld", "Ghi mục, khoản"), (CLAUSE, "pgd", "Đơn vị mình")]
)
def test_a_right_without_its_clause_or_reason_is_refused(story, clause, unit, said):
    units = [getattr(story.cast, unit)]
    with pytest.raises(Refusal, match=said):
        let_follow(seat=story.cast.pgd_officer, opened=story.round, units=units, clause=clause)
    with pytest.raises(Refusal, match="đơn vị tổng hợp"):
        let_follow(seat=story.cast.p1_leader, opened=story.round, units=[story.cast.ldld], clause=CLAUSE)
    assert not Follower.objects.exists()


def test_a_follower_reads_in_few_queries(story, followed, at, django_assert_max_num_queries):
    client = at(story.cast.ldld_officer)
    for address in (
        "/dot-bao-cao/",
        f"/dot-bao-cao/{story.round.pk}/",
        f"/dot-bao-cao/{story.round.pk}/?nut={story.root.pk}",
        f"/tong-hop/{story.root.pk}/",
        f"/bao-cao/{story.p1.pk}/",
    ):
        client.get(address)
        with django_assert_max_num_queries(8):
            assert client.get(address).status_code == 200
