"""Who may see and do what to a report, and what stays as it was: seats, drafts, reviews, trees, names."""

import re
from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from hoctap.forms.queries import version_spec
from hoctap.forms.sheets import read_form, write_form
from hoctap.kernel import clock
from hoctap.kernel.errors import Conflict, Refusal
from hoctap.kernel.models import Act
from hoctap.notify.models import Notice
from hoctap.obligations.actions import (
    Due,
    RoundPlan,
    acknowledge,
    close_round,
    extend,
    mark_seen,
    open_round,
    reopen_round,
)
from hoctap.obligations.enums import DueRule, Force, Relation
from hoctap.obligations.models import Obligation, Recipient
from hoctap.orgs.actions import found_unit, grant_seat, move_unit, rename_unit, revoke_seat
from hoctap.orgs.enums import AreaType, Kind, Line, Role
from hoctap.papers.actions import sign_report
from hoctap.people.models import User
from hoctap.reports.actions import (
    AlreadySent,
    Content,
    cascade,
    present,
    return_report,
    save_draft,
    submit,
    withdraw,
)
from hoctap.reports.enums import ReportState
from hoctap.reports.intake import stamp_of
from hoctap.reports.models import Acceptance, Draft, Report, ReportEntry, Revision
from hoctap.reports.reminders import remind, remind_due
from hoctap.rollup.actions import draw_snapshot
from hoctap.rollup.models import Snapshot, SnapshotFile
from hoctap.rollup.queries import table
from tests.cast import SINCE, Cast
from tests.reports.screens import form_of, hidden, words
from tests.rounds import IN_TIME, OPENED, make_story, plan_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_time():
    with clock.frozen(IN_TIME):
        yield


def report(story, unit) -> Report:
    return Report.objects.select_related("sent", "acceptance").get(obligation=story.obligation(unit))


# Tokens


def test_a_token_opens_nothing_to_another_seat(story):
    cast, token = story.cast, uuid4()
    send = {"obligation": story.obligation(cast.p1), "content": story.content(c28=4), "token": token}
    first = submit(seat=cast.p1_leader, **send)
    for seat in (cast.p1_officer, cast.p2_leader, cast.q3_leader, cast.pgd_leader, cast.stranger_leader):
        with pytest.raises(Refusal):
            submit(seat=seat, **send)
    assert submit(seat=cast.p1_leader, **send) == first


def test_a_token_belongs_to_its_own_obligation(story):
    cast, token = story.cast, uuid4()
    for seat, unit, figure in ((cast.p1_leader, cast.p1, 4), (cast.p2_leader, cast.p2, 9)):
        submit(seat=seat, obligation=story.obligation(unit), content=story.content(c28=figure), token=token)
    assert table(story.root, "sent").total.sums[28] == 13


def test_a_token_with_another_content_is_no_replay(story):
    cast, token = story.cast, uuid4()
    send = {"seat": cast.p1_leader, "obligation": story.obligation(cast.p1), "token": token}
    submit(content=story.content(c28=4), **send)
    with pytest.raises(AlreadySent, match="bản 1"):
        submit(content=story.content(c28=5), **send)
    assert Revision.objects.count() == 1


# Seats


def test_what_each_seat_may_do_with_a_waiting_report(at, story):
    """A colleague reads and writes; recipients and superiors read; nobody else learns that it exists."""
    cast, pk = story.cast, story.p1.pk
    story.send(cast.p1_leader, c28=4)
    readers = (
        cast.p1_officer,
        cast.pgd_clerk,
        cast.q3_officer,
        cast.q3_leader,
        cast.q3_viewer,
        cast.sgd_officer,
    )
    deciding = {"duyet": {"revision": "1"}, "tra-lai": {"revision": "1", "reason": "thiếu"}, "thu-hoi": {}}
    for seat in (*readers, cast.p2_leader, cast.ldld_leader, cast.stranger_leader):
        client = at(seat)
        page = client.get(f"/bao-cao/{pk}/")
        assert page.status_code == (200 if seat in readers else 404), seat.user.username
        assert "Xử lý báo cáo" not in words(page)
        for act, posted in deciding.items():
            answer = client.post(f"/bao-cao/{pk}/{act}/", posted)
            assert answer.status_code in (302, 403, 404, 422), (seat.user.username, act)
        assert client.get(f"/bao-cao/{pk}/gia-han/").status_code in (403, 404)
    assert report(story, cast.p1).state == ReportState.WAITING
    assert ReportEntry.objects.count() == 1


