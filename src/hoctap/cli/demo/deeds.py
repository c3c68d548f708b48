"""Sổ hoạt động minh họa: the activities that a unit's invented figures come from, recorded as officers would.

What is not in the books stays typed: zeros, the wards' and agencies' openings, what somebody forgot. Some learners of
three wards have (invented) names; the rest are head counts. A few activities have a drawn picture.
"""

import io
import random
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from PIL import Image, ImageDraw

from hoctap.activities.actions import ActivityData, SessionData, add_file, record_activity
from hoctap.activities.enums import CostSource, MarkWay
from hoctap.activities.models import Activity, ActivityKind, Attendance
from hoctap.cli.demo.people import SINCE
from hoctap.cli.demo.units import WARD_CODES
from hoctap.cli.demo.world import World
from hoctap.forms.spec import FormSpec
from hoctap.kernel import clock
from hoctap.kernel.vietnamese import fold, sort_key
from hoctap.orgs.actions.memberships import join
from hoctap.orgs.enums import Standing
from hoctap.orgs.models import Seat, Unit
from hoctap.people.models import Person

BY_HAND = {"ccb-q3"}  # its report comes as a file; nobody there keeps the books
SHARED_AT, SHARED_WITH, SHARED_HOST = "vothisau-q3", "ldld-q3", "ldld-q3-cs1"
SHARED_PEOPLE, FOUND_LATER = 32, 24
IN_TWO_CLASSES = 18
NAMED = {"vothisau-q3": 40, "p1-q3": 12, "p4-q3": 12}  # so many of one class by name
SCHOOLS = (
    "thcs-leloi-q3",
    "mn-minhhoa-q3",
    "th-minhhoa-q3",
    "thcs-minhhoa-q3",
)  # with openings in the office's books

# Kind of activity by line of the form: those counted one by one.
_COUNTED = {
    "1.1": ("class.professional", "Tập huấn nghiệp vụ cho cán bộ"),
    "1.2": ("class.languages", "Lớp tiếng Anh giao tiếp"),
    "1.3": ("class.it", "Lớp kỹ năng số cơ bản"),
    "1.4": ("class.worker-skills", "Lớp nâng cao tay nghề"),
    "1.5": ("class.rural-vocational", "Lớp nghề cho lao động nông thôn"),
    "1.6": ("class.general-education", "Lớp bổ túc văn hóa"),
    "1.7": ("class.life-skills", "Lớp kỹ năng sống cho học sinh"),
    "1.8": ("class.science-law", "Phổ biến pháp luật cho người lao động"),
    "1.9": ("class.teachers", "Bồi dưỡng thường xuyên cho giáo viên"),
    "1.10": ("class.community-centres", "Tập huấn báo cáo viên TTHTCĐ"),
    "1.11": ("class.universal-education", "Lớp phổ cập giáo dục"),
    "1.12": ("class.literacy", "Lớp xóa mù chữ"),
    "1.13": ("class.other", "Lớp sơ cấp cứu"),
    "5.1": ("books.fair", "Hội sách"),
    "5.2": ("books.exhibition", "Trưng bày sách báo, tư liệu"),
    "5.3": ("contest.local-history", "Thi tìm hiểu lịch sử địa phương"),
    "5.4": ("contest.books", "Thi kể chuyện theo sách"),
    "5.5": ("talk.lifelong", "Sinh hoạt chuyên đề học tập suốt đời"),
    "6.1": ("culture.sports", "Ngày hội thể thao"),
    "6.2": ("culture.arts", "Biểu diễn văn nghệ"),
    "6.3": ("culture.visits", "Tham quan bảo tàng"),
    "8": ("ceremony.seminar", "Hội thảo xây dựng xã hội học tập"),
}
# Those with quantities: kind, name, {quantity: line and column}.
_QUANTITIES = (
    ("news.prints", "Tờ rơi, băng rôn Tuần lễ", {"prints": ("3", "count")}),
    ("books.drive", "Quyên góp sách cho thư viện trường",
     {"donor-groups": ("4.1", "count"), "donor-persons": ("4.1", "people"), "books": ("4.2", "count")}),
    ("ceremony.commendation", "Khen thưởng người học tiêu biểu",
     {"awarded-groups": ("9.1", "count"), "awarded-persons": ("9.2", "people")}),
)  # fmt: skip
_SURNAMES = ("Nguyễn", "Trần", "Lê", "Phạm", "Võ", "Đặng", "Bùi", "Hồ", "Ngô", "Dương")
_MIDDLES = ("Văn", "Thị", "Minh", "Ngọc", "Gia", "Thu", "Quốc", "Bảo")
_GIVEN = (
    "An",
    "Bình",
    "Châu",
    "Dung",
    "Hà",
    "Khang",
    "Lan",
    "Mai",
    "Nam",
    "Phúc",
    "Quân",
    "Thảo",
    "Vy",
    "Yến",
)


