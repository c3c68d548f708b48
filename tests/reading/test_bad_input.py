"""What is no directive, or no readable file: said in Vietnamese, nothing invented, nothing broken."""

import hashlib
import io
import json
import shutil
import struct
import unicodedata
import zipfile

import pypdfium2 as pdfium
import pytest
import xlsxwriter
from docx import Document
from PIL import Image

from hoctap.cli.main import main
from hoctap.directives.reading import read
from hoctap.directives.reading.sources import text_of
from hoctap.directives.reading.text import normalise
from hoctap.kernel.errors import Refusal
from tests.reading.files import MOTTO, as_docx, as_pdf, saved, seed

POEM = """Trăm năm trong cõi người ta,
Chữ tài chữ mệnh khéo là ghét nhau.
Trải qua một cuộc bể dâu,
Những điều trông thấy mà đau đớn lòng."""
NEWS = """Sáng 2/10, tại Trường THCS Lê Lợi, quận 3 đã khai mạc Tuần lễ hưởng ứng học tập suốt đời năm 2023.
Phát biểu tại buổi lễ, bà Nguyễn Thị A cho biết 100% phường đã tổ chức. Các đại biểu báo cáo kết quả trước 15/10."""
CODE = """def bao_cao(ngay):
    # trước ngày 13/10/2023
    return {"don_vi": 100, "kinh_gui": None}
"""
SHEET = "STT\tHọ tên\tĐiểm\n1\tNguyễn Văn A\t8\n2\tTrần Thị B\t9\n"
RECIPE = "Cách nấu phở\n1. Ninh xương 8 giờ.\n2. Cho 100 g bánh phở vào tô.\n3. Chan nước dùng, thêm 2% muối."
EMPTY = {"evidence": {}, "form": None, "signer": None} | dict.fromkeys(
    ("code", "number", "notation", "kind", "date", "place", "issuer", "parent_issuer", "subject")
)


def refusal(name: str, data: bytes) -> str:
    with pytest.raises(Refusal) as refused:
        text_of(name, data)
    return refused.value.message


@pytest.mark.parametrize("text", [POEM, NEWS, CODE, SHEET, RECIPE, "xin chào", "1. 2. 3."])
def test_no_directive(text):
    reading = read(text)
    found = reading.as_json()
    assert {key: value for key, value in found.items() if value != []} == EMPTY
    assert reading.notes == (
        "Không thấy dấu hiệu của văn bản hành chính (số, ký hiệu, tên loại, nơi nhận, người ký), nên không đọc ra gì."
        " Kiểm tra lại: có đúng là văn bản chỉ đạo không, có thiếu phần đầu không.",
    )


def test_no_directive_on_the_command_line(tmp_path, capsys):
    file = tmp_path / "tho.txt"
    file.write_text(POEM)
    assert main(["read", str(file), "--json"]) == 1
    out, err = capsys.readouterr()
    assert json.loads(out)["evidence"] == {}
    assert "Không thấy dấu hiệu của văn bản hành chính" in err


@pytest.mark.parametrize("data", [b"", b" \n\t\r\n", b"\xef\xbb\xbf", b"\xff\xfe", b"\0\0"])
def test_empty(data):
    assert refusal("a.txt", data) == "Tệp a.txt trống, không có gì để đọc. Kiểm tra lại tệp rồi chọn lại."


def workbook() -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.add_worksheet().write("A1", "Kính gửi")
    return out.getvalue()


