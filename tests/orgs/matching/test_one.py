"""A single body, however it is written."""

from datetime import date

import pytest

from hoctap.cli.demo.units import AGENCY_CODES
from hoctap.orgs.actions import Founding, found_unit, found_units
from hoctap.orgs.enums import AreaType, Kind, Line

pytestmark = pytest.mark.django_db

# Mục II and III of plan 333/KH-UBND, in the plan's own words.
PLAN_333 = [
    ("Ủy ban Mặt trận Tổ quốc Việt Nam Quận 3", "mttq-q3"),
    ("Hội Liên hiệp Phụ nữ quận", "phunu-q3"),
    ("Hội Cựu chiến binh Quận 3", "ccb-q3"),
    ("Liên đoàn Lao động Quận 3", "ldld-q3"),
    ("Đoàn Thanh niên CSHCM Quận 3", "doan-q3"),
    ("Phòng Văn hóa và Thông tin Quận 3", "vhtt-q3"),
    ("Trung tâm Văn hóa - Thể thao Quận 3", "ttvhtt-q3"),
    ("Phòng Lao động - Thương binh và Xã hội Quận 3", "ldtbxh-q3"),
    ("Phòng Tài chính - Kế hoạch Quận 3", "tckh-q3"),
    ("Ban Chỉ huy Công an Quận 3", "congan-q3"),
    ("Ban Chỉ huy Quân sự Quận 3", "quansu-q3"),
    ("Trung tâm Giáo dục Nghề nghiệp - Giáo dục thường xuyên Quận 3", "gdnn-gdtx-q3"),
    ("Trường Trung cấp nghề Nhân Đạo Quận 3", "nhandao-q3"),
    ("Hội khuyến học Quận 3", "khuyenhoc-q3"),
]


def test_the_agencies_of_plan_333(world):
    assert [code for _, code in PLAN_333] == list(AGENCY_CODES)
    matches = world.match("ubnd-q3", *(phrase for phrase, _ in PLAN_333))
    assert [(m.certain, [u.code for u in m.units]) for m in matches] == [(True, [c]) for _, c in PLAN_333]
    assert not any(m.group or m.note or m.proposal or m.parts for m in matches)


