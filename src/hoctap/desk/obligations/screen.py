"""What the round's pages show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from django.db.models import Case, Exists, Max, OuterRef, Q, QuerySet, When
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from hoctap.desk.fields import choices, whole
from hoctap.desk.formats import vn_date
from hoctap.desk.picking import SHOWN, Group, right_below
from hoctap.desk.reports.views import follower_of
from hoctap.desk.words import Words, due_at, standing, standing_word, words
from hoctap.forms import queries as form_queries
from hoctap.kernel import clock
from hoctap.kernel.prepared import Prepared
from hoctap.kernel.vietnamese import fold
from hoctap.obligations import rules as obligation_rules
from hoctap.obligations.enums import Frequency
from hoctap.obligations.models import Follower, Obligation, Recipient, Reminder, Round
from hoctap.orgs import queries as org_queries
from hoctap.orgs import roles
from hoctap.orgs.models import Unit
from hoctap.orgs.naming import called
from hoctap.reports import queries

PAGE = 50


@dataclass(frozen=True)
class Part:
    """One stretch of the coverage bar and its legend entry, which is the filter."""

    kind: str
    count: int
    words: str
    url: str
    current: bool


def rounds(request: HttpRequest) -> dict:
    seat = request.seat
    owed = Exists(Recipient.objects.filter(obligation__round=OuterRef("pk"), unit_id=seat.unit_id))
    owes = Exists(Obligation.objects.filter(round=OuterRef("pk"), unit_id=seat.unit_id))
    found = Round.objects.filter(owed | owes).select_related("directive").order_by("-pk")
    before = whole(request.GET.get("truoc", ""))
    if before:
        found = found.filter(pk__lt=before)
    shown = list(found[:PAGE])
    mine = {
        o.round_id: o
        for o in Obligation.objects.filter(round__in=shown, unit_id=seat.unit_id).select_related("report")
    }
    now = clock.now()
    rows = [(r, mine.get(r.pk), standing(mine[r.pk], now) if r.pk in mine else None) for r in shown]
    more = shown[-1].pk if len(shown) == PAGE else None
    return {
        "rows": rows,
        "more": more,
        "followed": [] if before else followed(seat.unit_id),
        "may_open": roles.may(seat.role, roles.OPEN_ROUND),
    }


def followed(unit_id: int) -> list[Follower]:
    """The rounds that the unit follows, the newest first, each with its ``root``."""
    return _FOLLOWED(unit=unit_id)


_FOLLOWED: Prepared[Follower] = Prepared(
    lambda unit: (
        Follower.objects.filter(unit_id=unit, ended_at=None)
        .annotate(root=Obligation.objects.filter(round=OuterRef("round"), parent=None).values("pk")[:1])
        .select_related("round__directive")
        .order_by("-round_id")[:PAGE]
    ),
    "unit",
)


def node(request: HttpRequest, round_pk: int) -> tuple[Obligation, Follower | None]:
    """The node whose board is asked for (``?nut=``), else the seat's own, else one it receives, else the root; and for a
    unit that only follows the round, by which clause.

    404 out of sight.
    """
    asked, unit_id = whole(request.GET.get("nut", "")), request.seat.unit_id
    if asked:
        found = _nodes(round_pk).filter(pk=asked).first()
    else:
        received = Recipient.objects.filter(unit_id=unit_id, obligation__round=round_pk).values("obligation")
        others = _nodes(round_pk).filter(Q(pk__in=received) | Q(parent=None))
        found = (
            next(iter(_OWN_NODE(round=round_pk, unit=unit_id)), None)
            or others.order_by(Case(When(pk__in=received, then=0), default=1), "path").first()
        )
    if found is None:
        raise Http404
    return found, follower_of(request, found)


def _nodes(round_pk) -> QuerySet[Obligation]:
    read = Obligation.objects.select_related(
        "round__directive", "round__next", "unit", "parent__unit", "report"
    )
    return read.filter(round=round_pk)


_OWN_NODE: Prepared[Obligation] = Prepared(
    lambda round, unit: _nodes(round).filter(unit_id=unit), "round", "unit"
)


def board(request: HttpRequest, at: Obligation) -> dict:
    now = clock.now()
    counts = queries.board_counts(at, now)
    wanted = request.GET.get("trang-thai", "")
    text = request.GET.get("tim", "").strip()
    after = _after(request.GET.get("sau", ""))
    if wanted in queries.STANDINGS or text or after:
        found = list(_first(_narrowed(queries.board(at.pk, now), wanted, text, after)))
    else:
        found = _FIRST_PAGE(parent=at.pk, now=now)
    shown = queries.in_order(found, now, queries.BOARD_ORDER)
    more, shown = len(shown) > PAGE, shown[:PAGE]
    said = words(shown[0].relation if shown else at.relation)
    seat = request.seat
    owner = at.unit_id == seat.unit_id
    return {
        "node": at,
        "round": at.round,
        "now": now,
        "counts": counts,
        "sent": counts["wait"] + counts["ok"],
        "parts": _parts(request, counts, said, wanted),
        "rows": [(o, standing_word(o.standing, o)) for o in shown],
        "words": said,
        "wanted": wanted,
        "text": text,
        "next": _next(request, shown[-1]) if more else "",
        "person_cell": _person_cell(at),
        "overdue": [o.unit.short_name for o in shown if o.standing == "late"][:6],
        "here": request.get_full_path(),
        "deadline": _deadline(shown),
        "last_moment": obligation_rules.last_moment,
        "due_at": due_at,
        "last_reminded": _last_reminded(at) if counts["late"] else None,
        "own": standing(at, now),
        "owner": owner,
        "may_receive": owner and roles.may(seat.role, roles.RECEIVE_REPORT),
        "may_remind": owner and roles.may(seat.role, roles.REMIND) and at.round.closed_at is None,
        "may_extend": owner and roles.may(seat.role, roles.EXTEND) and at.round.closed_at is None,
        "may_cascade": owner and roles.may(seat.role, roles.CASCADE) and at.round.closed_at is None,
        "may_enter": owner and roles.may(seat.role, roles.ENTER_REPORT) and at.round.closed_at is None,
        "may_close": owner and at.parent_id is None and roles.may(seat.role, roles.OPEN_ROUND),
        "repeats": _repeats(at.round, now.date()),
        "frequencies": choices(Frequency),
        "followers": _followers(at) if owner and at.parent_id is None else [],
    }


def _repeats(opened: Round, today: date) -> str:
    """What becomes of a recurring round: when the next one opens, or why none does; empty for what happens once."""
    if opened.frequency == Frequency.ONCE:
        return ""
    if obligation_rules.has_next(opened):
        return _("đã mở đợt sau")
    day = obligation_rules.next_opens_on(opened)
    if day is None:
        return _("đã dừng, vì văn bản không còn hiệu lực")
    if day <= today:
        return _("đợt sau mở trong giờ tới")
    return _("đợt sau mở ngày %(day)s") % {"day": vn_date(day)}


def _followers(root: Obligation) -> QuerySet[Follower]:
    found = Follower.objects.filter(round=root.round_id, ended_at=None).select_related("unit")
    return found.order_by("unit__sort_key", "pk")


def _narrowed(rows: QuerySet[Obligation], wanted: str, text: str, after) -> QuerySet[Obligation]:
    """Of one standing, with all words of the text in the unit's name, and after the last one shown."""
    if wanted in queries.STANDINGS:
        rows = rows.filter(standing=wanted)
    rows = rows.filter(called(text, "unit__"))
    if after:
        rank, key, pk = after
        later = Q(rank__gt=rank) | Q(rank=rank, unit__sort_key__gt=key)
        rows = rows.filter(later | Q(rank=rank, unit__sort_key=key, pk__gt=pk))
    return rows


