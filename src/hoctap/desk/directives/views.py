"""Văn bản: the register, one document, entering and correcting it, its files."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from hoctap.desk.access import needs
from hoctap.desk.directives import screen
from hoctap.desk.directives.forms import DirectiveForm, blank, filled, read_files
from hoctap.desk.fields import whole
from hoctap.desk.kept import kept_file
from hoctap.desk.render import page
from hoctap.directives import actions, queries, rules, uploads
from hoctap.directives.actions import DuplicateNumber
from hoctap.directives.models import Attachment, Directive
from hoctap.kernel.errors import Refusal
from hoctap.orgs import roles


@needs(roles.VIEW)
def register(request: HttpRequest) -> HttpResponse:
    """Sổ văn bản: newest first, narrowed, searched."""
    return page(request, "directives/register.html", **screen.register(request))


@needs(roles.VIEW)
def document(request: HttpRequest, pk: int) -> HttpResponse:
    return page(request, "directives/document.html", **screen.document(request, pk))


@needs(roles.VIEW)
def deliveries(request: HttpRequest, pk: int) -> HttpResponse:
    """Văn bản đã đi tới đâu: each unit, when there are many."""
    return page(request, "directives/deliveries.html", **screen.deliveries(request, pk))


@needs(roles.REGISTER_DIRECTIVE, methods=("GET", "POST"))
def new(request: HttpRequest) -> HttpResponse:
    """Vào sổ văn bản."""
    form = DirectiveForm(request.POST or None, initial=blank(request.seat))
    made = _kept(request, form) if request.method == "POST" and form.is_valid() else None
    if isinstance(made, Directive):
        messages.success(request, _("Đã vào sổ %(what)s.") % {"what": made})
        return redirect("directive", made.pk)
    return _form_page(request, form, {"doubles": made or []})


@needs(roles.REGISTER_DIRECTIVE, methods=("GET", "POST"))
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Sửa văn bản đã vào sổ."""
    about = queries.dossier(request.seat, pk)
    if about is None or not rules.may_edit(request.seat, about.directive):
        raise Http404
    initial = filled(about.directive, about.body, [citation.text for citation in about.cites])
    form = DirectiveForm(request.POST or None, initial=initial)
    made = _kept(request, form, about.directive) if request.method == "POST" and form.is_valid() else None
    if isinstance(made, Directive):
        messages.success(request, _("Đã lưu %(what)s.") % {"what": made})
        return redirect("directive", pk)
    return _form_page(request, form, {"about": about, "doubles": made or []})


def _kept(
    request: HttpRequest, form: DirectiveForm, directive: Directive | None = None
) -> Directive | list[Directive]:
    """The document as kept; else the documents it would double, or nothing, the form saying why."""
    said = form.cleaned_data
    try:
        given = {
            "seat": request.seat,
            "data": form.data_for(request.seat),
            "citations": form.citation_lines(),
            "attachments": read_files(request.FILES.getlist("files")),
            "confirm_duplicate": said["confirm"],
        }
        if directive is None:
            made, warnings = actions.register_directive(**given)
        else:
            dropped = [pk for pk in map(whole, request.POST.getlist("drop")) if pk]
            given |= {"directive": directive, "version": said["version"] or 0, "drop_files": dropped}
            made, warnings = actions.edit_directive(**given)
    except DuplicateNumber as doubled:
        form.add_error("number_text", doubled.message)
        return doubled.others
    except Refusal as refusal:
        form.add_error(None, refusal.message)
        return []
    for warning in warnings:
        messages.warning(request, warning)
    return made


def _form_page(request: HttpRequest, form: DirectiveForm, context: dict) -> HttpResponse:
    status = 422 if form.is_bound else 200
    had_files = bool(request.FILES)
    return page(
        request,
        "directives/form.html",
        status=status,
        form=form,
        had_files=had_files,
        accept=",".join(uploads.TYPES),
        **{"about": None} | context,
    )


@needs(roles.VIEW)
def attachment(request: HttpRequest, pk: int, file_pk: int) -> HttpResponse:
    """A document's file, to who sees the document: always saved, never opened in the page."""
    screen.found(request, pk)
    held = Attachment.objects.filter(pk=file_pk, directive=pk).first()
    if held is None:
        raise Http404
    return kept_file(request, held.file_id, held.name, uploads.content_type(held.name))
