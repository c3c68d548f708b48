"""How official writing gives work: the words before a body's name, between it and the work, and what is no work. Pure."""

import re

from hoctap.directives.reading.outline import CAPITAL
from hoctap.directives.reading.said import Said
from hoctap.directives.reading.work import VERB, first_verb
from hoctap.kernel.vietnamese import fold

LEAD_IN = re.compile(
    r"(?:(?P<giving>Giao|Phân công|Yêu cầu)|(?:Trách nhiệm|Nhiệm vụ)(?: của)?|Đối với|Về phía|(?P<asking>Đề nghị"
    r"|Kính đề nghị|Trân trọng đề nghị))\s*:?\s+",
    re.IGNORECASE,
)
WORK = re.compile(r"to chuc thuc hien|phan cong|trach nhiem|nhiem vu cu the cua|giao nhiem vu")
GENERAL = re.compile(r"noi dung|nhiem vu|giai phap|hoat dong|bien phap|cong viec")
NOT_WORK = re.compile(
    r"muc dich|yeu cau|muc tieu|quan diem|thoi gian|dia diem|kinh phi|che do|thong tin bao cao|doi tuong"
    r"|thanh phan|chu de"
)
NO_ORDERS = re.compile(
    r"(?:muc (?:dich|tieu)|yeu cau|chi tieu|quan diem|doi tuong|pham vi|can cu|co so phap ly|dac diem|tinh hinh|danh gia"
    r"|ket qua|thoi gian|dia diem|su can thiet|khau hieu|(?:mot so|cac) khau hieu)(?:[,;:]| va\b| -| cu the"
    r"| chung| tuyen truyen| co dong| chu yeu| phan dau| den nam| nam"
    r"| thuc hien| dat"
    r" duoc|\s\d|$)"
)
STATES = re.compile(
    r"\(?(?:(?:Thời gian|Địa điểm|Hình thức|Thành phần|Chủ trì|Kinh phí|Đối tượng|Số lượng|Nội dung|Chủ đề|Tiêu chuẩn"
    r"|Tiêu chí|Hồ sơ|Mức|Điều kiện|Cơ cấu|Giải thưởng|Thể lệ)\b[^.]{0,60}?:"
    r"|(?:Đợt|Năm|Tính đến|Đến nay|Qua)\b[^.;]{0,80} đã |(?:Phân công|Chi tiết|Nội dung|Cụ thể|Danh sách"
    r"|Danh mục|Dự toán)\b[^.;]{0,90}"
    r"(?:Phụ lục|phụ lục|kèm theo|đính kèm)|Phấn đấu[^.;]{0,160}%|Thống nhất (?:chủ trương|với|nội dung"
    r"|thời gian)|(?:Các hoạt động|Tuần lễ|Thời gian|Lễ|Hội nghị|Vòng|Ngày hội|Hội thi|Cuộc thi"
    r"|Kinh phí|Chương trình)\b[^.;]{0,60}? (?:được|dự kiến|diễn ra) )"
)
DOES = re.compile(
    rf"{VERB}|(?:Đề nghị|Khuyến khích|Giao|Có|Thông qua|Quản lý|Mở|Viết|Đưa|Tạo|Kiện toàn|Đổi mới)\b",
    re.IGNORECASE,
)
ASKS = re.compile(r"(?P<force>đề nghị|yêu cầu)\b", re.IGNORECASE)
COLON = re.compile(r"\s*:\s*(?=\S)")
BASIS = re.compile(
    r"(?:Căn cứ|Thực hiện (?:Công văn|Kế hoạch|Quyết định|Chỉ thị|Hướng dẫn|Thông báo|Nghị quyết|Kết luận)"
    r"|Theo đề nghị)\b"
)
ROLES = (
    (
        "chu-tri",
        re.compile(
            r"(?:luân phiên |đồng )?(?:(?:là )?(?:cơ quan|đơn vị) (?:thường trực"
            r"|đầu mối)[^.;]{0,12}?,?\s*)?chủ trì\b|(?:là )?(?:cơ quan"
            r"|đơn vị) (?:đầu mối|chủ trì)",
            re.IGNORECASE,
        ),
    ),
    ("tham-muu", re.compile(r"tham mưu\b", re.IGNORECASE)),
    ("phoi-hop", re.compile(r"(?:tích cực |chủ động )?phối hợp\b", re.IGNORECASE)),
)
ENCOURAGES = re.compile(r"(?:tiếp tục )?khuyến khích\b", re.IGNORECASE)


CHARGES = re.compile(r"có (?:nhiệm vụ|trách nhiệm)\s*:?\s*")
"""Before the work itself."""

