"""The screens of documents: register, one document, entering, sending, files; by seats that may and may not."""

import re
from datetime import date

import pytest
from django.urls import reverse

from hoctap.cli.demo.documents import text_of
from hoctap.directives.actions import (
    DirectiveData,
    acknowledge,
    deliver,
    mark_seen,
    recall,
    register_directive,
    supersede,
)
from hoctap.directives.enums import DirectiveStatus, DocumentKind
from hoctap.directives.models import Delivery, Directive
from hoctap.kernel import clock
from hoctap.orgs.enums import Kind
from hoctap.orgs.models import Unit
from tests.browser import NARROW, WIDE, axe, fits
from tests.cast import make_cast
from tests.directives.making import OCT_2, PLAN_SUBJECT, entry, plan
from tests.pages import words_of
from tests.waiting import eventually

PDF = b"%PDF-1.7 noi dung"


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def posted(**other) -> dict:
    """The form as filled for plan 333/KH-UBND."""
    given = {
        "origin": "di",
        "kind": "KH",
        "number_text": "333 /KH-UBND",
        "issued_on": "02/10/2023",
        "place": "Quận 3",
        "subject": PLAN_SUBJECT,
        "body": "I. MỤC ĐÍCH\n\n- Tổ chức Tuần lễ.",
        "authority": "KT.",
        "signer_position": "Chủ tịch, Phó Chủ tịch",
        "signer_name": "Vũ Thị Mỹ Ngọc",
        "recipients_text": "- Sở GD&ĐT;\n- Lưu: VT.",
        "citations": "Căn cứ Kế hoạch số 4753/KH-UBND ngày 25 tháng 9 năm 2023 của Ủy ban nhân dân Thành phố\n\n",
    }
    return given | other


class TestRegister:
    def test_rows_search_and_filters(self, cast, signed_in):
        made = plan(cast, deliver_to=[cast.pgd])
        entry(cast.q3_leader, number_text="187/LĐLĐ", subject="Thi đua", issuer=cast.ldld, issued_on=OCT_2)
        enter = signed_in(cast.pgd_officer)
        page = enter.get("/van-ban/")
        said = words_of(page)
        assert "333/KH-UBND" in said and "02/10/2023" in said and "Chưa xem" in said
        assert f'href="/van-ban/{made.pk}/"' in page.content.decode()
        assert "187/LĐLĐ" not in said
        assert "333/KH-UBND" in words_of(enter.get("/van-ban/?tim=tuan+le+huong+ung"))
        assert "1 văn bản khớp" in words_of(enter.get("/van-ban/?tim=333"))
        empty = words_of(enter.get("/van-ban/?tim=khong+co+chu+nay"))
        assert "Không có văn bản nào khớp" in empty
        assert "333/KH-UBND" in words_of(enter.get("/van-ban/?huong=den&loai=KH&nam=2023&tinh_trang=issued"))
        assert "333/KH-UBND" not in words_of(enter.get("/van-ban/?huong=di"))

    @pytest.mark.parametrize(
        "query", ["nam=x", "loai=%00", "truoc=a.b", "truoc=2023-10-02.x", "trang=-9&tim=a", "huong=z"]
    )
    def test_a_strange_address_never_fails(self, cast, signed_in, query):
        plan(cast)
        assert signed_in(cast.q3_officer).get(f"/van-ban/?{query}").status_code == 200

    def test_an_empty_register_teaches_the_first_step(self, cast, signed_in):
        page = words_of(signed_in(cast.pgd_clerk).get("/van-ban/"))
        assert "Sổ chưa có văn bản nào" in page and "Vào sổ văn bản" in page
        assert "Vào sổ văn bản</a>" not in signed_in(cast.q3_viewer).get("/van-ban/").content.decode()

    def test_page_after_page(self, cast, signed_in, monkeypatch):
        monkeypatch.setattr("hoctap.desk.directives.screen.PAGE", 2)
        for n in range(5):
            entry(cast.q3_leader, subject=f"Văn bản số {n}", issued_on=date(2023, 10, 1 + n))
        enter, address, seen = signed_in(cast.q3_officer), "/van-ban/?loai=CV", []
        while address:
            html = enter.get(address).content.decode()
            seen += re.findall(r"Văn bản số (\d)</a>", html)
            found = re.search(r'rel="next" href="([^"]+)"', html)
            address = found[1].replace("&amp;", "&") if found else ""
        assert seen == ["4", "3", "2", "1", "0"]
        second = words_of(enter.get("/van-ban/?tim=van+ban&trang=3"))
        assert "Văn bản số 0" in second and "Văn bản số 1" not in second


