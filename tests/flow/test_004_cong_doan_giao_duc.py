"""Plan of Hồ Chí Minh City's education union (2024, neither number nor date printed): targets of 100 %, mục II.

The plan names no form and no day. The union makes its own form of the targets; a ratio is two cells, so that the
city's percentage comes from sums and never from an average of percentages. Inspections (mục III.6) have no room in
Hoctap yet: what is checked there is the written report with figures that goes up to the Labour Federation.
"""

import json
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest

from hoctap.activities.actions.planning import plan_from_needs
from hoctap.activities.actions.recording import ActivityData, SessionData
from hoctap.activities.actions.surveying import exempt, open_survey, state_needs
from hoctap.activities.models import ActivityKind, Topic
from hoctap.activities.needs import wanted
from hoctap.activities.targets import states
from hoctap.directives.actions import deliver
from hoctap.directives.queries import dossier
from hoctap.directives.reading import read
from hoctap.forms.actions import publish_version
from hoctap.forms.queries import version_spec
from hoctap.kernel import clock
from hoctap.kernel.errors import Refusal
from hoctap.obligations import actions as obligations
from hoctap.obligations.actions import Due, RoundPlan
from hoctap.obligations.enums import DueRule, Force, Frequency
from hoctap.obligations.models import Obligation, Target
from hoctap.orgs.actions.headcounts import Heads, count_heads
from hoctap.orgs.enums import HeadcountGroup
from hoctap.papers.actions import sign_report
from hoctap.papers.reports import consolidated_paper
from hoctap.rollup.actions import draw_snapshot
from hoctap.rollup.queries import table
from tests.flow.acts import accept, at, owed, send, written

CODES = [f"cdgd-hcm-cs{number}" for number in range(1, 5)]
TARGETS = json.loads((Path(__file__).parent / "muc-tieu-2024.json").read_text(encoding="utf-8"))


def start(world):
    seat, of = world.seats["chuyenvien.cdgd"], world.units
    due = Due(DueRule.THROUGH, date(2024, 12, 31), "theo lịch kiểm tra, giám sát định kỳ hằng năm")
    with clock.frozen(at("12/06/2024 09:00")):
        opened = obligations.open_round(
            seat=seat,
            plan=RoundPlan(
                directive=world.documents["004"],
                clause="mục III.6",
                name="Kết quả thực hiện Đề án năm 2024 của các công đoàn cơ sở",
                form_version=publish_version(seat=seat, definition=TARGETS),
                frequency=Frequency.YEARLY,
                recipients=[of["ldld-hcm"]],
            ),
            due=due,
        )
        root = Obligation.objects.get(round=opened, parent=None)
        units = [of[code] for code in CODES]
        obligations.expect(seat=seat, parent=root, units=units, due=due, force=Force.REQUEST)
    return opened


def test_a_plan_without_number_and_date_stands_in_the_register(world):
    plan = world.documents["004"]
    page = dossier(world.seats["cs1.cdgd"], plan.pk)
    assert (page.directive.number_label, page.directive.issued_on) == ("", None)
    assert page.body.count("100%") == 7
    cited = {c.number_key for c in page.cites}
    assert {"72/kh-ldld", "1315/qd-ttg", "24/2023/tt-bgddt", "42/kh-sgddt-hkh"} <= cited


def test_one_hundred_percent_is_counted_from_sums(world):
    opened = start(world)
    with clock.frozen(at("02/12/2024 09:00")):
        for code, figures in (
            (CODES[0], [120, 120, 120, 120, 118, 120, 1]),
            (CODES[1], [95, 100, 90, 100, None, None, 1]),
            (CODES[2], [60, 60, 60, 60, 60, 60, 0]),
        ):
            send(world, owed(opened, code), written("Đã thực hiện.", figures))
            accept(world.seats["chuyenvien.cdgd"], owed(opened, code))
        total = table(owed(opened, "cdgd-hcm")).total
    # 275/280 is 98,2 %, though two of three unions reached 100 %; the digital target 270/280.
    assert total.sums == (275, 280, 270, 280, 178, 180, 2)
    assert total.counts == (3, 3, 3, 3, 2, 2, 3)  # "not reported" is not zero
    assert table(owed(opened, "cdgd-hcm")).coverage.expected == 4


