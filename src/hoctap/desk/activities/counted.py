"""In which line of the report an activity will count, said before it is kept."""

from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from hoctap.activities import library, sorting
from hoctap.activities.models import ActivityKind, Quantity
from hoctap.forms.queries import version_spec
from hoctap.kernel.prepared import Prepared
from hoctap.obligations.models import Obligation
from hoctap.orgs.models import Unit


def lines_for(unit: Unit) -> dict[str, str]:
    """Indicator → "dòng 1.3, Tin học …" of the form the unit owes last; empty where it owes none."""
    version = next(iter(_VERSION(unit=unit.pk)), None)
    if version is None:
        return {}
    return {
        cell.indicator: _("dòng %(number)s, %(label)s") % {"number": line.number, "label": line.label}
        for line in version_spec(version).lines
        for cell in line.cells
        if not cell.derived
    }


_VERSION: Prepared[int] = Prepared(
    lambda unit: (
        Obligation.objects.filter(unit=unit, round__form_version__isnull=False)
        .order_by("-pk")
        .values_list("round__form_version", flat=True)[:1]
    ),
    "unit",
)


def kinds_said(lines: dict[str, str]) -> dict[str, dict[str, Any]]:
    """Of each kind what the phone needs to say where it counts: name, words, unit, what is asked and counted, the line."""
    units = {quantity.code: quantity for quantity in Quantity.objects.all()}
    found = {}
    for kind in ActivityKind.objects.order_by("order"):
        asked = units.get(kind.asks[0]) if kind.asks and not kind.with_people else None
        codes = [code for code in sorted(kind.feeds, key=partial(_weight, kind)) if code in lines]
        found[kind.code] = {
            "family": kind.family,
            "name": _(kind.name),
            "words": library.words().get(kind.code, ()),
            "unit": "" if asked else _(kind.unit_of_measure),  # what is asked is what counts
            "of": _(asked.unit_of_measure) if asked else (_("người") if kind.with_people else ""),
            "asked": _(asked.name) if asked else "",
            "line": lines[codes[0]] if codes and not codes[0].startswith("funds.") else "",
        }
    return found


def _weight(kind: ActivityKind, code: str) -> tuple:
    """Its own line first: that of what is typed of it, of its number, its people; then totals; money last."""
    asked = f"quantity:{kind.asks[0]}" if kind.asks else ""
    order = [asked, "held", "people"]
    measure = kind.feeds[code]
    total = code.split(".")[1:2] == ["all"]
    return (code.startswith("funds."), total, order.index(measure) if measure in order else len(order), code)


def fallbacks() -> dict[str, str]:
    return {str(family): code for family, code in sorting.FALLBACK.items()}