class TestQueries:
    @pytest.fixture(params=["/van-ban/", "/van-ban/?tim=hoc+tap"])
    def address(self, request):
        return request.param

    def test_the_register_asks_as_much_for_three_as_for_one(
        self, cast, signed_in, address, django_assert_max_num_queries
    ):
        enter = signed_in(cast.pgd_officer)
        plan(cast, deliver_to=[cast.pgd])
        with django_assert_max_num_queries(8) as one:
            enter.get(address)
        for n in (2, 3):
            plan(cast, number_text=f"{n}/KH-UBND", deliver_to=[cast.pgd])
        with django_assert_max_num_queries(len(one)) as three:
            enter.get(address)
        assert len(three) == len(one)

    def test_a_document_asks_as_much_for_three_of_each_as_for_one(
        self, cast, signed_in, django_assert_max_num_queries
    ):
        def made(number, units, citations, files):
            d = plan(cast, number_text=number, deliver_to=units, citations=citations, attachments=files)
            for n in range(len(units)):
                cited = [f"Kế hoạch số {number} ngày 02/10/2023"]
                entry(cast.q3_leader, number_text=f"{number[0]}{n}/BC-UBND", citations=cited)
            return d

        enter = signed_in(cast.q3_officer)
        first = made("1/KH-UBND", [cast.p1], ["Quyết định 281/QĐ-TTg"], [("a.pdf", PDF)])
        mark_seen(seat=cast.p1_officer, directive=first)
        with django_assert_max_num_queries(8) as one:
            assert enter.get(f"/van-ban/{first.pk}/").status_code == 200
        second = made(
            "2/KH-UBND",
            [cast.p1, cast.p2, cast.pgd],
            [
                "Quyết định 281/QĐ-TTg",
                "Kế hoạch số 1/KH-UBND ngày 02/10/2023",
                "Chỉ thị 04/CT-TU của Thành ủy",
            ],
            [("a.pdf", PDF), ("b.pdf", PDF), ("c.pdf", PDF)],
        )
        with django_assert_max_num_queries(len(one)) as three:
            assert enter.get(f"/van-ban/{second.pk}/").status_code == 200
        assert len(three) == len(one)


