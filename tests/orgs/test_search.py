"""Finding units as officers type."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from importlib import import_module

import pytest
from django.db import connection
from django.db.models import QuerySet

from hoctap.kernel.vietnamese import fold, sort_key
from hoctap.orgs import queries
from hoctap.orgs.actions import dissolve_unit, found_unit, rename_unit
from hoctap.orgs.enums import Kind, Line
from hoctap.orgs.models import Unit
from hoctap.orgs.naming import folded_name
from hoctap.orgs.queries import search_units
from hoctap.orgs.rules import reachable_units
from tests.cast import SINCE, Cast


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
        ("hường", ["HCM-Q3-P1", "HCM-Q3-P2", "HCM-Q1-BN"]),
        ("Phường - bến", ["HCM-Q1-BN"]),
        ("gd & đt quận", ["HCM-Q3-PGD"]),
        ("%", []),
        ("phường %", ["HCM-Q3-P1", "HCM-Q3-P2", "HCM-Q1-BN"]),
        ("phường 1", ["HCM-Q3-P1"]),
        ("không có", []),
    ],
)
def test_every_word_accents_aside_in_dictionary_order(cast: Cast, text: str, codes: list[str]):
    assert [unit.code for unit in search_units(text, 10)] == codes


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("an", ["PAK", "GV-TA"]),
        ("An", ["PAK", "GV-TA"]),
        ("án", ["PAK", "GV-TA"]),
        ("a", ["PAK", "GV-TA"]),
        ("k an", ["PAK"]),
        ("an kh", ["PAK"]),
        ("anh", ["PAK", "PTĐ"]),
        ("ta", ["GV-TA"]),
        ("gv", ["GV-TA"]),
        ("p.an", ["PAK"]),
        ("q.1", []),
        ("t.t", ["GV-TA"]),
        ("đ", ["PTĐ"]),
    ],
)
def test_one_or_two_letters_begin_a_word(cast: Cast, text: str, codes: list[str]):
    for code, name, short in (
        ("PAK", "Phường An Khánh", "P. An Khánh"),
        ("PTĐ", "Phường Thanh Đa", "P. Thanh Đa"),
        ("GV-TA", "Trường Tư thục (An Lạc)", "T.T An Lạc"),
    ):
        found_unit(
            seat=None, code=code, kind=Kind.OFFICE, name=name, short_name=short, since=SINCE,
            parents={Line.TERRITORY: cast.q1},
        )  # fmt: skip
    assert [unit.code for unit in search_units(text, 10, within=_of(cast.q1))] == codes


def _of(unit: Unit) -> QuerySet[Unit]:
    return Unit.objects.filter(subordinations__parent=unit).exclude(code="HCM-Q1-BN")


def _many(names: Iterable[str]) -> None:
    Unit.objects.bulk_create(
        Unit(
            code=f"N{n}",
            kind=Kind.OFFICE,
            name=name,
            short_name=name,
            name_folded=folded_name(name, name, f"N{n}"),
            sort_key=sort_key(name),
        )
        for n, name in enumerate(names)
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT gin_clean_pending_list('unit_words')")
        cursor.execute("ANALYZE orgs_unit")
        cursor.execute("SET LOCAL enable_seqscan = off")  # as kernel.limits has it


def _looked_at(search: Callable[[], list]) -> tuple[list, int]:
    """What it finds, and the most rows that any one step of its statements took up."""
    taken: list[float] = []

    def explain(execute, sql, params, many, context):
        if sql.startswith("SELECT"):
            execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", params, many, context)
            (plan,) = context["cursor"].fetchone()[0]
            taken.extend(_rows(plan["Plan"]))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(explain):
        found = search()
    return found, round(max(taken))


def _rows(plan: dict) -> Iterator[float]:
    assert plan["Node Type"] != "Seq Scan"
    left_out = plan.get("Rows Removed by Filter", 0) + plan.get("Rows Removed by Index Recheck", 0)
    yield (plan["Actual Rows"] + left_out) * plan["Actual Loops"]
    for part in plan.get("Plans", []):
        yield from _rows(part)


@pytest.mark.parametrize(
    ("text", "codes"), [("xa", []), ("ây", []), ("y", ["N0"]), ("y.a", ["N0"]), ("an ở", ["N0"])]
)
def test_a_short_word_of_few_names_reads_those_alone(cast: Cast, text: str, codes: list[str]):
    """Neither all that hold the letters, nor the order of names up to the last."""
    _many(["Ủy ban Y.A An Khánh ở", *(f"Trường An Xuân Thanh Phaxay {n}" for n in range(2000))])
    found, taken = _looked_at(lambda: search_units(text, 20))
    assert [unit.code for unit in found] == codes
    assert taken <= 20  # the index still counts rows of tests before


def test_a_short_word_of_most_names_is_met_in_their_order(cast: Cast, monkeypatch):
    monkeypatch.setattr(queries, "FEW", 100)
    _many(f"Trường Tiểu học An Lạc {n}" for n in range(2000))
    found, taken = _looked_at(lambda: search_units("an tr", 20))
    assert [unit.code for unit in found] == [f"N{n}" for n in range(20)]
    assert taken <= 60
    last = Unit.objects.get(code="N1500")
    found, taken = _looked_at(lambda: search_units("an", 20, after=(last.sort_key, last.pk)))
    assert [unit.code for unit in found] == [f"N{n}" for n in range(1501, 1521)]
    assert taken <= 21


@pytest.mark.parametrize("few", [0, 5000])
def test_pages_of_a_search_follow_one_another_either_way(cast: Cast, monkeypatch, few: int):
    monkeypatch.setattr(queries, "FEW", few)
    _many(name for n in range(60) for name in (f"An Hòa {n % 7}", f"Thanh Hòa {n}"))
    seen, after = [], None
    while page := search_units("an", 7, after=after):
        seen += page
        after = (page[-1].sort_key, page[-1].pk)
    assert len(seen) == len({unit.pk for unit in seen}) == 60
    assert seen == sorted(seen, key=lambda unit: (unit.sort_key, unit.pk))


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


def test_names_of_before_are_filled_in_as_new_ones_are_written(cast: Cast):
    for n, name in enumerate(("Trường (An Lạc) - số 3", "P.GD&ĐT “Q.3”…", "Ƀuôn Ma–Thuột_2", "X" * 200)):
        rename_unit(
            seat=None, unit=[cast.p1, cast.p2, cast.thcs, cast.pgd][n], name=name, short_name="A-B", on=SINCE
        )
    written = dict(Unit.objects.values_list("pk", "name_folded"))
    for unit in Unit.objects.all():
        before = fold(f"{unit.name} {unit.short_name} {unit.code}")[:320]
        Unit.objects.filter(pk=unit.pk).update(name_folded=before)
    with connection.cursor() as cursor:
        cursor.execute(import_module("hoctap.orgs.migrations.0003_beginnings").BLANKS)
    assert dict(Unit.objects.values_list("pk", "name_folded")) == written


def test_only_within_what_a_seat_reaches(cast: Cast, django_assert_num_queries):
    with django_assert_num_queries(3):
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
