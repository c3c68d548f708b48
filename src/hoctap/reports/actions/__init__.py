"""Every act on a report: drafting, sending, taking back, returning, accepting.

Each act locks the report's row, writes one ReportEntry (which roll-up folds) and tells the other side.
"""

from hoctap.reports.actions.counting import move_deed
from hoctap.reports.actions.deciding import accept, return_report
from hoctap.reports.actions.drafting import DraftConflict, present, save_draft
from hoctap.reports.actions.submitting import AlreadySent, submit, submit_all
from hoctap.reports.actions.withdrawing import cascade, withdraw
from hoctap.reports.content import Content, Receipt, Sending

__all__ = [
    "AlreadySent",
    "Content",
    "DraftConflict",
    "Receipt",
    "Sending",
    "accept",
    "cascade",
    "move_deed",
    "present",
    "return_report",
    "save_draft",
    "submit",
    "submit_all",
    "withdraw",
]
