"""Which kind a name or a message speaks of, by the words of the library. Pure."""

import re

from hoctap.activities import library
from hoctap.activities.enums import Family
from hoctap.kernel.vietnamese import fold

_WORD = re.compile(r"[^\W_]+")

# What a tile of the phone means where the name says nothing more.
FALLBACK = {
    Family.CLASS: "class.other",
    Family.TALK: "talk.other",
    Family.CONTEST: "contest.other",
    Family.CULTURE: "culture.exchange",
    Family.BOOKS: "books.drive",
    Family.NEWS: "news.item",
    Family.CEREMONY: "ceremony.other",
    Family.OTHER: "other.other",
}


def kind_in(text: str, family: str = "") -> str:
    """The code of the kind that the words show, of one family where that is said; empty where none does.

    What says how it is held ("!hội thảo") goes before what it is about ("tin học"), that before words of many kinds
    ("~lớp"); a longer before a shorter.
    """
    folded = f" {' '.join(_WORD.findall(fold(text)))} "
    best, found = 0, ""
    for code, words in library.words().items():
        if family and library.families()[code] != family:
            continue
        for word in words:
            plain = word.lstrip("~!")
            weight = len(plain) + {"~": 0, "!": 200}.get(word[:1], 100)
            if weight > best and f" {plain} " in folded:
                best, found = weight, code
    return found


def sorted_into(name: str, family: str) -> str:
    """The kind of an activity of that name under a tile."""
    return kind_in(name, family) or FALLBACK[Family(family)]
