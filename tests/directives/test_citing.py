"""Citations as the source documents word them, and which documents they mean."""

from datetime import date

import pytest

from hoctap.directives.citing import read, same_issuer, same_number

SEP_25 = date(2023, 9, 25)


@pytest.mark.parametrize(
    ("citation", "number", "day", "issuer"),
    [
        (
            "Căn cứ Kế hoạch số 4753/KH-UBND ngày 25 tháng 9 năm 2023 của Ủy ban nhân dân Thành phố Hồ Chí Minh "
            "về tổ chức Tuần lễ hưởng ứng học tập suốt đời năm 2023;",
            *("4753/KH-UBND", SEP_25, "Ủy ban nhân dân Thành phố Hồ Chí Minh"),
        ),
        (
            "Công văn số 305-CV/BTGQU ngày 25 tháng 9 năm 2023 của Ban Tuyên giáo Quận ủy về khai thác",
            *("305-CV/BTGQU", SEP_25, "Ban Tuyên giáo Quận ủy"),
        ),
        (
            "Công văn số 1141/LĐLĐ ngày 26/01/2022 của Liên đoàn Lao động tỉnh Thái Bình, về việc thực hiện Đề án",
            *("1141/LĐLĐ", date(2022, 1, 26), "Liên đoàn Lao động tỉnh Thái Bình"),
        ),
        (
            "Thông tư số 24/TT- BGDĐT ngày 11/12/2023 của Bộ Giáo dục và Đào tạo Quy định về đánh giá",
            *("24/TT-BGDĐT", date(2023, 12, 11), "Bộ Giáo dục và Đào tạo"),
        ),
        ("Nghị quyết số 37/2023/NQ-HĐND", "37/2023/NQ-HĐND", None, ""),
        ("Kế hoạch phối hợp số 42/KH-SGDĐT-HKH Hoạt động khuyến học", "42/KH-SGDĐT-HKH", None, ""),
        ("Chỉ thị 04/CT-TU của Thành ủy", "04-CT/TU", None, "Thành ủy"),
        (
            "Kết luận số 49-KL/TW của Ban Bí thư ngày 10/5/2019 về việc tiếp tục",
            *("49-KL/TW", date(2019, 5, 10), "Ban Bí thư"),
        ),
        ("Kế hoạch số 72/KH-LĐLĐ - Liên đoàn Lao động", "72/KH-LĐLĐ", None, ""),
        ("Đề án “Xây dựng xã hội học tập giai đoạn 2021-2030”", "", None, ""),
        ("Luật ngày 31/02/2023", "", None, ""),
    ],
)
def test_what_a_citation_says(citation, number, day, issuer):
    said = read(citation)
    assert (said.number_text, said.issued_on, said.issuer_name) == (number, day, issuer)


def test_a_basis_stands_at_the_head():
    assert read("Căn cứ Kế hoạch số 4753/KH-UBND").is_basis
    assert read("Thực hiện Công văn số 1118/LĐLĐ-TG").is_basis
    assert not read("Kế hoạch số 734/KH-UBND").is_basis


@pytest.mark.parametrize(
    ("cited", "name", "same"),
    [
        ("Liên đoàn Lao động Thành phố", "LĐLĐ Thành phố Hồ Chí Minh", True),
        ("Ban Thường vụ Liên đoàn Lao động Thành phố", "Liên đoàn Lao động Thành phố Hồ Chí Minh", True),
        ("UBND Q3", "Ủy ban nhân dân Quận 3", True),
        ("Sở GD&ĐT", "Sở Giáo dục và Đào tạo Thành phố Hồ Chí Minh", True),
        ("UỶ BAN NHÂN DÂN QUẬN 3", "Ủy ban nhân dân Quận 3", True),
        ("Ủy ban nhân dân Thành phố Hồ Chí Minh", "Ủy ban nhân dân Quận 3", False),
        ("LĐLĐ thành phố Thủ Đức", "LĐLĐ Thành phố Hồ Chí Minh", False),
        ("", "Ủy ban nhân dân Quận 3", False),
    ],
)
def test_issuers_named_differently(cited, name, same):
    assert same_issuer(cited, name) is same


def test_the_year_of_a_number_may_be_left_out_but_not_contradicted():
    day = date(2023, 12, 11)
    assert same_number("24/tt-bgddt", day, "24/2023/tt-bgddt", day)
    assert same_number("24/2023/tt-bgddt", None, "24/tt-bgddt", day)
    assert not same_number("24/tt-bgddt", date(2022, 1, 1), "24/2023/tt-bgddt", day)
    assert not same_number("24/2022/tt-bgddt", None, "24/tt-bgddt", day)
    assert not same_number("24/tt-bgddt", None, "25/tt-bgddt", None)
