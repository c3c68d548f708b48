"""Letter 32/CDYT of Thái Bình's health union (08/02/2022): report "theo quy định", and no date anywhere.

How it is laid out: a written report each year, assigned, with the letter's words "theo quy định" as the deadline and no
day: nobody is ever called late or overdue for one the letter does not name.
"""

from datetime import date

import pytest

from hoctap.directives.queries import Filters, dossier, register
from hoctap.kernel import clock
from hoctap.notify.models import Notice
from hoctap.obligations import actions as obligations
from hoctap.obligations.actions import Due, RoundPlan
from hoctap.obligations.enums import DueRule, Force, Frequency
from hoctap.obligations.models import Obligation
from hoctap.reports.models import Report
from hoctap.reports.queries import board_counts
from hoctap.reports.reminders import remind, remind_due
from hoctap.reports.rules import overdue
from tests.flow.acts import accept, at, owed, send, written

CODES = [f"cdyt-thaibinh-cs{number}" for number in range(1, 5)]


@pytest.fixture
def opened(world):
    seat, of = world.seats["chuyenvien.cdyt"], world.units
    due = Due(DueRule.UNDATED, text="theo quy định")
    with clock.frozen(at("09/02/2022 08:00")):
        opened = obligations.open_round(
            seat=seat,
            plan=RoundPlan(
                directive=world.documents["002"],
                clause="đoạn cuối",
                name="Tình hình thực hiện Đề án “Xây dựng xã hội học tập giai đoạn 2021-2030”, năm 2022",
                frequency=Frequency.YEARLY,
                channel="về Thường trực Công đoàn ngành",
                recipients=[of["ldld-thaibinh"]],
            ),
            due=due,
        )
        obligations.expect(
            seat=seat,
            parent=Obligation.objects.get(round=opened, parent=None),
            units=[of[code] for code in CODES],
            due=due,
        )
    return opened


def test_the_letter_went_to_the_base_unions_and_to_the_province(world):
    letter = world.documents["002"]
    page = dossier(world.seats["chuyenvien.cdyt"], letter.pk)
    assert page.directive.number_label == "32/CDYT" and page.directive.number_text == "32 /CDYT"
    assert {d.unit.code for d in page.deliveries} == {"ldld-thaibinh", *CODES}
    assert page.body.rstrip().endswith("Đào Văn Truyền") or "theo quy định./." in page.body
    assert letter in register(world.seats["chuyenvien.thaibinh"], Filters(direction="den")).rows
    [basis] = [c for c in page.cites if c.is_basis]
    assert (basis.number_key, basis.issued_on) == ("1141/ldld", date(2022, 1, 26))


def test_no_date_in_the_letter_means_nobody_is_ever_overdue(world, opened):
    base = owed(opened, CODES[0])
    assert (base.due_text, base.due_at, base.force) == ("theo quy định", None, Force.ASSIGN)
    with clock.frozen(at("15/01/2023 08:00")):
        below = Obligation.objects.filter(round=opened, parent__isnull=False)
        assert not below.filter(overdue(clock.now())).exists()
        counts = board_counts(owed(opened, "cdyt-thaibinh"), clock.now())
        assert (counts["none"], counts["late"], counts["all"]) == (4, 0, 4)
    for day in ("30/12/2022", "01/01/2023", "07/01/2023"):
        with clock.frozen(at(f"{day} 07:00")):
            remind_due()
    assert not below.filter(reminders__isnull=False).exists()


def test_the_desk_may_still_urge_and_set_a_day(world, opened):
    seat, base = world.seats["chuyenvien.cdyt"], owed(opened, CODES[0])
    with clock.frozen(at("15/11/2022 08:00")):
        assert remind(seat=seat, obligations=[base]) == 1
        said = Notice.objects.filter(unit=base.unit, kind="reminder").get().text
        assert said.startswith("Mong đơn vị sớm gửi (theo quy định): ")
        obligations.extend(seat=seat, obligation=base, due_at=at("01/12/2022 00:00"), reason="chốt năm")
    assert Obligation.objects.filter(overdue(at("01/12/2022 00:00")), round=opened).get() == base


def test_who_reports_reports_in_words(world, opened):
    with clock.frozen(at("20/06/2022 09:00")):
        revision = send(world, owed(opened, CODES[0]), written("Kiện toàn Hội Khuyến học cơ quan."))
        accept(world.seats["chuyenvien.cdyt"], owed(opened, CODES[0]))
    kept = Report.objects.get(obligation=owed(opened, CODES[0]))
    assert kept.sent == revision and kept.sent.figures == []
    assert kept.sent.content["narrative"]["results"] == "Kiện toàn Hội Khuyến học cơ quan."
    counts = board_counts(owed(opened, "cdyt-thaibinh"), at("21/06/2022 09:00"))
    assert (counts["ok"], counts["none"]) == (1, 3)