def test_a_superior_two_levels_up_sees_and_does_not_decide(story):
    cast = story.cast
    user = User.objects.create_user("tp-leader", "Lãnh đạo Thành phố", "x" * 12, "tp@example.vn")
    seat = grant_seat(seat=None, user=user, unit=cast.tp, role=Role.LEADER, since=SINCE)
    story.send(cast.p1_leader, c28=4)
    p1 = story.obligation(cast.p1)
    for act in (
        lambda: story.accept(seat, cast.p1),
        lambda: return_report(seat=seat, obligation=p1, reason="x"),
        lambda: withdraw(seat=seat, obligation=p1),
        lambda: extend(seat=seat, obligation=p1, due_at=IN_TIME + timedelta(days=9), reason="x"),
        lambda: remind(seat=seat, obligations=[p1]),
        lambda: save_draft(seat=seat, obligation=p1, content=story.content(c28=1), version=0),
        lambda: cascade(seat=seat, obligation=p1, units=[cast.thcs], due=Due(DueRule.BY, IN_TIME.date())),
        lambda: close_round(seat=seat, opened=story.round),
    ):
        with pytest.raises(Refusal):
            act()


def test_a_seat_whose_days_are_over(at, story):
    cast = story.cast
    client = at(cast.p1_leader)
    held = form_of(client, story.p1.pk)
    revoke_seat(seat=None, granted=cast.p1_leader, on=IN_TIME.date())
    assert client.post(f"/bao-cao/{story.p1.pk}/gui/", {**held, "c28": "4"}).status_code == 403
    assert client.get(f"/bao-cao/{story.p1.pk}/").status_code == 403
    assert not Revision.objects.exists()


# Drafts


def test_a_draft_is_read_by_its_unit_alone(at, story):
    """What is being typed is nobody's figure yet; not even the desk that enters for the unit sees it or types over it."""
    cast, pk = story.cast, story.p1.pk
    content = story.content(c28=4321)
    content.narrative = {"results": "Bản nháp còn kín"}
    save_draft(seat=cast.p1_officer, obligation=story.obligation(cast.p1), content=content, version=0)
    assert "Bản nháp còn kín" in words(at(cast.p1_leader).get(f"/bao-cao/{pk}/"))
    for seat in (cast.pgd_officer, cast.q3_leader, cast.sgd_officer):
        client = at(seat)
        page = words(client.get(f"/bao-cao/{pk}/"))
        assert "4.321" not in page and "Bản nháp còn kín" not in page, seat.user.username
        assert set(read_form(client.get(f"/bao-cao/{pk}/bieu.xlsx").content).figures) == {None}
    client = at(cast.pgd_officer)
    entering = words(client.get(f"/bao-cao/{pk}/nhap-thay/"))
    assert "4.321" not in entering and "Đơn vị đang soạn bản nháp riêng" in entering
    assert "data-autosave" not in entering and "Lưu nháp" not in entering and "tự lưu" not in entering
    kept = hidden(entering) | {"c28": "7", "channel": "email", "received_at": "12/10/2023 15:00"}
    assert "Đơn vị đang soạn bản nháp này" in words(client.post(f"/bao-cao/{pk}/nhap/", kept))
    assert Draft.objects.get(report__obligation=pk).content["narrative"] == {"results": "Bản nháp còn kín"}
    assert client.post(f"/bao-cao/{pk}/nhap-thay/", kept).status_code == 302
    assert Report.objects.get(obligation=pk).sent.figures[28] == 7
    assert Draft.objects.get(report__obligation=pk).content["narrative"] == {"results": "Bản nháp còn kín"}


def test_amending_starts_from_what_was_sent_not_from_an_older_draft(at, story):
    """The unit began to type, its file was entered by the desk, and accepted: amending shows what was received."""
    cast, pk = story.cast, story.p1.pk
    with clock.frozen(IN_TIME - timedelta(hours=2)):
        save_draft(
            seat=cast.p1_officer,
            obligation=story.obligation(cast.p1),
            content=story.content(c28=1),
            version=0,
        )
    story.send(cast.p1_leader, c28=40)
    story.accept(cast.pgd_officer, cast.p1)
    page = words(at(cast.p1_leader).get(f"/bao-cao/{pk}/?sua=1"))
    assert 'id="c28" value="40"' in page


