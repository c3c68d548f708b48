"""Acts on activities; each module one subject."""

from hoctap.activities.actions.recording import ActivityData, SessionData, record_activity

__all__ = ["ActivityData", "SessionData", "record_activity"]
