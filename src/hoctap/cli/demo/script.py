"""Kịch bản: every line a moment of October 2023 (+07), what happens then, and to whom; and the words people use."""

from datetime import datetime

from hoctap.cli.demo.units import AGENCY_CODES, WARD_CODES
from hoctap.kernel import clock

CODES = (*AGENCY_CODES, *WARD_CODES)
HOME = "pgd-q3"
STOPS_AT = "13/10 09:20"  # the served demo begins here

UNTIL_FRIDAY_MORNING = """
02/10 15:10 open
03/10 08:05 see vothisau-q3
03/10 08:40 see p4-q3
03/10 09:12 see p1-q3
03/10 13:50 see doan-q3
03/10 15:31 see p13-q3
04/10 08:11 see phunu-q3
04/10 10:20 see mttq-q3
04/10 14:05 see p2-q3
04/10 16:32 see ttvhtt-q3
05/10 08:22 see p14-q3
05/10 09:46 see p3-q3
05/10 15:10 see gdnn-gdtx-q3
06/10 08:17 see ldtbxh-q3
06/10 10:02 see p9-q3
06/10 14:25 see vhtt-q3
09/10 07:45 record
09/10 08:36 see p11-q3
09/10 09:14 see ldld-q3
09/10 10:31 send mttq-q3
09/10 15:20 send p4-q3
09/10 16:05 accept mttq-q3
10/10 08:15 accept p4-q3
10/10 08:50 see khuyenhoc-q3
10/10 09:12 send p1-q3
10/10 09:12 send p13-q3
10/10 15:40 send p2-q3
10/10 15:40 send p14-q3
10/10 15:40 send phunu-q3
10/10 16:20 see p5-q3
11/10 08:02 accept p1-q3
11/10 08:04 accept p13-q3
11/10 08:26 send p3-q3
11/10 08:26 send doan-q3
11/10 09:05 see tckh-q3
11/10 09:40 see p12-q3
11/10 10:03 send ttvhtt-q3
11/10 13:35 accept p2-q3
11/10 13:37 accept p14-q3
11/10 14:55 send ldtbxh-q3
11/10 14:55 send p9-q3
11/10 15:20 see congan-q3
11/10 16:20 accept doan-q3
11/10 16:21 accept p3-q3
11/10 16:22 send vothisau-q3
11/10 16:50 send vhtt-q3
12/10 08:00 remind
12/10 08:47 send p11-q3
12/10 08:47 send gdnn-gdtx-q3
12/10 10:40 send ldld-q3
12/10 10:58 withdraw vhtt-q3
12/10 11:17 send vhtt-q3
12/10 14:30 send khuyenhoc-q3
12/10 15:02 accept ttvhtt-q3
12/10 15:05 accept ldtbxh-q3
12/10 15:08 accept p9-q3
12/10 15:12 accept phunu-q3
12/10 15:20 accept p11-q3
12/10 15:24 accept gdnn-gdtx-q3
12/10 16:05 send p5-q3
12/10 16:40 read_notices
12/10 17:20 see nhandao-q3
12/10 17:35 extend nhandao-q3
12/10 20:14 begin p10-q3
12/10 23:41 send congan-q3
13/10 08:05 begin pgd-q3
13/10 08:15 return vothisau-q3
13/10 08:20 return ldld-q3
13/10 09:02 send p12-q3
"""

UNTIL_THE_END = """
13/10 09:30 remind
13/10 09:41 accept p12-q3
13/10 09:43 accept congan-q3
13/10 09:45 accept p5-q3
13/10 09:47 accept khuyenhoc-q3
13/10 09:50 accept vhtt-q3
13/10 10:05 send vothisau-q3
13/10 10:30 accept vothisau-q3
13/10 10:40 send ldld-q3
13/10 10:44 accept ldld-q3
13/10 10:55 enter ccb-q3
13/10 10:58 accept ccb-q3
13/10 11:30 send tckh-q3
13/10 13:20 send nhandao-q3
13/10 13:40 accept nhandao-q3
13/10 13:42 accept tckh-q3
13/10 14:10 send p10-q3
13/10 14:25 accept p10-q3
13/10 14:40 present pgd-q3
13/10 15:05 send pgd-q3
13/10 15:30 draw
13/10 16:10 sign
16/10 08:20 find ldld-q3
16/10 08:40 send vothisau-q3
16/10 09:15 accept vothisau-q3
"""

RETURNS = {
    "vothisau-q3": "Các dòng trong đó của mục 1 nhiều hơn tổng 18 người, đề nghị ghi rõ lý do. "
    "Mục 2 có 2 bài đăng trước Tuần lễ, đề nghị xem lại.",
    "ldld-q3": "Dòng 1.7: lớp Phòng tránh đuối nước đã tính tại UBND Phường Võ Thị Sáu, phiếu cũng báo như vậy; "
    "đề nghị bỏ phần cộng thêm bằng tay.",
}
# Why figures differ from the deeds, by unit and line; else by line.
DIFFERS = {
    ("vothisau-q3", "2"): "Tính cả 2 bài đăng ngày 29/9.",
    ("ldld-q3", "1.7"): "Cộng thêm lớp Phòng tránh đuối nước tổ chức chung với UBND Phường Võ Thị Sáu.",
    ("ldld-q3", "1T"): "Cộng thêm người của lớp Phòng tránh đuối nước.",
    ("vhtt-q3", "2"): "Theo sổ tin bài của phòng.",
    ("vhtt-q3", "3"): "Theo phiếu in của phòng.",
    ("vhtt-q3", "4.2"): "Theo sổ nhận sách của phòng.",
    "1T": "Theo sổ theo dõi: có người học hai lớp.",
    "6": "Một buổi giao lưu không ghi vào sổ.",
    "7.2": "33 trường khai mạc tại trường, báo bằng văn bản.",
}
WITHDRAWN = "Ba ô ở các mục 2, 3 và 4 nhập nhầm số của tháng 9."
AMENDED = "Lớp Phòng tránh đuối nước đón thêm 24 em chiều 04/10, ghi tay trong sổ, tìm thấy sau khi báo cáo đã được ký."
REVIEWED = "Không tính 2 bài đăng ngày 29/9/2023, trước khi Tuần lễ bắt đầu."
EXTENDED = "Lớp khai giảng ngày 07/10 chưa chốt danh sách; đơn vị xin đến 14:00 ngày 13/10/2023."
MAIL_CAME = "12/10 21:48"  # the veterans' report lay in the office's mailbox before the deadline


def moment(text: str) -> datetime:
    """``"13/10 09:20"`` → that minute of 2023, +07."""
    return datetime.strptime(f"{text}/2023", "%d/%m %H:%M/%Y").replace(tzinfo=clock.VIETNAM)
