"""Reports and other things owed by a day: who owes what to whom, by when, through whom. Pure.

"trước ngày 13/10" leaves the 13th out, "chậm nhất", "đến hết", "không quá" take their day in. "theo quy định" names no day:
``stated`` is null, and so it is for what comes every year.
"""

import re
from collections.abc import Iterator
from itertools import islice

from hoctap.directives.reading import parties, things
from hoctap.directives.reading.dates import When, dates_in, spans_in
from hoctap.directives.reading.outline import Line
from hoctap.directives.reading.parties import clauses
from hoctap.directives.reading.said import Said, stated
from hoctap.directives.reading.work import sentences

_HOUR = r"(?:\d{1,2}\s?(?:giờ|h|g)\s?(?:\d{2})?(?:\s?phút)?,?\s*(?:của\s+)?)"
_DUE = re.compile(
    rf"(?P<word>(?:xong\s+|hoàn thành\s+|gửi\s+)?trước(?:\s+{_HOUR})?|(?:chậm|muộn"
    rf"|trễ) nhất(?:\s+là)?(?:\s+(?:vào|đến|trước))?(?:\s+{_HOUR})?"
    rf"|(?:cho\s+)?đến\s+hết|(?:hết|không quá|không muộn hơn|không trễ hơn|không chậm quá)|hạn (?:cuối"
    rf"|chót)(?:\s+gửi)?(?:\s+là)?\s*:?"
    rf"|thời hạn[^.;:\n]{{0,60}}?(?:là|:|trước|đến)(?:\s+(?:trước|hết))?|định kỳ(?:\s+vào)?|trong|vào|về)\s*(?:{_HOUR})?"
    r"(?P<edge>(?:cuối|đầu|giữa|(?:tuần|ngày)\s+cuối(?:\s+cùng)?(?:\s+của)?)\s+)?(?=ngày|các ngày|tháng|quý"
    r"|năm|\d{1,2}\s?[/.-]\s?\d|mùng)",
    re.IGNORECASE,
)
_OWES = re.compile(
    r"\b(?:báo cáo|gửi|nộp|đăng ký|hoàn thành|tổng hợp|phản hồi|góp ý|lập danh sách|cung cấp|đề xuất|hồ sơ"
    r"|danh sách|thông tin về|trình|cập nhật|bàn giao|thu bài"
    r"|(?:xây dựng|ban hành)(?: và ban hành)? (?:kế hoạch|chương trình|văn bản|quyết định))\b",
    re.IGNORECASE,
)
_REPORT = re.compile(r"\b(?:báo cáo|gửi|nộp|đăng ký)\b", re.IGNORECASE)
_UNDATED = re.compile(
    r"\btheo (?:đúng )?(?:quy định|thời gian quy định|thời hạn quy định|chế độ|định kỳ)\b", re.IGNORECASE
)
_EVERY = re.compile(
    r"(?P<yearly>(?:hằng|hàng|mỗi|định kỳ) ?năm|định kỳ (?:hằng|hàng) năm"
    r"|định kỳ 0?6 tháng[^.;]{0,25}năm\b)|(?P<quarterly>(?:hằng|hàng|mỗi|từng|định kỳ(?: hằng| hàng)?) ?quý"
    r"|(?:của )?tháng (?:cuối|đầu) (?:của )?(?:mỗi |hằng |hàng )?quý(?: sau)?)"
    r"|(?P<monthly>(?:hằng|hàng|mỗi|từng|định kỳ(?: hằng| hàng)?) ?tháng)",
    re.IGNORECASE,
)
_OF_EVENT = re.compile(r"\btừ (?:(?:ngày|tháng)\s+)?\d[^.;]{0,50}$")
_NO_DUE = re.compile(
    r"(?:thành lập|sinh|ban hành|ký|được cấp|công nhận|sáp nhập|đang|đã|hình thành|tốt nghiệp|tuyển dụng"
    r"|có hiệu lực)\s*$",
    re.IGNORECASE,
)


def deadlines(
    text: str, body: list[Line], addressees: list[Said], bodies_of: dict[int, list[Said]], year: Said | None
) -> Iterator[dict]:
    """One for each sentence that makes somebody owe something by a day, or regularly, or "theo quy định".

    ``year``: the document's own, for days without one.
    """
    seen: set[tuple] = set()
    for line in body:
        if line.is_row:
            continue
        for sentence in sentences(text, line.said_at, line.end):
            for start, end in clauses(text, *sentence):
                for found in _in_clause(text, line, sentence, start, end, addressees, bodies_of, year):
                    key = (
                        *(_value(found[name]) for name in ("stated", "recurrence", "month", "what")),
                        *map(_value, found["to"]),
                    )
                    if key not in seen:
                        seen.add(key)
                        yield found


