"""Documents made here, printed: the source documents 333/KH-UBND and 245/LĐLĐ box by box, drafts, short texts."""

from datetime import date

import pytest

from hoctap.cli.demo.documents import SEEDS, text_of
from hoctap.directives.actions import recall
from hoctap.directives.enums import Authority, DirectiveStatus, DocumentKind
from hoctap.directives.models import DirectiveText
from hoctap.papers.content import Paragraph, Signature
from hoctap.papers.directives import MOST_NAMES, directive_paper, has_paper
from hoctap.papers.pdf import render_pdf
from tests.directives.making import entry, plan

from .looking import flat, line, lines, opened, rule_under


@pytest.fixture
def plan_333(cast):
    about = SEEDS["003"]
    paper = directive_paper(plan(cast, body=text_of("003"), recipients_text=about.recipients))
    with opened(render_pdf(paper)) as pdf:
        yield pdf.pages


@pytest.fixture
def letter_245(cast):
    """By a union of the cast, which is another one than the letter's own."""
    about = SEEDS["000"]
    particulars = dict(about.particulars)
    made = entry(
        cast.ldld_leader, number_text=about.number_text, body=text_of("000"), issued_on=about.issued_on,
        recipients_text=about.recipients, **particulars,
    )  # fmt: skip
    with opened(render_pdf(directive_paper(made))) as pdf:
        yield pdf.pages


def test_plan_333_on_paper(plan_333):
    page = plan_333[0]
    assert line(page, "ỦY BAN NHÂN DÂN QUẬN 3", right=96).face == "Tinos-Bold"
    assert line(page, "Số: 333/KH-UBND", right=96).size == 13
    assert line(page, "Quận 3, ngày 02 tháng 10 năm 2023", left=96).face == "Tinos-Italic"
    kind, subject = line(page, "KẾ HOẠCH"), line(page, "Tổ chức Tuần lễ")
    assert kind.face == subject.face == "Tinos-Bold" and subject.top > kind.top
    assert rule_under(page, line(page, "suốt đời năm 2023 trên địa bàn Quận 3"))
    assert line(page, "Căn cứ Kế hoạch số 4753").face == "Tinos-Italic"
    assert line(page, "Căn cứ Kế hoạch số 5511").face == "Tinos-Italic"
    assert line(page, "I. MỤC ĐÍCH, YÊU CẦU").face == "Tinos-Bold"
    assert flat(page).count("KẾ HOẠCH") == 1  # the text's own head is not printed again
    first = line(page, "Ủy ban nhân dân Quận 3 xây dựng")
    assert (first.left, first.right) == (pytest.approx(42.7, abs=0.3), pytest.approx(195, abs=0.4))


def test_its_signature_and_recipients_side_by_side(plan_333):
    (page,) = [page for page in plan_333 if "Vũ Thị Mỹ Ngọc" in flat(page)]
    titles = [line(page, start, left=105) for start in ("KT.", "PHÓ")]
    assert [one.text for one in titles] == ["KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"]
    assert line(page, "Nơi nhận:", right=105).top == pytest.approx(titles[0].top, abs=1)
    assert line(page, "- Lưu: VT, P.GD&ĐT.", right=105).size == 11
    assert "nghiêm túc triển khai thực hiện./. Nơi nhận:" in flat(page)
    assert "trước ngày 13/10/2023" in flat(page)


def test_its_three_appendices(plan_333):
    starts = [n for n, page in enumerate(plan_333) if lines(page)[1].text.startswith("Phụ lục")]
    names = [[one.text for one in lines(plan_333[n])[1:3]] for n in starts]
    assert names == [
        ["Phụ lục I", "KHẨU HIỆU"],
        ["Phụ lục II", "ĐỀ CƯƠNG THÔNG TIN TUYÊN TRUYỀN VỀ"],
        ["Phụ lục III", "TỔNG HỢP SỐ LIỆU KẾT QUẢ TỔ CHỨC"],
    ]
    assert "15. Đời sống có hạn mà sự học thì vô hạn (Trang Tử)." in flat(plan_333[starts[0]])
    caption = "(Kèm theo Kế hoạch số 333/KH-UBND ngày 02 tháng 10 năm 2023 của Ủy ban nhân dân Quận 3)"
    assert caption in flat(plan_333[starts[1]])
    form = plan_333[starts[2] :]
    rows = [row for page in form for row in page.find_tables()[0].extract()[2:]]
    assert len(rows) == 41 and rows[-1][:2] == ["11", "Các nội dung khác (nếu có)"]
    assert all(float(page.width) < float(page.height) for page in form)


