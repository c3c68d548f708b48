"""Who sees a document and who may act on it. Every yes/no here agrees with its filter.

Seen by: the unit that registered it, the issuer, the receivers, and everybody above any of them; nobody else.
A draft is seen only from where it was registered.
"""

from django.db.models import BooleanField, F, Func, Q
from django.db.models.expressions import Combinable, RawSQL

from hoctap.directives.enums import DirectiveStatus
from hoctap.directives.models import Delivery, Directive
from hoctap.orgs import roles
from hoctap.orgs.models import Seat
from hoctap.orgs.rules import reachable_ids, within

LIVE = (DirectiveStatus.DRAFT, DirectiveStatus.ISSUED)


def visible(seat: Seat, ids: RawSQL | None = None, *, at_once: bool = False) -> Q:
    """A filter on Directive: the documents within the seat's unit and its subtree.

    ``ids``: its ``reachable_ids``, where the caller has asked already. The units of each document are looked up in the
    tree; ``at_once``: the whole subtree is read first, for many documents and a reach that is no nation.
    """
    ids = ids or reachable_ids(seat)
    if at_once:
        registered, issued = Q(registered_by__in=ids), Q(issuer__in=ids)
        received = _received(F("pk"), ids, _TO_ANY, " AND (r.unit_id IN ")
    else:
        registered, issued = Q(within(ids, "registered_by")), Q(within(ids, "issuer"))
        received = _received(
            ids, F("pk"), _TO_ONE, " AS u WHERE u.unit_id = r.unit_id LIMIT 1) AND r.directive_id = "
        )
    return registered | (~Q(status=DirectiveStatus.DRAFT) & (issued | received))


_DELIVERED = "EXISTS (SELECT 1 FROM directives_delivery r WHERE"
_TO_ANY = (
    _DELIVERED + " r.directive_id = %(expressions)s) IS TRUE)"
)  # IS TRUE: read once, not once a document
_TO_ONE = _DELIVERED + " (SELECT true FROM %(expressions)s)"


def _received(first: Combinable, second: Combinable, template: str, joint: str) -> Q:
    return Q(Func(first, second, template=template, arg_joiner=joint, output_field=BooleanField()))


def can_see(seat: Seat, directive: Directive) -> bool:
    return Directive.objects.filter(visible(seat), pk=directive.pk).exists()


def owns(seat: Seat, directive: Directive) -> bool:
    """Only the unit that registered a document keeps its entry; not even its superior edits it."""
    return directive.registered_by_id == seat.unit_id


def is_outgoing(directive: Directive) -> bool:
    """Văn bản đi: issued by the very unit that registered it; only such a document is sent out in its name."""
    return directive.issuer_id == directive.registered_by_id


def may_edit(seat: Seat, directive: Directive) -> bool:
    """What went out in the unit's name is corrected only by who may issue."""
    issued = is_outgoing(directive) and directive.status == DirectiveStatus.ISSUED
    needed = roles.ISSUE_DIRECTIVE if issued else roles.REGISTER_DIRECTIVE
    return owns(seat, directive) and directive.status in LIVE and roles.may(seat.role, needed)


def may_issue(seat: Seat, directive: Directive) -> bool:
    draft = directive.status == DirectiveStatus.DRAFT
    return owns(seat, directive) and draft and roles.may(seat.role, roles.ISSUE_DIRECTIVE)


def may_recall(seat: Seat, directive: Directive) -> bool:
    """Recall, or mark as superseded."""
    issued = directive.status == DirectiveStatus.ISSUED
    return owns(seat, directive) and issued and roles.may(seat.role, roles.ISSUE_DIRECTIVE)


def may_send_anywhere(seat: Seat, directive: Directive) -> bool:
    """The issuer sends its own document to anybody (a draft is only addressed so far)."""
    allowed = (
        roles.ISSUE_DIRECTIVE if directive.status == DirectiveStatus.ISSUED else roles.REGISTER_DIRECTIVE
    )
    own = owns(seat, directive) and is_outgoing(directive)
    return own and directive.status in LIVE and roles.may(seat.role, allowed)


def may_pass_down(seat: Seat, directive: Directive, received: bool) -> bool:
    """A unit that registered or received an issued document passes it on, to its subtree only."""
    holds = received or owns(seat, directive)
    issued = directive.status == DirectiveStatus.ISSUED
    return holds and issued and roles.may(seat.role, roles.REGISTER_DIRECTIVE)


def may_carry_out(seat: Seat, directive: Directive) -> bool:
    """Whether the seat's unit may write its own document to carry this one out: another's, in force."""
    other = directive.registered_by_id != seat.unit_id or not is_outgoing(directive)
    return (
        other
        and directive.status == DirectiveStatus.ISSUED
        and roles.may(seat.role, roles.REGISTER_DIRECTIVE)
    )


def may_acknowledge(seat: Seat, directive: Directive, delivery: Delivery | None) -> bool:
    if delivery is None or delivery.unit_id != seat.unit_id or delivery.acknowledged_at:
        return False
    return directive.status == DirectiveStatus.ISSUED and roles.may(seat.role, roles.ACKNOWLEDGE_DIRECTIVE)