_MOST_DUES = 8  # in one clause


def _value(said: Said | None):
    return said.value if said else None


def _in_clause(
    text: str, line: Line, sentence: tuple[int, int], start: int, end: int, addressees: list[Said], bodies_of: dict,
    year: Said | None,
) -> Iterator[dict]:  # fmt: skip
    owed = list(_owed_in(text, start, end, year, line.start in bodies_of))
    if not owed:
        return
    to = parties.recipients(text, start, end)
    via, channel = parties.via(text, start, end), things.channel(text, start, end)
    for due, every, stop, verb in owed:
        yield {
            "what": things.what(text, start, end, stop) or things.what(text, sentence[0], end, stop),
            **_when(text, due, every, start, end),
            "to": to, "via": via, "channel": channel,
            "from": parties.owing(text, line, sentence[0], verb, addressees, bodies_of), "text": stated(text, *sentence),
        }  # fmt: skip


_SETS = re.compile(r"trước|nhất|xong|hoàn thành|hết|hạn", re.IGNORECASE)


def _owed_in(text: str, start: int, end: int, year: Said | None, task: bool) -> Iterator[tuple]:
    """Each day, or word for when it comes again, that something is owed by: its words, where the thing ends, the verb."""
    if not (_OWES.search(text, start, end) or _SETS.search(text, start, end)):
        return
    dues = list(islice(_dues(text, start, end, year, task), _MOST_DUES))
    every = list(_EVERY.finditer(text, start, end))
    for at, due in enumerate(dues or [None]):
        others = [
            other for other, _ in dues[at + 1 :] if due and other is not due[0]
        ]  # not its own second day
        ends = others[0].start() if others else end
        begins = dues[at - 1][1].end if at else start
        ahead = every[0] if every and (len(dues) < 2 or every[0][0].lower().startswith("định kỳ")) else None
        near = next((e for e in every if due and begins <= e.start() < ends), ahead)
        undated = None if due else _undated(text, start, end, near)
        if due is None and undated is None:
            continue
        stop = due[0].start() if due else undated.start() if undated else end
        verb = _owes(text, start, max(stop, start + 1), _OWES) or _owes(text, start, end, _OWES)
        done = due and due[0]["word"].lower().startswith(_DONE)  # "xong trước ngày …": whatever it is
        if verb or done or (due and task):
            yield due, near, stop, verb.start() if verb else stop


def _undated(text: str, start: int, end: int, every: re.Match[str] | None) -> re.Match[str] | None:
    """What stands for a day: a report that comes again and again, or "theo quy định"."""
    if every:
        return every if _every_report(text, start, every, end) else None
    return next(
        (f for f in _UNDATED.finditer(text, start, end) if _owes(text, start, f.start(), _REPORT)), None
    )


def _every_report(text: str, start: int, every: re.Match[str], end: int) -> bool:
    """ "báo cáo … hằng quý", "Hằng năm, … gửi báo cáo": the report itself comes again and again."""
    before = re.search(r"(?:báo cáo|gửi|nộp)[^,;.]{0,80}$", text[start : every.start()], re.IGNORECASE)
    after = re.match(
        r"[,\s]*(?:(?!để\b)\S+\s){0,6}?(?:gửi\s|nộp\s)?báo cáo\b", text[every.end() : end], re.IGNORECASE
    )
    return bool(before or after)


def _dues(
    text: str, start: int, end: int, year: Said | None, task: bool
) -> Iterator[tuple[re.Match[str], When]]:
    """The words that set a day, each with its day: "trước ngày 13/10/2023"; ``task``: of somebody's work, whatever it is."""
    owed = {pattern: list(_all_owed(text, start, end, pattern)) for pattern in (_OWES, _REPORT)}
    for found in _DUE.finditer(text, start, end):
        when = next(dates_in(text, found.end(), min(end, found.end() + 60), year), None)
        if (
            when is None
            or when.start > found.end() + 4
            or _OF_EVENT.search(text[max(start, found.start() - 70) : found.start()])
            or (
                _NO_DUE.search(text[max(start, found.start() - 20) : found.start()])
                and not re.search(r"\b[Tt]rình\s|(?:,|;|và) ban hành\s*$", text[start : found.start()])
            )
        ):
            continue
        if not (when.day or when.month):
            continue  # a quarter has no day
        word = found["word"].lower()
        weak = word.split()[0] in ("trong", "vào", "về", "hết", "định") and not _FINISHED.search(
            text, max(start, found.start() - 20), found.start()
        )
        before, after = owed[_REPORT if weak else _OWES][:1], owed[_REPORT][-1:]
        owes = (before and before[0].end() <= found.end("word")) or (
            not weak and after and after[0].start() >= when.end
        )
        if word.startswith("định") and _EVERY.match(text, when.end + 1):
            owes = owes or bool(_owes(text, when.end, end, _REPORT))
        last = task and not weak and not re.search(r"\w", text[when.end : end])
        if not owes and not last and "hạn" not in word and not word.startswith(_DONE):
            continue
        if weak and not (
            found["edge"]
            or _EVERY.search(text, when.end, min(end, when.end + 24))
            or _near(text, found.start(), start)
        ):
            continue
        yield found, when
        if also := _ALSO.match(text, when.end, end):  # "trước ngày 20/6 và ngày 20/12 hằng năm"
            other = next(dates_in(text, also.end(), min(end, also.end() + 40), year), None)
            if other and other.day and other.start == also.end():
                yield found, other


