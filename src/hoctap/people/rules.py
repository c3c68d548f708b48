"""What may be kept of a person, when a guardian speaks for a child, and by when the law wants an answer. Pure."""

from datetime import date, timedelta

from hoctap.kernel.errors import Refusal
from hoctap.people.enums import RequestKind
from hoctap.people.models import Person

EARLIEST_BIRTH = 1900
CHILD_UNDER = 16  # Luật 91/2025/QH15, Điều 24
ASKED_FROM = 7  # from this age a child is asked, too, before facts of his or her life are published
LONGEST_NAME = 120

ANSWER_WORKING_DAYS = 2
# Days until it is done, Nghị định 356/2025/NĐ-CP.
FINISH_DAYS = {
    RequestKind.ACCESS: 10,
    RequestKind.RECTIFY: 10,
    RequestKind.WITHDRAW: 15,
    RequestKind.ERASE: 20,
}


def name_problems(name: str) -> list[tuple[str, str]]:
    if not name:
        return [("Họ tên", "Ghi họ tên.")]
    if len(name) > LONGEST_NAME:
        return [("Họ tên", f"Họ tên nhiều nhất {LONGEST_NAME} ký tự.")]
    return []


def year_problems(birth_year: int | None, on: date) -> list[tuple[str, str]]:
    if birth_year is None or EARLIEST_BIRTH <= birth_year <= on.year:
        return []
    return [("Năm sinh", f"Năm sinh từ {EARLIEST_BIRTH} đến {on.year}; không biết thì để trống.")]


def may_be_child(birth_year: int | None, on: date) -> bool:
    """Whether the person may be under 16. Only the year is kept, so in the year of the 16th birthday it is yes."""
    return birth_year is not None and on.year - birth_year <= CHILD_UNDER


def is_asked_too(birth_year: int | None, on: date) -> bool:
    """A child who is surely 7 or may be: asked besides the guardian."""
    return birth_year is not None and may_be_child(birth_year, on) and on.year - birth_year >= ASKED_FROM


def guardian_problems(birth_year: int | None, guardian: str, on: date) -> list[tuple[str, str]]:
    if may_be_child(birth_year, on) and not guardian.strip():
        why = (
            f"Sinh năm {birth_year}, có thể chưa đủ {CHILD_UNDER} tuổi: ghi họ tên cha, mẹ hoặc người giám hộ, "
            "là người đồng ý thay cho trẻ."
        )
        return [("Người giám hộ", why)]
    return []


def require_guardian(birth_year: int | None, guardian: str, on: date) -> None:
    """Refuse a child without a guardian's name."""
    if places := guardian_problems(birth_year, guardian, on):
        raise Refusal(places[0][1], places)


def require_standing(person: Person) -> None:
    """Refuse to act on what was merged or erased meanwhile."""
    if person.erased_at:
        raise Refusal("Dữ liệu của người này đã xóa theo yêu cầu, không ghi thêm được.")
    if person.merged_into_id:
        raise Refusal("Người này đã gộp vào một người khác. Mở lại từ danh sách rồi làm tiếp.")


def answer_by(asked_on: date) -> date:
    """Two working days on. Saturdays and Sundays are left out; holidays are not, so it is never later than the law's."""
    day, left = asked_on, ANSWER_WORKING_DAYS
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < 5
    return day


def finish_by(kind: RequestKind, asked_on: date) -> date:
    """The last day on which the request must be done; days of the calendar."""
    return asked_on + timedelta(days=FINISH_DAYS[kind])
