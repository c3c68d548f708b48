"""The signed report of a consolidation as an official paper (Báo cáo tổng hợp)."""

from collections.abc import Mapping, Sequence
from datetime import date

from hoctap.kernel import clock
from hoctap.obligations.models import Obligation, Recipient, Round
from hoctap.orgs import queries as org_queries
from hoctap.papers.content import Block, Heading, Paper, Paragraph, TableAppendix, UnitStanding
from hoctap.papers.docx import render_docx
from hoctap.papers.frozen import Frozen
from hoctap.papers.letterhead import attached_to, parent_body, signature, variant
from hoctap.papers.pdf import render_pdf
from hoctap.papers.sheet import render_xlsx
from hoctap.papers.wording import date_words
from hoctap.rollup.models import Snapshot
from hoctap.rollup.queries import last_signed

SECTIONS = (
    ("results", "KẾT QUẢ"),
    ("difficulties", "KHÓ KHĂN, HẠN CHẾ"),
    ("proposals", "KIẾN NGHỊ"),
)
MOST_NAMES = 30  # of units without a report, named in the text


def consolidated_paper(snapshot: Snapshot) -> Paper:
    """The report a snapshot is signed as. ``snapshot.doc`` has the keys of reports.Content's letter:

    ``doc_number``, ``doc_date`` (ISO), ``authority``, ``signer_position``, ``signer_name`` and ``narrative``
    with ``results``, ``difficulties``, ``proposals``; all may be missing.
    """
    frozen = Frozen(snapshot)
    node, unit, doc = frozen.node, frozen.node.unit, snapshot.doc
    day = date.fromisoformat(doc["doc_date"]) if doc.get("doc_date") else None
    on = day or snapshot.drawn_at.astimezone(clock.VIETNAM).date()
    name = org_queries.name_on(unit, on)
    return Paper(
        issuing_body=name,
        parent_body=parent_body(unit, on),
        variant=variant(unit),
        number=doc.get("doc_number", ""),
        place=unit.place,
        date=day,
        blank_year=on.year,
        kind="BÁO CÁO",
        subject=node.round.name,
        addressees=tuple(addressees(node, on)),
        body=(
            opening(node.round, name),
            Heading("I. TÌNH HÌNH BÁO CÁO"),
            Paragraph(_coverage(frozen)),
            *_supplement(snapshot),
            *sections(doc.get("narrative", {}), ("II", "III", "IV")),
            closing(node.round, name),
        ),
        sign=signature(doc, unit),
        recipients=("Như trên", "Lưu: VT"),
        appendices=(frozen.appendix(_caption(frozen, on)),) if frozen.spec else (),
        demo=unit.is_demo,
    )


def consolidated_table(snapshot: Snapshot) -> tuple[TableAppendix, list[UnitStanding]]:
    """The consolidated table with each child's share, and who is in it: for the workbook."""
    frozen = Frozen(snapshot)
    on = snapshot.drawn_at.astimezone(clock.VIETNAM).date()
    return frozen.appendix(_caption(frozen, on), by_unit=True), frozen.standings()


def kinds(snapshot: Snapshot) -> tuple[str, ...]:
    """As what the consolidation can be had; without a form there is no table to put in a workbook."""
    return ("pdf", "docx", "xlsx") if snapshot.obligation.round.form_version_id else ("pdf", "docx")


def render(snapshot: Snapshot, kind: str) -> bytes:
    """The consolidation as one of its ``kinds``."""
    if kind == "xlsx":
        table, units = consolidated_table(snapshot)
        return render_xlsx(table, units=units, demo=snapshot.obligation.unit.is_demo)
    return {"pdf": render_pdf, "docx": render_docx}[kind](consolidated_paper(snapshot))


def addressees(node: Obligation, on: date) -> list[str]:
    """Kính gửi: the report's recipients in their order, by the names of that day."""
    recipients = Recipient.objects.filter(obligation=node).select_related("unit").order_by("order")
    return [org_queries.name_on(recipient.unit, on) for recipient in recipients]


def opening(asked: Round, name: str) -> Paragraph:
    """ "Thực hiện Kế hoạch số … của … về …, <name> báo cáo như sau:"."""
    directive = asked.directive
    number = f" số {directive.number_label}" if directive.number_label else ""
    dated = f" {date_words(directive.issued_on)}" if directive.issued_on else ""
    return Paragraph(
        f"Thực hiện {directive.get_kind_display()}{number}{dated} của {directive.issuer_name} "
        f"về {_lower(directive.subject)}, {name} báo cáo như sau:"
    )


def sections(narrative: Mapping[str, str], numerals: Sequence[str]) -> list[Block]:
    """What was written of results, difficulties and proposals, numbered one after the other."""
    written = [(title, narrative[key]) for key, title in SECTIONS if narrative.get(key, "").strip()]
    blocks: list[Block] = []
    for numeral, (title, text) in zip(numerals, written, strict=False):
        blocks += [Heading(f"{numeral}. {title}"), Paragraph(text.strip())]
    return blocks


def closing(asked: Round, name: str) -> Paragraph:
    where = " (số liệu cụ thể tại phụ lục kèm theo)" if asked.form_version_id else ""
    return Paragraph(f"Trên đây là báo cáo {_lower(asked.name)} của {name}{where}.")


def _coverage(frozen: Frozen) -> str:
    """ "Tính đến … có n/N đơn vị", with the names of those not in it."""
    at = frozen.snapshot.drawn_at.astimezone(clock.VIETNAM)
    covered = frozen.snapshot.coverage
    late = f"; {covered['late']} đơn vị gửi sau hạn" if covered["late"] else ""
    out = [standing.name for standing in frozen.standings() if not standing.covered]
    if frozen.parts[0].figures is None:
        out.insert(0, f"phần của {frozen.node.unit.name}")
    names = "; ".join(out[:MOST_NAMES]) + (
        f"; và {len(out) - MOST_NAMES} đơn vị khác" if len(out) > MOST_NAMES else ""
    )
    missing = f" Chưa có trong số liệu: {names}." if out else ""
    return (
        f"Tính đến {at:%H:%M}, {date_words(at.date())}, số liệu gồm báo cáo của "
        f"{covered['accepted']}/{covered['expected']} đơn vị{late}.{missing}"
    )


def _supplement(snapshot: Snapshot) -> tuple[Paragraph, ...]:
    """What a later consolidation says of the signed one before it; nothing in the first."""
    before = last_signed(snapshot.obligation_id, before=snapshot.number)
    if before is None:
        return ()
    day = before.signed_at.astimezone(clock.VIETNAM).date()
    number = f" số {before.doc['doc_number']}" if before.doc.get("doc_number") else ""
    because = f" Lý do: {snapshot.reason.rstrip('.')}." if snapshot.reason else ""
    return (Paragraph(f"Bản này bổ sung, thay số liệu của báo cáo{number} ký {date_words(day)}.{because}"),)


def _caption(frozen: Frozen, on: date) -> str:
    name = org_queries.name_on(frozen.node.unit, on)
    return attached_to("Báo cáo", frozen.snapshot.doc.get("doc_number", ""), on, name)


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
