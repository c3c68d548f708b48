"""Screens of activities: recording, changing, evidence, the calendar, quick capture; who may and who may not."""

import io
import re
import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image
from playwright.sync_api import expect

from hoctap.activities import calendars
from hoctap.activities.actions import SessionData, add_file, record_activity
from hoctap.activities.actions.evidence import PIECE
from hoctap.activities.enums import EvidenceKind, Opening, SessionState
from hoctap.activities.models import Activity, Evidence, Upload
from hoctap.kernel import clock
from hoctap.orgs.actions import grant_seat
from hoctap.orgs.enums import Role
from hoctap.people.models import User
from tests.activities.conftest import at, said
from tests.activities.test_evidence import located, photo
from tests.browser import NARROW, WIDE, axe, fits, kept_on_the_phone
from tests.cast import SINCE
from tests.learning import attend, learner
from tests.pages import text_of, words_of
from tests.waiting import eventually

FORM = {
    "name": "Tin học văn phòng",
    "kind": "class.it",
    "host": "ubnd phuong 1",
    "opening": "closed",
    "rows": "1",
    "b0-day": "03/10/2023",
    "b0-start": "18h30",
    "b0-end": "20:00",
    "b0-place": "TTHTCĐ",
    "b0-held": "on",
    "b0-people": "31",
}


def post(client, route: str, /, *args, **fields):
    return client.post(reverse(route, args=args), fields)


def test_a_class_recorded_in_full(week, cast, signed_in):
    client = signed_in(cast.q3_officer)
    more = {
        "units": "lien doan lao dong quan 3",
        "partners": "Trường Đại học Sư phạm\nCông ty Sách",
        "cost_state": "2.500.000",
        "capacity": "40",
        "document": "Kế hoạch tuần lễ",
    }
    answer = post(client, "activity-new", **FORM | more)
    made = Activity.objects.get()
    assert answer["Location"] == reverse("activity", args=[made.pk])
    session = made.sessions.get()
    assert (made.host, session.starts_at, session.ends_at) == (cast.p1, at(3), at(3, 20, 0))
    assert (session.state, session.unnamed) == (SessionState.HELD, 31)
    assert [row.unit for row in made.co_hosts.all()] == [cast.ldld]
    assert [row.kind for row in made.partners.order_by("pk")] == ["university", "enterprise"]
    assert [row.amount for row in made.costs.all()] == [2_500_000]
    page = words_of(client.get(answer["Location"]))
    for words in (
        "Tin học văn phòng",
        "Thứ Ba, 03/10/2023",
        "18:30 –20:00",
        "Liên đoàn Lao động Quận 3",
        "2.500.000",
    ):
        assert words in page or words.replace(" –", "–") in page


def test_one_more_session_keeps_what_was_typed(week, cast, signed_in):
    answer = post(signed_in(cast.p1_officer), "activity-new", **FORM | {"more": "1", "name": ""})
    assert answer.status_code == 200
    html = text_of(answer)
    assert 'name="b1-place" value="TTHTCĐ"' in html
    assert 'value="18h30"' in html
    assert 'class="err"' not in html
    assert not Activity.objects.exists()


@pytest.mark.parametrize(
    ("days", "next_day"),
    [(["07/10/2023"], "14/10/2023"), (["03/10/2023", "05/10/2023"], "07/10/2023"), ([""], ""), (["x"], "")],
)
def test_one_more_session_comes_as_long_after(week, cast, signed_in, days, next_day):
    rows = {f"b{n}-day": day for n, day in enumerate(days)} | {"b0-start": "18:30"}
    form = text_of(post(signed_in(cast.pgd_officer), "activity-new", rows=len(days), more=1, **rows))
    added = re.search(rf'<input[^>]*name="b{len(days)}-day"[^>]*>', form)[0]
    assert (re.search(r'value="([^"]*)"', added) or ["", ""])[1] == next_day


