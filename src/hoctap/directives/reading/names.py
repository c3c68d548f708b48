"""Bodies as official writing names them: where a name begins, where it ends, and where a list of them parts. Pure."""

import re

from hoctap.directives.reading.outline import CAPITAL
from hoctap.kernel.vietnamese import fold

_HEADS = (
    "Ủy ban nhân dân|Uỷ ban nhân dân|Ủy ban Nhân dân|Uỷ ban Nhân dân|UBND|Hội đồng nhân dân|Hội đồng Nhân dân|HĐND"
    "|Thường trực|Ủy ban Mặt trận|Uỷ ban Mặt trận|Ủy ban MTTQ|Uỷ ban MTTQ|UBMTTQ|Mặt trận Tổ quốc|MTTQ|Ủy ban|Uỷ ban"
    "|Tổng Liên đoàn|Liên đoàn Lao động|Liên đoàn|LĐLĐ|Công đoàn|CĐCS|CĐN|Nghiệp đoàn|Ban Chấp hành|BCH|Ban Thường vụ|BTV"
    "|Ban Chỉ đạo|BCĐ|Ban Chỉ huy|Bộ Chỉ huy|Bộ Tư lệnh|Ban Giám hiệu|Ban Giám đốc|Ban Tuyên giáo|Ban Tổ chức|Ban Dân vận"
    "|Ban Quản lý|Ban Cán sự|Ban(?! hành)|Sở(?! hữu)|Phòng(?! (?:chống|ngừa)|,)|P\\.|Văn phòng|VP|Hội đồng"
    "|Hội(?! (?:thi|nghị|thảo|sách|diễn|trại|họp|viên|phí|quán))|HKH"
    "|Đảng đoàn|Ban cán sự|GVCN|Hai bên|Đoàn(?! (?:kết|viên))|Huyện đoàn|Tỉnh đoàn"
    "|Thành đoàn|Quận đoàn"
    "|Thị đoàn|Trung tâm|TTHTCĐ|Trường(?! hợp)|Nhà trường|Học viện|Đại học|Viện|Đài|Báo(?! (?:cáo|chí|động"
    "|hiệu))|Cổng|Bộ(?! (?:tiêu|phận|máy|mặt))|Tổng cục|Cục|Chi cục|Vụ|Thanh tra"
    "|Công an|Quân sự|Thư viện|Bảo tàng|Nhà văn hóa|Nhà Văn hóa|Nhà thiếu nhi|Cung(?! (?:cấp|ứng))|Tỉnh ủy"
    "|Tỉnh uỷ|Thành ủy|Thành uỷ|Quận ủy"
    "|Quận uỷ|Huyện ủy|Huyện uỷ|Thị ủy|Đảng ủy|Đảng uỷ|Chi bộ|Chi ủy|Kho bạc|Bảo hiểm|Tòa án|Toà án"
    "|Viện kiểm sát|Ngân hàng"
    "|Tập đoàn|Tổng công ty|Công ty|Doanh nghiệp|Hợp tác xã|Liên minh|Liên hiệp|Chủ tịch(?! (?:Hồ|nước))"
    "|Thủ trưởng|Hiệu trưởng|Giám đốc"
    "|Trưởng(?! thành)|Tổ(?! chức)|Khối(?! lượng)|Cụm|Thủ tướng|Chính phủ|Quốc hội|Bộ Chính trị|Ban Bí thư"
    "|Cơ quan|Đơn vị|Đảng bộ|Cấp ủy|Lãnh đạo(?!,? (?:chính quyền|chỉ đạo|triển khai|tổ chức))|Bí thư"
    "|Chánh|Trạm|Bệnh viện|Nhà máy|Xí nghiệp|Liên đội|Câu lạc bộ|CLB|Đội(?! ngũ)|Nhân viên|Tổng phụ trách"
    "|Tổ trưởng|Khối trưởng|Hạt|Bưu điện|Hộ gia đình|Thí sinh|Giáo viên|Cá nhân|Tập thể|Tác giả|Đồng chí"
    "|đồng chí|đ/c|Đ/c|Chi hội|Chi đoàn|Ban điều hành|Xã(?! hội)|Phường|Thị trấn|Quận|Huyện|Tỉnh|Thành phố"
)
_GROUPS = (
    r"(?:[Cc]ác|[Nn]hững|[Tt]oàn thể|[Tt]ất cả các|[Mm]ỗi|[Mm]ột số)\s+(?:(?:[Pp]hòng|[Bb]an|[Nn]gành|[Ss]ở"
    r"|[Cc]ơ quan|[Đđ]ơn vị|[Cc]ấp"
    r"|[Cc]ông đoàn|[Cc]hi đoàn|[Tt]ổ chức|[Đđ]oàn thể|[Hh]ội|[Tt]rường|[Tt]rung tâm|[Xx]ã|[Pp]hường"
    r"|[Qq]uận|[Hh]uyện|[Cc]ơ sở|[Dd]oanh nghiệp"
    r"|[Ll]iên đoàn|[Tt]hư viện|[Cc]hi bộ|[Cc]hi, đảng bộ|[Cc]hi hội|[Đđ]ảng bộ|[Đđ]ảng ủy|[Tt]hành viên|[Tt]hành phố"
    r"|[Tt]ỉnh|[Đđ]ịa phương|CĐCS|TTHTCĐ|UBND"
    r"|[Nn]hà trường|[Pp]hó|[Bb]ộ phận|[Tt]ổ|[Kk]hoa|[Tt]hôn|[Kk]hu phố|[Đđ]ồng chí|[Kk]hối|[Đđ]oàn|[Đđ]ài"
    r"|[Bb]áo|[Vv]iện|[Hh]ọc viện"
    r"|[Vv]ụ|[Cc]ục|[Bb]ộ|[Ưữ]y ban|[Ủủ]y ban|[Nn]ghiệp đoàn|[Bb]an chấp hành|[Hh]ộ|[Gg]ia đình|[Đđ]ại học"
    r"|[Tt]hầy|[Gg]iáo viên|[Hh]ọc sinh|ông|bà|Ban Chấp hành|Trung tâm|Hội|Công đoàn)\b|[Qq]uý\s+(?:vị"
    r"|cơ quan|đơn vị|đại biểu|trường)\b)"
)
HEAD = re.compile(rf"(?:(?:{_HEADS})(?![\w])|{_GROUPS})")
_HEAD_FOLDED = re.compile(rf"(?:{fold(_HEADS)})(?!\w)")
_COMMON = r"(?:nhà trường|công đoàn cơ sở|nghiệp đoàn|chi đoàn|chi hội|trung tâm học tập|trường học|cơ sở giáo dục)\b"
_SEPARATOR = re.compile(
    rf"\s*(?:[;,]|\bvà\b|\bcùng\b)\s*(?=(?:{_HEADS})(?![\w])|{_GROUPS})|\s*;\s*(?={_COMMON})"
    rf"|\s*,\s*(?=bộ phận\b|thủ trưởng các\b|trung tâm (?:giáo dục|học tập|văn hóa)\b)"
)


