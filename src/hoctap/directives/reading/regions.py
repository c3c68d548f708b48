"""The parts of a document by Nghị định 30/2020, Điều 8: head, text, foot (signature, Nơi nhận), appendices. Pure.

Each is known by what it begins with; a part that is not there is empty.
"""

import re
from dataclasses import dataclass

from hoctap.directives.enums import DocumentKind
from hoctap.directives.reading.outline import CAPITAL, Line, lines_of
from hoctap.directives.reading.persons import POST, is_name
from hoctap.kernel.vietnamese import fold

KINDS = {fold(kind.label): kind for kind in DocumentKind if kind is not DocumentKind.OTHER} | dict.fromkeys(
    ("cong dien", "quy che", "quy dinh", "the le", "bien ban", "loi keu goi", "cong bo", "thu ngo"),
    DocumentKind.OTHER,
)
_KIND_TAIL = re.compile(
    r" (?:va huong dan|lien (?:nganh|tich|so)|phoi hop(?: cong tac| lien nganh)?|hanh dong|cong tac(?: nam \d{4})?)$"
)
_MORE_OF_KIND = re.compile(
    rf" (?:LIÊN (?:NGÀNH|TỊCH)|PHỐI HỢP|HÀNH ĐỘNG|VÀ HƯỚNG DẪN)(?=\s+[^{CAPITAL}\s]|\s+[{CAPITAL}][^{CAPITAL}\s])"
)
_LONGEST_HEAD = 40  # lines
NUMBER = re.compile(r"(?:Số|SỐ)\b\s*[:.]?\s*|(?=\d{1,5}\s?[A-Za-z]?\s?[-/]\s?[A-ZĐ])")
PLACE_AND_DAY = re.compile(
    r"(?:(?P<place>[^\W\d_][^,/\n]{1,60}),\s*"
    rf"|(?!(?:Từ|Đến|Vào|Trước|Sau|Trong|Hạn|Ký)\b)(?P<place3>(?:[{CAPITAL}][\w.-]*\s+){{1,4}})(?=ngày))?(?:ngày"
    r"|Ngày)\s*(?P<day>[\d.…\s]{0,6}?)\s*tháng\s*[\d.…\s]{0,6}?\s*năm\s*[\d.…]{2,6}\s*$"
    r"|(?P<place2>[^\W\d_][^,\n]{1,60}),\s*(?:ngày\s+)?\d{1,2}\s?[/.-]\s?\d{1,2}\s?[/.-]\s?\d{4}\s*$"
)
MOTTO = re.compile(
    r"cong hoa xa hoi chu nghia|doc lap\s?(?:[-–]|tu do)|dang cong san viet nam$|doan tncs ho chi minh$"
    r"|doan thanh nien cong san ho chi minh$"
)
KINDLY = re.compile(r"(?:Kính gửi|KÍNH GỬI|Kính gởi)\b\s*:?\s*")
SUBJECT = re.compile(r"(?:V/v|v/v|V/V|Vv\.?(?=\s)|V\.v(?=\s)|Về việc|VỀ VIỆC|Trích yếu|Về(?=\s?:))\b\s*:?\s*")
RECIPIENTS = re.compile(r"(?:Nơi nhận|NƠI NHẬN|Nơi gửi)\s*:?\s*")
AUTHORITY = re.compile(
    rf"(?P<code>(?:TM|KT|TL|TUQ)(?=[.\s])|T/M|K/T|T/L|Q(?=\.))\s?[.]?\s?(?P<rest>[{CAPITAL}].*)$"
)
_GROUNDS = re.compile(r"(?:Căn cứ|CĂN CỨ|Xét đề nghị|Theo đề nghị|Xét)\b")
_BODY = re.compile(
    r"(?:Thực hiện|Theo\b|Nhằm|Để\b|Xét|Tiếp tục|Trong\b|Hưởng ứng|Triển khai thực hiện .{5,200}, "
    r"|Nghị quyết|Ngày|Vừa qua|Hiện nay)"
)
_SIGNED = re.compile(
    r"\(?(?:đã ký|ký, (?:ghi|đóng)|da ky|ký bởi|người ký|ngày ký|thời gian ký|ký điện tử|ký số|chữ ký|ký tên"
    r"|email\s*:|cơ quan\s*:"
    r"|digitally signed|signature|\[.{0,30}ký.{0,30}\]).{0,90}$",
    re.IGNORECASE,
)
_ANNEX_TITLE = re.compile(r"\((?:đ[iíịì]nh kèm|kèm theo|ban hành kèm|Ban hành kèm)", re.IGNORECASE)


