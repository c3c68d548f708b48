"""Documents cited: what the document carries out (căn cứ, at its head), and every other one it mentions. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from hoctap.directives import numbers
from hoctap.directives.reading import names
from hoctap.directives.reading.dates import When, dates_in
from hoctap.directives.reading.outline import Line
from hoctap.directives.reading.said import Said, quoted

_KINDS = (
    r"Công văn|Kế hoạch|Quyết định|Chỉ thị|Hướng dẫn|Thông báo|Nghị quyết|Kết luận|Tờ trình|Chương trình|Báo cáo|Thông tư"
    r"|Nghị định|Luật|Bộ luật|Pháp lệnh|Quy định|Quy chế|Đề án|Công điện|Văn bản|Thông tri|Giấy mời"
    r"|Quy chuẩn|Lệnh|Điều lệ"
)
_SMALL = "|".join(kind[0].lower() + kind[1:] for kind in _KINDS.split("|"))
_CODE = (
    r"(?:(?:\d{1,6}[a-zA-ZđĐ]?)?(?:\s?/\s?(?:19|20)\d\d)?\s?[/-]\s?|\d{1,6} (?=[A-ZĐ]{2,4}[/-]))[A-ZĐ][A-Za-zĐđ&.]*\d{0,3}"
    r"(?:\s?[-/]\s?[A-ZĐ][A-Za-zÀ-ỹĐđ&.]*\d{0,3})*(?:(?<=BGD) ?&? ?ĐT)?"
)
_CITED = re.compile(
    rf"(?P<kind>{_KINDS}|{_SMALL})(?P<more>\s+(?:liên tịch|phối hợp|liên ngành))?(?:\s+số)?\s*:?\s*(?P<code>{_CODE})(?![\w])"
)
_BARE = re.compile(rf"\bsố\s+(?P<code>\d{{1,6}}{_CODE})(?![\w])")
_LAW = re.compile(
    r"(?P<law>(?:Luật|Bộ luật|Pháp lệnh"
    r"|Điều lệ)\s+(?:[Ss]ửa đổi, bổ sung\s)?[^\W\d_][^,;.\n(]{3,150}?)(?=\s+(?:ngày|năm|số|được)(?:\b|\d)|[,;.(\n]|$)"
)
_BASIS = re.compile(
    r"[-+*•\s]*(?:Căn cứ|CĂN CỨ|Thực hiện|Theo|Triển khai(?: thực hiện)?|Tiếp tục thực hiện|Thi hành|Xét|Tiếp theo)\b"
)
_CARRIES_OUT = re.compile(
    rf"(?<!năm )(?<!kết quả )(?:[Cc]ăn cứ|[Tt]iếp tục thực hiện|[Tt]riển khai thực hiện|(?:[Đđ]ể|[Nn]hằm) thực hiện"
    rf"|^[Tt]hực hiện)\s+(?:{_KINDS})\s+(?:[^\W\d]+\s){{0,2}}(?:số\s)?\d"
)
_OF = re.compile(r"\s*,?\s*(?:của\s+|do\s+|giữa\s+)")
_ASKED_BY = re.compile(
    r"(?:đề nghị|kiến nghị) của\s+(?P<body>[^;:.\n]{3,150}?)\s+(?:tại|theo)\s+$", re.IGNORECASE
)
_ON = re.compile(r"\s*,?\s*\(?(?:ký\s+)?(?:ban hành\s+)?(?=ngày(?:\b|\d))")
_ABOUT = re.compile(
    r"\s*,?\s*(?:(?:về\s+việc|về)\s+|(?=(?:[Pp]hê duyệt|[Bb]an hành|[Qq]uy định|[Hh]ướng dẫn|[Tt]riển khai"
    r"|[Ss]ửa đổi)\b))"
)
_ISSUER_ENDS = re.compile(
    r"\s*(?:,?\s*(?:về|ngày|phê duyệt|ban hành|quy định|triển khai|hướng dẫn|v/v|trong|đã|và|tại|giai đoạn"
    r"|thực hiện|phát động|hưởng ứng"
    r"|tăng cường|đẩy mạnh|tiếp tục|sửa đổi|bổ sung|quy chế|(?<!các )tổ chức)\b|[,;()“.\n]|$)",
    re.IGNORECASE,
)
_ISSUING = (
    r"(?:đề nghị|xây dựng|ban hành|yêu cầu|triển khai|hướng dẫn|thông báo|báo cáo|tổ chức|kính|trân trọng"
    r"|phát động|giao)\b"
)
_AFTER_QUOTE = re.compile(r"\s*,?\s*(?:trên|trong|năm|cấp|giai đoạn|của|tại|đến|và|cho|từ|theo|ở)\b(?! đặt)")
_AND_NEXT = re.compile(rf"\s+(?:và|cùng)\s+(?:{_KINDS})(?:\s+\S+){{0,2}}\s+số\b")
_SHORT = re.compile(r"\s*\((?:sau đây|gọi tắt|đính kèm|kèm theo)", re.IGNORECASE)


@dataclass(frozen=True)
class Cited:
    """One document as one place of the text names it."""

    code: Said | None
    key: str
    parts: dict[str, Said | None]
    start: int
    end: int


def citations(
    text: str, subject: Said | None, body: list[Line], annexes: list[list[Line]], own: str
) -> tuple[list, list]:
    """``basis`` and ``mentions``, each document once; ``own`` is the key of the document itself."""
    heads = list(_basis_lines(text, body, subject))
    basis: dict[str, dict] = {}
    for start, end in heads:
        for cited in cited_in(text, start, end, laws=True):
            if cited.key != own:
                known = basis.setdefault(cited.key, cited.parts)
                for name, said in cited.parts.items():
                    known[name] = known[name] or said
    mentions: dict[str, dict] = {}
    others = [*body, *(line for annex in annexes for line in annex)]
    for line in others:
        for cited in cited_in(text, line.start, line.end):
            if cited.key not in basis and cited.key != own:
                known = mentions.setdefault(cited.key, cited.parts)
                for name, said in cited.parts.items():
                    known[name] = known[name] or said
    return list(basis.values()), list(mentions.values())


def _basis_lines(text: str, body: list[Line], subject: Said | None) -> Iterator[tuple[int, int]]:
    """The words before the first numbered line that say what is carried out; and of the subject, where it says so."""
    for line in body:
        if line.marker and not line.is_item:
            break
        if _BASIS.match(line.text):
            yield line.start, line.end
        elif found := _CARRIES_OUT.search(line.text):
            yield line.start + found.start(), line.end
    if subject and (found := _CARRIES_OUT.search(text[subject.start : subject.end])):
        yield subject.start + found.start(), subject.end


def cited_in(text: str, start: int, end: int, laws: bool = False) -> Iterator[Cited]:
    """Every document named between two places; with ``laws`` those cited by their name alone, too."""
    found: list[re.Match[str]] = []
    patterns = (_CITED, _BARE, _LAW) if laws else (_CITED, _BARE)
    every = (match for pattern in patterns for match in pattern.finditer(text, start, end))
    for match in sorted(every, key=lambda match: (match.start(), match.re is _LAW)):
        if not found or match.start() >= found[-1].end():
            found.append(match)
        elif found[-1].re is _LAW and match.re is _CITED:
            found[-1] = match
    reached = start
    for at, match in enumerate(found):
        if match.re is _LAW and match.start() < reached:
            continue  # named within the subject of the document before it
        limit = found[at + 1].start() if at + 1 < len(found) else end
        cited = _cited(text, match, limit, end)
        about = cited.parts["title"]
        reached = about.end if about else reached
        yield cited


def _cited(text: str, match: re.Match[str], limit: int, line_end: int) -> Cited:
    code = title = None
    key = ""
    if match.groupdict().get("law"):
        title = quoted(text, *match.span("law"))
        key = str(title.value).lower() if title else ""
    else:
        start, end = match.span("code")
        while text[end - 1] in ".-/":
            end -= 1
        code = Said(tidy_code(text[start:end]), start, end)
        key = numbers.parse(str(code.value)).key or str(code.value).lower()
    joint = bool(re.search(r"[/-](?:TTLT|NQLT|KHLT|CTLT|HDLN|KHPH|CTPH|CTrPH)-", match[0]))
    when, issuer, about, end = _details(text, match.end(), limit, line_end, joint)
    asked = None if issuer else _ASKED_BY.search(text, max(0, match.start() - 200), match.start())
    if asked:
        issuer = quoted(text, *asked.span("body"))
    day = when.said if when else None
    parts = {"code": code, "date": day, "issuer": issuer, "title": about or title}
    return Cited(code, key, parts, match.start(), end)


def _details(
    text: str, at: int, limit: int, line_end: int, joint: bool
) -> tuple[When | None, Said | None, Said | None, int]:
    """Date, issuer and subject behind a number, in whichever order they come."""
    when = issuer = about = None
    for _ in range(3):
        if when is None and (found := _ON.match(text, at, limit)):
            first = next(dates_in(text, found.end(), min(limit, found.end() + 40)), None)
            if first and first.start == found.end():
                when, at = first, first.end
                continue
        if issuer is None and (found := _OF.match(text, at, limit)) and _is_body(text, found.end()):
            ends = _issuer_end(text, found.end(), limit, joint="giữa" in found[0] or joint)
            issuer, at = quoted(text, found.end(), ends), ends
            continue
        if about is None and (found := _ABOUT.match(text, at, limit)):
            ends = _title_end(text, found.end(), line_end)  # a subject may name further documents
            about = quoted(text, found.end(), ends)
            at = ends
            break
    return when, issuer, about, at


def _is_body(text: str, at: int) -> bool:
    return names.begins(text, at) or text[at : at + 1].isupper() or bool(_SMALL_BODY.match(text, at))


_SMALL_BODY = re.compile(r"(?:phòng|sở|trường|ủy ban nhân dân|công đoàn|ban|hội) (?=[A-ZĐ])")


_IN_ISSUER = re.compile(
    r"\s*(?:và\s+(?:Đào tạo|Kiểm định|Xã hội|Du lịch|Thông tin|Truyền thông|Thể thao|Nội vụ|Môi trường|Công nghệ"
    r"|Phát triển|Đầu tư|Phát thanh)"
    r"|,\s*(?:Thể thao|Gia đình|Thông tin|Khoa học|Du lịch|Thương binh)\b)"
)


# "Ban Chỉ đạo Trung ương về phát triển …, chuyển đổi số về triển khai …": the first "về" is of the name.
_COMMITTEE = re.compile(
    r"Ban [Cc]hỉ đạo[^;.(“\n]{0,60}? về (?!(?:việc|triển khai)\b)[^;.(“\n]{5,140}?(?= về )"
)


def _issuer_end(text: str, at: int, limit: int, joint: bool) -> int:
    """An issuer's name ends where the sentence goes on; "giữa A và B" names two, and some names hold a comma or "và"."""
    named = _COMMITTEE.match(text, at, limit)
    for found in _ISSUER_ENDS.finditer(text, named.end() if named else at, limit):
        if _IN_ISSUER.match(text, found.start()):
            continue
        if not (joint and re.match(r"\s*và\b", found[0])):
            return min(found.start(), at + 160)
        joint = False
    return min(limit, at + 160)


