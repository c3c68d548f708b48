"""Units out to Excel and back: dry run, all or nothing, refusals by cell."""

import io
from datetime import date, datetime

import openpyxl
import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from hoctap.kernel import clock
from hoctap.kernel.errors import Refusal
from hoctap.kernel.models import Act
from hoctap.orgs.actions import grant_seat, import_units, move_unit, rename_unit
from hoctap.orgs.enums import Kind, Line, Role
from hoctap.orgs.models import Subordination, Unit, UnitName
from hoctap.orgs.queries import direct_superiors, is_under, name_on, sheet_rows
from hoctap.orgs.rules import reachable_units
from hoctap.orgs.sheets import HEADERS, ROOT, write_units
from hoctap.people.models import User
from tests.cast import SINCE, Cast

T, S, U = Line.TERRITORY, Line.SECTOR, Line.UNION
DAY = date(2023, 7, 1)


def _export(units) -> bytes:
    return write_units(sheet_rows(units, clock.today()))


def _edited(data: bytes, *changes: tuple[str, object], add: tuple[dict, ...] = ()) -> bytes:
    """``data`` as a person would change it in Excel: cells by name, then rows by heading."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet = book["Đơn vị"]
    for cell, value in changes:
        sheet[cell] = value
    for row in add:
        sheet.append([row.get(heading) for heading in HEADERS])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _row(code: str, name: str, since: object = "01/07/2023", **more) -> dict:
    base = {"Mã": code, "Tên đơn vị": name, "Tên gọn": name, "Loại hình": "Cơ sở giáo dục", "Từ ngày": since}
    return base | {heading.replace("_", " "): value for heading, value in more.items()}


def _under(code: str, line: str = "Ngành") -> dict:
    return {f"Cấp trên ({line})": code}


def _rows(*rows: dict) -> bytes:
    return _edited(write_units([]), add=rows)


def _world() -> list:
    tables = (
        Unit.objects.order_by("pk").values_list(),
        UnitName.objects.order_by("pk").values_list(),
        Subordination.objects.order_by("pk").values_list(),
        Act.objects.order_by("pk").values_list("pk"),
    )
    return [list(table) for table in tables]


def _cell(data: bytes, code: str, heading: str) -> str:
    sheet = openpyxl.load_workbook(io.BytesIO(data))["Đơn vị"]
    for row in sheet.iter_rows():
        if row[0].value == code:
            return row[HEADERS.index(heading)].coordinate
    raise AssertionError(code)


def test_what_goes_out_comes_back_unchanged(cast: Cast):
    data = _export(Unit.objects.all())
    before = _world()
    plan = import_units(seat=None, data=data, dry_run=False)
    assert (plan.new, plan.changed, plan.refused, plan.unchanged) == ([], [], [], 11)
    assert _world()[:3] == before[:3]


def test_saved_again_by_another_program_it_still_comes_back_unchanged(cast: Cast):
    plan = import_units(seat=None, data=_edited(_export(Unit.objects.all())), dry_run=True)
    assert (plan.new, plan.changed, plan.refused, plan.unchanged) == ([], [], [], 11)


def test_an_admin_gets_and_gives_back_its_subtree(cast: Cast):
    data = _export(reachable_units(cast.pgd_admin))
    sheet = openpyxl.load_workbook(io.BytesIO(data))["Đơn vị"]
    assert [row[0] for row in sheet.iter_rows(values_only=True)] == ["Mã", "HCM-Q3-PGD", "HCM-Q3-LQD"]
    plan = import_units(seat=cast.pgd_admin, data=data, dry_run=False)
    assert (plan.unchanged, plan.refused) == (2, [])


def _reform(cast: Cast) -> bytes:
    """A new school under a new cluster, the old one renamed, moved and told its e-mail."""
    data = _export(reachable_units(cast.pgd_admin))
    return _edited(
        data,
        (_cell(data, "HCM-Q3-LQD", "Tên đơn vị"), "Trường THCS Lê Quý Đôn"),
        (_cell(data, "HCM-Q3-LQD", "Thư điện tử"), "lqd@example.vn"),
        (_cell(data, "HCM-Q3-LQD", "Cấp trên (Ngành)"), "Q3-CUM1"),
        (_cell(data, "HCM-Q3-LQD", "Cấp trên (Chính quyền)"), None),
        (_cell(data, "HCM-Q3-LQD", "Từ ngày"), datetime(2023, 7, 1)),
        add=(
            _row("Q3-TH2", "Trường Tiểu học Hai", **_under("Q3-CUM1")),
            _row("Q3-CUM1", "Cụm trường 1", **_under("HCM-Q3-PGD"), **_under("HCM-Q3-PGD", "Chính quyền")),
        ),
    )


def _renaming(cast: Cast) -> list[tuple[str, str, str, date]]:
    """Plainly, found in the archive, corrected on its day, and back to the first name."""
    p1, p2, thcs = cast.p1, cast.p2, cast.thcs
    rename_unit(seat=None, unit=p1, name="Phường Một", short_name="P. Một", on=date(2024, 1, 1))
    rename_unit(seat=None, unit=p2, name="Phường Hai", short_name="P. Hai", on=DAY)
    rename_unit(seat=None, unit=thcs, name="Trường A", short_name="A", on=date(2022, 1, 1))
    return [
        ("HCM-Q3", "Ủy ban  nhân dân Phường Xuân Hòa", "UBND P. Xuân Hòa", date(2023, 7, 1)),
        ("HCM-Q3-P1", "Phường Một cũ", "P. Một cũ", date(2022, 5, 1)),
        ("HCM-Q3-P2", "Phường Nhì", "P. Nhì", DAY),
        ("HCM-Q3-LQD", "Trường B", "A", date(2020, 1, 1)),
    ]


def test_renamed_together_or_one_by_one_leaves_the_same(cast: Cast):
    names = _renaming(cast)
    user = User.objects.create_user("q3-admin", "Quản trị Quận 3")
    admin = grant_seat(seat=None, user=user, unit=cast.q3, role=Role.ADMIN, since=SINCE)
    before, left = Act.objects.count(), []
    for together in (True, False):
        with transaction.atomic():
            if together:
                data = _export(reachable_units(admin))
                cells = [
                    (_cell(data, code, heading), value)
                    for code, name, short, since in names
                    for heading, value in (("Tên đơn vị", name), ("Tên gọn", short), ("Từ ngày", since))
                ]
                plan = import_units(seat=admin, data=_edited(data, *cells), dry_run=False)
                assert (plan.refused, len(plan.changed)) == ([], 4)
            else:
                units = {unit.code: unit for unit in Unit.objects.all()}
                for code, name, short, since in names:
                    rename_unit(seat=admin, unit=units[code], name=name, short_name=short, on=since)
            acts = Act.objects.order_by("pk").exclude(verb="unit.import")[before:]
            left.append(
                (
                    list(Unit.objects.order_by("pk").values()),
                    list(
                        UnitName.objects.order_by("unit", "valid").values(
                            "unit", "name", "short_name", "valid"
                        )
                    ),
                    sorted(
                        acts.values_list(
                            "verb", "object_type", "object_id", "details__on", "seat_id", "unit_id"
                        )
                    ),
                )
            )
            transaction.set_rollback(True)
    assert left[0] == left[1]
    assert [name for name in left[0][1] if name["unit"] == cast.p1.pk][1]["name"] == "Phường Một cũ"
    assert len(left[0][2]) == 4


def test_a_name_of_tomorrow_is_refused_in_its_row_alone(cast: Cast):
    data = _export(Unit.objects.all())
    cells = [
        (_cell(data, code, heading), value)
        for code, since in (("HCM-Q3-P1", date(2999, 1, 1)), ("HCM-Q3-P2", DAY))
        for heading, value in (("Tên gọn", f"Tên mới {code}"), ("Từ ngày", since))
    ]
    plan = import_units(seat=None, data=_edited(data, *cells), dry_run=True)
    [(where, what)] = plan.refused
    assert where == f"Đơn vị!{_cell(data, 'HCM-Q3-P1', 'Từ ngày')}"
    assert "chưa đến ngày" in what
    assert [unit.code for unit in plan.changed] == ["HCM-Q3-P2"]


def test_a_dry_run_tells_all_and_changes_nothing(cast: Cast):
    before = _world()
    plan = import_units(seat=cast.pgd_admin, data=_reform(cast), dry_run=True)
    assert _world() == before
    assert plan.refused == []
    assert [(unit.code, unit.row) for unit in plan.new] == [("Q3-TH2", 4), ("Q3-CUM1", 5)]
    (school,) = plan.changed
    assert (school.code, school.row) == ("HCM-Q3-LQD", 3)
    assert set(school.changes) == {
        "Tên đơn vị: Trường Trung học cơ sở Lê Quý Đôn → Trường THCS Lê Quý Đôn",
        "Thư điện tử: hcm-q3-lqd@example.vn → lqd@example.vn",
        "Cấp trên (Ngành): Phòng GD&ĐT Quận 3 → Cụm trường 1",
        "Cấp trên (Chính quyền): Phòng GD&ĐT Quận 3 → trống",
    }
    assert plan.unchanged == 1


def test_the_real_run_does_what_the_dry_run_told(cast: Cast):
    data = _reform(cast)
    told = import_units(seat=cast.pgd_admin, data=data, dry_run=True)
    assert import_units(seat=cast.pgd_admin, data=data, dry_run=False) == told

    cluster, school = Unit.objects.get(code="Q3-CUM1"), Unit.objects.get(code="HCM-Q3-LQD")
    assert direct_superiors(school, DAY) == {cluster.pk}
    assert direct_superiors(school, date(2023, 6, 30)) == {cast.pgd.pk}
    assert is_under(Unit.objects.get(code="Q3-TH2"), cast.sgd, S, DAY)
    assert is_under(cluster, cast.q3, T, DAY)
    assert name_on(school, date(2023, 6, 30)) == "Trường Trung học cơ sở Lê Quý Đôn"
    assert school.email == "lqd@example.vn"
    assert Act.objects.filter(seat_id=cast.pgd_admin.pk, verb="unit.found").count() == 2

    again = import_units(seat=cast.pgd_admin, data=data, dry_run=False)
    assert (again.new, again.changed, again.unchanged) == ([], [], 4)


def _refused(cast: Cast, data: bytes, seat="pgd_admin") -> dict[str, str]:
    """Cells refused, the same in a dry run and a real one; nothing changed by either."""
    seat = getattr(cast, seat) if seat else None
    before = _world()
    plan = import_units(seat=seat, data=data, dry_run=True)
    with pytest.raises(Refusal) as caught:
        import_units(seat=seat, data=data, dry_run=False)
    assert caught.value.places == plan.refused
    assert caught.value.message.startswith("Chưa nhận gì từ tệp. Ô Đơn vị!")
    assert _world() == before
    return {where.removeprefix("Đơn vị!"): what for where, what in plan.refused}


def test_every_wrong_cell_is_named_with_what_it_should_hold(cast: Cast):
    wrong = _refused(
        cast,
        _rows(
            _row("A", "Trường A", **_under("HCM-Q3-PGD")),
            _row("A", "Trường A lần nữa", **_under("HCM-Q3-PGD")),
            _row("B", "Trường B", **_under("KHONG-CO")),
            _row("C", "Trường C", "2023-07-01", **_under("HCM-Q3-PGD")),
            _row("D", "Trường D", None, **_under("HCM-Q3-PGD")),
            _row("E", "Trường E"),
            _row("F", "", **_under("HCM-Q3-PGD"), Loại_hình="Nhà trẻ", Cấp="Làng", Thư_điện_tử="a@"),
            _row("G/H", "T" * 201, **_under("HCM-Q3-PGD"), Tên_gọn="Trường G"),
            _row("I", "Trường I", **_under("HCM-Q3-PGD")) | {"Địa danh": "=A1"},
            _row("", "Trường không mã", **_under("HCM-Q3-PGD")),
        ),
    )
    expected = {
        "A3": "Đang ghi “A”. Mã này đã ở hàng 2",
        "K4": "Không có đơn vị nào mã KHONG-CO",
        "L5": "Đang ghi “2023-07-01”. Ghi ngày dạng 01/07/2025",
        "L6": "Ghi ngày bắt đầu",
        "H7": "Đang trống. Ghi mã cấp trên ở ít nhất một tuyến",
        "B8": "Đang trống. Ghi tên đơn vị",
        "C8": "Đang trống. Ghi tên gọn",
        "D8": "Đang ghi “Nhà trẻ”. Chọn một trong: Ủy ban nhân dân, Cơ quan chuyên môn",
        "E8": "Đang ghi “Làng”. Chọn một trong: Trung ương, Tỉnh",
        "G8": "Đang ghi “a@”. Ghi một địa chỉ thư điện tử",
        "A9": "Đang ghi “G/H”. Ghi mã đơn vị, chỉ gồm chữ, số, dấu chấm, gạch nối",
        "B9": "Nhiều nhất 200 ký tự",
        "F10": "không nhận công thức",
        "A11": "Đang trống. Ghi mã đơn vị",
    }
    assert wrong.keys() == expected.keys()
    for cell, words in expected.items():
        assert words in wrong[cell], cell


def test_circles_are_refused(cast: Cast):
    data = _export(Unit.objects.all())
    looped = _edited(
        data,
        (_cell(data, "HCM-Q3", "Cấp trên (Chính quyền)"), "HCM-Q3-PGD"),
        (_cell(data, "HCM-Q3", "Từ ngày"), "01/07/2023"),
    )
    (what,) = _refused(cast, looped, None).values()
    assert "đi vòng: UBND Quận 3 → Phòng GD&ĐT Quận 3 → UBND Quận 3" in what

    pair = _rows(_row("A", "Trường A", **_under("B")), _row("B", "Trường B", **_under("A")))
    assert [what.split(".")[0] for what in _refused(cast, pair).values()] == [
        "Cấp trên đi vòng: Trường A → Trường B → Trường A",
        "Cấp trên đi vòng: Trường B → Trường A → Trường B",
    ]


def test_turning_a_branch_upside_down_is_no_circle(cast: Cast):
    data = _export(Unit.objects.all())
    day = "01/07/2023"
    turned = _edited(
        data,
        (_cell(data, "HCM-Q3-LQD", "Cấp trên (Chính quyền)"), "HCM-Q3"),
        (_cell(data, "HCM-Q3-LQD", "Từ ngày"), day),
        (_cell(data, "HCM-Q3-PGD", "Cấp trên (Chính quyền)"), "HCM-Q3-LQD"),
        (_cell(data, "HCM-Q3-PGD", "Từ ngày"), day),
    )
    plan = import_units(seat=None, data=turned, dry_run=False)
    assert [unit.code for unit in plan.changed] == ["HCM-Q3-PGD", "HCM-Q3-LQD"]
    assert is_under(cast.pgd, cast.thcs, T, DAY)


def test_a_row_under_a_refused_row_says_so(cast: Cast):
    wrong = _refused(
        cast,
        _rows(_row("A", "Trường A", **_under("KHONG-CO")), _row("B", "Trường B", **_under("A"))),
    )
    assert "Cấp trên A ở hàng 2 chưa nhận được" in wrong["K3"]


def test_an_admin_imports_nothing_beyond_its_subtree(cast: Cast):
    wrong = _refused(
        cast,
        _rows(
            _row("HCM-Q3-P1", "Phường bị sửa", **_under("HCM-Q3-PGD")),
            _row("N1", "Trường của quận khác", **_under("HCM-Q1", "Chính quyền")),
            _row("N2", "Trường đứng đầu", **_under("Cao nhất")),
        ),
    )
    assert "ngoài phạm vi" in wrong["A2"]
    assert "Không có đơn vị nào mã HCM-Q1 trong phạm vi" in wrong["H3"]
    assert "phải trực thuộc một đơn vị trong phạm vi" in wrong["K4"]


def test_a_unit_is_not_moved_under_a_stranger_nor_taken_from_its_superior(cast: Cast):
    data = _export(reachable_units(cast.pgd_admin))
    moved = _edited(
        data,
        (_cell(data, "HCM-Q3-LQD", "Cấp trên (Ngành)"), "HCM-SGD"),
        (_cell(data, "HCM-Q3-LQD", "Từ ngày"), "01/07/2023"),
    )
    assert "trong phạm vi" in _refused(cast, moved)[_cell(data, "HCM-Q3-LQD", "Cấp trên (Ngành)")]


@pytest.mark.parametrize("seat", ["pgd_officer", "pgd_leader", "stranger_leader"])
def test_only_admins_import(cast: Cast, seat: str):
    with pytest.raises(Refusal, match="không có quyền"):
        import_units(seat=getattr(cast, seat), data=_export(Unit.objects.all()), dry_run=True)


def test_a_move_already_decided_for_later_is_no_change(cast: Cast):
    later = date(2999, 1, 1)
    move_unit(seat=None, unit=cast.p2, line=T, parent=cast.q1, on=later)
    data = _export(Unit.objects.all())
    told = _edited(
        data,
        (_cell(data, "HCM-Q3-P2", "Cấp trên (Chính quyền)"), "HCM-Q1"),
        (_cell(data, "HCM-Q3-P2", "Từ ngày"), later),
    )
    plan = import_units(seat=None, data=told, dry_run=True)
    assert (plan.changed, plan.unchanged) == ([], 11)


def test_a_dissolved_unit_goes_neither_out_nor_in(cast: Cast):
    data = _export(Unit.objects.filter(code="HCM-Q3-P1"))
    Unit.objects.filter(code="HCM-Q3-P1").update(dissolved_on=DAY)
    assert [row.code for row in sheet_rows(Unit.objects.filter(code="HCM-Q3-P1"), clock.today())] == []
    assert "giải thể từ ngày 01/07/2023" in _refused(cast, data, None)["A2"]


def test_what_a_sheet_says_cannot_become_a_formula(cast: Cast):
    plan = import_units(
        seat=cast.pgd_admin,
        data=_rows(_row("-A", "Trường A", **_under("HCM-Q3-PGD"), Tên_gọn="@SUM(1)")),
        dry_run=False,
    )
    Unit.objects.filter(code="-A").update(place="=1+1")
    assert len(plan.new) == 1
    sheet = openpyxl.load_workbook(io.BytesIO(_export(Unit.objects.filter(code="-A"))))["Đơn vị"]
    assert [(cell.value, cell.data_type) for cell in sheet[2]][:1] == [("-A", "s")]
    assert [(cell.value, cell.data_type) for cell in sheet[2]][5] == ("=1+1", "s")


def test_headings_and_sheets_must_be_ours(cast: Cast):
    def refusal(data: bytes) -> Refusal:
        with pytest.raises(Refusal) as caught:
            import_units(seat=None, data=data, dry_run=True)
        return caught.value

    data = _export(Unit.objects.all())
    renamed = refusal(_edited(data, ("B1", "Đơn vị"), ("N1", "Ghi chú")))
    assert "Hàng tiêu đề không đúng mẫu (ô B1, N1)" in renamed.message
    assert renamed.places == [
        ("Đơn vị!B1", "Đang ghi “Đơn vị”. Tiêu đề cột phải là “Tên đơn vị”."),
        ("Đơn vị!N1", "Đang ghi “Ghi chú”. Cột thừa: xóa cột này."),
    ]
    book = openpyxl.load_workbook(io.BytesIO(data))
    book.create_sheet("Nháp")
    out = io.BytesIO()
    book.save(out)
    assert "đúng một trang đơn vị, đang có 2: “Đơn vị”, “Nháp”" in refusal(out.getvalue()).message
    assert "chưa có đơn vị nào" in refusal(write_units([])).message
    assert "bị hỏng" in refusal(data[:-100]).message
    assert "không phải tệp Excel" in refusal(b"Ma;Ten").message


def test_kinds_are_understood_however_accented(cast: Cast):
    plan = import_units(
        seat=cast.pgd_admin,
        data=_rows(
            _row("A", "Trường A", **_under("HCM-Q3-PGD"), Loại_hình="CO SO GIAO DUC", Cấp="Xã, phường")
        ),
        dry_run=False,
    )
    assert len(plan.new) == 1
    unit = Unit.objects.get(code="A")
    assert (unit.kind, unit.area_type) == (Kind.SCHOOL, "commune")


def test_codes_typed_as_numbers_are_codes(cast: Cast):
    import_units(
        seat=cast.pgd_admin, data=_rows(_row(27139, "Trường A", **_under("HCM-Q3-PGD"))), dry_run=False
    )
    assert Unit.objects.filter(code="27139").exists()


def _statements(do) -> int:
    with CaptureQueriesContext(connection) as queries:
        do()
    return len(queries)


def test_hundreds_of_rows_take_as_many_statements_as_three(cast: Cast):
    """New units on two levels in two lines, then their e-mail addresses, superiors and names changed."""
    top = cast.pgd_admin.unit.code

    def sheet(code: str, count: int, parent: str, name: str = "Trường", **more) -> bytes:
        lines = {**_under(parent), **_under(ROOT, "Công đoàn")}
        return _rows(*[_row(f"{code}{n}", f"{name} {n}", **lines, **more) for n in range(count)])

    def take(data: bytes) -> int:
        return _statements(lambda: import_units(seat=None, data=data, dry_run=False))

    assert take(sheet("a", 3, top)) == take(sheet("b", 300, top))
    mails = {"Thư_điện_tử": "a@b.vn"}
    assert take(sheet("a", 3, top, **mails)) == take(sheet("b", 300, top, **mails))
    assert take(sheet("a", 3, "HCM-SGD", **mails)) == take(sheet("b", 300, "HCM-SGD", **mails))
    for since in ("01/07/2023", "01/07/2024"):  # corrected, then changed
        mails |= {"since": since, "name": f"Trường THCS {since}"}
        assert take(sheet("a", 3, "HCM-SGD", **mails)) == take(sheet("b", 300, "HCM-SGD", **mails))
    named = Unit.objects.filter(
        code__startswith="b", email="a@b.vn", name__startswith="Trường THCS 01/07/2024"
    )
    assert named.count() == 300
    assert UnitName.objects.filter(unit__in=named).count() == 600


def test_among_many_rows_each_wrong_one_is_named_and_no_other(cast: Cast):
    top = cast.pgd_admin.unit.code
    days = ["01/07/2023" if n % 10 else "01/01/1990" for n in range(60)]
    rows = [_row(f"x{n}", f"Trường {n}", day, **_under(top)) for n, day in enumerate(days)]
    data = _rows(*rows)
    plan = import_units(seat=cast.pgd_admin, data=data, dry_run=True)
    assert [where for where, _ in plan.refused] == [
        f"Đơn vị!{_cell(data, f'x{n}', 'Cấp trên (Ngành)')}" for n in range(0, 60, 10)
    ]
    assert all("vào ngày 01/01/1990" in what for _, what in plan.refused)
    assert len(plan.new) == 54