class TestDocument:
    def test_everything_about_the_plan(self, cast, signed_in):
        city = entry(
            cast.q3_leader, issuer=cast.tp, number_text="4753/KH-UBND", kind="KH", issued_on=date(2023, 9, 25)
        )
        made = plan(
            cast,
            body=text_of("003"),
            citations=[
                "Căn cứ Kế hoạch số 4753/KH-UBND ngày 25 tháng 9 năm 2023",
                "Quyết định 281/QĐ-TTg của Chính phủ",
            ],
            attachments=[("Kế hoạch 333.pdf", PDF)],
            deliver_to=[cast.pgd, cast.p1],
            recipients_text="- Sở GD&ĐT Thành phố;\n- Lưu: VT.",
        )
        acknowledge(seat=cast.p1_officer, directive=made)
        own = entry(
            cast.q3_leader, number_text="9/BC-UBND", citations=["Kế hoạch số 333/KH-UBND ngày 02/10/2023"]
        )
        page = signed_in(cast.q3_leader).get(f"/van-ban/{made.pk}/")
        html, said = page.content.decode(), words_of(page)
        assert "<h3>I. MỤC ĐÍCH, YÊU CẦU</h3>" in html and "<h5>2.1. Hoạt động cấp quận</h5>" in html
        assert "<b>02 tháng 10 đến ngày 08 tháng 10 năm 2023</b>" in html and "**" not in html
        assert "Kế hoạch tổ chức Tuần" in said.replace("\u00a0", " ")
        assert f'<a href="/van-ban/{city.pk}/">' in html and "chưa có trong sổ" in said
        assert f'<a href="/van-ban/{own.pk}/">Công văn 9/BC-UBND</a>' in html
        assert "1/2 đã xem" in said and "1/2 đã xác nhận" in said
        assert "Sở GD&amp;ĐT Thành phố" in html and "Vũ Thị Mỹ Ngọc" in said
        assert "Kế hoạch 333.pdf" in said and "1 KB" in said

    def test_nothing_typed_becomes_markup(self, cast, signed_in):
        evil = "<script>alert(1)</script> “><img src=x onerror=alert(1)> **<b>x</b>**"
        made = plan(
            cast, subject=evil, body=f"I. {evil}\n{evil}\n<td>\t{evil}\n", number_text="", place=evil[:70],
            signer_name=evil[:90], recipients_text=evil, citations=[evil], attachments=[(f"{evil[:40]}.pdf", PDF)],
            deliver_to=[cast.p1],
        )  # fmt: skip
        recall(seat=cast.q3_leader, directive=made, reason=evil)
        enter = signed_in(cast.q3_leader)
        for address in (
            f"/van-ban/{made.pk}/",
            "/van-ban/",
            "/van-ban/?tim=%3Cscript%3Ealert(1)&co_quan=%22%3E%3Cu%3E",
        ):
            html = enter.get(address).content.decode()
            assert "<script>alert" not in html and "<img src=x" not in html and "<b>x</b>" not in html
            assert '"><u>' not in html

    def test_of_many_units_each_is_named_when_asked_for(self, cast, signed_in):
        made = plan(cast, deliver_to=[cast.pgd])
        many = [
            Unit(
                code=f"N{n}",
                kind=Kind.OFFICE,
                name=f"Đơn vị {n:03}",
                short_name=f"ĐV {n}",
                name_folded=f" don vi {n:03}",
                sort_key=f"{n:03}",
            )
            for n in range(1, 61)
        ]
        Delivery.objects.bulk_create(
            Delivery(directive=made, unit=unit, sent_by=cast.q3) for unit in Unit.objects.bulk_create(many)
        )
        client = signed_in(cast.q3_officer)
        first = client.get(f"/van-ban/{made.pk}/").content.decode()
        assert "61 đơn vị nhận" in first
        assert "Đơn vị 001" not in first
        Delivery.objects.filter(directive=made, unit__code="N60").update(seen_at=clock.now())
        each = f"/van-ban/{made.pk}/noi-nhan/"
        assert f'href="{each}"' in first
        seen, address = [], each
        while address:
            text = client.get(address).content.decode()
            seen += re.findall(r"<th scope=\"row\">Đơn vị (\d+)<", text)
            following = re.search(r'rel="next" href="([^"]+)"', text)
            address = each + following[1].replace("&amp;", "&") if following else ""
        assert [int(n) for n in seen] == list(range(1, 61))
        assert "Đơn vị 060" in client.get(f"{each}?tinh-trang=da-xem").content.decode()
        asked = client.get(f"{each}?tim=don+vi+007&sau=x.y").content.decode()
        assert re.findall(r"<th scope=\"row\">Đơn vị (\d+)<", asked) == ["007"]
        for text, whole in (("vi", True), ("ơn", False)):  # two letters begin a word
            asked = client.get(f"{each}?tim={text}").content.decode()
            assert ("Đơn vị 001" in asked) is whole
        assert signed_in(cast.stranger_leader).get(each).status_code == 404

    def test_a_stranger_learns_nothing(self, cast, signed_in):
        made = plan(
            cast, deliver_to=[cast.pgd], attachments=[("a.pdf", PDF)], citations=["Quyết định 281/QĐ-TTg"]
        )
        file, citation = made.attachments.get(), made.citations.get()
        enter = signed_in(cast.stranger_leader)
        for name, more in (
            ("directive", []),
            ("directive-edit", []),
            ("directive-send", []),
            ("directive-recall", []),
            ("directive-supersede", []),
            ("directive-file", [file.pk]),
            ("citation-link", [citation.pk]),
        ):
            assert enter.get(reverse(name, args=[made.pk, *more])).status_code == 404
        for name in ("seen", "acknowledge", "issue", "send", "edit", "recall", "supersede"):
            assert enter.post(reverse(f"directive-{name}", args=[made.pk])).status_code == 404
        assert "333" not in words_of(enter.get("/van-ban/?tim=333/KH-UBND")).replace("tim=333", "").replace(
            "333/KH", ""
        )

    def test_nobody_without_signing_in(self, cast, client):
        made = plan(cast)
        for address in ("/van-ban/", f"/van-ban/{made.pk}/", "/van-ban/vao-so/"):
            assert client.get(address).status_code == 302
        assert client.post(f"/van-ban/{made.pk}/da-nhan/").status_code != 204
        assert Delivery.objects.count() == 0

    def test_reading_writes_nothing(self, cast, signed_in):
        made = plan(cast, deliver_to=[cast.pgd])
        enter = signed_in(cast.pgd_officer)
        enter.get(f"/van-ban/{made.pk}/")
        assert made.deliveries.get().seen_at is None
        for name in ("seen", "acknowledge", "issue"):
            assert enter.get(reverse(f"directive-{name}", args=[made.pk])).status_code in (405, 403)
        assert enter.post(f"/van-ban/{made.pk}/da-xem/").status_code == 204
        assert made.deliveries.get().seen_by == cast.pgd_officer
        assert "data-seen" not in enter.get(f"/van-ban/{made.pk}/").content.decode()

    def test_acknowledging_with_the_button(self, cast, signed_in):
        made = plan(cast, deliver_to=[cast.p1])
        enter = signed_in(cast.p1_officer)
        assert "Đã nhận</button>" in enter.get(f"/van-ban/{made.pk}/").content.decode()
        answer = enter.post(f"/van-ban/{made.pk}/da-nhan/", follow=True)
        assert "Đã xác nhận nhận Kế hoạch 333/KH-UBND" in words_of(answer)
        assert "Đã nhận</button>" not in answer.content.decode()
        assert made.deliveries.get().acknowledged_by == cast.p1_officer

    def test_a_recalled_and_a_replaced_document_say_so(self, cast, signed_in):
        made = plan(cast, deliver_to=[cast.p1])
        newer = plan(cast, number_text="340/KH-UBND", issued_on=date(2023, 10, 4))
        old = plan(cast, number_text="2/KH-UBND", deliver_to=[cast.p1])
        recall(seat=cast.q3_leader, directive=made, reason="Sai phụ lục 1")
        supersede(seat=cast.q3_leader, directive=old, by=newer)
        enter = signed_in(cast.p1_officer)
        said = words_of(enter.get(f"/van-ban/{made.pk}/"))
        assert "Văn bản này đã bị thu hồi" in said and "Sai phụ lục 1" in said
        assert "Đã nhận</button>" not in enter.get(f"/van-ban/{made.pk}/").content.decode()
        html = enter.get(f"/van-ban/{old.pk}/").content.decode()
        assert "Kế hoạch 340/KH-UBND" in html and f"/van-ban/{newer.pk}/" not in html  # not sent to this ward
        deliver(seat=cast.q3_leader, directive=newer, units=[cast.p1])
        assert f'href="/van-ban/{newer.pk}/"' in enter.get(f"/van-ban/{old.pk}/").content.decode()

    def test_a_document_without_number_date_and_signer(self, cast, signed_in):
        made = plan(
            cast, number_text="", issued_on=None, authority="", signer_position="", signer_name="", body=""
        )
        said = words_of(signed_in(cast.q3_officer).get(f"/van-ban/{made.pk}/"))
        assert "Không ghi số" in said and "không ghi ngày" in said and "Chưa dán toàn văn" in said


