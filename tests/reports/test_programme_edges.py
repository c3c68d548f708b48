"""Programmes where something is odd: a unit gone, a document recalled, another's document, two reports of one name."""

from datetime import date

import pytest

from hoctap.campaigns.models import Campaign
from hoctap.directives import actions
from hoctap.directives.actions import DirectiveData
from hoctap.directives.enums import DocumentKind
from hoctap.directives.models import Clause, Directive, Reading
from hoctap.directives.understood import OPEN, TAKEN
from hoctap.forms.drafting import definition_of
from hoctap.kernel.errors import Refusal
from hoctap.obligations.actions import Due, RoundPlan, open_round
from hoctap.obligations.enums import DueRule
from hoctap.obligations.models import Target, Task
from hoctap.orgs.models import Seat, Unit
from hoctap.reports import programmes
from tests.desk.test_reading import PLAN

pytestmark = pytest.mark.django_db
FIRST_REPORT = (
    "II. CHẾ ĐỘ BÁO CÁO\nỦy ban nhân dân Phường 1, Ủy ban nhân dân Phường 2 gửi báo cáo kết quả về Ủy ban nhân dân Quận 3 "
    "(thông qua Phòng Giáo dục và Đào tạo) trước ngày 30/9/2026."
)


def begun(seat: Seat, text: str = PLAN) -> Reading:
    reading = actions.begin_reading(seat=seat, text=text)
    asked = {item["id"]: TAKEN for item in reading.items if item["state"] == OPEN}
    return actions.keep_choices(seat=seat, reading=reading, version=1, changes={}, states=asked)


def laid(seat: Seat, reading: Reading) -> Reading:
    return programmes.lay_out(seat=seat, reading=reading, version=reading.version)


def registered(cast, *receivers: Unit) -> Directive:
    data = DirectiveData(
        kind=DocumentKind.KH, number_text="410/KH-UBND", issuer=cast.q3, issued_on=date(2026, 9, 5), body=PLAN,
        subject="Tổ chức Tuần lễ hưởng ứng học tập suốt đời năm 2026", signer_name="Nguyễn Văn An",
    )  # fmt: skip
    return actions.register_directive(seat=cast.q3_leader, data=data, deliver_to=receivers)[0]


def with_target(reading: Reading, **said) -> Reading:
    value = {"percent": None, "number": None, "unit": None, "subject": "biết chữ", "by": None, "text": "x"}
    item = {"id": 90, "group": "aim", "kind": "target", "state": "yes", "ask": "", "spans": []}
    reading.items = [i for i in reading.items if i["kind"] != "target"] + [item | {"value": value | said}]
    reading.save()
    return reading


@pytest.mark.parametrize("said", [{"percent": 123456}, {"number": 10**22}])
def test_a_figure_that_no_target_holds_is_named_by_its_item(cast, said):
    reading = with_target(begun(cast.pgd_officer), **said)
    with pytest.raises(Refusal, match="Mục 90: con số của chỉ tiêu quá lớn"):
        laid(cast.pgd_officer, reading)


@pytest.mark.parametrize(
    ("by", "year"), [("2025", 2025), ("31/12/2025", 2025), ("2025-12-31", 2025), ("giai đoạn tới", None)]
)
def test_the_year_of_a_target_is_found_in_its_words(cast, by, year):
    reading = laid(cast.pgd_officer, with_target(begun(cast.pgd_officer), percent=33.333, by=by))
    programmes.issue(seat=cast.pgd_leader, reading=reading)
    assert Target.objects.get().by == year


def test_two_reports_of_one_name_are_two_rounds(cast):
    """Both are gathered by the Phòng: neither is refused as the other once more."""
    reading = begun(cast.pgd_officer, PLAN.replace("II. CHẾ ĐỘ BÁO CÁO", FIRST_REPORT))
    names = [one["name"] for one in laid(cast.pgd_officer, reading).summary["rounds"]]
    assert len(names) == len(set(names)) == 2
    assert all("Tổ chức Tuần lễ" in name for name in names)  # "Báo cáo kết quả" alone would name nothing


def test_no_round_is_opened_in_which_nobody_owes(cast):
    """Those who report are bodies that Hoctap does not know: said, and no empty round."""
    text = PLAN.replace(
        "Ủy ban nhân dân Phường 1, Ủy ban nhân dân Phường 2 gửi", "Ủy ban nhân dân xã Bảo Hà gửi"
    )
    summary = laid(cast.pgd_officer, begun(cast.pgd_officer, text)).summary
    assert all(one["below"] for one in summary["rounds"] if one["due"] == "tổng hợp tại đơn vị")
    assert any("chưa có đơn vị nào phải báo cáo" in note for note in summary["notes"])


def test_a_report_that_finds_no_place_in_the_round_is_said(cast):
    """Under the committee's round the wards owe the Phòng one report; what is left of the other is not passed over."""
    reading = begun(cast.q3_leader, PLAN.replace("II. CHẾ ĐỘ BÁO CÁO", FIRST_REPORT))
    notes = laid(cast.q3_leader, reading).summary["notes"]
    assert any("mỗi đơn vị một báo cáo trong một đợt" in note for note in notes)


