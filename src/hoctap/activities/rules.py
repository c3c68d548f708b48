"""Who may record, see and name: pure, each a yes/no and the matching filter."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from hoctap.activities.enums import CertificateState, Opening
from hoctap.activities.models import Activity, Certificate, CoHost
from hoctap.kernel import clock
from hoctap.kernel.errors import Refusal
from hoctap.orgs import roles
from hoctap.orgs import rules as org_rules
from hoctap.orgs.models import Membership, Seat, Unit
from hoctap.people.models import Person


def require_host(seat: Seat, host: Unit, action: str) -> None:
    """Refuse unless the seat's role may do ``action`` and it reaches the unit."""
    org_rules.require(seat, action)
    org_rules.require_reach(seat, host)


def is_ours(seat: Seat, activity: Activity) -> bool:
    """Whether the seat's own unit holds or co-holds it: then it works on it, and may read the names."""
    if activity.host_id == seat.unit_id:
        return True
    return CoHost.objects.filter(activity=activity, unit=seat.unit_id).exists()


def sees(seat: Seat, activity: Activity) -> bool:
    """The yes/no of ``seen_by``. Who gathers figures sees, besides, what they were counted from (reports)."""
    return activity.host_id == seat.unit_id or seen_by(seat).filter(pk=activity.pk).exists()


def seen_by(seat: Seat) -> QuerySet[Activity]:
    """Activities of the units that the seat reaches, as host or co-host."""
    reached = org_rules.reachable_ids(seat)
    co_held = CoHost.objects.filter(activity=OuterRef("pk"), unit__in=reached)
    return Activity.objects.filter(Q(host__in=reached) | Exists(co_held))


def is_of_units(activity: Activity, person: Person) -> bool:
    """Whether the person belongs today to the host, a co-host or a unit under either: for whom a class of the unit is."""
    tops = [activity.host_id, *activity.co_hosts.values_list("unit", flat=True)]
    today = clock.today()
    ours = Membership.objects.filter(org_rules.at_or_under(tops, today), person=person, valid__contains=today)
    return ours.exists()


def is_offered(activity: Activity, *, seat: Seat | None, person: Person | None) -> bool:
    """Who may see the page to register on: everybody, or people of the units and the officers who see the activity."""
    if activity.opening != Opening.UNIT:
        return activity.opening == Opening.PUBLIC
    return bool((person and is_of_units(activity, person)) or (seat and sees(seat, activity)))


@dataclass(frozen=True)
class Powers:
    """What a seat may do with an activity: change it, issue certificates for it, mark who came and read the names."""

    change: bool
    certify: bool
    mark: bool


def powers(seat: Seat, activity: Activity) -> Powers:
    """``may_change`` and ``may_mark`` at once; the reach is asked for once."""
    above = org_rules.reaches(seat, activity.host)

    def may(action: str, over: bool) -> bool:
        return over and org_rules.allows(seat, action)

    return Powers(
        change=may(roles.RECORD_ACTIVITY, above),
        certify=may(roles.ISSUE_CERTIFICATE, above),
        mark=may(roles.MARK_ATTENDANCE, above or is_ours(seat, activity)),
    )


def may_change(seat: Seat, activity: Activity, action: str) -> bool:
    """The host's seats change it, and those of a unit above the host."""
    return org_rules.allows(seat, action) and org_rules.reaches(seat, activity.host)


def require_change(seat: Seat, activity: Activity, action: str) -> None:
    if not may_change(seat, activity, action):
        org_rules.require(seat, action)
        raise Refusal(
            f"Hoạt động này do {activity.host.name} tổ chức. Chỉ đơn vị đó và cấp trên của đơn vị sửa được."
        )


def certificate_state(certificate: Certificate) -> CertificateState:
    """What the checking page says of it."""
    if certificate.superseded_by_id:
        return CertificateState.SUPERSEDED
    return CertificateState.REVOKED if certificate.revoked_at else CertificateState.VALID


def may_mark(seat: Seat, activity: Activity) -> bool:
    """Seats of the host, of a co-host, or of a unit above the host mark who came, and read the names."""
    if not org_rules.allows(seat, roles.MARK_ATTENDANCE):
        return False
    return is_ours(seat, activity) or org_rules.reaches(seat, activity.host)


def require_marking(seat: Seat, activity: Activity) -> None:
    if not may_mark(seat, activity):
        org_rules.require(seat, roles.MARK_ATTENDANCE)
        raise Refusal(
            f"Hoạt động này do {activity.host.name} tổ chức. Chỉ đơn vị tổ chức, phối hợp và cấp trên điểm danh được."
        )


def may_record_for(seat: Seat, host: Unit) -> bool:
    """The yes/no of ``require_host`` for recording."""
    return org_rules.allows(seat, roles.RECORD_ACTIVITY) and org_rules.reaches(seat, host)
