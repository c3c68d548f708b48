"""People out of a sheet: the dry run says what the real run does; all or nothing; what must not be kept is refused."""

import io
import zipfile
from datetime import date

import openpyxl
import pytest

from hoctap.kernel.errors import Refusal
from hoctap.orgs.actions.importing_people import import_people, keep_for_a_look
from hoctap.orgs.actions.memberships import enter_person
from hoctap.orgs.enums import Standing
from hoctap.orgs.models import Membership
from hoctap.orgs.people_sheets import HEADERS, write_template
from hoctap.people.models import Person, PersonSheet
from tests.cast import SINCE, Cast

TEACHER, STUDENT = "Nhà giáo", "Học sinh, sinh viên, học viên"


def _sheet(*rows: dict, extra: tuple[str, ...] = ()) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(write_template()))
    sheet = book["Người học"]
    for title in extra:
        sheet.cell(1, sheet.max_column + 1, title)
    for row in rows:
        sheet.append([row.get(heading) for heading in (*HEADERS, *extra)])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _row(name: str, year: object = None, **more) -> dict:
    return {"Họ và tên": name, "Năm sinh": year, "Tư cách": TEACHER} | {
        key.replace("_", " "): value for key, value in more.items()
    }


def _world() -> tuple:
    return (
        list(Person.objects.order_by("pk").values_list("full_name", "birth_year")),
        list(
            Membership.objects.order_by("pk").values_list(
                "person__full_name", "unit__code", "standing", "valid"
            )
        ),
    )


def _import(cast: Cast, data: bytes, **more):
    return import_people(seat=cast.pgd_officer, unit=cast.thcs, data=data, **more)


def _enter(cast: Cast, name: str, year: int | None, unit=None, **more) -> Person:
    return enter_person(
        seat=None, unit=unit or cast.thcs, standing=Standing.TEACHER, since=SINCE, full_name=name, birth_year=year,
        **more,
    )  # fmt: skip


def test_a_dry_run_changes_nothing_and_the_real_one_does_what_it_said(cast: Cast):
    _enter(cast, "Trần Văn Ẩn", 1970)
    _enter(cast, "Lê Thị Bích", None)
    _enter(cast, "Phạm Ngọc Châu", 1980, unit=cast.pgd)
    data = _sheet(
        _row("TRẦN VĂN ẨN", 1970),  # there
        _row("Lê Thị Bích", 1990),  # maybe, near: a year is missing
        _row("Phạm Ngọc Châu", 1980),  # maybe: of the Phòng
        _row("Phạm Ngọc Châu", 1981),  # another person: the year says so
        _row("Võ Thị Dung", "1995", Liên_hệ="0900000009", Mã_đơn_vị="HCM-Q3-PGD", Từ_ngày="01/09/2022"),
    )
    before = _world()
    plan = _import(cast, data, dry_run=True)
    assert _world() == before
    assert [p.full_name for p in plan.there] == ["TRẦN VĂN ẨN"]
    assert [(p.full_name, p.same.full_name, p.near) for p in plan.maybe] == [
        ("Lê Thị Bích", "Lê Thị Bích", True),
        ("Phạm Ngọc Châu", "Phạm Ngọc Châu", False),
    ]
    assert [(p.full_name, p.birth_year, p.row) for p in plan.new] == [
        ("Phạm Ngọc Châu", 1981, 5),
        ("Võ Thị Dung", 1995, 6),
    ]
    done = _import(cast, data, dry_run=False)
    assert (done.made, done.joined) == (plan.made, plan.joined) == (3, 0)
    assert Person.objects.count() == 6
    held = Membership.objects.get(person__full_name="Võ Thị Dung")
    assert (held.unit, held.valid.lower, held.person.contact) == (cast.pgd, date(2022, 9, 1), "0900000009")
    again = _import(cast, data, dry_run=False)
    assert (again.made, again.joined) == (0, 0)


def test_a_doubtful_row_is_what_the_officer_decided(cast: Cast):
    chau = _enter(cast, "Phạm Ngọc Châu", 1980, unit=cast.pgd)
    bich = _enter(cast, "Lê Thị Bích", None)
    data = _sheet(_row("Phạm Ngọc Châu", 1980), _row("Lê Thị Bích", 1990))
    done = _import(cast, data, dry_run=False, decided={2: True, 3: False})
    assert (done.made, done.joined) == (1, 1)
    assert {m.unit for m in chau.memberships.all()} == {cast.pgd, cast.thcs}
    assert bich.memberships.count() == 1 and Person.objects.filter(full_name="Lê Thị Bích").count() == 2


def test_the_same_contact_is_the_same_person_anywhere_within_reach(cast: Cast):
    _enter(cast, "Phạm Ngọc Châu", None, unit=cast.pgd, contact="0900000001")
    plan = _import(cast, _sheet(_row("Phạm Ngọc Châu", 1980, Liên_hệ="0900000001")), dry_run=True)
    assert (len(plan.there), plan.joined) == (1, 1)


