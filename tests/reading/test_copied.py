"""Documents as they come out of web pages and PDFs; the texts are invented, their layout is what real pages give."""

from hoctap.directives.reading import read

DECISION = """Trang chủ > Văn bản
Sở Giáo dục và Đào tạo vừa ban hành quyết định về quy chế phối hợp, mời bạn đọc xem toàn văn dưới đây.
Tải về Quyết định 77/QĐ-UBND

ỦY BAN NHÂN DÂN
TỈNH LAM SƠN
-------
|
CỘNG HÒA XÃ HỘI
CHỦ NGHĨA VIỆT NAM
Độc lập – Tự do – Hạnh phúc
---------------
|
Số:
77/2022/QĐ-UBND
|
Lam Sơn, ngày 09
tháng 5 năm 2022
|
QUYẾT ĐỊNH
VỀ VIỆC BAN HÀNH QUY CHẾ PHỐI HỢP QUẢN LÝ TRUNG TÂM HỌC TẬP CỘNG ĐỒNG
TRÊN ĐỊA BÀN TỈNH LAM SƠN
CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH LAM SƠN
Căn cứ Luật Giáo dục ngày14/6/2019;
Căn cứ Quyết định số 500/QĐ-TTg ngày 03tháng 4 năm 2021 của Thủ tướng Chính phủ phê duyệt Đề án học tập;
Căn cứ Kế hoạch số 41 KH/TWHKH ngày 02/02/2022 của Hội Khuyến học tỉnh về công tác năm 2022;
Xét đề nghị của Giám đốc Sở Giáo dục và Đào tạo,
QUYẾT ĐỊNH:
Điều 1. Ban hành kèm theo Quyết định này Quy chế phối hợp.
Điều 2. Chánh Văn phòng Ủy ban nhân dân tỉnh, thủ trưởng các sở, ngành có trách nhiệm thi hành Quyết định này./.
| KT. CHỦ TỊCH |
PHÓ CHỦ TỊCH
Trương Quốc Bình
"""


def test_decision_of_a_law_page():
    found = read(DECISION).as_json()
    assert [found[key] for key in ("code", "date", "place", "kind")] == [
        *("77/2022/QĐ-UBND", "2022-05-09", "Lam Sơn", "quyet-dinh"),
    ]
    assert (found["parent_issuer"], found["issuer"]) == (None, "ỦY BAN NHÂN DÂN TỈNH LAM SƠN")
    assert found["subject"] == (
        "BAN HÀNH QUY CHẾ PHỐI HỢP QUẢN LÝ TRUNG TÂM HỌC TẬP CỘNG ĐỒNG TRÊN ĐỊA BÀN TỈNH LAM SƠN"
    )
    assert [(doc["code"], doc["date"]) for doc in found["basis"]] == [
        *((None, "2019-06-14"), ("500/QĐ-TTg", "2021-04-03"), ("41 KH/TWHKH", "2022-02-02")),
    ]
    assert found["assignments"][0]["assignees"] == [
        *("Chánh Văn phòng Ủy ban nhân dân tỉnh", "thủ trưởng các sở, ngành"),
    ]
    assert found["signer"] == {"name": "Trương Quốc Bình", "position": "PHÓ CHỦ TỊCH", "authority": "KT."}


def test_rows_of_cells_with_pipes_behind():
    found = read(
        "UBND HUYỆN AN LẠC | CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM |\n"
        "Số: 15/KH-UBND | An Lạc, ngày 02 tháng 4 năm 2024 |\n"
        "KẾ HOẠCH\nTổ chức Ngày Sách và Văn hóa đọc năm 2024\nI. MỤC ĐÍCH\n1. Nâng cao văn hóa đọc.\n"
    ).as_json()
    assert [found[key] for key in ("code", "date", "place", "issuer")] == [
        *("15/KH-UBND", "2024-04-02", "An Lạc", "UBND HUYỆN AN LẠC"),
    ]
    assert found["subject"] == "Tổ chức Ngày Sách và Văn hóa đọc năm 2024"


