"""What the own unit answers to a survey: figures by topic, who answered, or that there is no need."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from hoctap.activities import needs
from hoctap.activities.actions import surveying
from hoctap.activities.models import Exemption, Need, Survey, Topic
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
    survey = found_survey(request.seat, pk)
    topics = list(Topic.objects.order_by("order"))
    typed = {topic.pk: request.POST.get(f"t{topic.pk}", "").strip() for topic in topics}
    if request.method == "GET":
        return _page(request, survey, topics)
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
    return _page(request, survey, topics, typed=typed, wrong=wrong, refused=refused, status=422)


def _page(
    request: HttpRequest, survey: Survey, topics: list[Topic], status: int = 200, **more
) -> HttpResponse:
    unit = request.seat.unit_id
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
    } | more
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
        exemption=Exemption.objects.filter(unit=unit, year=survey.year, topic=None).first(),
        is_open=needs.is_open(survey),
        is_asked=needs.asks(survey, request.seat.unit),
        **context,
    )


@needs_action(roles.COUNT_HEADS, methods=("POST",))
def exemption(request: HttpRequest, pk: int) -> HttpResponse:
    """Ghi, hoặc bỏ, "không có nhu cầu" of the own unit in the survey's year."""
    survey, unit = found_survey(request.seat, pk), request.seat.unit
    if request.POST.get("do") == "bo":
        made = (
            Exemption.objects.filter(unit=unit, year=survey.year, topic=None).select_related("unit").first()
        )
        if made:
            surveying.take_back_exemption(seat=request.seat, exemption=made)
        messages.success(request, _("Đã bỏ ghi “không có nhu cầu”."))
        return redirect("survey-state", pk)
    reason = request.POST.get("reason", "")
    try:
        surveying.exempt(seat=request.seat, unit=unit, year=survey.year, reason=reason)
    except Refusal as refusal:
        topics = list(Topic.objects.order_by("order"))
        return _page(request, survey, topics, 422, reason=reason, reason_wrong=refusal.message)
    words = {"year": survey.year}
    messages.success(request, _("Đã ghi: đơn vị không có nhu cầu năm %(year)s.") % words)
    return redirect("survey", pk)


@needs_action(roles.KEEP_PEOPLE, methods=("POST",))
def forget(request: HttpRequest, pk: int) -> HttpResponse:
    """Bỏ câu trả lời of one person of the own unit."""
    survey = found_survey(request.seat, pk)
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
