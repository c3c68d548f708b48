"""Kết quả học ở nơi khác, from Excel. What a sheet would do is shown first, and who is not certain is asked about."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from hoctap.activities.actions.completing import SKIP, import_completions
from hoctap.activities.completion_sheet import blank_sheet
from hoctap.desk.access import needs
from hoctap.desk.fields import whole
from hoctap.desk.kept import saved
from hoctap.desk.previews import SHOWN, chosen_sheet, keep, kept_sheet
from hoctap.desk.render import page
from hoctap.kernel import files
from hoctap.kernel.errors import Refusal
from hoctap.orgs import roles

_IMPORT = "completions-import"


@needs(roles.KEEP_PEOPLE)
def blank(request: HttpRequest) -> HttpResponse:
    """Mẫu để điền."""
    return saved(blank_sheet(), "ket-qua-hoc.xlsx", files.MEDIA["xlsx"])


@needs(roles.KEEP_PEOPLE, methods=("GET", "POST"))
def upload(request: HttpRequest) -> HttpResponse:
    """Choose a file; see what it would do."""
    if request.method == "GET":
        return _page(request, plan=None)
    try:
        data, name = chosen_sheet(request)
        plan = import_completions(seat=request.seat, data=data, dry_run=True)
    except Refusal as refusal:
        return _page(request, status=422, plan=None, refusal=refusal)
    token = ""
    if not plan.wrong and (plan.new or any(one.may_be for one in plan.asked)):
        token = keep(request.seat, data, _IMPORT)
    return _page(request, status=422 if plan.wrong else 200, plan=plan, name=name, token=token)


@needs(roles.KEEP_PEOPLE, methods=("POST",))
def carry_out(request: HttpRequest) -> HttpResponse:
    """Take what the plan showed, with the persons chosen; a row nobody was chosen for is left out."""
    chosen = {
        row: whole(value) or SKIP
        for name, value in request.POST.items()
        if name.startswith("nguoi-") and (row := whole(name.removeprefix("nguoi-"))) is not None
    }
    try:
        plan = import_completions(
            seat=request.seat, data=kept_sheet(request, _IMPORT), dry_run=False, chosen=chosen
        )
    except Refusal as refusal:
        return _page(request, status=422, plan=None, refusal=refusal)
    words = _("Đã ghi %(n)s kết quả học.") if plan.new else _("Không có kết quả mới; không ghi gì.")
    messages.success(request, words % {"n": len(plan.new)} if plan.new else words)
    return redirect("completions-import")


def _page(request: HttpRequest, status: int = 200, **context) -> HttpResponse:
    return page(request, "records/import.html", status=status, shown=SHOWN, **context)
