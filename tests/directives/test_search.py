"""The register: newest first, narrowed, and searched the way people type."""

from datetime import date, timedelta

import pytest
from django.db import connection

from hoctap.directives.actions import acknowledge
from hoctap.directives.enums import DocumentKind
from hoctap.directives.queries import INCOMING, OUTGOING, Filters, register, search
from tests.directives.making import OCT_2, entry, plan

pytestmark = pytest.mark.postgres  # words, accents and their order are the database's work


def found(seat, text, **filters) -> list[str]:
    rows, more = search(seat, Filters(text=text, **filters))
    assert not more
    return [row.subject for row in rows]


@pytest.fixture(params=["a few units", "thousands of units", "a nation"], autouse=True)
def reach(request, monkeypatch):
    """What a seat finds does not hang on how much it reaches, which decides how it is asked."""
    few, many = {"a few units": (10**9, 10**9), "thousands of units": (-1, 10**9), "a nation": (-1, -1)}[
        request.param
    ]
    monkeypatch.setattr("hoctap.directives.queries.scope.FEW_UNITS", few)
    monkeypatch.setattr("hoctap.directives.queries.scope.MANY_UNITS", many)


@pytest.fixture
def shelf(cast):
    """Some documents of Quận 3 whose words overlap."""
    texts = [
        ("1/KH-UBND", "Tuần lễ hưởng ứng học tập suốt đời", "Khẩu hiệu: Học, học nữa, học mãi."),
        ("2/KH-UBND", "Đợt thi đua", "Đẩy mạnh đọc sách giai đoạn 2021-2030; phòng, chống HIV/AIDS."),
        ("11/QĐ-UBND", "Quyên góp sách", "Suốt đời học, tập làm theo."),
        ("12/KH-UBND", "Kỷ niệm ngày Khuyến học", "Công ty và thi sĩ <https://uil.unesco.org>."),
        ("305-CV/BTGQU", "Giải thể thao", "Đạo đức, phong cách. Hoà giải ở cơ sở."),
        ("37/2023/NQ-HĐND", "Dao động kỹ thuật", "Dao đục."),
    ]
    for day, (number, subject, body) in enumerate(texts):
        entry(
            cast.q3_leader, number_text=number, subject=subject, body=body, issued_on=OCT_2 + timedelta(day)
        )
    return cast


class TestWords:
    @pytest.mark.parametrize(
        ("typed", "subject"),
        [
            ("tuan le huong ung", "Tuần lễ hưởng ứng học tập suốt đời"),
            ("Tuần lễ hưởng ứng", "Tuần lễ hưởng ứng học tập suốt đời"),
            ("TUẦN LỄ", "Tuần lễ hưởng ứng học tập suốt đời"),
            ("dot thi dua", "Đợt thi đua"),
            ("đợt", "Đợt thi đua"),
            ("2030", "Đợt thi đua"),
            ("hiv", "Đợt thi đua"),
            ("aids", "Đợt thi đua"),
            ("kỉ niệm", "Kỷ niệm ngày Khuyến học"),
            ("ki niem", "Kỷ niệm ngày Khuyến học"),
            ("công ti", "Kỷ niệm ngày Khuyến học"),
            ("thi sỹ", "Kỷ niệm ngày Khuyến học"),
            ("unesco", "Kỷ niệm ngày Khuyến học"),
            ("hòa giải", "Giải thể thao"),
        ],
    )
    def test_accents_case_and_spelling_aside(self, shelf, typed, subject):
        assert subject in found(shelf.q3_officer, typed)

    def test_the_phrase_comes_first(self, shelf):
        # Both hold "học", "tập", "suốt", "đời"; only one as this phrase.
        assert found(shelf.q3_officer, "hoc tap suot doi") == [
            "Tuần lễ hưởng ứng học tập suốt đời",
            "Quyên góp sách",
        ]
        assert found(shelf.q3_officer, "“học tập suốt đời”") == ["Tuần lễ hưởng ứng học tập suốt đời"]

    def test_exact_accents_are_lifted(self, shelf):
        assert found(shelf.q3_officer, "đạo đức") == ["Giải thể thao", "Dao động kỹ thuật"]
        assert found(shelf.q3_officer, "dao đục") == ["Dao động kỹ thuật", "Giải thể thao"]

    def test_all_words_are_asked_for(self, shelf):
        assert found(shelf.q3_officer, "sách thể thao") == []

    @pytest.mark.parametrize(
        "typed", ["", "   ", "& | ! ( ) : * <-> '", "\\", "%", "'; DROP TABLE x", "\x00", "²"]
    )
    def test_signs_are_harmless(self, shelf, typed):
        assert found(shelf.q3_officer, typed) == []

    def test_of_a_big_body_the_end_is_found_too(self, cast):
        body = "Đẩy mạnh phong trào học tập suốt đời trong công nhân lao động.\n" * 3100 + "Nguyễn Đức Cảnh"
        entry(cast.q3_leader, subject="Dài", body=body)
        assert found(cast.q3_officer, "nguyen duc canh") == ["Dài"]


