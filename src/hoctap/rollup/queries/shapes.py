"""What reads of the roll-up return."""

from dataclasses import dataclass

from hoctap.obligations.models import Obligation


@dataclass(frozen=True)
class Sums:
    """Sums and non-null counts in cell order, and how many reports they come from.

    A sum is None where no report has the cell: "not reported" is not zero.
    """

    sums: tuple[int | None, ...] = ()
    counts: tuple[int, ...] = ()
    reports: int = 0


@dataclass(frozen=True)
class Totals:
    """One node's whole subtree, itself included; vectors are empty where nothing with figures ever came.

    ``late``: how many came late; ``overdue``: how many are missing past their deadline.
    """

    sent: Sums
    accepted: Sums
    late: int
    overdue: int


@dataclass(frozen=True)
class Coverage:
    """Độ phủ: units expected, and where they stand. Missing: nothing sent; overdue: missing past its deadline."""

    expected: int = 0
    submitted: int = 0
    accepted: int = 0
    late: int = 0
    overdue: int = 0

    @property
    def missing(self) -> int:
        return self.expected - self.submitted

    @property
    def waiting(self) -> int:
        """Sent and not accepted yet."""
        return self.submitted - self.accepted

    def as_json(self) -> dict[str, int]:
        return {**vars(self), "missing": self.missing}


@dataclass(frozen=True)
class Column:
    """One who reports to the node, with its whole subtree. ``obligation`` carries ``unit`` and ``report``.

    Coverage counts it and all below it.
    """

    obligation: Obligation
    sums: Sums
    coverage: Coverage


@dataclass(frozen=True)
class ConsolidationTable:
    """Bảng tổng hợp of a node: ``total`` = ``own`` + all children; ``children`` is a page of ``child_count``,
    ``more`` whether some come after them.

    On the accepted basis the node's own part is what was accepted above it, else what it sent itself: nobody
    below accepts it. ``coverage`` and ``below_counts`` leave the node itself out ("n/N đơn vị").
    """

    obligation: Obligation
    basis: str
    total: Sums
    own: Sums
    coverage: Coverage
    children: tuple[Column, ...]
    child_count: int
    more: bool = False

    @property
    def below_counts(self) -> tuple[int, ...]:
        return tuple(of_all - own for of_all, own in zip(self.total.counts, self.own.counts, strict=True))
