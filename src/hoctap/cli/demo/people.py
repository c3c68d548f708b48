"""Người của thế giới minh họa: every one of them is invented; only a name, a seat and an address in .example.

The signers whom the source documents print stay where they are printed, in those documents' own records.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.hashers import make_password

from hoctap.cli.demo.units import WARDS, ward_code
from hoctap.orgs.actions import grant_seat
from hoctap.orgs.enums import Role
from hoctap.orgs.models import Seat, Unit
from hoctap.people.models import User

PASSWORD = "hoc-tap-suot-doi"
SINCE = date(2022, 1, 1)

# Shown by `make run`: where to sign in first, and what one sees there.
SIGN_INS = (
    ("chuyenvien.pgd", "Chuyên viên Phòng GD&ĐT Quận 3: tiếp nhận, tổng hợp"),
    ("lanhdao.pgd", "Lãnh đạo Phòng GD&ĐT Quận 3: ký báo cáo tổng hợp"),
    ("chuyenvien.p10", "Chuyên viên UBND Phường 10: đang soạn, đã quá hạn"),
    ("chuyenvien.vothisau", "Chuyên viên UBND Phường Võ Thị Sáu: được đề nghị chỉnh sửa"),
    ("lanhdao.vothisau", "Lãnh đạo UBND Phường Võ Thị Sáu: duyệt và gửi"),
    ("lanhdao.ubnd", "Lãnh đạo UBND Quận 3: nhận báo cáo của quận"),
    ("chuyenvien.govap", "Chuyên viên LĐLĐ quận Gò Vấp: công văn 245/LĐLĐ"),
    ("quantri.pgd", "Quản trị đơn vị Phòng GD&ĐT Quận 3: đơn vị, vị trí"),
)


@dataclass(frozen=True)
class Office:
    """Who works at one unit. ``handle`` ends the user names: ``chuyenvien.<handle>``, ``lanhdao.<handle>``.

    ``title`` and ``authority`` are how the leader signs the unit's report, for whom first ("Chủ tịch, Phó Chủ
    tịch" with "KT."); ``notation`` is how it is numbered.
    """

    handle: str
    officer: str
    leader: str
    title: str
    authority: str = ""
    notation: str = ""


OFFICES: dict[str, Office] = {
    "ubnd-q3": Office("ubnd", "Tô Gia Linh", "Vương Quốc Thái", "Chủ tịch, Phó Chủ tịch", "KT."),
    "pgd-q3": Office("pgd", "Trần Quang Minh", "Lê Thanh Hiền", "Trưởng phòng", "", "BC-GDĐT"),
    "mttq-q3": Office(
        "mttq", "Đinh Thị Nhàn", "Hà Văn Khiêm", "Ban Thường trực, Chủ tịch", "TM.", "BC-MTTQ-BTT"
    ),
    "phunu-q3": Office("phunu", "Châu Ngọc Ẩn", "Mai Thị Cúc", "Ban Thường vụ, Chủ tịch", "TM.", "BC-BTV"),
    "ccb-q3": Office("ccb", "Phạm Văn Định", "Ngô Văn Chính", "Ban Chấp hành, Chủ tịch", "TM.", "BC-CCB"),
    "ldld-q3": Office(
        "ldld", "Huỳnh Thanh Phong", "Kiều Thị Loan", "Ban Thường vụ, Chủ tịch", "TM.", "BC-LĐLĐ"
    ),
    "doan-q3": Office("doan", "Nguyễn Hữu Thọ", "Bành Nhật Duy", "Ban Thường vụ, Bí thư", "TM.", "BC-ĐTN"),
    "vhtt-q3": Office("vhtt", "Lý Minh Châu", "Tạ Hồng Quân", "Trưởng phòng", "", "BC-VHTT"),
    "ttvhtt-q3": Office("ttvhtt", "Quách Thị Ngà", "Thái Bá Dũng", "Giám đốc", "", "BC-TTVHTT"),
    "ldtbxh-q3": Office("ldtbxh", "Phùng Anh Tuấn", "Lưu Thị Hạnh", "Trưởng phòng", "", "BC-LĐTBXH"),
    "tckh-q3": Office("tckh", "Đặng Thùy Dương", "Nghiêm Xuân Lộc", "Trưởng phòng", "", "BC-TCKH"),
    "congan-q3": Office(
        "congan", "Ngô Hữu Nghĩa", "Đoàn Trọng Tín", "Trưởng Công an, Phó Trưởng Công an", "KT.", "BC-CAQ"
    ),
    "quansu-q3": Office("quansu", "Vũ Đức Toàn", "Lâm Chí Công", "Chỉ huy trưởng", "", "BC-BCH"),
    "gdnn-gdtx-q3": Office("gdnn", "Nguyễn Hoàng Yến", "Phí Minh Đạt", "Giám đốc", "", "BC-GDNNGDTX"),
    "nhandao-q3": Office("nhandao", "Bùi Quốc Khánh", "Từ Thị Ái", "Hiệu trưởng", "", "BC-TCNNĐ"),
    "khuyenhoc-q3": Office(
        "khuyenhoc", "Cao Bá Lộc", "Văn Thị Thục", "Ban Thường vụ, Chủ tịch", "TM.", "BC-HKH"
    ),
    "sgddt-hcm": Office("sogd", "Trương Hải Vân", "Đỗ Khắc Nhu", "Giám đốc, Phó Giám đốc", "KT."),
    "ldld-gv": Office("govap", "Lê Kim Thoa", "Nguyễn Phú Cường", "Ban Thường vụ, Phó Chủ tịch", "TM."),
    "ldld-thuduc": Office("thuduc", "Phan Đức Hải", "Trần Mỹ Dung", "Ban Thường vụ, Phó Chủ tịch", "TM."),
    "ldld-thaibinh": Office("thaibinh", "Vũ Thị Lụa", "Phạm Ngọc Sơn", "Ban Thường vụ, Phó Chủ tịch", "TM."),
    "cdyt-thaibinh": Office("cdyt", "Bùi Thị Mận", "Hoàng Văn Thụy", "Ban Thường vụ, Chủ tịch", "TM."),
    "cdgd-hcm": Office("cdgd", "Đặng Minh Thư", "Lương Quốc Bình", "Ban Thường vụ, Chủ tịch", "TM."),
    "ldld-hcm": Office("ldldtp", "Hồ Thị Bạch Mai", "Chu Văn Hậu", "Ban Thường vụ, Phó Chủ tịch", "TM."),
}
_WARD_PEOPLE = {
    "1": ("Trần Văn Lực", "Hứa Thị Mỹ"),
    "2": ("Phan Thị Kim Oanh", "Lục Văn Hòa"),
    "3": ("Lâm Gia Bảo", "Kha Thị Phượng"),
    "4": ("Hồ Ngọc Trâm", "Tống Văn Nhã"),
    "5": ("Đỗ Thị Hồng Vân", "Doãn Khánh Duy"),
    "9": ("Dương Tấn Tài", "Mạc Thị Tuyền"),
    "10": ("Lê Thị Ngọc Ánh", "Giang Hồng Phúc"),
    "11": ("Võ Thị Bích Liên", "Khúc Văn Thành"),
    "12": ("Trương Mỹ Lệ", "Âu Văn Quyền"),
    "13": ("Nguyễn Đình Quý", "Lại Thị Thanh"),
    "14": ("Trịnh Thu Thủy", "Bạch Văn Tâm"),
    "Võ Thị Sáu": ("Nguyễn Thị Thu Hà", "Đoàn Minh Khôi"),
}
for _ward in WARDS:
    _handle = ward_code(_ward).removesuffix("-q3")
    OFFICES[ward_code(_ward)] = Office(
        _handle, *_WARD_PEOPLE[_ward], "Chủ tịch, Phó Chủ tịch", "KT.", "BC-UBND"
    )

# The units below that act in the story: one person each, who both writes and sends.
ALONE = {
    "tthtcd-p4-q3": ("tthtcd.p4", "Cù Thị Sen"),
    "hkh-p4-q3": ("khuyenhoc.p4", "Trà Văn Ngọ"),
    "ldld-gv-cs1": ("cs1.govap", "Lê Thị Thắm"),
    "ldld-gv-cs2": ("cs2.govap", "Đào Văn Hưng"),
    "ldld-gv-cs3": ("cs3.govap", "Phạm Thị Nết"),
    "ldld-gv-cs4": ("cs4.govap", "Nguyễn Văn Sáng"),
    "ldld-gv-cs5": ("cs5.govap", "Trần Thị Lành"),
    "ldld-gv-cs6": ("cs6.govap", "Võ Minh Trí"),
    "ldld-thuduc-cs1": ("cs1.thuduc", "Bùi Văn Đồng"),
    "ldld-thuduc-cs2": ("cs2.thuduc", "Hồ Thị Tươi"),
    "ldld-thuduc-cs3": ("cs3.thuduc", "Ngô Thị Diễm"),
    "ldld-thuduc-cs4": ("cs4.thuduc", "Đinh Văn Lâm"),
    "cdyt-thaibinh-cs1": ("cs1.thaibinh", "Vũ Thị Thoa"),
    "cdyt-thaibinh-cs2": ("cs2.thaibinh", "Phạm Văn Vinh"),
    "cdyt-thaibinh-cs3": ("cs3.thaibinh", "Đặng Thị Hợp"),
    "cdyt-thaibinh-cs4": ("cs4.thaibinh", "Nguyễn Văn Tỉnh"),
    "cdgd-hcm-cs1": ("cs1.cdgd", "Trịnh Văn Học"),
    "cdgd-hcm-cs2": ("cs2.cdgd", "Lê Thị Bảng"),
    "cdgd-hcm-cs3": ("cs3.cdgd", "Phan Thị Phấn"),
    "cdgd-hcm-cs4": ("cs4.cdgd", "Hoàng Văn Sách"),
}
_MORE = (
    ("vanthu.pgd", "Lê Ngọc Diệp", "pgd-q3", Role.CLERK),
    ("quantri.pgd", "Phạm Hữu Nhân", "pgd-q3", Role.ADMIN),
    ("vanthu.ubnd", "Đàm Thị Liễu", "ubnd-q3", Role.CLERK),
    ("quantri.ubnd", "Ninh Văn Khoa", "ubnd-q3", Role.ADMIN),
    ("giamsat.mttq", "Ông Thị Hường", "mttq-q3", Role.VIEWER),
)


def _everyone() -> Iterator[tuple[str, str, str, Role]]:
    """User name, full name, unit code, role."""
    for code, office in OFFICES.items():
        yield f"chuyenvien.{office.handle}", office.officer, code, Role.OFFICER
        yield f"lanhdao.{office.handle}", office.leader, code, Role.LEADER
    for code, (username, name) in ALONE.items():
        yield username, name, code, Role.LEADER
    yield from _MORE


def seat_all(units: dict[str, Unit]) -> dict[str, Seat]:
    """One account and one seat for each, by user name. The password is hashed once: they all share it."""
    hashed = make_password(PASSWORD)
    seats: dict[str, Seat] = {}
    for username, name, code, role in _everyone():
        user = User.objects.create_user(username, name, email=f"{username}@hoctap.example")
        user.password = hashed
        user.save(update_fields=["password"])
        seats[username] = grant_seat(seat=None, user=user, unit=units[code], role=role, since=SINCE)
    return seats
