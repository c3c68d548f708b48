"""The fixed cast: one small world around Quận 3, the same in every test.

Lines of authority since 2020 (territory; sector; union)::

    TP ─┬─ Q3 ─┬─ PGD ─── THCS          SGD ─── PGD ─── THCS          LĐLĐ TP ─── LĐLĐ Q3
        │      ├─ P1
        │      └─ P2
        ├─ SGD
        └─ Q1 ─── Phường Bến Nghé (the strangers)

Every user signs in with ``PASSWORD``; the user name is ``<unit>-<role>``, e.g. ``pgd-officer``.
"""

from dataclasses import dataclass
from datetime import date

import pytest

from hoctap.orgs.actions import found_unit, grant_seat
from hoctap.orgs.enums import AreaType, Kind, Line, Role
from hoctap.orgs.models import Seat, Unit
from hoctap.people.models import User

PASSWORD = "hoc-suot-doi-2023"
SINCE = date(2020, 1, 1)


@dataclass
class Cast:
    tp: Unit
    sgd: Unit
    q3: Unit
    pgd: Unit
    p1: Unit
    p2: Unit
    thcs: Unit
    ldld_tp: Unit
    ldld: Unit
    q1: Unit
    stranger: Unit  # a ward of Quận 1

    pgd_officer: Seat
    pgd_leader: Seat
    pgd_clerk: Seat
    pgd_admin: Seat
    p1_officer: Seat
    p1_leader: Seat
    p2_officer: Seat
    p2_leader: Seat
    q3_officer: Seat
    q3_leader: Seat
    q3_viewer: Seat
    sgd_officer: Seat
    sgd_leader: Seat
    ldld_officer: Seat
    ldld_leader: Seat
    stranger_officer: Seat
    stranger_leader: Seat


def make_cast() -> Cast:
    units = _units()
    working = {"pgd": [*_WORKERS, Role.CLERK, Role.ADMIN], "q3": [*_WORKERS, Role.VIEWER]}
    seats = {}
    for key in ("pgd", "p1", "p2", "q3", "sgd", "ldld", "stranger"):
        for role in working.get(key, _WORKERS):
            name = f"{role.label} {units[key].short_name}"
            user = User.objects.create_user(f"{key}-{role}", name, PASSWORD, f"{key}-{role}@example.vn")
            seats[f"{key}_{role}"] = grant_seat(seat=None, user=user, unit=units[key], role=role, since=SINCE)
    return Cast(**units, **seats)


_WORKERS = [Role.OFFICER, Role.LEADER]


def _units() -> dict[str, Unit]:
    T, S, U = Line.TERRITORY, Line.SECTOR, Line.UNION
    committee, district, commune = Kind.COMMITTEE, AreaType.DISTRICT, AreaType.COMMUNE

    def unit(code: str, kind: Kind, area: AreaType, name: str, short: str, place: str, parents: dict) -> Unit:
        return found_unit(
            seat=None,
            code=code,
            kind=kind,
            area_type=area,
            name=name,
            short_name=short,
            place=place,
            since=SINCE,
            parents=parents,
            email=f"{code.lower()}@example.vn",
        )

    city = "Thành phố Hồ Chí Minh"
    tp = unit("HCM", committee, AreaType.PROVINCE, f"Ủy ban nhân dân {city}", "UBND TP.HCM", city, {T: None})
    sgd = unit(
        "HCM-SGD",
        Kind.DEPARTMENT,
        AreaType.PROVINCE,
        f"Sở Giáo dục và Đào tạo {city}",
        "Sở GD&ĐT",
        city,
        {T: tp, S: None},
    )
    q3 = unit("HCM-Q3", committee, district, "Ủy ban nhân dân Quận 3", "UBND Quận 3", "Quận 3", {T: tp})
    pgd = unit(
        "HCM-Q3-PGD",
        Kind.OFFICE,
        district,
        "Phòng Giáo dục và Đào tạo Quận 3",
        "Phòng GD&ĐT Quận 3",
        "Quận 3",
        {T: q3, S: sgd},
    )
    p1 = unit(
        "HCM-Q3-P1", committee, commune, "Ủy ban nhân dân Phường 1", "UBND Phường 1", "Phường 1", {T: q3}
    )
    p2 = unit(
        "HCM-Q3-P2", committee, commune, "Ủy ban nhân dân Phường 2", "UBND Phường 2", "Phường 2", {T: q3}
    )
    thcs = unit(
        "HCM-Q3-LQD",
        Kind.SCHOOL,
        AreaType.NONE,
        "Trường Trung học cơ sở Lê Quý Đôn",
        "THCS Lê Quý Đôn",
        "Quận 3",
        {T: pgd, S: pgd},
    )
    ldld_tp = unit(
        "HCM-LDLD",
        Kind.FEDERATION,
        AreaType.PROVINCE,
        f"Liên đoàn Lao động {city}",
        "LĐLĐ TP.HCM",
        city,
        {U: None},
    )
    ldld = unit(
        "HCM-Q3-LDLD",
        Kind.FEDERATION,
        district,
        "Liên đoàn Lao động Quận 3",
        "LĐLĐ Quận 3",
        "Quận 3",
        {U: ldld_tp},
    )
    q1 = unit("HCM-Q1", committee, district, "Ủy ban nhân dân Quận 1", "UBND Quận 1", "Quận 1", {T: tp})
    stranger = unit(
        "HCM-Q1-BN",
        committee,
        commune,
        "Ủy ban nhân dân Phường Bến Nghé",
        "UBND Phường Bến Nghé",
        "Phường Bến Nghé",
        {T: q1},
    )
    return {
        "tp": tp,
        "sgd": sgd,
        "q3": q3,
        "pgd": pgd,
        "p1": p1,
        "p2": p2,
        "thcs": thcs,
        "ldld_tp": ldld_tp,
        "ldld": ldld,
        "q1": q1,
        "stranger": stranger,
    }


@pytest.fixture
def cast(db) -> Cast:
    return make_cast()
