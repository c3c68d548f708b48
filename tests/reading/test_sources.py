"""Word documents, PDFs, scans and photos: what a person brings reads as its text does."""

import io
import os
import shutil
import zipfile
from difflib import SequenceMatcher

import pypdfium2 as pdfium
import pytest
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from hoctap.directives.reading import read
from hoctap.directives.reading.sources import scans, text_of
from hoctap.directives.reading.text import normalise
from hoctap.kernel.errors import Refusal
from tests.reading.files import as_docx, as_pdf, as_scan, pictures, saved, seed, typeset

SEEDS = ["000", "001", "002", "003", "004"]
LAYOUTS = {  # space between paragraphs, indent of their first lines, straight right edge
    "space": ("0.9em", "0pt", "yes"), "indent": ("0.65em", "1.27cm", "yes"), "ragged": ("1em", "1cm", "no"),
}  # fmt: skip


def answer(raw: str) -> dict:
    found = read(raw).as_json()
    del found["evidence"]
    return found


def lines(raw: str) -> list[str]:
    return normalise(raw).split("\n")


@pytest.mark.parametrize("name", SEEDS)
def test_seed_as_word_document(name):
    assert answer(text_of("cong van.docx", as_docx(seed(name)))) == answer(seed(name))


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("name", SEEDS)
def test_seed_as_pdf(name, layout):
    found, said = answer(text_of("cong van.pdf", as_pdf(seed(name), *LAYOUTS[layout]))), answer(seed(name))
    if (name, layout) == ("003", "indent"):
        # a page ends inside a cell of the form: its end is a line of its own
        assert abs(_count(found["form"]) - _count(said["form"])) <= 1
        del found["form"], said["form"]
    assert found == said


def _count(form: dict) -> int:
    return sum(len(section["lines"]) for section in form["sections"])


needs_tesseract = pytest.mark.skipif(not shutil.which("tesseract"), reason="tesseract is not installed")


@needs_tesseract
@pytest.mark.parametrize("name", ["000", "001", "002", "004"])
def test_seed_as_scan(name):
    """Letters may be mistaken; who, to whom, when and what is asked may not."""
    found, said = answer(text_of("quet.pdf", as_scan(as_pdf(seed(name))))), answer(seed(name))
    for key in ("number", "kind", "date", "place", "addressees"):
        assert found[key] == said[key]
    for key in ("code", "issuer", "subject"):
        assert _alike(found[key], said[key])
    due = [
        [(d["stated"], d["recurrence"], d["month"], d["to"], d["via"]) for d in a["deadlines"]]
        for a in (found, said)
    ]
    assert due[0] == due[1]
    assert [len(a["basis"]) for a in (found, said)] == [len(said["basis"])] * 2
    assert [t["percent"] for t in found["targets"]] == [t["percent"] for t in said["targets"]]
    tasks = [[task["text"] for given in a["assignments"] for task in given["tasks"]] for a in (found, said)]
    assert abs(len(tasks[0]) - len(tasks[1])) <= 1


def _alike(one: str | None, other: str | None) -> bool:
    return one == other or SequenceMatcher(None, one or "", other or "").ratio() > 0.9


@needs_tesseract
@pytest.mark.parametrize("turn", [0, 90, 180, 1])
def test_photo_however_it_was_held(turn):
    out = io.BytesIO()
    pictures(as_pdf(seed("002")), 170)[0].rotate(turn, expand=True, fillcolor=255).save(
        out, "JPEG", quality=80
    )
    found = answer(text_of("IMG_0042.JPG", out.getvalue()))
    assert (found["number"], found["date"], found["place"]) == ("32", "2022-02-08", "Thái Bình")
    assert found["addressees"] == ["Các Công đoàn cơ sở trực thuộc"]


