"""Đơn vị của thế giới minh họa: the organisations the five source documents name, as of 2023.

Names, lines and superiors are the documents' own. Where they name a kind of unit but no single one (base unions,
schools), a few plainly illustrative ones stand in, "(minh họa)". A superior no document names is left out: its
unit is then a root of its line.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from hoctap.orgs.actions import found_unit
from hoctap.orgs.enums import AreaType, Kind, Line
from hoctap.orgs.models import Unit

SINCE = date(2021, 1, 1)  # from this day Quận 3 has its 12 wards and thành phố Thủ Đức exists

T, U, S, N = Line.TERRITORY, Line.UNION, Line.STUDY, Line.SECTOR
WARDS = ("1", "2", "3", "4", "5", "9", "10", "11", "12", "13", "14", "Võ Thị Sáu")


@dataclass(frozen=True)
class UnitRow:
    """One unit to found; ``parents``: superior's code by line, None for a root of that line."""

    code: str
    name: str
    short_name: str
    kind: Kind
    area: AreaType
    parents: Mapping[Line, str | None]
    place: str = ""


def ward_code(ward: str) -> str:
    """``"10"`` → ``"p10-q3"``, ``"Võ Thị Sáu"`` → ``"vothisau-q3"``."""
    return "vothisau-q3" if ward == "Võ Thị Sáu" else f"p{ward}-q3"


WARD_CODES = tuple(ward_code(ward) for ward in WARDS)
# The fourteen that mục III of plan 333/KH-UBND names besides the wards and the office itself, in its order.
AGENCY_CODES = (
    "mttq-q3", "phunu-q3", "ccb-q3", "ldld-q3", "doan-q3", "vhtt-q3", "ttvhtt-q3", "ldtbxh-q3", "tckh-q3",
    "congan-q3", "quansu-q3", "gdnn-gdtx-q3", "nhandao-q3", "khuyenhoc-q3",
)  # fmt: skip


def _above() -> Iterator[UnitRow]:
    province, nation = AreaType.PROVINCE, AreaType.NATION
    yield UnitRow("bgddt", "Bộ Giáo dục và Đào tạo", "Bộ GD&ĐT", Kind.MINISTRY, nation, {N: None}, "Hà Nội")
    yield UnitRow("tldld", "Tổng Liên đoàn Lao động Việt Nam", "Tổng LĐLĐ Việt Nam", Kind.FEDERATION, nation, {U: None},
                  "Hà Nội")  # fmt: skip
    city = "Thành phố Hồ Chí Minh"
    for code, name, short, kind, parents in (
        ("ubnd-hcm", f"Ủy ban nhân dân {city}", "UBND TP.HCM", Kind.COMMITTEE, {T: None}),
        ("sgddt-hcm", f"Sở Giáo dục và Đào tạo {city}", "Sở GD&ĐT TP.HCM", Kind.DEPARTMENT,
         {T: "ubnd-hcm", N: "bgddt"}),
        ("hkh-hcm", f"Hội Khuyến học {city}", "Hội Khuyến học TP.HCM", Kind.ASSOCIATION, {S: None}),
        ("ldld-hcm", f"Liên đoàn Lao động {city}", "LĐLĐ TP.HCM", Kind.FEDERATION, {U: "tldld"}),
        ("cdgd-hcm", f"Công đoàn Giáo dục {city}", "Công đoàn Giáo dục TP.HCM", Kind.SECTOR_UNION,
         {U: "ldld-hcm"}),
    ):  # fmt: skip
        yield UnitRow(code, name, short, kind, province, parents, city)


def _quan3() -> Iterator[UnitRow]:
    office, centre, front, force = Kind.OFFICE, Kind.CENTRE, Kind.FRONT, Kind.FORCE
    for code, name, short, kind, parents in (
        ("ubnd-q3", "Ủy ban nhân dân Quận 3", "UBND Quận 3", Kind.COMMITTEE, {T: "ubnd-hcm"}),
        ("pgd-q3", "Phòng Giáo dục và Đào tạo Quận 3", "Phòng GD&ĐT Quận 3", office, {T: "ubnd-q3", N: "sgddt-hcm"}),
        ("mttq-q3", "Ủy ban Mặt trận Tổ quốc Việt Nam Quận 3", "Ủy ban MTTQ Việt Nam Quận 3", front, {N: None}),
        ("phunu-q3", "Hội Liên hiệp Phụ nữ Quận 3", "Hội LHPN Quận 3", front, {N: None}),
        ("ccb-q3", "Hội Cựu chiến binh Quận 3", "Hội CCB Quận 3", front, {N: None}),
        ("ldld-q3", "Liên đoàn Lao động Quận 3", "LĐLĐ Quận 3", Kind.FEDERATION, {U: "ldld-hcm"}),
        ("doan-q3", "Đoàn Thanh niên Cộng sản Hồ Chí Minh Quận 3", "Đoàn TNCS HCM Quận 3", front, {N: None}),
        ("vhtt-q3", "Phòng Văn hóa và Thông tin Quận 3", "Phòng VH&TT Quận 3", office, {T: "ubnd-q3"}),
        ("ttvhtt-q3", "Trung tâm Văn hóa - Thể thao Quận 3", "TT VH-TT Quận 3", centre, {T: "ubnd-q3"}),
        ("ldtbxh-q3", "Phòng Lao động - Thương binh và Xã hội Quận 3", "Phòng LĐ-TB&XH Quận 3", office,
         {T: "ubnd-q3"}),
        ("tckh-q3", "Phòng Tài chính - Kế hoạch Quận 3", "Phòng TC-KH Quận 3", office, {T: "ubnd-q3"}),
        ("congan-q3", "Ban Chỉ huy Công an Quận 3", "BCH Công an Quận 3", force, {N: None}),
        ("quansu-q3", "Ban Chỉ huy Quân sự Quận 3", "BCH Quân sự Quận 3", force, {N: None}),
        ("gdnn-gdtx-q3", "Trung tâm Giáo dục nghề nghiệp - Giáo dục thường xuyên Quận 3", "TT GDNN-GDTX Quận 3",
         centre, {T: "ubnd-q3"}),
        ("nhandao-q3", "Trường Trung cấp nghề Nhân Đạo Quận 3", "Trường TCN Nhân Đạo", Kind.SCHOOL,
         {T: "ubnd-q3"}),
        ("khuyenhoc-q3", "Hội Khuyến học Quận 3", "Hội Khuyến học Quận 3", Kind.ASSOCIATION, {S: "hkh-hcm"}),
    ):  # fmt: skip
        yield UnitRow(code, name, short, kind, AreaType.DISTRICT, parents, "Quận 3")
    for level, name in (
        ("thcs-leloi", "Trường THCS Lê Lợi"),
        ("mn-minhhoa", "Trường Mầm non số 1 (minh họa)"),
        ("th-minhhoa", "Trường Tiểu học số 1 (minh họa)"),
        ("thcs-minhhoa", "Trường THCS số 1 (minh họa)"),
    ):
        yield UnitRow(
            f"{level}-q3", name, name, Kind.SCHOOL, AreaType.NONE, {T: "ubnd-q3", N: "pgd-q3"}, "Quận 3"
        )


