"""Pages for whoever learns: registering, giving up, marking oneself present, the calendar. No account needed."""

import uuid
from urllib.parse import urlencode

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy

from hoctap.activities import calendars, rules
from hoctap.activities.actions import checking_in, registering
from hoctap.activities.actions.checking_in import CheckedIn
from hoctap.activities.enums import Opening, RegistrationState, SessionState
from hoctap.activities.models import Activity, Registration, Session
from hoctap.desk import errors, throttle
from hoctap.desk.access import open_to_all
from hoctap.desk.learners.access import learner_of
from hoctap.desk.render import page, private
from hoctap.kernel.errors import Refusal
from hoctap.people.models import Person

# Two hundred people of one hall, behind one address, in a minute; no machine that tries codes or fills a class.
RATES = (240, throttle.MINUTE), (3000, throttle.HOUR)


class CheckInForm(forms.Form):
    """Tên, như khi đăng ký."""

    name = forms.CharField(
        label=gettext_lazy("Họ và tên"), max_length=120, help_text=gettext_lazy("Gõ không dấu cũng được")
    )
    birth_year = forms.IntegerField(
        label=gettext_lazy("Năm sinh"), required=False, min_value=1900, max_value=2200,
        help_text=gettext_lazy("Không bắt buộc; giúp phân biệt người cùng tên"),
        widget=forms.TextInput({"inputmode": "numeric"}),
    )  # fmt: skip
    consented = forms.BooleanField(
        label=gettext_lazy("Tôi đồng ý cho ghi tên tôi vào danh sách người học của buổi này"), required=False
    )


class RegisterForm(forms.Form):
    """Đăng ký công khai; nothing is ticked beforehand."""

    full_name = forms.CharField(label=gettext_lazy("Họ và tên"), max_length=120)
    birth_year = forms.IntegerField(
        label=gettext_lazy("Năm sinh"), required=False, min_value=1900, max_value=2200,
        widget=forms.TextInput({"inputmode": "numeric"}), help_text=gettext_lazy("Không bắt buộc; trẻ em thì cần ghi"),
    )  # fmt: skip
    contact = forms.CharField(
        label=gettext_lazy("Thư điện tử hoặc điện thoại"), max_length=120, required=False,
        help_text=gettext_lazy("Không bắt buộc; có thư điện tử thì nhận được lời nhắc"),
    )  # fmt: skip
    guardian_name = forms.CharField(
        label=gettext_lazy("Cha, mẹ hoặc người giám hộ"), max_length=120, required=False,
        help_text=gettext_lazy("Chỉ cần khi người học chưa đủ 16 tuổi"),
    )  # fmt: skip
    guardian_contact = forms.CharField(
        label=gettext_lazy("Liên hệ của người giám hộ"), max_length=120, required=False
    )
    record = forms.BooleanField(
        required=False,
        label=gettext_lazy("Tôi đồng ý cho đơn vị tổ chức ghi họ tên, năm sinh vào danh sách lớp, để ghi nhận việc học"),
    )  # fmt: skip
    write = forms.BooleanField(
        required=False, label=gettext_lazy("Tôi đồng ý nhận tin về lớp này theo liên hệ đã ghi")
    )


def _add_refusal(form: forms.Form, refusal: Refusal, places: dict[str, str]) -> None:
    """Each place beside its field, where the form has one."""
    for place, what in refusal.places or [("", refusal.message)]:
        form.add_error(places.get(place), what)


@open_to_all(methods=("GET", "POST"))
def code(request: HttpRequest) -> HttpResponse:
    """Nhập mã trên màn hình của lớp."""
    typed, wrong = request.POST.get("code", "")[:20], ""
    if request.method == "POST":
        if not throttle.count(request, "code", *RATES):
            return errors.too_many(request)
        try:
            return redirect("check-in", checking_in.session_of_code(typed).secret)
        except Refusal as refusal:
            wrong = refusal.message
    return page(request, "attendance/code.html", typed=typed, wrong=wrong, status=422 if wrong else 200)