class TestNumbers:
    @pytest.mark.parametrize(
        ("typed", "subjects"),
        [
            ("12/KH-UBND", ["Kỷ niệm ngày Khuyến học"]),
            ("12 / kh", ["Kỷ niệm ngày Khuyến học"]),
            ("số 12", ["Kỷ niệm ngày Khuyến học"]),
            ("305-CV", ["Giải thể thao"]),
            ("305/CV-BTGQU", ["Giải thể thao"]),
            ("37/2023/nq-hdnd", ["Dao động kỹ thuật"]),
            ("01/KH", ["Tuần lễ hưởng ứng học tập suốt đời"]),
        ],
    )
    def test_by_number_however_written(self, shelf, typed, subjects):
        assert found(shelf.q3_officer, typed) == subjects

    def test_the_whole_number_stands_before_its_beginnings(self, shelf):
        entry(shelf.q3_leader, number_text="1/CT-UBND", subject="Chỉ thị một", issued_on=date(2023, 1, 5))
        assert found(shelf.q3_officer, "1/") == ["Tuần lễ hưởng ứng học tập suốt đời", "Chỉ thị một"]
        assert found(shelf.q3_officer, "1/ct-ubnd") == ["Chỉ thị một"]
        assert set(found(shelf.q3_officer, "1")) >= {
            "Quyên góp sách",
            "Kỷ niệm ngày Khuyến học",
            "Chỉ thị một",
        }


def test_search_never_reaches_further_than_the_seat(shelf):
    entry(shelf.stranger_leader, subject="Tuần lễ hưởng ứng của Bến Nghé", number_text="1/KH-UBND")
    assert found(shelf.stranger_leader, "tuần lễ") == ["Tuần lễ hưởng ứng của Bến Nghé"]
    assert found(shelf.pgd_officer, "tuần lễ") == []
    assert "Tuần lễ hưởng ứng của Bến Nghé" not in found(shelf.q3_officer, "1/KH-UBND")


@pytest.mark.parametrize(
    "filters", [{}, {"kind": "KH"}, {"issuer": "uy ban nhan dan quan 3"}, {"direction": OUTGOING}]
)
def test_a_draft_is_found_only_where_it_was_registered(cast, filters):
    plan(cast, draft=True, subject="Khuyến học", number_text="", issued_on=None, deliver_to=[cast.pgd])
    assert found(cast.q3_officer, "khuyen hoc", **filters) == ["Khuyến học"]
    assert found(cast.pgd_officer, "khuyen hoc", **filters) == []


@pytest.mark.parametrize("common", [-1, 2])
def test_the_newest_are_found_whether_words_are_common_or_rare(shelf, monkeypatch, common):
    monkeypatch.setattr("hoctap.directives.queries.listing.COMMON", common)
    assert found(shelf.q3_officer, "ke hoach") == []
    assert found(shelf.q3_officer, "sach") == ["Quyên góp sách", "Đợt thi đua"]
    assert found(shelf.q3_officer, "“doi hoc”") == ["Quyên góp sách"]


def test_more_than_can_be_ranked_is_said(cast, monkeypatch):
    monkeypatch.setattr("hoctap.directives.queries.listing.CANDIDATES", 3)
    for n in range(5):
        entry(cast.q3_leader, subject=f"Khuyến học {n}")
    rows, more = search(cast.q3_officer, Filters(text="khuyen hoc"))
    assert (len(rows), more) == (3, True)