def test_no_heading_ends_a_page(plan_333):
    (end,) = [n for n, page in enumerate(plan_333) if "Vũ Thị Mỹ Ngọc" in flat(page)]
    assert end > 5
    for page in plan_333[:end]:
        last = [one for one in lines(page) if one.bottom < 297 - 20 + 1][-1]
        assert last.face != "Tinos-Bold", last


def test_letter_245_in_the_unions_layout(letter_245):
    page = letter_245[0]
    assert "CỘNG HÒA" not in flat(page)
    parent, issuer = (
        line(page, "THÀNH PHỐ HỒ CHÍ MINH", right=96),
        line(page, "LIÊN ĐOÀN LAO ĐỘNG QUẬN 3", right=96),
    )
    assert (parent.face, issuer.face) == ("Tinos-Regular", "Tinos-Bold")
    number, about = line(page, "Số: 245/LĐLĐ", right=96), line(page, "V/v tổ chức tuần lễ", right=96)
    assert about.top > number.top and about.size == 12
    assert line(page, "Gò Vấp, ngày 29 tháng 9 năm 2023", left=96).face == "Tinos-Italic"
    kindly = line(page, "Kính gửi")
    assert kindly.text == "Kính gửi: Ban Chấp hành Công đoàn cơ sở trực thuộc"
    heading = line(page, "1. Tổ chức tuần lễ")
    assert heading.face == "Tinos-Bold"
    (signed,) = [page for page in letter_245 if "Trần Thị Bích Thuận" in flat(page)]
    assert line(signed, "TM. BAN THƯỜNG VỤ", left=105).centre == pytest.approx(150, abs=1)
    slogans = letter_245[-1]
    assert [one.text for one in lines(slogans)[1:3]] == ["Phụ lục", "MỘT SỐ KHẨU HIỆU TUYÊN TRUYỀN"]
    assert "4. Học, học nữa, học mãi (Lenin)." in flat(slogans)


def test_a_short_text_gets_all_its_boxes_from_the_register(cast):
    made = plan(
        cast, citations=["Căn cứ Kế hoạch số 4753/KH-UBND của UBND Thành phố", "Kế hoạch số 1/KH-UBND"]
    )
    paper = directive_paper(made)
    assert paper.bases == ("Căn cứ Kế hoạch số 4753/KH-UBND của UBND Thành phố",)
    assert paper.body[-1] == Paragraph("Tổ chức Tuần lễ nhằm đẩy mạnh phong trào học tập.", marked=True)
    assert paper.sign == Signature("Phó Chủ tịch", "Vũ Thị Mỹ Ngọc", ("TM. Ủy ban nhân dân", "KT. Chủ tịch"))
    assert (paper.addressees, paper.recipients) == ((), ("Lưu: VT",))


def test_a_basis_already_in_the_text_is_not_printed_twice(cast):
    made = plan(cast, body="Căn cứ Luật A;\n\nI. NỘI DUNG", citations=["Căn cứ Luật A"])
    assert directive_paper(made).bases == ("Căn cứ Luật A;",)


def test_a_letter_names_whom_it_is_sent_to(cast):
    made = entry(cast.q3_leader, body="Đề nghị báo cáo.", deliver_to=[cast.pgd, cast.p1])
    paper = directive_paper(made)
    assert paper.kind is None
    assert paper.addressees == ("Phòng Giáo dục và Đào tạo Quận 3", "Ủy ban nhân dân Phường 1")
    assert paper.recipients == ("Như trên", "Lưu: VT")


