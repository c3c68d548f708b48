"""What a programme came to, for its summary and its notices."""

from dataclasses import dataclass, field
from typing import Any

from hoctap.campaigns.models import Campaign
from hoctap.directives.models import Directive
from hoctap.forms.models import FormVersion
from hoctap.obligations.enums import Force
from hoctap.obligations.models import Obligation, Task

FORCES = {"giao": Force.ASSIGN, "de-nghi": Force.REQUEST, "khuyen-khich": Force.ENCOURAGE}


@dataclass
class Made:
    """What was laid out, for the summary and the notices."""

    directive: Directive
    campaigns: list[Campaign] = field(default_factory=list)
    slogans: int = 0
    events: int = 0
    form: FormVersion | None = None
    rounds: list[dict[str, Any]] = field(default_factory=list)
    obligations: list[Obligation] = field(default_factory=list)
    clauses: int = 0
    tasks: list[Task] = field(default_factory=list)
    targets: int = 0
    followers: int = 0
    notes: list[str] = field(default_factory=list)

    def summary(self) -> dict[str, Any]:
        """As kept in ``Reading.summary`` and shown: counts, and each round with who owes and until when.

        ``campaign_ids`` stand once it is issued: where the document's slogans and events are.
        """
        return {
            "campaigns": [f"{c.name}: {c.starts_on:%d/%m/%Y} – {c.ends_on:%d/%m/%Y}" for c in self.campaigns],
            "slogans": self.slogans, "events": self.events, "form": str(self.form.form) if self.form else "",
            "lines": len(self.form.definition["lines"]) if self.form else 0, "rounds": self.rounds,
            "obligations": len(self.obligations), "clauses": self.clauses, "tasks": len(self.tasks),
            "units": len({task.unit_id for task in self.tasks}), "targets": self.targets,
            "followers": self.followers, "notes": self.notes, "campaign_ids": [c.pk for c in self.campaigns],
        }  # fmt: skip
