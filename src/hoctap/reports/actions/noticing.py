"""A deed changes hands, or falls away, after a report that counts it was accepted: its unit and its receiver are told."""

from hoctap.activities.models import Activity
from hoctap.forms.figures import format_figure
from hoctap.forms.rules import cell_name
from hoctap.notify.actions import tell
from hoctap.obligations.enums import Relation
from hoctap.obligations.models import Obligation
from hoctap.reports import deeds
from hoctap.reports.actions.standing import spec_of
from hoctap.reports.filling import sources_of
from hoctap.reports.models import Report, Revision

SHOWN = 2  # figures named in a notice; its page has them all


def tell_of(activity: Activity, what: str) -> None:
    """Each accepted report that counts it, of whatever round: which deed, which report, what was sent and what is now."""
    counting = Report.objects.filter(obligation__counted__activity=activity, acceptance__isnull=False)
    read = ("obligation__unit", "obligation__parent__unit", "obligation__round", "acceptance__revision")
    for report in counting.select_related(*read).order_by("pk"):
        assert report.acceptance is not None
        obligation, revision = report.obligation, report.acceptance.revision
        if activity.pk not in sources_of(revision.content):
            continue
        state = "đã duyệt" if obligation.relation == Relation.SUPERIOR else "đã tiếp nhận"
        text = (
            f"Hoạt động “{activity.name[:80]}” {what[:120]}; báo cáo {state} của {obligation.unit.short_name}"
            f" ({obligation.round.name[:60]}) có tính hoạt động này. {_figures(obligation, revision)}"
        )
        for unit in {obligation.unit, *([obligation.parent.unit] if obligation.parent else [])}:
            tell(unit=unit, kind="deed", text=text, url=f"/bao-cao/{obligation.pk}/")


def _figures(obligation: Obligation, revision: Revision) -> str:
    """Signed beside live."""
    spec = spec_of(obligation)
    if spec is None:
        return ""
    then = {int(key): value for key, value in revision.content.get("facts", {}).items()}
    now = {position: fact.value for position, fact in deeds.of_report(obligation, spec).cells.items()}
    moved = [i for i in sorted(then.keys() | now.keys()) if then.get(i) != now.get(i)]
    if not moved:
        return "Số đã gửi và sổ hoạt động vẫn như nhau."
    said = [
        f"{cell_name(spec.line_of[i], spec.cells[i])}: đã gửi {_figure(then.get(i))}, sổ nay {_figure(now.get(i))}"
        for i in moved[:SHOWN]
    ]
    more = f"; và {len(moved) - SHOWN} số nữa" if len(moved) > SHOWN else ""
    return "; ".join(said) + more + "."


def _figure(value: int | None) -> str:
    return "để trống" if value is None else format_figure(value)