def test_a_document_is_told_to_people_and_shows_where_and_to_how_many(week, cast, story, signed_in):
    client, document = signed_in(cast.p1_officer), story.round.directive
    page = client.get(reverse("directive", args=[document.pk])).content.decode()
    new = re.search(r'href="([^"]+[?]van-ban=\d+)">Ghi buổi', page)[1]
    form = text_of(client.get(new))
    assert f'value="{document.number_label}"' in form and "Phổ biến" in form
    assert '<option value="news.briefing" selected' in form
    assert 'value="Phổ biến' not in text_of(signed_in(cast.stranger_officer).get(new))  # not hers
    told = said(
        "Phổ biến kế hoạch", "news.briefing", SessionData(at(5), held=True, unnamed=40), document=document
    )
    record_activity(seat=cast.p1_officer, host=cast.p1, data=told)
    listed = words_of(signed_in(cast.pgd_officer).get(reverse("activities"), {"van-ban": document.pk}))
    assert "Phổ biến kế hoạch" not in listed  # Phòng does not reach the ward
    client = signed_in(cast.q3_officer)
    record_activity(
        seat=cast.q3_officer, host=cast.q3, data=said("Việc khác", "class.it", SessionData(at(5), held=True))
    )
    listed = words_of(client.get(reverse("activities"), {"van-ban": document.pk}))
    assert "Phổ biến kế hoạch" in listed and "tổng cộng 40 lượt người" in listed and "Việc khác" not in listed


def test_templates_are_found_and_used_from_today(week, cast, signed_in):
    data = replace(said("Mẫu lớp tin học", "class.it", SessionData(at(1))), is_template=True)
    template = record_activity(seat=cast.p1_officer, host=cast.p1, data=data)
    client = signed_in(cast.p1_officer)
    assert 'href="/hoat-dong/?mau=1"' in client.get(reverse("activities")).content.decode()
    assert "Mẫu lớp tin học" not in words_of(client.get(reverse("activities")))
    assert "Mẫu lớp tin học" in words_of(client.get(reverse("activities"), {"mau": 1}))
    form = text_of(client.get(reverse("activity-again", args=[template.pk])))
    assert 'value="ngay" checked' in form and 'value="06/10/2023"' in form


