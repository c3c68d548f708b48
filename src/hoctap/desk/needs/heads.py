"""Số người của đơn vị: what was counted last, its history, one more count; many units by Excel."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hoctap.desk.access import needs
from hoctap.desk.fields import DayField, choices
from hoctap.desk.paging import next_after, place_after
from hoctap.desk.previews import chosen_sheet, keep, kept_sheet
from hoctap.desk.render import page
from hoctap.kernel import clock, files
from hoctap.kernel.errors import Refusal
from hoctap.kernel.packages import WorkbookRefusal
from hoctap.orgs import roles, rules
from hoctap.orgs.actions.headcounts import Heads, count_heads, drop_headcount, import_headcounts
from hoctap.orgs.enums import HeadcountGroup
from hoctap.orgs.headcount_sheets import MOST_ROWS, HeadRow, write_heads
from hoctap.orgs.models import Headcount, Subordination, Unit
from hoctap.orgs.naming import later

UNITS = 50  # a page
HISTORY = 60  # counts of one unit
_IMPORT = "headcounts-import"


class HeadForm(forms.Form):
    """Một lần đếm."""

    on = DayField(label=gettext_lazy("Ngày đếm"))
    group = forms.ChoiceField(label=gettext_lazy("Nhóm"))
    trade = forms.CharField(
        label=gettext_lazy("Ngành nghề"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("Để trống: cả nhóm"),
    )
    total = forms.IntegerField(label=gettext_lazy("Tổng số người"), min_value=0)
    women = forms.IntegerField(label=gettext_lazy("Trong đó nữ"), min_value=0, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["group"].choices = choices(HeadcountGroup)


@needs(roles.VIEW)
def show(request: HttpRequest) -> HttpResponse:
    return _page(request, _focus(request), HeadForm(initial={"on": clock.today()}))


def _focus(request: HttpRequest) -> Unit:
    code = request.GET.get("don-vi")
    if not code:
        return request.seat.unit
    unit = Unit.objects.filter(code=code).first()
    if unit is None or not rules.reaches(request.seat, unit):
        raise Http404
    return unit


def _page(request: HttpRequest, focus: Unit, form: HeadForm, status: int = 200) -> HttpResponse:
    below = Subordination.objects.filter(parent=focus, valid__contains=clock.today())
    rows = Unit.objects.filter(pk__in=below.values("unit")).order_by("sort_key", "pk")
    if after := place_after(request):
        rows = rows.filter(later(after))
    units = list(rows[: UNITS + 1])
    more = next_after(request, units[UNITS - 1]) if len(units) > UNITS else ""
    units = [focus, *units[:UNITS]]
    return page(
        request,
        "needs/heads.html",
        status=status,
        focus=focus,
        top=request.seat.unit,
        units=units,
        latest=_latest([unit.pk for unit in units]),
        groups=choices(HeadcountGroup),
        history=Headcount.objects.filter(unit=focus).order_by("-on", "group", "trade")[:HISTORY],
        next=more,
        form=form,
        may_count=roles.may(request.seat.role, roles.COUNT_HEADS),
    )


def _latest(units: list[int]) -> dict[tuple[int, str], Headcount]:
    """By (unit, group): the last count of the whole group; what nobody told is absent."""
    rows = Headcount.objects.filter(unit__in=units, trade="", on__lte=clock.today())
    found = rows.order_by("unit", "group", "-on").distinct("unit", "group")
    return {(row.unit_id, row.group): row for row in found}


@needs(roles.COUNT_HEADS, methods=("POST",))
def add(request: HttpRequest) -> HttpResponse:
    focus, form = _focus(request), HeadForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        heads = Heads(
            focus, data["on"], HeadcountGroup(data["group"]), data["total"], data["women"], data["trade"]
        )
        try:
            count_heads(seat=request.seat, counts=[heads])
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Đã ghi số người của %(unit)s.") % {"unit": focus.short_name})
            return redirect(f"/nhu-cau/so-nguoi/?don-vi={focus.code}")
    return _page(request, focus, form, 422)


@needs(roles.COUNT_HEADS, methods=("POST",))
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    found = Headcount.objects.select_related("unit").filter(pk=pk).first()
    if found is None or not rules.reaches(request.seat, found.unit):
        raise Http404
    unit = found.unit
    drop_headcount(seat=request.seat, headcount=found)
    messages.success(request, _("Đã bỏ một lần đếm."))
    return redirect(f"/nhu-cau/so-nguoi/?don-vi={unit.code}")


@needs(roles.VIEW)
def download(request: HttpRequest) -> HttpResponse:
    """The sheet to fill in: a row a unit and group, with today's day; what was counted last stands in it."""
    units = list(rules.reachable_units(request.seat).order_by("sort_key", "pk")[: MOST_ROWS // 3])
    latest, today = _latest([unit.pk for unit in units]), clock.today()
    rows = []
    for unit in units:
        for group in HeadcountGroup:
            was = latest.get((unit.pk, group))
            on, total, women = (was.on, was.total, was.women) if was else (today, None, None)
            rows.append(HeadRow(unit.code, unit.name, on, group, "", total, women))
    response = HttpResponse(write_heads(rows), content_type=files.MEDIA["xlsx"])
    response["Content-Disposition"] = f'attachment; filename="so-nguoi-{today:%Y-%m-%d}.xlsx"'
    response["Cache-Control"] = "no-store"
    return response


@needs(roles.COUNT_HEADS, methods=("GET", "POST"))
def upload(request: HttpRequest) -> HttpResponse:
    """Choose a file; see what it would do."""
    if request.method == "GET":
        return page(request, "needs/heads_import.html", plan=None, refusal=None, token="")
    try:
        data, _name = chosen_sheet(request)
        plan = import_headcounts(seat=request.seat, data=data, dry_run=True)
    except (Refusal, WorkbookRefusal) as refusal:
        return page(request, "needs/heads_import.html", status=422, plan=None, refusal=refusal, token="")
    token = ""
    if not plan.refused and (plan.new or plan.changed):
        token = keep(request.seat, data, _IMPORT)
    status = 422 if plan.refused else 200
    return page(request, "needs/heads_import.html", status=status, plan=plan, refusal=None, token=token)


@needs(roles.COUNT_HEADS, methods=("POST",))
def carry_out(request: HttpRequest) -> HttpResponse:
    """Do what the plan showed, with the file kept since; checked again, all of it or nothing."""
    try:
        plan = import_headcounts(seat=request.seat, data=kept_sheet(request, _IMPORT), dry_run=False)
    except Refusal as refusal:
        return page(request, "needs/heads_import.html", status=422, plan=None, refusal=refusal, token="")
    words = {"new": plan.new, "changed": plan.changed}
    messages.success(request, _("Đã nhập: %(new)s số mới, %(changed)s số sửa lại.") % words)
    return redirect("headcounts")
