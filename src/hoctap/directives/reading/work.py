"""The words of work: verbs that follow the body who is to do it, sentences, and the words that close a document. Pure."""

import re
from collections.abc import Iterator

VERB = (
    r"(?:chủ trì|chủ động|phối hợp|tham mưu|tổ chức|thực hiện|triển khai|hướng dẫn|chỉ đạo|căn cứ|xây dựng|có trách nhiệm"
    r"|đẩy mạnh|tăng cường|tuyên truyền|vận động|theo dõi|đôn đốc|báo cáo|bố trí|rà soát|kiểm tra|lồng ghép|phát động"
    r"|tiếp tục|nghiêm túc|tích cực|quan tâm|thường xuyên|đồng loạt|làm|cử|gửi|nộp|lập|giúp|hỗ trợ|cùng"
    r"|theo chức năng|tập trung"
    r"|khẩn trương|đưa tin|đăng tải|quán triệt|phổ biến|tổng hợp|là (?:cơ quan|đơn vị|đầu mối)|đăng ký"
    r"|hoàn thành|tham gia|ban hành"
    r"|kịp thời|duy trì|phân công|nghiên cứu|giám sát|cung cấp|huy động|nâng cao|sử dụng|khai thác"
    r"|chịu trách nhiệm|đảm bảo|bảo đảm"
    r"|đưa|mở|trích|bổ sung|kiện toàn|xem xét|phát huy|vận dụng|thành lập|bàn giao|dành|trang bị|đổi mới|lựa chọn|thu bài"
    r"|trên cơ sở|trong phạm vi|theo nhiệm vụ|cân đối|thẩm định|trình|tiến hành|chuẩn bị|đề xuất"
    r"|khen thưởng|treo|giới thiệu)\b"
)
_VERB = re.compile(rf",?\s+(?:cần\s+|phải\s+|hãy\s+|sẽ\s+|được giao\s+|thì\s+)?{VERB}", re.IGNORECASE)
# The same words inside a name: "Giáo dục thường xuyên", "các tổ chức chính trị - xã hội".
IN_NAME = re.compile(
    r"(?:[Gg]iáo dục|GDNN-GD|GDTX|[Cc]ác|Ban|[Bb]ộ phận|[Mm]ột số|[Nn]hững|[Cc]ông|[Tt]hành|[Đđ]ộc"
    r"|[ỦUủu][ỷyỶY] ban|[ỦU]B|[-–])$"
)
_SENTENCE = re.compile(
    r"(?<![A-ZĐ])(?<!\b[Tt][Pp])(?<!\bv\.v)(?<!\bđ/c)[.;!?](?=\s+[A-ZĐÀ-Ỹ“(])|\.\s*(?=\./)|\n"
)
CLOSING = re.compile(
    r"(?:Trân trọng|(?:Yêu cầu|Đề nghị) (?:các|toàn thể) [^.;]{0,120}(?:nghiêm túc|quan tâm) (?:triển khai"
    r"|thực hiện)|Trên đây là|Nhận được|Trong quá trình|Kế hoạch này"
    r"|Ban Thường vụ.{0,120}đề nghị .{0,80}(?:quan tâm|nghiêm túc|triển khai))"
)


def first_verb(text: str, start: int, end: int) -> re.Match[str] | None:
    """The first verb of work that is no part of a name."""
    for found in _VERB.finditer(text, start, end):
        if not IN_NAME.search(text, max(0, found.start() - 12), found.start()):
            return found
    return None


def sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Where each begins and ends; one longer than anybody writes ends at a blank, so that its words stay few."""
    at = start
    for found in _SENTENCE.finditer(text, start, end):
        yield from _short(text, at, found.end())
        at = found.end()
    if at < end:
        yield from _short(text, at, end)


LONGEST_SENTENCE = 3000  # letters


def _short(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while end - start > LONGEST_SENTENCE:
        blank = text.rfind(" ", start + 1, start + LONGEST_SENTENCE)
        stop = blank if blank > 0 else start + LONGEST_SENTENCE
        yield start, stop
        start = stop
    yield start, end