class TestRegister:
    def test_newest_first_page_by_page(self, cast):
        made = [entry(cast.q3_leader, subject=f"{n}", issued_on=date(2023, 10, 1 + n % 3)) for n in range(7)]
        order = [d.pk for d in sorted(made, key=lambda d: (d.issued_on, d.pk), reverse=True)]
        seen, after = [], None
        while True:
            page = register(cast.q3_officer, after=after, limit=3)
            seen += [row.pk for row in page.rows]
            after = page.after
            if after is None:
                break
        assert seen == order

    def test_narrowed(self, cast, today):
        own = plan(cast, deliver_to=[cast.pgd])
        union = entry(cast.q3_leader, issuer=cast.ldld, number_text="187/LĐLĐ", issued_on=date(2022, 5, 4))
        undated = entry(cast.q3_leader, kind=DocumentKind.BC, issuer_name="Ban Tuyên giáo Quận ủy")
        draft = plan(cast, draft=True, number_text="", issued_on=None)
        seat = cast.q3_officer

        def rows(**filters):
            return {row.pk for row in register(seat, Filters(**filters)).rows}

        assert rows() == {own.pk, union.pk, undated.pk, draft.pk}
        assert rows(kind="KH") == {own.pk, draft.pk}
        assert rows(year=2022) == {union.pk}
        assert rows(year=today.year) == {undated.pk, draft.pk}
        assert rows(issuer="lien doan lao dong") == {union.pk}
        assert rows(issuer="tuyên giáo") == {undated.pk}
        assert rows(status="draft") == {draft.pk}
        assert rows(direction=OUTGOING) == {own.pk, draft.pk}
        assert rows(direction=INCOMING) == {union.pk, undated.pk}
        assert found(seat, "văn bản", issuer="Liên đoàn", kind="CV") == ["Văn bản"]

    def test_a_receiver_finds_it_incoming_with_its_own_state(self, cast):
        made = plan(cast, deliver_to=[cast.pgd, cast.p1])
        acknowledge(seat=cast.p1_officer, directive=made)
        [row] = register(cast.p1_leader, Filters(direction=INCOMING)).rows
        assert row.mine_id and row.mine_seen_at and row.mine_acknowledged_at
        [row] = register(cast.pgd_officer, Filters(direction=INCOMING)).rows
        assert row.mine_id and row.mine_seen_at is None
        [row] = register(cast.sgd_officer).rows
        assert row.mine_id is None
        assert register(cast.sgd_officer, Filters(direction=INCOMING)).rows == []

    @pytest.mark.parametrize("text", ["", "học tập"])
    def test_as_many_queries_for_three_as_for_one(self, cast, django_assert_max_num_queries, text):
        def ask():
            search(cast.pgd_officer, Filters(text=text)) if text else register(cast.pgd_officer)

        plan(cast, subject="Học tập", deliver_to=[cast.pgd])
        with django_assert_max_num_queries(6) as one:
            ask()
        plan(cast, subject="Học tập", number_text="2/KH-UBND", deliver_to=[cast.pgd])
        plan(cast, subject="Học tập", number_text="3/KH-UBND", deliver_to=[cast.pgd])
        with django_assert_max_num_queries(len(one)) as three:
            ask()
        assert len(three) == len(one)

    @pytest.mark.parametrize("text", ["", "học tập"])
    def test_as_many_values_for_three_as_for_one(self, cast, text):
        """A parameter for each of thousands of documents would take longer than all the rest of the page."""
        given: list[int] = []

        def note(execute, sql, params, many, context):
            given[-1] += len(params or ())
            return execute(sql, params, many, context)

        for number in (1, 2, 3):
            plan(cast, subject="Học tập", number_text=f"{number}/KH-UBND", deliver_to=[cast.pgd])
            given.append(0)
            with connection.execute_wrapper(note):
                search(cast.pgd_officer, Filters(text=text)) if text else register(cast.pgd_officer)
        assert given[0] == given[1] == given[2]
