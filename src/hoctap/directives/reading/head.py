"""What the head and the foot of a document say of it: number, day, kind, issuer, subject, addressees; signer, recipients."""

import re

from hoctap.directives import numbers
from hoctap.directives.enums import DocumentKind
from hoctap.directives.reading import names
from hoctap.directives.reading.citations import tidy_code
from hoctap.directives.reading.dates import dates_in
from hoctap.directives.reading.outline import CAPITAL, Line
from hoctap.directives.reading.regions import (
    KINDLY,
    MOTTO,
    NUMBER,
    PLACE_AND_DAY,
    SUBJECT,
    Regions,
    is_number,
    kind_in,
)
from hoctap.directives.reading.said import Said, quoted, stated
from hoctap.kernel.vietnamese import fold

_SLUGS = {
    DocumentKind.CV: "cong-van", DocumentKind.KH: "ke-hoach", DocumentKind.BC: "bao-cao", DocumentKind.QD: "quyet-dinh",
    DocumentKind.CT: "chi-thi", DocumentKind.HD: "huong-dan", DocumentKind.TB: "thong-bao", DocumentKind.NQ: "nghi-quyet",
    DocumentKind.KL: "ket-luan", DocumentKind.TTR: "to-trinh", DocumentKind.CTR: "chuong-trinh",
}  # fmt: skip
_BY_ABBREVIATION = {fold(kind.value): kind for kind in DocumentKind}
_AREA = re.compile(
    r"(?!\w+ (?:ỦY|UỶ|ĐOÀN)\b)"
    r"(?:TỈNH|THÀNH PHỐ|TP\.?|QUẬN|HUYỆN|THỊ XÃ|THỊ TRẤN|PHƯỜNG|XÃ|NGÀNH|VÀ|TRUNG ƯƠNG|VIỆT NAM|CẤP|CƠ SỞ)\b"
)
_SPEAKS = re.compile(
    r",?\s+(?:trân trọng\s+|kính\s+)?(?:đề nghị|xây dựng|ban hành|yêu cầu|triển khai|hướng dẫn|thông báo"
    r"|báo cáo|tổ chức|phát động|kính mời)\b"
)
_ORGAN_OF = re.compile(
    r"(?:Ban Thường vụ|Ban Chấp hành|Thường trực|BTV|BCH)\s+(?=(?:Liên đoàn|LĐLĐ|Công đoàn|CĐ|Tổng|Hội|Đoàn"
    r"|Tỉnh|Thành|Quận|Huyện|Đảng))"
)


_ABOUT = re.compile(rf"{SUBJECT.pattern}|về việc\s+|[Vv]ề\s+|VỀ\s+")
_BY_WHOM = re.compile(
    rf"CỦA [{CAPITAL} .,-]+?(?:\s+(?=[^\W{CAPITAL}])|$)"
)  # "KẾT LUẬN / CỦA BAN THƯỜNG VỤ TỈNH ỦY / về …"


def head(parts: Regions) -> dict:
    """Everything but the addressees, by key."""
    text = parts.text
    code, number, notation = _code(parts)
    day, place = _day_and_place(parts)
    kind, subject = _kind_and_subject(parts, notation)
    parent, issuer = _issuers(parts)
    return {
        "code": code, "number": number, "notation": notation, "kind": kind, "date": day, "place": place,
        "issuer": issuer or _speaker(text, parts.body), "parent_issuer": parent, "subject": subject,
    }  # fmt: skip


def _code(parts: Regions) -> tuple[Said | None, Said | None, Said | None]:
    for line in parts.head:
        if not (NUMBER.match(line.text) and is_number(line)):
            continue
        begin = line.start + (found.end() if (found := NUMBER.match(line.text)) else 0)
        written = re.match(
            r"(?:[\d.…\s]*[A-Za-z]?\s?[-/]|\d{1,5} (?=[A-ZĐ]{2,4}/))\s?[^\s,;]+(?:\s?[-–/&]\s?[A-ZĐ][^\s,;]*)*",
            line.text[begin - line.start :],
        )
        if not written:
            continue
        end = begin + written.end()
        while parts.text[end - 1] in ".-/ ":
            end -= 1
        code = tidy_code(re.sub(r"[.…_]{2,}|…", "", parts.text[begin:end]))
        read = numbers.parse(code.replace(" ", "-"))  # a party's "12 KH/HU"
        if not read.notation:
            continue
        at = (
            parts.text.index(read.number, begin, end)
            if read.number and read.number in parts.text[begin:end]
            else begin
        )
        number = Said(read.number, at, at + len(read.number)) if read.number else None
        marks = "/-" if " " not in code else " "
        slash = next((i for i in range(begin, end) if parts.text[i] in marks), begin)
        return Said(code, begin, end), number, Said(read.notation, slash + 1, end)
    return None, None, None


