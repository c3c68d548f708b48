"""Kết quả học ở nơi khác: entered one by one with evidence, or many from a sheet that is shown before it is taken."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db import transaction

from hoctap.activities.completion_sheet import MOST_HOURS, CompletionRow, is_link, read_completions
from hoctap.activities.models import Completion, Topic
from hoctap.directives import uploads
from hoctap.kernel import clock, files, journal
from hoctap.kernel.errors import Refusal
from hoctap.kernel.vietnamese import fold, tidy
from hoctap.orgs import roles
from hoctap.orgs import rules as org_rules
from hoctap.orgs.models import Seat
from hoctap.people import rules as people_rules
from hoctap.people.models import Person
from hoctap.people.queries import standing

SKIP = 0  # chosen for a row that is to be left out


@dataclass(frozen=True)
class CompletionData:
    """``platform``: where ("binhdanhocvuso.gov.vn"); evidence is a ``link``, a ``file`` (name, content) or both."""

    platform: str
    title: str
    on: date
    hours: Decimal | None = None
    reference: str = ""
    link: str = ""
    file: tuple[str, bytes] | None = None
    topic: Topic | None = None


@transaction.atomic
def enter_completion(*, seat: Seat, person: Person, data: CompletionData) -> Completion:
    """Ghi: entered before (same person, place, title and day): that one. Refusal without evidence, or for a day to come."""
    _require(seat, person)
    places = _problems(data)
    if places:
        raise Refusal(places[0][1], places)
    platform, title = tidy(data.platform), tidy(data.title)
    same = Completion.objects.filter(person=person, platform=platform, title=title, on=data.on).first()
    if same:
        return same
    file_name = uploads.check(*data.file) if data.file else ""
    made = Completion.objects.create(
        person=person, platform=platform, title=title, topic=data.topic, on=data.on, hours=data.hours,
        reference=tidy(data.reference), link=data.link.strip(),
        file=files.store(data.file[1]) if data.file else None, file_name=file_name, seat=seat,
    )  # fmt: skip
    journal.record("completion.enter", made, seat=seat)
    return made


@transaction.atomic
def remove_completion(*, seat: Seat, completion: Completion) -> None:
    """Bỏ một kết quả ghi nhầm; its file stays in the store, as all do."""
    _require(seat, completion.person)
    journal.record("completion.remove", completion, seat=seat)
    completion.delete()


def _require(seat: Seat, person: Person) -> None:
    org_rules.require_person(seat, person)
    people_rules.require_standing(person)


def _problems(data: CompletionData) -> list[tuple[str, str]]:
    places = []
    if not tidy(data.platform):
        places.append(("Nơi học", "Ghi nơi học, ví dụ binhdanhocvuso.gov.vn."))
    if not tidy(data.title):
        places.append(("Tên khóa học", "Ghi tên khóa học."))
    if data.on > clock.today():
        places.append(("Ngày hoàn thành", "Ngày hoàn thành chưa tới. Ghi ngày đã học xong."))
    if data.hours is not None and not 0 < data.hours <= MOST_HOURS:
        places.append(("Số giờ", "Số giờ phải lớn hơn 0; không rõ thì để trống."))
    if data.link.strip() and not is_link(data.link.strip()):
        places.append(("Liên kết", "Liên kết phải bắt đầu bằng https:// hoặc http://."))
    if not data.link.strip() and not data.file and not tidy(data.reference):
        places.append(("Minh chứng", "Cần một minh chứng: liên kết, tệp hoặc số chứng nhận."))
    return places


@dataclass(frozen=True)
class Asked:
    """A row whose person is not certain: who it may be, or nobody of that name in reach."""

    row: CompletionRow
    may_be: list[Person]


@dataclass
class CompletionPlan:
    """What a sheet would do. ``wrong`` cells stop all of it; ``asked`` rows wait for a choice."""

    new: list[tuple[CompletionRow, Person]] = field(default_factory=list)
    known: list[tuple[CompletionRow, Person]] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    wrong: list[tuple[str, str]] = field(default_factory=list)


@transaction.atomic
def import_completions(
    *, seat: Seat, data: bytes, dry_run: bool, chosen: Mapping[int, int] | None = None
) -> CompletionPlan:
    """Take a sheet in, all or nothing; ``dry_run`` only says what it would do.

    A person is certain by name and birth year within the seat's reach. ``chosen`` {row: person id, or SKIP} settles rows
    that ask; one that is still open is left out. Refusal where cells are wrong, at the taking.
    """
    org_rules.require(seat, roles.KEEP_PEOPLE)
    sheet = read_completions(data)
    plan = _plan(seat, sheet.rows, chosen or {})
    plan.wrong = sheet.wrong
    today = clock.today()
    late = [(f"Hàng {row.row + 1}", "Ngày hoàn thành chưa tới.") for row in sheet.rows if row.on > today]
    plan.wrong += late
    if dry_run or not plan.new:
        return plan
    if plan.wrong:
        raise Refusal("Chưa ghi gì. Sửa các ô sau rồi chọn lại tệp.", plan.wrong)
    made = Completion.objects.bulk_create(
        Completion(
            person=person, platform=row.platform, title=row.title, on=row.on, hours=row.hours,
            reference=row.reference, link=row.link, seat=seat,
        )
        for row, person in plan.new
    )  # fmt: skip
    acts = [("completion.enter", one.pk, {"import": True}) for one in made]
    journal.record_all("activities.completion", acts, seat=seat)
    return plan


def _plan(seat: Seat, rows: list[CompletionRow], chosen: Mapping[int, int]) -> CompletionPlan:
    plan = CompletionPlan()
    people = _namesakes(seat, rows)
    seen = _entered(people)
    for row in rows:
        same_name = people.get(fold(row.name), [])
        person = _certain(row, same_name) or _picked(row, same_name, chosen)
        if person is None:
            if chosen.get(row.row) != SKIP:
                plan.asked.append(Asked(row, same_name))
            continue
        key = (person.pk, row.platform, row.title, row.on)
        (plan.known if key in seen else plan.new).append((row, person))
        seen.add(key)
    return plan


def _namesakes(seat: Seat, rows: list[CompletionRow]) -> dict[str, list[Person]]:
    """Of everybody in reach, by folded name; one query."""
    names = {fold(row.name) for row in rows}
    mine = standing(org_rules.persons_kept(seat))
    found = mine.filter(name_folded__in=names)
    by_name = defaultdict(list)
    for person in found.order_by("birth_year", "pk"):
        by_name[person.name_folded].append(person)
    return by_name


def _entered(people: Mapping[str, list[Person]]) -> set[tuple]:
    ids = [person.pk for same in people.values() for person in same]
    found = Completion.objects.filter(person__in=ids)
    return set(found.values_list("person", "platform", "title", "on"))


def _certain(row: CompletionRow, same_name: list[Person]) -> Person | None:
    """The one of that name, with its accents, and that year of birth."""
    if row.birth_year is None:
        return None
    same = [
        person
        for person in same_name
        if person.birth_year == row.birth_year and tidy(person.full_name).lower() == tidy(row.name).lower()
    ]
    return same[0] if len(same) == 1 else None


def _picked(row: CompletionRow, same_name: list[Person], chosen: Mapping[int, int]) -> Person | None:
    return next((person for person in same_name if person.pk == chosen.get(row.row)), None)
