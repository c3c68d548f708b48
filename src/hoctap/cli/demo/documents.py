"""Văn bản của thế giới minh họa: the five source documents, each registered by its issuer with its real text.

The particulars were read off the texts by a person. What a text does not print stays empty: document 004 has no
number, date, place or signer. Only what the receivers answer (seen, acknowledged) is invented.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from importlib.resources import files

from hoctap.cli.demo.units import AGENCY_CODES, WARD_CODES
from hoctap.directives.actions import DirectiveData, acknowledge, mark_seen, register_directive
from hoctap.directives.citing import CitationData, read
from hoctap.directives.enums import Authority, DocumentKind
from hoctap.directives.models import Directive
from hoctap.kernel import clock
from hoctap.orgs import roles
from hoctap.orgs.models import Seat, Unit

_UNOPENED = {"quansu-q3"}
_UNCONFIRMED = _UNOPENED | {"nhandao-q3", "congan-q3"}


@dataclass(frozen=True)
class Seed:
    """One source document. ``issuer`` and ``receivers`` are unit codes, ``seat`` a user name; ``entered`` the day
    it was registered, its own date where it has one. ``bases`` and ``mentions`` are citations, one a line."""

    issuer: str
    seat: str
    entered: date
    receivers: tuple[str, ...]
    particulars: dict
    bases: str
    mentions: str = ""
    recipients: str = ""
    number_text: str = ""
    issued_on: date | None = field(default=None)


def _bases_of(code: str, count: int) -> tuple[str, ...]:
    return tuple(f"{code}-cs{number}" for number in range(1, count + 1))


SEEDS = {
    "000": Seed(
        issuer="ldld-gv",
        seat="lanhdao.govap",
        entered=date(2023, 9, 29),
        issued_on=date(2023, 9, 29),
        number_text="Số: 245/LĐLĐ",
        receivers=_bases_of("ldld-gv", 6),
        particulars={
            "kind": DocumentKind.CV,
            "subject": "Tổ chức tuần lễ hưởng ứng học tập suốt đời trong đoàn viên, người lao động năm 2023 và khai thác, "
            "sử dụng sách điện tử “Những tấm gương bình dị tỏa sáng giữa đời thường”",
            "place": "Gò Vấp",
            "authority": Authority.TM,
            "signer_position": "Ban Thường vụ, Phó Chủ tịch",
            "signer_name": "Trần Thị Bích Thuận",
        },
        recipients="- Như trên;\n- Lưu: VT, TG.",
        bases="""
        Công văn số 1118/LĐLĐ-TG ngày 29 tháng 9 năm 2023 của Ban Thường vụ Liên đoàn Lao động Thành phố
        Công văn số 305-CV/BTGQU ngày 25 tháng 9 năm 2023 của Ban Tuyên giáo Quận ủy
        """,
    ),
    "001": Seed(
        issuer="ldld-thuduc",
        seat="lanhdao.thuduc",
        entered=date(2024, 5, 7),
        issued_on=date(2024, 5, 7),
        number_text="Số 432/LĐLĐ",
        receivers=_bases_of("ldld-thuduc", 4),
        particulars={
            "kind": DocumentKind.CV,
            "subject": "Tham gia hưởng ứng Phong trào thi đua “Cả nước xây dựng xã hội học tập, đẩy mạnh học tập suốt đời "
            "giai đoạn 2023 – 2030”",
            "place": "Tp. Thủ Đức",
            "authority": Authority.TM,
            "signer_position": "Ban Thường vụ, Phó Chủ tịch",
            "signer_name": "Trần Phước Hùng",
        },
        recipients="- Như trên;\n- Lưu: VT.",
        bases="""
        Công văn số 433/LĐLĐ-TG ngày 22 tháng 02 năm 2024 của Liên đoàn Lao động Thành phố
        """,
        mentions="""
        Hướng dẫn số 09/HD-LĐLĐ ngày 16/5/2023 của LĐLĐ Thành phố Hồ Chí Minh
        Hướng dẫn số 10/HD-LĐLĐ ngày 11/8/2023 của LĐLĐ thành phố Thủ Đức
        Quyết định số 1268/QĐ-TTg ngày 19/10/2022 của Thủ tướng Chính phủ
        Thông tư số 24/TT- BGDĐT ngày 11/12/2023 của Bộ Giáo dục và Đào tạo
        """,
    ),
    "002": Seed(
        issuer="cdyt-thaibinh",
        seat="lanhdao.cdyt",
        entered=date(2022, 2, 8),
        issued_on=date(2022, 2, 8),
        number_text="Số: 32 /CDYT",
        receivers=("ldld-thaibinh", *_bases_of("cdyt-thaibinh", 4)),
        particulars={
            "kind": DocumentKind.CV,
            "subject": "Thực hiện Đề án “Xây dựng xã hội học tập giai đoạn 2021-2030” trên địa bàn tỉnh Thái Bình",
            "place": "Thái Bình",
            "authority": Authority.TM,
            "signer_position": "Ban Thường vụ, Chủ tịch",
            "signer_name": "Đào Văn Truyền",
        },
        recipients="- LĐLĐ tỉnh;\n- LĐ Sở Y tế;\n- BTV, BCH Công đoàn ngành;\n- Các CĐCS trực thuộc;\n- Lưu: VP CĐN.",
        bases="""
        Công văn số 1141/LĐLĐ ngày 26/01/2022 của Liên đoàn Lao động tỉnh Thái Bình
        """,
    ),
    "003": Seed(
        issuer="ubnd-q3",
        seat="vanthu.ubnd",
        entered=date(2023, 10, 2),
        issued_on=date(2023, 10, 2),
        number_text="Số: 333 /KH-UBND",
        receivers=(
            *("sgddt-hcm", "pgd-q3", *AGENCY_CODES, *WARD_CODES),
            *("mn-minhhoa-q3", "th-minhhoa-q3", "thcs-leloi-q3", "thcs-minhhoa-q3"),
        ),
        particulars={
            "kind": DocumentKind.KH,
            "subject": "Tổ chức Tuần lễ hưởng ứng học tập suốt đời năm 2023 trên địa bàn Quận 3",
            "place": "Quận 3",
            "authority": Authority.KT,
            "signer_position": "Chủ tịch, Phó Chủ tịch",
            "signer_name": "Vũ Thị Mỹ Ngọc",
        },
        recipients="- Sở GD&ĐT Thành phố;\n- TT. Quận ủy Quận 3;\n- TT. UBND Quận 3;\n- Các đơn vị tại mục III;\n"
        "- Các trường MN, TH, THCS, THPT;\n- VP UBND Q3;\n- Lưu: VT, P.GD&ĐT.",
        bases="""
        Kế hoạch số 4753/KH-UBND ngày 25 tháng 9 năm 2023 của Ủy ban nhân dân Thành phố Hồ Chí Minh
        Kế hoạch số 5511/KH-SGDĐT ngày 27 tháng 9 năm 2023 của Sở Giáo dục và Đào tạo Thành phố Hồ Chí Minh
        """,
        mentions="""
        Kết luận số 49-KL/TW của Ban Bí thư ngày 10/5/2019
        Chỉ thị số 11-CT/TW của Bộ Chính trị
        Quyết định 281/QĐ-TTg của Chính phủ
        Chỉ thị 04/CT-TU của Thành ủy
        Chỉ thị số 14/CT-TTg ngày 25/5/2021 của Thủ tướng Chính phủ
        Quyết định số 1373/QĐ-TTg ngày 30/7/2021 của Thủ tướng Chính phủ
        """,
    ),
    "004": Seed(
        issuer="cdgd-hcm",
        seat="lanhdao.cdgd",
        entered=date(2024, 6, 10),  # it prints no date; the latest it cites is 07/6/2024
        receivers=_bases_of("cdgd-hcm", 4),
        particulars={
            "kind": DocumentKind.KH,
            "subject": "Triển khai thực hiện Đề án “Xây dựng xã hội học tập giai đoạn 2021-2030” năm 2024 của tổ chức "
            "Công đoàn Thành phố Hồ Chí Minh",
        },
        bases="""
        Kế hoạch số 72/KH-LĐLĐ ngày 07 tháng 6 năm 2024 của Liên đoàn Lao động Thành phố
        """,
        mentions="""
        Quyết định số 1315/QĐ-TTg ngày 09 tháng 11 năm 2023 của Thủ tướng Chính phủ
        Nghị quyết số 37/2023/NQ-HĐND
        Thông tư số 24/2023/TT-BGDĐT
        Thông tư số 25/2023/TT-BGDĐT
        Kế hoạch số 4344/KH-UBND
        Kế hoạch số 734/KH-UBND
        Kế hoạch số 10/KH-LĐLĐ ngày 10 tháng 3 năm 2022
        Hướng dẫn số 69/HD-TLĐ ngày 24 tháng 11 năm 2022 của Tổng Liên đoàn Lao động Việt Nam
        Hướng dẫn số 09/HD-LĐLĐ ngày 16 tháng 5 năm 2023 của Liên đoàn Lao động Thành phố
        Quyết định số 1268/QĐ-TTg ngày 19/10/2022 của Thủ tướng Chính phủ
        Kế hoạch phối hợp số 42/KH-SGDĐT-HKH giữa Sở Giáo dục và Đào tạo và Hội khuyến học Thành phố Hồ Chí Minh
        Kế hoạch số 3650/KH-SGDĐT
        """,
    ),
}


def text_of(name: str) -> str:
    """The real text of a source document, as scanned and read: ``"003"``."""
    return (files("hoctap.cli.demo") / "texts" / f"{name}.txt").read_text(encoding="utf-8")


def register_seeds(units: dict[str, Unit], seats: dict[str, Seat]) -> dict[str, Directive]:
    """The five documents by their seed's number, each entered on its own day; ``seats`` by user name."""
    return {name: _register(name, seed, units, seats) for name, seed in SEEDS.items()}