@dataclass(frozen=True)
class Regions:
    """Lines of each part, in order; ``annexes`` one list for each appendix. Another document may begin behind them."""

    text: str
    head: list[Line]
    body: list[Line]
    foot: list[Line]
    annexes: list[list[Line]]
    next_document: int | None = None

    @property
    def end(self) -> int:
        return len(self.text) if self.next_document is None else self.next_document


def regions(text: str) -> Regions:
    lines = lines_of(text)
    lines = lines[_letterhead(lines) :]
    begin = _head_end(lines)
    second = _second(lines, begin)
    next_document = None if second is None else lines[second].start
    lines = lines[:second]
    foot = _foot(lines, begin)
    if foot is None:
        cut = next((at for at in range(begin, len(lines)) if _opens_annex(lines, at)), len(lines))
        return Regions(text, lines[:begin], lines[begin:cut], [], _annexes(lines[cut:]), next_document)
    after = _foot_end(lines, foot)
    return Regions(
        text, lines[:begin], lines[begin:foot], lines[foot:after], _annexes(lines[after:]), next_document
    )


def _second(lines: list[Line], begin: int) -> int | None:
    """Where another document's head begins: its motto, or a number of its own with place and day beside it."""
    for at in range(begin, len(lines)):
        line = lines[at]
        near = lines[max(begin, at - 6) : at + 7]
        if MOTTO.match(fold(line.text)) and any(
            is_number(other) or PLACE_AND_DAY.fullmatch(other.text) for other in near
        ):
            while (
                at - 1 > begin
                and lines[at - 1].is_title
                and not AUTHORITY.fullmatch(lines[at - 1].text)
                and not is_name(lines[at - 1])
            ):
                at -= 1
            return at
        if (
            line.text.startswith(("Số", "SỐ"))
            and is_number(line)
            and any(PLACE_AND_DAY.fullmatch(other.text) for other in near)
        ):
            return at
    return None


def _letterhead(lines: list[Line]) -> int:
    """Where the document begins on a web page that says something before it; 0 where no motto tells."""
    at = next((at for at, line in enumerate(lines[:_LONGEST_PREFACE]) if MOTTO.match(fold(line.text))), 0)
    near = lines[max(0, at - 6) : at + 7]
    if not at or not any(is_number(line) or PLACE_AND_DAY.fullmatch(line.text) for line in near):
        return 0
    if any(KINDLY.match(line.text) or AUTHORITY.fullmatch(line.text) for line in lines[:at]):
        return 0  # a document stands before it
    begin = at
    for back in range(at - 1, max(-1, at - 8), -1):
        line = lines[back]
        if line.is_title or is_head_line(line) or SUBJECT.match(line.text):
            begin = back
        elif line.text[-1] in ".;:":
            break
    return begin if any(_is_text(line) or len(line.text) > 80 for line in lines[:begin]) else 0


_LONGEST_PREFACE = 60  # lines


def _head_end(lines: list[Line]) -> int:
    """Behind the last line that only a head has: number, day, kind, subject, addressees."""
    end, at = 0, 0
    while at < min(len(lines), _LONGEST_HEAD):
        line = lines[at]
        if KINDLY.match(line.text):
            end = _behind_addressees(lines, at)
            while end < len(lines) and is_head_line(lines[end]):
                end += 1  # the right box, which a scan reads after the left one
            return end
        if kind_in(line) or SUBJECT.match(line.text):
            end = at = _behind_subject(lines, at)
            continue
        if is_head_line(line) or (line.is_title and end == at and not line.marker):
            end = at + 1
        elif _is_text(line):
            break
        at += 1
    return end


