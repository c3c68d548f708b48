"""The register as a seat sees it: newest first by place, or the best matches of a search."""

import re
from dataclasses import dataclass
from datetime import date

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import (
    Case,
    DateField,
    Exists,
    F,
    FilteredRelation,
    Func,
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

COMMON = 0.4  # words that more of the documents hold are met soon, whoever looks for many of them
COMMON_ON_A_PAGE = 0.05  # and for one page
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
    filters = filters or Filters()
    found = _narrowed(Directive.objects.all(), seat, filters)
    if after:
        found = found.filter(Q(listed_on__lt=after[0]) | Q(listed_on=after[0], pk__lt=after[1]))
    if scope.listed:
        found = found.filter(scope.seen & _of_issuer(filters))
    else:
        names = _words(numbers.clean(filters.issuer))
        walked = not names or _is_common(_query(names, "vi", _ALL), COMMON_ON_A_PAGE)
        in_order = found.order_by("-listed_on" if walked else _LISTED_ON.desc(), "-pk").values("pk")
        found = Directive.objects.filter(pk__in=scope.first(limit + 1, (in_order, _of_issuer(filters))))
    rows = list(_with_mine(seat, found).order_by("-listed_on", "-pk")[: limit + 1])
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
    found = _narrowed(Directive.objects.filter(scope.seen & _of_issuer(filters), hit), seat, filters)
    return found.order_by(*_by_number(asked.number), "-pk").values("pk")[: CANDIDATES + 1]


def _among_many(scope: Scope, seat: Seat, filters: Filters, asked: _Asked) -> RawSQL:
    """The same in steps: numbers from their index, words from theirs; rights, the phrase and where a word stands only as
    far as needed."""
    steps, also = [], _of_issuer(filters)
    if asked.number:
        numbered = _narrowed(Directive.objects.filter(number_key__startswith=asked.number), seat, filters)
        steps.append((numbered.order_by(*_by_number(asked.number), "-pk").values("pk"), also))
        also &= ~Q(number_key__startswith=asked.number)
    if asked.words:
        if asked.quoted:
            also &= Q(text__search=_query(asked.words, "vi", _PHRASE))
        steps.append((_newest_with(asked.words, seat, filters), also))
    return scope.first(CANDIDATES + 1, *steps)


def _newest_with(words: list[str], seat: Seat, filters: Filters) -> QuerySet:
    """Documents with all the words, the newest first. Words that many hold are soon met on the way back from the
    newest; others are looked up and put in order: on the way they might be met only at its end."""
    query = _query(words, "vi", _ALL)
    newest = F("pk").desc() if _is_common(query, COMMON) else (F("pk") + 0).desc()  # a sum is in no index
    if filters == Filters(text=filters.text):
        return DirectiveText.objects.filter(search=query).order_by(newest).values("pk")
    return (
        _narrowed(Directive.objects.filter(text__search=query), seat, filters).order_by(newest).values("pk")
    )


_LISTED_ON = Func(F("listed_on"), template="(%(expressions)s + 0)", output_field=DateField())


def _is_common(query: SearchQuery, share: float) -> bool:
    everything = DirectiveText.objects.values("pk")
    having, all_ = (found.query.sql_with_params() for found in (everything.filter(search=query), everything))
    return expected_rows(*having) > share * expected_rows(*all_)


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
        found = found.filter(text__search=_query(names, "vi", _ALL))  # wherever they stand: see _of_issuer
    if filters.direction == OUTGOING:
        found = found.filter(issuer=seat.unit_id)
    if filters.direction == INCOMING:
        received = Exists(Delivery.objects.filter(directive=OuterRef("pk"), unit=seat.unit_id))
        from_elsewhere = Q(issuer__isnull=True) | ~Q(issuer=seat.unit_id)
        found = found.filter(Q(received) | (Q(registered_by=seat.unit_id) & from_elsewhere))
    return found


def _of_issuer(filters: Filters) -> Q:
    """What remains to be asked of a document that ``_narrowed`` let through: its text has to be opened for it."""
    names = _words(numbers.clean(filters.issuer))
    return Q(text__search=_query(names, "vi", _ALL, weight=":B")) if names else Q()  # B: the issuer's name


def _with_mine(seat: Seat, found: QuerySet[Directive]) -> QuerySet[Directive]:
    return found.annotate(
        mine=FilteredRelation("deliveries", condition=Q(deliveries__unit=seat.unit_id)),
        mine_id=F("mine__pk"),
        mine_seen_at=F("mine__seen_at"),
        mine_acknowledged_at=F("mine__acknowledged_at"),
    )
