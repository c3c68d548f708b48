"""Danh sách người vào bằng Excel: what it would do is shown first, with every doubtful row asked about."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from hoctap.desk.access import needs
from hoctap.desk.fields import whole
from hoctap.desk.orgs.forms import UnitField
from hoctap.desk.previews import SHOWN, chosen_sheet
from hoctap.desk.render import page, private
from hoctap.kernel import files
from hoctap.kernel.errors import Refusal
from hoctap.orgs import roles
from hoctap.orgs.actions.importing_people import PeoplePlan, import_people, keep_for_a_look
from hoctap.orgs.models import Unit
from hoctap.orgs.people_sheets import write_template
from hoctap.people.models import PersonSheet


@needs(roles.KEEP_PEOPLE)
def template(request: HttpRequest) -> HttpResponse:
    response = HttpResponse(write_template(), content_type=files.MEDIA["xlsx"])
    response["Content-Disposition"] = 'attachment; filename="mau-danh-sach-nguoi.xlsx"'
    return private(response)


@needs(roles.KEEP_PEOPLE, methods=("GET", "POST"))
def upload(request: HttpRequest) -> HttpResponse:
    """Choose a unit and a file; see what it would do. Only a file that can be taken is kept for the second step."""
    if request.method == "GET":
        code = request.GET.get("don-vi") or request.seat.unit.code
        return _page(request, code=code)
    code = request.POST.get("unit", "")[:200]
    try:
        data, _name = chosen_sheet(request)
        plan = import_people(seat=request.seat, unit=_unit(request, code), data=data, dry_run=True)
    except Refusal as refusal:
        return _page(request, status=422, code=code, refusal=refusal)
    kept = None
    if not plan.refused and (plan.new or plan.maybe or plan.joined):
        kept = keep_for_a_look(seat=request.seat, data=data)
    return _page(request, status=422 if plan.refused else 200, code=code, plan=plan, kept=kept)


@needs(roles.KEEP_PEOPLE, methods=("POST",))
def carry_out(request: HttpRequest) -> HttpResponse:
    """Do what the plan showed, with what was decided about doubtful rows; all of it or nothing."""
    code = request.POST.get("unit", "")[:200]
    decided = {
        number: said == "same"
        for name, said in request.POST.items()
        if name.startswith("row-") and (number := whole(name[4:])) is not None
    }
    try:
        plan = _take(request, code, decided)
    except Refusal as refusal:
        return _page(request, status=422, code=code, refusal=refusal)
    messages.success(
        request,
        _("Đã nhập: %(new)s người mới, %(joined)s người đã có được ghi vào đơn vị.")
        % {"new": plan.made, "joined": plan.joined},
    )
    return redirect(reverse("people", query={"don-vi": code}))


@transaction.atomic
def _take(request: HttpRequest, code: str, decided: dict[int, bool]) -> PeoplePlan:
    """The kept file is locked and forgotten with it: pressed twice, it is taken once."""
    pk = whole(request.POST.get("kept", ""))
    mine = PersonSheet.objects.select_for_update().filter(user=request.user)
    kept = mine.filter(pk=pk).first() if pk is not None else None
    if kept is None:
        raise Refusal(_("Bản xem trước này không còn, hoặc đã ghi rồi. Xem danh sách, hoặc chọn lại tệp."))
    unit = _unit(request, code)
    plan = import_people(seat=request.seat, unit=unit, data=bytes(kept.data), dry_run=False, decided=decided)
    kept.delete()
    return plan


def _page(request: HttpRequest, status: int = 200, **context) -> HttpResponse:
    return page(request, "people/import.html", status=status, shown=SHOWN, **context)


def _unit(request: HttpRequest, code: str) -> Unit:
    field = UnitField()
    field.reach = request.seat
    try:
        return field.clean(code)
    except ValidationError as error:
        raise Refusal(" ".join(error.messages)) from error
