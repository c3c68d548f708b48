"""What the subject says is held or launched, with the days, the theme and the scope that the text gives it. Pure."""

import re
from collections.abc import Iterator
from itertools import islice

from hoctap.directives.reading.dates import Span, spans_in
from hoctap.directives.reading.outline import Line
from hoctap.directives.reading.said import Said, quoted
from hoctap.directives.reading.work import sentences
from hoctap.kernel.vietnamese import fold

_HELD = (
    r"(?:Tuần lễ|Tháng|Ngày hội|Ngày|Chiến dịch|Phong trào thi đua|Phong trào|Cuộc thi|Hội thi"
    r"|Cuộc vận động|Chương trình|Đề án|Hội sách|Liên hoan)"
)
_CAMPAIGN = re.compile(rf"(?P<name>{_HELD}\s+[^,;:.()\n]{{4,200}})", re.IGNORECASE)
_NAME_ENDS = re.compile(
    r"\s+(?:trên địa bàn|trong\s|cho (?:đoàn viên|cán bộ|học sinh|giáo viên)|với chủ đề|và khai thác|tại "
    r"|từ ngày|vào ngày|của (?:tổ chức|ngành|đơn vị|tỉnh|thành phố|quận|huyện|xã|phường)|ở\s|đến các|nhằm"
    r"|được|bảo đảm|theo)"
)
_NEXT_CAMPAIGN = re.compile(
    rf"\s+và\s+(?=(?:{_HELD}|nộp|khai thác|tổ chức|báo cáo|triển khai|thực hiện|phát triển|sử dụng|xây dựng"
    rf"|hướng dẫn|đẩy mạnh)\s)",
    re.IGNORECASE,
)
_SCOPE = re.compile(
    r"(?P<scope>(?:trên địa bàn|trong (?!năm|tháng|tuần|thời|đó|quá trình|dịp|bối cảnh|giai đoạn)"
    r"|của tổ chức)\s?[^;:.“\n]{2,120}?)(?=\s+(?:năm\s+\d{4}|và\s+(?:khai thác|tổ chức|tham gia|thực hiện"
    r"|sử dụng|phát động|hưởng ứng)|giai đoạn)\b|[;:.“\n]|$)"
)
_THEME = re.compile(
    r"(?:chủ đề|thông điệp)(?:\s+(?:của|năm|Tuần|là|chính)[^“\":]{0,80})?\s*:?\s*[“\"](?P<theme>[^”\"\n]{4,300})[”\"]",
    re.IGNORECASE,
)
_THEME_LINE = re.compile(r"Chủ đề(?: của)?(?: Tuần lễ)?\s?:\s(?P<theme>[^\W\d_][^“”\"\n;.]{7,200})[.;]?")
_CARRIES = re.compile(
    r"(?:tổ chức|hưởng ứng|phát động|triển khai|tham gia|thực hiện|kỷ niệm|về việc|về|hưởng ứng tham gia)\s+",
    re.IGNORECASE,
)
_LONGEST_SUBJECT = 1000


def campaigns(text: str, subject: Said | None, body: list[Line], year: Said | None) -> list[dict]:
    """What the subject says is held, with the days and the theme that the text gives it."""
    if subject is None:
        return []
    found: list[dict] = []
    at, limit = subject.start, min(subject.end, subject.start + _LONGEST_SUBJECT)
    while named := _CAMPAIGN.search(text, at, limit):
        start = named.start("name")
        end = _campaign_end(text, start, limit)
        name = quoted(text, start, end)
        at = max(end, start + 1)
        if name is None or not _is_campaign(text, name, subject):
            continue
        if any(fold(str(other["name"].value)) in fold(str(name.value)) for other in found):
            continue
        found.append(
            {"name": name, "theme": None, "start": None, "end": None, "scope": _scope(text, name, subject)}
        )
    if not found:
        return []
    alone = len(found) == 1
    themes, spans = list(_themes(text, body)), list(_spans(text, body, year))
    for campaign in found:
        campaign["theme"] = _theme(campaign["name"], themes, alone)
        if span := _days(campaign["name"], spans, alone):
            campaign["start"] = span.first.said
            campaign["end"] = span.last.said
    return found


_STEP = re.compile(
    r"\b(?:cham|vong|so khao|so tuyen|chung khao|nop|nhan bai|dang ky|tap huan|bao cao|cao diem)\b"
)


