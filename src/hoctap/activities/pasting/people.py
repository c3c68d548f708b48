"""How many came, where the message says so."""

import re

from hoctap.activities.pasting.text import NUMBERED, Text

WHO = (
    "nguoi|ba con|hoc vien|doan vien|hoi vien|cong doan vien|em|chau|ban(?! sach)|dai bieu|giao vien|cong nhan|hoc sinh|"
    "cbcnv|thieu nhi|phu huynh|anh chi em|anh em|chi em|thanh vien|can bo|sinh vien|cu|thi sinh|khach|nhan dan|cu dan|"
    "van dong vien|nguoi lao dong|doc gia|lao dong|vien chuc|cong chuc|thanh nien|phu nu|chien si|"
    "co chu|co bac|chu bac|ky thu|vdv|cnv|cbvc|cbnv|hv|hs|gv|cnld|nld|cbgvnv|cbgv|cbccvc|cbcc|cdv|dvcd"
)
_WHO_AS_WRITTEN = {"ban": "bạn", "cu": "cụ"}  # no "300 bản sách", no "5 củ"
COUNT = re.compile(
    rf"(?<![\d./:,])(\d{{1,3}}(?:\.\d{{3}})+|\d{{1,6}})\s?(?:luot\s+)?(?:nu\s+|nam\s+)?({WHO})\b"
)
_ABOUT = re.compile(r"\b(gan|khoang|hon|tren|du kien(?: co)?|it nhat|chung|uoc tinh|co)\s*$")
_NOT_THERE = re.compile(
    r"\b(?:toi da|gioi han|chi nhan|moi (?:don vi|phuong|to|khu pho|truong|lop|doi|nguoi|"
    r"cong doan)[^.\n]{0,15}|cu|can|con|nhan|it nhat|tuyen|(?:lan|buoi|ky|nam|tuan|thang) (?:truoc|ngoai)[^.\n]{0,15})\s*$"
)
# Who teaches or leads it, who only said that they would come, who is of each unit.
_NOT_COUNTED = re.compile(
    r"^(?:[^.,;:\n]{0,25}?\b(?:huong dan|dung lop|phu trach|bao cao vien|giang day|truyen dat)\b| day\b"
    r"|\s(?:da |se )?dang ky\b|\s?/|\s(?:cho )?moi (?:don vi|phuong|to|khu pho|chi (?:hoi|doan)|truong|lop|doi)\b)"
)
_NUMBER_BEFORE = re.compile(r"(?<![\d/:.hg])\d{1,5}\s?[-–]\s?$|\btu \d{1,5} den $")
_ATTENDED = re.compile(
    r"^[^.\n;]{0,40}?\b(?:tham du|tham gia|du|theo hoc|co mat|den du|hoc(?! vien)|du thi)\b"
)
_TOTAL = re.compile(
    r"\b(?:tong (?:so|cong)|tat ca|thu hut|si so|so nguoi[^.\n]{0,12}|voi su (?:tham gia|tham du) cua)\s*:?\s*$"
)
_LABELLED = re.compile(
    r"\b(?:so (?:luong|nguoi)(?: tham (?:du|gia))?|si so)\s*:\s*(\d{1,6})\b(?!\s*(?:cho|suat))"
)


def people_in(said: Text) -> int | None:
    labelled = _LABELLED.search(said.folded)
    if labelled:
        return int(labelled[1])
    counts: list[tuple[int, bool]] = []  # how many, and whether the text says that they came
    end = 0
    for match in COUNT.finditer(said.folded):
        before, after = said.folded[: match.start()][-50:], said.folded[match.end() :][:60]
        who = said.plain[slice(*match.span(2))].lower()
        number = int(match[1].replace(".", ""))
        if _NOT_THERE.search(before) or who not in (match[2], _WHO_AS_WRITTEN.get(match[2], who)):
            continue
        if _is_led(said, match, before, after) or (number <= 12 and NUMBERED.search(before)):
            continue  # "Lớp 5 em An"
        about = _ABOUT.search(before) or _NUMBER_BEFORE.search(before)
        if about and NUMBERED.search(before[: about.start()]):
            about = None  # "Phường 5 - 40 người"
        if about and about[0].strip() != "co":
            said.asks.append(
                f"Số người (tin ghi “{said.plain[match.start() - len(about[0]) : match.end()].strip()}”)"
            )
            continue
        came = bool(_ATTENDED.search(after) or _TOTAL.search(before))
        if counts and said.folded[end : match.start()].strip() == "va":  # "250 học sinh và 12 giáo viên"
            others, they_came = counts.pop()
            number, came = number + others, came or they_came
        counts.append((number, came))
        end = match.end()
    chosen = {number for number, came in counts if came} or {number for number, _came in counts}
    if len(chosen) > 1:
        said.asks.append("Số người (tin nêu nhiều số)")
    return chosen.pop() if len(chosen) == 1 else None


def _is_led(said: Text, match: re.Match[str], before: str, after: str) -> bool:
    """As of "do 2 cán bộ hướng dẫn"; who comes to be taught leads nothing: "cho 40 cán bộ phụ trách"."""
    if re.search(r"\bdo\s*$", before):
        return True
    found = _NOT_COUNTED.search(after)
    if not found or (found[0] == " day" and said.plain[match.end() :][1:4].lower() not in ("dạy", "day")):
        return False
    return not re.search(r"\bcho\s*$", before) and not _ATTENDED.search(re.split("[,;]", after)[0])
