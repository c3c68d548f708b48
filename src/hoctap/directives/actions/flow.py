"""A document's standing: issued, recalled, superseded; whoever received it is told."""

from django.db import transaction

from hoctap.directives import rules
from hoctap.directives.actions import numbering
from hoctap.directives.actions.entry import text_heading
from hoctap.directives.actions.links import settle
from hoctap.directives.actions.sending import address, tell_receivers
from hoctap.directives.enums import DirectiveStatus
from hoctap.directives.models import Directive, DirectiveText
from hoctap.kernel import clock, journal
from hoctap.kernel.clock import DatabaseNow
from hoctap.kernel.errors import Refusal
from hoctap.notify.actions import Told, tell_all
from hoctap.orgs.models import Seat


@transaction.atomic
def issue(*, seat: Seat, directive: Directive, confirm_gap: bool = False) -> Directive:
    """Ban hành dự thảo: it gets its number and, where it has none yet, today's date; its receivers receive it now.

    A number typed in the draft is kept when it is free; one that leaves numbers out is a NumberGap unless confirmed.
    """
    directive = _locked(directive)
    if directive.status == DirectiveStatus.ISSUED:
        return directive
    if not rules.may_issue(seat, directive):
        raise Refusal(
            f"Không ban hành được: chỉ lãnh đạo hoặc văn thư của {directive.registered_by.name} ban hành dự thảo của mình."
        )
    if not directive.signer_name:
        raise Refusal("Dự thảo chưa có người ký. Sửa dự thảo, ghi đủ rồi ban hành.")
    directive.issued_on = directive.listed_on = directive.issued_on or clock.today()
    numbering.give(directive, confirmed=confirm_gap)
    directive.save()
    heading = text_heading(directive)
    DirectiveText.objects.filter(directive=directive).update(heading=heading)
    _change(directive, DirectiveStatus.ISSUED)
    directive.deliveries.update(sent_at=DatabaseNow())
    journal.record("directive.issue", directive, seat=seat)
    tell_receivers(directive, directive.deliveries.select_related("unit"))
    settle(directive)
    return directive


@transaction.atomic
def recall(*, seat: Seat, directive: Directive, reason: str) -> Directive:
    """Thu hồi: from now on nothing about it changes; receivers are told why."""
    directive = _locked(directive)
    _require_may_recall(seat, directive, "thu hồi")
    reason = " ".join(reason.split())
    if not reason:
        raise Refusal("Chưa ghi lý do thu hồi. Ghi lý do để nơi nhận biết phải làm gì.")
    _change(directive, DirectiveStatus.RECALLED, note=reason[:500])
    journal.record("directive.recall", directive, seat=seat)
    _tell_all(directive, f"Thu hồi {directive} của {directive.issuer_name}. Lý do: {reason}")
    return directive


@transaction.atomic
def supersede(*, seat: Seat, directive: Directive, by: Directive) -> Directive:
    """Thay thế bằng văn bản ``by``, which the seat must see and which stands itself."""
    directive = _locked(directive)
    _require_may_recall(seat, directive, "ghi thay thế")
    standing = Directive.objects.filter(rules.visible(seat), pk=by.pk, status=DirectiveStatus.ISSUED)
    if by.pk == directive.pk or not standing.exists():
        raise Refusal(
            "Văn bản thay thế phải là một văn bản khác, đang hiệu lực, có trong sổ. Tìm theo số rồi chọn lại."
        )
    directive.superseded_by = by
    _change(directive, DirectiveStatus.SUPERSEDED)
    journal.record("directive.supersede", directive, seat=seat, by=by.pk)
    _tell_all(
        directive, f"{directive} của {directive.issuer_name} được thay thế bằng {by} của {by.issuer_name}."
    )
    return directive


def _locked(directive: Directive) -> Directive:
    found = Directive.objects.select_for_update(of=("self",)).select_related("registered_by")
    return found.get(pk=directive.pk)


def _require_may_recall(seat: Seat, directive: Directive, deed: str) -> None:
    if not rules.may_recall(seat, directive):
        raise Refusal(
            f"Không {deed} được: văn bản phải đang hiệu lực, và chỉ lãnh đạo hoặc văn thư của "
            f"{directive.registered_by.name} (nơi vào sổ) làm việc này."
        )


def _change(directive: Directive, status: DirectiveStatus, note: str = "") -> None:
    directive.status, directive.status_note, directive.status_at = status, note, DatabaseNow()
    directive.version += 1
    directive.save(update_fields=["status", "status_note", "status_at", "superseded_by", "version"])
    directive.refresh_from_db(fields=["status_at"])


def _tell_all(directive: Directive, text: str) -> None:
    dedupe = f"{directive.status}-{directive.pk}"
    rows = directive.deliveries.select_related("unit")
    tell_all(Told(row.unit, "directive", text, address(directive), dedupe=dedupe) for row in rows)
