"""What is owed by a day ("báo cáo kết quả …", "danh sách …"), and how it is sent. Pure."""

import re
from collections.abc import Iterator

from hoctap.directives.reading import names
from hoctap.directives.reading.outline import CAPITAL
from hoctap.directives.reading.said import Said, quoted, stated
from hoctap.directives.reading.work import first_verb

_AT = r"(?:https?://[^\s,;()]{3,200}|[\w.+-]{1,60}@[\w-]{1,60}(?:\.[\w-]{1,40}){0,4})"
_CHANNEL = re.compile(
    r"bằng (?:văn bản|bản giấy|bản cứng|bản mềm)(?:,? (?:và|hoặc) (?:bản mềm|file mềm|tệp mềm|tệp|file"
    r"|thư điện tử|email|bản giấy"
    r"|qua [^.;,()\n]{3,40}?(?=\s*(?:[.;,()\n]|$| trước| chậm| để| về))))?"
    rf"|(?:(?:qua|vào|bằng|theo|trên|về|tới|đến)\s+)?(?:hộp thư|e-?mail|mail|thư điện tử|địa chỉ|đường dẫn|đường link|link"
    rf"|liên kết|biểu mẫu)(?:\s[^\W\d_]+){{0,4}}?\s*:?\s*{_AT}"
    r"|(?:qua|trên|vào|bằng|theo)\s+(?:hệ thống|phần mềm|trục liên thông|cổng|ứng dụng|nhóm zalo|zalo|biểu mẫu"
    r"|nền tảng|mã QR)"
    r"\b(?:[^.;,()\n]|\.(?=\w)){0,80}?(?=\s*(?:[.;,()\n]|$|\b(?:trước|chậm|để|về|đồng thời|kèm|tổng hợp)\b))",
    re.IGNORECASE,
)
_THING = re.compile(
    r"\b(?:báo cáo|kế hoạch|danh sách|hồ sơ|bản đăng ký|(?<!bằng )văn bản|phiếu|kết quả|biểu số liệu|số liệu"
    r"|biểu|nội dung|bài (?:viết|dự thi)"
    r"|sản phẩm|biên bản|tin,? bài(?:, (?:hình )?ảnh)?|hình ảnh|danh mục|dự toán|dự trù|dự thảo|ý kiến|giáo án"
    r"|quyết định|tờ trình"
    r"|đề xuất|chương trình|tờ khai|minh chứng|tình hình|xác nhận|tham luận|thể lệ|kịch bản)\b(?! (?:này|số"
    r"|nêu trên|viên)\b|\s*:)",
    re.IGNORECASE,
)
_SUBMITS = (  # not "chương trình", "tờ trình"
    "(?<!ương )(?<!quá )(?<!lộ )(?<!công )(?<!quy )(?<!tiến )(?<!phát )(?<!tờ )(?<!thuyết )trình"
)
_SENDS = re.compile(rf"\b(?:gửi|nộp|{_SUBMITS})\b(?! (?:kèm|độ)\b)", re.IGNORECASE)
_REPORTS = re.compile(r"\bbáo cáo(?! (?:viên|thời sự)\b|\s*:)\s*", re.IGNORECASE)
_OTHER = re.compile(r"\b(?:đăng ký|góp ý|phản hồi|cập nhật|bàn giao|cung cấp)\b", re.IGNORECASE)
_ENDS = re.compile(r",?\s*\b(?:hoàn thành|xong)\b", re.IGNORECASE)
_STOPS = re.compile(
    rf"\s*(?:,?\s*(?:và\s+)?(?:gửi|nộp|{_SUBMITS})\b(?!\s+(?:kèm|độ))|\s(?:về|cho)\s(?=[{CAPITAL}])|\(\s*(?:qua|thông qua)"
    r"|\s(?:bằng (?:văn bản|bản)|qua|thông qua)\s|,?\s*(?:trước|chậm nhất|muộn nhất|đến hết|theo (?:đúng )?quy định"
    r"|hằng|hàng|định kỳ)\b|[;]|\.(?:\s|$)|\s(?:vào|trong) (?:ngày|tháng|cuối)|,?\s*(?:tổng hợp,?\s*)?báo cáo\b|\sđể\s"
    r"|,\s*(?:đồng thời|để|hoàn thành|ban hành)\b|\skhông quá \d)",
    re.IGNORECASE,
)
_LABEL = re.compile(r"\s*(?P<label>(?:Chế độ )?[Bb]áo cáo[^:.;]{0,30}?)\s*:")
_LONGEST = 300


def channel(text: str, start: int, end: int) -> Said | None:
    """ "bằng văn bản", "qua hộp thư …@…": what is said first."""
    found = _CHANNEL.search(text, start, end)
    return quoted(text, *found.span()) if found else None


