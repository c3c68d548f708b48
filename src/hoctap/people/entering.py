"""Signing in with a card: its QR, or the first letters of what the QR holds, and the PIN.

Five wrong PINs lock the card for a quarter of an hour; a right one counts from nought again. A
card is named by nothing that could be guessed or listed: no names, no unit, no running number.
"""

import re
from datetime import timedelta

from django.contrib.auth.hashers import check_password
from django.db import transaction
from django.db.models import Q
from django.utils.crypto import salted_hmac

from hoctap.kernel import clock, journal
from hoctap.kernel.errors import Refusal
from hoctap.people.models import Card, Person
from hoctap.people.queries import survivor

TYPED = 12  # letters of the token that are typed where no QR can be read: 48 bits
MOST_FAILURES = 5
LOCKED = timedelta(minutes=15)
WRONG = "Mã thẻ hoặc mã PIN chưa đúng. Xem lại thẻ; quên mã PIN thì nhờ cán bộ của đơn vị đặt mã mới."


def card_of(token: str) -> Card | None:
    """The card that is in use, by the whole of its token or by at least its first ``TYPED`` letters."""
    given = re.sub(r"[\s.-]", "", token).lower()
    if len(given) < TYPED or not given.isalnum():
        return None
    in_use = Card.objects.filter(revoked_at=None, person__erased_at=None).select_related(
        "person__merged_into"
    )
    found = list(in_use.filter(Q(token=given) if len(given) >= 32 else Q(token__startswith=given))[:2])
    return found[0] if len(found) == 1 else None


def card_with_pin(token: str, pin: str) -> Card:
    """The card, where the PIN is right. Refusal where it is not, or too many were wrong; the failure stays counted."""
    with transaction.atomic():
        card = _locked(token)
        refused = _refusal(card, pin)
    if refused or card is None:
        raise refused or Refusal(WRONG)
    return card


def person_of_card(token: str, pin: str) -> Person:
    """Whose card it is; as ``card_with_pin``."""
    return survivor(card_with_pin(token, pin).person)


def pin_mark(card: Card) -> str:
    """What a session remembers of the PIN: another PIN ends the sessions of the one before."""
    return salted_hmac("hoctap.card", card.pin).hexdigest()[:32]


def _locked(token: str) -> Card | None:
    card = card_of(token)
    if card is None:
        return None
    return Card.objects.select_for_update(of=("self",)).select_related("person__merged_into").get(pk=card.pk)


def _refusal(card: Card | None, pin: str) -> Refusal | None:
    """Why not, written on the card; None where the PIN is right."""
    if card is None:
        return Refusal(WRONG)
    now = clock.now()
    if card.locked_until and card.locked_until > now:
        return Refusal(_locked_words(card))
    if check_password(pin.strip(), card.pin):
        if card.failures or card.locked_until:
            _write(card, 0, None)
        return None
    failures = 1 if card.locked_until else card.failures + 1
    if failures < MOST_FAILURES:
        _write(card, failures, None)
        return Refusal(f"{WRONG} Còn {MOST_FAILURES - failures} lần thử trước khi tạm khóa thẻ 15 phút.")
    _write(card, failures, now + LOCKED)
    journal.record("card.lock", card)
    return Refusal(_locked_words(card))


def _write(card: Card, failures: int, until) -> None:
    card.failures, card.locked_until = failures, until
    card.save(update_fields=["failures", "locked_until"])


def _locked_words(card: Card) -> str:
    assert card.locked_until
    until = card.locked_until.astimezone(clock.VIETNAM)
    return (
        f"Sai mã PIN nhiều lần nên thẻ tạm khóa tới {until:%H:%M}. "
        "Thử lại sau giờ đó, hoặc nhờ cán bộ của đơn vị đặt mã mới."
    )
