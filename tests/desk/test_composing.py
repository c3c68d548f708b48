"""The composing screen: typing kept, rows added, units and documents picked, preview, draft, issue; also in a browser."""

import pytest
from playwright.sync_api import expect

from hoctap.cli.demo.documents import text_of as text_of_seed
from hoctap.directives.composition import Force, Rule, from_json
from hoctap.directives.enums import DirectiveStatus
from hoctap.directives.models import Composed, Directive
from hoctap.directives.reading import read
from hoctap.directives.reading.sources import text_of
from tests.browser import NARROW, WIDE, axe, fits
from tests.directives.making import OCT_2, entry, plan
from tests.pages import words_of

NEW = "/van-ban/soan/"


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def posted(**other) -> dict:
    given = {
        "kind": "KH",
        "subject": "Tổ chức Tuần lễ hưởng ứng học tập suốt đời năm 2023",
        "notation": "KH-UBND",
        "place": "Quận 3",
        "issued_on": "02/10/2023",
        "basis": "Căn cứ Kế hoạch số 4753/KH-UBND ngày 25 tháng 9 năm 2023 của Ủy ban nhân dân Thành phố về tổ chức Tuần lễ",
        "sections-n": "1",
        "sections-0-title": "Công tác tuyên truyền",
        "sections-0-tasks": "- Treo băng rôn tại nơi công cộng;\n- Đưa tin về Tuần lễ.",
        "assignments-n": "2",
        "assignments-0-assignees": "Phòng Giáo dục và Đào tạo Quận 3",
        "assignments-0-tasks": "Chủ trì, phối hợp với Hội Khuyến học Quận 3 hướng dẫn các đơn vị",
        "assignments-1-assignees": "Hội Khuyến học Quận 3",
        "assignments-1-tasks": "Vận động hội viên tham gia học tập",
        "deadlines-n": "1",
        "deadlines-0-what": "báo cáo kết quả tổ chức Tuần lễ",
        "deadlines-0-who": "Ủy ban nhân dân 12 phường",
        "deadlines-0-to": "Ủy ban nhân dân Quận 3",
        "deadlines-0-via": "Phòng Giáo dục và Đào tạo",
        "deadlines-0-rule": "truoc",
        "deadlines-0-on": "13/10/2023",
        "slogans": "Học, học nữa, học mãi (Lenin)",
        "authority": "KT.",
        "signer_position": "Phó Chủ tịch",
        "signer_name": "Vũ Thị Mỹ Ngọc",
        "recipients_text": "Sở GD&ĐT\nLưu: VT",
    }
    return given | other


