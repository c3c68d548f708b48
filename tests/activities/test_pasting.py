"""What a pasted message says; what it does not say for sure is left to a person."""

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from hoctap.activities.pasting import read

GOLD = Path(__file__).parent.parent / "gold/messages.txt"
FIELDS = ("name", "kind", "day", "start", "place", "people", "with")


@dataclass(frozen=True)
class Message:
    today: date
    text: str
    fields: dict[str, str]


def gold() -> list[Message]:
    found = []
    for block in GOLD.read_text(encoding="utf-8").split("=== ")[1:]:
        head, _line, rest = block.partition("\n")
        fields = dict(re.findall(r"^--- (\w+): (.+)$", rest, re.MULTILINE))
        text = re.sub(r"^--- .*\n?", "", rest, flags=re.MULTILINE).strip()
        found.append(Message(date.fromisoformat(head.strip()), text, fields))
    return found


def said(message: Message) -> dict[str, str]:
    pasted = read(message.text, message.today)
    return {
        "name": pasted.name,
        "kind": pasted.kind,
        "day": pasted.day.isoformat() if pasted.day else "",
        "start": f"{pasted.start:%H:%M}" if pasted.start else "",
        "place": pasted.place,
        "people": "" if pasted.people is None else str(pasted.people),
        "with": "; ".join(pasted.with_whom),
    }


def test_what_is_proposed_is_right_and_little_is_missed():
    """What is said of a field is what stands in the text, and nearly all that stands there is said."""
    messages = gold()
    assert len(messages) >= 73
    wrong, missed = [], []
    wanted = dict.fromkeys(FIELDS, 0)
    for message in messages:
        found = said(message)
        for field in FIELDS:
            wants = message.fields.get(field, "")
            wanted[field] += bool(wants)
            if found[field] and found[field] != wants:
                wrong.append((message.text[:40], field, found[field], wants))
            elif wants and not found[field]:
                missed.append((message.text[:40], field, wants))
    assert len(wrong) <= 1, wrong
    assert missed == []
    assert min(wanted.values()) >= 5


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Lớp tin học 8h và 14h ngày 7/10", "Giờ bắt đầu (tin nêu nhiều giờ)"),
        ("Hội thi ngày 7/10 hoặc 14/10", "Ngày (tin nêu nhiều ngày)"),
        ("Lớp tin học khoảng 40 học viên", "Số người (tin ghi “khoảng 40 học viên”)"),
        ("Có 40 học viên, sau thêm 12 học viên", "Số người (tin nêu nhiều số)"),
        ("Chào cả nhà", "Tên hoạt động"),
    ],
)
def test_what_is_not_certain_is_asked(text, words):
    assert words in read(text, date(2023, 10, 5)).asks


SUNDAY = date(2026, 11, 29)


