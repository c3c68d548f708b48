"""By whom something is owed, to whom and through whom, in the words of one sentence. Pure."""

import re
from collections.abc import Iterator
from itertools import islice

from hoctap.directives.reading import names
from hoctap.directives.reading.outline import CAPITAL, Line
from hoctap.directives.reading.said import Said, stated
from hoctap.directives.reading.work import CLOSING, IN_NAME, first_verb

_TO = re.compile(
    r"\b(?:trình|gửi về|gửi cho|gửi đến|gửi|nộp về|nộp cho|nộp|về|cho|tới|báo cáo về|báo cáo với"
    r"|báo cáo)\s+(?:đồng chí\s+)?",
    re.IGNORECASE,
)
_TO_END = re.compile(
    r"\s*(?:\(|[,;.]?\s*(?:trước|chậm nhất|muộn nhất|đến hết|theo|qua|thông qua|bằng|để|vào|trong|gồm|kèm"
    rf"|và gửi|đồng thời|tại|hằng|hàng|mỗi|định kỳ|không quá|hạn)\b|[.;\n]|,(?!\s*(?:[{CAPITAL}]|(?:các|khu phố|thị trấn"
    rf"|thị xã|thành phố|phường|xã|ấp|bản|tổ dân phố)\b))|$|\s+(?:kết quả"
    r"|xem xét|tổng hợp|theo dõi|chỉ đạo|phê duyệt|ký|thẩm định|quyết định|kiểm tra|biết)\b)"
)
_VIA = re.compile(
    r"\b(?:qua|thông qua)\s*:?\s*(?!(?:hệ thống|email|e-mail|mail|hộp thư|thư điện tử|trục|phần mềm|đường"
    r"|zalo|địa chỉ|trang|link|các)\b)",
    re.IGNORECASE,
)
_VIA_END = re.compile(
    r"\s*(?:[);,.\n*:]|\b(?:mail|email|e-mail|địa chỉ|số|trước|để|chậm|đt|điện thoại|theo|và)\b|$)",
    re.IGNORECASE,
)
_VIA_CLOSES = re.compile(  # "(qua Phòng Giáo dục thường xuyên, nghề nghiệp và Đại học)"
    r"\s*(?:[);:*\n]|,?\s*\b(?:mail|email|e-mail|địa chỉ|số|trước|để|chậm|đt|sđt|điện thoại|ông|bà|đ/c|đồng chí|thư điện tử"
    r"|hộp thư|đồng thời)\b)",
    re.IGNORECASE,
)
_ASKED = re.compile(r"(?:đề nghị|yêu cầu|giao|kính đề nghị)\s+", re.IGNORECASE)
_NAME_ENDS = re.compile(
    r"\s*:|,?\s+(?:căn cứ|báo cáo|gửi|nộp|tổng hợp|triển khai|thực hiện|tổ chức|xây dựng|chủ động|đăng ký"
    r"|hoàn thành|lập|có trách nhiệm|quan tâm|theo dõi|đôn đốc|hướng dẫn|kiểm tra|giúp|xác nhận|phân công"
    r"|nào\b"
    r"|nghiêm túc|phối hợp|định kỳ|cử|thu|trình|cập nhật|rà soát|cần|phải|khẩn trương|tập trung"
    r"|chịu trách nhiệm|kịp thời|trên cơ sở|tiến hành|hằng|hàng|trước|tham mưu|chủ trì)\b",
    re.IGNORECASE,
)


_SEMICOLON = re.compile(r";\s*")