def test_the_clerk_who_enters_keeps_a_draft(at, story):
    cast, pk = story.cast, story.p1.pk
    clerk = at(cast.pgd_clerk)
    held = form_of(clerk, pk, "nhap-thay/")
    answer = clerk.post(f"/bao-cao/{pk}/nhap/", {**held, "c28": "4"}, headers={"accept": "application/json"})
    assert answer.json()["version"] == 1
    answer = clerk.post(f"/bao-cao/{pk}/nhap/", {**held, "c28": "5"})
    assert answer["Location"] == f"/bao-cao/{pk}/nhap-thay/"
    assert clerk.post(f"/bao-cao/{story.root.pk}/nhap/", {**held, "c28": "5"}).status_code == 422
    assert at(cast.q3_viewer).post(f"/bao-cao/{pk}/nhap/", {**held, "c28": "5"}).status_code == 403


@pytest.mark.parametrize("hidden_fields", [{}, {"version": "3", "token": "x", "page": "?"}])
def test_where_there_is_no_draft_nobody_is_in_the_way(at, story, hidden_fields):
    """A page that lost its hidden fields, or names a draft there never was: what was typed is kept."""
    pk = story.p1.pk
    officer = at(story.cast.p1_officer)
    answer = officer.post(
        f"/bao-cao/{pk}/nhap/", {**hidden_fields, "c28": "4"}, headers={"accept": "application/json"}
    )
    assert (answer.status_code, answer.json()["version"]) == (200, 1)
    assert Draft.objects.get().content["figures"][28] == 4


# Reviewing


def test_what_the_system_adds_up_is_not_reviewed_by_hand(story):
    story.send(story.cast.p1_leader, c2=1, c4=2)
    with pytest.raises(Refusal, match="hệ thống cộng") as refused:
        story.accept(story.cast.pgd_officer, story.cast.p1, reviewed={0: 9}, reasons={0: "tôi đếm được 9"})
    assert refused.value.places[0][0] == "Dòng 1"
    assert not Acceptance.objects.exists()


def test_a_reviewed_blank_is_not_zero(at, story):
    """The desk takes a line out: null, with a reason, also when the page is shown and sent again."""
    cast, pk = story.cast, story.p1.pk
    story.send(cast.p1_leader, c28=4, c29=0)
    desk = at(cast.pgd_officer)
    posted = {"revision": "1", "x28": "", "xr-2": "tin của phường khác", "x29": "0"}
    assert desk.post(f"/bao-cao/{pk}/duyet/", posted).status_code == 302
    assert report(story, cast.p1).acceptance.figures[28:30] == [None, 0]
    shown = table(story.root).total
    assert (shown.sums[28:30], shown.counts[28:30]) == ((None, 0), (0, 1))
    page = words(desk.get(f"/bao-cao/{pk}/?xet=1"))
    assert 'name="x28" value=""' in page and 'name="x29" value="0"' in page


def test_an_amended_report_is_reviewed_afresh(at, story):
    """The figures of the first review do not stand in the second one's cells."""
    cast, pk = story.cast, story.p1.pk
    story.send(cast.p1_leader, c28=4)
    story.accept(cast.pgd_officer, cast.p1, reviewed={28: 3}, reasons={28: "trùng"})
    story.send(cast.p1_leader, reason="bổ sung", c28=9)
    desk = at(cast.pgd_officer)
    page = words(desk.get(f"/bao-cao/{pk}/"))
    assert 'name="x28" value="9"' in page
    assert table(story.root).total.sums[28] == 3
    assert desk.post(f"/bao-cao/{pk}/duyet/", {"revision": "2", "x28": "9"}).status_code == 302
    assert table(story.root).total.sums[28] == 9


def test_a_review_is_undone_only_with_a_reason(story):
    cast = story.cast
    story.send(cast.p1_leader, c28=4)
    story.accept(cast.pgd_officer, cast.p1, reviewed={28: 3}, reasons={28: "trùng"})
    with pytest.raises(Conflict, match="dòng 2"):
        story.accept(cast.pgd_leader, cast.p1)
    again = story.accept(cast.pgd_leader, cast.p1, reviewed={28: 4}, reasons={28: "không trùng"})
    assert (again.figures[28], again.reasons) == (4, {"28": "không trùng"})