@needs_tesseract
def test_page_that_is_a_picture_among_pages_of_text():
    whole = as_pdf(seed("002"))
    mixed, first, scan = (
        pdfium.PdfDocument.new(),
        pdfium.PdfDocument(whole),
        pdfium.PdfDocument(as_scan(whole)),
    )
    mixed.import_pages(first, [0])
    mixed.import_pages(scan, [1])
    out = io.BytesIO()
    mixed.save(out)
    for document in (mixed, first, scan):
        document.close()
    assert answer(text_of("a.pdf", out.getvalue()))["signer"]["name"] == "Đào Văn Truyền"


@pytest.mark.parametrize("languages", [None, "eng osd"], ids=["no tesseract", "no Vietnamese"])
def test_scan_where_nothing_reads_scans(tmp_path, monkeypatch, languages):
    if languages:
        program = tmp_path / "tesseract"
        program.write_text(f"#!/bin/sh\necho List of available languages:\nprintf '%s\\n' {languages}\n")
        program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}/bin" if languages else str(tmp_path))
    with pytest.raises(Refusal) as refused:
        text_of("quet.pdf", as_scan(as_pdf("Kính gửi: Các đơn vị"), 60))
    assert "quet.pdf" in refused.value.message
    assert "apt install tesseract-ocr tesseract-ocr-vie" in refused.value.message


def test_picture_that_cannot_be_read(monkeypatch):
    monkeypatch.setattr(scans, "_required", lambda name: ["vie"])
    monkeypatch.setattr(scans.subprocess, "run", _fails)
    out = io.BytesIO()
    pictures(as_pdf("Trang"), 40)[0].save(out, "PNG")
    with pytest.raises(Refusal, match="Chụp hoặc quét lại rõ hơn"):
        text_of("anh.png", out.getvalue())


def _fails(*_, **__):
    raise scans.subprocess.TimeoutExpired("tesseract", 1)


# Word


def test_lists_that_word_numbers():
    document = Document()
    for style, text in [
        ("List Number", "Tuyên truyền"), ("List Bullet", "Treo băng rôn"), ("List Number", "Báo cáo"),
        ("Normal", "Nơi nhận:"), ("List Bullet", "Như trên;"),
    ]:  # fmt: skip
        document.add_paragraph(text, style)
    assert lines(text_of("a.docx", saved(document))) == [
        "1. Tuyên truyền", "- Treo băng rôn", "2. Báo cáo", "Nơi nhận:", "- Như trên;",
    ]  # fmt: skip


NUMBERING = """<w:abstractNum {ns} w:abstractNumId="77">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="upperRoman"/><w:lvlText w:val="%1."/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%2."/></w:lvl>
<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%2.%3."/></w:lvl>
<w:lvl w:ilvl="3"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%4)"/></w:lvl>
</w:abstractNum>"""


def test_outline_that_word_numbers():
    """I. 1. 1.1. a) as a plan has them; a second list of the kind goes on, one that starts anew does not."""
    document = Document()
    numbering = document.part.numbering_part.element
    numbering.insert(0, parse_xml(NUMBERING.format(ns=nsdecls("w"))))
    for number, anew in (
        ("900", ""),
        ("901", ""),
        ("902", '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'),
    ):
        numbering.append(
            parse_xml(f'<w:num {nsdecls("w")} w:numId="{number}"><w:abstractNumId w:val="77"/>{anew}</w:num>')
        )
    for number, level, text in [
        ("900", 0, "MỤC ĐÍCH"), ("900", 1, "Mục đích"), ("900", 1, "Yêu cầu"), ("900", 2, "Đúng hạn"), ("900", 2, "Đủ số"),
        ("900", 3, "một"), ("900", 3, "hai"), ("901", 0, "NỘI DUNG"), ("901", 1, "Việc"), ("902", 0, "PHỤ"),
    ]:  # fmt: skip
        properties = document.add_paragraph(text)._p.get_or_add_pPr()
        properties.append(parse_xml(
            f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
        ))  # fmt: skip
    assert lines(text_of("a.docx", saved(document))) == [
        "I. MỤC ĐÍCH", "1. Mục đích", "2. Yêu cầu", "2.1. Đúng hạn", "2.2. Đủ số", "a) một", "b) hai", "II. NỘI DUNG",
        "1. Việc", "I. PHỤ",
    ]  # fmt: skip