@dataclass
class _Held:
    """One activity as it will be recorded; ``names``: who of its people are named."""

    kind: str
    name: str
    people: int = 0
    names: list[Person] = field(default_factory=list)
    quantities: Mapping[str, int] = field(default_factory=dict)
    day: int | None = None  # of October; None: any of the week
    month: int = 10
    host: str = ""
    with_units: tuple[str, ...] = ()
    line: str = ""


class Books:
    """Records what each unit of the story held; ``shared``: the class that a base union and a ward held together."""

    def __init__(self, world: World, spec: FormSpec):
        self.world, self.spec = world, spec
        self.kinds = {kind.code: kind for kind in ActivityKind.objects.all()}
        self.shared: Activity

    def record(self, code: str, figures: list[int | None]) -> None:
        """The activities behind ``figures``, which are the unit's at the end of the story."""
        rng = random.Random(f"deeds {code} {figures}")
        amounts = {
            (line.number, cell.column): figures[cell.position] or 0
            for line in self.spec.lines
            for cell in line.cells
        }
        held = [*self._counted(code, amounts, rng), *self._events(amounts), *self._others(code, amounts)]
        if code in NAMED:
            named = _name_some(held, NAMED[code], twice=code == SHARED_AT)
            for person in named:
                join(
                    seat=None,
                    person=person,
                    unit=self.world.units[code],
                    standing=Standing.RESIDENT,
                    since=SINCE,
                )
        costs = {CostSource.STATE: amounts["10.1", "count"], CostSource.OTHER: amounts["10.2", "count"]}
        photo = code in NAMED
        for one in held:
            seat = self.world.officer(SHARED_WITH if one.host == SHARED_HOST else code)
            activity = self._write(seat, one, code, rng, {} if one.host else costs)
            costs = costs if one.host else {}
            if one.host == SHARED_HOST:
                self.shared = activity
            if one.host == SHARED_HOST or (photo and one.names):
                _add_picture(seat, activity)

    def _counted(self, code: str, amounts, rng: random.Random) -> list[_Held]:
        """Classes and events that count one by one, their people shared out among them."""
        held = []
        for line, (kind, name) in _COUNTED.items():
            count, people = amounts.get((line, "count"), 0), amounts.get((line, "people"), 0)
            if code == SHARED_AT and line == "1.7":
                held.append(_Held(kind, "Lớp Phòng tránh đuối nước", SHARED_PEOPLE, day=4, host=SHARED_HOST,
                                  with_units=(code,), line=line))  # fmt: skip
                count, people = count - 1, people - SHARED_PEOPLE
            for n, part in enumerate(_parts(people, count, rng), start=1):
                held.append(_Held(kind, name if count == 1 else f"{name}, lần {n}", part, line=line))
        return held

    def _events(self, amounts) -> list[_Held]:
        """What line 5 has beyond its sub-lines; of line 6 nobody wrote that down."""
        more = amounts["5", "count"] - sum(amounts[f"5.{n}", "count"] for n in range(1, 6))
        return [_Held("talk.reading", f"Tọa đàm khuyến đọc, lần {n}") for n in range(1, more + 1)]

    def _others(self, code: str, amounts) -> list[_Held]:
        held = [
            _Held(kind, name, quantities={q: amounts[place] for q, place in places.items()})
            for kind, name, places in _QUANTITIES
            if any(amounts[place] for place in places.values())
        ]
        news = amounts["2", "count"]
        if code == SHARED_AT:  # two of them were there before the week began
            held.append(
                _Held("news.item", "Tin về chuẩn bị Tuần lễ", quantities={"news": 2}, day=29, month=9)
            )
            news -= 2
        held.append(_Held("news.item", "Tin, bài về Tuần lễ", quantities={"news": news}))
        if amounts["7.1", "count"]:
            held.append(_Held("ceremony.opening", "Lễ Khai mạc Tuần lễ cấp quận", 400, day=7))
            held += [_Held("ceremony.opening", "Lễ Khai mạc tại trường", 200, day=2, host=s) for s in SCHOOLS]
        elif amounts["7.2", "count"]:
            host = f"tthtcd-{code}" if code in WARD_CODES else code
            held.append(_Held("ceremony.opening", "Lễ Khai mạc Tuần lễ", 80, day=2, host=host))
        return held

    def _write(self, seat: Seat, held: _Held, code: str, rng: random.Random, costs) -> Activity:
        units = self.world.units
        host: Unit = units[held.host or code]
        day = held.day or rng.randint(2, 7)
        start = datetime(2023, held.month, day, rng.choice((8, 9, 14)), tzinfo=clock.VIETNAM)
        session = SessionData(start, place=host.place, held=True, unnamed=held.people - len(held.names))
        activity = record_activity(
            seat=seat,
            host=host,
            data=ActivityData(
                kind=self.kinds[held.kind],
                name=f"{held.name}, {host.short_name}" if not held.host else held.name,
                sessions=(session,),
                co_hosts=[units[one] for one in held.with_units],
                quantities=held.quantities,
                costs=costs,
                campaign=self.world.campaign,
            ),
        )
        if held.names:
            [at] = activity.sessions.all()
            Attendance.objects.bulk_create(
                Attendance(session=at, person=person, way=MarkWay.NAME, at=start, seat=seat)
                for person in held.names
            )
        return activity


