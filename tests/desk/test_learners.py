"""A card opens a learner's own page, and nothing else; wrong PINs lock it."""

import re
from datetime import datetime, timedelta
from http import HTTPStatus

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client
from django.urls import reverse

from hoctap.activities.actions import ActivityData, SessionData, record_activity
from hoctap.activities.actions.certifying import issue_certificates
from hoctap.activities.enums import Opening, Part, RegistrationState
from hoctap.activities.models import Activity, Registration
from hoctap.activities.queries import kind
from hoctap.kernel import clock
from hoctap.kernel.models import Act
from hoctap.people.actions import give_consent
from hoctap.people.entering import MOST_FAILURES, person_of_card
from hoctap.people.enums import ConsentWay, Purpose, RequestKind
from hoctap.people.models import Card, DataRequest, Person
from tests.browser import NARROW, WIDE, axe, fits
from tests.learning import DAY, FIRST_DAY, PIN, attend, card, held_class, learner
from tests.pages import text_of, words_of

NOON = datetime(2023, 11, 1, 12, 0, tzinfo=clock.VIETNAM)
MINE = "/cua-toi/"


@pytest.fixture
def hoa(cast) -> Person:
    return learner(cast.p1, "Nguyễn Thị Hoa")


@pytest.fixture
def her_card(hoa) -> Card:
    return card(hoa)


def open_card(client: Client, token: str, pin: str = PIN, **more):
    return client.post(reverse("card", args=[token]), {"pin": pin, **more})


# ---- signing in ----


def test_the_qr_and_the_pin_open_ones_own_page(hoa, her_card, client):
    page = client.get(reverse("card", args=[her_card.token]))
    assert page.status_code == HTTPStatus.OK and hoa.full_name not in words_of(page)
    assert open_card(client, her_card.token)["Location"] == MINE
    assert hoa.full_name in words_of(client.get(MINE))


@pytest.mark.parametrize("shape", ["{0}", "{1} {2} {3}", "{1}-{2}-{3}", "  {4} "])
def test_the_code_printed_on_the_card_opens_it_too(her_card, client, shape):
    t = her_card.token
    code = shape.format(t, t[:4], t[4:8], t[8:12], t[:12].upper())
    answer = client.post(reverse("card-typed"), {"code": code, "pin": PIN})
    assert answer["Location"] == MINE


@pytest.mark.parametrize(
    ("back", "lands"),
    [
        ("/dang-ky/7/", "/dang-ky/7/"),
        ("//evil.example/", MINE),
        ("/\\evil.example/", MINE),
        ("https://evil.example/", MINE),
        ("dang-ky/7/", MINE),
    ],
)
def test_whoever_was_asked_for_the_card_goes_on_there_and_nowhere_else(her_card, client, back, lands):
    asked = client.get(reverse("card-typed"), {"tiep": back})
    assert (f'name="tiep" value="{back}"' in text_of(asked)) is (lands == back)
    answer = client.post(reverse("card-typed"), {"code": her_card.token, "pin": PIN, "tiep": back})
    assert answer["Location"] == lands


def test_another_language_after_a_refusal_asks_for_the_card_again(her_card, client):
    card_page = reverse("card", args=[her_card.token])
    for page in (reverse("card-typed"), card_page):
        refused = client.post(page, {"code": her_card.token, "pin": "000000", "tiep": "/dang-ky/7/"})
        there = re.search(r'name="next" value="([^"]+)"', text_of(refused))[1]
        answer = client.post(reverse("set_language"), {"language": "en", "next": there})
        assert answer["Location"] == f"{page}?tiep=/dang-ky/7/"


@pytest.mark.parametrize("code", ["", "%", "a" * 11, "________________", "0" * 40, "\0" * 12, "é" * 12])
def test_no_other_code_does(her_card, client, code):
    answer = client.post(reverse("card-typed"), {"code": code, "pin": PIN})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Mã thẻ hoặc mã PIN chưa đúng" in words_of(answer)