def _wards() -> Iterator[UnitRow]:
    area = AreaType.COMMUNE
    for ward in WARDS:
        place, code = f"Phường {ward}", ward_code(ward)
        yield UnitRow(
            code, f"Ủy ban nhân dân {place}", f"UBND {place}", Kind.COMMITTEE, area, {T: "ubnd-q3"}, place
        )
        yield UnitRow(f"tthtcd-{code}", f"Trung tâm học tập cộng đồng {place}", f"TTHTCĐ {place}", Kind.CENTRE, area,
                      {T: code}, place)  # fmt: skip
        yield UnitRow(f"hkh-{code}", f"Hội Khuyến học {place}", f"Hội Khuyến học {place}", Kind.ASSOCIATION, area,
                      {S: "khuyenhoc-q3"}, place)  # fmt: skip


def _unions() -> Iterator[UnitRow]:
    federation, district = Kind.FEDERATION, AreaType.DISTRICT
    yield UnitRow("ldld-gv", "Liên đoàn Lao động quận Gò Vấp", "LĐLĐ quận Gò Vấp", federation, district,
                  {U: "ldld-hcm"}, "Gò Vấp")  # fmt: skip
    yield UnitRow("ldld-thuduc", "Liên đoàn Lao động thành phố Thủ Đức", "LĐLĐ TP. Thủ Đức", federation, district,
                  {U: "ldld-hcm"}, "Tp. Thủ Đức")  # fmt: skip
    yield UnitRow("ldld-thaibinh", "Liên đoàn Lao động tỉnh Thái Bình", "LĐLĐ tỉnh Thái Bình", federation,
                  AreaType.PROVINCE, {U: "tldld"}, "Thái Bình")  # fmt: skip
    yield UnitRow("cdyt-thaibinh", "Công đoàn ngành Y tế Thái Bình", "Công đoàn Y tế Thái Bình", Kind.SECTOR_UNION,
                  AreaType.PROVINCE, {U: "ldld-thaibinh"}, "Thái Bình")  # fmt: skip
    for above, place, bases in (
        ("ldld-q3", "Quận 3", ("Trường THCS số 1",)),
        ("ldld-gv", "Gò Vấp", ("Công ty May số 1", "Công ty Cơ khí số 2", "Bệnh viện số 3", "Trường THCS số 4",
                               "Chợ số 5", "Siêu thị số 6")),
        ("ldld-thuduc", "Tp. Thủ Đức", ("Công ty Điện tử số 1", "Công ty Dệt số 2", "Trường Tiểu học số 3",
                                        "Hợp tác xã Vận tải số 4")),
        ("cdyt-thaibinh", "Thái Bình", ("Bệnh viện Đa khoa số 1", "Bệnh viện Đa khoa số 2",
                                        "Trung tâm Y tế số 3", "Trung tâm Kiểm nghiệm số 4")),
        ("cdgd-hcm", "Thành phố Hồ Chí Minh", ("Trường Cao đẳng số 1", "Trường Trung cấp số 2", "Trường THPT số 3",
                                               "Trường THPT ngoài công lập số 4")),
    ):  # fmt: skip
        for number, name in enumerate(bases, start=1):
            full = f"Công đoàn cơ sở {name} (minh họa)"
            yield UnitRow(f"{above}-cs{number}", full, f"CĐCS {name} (minh họa)", Kind.BASE_UNION, AreaType.NONE,
                          {U: above}, place)  # fmt: skip


def rows() -> list[UnitRow]:
    """Every unit of the demo world, superiors first."""
    return [*_above(), *_quan3(), *_wards(), *_unions()]


def found_all() -> dict[str, Unit]:
    """Found them through the ordinary action, by code."""
    units: dict[str, Unit] = {}
    for row in rows():
        units[row.code] = found_unit(
            seat=None,
            code=row.code,
            kind=row.kind,
            name=row.name,
            short_name=row.short_name,
            since=SINCE,
            parents={line: units[above] if above else None for line, above in row.parents.items()},
            area_type=row.area,
            place=row.place,
            email=f"{row.code}@hoctap.example",
            is_demo=True,
        )
    return units
