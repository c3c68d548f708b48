"""Between what deeds say and what stands in a report: following them, amending them, and what is kept of both. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from hoctap.forms.figures import format_figure
from hoctap.forms.rules import Finding, cell_name
from hoctap.forms.spec import FormSpec
from hoctap.kernel.errors import Conflict
from hoctap.reports.content import Content
from hoctap.reports.deeds import Cells

AMENDED = "deed-"  # begins a finding's code; the line's number ends it


class DeedsChanged(Conflict):
    """The deeds changed since the page was shown, and figures that follow them with it."""


@dataclass(frozen=True)
class Followed:
    """A content as a page shows it. ``moved``: by position, the figure it had before it followed the deeds."""

    content: Content
    moved: dict[int, int | None]


def follow(spec: FormSpec, content: Content, now: Cells) -> Followed:
    """What was not amended takes what the deeds say now; what was amended stays; a blank that nobody touched is filled."""
    figures, filled = list(content.figures or [None] * spec.size), dict(content.filled)
    if len(figures) != spec.size:  # of another form; refused where it is sent
        return Followed(content, {})
    moved = {}
    for cell in spec.cells:
        key, fact = str(cell.position), now.get(cell.position)
        if cell.derived or (fact is None and key not in filled):
            continue
        before = figures[cell.position]
        follows = before == filled[key] if key in filled else before is None
        if follows and key not in content.typed:
            figures[cell.position] = fact.value if fact else None
            if key in filled and figures[cell.position] != before:
                moved[cell.position] = before
        if fact:
            filled[key] = fact.value
        else:
            del filled[key]
    return Followed(replace(content, figures=figures, filled=filled), moved)


def amended(spec: FormSpec, content: Content) -> Iterator[int]:
    """Positions whose figure is not what the deeds said when the page was shown."""
    for key, value in content.filled.items():
        position = int(key)
        if position < spec.size and content.figures[position] != value:
            yield position


def findings(spec: FormSpec, content: Content) -> list[Finding]:
    """One for each line that differs from the deeds; open until a reason is given."""
    if not content.filled or len(content.figures) != spec.size:
        return []
    by_line: dict[str, list[int]] = {}
    for position in sorted(amended(spec, content)):
        by_line.setdefault(spec.line_of[position].number, []).append(position)
    return [_finding(spec, content, line, positions) for line, positions in by_line.items()]


def _finding(spec: FormSpec, content: Content, line: str, positions: list[int]) -> Finding:
    said = "; ".join(
        f"sổ hoạt động ghi {format_figure(content.filled[str(p)])} {spec.cells[p].measure},"
        f" báo cáo {_figure(content.figures[p])}"
        for p in positions
    )
    message = f"Dòng {line}: {said}. Ghi lý do khác sổ."
    reason = content.amended.get(line, "").strip()
    return Finding(AMENDED + line, "warning", line, positions[0], message, reason)


def _figure(value: int | None) -> str:
    return "để trống" if value is None else format_figure(value)


def require_current(spec: FormSpec, content: Content, now: Cells) -> Content:
    """The content beside what deeds say now. DeedsChanged where figures that follow them would be others."""
    followed = follow(spec, content, now)
    if len(content.figures) == spec.size and followed.content.figures != list(content.figures):
        raise DeedsChanged(*_what_moved(spec, content, followed.content))
    return followed.content


def kept(spec: FormSpec, content: Content, now: Cells) -> dict[str, dict]:
    """What a revision keeps of its deeds, by the keys of ``Revision.content``; nothing where it has none."""
    if not now:
        return {}
    values: dict[str, dict] = {
        "facts": {str(position): fact.value for position, fact in now.items()},
        "sources": {str(position): list(fact.sources) for position, fact in now.items()},
    }
    if reasons := {finding.line: finding.reason for finding in findings(spec, content)}:
        values["amended"] = reasons
    return values


def _what_moved(spec: FormSpec, before: Content, now: Content) -> tuple[str, list[tuple[str, str]]]:
    places = [
        (
            f"Dòng {spec.line_of[i].number}",
            f"{cell_name(spec.line_of[i], spec.cells[i])}: {_figure(old)} nay là {_figure(new)}.",
        )
        for i, (old, new) in enumerate(zip(before.figures, now.figures, strict=True))
        if old != new
    ]
    message = (
        f"Sổ hoạt động vừa đổi, {len(places)} số lấy từ đó nay khác. Chưa gửi; số đã gõ giữ nguyên. "
        "Xem các số mới rồi gửi lại."
    )
    return message, places


def sources_of(content: Mapping) -> set[int]:
    """The activities that a revision was counted from, by its ``content``."""
    return {activity for ids in content.get("sources", {}).values() for activity in ids}
