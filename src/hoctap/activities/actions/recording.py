"""Recording an activity, planned ahead or after it was held; changing and cancelling it."""

import secrets
import uuid

from django.db import transaction

from hoctap.activities import rules
from hoctap.activities.actions import telling
from hoctap.activities.actions.checking import require_possible
from hoctap.activities.actions.registering import fill_places, locked
from hoctap.activities.actions.saying import ActivityData, SessionData
from hoctap.activities.announcing import announce
from hoctap.activities.enums import SessionState
from hoctap.activities.models import Activity, CoHost, Cost, Partner, Session
from hoctap.kernel import clock, journal
from hoctap.kernel.errors import Conflict, Refusal
from hoctap.kernel.planned import planned_cursor
from hoctap.kernel.vietnamese import fold
from hoctap.orgs import roles
from hoctap.orgs.models import Seat, Unit

CODE_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # none that looks like another
PLAIN = (
    "kind", "topic", "audience", "training_form", "campaign", "planned", "document", "document_text",
    "description", "capacity", "opening", "registration_ends_at", "series", "is_template", "copied_from",
)  # fmt: skip
_STAYS = ("copied_from", "is_template")


class AlreadyRecorded(Conflict):
    """The form was sent before, and says something else now; ``first`` is what was recorded from it."""

    def __init__(self, first: Activity):
        at = first.made_at.astimezone(clock.VIETNAM)
        super().__init__(
            f"Lần ghi này đã thành hoạt động “{first.name}” lúc {at:%H:%M} ngày {at:%d/%m/%Y}; nội dung gửi lần này "
            "khác nên chưa ghi. Mở hoạt động đó để sửa; để ghi một hoạt động khác thì mở lại trang ghi."
        )
        self.first = first


@transaction.atomic
def record_activity(
    *, seat: Seat, host: Unit, data: ActivityData, token: uuid.UUID | None = None
) -> Activity:
    """Record it; the same ``token`` again gives the one made first, with other data it is AlreadyRecorded.

    Refusal says what is wrong and where.
    """
    rules.require_host(seat, host, roles.RECORD_ACTIVITY)
    token = token or uuid.uuid4()
    if made := _made(seat, token):
        return _again(made, host, data)
    require_possible(data)
    activity, is_new = Activity.objects.get_or_create(
        token=token, defaults={"host": host, "made_by": seat, **_columns(data)}
    )
    if not is_new:  # the same form came twice at once
        return _again(activity, host, data)
    _keep_around(activity, data)
    Session.objects.bulk_create(new_session(activity, session) for session in data.sessions)
    keep_days(activity)
    journal.record("activity.record", activity, seat=seat)
    return activity


def _made(seat: Seat, token: uuid.UUID) -> Activity | None:
    """What this token made before; a token of somebody out of sight is refused, not answered."""
    made = Activity.objects.select_related("host").filter(token=token).first()
    if made and not rules.sees(seat, made):
        raise Refusal("Mã của lần ghi này đã dùng ở đơn vị khác. Mở lại trang rồi ghi lại.")
    return made


def _again(made: Activity, host: Unit, data: ActivityData) -> Activity:
    """A double click, a request sent twice: the first result, if it still says what this form does."""
    columns = _columns(data)
    if made.host != host or {name: getattr(made, name) for name in columns} != columns:
        raise AlreadyRecorded(made)
    co_hosts = {unit.pk for unit in data.co_hosts} - {host.pk}
    around = (
        {_said(new_session(made, session)) for session in data.sessions},
        co_hosts,
        set(data.partners),
        {(source, amount) for source, amount in data.costs.items() if amount},
    )
    kept = (
        {_said(session) for session in made.sessions.all()},
        set(made.co_hosts.values_list("unit_id", flat=True)),
        set(made.partners.values_list("name", "kind")),
        set(made.costs.values_list("source", "amount")),
    )
    if around != kept:
        raise AlreadyRecorded(made)
    return made


def _said(session: Session) -> tuple:
    """What a form says of a session. Not whether it was held: its hour may come between two sendings of one form."""
    return (
        session.starts_at, session.ends_at, session.whole_day, session.place, session.online_link,
        session.unnamed, session.unnamed_women,
    )  # fmt: skip


@transaction.atomic
def change_activity(
    *, seat: Seat, activity: Activity, data: ActivityData, host: Unit | None = None
) -> Activity:
    """Everything said of it anew, but for its sessions, which are changed one by one. ``host``: where that was wrong."""
    rows = Activity.objects.select_for_update(of=("self",), no_key=True).select_related("host", "kind")
    held = rows.get(pk=activity.pk)
    rules.require_change(seat, held, roles.RECORD_ACTIVITY)
    if host is not None and host != held.host:
        rules.require_host(seat, host, roles.RECORD_ACTIVITY)
        held.host = host
    require_possible(data)
    before = _holders(activity)
    said = {name: value for name, value in _columns(data).items() if name not in _STAYS}
    changed = [name for name, value in said.items() if getattr(held, name) != value]
    for name, value in said.items():
        setattr(held, name, value)
    held.changed_at = clock.now()
    held.save()
    for model in (CoHost, Partner, Cost):
        model.objects.filter(activity=held).delete()
    _keep_around(held, data)
    journal.record("activity.change", held, seat=seat, fields=changed)
    if others := _other_holders(before, _holders(held)):
        announce(held, others)
    if "capacity" in changed:
        fill_places(activity=held)
    return held


