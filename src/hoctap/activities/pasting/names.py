"""What it is called."""

import re

from hoctap.activities.pasting.text import Text

_NOUNS = (
    r"lop|buoi|hoi thi|cuoc thi|toa dam|le|chuyen de|hoi thao|ngay hoi|chuong trinh|tap huan|"
    r"sinh hoat|trien lam|hoi nghi|hoi sach|giai"
    r"|chuyen tham quan|doi thoai|khoa hoc|khoa|tham quan|giao luu|hoi dien|noi chuyen|quyen gop|"
    r"trao tang|dot|phien|hanh trinh|ngay sach"
    r"|san choi|hoi thao|truc quan|xe loa|phat thanh|trung bay|thi|boi duong|clb|cau lac bo|hoi trai|dem van nghe"
)
_ACT = re.compile(
    rf"\b(?:to chuc(?: thanh cong)?|khai giang|khai mac|phat dong|mo|dien ra|"
    rf"moi[^.\n:]{{0,40}}?(?:tham du|tham gia|du)|tham gia|den du|thong bao|v/v|ve viec"
    rf"|ra mat|be giang|tham du|thuc hien|hoan thanh)\s+((?:{_NOUNS})\b[^\n.;!]*)"
)
_LINE = re.compile(
    rf"^[^\w\n]*(?:(?:thong bao|thu moi|moi|tin nhanh|tin|kinh moi)\s*[:.\-–]?\s*)?((?:{_NOUNS})\b[^\n]{{3,140}})",
    re.MULTILINE,
)
_NAME_ENDS = re.compile(
    r"\s+(?:tai\s|vao\b|luc\b|ngay (?:\d|mung \d)|ngay hom|hom (?:nay|qua)|hoc (?:buoi|vao)\b|dien ra\b|voi su\b|"
    r"voi \d|do\s|thu hut\b|nham\b|se\b|da\b|sang (?:nay|mai|thu|t\d|cn|\d|ngay)|chieu (?:nay|mai|"
    r"thu|t\d|\d|ngay)|toi (?:nay|mai|thu|t\d|\d|ngay)"
    r"|o\s|co \d|bat dau\b|hop\b(?= |$)|(?<!lop\s)(?<!khoi\s)\d{1,2}\s?(?:h|gio|g|:|/)(?![a-z])\d?|"
    r"thu (?:[2-7]|hai|ba|tu|nam|sau|bay)\b|t[2-7]\b|cn\b|theo (?:ke hoach|chi dao|cong van|van ban|quyet dinh|tinh than)|"
    r"duoc to chuc|kinh moi|phoi hop|trong (?:2|hai|ba|3) ngay|tu \d|tu ngay"
    r"|cho \d+ (?:cnld|nld|cnv|nguoi)\b|(?:truc tuyen )?qua (?:zoom|google|ms |teams|facebook)"
    r"|(?<!le )khai (?:giang|mac)(?=\s+(?:\d|(?:luc|ngay|vao|tai|sang|chieu|toi)\b)))"
    r"|[,;(]|\s[-–|]\s|\.\s|\.$|:\s|!"
)
# Said twice by these letters: "do" and "đồ", "đã" and "đá", "sẽ" and "sẻ". Only without
# diacritics is either taken for an end.
_ENDING_AS_WRITTEN = {"do": "do", "da": "đã", "se": "sẽ"}
_ANYWHERE = re.compile(
    r"\b((?:lop (?!\d|hoc\b$)|buoi (?!thu\b|sang|trua|chieu|toi|\d)|hoi thi |cuoc thi |ngay hoi |"
    r"toa dam |hoi thao |le khai mac |hoi nghi |giai (?=bong|cau|co|chay))[^\n.;!]{3,})"
)
_DEED = re.compile(
    r"\b((?:ra quan|phat loa|phat thanh|tuyen truyen|quan triet|pho bien|tap huan|boi duong|noi chuyen|sinh hoat|"
    r"tham quan|luan chuyen|trao tang|tang sach|quyen gop|trung bay|khai mac|khai giang|phat dong|giao luu|hop mat|"
    r"ky niem|ke chuyen|trao|kem cap) [^\n.;!]{5,})"
)
_QUOTED = re.compile(r"[“\"«]([^”\"»\n]{3,120})[”\"»]")


def name_in(said: Text) -> tuple[str, bool]:
    """What it is called, and whether by a word that says what it is ("lớp", "hội thi")."""
    found = _LINE.search(said.folded)
    spot = found.span(1) if found and found.start() < 400 else None
    act = _ACT.search(said.folded)
    if act and (spot is None or act.start() < spot[0]):
        spot = act.span(1)
    if spot is None and (anywhere := _ANYWHERE.search(said.folded)):
        spot = anywhere.span(1)
    sure = spot is not None
    if spot is None and (deed := _DEED.search(said.folded)):
        spot = deed.span(1)
    if spot is None:
        return "", False
    start, end = spot
    quotes = _QUOTED.finditer(said.plain, start)
    end = next((m.end() for m in quotes if m.start() < end < m.end()), end)  # “Cha mẹ thời 4.0”
    stop = _ends(said, start, end)
    name = " ".join(said.plain[start:stop].split()).strip(" ,.:-–*_")
    if not sure and len(name.split()) < 3:
        return "", False  # "Sinh hoạt": a verb alone
    return _shown(name)[:250], sure


def _ends(said: Text, start: int, end: int) -> int:
    """Where the name ends; what is quoted in it is never cut."""
    at = start
    quoted = [m.span() for m in _QUOTED.finditer(said.plain, start, end)]
    while stop := _NAME_ENDS.search(said.folded, at, end):
        word = said.plain[slice(*stop.span())].strip().lower()
        written = _ENDING_AS_WRITTEN.get(stop[0].strip())
        if written and word != written and said.plain.lower() != said.folded:
            at = stop.end()
            continue
        inside = next((span for span in quoted if span[0] <= stop.start() < span[1]), None)
        if inside is None:
            return stop.start()
        at = inside[1]
    return end


def _shown(name: str) -> str:
    """A shouted title in ordinary letters; a capital to begin with."""
    letters = [c for c in name if c.isalpha()]
    if letters and sum(c.isupper() for c in letters) > 0.8 * len(letters) and len(letters) > 8:
        name = name.lower()
    return name[:1].upper() + name[1:]
