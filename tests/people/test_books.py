"""Books that somebody read: hers alone until she shows one, counted nowhere, and gone with her."""

from dataclasses import replace
from datetime import date

import pytest

from hoctap.activities.actions import erase_person, merge_persons, undo_merge
from hoctap.activities.portability import as_workbook, hand_over
from hoctap.kernel import clock
from hoctap.kernel.errors import Refusal
from hoctap.people.actions import BookData, add_book, correct_book, remove_book
from hoctap.people.models import Book, Person
from tests.learning import learner

READ = BookData("Đất rừng phương Nam", date(2023, 10, 1), author="Đoàn Giỏi", note="Thương đất quê mình.")


@pytest.fixture
def hoa(cast) -> Person:
    return learner(cast.p1, "Nguyễn Thị Hoa")


def test_a_book_is_entered_once_corrected_and_removed(hoa):
    book = add_book(person=hoa, data=READ)
    assert add_book(person=hoa, data=replace(READ, title="  Đất rừng  phương Nam ")) == book
    assert not book.shown
    correct_book(book=book, data=replace(READ, author="", note="", shown=True))
    book.refresh_from_db()
    assert (book.author, book.note, book.shown) == ("", "", True)
    remove_book(book=book)
    remove_book(book=book)
    assert not Book.objects.exists()


@pytest.mark.parametrize("wrong", [{"title": " "}, {"read_on": date(2999, 1, 1)}])
def test_no_title_and_a_day_to_come_are_refused(hoa, wrong):
    with pytest.raises(Refusal):
        add_book(person=hoa, data=replace(READ, **wrong))
    book = add_book(person=hoa, data=READ)
    with pytest.raises(Refusal):
        correct_book(book=book, data=replace(READ, **wrong))


def test_a_merge_takes_them_along_and_what_one_hid_stays_hidden(cast, hoa):
    again = learner(cast.p1, "Nguyễn Thị Hoa")
    add_book(person=hoa, data=replace(READ, shown=True))
    add_book(person=again, data=READ)
    add_book(person=again, data=replace(READ, title="Dế Mèn phiêu lưu ký"))
    before = list(Book.objects.order_by("pk").values())
    merge = merge_persons(seat=None, kept=hoa, gone=again)
    books = hoa.books.order_by("title").values_list("title", "shown")
    assert list(books) == [("Dế Mèn phiêu lưu ký", False), ("Đất rừng phương Nam", False)]
    undo_merge(seat=None, merge=merge)
    assert list(Book.objects.order_by("pk").values()) == before


def test_an_officer_hands_over_the_shown_ones_she_takes_all(cast, hoa):
    add_book(person=hoa, data=READ)
    add_book(person=hoa, data=replace(READ, title="Dế Mèn phiêu lưu ký", shown=True))
    handed = hand_over(seat=cast.p1_officer, person=hoa)
    assert [row["Tên sách"] for row in handed["Sách đã đọc"]] == ["Dế Mèn phiêu lưu ký"]
    own = hand_over(seat=None, person=hoa)
    assert [row["Điều tâm đắc"] for row in own["Sách đã đọc"]] == [READ.note] * 2
    assert as_workbook(own).startswith(b"PK")


def test_erasing_takes_them_away_and_none_is_added_then(cast, hoa):
    add_book(person=hoa, data=READ)
    erase_person(seat=cast.p1_officer, person=hoa)
    assert not Book.objects.exists()
    with clock.frozen(clock.now()), pytest.raises(Refusal, match="đã xóa"):
        add_book(person=hoa, data=READ)