def test_five_wrong_pins_lock_the_card_for_a_quarter_of_an_hour(her_card, client):
    with clock.frozen(NOON):
        for left in range(MOST_FAILURES - 1, 0, -1):
            assert f"Còn {left} lần thử" in words_of(open_card(client, her_card.token, "000000"))
        assert "tạm khóa tới 12:15" in words_of(open_card(client, her_card.token, "000000"))
        assert "tạm khóa tới 12:15" in words_of(open_card(client, her_card.token))
        assert client.get(MINE).status_code == HTTPStatus.FOUND
        assert Act.objects.filter(verb="card.lock").count() == 1
    with clock.frozen(NOON + timedelta(minutes=15)):
        assert "Còn 4 lần thử" in words_of(open_card(client, her_card.token, "000000"))
        assert open_card(client, her_card.token)["Location"] == MINE
    her_card.refresh_from_db()
    assert (her_card.failures, her_card.locked_until) == (0, None)


def test_many_tries_from_one_place_are_stopped_whatever_the_card(db, client):
    codes = [f"{n:032x}" for n in range(61)]
    statuses = [open_card(client, code).status_code for code in codes]
    assert statuses == [422] * 60 + [429]


def test_a_hall_that_opens_its_cards_in_one_minute_is_let_in(her_card):
    answers = [open_card(Client(), her_card.token) for _ in range(70)]
    assert {answer.get("Location") for answer in answers} == {MINE}


def test_a_revoked_card_or_a_new_pin_ends_what_was_open(her_card):
    for change in ({"pin": make_password("135791")}, {"revoked_at": NOON}):
        client = Client()
        open_card(client, her_card.token)
        assert client.get(MINE).status_code == HTTPStatus.OK
        before = Card.objects.filter(pk=her_card.pk).values(*change)[0]
        Card.objects.filter(pk=her_card.pk).update(**change)
        assert client.get(MINE)["Location"] == reverse("card-typed")
        Card.objects.filter(pk=her_card.pk).update(**before)


def test_a_merged_persons_card_opens_the_one_that_is_kept(cast, hoa, her_card):
    kept = learner(cast.p1, "Nguyễn Thị Hòa")
    Person.objects.filter(pk=hoa.pk).update(merged_into=kept)
    assert person_of_card(her_card.token, PIN) == kept


def test_a_card_ends_an_officers_session_and_an_officer_sees_none_of_it(cast, hoa, her_card, signed_in):
    client = signed_in(cast.pgd_officer)
    open_card(client, her_card.token)
    assert client.get("/")["Location"].startswith("/dang-nhap/")
    assert client.get(MINE).status_code == HTTPStatus.OK
    client = signed_in(cast.pgd_officer)  # the same browser: the account comes before the card
    answer = client.get(MINE)
    assert answer.status_code == HTTPStatus.FORBIDDEN and hoa.full_name not in words_of(answer)


def test_an_officer_who_is_a_person_has_the_same_page(cast, hoa, signed_in):
    Person.objects.filter(pk=hoa.pk).update(user=cast.p1_officer.user)
    page = words_of(signed_in(cast.p1_officer).get(MINE))
    assert "Sổ học tập của Nguyễn Thị Hoa" in page and "Bàn làm việc" in page


def test_an_account_is_tied_by_the_card_and_its_pin_and_untied_again(cast, hoa, her_card, signed_in):
    client, tie = signed_in(cast.pgd_officer), reverse("mine-tie")
    nobody = client.get(MINE)
    assert nobody.status_code == HTTPStatus.FORBIDDEN and "chưa gắn với người học nào" in words_of(nobody)
    wrong = client.post(tie, {"code": her_card.token[:12], "pin": "000000"})
    assert wrong.status_code == HTTPStatus.UNPROCESSABLE_ENTITY and "Còn 4 lần thử" in words_of(wrong)
    assert client.post(tie, {"code": her_card.token[:12], "pin": PIN})["Location"] == MINE
    assert "Sổ học tập của Nguyễn Thị Hoa" in words_of(client.get(MINE))
    assert "mở được bằng tài khoản" in words_of(client.get(reverse("mine-data")))
    assert client.post(reverse("mine-untie"))["Location"] == "/"
    assert client.get(MINE).status_code == HTTPStatus.FORBIDDEN
    assert [act.verb for act in Act.objects.filter(verb__contains="tie")] == ["person.tie", "person.untie"]


