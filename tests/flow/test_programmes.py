"""From a pasted directive to its programme: laid out whole, undone, issued; figures and bodies as the documents say."""

from datetime import date
from importlib.resources import files
from uuid import uuid4

import pytest

from hoctap.campaigns.models import Campaign, Event, Slogan
from hoctap.cli.demo.units import AGENCY_CODES, WARD_CODES
from hoctap.directives import actions
from hoctap.directives.actions import DirectiveData
from hoctap.directives.models import Clause, Directive, Reading
from hoctap.directives.understood import LEFT, OPEN, TAKEN
from hoctap.forms.models import FormVersion
from hoctap.forms.queries import version_spec
from hoctap.kernel import clock
from hoctap.kernel.errors import Conflict, Refusal
from hoctap.notify.models import Notice
from hoctap.obligations.enums import DueRule, Force, Frequency
from hoctap.obligations.models import Obligation, Round, Target, Task
from hoctap.reports import programmes
from hoctap.reports.actions import Content, submit
from hoctap.reports.implementing import start_from
from hoctap.reports.progress import with_steps
from tests.reading.files import as_docx
from tests.reading.files import seed as source

pytestmark = pytest.mark.django_db

MADE = (Campaign, Slogan, Event, Clause, Task, Target, Round, Obligation, FormVersion, Directive, Notice)


def seed(number: str) -> str:
    return (files("hoctap.cli.demo") / "texts" / f"{number}.txt").read_text()


def counts() -> dict[str, int]:
    return {model.__name__: model.objects.count() for model in MADE}


def keep(seat, reading: Reading, changes=None, **states) -> Reading:
    given = {int(name[1:]): state for name, state in states.items()}
    return actions.keep_choices(
        seat=seat, reading=reading, version=reading.version, changes=changes or {}, states=given
    )


def agreed(seat, reading: Reading) -> Reading:
    """Everything that asks is taken, as by an officer who agrees with what is offered; no day is invented for a movement
    of many years."""
    states = {item["id"]: TAKEN for item in reading.items if item["state"] == OPEN}
    states |= {item["id"]: LEFT for item in of_kind(reading, "campaign") if not item["value"]["start"]}
    return keep(seat, reading, **{f"n{number}": state for number, state in states.items()})


def laid(seat, reading: Reading) -> Reading:
    return programmes.lay_out(seat=seat, reading=reading, version=reading.version)


def of_kind(reading: Reading, kind: str) -> list[dict]:
    return [item for item in reading.items if item["kind"] == kind]


@pytest.fixture
def office(world):
    """Phòng GD&ĐT Quận 3, through which plan 333 has the district report."""
    return world.officer("pgd-q3")


@pytest.fixture
def plan(office) -> Reading:
    return agreed(office, actions.begin_reading(seat=office, text=seed("003")))


def test_what_cannot_be_certain_is_asked(office):
    reading = actions.begin_reading(seat=office, text=seed("003"))
    asked = {item["ask"] for item in reading.items if item["state"] == OPEN}
    assert any("các ban ngành, đoàn thể quận" in ask for ask in asked)
    assert any("Các cơ quan, đơn vị thuộc Quận 3" in ask for ask in asked)
    with pytest.raises(Refusal, match="chỗ cần xem"):
        laid(office, reading)


def test_plan_333_is_laid_out_as_the_document_says(world, office, plan):
    before = counts()
    with clock.frozen(clock.start_of(date(2023, 10, 2))):
        summary = laid(office, plan).summary
    assert counts() == before  # tried, shown, and nothing of it is there yet
    assert summary["campaigns"] == ["Tuần lễ hưởng ứng học tập suốt đời: 02/10/2023 – 08/10/2023"]
    assert (summary["slogans"], summary["events"], summary["obligations"]) == (16, 1, 27)
    assert summary["form"] == world.form_version.form.name
    (opened,) = summary["rounds"]
    assert opened["due"] == "trước 15/10/2023" and opened["form"]
    assert opened["below"] == [{"due": "trước ngày 13/10/2023", "units": 26, "to": ["UBND Quận 3"]}]


