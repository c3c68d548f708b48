"""Sách đã đọc: entered, corrected, removed by the reader; shown to her unit book by book, where she says so."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hoctap.desk.changing import change, posted
from hoctap.desk.fields import DayField, whole
from hoctap.desk.learners.access import needs_learner
from hoctap.kernel import clock
from hoctap.people.actions import BookData, add_book, correct_book, remove_book
from hoctap.people.models import Book, Person

PAGE = 50


class BookForm(forms.Form):
    """Một quyển sách đã đọc."""

    title = forms.CharField(label=gettext_lazy("Tên sách"), max_length=250)
    author = forms.CharField(label=gettext_lazy("Tác giả"), max_length=120, required=False)
    read_on = DayField(label=gettext_lazy("Ngày đọc xong"), initial=clock.today)
    note = forms.CharField(
        label=gettext_lazy("Điều tâm đắc"),
        max_length=400,
        required=False,
        help_text=gettext_lazy("Một câu để nhớ, không bắt buộc"),
    )
    shown = forms.BooleanField(
        label=gettext_lazy("Cho đơn vị thấy quyển này"),
        required=False,
        help_text=gettext_lazy("Không chọn thì chỉ mình tôi thấy"),
    )


@needs_learner(methods=("GET", "POST"))
def books(request: HttpRequest, person: Person) -> HttpResponse:
    """The list, the last read first (``?trang=2``), and the form for one more."""
    number = max(1, whole(request.GET.get("trang", "")) or 1)
    first = (min(number, 1000) - 1) * PAGE
    found = list(person.books.order_by("-read_on", "-pk")[first : first + PAGE + 1])
    told = {"books": found[:PAGE], "next": number + 1 if len(found) > PAGE else None}

    def act(data: dict) -> HttpResponse:
        add_book(person=person, data=BookData(**data))
        return _done(request, _("Đã ghi “%(title)s”.") % {"title": data["title"]})

    return _page(request, "learners/books.html", BookForm(posted(request)), act, **told)


@needs_learner(methods=("GET", "POST"))
def correct(request: HttpRequest, person: Person, pk: int) -> HttpResponse:
    one = _own(person, pk)
    known = {name: getattr(one, name) for name in BookForm.base_fields}

    def act(data: dict) -> HttpResponse:
        correct_book(book=one, data=BookData(**data))
        return _done(request, _("Đã sửa “%(title)s”.") % {"title": data["title"]})

    return _page(request, "learners/book.html", BookForm(posted(request), initial=known), act, one=one)


@needs_learner(methods=("POST",))
def remove(request: HttpRequest, person: Person, pk: int) -> HttpResponse:
    one = _own(person, pk)
    remove_book(book=one)
    return _done(request, _("Đã bỏ “%(title)s”.") % {"title": one.title})


def _page(
    request: HttpRequest, template: str, form: BookForm, act: Callable[[dict], HttpResponse], **told
) -> HttpResponse:
    return change(request, template, form, act, by_card=not request.user.is_authenticated, **told)


def _own(person: Person, pk: int) -> Book:
    one = person.books.filter(pk=pk).first()
    if one is None:
        raise Http404
    return one


def _done(request: HttpRequest, words: str) -> HttpResponse:
    messages.success(request, words)
    return redirect("mine-books")
