"""A document on the screen in the boxes of its paper, before it is kept."""

from dataclasses import replace

from hoctap.directives import numbers
from hoctap.directives.actions import DirectiveData
from hoctap.directives.composition import Composition
from hoctap.directives.enums import DirectiveStatus
from hoctap.directives.models import Directive
from hoctap.kernel import clock
from hoctap.orgs.models import Seat
from hoctap.papers import wording
from hoctap.papers.content import Block, Centred, FigureTable, Heading, Paper, TableAppendix
from hoctap.papers.directives import paper_of


def previewed(seat: Seat, data: DirectiveData, made: Composition, body: str) -> dict:
    """What the paper will print; of a number not given yet the notation alone."""
    directive = Directive(
        registered_by=seat.unit, issuer=seat.unit, issuer_name=made.issuer, kind=made.kind, subject=made.subject,
        number_text=data.number_text, issued_on=data.issued_on, place=data.place, authority=data.authority,
        signer_position=data.signer_position, signer_name=data.signer_name, recipients_text=data.recipients_text,
        listed_on=data.issued_on or clock.today(), status=DirectiveStatus.DRAFT,
    )  # fmt: skip
    paper = replace(paper_of(directive, body), draft=False, number=str(numbers.parse(data.number_text)))
    return {"paper": paper, **_boxes(paper)}


def _boxes(paper: Paper) -> dict:
    appendices = [
        {
            "name": wording.appendix_name(n, len(paper.appendices)),
            "title": part.title,
            "blocks": [] if isinstance(part, TableAppendix) else _shown(wording.written_out(part.blocks)),
        }
        for n, part in enumerate(paper.appendices, 1)
    ]
    return {
        "number": wording.number_line(paper),
        "dated": wording.place_and_date(paper),
        "about": "" if paper.kind else wording.about(paper),
        "motto": (wording.COUNTRY, wording.MOTTO) if paper.shows_motto else (),
        "addressees": wording.dashed(paper.addressees)
        if len(paper.addressees) > 1
        else list(paper.addressees),
        "bases": wording.ended(paper.bases),
        "blocks": _shown(wording.body_blocks(paper)),
        "titles": [line.upper() for line in (*paper.sign.authority, paper.sign.position) if line],
        "recipients": wording.dashed(paper.recipients),
        "appendices": appendices,
    }


def _shown(blocks: list[Block]) -> list[dict]:
    return [_block(block) for block in blocks]


def _block(block: Block) -> dict:
    if isinstance(block, FigureTable):
        columns = [f"{c.group}: {c.label}" if c.group else c.label for c in block.columns]
        return {"kind": "table", "columns": columns, "rows": [row.cells for row in block.rows]}
    kind = "head" if isinstance(block, Heading) else "centred" if isinstance(block, Centred) else "text"
    return {"kind": kind, "level": getattr(block, "level", 0), "runs": wording.runs_of(block)}