def _day_and_place(parts: Regions) -> tuple[Said | None, Said | None]:
    for line in [*parts.head, *parts.foot]:
        found = PLACE_AND_DAY.fullmatch(line.text)
        if not found:
            continue
        name = next((name for name in ("place", "place2", "place3") if found[name]), "place")
        place = (
            quoted(parts.text, line.start + found.start(name), line.start + found.end(name))
            if found[name]
            else None
        )
        when = next((w for w in dates_in(parts.text, line.start, line.end) if w.on), None)
        day = when.said if when else None
        return day, place
    return None, None


def year(parts: Regions) -> Said | None:
    """The document's own, even where its day is still blank; the words are its whole date."""
    for line in [*parts.head, *parts.foot]:
        if PLACE_AND_DAY.fullmatch(line.text) and (found := re.search(r"((?:19|20)\d\d)\s*$", line.text)):
            when = next((w for w in dates_in(parts.text, line.start, line.end) if w.on), None)
            return Said(
                int(found[1]), when.start if when else line.start + found.start(1), line.start + found.end(1)
            )
    return None


def _kind_and_subject(parts: Regions, notation: Said | None) -> tuple[Said | None, Said | None]:
    text = parts.text
    for at, line in enumerate(parts.head):
        if named := kind_in(line):
            kind = Said(_SLUGS.get(named[0], "khac"), line.start, line.start + named[1])
            if named[1] == len(line.text):
                return kind, _subject(parts, at + 1) or _subject_elsewhere(parts)
            begin = line.start + named[1]
            if found := _ABOUT.match(text, begin + 1):
                begin = found.end()
            return kind, stated(text, begin, _lines_end(parts, at))
    for at, line in enumerate(parts.head):
        if found := SUBJECT.match(line.text):
            kind = Said("cong-van", line.start, line.start + found.end())
            if notation and (abbreviated := _abbreviated(notation)):
                kind = Said(_SLUGS.get(abbreviated, "khac"), notation.start, notation.end)
            return kind, stated(text, line.start + found.end(), _lines_end(parts, at))
    abbreviated = _abbreviated(notation) if notation else None
    addressed = next((line for line in parts.head if KINDLY.match(line.text)), None)
    if notation and (
        abbreviated or addressed
    ):  # a letter is the one kind without a name or an abbreviation of its own
        slug = _SLUGS.get(abbreviated, "khac") if abbreviated else "cong-van"
        return Said(slug, notation.start, notation.end), _below_number(parts)
    return None, None


def _subject_elsewhere(parts: Regions) -> Said | None:
    """ "V/v …" below the number of a document whose kind has no words below it."""
    for at, line in enumerate(parts.head):
        if found := SUBJECT.match(line.text):
            return stated(parts.text, line.start + found.end(), _lines_end(parts, at))
    return None


def _below_number(parts: Regions) -> Said | None:
    """A party letter's subject: small letters right below its number."""
    lines = iter(parts.head)
    for line in lines:
        if NUMBER.match(line.text) and is_number(line):
            break
    found: list[Line] = []
    for line in lines:
        if (
            line.text.isupper()
            or KINDLY.match(line.text)
            or PLACE_AND_DAY.fullmatch(line.text)
            or MOTTO.match(fold(line.text))
        ):
            break
        found.append(line)
    if not found:
        return None
    about = _ABOUT.match(parts.text, found[0].start)
    return stated(parts.text, about.end() if about else found[0].start, found[-1].end)


def _abbreviated(notation: Said) -> DocumentKind | None:
    parts = re.split(r"[-/]", str(notation.value))
    parts = [part for part in parts if not re.fullmatch(r"(?:19|20)\d\d", part)]
    return _BY_ABBREVIATION.get(fold(parts[0])) if parts else None


def _subject(parts: Regions, at: int) -> Said | None:
    """The lines below the document's kind."""
    if at >= len(parts.head):
        return None
    line = parts.head[at]
    if KINDLY.match(line.text) or PLACE_AND_DAY.fullmatch(line.text) or is_number(line):
        return None
    begin = found.end() if (found := _BY_WHOM.match(parts.text, line.start, line.end)) else line.start
    begin = found.end() if (found := _ABOUT.match(parts.text, begin, line.end)) else begin
    if begin >= line.end - 1 and found is None and at + 1 < len(parts.head) and _BY_WHOM.match(line.text):
        return _subject(parts, at + 1)
    if begin == line.end and at + 1 < len(parts.head):
        begin = parts.head[at + 1].start
        at += 1
    return stated(parts.text, begin, _lines_end(parts, at))


def _lines_end(parts: Regions, at: int) -> int:
    """Where a subject that begins on a line of the head ends."""
    end = at
    while end + 1 < len(parts.head):
        line = parts.head[end + 1]
        if (
            KINDLY.match(line.text)
            or PLACE_AND_DAY.fullmatch(line.text)
            or is_number(line)
            or MOTTO.match(fold(line.text))
        ):
            break
        if line.is_item or kind_in(line) or (line.is_title and not parts.head[end].is_title):
            break
        end += 1
    return parts.head[_before_decider(parts, at, end)].end


_DECIDES = re.compile(
    r"(?:chu tich|giam doc|hieu truong|truong phong|truong ban|hoi dong nhan dan|ban thuong vu|ban chap hanh)\b"
)


