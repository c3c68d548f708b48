"""Excel out and in for one report, and the files that came with it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from hoctap.desk.access import needs
from hoctap.desk.kept import kept_file
from hoctap.desk.render import page
from hoctap.desk.reports import screen
from hoctap.desk.reports.forms import Sending
from hoctap.desk.reports.views import found
from hoctap.forms.sheets import write_form
from hoctap.kernel import files
from hoctap.kernel.errors import Refusal
from hoctap.orgs import roles
from hoctap.reports import intake
from hoctap.reports.actions import DraftConflict
from hoctap.reports.models import RevisionFile

SHEET_BYTES = 5 * 1024 * 1024


@needs(roles.VIEW)
def download(request: HttpRequest, pk: int) -> HttpResponse:
    """The form of this unit with what stands on the screen, to fill in away from the net."""
    obligation = found(request, pk)
    spec = screen.spec_of(obligation)
    if spec is None:
        raise Http404
    context = screen.report(request, obligation)
    content = context["content"]
    area = obligation.unit.area_type
    data = write_form(
        spec,
        intake.stamp_of(
            obligation, context["report"].last_number if context["report"] else 0, context["version"]
        ),
        figures=content.figures or None,
        notes=content.notes,
        texts=content.texts,
        narrative=content.narrative,
        closed=[c.position for c in spec.cells if c.applies_to and area not in c.applies_to],
    )
    return _attachment(data, f"bieu-{obligation.unit.code}.xlsx", files.MEDIA["xlsx"])


@needs(roles.WRITE_REPORT, methods=("POST",))
def upload(request: HttpRequest, pk: int) -> HttpResponse:
    """A filled sheet becomes the draft, all of it or nothing."""
    obligation = found(request, pk)
    upload = request.FILES.get("sheet")
    try:
        if upload is None:
            raise Refusal(_("Chưa chọn tệp. Chọn tệp Excel đã điền rồi bấm Nhận tệp."))
        if upload.size > SHEET_BYTES:
            raise Refusal(_("Tệp lớn hơn 5 MB, không phải biểu của đợt này. Tải biểu mẫu rồi điền lại."))
        sending = Sending.read(request.POST)
        intake.fill_draft(
            seat=request.seat,
            obligation=obligation,
            data=upload.read(),
            name=upload.name[:200],
            version=sending.version,
            page=sending.page,
        )
    except DraftConflict as conflict:
        context = screen.conflict(request, obligation, conflict)
        return page(request, "reports/conflict.html", status=409, **context)
    except Refusal as refusal:
        context = screen.report(request, obligation, refusal=refusal)
        return page(request, "reports/report.html", status=422, **context)
    messages.success(request, _("Đã nhận số từ tệp vào bản nháp. Xem lại rồi gửi."))
    return redirect("report", pk)


@needs(roles.VIEW)
def attachment(request: HttpRequest, pk: int, file_pk: int) -> HttpResponse:
    obligation = found(request, pk)
    row = RevisionFile.objects.filter(pk=file_pk, revision__report__obligation=obligation).first()
    if row is None:
        raise Http404
    return kept_file(request, row.file_id, row.name)


def _attachment(data: bytes, name: str, kind: str) -> HttpResponse:
    response = HttpResponse(data, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