def test_too_many_to_name_are_left_to_the_text(cast, monkeypatch):
    monkeypatch.setattr("hoctap.papers.directives.MOST_NAMES", 1)
    made = entry(cast.q3_leader, body="Đề nghị báo cáo.", deliver_to=[cast.pgd, cast.p1])
    assert MOST_NAMES > 1 and directive_paper(made).addressees == ()


def test_what_the_register_was_told_later_counts(cast):
    made = plan(
        cast,
        body="I. NỘI DUNG\n\nKT. CHỦ TỊCH\nPHÓ CHỦ TỊCH\n\nVũ Thị Mỹ Ngọc",
        authority=Authority.TM,
        signer_position="Chủ tịch",
        signer_name="Nguyễn Văn Minh Họa",
    )
    assert directive_paper(made).sign == Signature(
        "Chủ tịch", "Nguyễn Văn Minh Họa", ("TM. Ủy ban nhân dân",)
    )


def test_a_draft_bears_no_number(cast):
    made = plan(
        cast, draft=True, issued_on=None, body="I. NỘI DUNG\n\nTổ chức.\n\nPhụ lục\nKHẨU HIỆU\n- Học."
    )
    paper = directive_paper(made)
    assert paper.draft and paper.date is None
    assert paper.appendices[0].caption == "(Kèm theo Kế hoạch của Ủy ban nhân dân Quận 3)"
    with opened(render_pdf(paper)) as pdf:
        assert line(pdf.pages[0], "DỰ THẢO", right=96)
        assert "333/KH-UBND" not in flat(pdf.pages[0])


@pytest.mark.parametrize(
    ("title", "printed"), [("LỜI KÊU GỌI\nHưởng ứng Tuần lễ học tập suốt đời\n\n", "LỜI KÊU GỌI"), ("", None)]
)
def test_another_kind_bears_the_title_of_its_text(cast, title, printed):
    made = entry(
        cast.q3_leader,
        kind=DocumentKind.OTHER,
        subject="Hưởng ứng Tuần lễ học tập suốt đời",
        body=f"{title}Toàn thể Nhân dân tích cực tham gia.",
        issued_on=date(2023, 10, 2),
    )
    assert directive_paper(made).kind == printed


def test_only_what_was_written_here_and_stands_is_printed(cast):
    made = plan(cast)
    body = DirectiveText.objects.get(directive=made).body
    assert has_paper(made, body)
    assert not has_paper(made, " ")
    received = entry(cast.q3_leader, issuer_name="Ban Tuyên giáo Quận ủy", body="Đề nghị.")
    assert not has_paper(received, "Đề nghị.")
    recall(seat=cast.q3_leader, directive=made, reason="nhầm")
    made.refresh_from_db()
    assert made.status == DirectiveStatus.RECALLED and not has_paper(made, body)


def test_an_article_that_is_a_title_is_bold_with_its_words_another_with_its_number(cast):
    body = "QUYẾT ĐỊNH:\nĐiều 1. Nội dung thực hiện\n- Treo băng rôn.\nĐiều 2. Phòng Nội vụ thi hành Quyết định này."
    made = plan(cast, kind=DocumentKind.QD, number_text="5/QĐ-UBND", body=body)
    said = [part.text for part in directive_paper(made).body if isinstance(part, Paragraph)]
    assert said == ["**Điều 1. Nội dung thực hiện**", "**Điều 2.** Phòng Nội vụ thi hành Quyết định này."]


def test_what_a_letter_says_it_carries_out_is_not_printed_again_as_its_basis(cast):
    cited = "Kế hoạch số 4753/KH-UBND ngày 25 tháng 9 năm 2023 của Ủy ban nhân dân Thành phố Hồ Chí Minh"
    made = plan(
        cast, kind=DocumentKind.CV, number_text="5/UBND", citations=[f"Căn cứ {cited}"],
        body=f"Kính gửi: Các phòng.\nThực hiện {cited}. Ủy ban nhân dân Quận 3 đề nghị báo cáo.",
    )  # fmt: skip
    assert directive_paper(made).bases == ()
