"""Reading consolidations."""

from hoctap.rollup.queries.consolidation import table, totals
from hoctap.rollup.queries.difference import Cause, CellDifference, Difference, signed_vs_live
from hoctap.rollup.queries.lag import LongWriter, Pending, long_writer, pending
from hoctap.rollup.queries.shapes import Column, ConsolidationTable, Coverage, Sums, Totals
from hoctap.rollup.queries.signed import last_signed
from hoctap.rollup.queries.sources import Lineage, Step, lineage, steps

__all__ = [
    "Cause",
    "CellDifference",
    "Column",
    "ConsolidationTable",
    "Coverage",
    "Difference",
    "Lineage",
    "LongWriter",
    "Pending",
    "Step",
    "Sums",
    "Totals",
    "last_signed",
    "lineage",
    "long_writer",
    "pending",
    "signed_vs_live",
    "steps",
    "table",
    "totals",
]
