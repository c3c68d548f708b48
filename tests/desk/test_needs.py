"""Needs, headcounts, shares and targets on their screens; the answering page on a phone without an account."""

import io
import re
from datetime import date, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from playwright.sync_api import expect
from python_calamine import CalamineWorkbook

from hoctap.activities.actions.surveying import answer, end_survey, exempt, open_survey, state_needs
from hoctap.activities.models import Activity, Exemption, Need, TargetMeasure
from hoctap.activities.targets import states
from hoctap.directives.actions import DirectiveData, register_directive
from hoctap.directives.enums import DocumentKind
from hoctap.kernel import clock
from hoctap.obligations.models import Target
from hoctap.orgs.actions import found_unit
from hoctap.orgs.actions.headcounts import Heads, count_heads
from hoctap.orgs.enums import HeadcountGroup, Kind, Line
from hoctap.orgs.headcount_sheets import HeadRow, write_heads
from hoctap.orgs.models import Headcount
from hoctap.people.actions import give_consent, withdraw_consent
from hoctap.people.enums import ConsentWay, Purpose
from hoctap.people.models import Consent, Person
from tests.activities.learning import held, person, topic
from tests.browser import NARROW, WIDE, axe, fits
from tests.cast import SINCE
from tests.pages import sign_in, text_of, words_of

NOW = datetime(2023, 11, 20, 9, 0, tzinfo=clock.VIETNAM)
END = date(2023, 12, 15)
WORKERS, TEACHERS = HeadcountGroup.WORKERS, HeadcountGroup.TEACHERS


@pytest.fixture
def now(cast):
    with clock.frozen(NOW):
        yield cast


@pytest.fixture
def survey(now):
    return open_survey(seat=now.q3_officer, name="Nhu cầu học năm 2024", year=2024, ends_on=END)


def document(cast):
    plan = register_directive(
        seat=cast.q3_leader,
        data=DirectiveData(
            kind=DocumentKind.KH, number_text="77/KH-UBND", issuer=cast.q3, issued_on=date(2023, 1, 10),
            subject="Xây dựng xã hội học tập", body="Các đơn vị thực hiện.",
        ),
        deliver_to=[cast.pgd, cast.thcs, cast.p1, cast.p2],
    )[0]  # fmt: skip
    return Target.objects.create(
        directive=plan, order=1, percent=100, measure="đơn vị", by=2023, text="100% đơn vị nơi có nhu cầu …",
        subject="nơi có nhu cầu đào tạo, nâng cao tay nghề đưa nhu cầu này vào kế hoạch hoạt động",
    )  # fmt: skip


def filled(cast, survey):
    """Something on every page."""
    it, law = topic("it"), topic("law")
    people = [person(name, cast.p1) for name in ("Trần Thị Ánh", "Lê Văn Bình", "Phạm Thu Cúc")]
    for one in people[:2]:
        answer(survey=survey, unit=cast.p1, person=one, topics=[it, law])
    state_needs(seat=cast.p2_officer, survey=survey, unit=cast.p2, people={it: 12, law: 0})
    exempt(seat=cast.pgd_officer, unit=cast.pgd, year=2024, reason="Năm 2024 đã đủ chuẩn")
    for unit, total, women in ((cast.p1, 8, 5), (cast.p2, 20, None)):
        count_heads(seat=cast.q3_officer, counts=[Heads(unit, date(2023, 1, 5), WORKERS, total, women)])
    count_heads(seat=cast.q3_officer, counts=[Heads(cast.q3, date(2023, 1, 5), WORKERS, 30, 12)])
    held(cast.p1, date(2023, 5, 10), people, unnamed=14)
    held(cast.pgd, date(2023, 6, 10), people[:1], kind="talk.other", about="law")
    return document(cast)


