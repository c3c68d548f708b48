"""Tài khoản của một người: an officer is a person too. Who has the card and its PIN ties the own account to it.

The tie lasts as long as what it was proved with: a new PIN or card, or none, ends it (``cards.py``).
"""

from django.db import transaction

from hoctap.kernel import journal
from hoctap.kernel.errors import Refusal
from hoctap.people import rules
from hoctap.people.entering import person_of_card
from hoctap.people.models import Person, User


def tie_account(*, user: User, code: str, pin: str, seat=None) -> Person:
    """Gắn tài khoản với người có thẻ này; so already: nothing. Refusal as ``card_with_pin``, and where one has another."""
    return _tie(user, person_of_card(code, pin), seat)


@transaction.atomic
def _tie(user: User, person: Person, seat) -> Person:
    holder = User.objects.select_for_update().get(pk=user.pk)
    kept = Person.objects.select_for_update().get(pk=person.pk)
    rules.require_standing(kept)
    if kept.user_id == holder.pk:
        return kept
    if kept.user_id:
        raise Refusal(
            "Thẻ này là của người đã gắn với một tài khoản khác. Nhờ cán bộ của đơn vị bỏ gắn rồi thử lại."
        )
    if Person.objects.filter(user=holder).exists():
        raise Refusal("Tài khoản này đã gắn với một người khác. Mở “Dữ liệu của tôi”, bỏ gắn rồi thử lại.")
    kept.user = holder
    kept.save(update_fields=["user"])
    journal.record("person.tie", kept, seat=seat, user=holder.pk)
    return kept


@transaction.atomic
def untie_account(*, person: Person, seat=None) -> None:
    """Bỏ gắn: by the person, or the unit that keeps her; without an account: nothing."""
    kept = Person.objects.select_for_update().get(pk=person.pk)
    if kept.user_id is None:
        return
    gone, kept.user = kept.user_id, None
    kept.save(update_fields=["user"])
    journal.record("person.untie", kept, seat=seat, user=gone)