def test_letter_all_on_one_line():
    found = read(
        "UBND TỈNH LAM SƠN CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM SỞ GIÁO DỤC VÀ ĐÀO TẠO Độc lập - Tự do - Hạnh phúc "
        "Số : 318 /SGDĐT-GDTX Lam Sơn, ngày 05 tháng9 năm 2022 V/v tổ chức Tuần lễ hưởng ứng học tập suốt đời năm 2022 "
        "Kính gửi: - Phòng Giáo dục và Đào tạo các huyện; - Các trường trung học phổ thông. "
        "Thực hiện Kế hoạch số 90/KH-UBND ngày 30/8/2022 của UBND tỉnh, Sở Giáo dục và Đào tạo đề nghị các đơn vị "
        "thực hiện: 1. Tuyên truyền về Tuần lễ trên trang thông tin điện tử. 2. Gửi báo cáo về Sở trước ngày 15/10/2022. "
        "Nơi nhận: - Như trên; - Lưu: VT. KT. GIÁM ĐỐC"
    ).as_json()
    assert [found[key] for key in ("code", "date", "place", "issuer", "parent_issuer")] == [
        *("318/SGDĐT-GDTX", "2022-09-05", "Lam Sơn", "SỞ GIÁO DỤC VÀ ĐÀO TẠO", "UBND TỈNH LAM SƠN"),
    ]
    assert found["subject"] == "tổ chức Tuần lễ hưởng ứng học tập suốt đời năm 2022"
    assert found["addressees"] == ["Phòng Giáo dục và Đào tạo các huyện", "Các trường trung học phổ thông"]
    assert [doc["code"] for doc in found["basis"]] == ["90/KH-UBND"]
    assert [due["stated"] for due in found["deadlines"]] == ["2022-10-15"]
    assert found["recipients"] == ["Như trên", "Lưu: VT"]


def test_subject_behind_about_and_a_dash_within_the_number():
    found = read(
        "SỞ GIÁO DỤC VÀ ĐÀO TẠO\nSố: 86/GDĐT –KT&KĐCL\nVề: góp ý dự thảo quy chế thi.\n"
        "Lam Sơn ngày 07 tháng 12 năm 2017\nKính gửi: Hiệu trưởng các trường\nSở đề nghị các trường góp ý."
    ).as_json()
    assert [found[key] for key in ("code", "subject", "date", "place")] == [
        *("86/GDĐT-KT&KĐCL", "góp ý dự thảo quy chế thi", "2017-12-07", "Lam Sơn"),
    ]


def test_foot_read_across_two_columns():
    found = read(
        "ĐẢNG BỘ TỈNH LAM SƠN\nHUYỆN ỦY HÒA LẠC\n*\nSố 12 KH/HU\nĐẢNG CỘNG SẢN VIỆT NAM\n"
        "Hòa Lạc, ngày 3 tháng 4 năm 2022\nKẾ HOẠCH\nthực hiện Kết luận số 49-KL/TW về khuyến học\n"
        "I- TỔ CHỨC THỰC HIỆN\n1- Ban Tuyên giáo Huyện ủy hướng dẫn tuyên truyền.\n"
        "Nơi nhận: T/M BAN THƯỜNG VỤ\n- Ban Tuyên giáo Tỉnh ủy, PHÓ BÍ THƯ\n- Các chi, đảng bộ,\n"
        "- Lưu VPHU. Hoàng Văn Thụ\n"
    ).as_json()
    assert [found[key] for key in ("code", "number", "notation", "kind", "issuer", "parent_issuer")] == [
        *("12 KH/HU", "12", "KH/HU", "ke-hoach", "HUYỆN ỦY HÒA LẠC", "ĐẢNG BỘ TỈNH LAM SƠN"),
    ]
    assert found["signer"] == {"name": "Hoàng Văn Thụ", "position": "PHÓ BÍ THƯ", "authority": "TM."}
    assert found["recipients"] == ["Ban Tuyên giáo Tỉnh ủy", "Các chi, đảng bộ", "Lưu VPHU"]