def test_a_unit_searched_is_offered_to_tick(week, cast, signed_in):
    answer = post(signed_in(cast.p1_officer), "activity-new", **FORM | {"find": "1", "tim": "lien doan"})
    assert f'name="unit" value="{cast.ldld.pk}"' in text_of(answer)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name": " "}, "Chưa nhập mục này."),
        ({"b0-end": "18:00"}, "Giờ kết thúc phải sau giờ bắt đầu."),
        ({"b0-day": "03/10/2024"}, "Buổi này chưa tới giờ"),
        ({"b0-day": "32/10/2023"}, "Ngày chưa đúng"),
        ({"b0-start": "25h"}, "Giờ chưa đúng"),
        ({"b0-people": "ba mươi"}, "Ghi số nguyên từ 0"),
        ({"b0-day": ""}, "Ghi ngày của buổi."),
        ({"host": "UBND Quận 1"}, "Không thấy đơn vị này"),
        ({"units": "Hội không có"}, "Không rõ đơn vị nào: Hội không có"),
        ({"q_books": "4"}, "không ghi số lượng"),
        ({"b0-link": "javascript:alert(1)"}, "URL"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_kept(week, cast, signed_in, wrong, words):
    answer = post(signed_in(cast.q3_officer), "activity-new", **FORM | wrong)
    assert answer.status_code == 422
    assert words in words_of(answer)
    assert not Activity.objects.exists()


def test_a_hundred_thousand_people_are_asked_about_and_can_be_confirmed(week, cast, signed_in):
    client, form = signed_in(cast.p1_officer), FORM | {"b0-people": "100.000", "capacity": "40"}
    asked = post(client, "activity-new", **form)
    assert asked.status_code == 422
    assert "100.000 người ở nơi có 40 chỗ." in words_of(asked)
    assert not Activity.objects.exists()
    post(client, "activity-new", **form | {"confirm": "on"})
    assert "100.000 người ở nơi có 40 chỗ." in words_of(
        client.get(reverse("activity", args=[Activity.objects.get().pk]))
    )


def test_changing_keeps_what_the_form_shows(course, cast, signed_in):
    client = signed_in(cast.pgd_officer)
    address = reverse("activity-edit", args=[course.pk])
    html = text_of(client.get(address))
    assert f'name="unit" value="{cast.p1.pk}" checked' in html
    answer = client.post(
        address,
        {
            "name": "Tin học tối",
            "kind": "class.it",
            "host": cast.pgd.name,
            "opening": "unit",
            "unit": cast.p1.pk,
            "capacity": 30,
        },
    )
    assert answer.status_code == 302
    course.refresh_from_db()
    assert (course.name, course.opening, course.capacity) == ("Tin học tối", "unit", 30)
    assert [row.unit for row in course.co_hosts.all()] == [cast.p1]


def test_a_co_host_sees_it_and_is_told_who_may_change_it(course, cast, signed_in):
    client = signed_in(cast.p1_officer)
    page = text_of(client.get(reverse("activity", args=[course.pk])))
    assert "Tin học cho người lớn" in page
    assert reverse("activity-edit", args=[course.pk]) not in page
    assert 'name="photos"' not in page
    answer = client.get(reverse("activity-edit", args=[course.pk]))
    assert answer.status_code == 422
    assert "do Phòng Giáo dục và Đào tạo Quận 3 tổ chức" in words_of(answer)
    session = course.sessions.first()
    assert (
        post(client, "activity-session-settle", course.pk, session.pk, viec="huy", why="x").status_code == 422
    )


def test_who_only_looks_cannot_record(course, cast, signed_in):
    client = signed_in(cast.q3_viewer)
    page = text_of(client.get(reverse("activity", args=[course.pk])))
    assert reverse("activity-again", args=[course.pk]) not in page
    assert client.get(reverse("capture")).status_code == 403
    assert reverse("capture") not in text_of(client.get(reverse("activities")))


def test_nobody_outside_sees_it(course, cast, signed_in):
    for seat in (cast.stranger_leader, cast.p2_leader):
        assert signed_in(seat).get(reverse("activity", args=[course.pk])).status_code == 404
    assert "Tin học" not in words_of(signed_in(cast.p2_leader).get(reverse("activities")))
    assert "Tin học cho người lớn" in words_of(signed_in(cast.q3_viewer).get(reverse("activities")))


def test_the_list_is_narrowed_and_paged(week, cast, signed_in, monkeypatch):
    monkeypatch.setattr("hoctap.desk.activities.screen.PAGE", 2)
    for day in range(1, 6):
        record_activity(
            seat=cast.p1_officer, host=cast.p1,
            data=said(f"Lớp số {day}", "class.it", SessionData(at(day), held=True, unnamed=day)),
        )  # fmt: skip
    record_activity(seat=cast.p1_officer, host=cast.p1, data=said("Chưa có ngày", "talk.other"))
    client, address, seen = signed_in(cast.p1_officer), reverse("activities"), []
    while address:
        html = text_of(client.get(address))
        seen += [
            name
            for name in ("Lớp số 5", "Lớp số 4", "Lớp số 3", "Lớp số 2", "Lớp số 1", "Chưa có ngày")
            if name in html
        ]
        following = html.partition('rel="next" href="')[2].partition('"')[0]
        address = reverse("activities") + following.replace("&amp;", "&") if following else ""
    assert seen == ["Lớp số 5", "Lớp số 4", "Lớp số 3", "Lớp số 2", "Lớp số 1", "Chưa có ngày"]
    assert "Lớp số 3" in words_of(client.get(reverse("activities"), {"tim": "LOP SO 3"}))
    assert "Lớp số" not in words_of(client.get(reverse("activities"), {"nhom": "talk"}))
    assert "Chưa có ngày" in words_of(client.get(reverse("activities"), {"tinh-trang": "sap-toi"}))


def test_the_calendar_of_a_month_and_the_days_from_one_on(course, cast, signed_in):
    client = signed_in(cast.q3_officer)
    month = words_of(client.get(reverse("activities-month"), {"thang": "2023-10"}))
    assert "Tháng 10/2023" in month.replace("\u00a0", " ")
    assert month.count("18:30 Tin học cho người lớn") == 2
    assert "Tin học" not in words_of(client.get(reverse("activities-month"), {"thang": "2023-12"}))
    days = words_of(client.get(reverse("activities-agenda"), {"tu": "2023-10-04"}))
    assert "Thứ Ba, 10/10/2023" in days
    assert "03/10/2023" not in days
    assert "Tin học" not in words_of(
        client.get(reverse("activities-agenda"), {"tu": "2023-10-04", "nhom": "talk"})
    )
    for nonsense in ({"thang": "2023-13"}, {"thang": "x"}):
        assert client.get(reverse("activities-month"), nonsense).status_code == 200
    for nonsense in ({"tu": "9999-12-31"}, {"sau": "x.y"}, {"don-vi": "9" * 30}):
        assert client.get(reverse("activities-agenda"), nonsense).status_code == 200


def test_the_calendar_says_when_a_registration_ends_and_can_be_subscribed_to(course, cast, signed_in):
    client, closing = signed_in(cast.q3_officer), "Hạn đăng ký: Tin học cho người lớn"
    for opening, is_shown in ((Opening.UNIT, True), (Opening.CLOSED, False)):
        Activity.objects.filter(pk=course.pk).update(registration_ends_at=at(8, 17), opening=opening)
        month = words_of(client.get(reverse("activities-month"), {"thang": "2023-10"}))
        assert (f"17:30 {closing}" in month) == is_shown
        days = words_of(client.get(reverse("activities-agenda"), {"tu": "2023-10-04"}))
        assert (f"Chủ nhật, 08/10/2023 {closing} đến 17:30" in days) == is_shown
        assert closing not in words_of(client.get(reverse("activities-agenda"), {"tu": "2023-10-09"}))
    page = client.get(reverse("activities-month")).content.decode()
    feed = re.search(r'href="(/lich/[^"]+[.]ics)"', page)[1]
    assert feed == calendars.path_of("unit", cast.q3.pk)


def test_the_page_tells_people_from_turns(course, cast, signed_in):
    """31 without a name on the first evening; two by name on each of two."""
    people = [learner(cast.pgd, name) for name in ("Bùi Thị Lan", "Lê Văn An")]
    course.sessions.update(state=SessionState.HELD)
    attend(course, people[0])
    attend(course, people[1])
    page = words_of(signed_in(cast.pgd_officer).get(reverse("activity", args=[course.pk])))
    assert "Số người 33 mỗi người một lần" in page and "Lượt người 35" in page


def test_a_full_day_says_how_many_more(week, cast, signed_in):
    for n in range(6):
        record_activity(
            seat=cast.p1_officer, host=cast.p1, data=said(f"Lớp {n}", "class.it", SessionData(at(7, 8 + n)))
        )
    month = words_of(signed_in(cast.p1_officer).get(reverse("activities-month")))
    assert "còn 2 buổi" in month
    assert "6 buổi" in month


def test_sessions_are_moved_cancelled_and_confirmed_from_the_page(course, cast, signed_in):
    client = signed_in(cast.pgd_officer)
    later = course.sessions.get(state=SessionState.PLANNED)
    unsaid = post(
        client,
        "activity-session-move",
        course.pk,
        later.pk,
        **{"doi-day": "12/10/2023", "doi-start": "18:30"},
    )
    assert unsaid.status_code == 422
    moved = {"doi-day": "12/10/2023", "doi-start": "18:30", "doi-why": "Trùng lễ khai mạc"}
    assert post(client, "activity-session-move", course.pk, later.pk, **moved).status_code == 302
    page = words_of(client.get(reverse("activity", args=[course.pk])))
    assert "Dời từ 18:30, 10/10/2023." in page
    assert "Lý do: Trùng lễ khai mạc" in page
    post(client, "activity-session-settle", course.pk, later.pk, viec="huy", why="Mưa lớn")
    later.refresh_from_db()
    assert later.state == SessionState.CANCELLED
    post(client, "activity-session-settle", course.pk, later.pk, viec="bo-huy")
    with clock.frozen(at(12, 21)):
        post(client, "activity-session-settle", course.pk, later.pk, viec="xong", people="28")
    later.refresh_from_db()
    assert (later.state, later.unnamed) == (SessionState.HELD, 28)


def test_done_again_from_its_page(course, cast, signed_in):
    client, token = signed_in(cast.pgd_officer), uuid.uuid4()
    for _twice in range(2):
        answer = post(client, "activity-again", course.pk, how="nam-sau", token=token)
    copied = Activity.objects.exclude(pk=course.pk).get()
    assert answer["Location"] == reverse("activity", args=[copied.pk])
    assert copied.starts_on.isoformat() == "2024-10-01"
    co_host = signed_in(cast.p1_officer)
    post(co_host, "activity-again", course.pk, how="ngay", day="20/10/2023", token=uuid.uuid4())
    ours = Activity.objects.get(host=cast.p1)
    assert ours.starts_on.isoformat() == "2023-10-20"
    assert post(co_host, "activity-again", course.pk, how="ngay", token=uuid.uuid4()).status_code == 422


def shown(client, evidence: Evidence, **query):
    return client.get(reverse("activity-photo", args=[evidence.activity_id, evidence.pk]), query)


def test_a_photo_is_shown_only_to_who_sees_the_activity(course, cast, signed_in):
    post_photo = SimpleUploadedFile("lop.jpg", photo(exif=located()), "image/jpeg")
    answer = post(
        signed_in(cast.pgd_officer), "activity-evidence", course.pk, photos=post_photo, token=uuid.uuid4()
    )
    assert answer.status_code == 302
    evidence = Evidence.objects.get()
    for seat in (cast.pgd_officer, cast.p1_officer, cast.q3_viewer):
        answer = shown(signed_in(seat), evidence)
        assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "private" in answer["Cache-Control"]
    small = Image.open(io.BytesIO(shown(signed_in(cast.pgd_officer), evidence, nho=1).content))
    assert max(small.size) == 320
    assert shown(signed_in(cast.stranger_leader), evidence).status_code == 404
    client = signed_in(cast.pgd_officer)
    post(client, "activity-evidence-remove", course.pk, evidence.pk)
    assert shown(client, evidence).status_code == 404
    client.post(reverse("activity-evidence-remove", args=[course.pk, evidence.pk]) + "?lai=1")
    assert shown(client, evidence).status_code == 200


def test_a_photo_of_fifty_megabytes_is_refused_by_name_and_the_others_are_kept(course, cast, signed_in):
    heavy = SimpleUploadedFile("nang.jpg", b"\xff\xd8\xff" + bytes(50 * 1024 * 1024), "image/jpeg")
    fine = SimpleUploadedFile("dep.png", photo(kind="PNG"), "image/png")
    client = signed_in(cast.pgd_officer)
    answer = client.post(
        reverse("activity-evidence", args=[course.pk]),
        {"photos": [heavy, fine], "token": uuid.uuid4()},
        follow=True,
    )
    assert "Ảnh nang.jpg: nặng 50,0 MB, nhiều nhất là 15 MB." in words_of(answer)
    assert [row.name for row in Evidence.objects.all()] == ["dep.jpg"]


def test_a_file_is_saved_never_opened(course, cast, signed_in):
    made = add_file(
        seat=cast.pgd_officer, activity=course, name="a.pdf", data=b"%PDF-1.7", token=uuid.uuid4()
    )
    answer = shown(signed_in(cast.p1_officer), made)
    assert answer["Content-Disposition"].startswith("attachment")
    answer.close()


def test_pieces_over_http_go_on_where_they_broke_off(course, cast, signed_in):
    client, token, data = signed_in(cast.pgd_officer), str(uuid.uuid4()), photo() + bytes(PIECE)
    begin = {"token": token, "name": "lop.jpg", "size": len(data)}
    so_far = post(client, "activity-upload", course.pk, **begin).json()
    assert (so_far["done"], so_far["received"]) == (False, 0)

    def send(at: int, **headers):
        return client.post(
            f"{so_far['url']}?tu={at}",
            data[at : at + PIECE],
            content_type="application/octet-stream",
            **headers,
        )

    assert send(0).json()["received"] == PIECE
    lost = send(0)
    assert (lost.status_code, lost.json()["received"]) == (409, PIECE)
    assert post(client, "activity-upload", course.pk, **begin).json()["received"] == PIECE
    done = send(PIECE).json()
    assert done == {"done": True, "evidence": Evidence.objects.get(kind=EvidenceKind.PHOTO).pk}
    assert send(PIECE).json() == done  # the last answer never arrived
    assert post(client, "activity-upload", course.pk, **begin).json() == done
    assert not Upload.objects.exists()
    assert post(client, "activity-upload", course.pk, **begin | {"token": "x"}).status_code == 422
    assert signed_in(cast.stranger_officer).post(so_far["url"]).status_code == 404


CAPTURE = {
    "name": "Tự học cùng thư viện số",
    "family": "class",
    "day": "05/10/2023",
    "start": "18:30",
    "place": "TTHTCĐ",
    "people": "16",
}


def test_captured_without_scripts(week, cast, signed_in):
    client = signed_in(cast.p1_officer)
    picture = SimpleUploadedFile("lop.jpg", photo(), "image/jpeg")
    answer = post(client, "capture", **CAPTURE, token=uuid.uuid4(), photos=picture)
    made = Activity.objects.get()
    assert answer["Location"] == reverse("activity", args=[made.pk])
    session = made.sessions.get()
    assert (made.kind.code, made.host, session.state, session.unnamed) == ("class.other", cast.p1, "held", 16)
    assert made.evidence.get().kind == EvidenceKind.PHOTO
    again = text_of(client.get(reverse("capture"), {"tu": made.pk}))
    assert 'value="Tự học cùng thư viện số"' in again
    assert 'value="18:30"' in again


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"name": "Lớp tin học cho bà con"}, "class.it"),
        ({"name": "Hội thi thợ giỏi", "family": "contest"}, "contest.skilled-worker"),
        ({"name": "Giải bóng đá", "family": "culture"}, "culture.sports"),
        ({"name": "Gặp nhau", "family": "ceremony"}, "ceremony.other"),
        ({"name": "Lớp tin học", "kind": "class.teachers"}, "class.teachers"),
    ],
)
def test_the_name_and_the_tile_lead_to_the_kind(week, cast, signed_in, fields, kind):
    post(signed_in(cast.p1_officer), "capture", **CAPTURE | fields)
    assert Activity.objects.get().kind.code == kind


