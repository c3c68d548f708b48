"""Who signs: posts in capitals, and lines that are a person's name and nothing else. Pure."""

import re

from hoctap.directives.reading.outline import Line
from hoctap.kernel.vietnamese import fold

POST = re.compile(
    r"\b(?:chu tich|giam doc|hieu truong|truong|pho|bi thu|chanh|chi huy|chu nhiem|uy vien|thu truong"
    r"|bo truong|cuc truong"
    r"|vien truong|tong bien tap|thuong truc|to truong|chu toa|thu tuong|tong thu ky|thu ky)\b"
)
TITLES = re.compile(
    r"(?:(?:(?:Th\.?S|T\.?S|PGS|GS|BS|KS|CN|NGƯT|NGND|NSƯT|NSND|DS|LS|CVC|BSCKI{1,2}|CKI{1,2}|Đ/c)(?:\.\s?|\s))|"
    r"(?:Tiến sĩ|Thạc sĩ|Bác sĩ|Đại tá|Thượng tá|Trung tá|Thiếu tá|Đại úy|Thượng úy|Linh mục|Hòa thượng|Thượng tọa)\s)+"
)
"""Before a person's name: degrees and ranks."""

_NAME = re.compile(r"(?:[^\W\d_][\w'’]*\.?\s+){1,5}[^\W\d_][\w'’]*$")
_FAMILY = re.compile(r"^(?:Trương|TRƯƠNG)\b")  # folded like "trưởng"
_FAMILIES = frozenset(
    """nguyen tran le pham hoang huynh phan vu vo dang bui do ho ngo duong ly dinh dao doan trinh lam mai cao truong luong
    ha tang chau ta phung quach thai to luu kieu vuong au la nghiem han hua dam chu ton vi nong ma lo giang khuc thach
    son danh lai bach tong quan y than diep khong thieu ninh an cu tieu doi lu mac cam que ro""".split()  # noqa: SIM905
)


def is_name(line: Line) -> bool:
    """A person's name, in small letters or, beginning with a family name, in capitals; or several side by side."""
    if line.is_row:
        return all(is_name(Line(0, len(cell), cell)) for cell in line.text.split("\t") if cell)
    text = TITLES.sub("", line.text, count=1) if TITLES.match(line.text) else line.text
    words = text.split()
    if (
        line.marker
        or not 2 <= len(words) <= 8
        or len(text) > 60
        or not _NAME.fullmatch(text)
        or (POST.search if text.isupper() else POST.match)(fold(_FAMILY.sub("", text)))
    ):
        return False
    if text.isupper():
        return len(words) <= 6 and len(text) <= 40 and fold(words[0]) in _FAMILIES
    return all(word[0].isupper() for word in words)
