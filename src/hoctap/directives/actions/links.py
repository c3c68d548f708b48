"""Citations as links both ways: made when either document comes, or chosen by a person."""

from collections.abc import Iterable

from django.db import transaction

from hoctap.directives import citing, queries, rules
from hoctap.directives.citing import CitationData, same_number
from hoctap.directives.models import Citation, Directive
from hoctap.kernel import journal
from hoctap.kernel.errors import Refusal
from hoctap.orgs.models import Seat


def write_citations(directive: Directive, citations: Iterable[str | CitationData]) -> None:
    """Make these the document's citations; one whose words stay keeps its link."""
    given = {}
    for citation in citations:
        data = citing.read(citation) if isinstance(citation, str) else citation
        if data.text.strip():
            given[data.text.strip()[:500]] = data
    directive.citations.exclude(text__in=given).delete()
    known = set(directive.citations.values_list("text", flat=True))
    Citation.objects.bulk_create(
        Citation(
            directive=directive,
            text=text,
            number_key=data.key[:90],
            issued_on=data.issued_on,
            issuer_name=data.issuer_name[:200],
            is_basis=data.is_basis,
        )
        for text, data in given.items()
        if text not in known
    )
    _link(directive.citations.filter(target__isnull=True).select_related("directive"))


def settle(directive: Directive) -> None:
    """After its number, date, issuer or receivers changed: links that fit no more go, citations waiting for it come."""
    for citation in Citation.objects.filter(target=directive).select_related("directive"):
        if not same_number(
            citation.number_key, citation.issued_on, directive.number_key, directive.issued_on
        ):
            Citation.objects.filter(pk=citation.pk).update(target=None)
    if directive.number_key:
        _link(queries.waiting_for(directive))


def _link(citations: Iterable[Citation]) -> None:
    for citation_id, directive in queries.meant(citations).items():
        Citation.objects.filter(pk=citation_id).update(target=directive)


@transaction.atomic
def link_citation(*, seat: Seat, citation: Citation, target: Directive) -> None:
    """Chỉ rõ văn bản được dẫn, where the words alone leave it open."""
    if not rules.may_edit(seat, citation.directive):
        raise Refusal("Chỉ đơn vị đã vào sổ văn bản mới chỉ rõ được văn bản mà nó dẫn.")
    if target not in queries.choices_for(seat, citation):
        raise Refusal(
            "Văn bản chọn không mang số được dẫn, hoặc ngoài phạm vi của vị trí này. Chọn trong danh sách."
        )
    citation.target = target
    citation.save(update_fields=["target"])
    journal.record("citation.link", citation.directive, seat=seat, citation=citation.pk, target=target.pk)
