"""A document made here as an official paper: particulars from the register, body and appendices from its text."""

from dataclasses import replace

from hoctap.directives.enums import DirectiveStatus, DocumentKind
from hoctap.directives.models import Citation, Delivery, Directive, DirectiveText
from hoctap.directives.rules import is_outgoing
from hoctap.kernel.vietnamese import fold
from hoctap.orgs import queries as org_queries
from hoctap.orgs.models import Unit
from hoctap.papers.boxes import Boxes, take_apart
from hoctap.papers.content import Paper, Signature
from hoctap.papers.letterhead import attached_to, parent_body, signature, variant

ADDRESSED = {DocumentKind.CV, DocumentKind.TTR, DocumentKind.BC}  # kinds that open with "Kính gửi"
MOST_NAMES = 10  # of addressees taken from the sending; a letter to more names them together in its text


def has_paper(directive: Directive, body: str) -> bool:
    """Only what was written here, in words: an outside body's paper, or one taken back, is never printed anew."""
    return is_outgoing(directive) and bool(body.strip()) and directive.status != DirectiveStatus.RECALLED


def directive_paper(directive: Directive) -> Paper:
    """Văn bản đi: in the state layout, or the union's. A draft bears no number."""
    text = DirectiveText.objects.filter(directive=directive).first()
    return paper_of(directive, text.body if text else "")


def paper_of(directive: Directive, body: str) -> Paper:
    """The same of a text in hand; ``directive`` may be one that is not kept yet."""
    unit = directive.issuer or directive.registered_by
    draft = directive.status == DirectiveStatus.DRAFT
    boxes = take_apart(body, subject=directive.subject, signer=directive.signer_name)
    on = directive.issued_on or directive.listed_on
    name, number = directive.issuer_name, "" if draft else directive.number_label
    addressees = boxes.addressees or _sent_to(directive)
    caption = attached_to(directive.get_kind_display(), number, directive.issued_on, name)
    return Paper(
        issuing_body=name,
        parent_body=parent_body(unit, on),
        variant=variant(unit),
        number=number,
        place=directive.place or unit.place,
        date=directive.issued_on,
        blank_year=on.year,
        kind=_kind(directive, boxes),
        subject=directive.subject,
        addressees=addressees,
        bases=boxes.bases or _cited(directive, body),
        body=boxes.body,
        sign=_signature(directive, unit, boxes),
        recipients=_recipients(directive, boxes, addressees),
        appendices=tuple(replace(each, caption=each.caption or caption) for each in boxes.appendices),
        draft=draft,
        demo=unit.is_demo,
    )


def _kind(directive: Directive, boxes: Boxes) -> str | None:
    """What is printed above the subject; nothing above a công văn's."""
    if directive.kind == DocumentKind.CV:
        return None
    return boxes.title or None if directive.kind == DocumentKind.OTHER else directive.get_kind_display()


def _signature(directive: Directive, unit: Unit, boxes: Boxes) -> Signature:
    """The titles as the text prints them, unless the register has since been given another authority."""
    authority = directive.authority
    if boxes.titles and (not authority or any(line.startswith(authority) for line in boxes.titles)):
        return Signature(boxes.titles[-1], directive.signer_name or boxes.signer, boxes.titles[:-1])
    particulars = {name: getattr(directive, name) for name in ("authority", "signer_position", "signer_name")}
    return signature(particulars, unit)


def _recipients(directive: Directive, boxes: Boxes, addressees: tuple[str, ...]) -> tuple[str, ...]:
    """Nơi nhận, as registered or as the text has it; else the least there must be."""
    registered = tuple(line.strip() for line in directive.recipients_text.splitlines() if line.strip(" -;."))
    return registered or boxes.recipients or (*(["Như trên"] if addressees else []), "Lưu: VT")


def _sent_to(directive: Directive) -> tuple[str, ...]:
    """The units it is sent to, where the kind names addressees and its text names none."""
    if directive.kind not in ADDRESSED or not directive.pk:
        return ()
    sent = Delivery.objects.filter(directive=directive, sent_by=directive.registered_by_id)
    units = [row.unit for row in sent.select_related("unit").order_by("pk")[: MOST_NAMES + 1]]
    on = directive.issued_on or directive.listed_on
    return tuple(org_queries.name_on(unit, on) for unit in units) if len(units) <= MOST_NAMES else ()


def _cited(directive: Directive, body: str) -> tuple[str, ...]:
    """Căn cứ as registered, where the text itself does not have them."""
    if not directive.pk:
        return ()
    written = fold(body)
    lines = Citation.objects.filter(directive=directive, is_basis=True).order_by("pk")
    found = (row.text for row in lines if fold(row.text).startswith("can cu"))
    return tuple(text for text in found if _what_is_cited(text) not in written)


def _what_is_cited(line: str) -> str:
    """Without "Căn cứ": a letter's first sentence says "Thực hiện Kế hoạch số …" of the same document."""
    return fold(line).removeprefix("can cu").strip(" .;,")
