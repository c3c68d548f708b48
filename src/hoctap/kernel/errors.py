"""Refusals: the one way a lower room says no to a person."""


class Refusal(Exception):
    """A request that is not carried out; nothing was changed.

    ``message`` is Vietnamese and complete: what is wrong, where, why, what to do.
    ``places`` names the wrong places, e.g. ``[("Bieu!E12", "Ô này chỉ nhận số nguyên từ 0.")]``.
    """

    def __init__(self, message: str, places: list[tuple[str, str]] | None = None):
        super().__init__(message)
        self.message = message
        self.places = places or []


class Conflict(Refusal):
    """Somebody else changed the same thing meanwhile; the person chooses, nothing is overwritten."""
