"""Surveys of what people want to learn: opened, answered by people or by their unit, and units without any need."""

import secrets
from collections.abc import Iterable, Mapping
from datetime import date

from django.db import transaction

from hoctap.activities import needs
from hoctap.activities.models import Exemption, Need, Survey, Topic
from hoctap.kernel import clock, journal
from hoctap.kernel.errors import Refusal
from hoctap.kernel.vietnamese import tidy
from hoctap.notify.actions import Told, tell_all
from hoctap.orgs import roles
from hoctap.orgs import rules as org_rules
from hoctap.orgs.models import Headcount, Seat, Unit
from hoctap.people.models import Person

MOST = 10_000_000  # people of one unit


@transaction.atomic
def open_survey(*, seat: Seat, name: str, year: int, ends_on: date) -> Survey:
    """Mở khảo sát: of the seat's own unit and of all units under it; those where somebody works are told."""
    org_rules.require(seat, roles.COUNT_HEADS)
    name, today = tidy(name), clock.today()
    places = []
    if not 0 < len(name) <= 200:
        places.append(("Tên khảo sát", "Ghi tên khảo sát, nhiều nhất 200 ký tự."))
    if not today.year - 1 <= year <= today.year + 5:
        places.append(("Năm", f"Năm học {year} chưa đúng; ghi từ {today.year - 1} đến {today.year + 5}."))
    if ends_on < today:
        places.append(("Nhận trả lời đến hết ngày", f"Ngày {ends_on:%d/%m/%Y} đã qua; chọn từ hôm nay."))
    if not places and Survey.objects.filter(unit=seat.unit, year=year, name=name).exists():
        places.append(
            ("Tên khảo sát", f"Đơn vị đã có khảo sát “{name}” năm {year}; mở khảo sát đó hoặc ghi tên khác.")
        )
    if places:
        raise Refusal("Chưa mở được khảo sát: " + places[0][1], places)
    made = Survey.objects.create(
        unit=seat.unit, year=year, name=name, ends_on=ends_on, token=secrets.token_hex(16), seat=seat
    )
    asked = needs.asked_units(made).exclude(pk=seat.unit_id)
    working = Seat.objects.filter(unit__in=asked.values("pk"), valid__contains=today)
    text = (
        f"{seat.unit.short_name} hỏi nhu cầu học năm {year}: {name}. Trả lời đến hết ngày {ends_on:%d/%m/%Y}."
    )
    tell_all(
        Told(unit=unit, kind="survey", text=text, url=f"/nhu-cau/{made.pk}/", dedupe=f"survey-{made.pk}")
        for unit in Unit.objects.filter(pk__in=working.values("unit"))
    )
    journal.record("survey.open", made, seat=seat)
    return made


@transaction.atomic
def end_survey(*, seat: Seat, survey: Survey, ends_on: date) -> None:
    """Đổi ngày cuối nhận trả lời; yesterday ends it at once."""
    org_rules.require(seat, roles.COUNT_HEADS)
    if seat.unit_id != survey.unit_id:
        raise Refusal(f"Khảo sát này của {survey.unit.name}; chỉ đơn vị đó đổi ngày nhận trả lời.")
    survey.ends_on = ends_on
    survey.save(update_fields=["ends_on"])
    journal.record("survey.end", survey, seat=seat, ends_on=ends_on.isoformat())


@transaction.atomic
def answer(*, survey: Survey, unit: Unit, person: Person, topics: Iterable[Topic], note: str = "") -> None:
    """A person's answer, by the person: these topics and no others, whatever was answered before.

    One answer a person and topic, also where the person belongs to several of the units asked.
    """
    require_open(survey)
    require_asked(survey, unit)
    topics = {topic.pk: topic for topic in topics}.values()
    if not topics:
        raise Refusal("Chọn ít nhất một nội dung muốn học.", [("Nội dung", "Chọn ít nhất một nội dung.")])
    who = Person.objects.select_for_update().get(pk=person.merged_into_id or person.pk)
    Need.objects.filter(survey=survey, person__in=_same(who)).delete()
    Need.objects.bulk_create(
        Need(survey=survey, unit=unit, topic=topic, person=who, note=tidy(note)[:300]) for topic in topics
    )
    journal.record("need.answer", survey)


