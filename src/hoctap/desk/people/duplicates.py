"""Người ghi trùng: who may be one, merged and taken apart again."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from hoctap.activities.actions import merge_persons, undo_merge
from hoctap.desk.access import needs
from hoctap.desk.fields import whole
from hoctap.desk.people import screen
from hoctap.desk.render import page
from hoctap.kernel.errors import Refusal
from hoctap.orgs import lookalikes, roles, rules
from hoctap.people import actions
from hoctap.people.models import Apart, Merge
from hoctap.people.queries import standing, survivor


@needs(roles.KEEP_PEOPLE)
def duplicates(request: HttpRequest) -> HttpResponse:
    groups = lookalikes.groups_of(request.seat)
    rows = screen.rows_of(request.seat, [person for group in groups for person in group])
    told = {row.person.pk: row for row in rows}
    shown = [[told[person.pk] for person in group] for group in groups]
    return page(request, "people/duplicates.html", groups=shown, apart=screen.told_apart(request.seat))


@needs(roles.KEEP_PEOPLE, methods=("POST",))
def merge(request: HttpRequest) -> HttpResponse:
    """Those ticked become the one chosen to stay; all or none."""
    keep = whole(request.POST.get("keep", ""))
    pks = {whole(text) for text in request.POST.getlist("same")} - {None, keep}
    found = standing(rules.persons_reached(request.seat)).in_bulk(
        [pk for pk in (keep, *pks) if pk is not None]
    )
    if keep not in found or not pks or len(found) <= len(pks):
        raise Refusal(_("Chọn một người giữ lại và ít nhất một người gộp vào."))
    with transaction.atomic():
        merges = [
            merge_persons(seat=request.seat, kept=found[keep], gone=found[pk]) for pk in sorted(pks) if pk
        ]
    undo = f"undo:{reverse('merge-undo', args=[merges[0].pk])}" if len(merges) == 1 else ""
    messages.success(request, _("Đã gộp vào %(name)s.") % {"name": found[keep].full_name}, extra_tags=undo)
    return redirect("people-same")


@needs(roles.KEEP_PEOPLE, methods=("POST",))
def tell_apart(request: HttpRequest) -> HttpResponse:
    """Không phải cùng một người: those ticked and the one chosen to stay; nobody ticked: the whole group."""
    ticked = request.POST.getlist("same")
    named = [*ticked, request.POST.get("keep", "")] if ticked else request.POST.getlist("all")
    pks = {whole(text) for text in named} - {None}
    persons = list(standing(rules.persons_kept(request.seat)).filter(pk__in=pks))
    if len(persons) < len(pks):
        raise Refusal(_("Có người nay thuộc đơn vị khác. Tải lại trang rồi chọn lại."))
    made = actions.tell_apart(persons=persons, seat=request.seat)
    undo = f"undo:{reverse('people-apart-undo', args=[made[0].pk])}" if len(made) == 1 else ""
    messages.success(
        request, _("Đã ghi: không phải cùng một người. Hệ thống không hỏi lại."), extra_tags=undo
    )
    return redirect("people-same")


@needs(roles.KEEP_PEOPLE, methods=("POST",))
def untell_apart(request: HttpRequest, pk: int) -> HttpResponse:
    told = Apart.objects.select_related("one__merged_into", "other__merged_into").filter(pk=pk).first()
    if told is None or not all(
        rules.reaches_person(request.seat, survivor(who)) for who in (told.one, told.other)
    ):
        raise Http404
    actions.untell_apart(apart=told, seat=request.seat)
    messages.success(request, _("Đã bỏ ghi. Nếu vẫn giống nhau thì hai người lại hiện ở đây."))
    return redirect("people-same")


@needs(roles.KEEP_PEOPLE, methods=("POST",))
def split(request: HttpRequest, pk: int) -> HttpResponse:
    done = Merge.objects.select_related("kept").filter(pk=pk).first()
    if done is None or not rules.reaches_person(request.seat, survivor(done.kept)):
        raise Http404
    undo_merge(seat=request.seat, merge=done)
    messages.success(request, _("Đã tách lại thành hai người."))
    return redirect("person", done.kept_id)
