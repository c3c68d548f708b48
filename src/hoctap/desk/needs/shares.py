"""Tỷ lệ được đào tạo: year by year, unit by unit, by kind and topic; the sheet holds what the page shows."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hoctap.activities import jobs, reckoning
from hoctap.activities.enums import Family
from hoctap.activities.reckoning import Trained
from hoctap.activities.shares import (
    ALL_LEARNING,
    BRIEFING,
    EMPLOYED,
    TRAINING,
    Learning,
    Part,
    Question,
    Share,
    day_of,
    parts,
    shares,
)
from hoctap.desk.access import needs
from hoctap.desk.fields import whole
from hoctap.desk.needs.sheets import answer_sheet
from hoctap.desk.paging import next_after, place_after
from hoctap.desk.render import page
from hoctap.kernel import clock
from hoctap.kernel.errors import Refusal
from hoctap.orgs import roles
from hoctap.orgs import rules as org_rules
from hoctap.orgs.enums import HeadcountGroup
from hoctap.orgs.models import Subordination, Unit
from hoctap.orgs.naming import later

YEARS = 5
UNITS = 50  # a page
EXPORTED = 2000  # units of a sheet
GROUPS = {
    "ca-hai": (gettext_lazy("Nhà giáo, người lao động"), EMPLOYED),
    "lao-dong": (gettext_lazy("Người lao động"), (HeadcountGroup.WORKERS,)),
    "nha-giao": (gettext_lazy("Nhà giáo"), (HeadcountGroup.TEACHERS,)),
    "doan-vien": (gettext_lazy("Đoàn viên, hội viên"), (HeadcountGroup.MEMBERS,)),
}
LEARNING = {
    "lop": (gettext_lazy("Lớp học, tập huấn"), TRAINING),
    "noi-chuyen": (gettext_lazy("Nói chuyện, chuyên đề"), Learning(families=(Family.TALK,))),
    "quan-triet": (gettext_lazy("Tuyên truyền, quán triệt"), Learning(kinds=(BRIEFING,))),
    "tat-ca": (gettext_lazy("Tất cả"), ALL_LEARNING),
}


@dataclass(frozen=True)
class Asked:
    """What the page is asked for."""

    focus: Unit
    year: int
    group: str
    learning: str

    def question(self, part: int, year: int | None = None) -> Question:
        return Question(year or self.year, LEARNING[self.learning][1], GROUPS[self.group][1], part)


@dataclass(frozen=True)
class Seen:
    """The answers: of the unit in focus by year, of units under it in one year; null where nothing is counted yet."""

    asked: Asked
    years: list[tuple[int, Share | None]]
    units: list[tuple[Unit, Share | None]]
    next: str
    kept: Trained | None  # of a unit with too many under it: what was counted before
    is_wide: bool

    @property
    def total(self) -> Share | None:
        return next(share for year, share in self.years if year == self.asked.year)


def _asked(request: HttpRequest) -> Asked:
    focus, this_year = request.seat.unit, clock.today().year
    if code := request.GET.get("don-vi"):
        focus = Unit.objects.filter(code=code).first()
        if focus is None or not org_rules.reaches(request.seat, focus):
            raise Http404
    year = whole(request.GET.get("nam", "")) or this_year
    year = year if this_year - YEARS < year <= this_year else this_year
    group, learning = request.GET.get("nhom"), request.GET.get("hoc")
    return Asked(
        focus, year, group if group in GROUPS else "ca-hai", learning if learning in LEARNING else "lop"
    )


def _seen(request: HttpRequest, most: int) -> Seen:
    asked = _asked(request)
    below = Subordination.objects.filter(parent=asked.focus, valid__contains=day_of(asked.year))
    rows = Unit.objects.filter(pk__in=below.values("unit")).order_by("sort_key", "pk")
    if after := place_after(request):
        rows = rows.filter(later(after))
    units = list(rows[: most + 1])
    more = next_after(request, units[most - 1]) if len(units) > most else ""
    units = units[:most]
    years = list(range(clock.today().year, clock.today().year - YEARS, -1))
    focus, question = asked.focus, asked.question(asked.focus.pk)
    kept = reckoning.trained(question, [focus.pk, *(unit.pk for unit in units)], years)
    of_years = [] if focus.pk in kept else [asked.question(focus.pk, year) for year in years]
    of_units = [asked.question(unit.pk) for unit in units if unit.pk not in kept]
    counted = iter(shares(of_years + of_units) if of_years or of_units else [])

    def share(unit: Unit, year: int) -> Share | None:
        if unit.pk not in kept:
            return next(counted)
        known = kept[unit.pk][year]
        return known.share if known else None

    by_year = [(year, share(focus, year)) for year in years]
    by_unit = [(unit, share(unit, asked.year)) for unit in units]
    known = kept[focus.pk][asked.year] if focus.pk in kept else None
    return Seen(asked, by_year, by_unit, more, known, focus.pk in kept)


@needs(roles.VIEW)
def show(request: HttpRequest) -> HttpResponse:
    seen = _seen(request, UNITS)
    if seen.is_wide:
        kinds, topics = (seen.kept.kinds, seen.kept.topics) if seen.kept else ([], [])
    else:
        kinds, topics = parts(seen.asked.question(seen.asked.focus.pk))
    return page(
        request,
        "needs/shares.html",
        seen=seen,
        top=request.seat.unit,
        day=day_of(seen.asked.year),
        kinds=_named(kinds),
        topics=_named(topics),
        groups=[
            (words, _query(request, nhom=key), key == seen.asked.group) for key, (words, _g) in GROUPS.items()
        ],
        learnings=[
            (words, _query(request, hoc=key), key == seen.asked.learning)
            for key, (words, _l) in LEARNING.items()
        ],
        query=lambda **change: _query(request, **change),
        sheet_query=_query(request),
    )


@needs(roles.VIEW, methods=("POST",))
def reckon(request: HttpRequest) -> HttpResponse:
    """Tính lại: of a unit with too many under it, as the page's address asks."""
    asked = _asked(request)
    years = range(clock.today().year, clock.today().year - YEARS, -1)
    abouts = [reckoning.about_trained(asked.question(asked.focus.pk, year)) for year in years]
    return count_soon(request, asked.focus, abouts, f"{reverse('shares')}{_query(request)}")