@open_to_all(methods=("GET", "POST"))
def check_in(request: HttpRequest, secret: str) -> HttpResponse:
    session = Session.objects.select_related("activity__host").filter(secret=secret).first()
    if session is None:
        raise Http404
    person, early = learner_of(request), ""
    oneself = person is not None and "self" in request.POST
    form = CheckInForm(request.POST if request.method == "POST" and not oneself else None)
    done: CheckedIn | str | None = None
    try:
        checking_in.require_open(session)
        if request.method == "POST":
            if not throttle.count(request, "check-in", *RATES):
                return errors.too_many(request)
            done = _checked_in(session, person if oneself else None, form)
    except Refusal as refusal:
        early = refusal.message
    context = {"session": session, "form": form, "done": done, "early": early, "person": person}
    wrong = request.method == "POST" and not done
    return page(request, "attendance/check_in.html", status=422 if wrong else 200, **context)


def _checked_in(session: Session, person: Person | None, form: CheckInForm) -> CheckedIn | str | None:
    """Who is signed in is told how it stands with him; whoever types a name, only that it was taken (decision)."""
    if person:
        return checking_in.check_in(session=session, person=person)
    if not form.is_valid():
        return None
    try:
        checking_in.say_present(session=session, **form.cleaned_data)
    except Refusal as refusal:
        _add_refusal(form, refusal, {"Họ tên": "name", "Năm sinh": "birth_year", "Đồng ý": "consented"})
        return None
    return form.cleaned_data["name"]


@open_to_all(methods=("GET", "POST"))
def register(request: HttpRequest, pk: int) -> HttpResponse:
    """Đăng ký một lớp."""
    activity = Activity.objects.select_related("host").filter(pk=pk, is_template=False).first()
    person = learner_of(request)
    if activity is None or not rules.is_offered(activity, seat=request.seat or None, person=person):
        if person or request.user.is_authenticated:
            raise Http404
        return redirect(
            f"{reverse('card-typed')}?{urlencode({'tiep': request.path})}"
        )  # whatever stands there
    if request.method == "POST" and not throttle.count(request, "register", *RATES):
        return errors.too_many(request)
    form = RegisterForm(request.POST or None)
    if request.method == "POST":
        try:
            if person and "self" in request.POST:
                return redirect(
                    "give-up", registering.register_oneself(activity=activity, person=person).token
                )
            if form.is_valid():
                made = registering.apply(
                    activity=activity,
                    applicant=registering.Applicant(**form.cleaned_data),
                    page=request.POST.get("op", "")[:40],
                )
                return redirect("give-up", made.token)
        except Refusal as refusal:
            form.full_clean()
            places = {"Họ tên": "full_name", "Năm sinh": "birth_year", "Người giám hộ": "guardian_name",
                      "Đồng ý": "record"}  # fmt: skip
            _add_refusal(form, refusal, places)
    wrong = request.method == "POST"
    return page(
        request, "attendance/register.html", status=422 if wrong else 200, **_offer(activity, form, person)
    )


def _offer(activity: Activity, form: RegisterForm, person: Person | None) -> dict:
    sessions = activity.sessions.exclude(state=SessionState.CANCELLED).order_by("starts_at")
    return {
        "activity": activity,
        "sessions": list(sessions[:20]),
        "form": form,
        "person": person,
        "op": str(uuid.uuid4()),
        "open": registering.is_open(activity),
        "left": registering.places_left(activity),
        "is_public": activity.opening == Opening.PUBLIC,
        "calendar": calendars.path_of("activity", activity.pk),
    }


@open_to_all(methods=("GET", "POST"))
def give_up(request: HttpRequest, token: str) -> HttpResponse:
    """What was registered, by its secret link; a press gives it up."""
    rows = Registration.objects.select_related("activity__host", "person")
    row = rows.filter(token=token, person__erased_at=None).first()
    if row is None:
        raise Http404
    if request.method == "POST":
        registering.give_up(registration=row)
        return redirect("give-up", token)
    before = row.activity.registrations.filter(state=RegistrationState.WAITING, at__lt=row.at).count()
    sessions = row.activity.sessions.exclude(state=SessionState.CANCELLED).order_by("starts_at")
    context = {"row": row, "place": before + 1, "sessions": list(sessions[:20])}
    return page(
        request, "attendance/registered.html", calendar=calendars.path_of("person", row.person_id), **context
    )


@open_to_all()
def calendar(request: HttpRequest, token: str) -> HttpResponse:
    """Lịch .ics, for calendars that ask again by themselves."""
    sessions = calendars.sessions_at(token)
    if sessions is None:
        raise Http404
    answer = HttpResponse(calendars.written(sessions), content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'inline; filename="hoctap.ics"'
    return private(answer)