def test_books_given_are_counted_as_books(week, cast, signed_in):
    fields = {"name": "Quyên góp sách lớp 7", "family": "books", "people": "1.250"}
    post(signed_in(cast.p1_officer), "capture", **CAPTURE | fields)
    made = Activity.objects.get()
    assert (made.kind.code, made.quantities, made.sessions.get().unnamed) == (
        "books.drive",
        {"books": 1250},
        0,
    )


def test_scholarships_given_are_persons_commended(week, cast, signed_in):
    fields = {"name": "Trao 20 suất học bổng", "family": "ceremony", "people": "20"}
    post(signed_in(cast.p1_officer), "capture", **CAPTURE | fields)
    made = Activity.objects.get()
    assert (made.kind.code, made.quantities) == ("ceremony.commendation", {"awarded-persons": 20})


def test_what_is_to_come_is_a_plan_and_has_no_people_yet(week, cast, signed_in):
    client = signed_in(cast.p1_officer)
    wrong = post(client, "capture", **CAPTURE | {"day": "09/10/2023"})
    assert wrong.status_code == 422
    assert "để trống số người" in words_of(wrong)
    post(client, "capture", **CAPTURE | {"day": "09/10/2023", "people": ""})
    assert Activity.objects.get().sessions.get().state == SessionState.PLANNED