def clauses(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Parted by semicolons: each has its own day."""
    at = seen = start
    open_ = 0  # brackets since ``at``, counted as far as ``seen``
    for found in _SEMICOLON.finditer(text, start, end):
        here = found.start()
        open_ += text.count("(", seen, here) - text.count(")", seen, here)
        seen = here
        if open_ <= 0 or ")" not in text[here : here + 200]:
            yield at, here
            at = seen = found.end()
            open_ = 0
    yield at, end


_SEMICOLON = re.compile(r";\s*")


def recipients(text: str, start: int, end: int) -> list[Said]:
    """Whom it goes to."""
    best: list[Said] = []
    rank = 9
    for found in _TO.finditer(text, start, end):
        if not (names.begins(text, found.end()) or names.COMMON.match(text, found.end())):
            continue
        if found[0].lower().startswith("cho") and not re.search(
            r"(?:báo cáo|gửi|nộp|cung cấp|chuyển|bàn giao)[^;.]{0,160}$",
            text[max(start, found.start() - 170) : found.start()],
            re.IGNORECASE,
        ):
            continue
        if found[0].lower().startswith("về") and not re.search(
            r"(?:báo cáo|gửi|nộp|đăng ký|danh sách|hồ sơ)[^;.]*$",
            text[max(start, found.start() - 400) : found.start()],
            re.IGNORECASE,
        ):
            continue
        stop = _TO_END.search(text, found.end(), end)
        limit = min(stop.start() if stop else end, found.end() + 220)
        listed = [said for place in names.listed(text, found.end(), limit) if (said := stated(text, *place))]
        word = found[0].lower().split()[0]
        own = (
            2 if word == "trình" else 1 if word == "báo" else 0
        )  # sent to is more than reported to, and that more than shown to
        if listed and own < rank:
            best, rank = listed, own
    return best


def via(text: str, start: int, end: int) -> Said | None:
    for found in _VIA.finditer(text, start, end):
        named = names.begins(text, found.end()) or re.match(
            r"(?:bộ phận|đồng chí|đ/c|ông|bà|cơ quan thường trực|tổ|bà|văn thư)\b",
            text[found.end() : found.end() + 24],
            re.IGNORECASE,
        )
        if not named or not re.search(
            r"(?:báo cáo|gửi|nộp|về|đăng ký)",
            text[max(start, found.start() - 400) : found.start()],
            re.IGNORECASE,
        ):
            continue
        bracket = text[max(start, found.start() - 3) : found.start()].rstrip().endswith("(")
        stop = (_VIA_CLOSES if bracket else _VIA_END).search(text, found.end(), end)
        while (
            stop
            and not bracket
            and re.match(
                r"\s*và\s+(?:Đào tạo|Xã hội|Thông tin|Thể thao|Du lịch|Công nghệ|Truyền thông)",
                text[stop.start() : stop.start() + 24],
            )
        ):
            stop = _VIA_END.search(text, stop.end() + 1, end)
        return stated(text, found.end(), min(stop.start() if stop else end, found.end() + 120))
    return None


_MOST_TRIED = 8  # names in one clause before it is given up


def owing(
    text: str, line: Line, start: int, verb: int, addressees: list[Said], bodies_of: dict
) -> list[Said]:
    """Who owes it: named in the sentence before the verb, else by the heading above, else everybody addressed."""
    for asked in reversed(list(_ASKED.finditer(text, start, verb))):
        if names.begins(text, asked.end()):
            return _listed(text, asked.end(), verb)
    for low, high in reversed(list(clauses(text, start, verb))):
        begun = (low + found.end() for found in re.finditer(r"(?:^|[.,:]\s+)", text[low:high]))
        for at in islice((at for at in begun if names.begins(text, at)), _MOST_TRIED):
            if not CLOSING.match(text, at):
                named = _listed(text, at, high)
                if named and not re.search(r"[.;“]", text[named[0].start : named[-1].end]):
                    return named
    above: Line | None = line
    while above:
        if bodies_of.get(above.start):
            return bodies_of[above.start]
        above = above.above
    return addressees


def _listed(text: str, start: int, end: int) -> list[Said]:
    ends = next(
        (f.start() for f in _NAME_ENDS.finditer(text, start, end)
         if not IN_NAME.search(text, max(0, f.start() - 12), f.start())), end
    )  # fmt: skip
    verb = first_verb(text, start, ends)
    ends = verb.start() if verb else ends
    return [said for place in names.listed(text, start, ends) if (said := stated(text, *place))]
