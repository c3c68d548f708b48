"""Counting again from the leaves, in plain Python.

This is the proof that the incremental sums are right, so it shares nothing with them: no SQL text, no path, no
watermark. It walks the parents, takes each unit's last act, and adds.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from hoctap.obligations.models import Obligation
from hoctap.reports.models import Acceptance, ReportEntry, Revision
from hoctap.rollup.models import Snapshot


@dataclass
class Tally:
    """Sums (None where nobody reported the cell) and counts in cell order, and the number of reports."""

    sums: list[int | None] = field(default_factory=list)
    counts: list[int] = field(default_factory=list)
    reports: int = 0

    def count(self, figures: list[int | None]) -> None:
        """One more report."""
        self.reports += 1
        self._grow(len(figures))
        for i, value in enumerate(figures):
            if value is not None:
                self.sums[i] = (self.sums[i] or 0) + value
                self.counts[i] += 1

    def include(self, other: "Tally") -> None:
        """All the reports of a branch."""
        self.reports += other.reports
        self._grow(len(other.sums))
        for i, value in enumerate(other.sums):
            if value is not None:
                self.sums[i] = (self.sums[i] or 0) + value
                self.counts[i] += other.counts[i]

    def _grow(self, size: int) -> None:
        self.sums += [None] * (size - len(self.sums))
        self.counts += [0] * (size - len(self.counts))


@dataclass
class Recount:
    """What one node's subtree adds up to; ``late`` and ``overdue`` as Totals."""

    sent: Tally = field(default_factory=Tally)
    accepted: Tally = field(default_factory=Tally)
    late: int = 0
    overdue: int = 0


def recount(round_id: int, now: datetime) -> Iterator[tuple[int, Recount]]:
    """``(obligation id, recount)`` for every obligation of the round, children before their parents.

    Obligations that hang under no root (a circle) are left out; ``lost`` finds them.
    """
    children = _children(round_id)
    sent, accepted = _standing(round_id)
    late, overdue = _behind(round_id, now)
    done: dict[int, Recount] = {}
    stack = [(pk, False) for pk in children[None]]
    while stack:
        pk, below_done = stack.pop()
        if not below_done:
            stack.append((pk, True))
            stack.extend((child, False) for child in children[pk])
            continue
        counted = Recount(late=int(pk in late), overdue=int(pk in overdue))
        if pk in sent:
            counted.sent.count(sent[pk])
        if pk in accepted:
            counted.accepted.count(accepted[pk])
        for child in children[pk]:
            branch = done.pop(child)
            counted.sent.include(branch.sent)
            counted.accepted.include(branch.accepted)
            counted.late += branch.late
            counted.overdue += branch.overdue
        done[pk] = counted
        yield pk, counted


def lost(round_id: int) -> set[int]:
    """Obligations that no walk from a root reaches."""
    children = _children(round_id)
    reached, stack = set(), list(children[None])
    while stack:
        pk = stack.pop()
        reached.add(pk)
        stack.extend(children[pk])
    return {pk for below in children.values() for pk in below} - reached


def counted_in(round_id: int) -> dict[int, set[int]]:
    """Activity → the obligations in whose reports it stands, sent or accepted. Of two it would count twice."""
    last: dict[int, tuple[int | None, int | None]] = {}
    for obligation, revision, acceptance in _acts(round_id):
        last[obligation] = (revision, acceptance)
    accepted = Acceptance.objects.filter(pk__in=[acceptance for _, acceptance in last.values() if acceptance])
    of_acceptance = dict(accepted.values_list("pk", "revision_id"))
    stands = {
        (revision, obligation)
        for obligation, (sent, acceptance) in last.items()
        for revision in (sent, of_acceptance.get(acceptance or 0))
        if revision
    }
    made_of = Revision.objects.filter(report__obligation__round=round_id, content__has_key="sources")
    sources = {pk: content["sources"] for pk, content in made_of.values_list("pk", "content")}
    found: dict[int, set[int]] = defaultdict(set)
    for revision, obligation in stands:
        for activities in sources.get(revision, {}).values():
            for activity in activities:
                found[activity].add(obligation)
    return found


def recount_snapshot(snapshot: Snapshot) -> Tally:
    """What a snapshot's items add up to: what was accepted, and the unit's own part at least as it sent it."""
    tally = Tally()
    items = snapshot.items.select_related("acceptance", "revision")
    for item in items.iterator(chunk_size=2000):
        if item.acceptance is not None:
            tally.count(item.acceptance.figures)
        elif item.revision is not None and item.obligation_id == snapshot.obligation_id:
            tally.count(item.revision.figures)
    return tally


def _children(round_id: int) -> dict[int | None, list[int]]:
    children: dict[int | None, list[int]] = defaultdict(list)
    for pk, parent in Obligation.objects.filter(round=round_id).values_list("pk", "parent_id"):
        children[parent].append(pk)
    return children


def _behind(round_id: int, now: datetime) -> tuple[set[int], set[int]]:
    """Obligations that came late, and those overdue."""
    found = Obligation.objects.filter(round=round_id).values_list("pk", flat=True)
    return set(found.filter(is_late=True)), set(found.filter(overdue_at__lte=now))


def _standing(round_id: int) -> tuple[dict[int, list], dict[int, list]]:
    """Figures sent and figures accepted by obligation, after the last act on each."""
    last: dict[int, tuple[int | None, int | None]] = {}
    for obligation, revision, acceptance in _acts(round_id):
        last[obligation] = (revision, acceptance)
    revisions = {revision: pk for pk, (revision, _) in last.items() if revision}
    acceptances = {acceptance: pk for pk, (_, acceptance) in last.items() if acceptance}
    return _figures(Revision, round_id, revisions, "report"), _figures(
        Acceptance, round_id, acceptances, "revision__report"
    )


def _acts(round_id: int) -> Iterable[tuple[int, int | None, int | None]]:
    """Each act of the round in turn, and what it left standing."""
    acts = ReportEntry.objects.filter(round=round_id).order_by("pk")
    return acts.values_list("obligation_id", "sent_after_id", "accepted_after_id")


def _figures(model, round_id: int, wanted: dict[int, int], report: str) -> dict[int, list]:
    rows = model.objects.filter(**{f"{report}__obligation__round": round_id}).values_list("pk", "figures")
    return {wanted[pk]: figures for pk, figures in rows.iterator(chunk_size=2000) if pk in wanted}
