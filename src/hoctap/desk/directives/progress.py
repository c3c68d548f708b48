"""Triển khai tới đâu: by unit who has seen, acknowledged, planned, passed on, reported; its own document opens below."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from hoctap.desk.access import needs
from hoctap.desk.directives import screen
from hoctap.desk.paging import next_after, place_after
from hoctap.desk.render import page
from hoctap.directives import queries
from hoctap.directives.models import Delivery
from hoctap.directives.numbers import parse
from hoctap.orgs import roles
from hoctap.orgs.queries import FEW
from hoctap.reports import progress as steps

UNITS = 25  # a page


@dataclass(frozen=True)
class Step:
    """``kind``: y done, n not, w under way, s not asked; ``words`` for who does not see the icon."""

    kind: str
    icon: str
    words: str


@needs(roles.VIEW)
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    directive = screen.found(request, pk)
    rows, counted, everywhere = queries.deliveries_of(request.seat, directive)
    text, after = request.GET.get("tim", "").strip()[:100], place_after(request)
    found = queries.narrowed(rows, rows=counted.units, limit=UNITS + 1, name=text, after=after)
    shown = list(steps.with_steps(found))
    more, shown = len(shown) > UNITS, shown[:UNITS]
    below = steps.children_of(row.own["id"] for row in shown if row.own)
    context = {
        "directive": directive,
        "title": screen.title(directive),
        "number": directive.number_label or _("không số"),
        "everywhere": everywhere,
        "counted": counted,
        "totals": steps.totals(directive) if everywhere and counted.units <= FEW else None,
        "rows": [(row, track(row), below.get(row.own["id"], []) if row.own else []) for row in shown],
        "track": track,
        "number_of": lambda text: str(parse(text)),
        "text": text,
        "next": next_after(request, shown[-1].unit) if more else "",
    }
    return page(request, "directives/progress.html", **context)


def track(row: Delivery) -> list[Step]:
    """The five steps of one unit."""
    seen = bool(row.seen_at or row.acknowledged_at)
    return [
        Step("y", "eye", _("đã xem")) if seen else Step("n", "x", _("chưa xem")),
        Step("y", "check", _("đã xác nhận")) if row.acknowledged_at else Step("n", "x", _("chưa xác nhận")),
        _planned(row),
        _cascaded(row),
        _reported(row),
    ]


def _planned(row) -> Step:
    if not row.tasks:
        return Step("s", "minus", _("không có việc phải lập kế hoạch"))
    if row.planned == row.tasks:
        return Step("y", "plan", _("có kế hoạch"))
    words = _("%(n)s/%(all)s việc có kế hoạch") % {"n": row.planned, "all": row.tasks}
    return Step("w", "wait", words) if row.planned else Step("n", "x", _("chưa có kế hoạch"))


def _cascaded(row) -> Step:
    if row.own or (row.owed and row.owed["below"]):
        return Step("y", "fork", _("đã giao xuống cấp dưới"))
    return Step("s", "minus", _("chưa giao xuống"))


def _reported(row) -> Step:
    if not row.owed:
        return Step("s", "minus", _("không phải báo cáo"))
    if row.owed["state"] in steps.SENT:
        return Step("y", "send", _("đã báo cáo"))
    if row.owed["state"] in (None, "none"):
        return Step("n", "x", _("chưa báo cáo"))
    return Step("w", "wait", _("đang chỉnh sửa báo cáo"))