def test_more_reached_than_there_are_is_refused_and_names_the_line(world):
    opened = start(world)
    with clock.frozen(at("02/12/2024 09:00")), pytest.raises(Refusal) as refused:
        send(world, owed(opened, CODES[0]), written("", [121, 120, None, None, None, None, 1]))
    assert refused.value.places == [("Dòng 1", "Số đạt 121 nhiều hơn tổng số 120.")]


def test_the_union_signs_and_reports_to_the_labour_federation(world):
    opened = start(world)
    leader = world.seats["lanhdao.cdgd"]
    with clock.frozen(at("02/12/2024 09:00")):
        send(world, owed(opened, CODES[0]), written("Đã thực hiện.", [120, 120, 120, 120, 118, 120, 1]))
        accept(leader, owed(opened, CODES[0]))
    with clock.frozen(at("20/12/2024 09:00")):
        doc = {"authority": "TM.", "signer_position": "Chủ tịch", "signer_name": "Lương Quốc Bình (minh họa)"}
        drawn = draw_snapshot(seat=leader, obligation=owed(opened, "cdgd-hcm"), doc=doc)
        signed = sign_report(seat=leader, snapshot=drawn)
    paper = consolidated_paper(signed)
    assert paper.addressees == ("Liên đoàn Lao động Thành phố Hồ Chí Minh",)
    assert "Thực hiện Kế hoạch của Công đoàn Giáo dục" in paper.body[0].text
    [appendix] = paper.appendices
    assert [row.cells[3] for row in appendix.table.rows] == [120, 120, 118, 1]
    assert [row.cells[-1] for row in appendix.table.rows] == ["1/4"] * 4
    assert version_spec(opened.form_version_id).size == 7


def test_targets_of_100_percent_are_computed_with_units_that_have_no_need_left_out(world):
    """Mục II, and "Cần có số liệu thống kê về nâng tỷ lệ nhà giáo, người lao động được đào tạo" (mục IV)."""
    office, units = world.officer("cdgd-hcm"), [world.units[code] for code in CODES]
    with clock.frozen(at("12/06/2024 09:00")):
        plan = world.documents["004"]
        targets = [
            Target.objects.create(
                directive=plan, order=100 + n, percent=100, measure=said["unit"], subject=said["subject"], text=said["text"]
            )
            for n, said in enumerate(read(plan.text.body).as_json()["targets"])
        ]  # fmt: skip
        deliver(seat=world.seats["lanhdao.cdgd"], directive=plan, units=units)
        survey = open_survey(
            seat=office, name="Nhu cầu đào tạo năm 2024", year=2024, ends_on=date(2024, 6, 30)
        )
        skills = Topic.objects.get(code="skills")
        officers = [world.officer(code) for code in CODES]
        for officer, unit, people in zip(officers[:3], units, (30, 12, 5), strict=False):
            state_needs(seat=officer, survey=survey, unit=unit, people={skills: people})
        exempt(seat=officers[3], unit=units[3], year=2024, reason="Nhà giáo đã đạt chuẩn, không có nhu cầu")
        total = wanted(survey, [office.unit_id])[office.unit_id]
        assert (total.answered, total.people) == (4, {skills.pk: 47})
        for unit, teachers in zip(units, (120, 95, 60, 5), strict=True):
            count = Heads(unit, date(2024, 6, 1), HeadcountGroup.TEACHERS, teachers)
            count_heads(seat=office, counts=[count])
        for officer in officers[:2]:
            data = ActivityData(
                kind=ActivityKind.objects.get(code="class.worker-skills"), name="Bồi dưỡng tay nghề", topic=skills,
                sessions=[SessionData(at("02/10/2024 08:00"))],
            )  # fmt: skip
            plan_from_needs(seat=officer, survey=survey, topic=skills, data=data, token=uuid4())
        found = states(targets, year=2024, reach=office)
    needed = found[1]
    assert (needed.units, needed.exempt, needed.reached, needed.all_) == (4, 1, 2, 3)
    digital = found[4]
    assert (digital.reached, digital.all_, digital.percent) == (0, 280, 0)
    assert [state.is_done for state in found] == [False] * 7