def test_words_follow_the_relation(story):
    """A coordinating body asks and receives; a superior returns and approves: in the notices, too."""
    cast = story.cast
    with clock.frozen(OPENED):
        (school,) = cascade(
            seat=cast.pgd_officer,
            obligation=story.root,
            units=[cast.thcs],
            due=Due(DueRule.BY, IN_TIME.date()),
        )
    assert (story.p1.relation, school.relation) == (Relation.COORDINATOR, Relation.SUPERIOR)
    user = User.objects.create_user("thcs-leader", "Hiệu trưởng", "x" * 12, "thcs@example.vn")
    head = grant_seat(seat=None, user=user, unit=cast.thcs, role=Role.LEADER, since=SINCE)
    for seat, unit in ((cast.p1_leader, cast.p1), (head, cast.thcs)):
        story.send(seat, c28=4)
        return_report(
            seat=cast.pgd_officer, obligation=story.obligation(unit), reason="thiếu dòng 3",
            new_due_at=IN_TIME + timedelta(days=1),
        )  # fmt: skip
        story.send(seat, c28=4, c29=1)
        story.accept(cast.pgd_officer, unit, 2)

    def told(unit, kind: str) -> str:
        return Notice.objects.get(unit=unit, kind=kind).text

    assert told(cast.p1, "returned").startswith(
        "Phòng Giáo dục và Đào tạo Quận 3 đề nghị chỉnh sửa báo cáo: Kết quả"
    )
    assert told(cast.p1, "returned").endswith("Hạn mới: hết 15:59 ngày 13/10/2023. Lý do: thiếu dòng 3")
    assert "gửi trả báo cáo" in told(cast.thcs, "returned")
    assert "đã tiếp nhận báo cáo" in told(cast.p1, "accepted")
    assert "đã duyệt báo cáo" in told(cast.thcs, "accepted")


# Rounds and trees


def test_a_round_without_a_form_from_end_to_end(cast: Cast, at):
    story = make_story(cast, with_form=False)
    with clock.frozen(IN_TIME):
        for seat in (cast.p1_leader, cast.pgd_leader):
            submit(
                seat=seat,
                obligation=story.obligation(seat.unit),
                content=Content(narrative={"results": "Đã treo 12 băng rôn."}, doc_number="12/BC"),
                token=uuid4(),
            )
    desk = at(cast.pgd_officer)
    assert desk.post(f"/bao-cao/{story.p1.pk}/duyet/", {"revision": "1"}).status_code == 302
    for address in (
        f"/bao-cao/{story.p1.pk}/",
        f"/tong-hop/{story.root.pk}/",
        f"/dot-bao-cao/{story.round.pk}/",
    ):
        assert desk.get(address).status_code == 200, address
    assert desk.post(f"/bao-cao/{story.p2.pk}/nhan-excel/", {"version": "0"}).status_code in (403, 422)
    drawn = draw_snapshot(seat=cast.pgd_officer, obligation=story.obligation(cast.pgd), doc={})
    sign_report(seat=cast.pgd_leader, snapshot=drawn)
    assert set(drawn.files.values_list("kind", flat=True)) == {"pdf", "docx"}
    assert drawn.coverage["accepted"] == 1


def test_a_consolidator_with_nobody_below(at, story):
    cast = story.cast
    root = open_round(
        seat=cast.pgd_officer, plan=plan_of(story), due=Due(DueRule.BY, IN_TIME.date())
    ).obligations.get()
    desk = at(cast.pgd_leader)
    assert "Chưa giao cho đơn vị nào" in words(desk.get(f"/dot-bao-cao/{root.round_id}/"))
    assert desk.get(f"/tong-hop/{root.pk}/").status_code == 200
    drawn = draw_snapshot(seat=cast.pgd_officer, obligation=root, doc={})
    assert (drawn.coverage["expected"], set(drawn.sums)) == (0, {None})
    assert desk.get(f"/tong-hop/{root.pk}/ban/1/").status_code == 200
    sign_report(seat=cast.pgd_leader, snapshot=drawn)


