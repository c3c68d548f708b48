"""Không phải cùng một người: said once of two who look alike, so that nobody is asked again; may be taken back."""

from collections.abc import Sequence
from itertools import combinations

from django.db import transaction

from hoctap.kernel import journal
from hoctap.kernel.errors import Refusal
from hoctap.people.models import Apart, Person

MOST = 20  # persons at once


@transaction.atomic
def tell_apart(*, persons: Sequence[Person], seat=None) -> list[Apart]:
    """Each of them is another person than each other one; those pairs that were not said yet. Refusal for fewer than two."""
    pks = sorted({person.pk for person in persons})
    if not 2 <= len(pks) <= MOST:
        raise Refusal(f"Chọn từ hai đến {MOST} người.")
    made = []
    for one, other in combinations(pks, 2):
        row, new = Apart.objects.get_or_create(
            one_id=one, other_id=other, defaults={"by_id": seat.user_id if seat else None}
        )
        if new:
            made.append(row)
            journal.record("person.apart", row, seat=seat, one=one, other=other)
    return made


@transaction.atomic
def untell_apart(*, apart: Apart, seat=None) -> None:
    """Bỏ ghi; they are proposed again where they look alike. Done already: nothing."""
    if Apart.objects.filter(pk=apart.pk).delete()[0]:
        journal.record("person.unapart", apart, seat=seat, one=apart.one_id, other=apart.other_id)
