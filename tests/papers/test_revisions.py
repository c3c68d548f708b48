"""A unit's own report printed: what it sent, and the draft its leader signs (plan 333/KH-UBND, mục IV)."""

from datetime import date
from uuid import uuid4

import pytest

from hoctap.forms.queries import version_spec
from hoctap.kernel import clock
from hoctap.papers.content import Heading, Paragraph, Signature
from hoctap.papers.pdf import render_pdf
from hoctap.papers.revisions import LEGEND, OWN_PART, draft_paper, revision_paper
from hoctap.reports.actions import submit
from hoctap.reports.content import Content
from hoctap.reports.models import Revision
from tests.rounds import IN_TIME, Story, make_story

from .looking import flat, line, opened

SIGNED = {
    "doc_number": "288/BC-UBND",
    "doc_date": date(2023, 10, 12),
    "authority": "KT.",
    "signer_position": "Phó Chủ tịch",
    "signer_name": "Nguyễn Văn Minh Họa",
}


def content(story: Story, **other) -> Content:
    given = story.content(c0=11, c1=361, c28=18) if story.version else Content()
    given.narrative = {
        "results": "Tổ chức 11 lớp.\nCó 361 người.",
        "difficulties": "",
        "proposals": "Hỗ trợ máy tính.",
    }
    for name, value in (SIGNED | other).items():
        setattr(given, name, value)
    return given


def sent(story: Story, seat, **other) -> Revision:
    with clock.frozen(IN_TIME):
        return submit(
            seat=seat,
            obligation=story.obligation(seat.unit),
            content=content(story, **other),
            token=uuid4(),
        )


def test_a_wards_report_through_the_office_to_the_committee(story):
    paper = revision_paper(sent(story, story.cast.p1_leader))
    assert paper.issuing_body == "Ủy ban nhân dân Phường 1" and paper.parent_body == ""
    assert (paper.number, paper.date) == ("288/BC-UBND", date(2023, 10, 12))
    assert paper.addressees == ("Ủy ban nhân dân Quận 3\n(qua Phòng Giáo dục và Đào tạo Quận 3)",)
    assert paper.recipients == ("Như trên", "Phòng Giáo dục và Đào tạo Quận 3", "Lưu: VT")
    assert paper.sign == Signature(
        "Phó Chủ tịch", "Nguyễn Văn Minh Họa", ("TM. Ủy ban nhân dân", "KT. Chủ tịch")
    )
    opening, *said, closing = paper.body
    assert opening.text.startswith("Thực hiện Kế hoạch số 333/KH-UBND ngày 02 tháng 10 năm 2023 của Ủy ban")
    assert said == [
        Heading("I. KẾT QUẢ"),
        Paragraph("Tổ chức 11 lớp.\nCó 361 người."),
        Heading("II. KIẾN NGHỊ"),
        Paragraph("Hỗ trợ máy tính."),
    ]
    assert closing.text.endswith("của Ủy ban nhân dân Phường 1 (số liệu cụ thể tại phụ lục kèm theo).")


def test_the_filled_form_is_its_appendix(story):
    text, note = "Ra mắt 01 tủ sách học tập suốt đời", "đăng trên cổng thông tin"
    revision = sent(story, story.cast.p1_leader, texts={"11": text}, notes={"2": note})
    (appendix,) = revision_paper(revision).appendices
    assert (
        appendix.caption
        == "(Kèm theo Báo cáo số 288/BC-UBND ngày 12 tháng 10 năm 2023 của Ủy ban nhân dân Phường 1)"
    )
    spec = version_spec(story.version.pk)
    assert len(appendix.table.rows) == len(spec.lines)
    by_label = {row.cells[1]: row.cells for row in appendix.table.rows}
    assert by_label["Số tin bài về các hoạt động của Tuần lễ"][3:] == (18, "", note)
    assert by_label["Xóa mù chữ"][3:5] == (None, None)
    # A ward does not count districts: nothing is asked there, so nothing is said to be missing.
    assert by_label["Số huyện tổ chức Lễ khai mạc Tuần lễ"][3] == ""
    assert appendix.notes == (f"11. Các nội dung khác (nếu có): {text}", LEGEND)


def test_what_was_accepted_otherwise_stays_as_it_was_sent(story):
    revision = sent(story, story.cast.p1_leader)
    story.accept(
        story.cast.pgd_officer, story.cast.p1, reviewed={28: 17}, reasons={28: "một tin đăng hai lần"}
    )
    revision.refresh_from_db()
    (appendix,) = revision_paper(revision).appendices
    assert 18 in {row.cells[3] for row in appendix.table.rows}


def test_the_gatherers_own_part_says_that_it_is_only_that(story):
    paper = revision_paper(sent(story, story.cast.pgd_leader, authority="", signer_position="Trưởng phòng"))
    assert paper.parent_body == "Ủy ban nhân dân Quận 3"
    assert paper.addressees == (
        "Ủy ban nhân dân Quận 3",
        "Sở Giáo dục và Đào tạo Thành phố Hồ Chí Minh",
    )
    assert OWN_PART in paper.appendices[0].notes


def test_a_round_without_a_form_is_a_letter_without_appendix(cast):
    story = make_story(cast, with_form=False)
    paper = revision_paper(sent(story, cast.p1_leader))
    assert paper.appendices == ()
    assert paper.body[-1].text.endswith("của Ủy ban nhân dân Phường 1.")


def test_a_draft_has_no_number_and_shows_what_is_no_figure_yet(story):
    half = content(story, typed={"27": "khoảng 40"}, doc_date=None)
    with clock.frozen(IN_TIME):
        paper = draft_paper(story.obligation(story.cast.p1), half)
    assert paper.draft and paper.blank_year == 2023
    assert paper.appendices[0].caption == "(Kèm theo Báo cáo của Ủy ban nhân dân Phường 1)"
    assert "khoảng 40" in {cell for row in paper.appendices[0].table.rows for cell in row.cells}
    with opened(render_pdf(paper)) as pdf:
        page = pdf.pages[0]
        assert line(page, "DỰ THẢO", right=96).size == 13
        assert "Số:" not in flat(page)
        assert line(page, "Phường 1, ngày tháng năm 2023", left=96)


@pytest.fixture
def printed(story):
    revision = sent(story, story.cast.p1_leader, texts={"11": "Ra mắt tủ sách"})
    with opened(render_pdf(revision_paper(revision))) as pdf:
        yield pdf.pages


def test_on_paper(printed):
    page, appendix = printed[0], printed[1]
    assert line(page, "Số: 288/BC-UBND", right=96).size == 13
    assert line(page, "Phường 1, ngày 12 tháng 10 năm 2023", left=96).face == "Tinos-Italic"
    kindly, via = line(page, "Kính gửi:"), line(page, "(qua Phòng Giáo dục và Đào tạo Quận 3)")
    assert kindly.text == "Kính gửi: Ủy ban nhân dân Quận 3"
    assert kindly.centre == pytest.approx(112.5, abs=0.5) == via.centre
    assert via.top > kindly.top
    assert line(page, "KT. CHỦ TỊCH", left=105).centre == pytest.approx(150, abs=1)
    assert float(appendix.width) > float(appendix.height)
    rows = [row for p in printed[1:] for row in p.find_tables()[0].extract()]
    (news,) = [row for row in rows if row[1] and row[1].startswith("Số tin bài")]
    assert news[3] == "18"
    assert "11. Các nội dung khác (nếu có): Ra mắt tủ sách" in flat(printed[-1])