def _first(rows: QuerySet[Obligation]) -> QuerySet[Obligation]:
    read = Obligation.objects.select_related("unit", "report__sent").defer("report__sent__content")
    return queries.first_of(rows, PAGE + 1, read)


_FIRST_PAGE: Prepared[Obligation] = Prepared(
    lambda parent, now: _first(queries.board(parent, now)), "parent", "now"
)


def _last_reminded(at: Obligation) -> datetime | None:
    return Reminder.objects.filter(obligation__parent=at).aggregate(at=Max("at"))["at"]


def _parts(request: HttpRequest, counts: dict[str, int], said: Words, wanted: str) -> list[Part]:
    names = {
        "ok": said.accepted,
        "wait": said.waiting,
        "back": said.returned,
        "recall": _("Thu hồi"),
        "ext": _("Gia hạn"),
        "late": _("Quá hạn"),
        "none": _("Chưa gửi"),
    }
    path = request.path
    node_part = {"nut": request.GET["nut"]} if request.GET.get("nut", "").isdecimal() else {}
    all_url = f"{path}?{urlencode(node_part)}" if node_part else path
    parts = [Part("", counts["all"], _("Tất cả"), all_url, not wanted)]
    for kind, name in names.items():
        if counts[kind]:
            url = f"{path}?{urlencode(node_part | {'trang-thai': kind})}"
            parts.append(Part(kind, counts[kind], name, url, wanted == kind))
    return parts