def is_head_line(line: Line) -> bool:
    return bool(
        MOTTO.match(fold(line.text))
        or PLACE_AND_DAY.fullmatch(line.text)
        or (NUMBER.match(line.text) and is_number(line))
    )


def is_number(line: Line) -> bool:
    """ "Số: 333/KH-UBND" alone on its line, the number perhaps not given yet."""
    found = NUMBER.match(line.text)
    rest = line.text[found.end() :] if found else ""
    return bool(
        found
        and len(rest) <= 60
        and re.match(r"[\d.…\s]*[A-Za-z]?\s?[-/]\s?[\w]|\d{1,5} [A-ZĐ]{2,4}/[A-ZĐ]", rest)
        and " ngày " not in rest[:1]
    )


def kind_in(line: Line) -> tuple[DocumentKind, int] | None:
    """The kind a line of the head names, and the letters that name it: "KẾ HOẠCH", "HƯỚNG DẪN LIÊN NGÀNH",
    "KẾ HOẠCH Triển khai …"."""
    whole = fold(line.text).strip(" :.")
    if kind := KINDS.get(_KIND_TAIL.sub("", whole)):
        return kind, len(line.text)
    words = line.text.split()
    if line.marker or line.is_row or len(line.text) > 400:
        return None
    for count in (3, 2):
        named = " ".join(words[:count])
        if len(words) >= count + 2 and named.isupper() and (kind := KINDS.get(fold(named))):
            more = _MORE_OF_KIND.match(line.text, len(named))
            return kind, more.end() if more else len(named)
    return None


def _behind_subject(lines: list[Line], at: int) -> int:
    """The lines of a subject go on until something else of the head, or the text, begins."""
    end = at + 1
    kind = kind_in(lines[at])
    alone = kind is not None and kind[1] == len(
        lines[at].text
    )  # what stands below is the subject, however it begins
    while end < min(len(lines), at + 7):
        line = lines[end]
        text_begins = _GROUNDS.match(line.text) if alone and end == at + 1 else _is_text(line)
        capitals = (
            line.is_title and not lines[end - 1].is_title and not line.text.startswith("CỦA ")
        )  # who decides: "CHỦ TỊCH ỦY BAN NHÂN DÂN …"
        if (
            KINDLY.match(line.text)
            or is_head_line(line)
            or text_begins
            or line.marker
            or capitals
            or SUBJECT.match(line.text)
        ):
            if SUBJECT.match(line.text) and end == at + 1:
                end += 1
                continue
            break
        end += 1
    return end


def _is_text(line: Line) -> bool:
    """The document's own words have begun."""
    text = line.text
    return bool(
        line.is_row or (line.marker and not line.text.isupper() and not is_number(line)) or line.marker == "roman"
        or len(text) > 320 or _GROUNDS.match(text) or (len(text) > 60 and (_BODY.match(text) or text[-1] in ";:"))
        or (text[-1] == "." and len(text) > 120)
    )  # fmt: skip


def _behind_addressees(lines: list[Line], at: int) -> int:
    end = at + 1
    named = KINDLY.sub("", lines[at].text)
    while (
        end < len(lines)
        and not named
        and not lines[end].is_item
        and len(lines[end].text) < 200
        and end < at + 15
    ):
        if _is_text(lines[end]):
            break
        end += 1
    while end < len(lines) and lines[end].is_item and len(lines[end].text) <= 250 and end < at + 60:
        end += 1
    return end


def _foot(lines: list[Line], begin: int) -> int | None:
    """Where Nơi nhận or the signature begins, whichever comes first."""
    for at in range(begin, len(lines)):
        text = lines[at].text
        if RECIPIENTS.fullmatch(text) or (RECIPIENTS.match(text) and ":" in text[:12] and len(text) < 200):
            return at
        if AUTHORITY.fullmatch(text) and text.isupper() and len(text) <= 120:
            return at
        if text.isupper() and len(text) <= 60 and POST.search(fold(text)) and _signs(lines, at):
            return at
        if at > begin and PLACE_AND_DAY.fullmatch(text) and _signs(lines, at):
            return at
    return None


