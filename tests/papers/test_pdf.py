"""The printed page, box by box: Nghị định 30/2020/NĐ-CP, Phụ lục I."""

import subprocess
import sys
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from pdfminer.pdftypes import resolve1

from hoctap.papers.content import Paragraph
from hoctap.papers.pdf import render_pdf

from . import sample
from .looking import flat, line, lines, opened, rule_under

SOURCE = Path(__file__).resolve().parents[2] / "src"
LEFT, RIGHT = 30, 195  # margins of an upright A4 sheet: 30 mm and 210 - 15 mm


@pytest.fixture(scope="module")
def report():
    with opened(render_pdf(sample.report())) as pdf:
        yield pdf


@pytest.fixture(scope="module")
def plan():
    with opened(render_pdf(sample.plan())) as pdf:
        yield pdf


def test_first_page_is_upright_a4_within_its_margins(report):
    page = report.pages[0]
    assert (round(float(page.width)), round(float(page.height))) == (595, 842)
    body = [one for one in lines(page) if one.text != "Số liệu minh họa"]
    assert min(one.left for one in body) >= LEFT - 0.1
    assert max(one.right for one in body) <= RIGHT + 0.1
    assert min(one.top for one in body) >= 20 - 1
    assert max(one.bottom for one in body) <= 297 - 20 + 0.5


def test_box_1_country_and_motto(report):
    page = report.pages[0]
    country = line(page, "CỘNG HÒA", left=96)
    motto = line(page, "Độc lập", left=96)
    assert country.text == "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
    assert motto.text == "Độc lập - Tự do - Hạnh phúc"
    assert (country.face, country.size) == ("Tinos-Bold", 12)
    assert (motto.face, motto.size) == ("Tinos-Bold", 13)
    assert abs(country.centre - motto.centre) < 0.5
    assert country.top < 25
    rule = rule_under(page, motto)
    assert rule.width == pytest.approx(motto.width, abs=0.5)
    assert rule.top >= motto.bottom - 0.5


def test_box_2_issuer_under_its_superior(report):
    page = report.pages[0]
    parent = line(page, "ỦY BAN", right=96)
    issuer = line(page, "PHÒNG GIÁO DỤC VÀ ĐÀO TẠO", right=96)
    assert (parent.face, parent.size) == ("Tinos-Regular", 12)
    assert (issuer.face, issuer.size) == ("Tinos-Bold", 12)
    assert parent.top == pytest.approx(line(page, "CỘNG HÒA", left=96).top, abs=0.3)
    assert 1 / 3 <= rule_under(page, issuer).width / issuer.width <= 1 / 2


def test_boxes_3_and_4_number_and_date(report):
    page = report.pages[0]
    number = line(page, "Số: 215/BC-GDĐT", right=96)
    dated = line(page, "Quận 3, ngày", left=96)
    assert (number.face, number.size) == ("Tinos-Regular", 13)
    assert (dated.face, dated.size) == ("Tinos-Italic", 13)
    assert dated.text == "Quận 3, ngày 13 tháng 10 năm 2023"
    assert number.top == pytest.approx(dated.top, abs=0.3)
    assert number.centre == pytest.approx(line(page, "PHÒNG", right=96).centre, abs=0.5)


def test_box_5a_kind_and_subject(report):
    page = report.pages[0]
    kind = line(page, "BÁO CÁO")
    first, last = line(page, "Kết quả"), line(page, "suốt đời năm 2023")
    for one in (kind, first, last):
        assert (one.face, one.size) == ("Tinos-Bold", 14)
        assert one.centre == pytest.approx((LEFT + RIGHT) / 2, abs=0.5)
    assert first.text == "Kết quả tổ chức Tuần lễ hưởng ứng học tập"
    assert last.text == "suốt đời năm 2023 trên địa bàn Quận 3"
    assert 1 / 3 <= rule_under(page, last).width / max(first.width, last.width) <= 1 / 2


