"""Words with choices about organisations."""

from django.db.models import TextChoices

UNIT_CODE = r"[\w.-]+"
"""How a unit's code may look: it stands in addresses and in file names."""


class Line(TextChoices):
    """Tuyến trực thuộc: a unit stands in several at once."""

    TERRITORY = "territory", "Chính quyền"
    UNION = "union", "Công đoàn"
    STUDY = "study", "Khuyến học"
    SECTOR = "sector", "Ngành"


class Kind(TextChoices):
    """Loại hình đơn vị."""

    COMMITTEE = "committee", "Ủy ban nhân dân"
    OFFICE = "office", "Cơ quan chuyên môn"
    DEPARTMENT = "department", "Sở, ban, ngành"
    MINISTRY = "ministry", "Bộ, cơ quan trung ương"
    FRONT = "front", "Mặt trận, đoàn thể"
    PARTY = "party", "Cơ quan Đảng"
    FORCE = "force", "Lực lượng vũ trang"
    FEDERATION = "federation", "Liên đoàn Lao động"
    SECTOR_UNION = "sector_union", "Công đoàn ngành"
    BASE_UNION = "base_union", "Công đoàn cơ sở"
    ASSOCIATION = "association", "Hội Khuyến học"
    SCHOOL = "school", "Cơ sở giáo dục"
    CENTRE = "centre", "Trung tâm"
    LIBRARY = "library", "Thư viện"
    OTHER = "other", "Khác"


class AreaType(TextChoices):
    """Cấp, loại địa bàn; empty when the unit is not tied to one."""

    NONE = "", "–"
    NATION = "nation", "Trung ương"
    PROVINCE = "province", "Tỉnh, thành phố"
    DISTRICT = "district", "Quận, huyện"
    COMMUNE = "commune", "Xã, phường"


class Role(TextChoices):
    """Vai trò của vị trí."""

    OFFICER = "officer", "Chuyên viên"
    LEADER = "leader", "Lãnh đạo"
    CLERK = "clerk", "Văn thư"
    ADMIN = "admin", "Quản trị đơn vị"
    VIEWER = "viewer", "Theo dõi, giám sát"


class Standing(TextChoices):
    """Tư cách của một người tại đơn vị."""

    STAFF = "staff", "Cán bộ, công chức, viên chức"
    TEACHER = "teacher", "Nhà giáo"
    WORKER = "worker", "Công nhân, người lao động"
    STUDENT = "student", "Học sinh, sinh viên, học viên"
    RESIDENT = "resident", "Người dân"
    MEMBER = "member", "Đoàn viên, hội viên"


class HeadcountGroup(TextChoices):
    """Nhóm người được đếm làm mẫu số."""

    MEMBERS = "members", "Đoàn viên, hội viên"
    WORKERS = "workers", "Người lao động"
    TEACHERS = "teachers", "Nhà giáo"
