"""Papers to render: the report plan 333/KH-UBND asks Quận 3's education office for; figures invented."""

from datetime import date

from hoctap.papers.content import Bullet, Heading, Paper, Paragraph, Signature, TableAppendix
from hoctap.papers.tables import FigureLine, consolidated_table

EXPECTED = 26

# What must come out as it went in, in every format.
NASTY = '#import "x" \\ $a$ *b* _c_ <w:br/> </w:t> =1+1 {{ x }} &amp; @ref [d] `e` // f'

# The table at the end of plan 333/KH-UBND: STT, label, unit of measure, figures (None: no such cell).
FORM_333 = [
    ("1", "Các lớp bồi dưỡng, tập huấn tổ chức trong Tuần lễ", "lớp", 190, ""),
    ("", "Tổng số người tham gia, trong đó:", "người", "", 9432),
    (
        "",
        "Bồi dưỡng nâng cao trình độ chuyên môn nghiệp vụ cho cán bộ, công chức, viên chức (các cấp)",
        "lớp/người",
        36,
        1134,
    ),
    (
        "",
        "Bồi dưỡng nâng cao trình độ ngoại ngữ cho cán bộ, công chức, viên chức (các cấp)",
        "lớp/người",
        5,
        104,
    ),
    (
        "",
        "Bồi dưỡng nâng cao trình độ tin học cho cán bộ, công chức, viên chức (các cấp)",
        "lớp/người",
        13,
        309,
    ),
    ("", "Bồi dưỡng nâng cao tay nghề cho công nhân lao động", "lớp/người", 14, 549),
    ("", "Học nghề cho lao động nông thôn", "lớp/người", 0, 0),
    (
        "",
        "Nâng cao trình độ văn hóa cho cán bộ công chức cấp xã, người lao động trong các khu công nghiệp, "
        "khu chế xuất",
        "lớp/người",
        4,
        59,
    ),
    ("", "Giáo dục kỹ năng sống cho học sinh", "lớp/người", 35, 3386),
    ("", "Phổ biến kiến thức khoa học, kiến thức pháp luật cho người lao động", "lớp/người", 27, 1893),
    ("", "Bồi dưỡng thường xuyên cho giáo viên", "lớp/người", 7, 498),
    ("", "Bồi dưỡng, tập huấn cho cán bộ quản lý, báo cáo viên TTHTCĐ", "lớp/người", 10, 182),
    ("", "Phổ cập giáo dục (tiểu học, THCS)", "lớp/người", 8, 122),
    ("", "Xóa mù chữ", "lớp/người", 9, 79),
    ("", "Các lớp bồi dưỡng, tập huấn khác", "lớp/người", 22, 1135),
    ("2", "Số tin bài về các hoạt động của Tuần lễ", "Tin, bài/ cuộc", 486, ""),
    ("3", "Ấn phẩm thông tin (tờ rơi, áp phích, băng rôn, khẩu hiệu)", "quyển/ tờ", 12425, ""),
    (
        "4",
        "Phát động phong trào và tổ chức quyên góp sách giúp xây dựng tủ sách lớp học, xây dựng thư viện "
        "trường học",
        "",
        "",
        "",
    ),
    ("", "Số tập thể/ cá nhân tặng sách", "Tập thể/cá nhân", 155, 1481),
    ("", "Số sách đã huy động tặng các trường học, thư viện", "Quyển", 23363, ""),
    (
        "5",
        "Tổ chức các cuộc thi, các buổi tọa đàm về khuyến đọc, khuyến học và xây dựng XHHT",
        "Số cuộc",
        110,
        "",
    ),
    ("", "Hội sách, đường sách, phố sách", "Số cuộc", 9, ""),
    ("", "Trưng bày, triển lãm sách báo, tư liệu", "Số cuộc", 23, ""),
    (
        "",
        "Thi tìm hiểu, học tập lịch sử, văn hóa địa phương tại các bảo tàng, di tích",
        "Số cuộc/người",
        9,
        547,
    ),
    (
        "",
        "Thi về sách (xếp sách nghệ thuật; vẽ tranh theo sách; tìm hiểu kiến thức qua sách báo; thiếu nhi kể "
        "chuyện theo sách; viết cảm nhận qua việc đọc sách)",
        "Số cuộc/người",
        17,
        1201,
    ),
    ("", "Sinh hoạt chuyên đề HTSĐ, xây dựng XHHT", "Số cuộc/người", 34, 1977),
    ("6", "Tổ chức hoạt động văn nghệ, thể thao, tham quan, sinh hoạt chuyên đề", "Số cuộc", 60, ""),
    ("", "Hoạt động thể dục thể thao", "Số cuộc/người", 28, 2212),
    ("", "Hoạt động văn nghệ", "Số cuộc/người", 13, 1171),
    ("", "Tham quan, học tập tại bảo tàng, di tích lịch sử", "Số cuộc/người", 10, 569),
    ("7", "Tổ chức Lễ khai mạc Tuần lễ", "", "", ""),
    ("", "Số huyện tổ chức Lễ khai mạc Tuần lễ", "Huyện", 1, ""),
    ("", "Số cơ sở giáo dục tổ chức Lễ khai mạc Tuần lễ", "Trường/trung tâm", 51, ""),
    ("8", "Tổ chức hội thảo/sinh hoạt chuyên đề", "cuộc", 29, ""),
    ("9", "Khen thưởng về tổ chức Tuần lễ", "", "", ""),
    ("", "Tập thể", "Đơn vị", 24, ""),
    ("", "Cá nhân", "Người", "", 78),
    ("10", "Kinh phí", "", "", ""),
    ("", "Ngân sách nhà nước", "đồng", 293_500_000, ""),
    (
        "",
        "Kinh phí hỗ trợ, huy động từ các nguồn hợp pháp khác (nếu có)",
        "đồng",
        None,
        "",
    ),
    ("11", "Các nội dung khác (nếu có)", "", "", ""),
]
NOTES_333 = {
    "Giáo dục kỹ năng sống cho học sinh": "1 lớp chung với LĐLĐ Quận 3, đã tính tại UBND Phường Võ Thị Sáu",
    "Số huyện tổ chức Lễ khai mạc Tuần lễ": "Quận 3",
    "Số cơ sở giáo dục tổ chức Lễ khai mạc Tuần lễ": "38 trường, 13 trung tâm",
}
UNITS = (
    *(f"UBND Phường {n}" for n in (1, 2, 3, 4, 5, 9, 10, 11, 12, 13, 14)),
    "UBND Phường Võ Thị Sáu",
    "Ủy ban MTTQ Việt Nam",
    "Liên đoàn Lao động",
    "Hội Liên hiệp Phụ nữ",
    "Đoàn TNCS Hồ Chí Minh",
)