class TestComposing:
    def test_from_clauses_to_an_issued_document_read_back_from_its_docx(self, cast, signed_in):
        officer = signed_in(cast.q3_officer)
        assert "Soạn văn bản" in words_of(officer.get(NEW))
        kept = officer.post(NEW, posted(save="1"))
        assert kept.status_code == 302
        draft = Directive.objects.get()
        assert (draft.status, draft.number_text) == (DirectiveStatus.DRAFT, "/KH-UBND")
        composed = from_json(Composed.objects.get().content)
        assert composed.sections[0].tasks == ("Treo băng rôn tại nơi công cộng", "Đưa tin về Tuần lễ")
        assert [given.force for given in composed.assignments] == [Force.ORDERED, Force.ASKED]
        assert "Soạn tiếp" in words_of(officer.get(kept.url))
        officer.post(f"/van-ban/{draft.pk}/gui/", {"unit": [cast.pgd.pk, cast.p1.pk]})

        leader = signed_in(cast.q3_leader)
        leader.post(f"/van-ban/{draft.pk}/ban-hanh/")
        draft.refresh_from_db()
        assert (draft.status, draft.number_text) == (DirectiveStatus.ISSUED, "01/KH-UBND")
        assert draft.deliveries.count() == 2
        answer = leader.get(f"/van-ban/{draft.pk}/van-ban.docx")
        found = read(text_of("van-ban.docx", answer.content)).as_json()
        assert (found["code"], found["date"]) == ("01/KH-UBND", "2023-10-02")
        assert [one["assignees"] for one in found["assignments"]] == [
            [], ["Phòng Giáo dục và Đào tạo Quận 3"], ["Hội Khuyến học Quận 3"]
        ]  # fmt: skip
        assert (found["deadlines"][0]["stated"], found["deadlines"][0]["via"]) == (
            "2023-10-13", "Phòng Giáo dục và Đào tạo"
        )  # fmt: skip
        assert found["signer"]["name"] == "Vũ Thị Mỹ Ngọc" and found["recipients"] == ["Sở GD&ĐT", "Lưu: VT"]
        assert leader.get(f"/van-ban/{draft.pk}/soan/").status_code == 404  # issued: composed no more

    def test_a_button_adds_a_row_and_keeps_all_typing_unchecked(self, cast, signed_in):
        page = signed_in(cast.q3_officer).post(
            NEW, posted(more="assignments", subject="", **{"deadlines-0-on": "mai"})
        )
        assert page.status_code == 200
        html = page.content.decode()
        assert 'name="assignments-n" value="3"' in html and 'name="assignments-2-tasks"' in html
        assert "Vận động hội viên tham gia học tập</textarea>" in html and 'value="mai"' in html
        assert 'class="err"' not in html
        assert not Directive.objects.exists()

    def test_units_and_documents_chosen_beside_a_box_are_written_into_it(self, cast, signed_in):
        city = entry(
            cast.q3_leader, kind="KH", number_text="4753/KH-UBND", issued_on=OCT_2, issuer_name="Ủy ban nhân dân Thành phố",
            subject="Tổ chức Tuần lễ",
        )  # fmt: skip
        officer = signed_in(cast.q3_officer)
        found = officer.post(NEW, posted(search="1", find="4753"))
        assert f'name="cite" value="{city.pk}"' in found.content.decode()
        given = posted(more="basis", cite=[city.pk], basis="", **{"assignments-0-add": "UBND Phường 1"})
        html = officer.post(NEW, given).content.decode()
        assert (
            "Căn cứ Kế hoạch số 4753/KH-UBND ngày 02 tháng 10 năm 2023 của Ủy ban nhân dân Thành phố về "
            in html
        )
        assert "Phòng Giáo dục và Đào tạo Quận 3\nUBND Phường 1</textarea>" in html

    def test_another_units_document_is_not_cited_by_its_id(self, cast, signed_in):
        secret = entry(cast.stranger_leader, number_text="9/UBND", subject="Chuyện riêng")
        page = signed_in(cast.q3_officer).post(NEW, posted(more="basis", cite=[secret.pk]))
        assert "Chuyện riêng" not in page.content.decode()

    def test_the_preview_says_what_will_be_printed_and_how_it_reads(self, cast, signed_in):
        officer = signed_in(cast.q3_officer)
        said = words_of(officer.post(NEW, posted(preview="1")))
        assert "Đọc lại bằng máy: đúng các khoản đã soạn." in said
        assert "IV. CHẾ ĐỘ THÔNG TIN, BÁO CÁO" not in said and "III. CHẾ ĐỘ THÔNG TIN, BÁO CÁO" in said
        assert "đề nghị Ủy ban nhân dân 12 phường gửi báo cáo kết quả tổ chức Tuần lễ" in said
        assert "TM. ỦY BAN NHÂN DÂN KT. CHỦ TỊCH PHÓ CHỦ TỊCH" in said
        odd = posted(preview="1", **{"assignments-0-assignees": "Chị Lan bên tài vụ"})
        assert "máy đọc lại" in words_of(officer.post(NEW, odd))
        part = officer.post(NEW, posted(preview="1"), headers={"HX-Request": "true"}).content.decode()
        assert part.startswith('<section id="xem-truoc"') and "<form" not in part
        refused = officer.post(NEW, posted(preview="1", subject=""), headers={"HX-Request": "true"})
        assert refused.status_code == 422 and refused["HX-Retarget"] == "#soan"
        assert refused.content.decode().lstrip().startswith("<form") and "Ghi trích yếu" in words_of(refused)
        assert not Directive.objects.exists()

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            ({"subject": ""}, "Ghi trích yếu"),
            ({"kind": "CV"}, "Công văn chưa có nơi kính gửi"),
            ({"deadlines-0-on": "31/02/2023"}, "Ngày chưa đúng"),
            ({"deadlines-0-on": ""}, "Ghi một ngày, hoặc tháng"),
            ({"deadlines-0-what": ""}, "Ghi gửi gì"),
            ({"assignments-1-tasks": ""}, "Ghi việc, mỗi dòng một việc"),
            ({"sections-0-tasks": ""}, "Nội dung này chưa có việc"),
        ],
    )
    def test_what_is_missing_is_said_beside_the_box(self, cast, signed_in, wrong, said):
        page = signed_in(cast.q3_officer).post(NEW, posted(save="1") | wrong)
        assert page.status_code == 422
        assert said in words_of(page)
        assert not Directive.objects.exists()

    def test_a_draft_is_composed_on(self, cast, signed_in):
        officer = signed_in(cast.q3_officer)
        address = officer.post(NEW, posted(save="1")).url + "soan/"
        html = officer.get(address).content.decode()
        assert 'value="13/10/2023"' in html and "Đưa tin về Tuần lễ</textarea>" in html
        yearly = {"deadlines-0-on": "", "deadlines-0-month": "10", "deadlines-0-rule": "truoc"}
        stale = officer.post(address, posted(save="1", version="7") | yearly)
        assert stale.status_code == 422 and "vừa được sửa ở nơi khác" in words_of(stale)
        assert officer.post(address, posted(save="1", version="1") | yearly).status_code == 302
        (due,) = from_json(Composed.objects.get().content).deadlines
        assert (due.on, due.month, due.rule) == (None, 10, Rule.AT_LATEST)
        assert "chậm nhất vào cuối tháng 10 hằng năm" in Directive.objects.get().text.body

    def test_markup_is_text_and_rows_have_an_end(self, cast, signed_in):
        officer = signed_in(cast.q3_officer)
        typed = "<script>alert(1)</script> {{ 7*7 }}"
        html = officer.post(NEW, posted(preview="1", subject=typed, closing=typed)).content.decode()
        assert "<script>alert" not in html and "&lt;script&gt;alert(1)&lt;/script&gt; {{ 7*7 }}" in html
        for count in ("9" * 30, "-1", "x", "999"):
            page = officer.post(NEW, posted(more="sections", **{"sections-n": count}))
            assert page.status_code == 200 and page.content.decode().count("<legend") < 70
        crowd = posted(save="1", **{"assignments-0-assignees": "\n".join(f"Tổ {n}" for n in range(61))})
        assert "Nhiều nhất 60 dòng" in words_of(officer.post(NEW, crowd))

    def test_a_second_click_keeps_one_draft(self, cast, signed_in):
        officer = signed_in(cast.q3_officer)
        token = officer.get(NEW).content.decode().split('name="token" value="')[1].split('"')[0]
        first, again = (officer.post(NEW, posted(save="1", token=token)) for _ in range(2))
        assert first.url == again.url and Directive.objects.count() == 1

    def test_begun_from_a_received_document_with_its_work_and_earlier_days(self, cast, signed_in):
        received = plan(cast, body=text_of_seed("003"), deliver_to=[cast.pgd])
        clerk = signed_in(cast.pgd_officer)
        assert (
            f'href="/van-ban/soan/?trien-khai={received.pk}"'
            in clerk.get(f"/van-ban/{received.pk}/").content.decode()
        )
        html = clerk.get(f"{NEW}?trien-khai={received.pk}").content.decode()
        assert (
            "Căn cứ Kế hoạch số 333/KH-UBND ngày 02 tháng 10 năm 2023 của Ủy ban nhân dân Quận 3 về " in html
        )
        assert 'value="10/10/2023"' in html and "Tham mưu Ủy ban nhân dân quận xây dựng" in html
        assert signed_in(cast.stranger_leader).get(f"{NEW}?trien-khai={received.pk}").status_code == 404
        assert signed_in(cast.pgd_officer).get(f"{NEW}?trien-khai=abc").status_code == 404
        text = "I. NỘI DUNG\n- Treo băng rôn tại nơi công cộng."
        body_only = plan(cast, number_text="334/KH-UBND", body=text, deliver_to=[cast.pgd])
        assert (
            "Treo băng rôn tại nơi công cộng"
            in clerk.get(f"{NEW}?trien-khai={body_only.pk}").content.decode()
        )

    def test_the_notation_of_last_time_and_else_the_units_own(self, cast, signed_in):
        officer = signed_in(cast.q3_officer)
        officer.post(NEW, posted(save="1", notation=""))
        assert Directive.objects.get().number_text == "/KH-UBND"
        plan(cast, number_text="12/KH-UBND-VX")
        officer.post(NEW, posted(save="1", notation=""))
        assert Directive.objects.latest("pk").number_text == "/KH-UBND-VX"

    def test_not_for_documents_entered_as_text_nor_for_other_units(self, cast, signed_in):
        draft = plan(cast, draft=True)
        assert signed_in(cast.q3_officer).get(f"/van-ban/{draft.pk}/soan/").status_code == 404
        officer = signed_in(cast.q3_officer)
        address = officer.post(NEW, posted(save="1")).url + "soan/"
        assert signed_in(cast.pgd_leader).get(address).status_code == 404
        assert signed_in(cast.q3_viewer).get(NEW).status_code == 403

    def test_a_gap_is_asked_about_before_issue(self, cast, signed_in):
        plan(cast, number_text="05/KH-UBND")
        officer = signed_in(cast.q3_officer)
        address = officer.post(NEW, posted(save="1", number="9")).url
        leader = signed_in(cast.q3_leader)
        asked = leader.post(f"{address}ban-hanh/")
        assert asked.status_code == 409
        assert "cách số gần nhất trong sổ (05)" in words_of(asked)
        leader.post(f"{address}ban-hanh/", {"confirm_gap": "1"})
        assert Directive.objects.latest("pk").number_text == "9/KH-UBND"


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
class TestInTheBrowser:
    @pytest.mark.parametrize("width", [WIDE, NARROW])
    def test_the_page_fits_and_readers_reach_everything_in_every_state(self, cast, browse, width):
        plan(cast, number_text="05/KH-UBND")
        page = browse(NEW, seat=cast.q3_leader, width=width)

        def reached() -> None:
            assert axe(page) == []
            assert fits(page)

        reached()
        page.get_by_role("button", name="Xem trước").click()
        page.get_by_text("Ghi trích yếu").wait_for()
        reached()
        fill(page)
        page.locator("[name=targets]").fill("Không có con số nào")
        page.locator("[name=number]").fill("9")
        page.locator("[name=issued_on]").fill("10/10/2023")
        page.get_by_role("button", name="Xem trước").click()
        page.get_by_text("Đọc lại bằng máy có chỗ khác").wait_for()
        reached()
        page.locator("[name=find]").fill("05/KH")
        page.get_by_role("button", name="Tìm").click()
        page.get_by_text("Đánh dấu văn bản làm căn cứ").wait_for()
        reached()
        page.get_by_role("button", name="Lưu dự thảo").click()
        page.get_by_role("link", name="Soạn tiếp").wait_for()
        reached()
        page.get_by_role("button", name="Ban hành").click()
        page.get_by_text("cách số gần nhất").wait_for()
        reached()

    def test_by_keyboard_alone(self, cast, browse):
        page = browse(NEW, seat=cast.q3_officer)
        fill(page)
        page.locator("[name=place]").press("Enter")  # previews, saves nothing
        page.get_by_text("Đọc lại bằng máy").wait_for()
        page.get_by_role("button", name="Thêm thời hạn").press("Enter")
        added = page.locator("[name=deadlines-1-what]")
        expect(added).to_be_focused()
        page.keyboard.type("báo cáo tổng hợp")
        assert added.input_value() == "báo cáo tổng hợp"
        page.locator("[name=deadlines-1-month]").fill("10")
        page.get_by_role("button", name="Lưu dự thảo").press("Enter")
        page.get_by_role("heading", name="CHẾ ĐỘ THÔNG TIN, BÁO CÁO").wait_for()

    @pytest.mark.parametrize("javascript", [True, False])
    def test_composed_previewed_saved_and_issued(self, cast, browse, javascript):
        page = browse(NEW, seat=cast.q3_leader, javascript=javascript)
        page.get_by_role("button", name="Thêm khoản giao việc").press("Enter")
        page.locator("[name=assignments-1-assignees]").wait_for()
        fill(page)
        page.locator("[name=assignments-1-add]").fill("Hội Khuyến học Quận 3")
        page.locator("[name=assignments-1-tasks]").fill("Vận động hội viên tham gia học tập")
        page.get_by_role("button", name="Xem trước").click()
        page.get_by_text("2. Đề nghị Hội Khuyến học Quận 3").wait_for()
        page.get_by_role("button", name="Lưu dự thảo").click()
        page.get_by_role("button", name="Ban hành").click()
        page.get_by_text("Đã ban hành Kế hoạch 01/KH-UBND").wait_for()
        made = Directive.objects.get()
        assert (made.status, made.number_text) == (DirectiveStatus.ISSUED, "01/KH-UBND")
        assert "Hội Khuyến học Quận 3" in made.text.body


def fill(page) -> None:
    page.locator("[name=subject]").fill("Tổ chức Tuần lễ hưởng ứng học tập suốt đời năm 2023")
    page.locator("[name=assignments-0-assignees]").fill("Phòng Giáo dục và Đào tạo Quận 3")
    page.locator("[name=assignments-0-tasks]").fill("Chủ trì hướng dẫn các đơn vị\nTổ chức Lễ khai mạc")
    page.locator("[name=slogans]").fill("Học, học nữa, học mãi (Lenin)")
    page.locator("[name=signer_position]").fill("Chủ tịch")
    page.locator("[name=signer_name]").fill("Vũ Thị Mỹ Ngọc")
