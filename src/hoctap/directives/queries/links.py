"""Which documents citations mean: one clear answer, or none."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import QuerySet

from hoctap.directives import numbers, rules
from hoctap.directives.citing import same_issuer, same_number
from hoctap.directives.enums import DirectiveStatus
from hoctap.directives.models import Citation, Delivery, Directive
from hoctap.orgs.models import Seat


def meant(citations: Iterable[Citation]) -> dict[int, Directive]:
    """The one document each citation means, by citation id; ambiguous and unknown ones are left out."""
    citations = [citation for citation in citations if citation.number_key]
    found = list(_numbered(citations))
    holders = _holders(found)
    out = {}
    for citation in citations:
        best = _best(citation, found, holders)
        if len(best) == 1:
            out[citation.pk] = best[0]
    return out


def waiting_for(directive: Directive) -> QuerySet[Citation]:
    """Citations still without a document whose number may be this one's."""
    keys = numbers.keys_of(directive.number_key, directive.issued_on.year if directive.issued_on else None)
    waiting = Citation.objects.filter(target__isnull=True, number_key__in=keys)
    return waiting.select_related("directive")


def choices_for(seat: Seat, citation: Citation) -> list[Directive]:
    """Documents the seat sees with the cited number, whatever else the words say; newest first."""
    found = _numbered([citation]).filter(rules.visible(seat)).exclude(pk=citation.directive_id)
    same = [
        d for d in found if same_number(citation.number_key, citation.issued_on, d.number_key, d.issued_on)
    ]
    return sorted(same, key=lambda d: (d.listed_on, d.pk), reverse=True)


def _numbered(citations: list[Citation]) -> QuerySet[Directive]:
    keys = set()
    for citation in citations:
        keys |= numbers.keys_of(citation.number_key, citation.issued_on.year if citation.issued_on else None)
    found = Directive.objects.filter(number_key__in=keys).exclude(status=DirectiveStatus.DRAFT)
    return found.select_related("issuer")


def _holders(found: list[Directive]) -> dict[int, set[int]]:
    """Units in whose own register each document stands."""
    holders: dict[int, set[int]] = defaultdict(set)
    for directive in found:
        holders[directive.pk].add(directive.registered_by_id)
        if directive.issuer_id:
            holders[directive.pk].add(directive.issuer_id)
    received = Delivery.objects.filter(directive__in=[d.pk for d in found])
    for directive_id, unit_id in received.values_list("directive", "unit"):
        holders[directive_id].add(unit_id)
    return holders


def _best(citation: Citation, found: list[Directive], holders: dict[int, set[int]]) -> list[Directive]:
    unit = citation.directive.registered_by_id
    fits = [d for d in found if d.pk != citation.directive_id and _fits(citation, d, unit in holders[d.pk])]
    for narrower in ([d for d in fits if unit in holders[d.pk]], [d for d in fits if rules.is_outgoing(d)]):
        if narrower:
            return narrower
    return fits


def _fits(citation: Citation, directive: Directive, own: bool) -> bool:
    """Nothing the words say speaks against it, and something beyond the number speaks for it."""
    if not same_number(citation.number_key, citation.issued_on, directive.number_key, directive.issued_on):
        return False
    if citation.issued_on and directive.issued_on and citation.issued_on != directive.issued_on:
        return False
    unit = directive.issuer
    names = [directive.issuer_name, *((unit.name, unit.short_name) if unit else ())]
    if citation.issuer_name and not same_issuer(citation.issuer_name, *names):
        return False
    dated = bool(citation.issued_on and directive.issued_on)
    return own or dated or bool(citation.issuer_name)