def lines(units: int = 0) -> list[FigureLine]:
    made = []
    for place, (number, label, unit, count, people) in enumerate(FORM_333):
        counted = tuple(None if value == "" else 0 if value is None else 25 for value in (count, people))
        if label == "Xóa mù chữ":
            counted = (25, 11)
        shares = tuple(
            tuple(
                "" if v == "" else None if v is None or n == place % 7 else v // 16 for v in (count, people)
            )
            for n in range(units)
        )
        made.append(
            FigureLine(
                number,
                label,
                unit,
                (count, people),
                note=NOTES_333.get(label, ""),
                lead=bool(number),
                counted=counted,
                by_unit=shares,
            )
        )
    return made


CAPTION = "(Kèm theo Báo cáo số 215/BC-GDĐT ngày 13 tháng 10 năm 2023 của Phòng Giáo dục và Đào tạo Quận 3)"
NOTES = (
    "Ghi chú: “–” là chưa đơn vị nào báo cáo dòng này; “0” là các đơn vị đã báo cáo không có. Cột “Số đơn vị "
    "có số liệu” ghi số đơn vị có số ở dòng đó trên số đơn vị phải báo cáo.",
)


def appendix(units: int = 0) -> TableAppendix:
    return TableAppendix(
        title="Tổng hợp số liệu kết quả tổ chức\nTuần lễ hưởng ứng học tập suốt đời năm 2023",
        caption=CAPTION,
        table=consolidated_table(lines(units), expected=EXPECTED, units=UNITS[:units]),
        notes=NOTES,
    )