def test_issued_it_is_all_there_and_everybody_is_told(world, office, plan):
    with clock.frozen(clock.start_of(date(2023, 10, 2))):
        made = programmes.issue(seat=office, reading=laid(office, plan))
    assert made.directive == world.documents["003"]  # in the register already: not a second time
    opened = Round.objects.get(directive=made.directive)
    assert opened.channel == "thông qua Phòng Giáo dục và Đào tạo"
    assert opened.form_version == world.form_version
    root = Obligation.objects.get(round=opened, parent=None)
    assert root.unit.code == "pgd-q3"
    assert [r.unit.code for r in root.recipients.order_by("order")] == ["ubnd-q3", "sgddt-hcm"]
    below = Obligation.objects.filter(parent=root)
    assert {row.unit.code for row in below.select_related("unit")} == {*AGENCY_CODES, *WARD_CODES}
    assert {(row.due_rule, row.due_on, row.force) for row in below} == {
        (DueRule.BEFORE, date(2023, 10, 13), Force.REQUEST)
    }
    assert {r.unit.code for row in below for r in row.recipients.all()} == {"ubnd-q3"}
    # Mục III.1.1: MTTQ is asked, to co-operate; mục III.2: the office is told, and advises on the ceremony.
    front = Task.objects.get(unit__code="mttq-q3", clause__ref="III.1.1")
    assert (front.role, front.force) == ("phoi-hop", Force.REQUEST)
    own = Task.objects.filter(unit__code="pgd-q3", clause__ref="III.2").order_by("clause__order")
    assert [task.role for task in own] == ["tham-muu", "chu-tri", "thuc-hien", "thuc-hien"]
    assert {task.force for task in own} == {Force.ASSIGN}
    # "tham gia giám sát" (III.1.1), "phối hợp với Hội Khuyến học Quận 3 hướng dẫn, đôn đốc, theo dõi tiến độ" (III.2).
    followers = {(row.unit.code, row.clause) for row in opened.followers.select_related("unit")}
    assert followers == {("mttq-q3", "mục III.1.1"), ("khuyenhoc-q3", "mục III.2")}
    assert Slogan.objects.filter(author="Hồ Chí Minh").count() == 5
    assert Event.objects.get().on == date(2023, 10, 7)
    assert Notice.objects.filter(unit__code="p10-q3", kind="obligation").count() == 1
    assert "Được đề nghị 5 việc" in Notice.objects.get(unit__code="mttq-q3", kind="task").text
    with pytest.raises(Refusal, match="đã ban hành"):
        programmes.undo(seat=office, reading=plan)


def test_undone_it_can_be_changed_and_laid_again(world, office, plan):
    world.documents["003"].rounds.all().delete()
    before = counts()
    laid(office, plan)
    with pytest.raises(Refusal, match="Hoàn tác rồi sửa"):
        keep(office, plan)
    back = programmes.undo(seat=office, reading=plan)
    assert back.summary == {} and counts() == before
    (form,) = of_kind(back, "form")
    back = keep(office, back, **{f"n{form['id']}": LEFT})
    assert laid(office, back).summary["form"] == ""


def test_a_document_new_to_the_register_enters_it_and_leaves_it_with_undo(world):
    seat = world.officer("ldld-thuduc")
    Directive.objects.filter(pk=world.documents["001"].pk).update(number_key="x", number_text="")
    reading = agreed(seat, actions.begin_reading(seat=seat, text=seed("001")))
    documents = Directive.objects.count()
    reading = laid(seat, reading)
    entered = Directive.objects.get(reading=reading)
    assert (entered.number_label, entered.issued_on, entered.kind) == ("432/LĐLĐ", date(2024, 5, 7), "CV")
    assert entered.status == "draft" and entered.citations.get(is_basis=True).issued_on == date(2024, 2, 22)
    programmes.undo(seat=seat, reading=reading)
    assert Directive.objects.count() == documents


