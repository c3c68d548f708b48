"""What a wide world (bench/wide.py) looks like near its deadline: reports in every state, a register of years.

Rows go in by bulk, as the actions would leave them: ``hoctap check`` finds nothing wrong with it (tests/cli).
Figures are invented by the demo's own generator.
"""

import random
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Model

from bench.wide import BATCH, World, particulars
from hoctap.cli.demo.figures import invent
from hoctap.directives.models import Delivery, Directive, DirectiveText
from hoctap.forms.queries import version_spec
from hoctap.forms.rules import derive
from hoctap.kernel import clock
from hoctap.kernel.keys import keys_for
from hoctap.notify.models import Notice
from hoctap.obligations.models import Extension, Obligation
from hoctap.orgs.models import Seat
from hoctap.reports.enums import ActKind, ReportState
from hoctap.reports.models import Acceptance, Draft, Report, ReportEntry, Revision
from hoctap.rollup.actions import fold as fold_entries

PENDING = 100  # of the units so many have acts that are not folded yet, as in a busy minute

# Of every twenty units: what became of their reports.
_STATES = (
    [ReportState.ACCEPTED] * 12 + [ReportState.WAITING] * 4 + [ReportState.RETURNED, ReportState.WITHDRAWN]
)


def fill(world: World, documents: int = 2000, notices: int = 2000, seed: int = 1) -> None:
    """Reports in every state, most of them folded; a half-written draft; the register and the notices of years."""
    early, late = world.children[:-PENDING], world.children[-PENDING:]
    _reports(world, early, seed)
    fold_entries(world.round.pk)
    _reports(world, late, seed + 1)
    _extensions(world)
    _register(world, documents)
    told = "Phường Võ Thị Sáu gửi báo cáo: Kết quả Tuần lễ hưởng ứng học tập suốt đời."
    Notice.objects.bulk_create(
        [
            Notice(unit_id=world.node.unit_id, kind="submitted", text=told, url="/bao-cao/1/")
            for _ in range(notices)
        ],
        batch_size=BATCH,
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


@transaction.atomic
def _reports(world: World, obligations: Sequence[Obligation], seed: int) -> None:
    """What became of each unit's report, by its place among twenty; the last two of twenty sent nothing."""
    rng, spec = random.Random(seed), version_spec(world.round.form_version_id)
    seats = {seat.unit_id: seat for seat in world.seats}
    rows = Rows(world.officer, len(obligations))
    for n, obligation in enumerate(obligations):
        figures = derive(spec, invent(spec, rng, "ward"))
        seat, place = seats[obligation.unit_id], n % 20
        if place < len(_STATES):
            received = obligation.due_at + timedelta(hours=3 if n % 9 == 0 else -40)
            rows.sent(obligation, seat, _STATES[place], figures, received, n)
        else:
            rows.written(obligation, seat, figures)
    rows.insert()


class Rows:
    """Rows of several tables that name one another, written together at the end."""

    def __init__(self, officer: Seat, count: int):
        self.officer = officer
        self.keys = zip(*(keys_for(model, count) for model in (Report, Revision, Acceptance)), strict=True)
        self.rows: dict[type[Model], list[Model]] = {
            model: [] for model in (Report, Revision, Acceptance, ReportEntry, Draft)
        }

    def insert(self) -> None:
        for model, rows in self.rows.items():
            model.objects.bulk_create(rows, batch_size=BATCH)

    def written(self, obligation: Obligation, seat: Seat, figures: list) -> None:
        """A draft, not sent."""
        report, _, _ = next(self.keys)
        content = {"figures": figures, "narrative": {"results": "Đã tổ chức 18 lớp, 2 cuộc thi đọc sách."}}
        self._add(Report(pk=report, obligation=obligation))
        self._add(Draft(report_id=report, content=content, version=3, token=uuid.uuid4(), updated_by=seat))

    def sent(
        self,
        obligation: Obligation,
        seat: Seat,
        state: ReportState,
        figures: list,
        received: datetime,
        n: int,
    ) -> None:
        """One revision and what was decided on it."""
        report, revision, acceptance = next(self.keys)
        content = {
            "notes": {"1.7": "Có 18 người học hai lớp."} if n % 10 == 0 else {},
            "texts": {},
            "reasons": {},
        }
        self._add(
            Revision(
                pk=revision, report_id=report, number=1, token=uuid.uuid4(), figures=figures, content=content,
                received_at=received, made_by=seat, doc_number=f"{n + 1}/BC-UBND", doc_date=obligation.due_on,
                signer_name="Nguyễn Văn Thử",
            )
        )  # fmt: skip
        self._act(obligation, ActKind.SUBMIT, seat, sent_after_id=revision)
        stands, accepted = state in (ReportState.WAITING, ReportState.ACCEPTED), state == ReportState.ACCEPTED
        if accepted:
            self._add(Acceptance(pk=acceptance, revision_id=revision, figures=figures))
            self._act(
                obligation, ActKind.ACCEPT, self.officer, sent_before_id=revision, sent_after_id=revision,
                accepted_after_id=acceptance,
            )  # fmt: skip
        elif state == ReportState.RETURNED:
            self._act(
                obligation, ActKind.RETURN, self.officer, sent_before_id=revision, reason="Rà lại dòng 1.7."
            )
        elif state == ReportState.WITHDRAWN:
            self._act(obligation, ActKind.WITHDRAW, seat, sent_before_id=revision)
        came = None if state == ReportState.WITHDRAWN else received
        self._add(
            Report(
                pk=report, obligation=obligation, state=state, last_number=1, sent_id=revision if stands else None,
                acceptance_id=acceptance if accepted else None, first_received_at=came, last_received_at=came,
            )
        )  # fmt: skip

    def _act(self, obligation: Obligation, act: ActKind, seat: Seat, **sides) -> None:
        entry = ReportEntry(round_id=obligation.round_id, obligation=obligation, act=act, seat=seat, **sides)
        self._add(entry)

    def _add(self, row: Model) -> None:
        self.rows[type(row)].append(row)


def _extensions(world: World) -> None:
    """One unit in fifty has more time."""
    extended = world.children[19::50]
    due_at = clock.now() + timedelta(days=5)
    for obligation in extended:
        obligation.due_at = due_at
    Obligation.objects.bulk_update(extended, ["due_at"])
    Extension.objects.bulk_create(
        Extension(obligation=o, due_at=due_at, reason="Bão số 5", seat=world.officer) for o in extended
    )


def _register(world: World, count: int) -> None:
    """Documents of the unit above, kept and sent on by this one; the round's own went to every child."""
    issuer, keeper = world.round.directive.issuer, world.node.unit
    first = world.round.directive.issued_on
    rows = Directive.objects.bulk_create(
        [
            Directive(**particulars(n, issuer, keeper, first - timedelta(days=n % 1500)))
            for n in range(1000, 1000 + count)
        ],
        batch_size=BATCH,
    )
    body = "Thực hiện Kế hoạch xây dựng xã hội học tập, đề nghị các đơn vị báo cáo kết quả. " * 20
    DirectiveText.objects.bulk_create(
        [
            DirectiveText(
                directive=d, heading=f"{d.subject} {d.number_text}", issuer_name=d.issuer_name, body=body
            )
            for d in [world.round.directive, *rows]
        ],
        batch_size=BATCH,
    )
    sent = [Delivery(directive=d, unit=keeper, sent_by=issuer) for d in rows]
    sent += [
        Delivery(directive=world.round.directive, unit_id=o.unit_id, sent_by=keeper) for o in world.children
    ]
    Delivery.objects.bulk_create(sent, batch_size=BATCH)
