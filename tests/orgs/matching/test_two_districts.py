"""Names that several places have, and names as they are kept: the fixed cast's two districts."""

from datetime import date

import pytest

from hoctap.orgs.actions import dissolve_unit, found_unit
from hoctap.orgs.enums import AreaType, Kind, Line
from hoctap.orgs.matching import match_units
from tests.cast import SINCE, Cast


def test_other_districts_bodies_are_not_ones_own(cast: Cast):
    """Quận 1 has no Phường 1; Quận 3 has. A name that is another's here is not surely his there."""

    def sure(at, phrase):
        (match,) = match_units(cast.q3_officer, [phrase], at)
        return ([u.code for u in match.units], match.certain)

    assert sure(cast.q1, "UBND Phường 1") == (["HCM-Q3-P1"], False)
    assert sure(cast.q1, "UBND Phường 1, Quận 3") == (["HCM-Q3-P1"], True)
    assert sure(cast.stranger, "UBND quận") == (["HCM-Q1"], True)
    assert sure(cast.q1, "Phòng Giáo dục và Đào tạo") == ([], False)
    assert sure(cast.q1, "THCS Lê Quý Đôn") == (["HCM-Q3-LQD"], False)
    assert sure(cast.q3, "THCS Lê Quí Đôn") == (["HCM-Q3-LQD"], True)
    assert sure(cast.tp, "UBND Phường Bến Nghé") == (["HCM-Q1-BN"], False)
    assert sure(cast.q3, "Sở GD&ĐT") == (["HCM-SGD"], True)


def test_a_name_twice_is_asked_about_unless_one_is_nearer(cast: Cast):
    ward = found_unit(
        seat=None, code="HCM-Q1-P1", kind=Kind.COMMITTEE, area_type=AreaType.COMMUNE, since=SINCE,
        name="Ủy ban nhân dân Phường 1", short_name="UBND Phường 1", parents={Line.TERRITORY: cast.q1},
    )  # fmt: skip
    at_q1, at_q3, at_city = (
        match_units(cast.q3_officer, ["UBND P.1"], at)[0] for at in (cast.q1, cast.q3, cast.tp)
    )
    assert (at_q1.units, at_q1.certain) == ((ward,), True)
    assert (at_q3.units, at_q3.certain) == ((cast.p1,), True)
    assert (set(at_city.units), at_city.certain) == ({ward, cast.p1}, False)


def test_dissolved_units_are_left_out_from_their_day(cast: Cast):
    dissolve_unit(seat=None, unit=cast.p2, on=date(2025, 7, 1))
    before, after = (
        match_units(cast.q3_officer, ["UBND Phường 2", "UBND các phường"], cast.q3, on)
        for on in (date(2025, 6, 30), date(2025, 7, 1))
    )
    assert before[0].units == (cast.p2,) and after[0].units == ()
    assert set(before[1].units) == {cast.p1, cast.p2} and after[1].units == (cast.p1,)


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        ("Phòng Giáo dục và Đào tạo Quận 1", "P.GD&ĐT Q.1"),
        ("Phòng GD&ĐT Quận 1", "Phòng Giáo dục và Đào tạo Quận 1"),
        ("Trung tâm Văn hóa và Thể thao Quận 1", "TT VH-TT Quận 1"),
        ("TT VH-TT Quận 1", "Trung tâm Văn hóa - Thể thao Quận 1"),
        ("Phòng Lao động, Thương binh và Xã hội Quận 1", "Phòng LĐTBXH quận"),
        ("Phòng LĐ-TB&XH Quận 1", "Phòng Lao động - Thương binh và Xã hội Quận 1"),
        ("Quận Đoàn 1", "Đoàn Thanh niên Cộng sản Hồ Chí Minh Quận 1"),
        ("Đoàn TNCS HCM Quận 1", "Quận Đoàn 1"),
        ("UBMTTQVN Q1", "Ủy ban Mặt trận Tổ quốc Việt Nam Quận 1"),
        ("HKH Quận 1", "Hội Khuyến học quận"),
        ("TH Lý Tự Trọng", "Trường Tiểu học Lí Tự Trọng"),
        ("Phòng Y tế", "P. Y tế Quận 1"),
        ("UBND P.08", "Ủy ban nhân dân Phường 8"),
        ("Trường Mầm non 05", "Trường MN 5"),
    ],
)
def test_units_kept_under_one_spelling_alone(cast: Cast, kept: str, said: str):
    area = AreaType.NONE if kept[0] == "T" else AreaType.COMMUNE if "P.08" in kept else AreaType.DISTRICT
    unit = found_unit(
        seat=None, code="X", kind=Kind.OTHER, name=kept, short_name=kept, since=SINCE, area_type=area,
        place="Quận 1", parents={Line.TERRITORY: cast.q1},
    )  # fmt: skip
    (match,) = match_units(cast.q3_officer, [said], cast.q1)
    assert (match.units, match.certain) == ((unit,), True)


def test_only_ones_own(cast: Cast):
    at_q1, at_pgd = (match_units(cast.q3_officer, ["UBND các phường"], at)[0] for at in (cast.q1, cast.pgd))
    assert (at_q1.units, at_q1.certain) == ((cast.stranger,), True)
    assert set(at_pgd.units) == {cast.p1, cast.p2}
