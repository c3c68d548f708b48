"""What was understood of a directive, as items for a person to take, change or leave out. Pure.

An item: ``{id, group, kind, state, ask, spans, value}``. ``group`` is where the screen lists it, ``kind`` what it becomes
(reports.programmes), ``state`` one of STATES, ``ask`` why a person must decide, ``spans`` its places in the text,
``value`` what may be changed. Units that the words name are added by ``directives.actions.reading``.
"""

import calendar
import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from hoctap.directives.enums import DocumentKind
from hoctap.kernel.vietnamese import fold
from hoctap.orgs.matching import Match

GROUPS = ("due", "who", "when", "aim", "base", "word")
TAKEN, LEFT, OPEN = "yes", "no", "ask"
STATES = (TAKEN, LEFT, OPEN)
KINDS = {
    "report": "due", "work": "who", "follow": "who", "campaign": "when", "event": "when", "target": "aim", "head": "base",
    "citation": "base", "form": "base", "slogans": "word",
}  # fmt: skip
ADDED = ("report", "work", "target", "slogans", "event")  # what a person may add
_HEAD = ("code", "date", "place", "kind", "issuer", "parent_issuer", "subject", "addressees", "recipients")
_DUE = ("inclusive", "stated", "day", "month", "recurrence")
_SLUGS = {
    "cong-van": DocumentKind.CV, "ke-hoach": DocumentKind.KH, "bao-cao": DocumentKind.BC, "quyet-dinh": DocumentKind.QD,
    "chi-thi": DocumentKind.CT, "huong-dan": DocumentKind.HD, "thong-bao": DocumentKind.TB, "nghi-quyet": DocumentKind.NQ,
    "ket-luan": DocumentKind.KL, "to-trinh": DocumentKind.TTR, "chuong-trinh": DocumentKind.CTR,
}  # fmt: skip

Item = dict[str, Any]


def kind_of(slug: str | None) -> DocumentKind:
    """``"ke-hoach"`` → KH; anything unknown is "Loại khác"."""
    return _SLUGS.get(slug or "", DocumentKind.OTHER)


def new_item(number: int, kind: str, value: dict, spans: list[list[int]], ask: str = "") -> Item:
    state = OPEN if ask else TAKEN
    return {
        "id": number, "group": KINDS[kind], "kind": kind, "state": state, "ask": ask, "spans": spans, "value": value,
    }  # fmt: skip


def items_of(answer: dict, text: str) -> list[Item]:
    """``answer``: as ``Reading.as_json``; ``text``: what its evidence points into. Nothing when nothing was understood."""
    if not answer["evidence"]:
        return []
    made = [
        *_reports(answer, text),
        *_work(answer),
        *_follows(answer),
        *_occasions(answer),
        *_base(answer),
        *_slogans(answer),
    ]
    return [new_item(number, *parts) for number, parts in enumerate(made, 1)]


Parts = tuple[str, dict, list[list[int]], str]


def _reports(answer: dict, text: str) -> Iterator[Parts]:
    for at, due in enumerate(answer["deadlines"]):
        said = _spans(answer, *(f"deadlines.{at}.{name}" for name in _DUE))
        words = text[min(s for s, _e in said) : max(e for _s, e in said)] if said else "theo quy định"
        places = _spans(answer, f"deadlines.{at}.what", f"deadlines.{at}.stated", f"deadlines.{at}.month")
        inferred = f"deadlines.{at}.stated.inferred" in answer["evidence"]
        ask = "Văn bản không ghi năm của hạn; năm lấy theo ngày văn bản." if inferred else ""
        mailed = [f"thư điện tử {address}" for address in answer["emails"] if address in (due["text"] or "")]
        value = due | due_of(due, _day(answer["date"]))
        value |= {
            "force": _force(due["text"] or ""),
            "channel": ", ".join(filter(None, [due["channel"], *mailed])) or None,
            "due_text": words if len(words) <= 120 else "",
        }
        yield "report", value, places or _spans(answer, f"deadlines.{at}.text"), ask


def _work(answer: dict) -> Iterator[Parts]:
    for at, given in enumerate(answer["assignments"]):
        places = _under(answer, f"assignments.{at}.assignees")
        yield "work", dict(given), places or _spans(answer, f"assignments.{at}.tasks.0.text"), ""


