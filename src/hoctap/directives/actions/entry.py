"""Entering a document in the register, and correcting the entry."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction

from hoctap.directives import queries, rules, uploads
from hoctap.directives.actions import numbering
from hoctap.directives.actions.links import settle, write_citations
from hoctap.directives.actions.sending import send_to
from hoctap.directives.citing import CitationData
from hoctap.directives.enums import Authority, DirectiveStatus, DocumentKind
from hoctap.directives.models import Attachment, Directive, DirectiveText
from hoctap.kernel import clock, files, journal
from hoctap.kernel.errors import Conflict, Refusal
from hoctap.orgs import queries as org_queries
from hoctap.orgs import roles
from hoctap.orgs import rules as org_rules
from hoctap.orgs.models import Seat, Unit

BODY_LIMIT = 200_000  # characters, some 65 pages: what the search index of one row takes
FILES_LIMIT = 10
_LENGTHS = {  # what it is called, and how many characters its column takes
    "issuer_name": ("Cơ quan ban hành", 200),
    "number": ("Số", 20),
    "notation": ("Ký hiệu", 60),
    "number_text": ("Số, ký hiệu", 90),
    "place": ("Địa danh", 80),
    "subject": ("Trích yếu", 500),
    "signer_position": ("Chức vụ người ký", 120),
    "signer_name": ("Người ký", 120),
}


@dataclass(frozen=True)
class DirectiveData:
    """What a person reads off a document. ``number_text`` as printed, empty when there is none; the issuer is a
    unit here, or only ``issuer_name`` for an outside body (with both, the name is the one printed).

    ``draft``: to be issued later. ``token``: of the form sent; the same token again gives the first entry.
    """

    kind: DocumentKind
    subject: str
    number_text: str = ""
    issued_on: date | None = None
    issuer: Unit | None = None
    issuer_name: str = ""
    place: str = ""
    body: str = ""
    authority: Authority = Authority.NONE
    signer_position: str = ""
    signer_name: str = ""
    recipients_text: str = ""
    draft: bool = False
    token: UUID | None = None


class DuplicateNumber(Conflict):
    """The number, notation and issuer are already in the register: look at ``others``, or confirm."""

    def __init__(self, directive: Directive, others: list[Directive]):
        shown = f"{others[0].issued_on:%d/%m/%Y}" if others[0].issued_on else "không ghi ngày"
        super().__init__(
            f"Số {directive.number_label} của {directive.issuer_name} đã có trong sổ (ngày {shown}, "
            f"“{others[0].subject[:120]}”). Nếu là cùng một văn bản thì mở văn bản đó; nếu không, xác nhận để vẫn vào sổ."
        )
        self.others = others


@transaction.atomic
def register_directive(
    *,
    seat: Seat,
    data: DirectiveData,
    citations: Iterable[str | CitationData] = (),
    attachments: Sequence[tuple[str, bytes]] = (),
    deliver_to: Iterable[Unit] = (),
    confirm_duplicate: bool = False,
) -> tuple[Directive, list[str]]:
    """Vào sổ văn bản: the entry, with warnings in words. ``attachments``: (name, bytes).

    Issued at once unless ``data.draft``; sending to other units is then told to them at once too.
    """
    org_rules.require(seat, roles.REGISTER_DIRECTIVE)
    if data.token and (first := Directive.objects.filter(token=data.token, registered_by=seat.unit).first()):
        return first, []
    directive = Directive(registered_by=seat.unit, token=data.token)
    directive.status = DirectiveStatus.DRAFT if data.draft else DirectiveStatus.ISSUED
    body = _fill(directive, data)
    if rules.is_outgoing(directive) and not data.draft:
        org_rules.require(seat, roles.ISSUE_DIRECTIVE)
    warnings = _warnings(seat, directive, confirm_duplicate)
    named = _checked(attachments)
    try:
        with transaction.atomic():
            directive.save()
    except IntegrityError:
        if data.token is None:
            raise
        # The second of two clicks at the same moment.
        return Directive.objects.get(token=data.token, registered_by=seat.unit), []
    _keep_text(directive, body)
    _attach(directive, named)
    write_citations(directive, citations)
    journal.record("directive.register", directive, seat=seat, status=directive.status)
    send_to(seat, directive, deliver_to)
    settle(directive)
    return directive, warnings


@transaction.atomic
def edit_directive(
    *,
    seat: Seat,
    directive: Directive,
    data: DirectiveData,
    version: int,
    citations: Iterable[str | CitationData] | None = None,
    attachments: Sequence[tuple[str, bytes]] = (),
    drop_files: Iterable[int] = (),
    confirm_duplicate: bool = False,
) -> tuple[Directive, list[str]]:
    """Sửa nội dung đã vào sổ. ``version`` is the one the person was looking at; a newer one is a Conflict.

    ``citations`` None leaves them; ``drop_files``: ids of attachments to take off.
    """
    directive = (
        Directive.objects.select_for_update(of=("self",)).select_related("issuer").get(pk=directive.pk)
    )
    if not rules.may_edit(seat, directive):
        raise Refusal(
            f"Không sửa được văn bản này từ vị trí đang dùng: chỉ {directive.registered_by.name} sửa văn bản mình vào sổ "
            "(văn bản đã ban hành thì lãnh đạo hoặc văn thư), khi chưa thu hồi, thay thế."
        )
    if directive.version != version:
        raise Conflict(
            "Văn bản này vừa được sửa ở nơi khác. Mở bản mới xem khác gì, rồi sửa tiếp; chữ vừa nhập vẫn còn trong các ô."
        )
    before = {field: getattr(directive, field) for field in _EDITED}
    body = _fill(directive, data)
    if not rules.may_edit(seat, directive):  # an incoming entry turned into one of our own making
        org_rules.require(seat, roles.ISSUE_DIRECTIVE)
    warnings = _warnings(seat, directive, confirm_duplicate)
    named = _checked(attachments, already=directive.attachments.exclude(pk__in=drop_files).count())
    directive.version += 1
    directive.save()
    rewritten = _keep_text(directive, body)
    directive.attachments.filter(pk__in=drop_files).delete()
    _attach(directive, named)
    if citations is not None:
        write_citations(directive, citations)
    changed = [field for field in _EDITED if getattr(directive, field) != before[field]]
    changed += ["body"] if rewritten else []
    journal.record("directive.edit", directive, seat=seat, fields=changed, files=[name for name, _ in named])
    if {"number_key", "issued_on", "issuer_id", "issuer_name"} & set(changed):
        settle(directive)
    return directive, warnings


_EDITED = (
    *("kind", "number_text", "number_key", "issued_on", "issuer_id", "issuer_name", "place", "subject"),
    *("authority", "signer_position", "signer_name", "recipients_text"),
)


def _fill(directive: Directive, data: DirectiveData) -> str:
    """Put what was read off the document in its row; the cleaned body."""
    numbering.write(directive, _line(data.number_text))
    directive.kind, directive.authority = DocumentKind(data.kind), Authority(data.authority)
    directive.issued_on = data.issued_on
    directive.listed_on = data.issued_on or directive.listed_on or clock.today()
    directive.issuer = data.issuer
    directive.issuer_name = _line(data.issuer_name) or _name_of(data)
    for field in ("place", "subject", "signer_position", "signer_name"):
        setattr(directive, field, _line(getattr(data, field)))
    directive.recipients_text = _text(data.recipients_text)
    body = _text(data.body)
    _check_size(directive, body)
    return body


def _keep_text(directive: Directive, body: str) -> bool:
    """Write the text and what search reads; whether the body is another than before."""
    before = DirectiveText.objects.filter(directive=directive).values_list("body", flat=True).first()
    said = {"heading": text_heading(directive), "issuer_name": directive.issuer_name, "body": body}
    DirectiveText.objects.update_or_create(directive=directive, defaults=said)
    return body != (before or "")


def text_heading(directive: Directive) -> str:
    """What search finds a document by first."""
    return f"{directive.subject} {directive.number_text}"


def _name_of(data: DirectiveData) -> str:
    if data.issuer is None:
        raise Refusal("Chưa có cơ quan ban hành. Chọn đơn vị, hoặc ghi tên cơ quan như in trên văn bản.")
    return org_queries.name_on(data.issuer, data.issued_on or clock.today())


def _check_size(directive: Directive, body: str) -> None:
    if not directive.subject:
        raise Refusal("Chưa có trích yếu. Ghi trích yếu như in trên văn bản.")
    for field, (words, limit) in _LENGTHS.items():
        if len(getattr(directive, field)) > limit:
            raise Refusal(
                f"{words} dài {len(getattr(directive, field))} ký tự, nhiều nhất {limit}. Rút gọn rồi lưu lại."
            )
    if len(body) > BODY_LIMIT:
        shown = f"{len(body):,}".replace(",", ".")
        raise Refusal(
            f"Toàn văn dài {shown} ký tự, nhiều nhất 200.000. Đính kèm tệp gốc, chỉ dán phần chính."
        )


def _line(text: str) -> str:
    return " ".join(_text(text).split())


def _text(text: str) -> str:
    """NFC, Đ for a scanner's Ð, plain line ends, no control characters except tab and line end."""
    text = unicodedata.normalize("NFC", text).replace("\u00d0", "Đ").replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in text if c in "\t\n" or unicodedata.category(c) != "Cc").strip("\n ")


def _warnings(seat: Seat, directive: Directive, confirmed: bool) -> list[str]:
    series = numbering.hold(directive) if numbering.counts(directive) else None
    said = numbering.note(series, directive) if series else []
    if others := queries.same_number_as(seat, directive):
        if not confirmed:
            raise DuplicateNumber(directive, others)
        said.append(
            f"Số {directive.number_label} của {directive.issuer_name} có {len(others) + 1} lần trong sổ."
        )
    if directive.issued_on and directive.issued_on > clock.today():
        said.append(f"Ngày văn bản {directive.issued_on:%d/%m/%Y} ở sau hôm nay.")
    return said


def _checked(attachments: Sequence[tuple[str, bytes]], already: int = 0) -> list[tuple[str, bytes]]:
    if already + len(attachments) > FILES_LIMIT:
        raise Refusal(f"Một văn bản kèm nhiều nhất {FILES_LIMIT} tệp. Gộp bớt tệp rồi chọn lại.")
    return [(uploads.check(name, data), data) for name, data in attachments]


def _attach(directive: Directive, named: list[tuple[str, bytes]]) -> None:
    for name, data in named:
        Attachment.objects.create(directive=directive, file=files.store(data), name=name)
