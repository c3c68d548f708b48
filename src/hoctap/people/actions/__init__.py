"""Acts on persons and what is kept of them; each module one subject.

Whose a person is, and so who may act, is orgs' to say (``orgs.rules.require_person``): a screen asks it before any of these.
"""

from hoctap.people.actions.cards import IssuedCard, issue_cards, reset_pin, revoke_card
from hoctap.people.actions.consents import give_consent, withdraw_consent
from hoctap.people.actions.persons import add_person, correct_person
from hoctap.people.actions.requests import answer_request, finish_request, note_request

__all__ = [
    "IssuedCard",
    "add_person",
    "answer_request",
    "correct_person",
    "finish_request",
    "give_consent",
    "issue_cards",
    "note_request",
    "reset_pin",
    "revoke_card",
    "withdraw_consent",
]
