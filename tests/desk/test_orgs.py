"""The organisation's screens: the tree as of a day, one unit, the table of roles; all of them within reach."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from playwright.sync_api import expect

from hoctap.orgs import roles
from hoctap.orgs.actions import found_unit, grant_seat, move_unit, rename_unit
from hoctap.orgs.enums import Kind, Line, Role
from hoctap.orgs.models import Subordination, Unit
from hoctap.people.models import User
from tests.browser import NARROW, WIDE, axe, fits
from tests.cast import SINCE, Cast
from tests.desk.units import html_of, shown

MOVED = date(2023, 7, 1)


@pytest.fixture
def officer(cast: Cast, signed_in) -> Client:
    return signed_in(cast.q3_officer)


# ---- the tree ----


def test_the_tree_opens_at_ones_own_unit_with_the_way_up(officer):
    html = html_of(officer.get("/don-vi/"))
    assert shown(html) == ["HCM-Q3", "HCM-Q3-PGD", "HCM-Q3-P1", "HCM-Q3-P2"]
    assert (
        '<span class="soft">Ủy ban nhân dân Thành phố Hồ Chí Minh</span>' in html
    )  # known, but out of reach
    assert 'href="/don-vi/?tuyen=territory&amp;duoi=HCM-Q3-PGD" aria-label="1 trực thuộc Phòng' in html
    assert "Quận 1" not in html


def test_only_one_level_is_read_at_a_time(officer):
    html = html_of(officer.get("/don-vi/?duoi=HCM-Q3-PGD"))
    assert shown(html) == ["HCM-Q3-PGD", "HCM-Q3-LQD"]
    assert 'href="/don-vi/?tuyen=territory&amp;duoi=HCM-Q3"' in html


def test_the_same_unit_in_another_line(cast: Cast, signed_in):
    html = html_of(signed_in(cast.sgd_officer).get("/don-vi/?tuyen=sector"))
    assert shown(html) == ["HCM-SGD", "HCM-Q3-PGD"]
    assert re.findall(r'<option value="(\w+)"( selected)?>', html) == [
        ("territory", ""),
        ("sector", " selected"),
    ]


def test_the_tree_as_of_a_day_bears_the_names_and_places_of_that_day(cast: Cast, officer):
    rename_unit(seat=None, unit=cast.p1, name="Phường Võ Thị Sáu", short_name="P. Võ Thị Sáu", on=MOVED)
    move_unit(seat=None, unit=cast.p2, line=Line.TERRITORY, parent=cast.q1, on=MOVED)
    html = html_of(officer.get("/don-vi/"))
    assert "Phường Võ Thị Sáu" in html and "HCM-Q3-P2" not in html
    html = html_of(officer.get("/don-vi/?ngay=2023-06-30"))
    assert shown(html) == ["HCM-Q3", "HCM-Q3-PGD", "HCM-Q3-P1", "HCM-Q3-P2"]
    assert ">Ủy ban nhân dân Phường 1</a>" in html and "nay là Phường Võ Thị Sáu" in html
    assert "Đang xem theo ngày 30/06/2023" in html
    assert 'href="/don-vi/HCM-Q3-P2/?ngay=2023-06-30"' in html


def test_a_day_before_anything_was_founded_says_so(officer):
    assert "Chưa có trong tuyến nào" in html_of(officer.get("/don-vi/?ngay=01/01/1990"))


def test_search_without_accents_finds_within_reach_only(officer):
    assert shown(html_of(officer.get("/don-vi/?tim=le quy don"))) == ["HCM-Q3-LQD"]
    assert shown(html_of(officer.get("/don-vi/?tim=Phường 2"))) == ["HCM-Q3-P2"]
    assert shown(html_of(officer.get("/don-vi/?tim=ha"))) == []
    assert shown(html_of(officer.get("/don-vi/?tim=th"))) == ["HCM-Q3-LQD"]
    html = html_of(officer.get("/don-vi/?tim=ben nghe"))
    assert shown(html) == [] and "Không có đơn vị nào khớp" in html


def found_below(cast: Cast, count: int) -> None:
    """So many more units right below the district, two of each place in the order."""
    base = Unit.objects.filter(pk=cast.p1.pk).values().get()
    path = Subordination.objects.get(unit=cast.q3).path
    for n in range(count):
        code = f"T{n:03}"
        unit = Unit.objects.create(
            **{**base, "id": None, "code": code, "sort_key": f"zz{n // 2:03}", "name": f"Tổ {n}"}
        )
        Subordination.objects.create(
            unit=unit, parent=cast.q3, line="territory", valid=(SINCE, None), path=f"{path}{n}x."
        )


def test_a_hundred_a_page_and_the_next_hundred(cast: Cast, officer):
    found_below(cast, 250)
    seen, address, pages = [], "/don-vi/", 0
    while address:
        html = html_of(officer.get(address))
        seen += shown(html)[1:]
        pages += 1
        following = re.search(r'<a class="btn btn-s" href="(\?[^"]*sau=[^"]*)">', html)
        address = "/don-vi/" + following[1].replace("&amp;", "&") if following else ""
    assert pages == 3
    assert seen == ["HCM-Q3-PGD", "HCM-Q3-P1", "HCM-Q3-P2"] + [f"T{n:03}" for n in range(250)]


@pytest.mark.parametrize(
    "query",
    ["ngay=hôm qua", "ngay=2023-13-45", "tuyen=khac", "sau=abc", "sau=9.%00", "sau=99999999999999999999.a"],
)
def test_what_cannot_be_read_is_put_aside(officer, query):
    html = html_of(officer.get(f"/don-vi/?{query}"))
    assert "HCM-Q3" in shown(html)
    assert ("chưa đúng, nên đang xem hôm nay" in html) == query.startswith("ngay")


@pytest.mark.parametrize("code", ["HCM-Q1-BN", "HCM", "KHONG-CO"])
def test_what_a_seat_does_not_reach_does_not_exist(officer, code):
    assert officer.get(f"/don-vi/?duoi={code}").status_code == 404
    assert officer.get(f"/don-vi/{code}/").status_code == 404
    assert officer.get(f"/don-vi/{code}/?ngay=2023-06-30").status_code == 404


# ---- one unit ----


def test_a_units_page_tells_names_superiors_children_and_people(cast: Cast, officer):
    rename_unit(seat=None, unit=cast.pgd, name="Phòng Giáo dục Quận 3", short_name="PGD", on=MOVED)
    html = html_of(officer.get("/don-vi/HCM-Q3-PGD/"))
    assert "<h1>Phòng Giáo\u00a0dục Quận\u00a03</h1>" in html
    assert 'Phòng Giáo dục và Đào tạo Quận 3 <span class="hint">01/01/2020 – 30/06/2023</span>' in html
    assert 'href="/don-vi/HCM-Q3/">Ủy ban nhân dân Quận 3</a>' in html  # the superior within reach
    assert "Sở Giáo dục và Đào tạo Thành phố Hồ Chí Minh" in html  # the one outside is named, not linked
    assert "HCM-SGD" not in html
    assert shown(html).count("HCM-Q3-LQD") == 1  # in the territory line; the sector line is another's
    assert "Văn thư Phòng GD&amp;ĐT Quận 3" in html
    assert "pgd-clerk" not in html and "/thu-hoi/" not in html  # an officer reads; only an administrator acts


def test_a_unit_that_went_elsewhere_is_seen_as_of_its_days_here(cast: Cast, officer):
    move_unit(seat=None, unit=cast.p2, line=Line.TERRITORY, parent=cast.q1, on=MOVED)
    assert officer.get("/don-vi/HCM-Q3-P2/").status_code == 404
    html = html_of(officer.get("/don-vi/HCM-Q3-P2/?ngay=2023-06-30"))
    assert "Ủy ban nhân dân Quận 3" in html
    assert "p2-officer" not in html and "Người làm việc" not in html  # its people are no longer ours to see
    assert "30/06/2023" in html and "từ 01/07/2023" in html


def test_an_own_unit_without_subordinates(cast: Cast, signed_in):
    client = signed_in(cast.p1_officer)
    assert shown(html_of(client.get("/don-vi/"))) == ["HCM-Q3-P1"]
    html = html_of(client.get("/don-vi/HCM-Q3-P1/"))
    assert "Ủy ban nhân dân Quận 3" in html and "HCM-Q3-PGD" not in html


@pytest.mark.parametrize(
    "address", ["/don-vi/", "/don-vi/?duoi=HCM-Q3-PGD", "/don-vi/?tim=thcs", "/don-vi/HCM-Q3-PGD/"]
)
def test_one_child_or_three_ask_the_database_equally_often(
    cast: Cast, signed_in, django_assert_max_num_queries, address
):
    client = signed_in(cast.q3_officer)
    html_of(client.get(address))
    with django_assert_max_num_queries(8) as one:
        client.get(address)
    for n in range(2):
        made = found_unit(
            seat=None, code=f"THCS-{n}", kind=Kind.SCHOOL, name=f"THCS số {n}", short_name=f"THCS {n}",
            since=SINCE, parents={Line.TERRITORY: cast.pgd, Line.SECTOR: cast.pgd},
        )  # fmt: skip
        user = User.objects.create_user(f"thcs{n}", f"Cô {n}")
        grant_seat(seat=None, user=user, unit=made, role=Role.OFFICER, since=SINCE)
        grant_seat(seat=None, user=user, unit=cast.pgd, role=Role.VIEWER, since=SINCE)
    with django_assert_max_num_queries(len(one)) as three:
        html = html_of(client.get(address))
    assert len(three) == len(one)
    assert "THCS số 1" in html or address == "/don-vi/"


def test_a_units_children_are_found_before_they_are_put_in_order(cast: Cast, officer):
    """Walking all units of the nation by name until a dozen of these turned up took longer than the rest of the page."""
    found_below(cast, 40)
    used: set[str] = set()

    def explain(execute, sql, params, many, context):
        if 'FROM "orgs_subordination"' in sql and "sort_key" in sql:
            execute(f"EXPLAIN (FORMAT JSON) {sql}", params, many, context)
            (plan,) = context["cursor"].fetchone()[0]
            used.update(indexes_of(plan["Plan"]))
        return execute(sql, params, many, context)

    with connection.cursor() as cursor:
        cursor.execute(
            "SET LOCAL enable_sort = off"
        )  # in order by an index, wherever one can be used for that
    with connection.execute_wrapper(explain):
        html = html_of(officer.get("/don-vi/HCM-Q3/"))
    assert "43 đơn vị" in html
    assert used and "unit_sorted" not in used


def indexes_of(plan: dict) -> set[str]:
    below = [name for part in plan.get("Plans", []) for name in indexes_of(part)]
    return {*below, plan["Index Name"]} if "Index Name" in plan else {*below}


def test_the_tree_opens_with_five_questions_to_the_database(officer, django_assert_num_queries):
    """Session, seat, the places of its unit, the way up, the children: none reads all children for a line alone."""
    officer.get("/don-vi/")
    with django_assert_num_queries(5):
        officer.get("/don-vi/")


# ---- roles ----


def test_the_table_of_roles_is_the_table_that_decides(officer):
    html = html_of(officer.get("/tro-giup/vai-tro/"))
    body = re.findall(r'<tr><th scope="row">(.*?)</th>(.*?)</tr>', html)
    assert [label for label, _ in body] == [
        label.replace("&", "&amp;") for label, _ in roles.ACTIONS.values()
    ]
    for (_, cells), (_, allowed) in zip(body, roles.ACTIONS.values(), strict=True):
        said = re.findall(r'data-l="([^"]*)"><span>.*?được<', cells)
        assert said == [role.label for role in Role if role in allowed]


# ---- looks ----


@pytest.mark.browser
@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize(
    "address",
    ["/don-vi/", "/don-vi/?ngay=2023-06-30&tim=quan", "/don-vi/HCM-Q3-LQD/", "/don-vi/HCM-Q3-PGD/cap-vi-tri/",
     "/don-vi/nhap-excel/", "/tro-giup/vai-tro/"],
)  # fmt: skip
def test_every_screen_is_within_everybodys_reach(browse, cast: Cast, width, address):
    page = browse(address, seat=cast.pgd_admin, width=width)
    assert page.locator("h1").count() == 1
    assert axe(page) == []
    assert fits(page)


@pytest.mark.browser
def test_an_administrator_works_without_javascript(browse, cast: Cast):
    page = browse("/don-vi/", seat=cast.pgd_admin, width=NARROW, javascript=False)
    page.get_by_role("link", name="Trường Trung học cơ sở Lê Quý Đôn").click()
    page.get_by_role("link", name="Cấp vị trí").click()
    page.get_by_label("Họ và tên").fill("Lê Thị Hoa")
    page.get_by_label("Tên đăng nhập").fill("hoa.le")
    page.get_by_role("button", name="Cấp vị trí").click()
    assert page.locator(".key-text").inner_text().count("-") == 2
    assert fits(page)
    page.get_by_role("link", name="Đã chép").click()
    expect(page.get_by_role("rowheader", name="Lê Thị Hoa")).to_have_count(1)
