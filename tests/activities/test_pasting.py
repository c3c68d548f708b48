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
    assert len(messages) >= 63
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