def test_the_link_takes_an_answer_with_consent_and_changes_it_later(survey, now, client):
    link = f"/nhu-cau/k/{survey.token}/"
    assert "THCS" in words_of(client.get(link)) or "Lê Quý Đôn" in words_of(client.get(link))
    assert "Phường Bến Nghé" not in words_of(client.get(link))
    at_school = f"{link}?don-vi={now.thcs.code}"
    said = {
        "full_name": "Ngô Thị Lan",
        "birth_year": "1985",
        "standing": "teacher",
        "topics": [topic("it").pk],
    }
    refused = client.post(at_school, said)
    assert refused.status_code == 422 and "Đánh dấu đồng ý" in text_of(refused)
    assert Person.objects.count() == 0
    taken = client.post(at_school, said | {"consents": "on"})
    assert taken.status_code == 302
    lan = Person.objects.get()
    assert (lan.full_name, lan.memberships.get().unit, lan.memberships.get().standing) == (
        "Ngô Thị Lan", now.thcs, "teacher",
    )  # fmt: skip
    assert Consent.objects.get(person=lan).way == "form"
    again = Client().post(at_school, said | {"consents": "on", "topics": [topic("law").pk]})
    assert again.status_code == 422 and "đã trả lời khảo sát này" in text_of(again)
    assert "Ngô Thị Lan" in text_of(client.get(taken.headers["Location"].partition("#")[0]))
    refused = client.post(taken.headers["Location"].partition("#")[0], said | {"topics": []})
    assert refused.status_code == 422 and "Đã ghi câu trả lời" not in text_of(refused)
    changed = client.post(
        taken.headers["Location"].partition("#")[0], said | {"consents": "on", "topics": [topic("law").pk]}
    )
    assert changed.status_code == 302
    assert [need.topic.code for need in Need.objects.all()] == ["law"]
    assert Person.objects.count() == 1


def test_a_known_person_is_found_within_the_unit_and_namesakes_are_asked_for_the_year(survey, now, client):
    mai = person("Vũ Mai", now.p1)
    at_ward = f"/nhu-cau/k/{survey.token}/?don-vi={now.p1.code}"
    said = {"full_name": "vu mai", "standing": "worker", "topics": [topic("it").pk], "consents": "on"}
    taken = client.post(at_ward, said)
    assert taken.status_code == 302
    assert Need.objects.get().person == mai
    assert "1971" not in text_of(
        client.get(taken.headers["Location"].partition("#")[0])
    )  # typed by whoever knows a name
    assert "Vũ Mai" not in text_of(client.get(taken.headers["Location"].partition("#")[0]))
    again = Client().post(at_ward, said)
    assert "vu mai đã trả lời" in text_of(again) and "Vũ Mai" not in text_of(again)
    other = person("Vũ Mai", now.p1)
    Person.objects.filter(pk=other.pk).update(birth_year=1999)
    asked = client.post(at_ward, said)
    assert asked.status_code == 422 and "Ghi năm sinh" in text_of(asked)
    assert client.post(at_ward, said | {"birth_year": "1999"}).status_code == 302
    assert set(Need.objects.values_list("person", flat=True)) == {mai.pk, other.pk}
    child = client.post(at_ward, said | {"full_name": "Bé Na", "birth_year": "2015"})
    assert child.status_code == 422 and "người giám hộ" in text_of(child)


def test_a_typed_name_gives_no_consent_again_that_was_withdrawn(survey, now, client):
    mai = person("Vũ Mai", now.p1)
    given = give_consent(person=mai, purpose=Purpose.RECORD, way=ConsentWay.FORM, given_on=date(2023, 1, 1))
    withdraw_consent(consent=given)
    said = {"full_name": "Vũ Mai", "standing": "worker", "topics": [topic("it").pk], "consents": "on"}
    taken = client.post(f"/nhu-cau/k/{survey.token}/?don-vi={now.p1.code}", said)
    assert taken.status_code == 302
    assert not mai.consents.filter(withdrawn_on=None).exists()
    assert Need.objects.get().person != mai  # the officer sees two of one name, and says who is who


def test_the_link_of_another_answer_or_of_nothing_opens_nothing(survey, now, client):
    assert client.get("/nhu-cau/k/khong-co/").status_code == 404
    stranger = f"/nhu-cau/k/{survey.token}/?don-vi={now.stranger.code}"
    assert 'name="full_name"' not in text_of(client.get(stranger))
    forged = f"/nhu-cau/k/{survey.token}/?don-vi={now.p1.code}&sua=abc:def"
    assert client.get(forged).status_code == 200
    end_survey(seat=now.q3_officer, survey=survey, ends_on=date(2023, 11, 19))
    ended = client.post(f"/nhu-cau/k/{survey.token}/?don-vi={now.p1.code}", {"full_name": "A"})
    assert "đã hết hạn trả lời" in words_of(ended)
    assert Person.objects.count() == 0