def test_handing_on_until_it_is_too_deep(story):
    """To any depth that the tree can hold; then a refusal, not an error."""
    cast, above = story.cast, story.obligation(story.cast.p1)
    seat = cast.p1_leader
    user = User.objects.create_user("sau", "Người ở sâu", "x" * 12, "sau@example.vn")
    with pytest.raises(Refusal, match=r"đã có \d+ cấp"):
        for level in range(200):
            unit = found_unit(
                seat=None, code=f"SAU{level}", kind=Kind.SCHOOL, area_type=AreaType.NONE, name=f"Tổ {level}",
                short_name=f"Tổ {level}", since=SINCE, parents={Line.STUDY: None},
            )  # fmt: skip
            (above,) = cascade(seat=seat, obligation=above, units=[unit], due=Due(DueRule.BY, IN_TIME.date()))
            above = story.obligation(unit)
            seat = grant_seat(seat=None, user=user, unit=unit, role=Role.LEADER, since=SINCE)
    assert level > 20
    assert Obligation.objects.filter(unit__code=f"SAU{level}").count() == 0
    deepest = Obligation.objects.get(unit__code=f"SAU{level - 1}")
    submit(
        seat=deepest.unit.seats.select_related("unit").get(),
        obligation=deepest,
        content=story.content(c28=7),
        token=uuid4(),
    )
    assert table(story.root, "sent").total.sums[28] == 7


def test_a_unit_moved_and_renamed_afterwards(story):
    """Past rounds keep their tree; the signed paper is the very file, with the names of its day."""
    cast = story.cast
    story.send(cast.p1_leader, c28=4)
    story.accept(cast.pgd_officer, cast.p1)
    drawn = draw_snapshot(seat=cast.pgd_officer, obligation=story.obligation(cast.pgd), doc={})
    sign_report(seat=cast.pgd_leader, snapshot=drawn)
    before = dict(SnapshotFile.objects.filter(snapshot=drawn).values_list("kind", "file"))
    path, relation = story.obligation(cast.p1).path, story.p1.relation
    day = date(2023, 12, 1)
    with clock.frozen(datetime(2023, 12, 2, 8, 0, tzinfo=clock.VIETNAM)):
        move_unit(seat=None, unit=cast.p1, line=Line.TERRITORY, parent=cast.q1, on=day)
        rename_unit(
            seat=None, unit=cast.p1, name="Ủy ban nhân dân Phường Mới", short_name="UBND Phường Mới", on=day
        )
        kept = story.obligation(cast.p1)
        assert (kept.path, kept.relation, kept.parent_id) == (path, relation, story.root.pk)
        assert table(story.root).total.sums[28] == 4
        assert dict(SnapshotFile.objects.filter(snapshot=drawn).values_list("kind", "file")) == before
        story.send(
            cast.p1_leader, at=clock.now(), reason="đếm lại", c28=5
        )  # and it still reports where it did
        assert table(story.root, "sent").total.sums[28] == 5


def test_a_thousand_children_page_by_page(at, story):
    """Every unit once, whatever its state; the totals hold them all."""
    cast, root = story.cast, story.obligation(story.cast.pgd)
    with clock.frozen(OPENED):
        units = [
            found_unit(
                seat=None, code=f"T{n:04}", kind=Kind.SCHOOL, area_type=AreaType.NONE, name=f"Trường {n:04}",
                short_name=f"Trường {n:04}", since=SINCE, parents={Line.STUDY: None},
            )
            for n in range(248)
        ]  # fmt: skip
        cascade(seat=cast.pgd_officer, obligation=root, units=units, due=Due(DueRule.BY, IN_TIME.date()))
    story.send(cast.p1_leader, c28=4)
    desk = at(cast.pgd_officer)
    seen: list[str] = []
    address = f"/dot-bao-cao/{story.round.pk}/"
    for _ in range(9):
        page = desk.get(address).content.decode()
        seen += [pk for pk in page.split('scope="row"><a href="/bao-cao/')[1:]]
        following = page.split('href="?sau=')
        if len(following) == 1:
            break
        address = f"/dot-bao-cao/{story.round.pk}/?sau=" + following[1].split('"')[0].replace("&amp;", "&")
    pks = [text.split("/")[0] for text in seen]
    assert len(pks) == len(set(pks)) == 250
    columns: list[str] = []
    address = f"/tong-hop/{root.pk}/?gom=da-gui"
    while address:
        page = desk.get(address).content.decode()
        columns += re.findall(r'scope="col" class="num"><a href="/bao-cao/(\d+)/', page)
        following = re.search(r'rel="next" href="([^"]+)"', page)
        address = following[1].replace("&amp;", "&") if following else ""
    assert len(columns) == len(set(columns)) == 250 == table(root, "sent").child_count
    assert sorted(columns) == sorted(pks)


