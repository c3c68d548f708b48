"""What ``hoctap demo`` leaves behind: the units' sheets, the signed report, and a summary to check them against."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from hoctap.cli.demo.script import HOME
from hoctap.cli.demo.story import Story
from hoctap.forms.figures import format_figure
from hoctap.forms.sheets import write_form
from hoctap.forms.spec import FormSpec
from hoctap.kernel import clock, files
from hoctap.obligations.models import Extension, Obligation
from hoctap.papers.frozen import Frozen, Part
from hoctap.reports import deeds
from hoctap.reports.enums import ActKind, Channel
from hoctap.reports.filling import sources_of
from hoctap.reports.intake import stamp_of
from hoctap.reports.models import Acceptance, Report, ReportEntry, Revision
from hoctap.reports.rules import ACCEPTED, LATE, SENT
from hoctap.rollup.queries import Difference, signed_vs_live, table
from hoctap.rollup.rules import json_sum

NOTE = (
    "Số liệu minh họa, không phải số liệu thật của các đơn vị nêu tên. Tệp của đơn vị ghi số được tính: "
    "số sau rà soát ở ô nơi tổng hợp đã sửa (nêu ở cột Ghi chú và ở mục reviewed), số báo cáo ở các ô còn lại. "
    "units ở mỗi ô là số báo cáo có số ở ô đó, gồm cả phần của đơn vị tổng hợp."
)


def write_all(story: Story, out: Path) -> int:
    """``units/<code>.xlsx``, ``tong-hop.xlsx|docx|pdf`` and ``summary.json``, all of the signed consolidation.

    ``out`` holds a folder ``units`` already. Returns how many units' sheets were written.
    """
    frozen = Frozen(story.snapshot)
    parts = [part for part in frozen.parts if part.figures is not None]
    for part in parts:
        (out / "units" / f"{part.obligation.unit.code}.xlsx").write_bytes(_sheet(frozen.spec, part))
    for kept in story.snapshot.files.all():
        (out / f"tong-hop.{kept.kind}").write_bytes(files.read(kept.file_id))
    summary = json.dumps(_summary(story, parts), ensure_ascii=False, indent=1)
    (out / "summary.json").write_text(summary + "\n", encoding="utf-8")
    return len(parts)


def _sheet(spec: FormSpec, part: Part) -> bytes:
    """One unit's own figures as they count, with what the reviewer changed said beside them."""
    notes = dict(part.words.get("notes", {}))
    for change in _reviewed(spec, part):
        counts, reported = _shown(change["counts"]), _shown(change["reported"])
        said = f"Số sau rà soát ({change['measure']}): {counts}; đơn vị báo cáo {reported}."
        notes[change["line"]] = " ".join(filter(None, (notes.get(change["line"]), said, change["reason"])))
    return write_form(
        spec,
        stamp_of(part.obligation, part.revision.number),
        part.figures,
        notes,
        part.words.get("texts", {}),
        part.words.get("narrative", {}),
    )


def _shown(value: int | None) -> str:
    return "để trống" if value is None else format_figure(value)


def _reviewed(spec: FormSpec, part: Part) -> list[dict]:
    """The cells in which the figure that counts is not the reported one."""
    acceptance: Acceptance | None = part.acceptance
    if acceptance is None:
        return []
    return [
        {
            "code": part.obligation.unit.code,
            "name": part.obligation.unit.name,
            "line": spec.line_of[i].number,
            "measure": spec.cells[i].measure,
            "reported": reported,
            "counts": counts,
            "reason": acceptance.reasons.get(str(i), ""),
        }
        for i, (reported, counts) in enumerate(zip(part.revision.figures, part.figures, strict=True))
        if reported != counts
    ]


