"""An answer given by a survey's link: the person is found or entered within the unit, with the consent that was ticked."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from hoctap.activities.actions.surveying import answer, require_asked, require_open
from hoctap.activities.models import Need, Survey, Topic
from hoctap.kernel import clock
from hoctap.kernel.errors import Refusal
from hoctap.kernel.vietnamese import fold, tidy
from hoctap.orgs.actions.memberships import join
from hoctap.orgs.enums import Standing
from hoctap.orgs.models import Unit
from hoctap.people import queries as people_queries
from hoctap.people import rules as people_rules
from hoctap.people.actions import add_person, give_consent
from hoctap.people.enums import ConsentWay, Purpose
from hoctap.people.models import Person


@dataclass(frozen=True)
class Said:
    """What somebody filled in. ``own``: the person whose answer this link may change, by id; None at the first answer."""

    full_name: str
    birth_year: int | None
    standing: Standing
    topics: Sequence[Topic]
    consents: bool
    note: str = ""
    own: int | None = None


@transaction.atomic
def answer_by_link(*, survey: Survey, unit: Unit, said: Said) -> Person:
    """The person whose answer it is. Somebody else's answer is not changed: only with the link given after answering."""
    require_open(survey)
    require_asked(survey, unit)
    _check(said)
    Unit.objects.select_for_update().get(pk=unit.pk)  # the same form sent twice at once enters one person
    person = _own(said, survey) or _found(said, unit) or _entered(said, unit)
    if person.pk != said.own and Need.objects.filter(survey=survey, person=person).exists():
        raise Refusal(
            f"{tidy(said.full_name)} đã trả lời khảo sát này. Muốn sửa, mở đường dẫn đã hiện sau khi trả lời, "
            "hoặc nhờ cán bộ đơn vị bỏ câu trả lời cũ."
        )
    give_consent(person=person, purpose=Purpose.RECORD, way=ConsentWay.FORM, given_on=clock.today())
    answer(survey=survey, unit=unit, person=person, topics=said.topics, note=said.note)
    return person


def _check(said: Said) -> None:
    places = []
    if not 0 < len(tidy(said.full_name)) <= 120:
        places.append(("full_name", "Ghi họ tên, nhiều nhất 120 ký tự."))
    today = clock.today()
    if people_rules.year_problems(said.birth_year, today):
        places.append(("birth_year", f"Năm sinh {said.birth_year} chưa đúng; ghi như 1985."))
    elif people_rules.may_be_child(said.birth_year, today):
        places.append(
            ("birth_year", "Người dưới 16 tuổi cần cha mẹ hoặc người giám hộ đồng ý: báo nhu cầu qua đơn vị.")
        )
    if not said.topics:
        places.append(("topics", "Chọn ít nhất một nội dung muốn học."))
    if not said.consents:
        places.append(("consents", "Đánh dấu đồng ý thì Hoctap mới được ghi tên và nhu cầu của anh/chị."))
    if places:
        raise Refusal(places[0][1], places)


def _own(said: Said, survey: Survey) -> Person | None:
    """Who answered before, by the link of that answer."""
    if said.own is None:
        return None
    answered = Need.objects.filter(survey=survey, person=said.own)
    return Person.objects.filter(pk=said.own, erased_at=None, pk__in=answered.values("person")).first()


def _found(said: Said, unit: Unit) -> Person | None:
    """The one person of the unit called so (and born then, where both years are known). Not who withdrew the consent to be
    recorded: a name that anybody may type does not give it again."""
    today = clock.today()
    same = Person.objects.filter(
        ~people_queries.withdrew(Purpose.RECORD),
        name_folded=fold(said.full_name),
        merged_into=None,
        erased_at=None,
        pk__in=unit.memberships.filter(valid__contains=today).values("person"),
    )
    found = [
        person
        for person in same
        if None in (said.birth_year, person.birth_year) or said.birth_year == person.birth_year
    ]
    exact = [person for person in found if tidy(person.full_name).lower() == tidy(said.full_name).lower()]
    found = exact or found
    if len(found) > 1:
        raise Refusal(
            "Đơn vị có nhiều người cùng tên này. Ghi thêm năm sinh.",
            [("birth_year", "Ghi năm sinh để không nhầm với người cùng tên.")],
        )
    return found[0] if found else None


def _entered(said: Said, unit: Unit) -> Person:
    person = add_person(full_name=said.full_name, birth_year=said.birth_year)
    join(seat=None, person=person, unit=unit, standing=said.standing, since=clock.today())
    return person
