"""Nhận nhiều tệp Excel: dropping hundreds of files, and watching them being taken, one by one."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from hoctap.desk.access import needs
from hoctap.desk.render import page
from hoctap.desk.reports.forms import IntakeForm
from hoctap.desk.reports.sheets import SHEET_BYTES
from hoctap.desk.reports.views import found
from hoctap.kernel import clock
from hoctap.kernel.errors import Refusal
from hoctap.orgs import roles
from hoctap.reports import intake as intake_room
from hoctap.reports import jobs, queries
from hoctap.reports.models import Intake


@needs(roles.ENTER_REPORT, methods=("GET", "POST"))
def new(request: HttpRequest, pk: int) -> HttpResponse:
    node = found(request, pk)
    if node.unit_id != request.seat.unit_id or node.round.form_version_id is None:
        raise Http404
    form = IntakeForm(
        request.POST or None,
        initial={"received_at": clock.now(), "channel": "email"},
        may_accept=roles.may(request.seat.role, roles.RECEIVE_REPORT),
    )
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("intake", _open(request, node, form.cleaned_data).pk)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
    before = queries.intakes(node.round_id, request.seat.unit_id)[:10]
    context = {"node": node, "form": form, "before": before}
    return page(request, "reports/intake_new.html", status=422 if form.errors else 200, **context)


def _open(request: HttpRequest, node, data: dict) -> Intake:
    uploads = request.FILES.getlist("sheets")
    heavy = [upload.name for upload in uploads if upload.size > SHEET_BYTES]
    if heavy:
        raise Refusal(
            f"Tệp lớn hơn 5 MB, không phải biểu của đợt này: {', '.join(heavy[:5])}. Bỏ ra rồi chọn lại."
        )
    return intake_room.open_intake(
        seat=request.seat,
        obligation=node,
        uploads=((upload.read(), upload.name) for upload in uploads),
        channel=data["channel"],
        received_at=data["received_at"],
        accept_clean=data.get("accept", False),
        queue=lambda pk: jobs.take_intake.defer(intake_id=pk),
    )


@needs(roles.ENTER_REPORT)
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """How far it is; can be left and found again."""
    intake = Intake.objects.select_related("round", "seat__unit", "seat__user").filter(pk=pk).first()
    if intake is None or intake.seat.unit_id != request.seat.unit_id:
        raise Http404
    files = list(queries.intake_files(intake))
    done = sum(f.done_at is not None for f in files)
    context = {
        "intake": intake,
        "files": files,
        "done": done,
        "left": len(files) - done,
        "taken": sum(f.revision_id is not None for f in files),
        "refused": sum(f.done_at is not None and f.revision_id is None for f in files),
    }
    return page(request, "reports/intake.html", "progress", **context)
