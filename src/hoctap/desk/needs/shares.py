"""Tỷ lệ được đào tạo: year by year, unit by unit, by kind and topic; the sheet holds what the page shows."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hoctap.activities.enums import Family
from hoctap.activities.models import ActivityKind, Topic
from hoctap.activities.shares import (
    ALL_LEARNING,
    BRIEFING,
    EMPLOYED,
    TRAINING,
    Learning,
    Part,
    Question,
    Share,
    by_kind,
    by_topic,
    day_of,
    shares,
)
from hoctap.desk.access import needs
from hoctap.desk.fields import whole
from hoctap.desk.needs.sheets import answer_sheet
from hoctap.desk.paging import next_after, place_after
from hoctap.desk.render import page
from hoctap.kernel import clock
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
    """The answers: of the unit in focus by year, of units under it in one year."""

    asked: Asked
    years: list[tuple[int, Share]]
    units: list[tuple[Unit, Share]]
    next: str

    @property
    def total(self) -> Share:
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
    found = shares(
        [asked.question(asked.focus.pk, year) for year in years] + [asked.question(unit.pk) for unit in units]
    )
    of_years, of_units = found[:YEARS], found[YEARS:]
    return Seen(asked, list(zip(years, of_years, strict=True)), list(zip(units, of_units, strict=True)), more)


@needs(roles.VIEW)
def show(request: HttpRequest) -> HttpResponse:
    seen = _seen(request, UNITS)
    question = seen.asked.question(seen.asked.focus.pk)
    kinds, topics = (
        dict(ActivityKind.objects.values_list("pk", "name")),
        dict(Topic.objects.values_list("pk", "name")),
    )
    return page(
        request,
        "needs/shares.html",
        seen=seen,
        top=request.seat.unit,
        day=day_of(seen.asked.year),
        kinds=_named(by_kind(question), kinds),
        topics=_named(by_topic(question), topics),
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


def _named(parts: list[Part], names: dict[int, str]) -> list[tuple[str, Part]]:
    return [(_(names[part.id]) if part.id else _("Không ghi chủ đề"), part) for part in parts]


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
        _("Năm, đơn vị"), _("Số đơn vị"), _("Đơn vị đã khai số người"), _("Số người"), _("Trong đó nữ"),
        _("Người đã học"), _("Tỷ lệ %"), _("Người học chưa có mẫu số"), _("Người không ghi tên"), _("Trong đó nữ"),
    ]  # fmt: skip
    rows = [[str(year), *_numbers(share)] for year, share in seen.years]
    rows += [[unit.name, *_numbers(share)] for unit, share in seen.units]
    title = _("Tỷ lệ được đào tạo của %(unit)s: %(group)s; %(learning)s; đơn vị theo năm %(year)s") % {
        "unit": asked.focus.name, "group": GROUPS[asked.group][0], "learning": LEARNING[asked.learning][0],
        "year": asked.year,
    }  # fmt: skip
    notes = [_("Ô trống: chưa khai. Người không ghi tên không cộng vào người đã học.")]
    return answer_sheet(f"ty-le-dao-tao-{asked.year}", title, heads, rows, notes)


def _numbers(share: Share) -> list:
    percent = None if share.percent is None else round(share.percent, 1)
    return [
        share.units, share.declared, share.heads, share.women, share.trained, percent, share.elsewhere,
        share.unnamed, share.unnamed_women,
    ]  # fmt: skip