def test_units_state_figures_or_no_need_and_the_superior_sees_them(survey, now):
    it = topic("it")
    ward = sign_in(Client(), now.p1_officer)
    here = f"/nhu-cau/{survey.pk}/"
    wrong = ward.post(f"{here}khai/", {f"t{it.pk}": "ba"})
    assert wrong.status_code == 422 and "Ghi số nguyên từ 0" in text_of(wrong)
    assert ward.post(f"{here}khai/", {f"t{it.pk}": "7"}).status_code == 302
    other = sign_in(Client(), now.p2_officer)
    assert other.post(f"{here}khong-co/", {"reason": " "}).status_code == 422
    assert other.post(f"{here}khong-co/", {"reason": "Đã đủ chuẩn"}).status_code == 302
    assert Exemption.objects.get().unit == now.p2
    above = words_of(sign_in(Client(), now.q3_officer).get(here))
    assert "Đơn vị đã trả lời 2/5" in above and "Tin học 7" in above
    assert "Đơn vị đã trả lời 1/1" in words_of(ward.get(here))
    assert other.post(f"{here}khong-co/", {"do": "bo"}).status_code == 302
    assert Exemption.objects.count() == 0


def test_a_unit_may_have_no_need_of_one_topic_only(survey, now):
    ward, here = sign_in(Client(), now.p2_officer), f"/nhu-cau/{survey.pk}/"
    law, it = topic("law"), topic("it")
    assert "Mọi nội dung" in words_of(ward.get(f"{here}khai/"))
    assert ward.post(f"{here}khong-co/", {"reason": "Đã đủ", "topic": "999999"}).status_code == 422
    wrong = ward.post(f"{here}khong-co/", {"reason": " ", "topic": law.pk})
    assert wrong.status_code == 422 and f'value="{law.pk}" selected' in text_of(wrong)
    done = ward.post(f"{here}khong-co/", {"reason": "Cả phường vừa học", "topic": law.pk}, follow=True)
    assert f"không có nhu cầu học “{law.name}” năm 2024" in words_of(done)
    assert Exemption.objects.get().topic == law
    assert "Đơn vị đã trả lời 0/5" in words_of(
        sign_in(Client(), now.q3_officer).get(here)
    )  # it may want others

    document = register_directive(
        seat=now.q3_leader,
        data=DirectiveData(
            kind=DocumentKind.KH, number_text="70/KH-UBND", issuer=now.q3, issued_on=date(2023, 1, 10),
            subject="Xây dựng xã hội học tập", body="Các đơn vị thực hiện.",
        ),
        deliver_to=[now.p1, now.p2],
    )[0]  # fmt: skip
    words = {"measure": "đơn vị", "percent": 100, "text": "100 %"}
    said = {
        law: "nơi có nhu cầu tập huấn pháp luật",
        it: "nơi có nhu cầu tập huấn tin học",
        None: "nơi có nhu cầu",
    }
    rows = [
        Target.objects.create(directive=document, order=n, subject=subject, **words)
        for n, subject in enumerate(said.values())
    ]
    assert [state.exempt for state in states(rows, year=2024)] == [1, 0, 0]
    with_all = ward.post(f"{here}khong-co/", {"reason": "Không tuyển mới", "topic": ""})
    assert with_all.status_code == 302
    assert [state.exempt for state in states(rows, year=2024)] == [1, 1, 1]
    page = ward.get(f"{here}khai/").content.decode()
    assert page.count('value="bo"') == 2 and 'id="cua-noi-dung"' not in page
    ward.post(f"{here}khong-co/", {"do": "bo", "topic": law.pk})
    assert Exemption.objects.get().topic is None
    ward.post(f"{here}khong-co/", {"do": "bo", "topic": "999999"})
    assert Exemption.objects.count() == 1


