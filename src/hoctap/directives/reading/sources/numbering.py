"""The labels of Word's automatic lists ("1.", "a)", "-"), which a .docx keeps apart from its paragraphs' text."""

import re
from dataclasses import dataclass
from typing import Any

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_DEEPEST = 9  # levels, by the format


def qn(name: str) -> str:
    """ "w:p" → the name as the tree has it."""
    return f"{{{W}}}{name.removeprefix('w:')}"


@dataclass(frozen=True)
class _Level:
    how: str
    text: str
    start: int


class Numbering:
    """Counts as Word counts: lists of one kind go on with one another unless one of them starts anew."""

    def __init__(self, numbering: Any, styles: Any):
        self._levels: dict[tuple[str, int], _Level] = {}  # by list and level
        self._kind: dict[str, str] = {}  # of each list
        self._anew: dict[str, dict[int, int]] = {}  # list → level → number it starts with
        self._counts: dict[str, list[int | None]] = {}  # by kind
        self._of_style: dict[str, tuple[str, int]] = {}
        if numbering is not None:
            self._read(numbering)
        if styles is not None:
            self._read_styles(styles)

    def _read(self, numbering: Any) -> None:
        kinds: dict[str, dict[int, _Level]] = {}
        for item in numbering.iterchildren(qn("w:abstractNum")):
            kinds[item.get(qn("w:abstractNumId"), "")] = {
                _number(level.get(qn("w:ilvl"))): _Level(
                    _value(level, "w:numFmt", "decimal"),
                    _value(level, "w:lvlText", ""),
                    _number(_value(level, "w:start", "1")),
                )
                for level in item.iterchildren(qn("w:lvl"))
            }
        for item in numbering.iterchildren(qn("w:num")):
            name = item.get(qn("w:numId"), "")
            self._kind[name] = _value(item, "w:abstractNumId", "")
            for level, how in kinds.get(self._kind[name], {}).items():
                self._levels[name, level] = how
            for other in item.iterchildren(qn("w:lvlOverride")):
                if (start := _value(other, "w:startOverride", "")).isdecimal():
                    self._anew.setdefault(name, {})[_number(other.get(qn("w:ilvl")))] = int(start)

    def _read_styles(self, styles: Any) -> None:
        based: dict[str, str] = {}
        for style in styles.iterchildren(qn("w:style")):
            name = style.get(qn("w:styleId"), "")
            based[name] = _value(style, "w:basedOn", "")
            if found := _list_of(style.find(qn("w:pPr"))):
                self._of_style[name] = found
        for name in based:
            other, seen = name, set()
            while other and other not in self._of_style and other not in seen:
                seen.add(other)
                other = based.get(other, "")
            if other in self._of_style:
                self._of_style[name] = self._of_style[other]

    def label(self, paragraph: Any) -> str:
        """What Word prints before it; empty where it prints nothing."""
        properties = paragraph.find(qn("w:pPr"))
        if properties is None:
            return ""
        found = _list_of(properties) or self._of_style.get(_value(properties, "w:pStyle", ""))
        level = self._levels.get(found) if found else None
        if not found or level is None or level.how == "none":
            return ""
        if level.how == "bullet":
            return "+" if level.text in ("+", "o") else "-"
        self._count(found, level)
        return re.sub(r"%([1-9])", lambda place: self._written(found[0], int(place[1]) - 1), level.text)

    def _count(self, found: tuple[str, int], how: _Level) -> None:
        name, level = found
        counts = self._counts.setdefault(self._kind[name], [None] * _DEEPEST)
        anew = self._anew.get(name, {}).pop(level, None)
        last = counts[level]
        counts[level] = anew if anew is not None else how.start if last is None else last + 1
        counts[level + 1 :] = [None] * (_DEEPEST - 1 - level)

    def _written(self, name: str, level: int) -> str:
        how = self._levels.get((name, level), _Level("decimal", "", 1))
        count = self._counts[self._kind[name]][level]
        return _written(how.how, how.start if count is None else count)


def _list_of(properties: Any) -> tuple[str, int] | None:
    """List and level, where properties name them; list "0" takes a paragraph out of its style's list."""
    number = properties.find(qn("w:numPr")) if properties is not None else None
    if number is None:
        return None
    return _value(number, "w:numId", ""), min(_number(_value(number, "w:ilvl", "0")), _DEEPEST - 1)


def _written(how: str, count: int) -> str:
    if how in ("upperRoman", "lowerRoman"):
        letters = _roman(count)
        return letters if how == "upperRoman" else letters.lower()
    if how in ("upperLetter", "lowerLetter"):
        letter = "abcdefghijklmnopqrstuvwxyz"[(count - 1) % 26]
        return letter.upper() if how == "upperLetter" else letter
    return f"{count:02d}" if how == "decimalZero" else str(count)


def _value(element: Any, name: str, default: str) -> str:
    found = element.find(qn(name))
    return default if found is None else found.get(qn("w:val"), default)


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 6 else 0


_ROMAN = ((100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


def _roman(count: int) -> str:
    out = ""
    count %= 4000
    for value, letters in _ROMAN:
        out += letters * (count // value)
        count %= value
    return out
