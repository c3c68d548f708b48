"""Câu chuyện minh họa: the round of plan 333/KH-UBND, mục IV, act by act, through the same actions as the screens.

Figures come from a seeded generator; who is late, missing or corrected never changes (script).
"""

import random
import uuid
from dataclasses import replace
from datetime import date

from hoctap.activities.actions import SessionData, correct_session
from hoctap.activities.models import Activity
from hoctap.cli.demo.deeds import BY_HAND, FOUND_LATER, Books
from hoctap.cli.demo.figures import invent, kind_of, position, sent
from hoctap.cli.demo.letters import letter, signed_letter
from hoctap.cli.demo.script import (
    AMENDED,
    CODES,
    DIFFERS,
    EXTENDED,
    HOME,
    MAIL_CAME,
    RETURNS,
    REVIEWED,
    WITHDRAWN,
    moment,
)
from hoctap.cli.demo.world import World
from hoctap.forms import queries as form_queries
from hoctap.forms.sheets import write_form
from hoctap.kernel import clock, files
from hoctap.notify.actions import mark_read
from hoctap.notify.models import Notice
from hoctap.obligations import actions as obligations
from hoctap.obligations.actions import Due, RoundPlan
from hoctap.obligations.enums import DueRule
from hoctap.obligations.models import Obligation, Round
from hoctap.papers.actions import sign_report
from hoctap.reports import actions as reports
from hoctap.reports.actions import Content, Receipt
from hoctap.reports.deeds import of_report
from hoctap.reports.enums import Channel
from hoctap.reports.filling import findings
from hoctap.reports.intake import stamp_of
from hoctap.reports.models import Report
from hoctap.reports.reminders import remind
from hoctap.reports.rules import SENT
from hoctap.rollup.actions import draw_snapshot
from hoctap.rollup.models import Snapshot
from hoctap.rollup.queries import table


