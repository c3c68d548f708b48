"""The words of work: verbs that follow the body who is to do it, sentences, and the words that close a document. Pure."""

import re
from collections.abc import Iterator

from hoctap.directives.reading.outline import CAPITAL

VERB = (
    r"(?:chủ trì|chủ động|phối hợp|tham mưu|tổ chức(?! (?:đảng|chính trị|công đoàn|đoàn|xã hội|tôn giáo|kinh tế"
    r"|thành viên|cá nhân)\b)|thực hiện|triển khai|hướng dẫn|chỉ đạo|căn cứ|xây dựng|có (?:trách nhiệm|nhiệm vụ)"
    r"|đẩy mạnh|tăng cường|tuyên truyền|vận động|theo dõi|đôn đốc|báo cáo|bố trí|rà soát|kiểm tra|lồng ghép|phát động"
    r"|tiếp tục|nghiêm túc|tích cực|quan tâm|thường xuyên|đồng loạt|làm|cử|gửi|nộp|lập|giúp|hỗ trợ|cùng"
    r"|theo chức năng|tập trung"
    r"|khẩn trương|đưa tin|đăng tải|quán triệt|phổ biến|tổng hợp|là (?:cơ quan|đơn vị|đầu mối)|đăng ký"
    r"|hoàn thành|tham gia|ban hành"
    r"|kịp thời|duy trì|phân công|nghiên cứu|giám sát|cung cấp|huy động|nâng cao|sử dụng|khai thác"
    r"|chịu trách nhiệm|đảm bảo|bảo đảm"
    r"|đưa|mở|trích|bổ sung|kiện toàn|xem xét|phát huy|vận dụng|thành lập|bàn giao|dành|trang bị|đổi mới|lựa chọn|thu bài"
    r"|trên cơ sở|trong phạm vi|theo nhiệm vụ|cân đối|thẩm định|trình|tiến hành|chuẩn bị|đề xuất"
    r"|khen thưởng|treo|giới thiệu|lãnh đạo|luân phiên|tiếp nhận|phụ trách|thông báo|công khai|niêm yết"
    r"|tạo điều kiện|khuyến khích|biểu dương|đánh giá|xét|phát hành|in ấn|biên soạn|phát sóng|củng cố|nhân rộng"
    r"|tập huấn|bồi dưỡng|thống kê|khảo sát|điều tra|phản ánh|kêu gọi|ưu tiên|miễn|lắp đặt|trưng bày|luân chuyển"
    r"|số hóa|tư vấn|giải đáp|cập nhật|kết nối|tiếp thu|hoàn thiện|tham dự|đón tiếp|thiết kế|viết bài|đăng|chấp hành"
    r"|tăng thời lượng|tranh thủ|vận hành|đóng góp|ủng hộ|xác định|đề ra|cụ thể hóa|gương mẫu|thu thập|bảo quản"
    r"|lưu trữ|điều phối|chuyển|ký kết|đổi|giao|ra (?=đề|quân)|xây|nhận|cấp (?:phát|tài khoản|mẫu|kinh phí"
    r"|học bổng|thẻ|giấy)"
    r"|thu(?! nhập)|tổng kết|sơ kết|yêu cầu|đề nghị|quản lý|trang trí|họp|mỗi (?=[^\W\d_])|dự (?!án|trù|toán"
    r"|thảo)|dự trù|lên kế hoạch|chỉ định|nắm)\b"
)
# In running text: a capital letter belongs to a name, "Thư viện Tổng hợp", "Phòng Hướng dẫn nghiệp vụ".
_VERB = re.compile(rf",?\s+(?:cần\s+|phải\s+|hãy\s+|sẽ\s+|được giao\s+|thì\s+)?{VERB}")
# The same words inside a name: "Giáo dục thường xuyên", "các tổ chức chính trị - xã hội".
IN_NAME = re.compile(
    r"(?:[Gg]iáo dục|GDNN-GD|GDTX|[Cc]ác|Ban|[Bb]ộ phận|[Mm]ột số|[Nn]hững|(?<!vụ )[Cc]ông|[Tt]hành|[Đđ]ộc"
    r"|[ỦUủu][ỷyỶY] ban|[ỦU]B|[-–]|Tổng|Ban [Tt]ổng)$"
)
_SENTENCE = re.compile(
    rf"(?<![{CAPITAL}])(?<!\b[Tt][Pp])(?<!\bv\.v)(?<!\bđ/c)[.;!?](?=\s+[{CAPITAL}“(])|\.\s*(?=\./)|\n"
)
CLOSING = re.compile(
    r"(?:Trân trọng|(?:Yêu cầu|Đề nghị|Kính đề nghị)[^.;]{0,200}(?:nghiêm túc|quan tâm)(?:,? (?:phối hợp|chỉ đạo"
    r"|và|tổ chức)){0,3}"
    r" (?:triển khai|thực hiện)|(?:Yêu cầu|Đề nghị)[^.;]{0,160}(?:triển khai |tổ chức )?thực hiện nghiêm(?: túc)?"
    r"|(?:Yêu cầu|Đề nghị) (?:các|toàn thể|thủ trưởng|lãnh đạo)[^.;:]{0,120}(?:triển khai|thực hiện"
    r"|phối hợp)[^.;:,]{0,60}[./]*(?m:$)"
    r"|(?:Các|Đề nghị các)[^.;:]{0,80} nghiêm túc (?:triển khai |tổ chức )?thực hiện[^.;:]{0,60}[./]*(?m:$)"
    r"|Trên đây là|Rất mong|Nhận được|Trong quá trình|Kế hoạch này"
    r"|Ban Thường vụ.{0,120}đề nghị .{0,80}(?:quan tâm|nghiêm túc|triển khai))"
)


def first_verb(text: str, start: int, end: int) -> re.Match[str] | None:
    """The first verb of work that is no part of a name."""
    for found in _VERB.finditer(text, start, end):
        if not IN_NAME.search(text, max(0, found.start() - 12), found.start()):
            return found
    return None


def sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Where each begins and ends; none ends inside brackets that close soon. One longer than anybody writes ends at a
    blank, so that its words stay few."""
    at = seen = start
    depth = 0
    for found in _SENTENCE.finditer(text, start, end):
        depth = max(0, depth + text.count("(", seen, found.start()) - text.count(")", seen, found.start()))
        seen = found.start()
        if depth and found[0] != "\n" and ")" in text[found.end() : min(end, found.end() + 160)]:
            continue
        depth = 0
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