BODY = (
    Paragraph(
        "Thực hiện Kế hoạch số 333/KH-UBND ngày 02 tháng 10 năm 2023 của Ủy ban nhân dân Quận 3 về tổ chức "
        "Tuần lễ hưởng ứng học tập suốt đời năm 2023 trên địa bàn Quận 3, Phòng Giáo dục và Đào tạo báo cáo "
        "kết quả như sau:"
    ),
    Heading("I. TÌNH HÌNH TỔ CHỨC THỰC HIỆN"),
    Heading("1. Công tác chỉ đạo", 2),
    Paragraph(
        "Phòng Giáo dục và Đào tạo đã tham mưu Ủy ban nhân dân Quận 3 ban hành kế hoạch, hướng dẫn 26 cơ quan, "
        "đơn vị và Ủy ban nhân dân 12 phường tổ chức các hoạt động hưởng ứng với chủ đề “Xây dựng năng lực tự "
        "học trong kỷ nguyên số”."
    ),
    Heading("2. Công tác tuyên truyền", 2),
    Bullet(
        "Treo băng rôn, khẩu hiệu tại các trục đường chính, tập trung trên tuyến đường Trần Quốc Thảo, và tại "
        "các cơ sở giáo dục, thiết chế văn hóa, cơ quan, công sở."
    ),
    Bullet("Đăng 486 tin, bài trên cổng thông tin điện tử và mạng xã hội của các đơn vị."),
    Bullet("Phát hành 12.425 tờ rơi, áp phích, băng rôn, khẩu hiệu."),
    Heading("3. Các hoạt động cụ thể", 2),
    Heading("a) Hoạt động cấp quận", 3),
    Paragraph(
        "Lễ khai mạc được tổ chức ngày 07 tháng 10 năm 2023 tại Trường THCS Lê Lợi, số 282 đường Võ Thị Sáu, "
        "phường Võ Thị Sáu, Quận 3. Trong Tuần lễ có 110 cuộc thi, buổi tọa đàm về khuyến đọc, khuyến học."
    ),
    Heading("b) Hoạt động cấp phường", 3),
    Paragraph(
        "Ủy ban nhân dân 12 phường, các Trung tâm học tập cộng đồng, Trung tâm Giáo dục nghề nghiệp - Giáo dục "
        "thường xuyên Quận 3 tổ chức 190 lớp bồi dưỡng, tập huấn với 9.432 người tham gia:"
    ),
    Bullet("Giáo dục kỹ năng sống cho học sinh: 35 lớp, 3.386 người;", 2),
    Bullet("Phổ biến kiến thức khoa học, kiến thức pháp luật cho người lao động: 27 lớp, 1.893 người.", 2),
    Paragraph(
        "Toàn quận huy động được 23.363 quyển sách tặng các trường học, thư viện từ 155 tập thể và 1.481 cá nhân."
    ),
    Heading("II. KHÓ KHĂN, HẠN CHẾ"),
    Paragraph(
        "Thời gian từ khi ban hành kế hoạch đến khi bắt đầu Tuần lễ ngắn; một số đơn vị gửi báo cáo chậm. Tính "
        "đến ngày ký, 25/26 đơn vị có báo cáo; chưa có báo cáo của Ban Chỉ huy Quân sự Quận 3."
    ),
    Paragraph(
        "Số liệu về người tham gia các lớp bồi dưỡng có thể trùng khi một người học nhiều lớp; các đơn vị đã "
        "ghi rõ ở phần ghi chú."
    ),
    Heading("III. KIẾN NGHỊ"),
    Paragraph(
        "Đề nghị Sở Giáo dục và Đào tạo ban hành hướng dẫn và biểu mẫu số liệu trước ngày 15 tháng 9 hằng năm "
        "để các đơn vị chủ động chuẩn bị."
    ),
    Paragraph(
        "Đề nghị Ủy ban nhân dân Quận 3 bố trí kinh phí riêng cho các Trung tâm học tập cộng đồng tổ chức các "
        "lớp trực tuyến."
    ),
    Paragraph(
        "Trên đây là báo cáo kết quả tổ chức Tuần lễ hưởng ứng học tập suốt đời năm 2023 trên địa bàn Quận 3 "
        "của Phòng Giáo dục và Đào tạo."
    ),
)