class TestEntering:
    def test_from_the_form_to_the_page(self, cast, signed_in):
        from django.core.files.uploadedfile import SimpleUploadedFile

        enter = signed_in(cast.q3_leader)
        assert "Vào sổ văn bản" in words_of(enter.get("/van-ban/vao-so/"))
        answer = enter.post(
            "/van-ban/vao-so/", posted(files=[SimpleUploadedFile("kh.pdf", PDF)]), follow=True
        )
        made = Directive.objects.get()
        assert answer.redirect_chain == [(f"/van-ban/{made.pk}/", 302)]
        assert "Đã vào sổ Kế hoạch 333/KH-UBND" in words_of(answer)
        assert (made.issuer, made.authority, made.recipients_text) == (
            cast.q3,
            "KT.",
            "- Sở GD&ĐT;\n- Lưu: VT.",
        )
        assert made.citations.get().number_key == "4753/kh-ubnd"
        assert made.attachments.get().name == "kh.pdf"

    def test_an_incoming_one_finds_its_unit_by_name(self, cast, signed_in):
        enter = signed_in(cast.pgd_clerk)
        enter.post(
            "/van-ban/vao-so/",
            posted(origin="den", issuer_name="so giao duc va dao tao thanh pho ho chi minh"),
        )
        enter.post(
            "/van-ban/vao-so/",
            posted(origin="den", issuer_name="Ban Tuyên giáo Quận ủy", number_text="305-CV/BTGQU"),
        )
        first, second = Directive.objects.order_by("pk")
        assert (first.issuer, first.registered_by) == (cast.sgd, cast.pgd)
        assert (second.issuer, second.issuer_name) == (None, "Ban Tuyên giáo Quận ủy")

    def test_what_is_wrong_is_said_and_nothing_typed_is_lost(self, cast, signed_in):
        enter = signed_in(cast.q3_leader)
        answer = enter.post(
            "/van-ban/vao-so/",
            posted(origin="den", subject="", issued_on="31/02/2023", body="Giữ lấy chữ này"),
        )
        assert answer.status_code == 422
        assert "Giữ lấy chữ này" in answer.content.decode() and "Ghi tên cơ quan" in words_of(answer)
        assert answer.content.decode().count('class="err"') == 3
        assert Directive.objects.count() == 0

    def test_a_bad_file_is_named(self, cast, signed_in):
        from django.core.files.uploadedfile import SimpleUploadedFile

        answer = signed_in(cast.q3_leader).post(
            "/van-ban/vao-so/", posted(files=[SimpleUploadedFile("la.pdf", b"MZ")]), format="multipart"
        )
        assert answer.status_code == 422
        assert "Tệp la.pdf: nội dung không phải tệp .pdf" in words_of(answer)
        assert "các tệp thì phải chọn lại" in words_of(answer)

    def test_a_duplicate_is_shown_and_may_be_confirmed(self, cast, signed_in):
        first = plan(cast)
        enter = signed_in(cast.q3_leader)
        answer = enter.post("/van-ban/vao-so/", posted())
        assert answer.status_code == 422
        assert f'href="/van-ban/{first.pk}/"' in answer.content.decode() and "vẫn vào sổ" in words_of(answer)
        answer = enter.post("/van-ban/vao-so/", posted(confirm="on"), follow=True)
        assert "có 2 lần trong sổ" in words_of(answer)
        assert Directive.objects.count() == 2

    def test_two_clicks_make_one_entry(self, cast, signed_in):
        enter = signed_in(cast.q3_leader)
        token = re.search(r'name="token" value="([^"]+)"', enter.get("/van-ban/vao-so/").content.decode())[1]
        for _ in range(2):
            assert enter.post("/van-ban/vao-so/", posted(token=token)).status_code == 302
        assert Directive.objects.count() == 1

    def test_an_officer_may_only_draft_in_the_units_name(self, cast, signed_in):
        enter = signed_in(cast.q3_officer)
        assert "Ban hành, thu hồi văn bản" in words_of(enter.post("/van-ban/vao-so/", posted()))
        enter.post("/van-ban/vao-so/", posted(draft="on"))
        assert Directive.objects.get().status == DirectiveStatus.DRAFT

    def test_who_may_not(self, cast, signed_in):
        assert signed_in(cast.q3_viewer).get("/van-ban/vao-so/").status_code == 403
        assert signed_in(cast.pgd_admin).post("/van-ban/vao-so/", posted()).status_code == 403

    def test_editing_shows_what_is_there_and_never_overwrites_unseen(self, cast, signed_in):
        made = plan(cast, citations=["Quyết định 281/QĐ-TTg của Chính phủ"], attachments=[("cu.pdf", PDF)])
        address = f"/van-ban/{made.pk}/sua/"
        enter = signed_in(cast.q3_leader)
        html = enter.get(address).content.decode()
        assert (
            "Quyết định 281/QĐ-TTg của Chính phủ" in html
            and 'value="02/10/2023"' in html
            and "cu.pdf" in html
        )
        file = made.attachments.get()
        answer = enter.post(address, posted(version=1, subject="Mới", drop=[file.pk]), follow=True)
        assert "Đã lưu Kế hoạch 333/KH-UBND" in words_of(answer)
        made.refresh_from_db()
        assert (made.subject, made.attachments.count()) == ("Mới", 0)
        answer = enter.post(address, posted(version=1, subject="Người sau"))
        assert answer.status_code == 422
        assert "vừa được sửa ở nơi khác" in words_of(answer) and "Người sau" in answer.content.decode()
        assert signed_in(cast.pgd_clerk).get(address).status_code == 404

    def test_a_big_body(self, cast, signed_in):
        body = "\n".join(
            f"{n}. Đẩy mạnh học tập suốt đời, xây dựng xã hội học tập trên địa bàn." for n in range(2300)
        )
        assert len(body.encode()) > 200_000
        enter = signed_in(cast.q3_leader)
        answer = enter.post("/van-ban/vao-so/", posted(body=body), follow=True)
        assert answer.status_code == 200 and "2299. Đẩy mạnh" in answer.content.decode()
        refused = enter.post("/van-ban/vao-so/", posted(number_text="4/KH-UBND", body=body * 2))
        assert "nhiều nhất 200.000" in words_of(refused)


