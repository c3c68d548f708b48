"""Who holds an activity, and whether it was held at all, told upwards: rooms above that count activities register here."""

from collections.abc import Callable

from hoctap.activities.models import Activity

Listener = Callable[[Activity, str], None]

_LISTENERS: list[Listener] = []


def register(listener: Listener) -> Listener:
    """Called once a process by a room that counts activities (apps.py)."""
    if listener not in _LISTENERS:
        _LISTENERS.append(listener)
    return listener


def announce(activity: Activity, what: str) -> None:
    """``what`` happened, in words (``"đã hủy, lý do: ghi nhầm"``); within the transaction in which it did."""
    for listener in _LISTENERS:
        listener(activity, what)