def report(units: int = 0, **changes) -> Paper:
    """The consolidated report to the district's Committee and the city's Department."""
    values = {
        "parent_body": "Ủy ban nhân dân Quận 3",
        "issuing_body": "Phòng Giáo dục và Đào tạo",
        "number": "215/BC-GDĐT",
        "place": "Quận 3",
        "date": date(2023, 10, 13),
        "kind": "BÁO CÁO",
        "subject": "Kết quả tổ chức Tuần lễ hưởng ứng học tập suốt đời năm 2023 trên địa bàn Quận 3",
        "addressees": ("Ủy ban nhân dân Quận 3", "Sở Giáo dục và Đào tạo Thành phố Hồ Chí Minh"),
        "body": BODY,
        "sign": Signature("Trưởng phòng", "Nguyễn Văn Minh Họa"),
        "recipients": ("Như trên", "Các trường MN, TH, THCS", "Lưu: VT, GDTX"),
        "appendices": (appendix(units),),
        "demo": True,
    }
    return Paper(**(values | changes))


def plan(**changes) -> Paper:
    """Plan 333/KH-UBND in short: bases, a signer standing in for the chair, no appendix."""
    values = {
        "parent_body": "",
        "issuing_body": "Ủy ban nhân dân Quận 3",
        "number": "333/KH-UBND",
        "place": "Quận 3",
        "date": date(2023, 10, 2),
        "kind": "KẾ HOẠCH",
        "subject": "Tổ chức Tuần lễ hưởng ứng học tập suốt đời năm 2023\ntrên địa bàn Quận 3",
        "bases": (
            "Căn cứ Kế hoạch số 4753/KH-UBND ngày 25 tháng 9 năm 2023 của Ủy ban nhân dân Thành phố Hồ Chí Minh "
            "về tổ chức Tuần lễ hưởng ứng học tập suốt đời năm 2023;",
            "Căn cứ Kế hoạch số 5511/KH-SGDĐT ngày 27 tháng 9 năm 2023 của Sở Giáo dục và Đào tạo Thành phố Hồ "
            "Chí Minh về tổ chức Tuần lễ hưởng ứng học tập suốt đời năm 2023;",
        ),
        "body": (
            Paragraph("Ủy ban nhân dân Quận 3 xây dựng Kế hoạch tổ chức Tuần lễ. Cụ thể như sau:"),
            Heading("I. MỤC ĐÍCH, YÊU CẦU"),
            Bullet("Tuần lễ được tổ chức với hình thức phù hợp, nội dung thiết thực, hiệu quả."),
            Paragraph("Đề nghị các cơ quan, đơn vị và Ủy ban nhân dân 12 phường nghiêm túc thực hiện./."),
        ),
        "sign": Signature("Phó Chủ tịch", "Vũ Thị Mỹ Ngọc", ("TM. Ủy ban nhân dân", "KT. Chủ tịch")),
        "recipients": ("Sở GD&ĐT Thành phố", "Các đơn vị tại mục III", "Lưu: VT, P.GD&ĐT"),
    }
    return Paper(**(values | changes))


def union_letter(**changes) -> Paper:
    """Letter 245/LĐLĐ in short: a union's công văn."""
    values = {
        "variant": "union",
        "parent_body": "Liên đoàn Lao động Thành phố Hồ Chí Minh",
        "issuing_body": "Liên đoàn Lao động quận Gò Vấp",
        "number": "245/LĐLĐ",
        "place": "Gò Vấp",
        "date": date(2023, 9, 29),
        "subject": "tổ chức tuần lễ hưởng ứng học tập suốt đời trong đoàn viên, người lao động năm 2023 và khai "
        "thác, sử dụng sách điện tử “Những tấm gương bình dị tỏa sáng giữa đời thường”",
        "addressees": ("Ban Chấp hành Công đoàn cơ sở trực thuộc",),
        "body": (Paragraph("Ban Thường vụ đề nghị Công đoàn cơ sở thực hiện một số nội dung sau."),),
        "sign": Signature("Phó Chủ tịch", "Nguyễn Văn Minh Họa", ("TM. Ban Thường vụ",)),
        "recipients": ("Như trên", "Lưu: VT"),
    }
    return Paper(**(values | changes))
