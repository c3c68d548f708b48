"""What is said of an activity and of its sessions when it is recorded or changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from hoctap.activities.enums import CostSource, Opening, PartnerKind, TrainingForm
from hoctap.activities.models import Activity, ActivityKind, Audience, Topic
from hoctap.campaigns.models import Campaign
from hoctap.directives.models import Directive
from hoctap.obligations.models import PlannedActivity
from hoctap.orgs.models import Unit


@dataclass(frozen=True)
class SessionData:
    """Một buổi. ``held``: it took place, with ``unnamed`` people counted by hand."""

    starts_at: datetime
    ends_at: datetime | None = None
    whole_day: bool = False
    place: str = ""
    online_link: str = ""
    held: bool = False
    unnamed: int = 0
    unnamed_women: int | None = None


@dataclass(frozen=True)
class ActivityData:
    """What is said of an activity; ``quantities`` and ``costs`` by code and by CostSource."""

    kind: ActivityKind
    name: str
    sessions: Sequence[SessionData] = ()
    topic: Topic | None = None
    audience: Audience | None = None
    training_form: TrainingForm = TrainingForm.NONE
    co_hosts: Sequence[Unit] = ()
    partners: Sequence[tuple[str, PartnerKind]] = ()
    campaign: Campaign | None = None
    planned: PlannedActivity | None = None
    document: Directive | None = None
    document_text: str = ""
    description: str = ""
    capacity: int | None = None
    opening: Opening = Opening.CLOSED
    registration_ends_at: datetime | None = None
    quantities: Mapping[str, int] = field(default_factory=dict)
    costs: Mapping[CostSource, int] = field(default_factory=dict)
    series: str = ""
    is_template: bool = False
    copied_from: Activity | None = None
