"""Ghi nhanh: one activity in at most six fields, on a phone, with or without a net."""

import uuid
from datetime import date, time

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hoctap.activities import actions, library, pasting, queries, sorting
from hoctap.activities.actions import ActivityData, SessionData
from hoctap.activities.enums import Family
from hoctap.activities.models import Activity, ActivityKind
from hoctap.desk.access import needs
from hoctap.desk.activities import counted
from hoctap.desk.activities.evidence import keep_files
from hoctap.desk.activities.forms import PeopleField, TimeField, moment_at
from hoctap.desk.activities.screen import ICONS
from hoctap.desk.activities.views import found
from hoctap.desk.fields import DayField, whole
from hoctap.desk.offline.keeping import keep_on_phone
from hoctap.desk.once import HEADER
from hoctap.desk.render import page
from hoctap.kernel import clock
from hoctap.kernel.errors import Refusal
from hoctap.orgs import roles
from hoctap.orgs.matching import match_units
from hoctap.orgs.models import Unit

REDO = 4
EARLY = gettext_lazy("Chưa tới giờ: để trống số người, ghi sau khi hoạt động diễn ra.")
TILES = (
    (Family.CLASS, gettext_lazy("Lớp học")),
    (Family.TALK, gettext_lazy("Nói chuyện chuyên đề")),
    (Family.CONTEST, gettext_lazy("Cuộc thi")),
    (Family.CULTURE, gettext_lazy("Văn nghệ, thể thao")),
    (Family.BOOKS, gettext_lazy("Sách, tủ sách")),
    (Family.NEWS, gettext_lazy("Tin bài, tuyên truyền")),
    (Family.CEREMONY, gettext_lazy("Lễ, hội nghị")),
    (Family.OTHER, gettext_lazy("Khác")),
)


class CaptureForm(forms.Form):
    """``kind``: where the line that the tile and the name lead to is not the right one."""

    name = forms.CharField(label=gettext_lazy("Tên hoạt động"), max_length=250)
    family = forms.ChoiceField(label=gettext_lazy("Loại"), choices=TILES)
    kind = forms.ModelChoiceField(
        ActivityKind.objects.order_by("order"), to_field_name="code", required=False,
        label=gettext_lazy("Đúng loại nào"), empty_label=gettext_lazy("Theo tên và loại ở trên"),
    )  # fmt: skip
    day = DayField(label=gettext_lazy("Ngày"), help_text="")
    start = TimeField(label=gettext_lazy("Giờ bắt đầu"), required=False)
    place = forms.CharField(label=gettext_lazy("Nơi tổ chức"), max_length=250, required=False)
    people = PeopleField(label=gettext_lazy("Số người đến"))
    token = forms.UUIDField(required=False, widget=forms.HiddenInput)
    confirm = forms.BooleanField(required=False)

    def clean(self) -> dict:
        """A number of what has not begun is neither lost nor counted; capture.js says so before it is sent."""
        said = super().clean()
        if (
            said.get("people")
            and said.get("day")
            and "start" in said
            and _is_ahead(said["day"], said["start"])
        ):
            self.add_error("people", EARLY)
        return said

    def data_for(self, co_hosts: list[Unit]) -> ActivityData:
        """Held when its time has come; what is no number of people is what its kind asks for first."""
        said = self.cleaned_data
        kind = said["kind"] or queries.kind(sorting.sorted_into(said["name"], said["family"]))
        number = said["people"]
        starts_at = moment_at(said["day"], said["start"])
        people = (number or 0) if kind.with_people else 0
        session = SessionData(
            starts_at,
            whole_day=said["start"] is None,
            place=said["place"],
            held=starts_at <= clock.now(),
            unnamed=people,
        )
        asked = kind.asks[0] if kind.asks and not kind.with_people else ""
        quantities = {asked: number} if asked and number is not None else {}
        return ActivityData(kind, said["name"], (session,), co_hosts=tuple(co_hosts), quantities=quantities)


def _is_ahead(day: date, start: time | None) -> bool:
    return moment_at(day, start) > clock.now()


@needs(roles.RECORD_ACTIVITY, methods=("GET", "POST"))
def capture(request: HttpRequest) -> HttpResponse:
    """The form of the phone; what a phone sends again is the same activity."""
    form = CaptureForm(request.POST or None, initial=_initial(request))
    if request.method == "GET":
        return keep_on_phone(request, _page(request, form))
    form = CaptureForm(request.POST)
    warnings: list[str] = []
    recorded: Activity | None = None
    if form.is_valid():
        try:
            data = form.data_for(_co_hosts(request))
            warnings = actions.warnings_of(data)
            if not warnings or form.cleaned_data["confirm"] or HEADER in request.headers:
                return _done(request, form, data, warnings)
        except Refusal as refusal:
            recorded = refusal.first if isinstance(refusal, actions.AlreadyRecorded) else None
            form.add_error(None, refusal.places[0][1] if refusal.places else refusal.message)
    if HEADER in request.headers:
        raise Refusal(" ".join(problem for listed in form.errors.values() for problem in listed))
    units = _certain(_co_hosts(request))
    return _page(request, form, warnings, status=422, units=units, recorded=recorded)