def test_box_9a_addressees_under_the_colon(report):
    page = report.pages[0]
    kindly = line(page, "Kính gửi")
    committee, department = line(page, "- Ủy ban"), line(page, "- Sở Giáo")
    assert committee.text == "- Ủy ban nhân dân Quận 3;"
    assert department.text == "- Sở Giáo dục và Đào tạo Thành phố Hồ Chí Minh."
    assert committee.left == pytest.approx(department.left, abs=0.1)
    assert 0 < kindly.right - committee.left < 2
    assert {one.size for one in (kindly, committee, department)} == {14}


def test_box_6_justified_text_with_indented_first_line(report):
    page = report.pages[0]
    first, second, last = (
        line(page, "Thực hiện Kế hoạch"),
        line(page, "ban nhân dân"),
        line(page, "địa bàn Quận"),
    )
    assert (first.face, first.size) == ("Tinos-Regular", 14)
    assert first.left == pytest.approx(LEFT + 12.7, abs=0.3)
    assert second.left == last.left == pytest.approx(LEFT, abs=0.3)
    assert first.right == pytest.approx(RIGHT, abs=0.4)
    assert second.right == pytest.approx(RIGHT, abs=0.4)
    assert line(report.pages[1], "Trên đây là báo cáo").right == pytest.approx(RIGHT, abs=0.4)
    pitch = (second.top - first.top) / 25.4 * 72
    assert 1.0 <= pitch / (14 * 1.107) <= 1.5  # of the face's own line
    following = line(page, "I. TÌNH HÌNH")
    assert (following.top - last.top) / 25.4 * 72 - pitch >= 6 - 0.1


def test_headings_are_bold_and_points_plain(report):
    page = report.pages[0]
    assert line(page, "I. TÌNH HÌNH").face == "Tinos-Bold"
    assert line(page, "1. Công tác chỉ đạo").face == "Tinos-Bold"
    assert line(page, "a) Hoạt động cấp quận").face == "Tinos-Regular"
    assert line(page, "- Phát hành").left == pytest.approx(LEFT + 12.7, abs=0.3)


def test_bases_in_italics_end_as_a_list(plan):
    page = plan.pages[0]
    assert line(page, "Căn cứ Kế hoạch số 4753").face == "Tinos-Italic"
    text = flat(page)
    assert "về tổ chức Tuần lễ hưởng ứng học tập suốt đời năm 2023; Căn cứ Kế hoạch số 5511" in text
    assert "về tổ chức Tuần lễ hưởng ứng học tập suốt đời năm 2023. Ủy ban nhân dân Quận 3 xây" in text


def test_given_line_break_in_the_subject_is_kept(plan):
    page = plan.pages[0]
    assert line(page, "Tổ chức Tuần lễ").text == "Tổ chức Tuần lễ hưởng ứng học tập suốt đời năm 2023"
    assert line(page, "trên địa bàn").text == "trên địa bàn Quận 3"
    assert line(page, "Quận 3, ngày", left=96).text == "Quận 3, ngày 02 tháng 10 năm 2023"


def test_box_7_signature_and_9b_recipients(plan):
    page = plan.pages[0]
    titles = [line(page, start, left=105) for start in ("TM.", "KT.", "PHÓ")]
    assert [one.text for one in titles] == ["TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"]
    name = line(page, "Vũ Thị Mỹ Ngọc", left=105)
    for one in (*titles, name):
        assert (one.face, one.size) == ("Tinos-Bold", 14)
        assert one.centre == pytest.approx(150, abs=1)
    assert 25 <= name.top - titles[-1].bottom <= 35  # room for a hand and a stamp
    heading, *items = (line(page, start, right=105) for start in ("Nơi nhận:", "- Sở", "- Các", "- Lưu"))
    assert (heading.face, heading.size) == ("Tinos-BoldItalic", 12)
    assert {(one.face, one.size) for one in items} == {("Tinos-Regular", 11)}
    assert [one.text for one in items] == [
        "- Sở GD&ĐT Thành phố;",
        "- Các đơn vị tại mục III;",
        "- Lưu: VT, P.GD&ĐT.",
    ]
    assert heading.left == pytest.approx(LEFT, abs=0.3)


def test_end_mark_is_joined_to_the_last_sentence_once(report, plan):
    assert "Phòng Giáo dục và Đào tạo./. Nơi nhận:" in flat(report.pages[1])
    assert "nghiêm túc thực hiện./. Nơi nhận:" in flat(plan.pages[0])