def package(*parts: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts:
            packed.writestr(name, content)
    return out.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
SLIDES = package(("[Content_Types].xml", b"<Types/>"), ("ppt/presentation.xml", b"<p/>"))
ODT = package(("mimetype", b"application/vnd.oasis.opendocument.text"), ("content.xml", b"<o/>"))


@pytest.mark.parametrize(
    "name, data, said",
    [
        ("bao-cao.xlsx", workbook, "là bảng tính Excel"),
        ("bao-cao.docx", workbook, "là bảng tính Excel"),
        ("a.docx", SLIDES, "là bản trình chiếu PowerPoint"),
        ("a.docx", ODT, "là tệp OpenDocument (.odt). Mở bằng Word hoặc LibreOffice, lưu thành kiểu .docx"),
        ("a.docx", package(("a.txt", b"a")), "không phải văn bản Word (.docx)"),
        ("cv.doc", OLE, "là Word đời cũ (.doc). Mở bằng Word, lưu thành kiểu Word Document (.docx)"),
        ("cv.docx", OLE + "EncryptedPackage".encode("utf-16-le"), "có đặt mật khẩu"),
        ("cv.doc", rb"{\rtf1\ansi K\'ednh g\u7917?i}", "là văn bản RTF"),
        ("a.docx", b"PK\x03\x04" + b"x" * 100, "bị hỏng"),
        ("a.docx", b"ordinary text", "không phải tệp .docx thật"),
        ("a.pdf", b"ordinary text", "không phải tệp .pdf thật"),
        ("a.pdf", b"%PDF-1.7\nnothing behind", "bị hỏng, không mở được"),
        ("a.exe", b"MZ\x90\0\3\0\0\0\4\0\0\0" + bytes(range(256)) * 8, "không phải văn bản"),
        ("a.heic", b"\0\0\0\x18ftypheic" + bytes(64), "là kiểu ảnh không đọc được. Lưu thành JPG hoặc PNG"),
        ("a.webp", b"RIFF\x24\0\0\0WEBPVP8 " + bytes(64), "là kiểu ảnh không đọc được"),
        ("a.png", b"\x89PNG\r\n\x1a\n\0\0", "bị hỏng"),
        ("a.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF", "bị hỏng"),
        ("a.txt", b"k" * (20 * 2**20 + 1), "nặng hơn 20 MB"),
    ],
)  # fmt: skip
def test_file_that_cannot_be_read(name, data, said):
    message = refusal(name, data() if callable(data) else data)
    assert message.startswith((f"Tệp {name} ", f"Tệp ảnh {name} "))
    assert said in message
    assert message.endswith((".", ".tiff."))


def test_name_does_not_matter(tmp_path):
    assert read(text_of("cong-van.txt", as_docx(seed("002")))).as_json()["code"] == "32/CDYT"
    assert read(text_of("tep", as_pdf(seed("002")))).as_json()["code"] == "32/CDYT"


def test_every_cut_of_a_file_is_refused_or_read():
    for name, data in (("a.docx", as_docx(seed("002"))), ("a.pdf", as_pdf(seed("002")))):
        for end in range(0, len(data), len(data) // 40):
            try:
                read(text_of(name, data[:end]))
            except Refusal as refused:
                assert name in refused.message


def test_pdf_with_a_password():
    assert "có đặt mật khẩu" in refusal("kin.pdf", locked())


def locked() -> bytes:
    """A one-page PDF locked by RC4 with the password "kin" (PDF 1.4, 7.6.3)."""
    pad = bytes.fromhex("28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a")
    word = (b"kin" + pad)[:32]
    owner = _rc4(hashlib.md5(word).digest()[:5], word)
    flags, name = struct.pack("<i", -4), b"0123456789abcdef"
    key = hashlib.md5(word + owner + flags + name).digest()[:5]
    user = _rc4(key, pad)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]>>",
        b"<</Filter/Standard/V 1/R 2/P -4/O<%s>/U<%s>>>" % (owner.hex().encode(), user.hex().encode()),
    ]  # fmt: skip
    out, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj%s endobj\n" % (number, content)
    table = b"xref\n0 5\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    ids = b"<%s>" % name.hex().encode()
    trailer = b"trailer<</Size 5/Root 1 0 R/Encrypt 4 0 R/ID[%s%s]>>\nstartxref\n%d\n%%%%EOF"
    return out + table + trailer % (ids, ids, len(out))


def _rc4(key: bytes, data: bytes) -> bytes:
    box, j = list(range(256)), 0
    for i in range(256):
        j = (j + box[i] + key[i % len(key)]) % 256
        box[i], box[j] = box[j], box[i]
    out, i, j = bytearray(), 0, 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + box[i]) % 256
        box[i], box[j] = box[j], box[i]
        out.append(byte ^ box[(box[i] + box[j]) % 256])
    return bytes(out)


def test_pdf_of_too_many_pages():
    document = pdfium.PdfDocument.new()
    for _ in range(1001):
        document.new_page(100, 100)
    out = io.BytesIO()
    document.save(out)
    document.close()
    assert refusal("a.pdf", out.getvalue()) == (
        "Tệp a.pdf có 1001 trang, chỉ đọc được 1000. Tách tệp rồi chọn lại."
    )


def test_document_of_a_thousand_pages():
    """What stands at its end is read as what stands at its head."""
    filling = "".join(
        f"{n}. Các đơn vị tổ chức học tập theo nội dung số {n} của kế hoạch năm học này.\n"
        for n in range(30_000)
    )
    begin, end = seed("002").split("1. Đẩy mạnh", 1)
    reading = read(begin + filling + "1. Đẩy mạnh" + end)
    assert len(reading.text) > 2_000_000
    assert reading.notes == ()
    assert reading.as_json()["signer"]["name"] == "Đào Văn Truyền"


def test_longer_than_anything_is_said():
    reading = read("Số: 1/KH-UBND\nKẾ HOẠCH\nHọc\n" + "học tập " * 400_000)
    assert reading.notes[0] == "Văn bản quá dài: chỉ đọc 3.000.000 chữ và 40.000 đoạn đầu."
    assert reading.as_json()["code"] == "1/KH-UBND"


