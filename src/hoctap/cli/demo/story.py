"""Câu chuyện minh họa: the round of plan 333/KH-UBND, mục IV, act by act, through the same actions as the screens.

Every line of the play below is a moment of October 2023 (+07), what happens then, and to whom. Figures come from a
seeded generator; who is late, missing or corrected never changes.
"""

import random
import uuid
from dataclasses import replace
from datetime import date, datetime

from hoctap.cli.demo.figures import changed, invent, position
from hoctap.cli.demo.letters import letter, signed_letter
from hoctap.cli.demo.units import AGENCY_CODES, WARD_CODES
from hoctap.cli.demo.world import World
from hoctap.forms import queries as form_queries
from hoctap.forms.sheets import write_form
from hoctap.kernel import clock, files
from hoctap.obligations import actions as obligations
from hoctap.obligations.actions import Due, RoundPlan
from hoctap.obligations.enums import DueRule
from hoctap.obligations.models import Obligation, Round
from hoctap.papers.actions import sign_report
from hoctap.reports import actions as reports
from hoctap.reports.actions import Content, Receipt
from hoctap.reports.enums import Channel
from hoctap.reports.intake import stamp_of
from hoctap.reports.models import Report
from hoctap.reports.reminders import remind
from hoctap.reports.rules import SENT
from hoctap.rollup.actions import draw_snapshot
from hoctap.rollup.models import Snapshot
from hoctap.rollup.queries import table

CODES = (*AGENCY_CODES, *WARD_CODES)
HOME = "pgd-q3"
STOPS_AT = "13/10 09:20"  # the served demo begins here

UNTIL_FRIDAY_MORNING = """
02/10 15:10 open
03/10 08:05 see vothisau-q3
03/10 09:12 see p1-q3
04/10 10:20 see mttq-q3
09/10 10:31 send mttq-q3
09/10 15:20 send p4-q3
09/10 16:05 accept mttq-q3
10/10 08:15 accept p4-q3
10/10 09:12 send p1-q3
10/10 09:12 send p13-q3
10/10 15:40 send p2-q3
10/10 15:40 send p14-q3
10/10 15:40 send phunu-q3
11/10 08:02 accept p1-q3
11/10 08:04 accept p13-q3
11/10 08:26 send p3-q3
11/10 08:26 send doan-q3
11/10 09:05 see tckh-q3
11/10 10:03 send ttvhtt-q3
11/10 13:35 accept p2-q3
11/10 13:37 accept p14-q3
11/10 14:55 send ldtbxh-q3
11/10 14:55 send p9-q3
11/10 16:20 accept doan-q3
11/10 16:21 accept p3-q3
11/10 16:22 send vothisau-q3
11/10 16:50 send vhtt-q3
12/10 08:00 remind
12/10 08:47 send p11-q3
12/10 08:47 send gdnn-gdtx-q3
12/10 10:40 send ldld-q3
12/10 10:58 withdraw vhtt-q3
12/10 11:17 send vhtt-q3
12/10 14:30 send khuyenhoc-q3
12/10 15:02 accept ttvhtt-q3
12/10 15:05 accept ldtbxh-q3
12/10 15:08 accept p9-q3
12/10 15:12 accept phunu-q3
12/10 15:20 accept p11-q3
12/10 15:24 accept gdnn-gdtx-q3
12/10 16:05 send p5-q3
12/10 17:20 see nhandao-q3
12/10 17:35 extend nhandao-q3
12/10 20:14 begin p10-q3
12/10 23:41 send congan-q3
13/10 08:05 begin pgd-q3
13/10 08:15 return vothisau-q3
13/10 08:20 return ldld-q3
13/10 09:02 send p12-q3
"""

UNTIL_THE_END = """
13/10 09:30 remind
13/10 09:41 accept p12-q3
13/10 09:43 accept congan-q3
13/10 09:45 accept p5-q3
13/10 09:47 accept khuyenhoc-q3
13/10 09:50 accept vhtt-q3
13/10 10:05 send vothisau-q3
13/10 10:30 accept vothisau-q3
13/10 10:40 send ldld-q3
13/10 10:44 accept ldld-q3
13/10 10:55 enter ccb-q3
13/10 10:58 accept ccb-q3
13/10 11:30 send tckh-q3
13/10 13:20 send nhandao-q3
13/10 13:40 accept nhandao-q3
13/10 13:42 accept tckh-q3
13/10 14:10 send p10-q3
13/10 14:25 accept p10-q3
13/10 14:40 present pgd-q3
13/10 15:05 send pgd-q3
13/10 15:30 draw
13/10 16:10 sign
16/10 08:40 send vothisau-q3
16/10 09:15 accept vothisau-q3
"""

