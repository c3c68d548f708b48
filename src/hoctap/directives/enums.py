"""Words with choices about documents."""

from django.db.models import TextChoices


class DocumentKind(TextChoices):
    """Tên loại văn bản, with the abbreviations of Nghị định 30/2020 (domain notes §3.1)."""

    CV = "CV", "Công văn"
    NQ = "NQ", "Nghị quyết"
    QD = "QĐ", "Quyết định"
    CT = "CT", "Chỉ thị"
    TB = "TB", "Thông báo"
    HD = "HD", "Hướng dẫn"
    CTR = "CTr", "Chương trình"
    KH = "KH", "Kế hoạch"
    PA = "PA", "Phương án"
    DA = "ĐA", "Đề án"
    BC = "BC", "Báo cáo"
    TTR = "TTr", "Tờ trình"
    TT = "TT", "Thông tư"
    ND = "NĐ", "Nghị định"
    KL = "KL", "Kết luận"
    GM = "GM", "Giấy mời"
    OTHER = "khac", "Loại khác"


class Authority(TextChoices):
    """Thẩm quyền ký."""

    NONE = "", "Trực tiếp"
    TM = "TM.", "TM. (thay mặt)"
    KT = "KT.", "KT. (ký thay)"
    TL = "TL.", "TL. (thừa lệnh)"
    TUQ = "TUQ.", "TUQ. (thừa ủy quyền)"
    Q = "Q.", "Q. (quyền)"


class DirectiveStatus(TextChoices):
    """Tình trạng văn bản."""

    DRAFT = "draft", "Dự thảo"
    ISSUED = "issued", "Đã ban hành"
    RECALLED = "recalled", "Đã thu hồi"
    SUPERSEDED = "superseded", "Đã được thay thế"
