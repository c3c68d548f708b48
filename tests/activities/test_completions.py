"""What was learned elsewhere: with evidence, once, and from a sheet only for whom it surely is."""

import io
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
import xlsxwriter

from hoctap.activities.actions.completing import (
    SKIP,
    CompletionData,
    enter_completion,
    import_completions,
    remove_completion,
)
from hoctap.activities.completion_sheet import HEADERS, SHEET, blank_sheet, read_completions
from hoctap.activities.models import Completion
from hoctap.activities.record import record_of
from hoctap.kernel import clock
from hoctap.kernel.errors import Refusal
from tests.learning import DAY, learner

PNG = b"\x89PNG\r\n\x1a\n"
GOOD = CompletionData("binhdanhocvuso.gov.vn", "Kỹ năng số", DAY, Decimal("4.5"), reference="BD-01")


def sheet(*rows: tuple) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        page = book.add_worksheet(SHEET)
        for number, row in enumerate([HEADERS, *rows]):
            for column, value in enumerate(row):
                page.write(number, column, value)
    return out.getvalue()


def row(
    name="Nguyễn Thị Hoa",
    born="1985",
    title="Kỹ năng số",
    on="20/10/2023",
    hours="4,5",
    number="BD-01",
    link="",
):
    return (name, born, "binhdanhocvuso.gov.vn", title, on, hours, number, link)


# ---- one by one ----


def test_one_is_entered_once_with_its_evidence(cast):
    hoa = learner(cast.p1, "Nguyễn Thị Hoa")
    made = enter_completion(seat=cast.p1_officer, person=hoa, data=replace(GOOD, file=("cn.png", PNG)))
    assert enter_completion(seat=cast.p1_officer, person=hoa, data=GOOD) == made
    assert (made.file_name, made.file.size) == ("cn.png", len(PNG))
    record = record_of(hoa)
    assert (
        record.completions == [made] and record.outside_hours == Decimal("4.5") and record.total.minutes == 0
    )
    remove_completion(seat=cast.p1_officer, completion=made)
    assert record_of(hoa).completions == []


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"reference": ""}, "Minh chứng"),
        ({"platform": " "}, "Nơi học"),
        ({"title": ""}, "Tên khóa học"),
        ({"hours": Decimal(0)}, "Số giờ"),
        ({"link": "javascript:alert(1)"}, "Liên kết"),
        ({"link": "https://"}, "Liên kết"),
        ({"on": clock.today() + timedelta(days=2)}, "Ngày hoàn thành"),  # tests may run past midnight
    ],
)
def test_what_cannot_be_is_refused_and_said_where(cast, change, where):
    hoa = learner(cast.p1, "Nguyễn Thị Hoa")
    with pytest.raises(Refusal) as refused:
        enter_completion(seat=cast.p1_officer, person=hoa, data=replace(GOOD, **change))
    assert [place for place, _why in refused.value.places] == [where]


def test_a_file_that_is_not_what_its_name_says_is_refused(cast):
    with pytest.raises(Refusal):
        data = replace(GOOD, file=("cn.png", b"<script>"))
        enter_completion(seat=cast.p1_officer, person=learner(cast.p1, "Nguyễn Thị Hoa"), data=data)
    assert not Completion.objects.exists()


@pytest.mark.parametrize("seat", ["p2_officer", "stranger_leader", "pgd_clerk", "q3_viewer"])
def test_only_who_keeps_the_units_people_enters(cast, seat):
    with pytest.raises(Refusal):
        enter_completion(seat=getattr(cast, seat), person=learner(cast.p1, "Nguyễn Thị Hoa"), data=GOOD)


# ---- from a sheet ----


def test_the_blank_sheet_is_one_that_can_be_sent_back():
    with pytest.raises(Refusal, match="chưa có hàng nào"):
        read_completions(blank_sheet())
    (one,) = read_completions(sheet(row())).rows
    assert (one.name, one.birth_year, one.on, one.hours) == ("Nguyễn Thị Hoa", 1985, DAY, Decimal("4.5"))


