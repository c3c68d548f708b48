"""Materialised paths: ids from the root down, each in base 36 and closed by a dot, so a subtree is a prefix."""

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def segment(number: int) -> str:
    """``segment(71)`` → ``"1z."``."""
    text = ""
    while number:
        number, rest = divmod(number, 36)
        text = _DIGITS[rest] + text
    return (text or "0") + "."


def ids(path: str) -> list[int]:
    """The ids on a path, root first: ``ids("1.1z.")`` → ``[1, 71]``."""
    return [int(part, 36) for part in path.split(".") if part]
