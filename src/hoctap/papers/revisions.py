"""A unit's own report as an official paper: what it sent, or the draft its leader reads before signing."""

from datetime import date

from hoctap.forms import queries as form_queries
from hoctap.forms import rules as form_rules
from hoctap.forms.spec import Cell, FormSpec, Line
from hoctap.kernel import clock
from hoctap.obligations.models import Obligation
from hoctap.orgs import queries as org_queries
from hoctap.papers.content import Cell as Value
from hoctap.papers.content import Paper, TableAppendix
from hoctap.papers.frozen import column_cells, headings
from hoctap.papers.letterhead import attached_to, parent_body, signature, variant
from hoctap.papers.reports import addressees, closing, opening, sections
from hoctap.papers.tables import FigureLine, form_table
from hoctap.reports.content import Content
from hoctap.reports.models import Revision

LEGEND = "“–” là đơn vị không báo cáo dòng này; “0” là có báo cáo, bằng không."
OWN_PART = "Số liệu là phần của chính đơn vị, chưa gồm các đơn vị báo cáo qua đơn vị."


def revision_paper(revision: Revision) -> Paper:
    """Bản báo cáo đã gửi, as it was sent: a figure that its receiver changed afterwards is not in it."""
    sent = revision.received_at.astimezone(clock.VIETNAM).date()
    return _paper(revision.report.obligation, Content.of_revision(revision), sent)


def draft_paper(obligation: Obligation, content: Content) -> Paper:
    """Dự thảo báo cáo: what stands in the form now, to be read and signed by hand; it bears no number."""
    return _paper(obligation, content, clock.today(), draft=True)


def _paper(obligation: Obligation, content: Content, today: date, *, draft: bool = False) -> Paper:
    unit, asked = obligation.unit, obligation.round
    on = content.doc_date or today
    name, via = org_queries.name_on(unit, on), _via(obligation, on)
    spec = form_queries.version_spec(asked.form_version_id) if asked.form_version_id else None
    caption = attached_to("Báo cáo", "" if draft else content.doc_number, content.doc_date, name)
    return Paper(
        issuing_body=name,
        parent_body=parent_body(unit, on),
        variant=variant(unit),
        number=content.doc_number,
        place=unit.place,
        date=content.doc_date,
        blank_year=on.year,
        kind="BÁO CÁO",
        subject=asked.name,
        addressees=tuple(f"{each}\n(qua {via})" if via else each for each in addressees(obligation, on)),
        body=(
            opening(asked, name),
            *sections(content.narrative, ("I", "II", "III")),
            closing(asked, name),
        ),
        sign=signature({key: getattr(content, key) for key in _SIGNED}, unit),
        recipients=("Như trên", *([via] if via else []), "Lưu: VT"),
        appendices=(_appendix(spec, content, obligation, caption),) if spec else (),
        draft=draft,
        demo=unit.is_demo,
    )


_SIGNED = ("authority", "signer_position", "signer_name")


def _via(obligation: Obligation, on: date) -> str:
    """Whom the report goes through on its way; "" when it goes there straight."""
    gatherer = obligation.parent
    if gatherer is None or obligation.recipients.filter(unit=gatherer.unit_id).exists():
        return ""
    return org_queries.name_on(gatherer.unit, on)


def _appendix(spec: FormSpec, content: Content, obligation: Obligation, caption: str) -> TableAppendix:
    """The filled form; its lines of words stand below the table, whose narrow columns have no room for them."""
    figures = form_rules.derive(spec, content.figures or [None] * spec.size)
    lines = [_line(spec, line, figures, content, obligation.unit.area_type) for line in spec.lines]
    said = [(line, content.texts.get(line.number, "").strip()) for line in spec.lines if line.kind == "text"]
    notes = [f"{line.printed}. {line.label.rstrip(':')}: {text}" for line, text in said if text]
    if any(value is None for line in lines for value in line.values):
        notes.append(LEGEND)
    if obligation.children.exists():
        notes.append(OWN_PART)
    return TableAppendix(spec.title, form_table(lines, headings(spec)), caption, tuple(notes))


def _line(spec: FormSpec, line: Line, figures: list[int | None], content: Content, area: str) -> FigureLine:
    return FigureLine(
        number=line.printed,
        label=line.label,
        unit=line.unit_of_measure,
        values=tuple(_value(cell, figures, content, area) for cell in column_cells(spec, line)),
        note=content.notes.get(line.number, ""),
        lead=line.kind != "line",
    )


def _value(cell: Cell | None, figures: list[int | None], content: Content, area: str) -> Value:
    """The figure; in a draft also what is typed there and is no figure yet; nothing where the unit fills nothing."""
    if cell is None:
        return ""
    value = figures[cell.position]
    if value is not None:
        return value
    open_here = not cell.applies_to or area in cell.applies_to
    return content.typed.get(str(cell.position)) or (None if open_here else "")
