"""A document of the register as one text to read: its body, with the head and foot that only the register has. Pure."""

import re

from hoctap.directives.enums import DocumentKind
from hoctap.directives.models import Directive
from hoctap.kernel.vietnamese import fold

HEAD_LINES = 20  # of the body, among which its own head would stand


def whole_text(directive: Directive, body: str) -> str:
    """Nothing that the body says itself is said twice; the foot stands before the appendices (behind the last "./.")."""
    lines = body.split("\n")
    first = [fold(line).strip() for line in lines if line.strip()][:HEAD_LINES]
    end = next(
        (at for at in range(len(lines) - 1, -1, -1) if lines[at].rstrip().endswith("./.")), len(lines) - 1
    )
    foot = [] if _has_foot(lines) else _foot(directive)
    return "\n".join([*_head(directive, first), *lines[: end + 1], *foot, *lines[end + 1 :]])


def _head(directive: Directive, first: list[str]) -> list[str]:
    found = []
    if directive.number_text and not any(
        re.match(r"so\b\s*:?\s*\d*\s*[/-]?", line) and "/" in line for line in first
    ):
        found.append(f"Số: {directive.number_text}")
    day = directive.issued_on
    if day and not any(re.search(r", ngay \d", line) and len(line) < 80 for line in first):
        place = directive.place or directive.registered_by.place
        found.append(f"{place}, ngày {day:%d} tháng {day:%m} năm {day:%Y}")
    subject = fold(directive.subject)
    if not any(line.endswith(subject) and len(line) < len(subject) + 15 for line in first):
        letter = directive.kind == DocumentKind.CV
        kind = directive.get_kind_display().upper()
        found += [f"V/v {directive.subject}"] if letter else [kind, directive.subject]
    return [part for line in found for part in (line, "")]


def _has_foot(lines: list[str]) -> bool:
    return any(fold(line).strip().startswith("noi nhan") for line in lines)


def _foot(directive: Directive) -> list[str]:
    recipients = [line.strip(" -") for line in directive.recipients_text.splitlines() if line.strip(" -")]
    found = ["", "Nơi nhận:", *(f"- {line}" for line in recipients), ""] if recipients else [""]
    if directive.signer_name:
        post = f"{directive.authority} {directive.signer_position}".strip().upper()
        found += [*([post] if post else []), "", directive.signer_name, ""]
    return found
