"""Words with choices about persons and their data."""

from django.db.models import TextChoices


class Purpose(TextChoices):
    """Mục đích xử lý dữ liệu cá nhân."""

    RECORD = "record", "Ghi nhận việc học, cấp chứng nhận"
    CONTACT = "contact", "Nhắn tin về lớp học"
    PUBLISH = "publish", "Đăng tên, ảnh"


class ConsentWay(TextChoices):
    """Cách đồng ý; proof is kept of each (Nghị định 356/2025/NĐ-CP)."""

    PAPER = "paper", "Phiếu giấy có chữ ký"
    FORM = "form", "Tự đánh dấu trên trang đăng ký"
    MESSAGE = "message", "Tin nhắn, thư điện tử"
    CALL = "call", "Cuộc gọi có ghi âm"


class RequestKind(TextChoices):
    """Yêu cầu của người có dữ liệu."""

    ACCESS = "access", "Xem, lấy bản dữ liệu"
    RECTIFY = "rectify", "Sửa dữ liệu"
    WITHDRAW = "withdraw", "Rút lại đồng ý, hạn chế xử lý"
    ERASE = "erase", "Xóa dữ liệu"