def _register(name: str, seed: Seed, units: dict[str, Unit], seats: dict[str, Seat]) -> Directive:
    entered = datetime.combine(seed.entered, time(14), clock.VIETNAM)
    data = DirectiveData(
        number_text=seed.number_text,
        issued_on=seed.issued_on,
        issuer=units[seed.issuer],
        body=text_of(name),
        recipients_text=seed.recipients,
        **seed.particulars,
    )
    with clock.frozen(entered):
        directive, _ = register_directive(
            seat=seats[seed.seat],
            data=data,
            citations=[*_cited(seed.bases, basis=True), *_cited(seed.mentions, basis=False)],
            deliver_to=[units[code] for code in seed.receivers],
        )
    _answer(directive, _readers(seats), entered)
    return directive


def _cited(lines: str, *, basis: bool) -> Iterator[CitationData]:
    for line in lines.strip().splitlines():
        said = read(line)
        yield CitationData(said.text, said.number_text, said.issued_on, said.issuer_name, basis)


def _readers(seats: dict[str, Seat]) -> dict[int, Seat]:
    """By unit id, the first seat there that opens letters."""
    readers: dict[int, Seat] = {}
    for seat in seats.values():
        if roles.may(seat.role, roles.ACKNOWLEDGE_DIRECTIVE):
            readers.setdefault(seat.unit_id, seat)
    return readers


def _answer(directive: Directive, readers: dict[int, Seat], sent: datetime) -> None:
    """One after the other within the same afternoon, whoever sits in a receiving unit; a few have not yet."""
    received = directive.deliveries.select_related("unit").order_by("pk")
    for minutes, delivery in enumerate(received, start=12):
        seat, code = readers.get(delivery.unit_id), delivery.unit.code
        if seat is None or code in _UNOPENED:
            continue
        with clock.frozen(sent + timedelta(minutes=minutes)):
            answer = mark_seen if code in _UNCONFIRMED else acknowledge
            answer(seat=seat, directive=directive)