@pytest.mark.parametrize(
    ("text", "day", "start"),
    [
        ("Lớp tin học lúc 8h 15/10 tại phường", "2026-10-15", "08:00"),
        ("Lớp tin học lúc 8h15/10/2026", "2026-10-15", "08:00"),
        ("Tập huấn PCCC 18h 25 học viên tham dự", "", "18:00"),
        ("8h 15 phút sáng mai lớp tin học", "2026-11-30", "08:15"),
        ("Lớp tin học 18 giờ 30 ngày 5/12", "2026-12-05", "18:30"),
        ("8h 30 lớp may 5/12", "2026-12-05", ""),  # 30 of what is not said
        ("Khu phố 3: lớp may 5/12", "2026-12-05", ""),
        ("Thứ 7, ngày 28 tháng 11, 8 giờ: lớp may", "2026-11-28", "08:00"),  # no row of the 7th and the 28th
        ("Chiều qua, 30 em đi thăm bảo tàng lúc 2h", "2026-11-28", ""),
        ("Lớp may lúc 8 giờ kém 15 sáng mai", "2026-11-30", ""),
        ("Tối 5/12, lúc 7h30 lớp yoga", "2026-12-05", "19:30"),
        ("Lớp học 7:30 PM 5/12", "2026-12-05", "19:30"),
        ("Lớp học 7h30pm 5/12", "2026-12-05", "19:30"),
        ("Tối thứ 7 này (lúc 7h) mời bà con dự lớp tin học", "2026-11-28", "19:00"),
        ("lop may toi thu 7 tuan nay luc 7h", "2026-11-28", "19:00"),
        ("Lop may tu 7h toi 9h sang mai", "2026-11-30", "07:00"),  # "toi" of "tới"
        ("Lop may 8h thu 7 tuan toi", "2026-12-05", "08:00"),
        ("7h30 tối đa 30 người, lớp may 5/12", "2026-12-05", "07:30"),
        ("Lớp may 7h - 9h tối nay", "2026-11-29", ""),
        ("Chiều 4/12 họp tổ, 7h khai mạc hội thi", "2026-12-04", ""),
        ("Đêm hội lúc 7h 5/12", "2026-12-05", ""),
        ("Lớp may 12h đêm 5/12", "2026-12-05", ""),
        ("Lớp tin học 19h tối nay tại 12/5 Lê Văn Sỹ", "2026-11-29", "19:00"),
        ("Sinh hoạt CLB 19h thứ 7 tuần này tại 12/5 Lê Văn Sỹ", "2026-11-28", "19:00"),
        ("Lớp may chiều nay, 12/5 Lê Văn Sỹ", "2026-11-29", ""),
        ("Lớp may 7h30, 12/5B đường Lê Văn Sỹ", "", "07:30"),
        ("Lớp may hẻm 2/4 chiều nay", "2026-11-29", ""),
        ("Chiều nay 28/11 Hội Khuyến học mở lớp may", "2026-11-28", ""),
        ("28/11 Hội Khuyến học mở lớp may", "2026-11-28", ""),
        ("Lớp dưỡng sinh 6h tại công viên 30/4", "", "06:00"),
        ("Lớp dưỡng sinh tại hội trường 5/12", "2026-12-05", ""),
        ("Lớp dưỡng sinh tại trường 05/12/2026", "2026-12-05", ""),
        ("Lớp tin học: 3/4 học viên đạt giỏi", "", ""),
        ("Lớp tin học đã dạy được 2/3 chương trình", "", ""),
        ("Sáng 3/4 học viên lớp may tham quan", "2027-04-03", ""),
        ("học sinh lớp 5/2 tham quan bảo tàng sáng nay", "2026-11-29", ""),
        ("Mít tinh chào mừng 20/11 tại trường Lê Lợi", "", ""),
        ("Mit tinh chao mung 20/11 tai truong Le Loi", "", ""),
        ("Sinh hoạt câu lạc bộ 5/12", "2026-12-05", ""),  # no day of birth
    ],
)
def test_an_hour_is_no_day_and_a_house_no_date(text, day, start):
    found = said(Message(SUNDAY, text, {}))
    assert (found["day"], found["start"]) == (day, start)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Lớp tin học tại UBND P.5 Q3", "UBND P.5 Q3"),
        ("Lớp tin học tại UBND P. 5, Q. 3. Mời bà con", "UBND P. 5, Q. 3"),
        ("Lớp tin học tại trụ sở KP.2. Mời bà con", "trụ sở KP.2"),
        ("Lớp tin học tại phòng 2.1, 9h sáng mai", "phòng 2.1"),
        ("Địa điểm: UBND P. 5, Q. 3. Mời bà con", "UBND P. 5, Q. 3"),
        ("Địa điểm: 183/7 đường 3/2, 19h", "183/7 đường 3/2"),
        ("Lớp may tại Hội trường A, số lượng 120", "Hội trường A"),
    ],
)
def test_a_place_ends_at_no_shortened_word(text, place):
    assert read(text, SUNDAY).place == place


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("Buổi tuyên truyền do 2 cán bộ hướng dẫn, bà con đến đông", None),
        ("Lớp tin học; 2 giáo viên đứng lớp", None),
        ("2 giáo viên hướng dẫn, 30 em tham dự lớp vẽ", 30),
        ("Tập huấn cho 40 cán bộ phụ trách thiếu nhi", 40),
        ("Lớp vẽ, 25 em đăng ký", None),
        ("Lớp vẽ, 30 - 40 em", None),
        ("Phường 5 - 40 em dự lớp vẽ", 40),
        ("Hội thi, mời 2 cán bộ mỗi khu phố", None),
        ("Lệ phí 50 người/đội", None),
        ("Lớp 5 em An đạt giải", None),
        ("Tối nay tại nhà văn hóa, 12 cô chú dự", 12),
    ],
)
def test_those_who_lead_or_only_would_come_are_not_counted(text, people):
    assert read(text, SUNDAY).people == people


def test_approximate_and_several_figures_are_left_blank():
    assert read("Lớp tin học khoảng 40 học viên", date(2023, 10, 5)).people is None
    assert read("Có 40 học viên, sau thêm 12 học viên", date(2023, 10, 5)).people is None
    assert read("Mỗi đơn vị cử 02 người, tối đa 30 người", date(2023, 10, 5)).people is None
    assert read("Điện thoại 0903 123 456, giá 40.000 đồng", date(2023, 10, 5)).people is None


@pytest.mark.parametrize(("today", "day"), [("2023-12-28", "2024-01-05"), ("2024-01-03", "2024-01-05")])
def test_a_year_left_out_is_the_nearest(today, day):
    assert read("Lớp tin học ngày 5/1", date.fromisoformat(today)).day == date.fromisoformat(day)


@pytest.mark.parametrize(
    "text", ["", "\x00\x01", "a " * 10_000, "1/" * 9_000, "lớp " * 5_000, "“" * 9_000, "31/02/2023"]
)
def test_nonsense_is_read_quickly_and_says_nothing_of_a_day(text):
    assert read(text, date(2023, 10, 5)).day is None