def test_page_number_from_the_second_page_on(report):
    assert lines(report.pages[0])[0].top > 18
    for number, page in enumerate(report.pages[1:], 2):
        first = lines(page)[0]
        assert (first.text, first.face, first.size) == (str(number), "Tinos-Regular", 13)
        assert first.bottom < 20
        assert first.centre == pytest.approx((30 + float(page.width) * 25.4 / 72 - 15) / 2, abs=0.5)


@pytest.mark.parametrize("paragraphs", range(27, 33))
def test_signature_never_stands_alone_on_a_page(paragraphs):
    body = tuple(Paragraph(f"Đoạn {n}: {'báo cáo kết quả thực hiện ' * 5}") for n in range(paragraphs))
    with opened(render_pdf(sample.report(body=body, appendices=()))) as pdf:
        signed = [page for page in pdf.pages if "Nguyễn Văn Minh Họa" in flat(page)]
        assert len(signed) == 1
        assert "kết quả thực hiện" in flat(signed[0])
        assert "TRƯỞNG PHÒNG" in flat(signed[0])


def test_letter_without_kind_has_its_subject_under_the_number():
    with opened(render_pdf(sample.union_letter())) as pdf:
        page = pdf.pages[0]
        about = line(page, "V/v tổ chức tuần lễ", right=96)
        assert (about.face, about.size) == ("Tinos-Regular", 12)
        assert about.top > line(page, "Số: 245/LĐLĐ", right=96).top
        assert max(one.right for one in lines(page, right=96)) <= 96
        kindly = line(page, "Kính gửi")
        assert kindly.text == "Kính gửi: Ban Chấp hành Công đoàn cơ sở trực thuộc"
        assert kindly.centre == pytest.approx((LEFT + RIGHT) / 2, abs=0.5)
        assert line(page, "TM. BAN THƯỜNG VỤ", left=105).face == "Tinos-Bold"


def test_union_paper_prints_the_motto_only_when_told():
    with opened(render_pdf(sample.union_letter())) as pdf:
        assert "CỘNG HÒA" not in flat(pdf.pages[0])
        assert "Gò Vấp, ngày 29 tháng 9 năm 2023" in flat(pdf.pages[0])
    with opened(render_pdf(sample.union_letter(motto=True))) as pdf:
        assert line(pdf.pages[0], "CỘNG HÒA", left=96).size == 12
    with opened(render_pdf(sample.plan(motto=False))) as pdf:
        assert "Độc lập" not in flat(pdf.pages[0])


def test_blank_number_and_date_leave_room_to_write():
    paper = sample.plan(number="/BC-UBND", date=None, blank_year=2023)
    with opened(render_pdf(paper)) as pdf:
        page = pdf.pages[0]
        assert line(page, "Số: /BC-UBND", right=96).width > 36
        dated = line(page, "Quận 3, ngày tháng năm 2023", left=96)
        assert dated.width > line(page, "Số:", right=96).width
    with opened(render_pdf(sample.plan(number=""))) as pdf:
        assert "Số:" not in flat(pdf.pages[0])


def test_long_names_wrap_without_touching_their_neighbours():
    paper = sample.report(
        parent_body="Ủy ban nhân dân thành phố Thủ Đức và các cơ quan chuyên môn trực thuộc",
        issuing_body="Ban Chỉ đạo xây dựng xã hội học tập và phong trào thi đua khuyến học, khuyến tài",
        place="Thành phố Hồ Chí Minh",
        date=date(2023, 12, 13),
        subject="Kết quả " + "tổ chức các hoạt động hưởng ứng Tuần lễ học tập suốt đời " * 5,
        addressees=tuple(f"Ủy ban nhân dân {'phường và các đơn vị liên quan ' * 4}{n}" for n in range(3)),
    )
    with opened(render_pdf(paper)) as pdf:
        page = pdf.pages[0]
        issuers = [one for one in lines(page, right=96) if one.size == 12]
        assert len(issuers) >= 4
        assert all(one.right <= 96.1 for one in issuers)
        assert line(page, "Thành phố Hồ Chí Minh, ngày", left=95.5).text.endswith("năm 2023")
        upright = sorted(lines(page), key=lambda one: one.top)
        number = line(page, "Số: 215", right=96)
        assert number.top > max(one.top for one in issuers)
        title = [one for one in upright if one.top > number.bottom]
        assert title[0].text == "BÁO CÁO"
        assert all(b.top - a.top >= 14 * 0.9 * 25.4 / 72 for a, b in pairwise(title))
        assert max(one.right for one in title) <= RIGHT + 0.2


