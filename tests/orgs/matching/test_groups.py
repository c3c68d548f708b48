"""Classes of bodies: all of them and no other, and sure only when the words leave no choice."""

import pytest

from hoctap.cli.demo.units import AGENCY_CODES, SINCE, WARD_CODES
from hoctap.orgs.actions import found_unit
from hoctap.orgs.enums import Kind, Line
from hoctap.orgs.matching import reading

pytestmark = pytest.mark.django_db

CENTRES = [f"tthtcd-{code}" for code in WARD_CODES]
STUDY = [f"hkh-{code}" for code in WARD_CODES]
SCHOOLS = ["mn-minhhoa-q3", "th-minhhoa-q3", "thcs-minhhoa-q3", "thcs-leloi-q3"]


def bases(above: str, count: int) -> list[str]:
    return [f"{above}-cs{n}" for n in range(1, count + 1)]


@pytest.mark.parametrize(
    ("at", "phrase", "codes", "expected"),
    [
        ("ubnd-q3", "Ủy ban nhân dân 12 phường", WARD_CODES, 12),
        ("ubnd-q3", "UBND các phường, xã", WARD_CODES, None),
        ("ubnd-q3", "Chủ tịch UBND các phường", WARD_CODES, None),
        ("ubnd-q3", "12 phường", WARD_CODES, 12),
        ("ubnd-q3", "UBND 12 phường thuộc Quận 3", WARD_CODES, 12),
        ("ubnd-q3", "các Trung tâm Học tập cộng đồng", CENTRES, None),
        ("ubnd-q3", "Trung tâm học tập cộng đồng 12 phường", CENTRES, 12),
        ("ubnd-q3", "TTHTCĐ các phường", CENTRES, None),
        ("ubnd-q3", "12 TTHTCĐ", CENTRES, 12),
        ("ubnd-q3", "Hội Khuyến học 12 phường", STUDY, 12),
        ("khuyenhoc-q3", "Hội Khuyến học các phường", STUDY, None),
        ("ubnd-q3", "Các trường MN, TH, THCS", SCHOOLS, None),
        ("ubnd-q3", "các trường học trên địa bàn quận", [*SCHOOLS, "nhandao-q3"], None),
        ("ubnd-q3", "Các trường MN, TH, THCS, THPT", SCHOOLS, None),
        ("pgd-q3", "Hiệu trưởng các trường tiểu học, trung học cơ sở trong quận", SCHOOLS[1:], None),
        ("pgd-q3", "Ủy ban nhân dân 12 phường", WARD_CODES, 12),
        ("ldld-gv", "Ban Chấp hành Công đoàn cơ sở trực thuộc", bases("ldld-gv", 6), None),
        ("ldld-gv", "các Công đoàn cơ sở", bases("ldld-gv", 6), None),
        ("ldld-gv", "Ban Chấp hành Công đoàn cơ sở", bases("ldld-gv", 6), None),
        ("ldld-thuduc", "Ban Chấp hành các Công đoàn cơ sở trực thuộc", bases("ldld-thuduc", 4), None),
        ("cdyt-thaibinh", "Các Công đoàn cơ sở trực thuộc", bases("cdyt-thaibinh", 4), None),
        ("cdyt-thaibinh", "Các CĐCS trực thuộc", bases("cdyt-thaibinh", 4), None),
        ("cdgd-hcm", "Công đoàn cơ sở trực thuộc", bases("cdgd-hcm", 4), None),
        ("ldld-hcm", "LĐLĐ các quận, huyện", ["ldld-q3", "ldld-gv"], None),
    ],
)
def test_classes(world, at, phrase, codes, expected):
    (match,) = world.match(at, phrase)
    assert {unit.code for unit in match.units} == set(codes)
    assert (match.certain, match.group, match.expected, match.proposal) == (True, True, expected, None)
    assert match.note == (f"Khớp {expected}/{expected} đơn vị" if expected else f"{len(codes)} đơn vị")