class TestSending:
    def test_ticked_all_and_found(self, cast, signed_in):
        made = plan(cast, deliver_to=[cast.p1])
        address = f"/van-ban/{made.pk}/gui/"
        enter = signed_in(cast.q3_leader)
        html = enter.get(address).content.decode()
        listed = re.findall(r'name="listed" value="(\d+)"', html)
        assert {int(pk) for pk in listed} == {cast.pgd.pk, cast.p2.pk}
        assert "đã có" in html
        assert enter.post(address).status_code == 422
        enter.post(address, {"unit": [cast.p2.pk], "listed": listed})
        assert {d.unit for d in made.deliveries.all()} == {cast.p1, cast.p2}
        enter.post(address, {"listed": listed, "everyone": "1"})
        assert {d.unit for d in made.deliveries.all()} == {cast.p1, cast.p2, cast.pgd}
        assert cast.ldld.name in enter.get(f"{address}?tim=lien+doan+quan+3").content.decode()

    def test_a_receiver_is_offered_only_its_own(self, cast, signed_in):
        made = plan(cast, deliver_to=[cast.pgd])
        enter = signed_in(cast.pgd_clerk)
        address = f"/van-ban/{made.pk}/gui/"
        assert cast.thcs.name in enter.get(address).content.decode()
        assert cast.p1.name not in enter.get(f"{address}?tim=phuong+1").content.decode()
        answer = enter.post(address, {"unit": [cast.p1.pk]})
        assert answer.status_code == 422 and "ngoài phạm vi" in words_of(answer)
        assert signed_in(cast.sgd_officer).get(address).status_code == 404


