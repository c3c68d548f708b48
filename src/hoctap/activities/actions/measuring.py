"""How a target is counted, as its issuer says."""

from django.db import transaction

from hoctap.activities.enums import Reached
from hoctap.activities.models import TargetMeasure
from hoctap.activities.targets import Measure
from hoctap.kernel import clock, journal
from hoctap.kernel.errors import Refusal
from hoctap.obligations.models import Target
from hoctap.orgs import roles
from hoctap.orgs import rules as org_rules
from hoctap.orgs.models import Seat


@transaction.atomic
def set_measure(*, seat: Seat, target: Target, measure: Measure) -> TargetMeasure:
    """Đặt cách tính, for everybody who sees the target; only by the unit whose document it is."""
    org_rules.require(seat, roles.COUNT_HEADS)
    if target.directive.issuer_id != seat.unit_id:
        raise Refusal("Chỉ tiêu này do đơn vị ban hành văn bản đặt cách tính.")
    if measure.reached == Reached.PEOPLE and not measure.groups:
        raise Refusal("Chọn nhóm người được tính.", [("Nhóm người", "Chọn ít nhất một nhóm.")])
    if not (measure.learning.families or measure.learning.kinds):
        raise Refusal(
            "Chọn ít nhất một loại hoạt động được tính.",
            [("Loại hoạt động", "Chọn ít nhất một loại.")],
        )
    made, _new = TargetMeasure.objects.update_or_create(
        target=target,
        defaults={
            "reached": measure.reached,
            "where_needed": measure.where_needed,
            "families": list(measure.learning.families),
            "kinds": list(measure.learning.kinds),
            "topics": list(measure.learning.topics),
            "groups": list(measure.groups),
            "seat": seat,
            "at": clock.now(),
        },
    )
    journal.record("target.measure", target, seat=seat)
    return made