def test_only_documents_in_force_open_rounds(story):
    from hoctap.directives.enums import DirectiveStatus

    directive = story.round.directive
    for status in (DirectiveStatus.DRAFT, DirectiveStatus.RECALLED, DirectiveStatus.SUPERSEDED):
        type(directive).objects.filter(pk=directive.pk).update(status=status)
        with pytest.raises(Refusal, match="không mở đợt báo cáo"):
            open_round(seat=story.cast.pgd_officer, plan=plan_of(story), due=Due(DueRule.BY, IN_TIME.date()))


def test_the_same_unit_ticked_and_written(story):
    cast = story.cast
    added = cascade(
        seat=cast.pgd_officer,
        obligation=story.root,
        units=[cast.thcs, cast.thcs],
        recipients=[cast.q3, cast.q3],
        due=Due(DueRule.BY, IN_TIME.date()),
    )
    assert len(added) == 1
    assert added[0].recipients.count() == 1


def test_a_recipient_of_some_reports_finds_its_round(at, story):
    """The round stands in its list, so the page behind it must open."""
    cast = story.cast
    Recipient.objects.filter(obligation=story.p2, unit=cast.q3).update(unit=cast.ldld)
    client = at(cast.ldld_officer)
    assert f'href="/dot-bao-cao/{story.round.pk}/"' in words(client.get("/dot-bao-cao/"))
    assert client.get(f"/dot-bao-cao/{story.round.pk}/").status_code == 200
    assert client.get(f"/bao-cao/{story.p2.pk}/").status_code == 200
    assert client.get(f"/bao-cao/{story.p1.pk}/").status_code == 404


def test_a_supplement_is_acknowledged_anew(at, story):
    cast = story.cast
    mine = Recipient.objects.get(obligation=story.root, unit=cast.q3)
    assert (
        at(cast.q3_officer).post(f"/noi-nhan/{mine.pk}/da-nhan/").status_code == 404
    )  # nothing was sent yet
    for number, reason in ((1, ""), (2, "bổ sung Phường 2")):
        with clock.frozen(IN_TIME + timedelta(hours=number)):
            drawn = draw_snapshot(
                seat=cast.pgd_officer, obligation=story.obligation(cast.pgd), doc={}, reason=reason
            )
            sign_report(seat=cast.pgd_leader, snapshot=drawn)
            address = f"/tong-hop/{story.root.pk}/ban/{number}/"
            client = at(cast.q3_officer)
            assert f"/noi-nhan/{mine.pk}/da-nhan/" in words(client.get(address))
            client.post(f"/noi-nhan/{mine.pk}/da-nhan/")
            assert f"/noi-nhan/{mine.pk}/da-nhan/" not in words(client.get(address))
    assert Act.objects.filter(verb="report.acknowledge").count() == 2


def test_drawing_after_the_round_is_closed(at, story):
    """Closing comes before the last word: what nobody can change any more is signed."""
    cast = story.cast
    story.send(cast.p1_leader, c28=4)
    story.accept(cast.pgd_officer, cast.p1)
    close_round(seat=cast.pgd_officer, opened=story.round)
    desk = at(cast.pgd_leader)
    assert f"/tong-hop/{story.root.pk}/lap/" in words(desk.get(f"/tong-hop/{story.root.pk}/"))
    drawn = draw_snapshot(seat=cast.pgd_officer, obligation=story.obligation(cast.pgd), doc={})
    desk.post(f"/tong-hop/{story.root.pk}/ban/{drawn.number}/ky/")
    assert Snapshot.objects.get(pk=drawn.pk).signed_at


# The journal, and what is never called overdue


