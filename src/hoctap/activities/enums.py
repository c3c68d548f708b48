"""Words with choices about activities, attendance and certificates."""

from django.db.models import TextChoices


class Family(TextChoices):
    """Nhóm loại hoạt động: the tiles of the phone."""

    CLASS = "class", "Lớp học, tập huấn"
    TALK = "talk", "Nói chuyện, sinh hoạt chuyên đề"
    CONTEST = "contest", "Cuộc thi, hội thi"
    CULTURE = "culture", "Văn nghệ, thể thao, tham quan"
    BOOKS = "books", "Sách, triển lãm"
    NEWS = "news", "Tin bài, tuyên truyền"
    CEREMONY = "ceremony", "Lễ, hội nghị, hội thảo"
    OTHER = "other", "Khác"


class TrainingForm(TextChoices):
    """Hình thức đào tạo (32/CDYT, mục 3; Kế hoạch Công đoàn Giáo dục, mục III.4)."""

    NONE = "", "–"
    GROUP = "group", "Lớp tập trung"
    ONLINE = "online", "Lớp trực tuyến"
    MENTORING = "mentoring", "Kèm cặp tại chỗ"
    SENT = "sent", "Cử đi học ở cơ sở đào tạo"
    DEMAND = "demand", "Theo nhu cầu của doanh nghiệp"
    DISTANCE = "distance", "Từ xa, vừa làm vừa học"


class Opening(TextChoices):
    """Ai được đăng ký."""

    CLOSED = "closed", "Không mở đăng ký"
    UNIT = "unit", "Người của các đơn vị tổ chức"
    PUBLIC = "public", "Mọi người"


class SessionState(TextChoices):
    """Tình trạng buổi: only what was held counts."""

    PLANNED = "planned", "Dự kiến"
    HELD = "held", "Đã diễn ra"
    CANCELLED = "cancelled", "Đã hủy"


class CostSource(TextChoices):
    """Nguồn kinh phí (biểu của Kế hoạch 333, mục 10)."""

    STATE = "state", "Ngân sách nhà nước"
    OTHER = "other", "Nguồn hợp pháp khác"


class PartnerKind(TextChoices):
    """Loại đơn vị liên kết (Kế hoạch Công đoàn Giáo dục, mục III.4)."""

    UNIVERSITY = "university", "Trường đại học, cao đẳng"
    ENTERPRISE = "enterprise", "Doanh nghiệp"
    OTHER = "other", "Khác"


class EvidenceKind(TextChoices):
    """Loại minh chứng."""

    PHOTO = "photo", "Ảnh"
    FILE = "file", "Tệp"
    LINK = "link", "Liên kết"


class Part(TextChoices):
    """Vai của người trong hoạt động: only learners are counted."""

    LEARNER = "learner", "Người học"
    SPEAKER = "speaker", "Báo cáo viên, giảng viên"
    ORGANISER = "organiser", "Ban tổ chức"


class RegistrationState(TextChoices):
    """Tình trạng đăng ký."""

    TAKEN = "taken", "Đã đăng ký"
    WAITING = "waiting", "Chờ chỗ"
    GIVEN_UP = "given_up", "Đã rút"


class MarkWay(TextChoices):
    """Cách điểm danh."""

    ALL = "all", "Có mặt cả lớp"
    NAME = "name", "Theo tên"
    SCAN = "scan", "Quét thẻ"
    SELF = "self", "Tự điểm danh"
    PAPER = "paper", "Nhập từ phiếu giấy"


class CertificateState(TextChoices):
    """Tình trạng chứng nhận."""

    VALID = "valid", "Còn hiệu lực"
    REVOKED = "revoked", "Đã thu hồi"
    SUPERSEDED = "superseded", "Đã được thay"


class Reached(TextChoices):
    """Cách tính một chỉ tiêu 100 %: what of whom has to be reached."""

    PEOPLE = "people", "Người được học, trên số người của đơn vị"
    PLANNED = "planned", "Đơn vị đã đưa vào kế hoạch, trên số đơn vị"
    HELD = "held", "Đơn vị đã tổ chức, trên số đơn vị"