def test_only_tinos_is_used_and_embedded(report):
    used = {char["fontname"].split("+")[-1] for page in report.pages for char in page.chars}
    assert used == {"Tinos-Regular", "Tinos-Bold", "Tinos-Italic", "Tinos-BoldItalic"}
    for page in report.pages:
        for font in resolve1(page.page_obj.resources["Font"]).values():
            (inner,) = resolve1(resolve1(font)["DescendantFonts"])
            descriptor = resolve1(resolve1(inner)["FontDescriptor"])
            assert "FontFile2" in descriptor or "FontFile3" in descriptor


def test_pdf_a_2b_is_declared(report):
    catalog = report.doc.catalog
    metadata = resolve1(catalog["Metadata"]).get_data().decode()
    assert "<pdfaid:part>2</pdfaid:part>" in metadata
    assert "<pdfaid:conformance>B</pdfaid:conformance>" in metadata
    assert resolve1(catalog["OutputIntents"])
    assert resolve1(catalog["Lang"]).decode() in ("vi", "vi-VN")
    assert "BÁO CÁO Kết quả tổ chức Tuần lễ" in metadata


def test_the_same_paper_gives_the_same_bytes():
    assert render_pdf(sample.plan()) == render_pdf(sample.plan())


def test_demo_papers_say_so_on_every_page(report, plan):
    assert all("Số liệu minh họa" in flat(page) for page in report.pages)
    assert not any("Số liệu minh họa" in flat(page) for page in plan.pages)


def test_markup_in_texts_comes_out_as_plain_text():
    row = replace(sample.lines()[0], label=sample.NASTY, note=sample.NASTY, unit="=1+1")
    table = sample.consolidated_table([row], expected=26)
    paper = sample.report(
        subject=sample.NASTY,
        issuing_body="#pagebreak()",
        body=(Paragraph(sample.NASTY),),
        appendices=(
            replace(
                sample.appendix(), title="\\ #{1}", caption=sample.NASTY, table=table, notes=(sample.NASTY,)
            ),
        ),
    )
    with opened(render_pdf(paper)) as pdf:
        assert len(pdf.pages) == 2
        plain = flat(pdf.pages[0])
        assert plain.count("#import") == 2
        assert f"{sample.NASTY}./." in plain
        assert "#PAGEBREAK()" in plain
        cells = pdf.pages[1].find_tables()[0].extract()[-1]
        assert "".join(cells[1].split()) == "".join(sample.NASTY.split())
        assert cells[2] == "=1+1"


def test_letters_outside_the_face_become_boxes_and_accents_compose():
    paper = sample.plan(body=(Paragraph("Cảm ơn 😀 漢 o\u0302\u0301 và \u200bchữ\x07 \ufffe \ud800."),))
    with opened(render_pdf(paper)) as pdf:
        assert "Cảm ơn □ □ ố và chữ./." in flat(pdf.pages[0])


def test_no_text_and_no_addressee_still_make_a_page():
    paper = sample.plan(body=(), bases=(), recipients=(), parent_body="", addressees=())
    with opened(render_pdf(paper)) as pdf:
        assert "KẾ HOẠCH" in flat(pdf.pages[0])


def test_the_process_that_serves_pages_never_loads_the_typesetter():
    asked = "import sys, hoctap.papers.pdf; print('typst' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", asked], cwd=SOURCE, capture_output=True, check=True)
    assert said.stdout.split() == [b"False"]


def test_a_paper_that_cannot_be_set_is_no_empty_file(monkeypatch):
    monkeypatch.setattr("hoctap.papers.pdf._data", lambda paper: {})
    with pytest.raises(RuntimeError, match="typesetting failed"):
        render_pdf(sample.plan())