_Named = tuple[int, str]  # a unit's id, for several have one name, and that name


def _holders(activity: Activity) -> tuple[_Named, set[_Named]]:
    """The host, and who holds it with them."""
    host = Unit.objects.values_list("pk", "short_name").get(activities=activity)
    return host, {*CoHost.objects.filter(activity=activity).values_list("unit", "unit__short_name")}


def _other_holders(before: tuple[_Named, set[_Named]], now: tuple[_Named, set[_Named]]) -> str:
    said = [f"chuyển từ {before[0][1]} sang {now[0][1]} tổ chức"] if before[0] != now[0] else []
    for word, units in (("thêm", now[1] - before[1]), ("bỏ", before[1] - now[1])):
        if units:
            said.append(f"{word} đơn vị phối hợp {', '.join(sorted(name for _pk, name in units))}")
    return ", ".join(said)


def _columns(data: ActivityData) -> dict:
    return {name: getattr(data, name) for name in PLAIN} | {
        "name": data.name.strip(),
        "name_folded": fold(data.name)[:320],
        "quantities": {code: number for code, number in data.quantities.items() if number is not None},
    }


def _keep_around(activity: Activity, data: ActivityData) -> None:
    CoHost.objects.bulk_create(
        CoHost(activity=activity, unit=unit)
        for unit in {unit.pk: unit for unit in data.co_hosts}.values()
        if unit != activity.host
    )
    Partner.objects.bulk_create(
        Partner(activity=activity, name=name, kind=kind) for name, kind in data.partners
    )
    Cost.objects.bulk_create(
        Cost(activity=activity, source=source, amount=amount)
        for source, amount in data.costs.items()
        if amount
    )


@transaction.atomic
def cancel_activity(*, seat: Seat, activity: Activity, reason: str) -> None:
    """Hủy: it counts nowhere from now on, whether it was to be held or was recorded by mistake. Its sessions stay."""
    rules.require_change(seat, activity, roles.RECORD_ACTIVITY)
    if not reason.strip():
        raise Refusal("Ghi lý do hủy.", [("Lý do", "Ghi lý do hủy.")])
    if locked(activity).cancelled_at:
        return
    _set_cancelled(activity, reason.strip()[:300])
    if _is_coming(activity):  # what is past, somebody only recorded wrongly
        telling.activity_cancelled(activity)
    journal.record("activity.cancel", activity, seat=seat)
    announce(activity, f"đã hủy, lý do: {reason.strip()}")


@transaction.atomic
def reinstate_activity(*, seat: Seat, activity: Activity) -> None:
    """Bỏ hủy."""
    rules.require_change(seat, activity, roles.RECORD_ACTIVITY)
    if not locked(activity).cancelled_at:
        return
    _set_cancelled(activity, "")
    if _is_coming(activity):
        telling.activity_reinstated(activity)
    journal.record("activity.reinstate", activity, seat=seat)
    announce(activity, "không hủy nữa")


def _is_coming(activity: Activity) -> bool:
    return bool(activity.ends_on and activity.ends_on >= clock.today())


def _set_cancelled(activity: Activity, reason: str) -> None:
    activity.cancelled_at = clock.now() if reason else None
    activity.cancelled_reason = reason
    activity.changed_at = clock.now()
    activity.save(update_fields=["cancelled_at", "cancelled_reason", "changed_at"])


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
        unnamed_women=data.unnamed_women,
        code="".join(secrets.choice(CODE_LETTERS) for _ in range(6)),
        secret=secrets.token_hex(16),
    )


def keep_days(activity: Activity) -> None:
    """Keep the first and last day of what was not cancelled; one after another, so that no session is left out of them."""
    locked(activity)
    with planned_cursor() as cursor:
        cursor.execute(_KEEP_DAYS, {"activity": activity.pk, "now": clock.now()})
        activity.starts_on, activity.ends_on, activity.changed_at = cursor.fetchone()


_KEEP_DAYS = """
UPDATE activities_activity a
SET starts_on = (days.first AT TIME ZONE 'Asia/Ho_Chi_Minh')::date,
    ends_on = (days.last AT TIME ZONE 'Asia/Ho_Chi_Minh')::date,
    changed_at = %(now)s::timestamptz
FROM (
  SELECT min(starts_at) AS first, max(starts_at) AS last FROM activities_session
  WHERE activity_id = %(activity)s::bigint AND state <> 'cancelled'
) days
WHERE a.id = %(activity)s::bigint
RETURNING starts_on, ends_on, changed_at
"""
