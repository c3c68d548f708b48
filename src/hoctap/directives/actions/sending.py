"""Sending a document to units, and what they answer by seeing it and acknowledging it."""

from collections.abc import Iterable

from django.db import transaction

from hoctap.directives import rules
from hoctap.directives.actions.links import settle
from hoctap.directives.enums import DirectiveStatus
from hoctap.directives.models import Delivery, Directive
from hoctap.kernel import journal
from hoctap.kernel.clock import DatabaseNow
from hoctap.kernel.errors import Refusal
from hoctap.notify.actions import Told, tell_all
from hoctap.orgs import roles
from hoctap.orgs import rules as org_rules
from hoctap.orgs.models import Seat, Unit


@transaction.atomic
def deliver(*, seat: Seat, directive: Directive, units: Iterable[Unit]) -> list[Delivery]:
    """Gửi văn bản: the new deliveries. Who has it already is not told twice; a draft's receivers hear at its issue.

    The issuer sends anywhere; a unit that received or registered it sends on, to its own subtree.
    """
    sent = send_to(seat, directive, units)
    if sent:
        settle(directive)
    return sent


def send_to(seat: Seat, directive: Directive, units: Iterable[Unit]) -> list[Delivery]:
    """The new deliveries; units that hold the document already, and the one that registered it, are passed over."""
    units = list({unit.pk: unit for unit in units if unit.pk != directive.registered_by_id}.values())
    if not units:
        return []
    _require_may_send(seat, directive, units)
    gone = [unit.name for unit in units if unit.dissolved_on]
    if gone:
        raise Refusal(
            f"Không gửi được cho đơn vị đã giải thể: {', '.join(gone[:5])}. Bỏ chọn, hoặc gửi đơn vị kế thừa."
        )
    Directive.objects.select_for_update(no_key=True).get(pk=directive.pk)  # two clicks send once
    held = set(directive.deliveries.values_list("unit", flat=True))
    new = Delivery.objects.bulk_create(
        Delivery(directive=directive, unit=unit, sent_by=seat.unit) for unit in units if unit.pk not in held
    )
    if new:
        journal.record(
            "directive.deliver", directive, seat=seat, units=[delivery.unit_id for delivery in new]
        )
        tell_receivers(directive, new)
    return new


def _require_may_send(seat: Seat, directive: Directive, units: list[Unit]) -> None:
    if rules.may_send_anywhere(seat, directive):
        return
    received = directive.deliveries.filter(unit=seat.unit).exists()
    if not rules.may_pass_down(seat, directive, received):
        raise Refusal(
            f"{seat.unit.name} không gửi được văn bản này từ vị trí đang dùng: cơ quan ban hành gửi văn bản của mình "
            "(lãnh đạo hoặc văn thư); đơn vị đã nhận thì chuyển tiếp xuống đơn vị trực thuộc."
        )
    reached = set(
        org_rules.reachable_units(seat).filter(pk__in=[u.pk for u in units]).values_list("pk", flat=True)
    )
    outside = [unit.name for unit in units if unit.pk not in reached]
    if outside:
        raise Refusal(
            f"Văn bản này không do {seat.unit.name} ban hành nên chỉ chuyển được xuống đơn vị trực thuộc; "
            f"ngoài phạm vi: {', '.join(outside[:5])}."
        )


def tell_receivers(directive: Directive, deliveries: Iterable[Delivery]) -> None:
    if directive.status != DirectiveStatus.ISSUED:
        return
    text = f"Văn bản mới: {directive} của {directive.issuer_name}: {directive.subject}"
    tell_all(
        Told(d.unit, "directive", text, address(directive), dedupe=f"delivery-{d.pk}") for d in deliveries
    )


def address(directive: Directive) -> str:
    return f"/van-ban/{directive.pk}/"


@transaction.atomic
def mark_seen(*, seat: Seat, directive: Directive) -> bool:
    """Đã xem: whether this was the unit's first look. Looking by who may not acknowledge (supervision) is no look."""
    if not org_rules.allows(seat, roles.ACKNOWLEDGE_DIRECTIVE) or directive.status == DirectiveStatus.DRAFT:
        return False
    unseen = Delivery.objects.filter(directive=directive, unit=seat.unit, seen_at__isnull=True)
    if not unseen.update(seen_at=DatabaseNow(), seen_by=seat):
        return False
    journal.record("directive.see", directive, seat=seat)
    return True


@transaction.atomic
def acknowledge(*, seat: Seat, directive: Directive) -> Delivery:
    """Đã nhận: the receiving unit confirms, once; the first confirmation stands."""
    org_rules.require(seat, roles.ACKNOWLEDGE_DIRECTIVE)
    delivery = Delivery.objects.select_for_update().filter(directive=directive, unit=seat.unit).first()
    if delivery is None:
        raise Refusal(f"Văn bản này không gửi cho {seat.unit.name} nên không có gì để xác nhận.")
    if delivery.acknowledged_at:
        return delivery
    if not rules.may_acknowledge(seat, directive, delivery):
        raise Refusal(f"Văn bản {directive.get_status_display().lower()}, không cần xác nhận nữa.")
    mark_seen(seat=seat, directive=directive)
    Delivery.objects.filter(pk=delivery.pk).update(acknowledged_at=DatabaseNow(), acknowledged_by=seat)
    journal.record("directive.acknowledge", directive, seat=seat)
    delivery.refresh_from_db()
    return delivery
