"""Reading the register, one document, and what citations mean."""

from hoctap.directives.queries.links import choices_for, meant, waiting_for
from hoctap.directives.queries.listing import (
    CANDIDATES,
    INCOMING,
    OUTGOING,
    Filters,
    Slice,
    register,
    search,
)
from hoctap.directives.queries.notation import remembered_notation
from hoctap.directives.queries.page import (
    Dossier,
    deliveries_of,
    dossier,
    find_visible,
    narrowed,
    same_number_as,
)

__all__ = [
    "CANDIDATES",
    "INCOMING",
    "OUTGOING",
    "Dossier",
    "Filters",
    "Slice",
    "choices_for",
    "deliveries_of",
    "dossier",
    "find_visible",
    "meant",
    "narrowed",
    "register",
    "remembered_notation",
    "same_number_as",
    "search",
    "waiting_for",
]
