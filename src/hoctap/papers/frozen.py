"""A drawn or signed consolidation, read for printing: who is in it, with which figures and words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from hoctap.forms import queries as form_queries
from hoctap.forms.spec import Cell, FormSpec, Line
from hoctap.kernel.paths import segment
from hoctap.obligations.models import Obligation
from hoctap.papers.content import Cell as Value
from hoctap.papers.content import TableAppendix, UnitStanding
from hoctap.papers.tables import FigureLine, Headings, consolidated_table
from hoctap.reports.models import Acceptance, Revision
from hoctap.rollup.models import Snapshot, SnapshotItem

Figures = Sequence[int | None]
MOST_NOTES = 5  # of the units' words on one line that are printed

NOTES = (
    "“–” là chưa đơn vị nào báo cáo dòng này; “0” là các đơn vị đã báo cáo không có. Cột “Số đơn vị có số liệu” "
    "ghi số đơn vị có số ở dòng đó trên số đơn vị phải báo cáo; phần của đơn vị tổng hợp cộng vào tổng, "
    "không tính trong số đơn vị.",
)


@dataclass(frozen=True)
class Part:
    """One report in the consolidation: what counts of it. ``figures`` is None where nothing does."""

    obligation: Obligation
    revision: Revision | None
    acceptance: Acceptance | None
    figures: Figures | None

    @property
    def words(self) -> dict:
        return self.revision.content if self.figures is not None else {}


class Frozen:
    """Bản tổng hợp đóng băng; everything comes from the snapshot's own items, never from what stands now."""

    def __init__(self, snapshot: Snapshot):
        self.snapshot = snapshot
        self.node = Obligation.objects.select_related("unit", "round__directive", "round__form_version").get(
            pk=snapshot.obligation_id
        )

    @cached_property
    def spec(self) -> FormSpec | None:
        version_id = self.node.round.form_version_id
        return form_queries.version_spec(version_id) if version_id else None

    @cached_property
    def parts(self) -> list[Part]:
        """The node's own report first, then those below it, by name."""
        items = SnapshotItem.objects.filter(snapshot=self.snapshot).select_related(
            "obligation__unit", "revision", "acceptance__revision"
        )
        parts = [_part(item, self.node) for item in items]
        return sorted(parts, key=lambda p: (p.obligation.pk != self.node.pk, p.obligation.unit.sort_key))

    @cached_property
    def children(self) -> list[Obligation]:
        """Those directly below the node, in the order they were asked."""
        depth = self.node.path.count(".") + 1
        return sorted(
            (p.obligation for p in self.parts if p.obligation.path.count(".") == depth), key=lambda o: o.pk
        )

    @cached_property
    def own(self) -> Figures:
        """The node's own part."""
        return self.parts[0].figures or [None] * len(self.snapshot.sums)

    def branch(self, child: Obligation) -> Figures:
        """Sums over one child's whole subtree; None where none of it has the cell."""
        mark = self.node.path + segment(child.pk)
        vectors = [p.figures for p in self.parts if p.figures and p.obligation.path.startswith(mark)]
        return [_sum(column) for column in zip(*vectors, strict=True)] or [None] * len(self.snapshot.sums)

    def notes(self, line: Line, kind: str = "notes") -> str:
        """What the units wrote beside a line, each with its name."""
        found = [
            (p.obligation.unit.short_name, p.words.get(kind, {}).get(line.number, "")) for p in self.parts
        ]
        written = [f"{name}: {text.strip().rstrip('.')}" for name, text in found if text.strip()]
        more = [f"và {len(written) - MOST_NOTES} đơn vị khác"] if len(written) > MOST_NOTES else []
        return "; ".join([*written[:MOST_NOTES], *more])

    def _texts(self) -> list[str]:
        """The form's lines of words, below the table: its narrow columns have no room for them."""
        lines = [line for line in self.spec.lines if line.kind == "text"]
        said = [(line, self.notes(line, "texts")) for line in lines]
        return [f"{line.printed}. {line.label.rstrip(':')}: {text}." for line, text in said if text]

    def appendix(self, caption: str = "", *, by_unit: bool = False) -> TableAppendix:
        """The form with its totals and how many units each covers; ``by_unit`` adds the node's and each child's share."""
        children = self.children if by_unit else []
        shares = [self.own, *map(self.branch, children)] if by_unit else []
        names = [f"Phần của {self.node.unit.short_name}", *(child.unit.short_name for child in children)]
        spec = self.spec
        table = consolidated_table(
            [self._line(line, shares) for line in spec.lines],
            expected=self.snapshot.coverage["expected"],
            units=names if by_unit else (),
            headings=headings(spec),
        )
        return TableAppendix(title=spec.title, table=table, caption=caption, notes=(*NOTES, *self._texts()))

    def _line(self, line: Line, shares: list[Figures]) -> FigureLine:
        below = [n - (own is not None) for n, own in zip(self.snapshot.counts, self.own, strict=True)]
        cells = column_cells(self.spec, line)
        return FigureLine(
            number=line.printed,
            label=line.label,
            unit=line.unit_of_measure,
            values=values(cells, self.snapshot.sums),
            note=self.notes(line) if line.cells else "",
            lead=line.kind != "line",
            counted=tuple(None if cell is None else below[cell.position] for cell in cells),
            by_unit=tuple(values(cells, share) for share in shares),
        )

    def standings(self) -> list[UnitStanding]:
        """Who below the node is in the total and who is not."""
        return [
            UnitStanding(
                p.obligation.unit.name,
                p.figures is not None,
                "Đã tính" if p.figures is not None else "Chưa có báo cáo được tiếp nhận",
            )
            for p in self.parts[1:]
        ]


def _part(item: SnapshotItem, node: Obligation) -> Part:
    """An accepted report counts as accepted; the node's own part as it sent it (nobody below accepts it)."""
    counted = item.acceptance or (item.revision if item.obligation_id == node.pk else None)
    revision = item.acceptance.revision if item.acceptance else item.revision
    return Part(item.obligation, revision, item.acceptance, counted and counted.figures)


def column_cells(spec: FormSpec, line: Line) -> list[Cell | None]:
    """The line's cell in each figure column."""
    found = {cell.column: cell for cell in line.cells}
    return [found.get(column.key) for column in spec.figure_columns]


def headings(spec: FormSpec) -> Headings:
    """The names of the columns as the form prints them."""
    names = {column.key: column.label for column in spec.columns}
    return Headings(
        number=names["stt"],
        label=names["label"],
        unit=names["unit"],
        group=spec.figure_columns[0].group,
        measures=tuple(column.label for column in spec.figure_columns),
        note=names["note"],
    )


def values(cells: Iterable[Cell | None], figures: Figures) -> tuple[Value, ...]:
    return tuple("" if cell is None else figures[cell.position] for cell in cells)


def _sum(column: Iterable[int | None]) -> int | None:
    given = [value for value in column if value is not None]
    return sum(given) if given else None
