"""Nhu cầu học: the surveys a unit has to do with, what each found, unit by unit; and the targets of 100 %."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

import segno
from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from markupsafe import Markup

from hoctap.activities import needs, reckoning, targets
from hoctap.activities.actions import surveying
from hoctap.activities.models import Exemption, Need, Survey, Topic
from hoctap.activities.needs import Known, Wanted
from hoctap.desk.access import needs as needs_action
from hoctap.desk.fields import DayField, whole
from hoctap.desk.needs.shares import count_soon
from hoctap.desk.needs.sheets import answer_sheet
from hoctap.desk.needs.targets import in_words
from hoctap.desk.paging import next_after, place_after
from hoctap.desk.render import page, site
from hoctap.directives.enums import DirectiveStatus
from hoctap.kernel import clock
from hoctap.kernel.errors import Refusal
from hoctap.obligations.models import Target
from hoctap.orgs import roles
from hoctap.orgs import rules as org_rules
from hoctap.orgs.models import Seat, Subordination, Unit
from hoctap.orgs.naming import later

SURVEYS = 20  # a page
UNITS = 50  # a page
TARGETS = 14  # the newest: two documents like the plan of the Công đoàn Ngành Giáo dục
EXPORTED = 2000  # units of a sheet


class SurveyForm(forms.Form):
    """Mở khảo sát."""

    name = forms.CharField(label=gettext_lazy("Tên khảo sát"), max_length=200)
    year = forms.IntegerField(label=gettext_lazy("Học trong năm"), min_value=2000, max_value=2100)
    ends_on = DayField(label=gettext_lazy("Nhận trả lời đến hết ngày"))


class EndForm(forms.Form):
    ends_on = DayField(label=gettext_lazy("Nhận trả lời đến hết ngày"))


@needs_action(roles.VIEW)
def index(request: HttpRequest) -> HttpResponse:
    seat, year = request.seat, clock.today().year
    answered = Need.objects.filter(survey=OuterRef("pk"), unit=seat.unit_id)
    exempt = Exemption.objects.filter(unit=seat.unit_id, year=OuterRef("year"), topic=None)
    rows = needs.surveys_of(seat).annotate(own_answer=Exists(answered), own_exempt=Exists(exempt))
    found = Paginator(rows, SURVEYS).get_page(request.GET.get("trang"))
    return page(
        request,
        "needs/index.html",
        rows=found,
        address=lambda n: f"?trang={n}",
        today=clock.today(),
        year=year,
        targets=_targets(seat, year),
        may_count=roles.may(seat.role, roles.COUNT_HEADS),
    )


def _targets(seat: Seat, year: int) -> list[dict]:
    """Of documents that the unit issued or got; each with its state and how it is counted, in words."""
    mine = Q(directive__issuer=seat.unit_id) | Q(directive__deliveries__unit=seat.unit_id)
    newest = Target.objects.filter(mine, percent=100, directive__status=DirectiveStatus.ISSUED)
    rows = Target.objects.filter(pk__in=newest.values("pk")).select_related("directive", "measured")
    listed = list(rows.order_by("-directive__listed_on", "-directive_id", "order")[:TARGETS])
    if not listed:
        return []
    states = targets.states(listed, year=year, reach=seat)
    names = dict(Topic.objects.values_list("code", "name"))
    may = roles.may(seat.role, roles.COUNT_HEADS)
    return [
        {
            "state": state,
            "how": in_words(state.measure, names),
            "may_set": may and state.target.directive.issuer_id == seat.unit_id,
        }
        for state in states
    ]


@needs_action(roles.COUNT_HEADS, methods=("GET", "POST"))
def new(request: HttpRequest) -> HttpResponse:
    year = clock.today().year + 1
    first = {"name": _("Nhu cầu học tập, bồi dưỡng năm %(year)s") % {"year": year}, "year": year}
    form = SurveyForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            made = surveying.open_survey(seat=request.seat, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Đã mở khảo sát. Gửi đường dẫn cho các đơn vị và mọi người."))
            return redirect("survey", made.pk)
    status = 422 if form.errors else 200
    return page(request, "needs/new.html", form=form, unit=request.seat.unit, status=status)


def found_survey(seat: Seat, pk: int) -> Known:
    """A survey that the seat has to do with; else 404."""
    known = needs.known(seat, pk)
    if known is None:
        raise Http404
    return known


@dataclass(frozen=True)
class Seen:
    """What one seat sees of a survey: a unit in focus, some of the units right under it, and all their totals."""

    survey: Survey
    focus: Unit
    top: Unit  # the highest this seat sees
    units: list[Unit]
    next: str
    totals: dict[int, Wanted]
    topics: list[Topic]
    is_wide: bool
    counted_at: datetime | None  # of a unit with too many under it: when what is shown was counted

    @property
    def total(self) -> Wanted | None:
        """Null: too many to count now, and not counted before."""
        return self.totals.get(self.focus.pk) or (None if self.is_wide else Wanted(0, 0, 0, {}))


def _focus(seat: Seat, known: Known, code: str | None) -> Unit:
    if not code:
        return seat.unit if known.is_asked else known.survey.unit
    focus = known.units.filter(code=code).first()
    if focus is None or not org_rules.reaches(seat, focus):
        raise Http404
    return focus


def seen(request: HttpRequest, known: Known, most: int) -> Seen:
    survey, top = known.survey, _focus(request.seat, known, None)
    focus = _focus(request.seat, known, request.GET.get("don-vi"))
    below = Subordination.objects.filter(parent=focus, valid__contains=needs.day_of(survey))
    rows = known.units.filter(pk__in=below.values("unit")).order_by("sort_key", "pk")
    if after := place_after(request):
        rows = rows.filter(later(after))
    units = list(rows[: most + 1])
    more = next_after(request, units[most - 1]) if len(units) > most else ""
    units = units[:most]
    shown = {focus.pk, *(unit.pk for unit in units)}
    kept = reckoning.surveyed(survey, shown)
    totals = needs.wanted(survey, shown - kept.keys()) if shown - kept.keys() else {}
    totals |= {pk: of_unit[0] for pk, of_unit in kept.items() if of_unit}
    topics = list(Topic.objects.order_by("order"))
    of_focus = kept.get(focus.pk)
    counted_at = of_focus[1] if of_focus else None
    return Seen(survey, focus, top, units, more, totals, topics, focus.pk in kept, counted_at)


@needs_action(roles.VIEW)
def show(request: HttpRequest, pk: int) -> HttpResponse:
    known, seat = found_survey(request.seat, pk), request.seat
    survey, what = known.survey, seen(request, known, UNITS)
    chosen = next((t for t in what.topics if t.pk == whole(request.GET.get("noi-dung", ""))), None)
    people = what.total.people if what.total else {}
    link = site(request) + reverse("need-answer", args=[survey.token])
    return page(
        request,
        "needs/survey.html",
        seen=what,
        survey=survey,
        wanted=sorted((t for t in what.topics if t.pk in people), key=lambda t: -people[t.pk]),
        chosen=chosen,
        number=lambda unit: _number(what.totals.get(unit.pk), chosen),
        is_open=needs.is_open(survey),
        is_asked=known.is_asked,
        may_count=roles.may(seat.role, roles.COUNT_HEADS),
        may_plan=roles.may(seat.role, roles.RECORD_ACTIVITY) and what.focus == seat.unit,
        is_owner=survey.unit_id == seat.unit_id,
        link=link,
        qr=_qr(link),
    )


@lru_cache(maxsize=64)
def _qr(link: str) -> Markup:
    """Drawn once a process: it takes as long as the rest of the page."""
    return Markup(segno.make(link, error="m").svg_inline(scale=4, border=2))


def _number(total: Wanted | None, topic: Topic | None) -> int | None:
    """People who want the topic; without one, all that was asked for; null where nobody said anything."""
    if total is None or not total.people:
        return None
    return total.people.get(topic.pk) if topic else sum(total.people.values())


@needs_action(roles.VIEW)
def download(request: HttpRequest, pk: int) -> HttpResponse:
    """The same numbers as the page's, by unit and topic."""
    known = found_survey(request.seat, pk)
    survey, what = known.survey, seen(request, known, EXPORTED)
    people = what.total.people if what.total else {}
    topics = [topic for topic in what.topics if topic.pk in people]
    heads = [_("Đơn vị"), _("Số đơn vị"), _("Đã trả lời"), *(topic.name for topic in topics)]
    rows = []
    for unit in [what.focus, *what.units]:
        total = what.totals.get(unit.pk)
        name = (
            unit.name
            if unit != what.focus
            else _("Tổng của %(unit)s và đơn vị trực thuộc") % {"unit": unit.name}
        )
        numbers = (
            [total.units, total.answered, *(total.people.get(topic.pk) for topic in topics)] if total else []
        )
        rows.append([name, *numbers])
    return answer_sheet(f"nhu-cau-{survey.pk}", survey.name, heads, rows)


@needs_action(roles.VIEW, methods=("POST",))
def reckon(request: HttpRequest, pk: int) -> HttpResponse:
    """Tính lại: of a unit with too many under it, as the page's address asks."""
    known = found_survey(request.seat, pk)
    focus = _focus(request.seat, known, request.GET.get("don-vi"))
    back = reverse("survey", args=[pk])
    if focus != _focus(request.seat, known, None):
        back += f"?don-vi={focus.code}"
    return count_soon(request, focus, [reckoning.about_survey(known.survey)], back)


@needs_action(roles.COUNT_HEADS, methods=("POST",))
def end(request: HttpRequest, pk: int) -> HttpResponse:
    survey = found_survey(request.seat, pk).survey
    form = EndForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(form.errors.get("ends_on", [])))
        return redirect("survey", pk)
    surveying.end_survey(seat=request.seat, survey=survey, ends_on=form.cleaned_data["ends_on"])
    messages.success(request, _("Đã đổi ngày cuối nhận trả lời."))
    return redirect("survey", pk)
