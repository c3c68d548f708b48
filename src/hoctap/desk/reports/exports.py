"""Xuất số liệu từng đơn vị: asking for a file, watching it being written, saving it."""

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from hoctap.desk.access import needs
from hoctap.desk.render import page
from hoctap.desk.reports.forms import ExportForm
from hoctap.desk.reports.views import found
from hoctap.kernel import clock
from hoctap.kernel.errors import Refusal
from hoctap.kernel.files import MEDIA
from hoctap.obligations import rules as obligation_rules
from hoctap.orgs import roles
from hoctap.reports import exports as export_room
from hoctap.reports import jobs, queries
from hoctap.reports.models import Export


@needs(roles.EXPORT_FIGURES, methods=("GET", "POST"))
def new(request: HttpRequest, pk: int) -> HttpResponse:
    """Which figures, as which file; what was exported before."""
    node = found(request, pk)
    if node.round.form_version_id is None:
        raise Http404
    initial = {"kind": "xlsx", "basis": "sent" if request.GET.get("gom") == "da-gui" else "accepted"}
    form = ExportForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("export", _ask(request, node, form.cleaned_data).pk)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
    before = queries.exports(node.pk, request.seat.unit_id)[:10]
    context = {"node": node, "form": form, "before": before, "days": export_room.KEPT.days}
    return page(request, "reports/export_new.html", status=422 if form.errors else 200, **context)


def _ask(request: HttpRequest, node, data: dict) -> Export:
    return export_room.ask(
        seat=request.seat,
        obligation=node,
        kind=data["kind"],
        basis=data["basis"],
        queue=lambda pk: jobs.write_export.defer(export_id=pk),
    )


def _found(request: HttpRequest, pk: int) -> Export:
    """What a colleague of the same unit asked for, as long as the unit may see it."""
    export = (
        Export.objects.select_related("obligation__unit", "obligation__round", "seat__user")
        .filter(pk=pk)
        .first()
    )
    if export is None or export.seat.unit_id != request.seat.unit_id:
        raise Http404
    if not obligation_rules.takes_part(request.seat, export.obligation):
        raise Http404
    return export


@needs(roles.EXPORT_FIGURES)
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """How far it is; can be left and found again."""
    export = _found(request, pk)
    context = {
        "export": export,
        "node": export.obligation,
        "waits": export.done_at is None,
        "stuck": export.done_at is None and export.asked_at < clock.now() - export_room.PATIENCE,
        "kept_until": export.asked_at + export_room.KEPT,
    }
    return page(request, "reports/export.html", "progress", **context)


@needs(roles.EXPORT_FIGURES)
def download(request: HttpRequest, pk: int) -> HttpResponse:
    export = _found(request, pk)
    if export.done_at is None or export.message:
        raise Http404
    if not default_storage.exists(export.name):  # a restored backup holds no exports
        messages.error(request, _("Tệp này không còn trên máy chủ. Xuất lại."))
        return redirect("export-new", export.obligation_id)
    node, day = export.obligation, export.done_at.astimezone(clock.VIETNAM)
    response = FileResponse(
        default_storage.open(export.name),
        as_attachment=True,
        filename=f"so-lieu-{node.unit.code}-{day:%Y%m%d-%H%M}.{export.kind}",
        content_type=MEDIA[export.kind],
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
