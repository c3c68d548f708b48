"""Folding and sorting of Vietnamese text; never SQL lower() or ILIKE, which know neither."""

import re
import unicodedata
from itertools import filterfalse

_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}  # huyền, hỏi, ngã, sắc, nặng
_LETTERS = {c: i for i, c in enumerate("aăâbcdđeêfghijklmnoôơpqrstuưvwxyz")}


def tidy(text: str) -> str:
    """NFC and single spaces, as names are kept."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def fold(text: str) -> str:
    """Lower case, no diacritics, đ as d, single spaces: ``"Đợt  Học"`` → ``"dot hoc"``."""
    text = text.lower().replace("đ", "d").replace("ð", "d").replace("\0", " ")  # no column holds a NUL
    base = unicodedata.normalize("NFD", text)
    return " ".join("".join(filterfalse(unicodedata.combining, base)).split())


def sort_key(text: str) -> str:
    """A key that plain byte order sorts as a dictionary does: syllable by syllable, letters (a ă â …) before tones.

    So "ba lô" comes before "bà con". Numbers go by value, before letters. Plain ASCII.
    """
    parts = re.findall(r"\d+|[^\W\d_]+|.", unicodedata.normalize("NFC", text.lower()), re.DOTALL)
    return "".join(map(_part_key, parts))


def _part_key(part: str) -> str:
    if part.isdecimal():
        return f"0{int(part):012d}"
    if not part.isalpha():
        return " " if part.isspace() else "!"
    tone, bare = 0, ""
    for c in unicodedata.normalize("NFD", part):
        if c in _TONES:
            tone = _TONES[c]
        else:
            bare += c
    letters = unicodedata.normalize("NFC", bare)
    return "".join(chr(0x40 + _LETTERS[c]) if c in _LETTERS else "!" for c in letters) + str(tone)
