"""Sách đã đọc: kept by the reader herself. No seat acts here."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from hoctap.kernel import clock, journal
from hoctap.kernel.errors import Refusal
from hoctap.kernel.vietnamese import tidy
from hoctap.people import rules
from hoctap.people.models import Book, Person

MOST_BOOKS = 3_000  # of one person: a book a week for a whole life


@dataclass(frozen=True)
class BookData:
    """What a reader says of a book; ``shown``: her unit may see it, too."""

    title: str
    read_on: date
    author: str = ""
    note: str = ""
    shown: bool = False


@transaction.atomic
def add_book(*, person: Person, data: BookData) -> Book:
    """Ghi một quyển; the same title, author and day already there: that one. Refusal without a title, for a day to come."""
    reader = Person.objects.select_for_update().get(pk=person.pk)
    rules.require_standing(reader)
    said = _said(data)
    again = reader.books.filter(title=said["title"], author=said["author"], read_on=said["read_on"]).first()
    if again:
        return again
    if reader.books.count() >= MOST_BOOKS:
        raise Refusal("Sổ đã có rất nhiều sách. Bỏ bớt những quyển không cần giữ rồi ghi tiếp.")
    book = Book.objects.create(person=reader, **said)
    journal.record("book.add", book)
    return book


@transaction.atomic
def correct_book(*, book: Book, data: BookData) -> Book:
    """Sửa: everything as said now."""
    kept = Book.objects.select_for_update().get(pk=book.pk)
    for field, value in _said(data).items():
        setattr(kept, field, value)
    kept.save()
    journal.record("book.correct", kept)
    return kept


@transaction.atomic
def remove_book(*, book: Book) -> None:
    """Bỏ; removed already: nothing."""
    if Book.objects.filter(pk=book.pk).delete()[0]:
        journal.record("book.remove", book)


def _said(data: BookData) -> dict:
    title = tidy(data.title)
    if not title:
        raise Refusal("Ghi tên sách.", [("Tên sách", "Ghi tên sách.")])
    if data.read_on > clock.today():
        why = "Ngày đọc chưa tới. Ghi ngày đã đọc xong."
        raise Refusal(why, [("Ngày đọc", why)])
    return {
        "title": title, "author": tidy(data.author), "read_on": data.read_on, "note": tidy(data.note),
        "shown": data.shown,
    }  # fmt: skip