def test_a_phone_that_sends_again_makes_one_and_is_warned_not_refused(week, cast, signed_in):
    client, op = signed_in(cast.p1_officer), str(uuid.uuid4())
    fields = CAPTURE | {"people": "100000", "token": uuid.uuid4()}
    answers = [
        client.post(reverse("capture"), fields, headers={"X-Op": op, "HX-Request": "true"})
        for _twice in range(2)
    ]
    assert answers[0].json() == answers[1].json()
    assert answers[0].json()["notes"] == ["100.000 người ở một buổi."]
    assert Activity.objects.count() == 1
    refused = client.post(reverse("capture"), {}, headers={"X-Op": str(uuid.uuid4()), "HX-Request": "true"})
    assert refused.status_code == 422


def test_in_which_line_it_will_count(week, cast, story, signed_in):
    page = words_of(signed_in(cast.p1_officer).get(reverse("capture")))
    assert "Sẽ tính vào báo cáo: 1 lớp ở dòng 1.13, Các lớp bồi dưỡng, tập huấn khác." in page


def test_a_message_pasted_fills_the_form_and_asks_for_the_rest(week, cast, signed_in):
    text = "Sáng T7 07/10, UBND phường phối hợp với Liên đoàn Lao động Quận 3 mở lớp tin học lúc 7h30 tại nhà văn hóa."
    answer = post(signed_in(cast.p1_officer), "capture-paste", text=text)
    html = text_of(answer)
    for value in ("Lớp tin học", "07/10/2023", "07:30", "nhà văn hóa"):
        assert f'value="{value}"' in html
    assert f'name="unit" value="{cast.ldld.pk}" checked' in html
    assert not Activity.objects.exists()
    blank = words_of(post(signed_in(cast.p1_officer), "capture-paste", text="Chào cả nhà, khoảng 40 người"))
    assert "Tên hoạt động" in blank.partition("Tin không nói rõ, xem lại:")[2]


