"""Folding and sorting of Vietnamese text; never SQL lower() or ILIKE, which know neither."""

import re
import unicodedata

_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}  # huyền, hỏi, ngã, sắc, nặng
_LETTERS = {c: i for i, c in enumerate("aăâbcdđeêfghijklmnoôơpqrstuưvwxyz")}


def tidy(text: str) -> str:
    """NFC and single spaces, as names are kept."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def fold(text: str) -> str:
    """Lower case, no diacritics, đ as d, single spaces: ``"Đợt  Học"`` → ``"dot hoc"``."""
    base = unicodedata.normalize("NFD", text.lower().replace("đ", "d").replace("Đ", "d").replace("ð", "d"))
    return " ".join("".join(c for c in base if not unicodedata.combining(c)).split())


def sort_key(text: str) -> str:
    """A key that plain byte order sorts in dictionary order: letters (a ă â …), then tones; numbers by value."""
    letters, tones = [], []
    for part in re.findall(r"\d+|\D", unicodedata.normalize("NFC", text.lower())):
        if part.isdigit():
            letters.append("0" + part.lstrip("0").rjust(12, "0"))
            continue
        tone = 0
        base = ""
        for c in unicodedata.normalize("NFD", part):
            if c in _TONES:
                tone = _TONES[c]
            else:
                base += c
        base = unicodedata.normalize("NFC", base)
        letters.append(chr(0x61 + _LETTERS[base]) if base in _LETTERS else (" " if base.isspace() else "!"))
        tones.append(str(tone))
    return "".join(letters) + "\x01" + "".join(tones)