def test_the_file_that_was_read_stays_with_the_document(world):
    seat = world.officer("ldld-thuduc")
    Directive.objects.filter(pk=world.documents["001"].pk).update(number_key="x", number_text="")
    letter = ("cong-van.docx", as_docx(source("001")))
    reading = laid(seat, agreed(seat, actions.begin_reading(seat=seat, file=letter)))
    (kept,) = Directive.objects.get(reading=reading).attachments.all()
    assert kept.name == "cong-van.docx" and kept.file == reading.file


def test_letter_432_asks_every_october(world):
    """ "chậm nhất vào cuối tháng 10 hàng năm", qua bộ phận Tuyên giáo, to the federation itself."""
    seat = world.officer("ldld-thuduc")
    reading = agreed(seat, actions.begin_reading(seat=seat, text=seed("001")))
    with clock.frozen(clock.start_of(date(2024, 5, 7))):
        programmes.issue(seat=seat, reading=laid(seat, reading))
    opened = Round.objects.get(directive=world.documents["001"])
    assert opened.frequency == Frequency.YEARLY and "tuyengiao.ldldtpthuduc@gmail.com" in opened.channel
    owed = Obligation.objects.filter(round=opened, parent__unit=seat.unit)
    assert owed.count() > 0
    assert {(row.due_rule, row.due_on, row.due_text) for row in owed} == {
        (DueRule.BY, date(2024, 10, 31), "chậm nhất vào cuối tháng 10 hàng năm")
    }


def test_letter_32_names_no_day(world):
    seat = world.officer("cdyt-thaibinh")
    reading = agreed(seat, actions.begin_reading(seat=seat, text=seed("002")))
    programmes.issue(seat=seat, reading=laid(seat, reading))
    owed = Obligation.objects.filter(round__directive=world.documents["002"], parent__unit=seat.unit)
    assert owed.count() > 0
    assert {(row.due_rule, row.due_at, row.due_text) for row in owed} == {
        (DueRule.UNDATED, None, "theo quy định")
    }


def test_plan_of_the_teachers_union_has_seven_targets_of_100_percent(world):
    seat = world.officer("cdgd-hcm")
    reading = agreed(seat, actions.begin_reading(seat=seat, text=seed("004")))
    assert laid(seat, reading).summary["targets"] == 7
    assert [item["value"]["percent"] for item in of_kind(reading, "target")] == [100] * 7


def test_what_goes_wrong_at_the_end_leaves_nothing(world, office, plan, monkeypatch):
    laid(office, plan)
    before = counts()

    def fails(*_args, **_named):
        raise Refusal("Không gửi được.")

    monkeypatch.setattr("hoctap.reports.programmes._tell", fails)
    with pytest.raises(Refusal, match="Không gửi được"):
        programmes.issue(seat=office, reading=plan)
    assert counts() == before
    assert Reading.objects.get(pk=plan.pk).issued_at is None


def test_a_change_that_cannot_be_carried_out_is_named_by_its_item(office, plan):
    report = of_kind(plan, "report")[0]
    plan = keep(office, plan, {report["id"]: {"rule": "before", "due_on": ""}})
    with pytest.raises(Refusal, match=f"Mục {report['id']}: Ghi ngày của hạn"):
        laid(office, plan)
    assert Reading.objects.get(pk=plan.pk).laid_out_at is None


def test_two_who_change_at_once_are_told(office, plan):
    keep(office, plan)
    with pytest.raises(Conflict, match="vừa được sửa ở nơi khác"):
        keep(office, plan)


def test_an_item_is_added_from_the_text(office, plan):
    words = "Treo băng rôn, khẩu hiệu hưởng ứng tuần lễ học tập suốt đời tại các trục đường chính của Quận 3"
    plan = actions.add_item(seat=office, reading=plan, version=plan.version, kind="work", words=words)
    added = plan.items[-1]
    start, end = added["spans"][0]
    assert plan.text[start:end] == words and added["state"] == OPEN
    with pytest.raises(Refusal, match="Không thấy đoạn này"):
        actions.add_item(
            seat=office,
            reading=plan,
            version=plan.version,
            kind="work",
            words="Mở 40 lớp xóa mù chữ ở Quận 9",
        )


