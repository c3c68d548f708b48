"""Đợt báo cáo: opening a round, the board of who has sent, urging, extending, handing on."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from hoctap.desk.access import needs
from hoctap.desk.fields import whole
from hoctap.desk.obligations import screen
from hoctap.desk.obligations.forms import CascadeForm, ExtendForm, ReasonForm, RoundForm
from hoctap.desk.picking import all_below
from hoctap.desk.render import page
from hoctap.desk.reports.forms import after_last
from hoctap.desk.reports.screen import safe_next
from hoctap.desk.reports.views import found as found_obligation
from hoctap.directives import rules as directive_rules
from hoctap.directives.models import Directive
from hoctap.kernel import clock
from hoctap.kernel.errors import Refusal
from hoctap.obligations import actions
from hoctap.obligations import rules as obligation_rules
from hoctap.obligations.actions import RoundPlan
from hoctap.obligations.models import Recipient, Round
from hoctap.orgs import roles
from hoctap.orgs.models import Unit
from hoctap.reports import actions as report_actions
from hoctap.reports import queries, reminders
from hoctap.rollup.queries import last_signed


@needs(roles.VIEW)
def rounds(request: HttpRequest) -> HttpResponse:
    """Every round in which the seat's unit owes or is owed something, newest first."""
    return page(request, "obligations/rounds.html", **screen.rounds(request))


@needs(roles.VIEW)
def board(request: HttpRequest, pk: int) -> HttpResponse:
    """Who has sent, who is late, who is missing, under one node of the round."""
    node, follower = screen.node(request, pk)
    return page(request, "obligations/board.html", "board", follower=follower, **screen.board(request, node))


@needs(roles.OPEN_ROUND, methods=("GET", "POST"))
def open_round(request: HttpRequest, directive_pk: int) -> HttpResponse:
    directive = Directive.objects.filter(pk=directive_pk).select_related("issuer").first()
    if directive is None or not directive_rules.can_see(request.seat, directive):
        raise Http404
    form = RoundForm(
        request.POST if request.method == "POST" else None,
        initial={"name": f"Báo cáo: {directive.subject}"[:250]},
    )
    recipients, unknown = screen.picked_units(request.POST, "recipients")
    if request.method == "POST" and form.is_valid() and not unknown:
        try:
            opened = actions.open_round(
                seat=request.seat,
                plan=_plan(directive, form.cleaned_data, recipients),
                due=form.cleaned_data["due"],
            )
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Đã mở đợt báo cáo. Bước tiếp: giao cho các đơn vị."))
            return redirect("round-cascade", opened.obligations.get(parent=None).pk)
    if unknown:
        form.add_error(None, screen.unknown_units(unknown))
    context = {"form": form, "directive": directive, "picked": request.POST.get("recipients", "")}
    return page(request, "obligations/open.html", status=422 if form.errors else 200, **context)


def _plan(directive: Directive, data: dict, recipients: list[Unit]) -> RoundPlan:
    named = (
        "name",
        "clause",
        "content",
        "form_version",
        "period_from",
        "period_to",
        "cut_off",
        "frequency",
        "channel",
    )
    return RoundPlan(directive=directive, recipients=recipients, **{name: data[name] for name in named})


@needs(roles.CASCADE, methods=("GET", "POST"))
def cascade(request: HttpRequest, pk: int) -> HttpResponse:
    """Giao tiếp xuống đơn vị: pick units, state the deadline, say whom the report is for."""
    parent = found_obligation(request, pk)
    if parent.unit_id != request.seat.unit_id:
        raise Http404
    sent = request.method == "POST" and "find" not in request.POST
    undated = {"rule": parent.due_rule, "due_text": parent.due_text} if parent.due_on is None else {}
    form = CascadeForm(request.POST if sent else None, initial=undated | request.POST.dict())
    ticked, unknown = screen.picked_units(request.POST, "units" if sent else "", request.POST.getlist("unit"))
    recipients, strange = screen.picked_units(request.POST, "recipients" if sent else "")
    if sent:
        units = [*ticked, *all_below(parent.unit, request.POST.getlist("all"), screen.taken(parent))]
        if not units and not unknown:
            form.add_error(None, _("Chưa chọn đơn vị nào. Đánh dấu hoặc ghi tên các đơn vị phải báo cáo."))
        if unknown or strange:
            form.add_error(None, screen.unknown_units(unknown + strange))
        if form.is_valid():
            try:
                added = report_actions.cascade(
                    seat=request.seat,
                    obligation=parent,
                    units=units,
                    due=form.cleaned_data["due"],
                    recipients=recipients,
                    force=form.cleaned_data["force"],
                    reason=form.cleaned_data["reason"],
                )
            except Refusal as refusal:
                form.add_error(None, refusal.message)
            else:
                messages.success(
                    request, _("Đã giao cho %(n)s đơn vị; các đơn vị được báo ngay.") % {"n": len(added)}
                )
                return redirect("round", parent.round_id)
    context = screen.cascade(request, parent, form, ticked)
    return page(request, "obligations/cascade.html", status=422 if form.errors else 200, **context)


