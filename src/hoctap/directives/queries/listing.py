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
from django.db.models.expressions import RawSQL

from hoctap.directives import numbers
from hoctap.directives.models import Delivery, Directive, DirectiveText
from hoctap.directives.queries.scope import Scope, scope_of
from hoctap.kernel.estimates import expected_rows
from hoctap.kernel.vietnamese import fold
from hoctap.orgs.models import Seat

COMMON = 0.4  # words that more of the documents hold are met soon, whoever looks
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
    scope = scope_of(seat)
    found = _narrowed(Directive.objects.all(), seat, filters or Filters())
    if after:
        found = found.filter(Q(listed_on__lt=after[0]) | Q(listed_on=after[0], pk__lt=after[1]))
    found = found.order_by("-listed_on", "-pk")
    if scope.listed:
        found = _with_mine(seat, found.filter(scope.seen))
    else:
        first = scope.first(found.values("pk"), limit + 1)
        found = _with_mine(seat, Directive.objects.filter(pk__in=first)).order_by("-listed_on", "-pk")
    rows = list(found[: limit + 1])
    more = len(rows) > limit
    rows = rows[:limit]
    return Slice(rows, (rows[-1].listed_on, rows[-1].pk) if more else None)


def search(seat: Seat, filters: Filters) -> tuple[list[Directive], bool]:
    """The best matches of ``filters.text``, and whether there were more than could be ranked.

    A number (or its start) first, then the phrase, then exact accents, then rank, then the newest. Accents, case,
    đ/d and kỉ/kỷ never hide a match; a text in quotes must stand as a phrase.
    """
    text = numbers.clean(filters.text)
    asked = _Asked(numbers.prefix(text), _words(text), _quoted(text))
    if not (asked.number or asked.words):
        return [], False
    scope = scope_of(seat)
    candidates = (
        _among_few(scope, seat, filters, asked) if scope.listed else _among_many(scope, seat, filters, asked)
    )
    found = list(
        _ranked(_with_mine(seat, Directive.objects.filter(pk__in=candidates)), asked.words, asked.number)
    )
    return found[:CANDIDATES], len(found) > CANDIDATES


@dataclass(frozen=True)
class _Asked:
    """What a search's text says: the start of a number, if it may be one; its words, and whether as a phrase."""

    number: str
    words: list[str]
    quoted: bool


def _among_few(scope: Scope, seat: Seat, filters: Filters, asked: _Asked) -> QuerySet:
    """The candidates' ids, where all that the seat sees is listed."""
    hit = Q(number_key__startswith=asked.number) if asked.number else Q()
    if asked.words:
        hit |= Q(text__search=_query(asked.words, "vi", _PHRASE if asked.quoted else _ALL))
    found = _narrowed(Directive.objects.filter(scope.seen, hit), seat, filters)
    return found.order_by(*_by_number(asked.number), "-pk").values("pk")[: CANDIDATES + 1]


def _among_many(scope: Scope, seat: Seat, filters: Filters, asked: _Asked) -> RawSQL:
    """The same in steps: numbers from their index, words from theirs, rights and the phrase only as far as needed."""
    steps = []
    if asked.number:
        numbered = _narrowed(Directive.objects.filter(number_key__startswith=asked.number), seat, filters)
        by_number = numbered.order_by(*_by_number(asked.number), "-pk").values("pk")
        steps.append(scope.first(by_number, CANDIDATES + 1))
    if asked.words:
        phrase = Q(text__search=_query(asked.words, "vi", _PHRASE)) if asked.quoted else Q()
        steps.append(scope.first(_newest_with(asked.words, seat, filters), CANDIDATES + 1, phrase))
    return RawSQL(
        " UNION ALL ".join(f"({s.sql})" for s in steps), [given for s in steps for given in s.params]
    )


def _newest_with(words: list[str], seat: Seat, filters: Filters) -> QuerySet:
    """Documents with all the words, the newest first. Words that many hold are soon met on the way back from the
    newest; others are looked up and put in order: on the way they might be met only at its end."""
    query = _query(words, "vi", _ALL)
    having = DirectiveText.objects.filter(search=query).values("pk")
    everything = DirectiveText.objects.values("pk")
    common = _expected(having) > COMMON * _expected(everything)
    newest = F("pk").desc() if common else (F("pk") + 0).desc()
    if filters == Filters(text=filters.text):
        return having.order_by(newest)
    return (
        _narrowed(Directive.objects.filter(text__search=query), seat, filters).order_by(newest).values("pk")
    )


def _expected(found: QuerySet) -> int:
    return expected_rows(*found.query.sql_with_params())


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


def _narrowed(found: QuerySet[Directive], seat: Seat, filters: Filters) -> QuerySet[Directive]:
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