@pytest.mark.parametrize(
    "text", ["", "   ", "Trăng ơi từ đâu đến?\nHay từ cánh rừng xa\nTrăng hồng như quả chín"]
)
def test_what_is_no_directive_is_refused_and_nothing_is_kept(office, text):
    with pytest.raises(Refusal):
        actions.begin_reading(seat=office, text=text)
    assert not Reading.objects.exists()


def test_a_ward_writes_its_own_plan_from_it_and_passes_on_under_what_it_owes(world, office, plan):
    """The cascade: citations, clauses and the deadline carried over, an earlier day of its own; the issuer sees how far."""
    with clock.frozen(clock.start_of(date(2023, 10, 2))):
        programmes.issue(seat=office, reading=laid(office, plan))
    above, leader = world.documents["003"], world.leader("p10-q3")
    first = start_from(above, leader.unit)
    assert [("333/KH-UBND" in line, "4753/KH-UBND" in line, "5511/KH-SGDĐT" in line) for line in first.basis] == [
        (True, False, False), (False, True, False), (False, False, True),
    ]  # fmt: skip
    assert any(
        task.startswith("Tuyên truyền bằng nhiều hình thức như khẩu hiệu")
        for task in first.assignments[0].tasks
    )
    (due,) = first.deadlines
    assert (due.on, due.to) == (
        date(2023, 10, 10),
        (leader.unit.name,),
    )  # three working days before Friday 13/10
    data = DirectiveData(
        kind=first.kind, subject=first.subject, number_text="/KH-UBND", place="Phường 10", signer_name="Lê Văn Hòa",
        signer_position="Chủ tịch", authority="TM.", recipients_text="Lưu: VT",
    )  # fmt: skip
    with clock.frozen(clock.start_of(date(2023, 10, 4))):
        own, _ = actions.compose(seat=leader, data=data, composition=first, implements=above)
        reading = agreed(leader, actions.begin_reading(seat=leader, directive=own))
        made = programmes.issue(seat=leader, reading=laid(leader, reading))
    assert made.directive.number_label == "01/KH-UBND"
    ward = Obligation.objects.get(round__directive=above, unit=leader.unit, parent__unit__code="pgd-q3")
    below = Obligation.objects.filter(parent=ward)
    assert below.count() > 0 and {row.due_on for row in below} == {date(2023, 10, 10)}
    assert not Round.objects.filter(directive=own).exists()
    row = with_steps(above.deliveries.filter(unit=leader.unit)).get()
    assert row.own["id"] == own.pk and row.owed["below"] == below.count()


def test_nothing_is_passed_on_under_a_report_already_sent(world, office, plan):
    with clock.frozen(clock.start_of(date(2023, 10, 2))):
        programmes.issue(seat=office, reading=laid(office, plan))
    above, leader = world.documents["003"], world.leader("p10-q3")
    ward = Obligation.objects.get(round__directive=above, unit=leader.unit)
    with clock.frozen(clock.start_of(date(2023, 10, 5))):
        size = len(version_spec(ward.round.form_version_id).cells)
        submit(seat=leader, obligation=ward, content=Content(figures=[None] * size), token=uuid4())
        first = start_from(above, leader.unit)
        data = DirectiveData(
            kind=first.kind, subject=first.subject, number_text="/KH-UBND", signer_name="Lê Văn Hòa"
        )
        own, _ = actions.compose(seat=leader, data=data, composition=first, implements=above)
        reading = agreed(leader, actions.begin_reading(seat=leader, directive=own))
        with pytest.raises(Refusal, match="Thu hồi báo cáo trước"):
            laid(leader, reading)