def _summary(story: Story, parts: list[Part]) -> dict:
    spec, root = story.spec, story.root
    below = (
        Obligation.objects.filter(round=story.round, parent__isnull=False)
        .select_related("unit")
        .order_by("pk")
    )
    entries = ReportEntry.objects.filter(round=story.round, obligation__parent__isnull=False)
    by_mail = Revision.objects.filter(channel=Channel.EMAIL, report__obligation__round=story.round)
    live = table(root).total
    difference = signed_vs_live(story.snapshot)
    return {
        "note": NOTE,
        "seed": story.seed,
        "round": story.round.name,
        "directive": story.round.directive.number_label,
        "signed_at": story.snapshot.signed_at.astimezone(clock.VIETNAM).isoformat(),
        "consolidator": _unit(story.owed[HOME]),
        "expected": _units(below),
        "submitted": _units(below.filter(SENT)),
        "accepted": _units(below.filter(ACCEPTED)),
        "late": _units(below.filter(LATE)),
        "missing": _units(below.exclude(SENT)),
        "corrected": _units(below.filter(pk__in=entries.filter(act=ActKind.RETURN).values("obligation"))),
        "entered": _units(below.filter(pk__in=by_mail.values("report__obligation"))),
        "extended": _units(below.filter(pk__in=Extension.objects.values("obligation"))),
        "amended": [_unit(cause.obligation) for cause in difference.causes],
        "reviewed": [change for part in parts for change in _reviewed(spec, part)],
        "files": [part.obligation.unit.code for part in parts],
        "signed": _cells(spec, story.snapshot.sums, story.snapshot.counts),
        "live": _cells(spec, live.sums, live.counts),
        "differences": _differences(spec, difference),
        **_from_deeds(story),
    }


def _from_deeds(story: Story) -> dict[str, int]:
    """How many figures of what stands sent came from deeds, were amended with a reason, or were typed; and how many
    activities that several could have counted stand in exactly one report."""
    cells, held_in = {"prefilled": 0, "amended": 0, "typed": 0}, Counter[int]()
    standing = Report.objects.filter(obligation__round=story.round, sent__isnull=False)
    for figures, content in standing.values_list("sent__figures", "sent__content"):
        facts = content.get("facts", {})
        held_in.update(sources_of(content))
        for cell in story.spec.cells:
            fact, figure = facts.get(str(cell.position)), figures[cell.position]
            if fact is not None:
                cells["prefilled" if figure == fact else "amended"] += 1
            elif figure is not None and not cell.derived:
                cells["typed"] += 1
    everybody = story.round.obligations.values_list("pk", flat=True)
    known = deeds.read(story.round, deeds.found(story.round, everybody))
    once = sum(len(deed.candidates) > 1 and held_in[deed.activity] == 1 for deed in known)
    return {f"cells_{how}": n for how, n in cells.items()} | {"cohosted_counted_once": once}


def _unit(obligation: Obligation) -> dict:
    return {"code": obligation.unit.code, "name": obligation.unit.name}


def _units(obligations: Iterable[Obligation]) -> list[dict]:
    return [_unit(obligation) for obligation in obligations]


def _cells(spec: FormSpec, sums: Sequence[int | None], counts: Sequence[int]) -> dict[str, dict]:
    """By "line measure", e.g. "1.7 người": the sum (null: nobody reported it) and how many reports have it."""
    return {
        _key(spec, i): {"sum": json_sum(total), "units": units}
        for i, (total, units) in enumerate(zip(sums, counts, strict=True))
    }


def _key(spec: FormSpec, position: int) -> str:
    return f"{spec.line_of[position].number} {spec.cells[position].measure}"


def _differences(spec: FormSpec, difference: Difference) -> list[dict]:
    """Every cell that moved after the signing, with the units that moved it."""
    return [
        {
            "cell": _key(spec, cell.position),
            "signed": json_sum(cell.signed),
            "live": json_sum(cell.live),
            "units": [_unit(cause.obligation) for cause in difference.causes if cell.position in cause.cells],
        }
        for cell in difference.cells
    ]
