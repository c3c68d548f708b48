"""A nation: 34 provinces, 3,321 communes and 680 sector unions, base units below them, and rounds that ask them all.

Provinces and communes as since 1/7/2025 (Nghị quyết 202/2025/QH15); names, sizes and figures are invented, the same for
the same seed. Rows go in by COPY as the actions would leave them, folded: ``hoctap check`` finds nothing wrong with it.
Django must be set up before this is imported, on a database without units.
"""

import json
import random
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.db import connection, transaction
from django.db.models import Model

from bench.wide import SINCE, hashed_password
from hoctap.cli.demo.figures import invent
from hoctap.directives.models import Directive, DirectiveText
from hoctap.forms.actions import publish_version
from hoctap.forms.definition import library_form
from hoctap.forms.queries import version_spec
from hoctap.forms.rules import derive
from hoctap.forms.spec import FormSpec
from hoctap.kernel import clock
from hoctap.kernel.errors import Refusal
from hoctap.kernel.paths import segment
from hoctap.kernel.vietnamese import sort_key
from hoctap.obligations.models import Obligation, Recipient, Round
from hoctap.orgs.models import Seat, Subordination, Unit, UnitName
from hoctap.orgs.naming import folded_name
from hoctap.people.models import User
from hoctap.reports.models import Acceptance, Report, ReportEntry, Revision
from hoctap.rollup.models import DueChange, DueCount, Fold

PROVINCES, COMMUNES, SECTOR_UNIONS = 34, 3321, 680
FILED, ACCEPTED, LATE = 0.92, 0.97, 0.05  # of those expected; of those filed, twice
BLANK = 0.38  # of the cells an invented report leaves blank so many stay so, which makes a tenth of all cells
VECTORS = 2000  # different reports; each unit's is one of them
ALWAYS = f"[{SINCE},)"
_PLACES = (
    "An Phú",
    "Bàn Cờ",
    "Cẩm Lệ",
    "Đông Hà",
    "Hòa Bình",
    "Kỳ Sơn",
    "Lộc Thắng",
    "Mỹ Xuyên",
    "Tân Lập",
    "Yên Thế",
)
_BASES = (
    ("school", "Trường Trung học cơ sở {}", "THCS {}"),
    ("school", "Trường Tiểu học {}", "TH {}"),
    ("centre", "Trung tâm Học tập cộng đồng {}", "TTHTCĐ {}"),
    ("association", "Hội Khuyến học {}", "HKH {}"),
)


@dataclass(frozen=True)
class Node:
    """One unit of the nation; its place in every round's tree is its place under ``parent``. ``pk`` counts from 1."""

    pk: int
    parent: int | None
    path: str
    level: int  # 0 nation, 1 province, 2 commune or sector union, 3 base unit
    kind: str
    area: str
    name: str
    short: str

    @property
    def code(self) -> str:
        return f"VN-{self.pk:06}"


@dataclass(frozen=True)
class Vector:
    """One invented report: its figures, and what they add to sums and to non-null counts."""

    figures: tuple[int | None, ...]
    sums: tuple[int, ...]
    counts: tuple[int, ...]