def test_an_account_has_one_person_and_a_person_one_account(cast, hoa, her_card, signed_in):
    client, tie = signed_in(cast.pgd_officer), reverse("mine-tie")
    client.post(tie, {"code": her_card.token, "pin": PIN})
    again = client.post(tie, {"code": her_card.token, "pin": PIN})
    assert again["Location"] == MINE and Act.objects.filter(verb="person.tie").count() == 1
    other = card(learner(cast.p1, "Trần Văn Bình"))
    refused = client.post(tie, {"code": other.token, "pin": PIN})
    assert "đã gắn với một người khác" in words_of(refused)
    refused = signed_in(cast.p1_officer).post(tie, {"code": her_card.token, "pin": PIN})
    assert "đã gắn với một tài khoản khác" in words_of(refused)
    assert Person.objects.get(user=cast.pgd_officer.user) == hoa


@pytest.mark.parametrize(("seat", "status"), [("p1_officer", 302), ("p2_officer", 404), ("q3_viewer", 403)])
def test_the_unit_that_keeps_her_unties_too(cast, hoa, signed_in, seat, status):
    Person.objects.filter(pk=hoa.pk).update(user=cast.p1_leader.user)
    client = signed_in(getattr(cast, seat))
    assert client.post(reverse("person-untie", args=[hoa.pk])).status_code == status
    assert (Person.objects.get(pk=hoa.pk).user is None) == (status == 302)


def test_many_tries_to_tie_are_stopped(cast, signed_in):
    client, tie = signed_in(cast.pgd_officer), reverse("mine-tie")
    statuses = [client.post(tie, {"code": f"{n:032x}", "pin": PIN}).status_code for n in range(61)]
    assert statuses == [422] * 60 + [429]


def test_going_out_closes_it(her_card, client):
    open_card(client, her_card.token)
    assert client.post(reverse("card-out"))["Location"] == reverse("card-typed")
    assert client.get(MINE).status_code == HTTPStatus.FOUND


def test_only_who_asks_for_it_stays_signed_in(her_card):
    for more, lives in (({}, ""), ({"remember": "1"}, 14 * 24 * 3600)):
        client = Client()
        open_card(client, her_card.token, **more)
        assert client.cookies["sessionid"]["max-age"] == lives


# ---- the page ----


@pytest.fixture
def record(cast, hoa) -> None:
    """Two years, a certificate, something to come, a consent."""
    last, this = (
        held_class(cast.p1_officer, 2, start=FIRST_DAY.replace(year=2022), hours=1.5),
        held_class(cast.p1_officer, 3),
    )
    attend(last, hoa)
    attend(this, hoa, 2)
    attend(held_class(cast.pgd_officer, 1, name="Tập huấn báo cáo viên"), hoa, part=Part.SPEAKER)
    attend(held_class(cast.pgd_officer, 1, name="Ngày hội đọc sách", hours=None), hoa)
    with clock.frozen(NOON):
        issue_certificates(seat=cast.p1_leader, activity=this, share=60, position="Chủ tịch")
        data = ActivityData(kind("class.it"), "Lớp tháng 11", [SessionData(NOON + timedelta(days=9))])
        coming = record_activity(seat=cast.p1_officer, host=cast.p1, data=data)
        Registration.objects.create(activity=coming, person=hoa, token="t", state=RegistrationState.WAITING)
        give_consent(person=hoa, purpose=Purpose.RECORD, way=ConsentWay.PAPER, given_on=DAY)


def test_the_page_shows_what_was_learned_year_by_year(record, her_card, client):
    with clock.frozen(NOON):
        open_card(client, her_card.token)
        page = words_of(client.get(MINE))
        earlier = words_of(client.get(f"{MINE}?nam=2022"))
    assert "Hoạt động đã học 3" in page and "Buổi đã dự 5" in page
    assert "Số giờ 7 chưa gồm 1 buổi không rõ thời lượng" in page
    assert "Tập huấn báo cáo viên" in page and "Báo cáo viên, giảng viên" in page
    assert "Lớp tháng 11" in page and "Chờ chỗ" in page and "Còn hiệu lực" in page
    assert "Ngày hội đọc sách" not in earlier and "2 buổi 3 giờ" in earlier