def what(text: str, start: int, end: int, stop: int) -> Said | None:
    """The thing itself, up to whom it goes, by when or how; ``stop``: where the words begin that set the day."""
    sent = [
        found for found in _SENDS.finditer(text, start, end) if not _in_brackets(text, start, found.start())
    ]
    if sent:
        send = next((found for found in reversed(sent) if found.start() < stop), sent[0])
        at = _thing_at(text, send.end(), min(end, send.end() + 12)) or _last_thing(text, start, send.start())
        if at is not None:
            return _up_to_stop(text, at, end, stop)
    if found := _REPORTS.search(text, start, end):
        return _reported(text, start, found, end, stop)
    if found := _ENDS.search(text, start, end):
        return _finished(text, start, found, end, stop)
    if found := _OTHER.search(text, start, end):
        after = _thing_at(text, found.end(), min(end, found.end() + 12))
        return _up_to_stop(text, found.start() if after is None else after, end, stop)
    at = _last_thing(text, start, stop)
    if at is None and (label := _LABEL.match(text, start, end)):  # "Báo cáo: gửi về …"
        return quoted(text, *label.span("label"))
    if at is None:  # whatever is to be done
        return stated(text, start, stop) if 12 < stop - start < _LONGEST else None
    return _up_to_stop(text, at, end, stop)


def _reported(text: str, start: int, found: re.Match[str], end: int, stop: int) -> Said | None:
    """ "báo cáo kết quả …", "báo cáo Ủy ban nhân dân tỉnh kết quả …", "tổng hợp kết quả, báo cáo Ủy ban nhân dân tỉnh"."""
    if _TO_WHOM.match(text, found.end()):  # "Kết quả thực hiện báo cáo về …"
        at = _last_thing(text, start, found.start())
        return stated(text, found.start(), found.end()) if at is None else _up_to_stop(text, at, end, stop)
    if not names.begins(text, found.end()):
        return _up_to_stop(text, found.start(), end, stop)
    after = next(_things(text, found.end(), stop if stop > found.end() else end), None)
    at = after.start() if after else _last_thing(text, start, found.start())
    if not after and at is not None and re.search(r",\s*\w", text[at : found.start()]):
        at = None  # "tham mưu kế hoạch, tổng hợp báo cáo Ban Chỉ đạo huyện"
    return stated(text, found.start(), found.end()) if at is None else _up_to_stop(text, at, end, stop)


_TO_WHOM = re.compile(r"(?:về|cho|với|lên)\s")


def _finished(text: str, start: int, found: re.Match[str], end: int, stop: int) -> Said | None:
    """ "hoàn thành hồ sơ", or what stands before ", hoàn thành trước ngày …"."""
    if found.end() < stop - 2 and (after := _up_to_stop(text, found.end(), end, stop)):
        return after
    at = _last_thing(text, start, found.start())
    if at is None:
        verb = first_verb(text, start, found.start()) if names.begins(text, start) else None
        at = verb.end() - len(verb[0].lstrip(" ,")) if verb else start
    stop = min(found.start(), at + _LONGEST)
    while stop > at and text[stop - 1] in " (":
        stop -= 1
    return stated(text, at, stop)


def _thing_at(text: str, start: int, end: int) -> int | None:
    found = next(_things(text, start, min(len(text), end + 20)), None)
    return found.start() if found and found.start() <= end else None


def _things(text: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """A capital letter only where a sentence begins: "thực hiện Kế hoạch" names the document."""
    for found in _THING.finditer(text, start, end):
        before = text[max(0, found.start() - 3) : found.start()].rstrip()
        if (
            found[0][0].islower()
            or found.start() - start < 2
            or before[-1:] in ("", ".", ":", ";", "-", "+", ")")
        ):
            yield found


def _last_thing(text: str, start: int, end: int) -> int | None:
    """Where the last thing named begins: of "báo cáo kết quả thực hiện" the first word, of a list its last member."""
    found = [f for f in _things(text, start, end) if not _in_brackets(text, start, f.start())]
    if not found:
        return None
    comma = text.rfind(",", start, found[-1].start()) + 1
    return next(f.start() for f in found if f.start() >= comma or f.end() > comma)


def _in_brackets(text: str, start: int, at: int) -> bool:
    start = max(start, at - 200)
    return text.count("(", start, at) > text.count(")", start, at)


def _up_to_stop(text: str, at: int, end: int, stop: int) -> Said | None:
    thing = _THING.match(text, at)
    limit = _STOPS.search(text, thing.end() if thing else at + 6, end)
    last = min(limit.start() if limit else end, stop if stop > at + 3 else end, at + _LONGEST)
    return stated(text, at, last)
