"""Bản dữ liệu của một người: all that is kept of one person, to hand over; as JSON for machines, as a workbook to read."""

import io
import json
from typing import Any

import xlsxwriter
from django.core.serializers.json import DjangoJSONEncoder

from hoctap.kernel import clock, journal
from hoctap.orgs import rules as org_rules
from hoctap.orgs.models import Seat
from hoctap.people.models import Consent, Person

Part = list[dict[str, Any]]  # rows of one kind, {heading: value}


def hand_over(*, seat: Seat | None, person: Person) -> dict[str, Part]:
    """``data_of``, with the act in the journal; a seat hands over no book that its reader keeps to herself, she does (None).

    Refusal out of the seat's reach.
    """
    if seat:
        org_rules.require_person(seat, person)
    data = data_of(person, own=seat is None)
    journal.record("person.export", person, seat=seat)
    return data


def data_of(person: Person, *, own: bool = True) -> dict[str, Part]:
    """Each kind of what is kept, under its Vietnamese name; days as dates, moments in Vietnam's time.

    ``own``: for the person's eyes alone.
    """
    books = person.books.order_by("read_on", "pk")
    return {
        "Thông tin": _about(person),
        "Thuộc đơn vị": [
            {
                "Đơn vị": row.unit.name,
                "Tư cách": row.get_standing_display(),
                "Từ ngày": row.valid.lower,
                "Đến trước ngày": row.valid.upper,
            }
            for row in person.memberships.select_related("unit").order_by("valid")
        ],
        "Đồng ý": [_consent(row) for row in person.consents.order_by("given_on", "pk")],
        "Thẻ học tập": [
            {"Cấp lúc": row.issued_at, "Thu hồi lúc": row.revoked_at} for row in person.cards.order_by("pk")
        ],
        **_learning(person),
        "Sách đã đọc": [
            {
                "Tên sách": row.title,
                "Tác giả": row.author,
                "Ngày đọc": row.read_on,
                "Điều tâm đắc": row.note,
                "Cho đơn vị thấy": "có" if row.shown else "",
            }
            for row in (books if own else books.filter(shown=True))
        ],
        "Yêu cầu": [
            {
                "Yêu cầu": row.get_kind_display(),
                "Ngày": row.asked_on,
                "Trả lời lúc": row.answered_at,
                "Xong lúc": row.done_at,
                "Ghi chú": row.note,
            }
            for row in person.requests.order_by("pk")
        ],
    }


def _about(person: Person) -> Part:
    user = person.user
    return [
        {
            "Họ tên": person.full_name,
            "Năm sinh": person.birth_year,
            "Liên hệ": person.contact,
            "Người giám hộ": person.guardian_name,
            "Liên hệ người giám hộ": person.guardian_contact,
            "Tài khoản": user.username if user else "",
            "Ghi từ lúc": person.made_at,
        }
    ]


def _consent(row: Consent) -> dict[str, Any]:
    return {
        "Mục đích": row.get_purpose_display(),
        "Cách đồng ý": row.get_way_display(),
        "Người đồng ý": row.given_by,
        "Là người giám hộ": "có" if row.by_guardian else "",
        "Ngày đồng ý": row.given_on,
        "Ngày rút lại": row.withdrawn_on,
    }


def _learning(person: Person) -> dict[str, Part]:
    registered = person.registrations.select_related("activity__host").order_by("pk")
    attended = person.attendances.select_related("session__activity__host").order_by("session__starts_at")
    return {
        "Đăng ký": [
            {
                "Hoạt động": row.activity.name,
                "Đơn vị tổ chức": row.activity.host.name,
                "Vai": row.get_part_display(),
                "Tình trạng": row.get_state_display(),
                "Lúc": row.at,
            }
            for row in registered
        ],
        "Điểm danh": [
            {
                "Hoạt động": row.session.activity.name,
                "Đơn vị tổ chức": row.session.activity.host.name,
                "Buổi": row.session.starts_at,
                "Có mặt": "có" if row.present else "vắng",
                "Vai": row.get_part_display(),
            }
            for row in attended
        ],
        "Chứng nhận": [
            {
                "Số": row.number,
                "Hoạt động": row.activity.name,
                "Tên trên chứng nhận": row.name,
                "Số giờ": row.hours,
                "Cấp lúc": row.issued_at,
                "Thu hồi lúc": row.revoked_at,
            }
            for row in person.certificates.select_related("activity").order_by("pk")
        ],
        "Học ở nơi khác": [
            {
                "Nơi học": row.platform,
                "Khóa học": row.title,
                "Ngày": row.on,
                "Số giờ": row.hours,
                "Số chứng nhận": row.reference,
            }
            for row in person.completions.order_by("on", "pk")
        ],
        "Nhu cầu học": [
            {"Khảo sát": row.survey.name, "Chủ đề": row.topic.name, "Ghi chú": row.note, "Lúc": row.at}
            for row in person.needs.select_related("survey", "topic").order_by("pk")
        ],
    }


def as_json(data: dict[str, Part]) -> bytes:
    return json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2).encode()


def as_workbook(data: dict[str, Part]) -> bytes:
    """One sheet a kind; what there is none of says so."""
    out = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "remove_timezone": True}
    with xlsxwriter.Workbook(out, options) as book:
        bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        moment = book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
        for title, rows in data.items():
            sheet = book.add_worksheet(title)
            if not rows:
                sheet.write_string(0, 0, "Không có gì.")
                continue
            for column, heading in enumerate(rows[0]):
                sheet.set_column(column, column, 24)
                sheet.write_string(0, column, heading, bold)
            for number, row in enumerate(rows, 1):
                for column, value in enumerate(row.values()):
                    _write(sheet, number, column, value, day, moment)
    return out.getvalue()


def _write(sheet: Any, row: int, column: int, value: Any, day: Any, moment: Any) -> None:
    if value is None or value == "":
        return
    if hasattr(value, "hour"):
        sheet.write_datetime(row, column, value.astimezone(clock.VIETNAM), moment)
    elif hasattr(value, "day"):
        sheet.write_datetime(row, column, value, day)
    elif isinstance(value, str):
        sheet.write_string(row, column, value)
    else:
        sheet.write_number(row, column, value)
