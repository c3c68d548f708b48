"""Whole texts taken apart into boxes: the source documents' real text, and how Word lays boxes side by side."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoctap.cli.demo.documents import SEEDS, text_of
from hoctap.directives.blocks import blocks
from hoctap.kernel.vietnamese import fold
from hoctap.papers.boxes import Boxes, take_apart
from hoctap.papers.content import Bullet, Centred, FigureTable, Heading, Paragraph


def seed(name: str) -> Boxes:
    about = SEEDS[name].particulars
    return take_apart(text_of(name), subject=about["subject"], signer=about.get("signer_name", ""))


def every_text(boxes: Boxes) -> str:
    """All that is printed, folded, without marks."""
    said = [boxes.title, *boxes.addressees, *boxes.bases, *boxes.titles, boxes.signer, *boxes.recipients]
    said += [word for part in boxes.appendices for word in (part.title, part.caption)]
    for block in (*boxes.body, *(block for part in boxes.appendices for block in part.blocks)):
        said += cells(block) if isinstance(block, FigureTable) else [block.text]
    return fold("\n".join(said).replace("*", ""))


def cells(table: FigureTable) -> list[str]:
    heads = [word for column in table.columns for word in (column.group, column.label)]
    return [*heads, *(str(cell) for row in table.rows for cell in row.cells)]


def test_plan_333_box_by_box():
    boxes = seed("003")
    assert [base[:31] for base in boxes.bases] == [
        "Căn cứ Kế hoạch số 4753/KH-UBND",
        "Căn cứ Kế hoạch số 5511/KH-SGDĐ",
    ]
    assert boxes.body[0].text.startswith("Ủy ban nhân dân Quận 3 xây dựng Kế hoạch")
    assert boxes.body[1] == Heading("I. MỤC ĐÍCH, YÊU CẦU", 1)
    assert boxes.body[-1].text.endswith("nghiêm túc triển khai thực hiện./.")
    assert boxes.titles == ("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH")
    assert boxes.signer == "Vũ Thị Mỹ Ngọc"
    assert boxes.recipients[0] == "Sở GD&ĐT Thành phố;" and boxes.recipients[-1] == "Lưu: VT, P.GD&ĐT."
    slogans, outline, form = boxes.appendices
    assert slogans.title.split("\n")[0] == "KHẨU HIỆU"
    assert slogans.caption.startswith("(Định kèm Kế hoạch số 333/KH-UBND")
    assert slogans.blocks[-1].text == "15. Đời sống có hạn mà sự học thì vô hạn (Trang Tử)."
    assert outline.title.startswith("ĐỀ CƯƠNG THÔNG TIN") and outline.caption == ""
    (table,) = form.blocks
    assert form.caption == "(Kèm theo báo cáo kết quả tổ chức Tuần lễ)"
    assert [column.label for column in table.columns] == [
        *("STT", "Các hoạt động", "Đơn vị", "Số lớp/số cuộc thi", "Người", "Ghi chú"),
    ]
    assert [column.group for column in table.columns] == ["", "", "", "Số lượng", "Số lượng", ""]
    assert table.rows[-1].cells[:2] == ("11", "Các nội dung khác (nếu có)")


def test_letter_245_box_by_box():
    boxes = seed("000")
    assert boxes.addressees == ("Ban Chấp hành Công đoàn cơ sở trực thuộc",)
    assert boxes.bases == ()
    assert boxes.body[0].text.startswith("Thực hiện Công văn số 1118/LĐLĐ-TG")
    assert boxes.titles == ("TM. BAN THƯỜNG VỤ", "PHÓ CHỦ TỊCH")
    assert boxes.recipients == ("Như trên;", "Lưu: VT, TG.")
    (slogans,) = boxes.appendices
    assert len(slogans.blocks) == 15
    assert slogans.blocks[3] == Paragraph("4. Học, học nữa, học mãi (Lenin).", marked=True)


DROPPED = {  # printed from the register instead, or by the layout itself
    "000": ["Số: 245/LĐLĐ", "Về việc tổ chức tuần lễ", "Gò Vấp, ngày 29", "Nơi nhận:"],
    "001": ["Tp. Thủ Đức, ngày 7", "Số 432/LĐLĐ", "V/v tham gia", "Nơi nhận:"],
    "002": ["Số: 32 /CDYT", "Thái Bình, ngày 08", "V/v thực hiện Đề án", "Nơi nhận:"],
    "003": ["Số: 333 /KH-UBND", "Quận 3, ngày 02", "Nơi nhận:", "Phụ lục 2"],
    "004": [],
}


@pytest.mark.parametrize("name", SEEDS)
def test_only_what_the_register_prints_is_left_out(name):
    printed = every_text(seed(name))
    said = ["".join(run.text for run in part.runs).strip() for part in blocks(text_of(name))]
    bare = [text.lstrip("-+ ") for text in said]
    missing = [text for text in bare if fold(text).removeprefix("kinh gui: ").rstrip(".") not in printed]
    assert len(missing) == len(DROPPED[name])
    assert all(text.startswith(start) for text, start in zip(missing, DROPPED[name], strict=True))


def test_boxes_that_word_keeps_side_by_side():
    boxes = take_apart(
        "ỦY BAN NHÂN DÂN\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n"
        "QUẬN 3\tĐộc lập - Tự do - Hạnh phúc\n"
        "Số: 12/UBND-GD\tQuận 3, ngày 02 tháng 10 năm 2023\n"
        "V/v nhắc báo cáo kết quả\n\n"
        "Kính gửi:\n- UBND Phường 1;\n- UBND Phường 2.\n\n"
        "Đề nghị gửi báo cáo.\n\n"
        "Nơi nhận:\tTM. ỦY BAN NHÂN DÂN\n- Như trên;\tKT. CHỦ TỊCH\n- Lưu: VT.\tPHÓ CHỦ TỊCH\n"
        "\tVũ Thị Mỹ Ngọc",
        subject="Nhắc báo cáo kết quả",
    )
    assert boxes == Boxes(
        addressees=("UBND Phường 1", "UBND Phường 2"),
        body=(Paragraph("Đề nghị gửi báo cáo.", marked=True),),
        titles=("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"),
        signer="Vũ Thị Mỹ Ngọc",
        recipients=("Như trên;", "Lưu: VT."),
    )


def test_a_body_alone_is_all_body():
    boxes = take_apart(
        "Thực hiện ý kiến của Quận ủy, UBND Quận 3 đề nghị:\n\n1. Nội dung\n\n- Tổ chức **đúng hạn;**\n+ Báo cáo.",
        subject="Tổ chức Tuần lễ hưởng ứng học tập suốt đời",
    )
    assert boxes == Boxes(
        body=(
            Paragraph("Thực hiện ý kiến của Quận ủy, UBND Quận 3 đề nghị:", marked=True),
            Heading("1. Nội dung", 1),
            Bullet("Tổ chức **đúng hạn**;", marked=True),
            Bullet("Báo cáo.", 2, marked=True),
        )
    )


def test_a_decision_keeps_its_order():
    boxes = take_apart(
        "QUYẾT ĐỊNH\nVề việc thành lập Ban Tổ chức\n\nCHỦ TỊCH ỦY BAN NHÂN DÂN QUẬN 3\n\n"
        "Căn cứ Luật Tổ chức chính quyền địa phương ngày 19/6/2015;\nTheo đề nghị của Trưởng phòng GD&ĐT.\n\n"
        "QUYẾT ĐỊNH:\n\nĐiều 1. Thành lập Ban Tổ chức Tuần lễ.\n\nCHỦ TỊCH\n\nNơi nhận:\n- Như Điều 1.",
        subject="Thành lập Ban Tổ chức",
    )
    assert boxes.body == (
        Centred("CHỦ TỊCH ỦY BAN NHÂN DÂN QUẬN 3"),
        Paragraph("*Căn cứ Luật Tổ chức chính quyền địa phương ngày 19/6/2015*;", marked=True),
        Paragraph("*Theo đề nghị của Trưởng phòng GD&ĐT*.", marked=True),
        Centred("QUYẾT ĐỊNH:"),
        Paragraph("**Điều 1.** Thành lập Ban Tổ chức Tuần lễ.", marked=True),
    )
    assert boxes.titles == ("CHỦ TỊCH",)


def test_an_appendix_of_a_draft_without_signature():
    boxes = take_apart("I. NỘI DUNG\n\nTổ chức.\n\nPhụ lục\nDanh mục khẩu hiệu\n- Học, học nữa, học mãi.")
    assert boxes.body[-1] == Paragraph("Tổ chức.", marked=True)
    (appendix,) = boxes.appendices
    assert (appendix.title, appendix.blocks) == (
        "Danh mục khẩu hiệu",
        (Bullet("Học, học nữa, học mãi.", marked=True),),
    )


@pytest.mark.parametrize(
    ("line", "is_basis"),
    [
        ("Căn cứ Kế hoạch số 4753/KH-UBND của UBND TP. Hồ Chí Minh.", True),
        ("Căn cứ Công văn số 433/LĐLĐ-TG của LĐLĐ Thành phố. Ban Thường vụ đề nghị.", False),
        ("Căn cứ các văn bản trên, UBND Quận 3 đề nghị như sau:", False),
    ],
)
def test_one_document_is_a_basis_a_sentence_is_text(line, is_basis):
    boxes = take_apart(f"{line}\n\nI. NỘI DUNG")
    assert (boxes.bases == (line,)) is is_basis
    assert (boxes.body[0] == Paragraph(line, marked=True)) is not is_basis


@given(st.lists(st.sampled_from([
    "Số: 1/KH-UBND", "KẾ HOẠCH", "Kính gửi:", "- Sở;", "Nơi nhận:", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH", "Phụ lục 2",
    "Vũ Thị Mỹ Ngọc", "(Kèm theo Kế hoạch)", "a\tb", "Nơi nhận:\tTM. UBND", "I. MỤC", "1. Một", "Lời.", "- ", "**",
    "Căn cứ Luật;", "____", "",
]), max_size=12))  # fmt: skip
def test_lines_in_any_order_are_taken(lines):
    boxes = take_apart("\n".join(lines), subject="Kế hoạch")
    assert every_text(boxes).count("loi.") == lines.count("Lời.")
