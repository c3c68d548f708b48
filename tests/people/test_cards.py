"""Cards: one in use a person; the PIN told once and kept only hashed."""

import pytest
from django.contrib.auth.hashers import check_password

from hoctap.kernel.errors import Refusal
from hoctap.kernel.models import Act
from hoctap.people.actions import add_person, issue_cards, reset_pin, revoke_card, tie_account
from hoctap.people.actions.cards import MOST_CARDS
from hoctap.people.models import Card, Person, User

pytestmark = pytest.mark.django_db


def test_many_get_cards_at_once_each_its_own():
    persons = [add_person(full_name=f"Người {n}") for n in range(12)]
    issued = issue_cards(persons=persons)
    assert [one.person for one in issued] == persons
    assert len({one.card.token for one in issued}) == 12 and len({one.pin for one in issued}) > 1
    for one in issued:
        assert len(one.pin) == 6 and one.pin.isdecimal()
        assert check_password(one.pin, Card.objects.get(pk=one.card.pk).pin)
        assert one.pin not in repr(one) and one.pin not in str(list(Act.objects.values()))


def test_a_new_card_ends_the_old_one():
    person = add_person(full_name="Hà")
    (old,), (new,) = issue_cards(persons=[person]), issue_cards(persons=[person])
    assert Card.objects.get(pk=old.card.pk).revoked_at
    assert person.cards.get(revoked_at=None).pk == new.card.pk


def test_a_new_pin_opens_the_same_card_and_forgets_the_lock():
    person = add_person(full_name="Hà")
    (issued,) = issue_cards(persons=[person])
    Card.objects.update(failures=5, locked_until="2030-01-01T00:00Z")
    pin = reset_pin(person=person)
    card = person.cards.get()
    assert (card.token, card.failures, card.locked_until) == (issued.card.token, 0, None)
    assert check_password(pin, card.pin)
    if pin != issued.pin:
        assert not check_password(issued.pin, card.pin)


def test_a_revoked_card_has_no_new_pin():
    person = add_person(full_name="Hà")
    issue_cards(persons=[person])
    revoke_card(person=person)
    revoke_card(person=person)  # none in use: nothing
    assert Act.objects.filter(verb="card.revoke").count() == 1
    with pytest.raises(Refusal, match="In thẻ mới"):
        reset_pin(person=person)


def test_none_too_many_and_merged_are_refused():
    with pytest.raises(Refusal, match="Chưa chọn ai"):
        issue_cards(persons=[])
    with pytest.raises(Refusal, match="nhiều nhất 500"):
        issue_cards(persons=[Person(pk=n) for n in range(1, MOST_CARDS + 2)])
    one, other = add_person(full_name="Hà"), add_person(full_name="Hà")
    Person.objects.filter(pk=other.pk).update(merged_into=one)
    with pytest.raises(Refusal, match="đã gộp"):
        issue_cards(persons=[one, other])
    assert not Card.objects.exists()


@pytest.mark.parametrize(
    "ends",
    [lambda who: issue_cards(persons=[who]), lambda who: reset_pin(person=who), lambda who: revoke_card(person=who)],
)  # fmt: skip
def test_an_account_is_tied_as_long_as_the_card_and_pin_it_was_tied_with(ends):
    person, user = add_person(full_name="Hà"), User.objects.create(username="ha")
    (issued,) = issue_cards(persons=[person])
    tie_account(user=user, code=issued.card.token, pin=issued.pin)
    ends(person)
    assert Person.objects.get(pk=person.pk).user is None
    assert Act.objects.filter(verb="person.untie").count() == 1
