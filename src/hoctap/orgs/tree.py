"""The dated tree of one line, as plain arithmetic: who stands under whom from day to day.

Days run ``start`` (first day) to ``end`` (first day no longer); ``FOREVER`` stands for no end.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from hoctap.kernel.paths import segment

FOREVER = date.max


@dataclass(frozen=True)
class Stretch:
    """A unit under one parent (None: a root) for a stretch of days; ``path`` is empty while not yet known."""

    start: date
    end: date
    parent: int | None
    path: str = ""


class Cycle(Exception):
    """``unit`` would stand under itself from ``day`` on."""

    def __init__(self, unit: int, day: date):
        super().__init__(unit, day)
        self.unit, self.day = unit, day


def lay(
    unit: int, start: date, end: date, edges: Mapping[int, Sequence[Stretch]], trail: tuple[int, ...] = ()
) -> Iterator[Stretch]:
    """The stretches of ``unit`` between two days with their paths, cut wherever anything above it changes.

    Days on which something above is in no tree are left out; a circle raises ``Cycle``.
    """
    if unit in trail:
        raise Cycle(unit, start)
    for edge in edges.get(unit, ()):
        first, last = max(edge.start, start), min(edge.end, end)
        if first >= last:
            continue
        if edge.path:
            yield Stretch(first, last, edge.parent, edge.path)
        elif edge.parent is None:
            yield Stretch(first, last, None, segment(unit))
        else:
            for above in lay(edge.parent, first, last, edges, (*trail, unit)):
                yield Stretch(above.start, above.end, edge.parent, above.path + segment(unit))


def joined(stretches: Iterable[Stretch]) -> list[Stretch]:
    """The same days in as few stretches as can be, in order."""
    out: list[Stretch] = []
    for s in sorted(stretches, key=lambda s: s.start):
        if out and out[-1].end == s.start and (out[-1].parent, out[-1].path) == (s.parent, s.path):
            out[-1] = replace(out[-1], end=s.end)
        else:
            out.append(s)
    return out


def edges_of(stretches: Iterable[Stretch]) -> list[Stretch]:
    """Only the parents, without paths: what was decided for this unit itself."""
    return joined(replace(s, path="") for s in stretches)


def until(stretches: Iterable[Stretch], day: date) -> list[Stretch]:
    """What holds before ``day``."""
    return [s if s.end <= day else replace(s, end=day) for s in stretches if s.start < day]


def first_gap(stretches: Iterable[Stretch], edges: Iterable[Stretch]) -> date | None:
    """The first day that ``edges`` cover and ``stretches`` do not."""
    covered = joined(Stretch(s.start, s.end, None) for s in stretches)
    for edge in joined(Stretch(e.start, e.end, None) for e in edges):
        over = next((c for c in covered if c.start <= edge.start < c.end), None)
        if over is None:
            return edge.start
        if over.end < edge.end:
            return over.end
    return None


def moved(edges: Sequence[Stretch], parent: int | None, day: date) -> list[Stretch]:
    """``edges`` with the parent from ``day`` on changed, up to the next change already decided."""
    now = next((e for e in edges if e.start <= day < e.end), None)
    end = now.end if now else min((e.start for e in edges if e.start > day), default=FOREVER)
    later = [e for e in edges if e.start >= end]
    return joined([*until(edges, day), Stretch(day, end, parent), *later])
