"""Reading consolidations."""

from hoctap.rollup.queries.difference import Cause, CellDifference, Difference, signed_vs_live
from hoctap.rollup.queries.lineage import Lineage, lineage
from hoctap.rollup.queries.pending import Pending, pending
from hoctap.rollup.queries.shapes import Column, ConsolidationTable, Coverage, Sums, Totals
from hoctap.rollup.queries.table import table, totals

__all__ = [
    "Cause",
    "CellDifference",
    "Column",
    "ConsolidationTable",
    "Coverage",
    "Difference",
    "Lineage",
    "Pending",
    "Sums",
    "Totals",
    "lineage",
    "pending",
    "signed_vs_live",
    "table",
    "totals",
]