def _signs(lines: list[Line], at: int) -> bool:
    """A post alone in capitals, and soon a person's name below it."""
    return at > 2 and any(is_name(line) for line in lines[at + 1 : at + 7])


def _signs_too(lines: list[Line], at: int) -> bool:
    return any(
        AUTHORITY.fullmatch(line.text) or POST.search(fold(line.text)) for line in lines[at : at + 3]
    ) and any(is_name(line) for line in lines[at + 1 : at + 5])


def _foot_end(lines: list[Line], foot: int) -> int:
    """Items of Nơi nhận, authority, posts and names; nothing else."""
    at, named = foot, False
    while at < len(lines) and _is_of_foot(lines, foot, at, named):
        named = named or is_name(lines[at])
        at += 1
    return at


def _is_of_foot(lines: list[Line], foot: int, at: int, named: bool) -> bool:
    line = lines[at]
    text = line.text
    if RECIPIENTS.match(text) or AUTHORITY.fullmatch(text) or _SIGNED.match(text) or line.is_item:
        return True
    if named:  # of a joint document, whoever else signs
        beside = lines[at - 1].text.isupper() or is_name(lines[at - 1])
        return (is_name(line) and beside and not text.isupper()) or (
            text.isupper() and not _opens_annex(lines, at) and _signs_too(lines, at)
        )
    if (
        is_name(line)
        or is_post(line)
        or PLACE_AND_DAY.fullmatch(text)
        or (_KEPT.match(text) and len(text) < 120)
    ):
        return True
    if text.isupper() and not line.marker:
        beside = at < foot + 4 or lines[at - 1].text.isupper()  # the post goes on below
        return len(text) <= 120 and (
            bool(POST.search(fold(text))) or (beside and not _opens_annex(lines, at))
        )
    return not line.marker and len(text) <= 80 and text[-1] in ";.,:" and at < foot + 30


def is_post(line: Line) -> bool:
    """A post in small letters, alone on its line: "Trưởng phòng"."""
    return not line.marker and len(line.text) <= 40 and bool(_SMALL_POST.fullmatch(line.text))


_SMALL_POST = re.compile(
    r"(?:Phó )?(?:Chủ tịch|Giám đốc|Hiệu trưởng|Trưởng (?:phòng|ban)|Bí thư|Chánh Văn phòng|Chủ nhiệm|Thư viện trưởng)"
)
_KEPT = re.compile(r"(?:Lưu|Như)\b")


def _opens_annex(lines: list[Line], at: int) -> bool:
    line = lines[at]
    if line.marker == "annex":
        return len(line.text) <= 200
    after = lines[at + 1 : at + 5]
    return line.is_title and any(_ANNEX_TITLE.match(other.text) for other in after)


def attached(annexes: list[list[Line]]) -> list[list[Line]]:
    """Appendices that are documents themselves: the plan that a decision issues ("Ban hành kèm theo Quyết định …")."""
    return [
        annex for annex in annexes
        if any(line.is_title and kind_in(line) for line in annex[:2])
        and any(_ANNEX_TITLE.search(line.text) for line in annex[:6])
        and any(line.is_heading for line in annex)
    ]  # fmt: skip


def _annexes(lines: list[Line]) -> list[list[Line]]:
    """A new one at each "Phụ lục", at each title in capitals, and where a table's own title begins."""
    found: list[list[Line]] = []
    for at, line in enumerate(lines):
        before = lines[at - 1] if at else None
        opens = line.marker == "annex" and len(line.text) <= 200
        if line.is_title and not (before and (before.is_title or before.marker == "annex")):
            opens = True
        if opens or not found:
            found.append([])
        found[-1].append(line)
    return found
