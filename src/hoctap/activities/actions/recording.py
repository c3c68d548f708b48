"""Recording an activity: planned ahead, or after it was held."""

import secrets
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from hoctap.activities import rules
from hoctap.activities.enums import CostSource, Opening, PartnerKind, SessionState, TrainingForm
from hoctap.activities.models import Activity, ActivityKind, Audience, CoHost, Cost, Partner, Session, Topic
from hoctap.campaigns.models import Campaign
from hoctap.directives.models import Directive
from hoctap.kernel import clock, journal
from hoctap.kernel.errors import Refusal
from hoctap.kernel.vietnamese import fold
from hoctap.obligations.models import PlannedActivity
from hoctap.orgs import roles
from hoctap.orgs.models import Seat, Unit

CODE_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # none that looks like another


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


@transaction.atomic
def record_activity(
    *, seat: Seat, host: Unit, data: ActivityData, token: uuid.UUID | None = None
) -> Activity:
    """Record it; the same ``token`` again gives the one made first. Refusal says what is wrong and where."""
    rules.require_host(seat, host, roles.RECORD_ACTIVITY)
    token = token or uuid.uuid4()
    made = Activity.objects.filter(token=token).first()
    if made:
        return made
    _check(data)
    plain = {
        name: getattr(data, name)
        for name in (
            "kind", "topic", "audience", "training_form", "campaign", "planned", "document", "document_text",
            "description", "capacity", "opening", "registration_ends_at", "series", "is_template", "copied_from",
        )
    }  # fmt: skip
    activity = Activity.objects.create(
        host=host,
        name=data.name.strip(),
        name_folded=fold(data.name)[:320],
        quantities={code: number for code, number in data.quantities.items() if number is not None},
        token=token,
        made_by=seat,
        **plain,
    )
    CoHost.objects.bulk_create(
        CoHost(activity=activity, unit=unit)
        for unit in {u.pk: u for u in data.co_hosts}.values()
        if unit != host
    )
    Partner.objects.bulk_create(
        Partner(activity=activity, name=name, kind=kind) for name, kind in data.partners
    )
    Cost.objects.bulk_create(
        Cost(activity=activity, source=source, amount=amount)
        for source, amount in data.costs.items()
        if amount
    )
    Session.objects.bulk_create(new_session(activity, session) for session in data.sessions)
    keep_days(activity)
    journal.record("activity.record", activity, seat=seat)
    return activity


def new_session(activity: Activity, data: SessionData) -> Session:
    """A session, not saved, with the code people type and the secret in its QR."""
    return Session(
        activity=activity,
        starts_at=data.starts_at,
        ends_at=data.ends_at,
        whole_day=data.whole_day,
        place=data.place.strip(),
        online_link=data.online_link,
        state=SessionState.HELD if data.held else SessionState.PLANNED,
        unnamed=data.unnamed,
        code="".join(secrets.choice(CODE_LETTERS) for _ in range(6)),
        secret=secrets.token_hex(16),
    )


def keep_days(activity: Activity) -> None:
    """Keep the first and last day of what was not cancelled."""
    starts = [
        session.starts_at.astimezone(clock.VIETNAM).date()
        for session in activity.sessions.exclude(state=SessionState.CANCELLED)
    ]
    activity.starts_on, activity.ends_on = min(starts, default=None), max(starts, default=None)
    activity.changed_at = clock.now()
    activity.save(update_fields=["starts_on", "ends_on", "changed_at"])


def _check(data: ActivityData) -> None:
    places: list[tuple[str, str]] = []
    if not data.name.strip():
        places.append(("Tên hoạt động", "Ghi tên hoạt động."))
    for number, session in enumerate(data.sessions, 1):
        places += [(f"Buổi {number}", problem) for problem in session_problems(session)]
    places += [
        ("Số lượng", f"“{code}” phải là số từ 0.")
        for code, number in data.quantities.items()
        if (number or 0) < 0
    ]
    if places:
        raise Refusal("Chưa ghi được hoạt động: " + places[0][1], places)


def session_problems(data: SessionData) -> list[str]:
    """What cannot be so: an end before the start, people at what has not begun."""
    found = []
    if data.ends_at and data.ends_at <= data.starts_at:
        found.append("Giờ kết thúc phải sau giờ bắt đầu.")
    if data.held and data.starts_at > clock.now():
        found.append("Buổi này chưa tới giờ, chưa ghi là đã diễn ra được.")
    if data.unnamed < 0:
        found.append("Số người phải là số từ 0.")
    return found