def test_the_unit_of_a_clerk_records_too(week, cast, signed_in):
    user = User.objects.create_user("van-thu", "Văn thư")
    clerk = grant_seat(seat=None, user=user, unit=cast.p1, role=Role.CLERK, since=SINCE)
    assert post(signed_in(clerk), "capture", **CAPTURE).status_code == 302


# ---- in a browser ----
def held_yesterday(cast) -> Activity:
    now = clock.now().replace(second=0, microsecond=0)
    sessions = [
        SessionData(now - timedelta(days=1), place="TTHTCĐ Phường 1", held=True, unnamed=31),
        SessionData(now - timedelta(hours=2), place="Hội trường", online_link="https://meet.google.com/abc"),
        SessionData(now + timedelta(days=3)),
    ]
    data = said("Tin học cho người lớn", "class.it", *sessions, co_hosts=[cast.p1])
    activity = record_activity(seat=cast.pgd_officer, host=cast.pgd, data=data)
    add_file(seat=cast.pgd_officer, activity=activity, name="lop.jpg", data=photo(), token=uuid.uuid4())
    return activity


@pytest.mark.browser
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_every_page_fits_and_can_be_read_aloud(cast, story, browse, width):
    activity = held_yesterday(cast)
    later = activity.sessions.latest("starts_at")
    pk = activity.pk
    for address in (
        reverse("activities"),
        reverse("activities-month"),
        reverse("activities-agenda"),
        reverse("activity", args=[pk]),
        reverse("activity-new"),
        reverse("activity-edit", args=[pk]),
        reverse("activity-again", args=[pk]),
        reverse("activity-session", args=[pk, later.pk]),
        reverse("capture"),
    ):
        page = browse(address, seat=cast.pgd_officer, width=width)
        assert (address, axe(page), fits(page)) == (address, [], True)
        page.close()