# What a Word file may hide


def rewritten(part: str, change) -> bytes:
    old = zipfile.ZipFile(io.BytesIO(as_docx("Kính gửi: Các trường")))
    return package(
        *((name, change(old.read(name)) if name == part else old.read(name)) for name in old.namelist())
    )


def test_zip_bomb():
    bomb = rewritten(
        "word/document.xml", lambda xml: xml.replace(b"<w:body>", b"<w:body>" + b" " * 40_000_000)
    )
    assert len(bomb) < 200_000
    assert "quá lớn khi mở ra" in refusal("bom.docx", bomb)
    many = package(*((f"word/media/{n}.png", b"") for n in range(5001)))
    assert "quá lớn khi mở ra" in refusal("bom.docx", many)


def test_zip_that_lies_about_its_size():
    data = rewritten(
        "word/document.xml", lambda xml: xml.replace(b"<w:body>", b"<w:body>" + b" " * 1_000_000)
    )
    at = data.rindex(b"word/document.xml") - 46
    size = int.from_bytes(data[at + 24 : at + 28], "little")
    assert size > 1_000_000
    assert "bị hỏng" in refusal("a.docx", data[: at + 24] + (99).to_bytes(4, "little") + data[at + 28 :])


def test_entities_are_never_followed(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("mật khẩu của máy chủ")
    said = "Kính gửi".encode()
    for entity, used in (
        (f'<!ENTITY e SYSTEM "file://{secret}">', b"&e;"),
        ('<!ENTITY e "lặp">', b"&e;"),
        ('<!ENTITY % p SYSTEM "http://localhost/a">', said),
    ):
        begun = f"<!DOCTYPE w:document [{entity}]><w:document".encode()
        document = rewritten(
            "word/document.xml",
            lambda xml, begun=begun, used=used: xml.replace(b"<w:document", begun, 1).replace(said, used),
        )
        assert "bị hỏng" in refusal("a.docx", document)


def test_broken_xml():
    assert "bị hỏng" in refusal("a.docx", rewritten("word/document.xml", lambda xml: xml[:200]))
    assert "bị hỏng" in refusal("a.docx", rewritten("word/document.xml", lambda xml: b"<a/>"))
    deep = rewritten(
        "word/document.xml", lambda xml: xml.replace(b"<w:body>", b"<w:body>" + b"<w:sdt>" * 5000)
    )
    assert "bị hỏng" in refusal("a.docx", deep)


def test_macros_are_not_run_and_words_are_read():
    data = rewritten(
        "[Content_Types].xml",
        lambda xml: xml.replace(
            b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
            b"application/vnd.ms-word.document.macroEnabled.main+xml",
        ),
    )
    assert normalise(text_of("a.docm", data)) == "Kính gửi: Các trường"


def test_picture_of_gigabytes():
    head = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (60_000).to_bytes(4, "big") * 2 + bytes(100)
    assert refusal("bom.png", head) == (
        "Ảnh bom.png lớn 60000 x 60000 điểm, quá mức đọc được. Thu nhỏ ảnh rồi chọn lại."
    )
    jpeg = b"\xff\xd8\xff\xe0\0\x04ab\xff\xc2\0\x11\x08\xff\xff\xff\xff" + bytes(20)
    assert "65535 x 65535 điểm" in refusal("bom.jpg", jpeg)
    rows = [(256, 4, 50_000), (257, 3, 40_000)]
    tiff = b"II*\0\x08\0\0\0" + (2).to_bytes(2, "little") + b"".join(
        tag.to_bytes(2, "little") + kind.to_bytes(2, "little") + (1).to_bytes(4, "little") + value.to_bytes(4, "little")
        for tag, kind, value in rows
    )  # fmt: skip
    assert "50000 x 40000 điểm" in refusal("bom.tif", tiff)


def test_markup_is_shown_as_text():
    text = "Số: 1/KH-UBND\nKẾ HOẠCH\nTổ chức <script>alert(1)</script> & <b>Tuần lễ</b> năm 2023\n"
    reading = read(text)
    assert reading.as_json()["subject"] == "Tổ chức <script>alert(1)</script> & <b>Tuần lễ</b> năm 2023"
    document = Document()
    document.add_paragraph("<w:t>không phải thẻ</w:t> {{ 7*7 }} ${jndi:x}")
    assert normalise(text_of("a.docx", saved(document))) == "<w:t>không phải thẻ</w:t> {{ 7*7 }} ${jndi:x}"


# Encodings of before Unicode

TCVN3 = """Sè: 12/C§YT
Th¸i B×nh, ngµy 08 th¸ng 02 n¨m 2022
KÝnh göi: C¸c C«ng ®oµn c¬ së trùc thuéc
§Ò nghÞ c¸c ®¬n vÞ göi b¸o c¸o kÕt qu¶ thùc hiÖn vÒ C«ng ®oµn ngµnh tr­íc ngµy 15/10/2022."""
VNI = """Soá: 12/CÑYT
Thaùi Bình, ngaøy 08 thaùng 02 naêm 2022
Kính göûi: Caùc Coâng ñoaøn cô sôû tröïc thuoäc
Ñeà nghò caùc ñôn vò göûi baùo caùo keát quaû thöïc hieän veà Coâng ñoaøn ngaønh tröôùc ngaøy 15/10/2022."""
UNICODE = """Số: 12/CĐYT
Thái Bình, ngày 08 tháng 02 năm 2022
Kính gửi: Các Công đoàn cơ sở trực thuộc
Đề nghị các đơn vị gửi báo cáo kết quả thực hiện về Công đoàn ngành trước ngày 15/10/2022."""
_TONES = "\u0300\u0309\u0303\u0301\u0323"


def cp1258(text: str) -> bytes:
    """Windows-1258 writes a tone behind its letter."""
    out = []
    for letter in text:
        parts = unicodedata.normalize("NFD", letter)
        tone = "".join(c for c in parts if c in _TONES)
        base = unicodedata.normalize("NFC", "".join(c for c in parts if c not in _TONES))
        out.append(base + tone)
    return "".join(out).encode("cp1258")


@pytest.mark.parametrize(
    "data",
    [
        UNICODE.encode(), UNICODE.encode("utf-8-sig"), UNICODE.encode("utf-16"), UNICODE.encode("utf-16-le"),
        UNICODE.encode("utf-16-be"), cp1258(UNICODE), TCVN3.encode("latin-1"), VNI.encode("latin-1"), TCVN3.encode(),
        VNI.encode(), UNICODE.encode() + "ộ".encode()[:2],
    ],
    ids=["UTF-8", "with mark", "UTF-16", "little endian", "big endian", "Windows-1258", "TCVN3", "VNI", "TCVN3 copied",
         "VNI copied", "cut"],
)  # fmt: skip
def test_encoding(data):
    assert read(text_of("a.txt", data)).text.rstrip("\ufffd") == UNICODE


def test_encoding_that_nobody_knows():
    assert refusal("a.txt", bytes(range(0x80, 0xFF)) * 20) == (
        "Tệp a.txt viết bằng bảng mã không đọc được. Mở bằng Word, lưu thành kiểu .docx rồi chọn lại."
    )


# Contradictions

HEAD = "\n".join(
    [*MOTTO, "Số: 12/KH-UBND", "Quận 3, ngày 02 tháng 10 năm 2023", "KẾ HOẠCH", "Tổ chức Tuần lễ"]
)
WORK = "\nIII. TỔ CHỨC THỰC HIỆN\n1. Phòng Nội vụ\n- Gửi báo cáo kết quả về Ủy ban nhân dân quận trước ngày {}.\n"


@pytest.mark.parametrize(
    "printed, stated",
    [
        ("10/25/2023", []),
        ("10/02/2024", ["2024-02-10"]),
        ("31/02/2024", []),
        ("32/10/2023", []),
        ("13/10", ["2023-10-13"]),
    ],
)
def test_days_go_before_months(printed, stated):
    found = read(HEAD + WORK.format(printed)).as_json()["deadlines"]
    assert [due["stated"] for due in found if due["stated"]] == stated


def test_deadline_before_the_document_is_noted():
    reading = read(HEAD + WORK.format("13/10/2022"))
    assert reading.as_json()["deadlines"][0]["stated"] == "2022-10-13"
    assert reading.notes == ("Hạn 13/10/2022 ở trước ngày ban hành văn bản. Xem lại năm.",)


def test_two_documents_in_one_file():
    reading = read(seed("002") + "\n" + HEAD.replace("12/KH", "99/KH") + WORK.format("13/10/2023"))
    found = reading.as_json()
    assert found["code"] == "32/CDYT"
    assert "99" not in json.dumps(found["deadlines"])
    assert all(end <= reading.text.index(MOTTO[0]) for _, end in found["evidence"].values())
    assert len(reading.notes) == 1
    assert reading.notes[0].startswith("Tệp có nhiều văn bản: chỉ đọc văn bản đầu, dừng trước “CỘNG HÒA")


@pytest.mark.skipif(not shutil.which("tesseract"), reason="tesseract is not installed")
def test_picture_without_words():
    out = io.BytesIO()
    Image.new("L", (600, 800), 255).save(out, "PNG")
    assert "Không nhận được chữ" in refusal("trang.png", out.getvalue())