def count_soon(request: HttpRequest, unit: Unit, abouts: Sequence[str], back: str) -> HttpResponse:
    try:
        reckoning.ask(seat=request.seat, unit=unit, abouts=abouts)
        jobs.reckon.defer()
        messages.success(request, _("Đang tính. Số mới hiện ra khi tải lại trang sau ít phút."))
    except Refusal as refusal:
        messages.error(request, refusal.message)
    return redirect(back)


def _named(found: list[Part]) -> list[tuple[str, Part]]:
    return [(_(part.name) if part.name else _("Không ghi chủ đề"), part) for part in found]


def _query(request: HttpRequest, **change) -> str:
    query = request.GET.copy()
    query.pop("sau", None)
    for name, value in change.items():
        query[name.replace("_", "-")] = value
    return f"?{query.urlencode()}"


@needs(roles.VIEW)
def download(request: HttpRequest) -> HttpResponse:
    """The same numbers as the page's."""
    seen = _seen(request, EXPORTED)
    asked = seen.asked
    heads = [
        _("Năm, đơn vị"), _("Số đơn vị"), _("Đơn vị đã khai đủ số người"), _("Đơn vị khai thiếu nhóm"), _("Số người"),
        _("Trong đó nữ"), _("Người đã học"), _("Tỷ lệ %"), _("Người học chưa có mẫu số"), _("Người không ghi tên"),
        _("Trong đó nữ"),
    ]  # fmt: skip
    rows = [[str(year), *_numbers(share)] for year, share in seen.years]
    rows += [[unit.name, *_numbers(share)] for unit, share in seen.units]
    title = _("Tỷ lệ được đào tạo của %(unit)s: %(group)s; %(learning)s; đơn vị theo năm %(year)s") % {
        "unit": asked.focus.name, "group": GROUPS[asked.group][0], "learning": LEARNING[asked.learning][0],
        "year": asked.year,
    }  # fmt: skip
    notes = [_("Ô trống: chưa khai, hoặc chưa tính. Người không ghi tên không cộng vào người đã học.")]
    return answer_sheet(f"ty-le-dao-tao-{asked.year}", title, heads, rows, notes)


def _numbers(share: Share | None) -> list:
    if share is None:
        return []
    percent = None if share.percent is None else round(share.percent, 1)
    return [
        share.units, share.complete, share.declared - share.complete, share.heads, share.women, share.trained, percent,
        share.elsewhere, share.unnamed, share.unnamed_women,
    ]  # fmt: skip
