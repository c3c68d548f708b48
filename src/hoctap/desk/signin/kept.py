"""What a person typed before an expired sign-in, carried through signing in again: signed, never stored unasked.

A form posted without a signed-in session is answered with the sign-in page; the fields travel in it as one sealed
value, and after signing in the person sees them again and sends them with one press.
"""

from dataclasses import dataclass

from django.core import signing
from django.http import HttpRequest

_SALT = "hoctap.kept"
_MAX_AGE = 24 * 3600  # seconds
_MAX_LENGTH = 300_000  # characters; a report form with all its notes is about 20,000
SKIPPED = ("csrfmiddlewaretoken", "password")


@dataclass(frozen=True)
class Kept:
    """``fields`` in the order posted; files cannot be kept and have to be chosen again."""

    path: str
    fields: list[list[str]]
    had_files: bool


def keep(request: HttpRequest) -> Kept:
    fields = [
        [name, value] for name, values in request.POST.lists() if name not in SKIPPED for value in values
    ]
    return Kept(request.get_full_path(), fields, bool(request.FILES))


def seal(kept: Kept) -> str:
    """An empty string when there is nothing to keep, or far more than a form holds."""
    if not kept.fields or sum(len(n) + len(v) for n, v in kept.fields) > _MAX_LENGTH:
        return ""
    return signing.dumps(vars(kept), salt=_SALT, compress=True)


def unseal(text: str) -> Kept | None:
    try:
        return Kept(**signing.loads(text, salt=_SALT, max_age=_MAX_AGE))
    except signing.BadSignature:
        return None
