"""Units by what somebody types of their names, and page after page in the order of their names."""

import re

from django.db.models import Q

from hoctap.kernel.vietnamese import fold

_PIECE = re.compile(r"[^\W_]+")
_LONG = re.compile(r"[^\W_]{3}")
_NO_UNIT = Q(pk=0)


def folded_name(name: str, short_name: str, code: str) -> str:
    """What a unit is found by (``Unit.name_folded``): a blank before each word, folded, signs left out."""
    return _begun(f"{name} {short_name} {code}")[:320]


def called(text: str, unit: str = "") -> Q:
    """Every word of ``text`` in the unit's name, short name or code, accents aside; no words, every unit.

    Three letters in a row may stand anywhere; what is shorter begins a word: "an" finds An Khánh, not Thanh Đa. The index
    of names leads to both, and to no less (docs/decisions, words of two letters). ``unit``: the way to it, as ``"unit__"``.
    """
    words = fold(text).split()
    begun = [word for word in map(_begun, words) if word]
    if words and not begun:
        return _NO_UNIT  # signs alone
    found = Q()
    for word in begun:
        found &= Q(**{f"{unit}name_folded__contains": word[1:] if _LONG.search(word) else word})
    return found


def later(after: tuple[str, int], unit: str = "") -> Q:
    """Units after the one of that ``(sort_key, pk)`` in the order of names. Said twice: the first part leads the index."""
    key, pk = after
    same = Q(**{f"{unit}sort_key": key, f"{unit}pk__gt": pk})
    return Q(**{f"{unit}sort_key__gte": key}) & (Q(**{f"{unit}sort_key__gt": key}) | same)


def _begun(text: str) -> str:
    return "".join(f" {piece}" for piece in _PIECE.findall(fold(text)))
