"""Where it is held."""

import re

from hoctap.activities.pasting.people import WHO
from hoctap.activities.pasting.text import Text, cut

_HEADS = (
    r"hoi truong|ho boi|cung (?:van hoa|thieu nhi|the thao)|nha van hoa|nvh|truong|tthtcd|trung tam|"
    r"tt|ubnd|uy ban|tru so|phong hop|phong|san|"
    r"cong vien|thu vien|bao tang|khu pho"
    r"|van phong|chua|dinh|so \d|cong ty|quan|chung cu|hem|to dan pho|nha|khu luu tru|khu nha tro|"
    r"duong|cau lac bo|di tich|dia dao"
    r"|benh vien|xuong|nha may|cho|sanh|tang|lau|ht|hoi quan|nha sinh hoat|diem|tram|toa nha|"
    r"duong sach|thao cam vien|ben|dinh doc lap|xi nghiep|vp|can tin|kcn|kcx|khu cong nghiep|khu che xuat"
)
# A dot that ends nothing: "P.5", "TP. Huế", "phòng 2.1".
_SHORTENED = r"(?:(?<=\b[pq])|(?<=\b[tk]p))\.(?=\s?\w)|(?<=\d)\.(?=\d)"
_LABEL = re.compile(r"\b(?:dia diem|noi to chuc|noi hoc|dia chi|noi sinh hoat)(?: to chuc)?\s*:\s*([^\n;]+)")
_AT = re.compile(rf"(?:\b(?:tai|o|toi|den)\s+|📍\s*)((?:{_HEADS})\b(?:[^\n;.(]|{_SHORTENED})*)")
_NOT_AT = re.compile(r"^(?:nha\b(?! (?:van|sinh|may|an|thieu|truyen|thi dau|hat))|truong hoc\b)")
_LABELLED_ENDS = re.compile(
    r"(?<!\b[pq])(?<!\b[tk]p)[.!]\s|[.!]$|\s+(?:luc|vao|ngay|thoi gian)\b|,\s*(?=\d{1,2}\s?(?:h|g|gio|:)\s?\d{0,2}\b)"
)
_PLACE_ENDS = re.compile(
    r"\s+(?:vao|luc|ngay|voi|do|cho|tu|de|nham|cung|thu hut|co|da|se|nhan|tham gia|nhe|nghe|xem|"
    r"nha(?= (?:ba con|cac|moi|anh|chi|ca nha)|,|$)|sang|chieu|toi|hom|trong|dien ra|to chuc|bat dau"
    r"|khai mac|khai giang|be giang|phat dong|ra quan"
    r"|va (?:phat|trao|to chuc))\b"
    r"|,(?!\s*(?:(?:so(?= \d| nha)|duong|phuong|quan(?! doan)|p|q|xa|huyen|tp|khu pho|to|lau|tang)\b|"
    rf"[pq]?\d+(?!\s(?:hoc|{WHO})\b)(?!\d|\s?(?:h|g|gio|:)\s?\d{{0,2}}\b)))|"
    r"\s+[-–]\s|!|…"
)
_ONLINE = [
    re.compile(rf"\b(?:{words})\b")
    for words in ("zoom|google meet|ms teams|microsoft teams|teams|zavi", "livestream|facebook")
]


def place_in(said: Text) -> str:
    labelled = _LABEL.search(said.folded)
    if labelled:
        return cut(said, *labelled.span(1), ends=_LABELLED_ENDS)
    places = []
    for found in _AT.finditer(said.folded):
        if not _NOT_AT.search(found[1]) and not said.plain.startswith("chỗ", found.start(1)):
            places.append(cut(said, *found.span(1), ends=_PLACE_ENDS))
    if places:
        return max(places[:2], key=len) if places[0] and places[0] in places[-1] else places[0]
    online = next(filter(None, (pattern.search(said.folded) for pattern in _ONLINE)), None)
    return f"Trực tuyến ({said.plain[slice(*online.span())]})" if online else ""