def test_names_are_for_who_keeps_people_and_strangers_find_nothing(survey, now):
    answer(survey=survey, unit=now.p1, person=person("Trần Thị Ánh", now.p1), topics=[topic("it")])
    here = f"/nhu-cau/{survey.pk}/"
    own = sign_in(Client(), now.p1_leader)
    assert "Trần Thị Ánh" in words_of(own.get(f"{here}khai/"))
    for seat in (now.q3_officer, now.p2_officer):
        assert "Trần Thị Ánh" not in words_of(sign_in(Client(), seat).get(f"{here}khai/"))
    assert sign_in(Client(), now.q3_viewer).get(f"{here}khai/").status_code == 403
    assert sign_in(Client(), now.q3_viewer).get(here).status_code == 200
    stranger = sign_in(Client(), now.stranger_officer)
    assert stranger.get(here).status_code == 404
    assert stranger.get(f"/nhu-cau/so-nguoi/?don-vi={now.p1.code}").status_code == 404
    assert stranger.get(f"/nhu-cau/ty-le/?don-vi={now.p1.code}").status_code == 404
    assert own.get(f"{here}?don-vi={now.p2.code}").status_code == 404
    who = Person.objects.get()
    sign_in(Client(), now.p2_officer).post(f"{here}bo-tra-loi/", {"person": who.pk})
    assert Need.objects.count() == 1
    own.post(f"{here}bo-tra-loi/", {"person": who.pk})
    assert Need.objects.count() == 0


def test_a_need_becomes_a_planned_class_with_its_list(survey, now):
    for name in ("Ánh", "Bình"):
        answer(survey=survey, unit=now.p1, person=person(name, now.p1), topics=[topic("it")])
    office = sign_in(Client(), now.q3_officer)
    address = f"/nhu-cau/{survey.pk}/ke-hoach/{topic('it').pk}/"
    page = text_of(office.get(address))
    token = re.search(r'name="token" value="([^"]+)"', page)[1]
    kind = re.search(r'value="(\d+)"[^>]*>Bồi dưỡng tin học', page)[1]
    form = {
        "token": token,
        "name": "Lớp tin học",
        "kind": kind,
        "training_form": "group",
        "starts_at": "05/02/2024 08:00",
    }
    assert office.post(address, form | {"starts_at": "hôm nào"}).status_code == 422
    for _twice in range(2):
        assert office.post(address, form).status_code == 302
    made = Activity.objects.get()
    assert (made.host, made.registrations.count(), made.topic) == (now.q3, 2, topic("it"))


def test_targets_show_what_is_counted_and_the_issuer_sets_how(survey, now):
    target = filled(now, survey)
    exempt(seat=now.p2_officer, unit=now.p2, year=2023, reason="Không tuyển mới")
    office = sign_in(Client(), now.q3_officer)
    seen = words_of(office.get("/nhu-cau/"))
    assert "0/3 đơn vị" in seen and "đã bỏ ra 1 đơn vị không có nhu cầu" in seen
    assert "Hiểu theo lời văn bản" in seen
    address = f"/nhu-cau/chi-tieu/{target.pk}/"
    assert sign_in(Client(), now.pgd_officer).get(address).status_code == 404
    assert office.post(address, {"reached": "people"}).status_code == 422
    said = {"reached": "held", "families": ["class", "news.briefing"]}
    assert office.post(address, said).status_code == 302
    assert TargetMeasure.objects.get().kinds == ["news.briefing"]
    assert "1/4 đơn vị" in words_of(office.get("/nhu-cau/"))
    assert "1/1 đơn vị" in words_of(sign_in(Client(), now.p1_officer).get("/nhu-cau/"))


def cells(response) -> list[list]:
    return CalamineWorkbook.from_filelike(io.BytesIO(response.content)).get_sheet_by_index(0).to_python()