@pytest.mark.parametrize(
    ("at", "phrase", "some", "others"),
    [
        ("ubnd-q3", "các ban ngành, đoàn thể quận", [*AGENCY_CODES[:6], "pgd-q3", "congan-q3"], ["ubnd-q3", *WARD_CODES]),
        ("ubnd-q3", "các ban, ngành, đoàn thể", ["mttq-q3", "vhtt-q3"], ["ubnd-q3", *SCHOOLS]),
        ("ubnd-q3", "Các cơ quan, đơn vị thuộc Quận 3", [*AGENCY_CODES, "pgd-q3"], ["ubnd-q3", *WARD_CODES, *STUDY]),
        ("ubnd-q3", "các đoàn thể", ["phunu-q3", "ldld-q3"], ["pgd-q3", "congan-q3"]),
        ("ubnd-q3", "các tổ chức chính trị - xã hội quận", ["mttq-q3", "doan-q3"], ["khuyenhoc-q3", "vhtt-q3"]),
        ("ubnd-q3", "các phòng, ban", ["pgd-q3", "vhtt-q3"], ["congan-q3", "mttq-q3"]),
        ("ubnd-hcm", "Các sở, ban, ngành", ["sgddt-hcm"], ["ubnd-q3", "pgd-q3"]),
        ("ubnd-q3", "các đơn vị trực thuộc", ["pgd-q3", "p1-q3"], ["mttq-q3", "tthtcd-p1-q3"]),
        ("ldld-gv", "các đơn vị trực thuộc", bases("ldld-gv", 6), ["ldld-gv", "ldld-hcm"]),
        ("ubnd-q3", "Ủy ban nhân dân phường", WARD_CODES, ["ubnd-q3"]),
        ("pgd-q3", "12 phường", WARD_CODES, STUDY),
        ("ldld-gv", "Công đoàn cơ sở các cơ quan, đơn vị, doanh nghiệp", bases("ldld-gv", 6), []),
        ("ldld-gv", "Ban Chấp hành các công đoàn cơ sở doanh nghiệp", bases("ldld-gv", 6), []),
        ("ubnd-q3", "các trường học có liên quan", SCHOOLS, []),
    ],
)  # fmt: skip
def test_vague_words_are_asked_about(world, at, phrase, some, others):
    (match,) = world.match(at, phrase)
    found = {unit.code for unit in match.units}
    assert found >= set(some) and not found & set(others)
    assert (match.certain, match.group, match.proposal) == (False, True, None)


def test_a_number_that_does_not_agree_is_said(world):
    more, fewer = world.match("ubnd-q3", "Ủy ban nhân dân 14 phường", "UBND 10 phường")
    assert (more.certain, more.expected, len(more.units)) == (False, 14, 12)
    assert more.note == "Khớp 12/14 đơn vị"
    assert (fewer.certain, fewer.note) == (False, "Khớp 12/10 đơn vị")


def test_a_class_of_another_place_or_of_none_here(world):
    other, none = world.match("ubnd-q3", "UBND các phường thuộc Quận 1", "các bệnh viện")
    assert (other.units, other.certain) == ((), False)
    assert other.note == "Nhóm này không thuộc Ủy ban nhân dân Quận 3"
    assert (none.units, none.certain, none.note) == ((), False, "Không thấy đơn vị nào thuộc nhóm này")


def test_provinces_of_the_nation(world):
    provinces, offices = world.match(
        "bgddt", "Ủy ban nhân dân các tỉnh, thành phố trực thuộc Trung ương", "Các Sở GDĐT"
    )
    assert ([u.code for u in provinces.units], provinces.certain) == (["ubnd-hcm"], True)
    assert ([u.code for u in offices.units], offices.certain) == (["sgddt-hcm"], True)


def test_a_city_is_none_of_the_cities_below_it(world):
    """Công đoàn Giáo dục Thành phố is not of "các huyện, thị xã, thành phố" of its own city."""
    (match,) = world.match("ldld-hcm", "Công đoàn Giáo dục các huyện, thị xã, thành phố")
    assert match.units == () and not match.certain


def test_a_body_of_no_place_said_from_above_is_asked_about(world):
    """The city has no Phòng of that name; its only district here has one."""
    (match,) = world.match("ubnd-hcm", "Phòng Giáo dục và Đào tạo")
    assert ([u.code for u in match.units], match.certain) == (["pgd-q3"], False)


def test_a_number_in_a_name_is_no_number_of_bodies(world):
    for phrase in ("UBND Quận 3 Phường 1", "Trường Mầm non số 12 phường 5", "Tổ 3 phường"):
        (match,) = world.match("ubnd-q3", phrase)
        assert match.expected is None and not match.group


def test_a_class_on_several_levels_is_asked_about(world):
    """A base union directly under the city's federation beside those of the districts: which ones speaks it to?"""
    direct = found_unit(
        seat=None, code="cs-tp", kind=Kind.BASE_UNION, name="Công đoàn cơ sở Tổng công ty số 1", since=SINCE,
        short_name="CĐCS Tổng công ty số 1", parents={Line.UNION: world.units["ldld-hcm"]},
    )  # fmt: skip
    all_, own = world.match("ldld-hcm", "các Công đoàn cơ sở", "các Công đoàn cơ sở trực thuộc")
    assert (len(all_.units), all_.certain, all_.note) == (
        16,
        False,
        "16 đơn vị ở nhiều cấp, chọn lại cho đúng",
    )
    assert (own.units, own.certain) == ((direct,), True)


def test_of_more_units_than_are_read_none_is_surely_meant(world, monkeypatch):
    monkeypatch.setattr(reading, "_ROWS", 11)
    (match,) = world.match("ubnd-q3", "Ủy ban nhân dân 12 phường")
    assert (match.units, match.certain, match.group, match.expected) == ((), False, True, 12)
    assert match.note == "Hơn 5000 đơn vị; hãy chọn theo cấp trên của chúng"
