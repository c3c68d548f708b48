"""A message of Zalo or a piece of news → what it says of an activity. Pure. What it does not say for sure stays out.

Messages come with diacritics and without: each part looks in folded letters, and takes what it found from the text itself.
"""

from dataclasses import dataclass
from datetime import date, time

from hoctap.activities.pasting.bodies import bodies_in
from hoctap.activities.pasting.days import day_in
from hoctap.activities.pasting.hours import start_in
from hoctap.activities.pasting.names import name_in
from hoctap.activities.pasting.people import people_in
from hoctap.activities.pasting.places import place_in
from hoctap.activities.pasting.text import text_of
from hoctap.activities.sorting import kind_in


@dataclass(frozen=True)
class Pasted:
    """``asks``: what a person has to say, in words; ``with_whom``: bodies as the text names them."""

    name: str = ""
    kind: str = ""
    day: date | None = None
    start: time | None = None
    place: str = ""
    people: int | None = None
    with_whom: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()


def read(text: str, today: date) -> Pasted:
    """``today``: the day it is pasted on, for years left out and for "sáng mai"."""
    said = text_of(text)
    name, sure = name_in(said)
    start, near = start_in(said)
    day = day_in(said, today, near)
    kind, place = (kind_in(name) if sure else "") or kind_in(said.plain), place_in(said)
    people, with_whom = people_in(said), tuple(bodies_in(said))
    found: dict[str, object] = {
        "Tên hoạt động": name,
        "Loại": kind,
        "Ngày": day,
        "Giờ bắt đầu": start,
        "Nơi tổ chức": place,
    }
    if day and day <= today:
        found["Số người"] = people is not None
    missing = [words for words, value in found.items() if not value]
    asks = [words for words in missing if not any(asked.startswith(words) for asked in said.asks)]
    return Pasted(name, kind, day, start, place, people, with_whom, (*asks, *said.asks))