ADDRESSED = re.compile(
    rf"(?:(?:phòng|sở|ban|văn phòng|trung tâm|trường|hội|đoàn|công an|tổ|bộ phận|công đoàn|thư viện) (?=[{CAPITAL}])"
    r"|(?:sở|phòng) (?=giáo|văn|nội|tài|lao|khoa|thông|nông)|[uủ]y ban nhân dân|uỷ ban nhân dân|cấp ủy|cấp uỷ"
    r"|người đứng đầu|chính quyền|thủ trưởng|lãnh đạo|người sử dụng lao động|ban giám hiệu"
    r"|ban giám đốc|các (?=\w))"
)
"""In small letters, behind "Đề nghị"."""

COMMON = re.compile(_COMMON)
"""Bodies by a common noun in small letters, where the words around leave no doubt that a body is meant."""


_ADDRESSED_NEXT = re.compile(rf"\s*(?:[;,]|\bvà\b)\s*(?={ADDRESSED.pattern})")


def begins(text: str, at: int = 0) -> bool:
    """Whether the name of a body, or of a group of bodies, begins here."""
    return bool(HEAD.match(text, at))


def begins_capitals(line: str) -> bool:
    """As ``begins``, of a letterhead's line in capitals."""
    return bool(_HEAD_FOLDED.match(fold(line)))


def listed(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The places of the bodies named one after another between ``start`` and ``end``.

    A comma parts them only where another body begins: "Phòng Lao động - Thương binh và Xã hội" is one.
    """
    places, at = [], start
    addressed = ADDRESSED.match(text, start) and not begins(text, start)
    open_, seen = 0, start  # brackets since ``at``, counted as far as ``seen``
    for found in (_ADDRESSED_NEXT if addressed else _SEPARATOR).finditer(text, start, end):
        here = found.start()
        open_ += text.count("(", seen, here) - text.count(")", seen, here)
        seen = here
        if open_ > 0 or _is_of_group(text, at, here, found.end()):
            continue
        places.append((at, here))
        at = seen = found.end()
        open_ = 0
    places.append((at, end))
    return [place for place in places if text[slice(*place)].strip()]


def _is_of_group(text: str, start: int, end: int, after: int) -> bool:
    """Between the parts of a group ("các phòng, ban", "các Sở, Ban, Ngành")."""
    if end - start > _LONGEST_GROUP:
        return False
    before = text[start:end]
    rest = text[after : after + 40]
    if re.match(r"Đại học(?:\s*[(,;.]|$)", text[after : after + 12]) and "," in before:
        return True  # "Phòng Giáo dục thường xuyên, nghề nghiệp và Đại học"
    if before.endswith(("HĐND", "Đoàn ĐBQH")) and re.match(r"(?:UBND|HĐND)\b", rest):
        return True
    part = re.match(r"(\w+)(?=\s*(?:[,;]|và\b|[a-zà-ỹđ]|$))", rest)
    few = 4 if text[end : end + 1] == "," else 3  # words: "Các huyện, thành đoàn, Đoàn trực thuộc"
    return bool(
        re.match(_GROUPS, before) and len(before.split()) <= few and part and part[1].lower() in _PARTS
    )


_LONGEST_GROUP = 200
_PARTS = {
    "ban",
    "ngành",
    "phòng",
    "đoàn",
    "hội",
    "đơn",
    "tổ",
    "sở",
    "phường",
    "xã",
    "thị",
    "quận",
    "huyện",
    "trường",
    "cơ",
}