def _deadline(shown: list[Obligation]) -> Obligation | None:
    """Whose deadline stands for all: one as the document set it, before any extension."""
    unmoved = (o for o in shown if o.due_at == obligation_rules.first_late_moment(o.due_rule, o.due_on))
    return next(unmoved, shown[0] if shown else None)


def _person_cell(at: Obligation) -> int | None:
    """The position shown on the board as "Số người học": the form's first cell of persons."""
    if at.round.form_version_id is None:
        return None
    spec = form_queries.version_spec(at.round.form_version_id)
    return next((c.position for c in spec.cells if c.value == "persons"), None)


def _after(text: str) -> tuple[int, str, int] | None:
    rank, _dot, rest = text.partition(".")
    pk, _dot, key = rest.partition(".")
    sound = rank.isdecimal() and pk.isdecimal() and len(rank + pk) < 20 and key.isprintable()
    return (int(rank), key, int(pk)) if sound else None


def _next(request: HttpRequest, last: Obligation) -> str:
    query = request.GET.copy()
    query["sau"] = f"{last.rank}.{last.pk}.{last.unit.sort_key}"
    return f"?{query.urlencode()}"


def picked_units(
    post: Mapping[str, str], name: str, ticked: Sequence[str] = ()
) -> tuple[list[Unit], list[str]]:
    """Units ticked by id or written one a line (name, short name or code); and the lines nobody bears."""
    units = list(Unit.objects.filter(pk__in=[pk for pk in map(whole, ticked) if pk]))
    unknown = []
    for line in (post.get(name) or "").splitlines():
        wanted = fold(line)
        if not wanted:
            continue
        found = [
            unit
            for unit in org_queries.search_units(line.strip(), 20)
            if wanted in (fold(unit.name), fold(unit.short_name), fold(unit.code))
        ]
        if len(found) == 1:
            units += [unit for unit in found if unit not in units]
        else:
            unknown.append(line.strip())
    return units, unknown


def unknown_units(lines: list[str]) -> str:
    return _("Không rõ đơn vị nào: %(names)s. Ghi đúng tên như trong mục Đơn vị, mỗi dòng một đơn vị.") % {
        "names": "; ".join(lines[:8])
    }


def cascade(request: HttpRequest, parent: Obligation, form, picked: list[Unit]) -> dict:
    """Units not yet in the round, to tick: the seat's direct subordinates, or what a search finds, and those ticked
    before it; others are written by name."""
    text = request.POST.get("tim", "").strip()[:100]
    groups = searched(text, taken(parent)) if text else right_below(parent.unit, taken(parent))
    return {"parent": parent, **picking(request, form, text, groups, picked)}


def picking(request: HttpRequest, form, text: str, groups: list[Group], picked: list[Unit]) -> dict:
    """What a form shows in which units are ticked, searched and written by name."""
    listed = {unit.pk for group in groups for unit in group.units}
    kept = [unit for unit in picked if unit.pk not in listed]
    return {
        "form": form,
        "text": text,
        "groups": [*([Group(_("Đã chọn"), kept)] if kept else []), *groups],
        "ticked": {unit.pk for unit in picked},
        "whole_lines": request.POST.getlist("all"),
        "units_text": request.POST.get("units", ""),
        "recipients_text": request.POST.get("recipients", ""),
    }


def searched(text: str, without: QuerySet) -> list[Group]:
    """Units whose name has the words. ``without``: rows with a ``unit`` that is not to be chosen."""
    free = Unit.objects.exclude(Exists(without.filter(unit=OuterRef("pk"))))
    units = org_queries.search_units(text, SHOWN, free)
    return [Group(_("Kết quả tìm"), units)]


def taken(parent: Obligation) -> QuerySet[Obligation]:
    """Who already owes a report in this round."""
    return Obligation.objects.filter(round=parent.round_id)
