"""Words with choices about reports."""

from django.db.models import TextChoices


class ReportState(TextChoices):
    """Tình trạng báo cáo; the words on screen follow the relation (desk)."""

    NONE = "none", "Chưa gửi"
    WAITING = "waiting", "Chờ duyệt"
    ACCEPTED = "accepted", "Đã duyệt"
    RETURNED = "returned", "Gửi trả"
    WITHDRAWN = "withdrawn", "Thu hồi"


class ActKind(TextChoices):
    """Thao tác trên báo cáo."""

    SUBMIT = "submit", "Gửi"
    AMEND = "amend", "Gửi bản sửa"
    WITHDRAW = "withdraw", "Thu hồi"
    RETURN = "return", "Gửi trả"
    ACCEPT = "accept", "Duyệt"


class Channel(TextChoices):
    """Kênh nhận."""

    SYSTEM = "system", "Trên hệ thống"
    EMAIL = "email", "Thư điện tử"
    PAPER = "paper", "Bản giấy"


class Basis(TextChoices):
    """Số liệu gồm: what was accepted one level up, or all that was sent."""

    ACCEPTED = "accepted", "Số đã duyệt, đã tiếp nhận"
    SENT = "sent", "Mọi số đã gửi"


class ExportKind(TextChoices):
    """Dạng tệp xuất số liệu."""

    XLSX = "xlsx", "Excel (XLSX)"
    CSV = "csv", "CSV, cho phần mềm khác"