def test_a_sheet_does_what_its_dry_run_said(cast):
    hoa = learner(cast.p1, "Nguyễn Thị Hoa")
    data = sheet(row(), row(title="An toàn số"), row())
    plan = import_completions(seat=cast.p1_officer, data=data, dry_run=True)
    assert (len(plan.new), len(plan.known), plan.asked, plan.wrong) == (2, 1, [], [])
    assert not Completion.objects.exists()
    done = import_completions(seat=cast.p1_officer, data=data, dry_run=False)
    assert [person for _row, person in done.new] == [hoa, hoa]
    again = import_completions(seat=cast.p1_officer, data=data, dry_run=False)
    assert (again.new, len(again.known), Completion.objects.count()) == ([], 3, 2)


def test_who_is_not_certain_is_asked_about_and_never_guessed(cast):
    hoa, other = learner(cast.p1, "Nguyễn Thị Hoa"), learner(cast.p1, "Nguyễn Thị Hoa", 1990)
    hòa = learner(cast.p1, "Nguyễn Thị Hòa")
    learner(cast.p2, "Lê Thị Cúc")  # out of reach
    data = sheet(row(born=""), row(), row(born="1970"), row("Lê Thị Cúc"), row("NGUYỄN THỊ HÒA"))
    plan = import_completions(seat=cast.p1_officer, data=data, dry_run=True)
    assert [person for _row, person in plan.new] == [hoa, hòa]
    assert [len(one.may_be) for one in plan.asked] == [3, 3, 0]
    chosen = {1: other.pk, 3: SKIP, 4: learner(cast.p1, "Trần Văn Bình").pk}
    done = import_completions(seat=cast.p1_officer, data=data, dry_run=False, chosen=chosen)
    assert [person for _row, person in done.new] == [other, hoa, hòa]
    assert [one.row.name for one in done.asked] == ["Lê Thị Cúc"]


def test_two_of_one_name_and_year_are_asked_about(cast):
    for _ in range(2):
        learner(cast.p1, "Nguyễn Thị Hoa")
    plan = import_completions(seat=cast.p1_officer, data=sheet(row()), dry_run=True)
    assert plan.new == [] and len(plan.asked[0].may_be) == 2


@pytest.mark.parametrize(
    ("wrong", "cell"),
    [
        (row(name=""), "A2"),
        (row(born="85"), "B2"),
        (row(title=""), "D2"),
        (row(on="32/10/2023"), "E2"),
        (row(hours="nhiều"), "F2"),
        (row(hours="-1"), "F2"),
        (row(number=""), "G2"),
        (row(link="www.abc.vn"), "H2"),
        (row(title="x" * 251), "D2"),
    ],
)
def test_a_wrong_cell_is_named_and_stops_all_of_it(cast, wrong, cell):
    learner(cast.p1, "Nguyễn Thị Hoa")
    data = sheet(wrong, row())
    plan = import_completions(seat=cast.p1_officer, data=data, dry_run=True)
    assert [place for place, _why in plan.wrong] == [f"{SHEET}!{cell}"]
    with pytest.raises(Refusal):
        import_completions(seat=cast.p1_officer, data=data, dry_run=False)
    assert not Completion.objects.exists()


def test_a_formula_a_day_to_come_and_a_foreign_sheet_are_refused(cast):
    learner(cast.p1, "Nguyễn Thị Hoa")
    tomorrow = clock.today() + timedelta(days=1)
    good = row(title="Trang khác")
    for data in (sheet(row(title="=1+1"), good), sheet(row(on=f"{tomorrow:%d/%m/%Y}"), good)):
        with pytest.raises(Refusal, match="Chưa ghi gì"):
            import_completions(seat=cast.p1_officer, data=data, dry_run=False)
    with pytest.raises(Refusal):
        import_completions(seat=cast.p1_officer, data=b"PK\x03\x04", dry_run=True)


def test_whoever_may_not_keep_people_imports_nothing(cast):
    with pytest.raises(Refusal):
        import_completions(seat=cast.pgd_clerk, data=sheet(row()), dry_run=True)
