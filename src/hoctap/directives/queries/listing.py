"""The register as a seat sees it: newest first by place, or the best matches of a search."""

import re
from dataclasses import dataclass
from datetime import date

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import (
    Case,
    Exists,
    F,
    FilteredRelation,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)

from hoctap.directives import numbers, rules
from hoctap.directives.models import Delivery, Directive
from hoctap.kernel.vietnamese import fold
from hoctap.orgs.models import Seat

CANDIDATES = 200  # of a search's matches so many are ranked: those by number, then the newest
INCOMING, OUTGOING = "den", "di"
_Y_AND_I = dict(zip("iìỉĩíịyỳỷỹýỵ", "yỳỷỹýỵiìỉĩíị", strict=True))


@dataclass(frozen=True)
class Filters:
    """What narrows the register; empty means all. ``direction`` is INCOMING or OUTGOING, seen from the seat's unit;
    ``year`` is that of the document (of its registering, when it is undated)."""

    text: str = ""
    kind: str = ""
    year: int | None = None
    issuer: str = ""
    status: str = ""
    direction: str = ""


@dataclass(frozen=True)
class Slice:
    """One page of rows, and ``after`` for the next one; None at the end."""

    rows: list[Directive]
    after: tuple[date, int] | None


def register(
    seat: Seat, filters: Filters | None = None, *, after: tuple[date, int] | None = None, limit: int = 20
) -> Slice:
    """Newest first from a place on. A row has ``mine_id``, ``mine_seen_at``, ``mine_acknowledged_at``: the
    delivery to the seat's own unit, if any."""
    found = _with_mine(seat, _narrowed(seat, filters or Filters()))
    if after:
        found = found.filter(Q(listed_on__lt=after[0]) | Q(listed_on=after[0], pk__lt=after[1]))
    rows = list(found.order_by("-listed_on", "-pk")[: limit + 1])
    more = len(rows) > limit
    rows = rows[:limit]
    return Slice(rows, (rows[-1].listed_on, rows[-1].pk) if more else None)


def search(seat: Seat, filters: Filters) -> tuple[list[Directive], bool]:
    """The best matches of ``filters.text``, and whether there were more than could be ranked.

    A number (or its start) first, then the phrase, then exact accents, then rank, then the newest. Accents, case,
    đ/d and kỉ/kỷ never hide a match; a text in quotes must stand as a phrase.
    """
    text = numbers.clean(filters.text)
    number, words = numbers.prefix(text), _words(text)
    if not (number or words):
        return [], False
    hit = Q(number_key__startswith=number) if number else Q()
    if words:
        hit |= Q(text__search=_query(words, "vi", _PHRASE if _quoted(text) else _ALL))
    matching = _narrowed(seat, filters).filter(hit).order_by(*_by_number(number), "-pk")
    candidates = Directive.objects.filter(pk__in=matching.values("pk")[: CANDIDATES + 1])
    found = list(_ranked(_with_mine(seat, candidates), words, number))
    return found[:CANDIDATES], len(found) > CANDIDATES


_ALL, _PHRASE = " & ", " <-> "


def _ranked(found: QuerySet[Directive], words: list[str], number: str) -> QuerySet[Directive]:
    order = _by_number(number)
    if words:
        order += [
            _first(Q(text__search=_query(words, "vi", _PHRASE))),
            _first(Q(text__search_exact=_query(words, "simple", _PHRASE))),
            _first(Q(text__search_exact=_query(words, "simple", _ALL))),
            SearchRank(F("text__search"), _query(words, "vi", _ALL)).desc(),
        ]
    return found.order_by(*order, "-listed_on", "-pk")


def _by_number(number: str) -> list:
    """The whole number, then the number alone ("33" before "333"), then whatever begins so."""
    if not number:
        return []
    starts = (Q(number_key=number), Q(number_key__startswith=f"{number}/"), Q(number_key__startswith=number))
    return [_first(start) for start in starts]


def _first(condition: Q) -> Case:
    return Case(When(condition, then=Value(0)), default=Value(1), output_field=IntegerField())


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text)[:24]


def _quoted(text: str) -> bool:
    return len(text) > 2 and text[0] in '“"' and text[-1] in '”"'


def _query(words: list[str], config: str, joint: str, weight: str = "") -> SearchQuery:
    """Only letters and digits reach the query language."""
    return SearchQuery(joint.join(_spelt(word, weight) for word in words), config=config, search_type="raw")


def _spelt(word: str, weight: str) -> str:
    """A word, or both spellings where i and y change places: kỉ niệm, kỷ niệm; thi sĩ, thi sỹ."""
    other = _Y_AND_I.get(word[-1].lower())
    if other and re.fullmatch(r"(?:[hklmst]|qu).", fold(word)):
        return f"({word}{weight} | {word[:-1]}{other}{weight})"
    return word + weight


def _narrowed(seat: Seat, filters: Filters) -> QuerySet[Directive]:
    found = Directive.objects.filter(rules.visible(seat))
    for field in ("kind", "status"):
        if value := getattr(filters, field):
            found = found.filter(**{field: value})
    if filters.year:
        found = found.filter(listed_on__year=filters.year)
    if names := _words(numbers.clean(filters.issuer)):
        found = found.filter(text__search=_query(names, "vi", _ALL, weight=":B"))  # B: the issuer's name
    if filters.direction == OUTGOING:
        found = found.filter(issuer=seat.unit_id)
    if filters.direction == INCOMING:
        received = Exists(Delivery.objects.filter(directive=OuterRef("pk"), unit=seat.unit_id))
        from_elsewhere = Q(issuer__isnull=True) | ~Q(issuer=seat.unit_id)
        found = found.filter(Q(received) | (Q(registered_by=seat.unit_id) & from_elsewhere))
    return found


def _with_mine(seat: Seat, found: QuerySet[Directive]) -> QuerySet[Directive]:
    return found.annotate(
        mine=FilteredRelation("deliveries", condition=Q(deliveries__unit=seat.unit_id)),
        mine_id=F("mine__pk"),
        mine_seen_at=F("mine__seen_at"),
        mine_acknowledged_at=F("mine__acknowledged_at"),
    )
