"""A unit's own document that carries out one from above: its citations, clauses and deadlines carried over."""

from hoctap.directives.asread import whole_text
from hoctap.directives.composing import citation_line
from hoctap.directives.composition import Assignment, Composition, Deadline, Force, Rule, Section
from hoctap.directives.enums import DocumentKind
from hoctap.directives.implementing import begun, earlier
from hoctap.directives.models import Citation, Clause, Directive, DirectiveText
from hoctap.directives.reading import read
from hoctap.obligations.enums import DueRule
from hoctap.obligations.models import Obligation, Task
from hoctap.orgs.enums import Kind
from hoctap.orgs.models import Unit

ALL_BELOW = "Các đơn vị trực thuộc"
_LETTERS = (
    Kind.FEDERATION,
    Kind.SECTOR_UNION,
    Kind.BASE_UNION,
    Kind.PARTY,
)  # write letters; the others plans
_RULES = {DueRule.BEFORE: Rule.BEFORE, DueRule.BY: Rule.AT_LATEST, DueRule.THROUGH: Rule.UNTIL_END}


def start_from(directive: Directive, unit: Unit) -> Composition:
    """A first text to change, nothing of it is sent: from the programme where one was laid out, else from the text."""
    if directive.clauses.exists():
        return _from_programme(directive, unit)
    row = DirectiveText.objects.filter(directive=directive).first()
    found = read(whole_text(directive, row.body if row else "")).as_json()
    return begun(found, citation=cited_as(directive), issuer=unit.name, names=[unit.short_name])


def _from_programme(directive: Directive, unit: Unit) -> Composition:
    """What ``unit`` would write to those below it. Its own tasks become theirs; work given to nobody by name stays
    general; each report it owes is asked of them some working days earlier, to itself.
    """
    letter = unit.kind in _LETTERS
    tasks = Task.objects.filter(clause__directive=directive, unit=unit).select_related("clause")
    own = tuple(task.clause.text for task in tasks.order_by("clause__order"))
    general = (
        Clause.objects.filter(directive=directive, tasks=None)
        .order_by("order")
        .values_list("text", flat=True)
    )
    owed = (
        Obligation.objects.filter(round__directive=directive, unit=unit)
        .select_related("round")
        .order_by("pk")
    )
    cited = (
        Citation.objects.filter(directive=directive, is_basis=True)
        .order_by("pk")
        .values_list("text", flat=True)
    )
    return Composition(
        kind=DocumentKind.CV if letter else DocumentKind.KH,
        issuer=unit.name,
        subject=directive.subject,
        addressees=(ALL_BELOW,) if letter else (),
        asks=Force.ORDERED,
        basis=(cited_as(directive), *cited),
        sections=(Section("Nội dung thực hiện", tuple(general)),) if general else (),
        assignments=(Assignment((ALL_BELOW,), own),) if own else (),
        deadlines=tuple(_asked(obligation, unit) for obligation in owed),
    )


def _asked(owed: Obligation, unit: Unit) -> Deadline:
    on = max(earlier(owed.due_on), min(owed.round.opened_at.date(), owed.due_on)) if owed.due_on else None
    rule = _RULES.get(DueRule(owed.due_rule), Rule.BEFORE)
    return Deadline(what=owed.round.name, who=(ALL_BELOW,), rule=rule, on=on, to=(unit.name,))


def cited_as(directive: Directive) -> str:
    """A document of the register as another's căn cứ."""
    kind = directive.get_kind_display()
    return citation_line(
        kind, directive.number_label, directive.issued_on, directive.issuer_name, directive.subject
    )