@pytest.mark.browser
def test_captured_on_a_phone_says_the_line_and_keeps_what_was_typed(cast, story, browse):
    page = browse("/ghi-nhanh/", seat=cast.p1_officer, width=NARROW)
    line = page.locator("[data-line]")
    page.get_by_label("Tên hoạt động").fill("Lớp tin học cho bà con")
    page.get_by_label("Giờ bắt đầu").fill("0:00")
    page.get_by_label("Số người đến").fill("16")
    expect(line).to_have_text(
        "Sẽ tính vào báo cáo: 1 lớp, 16 người ở dòng 1.3, "
        "Bồi dưỡng nâng cao trình độ tin học cho cán bộ, công chức, viên chức (các cấp)."
    )
    page.get_by_role("button", name="Thêm một").click()
    expect(page.get_by_label("Số người đến")).to_have_value("17")
    page.reload()
    expect(page.get_by_label("Tên hoạt động")).to_have_value("Lớp tin học cho bà con")
    people = page.get_by_label("Số người đến")
    page.get_by_label("Tên hoạt động").fill("Trao 20 suất học bổng")
    page.locator("label.tile", has_text="Lễ, hội nghị").click()
    expect(page.get_by_label("Số cá nhân được khen")).to_have_value("17")
    page.get_by_label("Tên hoạt động").fill("Lớp tin học cho bà con")
    page.locator("label.tile", has_text="Cuộc thi").click()
    expect(people).to_be_visible()
    expect(line).to_contain_text("dòng 5, Tổ chức các cuộc thi")
    page.locator("label.tile", has_text="Lớp học").click()
    page.get_by_role("button", name="Lưu hoạt động").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Lớp tin học cho bà con")
    made = Activity.objects.get()
    assert (made.kind.code, made.sessions.get().unnamed) == ("class.it", 17)


@pytest.mark.browser
def test_captured_without_a_net_it_lands_exactly_once(cast, browse, tmp_path):
    picture = tmp_path / "lop.jpg"
    picture.write_bytes(photo(4000, 3000, exif=located()))
    page = browse("/ghi-nhanh/", seat=cast.p1_officer, width=NARROW)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.reload()  # kept by the worker from now on
    kept_on_the_phone(page, ["/ghi-nhanh/"], ["capture.js", "queue.js"])
    page.context.set_offline(True)
    page.reload()
    page.get_by_label("Tên hoạt động").fill("Sơ cứu tại nhà")
    page.get_by_label("Giờ bắt đầu").fill("0:00")
    page.get_by_text("Đổi dòng").click()
    page.locator("#id_kind").select_option("class.life-skills")
    page.get_by_label("Số người đến").fill("12")
    page.locator("#photos").set_input_files(picture)
    expect(page.locator("[data-thumbs] canvas")).to_have_count(1)
    page.get_by_role("button", name="Lưu hoạt động").click()
    queue = page.locator("#hang-doi")
    expect(queue).to_contain_text("Sơ cứu tại nhà")
    expect(page.get_by_label("Tên hoạt động")).to_have_value("")
    expect(page.locator("#id_kind")).to_have_value("")  # the line was that of this activity
    assert axe(page) == []
    assert fits(page)
    assert not Activity.objects.exists()
    page.reload()
    expect(page.locator("#hang-doi")).to_contain_text("1 mục giữ trong máy, chưa gửi.")
    page.close()
    page.context.set_offline(False)
    again = page.context.new_page()
    again.goto("/hoat-dong/")
    eventually(lambda: Evidence.objects.count() == 1)
    expect(again.locator("#hang-doi")).to_be_hidden()
    again.reload()
    again.wait_for_timeout(500)
    made = Activity.objects.get()
    assert (made.name, made.sessions.get().unnamed, made.evidence.count()) == ("Sơ cứu tại nhà", 12, 1)


