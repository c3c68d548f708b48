"""What a report says, and how it came."""

import uuid
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from hoctap.kernel.errors import Refusal
from hoctap.kernel.models import StoredFile
from hoctap.obligations.models import Obligation
from hoctap.reports.enums import Channel
from hoctap.reports.models import Draft, Revision


@dataclass
class Content:
    """What a report says: figures in cell order, words by line number, and the signed letter's particulars."""

    figures: list[int | None] = field(default_factory=list)
    notes: dict[str, str] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    narrative: dict[str, str] = field(default_factory=dict)  # results, difficulties, proposals
    typed: dict[str, str] = field(default_factory=dict)  # draft only: by position, what is not a figure yet
    filled: dict[str, int] = field(default_factory=dict)  # by position, what the page took from deeds
    amended: dict[str, str] = field(default_factory=dict)  # by line number, why figures differ from the deeds
    doc_number: str = ""
    doc_date: date | None = None
    authority: str = ""
    signer_position: str = ""
    signer_name: str = ""

    WORDS = ("notes", "texts", "reasons", "narrative")
    LETTER = ("doc_number", "doc_date", "authority", "signer_position", "signer_name")

    @classmethod
    def of_draft(cls, draft: Draft) -> "Content":
        values = dict(draft.content)
        if isinstance(values.get("doc_date"), str):
            values["doc_date"] = date.fromisoformat(values["doc_date"])
        return cls(**values)

    @classmethod
    def of_revision(cls, revision: Revision) -> "Content":
        words = {name: revision.content.get(name, {}) for name in cls.WORDS}
        letter = {name: getattr(revision, name) for name in cls.LETTER}
        deeds = {"filled": revision.content.get("facts", {}), "amended": revision.content.get("amended", {})}
        return cls(figures=list(revision.figures), **words, **letter, **deeds)

    def without_deeds(self) -> "Content":
        """What it says, whatever it was filled in from."""
        return replace(self, filled={}, amended={})


@dataclass(frozen=True)
class Receipt:
    """How a report reached the receiving desk outside the system; ``received_at`` decides lateness."""

    channel: Channel
    received_at: datetime
    files: tuple[tuple[StoredFile, str], ...] = ()


@dataclass(frozen=True)
class Sending:
    """One report to send; ``obligation`` carries round, unit and parent with its unit. As for ``submit``.

    Typed on a form, it goes through the draft as ``drafting.save_draft`` says: ``version`` and ``page`` are the form's.
    """

    obligation: Obligation
    content: Content
    token: uuid.UUID
    reason: str = ""
    receipt: Receipt | None = None
    version: int | None = None  # None: not typed on a form
    page: str = ""
    unread: Refusal | None = None  # what is said of the form's fields that could not be read
