"""Words with choices about indicators."""

from django.db.models import TextChoices


class Addition(TextChoices):
    """Cách cộng dồn. Latest and distinct never enter figure vectors (ARCHITECTURE, counting rule 5)."""

    SUM = "sum", "Cộng"
    UNIT_COUNT = "unit_count", "Đếm đơn vị"
    RATIO = "ratio", "Tỉ lệ của hai tổng"
    LATEST = "latest", "Số mới nhất"
    DISTINCT = "distinct", "Đếm không trùng"
