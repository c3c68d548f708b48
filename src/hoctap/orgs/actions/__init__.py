"""Everything that changes organisations and seats."""

from hoctap.orgs.actions.seats import grant_seat, revoke_seat
from hoctap.orgs.actions.units import dissolve_unit, edit_unit, found_unit, leave_line, move_unit, rename_unit

__all__ = [
    "dissolve_unit",
    "edit_unit",
    "found_unit",
    "grant_seat",
    "leave_line",
    "move_unit",
    "rename_unit",
    "revoke_seat",
]
