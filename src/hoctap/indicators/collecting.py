"""From deeds to figures: the rooms that keep deeds register what counts them; reports ask here, with plain arguments."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Fact:
    """What deeds say of one indicator. ``sources``: ids of the activities behind it, ascending.

    ``attendances``: lượt, where the value is of people and both are known.
    """

    value: int
    sources: tuple[int, ...]
    attendances: int | None = None


Groups = Mapping[int, Collection[int]]
Facts = dict[int, dict[str, Fact]]
Collector = Callable[[Groups, date, date], Facts]

_COLLECTORS: list[Collector] = []


def register(collector: Collector) -> Collector:
    """Called once a process by the room that keeps the deeds (apps.py)."""
    if collector not in _COLLECTORS:
        _COLLECTORS.append(collector)
    return collector


def collect(groups: Groups, first: date, last: date) -> Facts:
    """For each group of activity ids: indicator code → Fact, of what was held from ``first`` to ``last``, both included.

    An indicator that nothing feeds is left out: blank, not zero.
    """
    found: Facts = {group: {} for group in groups}
    for collector in _COLLECTORS:
        for group, facts in collector(groups, first, last).items():
            for code, fact in facts.items():
                found[group][code] = _both(found[group].get(code), fact)
    return found


def _both(one: Fact | None, other: Fact) -> Fact:
    if one is None:
        return other
    known = [n for n in (one.attendances, other.attendances) if n is not None]
    return Fact(
        one.value + other.value,
        tuple(sorted({*one.sources, *other.sources})),
        sum(known) if known else None,
    )