class TestStanding:
    def test_issue_recall_replace(self, cast, signed_in):
        draft = plan(cast, draft=True, deliver_to=[cast.p1])
        enter = signed_in(cast.q3_leader)
        assert "Ban hành</button>" in enter.get(f"/van-ban/{draft.pk}/").content.decode()
        assert "Đã ban hành" in words_of(enter.post(f"/van-ban/{draft.pk}/ban-hanh/", follow=True))
        new = plan(cast, number_text="340/KH-UBND", issued_on=date(2023, 10, 4))
        found = enter.get(f"/van-ban/{draft.pk}/thay-the/?tim=340").content.decode()
        assert f'name="by" value="{new.pk}"' in found
        assert "được thay thế bằng" in words_of(
            enter.post(f"/van-ban/{draft.pk}/thay-the/", {"by": new.pk}, follow=True)
        )
        assert enter.post(f"/van-ban/{new.pk}/thu-hoi/", {"reason": ""}).status_code == 422
        assert "Sai số" in words_of(
            enter.post(f"/van-ban/{new.pk}/thu-hoi/", {"reason": "Sai số"}, follow=True)
        )
        assert enter.get(f"/van-ban/{new.pk}/thu-hoi/").status_code == 404

    def test_an_officer_may_not(self, cast, signed_in):
        made = plan(cast)
        enter = signed_in(cast.q3_officer)
        for name in ("thu-hoi", "thay-the"):
            assert enter.get(f"/van-ban/{made.pk}/{name}/").status_code == 403

    def test_an_open_citation_is_made_clear_by_hand(self, cast, signed_in):
        day = date(2023, 9, 25)
        one = entry(cast.p1_leader, issuer=cast.tp, number_text="4753/KH-UBND", issued_on=day)
        two = entry(cast.pgd_clerk, issuer=cast.tp, number_text="4753/KH-UBND", issued_on=day)
        made = plan(
            cast, citations=["Kế hoạch số 4753/KH-UBND ngày 25/9/2023 của UBND Thành phố Hồ Chí Minh"]
        )
        enter = signed_in(cast.q3_leader)
        address = f"/van-ban/{made.pk}/can-cu/{made.citations.get().pk}/"
        assert address in enter.get(f"/van-ban/{made.pk}/").content.decode()
        html = enter.get(address).content.decode()
        assert f'value="{one.pk}"' in html and f'value="{two.pk}"' in html
        enter.post(address, {"target": two.pk})
        assert made.citations.get().target == two