def test_the_sheets_hold_what_the_pages_show(survey, now):
    filled(now, survey)
    office = sign_in(Client(), now.q3_officer)
    page, sheet = words_of(office.get("/nhu-cau/ty-le/")), cells(office.get("/nhu-cau/ty-le.xlsx"))
    year = next(row for row in sheet if row[0] == "2023")
    assert year[1:] == [5, 0, 3, 58, 17, 3, 5.2, 0, 14, ""]
    assert "2023 0/5 +3 khai thiếu nhóm 58 17 3 5,2% 0 14" in page
    ward = next(row for row in sheet if row[0] == now.p1.name)
    assert ward[1:] == [1, 0, 1, 8, 5, 3, 37.5, 0, 14, ""]
    assert f"{now.p1.short_name} 0/1 +1 khai thiếu nhóm 8 5 3 37,5% 0 14" in page
    assert "2020 0/5 chưa khai – 0 – 0 0" in page
    needs = cells(office.get(f"/nhu-cau/{survey.pk}.xlsx"))
    assert needs[2] == ["Đơn vị", "Số đơn vị", "Đã trả lời", "Tin học", "Pháp luật, chính sách"]
    assert [row[1:] for row in needs[3:]] == [[5, 3, 14, 2], [2, 1, "", ""], [1, 1, 2, 2], [1, 1, 12, 0]]


def test_headcounts_of_many_units_come_by_excel_all_or_none(now):
    office = sign_in(Client(), now.q3_officer)
    template = cells(office.get("/nhu-cau/so-nguoi.xlsx"))
    assert len(template) == 1 + 3 * 5
    day = date(2023, 6, 30)

    def rows(*given):
        return io.BytesIO(write_heads([HeadRow(code, "", on, g, "", t, w) for code, on, g, t, w in given]))

    def sent(file):
        file.name = "so-nguoi.xlsx"
        return office.post("/nhu-cau/so-nguoi/nhap/", {"sheet": file})

    bad = sent(
        rows(
            (now.p1.code, day, WORKERS, 8, 9),
            (now.stranger.code, day, WORKERS, 5, None),
            (now.p2.code, day, WORKERS, 4, 2),
        )
    )
    assert bad.status_code == 422
    said = words_of(bad)
    assert "Số người!G2 Số nữ 9 phải từ 0 đến tổng số 8" in said and "Số người!A3 Không có đơn vị mã" in said
    assert Headcount.objects.count() == 0
    good = sent(
        rows(
            (now.p1.code, day, WORKERS, 8, 5),
            (now.p2.code, day, TEACHERS, 4, None),
            (now.p2.code, day, WORKERS, None, None),
        )
    )
    assert "2 số mới" in words_of(good) and Headcount.objects.count() == 0
    token = re.search(r'name="token" value="([^"]+)"', text_of(good))[1]
    assert office.post("/nhu-cau/so-nguoi/nhap/ghi/", {"token": token}).status_code == 302
    assert Headcount.objects.count() == 2
    assert "2 số giữ nguyên" in words_of(
        sent(rows((now.p1.code, day, WORKERS, 8, 5), (now.p2.code, day, TEACHERS, 4, None)))
    )
    assert office.post("/nhu-cau/so-nguoi/nhap/ghi/", {"token": "x"}).status_code == 422
    broken = io.BytesIO(b"not a workbook")
    assert sent(broken).status_code == 422


def test_a_headcount_is_typed_corrected_and_dropped(now):
    ward = sign_in(Client(), now.p1_officer)
    add = f"/nhu-cau/so-nguoi/ghi/?don-vi={now.p1.code}"
    form = {"on": "30/06/2023", "group": "workers", "total": "8", "women": "9"}
    assert "Số nữ 9" in text_of(ward.post(add, form))
    assert ward.post(add, form | {"women": ""}).status_code == 302
    assert ward.post(add, form | {"women": "5"}).status_code == 302
    assert ward.post(add, form | {"women": "3", "total": "4", "trade": "Thợ hàn"}).status_code == 302
    assert [(row.total, row.women, row.trade) for row in Headcount.objects.order_by("trade")] == [
        (8, 5, ""),
        (4, 3, "Thợ hàn"),
    ]
    assert "8 nữ 5, ngày 30/06/2023" in words_of(ward.get("/nhu-cau/so-nguoi/"))
    assert ward.post(f"/nhu-cau/so-nguoi/ghi/?don-vi={now.p2.code}", form).status_code == 404
    drop = f"/nhu-cau/so-nguoi/bo/{Headcount.objects.first().pk}/"
    assert sign_in(Client(), now.p2_officer).post(drop).status_code == 404
    assert ward.post(drop).status_code == 302
    assert Headcount.objects.count() == 1


