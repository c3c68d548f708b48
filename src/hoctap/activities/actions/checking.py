"""What cannot be so of an activity, and what can hardly be."""

from hoctap.activities.actions.saying import ActivityData, SessionData
from hoctap.activities.enums import Opening
from hoctap.kernel import clock
from hoctap.kernel.errors import Refusal

MOST = 10_000_000  # people at one session, and places: more is a slip of the keyboard
MOST_COUNTED = 10**13  # as in a cell of a report
MANY = 5_000  # people at one session: asked about
YEARS_BACK, YEARS_AHEAD = 30, 5
LONGEST = 24  # hours of one session


def require_possible(data: ActivityData) -> None:
    """Refusal naming each wrong place."""
    places = [("Tên hoạt động", problem) for problem in _name_problems(data.name)]
    for number, session in enumerate(data.sessions, 1):
        places += [(f"Buổi {number}", problem) for problem in session_problems(session)]
    for start in sorted(_twice([session.starts_at for session in data.sessions])):
        places.append(("Các buổi", f"Hai buổi cùng bắt đầu lúc {start:%H:%M, %d/%m/%Y}. Bỏ một buổi."))
    places += _number_problems(data)
    if places:
        raise Refusal("Chưa ghi được hoạt động: " + places[0][1], places)


def _twice(starts: list) -> set:
    return {start for start in starts if starts.count(start) > 1}


def _name_problems(name: str) -> list[str]:
    if not name.strip():
        return ["Ghi tên hoạt động."]
    return (
        ["Tên dài quá 250 chữ. Ghi ngắn lại, phần còn lại ghi ở Nội dung."] if len(name.strip()) > 250 else []
    )


def _number_problems(data: ActivityData) -> list[tuple[str, str]]:
    places = []
    asked = set(data.kind.asks)
    for code, number in data.quantities.items():
        if code not in asked:
            places.append(("Số lượng", f"Loại “{data.kind.name}” không ghi số lượng “{code}”."))
        elif number is not None and not 0 <= number <= MOST_COUNTED:
            places.append(("Số lượng", "Số lượng phải là số nguyên từ 0."))
    places += [
        ("Kinh phí", "Kinh phí phải là số đồng từ 0.")
        for amount in data.costs.values()
        if not 0 <= (amount or 0) <= MOST_COUNTED
    ]
    if data.capacity is not None and not 1 <= data.capacity <= MOST:
        places.append(("Số chỗ", "Số chỗ phải là số nguyên từ 1; không giới hạn thì để trống."))
    return places


def session_problems(data: SessionData) -> list[str]:
    """An end before the start, people at what has not begun, a year of no programme."""
    found, year = [], clock.today().year
    if not year - YEARS_BACK <= data.starts_at.astimezone(clock.VIETNAM).year <= year + YEARS_AHEAD:
        found.append(f"Năm {data.starts_at.astimezone(clock.VIETNAM).year} chưa đúng. Xem lại ngày của buổi.")
    if data.ends_at and data.ends_at <= data.starts_at:
        found.append("Giờ kết thúc phải sau giờ bắt đầu.")
    elif data.ends_at and (data.ends_at - data.starts_at).total_seconds() > LONGEST * 3600:
        found.append("Một buổi không dài quá một ngày. Nhiều ngày thì ghi nhiều buổi.")
    if data.held and data.starts_at > clock.now():
        found.append("Buổi này chưa tới giờ, chưa ghi là đã diễn ra được.")
    elif data.unnamed and not data.held:
        found.append(
            "Buổi có người tham dự thì đánh dấu Đã diễn ra; buổi chưa tới giờ thì để trống số người."
        )
    return found + people_problems(data.unnamed, data.unnamed_women)


def people_problems(unnamed: int, women: int | None) -> list[str]:
    if not 0 <= unnamed <= MOST:
        return ["Số người phải là số nguyên từ 0, nhiều nhất 10.000.000."]
    if women is not None and not 0 <= women <= unnamed:
        return ["Số nữ không nhiều hơn số người."]
    return []


def warnings_of(data: ActivityData) -> list[str]:
    """What is possible, and yet a person should look at once more before it is kept."""
    found = []
    for session in data.sessions:
        found += crowding(session.unnamed, data.capacity)
    starts = [session.starts_at for session in data.sessions]
    ends_at = data.registration_ends_at
    if data.opening != Opening.CLOSED and ends_at and starts and ends_at > min(starts):
        found.append("Hạn đăng ký sau giờ bắt đầu của buổi đầu.")
    return found


def crowding(people: int, capacity: int | None) -> list[str]:
    """More people than places, or than one session has."""
    said = f"{people:,}".replace(",", ".")
    if capacity and people > capacity:
        return [f"{said} người ở nơi có {capacity:,} chỗ.".replace(",", ".")]
    return [f"{said} người ở một buổi."] if people > MANY else []
