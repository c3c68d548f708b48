"""Short ways to make documents in tests."""

from datetime import date

from hoctap.directives.actions import DirectiveData, register_directive
from hoctap.directives.enums import Authority, DocumentKind
from hoctap.directives.models import Directive

OCT_2 = date(2023, 10, 2)
PLAN_SUBJECT = "Tổ chức Tuần lễ hưởng ứng học tập suốt đời năm 2023 trên địa bàn Quận 3"


def plan_data(cast, **other) -> DirectiveData:
    """Kế hoạch 333/KH-UBND of Quận 3, as printed."""
    given = {
        "kind": DocumentKind.KH,
        "subject": PLAN_SUBJECT,
        "number_text": "Số: 333 /KH-UBND",
        "issued_on": OCT_2,
        "issuer": cast.q3,
        "place": "Quận 3",
        "body": "I. MỤC ĐÍCH, YÊU CẦU\n\nTổ chức Tuần lễ nhằm đẩy mạnh phong trào học tập.",
        "authority": Authority.KT,
        "signer_position": "Phó Chủ tịch",
        "signer_name": "Vũ Thị Mỹ Ngọc",
    }
    return DirectiveData(**given | other)


def plan(cast, *, citations=(), attachments=(), deliver_to=(), **other) -> Directive:
    return register_directive(
        seat=cast.q3_leader,
        data=plan_data(cast, **other),
        citations=citations,
        attachments=attachments,
        deliver_to=deliver_to,
    )[0]


def entry(seat, *, citations=(), deliver_to=(), confirm=False, **data) -> Directive:
    """Any document, registered from a seat; issued by its own unit unless said otherwise."""
    given = {"kind": DocumentKind.CV, "subject": "Văn bản"} | data
    if "issuer" not in given and "issuer_name" not in given:
        given["issuer"] = seat.unit
    return register_directive(
        seat=seat,
        data=DirectiveData(**given),
        citations=citations,
        deliver_to=deliver_to,
        confirm_duplicate=confirm,
    )[0]