# "tham gia giám sát việc thực hiện", "theo dõi tiến độ": who does so reads the round's figures, if a person agrees.
_FOLLOWS = re.compile(
    r"\bgiám sát\b|\btheo dõi\b[^.;]{0,60}(?:tiến độ|tình hình|kết quả|việc thực hiện)", re.IGNORECASE
)
_WITH = re.compile(
    r"\bphối hợp (?:với |cùng )?(?P<who>[^\W\d_][^,;.]{2,120}?)\s+(?=hướng dẫn|đôn đốc|theo dõi|giám sát|kiểm tra)"
)
_ASK_FOLLOW = "Cho đơn vị này xem tiến độ và số liệu của đợt báo cáo? Chỉ xem đợt này, không sửa được gì."


def _follows(answer: dict) -> Iterator[Parts]:
    """Bodies that a clause has watch how the work goes, one item each."""
    seen: set[str] = set()
    for at, given in enumerate(answer["assignments"]):
        for n, task in enumerate(given["tasks"]):
            if not (found := _FOLLOWS.search(task["text"])):
                continue
            beside = _WITH.search(task["text"])
            names = (
                [beside["who"].strip()]
                if beside
                else given["assignees"]
                if "giám sát" in found[0].lower()
                else []
            )
            for name in names:
                if name not in seen:
                    seen.add(name)
                    value = {"who": name, "ref": task["ref"], "text": task["text"][:400], "units": []}
                    yield "follow", value, _spans(answer, f"assignments.{at}.tasks.{n}.text"), _ASK_FOLLOW


def _occasions(answer: dict) -> Iterator[Parts]:
    for at, held in enumerate(answer["campaigns"]):
        ask = "" if held["start"] and held["end"] else "Văn bản không ghi đủ ngày bắt đầu, kết thúc."
        yield (
            "campaign",
            dict(held),
            _spans(answer, *(f"campaigns.{at}.{k}" for k in ("start", "end", "theme"))),
            ask,
        )
    for at, event in enumerate(answer["events"]):
        yield "event", dict(event), _spans(answer, f"events.{at}.name", f"events.{at}.date"), ""
    for at, target in enumerate(answer["targets"]):
        yield "target", dict(target), _spans(answer, f"targets.{at}.text"), ""


def _base(answer: dict) -> Iterator[Parts]:
    signer = answer["signer"] or {"name": None, "position": None, "authority": None}
    head = {name: answer[name] for name in _HEAD} | {
        "signer_name": signer["name"], "signer_position": signer["position"], "authority": signer["authority"],
    }  # fmt: skip
    ask = "" if head["subject"] else "Không thấy trích yếu; ghi trích yếu để vào sổ."
    yield "head", head, _spans(answer, "code", "date", "subject", "signer.name"), ask
    for name in ("basis", "mentions"):
        for at, cited in enumerate(answer[name]):
            spans = _spans(answer, f"{name}.{at}.code") or _spans(answer, f"{name}.{at}.title")
            yield "citation", cited | {"basis": name == "basis"}, spans, ""
    if answer["form"]:
        places = _spans(answer, "form.title") or _spans(answer, "form.sections.0.title")
        yield "form", {"form": answer["form"]}, places, ""


def _slogans(answer: dict) -> Iterator[Parts]:
    by_place: dict[str, list[int]] = {}
    for at, slogan in enumerate(answer["slogans"]):
        by_place.setdefault(slogan["place"] or "", []).append(at)
    for place, numbers in by_place.items():
        lines = [{key: answer["slogans"][at][key] for key in ("text", "author")} for at in numbers]
        yield (
            "slogans",
            {"place": place, "lines": lines},
            _spans(answer, *(f"slogans.{at}.text" for at in numbers)),
            "",
        )


def _spans(answer: dict, *paths: str) -> list[list[int]]:
    return sorted(answer["evidence"][path] for path in paths if path in answer["evidence"])


def _under(answer: dict, path: str) -> list[list[int]]:
    return sorted(span for key, span in answer["evidence"].items() if key.startswith(f"{path}."))


