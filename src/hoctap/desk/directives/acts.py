"""What is done with a document: seen, acknowledged, sent, issued, recalled, replaced, its citations made clear."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from hoctap.desk.access import needs
from hoctap.desk.directives import screen
from hoctap.desk.directives.forms import RecallForm
from hoctap.desk.fields import whole
from hoctap.desk.picking import all_below
from hoctap.desk.render import page
from hoctap.directives import actions, queries, rules
from hoctap.directives.actions import NumberGap
from hoctap.directives.enums import DirectiveStatus
from hoctap.directives.models import Citation, Directive
from hoctap.directives.queries import Filters
from hoctap.kernel.errors import Refusal
from hoctap.orgs import roles
from hoctap.orgs.models import Unit
from hoctap.reports import programmes


@needs(roles.VIEW, methods=("POST",))
def seen(request: HttpRequest, pk: int) -> HttpResponse:
    """The page says by itself that it was opened; nothing is answered."""
    actions.mark_seen(seat=request.seat, directive=screen.found(request, pk))
    return HttpResponse(status=204)


@needs(roles.ACKNOWLEDGE_DIRECTIVE, methods=("POST",))
def acknowledge(request: HttpRequest, pk: int) -> HttpResponse:
    directive = screen.found(request, pk)
    try:
        actions.acknowledge(seat=request.seat, directive=directive)
        messages.success(request, _("Đã xác nhận nhận %(what)s.") % {"what": directive})
    except Refusal as refusal:
        messages.error(request, refusal.message)
    return redirect("directive", pk)


@needs(roles.REGISTER_DIRECTIVE, methods=("GET", "POST"))
def send(request: HttpRequest, pk: int) -> HttpResponse:
    """Gửi văn bản tới các đơn vị đã chọn, hoặc mọi đơn vị trong danh sách."""
    directive = screen.found(request, pk)
    received = directive.deliveries.filter(unit=request.seat.unit_id).exists()
    if not (
        rules.may_send_anywhere(request.seat, directive)
        or rules.may_pass_down(request.seat, directive, received)
    ):
        raise Http404
    refused = ""
    if request.method == "POST":
        refused = _send(request, directive, _chosen(request, directive))
        if not refused:
            return redirect("directive", pk)
    context = screen.sending(request, directive)
    return page(request, "directives/send.html", status=422 if refused else 200, refused=refused, **context)


def _chosen(request: HttpRequest, directive: Directive) -> list[Unit]:
    if "below" in request.POST:
        return all_below(request.seat.unit, request.POST.getlist("below"), directive.deliveries.all())
    named = request.POST.getlist("listed" if "everyone" in request.POST else "unit")
    return list(Unit.objects.filter(pk__in=[pk for pk in map(whole, named) if pk]))


def _send(request: HttpRequest, directive: Directive, units: list[Unit]) -> str:
    """Why it was not sent; empty when it was."""
    if not units:
        return _("Chưa chọn đơn vị nào. Đánh dấu các đơn vị nhận rồi gửi.")
    try:
        sent = actions.deliver(seat=request.seat, directive=directive, units=units)
    except Refusal as refusal:
        return refusal.message
    if directive.status == DirectiveStatus.DRAFT:
        said = _("Đã ghi %(n)s nơi nhận; văn bản tới các đơn vị khi ban hành.")
    else:
        said = _("Đã gửi tới %(n)s đơn vị; các đơn vị được báo ngay.")
    messages.success(request, said % {"n": len(sent)})
    return ""


@needs(roles.ISSUE_DIRECTIVE, methods=("POST",))
def issue(request: HttpRequest, pk: int) -> HttpResponse:
    """Ban hành; a number that leaves others out is asked about first."""
    directive = screen.found(request, pk)
    confirmed = "confirm_gap" in request.POST
    try:
        directive = programmes.issue_document(seat=request.seat, directive=directive, confirm_gap=confirmed)
        messages.success(
            request, _("Đã ban hành %(what)s; các nơi nhận được báo ngay.") % {"what": directive}
        )
    except NumberGap as gap:
        return page(request, "directives/gap.html", status=409, directive=directive, refused=gap.message)
    except Refusal as refusal:
        messages.error(request, refusal.message)
    return redirect("directive", pk)


@needs(roles.ISSUE_DIRECTIVE, methods=("GET", "POST"))
def recall(request: HttpRequest, pk: int) -> HttpResponse:
    """Thu hồi, kèm lý do."""
    directive = _to_recall(request, pk)
    form = RecallForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.recall(seat=request.seat, directive=directive, reason=form.cleaned_data["reason"])
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(
                request, _("Đã thu hồi %(what)s; các nơi nhận được báo lý do.") % {"what": directive}
            )
            return redirect("directive", pk)
    status = 422 if form.is_bound else 200
    return page(request, "directives/recall.html", status=status, directive=directive, form=form)


@needs(roles.ISSUE_DIRECTIVE, methods=("GET", "POST"))
def supersede(request: HttpRequest, pk: int) -> HttpResponse:
    """Ghi thay thế: find the new document, then choose it."""
    directive = _to_recall(request, pk)
    if request.method == "POST":
        chosen = request.POST.get("by", "")
        by = queries.find_visible(request.seat, whole(chosen) or 0)
        if by is None:
            raise Http404
        try:
            actions.supersede(seat=request.seat, directive=directive, by=by)
            messages.success(
                request, _("Đã ghi %(old)s được thay thế bằng %(new)s.") % {"old": directive, "new": by}
            )
        except Refusal as refusal:
            messages.error(request, refusal.message)
        return redirect("directive", pk)
    text = request.GET.get("tim", "").strip()
    found, _more = queries.search(request.seat, Filters(text=text, status=DirectiveStatus.ISSUED))
    choices = [other for other in found if other.pk != directive.pk][: screen.PAGE]
    return page(request, "directives/supersede.html", directive=directive, text=text, choices=choices)


def _to_recall(request: HttpRequest, pk: int) -> Directive:
    directive = screen.found(request, pk)
    if not rules.may_recall(request.seat, directive):
        raise Http404
    return directive


@needs(roles.REGISTER_DIRECTIVE, methods=("GET", "POST"))
def link(request: HttpRequest, pk: int, citation_pk: int) -> HttpResponse:
    """Chỉ rõ văn bản được dẫn, among those that bear the cited number."""
    directive = screen.found(request, pk)
    citation = Citation.objects.filter(pk=citation_pk, directive=pk).select_related("directive").first()
    if citation is None or not rules.may_edit(request.seat, directive):
        raise Http404
    if request.method == "POST":
        chosen = request.POST.get("target", "")
        target = queries.find_visible(request.seat, whole(chosen) or 0)
        if target is None:
            raise Http404
        try:
            actions.link_citation(seat=request.seat, citation=citation, target=target)
            messages.success(request, _("Đã nối với %(what)s.") % {"what": target})
        except Refusal as refusal:
            messages.error(request, refusal.message)
        return redirect("directive", pk)
    choices = queries.choices_for(request.seat, citation)
    return page(request, "directives/link.html", directive=directive, citation=citation, choices=choices)