RETURNS = {
    "vothisau-q3": "Các dòng trong đó của mục 1 nhiều hơn tổng 18 người, đề nghị ghi rõ lý do. "
    "Mục 2 có 2 bài đăng trước Tuần lễ, đề nghị xem lại.",
    "ldld-q3": "Dòng 1.7: lớp Phòng tránh đuối nước tổ chức chung với UBND Phường Võ Thị Sáu đã tính tại phường, "
    "đề nghị bỏ lớp này ra.",
}
WITHDRAWN = "Ba ô ở các mục 2, 3 và 4 nhập nhầm số của tháng 9."
AMENDED = "Lớp Phòng tránh đuối nước đón thêm 24 em chiều 04/10, ghi tay trong sổ, tìm thấy sau khi báo cáo đã được ký."
REVIEWED = "Không tính 2 bài đăng ngày 29/9/2023, trước khi Tuần lễ bắt đầu."
EXTENDED = "Lớp khai giảng ngày 07/10 chưa chốt danh sách; đơn vị xin đến 14:00 ngày 13/10/2023."
MAIL_CAME = "12/10 21:48"  # the veterans' report lay in the office's mailbox before the deadline


def moment(text: str) -> datetime:
    """``"13/10 09:20"`` → that minute of 2023, +07."""
    return datetime.strptime(f"{text}/2023", "%d/%m %H:%M/%Y").replace(tzinfo=clock.VIETNAM)


class Story:
    """The play on one world. After ``play`` the round, its obligations by unit code and the signed snapshot."""

    def __init__(self, world: World, seed: int = 0):
        self.world, self.seed = world, seed
        self.spec = form_queries.version_spec(world.form_version.pk)
        self.round: Round
        self.root: Obligation
        self.owed: dict[str, Obligation] = {}
        self.snapshot: Snapshot
        self.sendings: dict[str, int] = {}

    def play(self, script: str) -> None:
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
            content = Content(figures=[v if i <= done else None for i, v in enumerate(content.figures)])
        reports.save_draft(
            seat=self.world.officer(code), obligation=self.fresh(code), content=content, version=0
        )

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
            new_due_at=moment("13/10 14:00"),
        )
        if code == "vothisau-q3":
            self._see(code)

    def _withdraw(self, code: str) -> None:
        reports.withdraw(seat=self.world.leader(code), obligation=self.fresh(code), reason=WITHDRAWN)

    def _extend(self, code: str) -> None:
        obligations.extend(
            seat=self.world.seats["chuyenvien.pgd"],
            obligation=self.fresh(code),
            due_at=moment("13/10 14:00"),
            reason=EXTENDED,
        )

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
        """What the unit sends this time: its invented figures, changed as the story goes."""
        rng = random.Random(f"{self.seed} {code}")
        figures = invent(self.spec, rng, kind_of(code))
        time = self.sendings.get(code, 0)
        content = letter(code, self.spec, figures, rng)
        return replace(content, **_CHANGES[code](self.spec, content, time)) if code in _CHANGES else content


def kind_of(code: str) -> str:
    """Which figures a unit is given (figures.invent)."""
    if code == HOME:
        return "office"
    if code in WARD_CODES:
        return "ward"
    return "school" if code in ("gdnn-gdtx-q3", "nhandao-q3") else "agency"


def _vothisau(spec, content: Content, time: int) -> dict:
    """Eighteen persons attended two classes; 24 more are found in a handwritten book after the signing."""
    persons = 388 + (24 if time == 2 else 0)
    before = content.figures[position(spec, "1.7", "people")] or 0
    figures = list(content.figures)
    figures[position(spec, "1.7", "count")], figures[position(spec, "1.7", "people")] = 4, persons
    figures = changed(spec, figures, {("1T", "people"): persons - before - 18})
    reason = "Theo sổ theo dõi." if time == 0 else "18 người học hai lớp, có danh sách kèm theo."
    return {"figures": figures, "reasons": {"1T-more": reason}, "notes": {"1T": "18 người học hai lớp"}}


def _ldld(spec, content: Content, time: int) -> dict:
    """The first time, with a class already counted by the ward."""
    if time:
        return {}
    extra = {("1.7", "count"): 1, ("1.7", "people"): 32, ("1T", "people"): 32}
    return {"figures": changed(spec, content.figures, extra)}


def _vhtt(spec, content: Content, time: int) -> dict:
    """The first time, with three cells typed wrong."""
    if time:
        return {}
    wrong = {("2", "count"): 11, ("3", "count"): 100, ("4.2", "count"): 40}
    return {"figures": changed(spec, content.figures, wrong)}


_CHANGES = {"vothisau-q3": _vothisau, "ldld-q3": _ldld, "vhtt-q3": _vhtt}
