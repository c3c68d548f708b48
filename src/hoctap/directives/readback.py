"""Whether a composed text is understood as it was meant: read back, and compared clause by clause. Pure."""

from hoctap.directives.composing import appendices, main
from hoctap.directives.composition import (
    ALL_UNITS,
    Composition,
    Deadline,
    Force,
    Rule,
    lowered,
    raised,
    sentence,
    tidy,
)
from hoctap.directives.enums import DocumentKind
from hoctap.directives.reading import read


def unlike(made: Composition) -> list[str]:
    """What reading the text would understand otherwise, in words; empty when it gives back the same clauses."""
    text = headed(f"{main(made)}\n{appendices(made)}", made.kind, made.subject)
    found = read(text).as_json()
    return [
        *_assignments(made, found["assignments"]),
        *_deadlines(made, found["deadlines"]),
        *_targets(made, found),
    ]


def headed(text: str, kind: DocumentKind, subject: str, number: str = "") -> str:
    """A text kept without its head, with what the register says of it: readable as a document."""
    about = f"V/v {subject}" if kind == DocumentKind.CV else f"{DocumentKind(kind).label.upper()}\n{subject}"
    return f"Số: {number or '01/VB'}\n{about}\n{text}"


def _assignments(made: Composition, found: list[dict]) -> list[str]:
    understood = {
        (task["text"], tuple(one["assignees"]), task["force"]) for one in found for task in one["tasks"]
    }
    texts = {text for text, _names, _force in understood}
    said = []
    general = () if not made.is_letter else tuple(map(sentence, made.addressees))
    asked = made.asks.value if made.is_letter else Force.ORDERED.value
    for section in made.sections:
        for task in map(sentence, section.tasks):
            if (task, general, asked) not in understood:
                said.append(_missed(task, section.title or "Nội dung chung", task in texts))
    for given in made.assignments:
        first, *others = map(tidy, given.assignees)
        names = (first if given.force is Force.ASKED else raised(first), *others)
        for task in given.worded():
            if (task, names, given.force.value) not in understood:
                said.append(_missed(task, ", ".join(names), task in texts))
    return said


def _missed(task: str, where: str, otherwise: bool) -> str:
    how = "hiểu là của nơi khác, hoặc lời khác" if otherwise else "không nhận ra là một việc"
    return f"“{task[:80]}” ({where}): máy đọc lại {how}."


def _deadlines(made: Composition, found: list[dict]) -> list[str]:
    understood = [
        (
            d["what"],
            tuple(d["from"]),
            d["stated"],
            d["inclusive"],
            d["month"],
            d["day"],
            tuple(d["to"]),
            d["via"],
        )
        for d in found
    ]
    return [
        f"Thời hạn “{due.what[:80]}”: máy đọc lại khác. Xem lại tên nơi gửi, nơi nhận, đầu mối: ghi đủ tên đơn vị."
        for due in made.deadlines
        if _key(due) not in understood
    ]


def _key(due: Deadline) -> tuple:
    yearly = due.on is None
    return (
        lowered(tidy(due.what)), tuple(map(tidy, due.who)) or (ALL_UNITS,),
        due.on.isoformat() if due.on else None, (yearly and not due.day) or due.rule is not Rule.BEFORE,
        due.month if yearly else None, due.day if yearly else None, tuple(map(tidy, due.to)), tidy(due.via) or None,
    )  # fmt: skip


def _targets(made: Composition, found: dict) -> list[str]:
    understood = {target["text"] for target in found["targets"]}
    return [
        f"Mục tiêu “{line[:80]}”: máy đọc lại không thấy con số phải đạt. Ghi mỗi dòng một mục tiêu, như “100% đơn vị có …”."
        for line in map(sentence, made.targets)
        if line not in understood
    ]