def test_bullets_with_tabs_a_small_post_and_closing_words():
    found = read(
        "PHÒNG GIÁO DỤC VÀ ÐÀO TẠO\nSố : 88 /PGDĐT\nV/v báo cáo kết quả Tuần lễ\n"
        "Kính gửi : - Hiệu trưởng các trường tiểu học;\n- Giám đốc trung tâm học tập cộng đồng các xã.\n"
        "Phòng Giáo dục và Đào tạo yêu cầu các đơn vị báo cáo kết quả Tuần lễ về Phòng.\n"
        "Yêu cầu các đơn vị nghiêm túc thực hiện.\n"
        "Nơi nhận:\n•\tNhư trên;\n•\tLưu VT.\nTrưởng phòng\n(Đã ký)\nLê Văn Nam\n"
    ).as_json()
    assert found["recipients"] == ["Như trên", "Lưu VT"]
    assert found["signer"] == {"name": "Lê Văn Nam", "position": "Trưởng phòng", "authority": None}
    assert [task["text"] for given in found["assignments"] for task in given["tasks"]] == [
        "báo cáo kết quả Tuần lễ về Phòng",
    ]


def test_school_plan_as_schools_write_it():
    found = read(
        "UBND QUẬN 20\nTRƯỜNG TIỂU HỌC LÊ LAI\nSố:     /KH-LL\nQuận 20, ngày    tháng 9 năm 2023\nKẾ HOẠCH\n"
        "Tổ chức “Tuần lễ hưởng ứng học tập suốt đời” năm 2023\n"
        "Căn cứ công văn số 77/GDĐT ngày 26/9/2023 của phòng Giáo dục và Đào tạo Quận 20 về việc tổ chức tuần lễ;\n"
        "Tiếp theo kế hoạch số 45/KH-LL ngày 05/9/2023 của trường;\n"
        "Trường Tiểu học Lê Lai xây dựng kế hoạch như sau:\n"
        "II/ Nội dung:\n1/ Thời gian: từ ngày 02/10 đến 08/10/2023.\n2/ Chủ đề: Học để làm chủ tương lai.\n"
        "III/ Phân công:\n- Tổng phụ trách Đội: Phát động phong trào, trang trí băng rôn "
        "(hoàn thành trước ngày 29/9/2023).\n"
    ).as_json()
    assert [(doc["code"], doc["issuer"]) for doc in found["basis"]] == [
        *(("77/GDĐT", "phòng Giáo dục và Đào tạo Quận 20"), ("45/KH-LL", None)),
    ]
    assert found["mentions"] == []
    campaign = found["campaigns"][0]
    assert [campaign[key] for key in ("name", "theme", "start", "end")] == [
        *("Tuần lễ hưởng ứng học tập suốt đời", "Học để làm chủ tương lai", "2023-10-02", "2023-10-08"),
    ]
    assert [(due["what"], due["stated"]) for due in found["deadlines"]] == [
        ("trang trí băng rôn", "2023-09-29")
    ]


def test_letter_that_reports_gives_no_work():
    found = read(
        "SỞ GIÁO DỤC VÀ ĐÀO TẠO\nSố: 29/SGDĐT-VP\nV/v báo cáo nhanh tình hình thiệt hại\n"
        "Kính gửi: Ủy ban nhân dân tỉnh\nTheo báo cáo của các trường. Sở Giáo dục và Đào tạo báo cáo như sau:\n"
        "1. Đối với thành phố Lam Sơn: Tổng ước tính thiệt hại 60 triệu đồng.\n2. Tuyên truyền đến 100% học sinh.\n"
    ).as_json()
    assert (found["assignments"], found["targets"]) == ([], [])
    assert found["addressees"] == ["Ủy ban nhân dân tỉnh"]


def test_the_right_box_read_after_the_addressees():
    """As a scan gives a letter whose addressees stand in the left box."""
    found = read(
        "UBND QUẬN 20\nSố: 5/UBND\nV/v tổng kết Tuần lễ\nKính gửi: Ủy ban nhân dân Phường 1\n"
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\nQuận 20, ngày 03 tháng 10 năm 2023\n"
        "Ủy ban nhân dân Quận 20 đề nghị Ủy ban nhân dân Phường 1 gửi báo cáo trước ngày 20/10/2023.\n"
    ).as_json()
    assert (found["code"], found["date"]) == ("5/UBND", "2023-10-03")
    assert found["addressees"] == ["Ủy ban nhân dân Phường 1"]
    assert [due["stated"] for due in found["deadlines"]] == ["2023-10-20"]
