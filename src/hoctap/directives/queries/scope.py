"""Which documents a seat sees, in the form that is cheap for the size of its reach (docs/decisions, search)."""

from dataclasses import dataclass

from django.db.models import BooleanField, F, Func, Q, QuerySet
from django.db.models.expressions import RawSQL

from hoctap.directives import rules
from hoctap.directives.models import Directive
from hoctap.kernel.estimates import expected_rows
from hoctap.kernel.replicas import reading
from hoctap.orgs.models import Seat
from hoctap.orgs.rules import reachable_ids

FEW_UNITS = 2000  # below so many units their documents are listed first
FEW_DOCUMENTS = 5000  # so many are listed at most
MANY_UNITS = (
    20_000  # above so many units each document's own are looked up, instead of all units in reach being read
)

_HELD = """
WITH reach AS MATERIALIZED (<ids>), held AS (
  (SELECT id FROM directives_directive WHERE registered_by_id = ANY (ARRAY(SELECT unit_id FROM reach)))
  UNION ALL
  (SELECT id FROM directives_directive
   WHERE issuer_id = ANY (ARRAY(SELECT unit_id FROM reach)) AND status <> 'draft')
  UNION ALL
  (SELECT r.directive_id FROM directives_delivery r JOIN directives_directive d ON d.id = r.directive_id
   WHERE r.unit_id = ANY (ARRAY(SELECT unit_id FROM reach)) AND d.status <> 'draft')
)
SELECT count(*), coalesce(array_agg(DISTINCT id), '{}')::text FROM (SELECT id FROM held LIMIT %s) AS first
"""


@dataclass(frozen=True)
class Scope:
    """``seen``: a filter on Directive. ``listed``: it names each document, so anything may be asked of all of them;
    else they are too many, only the first of those in question are looked at (``first``), and ``seen`` reads ``reach``."""

    seen: Q
    listed: bool
    reach: RawSQL

    def first(self, count: int, *steps: tuple[QuerySet, Q]) -> RawSQL:
        """The first documents, as ids: of each step's (their ids, in order) those that the seat sees and its condition
        holds for, step after step until there are enough.

        Rights and conditions are looked at last and only as far as needed; else they would be for every match.
        """
        parts, given = [], [*self.reach.params]
        for found, also in steps:
            inner, params = found.query.sql_with_params()
            right = Directive.objects.filter(self.seen, also, pk=RawSQL("m.id", [])).values("pk")
            seen, more = right.query.sql_with_params()
            parts.append(
                f"(SELECT m.id FROM ({inner} OFFSET 0) AS m (id) WHERE ({seen} LIMIT 1) IS NOT NULL LIMIT %s)"
            )
            given += [*params, *more, count]
        return RawSQL(
            f"WITH reach AS ({self.reach.sql}) SELECT id FROM ({' UNION ALL '.join(parts)}) AS found LIMIT %s",
            [*given, count],
        )


def scope_of(seat: Seat) -> Scope:
    """In two or three queries."""
    ids = reachable_ids(seat)
    units = expected_rows(ids.sql, ids.params)
    if units <= FEW_UNITS:
        most = 3 * FEW_DOCUMENTS  # a document may be registered, issued and received within reach
        with reading().cursor() as cursor:
            cursor.execute(_HELD.replace("<ids>", ids.sql), [*ids.params, most])
            count, held = cursor.fetchone()
        if count < most:
            return Scope(_one_of(held), True, ids)
    if units <= MANY_UNITS:
        return Scope(rules.visible(seat, RawSQL("SELECT unit_id FROM reach", []), at_once=True), False, ids)
    return Scope(rules.visible(seat, ids), False, ids)


def _one_of(held: str) -> Q:
    """A filter on Directive; ``held`` lists ids as the database writes them and goes back as it came: thousands of numbers,
    each a parameter of its own, took as long as all the rest of a page."""
    listed = RawSQL("%s::bigint[]", [held])
    return Q(
        Func(F("pk"), listed, template="%(expressions)s)", arg_joiner=" = ANY (", output_field=BooleanField())
    )
