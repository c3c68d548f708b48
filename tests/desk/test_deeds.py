"""Figures and the deeds behind them, as people see them."""

import re
from datetime import date
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from hoctap.activities.actions import SessionData, add_file, cancel_activity
from hoctap.activities.actions.attendance import close
from hoctap.activities.models import Activity
from hoctap.kernel import clock
from hoctap.obligations.actions import Due
from hoctap.obligations.enums import DueRule
from hoctap.obligations.models import Follower, Obligation
from hoctap.reports.actions import cascade
from hoctap.reports.models import Counted, Draft, Report
from tests.activities.test_evidence import photo
from tests.browser import NARROW, WIDE, axe, fits
from tests.cast import make_cast
from tests.deeds import came, deed, held, on, people
from tests.pages import words_of
from tests.rounds import IN_TIME, Story, make_story


def union_reports(story: Story) -> None:
    cascade(
        seat=story.cast.pgd_officer, obligation=story.root, units=[story.cast.ldld], recipients=[], reason="bổ sung",
        due=Due(DueRule.BEFORE, date(2023, 10, 13)),
    )  # fmt: skip


def fields(html: str) -> dict[str, str]:
    """What the form would post, as it stands."""
    found = dict(re.findall(r'<input[^>]*name="([^"]+)"[^>]*?value="([^"]*)"', html))
    return {
        name: value.replace("&#34;", '"') for name, value in found.items() if name != "csrfmiddlewaretoken"
    }


def sent(obligation: Obligation, client, **more: str) -> str:
    """The report of this unit's leader, as its page shows it; where the page is."""
    address = f"/bao-cao/{obligation.pk}/"
    form = client.get(address, {"sua": "1"} if more else {}).content.decode()
    answer = client.post(f"{address}gui/", fields(form) | more)
    assert answer.status_code == 302, words_of(answer)
    return address