def pages(survey):
    return [
        "/nhu-cau/",
        f"/nhu-cau/{survey.pk}/",
        f"/nhu-cau/{survey.pk}/khai/",
        "/nhu-cau/so-nguoi/",
        "/nhu-cau/ty-le/",
    ]


def test_pages_ask_as_often_for_many_units_as_for_few(survey, now):
    filled(now, survey)
    client = sign_in(Client(), now.q3_officer)
    addresses = [
        *pages(survey),
        f"/nhu-cau/k/{survey.token}/",
        f"/nhu-cau/k/{survey.token}/?don-vi={now.p1.code}",
    ]

    def asked() -> list[int]:
        counts = []
        for address in addresses:
            client.get(address)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            counts.append(len(queries))
        return counts

    few = asked()
    for n in range(12):
        unit = found_unit(
            seat=None, code=f"T{n}", kind=Kind.SCHOOL, name=f"Trường {n}", short_name=f"Trường {n}", since=SINCE,
            parents={Line.TERRITORY: now.q3, Line.SECTOR: now.pgd},
        )  # fmt: skip
        answer(survey=survey, unit=unit, person=person(f"Cô {n}", unit), topics=[topic("it")])
        count_heads(seat=now.q3_officer, counts=[Heads(unit, date(2023, 3, n + 1), TEACHERS, 30)])
        held(unit, date(2023, 5, 3), [person(f"Thầy {n}", unit)], kind="class.teachers", about="profession")
    assert asked() == few
    assert max(few) <= 16


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_every_page_fits_and_can_be_read(browse, cast, width):
    with clock.frozen(NOW):
        survey = open_survey(
            seat=cast.q3_officer, name="Nhu cầu học năm 2024", year=2024, ends_on=date(2099, 1, 1)
        )
        target = filled(cast, survey)
    addresses = [
        *pages(survey), "/nhu-cau/mo/", f"/nhu-cau/{survey.pk}/ke-hoach/{topic('it').pk}/", "/nhu-cau/so-nguoi/nhap/",
        f"/nhu-cau/chi-tieu/{target.pk}/", f"/nhu-cau/k/{survey.token}/",
        f"/nhu-cau/k/{survey.token}/?don-vi={cast.p1.code}",
    ]  # fmt: skip
    page = browse(addresses[0], seat=cast.q3_officer, width=width)
    for address in addresses:
        page.goto(address)
        expect(page.locator("h1")).to_be_visible()
        assert fits(page), address
        assert axe(page) == [], address


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_worker_answers_on_the_phone_without_scripts(browse, cast):
    survey = open_survey(
        seat=cast.q3_officer,
        name="Nhu cầu học tới đây",
        year=clock.today().year + 1,
        ends_on=date(2099, 1, 1),
    )
    page = browse(f"/nhu-cau/k/{survey.token}/", width=NARROW, javascript=False)
    page.get_by_label("Tìm đơn vị").fill("le quy don")
    page.get_by_role("button", name="Tìm").click()
    page.get_by_role("link", name="Trường Trung học cơ sở Lê Quý Đôn").click()
    page.get_by_label("Họ và tên").fill("Đỗ Thị Mận")
    page.get_by_label("Anh/chị là").select_option("teacher")
    page.get_by_label("Tin học").check()
    page.get_by_role("button", name="Gửi câu trả lời").click()
    expect(page.get_by_text("Đánh dấu đồng ý")).to_be_visible()
    expect(page.get_by_label("Tin học")).to_be_checked()
    page.get_by_label("Tôi đồng ý").check()
    page.get_by_role("button", name="Gửi câu trả lời").click()
    expect(page.locator("#da-ghi")).to_be_visible()
    assert Need.objects.get().person.full_name == "Đỗ Thị Mận"
    page.get_by_label("Pháp luật, chính sách").check()
    page.get_by_label("Tôi đồng ý").check()
    page.get_by_role("button", name="Gửi câu trả lời đã sửa").click()
    expect(page.get_by_label("Pháp luật, chính sách")).to_be_checked()
    assert set(Need.objects.values_list("topic__code", flat=True)) == {"it", "law"}
