"""Acts on activities; each module one subject."""

from hoctap.activities.actions.erasing import erase_person
from hoctap.activities.actions.merging import merge_persons, undo_merge
from hoctap.activities.actions.recording import ActivityData, SessionData, record_activity

__all__ = [
    "ActivityData",
    "SessionData",
    "erase_person",
    "merge_persons",
    "record_activity",
    "undo_merge",
]