def _parts(people: int, count: int, rng: random.Random) -> list[int]:
    """``people`` over so many classes, not all the same."""
    parts = [people // count] * count if count else []
    for n in range(people % count if count else 0):
        parts[n] += 1
    for n in range(1, count):
        moved = rng.randint(0, parts[n] // 4)
        parts[n - 1] += moved
        parts[n] -= moved
    return parts


def _name_some(held: list[_Held], count: int, *, twice: bool) -> list[Person]:
    """Of the largest class so many are named (the answer); with ``twice`` some are in another line's largest class too."""
    classes = [one for one in held if one.line.startswith("1.") and not one.host]
    largest = max((one for one in classes if not twice or one.line == "1.7"), key=lambda one: one.people)
    largest.names = _people(min(count, largest.people))
    if twice:
        other = max((one for one in classes if one.line != largest.line), key=lambda one: one.people)
        other.names = largest.names[: min(IN_TWO_CLASSES, other.people)]
    return largest.names


def _people(count: int) -> list[Person]:
    rng = random.Random(count)
    names = [f"{rng.choice(_SURNAMES)} {rng.choice(_MIDDLES)} {rng.choice(_GIVEN)}" for _ in range(count)]
    return Person.objects.bulk_create(
        Person(full_name=name, name_folded=fold(name), sort_key=sort_key(name)) for name in names
    )


def _add_picture(seat: Seat, activity: Activity) -> None:
    """A drawn hall with rows of heads: nobody's likeness."""
    picture = Image.new("RGB", (640, 400), "#e9e1d3")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((60, 30, 580, 130), fill="#9f1d20")
    for row in range(4):
        for place in range(10):
            x, y = 60 + 54 * place + 8 * (row % 2), 180 + 52 * row
            draw.ellipse((x, y, x + 34, y + 34), fill="#6b5b4b")
    data = io.BytesIO()
    picture.save(data, "JPEG", quality=80)
    add_file(
        seat=seat, activity=activity, name="anh-minh-hoa.jpg", data=data.getvalue(), token=uuid.uuid4(),
        caption="Ảnh minh họa",
    )  # fmt: skip
