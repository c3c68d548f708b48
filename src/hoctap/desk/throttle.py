"""How often one address may do one thing. A hall behind one router is one address, and so is an office.

Where something can be guessed, only failures count: before, whether there is room (``has_room``); after one, ``count``.
Several who fail in the same moment all get through.
"""

from datetime import timedelta

from allauth.core.internal.ratelimit import get_ip
from django.http import HttpRequest

from hoctap.kernel import tries

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
Rate = tuple[int, timedelta]  # so many in such a time


def count(request: HttpRequest, what: str, *rates: Rate) -> bool:
    """Count one more; whether it is within each of the rates."""
    return all([tries.count(what, get_ip(request), window) <= most for most, window in rates])


def has_room(request: HttpRequest, what: str, *rates: Rate) -> bool:
    """Whether one more would be within each of the rates."""
    return all(tries.counted(what, get_ip(request), window) < most for most, window in rates)
