"""Words with choices about who owes what."""

from django.db.models import TextChoices


class DueRule(TextChoices):
    """Cách nói hạn trong văn bản: "trước ngày" excludes the day, the others include it; "theo quy định" has none."""

    BEFORE = "before", "trước ngày"
    BY = "by", "chậm nhất ngày"
    THROUGH = "through", "đến hết ngày"
    UNDATED = "undated", "không ghi ngày"


class Force(TextChoices):
    """Mức ràng buộc; only an assigned obligation can be overdue."""

    ASSIGN = "assign", "Giao"
    REQUEST = "request", "Đề nghị"
    ENCOURAGE = "encourage", "Khuyến khích"


class Relation(TextChoices):
    """Quan hệ với nơi tổng hợp: decides words and rights, not states."""

    SUPERIOR = "superior", "Cấp trên trực tiếp"
    COORDINATOR = "coordinator", "Đầu mối phối hợp"


class Frequency(TextChoices):
    """Tần suất."""

    ONCE = "once", "Một lần"
    MONTHLY = "monthly", "Hằng tháng"
    QUARTERLY = "quarterly", "Hằng quý"
    YEARLY = "yearly", "Hằng năm"


class TaskRole(TextChoices):
    """Vai trong một nhiệm vụ."""

    LEAD = "chu-tri", "Chủ trì"
    SUPPORT = "phoi-hop", "Phối hợp"
    ADVISE = "tham-muu", "Tham mưu"
    CARRY_OUT = "thuc-hien", "Thực hiện"
