"""Đơn vị ra và vào bằng Excel. What an upload would do is shown first; nothing is taken until the second press."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from hoctap.desk.access import needs
from hoctap.desk.orgs.screen import AsOf
from hoctap.desk.previews import SHOWN, chosen_sheet, keep, kept_sheet
from hoctap.desk.render import page
from hoctap.kernel import files
from hoctap.kernel.errors import Refusal
from hoctap.orgs import actions, queries, roles, rules
from hoctap.orgs.sheets import write_units

MOST_UNITS = 20_000
_IMPORT = "units-import"


@needs(roles.VIEW)
def download(request: HttpRequest) -> HttpResponse:
    """Every unit the seat reaches on a day, as the sheet that can be sent back in."""
    day = AsOf.read(request).day
    units = rules.reachable_units(request.seat, day)
    if units.count() > MOST_UNITS:
        raise Refusal(
            _("Hơn 20.000 đơn vị, một tệp Excel không chứa hết. Nhờ từng cấp dưới tải phần của mình.")
        )
    response = HttpResponse(write_units(queries.sheet_rows(units, day)), content_type=files.MEDIA["xlsx"])
    response["Content-Disposition"] = f'attachment; filename="don-vi-{day:%Y-%m-%d}.xlsx"'
    response["Cache-Control"] = "no-store"
    return response


@needs(roles.EDIT_UNIT, methods=("GET", "POST"))
def upload(request: HttpRequest) -> HttpResponse:
    """Choose a file; see what it would do."""
    if request.method == "GET":
        return _page(request, plan=None)
    try:
        data, name = chosen_sheet(request)
        plan = actions.import_units(seat=request.seat, data=data, dry_run=True)
    except Refusal as refusal:
        return _page(request, status=422, plan=None, refusal=refusal)
    token = ""
    if not plan.refused and (plan.new or plan.changed):
        token = keep(request.seat, data, _IMPORT)
    status = 422 if plan.refused else 200
    return _page(request, status=status, plan=plan, name=name, token=token)


@needs(roles.EDIT_UNIT, methods=("POST",))
def carry_out(request: HttpRequest) -> HttpResponse:
    """Do what the plan showed, with the file kept since; it is checked again, all of it or nothing."""
    try:
        plan = actions.import_units(seat=request.seat, data=kept_sheet(request, _IMPORT), dry_run=False)
    except Refusal as refusal:
        return _page(request, status=422, plan=None, refusal=refusal)
    if plan.new or plan.changed:
        words = {"new": len(plan.new), "changed": len(plan.changed)}
        messages.success(request, _("Đã nhập: %(new)s đơn vị mới, %(changed)s đơn vị thay đổi.") % words)
    else:  # pressed twice, or a colleague was quicker
        messages.success(request, _("Mọi đơn vị trong tệp đã đúng như đang có; không cần ghi gì."))
    return redirect("units")


def _page(request: HttpRequest, status: int = 200, **context) -> HttpResponse:
    return page(request, "orgs/import.html", status=status, shown=SHOWN, **context)
