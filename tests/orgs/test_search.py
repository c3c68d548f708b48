"""Finding units as officers type."""

from datetime import date

import pytest

from hoctap.orgs.actions import dissolve_unit, found_unit, rename_unit
from hoctap.orgs.enums import Kind, Line
from hoctap.orgs.queries import search_units
from hoctap.orgs.rules import reachable_units
from tests.cast import Cast


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("phuong", ["HCM-Q3-P1", "HCM-Q3-P2", "HCM-Q1-BN"]),
        ("PHƯỜNG bến", ["HCM-Q1-BN"]),
        ("nghe ben", ["HCM-Q1-BN"]),
        ("phòng gd&đt", ["HCM-Q3-PGD"]),
        ("ldld", ["HCM-Q3-LDLD", "HCM-LDLD"]),
        ("hcm-q3-lqd", ["HCM-Q3-LQD"]),
        ("lao dong  quan 3", ["HCM-Q3-LDLD"]),
        ("%", []),
        ("phường _", []),
        ("không có", []),
    ],
)
def test_every_word_anywhere_accents_aside_in_dictionary_order(cast: Cast, text: str, codes: list[str]):
    assert [unit.code for unit in search_units(text, 10)] == codes


def test_pages_follow_one_another_without_gap_or_repeat(cast: Cast):
    for n in range(25):  # many of one name: the id breaks ties
        found_unit(
            seat=None,
            code=f"TH{n}",
            kind=Kind.SCHOOL,
            name="Trường Tiểu học Hòa Bình",
            short_name="TH Hòa Bình",
            since=date(2023, 1, 1),
            parents={Line.SECTOR: cast.pgd},
        )
    seen, after = [], None
    while page := search_units("", 7, after=after):
        seen += page
        after = (page[-1].sort_key, page[-1].pk)
    assert len(seen) == len({unit.pk for unit in seen}) == 36
    assert seen == sorted(seen, key=lambda unit: (unit.sort_key, unit.pk))


def test_only_within_what_a_seat_reaches(cast: Cast, django_assert_num_queries):
    with django_assert_num_queries(2):
        found = search_units("phuong", 10, within=reachable_units(cast.q3_officer))
    assert [unit.code for unit in found] == ["HCM-Q3-P1", "HCM-Q3-P2"]


def test_a_new_name_is_found_at_once_and_a_dissolved_unit_no_more(cast: Cast):
    rename_unit(
        seat=None,
        unit=cast.p1,
        name="Ủy ban nhân dân Phường Võ Thị Sáu",
        short_name="UBND Phường Võ Thị Sáu",
        on=date(2023, 7, 1),
    )
    assert search_units("vo thi sau", 10) == [cast.p1]
    dissolve_unit(seat=None, unit=cast.p1, on=date(2023, 8, 1))
    assert search_units("vo thi sau", 10) == []
