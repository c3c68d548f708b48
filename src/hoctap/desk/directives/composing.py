"""Soạn văn bản: clauses in, the official text beside them, a draft out."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from hoctap.desk.access import needs
from hoctap.desk.directives import screen
from hoctap.desk.directives.composing_forms import Sheet, completed
from hoctap.desk.directives.preview import previewed
from hoctap.desk.fields import whole
from hoctap.desk.picking import right_below
from hoctap.desk.render import page
from hoctap.directives import actions, queries, rules
from hoctap.directives.composing import body
from hoctap.directives.enums import DirectiveStatus
from hoctap.directives.models import Composed, Delivery, Directive
from hoctap.directives.queries import Filters
from hoctap.directives.readback import unlike
from hoctap.forms.queries import version_spec
from hoctap.kernel import clock
from hoctap.kernel.errors import Refusal
from hoctap.orgs import roles
from hoctap.orgs.enums import Role
from hoctap.orgs.models import Seat
from hoctap.reports.implementing import cited_as, start_from

FOUND = 8  # documents shown to cite


@needs(roles.REGISTER_DIRECTIVE, methods=("GET", "POST"))
def compose_new(request: HttpRequest) -> HttpResponse:
    return _compose(request, None)


@needs(roles.REGISTER_DIRECTIVE, methods=("GET", "POST"))
def compose(request: HttpRequest, pk: int) -> HttpResponse:
    """A draft that was composed here, composed on."""
    directive = screen.found(request, pk)
    composed = Composed.objects.filter(directive=pk).exists()
    draft = directive.status == DirectiveStatus.DRAFT
    if not (composed and draft and rules.may_edit(request.seat, directive)):
        raise Http404
    return _compose(request, directive)


def _compose(request: HttpRequest, directive: Directive | None) -> HttpResponse:
    carried = _carried_out(request) if directive is None else None
    if request.method != "POST":
        return _page(request, directive, _begun(request.seat, directive, carried))
    data = completed(request.POST, _cited(request), request.POST.get("more", ""))
    if not {"preview", "save"} & set(request.POST):
        found = _findable(request, data.get("find", "")) if "search" in request.POST else None
        return _page(request, directive, Sheet.typed(data), found=found)
    sheet = Sheet.posted(data)
    if not sheet.is_valid():
        return _page(request, directive, sheet, status=422)
    if "save" in request.POST and (made := _kept(request, directive, sheet, carried)):
        messages.success(request, _("Đã lưu dự thảo %(what)s.") % {"what": made.subject})
        return redirect("directive", made.pk)
    status = 422 if "save" in request.POST else 200
    return _page(request, directive, sheet, status=status, preview=_preview(request, sheet))


def _carried_out(request: HttpRequest) -> Directive | None:
    """The document from above that the new one is to carry out (``?trien-khai=17``)."""
    if "trien-khai" not in request.GET:
        return None
    found = queries.find_visible(request.seat, whole(request.GET["trien-khai"]) or 0)
    if found is None or not rules.may_carry_out(request.seat, found):
        raise Http404
    return found


def _begun(seat: Seat, directive: Directive | None, carried: Directive | None) -> Sheet:
    if directive:
        return Sheet.kept(directive)
    return Sheet.begun(seat, start_from(carried, seat.unit)) if carried else Sheet.blank(seat)


def _kept(
    request: HttpRequest, directive: Directive | None, sheet: Sheet, carried: Directive | None
) -> Directive | None:
    """The draft as kept; None where it was refused, the form saying why."""
    said = sheet.main.cleaned_data
    try:
        made, warnings = actions.compose(
            seat=request.seat, data=sheet.particulars(request.seat), composition=sheet.composition(request.seat),
            form_version=said["form_version"], directive=directive, version=said["version"] or 0, implements=carried,
        )  # fmt: skip
    except Refusal as refusal:
        sheet.main.add_error(None, refusal.message)
        return None
    for warning in warnings:
        messages.warning(request, warning)
    return made


def _preview(request: HttpRequest, sheet: Sheet) -> dict:
    made, version = sheet.composition(request.seat), sheet.main.cleaned_data["form_version"]
    form = version_spec(version.pk) if version else None
    shown = previewed(request.seat, sheet.particulars(request.seat), made, body(made, form))
    return shown | {"unlike": unlike(made)}


def _page(
    request: HttpRequest,
    directive: Directive | None,
    sheet: Sheet,
    *,
    status: int = 200,
    found: list[Directive] | None = None,
    preview: dict | None = None,
) -> HttpResponse:
    seat = request.seat
    below = right_below(seat.unit, Delivery.objects.none())
    answer = page(
        request, "directives/compose.html", "preview" if preview else "sheet", status=status, directive=directive,
        sheet=sheet, form=sheet.main, found=found, preview=preview, at=request.POST.get("more", ""),
        units=[unit.name for group in below for unit in group.units], leaders=_leaders(seat),
    )  # fmt: skip
    if not preview:
        answer["HX-Retarget"] = "#soan"  # asked for a preview, and the form has something to say first
    return answer


def _leaders(seat: Seat) -> list[str]:
    """Who may sign for the unit."""
    seats = Seat.objects.filter(unit=seat.unit_id, role=Role.LEADER, valid__contains=clock.today())
    return list(seats.order_by("pk").values_list("user__full_name", flat=True))


def _findable(request: HttpRequest, text: str) -> list[Directive]:
    """Issued documents to cite, by what is typed of them."""
    if not text.strip():
        return []
    rows, _more = queries.search(request.seat, Filters(text=text.strip(), status=DirectiveStatus.ISSUED))
    return list(rows[:FOUND])


def _cited(request: HttpRequest) -> list[str]:
    """The documents ticked among those found, each as its line."""
    chosen = [pk for pk in map(whole, request.POST.getlist("cite")) if pk][:FOUND]
    found = (queries.find_visible(request.seat, pk) for pk in chosen)
    return [cited_as(directive) for directive in found if directive is not None]