@pytest.mark.parametrize(
    ("at", "phrase", "code"),
    [
        ("ubnd-q3", "P.GD&ĐT", "pgd-q3"),
        ("ubnd-q3", "PGD", "pgd-q3"),
        ("ubnd-q3", "PGDĐT Q.3", "pgd-q3"),
        ("ubnd-q3", "Phòng GDĐT Q3", "pgd-q3"),
        ("ubnd-q3", "Phòng Giáo dục - Đào tạo quận", "pgd-q3"),
        ("ubnd-q3", "PHÒNG GIÁO DỤC VÀ ĐÀO TẠO", "pgd-q3"),
        ("ubnd-q3", "Trưởng Phòng Giáo dục và Đào tạo", "pgd-q3"),
        ("ubnd-q3", "Sở GD&ĐT", "sgddt-hcm"),
        ("ubnd-q3", "Sở Giáo dục và Đào tạo TP.HCM", "sgddt-hcm"),
        ("ubnd-q3", "Bộ GDĐT", "bgddt"),
        ("ubnd-q3", "UBND quận", "ubnd-q3"),
        ("ubnd-q3", "Sở GD&ĐT (để b/c)", "sgddt-hcm"),
        ("ubnd-q3", "TT. UBND Quận 3", "ubnd-q3"),
        ("ubnd-q3", "Uỷ ban Nhân dân Tp. Hồ Chí Minh", "ubnd-hcm"),
        ("ubnd-q3", "UBMTTQVN Quận 3", "mttq-q3"),
        ("ubnd-q3", "Ban Thường trực Ủy ban MTTQ Việt Nam quận", "mttq-q3"),
        ("ubnd-q3", "Hội LHPN", "phunu-q3"),
        ("ubnd-q3", "Hội CCB quận", "ccb-q3"),
        ("ubnd-q3", "Đoàn TN quận", "doan-q3"),
        ("ubnd-q3", "Quận Đoàn 3", "doan-q3"),
        ("ubnd-q3", "HKH Q3", "khuyenhoc-q3"),
        ("ubnd-q3", "Phòng VH-TT", "vhtt-q3"),
        ("ubnd-q3", "TT VH-TT quận", "ttvhtt-q3"),
        ("ubnd-q3", "Phòng LĐTBXH Quận 3", "ldtbxh-q3"),
        ("ubnd-q3", "P. LĐ-TB&XH", "ldtbxh-q3"),
        ("ubnd-q3", "P.TC-KH Quận 3", "tckh-q3"),
        ("ubnd-q3", "Công an quận", "congan-q3"),
        ("ubnd-q3", "BCH Quân sự Quận 3", "quansu-q3"),
        ("ubnd-q3", "Trung tâm GDNN-GDTX quận", "gdnn-gdtx-q3"),
        ("ubnd-q3", "Trường TCN Nhân Đạo", "nhandao-q3"),
        ("ubnd-q3", "UBND P.12", "p12-q3"),
        ("ubnd-q3", "P.12", "p12-q3"),
        ("ubnd-q3", "Ủy ban nhân dân Phường 01, Quận 3", "p1-q3"),
        ("ubnd-q3", "uy ban nhan dan phuong vo thi sau", "vothisau-q3"),
        ("ubnd-q3", "TTHTCĐ Phường 10", "tthtcd-p10-q3"),
        ("ubnd-q3", "Hội Khuyến học P.10", "hkh-p10-q3"),
        ("ubnd-q3", "Trường Trung học cơ sở Lê Lợi", "thcs-leloi-q3"),
        ("ubnd-q3", "THCS Lê Lợi Quận 3", "thcs-leloi-q3"),
        ("pgd-q3", "Uỷ ban nhân dân quận", "ubnd-q3"),
        ("p1-q3", "UBND quận", "ubnd-q3"),
        ("p1-q3", "Hội Khuyến học phường", "hkh-p1-q3"),
        ("p1-q3", "Trung tâm học tập cộng đồng", "tthtcd-p1-q3"),
        ("p1-q3", "UBND Phường 2", "p2-q3"),
        ("ldld-gv", "LĐLĐ Gò Vấp", "ldld-gv"),
        ("ldld-gv", "Ban Thường vụ Liên đoàn Lao động Thành phố", "ldld-hcm"),
        ("ldld-gv", "Ban Chấp hành Công đoàn cơ sở Chợ số 5 (minh họa)", "ldld-gv-cs5"),
        ("ldld-gv", "BCH CĐCS Chợ số 5 (minh họa)", "ldld-gv-cs5"),
        ("ldld-thuduc", "LĐLĐ TP. Thủ Đức", "ldld-thuduc"),
        ("ldld-thuduc", "LĐLĐ Thành phố Hồ Chí Minh", "ldld-hcm"),
        ("cdyt-thaibinh", "LĐLĐ tỉnh", "ldld-thaibinh"),
        ("cdyt-thaibinh", "Công đoàn ngành Y tế", "cdyt-thaibinh"),
        ("ldld-thaibinh", "CĐ Y tế tỉnh Thái Bình", "cdyt-thaibinh"),
        ("ldld-hcm", "CĐN Giáo dục Thành phố", "cdgd-hcm"),
    ],
)
def test_spellings(sure, at, phrase, code):
    assert sure(at, phrase) == [code]