@pytest.mark.browser
def test_a_photo_is_shrunk_on_the_phone_and_sent_in_pieces(cast, browse, tmp_path):
    activity = held_yesterday(cast)
    noise = Image.effect_noise((4000, 3000), 80).convert("RGB")
    noise.save(tmp_path / "lop.jpg", quality=98)
    assert (tmp_path / "lop.jpg").stat().st_size > 5 * 1024 * 1024
    page = browse(reverse("activity", args=[activity.pk]), seat=cast.pgd_officer, width=NARROW)
    sent = []
    page.on(
        "request",
        lambda request: request.method == "POST" and sent.append(len(request.post_data_buffer or b"")),
    )
    page.locator("#photos").set_input_files(tmp_path / "lop.jpg")
    page.get_by_role("button", name="Thêm minh chứng").click()
    expect(page.locator(".thumbs img")).to_have_count(2)
    assert 0 < sum(sent) < 3 * 1024 * 1024
    assert max(sent) <= PIECE


def test_moving_to_a_time_that_is_taken_keeps_the_form(course, cast, signed_in):
    first, second = course.sessions.order_by("starts_at")[:2]
    start = first.starts_at.astimezone(clock.VIETNAM)
    said = {"doi-day": f"{start:%d/%m/%Y}", "doi-start": f"{start:%H:%M}", "doi-why": "Trùng lịch"}
    for session, why in ((second, "Chọn giờ khác"), (first, "đã diễn ra, không dời được")):
        answer = post(signed_in(cast.pgd_officer), "activity-session-move", course.pk, session.pk, **said)
        assert answer.status_code == 422 and why in words_of(answer)
        assert 'value="Trùng lịch"' in text_of(answer)


def test_what_is_no_number_of_people_confirms_nothing(course, cast, signed_in):
    session = course.sessions.order_by("starts_at").first()
    client = signed_in(cast.pgd_officer)
    with clock.frozen(session.starts_at + timedelta(days=1)):
        for people, status in (("30 người", 422), ("~30", 422), ("1.250", 302)):
            answer = post(
                client, "activity-session-settle", course.pk, session.pk, viec="xong", people=people
            )
            assert answer.status_code == status
            session.refresh_from_db()
            assert (session.unnamed == 1250) == (status == 302)


def test_more_files_than_go_at_once_are_refused_whole(course, cast, signed_in):
    files = [SimpleUploadedFile(f"{n}.pdf", b"%PDF-1.4 x") for n in range(13)]
    answer = post(signed_in(cast.pgd_officer), "activity-evidence", course.pk, photos=files)
    assert answer.status_code == 422 and "Mỗi lần gửi được 12 tệp" in words_of(answer)
    assert not course.evidence.exists()


def test_a_capture_to_be_looked_at_again_keeps_its_co_hosts(week, cast, signed_in):
    said = {
        "name": "Lớp may",
        "family": "class",
        "day": "03/10/2023",
        "people": "100.000",
        "unit": [cast.p2.pk],
    }
    answer = post(signed_in(cast.p1_officer), "capture", **said)
    assert answer.status_code == 422
    assert f'name="unit" value="{cast.p2.pk}" checked' in text_of(answer)


def test_what_a_phone_kept_is_recorded_from_the_seat_it_was_entered_in(week, cast, signed_in):
    other = grant_seat(user=cast.p1_officer.user, unit=cast.p2, role=Role.OFFICER, since=SINCE, seat=None)
    said = {"name": "Lớp may", "family": "class", "day": "03/10/2023", "people": "12"}
    client = signed_in(cast.p1_officer)

    def send(seat):
        headers = {"X-Op": str(uuid.uuid4()), "X-Seat": str(seat.pk), "HX-Request": "true"}
        return client.post(reverse("capture"), said | {"token": str(uuid.uuid4())}, headers=headers)

    assert send(other).status_code == 200
    assert Activity.objects.get().host == cast.p2
    refused = send(cast.p2_officer)  # somebody else's
    assert refused.status_code == 403 and "không còn" in words_of(refused)
    assert Activity.objects.count() == 1