class TestFiles:
    def test_always_saved_never_opened(self, cast, signed_in):
        made = plan(cast, deliver_to=[cast.p1], attachments=[("Kế hoạch số 333.pdf", PDF)])
        file = made.attachments.get()
        answer = signed_in(cast.p1_officer).get(f"/van-ban/{made.pk}/tep/{file.pk}/")
        assert b"".join(answer.streaming_content) == PDF
        assert answer["Content-Disposition"].startswith("attachment;")
        assert "K%E1%BA%BF%20ho%E1%BA%A1ch" in answer["Content-Disposition"]
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Type"] == "application/pdf"
        assert answer["Cache-Control"] == "private, no-store"

    def test_only_through_its_own_document(self, cast, signed_in):
        mine = plan(cast, deliver_to=[cast.p1])
        theirs = plan(cast, number_text="2/KH-UBND", attachments=[("mat.pdf", PDF)])
        file = theirs.attachments.get()
        enter = signed_in(cast.p1_officer)
        assert enter.get(f"/van-ban/{mine.pk}/tep/{file.pk}/").status_code == 404
        assert enter.get(f"/van-ban/{theirs.pk}/tep/{file.pk}/").status_code == 404


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
class TestInTheBrowser:
    @pytest.fixture
    def made(self, cast):
        return plan(
            cast,
            body=text_of("003"),
            deliver_to=[cast.pgd, cast.p1, cast.p2],
            citations=[
                "Căn cứ Kế hoạch số 4753/KH-UBND ngày 25 tháng 9 năm 2023",
                "Quyết định 281/QĐ-TTg của Chính phủ",
            ],
            attachments=[("Ke hoach 333.pdf", PDF)],
            recipients_text="- Sở GD&ĐT Thành phố;\n- Lưu: VT.",
        )

    @pytest.mark.parametrize("width", [WIDE, NARROW])
    def test_pages_fit_and_readers_reach_everything(self, cast, browse, made, width):
        citation = made.citations.order_by("pk").first()
        for path, seat in (
            ("/van-ban/", cast.pgd_clerk),
            ("/van-ban/?tim=tuan+le", cast.pgd_clerk),
            ("/van-ban/?tim=khong+co", cast.pgd_clerk),
            (f"/van-ban/{made.pk}/", cast.q3_leader),
            (f"/van-ban/{made.pk}/", cast.pgd_clerk),
            ("/van-ban/vao-so/", cast.q3_leader),
            (f"/van-ban/{made.pk}/sua/", cast.q3_leader),
            (f"/van-ban/{made.pk}/gui/", cast.q3_leader),
            (f"/van-ban/{made.pk}/thu-hoi/", cast.q3_leader),
            (f"/van-ban/{made.pk}/thay-the/?tim=333", cast.q3_leader),
            (f"/van-ban/{made.pk}/can-cu/{citation.pk}/", cast.q3_leader),
        ):
            page = browse(path, seat=seat, width=width)
            assert axe(page) == [], path
            assert fits(page), path

    def test_opening_is_noticed_and_the_button_confirms(self, cast, browse, made):
        page = browse(f"/van-ban/{made.pk}/", seat=cast.p1_officer)
        eventually(lambda: made.deliveries.get(unit=cast.p1).seen_at is not None)
        delivery = made.deliveries.get(unit=cast.p1)
        assert delivery.acknowledged_at is None
        page.get_by_role("button", name="Đã nhận").click()
        page.get_by_text("Đã nhận lúc").wait_for()
        delivery.refresh_from_db()
        assert delivery.acknowledged_at is not None

    def test_without_javascript(self, cast, browse, made):
        page = browse("/van-ban/", seat=cast.p1_officer, width=NARROW, javascript=False)
        page.get_by_label("Tìm trong sổ").fill("tuan le huong ung")
        page.get_by_role("button", name="Tìm").click()
        page.get_by_role("link", name=re.compile("Kế hoạch: Tổ chức Tuần lễ")).click()
        assert made.deliveries.get(unit=cast.p1).seen_at is None
        page.get_by_role("button", name="Đã nhận").click()
        page.get_by_text("Đã nhận lúc").wait_for()
        assert made.deliveries.get(unit=cast.p1).acknowledged_at is not None


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_many_buttons_leave_the_title_its_width(browse):
    cast = make_cast()
    data = DirectiveData(
        kind=DocumentKind.KH, number_text="333/KH-UBND", issuer=cast.q3, issued_on=date(2023, 10, 2), signer_name="A",
        subject="Tổ chức Tuần lễ hưởng ứng học tập suốt đời năm 2023 trên địa bàn Quận 3", body="I. MỤC ĐÍCH\n- Học tập.",
    )  # fmt: skip
    directive, _ = register_directive(seat=cast.q3_leader, data=data, deliver_to=[cast.p1])
    page = browse(f"/van-ban/{directive.pk}/", seat=cast.p1_leader)
    assert page.locator(".head .acts > *").count() >= 4
    title = page.get_by_role("heading", level=1).bounding_box()
    assert title["width"] > 800 and title["height"] < 120
