"""What the own unit answers to a survey: figures by topic, who answered, or that there is no need."""

from django.contrib import messages
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from hoctap.activities import needs
from hoctap.activities.actions import surveying
from hoctap.activities.models import Exemption, Need, Topic
from hoctap.activities.needs import Known
from hoctap.desk.access import needs as needs_action
from hoctap.desk.fields import whole
from hoctap.desk.needs.surveys import found_survey
from hoctap.desk.render import page
from hoctap.kernel.errors import Refusal
from hoctap.orgs import roles
from hoctap.people.models import Person

NAMES = 300  # of those who answered


@needs_action(roles.COUNT_HEADS, methods=("GET", "POST"))
def state(request: HttpRequest, pk: int) -> HttpResponse:
    """The own unit's figures; a blank says nothing, 0 says nobody."""
    known = found_survey(request.seat, pk)
    survey = known.survey
    topics = list(Topic.objects.order_by("order"))
    typed = {topic.pk: request.POST.get(f"t{topic.pk}", "").strip() for topic in topics}
    if request.method == "GET":
        return _page(request, known, topics)
    wrong = {
        pk_: _("Ghi số nguyên từ 0, hoặc để trống.")
        for pk_, text in typed.items()
        if text and whole(text) is None
    }
    refused = _("Chưa ghi: xem lại các ô số người.") if wrong else ""
    if not wrong:
        people = {topic: whole(typed[topic.pk]) for topic in topics}
        try:
            surveying.state_needs(seat=request.seat, survey=survey, unit=request.seat.unit, people=people)
        except Refusal as refusal:
            refused = refusal.message
        else:
            messages.success(request, _("Đã ghi số người theo nội dung."))
            return redirect("survey", pk)
    return _page(request, known, topics, typed=typed, wrong=wrong, refused=refused, status=422)


def _page(request: HttpRequest, known: Known, topics: list[Topic], status: int = 200, **more) -> HttpResponse:
    survey, unit = known.survey, request.seat.unit_id
    rows = Need.objects.filter(survey=survey, unit=unit).select_related("person", "topic")
    answers: dict[int, tuple[Person, list[str]]] = {}
    named: dict[int, int] = {}
    stated: dict[int, int] = {}
    for need in rows.order_by("person__sort_key", "person_id", "topic__order"):
        if need.person is None:
            stated[need.topic_id] = need.people
            continue
        answers.setdefault(need.person_id, (need.person, []))[1].append(need.topic.name)
        named[need.topic_id] = named.get(need.topic_id, 0) + 1
    sees_names = roles.may(request.seat.role, roles.KEEP_PEOPLE)
    context = {
        "typed": {topic.pk: stated.get(topic.pk, "") for topic in topics},
        "wrong": {},
        "refused": "",
        "reason": "",
        "reason_wrong": "",
        "exempted": None,  # the topic that was chosen
    } | more
    exemptions = Exemption.objects.filter(unit=unit, year=survey.year).select_related("topic")
    return page(
        request,
        "needs/own.html",
        status=status,
        survey=survey,
        topics=topics,
        named=named,
        answers=list(answers.values())[:NAMES] if sees_names else [],
        answered=len(answers),
        most=NAMES,
        exemptions=list(exemptions.order_by(F("topic__order").asc(nulls_first=True))),
        is_open=needs.is_open(survey),
        is_asked=known.is_asked,
        **context,
    )


@needs_action(roles.COUNT_HEADS, methods=("POST",))
def exemption(request: HttpRequest, pk: int) -> HttpResponse:
    """Ghi, hoặc bỏ, "không có nhu cầu" of the own unit in the survey's year: of one topic, or of any."""
    known, unit = found_survey(request.seat, pk), request.seat.unit
    survey = known.survey
    chosen = request.POST.get("topic", "")
    topic = Topic.objects.filter(pk=whole(chosen) or 0).first()
    if request.POST.get("do") == "bo":
        made = (
            Exemption.objects.filter(unit=unit, year=survey.year, topic=topic).select_related("unit").first()
        )
        if made and (topic or not chosen):
            surveying.take_back_exemption(seat=request.seat, exemption=made)
        messages.success(request, _("Đã bỏ ghi “không có nhu cầu”."))
        return redirect("survey-state", pk)
    reason = request.POST.get("reason", "")
    try:
        if chosen and topic is None:
            raise Refusal(_("Chọn một nội dung trong danh sách, hoặc mọi nội dung."))
        surveying.exempt(seat=request.seat, unit=unit, year=survey.year, reason=reason, topic=topic)
    except Refusal as refusal:
        topics = list(Topic.objects.order_by("order"))
        typed = {"reason": reason, "reason_wrong": refusal.message, "exempted": topic and topic.pk}
        return _page(request, known, topics, 422, **typed)
    words = {"year": survey.year, "topic": _(topic.name) if topic else ""}
    text = (
        _("Đã ghi: đơn vị không có nhu cầu học “%(topic)s” năm %(year)s.")
        if topic
        else _("Đã ghi: đơn vị không có nhu cầu năm %(year)s.")
    )
    messages.success(request, text % words)
    return redirect("survey-state" if topic else "survey", pk)


@needs_action(roles.KEEP_PEOPLE, methods=("POST",))
def forget(request: HttpRequest, pk: int) -> HttpResponse:
    """Bỏ câu trả lời of one person of the own unit."""
    survey = found_survey(request.seat, pk).survey
    person = Person.objects.filter(pk=whole(request.POST.get("person", "")) or 0).first()
    try:
        if person is None:
            raise Refusal(_("Câu trả lời này vừa được bỏ. Tải lại trang."))
        surveying.forget_answer(seat=request.seat, survey=survey, person=person)
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Đã bỏ câu trả lời."))
    return redirect("survey-state", pk)