@pytest.mark.parametrize(
    ("at", "phrase"),
    [
        ("ubnd-q3", "Công an Phường 1"),
        ("ubnd-q3", "UBND Phường 7"),
        ("ubnd-q3", "UBND Phường 1, Quận 5"),
        ("ubnd-q3", "UBND Quận 1"),
        ("ubnd-q3", "Hội Liên hiệp Phụ nữ Quận 1"),
        ("ubnd-q3", "Hội Liên hiệp Phụ nữ Việt Nam"),
        ("ubnd-q3", "Hội Khuyến học tỉnh"),
        ("ubnd-q3", "Phòng Giáo dục và Đào tạo Quận 1"),
        ("ubnd-q3", "Trường Tiểu học Lê Lợi"),
        ("ubnd-q3", "Trường THCS Lê Lai"),
        ("ubnd-q3", "Văn phòng HĐND và UBND"),
        ("ubnd-q3", "Ban Tuyên giáo Liên đoàn Lao động Quận 3"),
        ("ubnd-q3", "Phòng Văn hóa và Thể thao Quận 3"),
        ("ubnd-q3", "Giáo viên chủ nhiệm"),
        ("ubnd-q3", "đồng chí Chủ tịch"),
        ("ubnd-q3", ""),
        ("ubnd-q3", "%!"),
        ("ubnd-q3", "x" * 5000),
        ("ubnd-q3", "Phường " * 200),
        ("ldld-gv", "Ủy ban Kiểm tra Liên đoàn Lao động quận"),
    ],
)  # fmt: skip
def test_what_is_not_there_is_not_matched(world, at, phrase):
    (match,) = world.match(at, phrase)
    assert (match.units, match.certain, match.group) == ((), False, False)
    assert match.note == "Không thấy đơn vị này trong hệ thống"


def test_two_cities_are_asked_about(world):
    """Thành phố Thủ Đức stands in Thành phố Hồ Chí Minh: "Thành phố" may be either."""
    (match,) = world.match("ldld-thuduc", "Liên đoàn Lao động Thành phố")
    assert {unit.code for unit in match.units} == {"ldld-thuduc", "ldld-hcm"}
    assert (match.certain, match.note) == (False, "Có 2 đơn vị cùng tên")


def test_a_place_left_out_means_ones_own_and_no_wider_one(world):
    """Quận 3 without its Hội Nông dân is not the city's."""
    found_unit(
        seat=None, code="hnd-hcm", kind=Kind.FRONT, name="Hội Nông dân Thành phố Hồ Chí Minh", since=date(2021, 1, 1),
        short_name="Hội ND TP.HCM", parents={Line.SECTOR: None}, area_type=AreaType.PROVINCE,
    )  # fmt: skip
    here, city = world.match("ubnd-q3", "Hội Nông dân", "Hội Nông dân Thành phố")
    assert ([u.code for u in here.units], here.certain) == (["hnd-hcm"], False)
    assert here.note == "Văn bản không ghi địa bàn; có đơn vị này ở Thành phố Hồ Chí Minh"
    assert ([u.code for u in city.units], city.certain) == (["hnd-hcm"], True)


def test_a_name_that_says_more_is_offered_beside_founding(world):
    (match,) = world.match("ldld-gv", "CĐCS Chợ số 5")
    assert ([u.code for u in match.units], match.certain) == (["ldld-gv-cs5"], False)
    assert match.note == "Không thấy đơn vị đúng tên này; có tên gần giống"
    assert match.proposal and match.proposal.name == "Công đoàn cơ sở Chợ số 5"


def test_accents_that_differ_are_asked_about(world):
    kept, bare, other = world.match(
        "ubnd-q3", "Trường THCS Lê Lợi", "Truong THCS Le Loi", "Trường THCS Lê Lời"
    )
    assert kept.certain and bare.certain and not other.certain
    assert other.units == kept.units
    assert other.note == "Tên chỉ khác dấu, xem lại có đúng đơn vị này không"


def test_a_list_is_parted_when_every_part_is_known(world):
    both, not_both, one = world.match(
        "ubnd-q3",
        "Hội Liên hiệp Phụ nữ quận, Hội Cựu chiến binh Quận 3 và UBND 12 phường",
        "Hội Liên hiệp Phụ nữ quận, Hội Làm vườn Quận 3",
        "Phòng Văn hóa và Thông tin",
    )
    assert both.certain and not both.group and len(both.units) == 14
    assert [part.phrase for part in both.parts] == [
        "Hội Liên hiệp Phụ nữ quận", "Hội Cựu chiến binh Quận 3", "UBND 12 phường",
    ]  # fmt: skip
    assert both.parts[2].expected == 12
    assert (not_both.units, not_both.parts) == ((), ())
    assert one.parts == () and one.certain


