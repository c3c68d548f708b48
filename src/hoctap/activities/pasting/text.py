"""A text and its folded letters side by side, and what of it a person has to say."""

import re
import unicodedata
from dataclasses import dataclass, field

LONGEST = 20_000
# "khu phố 5", "lớp 5": a number that counts nothing.
NUMBERED = re.compile(r"\b(?:thu|pho|phuong|quan|to|so|lop|khoi|tang|lau|p|q|kp)\s?$")


@dataclass
class Text:
    """``folded`` has a character for each of ``plain``, so that what is found in one is taken from the other."""

    plain: str
    folded: str
    asks: list[str] = field(default_factory=list)


def text_of(given: str) -> Text:
    plain = unicodedata.normalize("NFC", given[:LONGEST]).replace("\u00a0", " ")
    return Text(plain, "".join(map(_folded, plain)))


def cut(said: Text, start: int, end: int, ends: re.Pattern[str]) -> str:
    stop = ends.search(said.folded, start, end)
    return said.plain[start : stop.start() if stop else end].strip(" ,.:-–*_")[:250]


def _folded(character: str) -> str:
    base = unicodedata.normalize("NFD", character.lower())[:1] or " "
    return {"đ": "d"}.get(base, base)
