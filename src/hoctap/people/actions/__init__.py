"""Acts on persons and what is kept of them; each module one subject.

Whose a person is, and so who may act, is orgs' to say (``orgs.rules.require_person``): a screen asks it before any of these.
"""

from hoctap.people.actions.accounts import tie_account, untie_account
from hoctap.people.actions.apart import tell_apart, untell_apart
from hoctap.people.actions.books import BookData, add_book, correct_book, remove_book
from hoctap.people.actions.cards import IssuedCard, issue_cards, reset_pin, revoke_card
from hoctap.people.actions.consents import give_consent, withdraw_consent
from hoctap.people.actions.persons import add_person, correct_person
from hoctap.people.actions.requests import answer_request, finish_request, note_request

__all__ = [
    "BookData",
    "IssuedCard",
    "add_book",
    "add_person",
    "answer_request",
    "correct_book",
    "correct_person",
    "finish_request",
    "give_consent",
    "issue_cards",
    "note_request",
    "remove_book",
    "reset_pin",
    "revoke_card",
    "tell_apart",
    "tie_account",
    "untell_apart",
    "untie_account",
    "withdraw_consent",
]
