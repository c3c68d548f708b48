"""Who is late or overdue below a node, for the statements that read a consolidation.

Due dates move without any act on a report, so this is counted at every read. The rules are those of reports.rules;
only what they find is grouped.
"""

import re
from datetime import datetime
from functools import cache
from typing import Any

from django.db.models import Count, F, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Left, StrIndex, Substr

from hoctap.kernel import clock
from hoctap.obligations.models import Obligation
from hoctap.reports import rules as report_rules


@cache
def lateness_sql() -> tuple[str, dict[str, Any]]:
    """A SELECT of ``step`` (the path of the child a branch hangs on), ``late``, ``overdue``, and its own parameters.

    It takes ``subtree(node)`` besides: the bounds are literals, so that the planner knows how much it is about.
    Django writes it from the rules, once a process.
    """
    given: dict[str, Any] = {
        name: RawSQL(f"%({name})s", []) for name in ("round", "low", "high", "length", "now")
    }
    overdue = report_rules.overdue(given["now"])
    rows = (
        Obligation.objects.filter(round_id=given["round"], path__gt=given["low"], path__lt=given["high"])
        .filter(report_rules.SENT & report_rules.LATE | overdue)
        .order_by()
        .values(
            step=Left(F("path"), StrIndex(Substr("path", given["length"] + 1), Value(".")) + given["length"])
        )
        .annotate(
            late=Count("pk", filter=report_rules.SENT & report_rules.LATE),
            overdue=Count("pk", filter=overdue),
        )
    )
    sql, params = rows.query.sql_with_params()
    names = iter(range(len(params)))
    named = re.sub("%s", lambda _: f"%(rule{next(names)})s", sql)
    return named, {f"rule{i}": value for i, value in enumerate(params)}


def subtree(node: Obligation, now: datetime | None = None) -> dict[str, Any]:
    """Parameters that say which subtree, and when; the node itself is left out."""
    return {
        "round": node.round_id,
        "low": node.path,
        "high": node.path.rstrip(".") + "/",
        "length": len(node.path),
        "now": now or clock.now(),
    }
