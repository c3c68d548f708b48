"""An implementing document begun from plan 333/KH-UBND: gold values from the plan itself."""

from datetime import date
from importlib.resources import files

from hoctap.directives.composition import Rule
from hoctap.directives.implementing import begun, earlier
from hoctap.directives.reading import read

CITATION = "Căn cứ Kế hoạch số 333/KH-UBND ngày 02 tháng 10 năm 2023 của Ủy ban nhân dân Quận 3"
UNIT = "Phòng Giáo dục và Đào tạo Quận 3"


def found(name: str) -> dict:
    return read((files("hoctap.cli.demo") / f"texts/{name}.txt").read_text()).as_json()


def test_what_the_plan_gives_the_unit_and_everybody_with_earlier_days():
    made = begun(found("003"), citation=CITATION, issuer=UNIT, names=["P.GD&ĐT"])
    assert made.basis == (CITATION,)
    assert made.subject == "Tổ chức Tuần lễ hưởng ứng học tập suốt đời năm 2023 trên địa bàn Quận 3"
    given, general = made.sections
    assert (given.title, len(given.tasks)) == ("Nhiệm vụ được giao", 4)  # III.2 of the plan
    assert given.tasks[0].startswith("Tham mưu Ủy ban nhân dân quận xây dựng kế hoạch tổ chức Lễ Khai mạc")
    assert any(task.startswith("Treo băng rôn, khẩu hiệu tại các cơ sở giáo dục") for task in general.tasks)
    days = {due.on: due for due in made.deadlines}
    # trước 13/10/2023 (a Friday) and trước 15/10/2023 (a Sunday), three working days before each
    assert set(days) == {date(2023, 10, 10), date(2023, 10, 11)}
    assert {(due.rule, due.to) for due in made.deadlines} == {(Rule.BEFORE, (UNIT,))}


def test_a_duty_of_every_year_is_proposed_before_the_end_of_its_month():
    """Letter 432/LĐLĐ: chậm nhất vào cuối tháng 10 hàng năm."""
    (due,) = begun(found("001"), citation=CITATION, issuer="Công đoàn cơ sở", names=[]).deadlines
    assert (due.on, due.month, due.day) == (None, 10, 25)


def test_weekends_are_no_working_days():
    assert earlier(date(2023, 10, 16)) == date(2023, 10, 11)
    assert earlier(date(2023, 10, 13)) == date(2023, 10, 10)