@pytest.mark.django_db
class TestWithoutScripts:
    def test_the_page_is_filled_in_and_sends_what_it_showed(self, story, at):
        one = deed(story.cast.p1_officer, held(unnamed=30), name="Lớp kỹ năng sống")
        leader, address = at(story.cast.p1_leader), f"/bao-cao/{story.p1.pk}/"
        html = leader.get(address).content.decode()
        page = words_of(leader.get(address))
        assert 'name="c15" id="c15" value="30"' in html and 'name="f15" value="30"' in html
        assert "1 hoạt động" in page and "Tự nhập" not in page
        assert not Draft.objects.exists()
        assert leader.post(f"{address}gui/", fields(html)).status_code == 302
        report = Report.objects.get(obligation=story.p1)
        assert report.sent.content["sources"]["15"] == [one.pk]
        assert f"/bao-cao/{story.p1.pk}/hoat-dong/?o=14" in leader.get(address).content.decode()
        listed = words_of(leader.get(f"{address}hoat-dong/?o=15"))
        assert "Lớp kỹ năng sống" in listed and "Tính ở đây" in listed

    def test_what_nobody_closed_counts_nowhere_and_everybody_who_should_is_told(self, story, at):
        """Ticked and left; planned for later; of another unit; on a day outside the period."""
        planned = SessionData(on(date(2023, 10, 4)))
        left = deed(story.cast.p1_officer, planned, name="Lớp chưa chốt")
        came(left, *people("A", "B"))
        deed(story.cast.p1_officer, SessionData(on(date(2023, 10, 13))), name="Lớp ngày mai")
        deed(story.cast.p2_officer, planned, name="Lớp của phường khác")
        deed(story.cast.p1_officer, SessionData(on(date(2023, 9, 20))), name="Lớp tháng trước")
        client, says = at(story.cast.p1_officer), "1 hoạt động trong kỳ đã qua ngày mà chưa chốt"
        report = client.get(f"/bao-cao/{story.p1.pk}/")
        assert says in words_of(report)
        link = re.search(r'href="(/hoat-dong/[?]tinh-trang=cho-xac-nhan[^"]*)"', report.content.decode())[1]
        listed = words_of(client.get(link.replace("&amp;", "&")))
        assert "Lớp chưa chốt" in listed and "Lớp tháng trước" in listed
        assert "Lớp ngày mai" not in listed and "Lớp của phường khác" not in listed
        assert "2 hoạt động chưa chốt" in words_of(client.get("/"))
        above = words_of(at(story.cast.pgd_officer).get(f"/tong-hop/{story.root.pk}/hoat-dong/"))
        assert "Đã qua ngày, chưa chốt (2)" in above and "Lớp của phường khác" in above
        assert "Lớp tháng trước" not in above
        with clock.frozen(IN_TIME):
            close(seat=story.cast.p1_officer, session=left.sessions.get())
        assert says not in words_of(at(story.cast.p1_officer).get(f"/bao-cao/{story.p1.pk}/"))

    def test_an_amended_line_asks_for_its_reason_and_the_reviewer_reads_it(self, story, at):
        deed(story.cast.p1_officer, held(unnamed=30))
        leader, address = at(story.cast.p1_leader), f"/bao-cao/{story.p1.pk}/"
        posted = fields(leader.get(address).content.decode()) | {"c15": "36", "c1": "36"}
        answer = leader.post(f"{address}gui/", posted)
        page = words_of(answer)
        assert answer.status_code == 422
        assert "Dòng 1.7: sổ hoạt động ghi 30 người, báo cáo 36. Ghi lý do khác sổ." in page
        assert "Đã sửa 30 thành 36 người" in page
        posted = fields(answer.content.decode()) | {
            "r-deed-1.7": "Sáu em ghi tay.",
            "r-deed-1T": "Sáu em ghi tay.",
        }
        assert leader.post(f"{address}gui/", posted).status_code == 302
        seen = words_of(at(story.cast.pgd_officer).get(address))
        assert "Lý do: Sáu em ghi tay." in seen and "Đã sửa 30 thành 36 người" in seen

    def test_autosave_answers_with_what_differs(self, story, at):
        deed(story.cast.p1_officer, held(unnamed=30))
        officer, address = at(story.cast.p1_officer), f"/bao-cao/{story.p1.pk}/"
        posted = fields(officer.get(address).content.decode()) | {"c15": "36"}
        answer = officer.post(f"{address}nhap/", posted, headers={"Accept": "application/json"}).json()
        found = {f["code"]: f["severity"] for f in answer["findings"]}
        assert found["deed-1.7"] == "warning"
        assert Draft.objects.get().content["filled"] == {"1": 30, "14": 1, "15": 30}

    def test_a_deed_recorded_meanwhile_is_said_and_shown(self, story, at):
        leader, address = at(story.cast.p1_leader), f"/bao-cao/{story.p1.pk}/"
        deed(story.cast.p1_officer, held(unnamed=30))
        posted = fields(leader.get(address).content.decode()) | {"c28": "7"}
        deed(story.cast.p1_officer, held(unnamed=5))
        answer = leader.post(f"{address}gui/", posted)
        page, html = words_of(answer), answer.content.decode()
        assert answer.status_code == 422 and "Sổ hoạt động vừa đổi, 3 số" in page
        assert "Sổ đổi: 30 thành 35 người" in page
        assert 'name="c15" id="c15" value="35"' in html and 'name="c28" id="c28" value="7"' in html
        assert leader.post(f"{address}gui/", fields(html)).status_code == 302

    def test_late_deeds_show_beside_what_was_sent(self, story, at):
        deed(story.cast.p1_officer, held(unnamed=30))
        leader, address = at(story.cast.p1_leader), f"/bao-cao/{story.p1.pk}/"
        leader.post(f"{address}gui/", fields(leader.get(address).content.decode()))
        story.accept(story.cast.pgd_officer, story.cast.p1)
        deed(story.cast.p1_officer, held(unnamed=5), name="Lớp ghi muộn")
        page = words_of(at(story.cast.p1_leader).get(address))
        assert "Sổ hoạt động nay khác số đã gửi ở 3 ô." in page and "Lớp ghi muộn" in page
        assert "đã gửi theo sổ 30, sổ nay là 35" in page and "Gửi bản sửa" in page
        seen = words_of(at(story.cast.pgd_officer).get(address))
        assert "đã gửi theo sổ 30, sổ nay là 35" in seen and "Gửi bản sửa" not in seen

    def test_both_sides_and_the_consolidator_see_where_it_counts(self, story, at):
        union_reports(story)
        both = deed(story.cast.p1_officer, held(unnamed=32), co_hosts=[story.cast.ldld], name="Lớp chung")
        union, ward = story.obligation(story.cast.ldld), f"/bao-cao/{story.p1.pk}/"
        leader = at(story.cast.p1_leader)
        assert "1 hoạt động cùng tổ chức với đơn vị khác" in words_of(leader.get(ward))
        below = f"/tong-hop/{story.root.pk}/hoat-dong/"
        page = words_of(at(story.cast.pgd_officer).get(below))
        assert "Chưa báo cáo nào tính (1)" in page and "Chờ UBND Phường 1, LĐLĐ Quận 3 gửi báo cáo." in page
        leader = at(story.cast.p1_leader)
        leader.post(f"{ward}gui/", fields(leader.get(ward).content.decode()))
        page = words_of(at(story.cast.ldld_officer).get(f"/bao-cao/{union.pk}/"))
        assert "Hoạt động cùng tổ chức đã tính tại đơn vị khác" in page and "UBND Phường 1 (1)." in page
        page = words_of(at(story.cast.ldld_officer).get(f"/bao-cao/{union.pk}/hoat-dong/"))
        assert "Đã tính tại UBND Phường 1" in page
        desk = at(story.cast.pgd_officer)
        page = words_of(desk.get(below))
        assert "Chưa báo cáo nào tính (0)" in page and "Tính tại UBND Phường 1" in page
        answer = desk.post(f"{below}{both.pk}/", {"to": union.pk, "reason": "của đoàn viên"}, follow=True)
        assert "Gửi trả báo cáo của" in words_of(answer)
        desk.post(f"{ward}tra-lai/", {"reason": "tính tại công đoàn"})
        answer = desk.post(f"{below}{both.pk}/", {"to": union.pk, "reason": "của đoàn viên"}, follow=True)
        assert "nơi tổng hợp quyết định" in words_of(answer)
        assert Counted.objects.get().obligation == union

    def test_why_an_activity_counts_nowhere(self, story, at):
        deed(story.cast.p1_officer, of="talk.club", name="Câu lạc bộ")
        deed(story.cast.p1_officer, name="Lớp gõ tay")
        unsent = deed(story.cast.p2_officer, name="Lớp chưa gửi")
        story.send(story.cast.p1_leader, c28=4)
        answer = at(story.cast.pgd_officer).get(f"/tong-hop/{story.root.pk}/hoat-dong/")
        page, link = words_of(answer), f"/hoat-dong/{unsent.pk}/"
        assert link not in answer.content.decode()  # whoever gathers without being above reads what was sent
        assert "Biểu của đợt không có dòng cho loại hoạt động này." in page
        assert "UBND Phường 1 gửi số gõ tay" in page and "Chờ UBND Phường 2 gửi báo cáo." in page

    def test_who_may_see_an_activity_counted_in_what_one_reads(self, story, at):
        """The coordinating Phòng has no ward under it; it reads the ward's report, and so its deeds; strangers do not."""
        one = deed(story.cast.p1_officer, held(unnamed=30), name="Lớp của phường")
        address = f"/hoat-dong/{one.pk}/"
        assert at(story.cast.pgd_officer).get(address).status_code == 404
        assert (
            words_of(at(story.cast.pgd_officer).get(f"/bao-cao/{story.p1.pk}/hoat-dong/")).count(
                "Lớp của phường"
            )
            == 0
        )
        leader, report = at(story.cast.p1_leader), f"/bao-cao/{story.p1.pk}/"
        leader.post(f"{report}gui/", fields(leader.get(report).content.decode()))
        for seat, status in (
            (story.cast.pgd_officer, 200), (story.cast.q3_viewer, 200), (story.cast.p2_officer, 404),
            (story.cast.stranger_officer, 404),
        ):  # fmt: skip
            assert at(seat).get(address).status_code == status
        assert at(story.cast.stranger_officer).get(f"{report}hoat-dong/").status_code == 404

    def test_signed_lists_stay_with_the_unit_and_those_above_it(self, story, at):
        one = deed(story.cast.p1_officer, held(unnamed=30), name="Lớp của phường")
        names = add_file(
            seat=story.cast.p1_officer, activity=one, name="danh-sach-ky-ten.pdf", data=b"%PDF-1.4\n%%EOF", token=uuid4()
        )  # fmt: skip
        picture = add_file(
            seat=story.cast.p1_officer, activity=one, name="lop.jpg", data=photo(), token=uuid4()
        )
        sent(story.p1, at(story.cast.p1_leader))
        Follower.objects.create(round=story.round, unit=story.cast.stranger, added_by=story.cast.pgd_officer)
        page, kept = f"/hoat-dong/{one.pk}/", f"/hoat-dong/{one.pk}/minh-chung/"
        readers = [story.cast.pgd_officer, story.cast.stranger_officer]
        for seat in (story.cast.p1_officer, story.cast.q3_officer, *readers):
            client, reads = at(seat), seat in readers
            assert client.get(f"{kept}{picture.pk}/").status_code == 200
            answer = client.get(f"{kept}{names.pk}/")
            assert (answer.status_code, b"%PDF" in answer.getvalue()) == (
                (404, False) if reads else (200, True)
            )
            said = words_of(client.get(page))
            assert ("danh-sach-ky-ten" in said, "1 tệp chỉ đơn vị tổ chức" in said) == (not reads, reads)

    def test_each_revision_leads_to_what_it_counted(self, story, at):
        deed(story.cast.p1_officer, held(unnamed=30), name="Lớp thứ nhất")
        two = deed(story.cast.p1_officer, held(unnamed=12, hour=14), name="Lớp thứ hai")
        address = sent(story.p1, at(story.cast.p1_leader))
        story.accept(story.cast.pgd_officer, story.cast.p1)
        cancel_activity(seat=story.cast.p1_officer, activity=two, reason="Ghi trùng")
        both, one = {"Lớp thứ nhất", "Lớp thứ hai"}, {"Lớp thứ nhất"}

        def behind(seat, where: str) -> set[str]:
            html = at(seat).get(f"{address}{where}").content.decode()
            (link,) = {x for x in re.findall(r'href="(/bao-cao/\d+/hoat-dong/[^"]*o=14)"', html)}
            page = words_of(at(seat).get(link.replace("&amp;", "&")))
            return {name for name in both if name in page}

        for seat in (story.cast.p1_leader, story.cast.pgd_officer):
            assert behind(seat, "") == both  # as sent, though one was cancelled since
        sent(story.p1, at(story.cast.p1_leader), reason="bớt một lớp")
        assert Report.objects.get(obligation=story.p1).sent.number == 2
        for seat in (story.cast.p1_leader, story.cast.pgd_officer):
            assert behind(seat, "") == one
            assert (behind(seat, "ban/1/"), behind(seat, "ban/2/")) == (both, one)
        assert at(story.cast.pgd_officer).get(f"{address}hoat-dong/?ban=3").status_code == 404

    def test_what_was_decided_and_never_sent_is_counted_nowhere(self, story, at):
        union_reports(story)
        both = deed(story.cast.p1_officer, held(unnamed=32), co_hosts=[story.cast.ldld], name="Lớp chung")
        union, below = story.obligation(story.cast.ldld), f"/tong-hop/{story.root.pk}/hoat-dong/"
        at(story.cast.pgd_officer).post(f"{below}{both.pk}/", {"to": union.pk, "reason": "của đoàn viên"})
        sent(story.p1, at(story.cast.p1_leader))
        desk = at(story.cast.pgd_officer)
        page = words_of(desk.get(below))
        assert "Chưa báo cáo nào tính (1)" in page and "Chờ LĐLĐ Quận 3 gửi báo cáo." in page
        assert "Sẽ tính tại LĐLĐ Quận 3" in page
        sent(union, at(story.cast.ldld_leader))
        desk = at(story.cast.pgd_officer)
        page = words_of(desk.get(below))
        assert "Chưa báo cáo nào tính (0)" in page and "Tính tại LĐLĐ Quận 3" in page

    def test_entering_for_a_unit_is_typed_from_its_paper(self, story, at):
        deed(story.cast.p1_officer, held(unnamed=30))
        html = at(story.cast.pgd_clerk).get(f"/bao-cao/{story.p1.pk}/nhap-thay/").content.decode()
        assert 'name="c15" id="c15" value=""' in html and 'name="f15"' not in html


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
class TestInABrowser:
    @pytest.fixture
    def story(self):
        with clock.frozen(IN_TIME):
            story = make_story(make_cast())
            union_reports(story)
            one = deed(
                story.cast.p1_officer,
                held(unnamed=20),
                held(hour=14, unnamed=20),
                name="Lớp Phòng tránh đuối nước",
            )
            came(one, *people("An", "Bình"))
            deed(
                story.cast.p1_officer,
                held(unnamed=12),
                co_hosts=[story.cast.ldld],
                of="class.it",
                name="Lớp tin học",
            )
            yield story

    @pytest.mark.parametrize("width", [WIDE, NARROW])
    def test_writing_amending_and_sending(self, story, browse, width, request):
        page = browse(f"/bao-cao/{story.p1.pk}/", seat=story.cast.p1_leader, width=width)
        expect(page.locator("#c15")).to_have_value("22")
        assert axe(page) == [] and fits(page)
        if width == NARROW:
            page.locator('[data-muc="1"] button').first.click()
        page.fill("#c15", "25")
        page.fill("#c1", "37")
        reason = page.locator('[name="r-deed-1.7"]')
        expect(reason).to_be_visible()
        reason.fill("Ba em đến muộn")
        page.locator('[name="r-deed-1T"]').fill("Ba em đến muộn")
        expect(page.locator("#luu")).to_have_attribute("data-state", "ok")
        assert axe(page) == []
        page.get_by_role("button", name="Duyệt và gửi báo cáo").click()
        expect(page.get_by_text("Đã gửi bản 1.")).to_be_visible()
        sent = Report.objects.get(obligation=story.p1).sent
        assert sent.content["amended"] == {"1.7": "Ba em đến muộn", "1T": "Ba em đến muộn"}
        assert axe(page) == [] and fits(page)
        page.get_by_role("link", name="hoạt động").filter(has_text="1 hoạt động").first.click()
        expect(page.get_by_role("heading", name="Hoạt động của")).to_be_visible()
        assert axe(page) == [] and fits(page)

    @pytest.mark.parametrize("width", [WIDE, NARROW])
    def test_from_a_total_to_the_class_and_where_it_counts(self, story, browse, width):
        page = browse(f"/bao-cao/{story.p1.pk}/", seat=story.cast.p1_leader, width=width)
        page.get_by_role("button", name="Duyệt và gửi báo cáo").click()
        expect(page.get_by_text("Đã gửi bản 1.")).to_be_visible()
        story.accept(story.cast.pgd_officer, story.cast.p1)
        page = browse(f"/tong-hop/{story.root.pk}/so/15/", seat=story.cast.pgd_officer, width=width)
        page.get_by_role("link", name="UBND Phường 1").click()
        expect(page.get_by_role("heading", name="3. Hoạt động")).to_be_visible()
        assert axe(page) == [] and fits(page)
        page.get_by_role("link", name="Lớp Phòng tránh đuối nước").click()
        expect(page.get_by_role("heading", name="Các buổi")).to_be_visible()
        page = browse(f"/tong-hop/{story.root.pk}/hoat-dong/", seat=story.cast.pgd_officer, width=width)
        expect(page.get_by_role("heading", name="Nhiều đơn vị cùng tổ chức")).to_be_visible()
        assert axe(page) == [] and fits(page)
        assert Activity.objects.count() == 2
