"""What an import of units would do or did, and what it refuses."""

from dataclasses import dataclass, field

from hoctap.kernel.errors import Refusal
from hoctap.orgs.sheets import Wrong


@dataclass(frozen=True)
class PlannedUnit:
    """One row that does something; ``changes`` in words, empty for a new unit. ``row`` as Excel counts."""

    row: int
    code: str
    name: str
    changes: tuple[str, ...] = ()


@dataclass
class ImportPlan:
    """What an import would do (dry run) or did; ``refused`` are cells, each with what it holds and should hold."""

    new: list[PlannedUnit] = field(default_factory=list)
    changed: list[PlannedUnit] = field(default_factory=list)
    unchanged: int = 0
    refused: list[Wrong] = field(default_factory=list)

    def refusal(self) -> Refusal:
        """Nothing is taken, for these cells."""
        (where, what), more = self.refused[0], len(self.refused) - 1
        others = f" Còn {more} ô nữa phải sửa." if more else ""
        return Refusal(f"Chưa nhận gì từ tệp. Ô {where}: {what}{others}", self.refused)