class Story:
    """The play on one world: the round, its obligations by unit code and, once signed, the snapshot."""

    def __init__(self, world: World, seed: int = 0):
        self.world, self.seed = world, seed
        self.spec = form_queries.version_spec(world.form_version.pk)
        self.round: Round
        self.root: Obligation
        self.owed: dict[str, Obligation] = {}
        self.snapshot: Snapshot
        self.sendings: dict[str, int] = {}
        self.shared: Activity  # what a base union and a ward held together

    def play(self, script: str) -> None:
        """Each line of a script at its moment: "13/10 09:02 send p12-q3" calls ``_send("p12-q3")``."""
        for line in script.strip().splitlines():
            day, time, verb, *who = line.split()
            with clock.frozen(moment(f"{day} {time}")):
                getattr(self, f"_{verb}")(*who)

    def _open(self) -> None:
        """Mục IV asks the fourteen agencies and twelve wards; mục III.2 asks the office itself."""
        seat, of = self.world.seats["chuyenvien.pgd"], self.world.units
        plan = RoundPlan(
            directive=self.world.documents["003"],
            clause="mục IV",
            name="Kết quả Tuần lễ hưởng ứng học tập suốt đời năm 2023",
            content="Kết quả triển khai “Tuần lễ hưởng ứng học tập suốt đời” (có số liệu cụ thể)",
            form_version=self.world.form_version,
            campaign=self.world.campaign,
            period_from=date(2023, 10, 2),
            period_to=date(2023, 10, 8),
            channel="thông qua Phòng Giáo dục và Đào tạo",
            recipients=[of["ubnd-q3"], of["sgddt-hcm"]],
        )
        due = Due(DueRule.BEFORE, date(2023, 10, 15), "trước 15/10/2023")
        self.round = obligations.open_round(seat=seat, plan=plan, due=due)
        self.root = Obligation.objects.get(round=self.round, parent=None)
        added = obligations.expect(
            seat=seat,
            parent=self.root,
            units=[of[code] for code in CODES],
            due=Due(DueRule.BEFORE, date(2023, 10, 13)),
            recipients=[of["ubnd-q3"]],
        )
        self.owed = {HOME: self.root} | dict(zip(CODES, added, strict=True))

    def _see(self, code: str) -> None:
        obligations.mark_seen(seat=self.world.officer(code), obligation=self.fresh(code))

    def _begin(self, code: str) -> None:
        """An autosaved draft: the ward has come to its twelfth line, the office has all of its schools'."""
        self._see(code)
        content = self._content(code)
        if code != HOME:
            twelfth = [line for line in self.spec.lines if line.cells][11]
            done = twelfth.cells[-1].position
            content = Content(
                figures=[v if i <= done else None for i, v in enumerate(content.figures)],
                filled={i: v for i, v in content.filled.items() if int(i) <= done},
            )
        reports.save_draft(
            seat=self.world.officer(code), obligation=self.fresh(code), content=content, version=0
        )

    def _record(self) -> None:
        """What was held in the week is in the books on the Monday after it; the veterans' report comes on paper alone."""
        books = Books(self.world, self.spec)
        for code in (HOME, *CODES):
            if code not in BY_HAND:
                rng = random.Random(f"{self.seed} {code}")
                books.record(code, sent(self.spec, code, invent(self.spec, rng, kind_of(code)), 1)[0])
        self.shared = books.shared

    def _find(self, code: str) -> None:
        """Twenty-four more were written by hand in the book of the class that union and ward held together."""
        session = self.shared.sessions.get()
        found = SessionData(
            session.starts_at, place=session.place, held=True, unnamed=session.unnamed + FOUND_LATER
        )
        correct_session(seat=self.world.officer(code), session=session, data=found)

    def _present(self, code: str) -> None:
        reports.present(seat=self.world.officer(code), obligation=self.fresh(code))

    def _send(self, code: str) -> None:
        self._see(code)
        amends = Report.objects.filter(obligation=self.owed[code], acceptance__isnull=False).exists()
        reports.submit(
            seat=self.world.leader(code),
            obligation=self.fresh(code),
            content=self._content(code),
            token=uuid.uuid4(),
            reason=AMENDED if amends else "",
        )
        self.sendings[code] = self.sendings.get(code, 0) + 1

    def _enter(self, code: str) -> None:
        """The report came as an Excel file by e-mail: the desk enters it, with the file and the time it came."""
        obligation, content = self.fresh(code), self._content(code)
        sheet = write_form(
            self.spec,
            stamp_of(obligation, 0),
            content.figures,
            content.notes,
            content.texts,
            content.narrative,
        )
        receipt = Receipt(Channel.EMAIL, moment(MAIL_CAME), ((files.store(sheet), f"{code}.xlsx"),))
        reports.submit(
            seat=self.world.seats["vanthu.pgd"],
            obligation=obligation,
            content=content,
            token=uuid.uuid4(),
            receipt=receipt,
        )

    def _accept(self, code: str) -> None:
        report = Report.objects.select_related("sent").get(obligation=self.owed[code])
        reviewed, reasons = {}, {}
        if code == "vothisau-q3":
            news = position(self.spec, "2", "count")
            reviewed, reasons = {news: report.sent.figures[news] - 2}, {news: REVIEWED}
        reports.accept(
            seat=self.world.seats["chuyenvien.pgd"],
            obligation=self.fresh(code),
            revision_number=report.sent.number,
            reviewed=reviewed,
            reasons=reasons,
        )

    def _return(self, code: str) -> None:
        reports.return_report(
            seat=self.world.seats["chuyenvien.pgd"],
            obligation=self.fresh(code),
            reason=RETURNS[code],
            new_due_at=moment("13/10 14:01"),
        )
        if code == "vothisau-q3":
            self._see(code)

    def _withdraw(self, code: str) -> None:
        reports.withdraw(seat=self.world.leader(code), obligation=self.fresh(code), reason=WITHDRAWN)

    def _extend(self, code: str) -> None:
        obligations.extend(
            seat=self.world.seats["chuyenvien.pgd"],
            obligation=self.fresh(code),
            due_at=moment("13/10 14:01"),
            reason=EXTENDED,
        )

    def _read_notices(self) -> None:
        seat = self.world.seats["chuyenvien.pgd"]
        mark_read(seat=seat, up_to=Notice.objects.latest("pk").pk)

    def _remind(self) -> None:
        waiting = Obligation.objects.filter(parent=self.root).exclude(SENT)
        remind(
            seat=self.world.seats["chuyenvien.pgd"],
            obligations=waiting.select_related("round", "unit", "parent__unit", "report"),
        )

    def _draw(self) -> None:
        node = self.fresh(HOME)
        doc = signed_letter(self.spec, table(node).total.sums)
        self.snapshot = draw_snapshot(seat=self.world.seats["chuyenvien.pgd"], obligation=node, doc=doc)

    def _sign(self) -> None:
        self.snapshot = sign_report(seat=self.world.seats["lanhdao.pgd"], snapshot=self.snapshot)

    def fresh(self, code: str) -> Obligation:
        """The obligation as it stands, with what every action wants of it."""
        return Obligation.objects.select_related("round", "unit", "parent__unit").get(pk=self.owed[code].pk)

    def _content(self, code: str) -> Content:
        """What the unit sends this time: its invented figures, changed as the story goes, and the letter with them. They
        stand beside what its page takes from the deeds; where they differ it says why."""
        rng = random.Random(f"{self.seed} {code}")
        figures = invent(self.spec, rng, kind_of(code))
        figures, words = sent(self.spec, code, figures, self.sendings.get(code, 0))
        content = replace(letter(code, self.spec, figures, rng), **words)
        facts = of_report(self.fresh(code), self.spec).cells
        content.filled = {str(i): fact.value for i, fact in facts.items()}
        lines = {finding.line for finding in findings(self.spec, content)}
        content.amended = {line: DIFFERS.get((code, line)) or DIFFERS[line] for line in sorted(lines)}
        return content
