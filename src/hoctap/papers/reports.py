"""The signed report of a consolidation as an official paper (Báo cáo tổng hợp)."""

from collections.abc import Mapping
from datetime import date

from hoctap.kernel import clock
from hoctap.obligations.models import Obligation, Recipient
from hoctap.orgs import queries as org_queries
from hoctap.orgs.enums import Kind, Line
from hoctap.orgs.models import Subordination, Unit
from hoctap.papers.content import Block, Heading, Paper, Paragraph, Signature, TableAppendix, UnitStanding
from hoctap.papers.docx import render_docx
from hoctap.papers.frozen import Frozen
from hoctap.papers.pdf import render_pdf
from hoctap.papers.sheet import render_xlsx
from hoctap.papers.wording import date_words
from hoctap.rollup.models import Snapshot

UNIONS = {Kind.FEDERATION, Kind.SECTOR_UNION, Kind.BASE_UNION}
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
    unit, doc = frozen.node.unit, snapshot.doc
    day = date.fromisoformat(doc["doc_date"]) if doc.get("doc_date") else None
    on = day or snapshot.drawn_at.astimezone(clock.VIETNAM).date()
    return Paper(
        issuing_body=org_queries.name_on(unit, on),
        parent_body=_parent_body(unit, on),
        variant="union" if unit.kind in UNIONS else "state",
        number=doc.get("doc_number", ""),
        place=unit.place,
        date=day,
        blank_year=on.year,
        kind="BÁO CÁO",
        subject=frozen.node.round.name,
        addressees=tuple(_addressees(frozen.node, on)),
        body=(_opening(frozen, on), *_sections(frozen), _closing(frozen, on)),
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


def signature(doc: Mapping[str, str], unit: Unit) -> Signature:
    """The signer with what stands above the signer's own position (Nghị định 30/2020, Phụ lục I).

    "TM. Ủy ban nhân dân", "KT. Chủ tịch". Whom the signer signs for may be written before the position ("Ban
    Thường vụ, Phó Chủ tịch"); else a deputy signs for the head, whose title is the deputy's without "Phó".
    """
    authority, position = doc.get("authority", ""), doc.get("signer_position", "")
    for_whom, comma, own = position.partition(", ")
    if authority and comma:
        lines = (f"{authority} {for_whom}",)
    elif authority == "TM.":
        lines = (f"TM. {_body(unit)}",)
    elif authority in ("KT.", "Q."):
        lines = (f"{authority} {position.removeprefix('Phó ').strip()}",)
    else:
        lines = ()
    if authority == "KT." and unit.kind == Kind.COMMITTEE:
        lines = (f"TM. {_body(unit)}", *lines)
    return Signature(own if authority and comma else position, doc.get("signer_name", ""), lines)


def _body(unit: Unit) -> str:
    return "Ủy ban nhân dân" if unit.kind == Kind.COMMITTEE else "Ban Thường vụ"


def _parent_body(unit: Unit, on: date) -> str:
    """Cơ quan chủ quản; a People's Committee prints none."""
    if unit.kind == Kind.COMMITTEE:
        return ""
    above = Subordination.objects.filter(unit=unit, valid__contains=on, parent__isnull=False)
    by_line = {row.line: row.parent for row in above.select_related("parent")}
    for line in (Line.UNION, Line.TERRITORY, Line.STUDY, Line.SECTOR):
        if line in by_line:
            return org_queries.name_on(by_line[line], on)
    return ""


def _addressees(node: Obligation, on: date) -> list[str]:
    recipients = Recipient.objects.filter(obligation=node).select_related("unit").order_by("order")
    return [org_queries.name_on(recipient.unit, on) for recipient in recipients]


def _opening(frozen: Frozen, on: date) -> Paragraph:
    directive = frozen.node.round.directive
    number = f" số {directive.number_label}" if directive.number_label else ""
    dated = f" {date_words(directive.issued_on)}" if directive.issued_on else ""
    subject = directive.subject[:1].lower() + directive.subject[1:]
    return Paragraph(
        f"Thực hiện {directive.get_kind_display()}{number}{dated} của {directive.issuer_name} "
        f"về {subject}, {org_queries.name_on(frozen.node.unit, on)} báo cáo như sau:"
    )


def _sections(frozen: Frozen) -> list[Block]:
    narrative = frozen.snapshot.doc.get("narrative", {})
    blocks: list[Block] = [Heading("I. TÌNH HÌNH BÁO CÁO"), Paragraph(_coverage(frozen))]
    written = [(title, narrative[key]) for key, title in SECTIONS if narrative.get(key, "").strip()]
    for numeral, (title, text) in zip(("II", "III", "IV"), written, strict=False):
        blocks += [Heading(f"{numeral}. {title}"), Paragraph(text.strip())]
    return blocks


def _coverage(frozen: Frozen) -> str:
    """ "Tính đến … có n/N đơn vị", with the names of those not in it."""
    at = frozen.snapshot.drawn_at.astimezone(clock.VIETNAM)
    covered = frozen.snapshot.coverage
    late = f", trong đó {covered['late']} đơn vị gửi sau hạn" if covered["late"] else ""
    out = [standing.name for standing in frozen.standings() if not standing.covered]
    names = "; ".join(out[:MOST_NAMES]) + (
        f"; và {len(out) - MOST_NAMES} đơn vị khác" if len(out) > MOST_NAMES else ""
    )
    missing = f" Chưa có trong số liệu: {names}." if out else ""
    return (
        f"Tính đến {at:%H:%M}, {date_words(at.date())}, số liệu gồm báo cáo của "
        f"{covered['accepted']}/{covered['expected']} đơn vị{late}.{missing}"
    )


def _closing(frozen: Frozen, on: date) -> Paragraph:
    where = " (số liệu cụ thể tại phụ lục kèm theo)" if frozen.spec else ""
    return Paragraph(
        f"Trên đây là báo cáo {_lower(frozen.node.round.name)} của {org_queries.name_on(frozen.node.unit, on)}{where}."
    )


def _caption(frozen: Frozen, on: date) -> str:
    number = frozen.snapshot.doc.get("doc_number", "")
    said = f" số {number}" if number else ""
    return f"(Kèm theo Báo cáo{said} {date_words(on)} của {org_queries.name_on(frozen.node.unit, on)})"


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