@transaction.atomic
def forget_answer(*, seat: Seat, survey: Survey, person: Person) -> None:
    """Bỏ câu trả lời của một người, by the unit that it was given for: answered in somebody else's name, or twice."""
    org_rules.require(seat, roles.KEEP_PEOPLE)
    found = Need.objects.filter(
        survey=survey, person__in=_same(person), unit__in=org_rules.reachable_ids(seat)
    )
    if not found.delete()[0]:
        raise Refusal("Không còn câu trả lời nào của người này trong phạm vi của anh/chị. Tải lại trang.")
    journal.record("need.forget", survey, seat=seat)


@transaction.atomic
def state_needs(*, seat: Seat, survey: Survey, unit: Unit, people: Mapping[Topic, int | None]) -> None:
    """The unit's own figures: by topic how many of its people, those included who answered themselves.

    0 says that nobody does; None says nothing, and takes back what was said before.
    """
    org_rules.require(seat, roles.COUNT_HEADS)
    org_rules.require_reach(seat, unit)
    require_open(survey)
    require_asked(survey, unit)
    wrong = [
        (topic.name, "Số người phải là số nguyên từ 0 đến 10.000.000.")
        for topic, number in people.items()
        if number is not None and not 0 <= number <= MOST
    ]
    wrong += _more_than_there_are(unit, people)
    if wrong:
        raise Refusal(f"Chưa ghi số người. {wrong[0][0]}: {wrong[0][1]}", wrong)
    Need.objects.filter(survey=survey, unit=unit, person=None, topic__in=list(people)).delete()
    Need.objects.bulk_create(
        Need(survey=survey, unit=unit, topic=topic, people=number)
        for topic, number in people.items()
        if number is not None
    )
    journal.record("need.state", survey, seat=seat, unit=unit.pk)


def _more_than_there_are(unit: Unit, people: Mapping[Topic, int | None]) -> list[tuple[str, str]]:
    """Where every group was counted, no topic is wanted by more than all of them together."""
    counted = Headcount.objects.filter(unit=unit, trade="", on__lte=clock.today())
    latest = dict(counted.order_by("on").values_list("group", "total"))
    if len(latest) < 3:
        return []
    most = sum(latest.values())
    return [
        (
            topic.name,
            f"{number} người, nhiều hơn số người của đơn vị ({most}). Sửa số này, hoặc khai lại số người.",
        )
        for topic, number in people.items()
        if number is not None and most < number <= MOST
    ]


@transaction.atomic
def exempt(*, seat: Seat, unit: Unit, year: int, reason: str, topic: Topic | None = None) -> Exemption:
    """Ghi không có nhu cầu in a year (of one topic, or at all), with the reason. Again: the reason is changed."""
    org_rules.require(seat, roles.COUNT_HEADS)
    org_rules.require_reach(seat, unit)
    reason = tidy(reason)
    if not 0 < len(reason) <= 300:
        raise Refusal("Ghi lý do đơn vị không có nhu cầu, nhiều nhất 300 ký tự.", [("Lý do", "Ghi lý do.")])
    asked = Need.objects.filter(unit=unit, survey__year=year, people__gt=0)
    if topic:
        asked = asked.filter(topic=topic)
    if asked.exists():
        raise Refusal(
            f"{unit.short_name} có người ghi nhu cầu học năm {year}, nên chưa ghi “không có nhu cầu” được. "
            "Bỏ các nhu cầu đó trước, nếu ghi nhầm."
        )
    made, _new = Exemption.objects.update_or_create(
        unit=unit, year=year, topic=topic, defaults={"reason": reason, "seat": seat, "at": clock.now()}
    )
    journal.record("need.exempt", unit, seat=seat, year=year)
    return made


@transaction.atomic
def take_back_exemption(*, seat: Seat, exemption: Exemption) -> None:
    """Đơn vị lại có nhu cầu."""
    org_rules.require(seat, roles.COUNT_HEADS)
    org_rules.require_reach(seat, exemption.unit)
    journal.record("need.unexempt", exemption.unit, seat=seat, year=exemption.year)
    exemption.delete()


def require_open(survey: Survey) -> None:
    if not needs.is_open(survey):
        raise Refusal(
            f"Khảo sát “{survey.name}” đã hết hạn trả lời ngày {survey.ends_on:%d/%m/%Y}. "
            f"Liên hệ {survey.unit.name} nếu còn cần trả lời."
        )


def require_asked(survey: Survey, unit: Unit) -> None:
    if not needs.asks(survey, unit):
        raise Refusal(
            f"Khảo sát này hỏi {survey.unit.name} và các đơn vị trực thuộc; {unit.name} không thuộc số đó."
        )


def _same(person: Person):
    """The person under every row that was merged into it."""
    return Person.objects.filter(pk=person.pk) | Person.objects.filter(merged_into=person)
