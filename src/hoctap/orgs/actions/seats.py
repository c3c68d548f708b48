"""Who sits where: grant and revoke seats. ``seat=None`` is the system."""

import secrets
from datetime import date

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from hoctap.kernel.errors import Refusal
from hoctap.kernel.journal import record
from hoctap.kernel.vietnamese import fold, tidy
from hoctap.orgs import roles, rules
from hoctap.orgs.actions.structure import days, still_valid
from hoctap.orgs.enums import Role
from hoctap.orgs.models import Seat, Unit
from hoctap.people.models import User

_LEGIBLE = "abcdefghjkmnpqrstuvwxyz23456789"  # no letter that reads like another


@transaction.atomic
def seat_person(
    *,
    seat: Seat | None,
    username: str,
    full_name: str,
    email: str,
    unit: Unit,
    role: Role,
    since: date,
) -> tuple[Seat, str]:
    """Cấp vị trí cho một người, with an account when the user name is new.

    Returns the seat and, for a new account, its one-time password ("" otherwise): kept nowhere, and to be changed
    at the first sign-in. An account that exists must bear the same name, so that a slip seats nobody else.
    """
    _may_grant(seat, unit)
    known = {"full_name": tidy(full_name), "email": email}
    user, is_new = User.objects.get_or_create(username=username, defaults=known)
    password = ""
    if is_new:
        password = "-".join("".join(secrets.choice(_LEGIBLE) for _ in range(4)) for _ in range(3))
        user.set_password(password)
        user.password_is_temporary = True
        user.save(update_fields=["password", "password_is_temporary"])
        record("user.create", user, seat=seat)
    elif not user.is_active or fold(user.full_name) != fold(full_name):
        raise Refusal(
            f"Tên đăng nhập {username} đã có người khác dùng. Nếu đúng là người này, ghi họ tên như trong tài khoản; "
            "nếu không, chọn tên đăng nhập khác."
        )
    return grant_seat(seat=seat, user=user, unit=unit, role=role, since=since), password


@transaction.atomic
def grant_seat(*, seat: Seat | None, user: User, unit: Unit, role: Role, since: date) -> Seat:
    """Cấp vị trí: ``user`` acts for ``unit`` as ``role`` from ``since`` on."""
    _may_grant(seat, unit)
    if unit.dissolved_on and unit.dissolved_on <= since:
        raise Refusal(
            f"{unit.name} đã giải thể từ ngày {unit.dissolved_on:%d/%m/%Y} nên không cấp vị trí được."
        )
    User.objects.select_for_update().get(pk=user.pk)
    if Seat.objects.filter(still_valid(since), user=user, unit=unit, role=role).exists():
        raise Refusal(f"{user.full_name} đã có vị trí {Role(role).label} tại {unit.name}.")
    granted = Seat.objects.create(user=user, unit=unit, role=role, valid=days(since))
    record("seat.grant", granted, seat=seat, user=user.pk, unit=unit.pk, role=role, since=since.isoformat())
    return granted


@transaction.atomic
def revoke_seat(*, seat: Seat | None, granted: Seat, on: date) -> None:
    """Thu hồi vị trí: ``on`` is the first day it is no longer held. What was done from it stays."""
    granted = Seat.objects.select_for_update(of=("self",)).select_related("unit").get(pk=granted.pk)
    _may_grant(seat, granted.unit)
    start, end = granted.valid.lower, granted.valid.upper
    if granted.valid.isempty or (end and end <= on):
        raise Refusal("Vị trí này đã thôi từ trước ngày đó.")
    granted.valid = days(start, on) if start < on else DateRange(empty=True)
    granted.save(update_fields=["valid"])
    record("seat.revoke", granted, seat=seat, on=on.isoformat())


def _may_grant(seat: Seat | None, unit: Unit) -> None:
    if seat:
        rules.require(seat, roles.GRANT_SEAT)
        rules.require_reach(seat, unit)
