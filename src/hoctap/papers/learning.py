"""Phiếu ghi nhận học tập: one person's learning record as an official paper, for a unit to confirm."""

from decimal import Decimal

from hoctap.activities.enums import CertificateState, Part
from hoctap.activities.models import Completion
from hoctap.activities.record import Attended, Lengths, Record, issued_on, named
from hoctap.activities.rules import certificate_state
from hoctap.kernel import clock
from hoctap.orgs import queries as org_queries
from hoctap.orgs.models import Unit
from hoctap.papers.content import Block, Column, FigureTable, Heading, Paper, Paragraph, Row, Signature
from hoctap.papers.letterhead import parent_body, variant
from hoctap.people.models import Book

_NUMBER = Column("STT", "centre", 11)
_ATTENDED = (
    _NUMBER, Column("Hoạt động", "text", 40, 3), Column("Đơn vị tổ chức", "text", 30, 2),
    Column("Thời gian", "centre", 25), Column("Số buổi", "centre", 15), Column("Số giờ", "centre", 15),
)  # fmt: skip
_CERTIFICATES = (
    _NUMBER, Column("Chứng nhận", "text", 40, 3), Column("Số", "text", 45, 2), Column("Ngày cấp", "centre", 25),
    Column("Tình trạng", "text", 28),
)  # fmt: skip
_ELSEWHERE = (
    _NUMBER, Column("Khóa học", "text", 40, 3), Column("Nơi học", "text", 36, 2), Column("Ngày", "centre", 25),
    Column("Số chứng nhận", "text", 34), Column("Số giờ", "centre", 15),
)  # fmt: skip
_BOOKS = (
    _NUMBER, Column("Tên sách", "text", 50, 3), Column("Tác giả", "text", 36, 2), Column("Ngày đọc xong", "centre", 28),
)  # fmt: skip
BY_UNIT = "Phiếu in từ sổ học tập điện tử của đơn vị."
BY_LEARNER = "Phiếu do người học tự in từ sổ học tập điện tử; có giá trị khi đơn vị xác nhận."
UNKNOWN = "Số giờ chỉ gồm các buổi có ghi giờ kết thúc; {} buổi không rõ thời lượng nên không tính giờ."


def record_paper(
    record: Record, unit: Unit, *, by_learner: bool = False, books: list[Book] | None = None
) -> Paper:
    """``unit`` prints and confirms it; one that the learner prints says so, and holds her ``books`` where she wants it."""
    today = clock.today()
    person = record.person
    born = f", sinh năm {person.birth_year}" if person.birth_year else ""
    opening = (
        f"Ông (bà) {person.full_name}{born}, theo sổ học tập ghi đến ngày {today:%d/%m/%Y}: {_summed(record)}"
    )
    return Paper(
        issuing_body=org_queries.name_on(unit, today),
        parent_body=parent_body(unit, today),
        variant=variant(unit),
        place=unit.place,
        date=today,
        kind="PHIẾU GHI NHẬN HỌC TẬP",
        subject=f"của ông (bà) {person.full_name}",
        body=(
            Paragraph(opening),
            *_attended(record),
            *_certificates(record),
            *_elsewhere(record.completions),
            *_read(books),
            Paragraph(BY_LEARNER if by_learner else BY_UNIT),
        ),
        sign=Signature("Xác nhận của đơn vị", ""),
        demo=unit.is_demo,
    )


def _summed(record: Record) -> str:
    said = [
        f"tham gia {record.activities} hoạt động",
        f"dự {record.total.sessions} buổi",
        f"học {_hours(record.total)} giờ",
    ]
    said += [f"được cấp {len(_valid(record))} chứng nhận còn hiệu lực"] if record.certificates else []
    if record.completions:
        said.append(f"có {len(record.completions)} kết quả học ở nơi khác")
    return ", ".join(said) + "."


def _valid(record: Record) -> list:
    return [one for one in record.certificates if certificate_state(one) == CertificateState.VALID]


def _attended(record: Record) -> list[Block]:
    heading = Heading("I. Hoạt động đã tham gia")
    if not record.attended:
        return [heading, Paragraph("Chưa có hoạt động nào.")]
    rows = [(one.name if one.counts else f"{one.name} ({Part(one.part).label.lower()})", one.host, _when(one),
             str(one.lengths.sessions), _hours(one.lengths)) for one in named(record.attended)]  # fmt: skip
    note = [Paragraph(UNKNOWN.format(record.total.unknown))] if record.total.unknown else []
    return [heading, _table(_ATTENDED, rows), *note]


def _certificates(record: Record) -> list[Block]:
    heading = Heading("II. Chứng nhận")
    if not record.certificates:
        return [heading, Paragraph("Chưa có chứng nhận nào.")]
    rows = [
        (one.activity.name, one.number, f"{issued_on(one):%d/%m/%Y}", str(certificate_state(one).label))
        for one in record.certificates
    ]
    return [heading, _table(_CERTIFICATES, rows)]


def _elsewhere(completions: list[Completion]) -> list[Block]:
    heading = Heading("III. Kết quả học ở nơi khác")
    if not completions:
        return [heading, Paragraph("Chưa ghi kết quả nào.")]
    rows = [
        (one.title, one.platform, f"{one.on:%d/%m/%Y}", one.reference or "–", _number(one.hours))
        for one in completions
    ]
    return [heading, _table(_ELSEWHERE, rows)]


def _read(books: list[Book] | None) -> list[Block]:
    if books is None:
        return []
    heading = Heading("IV. Sách đã đọc")
    if not books:
        return [heading, Paragraph("Chưa ghi quyển nào.")]
    rows = [(one.title, one.author or "–", f"{one.read_on:%d/%m/%Y}") for one in books]
    return [heading, _table(_BOOKS, rows), Paragraph("Sách do người đọc tự ghi.")]


def _table(columns: tuple[Column, ...], rows: list[tuple[str, ...]]) -> FigureTable:
    numbered = tuple(Row((str(number), *row)) for number, row in enumerate(rows, 1))
    return FigureTable(columns, numbered, key=1, main=len(columns))


def _when(one: Attended) -> str:
    if one.first == one.last:
        return f"{one.first:%d/%m/%Y}"
    return f"{one.first:%d/%m/%Y} đến {one.last:%d/%m/%Y}"


def _hours(lengths: Lengths) -> str:
    """ "–" where no session has a known length."""
    return _number(lengths.hours) if lengths.minutes or not lengths.unknown else "–"


def _number(hours: Decimal | None) -> str:
    return "–" if hours is None else f"{hours.normalize():f}".replace(".", ",")