def apply(items: list[Item], changes: Mapping[int, Mapping[str, Any]], states: Mapping[int, str]) -> None:
    """What a person changed, in place: an item that was changed or decided asks no more."""
    for item in items:
        changed = {
            name: value
            for name, value in changes.get(item["id"], {}).items()
            if item["value"].get(name) != value
        }
        item["value"] |= changed
        state = states.get(item["id"], "")
        if state in STATES:
            item["state"] = state
        elif changed and item["state"] == OPEN:
            item["state"] = TAKEN
        if item["state"] != OPEN:
            item["ask"] = ""


def taken(items: list[Item], kind: str) -> list[Item]:
    """Those of a kind that a person has taken."""
    return [item for item in items if item["kind"] == kind and item["state"] == TAKEN]


def _force(sentence: str) -> str:
    """Of the sentence that asks for a report: "đề nghị …", "khuyến khích …", else it is ordered."""
    words = fold(sentence)
    return "khuyen-khich" if "khuyen khich" in words else "de-nghi" if "de nghi" in words else "giao"


def due_of(due: dict, issued: date | None) -> dict[str, str]:
    """A deadline as a round keeps it: ``rule`` (before, by, undated), ``due_on`` (ISO or ""), ``frequency``.

    What comes every year is due on its first day after ``issued``; a month without a day ends with its last one.
    """
    frequency = due["recurrence"] or "once"
    on = _day(due["stated"])
    if on is None and due["month"] and issued:
        on = _month_end(issued.year, due["month"], due["day"])
        if on <= issued:
            on = _month_end(issued.year + 1, due["month"], due["day"])
    elif on is None and due["day"] and frequency == "monthly" and issued:
        on = _month_end(issued.year, issued.month, due["day"])
        if on <= issued:
            on = _month_end(issued.year + issued.month // 12, issued.month % 12 + 1, due["day"])
    rule = "undated" if on is None else "by" if due["inclusive"] else "before"
    return {"rule": rule, "due_on": on.isoformat() if on else "", "frequency": frequency}


def _month_end(year: int, month: int, day: int | None) -> date:
    last = calendar.monthrange(year, month)[1]
    return date(year, month, min(day or last, last))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def names_in(item: Item) -> list[str]:
    """The words of an item that name units."""
    value = item["value"]
    if item["kind"] == "work":
        return value["assignees"]
    if item["kind"] == "follow":
        return [value["who"]]
    if item["kind"] == "report":
        return [*value["from"], *value["to"], *([value["via"]] if value["via"] else [])]
    return []


def unmatched(match: Match) -> dict[str, Any]:
    """What to say of words that name no unit for certain; ``proposal``: a unit that could be founded, or None."""
    new = match.proposal
    if new is None:
        return {"phrase": match.phrase, "note": match.note, "proposal": None}
    names = ("name", "short_name", "code", "kind", "area_type", "place", "line")
    proposal = {name: str(getattr(new, name)) for name in names} | {
        "parent": new.parent.pk if new.parent else None
    }
    return {"phrase": match.phrase, "note": match.note, "proposal": proposal}


def added(number: int, kind: str, words: str, at: int, issued: date) -> Item:
    """An item of words that somebody chose in the text; what they say of day and bodies is typed by hand."""
    spans = [[at, at + len(words)]]
    line = " ".join(words.split())
    value: dict[str, Any]
    if kind == "report":
        value = {
            "what": line, "from": [], "to": [], "via": None, "channel": None, "text": line, "units": [],
            "to_units": [],
            "via_units": [], "due_text": "theo quy định", "rule": "undated", "due_on": "", "frequency": "once",
            "force": _force(line),
        }  # fmt: skip
        return new_item(number, kind, value, spans, "Ghi hạn và đơn vị phải báo cáo.")
    if kind == "work":
        task = {"text": line, "ref": "", "role": "thuc-hien", "force": "giao"}
        value = {"assignees": [], "tasks": [task], "units": [], "named": []}
        return new_item(number, kind, value, spans, "Ghi đơn vị phải làm.")
    if kind == "target":
        value = {"percent": None, "number": None, "unit": None, "subject": line, "by": None, "text": line}
        return new_item(number, kind, value, spans, "Ghi tỷ lệ hoặc số lượng.")
    if kind == "slogans":
        return new_item(number, kind, {"place": "", "lines": [{"text": line, "author": None}]}, spans)
    value = {"name": line[:300], "date": issued.isoformat(), "place": None}
    return new_item(number, kind, value, spans, "Ghi ngày của sự kiện.")