CARRIES = re.compile(r",?\s+(?:có|chịu) trách nhiệm (?:thi hành|thực hiện|tổ chức|triển khai)\b")
"""What the last article of a decision says of those it names."""

LEADS_WORK = re.compile(r"(?:chủ trì|chịu trách nhiệm|có (?:nhiệm vụ|trách nhiệm))\b", re.IGNORECASE)
CHARGED = re.compile(r"\s+(?:có|chịu)\s+(?:các\s+)?(?:nhiệm vụ|trách nhiệm)(?:\s+(?:sau|như sau|cụ thể))*$")
STANDING = re.compile(r"\s*\([^()]*(?:thường trực|gọi tắt|sau đây|viết tắt)[^()]*\)\s*$")
NOT_NAME = re.compile(r"[.!?]\s|\b(?:là|được|nhằm|để|việc)\b|[%“]|\b\d{4}\b")
FORCES = {"đề nghị": "de-nghi", "yêu cầu": "giao", "giao": "giao", "phân công": "giao"}
TO_ALL = re.compile(
    r"(?:(?:thủ trưởng|lãnh đạo|người đứng đầu|ban giám hiệu|ban chấp hành|hiệu trưởng)\s+)?(?:các|toàn thể|quý|mỗi|từng)\s+"
    r"(?:cơ quan|đơn vị|địa phương|trường|nhà trường|cơ sở(?: giáo dục)?|tổ chức|phòng|ban|ngành|cấp|hội|công đoàn cơ sở"
    r"|CĐCS|chi hội|chi đoàn|đồng chí|đoàn thể|trên|trực thuộc|thuộc|có liên quan|liên quan|và|,|\s)+"
    r"|(?:Ban Chấp hành (?:các )?)?Công đoàn cơ sở[^,;]{0,30}|quý (?:vị|đại biểu)",
    re.IGNORECASE,
)
DIRECTS = re.compile(
    r"\b(?:chỉ đạo|lãnh đạo|giao|yêu cầu|phân công)(?: (?:các (?:cơ quan|đơn vị)|thực hiện))*\s*:$"
)

OWN = re.compile(
    rf"(?:Đ/c|đ/c|Đồng chí|Ông|Bà)\s+[{CAPITAL}]|[^\W\d_][^:.;“”!?\n]{{1,100}}?\s*:\s*(?=[{CAPITAL}“]|{VERB})"
)
"""Below a body's heading: what is given to somebody else, by name or by a label."""

LABELLED = re.compile(rf"(?P<label>[^\W\d_][^:.;“”!?\n]{{1,100}}?)\s*:\s*(?=[{CAPITAL}“]|{VERB})")
# What a label of a plan's own says, where another names who does the work.
NO_BODY = re.compile(
    r"(?:thời|địa|nội dung|hình|kinh|yêu|lưu ý|ghi|mục|số|chủ đề|cụ thể|công tác|về|đợt|ngày|tháng|năm|quý|tuần|lễ"
    r"|cuộc|hội (?:thi|nghị|thảo)|đối tượng|thành phần|báo|chế độ|kế hoạch|phương|biện|giải|nhiệm|hoạt|chỉ|tiêu|kết quả"
    r"|quyền|trách|nguồn|định kỳ|hằng|hàng|hạn|sản phẩm|tài liệu|hồ sơ|giai đoạn|bước|lần|buổi|lớp|chuyên đề|riêng|ngoài"
    r"|trong|đến|trước|sau|khi|nếu|để|với|theo|mỗi|các (?:hoạt|nội|nhiệm|giải|chỉ|lớp|tiêu)|đề nghị|giao|phân công"
    r"|chủ trì|phối hợp|tuyên truyền|tổ chức|xây dựng|thực hiện)\b",
    re.IGNORECASE,
)


def labelled(text: str, start: int, end: int) -> bool:
    """ "GVCN các lớp: Phổ biến …": where work is shared out, a short label is who does it."""
    found = LABELLED.match(text, start, end)
    return bool(
        found
        and len(found["label"].split()) <= 14
        and found["label"][0].isupper()
        and not NO_BODY.match(found["label"])
        and not first_verb(text, start, found.end("label"))
    )


def same_bodies(some: list[Said], others: list[Said]) -> bool:
    """Whether what is named here is what is addressed, in fewer or more words."""
    mine, theirs = (fold(" ".join(str(said.value) for said in bodies)) for bodies in (some, others))
    return bool(mine) and (mine in theirs or theirs in mine)


def force_of(lead: re.Match[str] | None) -> Said | None:
    if lead is None:
        return None
    name = next((name for name in ("asking", "giving") if lead[name]), None)
    return Said("de-nghi" if name == "asking" else "giao", *lead.span(name)) if name else None
