"""Đưa vào kế hoạch: from a topic's needs to a planned activity with those who asked on its list."""

import uuid

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hoctap.activities import needs
from hoctap.activities.actions.planning import plan_from_needs
from hoctap.activities.actions.recording import ActivityData, SessionData
from hoctap.activities.enums import Family, TrainingForm
from hoctap.activities.models import ActivityKind, Topic
from hoctap.desk.access import needs as needs_action
from hoctap.desk.fields import MomentField, choices
from hoctap.desk.needs.surveys import found_survey
from hoctap.desk.render import page
from hoctap.kernel.errors import Refusal
from hoctap.orgs import roles

_USUAL = {
    "it": "class.it",
    "digital": "class.it",
    "languages": "class.languages",
    "profession": "class.professional",
    "skills": "class.worker-skills",
    "law": "class.science-law",
    "education": "class.general-education",
    "life-skills": "class.life-skills",
}
"""The kind of class offered first for a topic, by their codes."""


class PlanForm(forms.Form):
    """Lớp dự kiến."""

    token = forms.UUIDField(widget=forms.HiddenInput)
    name = forms.CharField(label=gettext_lazy("Tên lớp"), max_length=250)
    kind = forms.ModelChoiceField(label=gettext_lazy("Loại hoạt động"), queryset=ActivityKind.objects.none())
    training_form = forms.ChoiceField(label=gettext_lazy("Hình thức đào tạo"), required=False)
    starts_at = MomentField(label=gettext_lazy("Buổi đầu, ngày giờ dự kiến"))
    place = forms.CharField(label=gettext_lazy("Địa điểm"), max_length=250, required=False)
    capacity = forms.IntegerField(
        label=gettext_lazy("Nhận nhiều nhất (người)"), min_value=1, max_value=100_000, required=False
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        learning = ActivityKind.objects.filter(family__in=[Family.CLASS, Family.TALK])
        self.fields["kind"].queryset = learning.order_by("order")
        self.fields["training_form"].choices = choices(TrainingForm)

    def data_for(self, topic: Topic) -> ActivityData:
        said = self.cleaned_data
        return ActivityData(
            kind=said["kind"],
            name=said["name"],
            topic=topic,
            training_form=TrainingForm(said["training_form"]),
            capacity=said["capacity"],
            sessions=[SessionData(said["starts_at"], place=said["place"])],
        )


@needs_action(roles.RECORD_ACTIVITY, methods=("GET", "POST"))
def make(request: HttpRequest, pk: int, topic_pk: int) -> HttpResponse:
    survey = found_survey(request.seat, pk).survey
    topic = Topic.objects.filter(pk=topic_pk).first()
    if topic is None:
        raise Http404
    asked = needs.askers(survey, topic, request.seat.unit_id)
    usual = ActivityKind.objects.filter(code=_USUAL.get(topic.code, "class.other")).first()
    first = {
        "kind": usual,
        "token": uuid.uuid4(),
        "name": _("Lớp %(topic)s năm %(year)s") % {"topic": topic.name.lower(), "year": survey.year},
        "capacity": len(asked) or None,
    }
    form = PlanForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        given = {"survey": survey, "topic": topic, "data": form.data_for(topic)}
        try:
            made, places, waiting = plan_from_needs(
                seat=request.seat, token=form.cleaned_data["token"], **given
            )
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            words = {"n": places, "waiting": waiting}
            messages.success(
                request, _("Đã đưa vào kế hoạch: %(n)s người có chỗ, %(waiting)s người chờ chỗ.") % words
            )
            return redirect("activity", made.pk)
    status = 422 if form.errors else 200
    return page(
        request, "needs/plan.html", survey=survey, topic=topic, form=form, asked=len(asked), status=status
    )
