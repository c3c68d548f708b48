"""What the pages of documents show."""

from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import JSONObject
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from hoctap.desk.directives.forms import FilterForm, place_of
from hoctap.desk.paging import next_after, place_after
from hoctap.desk.picking import SHOWN, Group, right_below
from hoctap.directives import queries, rules
from hoctap.directives.blocks import blocks
from hoctap.directives.enums import DirectiveStatus, DocumentKind
from hoctap.directives.models import Composed, Directive
from hoctap.directives.queries import INCOMING, OUTGOING, Dossier
from hoctap.obligations.models import Round
from hoctap.orgs import queries as org_queries
from hoctap.orgs import roles
from hoctap.orgs.models import Seat
from hoctap.orgs.rules import reachable_units
from hoctap.papers.directives import has_paper

PAGE = 20
DELIVERIES = 25  # a page
HAVE_SEEN = Q(seen_at__isnull=False, acknowledged_at=None)
_STANDING = {
    DirectiveStatus.DRAFT: "none",
    DirectiveStatus.ISSUED: "ok",
    DirectiveStatus.RECALLED: "recall",
    DirectiveStatus.SUPERSEDED: "recall",
}


@dataclass(frozen=True)
class State:
    """``kind`` is the style (mock README), ``word`` what is read."""

    kind: str
    word: str


def register(request: HttpRequest) -> dict:
    form = FilterForm(request.GET)
    filters = form.filters()
    context = {
        "form": form,
        "filters": filters,
        "narrowed": any(vars(filters).values()),
        "directions": _directions(request, filters.direction),
        "may_register": roles.may(request.seat.role, roles.REGISTER_DIRECTIVE),
        "standing": standing,
        "mine": mine,
        "pages": None,
        "next": "",
        "more": False,
    }
    if filters.text.strip():
        found, context["more"] = queries.search(request.seat, filters)
        pages = Paginator(found, PAGE)
        context["pages"] = page = pages.get_page(request.GET.get("trang"))
        context["rows"] = list(page)
        context["address"] = lambda number: _with(request, trang=number)
    else:
        found_slice = queries.register(
            request.seat, filters, after=place_of(request.GET.get("truoc", "")), limit=PAGE
        )
        context["rows"] = found_slice.rows
        if found_slice.after:
            day, pk = found_slice.after
            context["next"] = _with(request, truoc=f"{day}.{pk}")
        context["first"] = _with(request) if request.GET.get("truoc") else ""
    return context


def _with(request: HttpRequest, **changed) -> str:
    query = request.GET.copy()
    for name in ("truoc", "trang", "sau"):
        query.pop(name, None)
    for name, value in changed.items():
        query[name] = value
    return f"{request.path}?{query.urlencode()}" if query else request.path


def _directions(request: HttpRequest, current: str) -> list[tuple[str, str, bool]]:
    names = {"": _("Tất cả"), INCOMING: _("Văn bản đến"), OUTGOING: _("Văn bản đi")}
    return [(words, _with(request, huong=value), value == current) for value, words in names.items()]


def standing(directive: Directive) -> State:
    words = {
        DirectiveStatus.DRAFT: _("Dự thảo"),
        DirectiveStatus.ISSUED: _("Đang hiệu lực"),
        DirectiveStatus.RECALLED: _("Đã thu hồi"),
        DirectiveStatus.SUPERSEDED: _("Đã được thay thế"),
    }
    status = DirectiveStatus(directive.status)
    return State(_STANDING[status], words[status])


def mine(row) -> State | None:
    """Of a register's row: how far the seat's own unit is with it."""
    if row.mine_id is None or row.status != DirectiveStatus.ISSUED:
        return None
    if row.mine_acknowledged_at:
        return State("ok", _("Đã nhận"))
    return State("wait", _("Đã xem")) if row.mine_seen_at else State("none", _("Chưa xem"))


def found(request: HttpRequest, pk: int) -> Directive:
    directive = queries.find_visible(request.seat, pk)
    if directive is None:
        raise Http404
    return directive


def document(request: HttpRequest, pk: int) -> dict:
    rounds = Round.objects.filter(directive=OuterRef("pk"), obligations__unit=request.seat.unit_id).order_by(
        "pk"
    )
    parts = rounds.values(json=JSONObject(id="pk", name="name", clause="clause"))
    composed = Exists(Composed.objects.filter(directive=OuterRef("pk")))
    about = queries.dossier(request.seat, pk, round_rows=ArraySubquery(parts), composed_here=composed)
    if about is None:
        raise Http404
    seat, directive = request.seat, about.directive
    issued = directive.status == DirectiveStatus.ISSUED
    return {
        "directive": directive,
        "about": about,
        "title": title(directive),
        "number": directive.number_label or _("không số"),
        "standing": standing(directive),
        "blocks": blocks(about.body),
        "bases": [c for c in about.cites if c.is_basis],
        "mentions": [c for c in about.cites if not c.is_basis],
        "recipients": [
            line.strip(" -;.") for line in directive.recipients_text.splitlines() if line.strip(" -;.")
        ],
        "deliveries": about.deliveries if about.delivered.units <= DELIVERIES else None,
        "shows_deliveries": about.delivered.units > (about.mine is not None),
        "incoming": directive.issuer_id != seat.unit_id,
        "rounds": directive.round_rows,
        "carries_out": queries.find_visible(seat, directive.implements_id)
        if directive.implements_id
        else None,
        "has_paper": has_paper(directive, about.body),
        "may": _may(seat, about),
        "may_record": roles.may(seat.role, roles.RECORD_ACTIVITY),
        "sees": bool(about.mine and issued and not about.mine.seen_at)
        and roles.may(seat.role, roles.ACKNOWLEDGE_DIRECTIVE),
    }