def test_a_stranger_of_the_same_name_is_not_spoken_of(cast: Cast):
    _enter(cast, "Phạm Ngọc Châu", 1980, unit=cast.stranger)
    plan = _import(cast, _sheet(_row("Phạm Ngọc Châu", 1980)), dry_run=True)
    assert (len(plan.new), plan.maybe, plan.there) == (1, [], [])


def test_each_wrong_cell_is_named_and_nothing_is_taken(cast: Cast):
    rows = [
        _row("", 1980),
        _row("Lê An", "tám mươi"),
        _row("Lê Bình", 1985) | {"Tư cách": "giáo viên"},
        _row("Lê Cúc", 1985, Từ_ngày="31/02/2023"),
        _row("Lê Dung", 1985, Mã_đơn_vị="HCM-Q1-BN"),
        _row("Lê Én", 2018),
        _row("Lê Gấm", 1985),
        _row("Lê Gấm", 1985),
    ]
    plan = _import(cast, _sheet(*rows), dry_run=True)
    found = dict(plan.refused)
    assert list(found) == [
        "Người học!A2", "Người học!B3", "Người học!D4", "Người học!H5", "Người học!F7", "Người học!C6",
        "Người học!E9",
    ]  # fmt: skip
    assert "Đang trống" in found["Người học!A2"] and "“tám mươi”" in found["Người học!B3"]
    assert "Nhà giáo" in found["Người học!D4"] and "HCM-Q1-BN" in found["Người học!C6"]
    assert "chưa đủ 16 tuổi" in found["Người học!F7"] and "hàng 8" in found["Người học!E9"]
    with pytest.raises(Refusal, match="Chưa nhận gì từ tệp") as refusal:
        _import(cast, _sheet(*rows), dry_run=False)
    assert refusal.value.places == plan.refused and not Person.objects.exists()


@pytest.mark.parametrize("title", ["Số CCCD", "CMND", "Căn cước công dân", "Dân tộc", "Tôn giáo", "Số BHXH"])
def test_a_sheet_with_what_must_not_be_kept_is_refused_with_the_reason(cast: Cast, title):
    data = _sheet(_row("Lê An", 1985) | {title: "079185000001"}, extra=(title,))
    with pytest.raises(
        Refusal, match=r"không nhận số giấy tờ tùy thân, dân tộc, tôn giáo.*Xóa cả cột"
    ) as refusal:
        _import(cast, data, dry_run=True)
    assert refusal.value.places == [("Người học!I1", "Xóa cả cột này.")]
    assert "079185000001" not in refusal.value.message


def test_formulas_bombs_and_other_files_are_refused(cast: Cast):
    plan = _import(cast, _sheet(_row('=HYPERLINK("http://x","Lê An")', 1985)), dry_run=True)
    assert "công thức" in dict(plan.refused)["Người học!A2"]
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/workbook.xml", b"0" * 60_000_000)
    for data in (bomb.getvalue(), b"MZ" + b"0" * 500, b""):
        with pytest.raises(Refusal, match="Chưa nhận gì từ tệp"):
            _import(cast, data, dry_run=True)


def test_ten_thousand_rows_take_few_queries(cast: Cast, django_assert_max_num_queries):
    data = _sheet(*(_row(f"Nguyễn Văn Số {n}", 1950 + n % 50) for n in range(10_000)))
    with django_assert_max_num_queries(40):  # here 24; not one a row
        assert _import(cast, data, dry_run=True).made == 10_000
        assert _import(cast, data, dry_run=False).made == 10_000
    assert Membership.objects.filter(unit=cast.thcs).count() == 10_000
    assert _import(cast, data, dry_run=True).made == 0


def test_what_was_looked_at_and_not_taken_is_forgotten(cast: Cast):
    old = keep_for_a_look(seat=cast.p1_officer, data=b"a")
    PersonSheet.objects.filter(pk=old.pk).update(at="2020-01-01T00:00Z")
    first = keep_for_a_look(seat=cast.pgd_officer, data=b"b")
    second = keep_for_a_look(seat=cast.pgd_officer, data=b"c")
    assert list(PersonSheet.objects.values_list("pk", flat=True)) == [second.pk] and first.pk != second.pk


@pytest.mark.parametrize("seat", ["pgd_clerk", "pgd_admin", "p1_officer", "stranger_leader"])
def test_only_who_keeps_people_of_the_unit_imports(cast: Cast, seat):
    with pytest.raises(Refusal):
        import_people(
            seat=getattr(cast, seat), unit=cast.thcs, data=_sheet(_row("Lê An", 1985)), dry_run=False
        )
    assert not Person.objects.exists()


def test_students_of_an_age_need_a_guardian_and_keep_it(cast: Cast):
    row = _row("Lê An", 2012, Người_giám_hộ="Lê Văn Ba", Liên_hệ_người_giám_hộ="0900000002") | {
        "Tư cách": STUDENT
    }
    _import(cast, _sheet(row), dry_run=False)
    child = Person.objects.get()
    assert (child.guardian_name, child.guardian_contact) == ("Lê Văn Ba", "0900000002")