def _campaign_end(text: str, start: int, limit: int) -> int:
    """A name ends before what says where or for whom; quotation marks are kept whole."""
    opening = text.find("“", start, limit)
    if start and text[start - 1] == "“":  # "“Tuần lễ …” năm 2023"
        closing = text.find("”", start, limit)
        limit = closing if closing >= 0 and not 0 <= opening < closing else limit
    ends = (pattern.search(text, start, limit) for pattern in (_NAME_ENDS, _NEXT_CAMPAIGN))
    end = min([limit, *(found.start() for found in ends if found)])
    for mark in re.finditer(r"[,;:.(]", text[start:end]):
        if not 0 <= opening < start + mark.start() or text.find("”", opening, start + mark.start()) >= 0:
            end = start + mark.start()
            break
    if 0 <= opening < end:
        closing = text.find("”", opening, limit)
        if closing >= 0:
            after = re.compile(
                r"\s+(?:năm\s+\d{4}(?:\s*[-–]\s*\d{4})?|giai đoạn\s+\d{4}\s*[-–]\s*\d{4}|lần thứ \S+)",
                re.IGNORECASE,
            ).match(text, closing + 1, limit)
            end = after.end() if after else closing + 1
    return end


def _is_campaign(text: str, name: Said, subject: Said) -> bool:
    words = str(name.value)
    if re.match(r"(?:ngày|tháng|năm)\s+\d", words, re.IGNORECASE) or re.match(
        r"năm\s+(?:học|\d)", words, re.IGNORECASE
    ):
        return False
    if words[0].islower() and not re.match(
        r"(?:tuần lễ|cuộc thi|hội thi|phong trào (?:thi đua|“)|ngày hội|chiến dịch|tháng (?:khuyến|hành|cao|thanh|công)"
        r"|ngày (?:sách|hội|khuyến))",
        words,
    ):
        # in small letters without a name of its own: only what the subject itself launches, "phát động phong trào đọc sách"
        launched = re.search(
            r"(?:phát động|hưởng ứng|triển khai|tham gia)\s+$",
            text[subject.start : name.start],
            re.IGNORECASE,
        )
        if not (words.startswith("phong trào") and launched):
            return False
    return (
        name.start == subject.start
        or bool(_CARRIES.search(text[subject.start : name.start]))
        or text[name.start - 1] in " “"
    )


def _scope(text: str, name: Said, subject: Said) -> Said | None:
    found = _SCOPE.search(text, name.end, min(subject.end + 1, len(text)))
    return quoted(text, *found.span("scope")) if found else None


def _themes(text: str, body: list[Line]) -> Iterator[tuple[str, Said | None]]:
    """Each theme with the folded words of its sentence."""
    for line in body:
        if found := _THEME_LINE.fullmatch(line.said):
            yield fold(line.said), quoted(text, *(line.said_at + place for place in found.span("theme")))
        for start, end in sentences(text, line.start, line.end):
            if found := _THEME.search(text, start, end):
                yield fold(text[start:end]), quoted(text, *found.span("theme"))


def _theme(name: Said, themes: list[tuple[str, Said | None]], alone: bool) -> Said | None:
    return next((theme for words, theme in themes if alone or _first(name) in words), None)


def _first(name: Said) -> str:
    """How a text goes on calling it: "tuan le", "thang khuyen"."""
    return " ".join(fold(str(name.value)).split()[:2])


_MOST_SPANS = 20  # in one sentence


def _spans(text: str, body: list[Line], year: Said | None) -> Iterator[tuple[str, Span]]:
    """Each span of days with the folded words of its sentence and of the heading above it."""
    for line in body:
        for start, end in sentences(text, line.start, line.end):
            for at, span in enumerate(islice(spans_in(text, start, end, year), _MOST_SPANS)):
                if not at:
                    words = fold(f"{line.above.said if line.above else ''} {text[start:end]}")
                if not _STEP.search(fold(text[start : span.start])):
                    yield words, span


def _days(name: Said, spans: list[tuple[str, Span]], alone: bool) -> Span | None:
    """The span said of the campaign itself, first where its time is told, never a part's."""
    first = _first(name)
    options = [
        (not _ITS_TIME.search(words), span)
        for words, span in spans
        if first in words or (alone and "thoi gian" in words)
    ]
    return min(options, key=lambda option: (option[0], option[1].start), default=(0, None))[1]


_ITS_TIME = re.compile(
    r"thoi gian (?:to chuc|thuc hien|dien ra)|thoi gian\s*:|duoc to chuc tu|suot thoi gian"
)
