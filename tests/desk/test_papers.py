"""Reports and documents as files to print: who gets them, who learns nothing of them, what stands in them."""

from io import BytesIO

import docx
import pdfplumber
import pytest

from hoctap.directives.actions import recall
from hoctap.kernel import clock
from hoctap.reports.actions import save_draft
from hoctap.reports.content import Content
from tests.directives.making import plan
from tests.rounds import IN_TIME

pytestmark = pytest.mark.django_db


def words_of(answer) -> str:
    with pdfplumber.open(BytesIO(answer.content)) as pdf:
        return " ".join(" ".join(page.extract_text(x_tolerance=1.5) for page in pdf.pages).split())


def is_saved_as(answer, name: str, kind: str) -> bool:
    saved = answer["Content-Disposition"] == f'attachment; filename="{name}"'
    return saved and answer["Content-Type"] == kind and answer["X-Content-Type-Options"] == "nosniff"


def test_a_sent_report_as_pdf_and_word(signed_in, story):
    story.send(story.cast.p1_leader, c28=18)
    pk, code = story.p1.pk, story.cast.p1.code
    for seat in (story.cast.p1_officer, story.cast.pgd_officer, story.cast.q3_viewer):
        client = signed_in(seat)
        answer = client.get(f"/bao-cao/{pk}/ban/1/bao-cao.pdf")
        assert is_saved_as(answer, f"bao-cao-{code}-1.pdf", "application/pdf")
        assert "Kính gửi: Ủy ban nhân dân Quận 3 (qua Phòng Giáo dục và Đào tạo Quận 3)" in words_of(answer)
    answer = client.get(f"/bao-cao/{pk}/ban/1/bao-cao.docx")
    assert docx.Document(BytesIO(answer.content)).tables[2].rows[17].cells[3].text == "18"
    for address in (f"/bao-cao/{pk}/", f"/bao-cao/{pk}/ban/1/"):
        page = client.get(address).content.decode()
        assert f'href="/bao-cao/{pk}/ban/1/bao-cao.pdf"' in page
        assert f'href="/bao-cao/{pk}/ban/1/bao-cao.docx"' in page


def test_what_is_not_there_and_who_may_not(signed_in, story):
    story.send(story.cast.p1_leader, c28=18)
    pk = story.p1.pk
    owner = signed_in(story.cast.p1_officer)
    assert owner.get(f"/bao-cao/{pk}/ban/2/bao-cao.pdf").status_code == 404
    assert owner.get(f"/bao-cao/{pk}/ban/1/bao-cao.xlsx").status_code == 404
    for seat in (story.cast.stranger_leader, story.cast.p2_leader):
        other = signed_in(seat)
        assert other.get(f"/bao-cao/{pk}/ban/1/bao-cao.pdf").status_code == 404
        assert other.get(f"/bao-cao/{pk}/du-thao.pdf").status_code == 404


def test_the_draft_is_printed_for_the_unit_itself_only(signed_in, story):
    with clock.frozen(IN_TIME):
        kept = Content(
            figures=story.content(c28=18).figures, narrative={"results": "Tổ chức 18 lớp."}, doc_number="9/BC"
        )
        save_draft(
            seat=story.cast.p1_officer, obligation=story.obligation(story.cast.p1), content=kept, version=0
        )
        leader = signed_in(story.cast.p1_leader)
        address = f"/bao-cao/{story.p1.pk}/du-thao.pdf"
        assert 'name="in"' in leader.get(f"/bao-cao/{story.p1.pk}/").content.decode()
        answer = leader.get(address)
        assert is_saved_as(answer, f"du-thao-{story.cast.p1.code}.pdf", "application/pdf")
        said = words_of(answer)
        assert "DỰ THẢO" in said and "Tổ chức 18 lớp." in said and "9/BC" not in said
        assert "ngày tháng năm 2023" in said
        assert signed_in(story.cast.pgd_leader).get(address).status_code == 404


def test_an_empty_draft_is_the_form_to_fill_by_hand(signed_in, story):
    answer = signed_in(story.cast.p1_officer).get(f"/bao-cao/{story.p1.pk}/du-thao.docx")
    table = docx.Document(BytesIO(answer.content)).tables[2]
    assert {row.cells[3].text for row in table.rows[2:]} <= {"", "–"}


def test_a_document_written_here_as_pdf_and_word(signed_in, cast):
    made = plan(cast, deliver_to=[cast.p1])
    for seat in (cast.q3_officer, cast.p1_officer):
        client = signed_in(seat)
        assert f'href="/van-ban/{made.pk}/van-ban.pdf"' in client.get(f"/van-ban/{made.pk}/").content.decode()
        answer = client.get(f"/van-ban/{made.pk}/van-ban.pdf")
        assert is_saved_as(answer, "van-ban-333-kh-ubnd.pdf", "application/pdf")
        assert "Số: 333/KH-UBND" in words_of(answer)
    word = docx.Document(BytesIO(client.get(f"/van-ban/{made.pk}/van-ban.docx").content))
    assert "I. MỤC ĐÍCH, YÊU CẦU" in [p.text for p in word.paragraphs]
    assert client.get(f"/van-ban/{made.pk}/van-ban.txt").status_code == 404
    assert signed_in(cast.stranger_officer).get(f"/van-ban/{made.pk}/van-ban.pdf").status_code == 404


def test_no_paper_of_what_was_taken_back_or_has_no_text(signed_in, cast):
    recalled, silent = plan(cast), plan(cast, number_text="334/KH-UBND", body="")
    recall(seat=cast.q3_leader, directive=recalled, reason="nhầm")
    client = signed_in(cast.q3_officer)
    for made in (recalled, silent):
        assert client.get(f"/van-ban/{made.pk}/van-ban.pdf").status_code == 404
        assert "van-ban.pdf" not in client.get(f"/van-ban/{made.pk}/").content.decode()