def test_a_unit_dissolved_meanwhile_is_named_and_nothing_is_issued(cast):
    reading = laid(cast.pgd_officer, begun(cast.pgd_officer))
    Unit.objects.filter(pk=cast.p1.pk).update(dissolved_on=date(2026, 9, 20))
    with pytest.raises(Refusal, match=r"Mục \d.*Phường 1 đã giải thể"):
        programmes.issue(seat=cast.pgd_leader, reading=reading)
    assert not Task.objects.exists()


def test_of_a_document_recalled_meanwhile_nothing_is_made(cast):
    directive = registered(cast)
    reading = actions.begin_reading(seat=cast.q3_leader, directive=directive)
    reading.items = [item | {"state": "yes" if item["kind"] == "target" else "no"} for item in reading.items]
    reading.save()
    reading = laid(cast.q3_leader, reading)
    actions.recall(seat=cast.q3_leader, directive=directive, reason="ban hành nhầm")
    with pytest.raises(Refusal, match="đã thu hồi"):
        programmes.issue(seat=cast.q3_leader, reading=reading)
    assert not Target.objects.exists()
    reading = programmes.undo(seat=cast.q3_leader, reading=reading)
    with pytest.raises(Refusal, match="đã thu hồi"):
        laid(cast.q3_leader, reading)


def test_a_document_from_which_a_round_was_opened_stays_when_laying_out_is_undone(cast):
    reading = laid(cast.pgd_officer, begun(cast.pgd_officer))
    directive = Directive.objects.get(reading=reading)
    plan = RoundPlan(directive=directive, name="Báo cáo nhanh")
    open_round(seat=cast.pgd_leader, plan=plan, due=Due(DueRule.UNDATED, text="theo quy định"))
    reading = programmes.undo(seat=cast.pgd_officer, reading=reading)
    assert reading.directive == directive and not reading.is_settled


def test_undoing_twice_changes_nothing_more(cast):
    reading = programmes.undo(seat=cast.pgd_officer, reading=laid(cast.pgd_officer, begun(cast.pgd_officer)))
    assert programmes.undo(seat=cast.pgd_officer, reading=reading).version == reading.version


def test_by_anothers_document_nobody_is_given_work_who_is_not_ones_own(cast):
    """A ward that brings the district's plan has its own work from it; it gives the Phòng and the next ward none."""
    reading = laid(cast.p1_officer, begun(cast.p1_officer))
    assert any("việc của các đơn vị đó không lập từ đây" in note for note in reading.summary["notes"])
    programmes.issue(seat=cast.p1_leader, reading=reading)
    assert set(Task.objects.values_list("unit", flat=True)) == {cast.p1.pk}
    # The Phòng's has not become everybody's.
    assert not Clause.objects.filter(text__startswith="Chủ trì hướng dẫn").exists()


def test_who_registered_a_document_reads_it_though_a_receiver_began(cast):
    directive = registered(cast, cast.p1, cast.pgd)
    ward = actions.begin_reading(seat=cast.p1_officer, directive=directive)
    with pytest.raises(Refusal, match="mỗi văn bản một chương trình"):
        actions.begin_reading(seat=cast.pgd_officer, directive=directive)
    own = actions.begin_reading(seat=cast.q3_leader, directive=directive)
    assert own.directive == directive and own.unit == cast.q3
    ward.refresh_from_db()
    assert ward.directive is None and ward.items
    assert actions.begin_reading(seat=cast.q3_leader, directive=directive) == own


def test_a_week_of_one_name_is_each_units_own(cast):
    """The Phòng's week and the ward's have the same name, and other days: neither gets the other's."""
    programmes.issue(seat=cast.pgd_leader, reading=laid(cast.pgd_officer, begun(cast.pgd_officer)))
    other = PLAN.replace("02/10/2026 đến ngày 08/10/2026", "05/10/2026 đến ngày 11/10/2026").replace(
        "410/", "411/"
    )
    reading = laid(cast.p1_officer, begun(cast.p1_officer, other))
    assert any("05/10/2026 – 11/10/2026" in line for line in reading.summary["campaigns"])
    programmes.issue(seat=cast.p1_leader, reading=reading)
    assert Campaign.objects.count() == 2


def test_tables_of_one_title_are_forms_of_their_owners():
    table = {
        "title": "BIỂU TỔNG HỢP",
        "sections": [{"no": "1", "title": "Số lớp", "lines": [{"label": "Số lớp", "units": ["lớp"]}]}],
    }
    codes = [
        definition_of(table, version=1, source="x", owner=owner)["code"]
        for owner in ("UBND Quận 3", "UBND Quận 3", "LĐLĐ quận Gò Vấp")
    ]
    assert codes[0] == codes[1] != codes[2]


def test_a_table_that_is_no_form_is_named_by_its_item(cast):
    reading = begun(cast.pgd_officer)
    table = {
        "title": "Biểu",
        "sections": [{"no": "I", "title": "", "lines": [{"label": "", "units": []}]}],
    }
    item = {"id": 91, "group": "base", "kind": "form", "state": "yes", "ask": "", "spans": []}
    reading.items.append(item | {"value": {"form": table}})
    reading.save()
    with pytest.raises(Refusal, match="Mục 91: bảng số liệu chưa thành biểu mẫu được"):
        laid(cast.pgd_officer, reading)
