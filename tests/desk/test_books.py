"""A reader's own books on the screen: nobody else's business, and in print only when she says so."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from hoctap.people.actions import BookData, add_book
from hoctap.people.models import Book, Person
from tests.browser import NARROW, WIDE, axe, fits
from tests.learning import PIN, card, learner
from tests.pages import words_of
from tests.papers.looking import flat, opened

BOOKS = "/cua-toi/sach/"
SAID = {"title": "Đất rừng phương Nam", "author": "Đoàn Giỏi", "read_on": "01/10/2023", "note": "Thương quê."}


@pytest.fixture
def hoa(cast) -> Person:
    return learner(cast.p1, "Nguyễn Thị Hoa")


def at_home(person: Person) -> Client:
    client = Client()
    client.post(reverse("card", args=[card(person).token]), {"pin": PIN})
    return client


def test_a_reader_enters_corrects_and_removes_a_book(hoa):
    client = at_home(hoa)
    assert "Đất rừng phương Nam" in words_of(client.post(BOOKS, SAID, follow=True))
    book = Book.objects.get()
    assert not book.shown
    client.post(reverse("mine-book", args=[book.pk]), SAID | {"note": "", "shown": "on"})
    page = words_of(client.get(BOOKS))
    assert "Đơn vị thấy" in page and "Thương quê." not in page
    assert "Đã bỏ" in words_of(client.post(reverse("mine-book-remove", args=[book.pk]), follow=True))
    assert not Book.objects.exists()


@pytest.mark.parametrize("wrong", [{"title": ""}, {"read_on": "32/10/2023"}, {"read_on": "01/10/2199"}])
def test_what_is_wrong_is_said_and_nothing_is_kept(hoa, wrong):
    answer = at_home(hoa).post(BOOKS, SAID | wrong)
    assert answer.status_code == 422 and "Thương quê." in answer.content.decode()
    assert not Book.objects.exists()


def test_it_is_nobody_elses(cast, hoa, signed_in):
    """Neither another reader's nor an officer's, who is a reader too."""
    book = add_book(person=hoa, data=BookData("Nhật ký riêng", date(2023, 10, 1)))
    other = learner(cast.p1, "Trần Văn Bình")
    Person.objects.filter(pk=learner(cast.p1, "Cán bộ Phường").pk).update(user=cast.p1_officer.user)
    for client in (at_home(other), signed_in(cast.p1_officer)):
        assert "Nhật ký riêng" not in words_of(client.get(BOOKS))
        assert client.get(reverse("mine-book", args=[book.pk])).status_code == 404
        assert client.post(reverse("mine-book", args=[book.pk]), SAID).status_code == 404
        assert client.post(reverse("mine-book-remove", args=[book.pk])).status_code == 404
    assert Book.objects.get().title == "Nhật ký riêng"


def test_the_officer_sees_what_the_reader_shows(cast, hoa, signed_in):
    add_book(person=hoa, data=BookData("Nhật ký riêng", date(2023, 10, 1)))
    add_book(person=hoa, data=BookData("Dế Mèn phiêu lưu ký", date(2023, 10, 1), shown=True))
    page = words_of(signed_in(cast.p1_officer).get(reverse("person-record", args=[hoa.pk])))
    assert "Dế Mèn phiêu lưu ký" in page and "Nhật ký riêng" not in page


def test_books_are_printed_where_it_was_ticked(cast, hoa, signed_in):
    add_book(
        person=hoa, data=BookData("Dế Mèn phiêu lưu ký", date(2023, 10, 1), author="Tô Hoài", shown=True)
    )
    client = at_home(hoa)

    def text(answer) -> str:
        with opened(answer.content) as pdf:
            return " ".join(flat(page) for page in pdf.pages)

    assert "Tô Hoài" in text(client.get(reverse("mine-paper"), {"sach": "1"}))
    assert "Tô Hoài" not in text(client.get(reverse("mine-paper")))
    assert "Tô Hoài" not in text(
        signed_in(cast.p1_officer).get(reverse("person-record-paper", args=[hoa.pk]))
    )


def test_a_long_list_is_turned_page_by_page(hoa):
    for n in range(52):
        add_book(person=hoa, data=BookData(f"Sách {n:02}", date(2023, 1, 1)))
    client = at_home(hoa)
    first, second = words_of(client.get(BOOKS)), words_of(client.get(f"{BOOKS}?trang=2"))
    assert "Sách 51" in first and "Sách 01" not in first and "Xem tiếp" in first
    assert "Sách 01" in second and "Sách 51" not in second and "Xem tiếp" not in second


def test_she_takes_all_of_it_along(hoa):
    add_book(person=hoa, data=BookData("Nhật ký riêng", date(2023, 10, 1)))
    client = at_home(hoa)
    assert "Nhật ký riêng" in client.post(reverse("mine-data-json")).content.decode()
    assert client.post(reverse("mine-data-xlsx")).content.startswith(b"PK")


@pytest.mark.browser
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_the_pages_fit_and_work_without_scripts(hoa, browse, width):
    book = add_book(
        person=hoa, data=BookData("Dế Mèn phiêu lưu ký " * 8, date(2023, 10, 1), note="Đi xa. " * 30)
    )
    page = browse(reverse("card", args=[card(hoa).token]), width=width)
    page.fill("#pin", PIN)
    page.click("main button[type=submit]")
    page.get_by_role("link", name="Sách đã đọc").click()
    page.get_by_role("heading", name="Đã ghi").wait_for()
    assert axe(page) == [] and fits(page)
    page.get_by_role("link", name="Sửa").click()
    page.get_by_label("Tên sách").fill("Sách khác")
    assert axe(page) == [] and fits(page)
    page.get_by_role("button", name="Ghi").click()
    page.get_by_text("Đã sửa “Sách khác”.").wait_for()
    book.refresh_from_db()
    assert book.title == "Sách khác"
