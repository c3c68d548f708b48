"""Values that know where the text says them; what the text does not say has no way to become a value."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Said:
    """A value and the words it comes from: ``start`` to ``end`` in the normalised text.

    ``inferred``: where the document's own date stands, when the year of this day was taken from there.
    """

    value: str | int | float | bool
    start: int
    end: int
    inferred: tuple[int, int] | None = None

    def __post_init__(self):
        if self.start >= self.end:
            raise ValueError("a value without evidence")


def quoted(text: str, start: int, end: int) -> Said | None:
    """The words themselves, without what punctuation and blanks surround them; None when nothing is left."""
    while start < end and text[start] in " \t\n;:,.–-":
        start += 1
    while start < end and text[end - 1] in " \t\n;:,–-":
        end -= 1
    return Said(" ".join(text[start:end].split()), start, end) if start < end else None


def stated(text: str, start: int, end: int) -> Said | None:
    """As ``quoted``, without the full stop ("./." too) that ends a sentence."""
    while start < end and text[end - 1] in " \t\n;:,.–-/":
        if text[end - 1] in "./" and text.endswith(("..", "v.v."), 0, end):
            break
        end -= 1
    return quoted(text, start, end)


def plain(tree: Any) -> Any:
    """The tree with values for their Said."""
    if isinstance(tree, Said):
        return tree.value
    if isinstance(tree, dict):
        return {key: plain(part) for key, part in tree.items()}
    if isinstance(tree, list):
        return [plain(part) for part in tree]
    return tree


def evidence(tree: Any, path: str = "") -> dict[str, list[int]]:
    """Key path ("deadlines.0.stated") → [start, end] of every value; "….inferred" → the date its year comes from."""
    if isinstance(tree, Said):
        own = {f"{path}.inferred": list(tree.inferred)} if tree.inferred else {}
        return {path: [tree.start, tree.end]} | own
    parts = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    found: dict[str, list[int]] = {}
    for key, part in parts:
        found |= evidence(part, f"{path}.{key}" if path else str(key))
    return found