def _done(request: HttpRequest, form: CaptureForm, data: ActivityData, warnings: list[str]) -> HttpResponse:
    seat, token = request.seat, form.cleaned_data["token"] or uuid.uuid4()
    made = actions.record_activity(seat=seat, host=seat.unit, data=data, token=token)
    refused = keep_files(seat, made, request.FILES.getlist("photos"), str(token))
    address = reverse("activity", args=[made.pk])
    if HEADER in request.headers:
        return JsonResponse({"url": address, "notes": [*warnings, *refused]})
    for problem in refused:
        messages.error(request, problem)
    messages.success(request, _("Đã ghi hoạt động “%(name)s”.") % {"name": made.name})
    return redirect(address)


def _co_hosts(request: HttpRequest) -> list[Unit]:
    ticked = [pk for pk in map(whole, request.POST.getlist("unit")) if pk]
    return list(Unit.objects.filter(pk__in=ticked)[:20])


def _certain(units: list[Unit]) -> list[Unit]:
    """As ``_named`` gives those that need no second look."""
    for unit in units:
        unit.certain = True  # type: ignore[attr-defined]
    return units


def _initial(request: HttpRequest) -> dict:
    """Today; place, kind and hour of the last one; of one done again its name, too."""
    pk = whole(request.GET.get("tu", ""))
    source = found(request, pk) if pk else None
    last = queries.last_session(request.seat)
    values = {"day": clock.today(), "token": uuid.uuid4(), "family": Family.CLASS}
    if last:
        values |= {"place": last.place, "family": last.activity.kind.family}
    return values | (_of_source(source) if source else {})


def _of_source(source: Activity) -> dict:
    values = {"name": source.name, "family": source.kind.family, "kind": source.kind.code}
    session = source.sessions.order_by("-starts_at").first()
    if session:
        starts_at = session.starts_at.astimezone(clock.VIETNAM)
        values |= {"place": session.place, "start": "" if session.whole_day else f"{starts_at:%H:%M}"}
    return values


@needs(roles.RECORD_ACTIVITY, methods=("POST",))
def paste(request: HttpRequest) -> HttpResponse:
    """A message pasted: the form with what it says, and what it does not; nothing is kept."""
    text = request.POST.get("text", "").replace("\0", "")
    said = pasting.read(text, clock.today())
    is_ahead = said.day is not None and _is_ahead(said.day, said.start)  # who is invited did not come yet
    families = library.families()
    values = {
        "name": said.name,
        "family": families.get(said.kind, Family.CLASS),
        "kind": said.kind if said.kind else None,
        "day": said.day,
        "start": f"{said.start:%H:%M}" if said.start else "",
        "place": said.place,
        "people": None if is_ahead else said.people,
        "token": uuid.uuid4(),
    }
    units = _named(request, said.with_whom)
    asks = [_(words) for words in said.asks if not (is_ahead and words.startswith("Số người"))]
    return _page(request, CaptureForm(initial=values), pasted=text, asks=asks, units=units)


def _named(request: HttpRequest, phrases: tuple[str, ...]) -> list[Unit]:
    """Units that the words mean, those without another reading ticked (``certain``)."""
    found: dict[int, Unit] = {}
    for match in match_units(request.seat, phrases, request.seat.unit) if phrases else []:
        for unit in match.units[:5]:
            unit.certain = match.certain  # type: ignore[attr-defined]
            if unit.pk != request.seat.unit_id:
                found.setdefault(unit.pk, unit)
    return list(found.values())


def _page(
    request: HttpRequest, form: CaptureForm, warnings: list[str] | None = None, *, status: int = 200, **more
) -> HttpResponse:
    lines = counted.lines_for(request.seat.unit)
    kinds = counted.kinds_said(lines)
    form.fields["kind"].choices = [  # of the kinds at hand, not asked for again
        ("", _("Theo tên và loại ở trên")), *((code, kind["name"]) for code, kind in kinds.items()),
    ]  # fmt: skip
    family, chosen = form["family"].value(), form["kind"].value()
    if chosen not in kinds:
        known = family if family in Family.values else Family.CLASS
        chosen = sorting.sorted_into(form["name"].value() or "", known)
    return page(
        request,
        "activities/capture.html",
        status=status,
        form=form,
        warnings=warnings or [],
        tiles=[(family, words, ICONS[family]) for family, words in TILES],
        redo=queries.latest_of(request.seat, REDO),
        kinds=kinds,
        fallbacks=counted.fallbacks(),
        early=str(EARLY),
        chosen=kinds.get(chosen, {}),
        **{"pasted": None, "units": [], "asks": [], "recorded": None} | more,
    )
