"""Tổng hợp: the live total, what was signed, and the papers made of it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from hoctap.desk.access import needs
from hoctap.desk.kept import kept_file
from hoctap.desk.render import page
from hoctap.desk.reports.views import found, found_to_read
from hoctap.desk.rollup import screen
from hoctap.desk.rollup.forms import LetterForm
from hoctap.kernel import files
from hoctap.kernel.errors import Refusal
from hoctap.obligations.models import Obligation
from hoctap.orgs import roles
from hoctap.papers.actions import sign_report
from hoctap.papers.reports import kinds, render
from hoctap.reports import queries as report_queries
from hoctap.reports.actions import Content
from hoctap.rollup import queries
from hoctap.rollup.actions import draw_snapshot
from hoctap.rollup.models import Snapshot, SnapshotFile


@needs(roles.VIEW)
def consolidation(request: HttpRequest, pk: int) -> HttpResponse:
    node, follower = found_to_read(request, pk)
    context = screen.consolidation(request, node)
    context["may_export"] = context["may_export"] and follower is None
    return page(request, "rollup/consolidation.html", follower=follower, **context)


@needs(roles.VIEW)
def figure(request: HttpRequest, pk: int, position: int) -> HttpResponse:
    """Một số của bảng tổng hợp từ đâu ra."""
    node, follower = found_to_read(request, pk)
    return page(request, "rollup/figure.html", follower=follower, **screen.figure(request, node, position))


@needs(roles.WRITE_REPORT, methods=("GET", "POST"))
def draw(request: HttpRequest, pk: int) -> HttpResponse:
    """Lập bản tổng hợp để ký: the figures freeze, the letter is written around them."""
    node = found(request, pk)
    if node.unit_id != request.seat.unit_id:
        raise Http404
    again = queries.last_signed(node.pk) is not None
    form = LetterForm(request.POST or None, initial=_initial(node))
    if request.method == "POST" and form.is_valid():
        try:
            snapshot = draw_snapshot(
                seat=request.seat, obligation=node, doc=form.doc(), reason=form.cleaned_data["reason"]
            )
            return redirect("snapshot", pk, snapshot.number)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
    context = {"node": node, "form": form, "again": again, **screen.what_goes_in(node)}
    return page(request, "rollup/draw.html", status=422 if form.errors else 200, **context)


def _initial(node) -> dict:
    """The letter starts from the last one drawn; the first one has only the signer of the unit's own part: its words and
    its number are those of another paper."""
    last = Snapshot.objects.filter(obligation=node).order_by("-number").first()
    if last:
        letter = {k: v for k, v in last.doc.items() if k != "narrative"}
        return letter | last.doc.get("narrative", {})
    kept = report_queries.report_of(node)
    if kept is None or kept.sent is None:
        return {}
    sent = Content.of_revision(kept.sent)
    return {name: getattr(sent, name) for name in ("authority", "signer_position", "signer_name")}


def _snapshot(request: HttpRequest, node: Obligation, number: int) -> Snapshot:
    snapshot = (
        Snapshot.objects.filter(obligation=node, number=number)
        .select_related(
            "obligation__round__directive", "obligation__unit", "drawn_by__user", "signed_by__user"
        )
        .first()
    )
    if snapshot is None or (snapshot.signed_at is None and node.unit_id != request.seat.unit_id):
        raise Http404
    return snapshot


@needs(roles.VIEW)
def snapshot(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    read, follower = found_to_read(request, pk)
    chosen = _snapshot(request, read, number)
    node = chosen.obligation
    context = {
        "node": node,
        "follower": follower,
        "snapshot": chosen,
        "spec": screen.spec_of(node),
        "difference": queries.signed_vs_live(chosen),
        "left_out": screen.left_out(chosen),
        "recipients": node.recipients.select_related("unit").order_by("order"),
        "may_sign": node.unit_id == request.seat.unit_id
        and chosen.signed_at is None
        and roles.may(request.seat.role, roles.SIGN_CONSOLIDATION),
        "owner": node.unit_id == request.seat.unit_id,
        "kinds": kinds(chosen) if follower is None else [],
    }
    return page(request, "rollup/snapshot.html", **context)


@needs(roles.SIGN_CONSOLIDATION, methods=("POST",))
def sign(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    chosen = _snapshot(request, found(request, pk), number)
    try:
        sign_report(seat=request.seat, snapshot=chosen)
        messages.success(request, _("Đã ký báo cáo tổng hợp; các nơi nhận được báo ngay."))
    except Refusal as refusal:
        messages.error(request, refusal.message)
    return redirect("snapshot", pk, number)


@needs(roles.VIEW)
def paper(request: HttpRequest, pk: int, number: int, kind: str) -> HttpResponse:
    """The papers of a drawn or signed consolidation; a signed one is the very file kept at signing."""
    chosen = _snapshot(request, found(request, pk), number)
    if kind not in kinds(chosen):
        raise Http404
    name = f"tong-hop-{chosen.obligation.unit.code}-{number}.{kind}"
    kept = SnapshotFile.objects.filter(snapshot=chosen, kind=kind).first()
    if kept:
        return kept_file(request, kept.file_id, name, files.MEDIA[kind])
    response = HttpResponse(render(chosen, kind), content_type=files.MEDIA[kind])
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