def test_every_change_leaves_a_row_in_the_journal(story):
    cast, p1 = story.cast, story.obligation(story.cast.p1)
    with clock.frozen(OPENED + timedelta(hours=1)):
        mark_seen(seat=cast.p1_officer, obligation=p1)
        mark_seen(seat=cast.p1_officer, obligation=p1)
        save_draft(seat=cast.p1_officer, obligation=p1, content=story.content(c28=4), version=0, page="a")
        save_draft(seat=cast.p1_officer, obligation=p1, content=story.content(c28=5), version=1, page="a")
        present(seat=cast.p1_officer, obligation=p1)
        remind(seat=cast.pgd_officer, obligations=[p1])
        extend(seat=cast.pgd_officer, obligation=p1, due_at=IN_TIME + timedelta(days=3), reason="bão")
    story.send(cast.p1_leader, c28=4)
    withdraw(seat=cast.p1_leader, obligation=p1)
    story.send(cast.p1_leader, c28=5)
    return_report(seat=cast.pgd_officer, obligation=p1, reason="thiếu")
    story.send(cast.p1_leader, c28=6)
    story.accept(cast.pgd_officer, cast.p1, 3)
    story.send(cast.p1_leader, reason="sót", c28=7)
    drawn = draw_snapshot(seat=cast.pgd_officer, obligation=story.obligation(cast.pgd), doc={})
    sign_report(seat=cast.pgd_leader, snapshot=drawn)
    acknowledge(seat=cast.q3_officer, recipient=Recipient.objects.get(obligation=story.root, unit=cast.q3))
    close_round(seat=cast.pgd_officer, opened=story.round)
    reopen_round(seat=cast.pgd_officer, opened=story.round, reason="còn Phường 2")
    rows = Act.objects.exclude(seat_id=None).order_by("pk")
    rows = rows.exclude(verb__startswith="directive").exclude(verb__startswith="form")
    assert list(rows.values_list("verb", "details__number")) == [
        ("round.open", None),
        ("obligation.expect", None),
        ("obligation.seen", None),
        ("report.draft", None),
        ("report.present", None),
        ("obligation.remind", None),
        ("obligation.extend", None),
        ("report.submit", 1),
        ("report.withdraw", 1),
        ("report.submit", 2),
        ("report.return", 2),
        ("report.submit", 3),
        ("report.accept", 3),
        ("report.amend", 4),
        ("consolidation.draw", 1),
        ("consolidation.sign", 1),
        ("report.acknowledge", None),
        ("round.close", None),
        ("round.reopen", None),
    ]
    assert all(act.unit_id and act.user_id for act in rows)


def test_nobody_is_urged_in_the_wrong_words(story):
    """Asked, not assigned: never overdue. Returned without a new deadline: being corrected."""
    cast = story.cast
    Obligation.objects.filter(pk=story.p2.pk).update(force=Force.REQUEST)
    story.send(cast.p1_leader, c28=4)
    return_report(seat=cast.pgd_officer, obligation=story.obligation(cast.p1), reason="thiếu")
    with clock.frozen(IN_TIME + timedelta(hours=17)):  # the morning after the deadline
        remind_due()
        assert not Notice.objects.filter(kind="reminder", unit__in=[cast.p1, cast.p2]).exists()
        remind(seat=cast.pgd_officer, obligations=[story.obligation(cast.p1), story.obligation(cast.p2)])
        close_round(seat=cast.pgd_officer, opened=story.round)
        with pytest.raises(Refusal, match="đã đóng"):
            remind(seat=cast.pgd_officer, obligations=[story.obligation(cast.p1)])
    texts = Notice.objects.filter(kind="reminder", unit__in=[cast.p1, cast.p2]).values_list("text", flat=True)
    assert len(texts) == 2
    assert all("quá hạn" not in text and "Mong đơn vị sớm gửi" in text for text in texts)


def test_plans_may_not_contradict_themselves(story):
    plan = plan_of(story)
    with pytest.raises(Refusal, match="ngày đầu sau ngày cuối"):
        open_round(
            seat=story.cast.pgd_officer,
            plan=RoundPlan(
                directive=plan.directive, name="x", period_from=date(2023, 11, 8), period_to=date(2023, 11, 1)
            ),
            due=Due(DueRule.BY, IN_TIME.date()),
        )
    assert not Draft.objects.exists()


def test_what_is_presented_can_be_read_as_figures_and_is_presented_once(at, story):
    pk, client = story.p1.pk, at(story.cast.p1_officer)
    wrong = client.post(f"/bao-cao/{pk}/trinh/", form_of(client, pk) | {"c4": "3,5"})
    assert wrong.status_code == 422
    assert "Còn 1 ô chưa đúng" in words(wrong)
    assert Draft.objects.get(report__obligation=pk).presented_at is None
    for _press in range(3):
        assert client.post(f"/bao-cao/{pk}/trinh/", form_of(client, pk) | {"c4": "3"}).status_code == 302
    assert Notice.objects.filter(unit=story.cast.p1, kind="presented").count() == 1