def _paragraph(document, inner: str) -> None:
    spaces = nsdecls("w") + (
        ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:v="urn:schemas-microsoft-com:vml"'
        ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
    )
    document.element.body.insert(-1, parse_xml(f"<w:p {spaces}>{inner}</w:p>"))


def test_tracked_changes_as_if_accepted():
    document = Document()
    _paragraph(
        document,
        "<w:r><w:t xml:space='preserve'>Gửi báo cáo trước ngày </w:t></w:r>"
        "<w:del w:id='1'><w:r><w:delText>13</w:delText></w:r></w:del>"
        "<w:ins w:id='2'><w:r><w:t>15</w:t></w:r></w:ins><w:r><w:t>/10/2023.</w:t></w:r>"
        "<w:moveFrom w:id='3'><w:r><w:t> Đã chuyển đi.</w:t></w:r></w:moveFrom>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t> Chữ ẩn.</w:t></w:r>",
    )
    table = document.add_table(rows=2, cols=2)
    for row, texts in zip(table.rows, (("1", "giữ"), ("2", "xóa")), strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    table.rows[1]._tr.get_or_add_trPr().append(parse_xml(f"<w:del {nsdecls('w')} w:id='4'/>"))
    assert lines(text_of("a.docx", saved(document))) == ["Gửi báo cáo trước ngày 15/10/2023.", "1\tgiữ"]


def test_text_boxes_once_and_page_heads_not_at_all():
    document = Document()
    document.sections[0].header.paragraphs[0].text = "Tên cơ quan ở đầu trang"
    document.sections[0].footer.paragraphs[0].text = "Trang 1"
    box = "<w:txbxContent><w:p><w:r><w:t>DỰ THẢO</w:t></w:r></w:p></w:txbxContent>"
    _paragraph(
        document,
        "<w:r><w:t>Kính gửi: Các trường</w:t></w:r><w:r><mc:AlternateContent><mc:Choice Requires='wps'><wps:txbx>"
        f"{box}</wps:txbx></mc:Choice><mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r>",
    )
    assert lines(text_of("a.docx", saved(document))) == ["Kính gửi: Các trường", "DỰ THẢO"]


def test_table_with_cells_over_rows_and_columns():
    document = Document()
    table = document.add_table(rows=3, cols=4)
    for row, texts in zip(
        table.rows, ("STT|Nội dung|Số lượng|", "||Lớp|Người", "1|Bồi dưỡng||"), strict=True
    ):
        for cell, text in zip(row.cells, texts.split("|"), strict=True):
            cell.text = text
    for column in (0, 1):
        table.cell(0, column).merge(table.cell(1, column))
    table.cell(0, 2).merge(table.cell(0, 3))
    assert normalise(text_of("a.docx", saved(document))).split("\n") == [
        "STT\tNội dung\tSố lượng\t", "\t\tLớp\tNgười", "1\tBồi dưỡng\t\t",
    ]  # fmt: skip


def test_head_in_two_columns():
    document = Document()
    left, right = document.add_table(rows=1, cols=2).rows[0].cells
    left.text, right.text = "UBND QUẬN 3", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
    left.add_paragraph("PHÒNG GIÁO DỤC VÀ ĐÀO TẠO")
    left.add_paragraph("Số: 12/PGDĐT")
    right.add_paragraph("Độc lập - Tự do - Hạnh phúc")
    right.add_paragraph("Quận 3, ngày 05 tháng 9 năm 2024")
    document.add_paragraph("Kính gửi: Hiệu trưởng các trường tiểu học")
    found = answer(text_of("a.docx", saved(document)))
    assert (found["parent_issuer"], found["issuer"]) == ("UBND QUẬN 3", "PHÒNG GIÁO DỤC VÀ ĐÀO TẠO")
    assert (found["code"], found["date"], found["place"]) == ("12/PGDĐT", "2024-09-05", "Quận 3")


FOOTNOTES = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"


def test_footnotes_stand_at_the_end():
    document = Document()
    document.add_paragraph("Theo Luật Giáo dục, các trường thực hiện.")
    data = _with_part(
        saved(document), "word/footnotes.xml", FOOTNOTES,
        f"<w:footnotes {nsdecls('w')}><w:footnote w:id='0' w:type='separator'><w:p/></w:footnote><w:footnote w:id='2'><w:p>"
        "<w:r><w:t>Luật số 43/2019/QH14.</w:t></w:r></w:p></w:footnote></w:footnotes>",
    )  # fmt: skip
    assert lines(text_of("a.docx", data)) == [
        "Theo Luật Giáo dục, các trường thực hiện.",
        "(1) Luật số 43/2019/QH14.",
    ]


def _with_part(data: bytes, part: str, kind: str, content: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            body = old.read(name)
            if name == "[Content_Types].xml":
                body = body.replace(
                    b"</Types>", f'<Override PartName="/{part}" ContentType="{kind}"/></Types>'.encode()
                )
            new.writestr(name, body)
        new.writestr(part, content)
    return out.getvalue()


def test_paragraph_whose_end_was_struck_out_goes_on():
    document = Document()
    first = document.add_paragraph("Đề nghị các đơn vị ")
    first._p.get_or_add_pPr().append(parse_xml(f"<w:rPr {nsdecls('w')}><w:del w:id='1'/></w:rPr>"))
    document.add_paragraph("gửi báo cáo.")
    assert lines(text_of("a.docx", saved(document))) == ["Đề nghị các đơn vị gửi báo cáo."]
    assert first._p.find(qn("w:pPr")) is not None


# PDF

PAGE = """
#set page(paper: "a4", margin: 25mm, header: [Kế hoạch tuần lễ 2024 #h(1fr) Trang #context counter(page).display()],
  footer: align(center)[- #context counter(page).display() -])
#set text(font: "Tinos", size: 14pt, lang: "vi", hyphenate: false)
#set par(justify: true)
"""


def test_heads_and_numbers_of_pages_are_dropped_and_what_they_cut_is_whole():
    sentence = "Các đơn vị tổ chức học tập thường xuyên trong năm học và báo cáo kết quả về phòng, "
    source = PAGE + "".join(f"+ Mục. {sentence * 9}hết mục {n}.\n" for n in range(1, 19))
    found = lines(text_of("a.pdf", typeset(source)))
    assert len(found) == 18
    for n, line in enumerate(found, 1):
        assert line == f"{n}. Mục. {sentence * 9}hết mục {n}."


def test_words_numbers_and_addresses_cut_at_a_line_end():
    source = """
#set page(width: 120mm, height: 100mm, margin: 10mm)
#set text(font: "Tinos", size: 14pt, hyphenate: true, lang: "en")
#set par(justify: true)
Thông tin tại https://sachweb.com/publish/nhung-tam-guong-binh-di-toa-sang/id3688/index.aspx?trang=12 và theo
Quyết định số 1373/QĐ-TTg của Thủ tướng; giai đoạn 2021-2030; internationalization, responsibilities of
representatives notwithstanding the aforementioned considerations.
"""
    (found,) = lines(text_of("a.pdf", typeset(source)))
    assert found == (
        "Thông tin tại https://sachweb.com/publish/nhung-tam-guong-binh-di-toa-sang/id3688/index.aspx?trang=12 và theo Quyết"
        " định số 1373/QĐ-TTg của Thủ tướng; giai đoạn 2021-2030; internationalization, responsibilities of representatives"
        " notwithstanding the aforementioned considerations."
    )


def test_ligatures_and_letters_that_look_alike():
    assert normalise("oﬃce ﬁle: Ðiều 1, Thủ Ðức; cộng hoà") == "office file: Điều 1, Thủ Đức; cộng hoà"


def test_table_over_two_pages_is_one_and_says_its_heading_once():
    rows = "".join(f"[{n}], [Nội dung việc thứ {n} của đơn vị], [người], [], " for n in range(1, 60))
    source = f"""
#set page(paper: "a4", margin: 20mm)
#set text(font: "Tinos", size: 14pt)
#table(columns: (1fr, 6fr, 2fr, 2fr), table.header([STT], [Nội dung], [Đơn vị], [Số lượng]), {rows})
"""
    found = lines(text_of("a.pdf", typeset(source)))
    assert found[0] == "STT\tNội dung\tĐơn vị\tSố lượng"
    assert found[1:] == [f"{n}\tNội dung việc thứ {n} của đơn vị\tngười\t" for n in range(1, 60)]


def test_letterhead_and_signature_of_a_pdf():
    source = """
#set page(paper: "a4", margin: 25mm)
#set text(font: "Tinos", size: 13pt)
#grid(columns: (1fr, 1.4fr), align: center, row-gutter: 3mm,
  [UBND HUYỆN CỦ CHI \\ *TRƯỜNG TIỂU HỌC PHƯỚC THẠNH*],
  [*CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM* \\ *Độc lập - Tự do - Hạnh phúc*],
  [Số: 15/KH-THPT], [_Củ Chi, ngày 09 tháng 9 năm 2024_])
#align(center)[*KẾ HOẠCH* \\ *Tổ chức Tuần lễ hưởng ứng học tập suốt đời năm 2024*]
Thực hiện Công văn số 100/PGDĐT ngày 03/9/2024 của Phòng Giáo dục và Đào tạo huyện Củ Chi, nhà trường xây dựng kế hoạch.
#grid(columns: (1fr, 1fr), [*_Nơi nhận:_* \\ - Phòng GDĐT (để báo cáo); \\ - Lưu: VT.],
  align(center)[*HIỆU TRƯỞNG* \\ \\ \\ *Lê Thị Hoa*])
"""
    found = answer(text_of("a.pdf", typeset(source)))
    assert (found["parent_issuer"], found["issuer"]) == ("UBND HUYỆN CỦ CHI", "TRƯỜNG TIỂU HỌC PHƯỚC THẠNH")
    assert (found["code"], found["place"], found["date"]) == ("15/KH-THPT", "Củ Chi", "2024-09-09")
    assert found["subject"] == "Tổ chức Tuần lễ hưởng ứng học tập suốt đời năm 2024"
    assert found["signer"] == {"name": "Lê Thị Hoa", "position": "HIỆU TRƯỞNG", "authority": None}
    assert found["recipients"] == ["Phòng GDĐT (để báo cáo)", "Lưu: VT"]


def test_place_and_day_over_two_lines_of_their_box():
    source = """
#set page(paper: "a4", margin: 20mm)
#set text(font: "Tinos", size: 13pt)
#grid(columns: (1fr, 1fr), column-gutter: 40mm, [Số: 15/KH-THPT], [Thành phố Thủ Đức, ngày 09 \\ tháng 9 năm 2024])
#align(center)[KẾ HOẠCH \\ Tổ chức Tuần lễ]
"""
    found = answer(text_of("a.pdf", typeset(source)))
    assert (found["place"], found["date"]) == ("Thành phố Thủ Đức", "2024-09-09")


def test_cells_with_hardly_a_gap_between_them():
    source = """
#set page(paper: "a4", margin: 20mm)
#set text(font: "Tinos", size: 14pt)
#table(columns: 4, inset: 1pt, [STT], [Nội dung], [Đơn vị], [Số lượng],
  [1], [Mở lớp], [lớp], [], [2], [Đọc sách], [người], [])
"""
    assert lines(text_of("a.pdf", typeset(source))) == [
        "STT\tNội dung\tĐơn vị\tSố lượng", "1\tMở lớp\tlớp\t", "2\tĐọc sách\tngười\t",
    ]  # fmt: skip
