"""Who may draw, sign and move; how large sums are written."""

from hoctap.kernel.errors import Refusal
from hoctap.kernel.paths import ids
from hoctap.obligations.models import Obligation
from hoctap.orgs import roles
from hoctap.orgs import rules as org_rules
from hoctap.orgs.models import Seat

EXACT_IN_JSON = 2**53 - 1


def json_sum(value: int | None) -> int | str | None:
    """A sum as JSON carries it exactly: above 2⁵³−1 as a string (Counting rule 5)."""
    return str(value) if value is not None and abs(value) > EXACT_IN_JSON else value


def require_signer(seat: Seat, obligation: Obligation) -> None:
    """The consolidation of a unit is signed by its own leader."""
    org_rules.require(seat, roles.SIGN_CONSOLIDATION)
    _require_owner(seat, obligation)


def require_drawer(seat: Seat, obligation: Obligation) -> None:
    """The draft to be signed is drawn by whoever writes the unit's reports."""
    org_rules.require(seat, roles.WRITE_REPORT)
    _require_owner(seat, obligation)


def _require_owner(seat: Seat, obligation: Obligation) -> None:
    if seat.unit_id != obligation.unit_id:
        raise Refusal(f"Bản tổng hợp này của {obligation.unit.name}; chỉ đơn vị đó lập và ký được.")


def require_mover(seat: Seat, obligation: Obligation, parent: Obligation) -> None:
    """Moving a branch is decided by a consolidator that stands above both its old and its new place."""
    org_rules.require(seat, roles.CASCADE)
    old = set(ids(obligation.path)) - {obligation.pk}
    common = old & set(ids(parent.path))
    if not Obligation.objects.filter(pk__in=common, unit_id=seat.unit_id).exists():
        raise Refusal(
            "Chuyển nơi tổng hợp do đơn vị tổng hợp chung của cả hai nơi làm. "
            "Đề nghị cấp tổng hợp phía trên thực hiện."
        )