def test_a_place_said_last_may_be_of_all(world):
    wards, own, each = world.match(
        "ubnd-q3",
        "Hội Khuyến học và Trung tâm học tập cộng đồng 12 phường",
        "Phòng GD&ĐT, Phòng LĐTBXH quận",
        "UBND Phường 1, Phường 2 và Phường 10",
    )
    assert (wards.certain, len(wards.units)) == (False, 13)
    assert wards.note == "Địa bàn ghi ở cuối có thể chung cho cả các đơn vị trước"
    assert (own.certain, [u.code for u in own.units]) == (True, ["pgd-q3", "ldtbxh-q3"])
    assert (each.certain, [u.code for u in each.units]) == (True, ["p1-q3", "p2-q3", "p10-q3"])


def test_an_unknown_body_is_proposed_and_can_be_founded_as_it_is(world):
    phrases = ["UBND P.7", "P. Nội vụ", "BCH CĐCS Công ty Giày số 9", "Hội Nông dân quận 3", "HKH Phường 7"]
    made = [match.proposal for match in world.match("ubnd-q3", *phrases)]
    assert [(p.name, p.short_name, p.kind, p.area_type, p.line, p.parent and p.parent.code) for p in made] == [
        ("Ủy ban nhân dân Phường 7", "UBND Phường 7", Kind.COMMITTEE, AreaType.COMMUNE, Line.TERRITORY, "ubnd-q3"),
        ("Phòng Nội vụ Quận 3", "Phòng Nội vụ Quận 3", Kind.OFFICE, AreaType.DISTRICT, Line.TERRITORY, "ubnd-q3"),
        ("Công đoàn cơ sở Công ty Giày số 9", "CĐCS Công ty Giày số 9", Kind.BASE_UNION, AreaType.NONE, Line.UNION,
         "ldld-q3"),
        ("Hội Nông dân quận 3", "Hội ND quận 3", Kind.FRONT, AreaType.DISTRICT, Line.SECTOR, None),
        ("Hội Khuyến học Phường 7", "Hội Khuyến học Phường 7", Kind.ASSOCIATION, AreaType.COMMUNE, Line.STUDY,
         "khuyenhoc-q3"),
    ]  # fmt: skip
    assert [p.allowed for p in made] == [
        True,
        True,
        False,
        False,
        False,
    ]  # in reach of an admin of UBND Quận 3
    new = found_units(seat=world.admin, foundings=[
        Founding(p.code, p.kind, p.name, p.short_name, date(2023, 10, 2), {p.line: p.parent}, p.area_type, p.place)
        for p in made if p.allowed
    ])  # fmt: skip
    assert [[u.pk for u in m.units] for m in world.match("ubnd-q3", *phrases[:2])] == [[u.pk] for u in new]


def test_nothing_is_proposed_for_what_is_no_body(world):
    phrases = [
        "Giáo viên chủ nhiệm",
        "đồng chí Chủ tịch",
        "Hội",
        "Công đoàn ngành",
        "các ban, ngành",
        "Phòng",
    ]
    assert [match.proposal for match in world.match("ubnd-q3", *phrases)] == [None] * len(phrases)


def test_no_wrong_superior_is_proposed(world):
    made = world.match(
        "ubnd-q3", "Phòng Nội vụ Quận 1", "UBND Phường 1, Quận 5", "Trường Tiểu học Kết Đoàn Quận 1"
    )
    assert [m.proposal and m.proposal.parent for m in made] == [None, None, None]
    assert all(m.proposal for m in made)


def test_as_few_queries_for_many_phrases_as_for_one(world, django_assert_max_num_queries):
    phrases = [phrase for phrase, _ in PLAN_333] * 3 + ["UBND 12 phường", "Phòng Nội vụ", "Hội A, Hội B"]
    for some in (phrases[:1], phrases):
        with django_assert_max_num_queries(20):
            world.match("ubnd-q3", *some)


def test_what_is_said_aside_is_no_part_of_a_proposed_name(world):
    (match,) = world.match("ubnd-q3", "TT. Quận ủy (để báo cáo)")
    assert match.phrase == "TT. Quận ủy (để báo cáo)"
    assert match.proposal and (match.proposal.name, match.proposal.kind) == ("Quận ủy Quận 3", Kind.PARTY)
