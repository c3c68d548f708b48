"""Thẻ học tập: issued to many at once, a new PIN, revoked. A PIN is told once, to be printed, and kept only hashed.

Each of these ends the tie of an account to the person (``accounts.py``): it was proved with the card and PIN of before.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.db import transaction

from hoctap.kernel import clock, journal
from hoctap.kernel.errors import Refusal
from hoctap.people import rules
from hoctap.people.actions.accounts import untie_account
from hoctap.people.models import Card, Person

MOST_CARDS = 500  # in one act; some three seconds
PIN_DIGITS = 6
# Six digits are guessed at any speed by who holds the hash: what protects them is the lock after a few failures. So the
# hash is made for hundreds of cards in a moment; ``check_password`` reads the number of rounds from it.
_ROUNDS = 20_000


@dataclass(frozen=True)
class IssuedCard:
    """A card with its PIN, which exists nowhere else."""

    card: Card
    person: Person
    pin: str = field(repr=False)


@transaction.atomic
def issue_cards(*, persons: Iterable[Person], seat=None) -> list[IssuedCard]:
    """A new card for each, in the order given; the old one, if any, is revoked. Refusal for none or over MOST_CARDS."""
    wanted = {person.pk: person for person in persons}
    if not wanted:
        raise Refusal("Chưa chọn ai. Chọn người cần thẻ rồi in.")
    if len(wanted) > MOST_CARDS:
        raise Refusal(
            f"Mỗi lần in nhiều nhất {MOST_CARDS} thẻ, đang chọn {len(wanted)}. Chia thành nhiều lần."
        )
    kept = Person.objects.select_for_update().in_bulk(sorted(wanted))
    for person in kept.values():
        rules.require_standing(person)
        if person.user_id:
            untie_account(person=person, seat=seat)
    Card.objects.filter(person__in=kept, revoked_at=None).update(revoked_at=clock.now())
    made, pins = [], []
    for pk in wanted:
        pin = _new_pin()
        pins.append(pin)
        made.append(
            Card(
                person=kept[pk],
                token=secrets.token_hex(16),
                pin=_hashed(pin),
                issued_by_id=seat.user_id if seat else None,
            )
        )
    cards = Card.objects.bulk_create(made)
    journal.record_all("people.card", [("card.issue", card.pk, {}) for card in cards], seat=seat)
    return [IssuedCard(card, card.person, pin) for card, pin in zip(cards, pins, strict=True)]


@transaction.atomic
def reset_pin(*, person: Person, seat=None) -> str:
    """A new PIN for the card the person has; failures and the lock are forgotten. The card itself stays good."""
    untie_account(person=person, seat=seat)
    card = Card.objects.select_for_update().filter(person=person, revoked_at=None).first()
    if card is None:
        raise Refusal("Người này chưa có thẻ nào còn dùng. In thẻ mới; mã PIN in cùng thẻ.")
    pin = _new_pin()
    card.pin, card.failures, card.locked_until = _hashed(pin), 0, None
    card.save(update_fields=["pin", "failures", "locked_until"])
    journal.record("card.reset_pin", card, seat=seat)
    return pin


@transaction.atomic
def revoke_card(*, person: Person, seat=None) -> None:
    """Thu hồi: lost, or no longer wanted; none in use: nothing."""
    untie_account(person=person, seat=seat)
    card = Card.objects.select_for_update().filter(person=person, revoked_at=None).first()
    if card is not None:
        card.revoked_at = clock.now()
        card.save(update_fields=["revoked_at"])
        journal.record("card.revoke", card, seat=seat)


def _new_pin() -> str:
    return f"{secrets.randbelow(10**PIN_DIGITS):0{PIN_DIGITS}d}"


def _hashed(pin: str) -> str:
    return PBKDF2PasswordHasher().encode(pin, secrets.token_hex(11), _ROUNDS)
