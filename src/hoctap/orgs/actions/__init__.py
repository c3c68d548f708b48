"""Everything that changes organisations and seats."""

from hoctap.orgs.actions.import_plan import ImportPlan, PlannedUnit
from hoctap.orgs.actions.importing import import_units
from hoctap.orgs.actions.moving import Decision, Move, move_unit, move_units
from hoctap.orgs.actions.renaming import rename_unit
from hoctap.orgs.actions.seats import grant_seat, revoke_seat, seat_person
from hoctap.orgs.actions.units import Founding, dissolve_unit, edit_unit, found_unit, found_units, leave_line

__all__ = [
    "Decision",
    "Founding",
    "ImportPlan",
    "Move",
    "PlannedUnit",
    "dissolve_unit",
    "edit_unit",
    "found_unit",
    "found_units",
    "grant_seat",
    "import_units",
    "leave_line",
    "move_unit",
    "move_units",
    "rename_unit",
    "revoke_seat",
    "seat_person",
]
