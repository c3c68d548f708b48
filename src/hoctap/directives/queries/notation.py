"""Which notation a unit writes."""

import re

from hoctap.directives.models import Directive, NumberSeries

_YEAR = re.compile(r"(?:19|20)\d\d(?=/)")


def remembered_notation(unit_id: int, kind: str, year: int) -> str:
    """The notation the unit last wrote on this kind, of ``year`` where it names a year; empty when none yet."""
    series = NumberSeries.objects.filter(unit_id=unit_id, kind=kind).order_by("-year")
    own = Directive.objects.filter(registered_by=unit_id, issuer=unit_id, kind=kind).order_by(
        "-listed_on", "-pk"
    )
    for rows in (series, own):
        if found := rows.exclude(notation="").values_list("notation", flat=True).first():
            return _YEAR.sub(str(year), found)
    return ""
