"""What changes the roll-up: folding, moving, drawing and signing, starting over after a restore."""

from hoctap.rollup.actions.folding import fold, fold_busy_rounds, warn_of_long_writer
from hoctap.rollup.actions.moving import move
from hoctap.rollup.actions.restore import (
    check_system_identifier,
    refold_all,
    remember_system_identifier,
)
from hoctap.rollup.actions.snapshots import draw_snapshot, sign_snapshot

__all__ = [
    "check_system_identifier",
    "draw_snapshot",
    "fold",
    "fold_busy_rounds",
    "move",
    "refold_all",
    "remember_system_identifier",
    "sign_snapshot",
    "warn_of_long_writer",
]