def deliveries(request: HttpRequest, pk: int) -> dict:
    """Each unit a document went to; of one standing when asked (``?tinh-trang=``)."""
    directive = found(request, pk)
    rows, counted, everywhere = queries.deliveries_of(request.seat, directive)
    wanted = request.GET.get("tinh-trang", "")
    groups = {
        "": (_("Tất cả"), counted.units, Q()),
        "chua-xem": (_("Chưa xem"), counted.units - counted.seen, Q(seen_at=None, acknowledged_at=None)),
        "da-xem": (_("Đã xem, chưa xác nhận"), counted.seen - counted.acknowledged, HAVE_SEEN),
        "da-nhan": (_("Đã nhận"), counted.acknowledged, Q(acknowledged_at__isnull=False)),
    }
    wanted = wanted if wanted in groups else ""
    text, after = request.GET.get("tim", "").strip()[:100], place_after(request)
    _label, count, standing = groups[wanted]
    shown = list(
        queries.narrowed(rows.filter(standing), rows=count, limit=DELIVERIES + 1, name=text, after=after)
    )
    standings = [
        (f"{words} {count}", _with(request, **{"tinh-trang": key}) if key else request.path, key == wanted)
        for key, (words, count, _rows) in groups.items()
    ]
    return {
        "directive": directive,
        "title": title(directive),
        "number": directive.number_label or _("không số"),
        "everywhere": everywhere,
        "deliveries": shown[:DELIVERIES],
        "standings": standings,
        "wanted": wanted,
        "text": text,
        "first": _with(request) if after else "",
        "next": next_after(request, shown[DELIVERIES - 1].unit) if len(shown) > DELIVERIES else "",
    }


def _may(seat: Seat, about: Dossier) -> dict[str, bool]:
    directive = about.directive
    edits = rules.may_edit(seat, directive)
    return {
        "acknowledge": rules.may_acknowledge(seat, directive, about.mine),
        "edit": edits,
        "compose": directive.composed_here and directive.status == DirectiveStatus.DRAFT and edits,
        "issue": rules.may_issue(seat, directive),
        "recall": rules.may_recall(seat, directive),
        "send": rules.may_send_anywhere(seat, directive)
        or rules.may_pass_down(seat, directive, about.mine is not None),
        "carry_out": rules.may_carry_out(seat, directive)
        and (about.mine is not None or directive.registered_by_id == seat.unit_id),
        "read": directive.status in rules.LIVE and roles.may(seat.role, roles.REGISTER_DIRECTIVE),
        "open_round": directive.status == DirectiveStatus.ISSUED and roles.may(seat.role, roles.OPEN_ROUND),
    }


def title(directive: Directive) -> str:
    """ "Kế hoạch tổ chức Tuần lễ …": the kind and the subject as one sentence."""
    subject = directive.subject
    if directive.kind == DocumentKind.OTHER:
        return subject
    lowered = subject if subject[:2].isupper() else subject[:1].lower() + subject[1:]
    about = f" {_('về việc')}" if directive.kind == DocumentKind.CV else ""
    return f"{directive.get_kind_display()}{about} {lowered}"


def sending(request: HttpRequest, directive: Directive) -> dict:
    """Units to tick: those directly below, by line, or those a search finds; who has it already is marked."""
    anywhere = rules.may_send_anywhere(request.seat, directive)
    text = request.GET.get("tim", "").strip()
    groups = (
        _found(request.seat, text, anywhere)
        if text
        else right_below(request.seat.unit, directive.deliveries.all(), show_taken=True)
    )
    shown = [unit.pk for group in groups for unit in group.units]
    held = set(directive.deliveries.filter(unit__in=shown).values_list("unit", flat=True))
    return {
        "directive": directive,
        "title": title(directive),
        "anywhere": anywhere,
        "held": held | {directive.registered_by_id},
        "text": text,
        "groups": groups,
        "limit": SHOWN,
    }


def _found(seat: Seat, text: str, anywhere: bool) -> list[Group]:
    units = org_queries.search_units(text, SHOWN, None if anywhere else reachable_units(seat))
    return [Group(_("Kết quả tìm"), units)]