def test_an_undated_report_returned_without_a_day_stands_on_the_desk(at, story):
    cast = story.cast
    Obligation.objects.filter(pk=story.p1.pk).update(due_rule=DueRule.UNDATED, due_on=None, due_at=None)
    story.send(cast.p1_leader, c28=4)
    return_report(seat=cast.pgd_officer, obligation=story.obligation(cast.p1), reason="thiếu dòng 3")
    page = at(cast.pgd_officer).get("/")
    assert page.status_code == 200
    assert "hạn mới" not in words(page)


def test_a_recipient_finds_each_signed_report_until_it_is_acknowledged(at, story):
    cast = story.cast
    recipient = Recipient.objects.get(obligation=story.root, unit=cast.q3)

    def signed(c28: int, number: int, reason: str = "") -> None:
        story.send(cast.p1_leader, c28=c28, reason=reason)
        story.accept(cast.pgd_officer, cast.p1, number)
        sign_report(
            seat=cast.pgd_leader,
            snapshot=draw_snapshot(seat=cast.pgd_officer, obligation=story.root, doc={}, reason=reason),
        )

    def waits() -> bool:
        return "Xem, xác nhận" in words(at(cast.q3_leader).get("/"))

    signed(4, 1)
    assert waits()
    answer = at(cast.q3_leader).post(f"/noi-nhan/{recipient.pk}/da-nhan/")
    assert answer.url == f"/tong-hop/{story.root.pk}/ban/1/"
    assert not waits()
    with clock.frozen(IN_TIME + timedelta(hours=1)):
        signed(5, 2, "đếm lại")
        assert waits()
        close_round(seat=cast.pgd_officer, opened=story.round)
        assert waits()


def test_reminders_missed_for_a_day_are_made_up_for(story):
    ward = Notice.objects.filter(unit=story.cast.p1, kind="reminder")
    with clock.frozen(
        datetime(2023, 10, 10, 8, 0, tzinfo=clock.VIETNAM)
    ):  # nothing ran on the 9th, three days before
        remind_due()
        assert ward.count() == 1
        remind_due()
        assert ward.count() == 1
    with clock.frozen(datetime(2023, 10, 20, 8, 0, tzinfo=clock.VIETNAM)):
        remind_due()
    assert ward.count() == 2


def test_a_sheet_older_than_a_colleagues_draft_asks_first(at, story):
    cast, pk = story.cast, story.p1.pk
    sheet = write_form(
        version_spec(story.version.pk), stamp_of(story.p1, 0, draft=0), figures=story.content(c28=1).figures
    )

    def upload(seat, data: bytes):
        client = at(seat)
        file = SimpleUploadedFile("bieu.xlsx", data)
        return client.post(
            f"/bao-cao/{pk}/nhan-excel/", hidden(words(client.get(f"/bao-cao/{pk}/"))) | {"sheet": file}
        )

    assert upload(cast.p1_officer, sheet).status_code == 302
    assert upload(cast.p1_officer, sheet).status_code == 302  # one's own, sent in again
    save_draft(
        seat=cast.p1_leader, obligation=story.obligation(cast.p1), content=story.content(c28=99), version=2
    )
    assert upload(cast.p1_officer, sheet).status_code == 409
    assert Draft.objects.get(report__obligation=pk).content["figures"][28] == 99


def test_a_number_of_thousands_of_digits_is_no_number(at, story):
    client, many = at(story.cast.pgd_officer), "9" * 5000
    for address in (
        f"/tong-hop/{story.root.pk}/?sau={many}",
        f"/tong-hop/{story.root.pk}/so/28/?dv={many}",
    ):
        assert client.get(address).status_code == 200
    assert client.post("/tin/da-doc/", {"up_to": many}).status_code == 302
    assert client.post("/vi-tri/", {"seat": many}).status_code == 302


def test_the_address_of_a_button_opened_by_hand_answers_in_words(at, story):
    answer = at(story.cast.pgd_officer).get(f"/bao-cao/{story.p1.pk}/duyet/")
    assert answer.status_code == 405
    assert "không phải một trang" in words(answer)