class Nation:
    """``nodes`` by pk. Unit, leader's user and leader's seat have the node's pk; officers come after them."""

    def __init__(self, units: int, seed: int = 1):
        if Unit.objects.exists():
            raise Refusal("Cơ sở dữ liệu này đã có đơn vị; chỉ dựng thế giới thử trong cơ sở dữ liệu trống.")
        self.chance = random.Random(seed)
        self.nodes = {node.pk: node for node in _tree(self.chance, units)}
        self.below = dict.fromkeys(self.nodes, 0)  # how many stand under each
        for node in reversed(self.nodes.values()):
            if node.parent:
                self.below[node.parent] += self.below[node.pk] + 1
        with transaction.atomic():
            self._units()
            self.version = publish_version(
                seat=None, definition=json.loads(library_form("tuan-le-2023").canonical)
            )
        self.spec = version_spec(self.version.pk)
        self.vectors = [_vector(self.spec, self.chance) for _ in range(VECTORS)]

    @property
    def size(self) -> int:
        return len(self.nodes)

    def blank(self) -> float:
        """Which part of the cells its reports leave out."""
        return sum(v.counts.count(0) for v in self.vectors) / (VECTORS * self.spec.size)

    def widest(self) -> tuple[int, int]:
        """The province with most below it, and of that province's communes the one with most."""
        province = max((n.pk for n in self.nodes.values() if n.level == 1), key=self.below.__getitem__)
        commune = max((n.pk for n in self.nodes.values() if n.parent == province), key=self.below.__getitem__)
        return province, commune

    def leader(self, pk: int) -> Seat:
        return Seat.objects.select_related("unit", "user").get(pk=pk)

    def officer(self, pk: int) -> Seat:
        """Of a unit that gathers."""
        return Seat.objects.select_related("unit", "user").get(pk=self.size + pk)

    def add_round(self, name: str, due_on: date, *, filed: float = FILED, closed: bool = False) -> Round:
        """One more round that asks every unit; so many of them have sent, nearly all of those are accepted."""
        with transaction.atomic():
            laid = self._lay_out(name, due_on, closed)
            self._due_counts(laid, self._reports(laid, filed) if filed else [])
        with connection.cursor() as cursor:  # a transaction of its own: its snapshot sees those rows
            cursor.execute(
                "INSERT INTO rollup_watermark (round_id, snapshot, folded) SELECT %s, pg_current_snapshot(), count(*)"
                " FROM reports_reportentry WHERE round_id = %s",
                [laid.round.pk, laid.round.pk],
            )
        return laid.round

    def _units(self) -> None:
        nodes = list(self.nodes.values())
        above = [node for node in nodes if node.level < 3]
        password = hashed_password()
        with copy(
            Unit, "id code kind area_type name short_name name_folded sort_key place email is_demo"
        ) as write:
            for n in nodes:
                folded = folded_name(n.name, n.short, n.code)
                write((n.pk, n.code, n.kind, n.area, n.name, n.short, folded, sort_key(n.name), "", "", True))
        with copy(UnitName, "unit_id name short_name valid") as write:
            for n in nodes:
                write((n.pk, n.name, n.short, ALWAYS))
        with copy(Subordination, "unit_id parent_id line valid path") as write:
            for n in nodes:
                write((n.pk, n.parent, "territory", ALWAYS, n.path))
        with copy(
            User, "id username full_name email password is_active password_is_temporary date_joined"
        ) as write:
            joined = datetime(2024, 1, 1, tzinfo=UTC)
            for shift, role, those in self._seats(nodes, above):
                for n in those:
                    write(
                        (
                            n.pk + shift,
                            f"{role}-{n.pk}",
                            f"{role} {n.short}",
                            "",
                            password,
                            True,
                            False,
                            joined,
                        )
                    )
        with copy(Seat, "id user_id unit_id role valid") as write:
            for shift, role, those in self._seats(nodes, above):
                for n in those:
                    write((n.pk + shift, n.pk + shift, n.pk, role, ALWAYS))
        set_sequences(Unit, User, Seat)

    def _seats(self, nodes: list[Node], above: list[Node]) -> Iterator[tuple[int, str, list[Node]]]:
        yield 0, "leader", nodes
        yield self.size, "officer", above

    def _lay_out(self, name: str, due_on: date, closed: bool) -> "_Laid":
        directive = Directive.objects.create(
            registered_by_id=1, issuer_id=1, issuer_name=self.nodes[1].name, kind="KH", subject=name,
            issued_on=due_on - timedelta(days=30), listed_on=due_on - timedelta(days=30),
        )  # fmt: skip
        DirectiveText.objects.get_or_create(
            directive=directive, defaults={"heading": name, "issuer_name": directive.issuer_name}
        )
        due_at = datetime.combine(due_on + timedelta(days=1), datetime.min.time(), UTC) - timedelta(hours=7)
        round_ = Round.objects.create(
            directive=directive, name=name, form_version=self.version, opened_by_id=self.size + 1,
            closed_at=due_at + timedelta(days=30) if closed else None,
        )  # fmt: skip
        first = (Obligation.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1
        paths: dict[int, str] = {}
        text = f"chậm nhất ngày {due_on:%d/%m/%Y}"
        with copy(
            Obligation,
            "id below round_id unit_id parent_id path relation force due_text due_rule due_on due_at added_by_id"
            " added_reason",
        ) as write:
            for n in self.nodes.values():
                pk = first + n.pk - 1
                paths[n.pk] = paths.get(n.parent, "") + segment(pk)
                parent = n.parent and first + n.parent - 1
                write(
                    (
                        pk,
                        self.below[n.pk],
                        round_.pk,
                        n.pk,
                        parent,
                        paths[n.pk],
                        "superior",
                        "assign",
                        text,
                        "by",
                        due_on,
                        due_at,
                        1,
                        "",
                    )
                )
        with copy(Recipient, "obligation_id unit_id order") as write:
            for n in self.nodes.values():
                if n.parent:
                    write((first + n.pk - 1, n.parent, 0))
        set_sequences(Obligation)
        return _Laid(round_, first, due_at)

    def _reports(self, laid: "_Laid", filed: float) -> list[tuple[int, int, bool, bool]]:
        """Unit, vector, whether accepted, whether late: of each report."""
        sent, accepted = _Sums(self), _Sums(self)
        rows = []
        for n in self.nodes.values():
            if self.chance.random() < filed:
                which = self.chance.randrange(VECTORS)
                is_accepted = self.chance.random() < ACCEPTED
                sent.add(n, which)
                if is_accepted:
                    accepted.add(n, which)
                rows.append((n.pk, which, is_accepted, self.chance.random() < LATE))
        sent.climb()
        accepted.climb()
        _Filed(self, laid, rows).write()
        with copy(
            Fold,
            "obligation_id sent_sums sent_counts sent_reports accepted_sums accepted_counts accepted_reports",
        ) as write:
            for pk in sent.sums:
                write((laid.first + pk - 1, *sent.of(pk), *accepted.of(pk)))
        return rows

    def _due_counts(self, laid: "_Laid", rows: list[tuple[int, int, bool, bool]]) -> None:
        """As folding would count them from what the database has told of each obligation."""
        awaited = dict.fromkeys(self.nodes, 1) | {unit: 0 for unit, *_ in rows}
        late = dict.fromkeys(self.nodes, 0) | {unit: int(is_late) for unit, _, _, is_late in rows}
        for node in reversed(self.nodes.values()):
            for counted in (awaited, late):
                if node.parent:
                    counted[node.parent] += counted[node.pk]
        with copy(DueCount, "obligation_id overdue_at units") as write:
            for counted, overdue_at in ((awaited, laid.due_at), (late, None)):
                for pk, units in counted.items():
                    if units:
                        write((laid.first + pk - 1, overdue_at, units))
        DueChange.objects.filter(round=laid.round).delete()


def make(units: int, rounds: int, seed: int = 1) -> Nation:
    """A nation and a round each quarter, the last of them still open."""
    nation = Nation(units, seed)
    tomorrow = clock.today() + timedelta(days=1)
    for n in range(rounds - 1, -1, -1):
        due_on = tomorrow - timedelta(days=91 * n)
        nation.add_round(f"Báo cáo xây dựng xã hội học tập, hạn {due_on:%d/%m/%Y}", due_on, closed=n > 0)
    analyze()
    return nation


def analyze() -> None:
    """As a database that has run for a day knows its tables."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


@dataclass(frozen=True)
class _Laid:
    round: Round
    first: int  # the root's obligation; a node's is first + pk - 1
    due_at: datetime


class _Filed:
    """Reports, revisions, acceptances and entries of one round."""

    def __init__(self, nation: Nation, laid: _Laid, rows: list[tuple[int, int, bool, bool]]):
        self.nation, self.laid, self.rows = nation, laid, rows
        self.figures = [_array(vector.figures) for vector in nation.vectors]
        self.first = (Revision.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1
        self.officers = {n.pk: nation.size + (n.parent or n.pk) for n in nation.nodes.values()}

    def write(self) -> None:
        numbered = [(self.first + i, *row) for i, row in enumerate(self.rows)]
        chance, in_time, late = self.nation.chance, self.laid.due_at - timedelta(hours=20), self.laid.due_at
        with copy(Report, "id obligation_id state last_number first_received_at last_received_at") as write:
            for pk, unit, _, accepted, is_late in numbered:
                came = late + timedelta(hours=3) if is_late else in_time
                state = "accepted" if accepted else "waiting"
                write((pk, self.laid.first + unit - 1, state, 1, came, came))
        with copy(
            Revision,
            "id report_id number token figures content reason doc_number authority signer_position signer_name"
            " channel received_at made_by_id made_at",
        ) as write:
            words = '{"notes": {}, "texts": {}, "reasons": {}, "narrative": {}}'
            for pk, unit, which, _, is_late in numbered:
                came = late + timedelta(hours=3) if is_late else in_time
                token = uuid.UUID(int=chance.getrandbits(128), version=4)
                letter = ("", f"{unit}/BC", "", "", "Nguyễn Văn Thử", "system")
                write((pk, pk, 1, token, self.figures[which], words, *letter, came, unit, came))
        with copy(Acceptance, "id revision_id figures reasons") as write:
            for pk, _, which, accepted, _ in numbered:
                if accepted:
                    write((pk, pk, self.figures[which], "{}"))
        with copy(
            ReportEntry,
            "round_id obligation_id act sent_before_id sent_after_id accepted_before_id accepted_after_id seat_id reason",
        ) as write:
            for pk, unit, _, accepted, _ in numbered:
                entry = (self.laid.round.pk, self.laid.first + unit - 1)
                write((*entry, "submit", None, pk, None, None, unit, ""))
                if accepted:
                    write((*entry, "accept", pk, pk, None, pk, self.officers[unit], ""))
        with connection.cursor() as cursor:  # they name one another
            cursor.execute(
                "UPDATE reports_report r SET sent_id = r.id, acceptance_id = a.id FROM reports_report o"
                " LEFT JOIN reports_acceptance a ON a.id = o.id WHERE o.id = r.id AND r.id >= %s",
                [self.first],
            )
        set_sequences(Report, Revision, Acceptance)


class _Sums:
    """Sums of every node's subtree, from the leaves up."""

    def __init__(self, nation: Nation):
        self.nation = nation
        self.reports = dict.fromkeys(nation.nodes, 0)
        self.sums: dict[int, list[int]] = {}
        self.counts: dict[int, list[int]] = {}

    def add(self, node: Node, which: int) -> None:
        vector = self.nation.vectors[which]
        self.reports[node.pk] = 1
        self.sums[node.pk], self.counts[node.pk] = list(vector.sums), list(vector.counts)

    def climb(self) -> None:
        """Add every node to the one above it, the lowest first."""
        for node in reversed(self.nation.nodes.values()):
            if node.parent and node.pk in self.sums:
                self.reports[node.parent] += self.reports[node.pk]
                for kept in (self.sums, self.counts):
                    above = kept.get(node.parent)
                    mine = kept[node.pk]
                    kept[node.parent] = (
                        [a + b for a, b in zip(above, mine, strict=True)] if above else list(mine)
                    )

    def of(self, pk: int) -> tuple[str, str, int]:
        return _array(self.sums.get(pk, ())), _array(self.counts.get(pk, ())), self.reports[pk]


def _tree(chance: random.Random, units: int) -> Iterator[Node]:
    """Nodes in the order of their levels; the communes' and the base units' numbers are as uneven as in life."""
    top = Node(1, None, segment(1), 0, "committee", "nation", "Ủy ban nhân dân toàn quốc (thử)", "Toàn quốc")
    yield top
    numbers = iter(range(2, 2 + PROVINCES + COMMUNES + SECTOR_UNIONS + units))

    def below(parent: Node, kind: str, area: str, name: str, short: str) -> Node:
        pk = next(numbers)
        place = f"{_PLACES[pk % len(_PLACES)]} {pk}"
        return Node(
            pk,
            parent.pk,
            parent.path + segment(pk),
            parent.level + 1,
            kind,
            area,
            name.format(place),
            short.format(place),
        )

    provinces = [
        below(top, "committee", "province", "Ủy ban nhân dân tỉnh {}", "Tỉnh {}") for _ in range(PROVINCES)
    ]
    yield from provinces
    uneven = [chance.lognormvariate(0, 0.5) for _ in provinces]
    middle = [
        below(p, "committee", "commune", "Ủy ban nhân dân xã {}", "Xã {}")
        for p in chance.choices(provinces, uneven, k=COMMUNES)
    ] + [
        below(provinces[n % PROVINCES], "sector_union", "province", "Công đoàn ngành {}", "CĐN {}")
        for n in range(SECTOR_UNIONS)
    ]
    yield from middle
    uneven = [chance.lognormvariate(0, 1) for _ in middle]
    for parent in chance.choices(middle, uneven, k=units):
        kind, name, short = chance.choice(_BASES)
        if parent.kind == "sector_union":
            kind, name, short = "base_union", "Công đoàn cơ sở {}", "CĐCS {}"
        yield below(parent, kind, "commune", name, short)


def _vector(spec: FormSpec, chance: random.Random) -> Vector:
    """Passes every check of the form; larger units are larger by the same measure in every cell."""
    scale = max(1, round(chance.lognormvariate(0, 1)))
    figures = invent(spec, chance, "ward")
    cells = [cell for line in spec.lines for cell in line.cells]
    for cell in cells:
        value = figures[cell.position]
        if value is None and not cell.derived and cell.value != "unit_count" and chance.random() > BLANK:
            figures[cell.position] = 0
        elif value and cell.value != "unit_count":
            figures[cell.position] = value * scale
    derived = derive(spec, figures)
    return Vector(
        tuple(derived),
        tuple(value or 0 for value in derived),
        tuple(int(value is not None) for value in derived),
    )


def _array(values: Iterable[int | None]) -> str:
    return "{" + ",".join("NULL" if value is None else str(value) for value in values) + "}"


@contextmanager
def copy(model: type[Model], columns: str):
    """Writes rows into the model's table."""
    connection.ensure_connection()
    names = ", ".join(f'"{name}"' for name in columns.split())
    with (
        connection.connection.cursor() as cursor,
        cursor.copy(f"COPY {model._meta.db_table} ({names}) FROM STDIN") as rows,
    ):
        yield rows.write_row


def set_sequences(*models: type[Model]) -> None:
    """The next row's key comes after those copied in."""
    with connection.cursor() as cursor:
        for model in models:
            table = model._meta.db_table
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"
            )