def test_the_page_leads_to_what_comes_and_to_what_takes_registrations(record, cast, her_card, client):
    with clock.frozen(NOON):
        open_card(client, her_card.token)
        html = client.get(MINE).content.decode()
        assert f'href="{reverse("give-up", args=["t"])}">Lớp tháng 11</a>' in html and ".ics" in html
        assert "Đang nhận đăng ký" not in html
        soon = [SessionData(NOON + timedelta(days=3))]
        made = {}
        for seat, opening in (
            (cast.p1_officer, Opening.UNIT), (cast.q3_officer, Opening.PUBLIC), (cast.p1_officer, Opening.CLOSED),
            (cast.p2_officer, Opening.UNIT), (cast.stranger_officer, Opening.PUBLIC),
        ):  # fmt: skip
            data = ActivityData(
                kind("class.it"), f"Lớp {seat.unit.short_name} {opening}", soon, opening=opening
            )
            made[seat.unit.pk, opening] = record_activity(seat=seat, host=seat.unit, data=data)
        html = client.get(MINE).content.decode()
        shown = [key for key, one in made.items() if f'href="{reverse("register", args=[one.pk])}"' in html]
        assert shown == [(cast.p1.pk, Opening.UNIT), (cast.q3.pk, Opening.PUBLIC)]
        Registration.objects.create(activity=made[shown[0]], person=her_card.person, token="u")
        Activity.objects.filter(pk=made[shown[1]].pk).update(registration_ends_at=NOON)
        assert "Đang nhận đăng ký" not in client.get(MINE).content.decode()


def test_a_certificate_is_pointed_out_for_two_weeks(record, her_card, client):
    with clock.frozen(NOON + timedelta(days=13)):
        open_card(client, her_card.token)
        assert "Lớp kỹ năng số Mới" in words_of(client.get(MINE))
    with clock.frozen(NOON + timedelta(days=15)):
        open_card(client, her_card.token)
        page = words_of(client.get(MINE))
    assert "Lớp kỹ năng số Mới" not in page and "Lớp kỹ năng số" in page


def test_a_consent_is_withdrawn_and_data_asked_for(record, hoa, her_card, client):
    with clock.frozen(NOON):
        open_card(client, her_card.token)
        consent = hoa.consents.get()
        before = words_of(client.get(reverse("mine-data")))
        client.post(reverse("mine-withdraw", args=[consent.pk]))
        answer = client.post(reverse("mine-ask"), {"kind": "access"}, follow=True)
        page = words_of(answer)
    consent.refresh_from_db()
    assert hoa.memberships.get().unit.name in before and "1985" in before
    assert consent.withdrawn_on == NOON.date() and "Đã rút ngày 01/11/2023" in page
    asked = DataRequest.objects.get()
    assert (asked.person, asked.kind) == (hoa, RequestKind.ACCESS) and "trước hết ngày 03/11/2023" in page
    assert client.post(reverse("mine-ask"), {"kind": "gi"}).status_code != HTTPStatus.FOUND


def test_the_papers_come_as_pdf(record, hoa, her_card, client):
    with clock.frozen(NOON):
        open_card(client, her_card.token)
        one = hoa.certificates.get()
        for address in (reverse("mine-paper"), reverse("mine-certificate", args=[one.pk])):
            answer = client.get(address)
            assert answer["Content-Type"] == "application/pdf" and answer.content.startswith(b"%PDF")
            assert answer["Cache-Control"] == "private, no-store"


# ---- in a browser ----


@pytest.mark.browser
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_the_pages_fit_and_can_be_reached_without_scripts(record, her_card, browse, width):
    page = browse(reverse("card-typed"), width=width)
    assert axe(page) == [] and fits(page)
    page = browse(reverse("card", args=[her_card.token]), width=width, javascript=False)
    page.fill("#pin", PIN)
    page.click("main button[type=submit]")
    page.get_by_role("heading", name="Đã học").wait_for()
    assert fits(page)


@pytest.mark.browser
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_ones_own_page_is_told_to_a_screen_reader(record, her_card, browse, width):
    page = browse(reverse("card", args=[her_card.token]), width=width)
    page.fill("#pin", PIN)
    page.click("main button[type=submit]")
    page.get_by_role("heading", name="Đã học").wait_for()
    assert axe(page) == [] and fits(page)
    assert "Sổ học tập của" in text_of_page(page)
    page.get_by_role("link", name="Dữ liệu của tôi").click()
    page.get_by_role("heading", name="Đồng ý", exact=True).wait_for()
    assert axe(page) == [] and fits(page)


def text_of_page(page) -> str:
    return page.locator("h1").inner_text().replace("\u00a0", " ")