def due_in(text: str, start: int, end: int, year: Said | None, ends: bool) -> dict | None:
    """What a table's cell says of the day a task is due by; ``ends``: its column is headed "thời gian hoàn thành".

    A day alone is when something is held, and no deadline, unless the column says so.
    """
    found = _DUE.search(text, start, end)
    when = next(dates_in(text, found.end() if found else start, end, year), None)
    every = _EVERY.search(text, start, end)
    if (
        when is None
        or not (when.month or (when.day and every))
        or when.start > (found.end() + 4 if found else start + 12)
    ):
        return None
    if found and found["word"].lower().split()[0] in ("trong", "vào", "về", "định"):
        found = None
    if (found is None and not ends) or any(spans_in(text, start, end, year)):
        return None
    said = _when(text, (found, when), every, start, end) if found else None
    return said or _ends_with(when)


def _ends_with(when: When) -> dict:
    """ "Thời gian hoàn thành: 15/9/2025", "… tháng 9/2025": that day, or month, taken in."""
    said: dict[str, Said | None] = dict.fromkeys(("stated", "inclusive", "recurrence", "month", "day"))
    said["inclusive"] = Said(True, when.start, when.end)
    if when.on:
        said["stated"] = when.said
    else:
        said["month"] = Said(when.month or 0, when.start, when.end)
    return said


_DONE = ("xong", "hoàn thành")
_ALSO = re.compile(r"\s*(?:,|và|;)\s*(?:trước\s+)?(?=ngày\s+\d)")
_FINISHED = re.compile(r"(?:hoàn thành|xong)(?:\s+việc này)?\s*$")


def _near(text: str, at: int, start: int) -> bool:
    """A report is sent "vào ngày …": nothing else happens between."""
    before = text[max(start, at - 60) : at]
    return bool(re.search(r"(?:báo cáo|gửi|nộp)[^,;.]{0,50}$", before, re.IGNORECASE))


_NOT_OWED = re.compile(
    r"báo cáo viên|báo cáo thời sự|[^\W\d_]{2,7} [^\W\d_]{2,7}\s*:", re.IGNORECASE
)  # "Báo cáo: …", a label


def _owes(text: str, start: int, end: int, pattern: re.Pattern[str]) -> re.Match[str] | None:
    return next(_all_owed(text, start, end, pattern), None)


def _all_owed(text: str, start: int, end: int, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
    for found in pattern.finditer(text, start, end):
        if not _NOT_OWED.match(text, found.start()):
            yield found


def _when(text: str, due, every, start: int, end: int) -> dict:
    said: dict[str, Said | None] = dict.fromkeys(("stated", "inclusive", "recurrence", "month", "day"))
    if every:
        name = next(name for name in ("yearly", "quarterly", "monthly") if every[name])
        said["recurrence"] = Said(name, *every.span())
    if due is None:
        return said
    found, when = due
    word = " ".join(found["word"].lower().split())
    before = word.split()[0] in ("trước",) or word.endswith("trước") or "trước" in word.split()
    hour = re.search(_HOUR, found[0], re.IGNORECASE)
    said["inclusive"] = Said(not before or bool(hour), found.start(), found.end("word"))
    on = when.on
    if on and (not every or (not when.inferred and when.year)):
        said["stated"] = when.said
        said["recurrence"] = (
            said["recurrence"]
            if every and every.start() >= when.end and every.start() - when.end < 4
            else None
        )
    if said["recurrence"] or not on:
        if when.month:
            said["month"] = Said(when.month, when.start, when.end)
        if when.day and not found["edge"]:
            said["day"] = Said(when.day, when.start, when.end)
    return said
