"""Sổ học tập của một người, as the officer of the unit sees it, and what was learned elsewhere."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from hoctap.activities.actions.completing import CompletionData, enter_completion, remove_completion
from hoctap.activities.models import Completion
from hoctap.activities.record import known_to, record_of
from hoctap.desk.access import needs
from hoctap.desk.kept import kept_file
from hoctap.desk.learners import screen
from hoctap.desk.papers import paper_file
from hoctap.desk.records.forms import CompletionForm
from hoctap.desk.render import page
from hoctap.directives import uploads
from hoctap.kernel.errors import Refusal
from hoctap.kernel.prepared import Prepared
from hoctap.orgs import roles
from hoctap.orgs import rules as org_rules
from hoctap.orgs.models import Membership
from hoctap.papers.learning import record_paper
from hoctap.people.models import Book, Person

BOOKS = 100  # of those a reader shows, the last ones


def found(request: HttpRequest, pk: int) -> Person:
    """The person, or 404 where the seat reaches no unit of his or hers."""
    return _held(request, pk)[0].person


def _held(request: HttpRequest, pk: int) -> list[Membership]:
    held = known_to(request.seat, pk)
    if not held:
        raise Http404
    return held


_SHOWN: Prepared[Book] = Prepared(
    lambda person: Book.objects.filter(person=person, shown=True).order_by("-read_on", "-pk")[:BOOKS],
    "person",
)


@needs(roles.KEEP_PEOPLE)
def record(request: HttpRequest, pk: int) -> HttpResponse:
    """Sổ học tập."""
    held = _held(request, pk)
    person = held[0].person
    shown = screen.record_parts(request, person) | {
        "may_act": org_rules.keeps(held),
        "books": _SHOWN(person=person.pk),
    }
    return page(request, "records/record.html", **shown)


@needs(roles.KEEP_PEOPLE)
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """Phiếu ghi nhận học tập, to be signed by the unit."""
    person = found(request, pk)
    printed = record_paper(record_of(person), request.seat.unit)
    return paper_file(printed, "pdf", f"so-hoc-tap-{person.pk}")


@needs(roles.KEEP_PEOPLE, methods=("GET", "POST"))
def enter(request: HttpRequest, pk: int) -> HttpResponse:
    """Ghi kết quả học ở nơi khác."""
    person = found(request, pk)
    form = CompletionForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            enter_completion(seat=request.seat, person=person, data=_said(form.cleaned_data))
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Đã ghi kết quả học."))
            return redirect("person-record", person.pk)
    status = 422 if form.errors else 200
    return page(request, "records/enter.html", status=status, person=person, form=form)


def _said(data: dict) -> CompletionData:
    chosen = data.pop("file")
    return CompletionData(**data, file=(chosen.name, chosen.read()) if chosen else None)


@needs(roles.KEEP_PEOPLE, methods=("POST",))
def remove(request: HttpRequest, pk: int, completion_pk: int) -> HttpResponse:
    one = _completion(request, pk, completion_pk)
    remove_completion(seat=request.seat, completion=one)
    messages.success(request, _("Đã bỏ kết quả “%(title)s”.") % {"title": one.title})
    return redirect("person-record", pk)


@needs(roles.KEEP_PEOPLE)
def evidence(request: HttpRequest, pk: int, completion_pk: int) -> HttpResponseBase:
    one = _completion(request, pk, completion_pk)
    if one.file is None:
        raise Http404
    return kept_file(request, one.file.sha256, one.file_name, uploads.content_type(one.file_name))


def _completion(request: HttpRequest, pk: int, completion_pk: int) -> Completion:
    kept = Completion.objects.select_related("person", "file").filter(person=found(request, pk))
    one = kept.filter(pk=completion_pk).first()
    if one is None:
        raise Http404
    return one