@needs(roles.EXTEND, methods=("GET", "POST"))
def extend(request: HttpRequest, pk: int) -> HttpResponse:
    obligation = found_obligation(request, pk)
    if not obligation_rules.is_extender(request.seat, obligation):
        raise Http404
    form = ExtendForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.extend(
                seat=request.seat,
                obligation=obligation,
                due_at=after_last(form.cleaned_data["due_at"]),
                reason=form.cleaned_data["reason"],
            )
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Đã gia hạn cho %(unit)s.") % {"unit": obligation.unit.name})
            own = obligation.parent and obligation.parent.due_at
            if own and after_last(form.cleaned_data["due_at"]) > own:
                messages.warning(request, _("Hạn mới này sau hạn của chính đơn vị mình."))
            return redirect("round", obligation.round_id)
    context = {"obligation": obligation, "form": form}
    return page(request, "obligations/extend.html", status=422 if form.errors else 200, **context)


@needs(roles.REMIND, methods=("POST",))
def remind(request: HttpRequest, pk: int) -> HttpResponse:
    """Nhắc: those ticked, or everyone who is overdue under this node."""
    node = found_obligation(request, pk)
    waited = queries.board(node, clock.now()).select_related("round", "parent")
    chosen = [pk for pk in map(whole, request.POST.getlist("obligation")) if pk]
    picked = bool(chosen or request.POST.get("picked"))
    waited = waited.filter(pk__in=chosen) if picked else waited.filter(standing="late")
    try:
        if picked and not chosen:
            raise Refusal(_("Chưa chọn đơn vị nào. Đánh dấu các đơn vị cần nhắc rồi bấm lại."))
        told = reminders.remind(seat=request.seat, obligations=waited)
        messages.success(request, _("Đã nhắc %(n)s đơn vị.") % {"n": told})
    except Refusal as refusal:
        messages.error(request, refusal.message)
    return redirect(safe_next(request) or f"{reverse('round', args=[node.round_id])}?nut={node.pk}")


@needs(roles.OPEN_ROUND, methods=("POST",))
def close(request: HttpRequest, pk: int) -> HttpResponse:
    opened = own_round(request, pk)
    try:
        actions.close_round(seat=request.seat, opened=opened)
        messages.success(request, _("Đã đóng đợt báo cáo."))
    except Refusal as refusal:
        messages.error(request, refusal.message)
    return redirect("round", pk)


@needs(roles.OPEN_ROUND, methods=("POST",))
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    opened = own_round(request, pk)
    form = ReasonForm(request.POST)
    try:
        actions.reopen_round(
            seat=request.seat, opened=opened, reason=form.cleaned_data["reason"] if form.is_valid() else ""
        )
        messages.success(request, _("Đã mở lại đợt báo cáo."))
    except Refusal as refusal:
        messages.error(request, refusal.message)
    return redirect("round", pk)


def own_round(request: HttpRequest, pk: int) -> Round:
    """A round in which the seat's unit owes a report; 404 else."""
    opened = Round.objects.filter(pk=pk, obligations__unit_id=request.seat.unit_id).first()
    if opened is None:
        raise Http404
    return opened


@needs(roles.ACKNOWLEDGE_DIRECTIVE, methods=("POST",))
def acknowledge(request: HttpRequest, pk: int) -> HttpResponse:
    """Nơi nhận xác nhận đã nhận báo cáo."""
    recipient = (
        Recipient.objects.filter(pk=pk, unit_id=request.seat.unit_id).select_related("obligation").first()
    )
    if recipient is None:
        raise Http404
    last = last_signed(recipient.obligation_id)
    if last is None:  # nothing was sent to anybody yet
        raise Http404
    actions.acknowledge(seat=request.seat, recipient=recipient, sent_at=last.signed_at)
    messages.success(request, _("Đã xác nhận nhận báo cáo."))
    return redirect("snapshot", recipient.obligation_id, last.number)
