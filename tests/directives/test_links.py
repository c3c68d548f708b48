"""Citations as links both ways, whichever document comes first."""

from datetime import date

import pytest

from hoctap.directives.actions import deliver, edit_directive, issue, link_citation
from hoctap.directives.citing import CitationData
from hoctap.directives.models import Citation
from hoctap.directives.queries import choices_for, dossier
from hoctap.kernel.errors import Refusal
from tests.directives.making import OCT_2, entry, plan, plan_data

CITY_PLAN = (
    "Căn cứ Kế hoạch số 4753/KH-UBND ngày 25 tháng 9 năm 2023 của Ủy ban nhân dân Thành phố Hồ Chí Minh về tổ chức "
    "Tuần lễ hưởng ứng học tập suốt đời năm 2023;"
)
SEP_25 = date(2023, 9, 25)


def city_plan(cast, seat=None, **other):
    given = {"issuer": cast.tp, "number_text": "4753/KH-UBND", "issued_on": SEP_25} | other
    return entry(seat or cast.q3_leader, **given)


def target_of(directive):
    return directive.citations.get().target


def test_a_known_document_is_linked_at_once(cast):
    city = city_plan(cast)
    made = plan(cast, citations=[CITY_PLAN])
    citation = made.citations.get()
    assert (citation.target, citation.is_basis) == (city, True)
    assert (citation.number_key, citation.issued_on) == ("4753/kh-ubnd", SEP_25)
    assert citation.issuer_name == "Ủy ban nhân dân Thành phố Hồ Chí Minh"
    assert [d.pk for d in dossier(cast.q3_officer, city.pk).cited_by] == [made.pk]
    assert dossier(cast.q3_officer, made.pk).cites[0].target_seen


def test_a_document_that_comes_later_is_linked_when_it_comes(cast):
    made = plan(cast, citations=[CITY_PLAN])
    assert target_of(made) is None
    city_plan(cast, number_text="4753/QĐ-UBND")
    city_plan(cast, issuer=cast.q1, number_text="4753/KH-UBND")
    assert target_of(made) is None
    city = city_plan(cast)
    assert target_of(made) == city


def test_a_draft_is_not_cited_before_it_is_issued(cast):
    made = entry(
        cast.pgd_clerk,
        number_text="1204/GDĐT",
        issuer=cast.pgd,
        citations=["Kế hoạch số 333/KH-UBND ngày 02/10/2023"],
    )
    draft = plan(cast, draft=True)
    assert target_of(made) is None
    issue(seat=cast.q3_leader, directive=draft)
    assert target_of(made) == draft


def test_a_number_corrected_later_links_and_unlinks(cast):
    made = plan(cast, citations=[CITY_PLAN])
    city = city_plan(cast, number_text="4735/KH-UBND")
    assert target_of(made) is None
    right = plan_data(cast, issuer=cast.tp, number_text="4753/KH-UBND", issued_on=SEP_25)
    edit_directive(seat=cast.q3_leader, directive=city, data=right, version=1)
    assert target_of(made) == city
    wrong = plan_data(cast, issuer=cast.tp, number_text="4754/KH-UBND", issued_on=SEP_25)
    edit_directive(seat=cast.q3_leader, directive=city, data=wrong, version=2)
    assert target_of(made) is None