def _before_decider(parts: Regions, at: int, end: int) -> int:
    """Of a decision: the subject's last line, before who decides ("… TỈNH A / CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH A")."""
    kinds = [kind[0] for line in parts.head if (kind := kind_in(line))]
    if DocumentKind.QD not in kinds and DocumentKind.NQ not in kinds:
        return end
    last = end
    while last > at and _AREA.match(parts.head[last].text):
        last -= 1
    line = parts.head[last]
    if last == at or not line.is_title or not names.begins_capitals(line.text):
        return end
    issuer = _issuers(parts)[1]
    decider = fold(" ".join(other.text for other in parts.head[last : end + 1]))
    decides = _DECIDES.match(decider) or (issuer and decider in fold(str(issuer.value)))
    return last - 1 if decides and not parts.head[last - 1].text.endswith((" CỦA", " THUỘC")) else end


def _issuers(parts: Regions) -> tuple[Said | None, Said | None]:
    """The letterhead's lines in capitals above the number: the body above, the body itself."""
    found: list[list[Line]] = []
    for line in parts.head:
        if PLACE_AND_DAY.fullmatch(line.text) or (NUMBER.match(line.text) and is_number(line)):
            if found:
                break
            continue
        if kind_in(line) or SUBJECT.match(line.text) or KINDLY.match(line.text):
            break
        if not line.text.isupper() or MOTTO.match(fold(line.text)):
            continue
        starts = names.begins_capitals(line.text)
        if found and (not starts or _AREA.match(line.text)):
            found[-1].append(line)
        elif starts:
            found.append([line])
    if len(found) > 1 and len(found[-1]) == 1 and _BARE_ORGAN.fullmatch(fold(found[-1][0].text)):
        found.pop()  # "LIÊN ĐOÀN LAO ĐỘNG TỈNH … / BAN CHẤP HÀNH"
    said = [Said(" ".join(line.text for line in lines), lines[0].start, lines[-1].end) for lines in found]
    if not said:
        return None, None
    return (said[-2] if len(said) > 1 else None), said[-1]


_BARE_ORGAN = re.compile(r"ban (?:chap hanh|thuong vu|thuong truc|can su dang)|thuong truc")


def _speaker(text: str, body: list[Line]) -> Said | None:
    """Without a letterhead: who speaks in the first lines ("Ủy ban nhân dân Quận 3 xây dựng Kế hoạch …")."""
    for line in body[:8]:
        if line.marker and not line.is_item:
            break
        for found in _SPEAKS.finditer(text, line.start, line.end):
            start = _name_before(text, line.start, found.start())
            if start is not None:
                if organ := _ORGAN_OF.match(text, start):
                    start = organ.end()
                return quoted(text, start, found.start())
    return None


def _name_before(text: str, start: int, end: int) -> int | None:
    """Where the body's name begins that ends here: at the head of a sentence or clause."""
    low = max(start, end - 130)
    for found in reversed(list(re.finditer(r"(?:^|[.;,)”]\s+|\n)", text[low:end]))):
        at = low + found.end()
        if names.begins(text, at) and text[at].isupper() and not re.search(r"[;.“”(]", text[at:end]):
            return at
    return start if low == start and names.begins(text, start) and text[start].isupper() else None


_REPORTS = re.compile(
    r"(?:xin )?báo cáo(?! viên)(?:(?!đề nghị|yêu cầu)[^.;:]){0,160}(?:như sau|cụ thể)\s*[:.]?$"
)
_ASKS = re.compile(r"\b(?:đề nghị|yêu cầu|giao)\b")


def reports(parts: Regions, subject: Said | None) -> bool:
    """A letter whose subject and first words tell what was done: "Sở … báo cáo kết quả như sau:"."""
    if subject is None or not fold(str(subject.value)).startswith("bao cao"):
        return False
    for line in parts.body[:6]:
        if line.marker:
            return False
        if found := _REPORTS.search(line.text, max(0, len(line.text) - 300)):
            last = line.text.rfind(". ", 0, found.start()) + 1
            return not _ASKS.search(line.text, last, found.start())
    return False


def addressees(parts: Regions) -> list[Said]:
    for at, line in enumerate(parts.head):
        if found := KINDLY.match(line.text):
            named = line.start + found.end()
            if named < line.end:
                spans = _parted(parts.text, named, line.end)
            else:
                spans = []
            for other in parts.head[at + 1 :]:
                if other.is_item or not spans:
                    spans += _parted(parts.text, other.said_at, other.end)
            return [said for span in spans if (said := stated(parts.text, *span))]
    return []


def _parted(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """One an item; several on one line stand between semicolons, or each begins as a body does."""
    pieces, at = [], start
    for found in re.finditer(r";\s*", text[start:end]):
        pieces.append((at, start + found.start()))
        at = start + found.end()
    pieces.append((at, end))
    return [
        place
        for piece in pieces
        if text[slice(*piece)].strip(" .;,-")
        for place in names.listed(text, *piece)
    ]
