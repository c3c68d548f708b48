"""Acts on activities; each module one subject."""

from hoctap.activities.actions.checking import warnings_of
from hoctap.activities.actions.copying import again, copy_activity
from hoctap.activities.actions.erasing import erase_person
from hoctap.activities.actions.evidence import (
    OutOfStep,
    add_file,
    add_link,
    begin_upload,
    drop_upload,
    put_back_evidence,
    remove_evidence,
    take_piece,
)
from hoctap.activities.actions.merging import merge_persons, undo_merge
from hoctap.activities.actions.recording import (
    AlreadyRecorded,
    cancel_activity,
    change_activity,
    record_activity,
    reinstate_activity,
)
from hoctap.activities.actions.saying import ActivityData, SessionData
from hoctap.activities.actions.sessions import (
    add_session,
    cancel_session,
    close_session,
    correct_session,
    move_session,
    restore_session,
)

__all__ = [
    "ActivityData",
    "AlreadyRecorded",
    "OutOfStep",
    "SessionData",
    "add_file",
    "add_link",
    "add_session",
    "again",
    "begin_upload",
    "cancel_activity",
    "cancel_session",
    "change_activity",
    "close_session",
    "copy_activity",
    "correct_session",
    "drop_upload",
    "erase_person",
    "merge_persons",
    "move_session",
    "put_back_evidence",
    "record_activity",
    "reinstate_activity",
    "remove_evidence",
    "restore_session",
    "take_piece",
    "undo_merge",
    "warnings_of",
]