class TestOnlyWhatIsClear:
    def test_another_date_or_another_issuer_is_another_document(self, cast):
        city_plan(cast, issued_on=date(2022, 9, 25))
        city_plan(cast, issuer=cast.q1, issued_on=SEP_25)
        assert target_of(plan(cast, citations=[CITY_PLAN])) is None

    def test_two_that_fit_stay_open_and_are_listed(self, cast):
        one = entry(cast.p1_leader, issuer=cast.tp, number_text="4753/KH-UBND", issued_on=SEP_25)
        other = entry(cast.pgd_clerk, issuer=cast.tp, number_text="4753/KH-UBND", issued_on=SEP_25)
        made = plan(cast, citations=[CITY_PLAN])
        citation = made.citations.get()
        assert citation.target is None
        assert {d.pk for d in choices_for(cast.q3_leader, citation)} == {one.pk, other.pk}
        with pytest.raises(Refusal, match="Chỉ đơn vị đã vào sổ"):
            link_citation(seat=cast.pgd_clerk, citation=citation, target=one)
        with pytest.raises(Refusal, match="Chọn trong danh sách"):
            link_citation(seat=cast.q3_leader, citation=citation, target=made)
        link_citation(seat=cast.q3_leader, citation=citation, target=other)
        assert target_of(made) == other

    def test_of_two_the_one_in_our_own_register_is_meant(self, cast):
        city_plan(cast, seat=cast.p1_leader)
        own = city_plan(cast, seat=cast.pgd_clerk)
        made = entry(
            cast.pgd_clerk, number_text="1204/GDĐT", citations=[CITY_PLAN], issuer_name="Phòng GD&ĐT Quận 3"
        )
        assert target_of(made) == own

    def test_a_bare_number_means_only_our_own_register(self, cast):
        bare = "Kế hoạch số 734/KH-UBND"
        entry(cast.stranger_leader, number_text="734/KH-UBND", issued_on=OCT_2)
        made = entry(cast.pgd_clerk, number_text="1204/GDĐT", issuer_name="Phòng", citations=[bare])
        assert target_of(made) is None
        district = plan(cast, number_text="734/KH-UBND")
        assert target_of(made) is None
        deliver(seat=cast.q3_leader, directive=district, units=[cast.pgd])
        assert target_of(made) == district

    def test_it_never_cites_itself(self, cast):
        assert target_of(plan(cast, citations=["Kế hoạch số 333/KH-UBND ngày 02 tháng 10 năm 2023"])) is None


def test_the_year_left_out_of_a_circulars_number(cast):
    circular = entry(
        cast.pgd_clerk,
        issuer_name="Bộ Giáo dục và Đào tạo",
        number_text="24/2023/TT-BGDĐT",
        issued_on=date(2023, 12, 11),
    )
    words = (
        "Thông tư số 24/TT- BGDĐT ngày 11/12/2023 của Bộ Giáo dục và Đào tạo Quy định về đánh giá, công nhận"
    )
    assert target_of(plan(cast, citations=[words])) == circular
    words = "Thông tư số 24/2022/TT-BGDĐT của Bộ Giáo dục và Đào tạo"
    assert target_of(plan(cast, number_text="3/KH-UBND", citations=[words])) is None


def test_the_party_order_written_either_way(cast):
    directive = entry(cast.q3_leader, issuer_name="Thành ủy Thành phố Hồ Chí Minh", number_text="04-CT/TU")
    assert target_of(plan(cast, citations=["Chỉ thị 04/CT-TU của Thành ủy"])) == directive


def test_a_citation_given_field_by_field(cast):
    city = city_plan(cast)
    given = CitationData(
        text="KH 4753 của Thành phố", number_text="4753 /KH-UBND", issued_on=SEP_25, issuer_name="UBND TP.HCM"
    )
    made = plan(cast, citations=[given])
    assert (target_of(made), made.citations.get().is_basis) == (city, False)


def test_editing_keeps_what_stays(cast):
    city_plan(cast)
    made = plan(cast, citations=[CITY_PLAN, "Kế hoạch số 5511/KH-SGDĐT ngày 27 tháng 9 năm 2023"])
    kept = made.citations.get(number_key="4753/kh-ubnd")
    edit_directive(
        seat=cast.q3_leader, directive=made, data=plan_data(cast), version=1,
        citations=[CITY_PLAN, "  ", "Công văn số 1118/LĐLĐ-TG"],
    )  # fmt: skip
    assert {c.number_key for c in made.citations.all()} == {"4753/kh-ubnd", "1118/ldld-tg"}
    assert Citation.objects.get(pk=kept.pk).target is not None


def test_a_link_shows_only_where_both_ends_are_seen(cast):
    city = city_plan(cast, seat=cast.q3_leader)
    made = plan(cast, citations=[CITY_PLAN], deliver_to=[cast.p1])
    assert target_of(made) == city
    assert not dossier(cast.p1_officer, made.pk).cites[0].target_seen
    own = entry(
        cast.p1_leader, number_text="212/KH-UBND", citations=["Kế hoạch số 333/KH-UBND ngày 02/10/2023"]
    )
    assert [d.pk for d in dossier(cast.q3_officer, made.pk).cited_by] == [own.pk]
    assert dossier(cast.p1_officer, made.pk).cited_by[0].pk == own.pk
    other = plan(
        cast,
        number_text="8/KH-UBND",
        deliver_to=[cast.p2],
        citations=["Kế hoạch số 333/KH-UBND ngày 02/10/2023"],
    )
    assert other.citations.get().target == made
    assert [d.pk for d in dossier(cast.p1_officer, made.pk).cited_by] == [own.pk]