_TURN = re.compile(r"[“”;\n.(,)]| (?=(?:và|cùng) )")


def _title_end(text: str, at: int, limit: int) -> int:
    """A subject ends with its clause; inside quotation marks nothing ends it."""
    depth, limit = 0, min(limit, at + 600)
    for found in _TURN.finditer(text, at, limit):
        place, letter = found.start(), found[0]
        if letter == "“":
            depth += 1
        elif letter == "”":
            depth -= 1
            if depth <= 0 and not _AFTER_QUOTE.match(text, place + 1):
                return place + 1
        elif depth <= 0 and _ends_title(text, at, place, letter):
            return place
    return limit


def _ends_title(text: str, at: int, place: int, letter: str) -> bool:
    if letter == ".":
        return text[place + 1 : place + 2] in ("", " ", "\n", "/")
    if letter == "(":
        return bool(_SHORT.match(text, place)) or text[place - 1] == " "
    if letter == ")":
        return "(" not in text[at:place]
    if letter == ",":
        return _new_clause(text, place)
    if letter == " ":
        return bool(_AND_NEXT.match(text, place))
    return True


def _new_clause(text: str, comma: int) -> bool:
    """Behind this comma the issuing body speaks: ", Ban Thường vụ … đề nghị", or the next document is named."""
    after = comma + 1
    while text[after : after + 1] == " ":
        after += 1
    rest = text[after : after + 170]
    if re.match(rf"(?:{_KINDS})\b", rest) or re.match(r"(?:trên|thực hiện|nay)\b", rest) is not None:
        return True
    return bool(names.begins(text, after) and re.search(_ISSUING, rest))


def tidy_code(printed: str) -> str:
    """Spaces normalised: "32 /CDYT" → "32/CDYT"."""
    return re.sub(r"\s*([/-])\s*", r"\1", " ".join(printed.split()).replace("–", "-"))
