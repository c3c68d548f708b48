"""The page behind a survey's link: anybody of the units asked says what he or she wants to learn."""

from django import forms
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy

from hoctap.activities import needs
from hoctap.activities.actions.answering import Said, answer_by_link
from hoctap.activities.models import Need, Survey, Topic
from hoctap.desk import errors, throttle
from hoctap.desk.access import open_to_all
from hoctap.desk.fields import choices
from hoctap.desk.render import page
from hoctap.kernel.errors import Refusal
from hoctap.orgs.enums import Standing
from hoctap.orgs.models import Unit
from hoctap.orgs.naming import called
from hoctap.people.models import Person

SHOWN = 40  # units to choose among
RATES = (240, throttle.MINUTE), (3000, throttle.HOUR)  # a hall that answers together
_SALT = "hoctap.need-answer"


class AnswerForm(forms.Form):
    """Câu trả lời của một người."""

    full_name = forms.CharField(label=gettext_lazy("Họ và tên"), max_length=120)
    birth_year = forms.IntegerField(
        label=gettext_lazy("Năm sinh"),
        required=False,
        help_text=gettext_lazy("Không bắt buộc; giúp phân biệt người cùng tên"),
    )
    standing = forms.ChoiceField(label=gettext_lazy("Anh/chị là"))
    topics = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Muốn học gì"),
        queryset=Topic.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    note = forms.CharField(
        label=gettext_lazy("Nói rõ hơn, nếu muốn"),
        max_length=300,
        required=False,
        widget=forms.Textarea({"rows": 2}),
    )
    consents = forms.BooleanField(required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["topics"].queryset = Topic.objects.order_by("order")
        self.fields["standing"].choices = choices(Standing)


@open_to_all(methods=("GET", "POST"))
def form(request: HttpRequest, token: str) -> HttpResponse:
    survey = Survey.objects.select_related("unit").filter(token=token).first()
    if survey is None:
        raise Http404
    unit = _unit(request, survey)
    if unit is None or not needs.is_open(survey):
        return _choose(request, survey)
    if request.method == "GET":
        return _page(request, survey, unit, AnswerForm(initial=_before(request, survey)))
    if not throttle.count(request, "need-answer", *RATES):
        return errors.too_many(request)
    given = AnswerForm(request.POST)
    if given.is_valid() and (person := _take(request, survey, unit, given)):
        sign = signing.dumps([survey.pk, person.pk, given.cleaned_data["full_name"]], salt=_SALT)
        address = reverse("need-answer", args=[token])
        return redirect(f"{address}?don-vi={unit.code}&sua={sign}#da-ghi")
    return _page(request, survey, unit, given, status=422)


def _take(request: HttpRequest, survey: Survey, unit: Unit, given: AnswerForm) -> Person | None:
    data = given.cleaned_data
    said = Said(
        **data | {"standing": Standing(data["standing"]), "topics": list(data["topics"])},
        own=_own(request, survey)[0],
    )
    try:
        return answer_by_link(survey=survey, unit=unit, said=said)
    except Refusal as refusal:
        for name, why in refusal.places or [(None, refusal.message)]:
            given.add_error(name if name in given.fields else None, why)
    return None


def _page(
    request: HttpRequest, survey: Survey, unit: Unit, form: AnswerForm, status: int = 200
) -> HttpResponse:
    own, _name = _own(request, survey)
    return page(
        request,
        "needs/answer.html",
        status=status,
        survey=survey,
        unit=unit,
        form=form,
        sign=request.GET.get("sua", "") if own else "",
        one_unit=_count(survey) == 1,
    )


def _choose(request: HttpRequest, survey: Survey) -> HttpResponse:
    """Which unit one is of; or that the time is over."""
    text = request.GET.get("tim", "")[:200]
    found = needs.asked_units(survey).filter(called(text)).order_by("sort_key", "pk")
    units = list(found[: SHOWN + 1]) if needs.is_open(survey) else []
    context = {
        "units": units[:SHOWN],
        "more": len(units) > SHOWN,
        "text": text,
        "is_open": needs.is_open(survey),
    }
    return page(request, "needs/choose.html", survey=survey, **context)


def _count(survey: Survey) -> int:
    return needs.asked_units(survey)[:2].count()


def _unit(request: HttpRequest, survey: Survey) -> Unit | None:
    """The unit named in the address; the only one, where only one is asked."""
    asked = needs.asked_units(survey)
    if code := request.GET.get("don-vi"):
        return asked.filter(code=code[:40]).first()
    return survey.unit if _count(survey) == 1 else None


def _own(request: HttpRequest, survey: Survey) -> tuple[int | None, str]:
    """Whose answer this link may change, and the name as it was typed."""
    try:
        survey_pk, person, name = signing.loads(request.GET.get("sua", ""), salt=_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None, ""
    return (person, name) if survey_pk == survey.pk else (None, "")


def _before(request: HttpRequest, survey: Survey) -> dict:
    """What was answered with this link; of the person what was typed, for whoever typed it may hold the link."""
    own, name = _own(request, survey)
    rows = list(Need.objects.filter(survey=survey, person=own).select_related("person")) if own else []
    if not rows or rows[0].person.erased_at:
        return {}
    return {
        "full_name": name,
        "topics": [need.topic_id for need in rows],
        "note": rows[0].note,
    }
