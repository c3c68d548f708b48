"""The five source documents, key by key; every value below was written from the documents themselves."""

from importlib.resources import files

import pytest

from hoctap.directives.reading import Reading, read

KEYS = {
    "code", "number", "notation", "kind", "date", "place", "issuer", "parent_issuer", "subject", "addressees", "basis",
    "mentions", "campaigns", "events", "deadlines", "assignments", "targets", "slogans", "form", "links", "emails",
    "signer", "recipients", "evidence",
}  # fmt: skip
WEEK = "Xây dựng năng lực tự học trong kỷ nguyên số"
SCHEME = "Đề án “Xây dựng xã hội học tập giai đoạn 2021-2030”"
WORKERS = "Chương trình “Đẩy mạnh các hoạt động học tập suốt đời trong công nhân lao động tại các doanh nghiệp đến năm 2030”"
CITATION = ("code", "date", "issuer", "title")


@pytest.fixture(scope="module")
def readings() -> dict[str, Reading]:
    texts = files("hoctap.cli.demo") / "texts"
    return {f"00{n}": read((texts / f"00{n}.txt").read_text()) for n in range(5)}


@pytest.fixture(scope="module")
def found(readings) -> dict[str, dict]:
    return {name: reading.as_json() for name, reading in readings.items()}


HEADS = {
    "000": {
        "code": "245/LĐLĐ", "number": "245", "notation": "LĐLĐ", "kind": "cong-van", "date": "2023-09-29", "place": "Gò Vấp",
        "issuer": "Liên đoàn Lao động quận Gò Vấp", "parent_issuer": None,
        "subject": "tổ chức tuần lễ hưởng ứng học tập suốt đời trong đoàn viên, người lao động năm 2023 và khai thác, sử"
        " dụng sách điện tử “Những tấm gương bình dị tỏa sáng giữa đời thường”",
        "addressees": ["Ban Chấp hành Công đoàn cơ sở trực thuộc"], "emails": [],
        "links": [
            "https://sachweb.com/publish/Nhungtamguongbinhditoasanggiudoithuongt6_id3688/"
            "Nhungtamguongbinhditoasanggiudoithuongt6_id3688.aspx#"
        ],
        "signer": {"name": "Trần Thị Bích Thuận", "position": "PHÓ CHỦ TỊCH", "authority": "TM."},
        "recipients": ["Như trên", "Lưu: VT, TG"],
    },
    "001": {
        "code": "432/LĐLĐ", "number": "432", "notation": "LĐLĐ", "kind": "cong-van", "date": "2024-05-07",
        "place": "Tp. Thủ Đức", "issuer": "Liên đoàn Lao động thành phố Thủ Đức", "parent_issuer": None,
        "subject": "tham gia hưởng ứng Phong trào thi đua “Cả nước xây dựng xã hội học tập, đẩy mạnh học tập suốt đời"
        " giai đoạn 2023 – 2030”",
        "addressees": ["Ban Chấp hành các Công đoàn cơ sở trực thuộc"],
        "emails": ["tuyengiao.ldldtpthuduc@gmail.com"], "links": [],
        "signer": {"name": "Trần Phước Hùng", "position": "PHÓ CHỦ TỊCH", "authority": "TM."},
        "recipients": ["Như trên", "Lưu: VT"],
    },
    "002": {
        "code": "32/CDYT", "number": "32", "notation": "CDYT", "kind": "cong-van", "date": "2022-02-08",
        "place": "Thái Bình", "issuer": "Công đoàn ngành Y tế", "parent_issuer": None,
        "subject": f"thực hiện {SCHEME} trên địa bàn tỉnh Thái Bình",
        "addressees": ["Các Công đoàn cơ sở trực thuộc"], "emails": [], "links": [],
        "signer": {"name": "Đào Văn Truyền", "position": "CHỦ TỊCH", "authority": "TM."},
        "recipients": [
            "LĐLĐ tỉnh", "LĐ Sở Y tế", "BTV, BCH Công đoàn ngành", "Các CĐCS trực thuộc", "Lưu: VP CĐN",
        ],
    },
    "003": {
        "code": "333/KH-UBND", "number": "333", "notation": "KH-UBND", "kind": "ke-hoach", "date": "2023-10-02",
        "place": "Quận 3", "issuer": "Ủy ban nhân dân Quận 3", "parent_issuer": None,
        "subject": "Tổ chức Tuần lễ hưởng ứng học tập suốt đời năm 2023 trên địa bàn Quận 3", "addressees": [],
        "emails": [], "links": ["https://uil.unesco.org"],
        "signer": {"name": "Vũ Thị Mỹ Ngọc", "position": "PHÓ CHỦ TỊCH", "authority": "KT."},
        "recipients": [
            "Sở GD&ĐT Thành phố", "TT. Quận ủy Quận 3", "TT. UBND Quận 3", "Các đơn vị tại mục III",
            "Các trường MN, TH, THCS, THPT", "VP UBND Q3", "Lưu: VT, P.GD&ĐT",
        ],
    },
    "004": {
        "code": None, "number": None, "notation": None, "kind": "ke-hoach", "date": None, "place": None,
        "issuer": "Công đoàn Ngành Giáo dục Thành phố", "parent_issuer": None,
        "subject": f"Triển khai thực hiện {SCHEME} năm 2024 của tổ chức Công đoàn Thành phố Hồ Chí Minh",
        "addressees": [], "emails": [], "links": [], "signer": None, "recipients": [],
    },
}  # fmt: skip


@pytest.mark.parametrize("name", HEADS)
def test_head_and_foot(found, name):
    assert found[name].keys() == KEYS
    assert {key: found[name][key] for key in HEADS[name]} == HEADS[name]


BASIS = {
    "000": [
        ("1118/LĐLĐ-TG", "2023-09-29", "Ban Thường vụ Liên đoàn Lao động Thành phố",
         "tổ chức tuần lễ hưởng ứng học tập suốt đời trong đoàn viên, người lao động năm 2023"),
        ("305-CV/BTGQU", "2023-09-25", "Ban Tuyên giáo Quận ủy",
         "khai thác, sử dụng sách điện tử “Những tấm gương bình dị tỏa sáng giữa đời thường”"),
    ],
    "001": [
        ("433/LĐLĐ-TG", "2024-02-22", "Liên đoàn Lao động Thành phố",
         "tham gia hưởng ứng Phong trào thi đua “Cả nước xây dựng xã hội học tập, đẩy mạnh học tập suốt đời giai đoạn"
         " 2023 – 2030” trên địa bàn Thành phố Hồ Chí Minh"),
    ],
    "002": [
        ("1141/LĐLĐ", "2022-01-26", "Liên đoàn Lao động tỉnh Thái Bình", f"thực hiện {SCHEME} trên địa bàn tỉnh Thái Bình"),
    ],
    "003": [
        ("4753/KH-UBND", "2023-09-25", "Ủy ban nhân dân Thành phố Hồ Chí Minh",
         "tổ chức Tuần lễ hưởng ứng học tập suốt đời năm 2023"),
        ("5511/KH-SGDĐT", "2023-09-27", "Sở Giáo dục và Đào tạo Thành phố Hồ Chí Minh",
         "tổ chức Tuần lễ hưởng ứng học tập suốt đời năm 2023"),
    ],
    "004": [
        ("72/KH-LĐLĐ", "2024-06-07", "Liên đoàn Lao động Thành phố",
         f"triển khai thực hiện {SCHEME} năm 2024 của tổ chức Công đoàn Thành phố Hồ Chí Minh"),
    ],
}  # fmt: skip
MENTIONS = {
    "000": [],
    "001": [
        ("09/HD-LĐLĐ", "2023-05-16", "LĐLĐ Thành phố Hồ Chí Minh"), ("10/HD-LĐLĐ", "2023-08-11", "LĐLĐ thành phố Thủ Đức"),
        ("1268/QĐ-TTg", "2022-10-19", "Thủ tướng Chính phủ"), ("24/TT-BGDĐT", "2023-12-11", "Bộ Giáo dục và Đào tạo"),
    ],
    "002": [],
    "003": [
        ("49-KL/TW", "2019-05-10", "Ban Bí thư"), ("11-CT/TW", None, "Bộ Chính trị"), ("281/QĐ-TTg", None, "Chính phủ"),
        ("04/CT-TU", None, "Thành ủy"), ("14/CT-TTg", "2021-05-25", "Thủ tướng Chính phủ"),
        ("1373/QĐ-TTg", "2021-07-30", "Thủ tướng Chính phủ"),
    ],
    "004": [
        ("1315/QĐ-TTg", "2023-11-09", "Thủ tướng Chính phủ"), ("37/2023/NQ-HĐND", None, None),
        ("24/2023/TT-BGDĐT", None, None), ("25/2023/TT-BGDĐT", None, None), ("4344/KH-UBND", None, None),
        ("734/KH-UBND", None, None), ("10/KH-LĐLĐ", "2022-03-10", None),
        ("69/HD-TLĐ", "2022-11-24", "Tổng Liên đoàn Lao động Việt Nam"),
        ("09/HD-LĐLĐ", "2023-05-16", "Liên đoàn Lao động Thành phố"), ("1268/QĐ-TTg", "2022-10-19", "Thủ tướng Chính phủ"),
        ("42/KH-SGDĐT-HKH", None, None), ("3650/KH-SGDĐT", None, None),
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", BASIS)
def test_documents_cited(found, name):
    assert [tuple(cited[key] for key in CITATION) for cited in found[name]["basis"]] == BASIS[name]
    assert [tuple(cited[key] for key in CITATION[:3]) for cited in found[name]["mentions"]] == MENTIONS[name]


def test_campaigns_and_events(found):
    (week,) = found["003"]["campaigns"]
    assert week == {
        "name": "Tuần lễ hưởng ứng học tập suốt đời năm 2023", "theme": WEEK, "start": "2023-10-02", "end": "2023-10-08",
        "scope": "trên địa bàn Quận 3",
    }  # fmt: skip
    (union_week,) = found["000"]["campaigns"]
    assert union_week == {
        "name": "tuần lễ hưởng ứng học tập suốt đời", "theme": WEEK, "start": "2023-10-02", "end": "2023-10-08",
        "scope": "trong đoàn viên, người lao động",
    }  # fmt: skip
    (movement,) = found["001"]["campaigns"]  # "giai đoạn 2023 – 2030" is a period, no date
    assert movement["name"].startswith("Phong trào thi đua “Cả nước xây dựng xã hội học tập")
    assert (movement["start"], movement["end"]) == (None, None)
    assert [held["name"] for held in found["002"]["campaigns"]] == [SCHEME]
    assert [found[name]["events"] for name in ("000", "001", "002", "004")] == [[], [], [], []]
    assert found["003"]["events"] == [{
        "name": "Lễ Khai mạc Tuần lễ hưởng ứng học tập suốt đời", "date": "2023-10-07",
        "place": "Trường THCS Lê Lợi, số 282 đường Võ Thị Sáu, phường Võ Thị Sáu, Quận 3",
    }]  # fmt: skip


def test_deadlines(found):
    assert found["000"]["deadlines"] == found["004"]["deadlines"] == []
    (yearly,) = found["001"]["deadlines"]
    assert yearly.pop("text").endswith(
        "chậm nhất vào cuối tháng 10 hàng năm để tổng hợp báo cáo về Thành phố"
    )
    assert yearly == {
        "what": "báo cáo triển khai thực hiện Chương trình", "from": ["các đơn vị"], "stated": None, "inclusive": True,
        "channel": "bằng văn bản", "recurrence": "yearly", "month": 10, "day": None,
        "to": ["Liên đoàn Lao động thành phố Thủ Đức"], "via": "bộ phận Tuyên giáo",
    }  # fmt: skip
    (as_ruled,) = found["002"]["deadlines"]
    assert (as_ruled["what"], as_ruled["from"], as_ruled["to"]) == (
        "báo cáo tình hình", ["các Công đoàn cơ sở"], ["Thường trực Công đoàn ngành"],
    )  # fmt: skip
    assert (as_ruled["stated"], as_ruled["inclusive"], as_ruled["recurrence"]) == (None, None, None)
    summing, reporting = found["003"]["deadlines"]
    assert (summing["stated"], summing["inclusive"]) == ("2023-10-15", False)
    assert summing["from"] == ["Phòng Giáo dục và Đào tạo Quận 3"]
    assert summing["to"] == ["Ủy ban nhân dân Quận 3", "Sở Giáo dục và Đào tạo"]
    assert (reporting["stated"], reporting["inclusive"]) == ("2023-10-13", False)
    assert reporting["from"] == ["các ban ngành, đoàn thể quận", "Ủy ban nhân dân 12 phường"]
    assert (reporting["to"], reporting["via"]) == (["Ủy ban nhân dân Quận 3"], "Phòng Giáo dục và Đào tạo")
    assert reporting["what"] == (
        "báo cáo kết quả triển khai “Tuần lễ hưởng ứng học tập suốt đời” (có số liệu cụ thể)"
    )


CHAPTER_III = [  # assignees, number of tasks, ref, force
    (["Ủy ban Mặt trận Tổ quốc Việt Nam Quận 3"], 1, "III.1.1", "de-nghi"),
    (["Hội Liên hiệp Phụ nữ quận", "Hội Cựu chiến binh Quận 3"], 2, "III.1.2", "de-nghi"),
    (["Liên đoàn Lao động Quận 3"], 2, "III.1.3", "de-nghi"),
    (["Đoàn Thanh niên CSHCM Quận 3"], 3, "III.1.4", "de-nghi"),
    (["Phòng Giáo dục và Đào tạo Quận 3"], 4, "III.2", "giao"),
    (["Phòng Văn hóa và Thông tin Quận 3", "Trung tâm Văn hóa - Thể thao Quận 3"], 6, "III.3", "giao"),
    (["Phòng Lao động - Thương binh và Xã hội Quận 3"], 1, "III.4", "giao"),
    (["Phòng Tài chính - Kế hoạch Quận 3"], 1, "III.5", "giao"),
    (["Ban Chỉ huy Công an Quận 3", "Ban Chỉ huy Quân sự Quận 3"], 2, "III.6", "giao"),
    (["Các cơ quan, đơn vị thuộc Quận 3"], 4, "III.7", "giao"),
    (["Trung tâm Giáo dục Nghề nghiệp - Giáo dục thường xuyên Quận 3", "Trường Trung cấp nghề Nhân Đạo Quận 3"], 1,
     "III.8", "giao"),
    (["Trung tâm Văn hóa - Thể thao Quận 3"], 1, "III.9", "giao"),
    (["Hội khuyến học Quận 3"], 7, "III.10", "de-nghi"),
    (["Ủy ban nhân dân 12 phường"], 2, "III.11", "giao"),
]  # fmt: skip


def test_assignments_of_the_district(found):
    general, wards, *rest = found["003"]["assignments"]
    assert (general["assignees"], len(general["tasks"])) == ([], 16)
    assert [task["force"] for task in general["tasks"]].count("khuyen-khich") == 4
    assert wards["assignees"] == [
        "Ủy ban nhân dân 12 phường", "các Trung tâm Học tập cộng đồng",
        "Trung tâm Giáo dục nghề nghiệp - Giáo dục thường xuyên quận", "Trường TCN Nhân Đạo",
    ]  # fmt: skip
    assert [task["ref"] for task in wards["tasks"]] == ["II.2.2"] * 5
    assert [
        (given["assignees"], len(given["tasks"]), given["tasks"][0]["ref"], given["tasks"][0]["force"])
        for given in rest
    ] == CHAPTER_III
    assert len({body for given in rest for body in given["assignees"]}) == 17
    education = rest[4]["tasks"]
    assert [task["role"] for task in education] == ["tham-muu", "chu-tri", "thuc-hien", "thuc-hien"]
    assert rest[6]["tasks"][0]["role"] == "phoi-hop"


def test_assignments_of_the_unions(found):
    for name, tasks in (("000", 9), ("001", 4), ("002", 6)):
        (everybody,) = found[name]["assignments"]
        assert everybody["assignees"] == HEADS[name]["addressees"]
        assert len(everybody["tasks"]) == tasks
        assert {task["force"] for task in everybody["tasks"]} == {"de-nghi"}
    assert [task["ref"] for task in found["001"]["assignments"][0]["tasks"]] == ["1", "2", "3", "4"]
    last = found["004"]["assignments"][-1]
    assert (last["assignees"], len(last["tasks"])) == (["Công đoàn cơ sở trực thuộc"], 5)


TARGETS = [
    (
        "nhà giáo, người lao động tại đơn vị",
        "phải được tuyên truyền, phổ biến, học tập, quán triệt những chủ trương",
    ),
    ("đơn vị cơ sở", "nơi có nhu cầu đào tạo, nâng cao trình độ, nghiệp vụ và tay nghề"),
    (
        "tổ chức công đoàn cơ sở",
        "phối hợp với chính quyền đồng cấp có thực hiện tổ chức thi Giáo viên dạy giỏi",
    ),
    ("đơn vị", "có kế hoạch và thực hiện việc tuyên truyền tập huấn cho nhà giáo, người lao động"),
    ("nhà giáo, người lao động tại đơn vị", "được phổ biến, cập nhật về công nghệ thông tin, công nghệ số"),
    ("nhà giáo, người lao động", "được tuyên truyền về thực hiện danh hiệu “Công dân học tập”"),
    ("CĐCS", "đưa vào kế hoạch hoạt động để phấn đấu đơn vị được công nhận đạt danh hiệu “Đơn vị học tập”"),
]


def test_targets(found):
    assert [found[name]["targets"] for name in ("000", "001", "002", "003")] == [[], [], [], []]
    targets = found["004"]["targets"]
    assert [target["percent"] for target in targets] == [100] * 7
    assert [target["number"] for target in targets] == [None] * 7
    for target, (unit, subject) in zip(targets, TARGETS, strict=True):
        assert target["unit"] == unit
        assert target["subject"].startswith(subject)


AUTHORS = {
    4: "Lenin", 5: "Hồ Chí Minh", 9: "Albert Einstein", 10: "Hồ Chí Minh", 11: "Hồ Chí Minh", 12: "Hồ Chí Minh",
    13: "Hồ Chí Minh", 14: "Bill Gate", 15: "Trang Tử",
}  # fmt: skip


def test_slogans(found):
    union = found["000"]["slogans"]
    district = found["003"]["slogans"]
    assert [found[name]["slogans"] for name in ("001", "002", "004")] == [[], [], []]
    assert (len(union), len(district)) == (15, 16)
    assert district[0]["text"] == WEEK
    assert district[0]["place"].startswith("Treo tại các cơ quan đơn vị")
    assert {slogan["place"][:33] for slogan in district[1:]} == {"Treo tại các trục đường chính của"}
    for listed in (union, district[1:]):
        assert {n: s["author"] for n, s in enumerate(listed, 1) if s["author"]} == AUTHORS
    assert union[1]["text"] == "Chuyển đổi số để xây dựng thành công xã hội học tập"
    assert union[11]["text"].endswith("tự mình đào thải mình...")
    assert union[14]["text"] == "Đời sống có hạn mà sự học thì vô hạn"


def test_form(found):
    assert [found[name]["form"] for name in ("000", "001", "002", "004")] == [None] * 4
    form = found["003"]["form"]
    assert form["title"].startswith(
        "TỔNG HỢP SỐ LIỆU KẾT QUẢ TỔ CHỨC TUẦN LỄ HƯỞNG ỨNG HỌC TẬP SUỐT ĐỜI NĂM 2023"
    )
    assert [section["no"] for section in form["sections"]] == [str(n) for n in range(1, 12)]
    lines = [len(section["lines"]) for section in form["sections"]]
    assert lines == [15, 1, 1, 2, 6, 4, 2, 1, 2, 2, 0]
    training = form["sections"][0]
    assert training["title"] == "Các lớp bồi dưỡng, tập huấn tổ chức trong Tuần lễ"
    assert training["lines"][1] == {"label": "Tổng số người tham gia, trong đó", "units": ["người"]}
    assert training["lines"][2]["units"] == ["lớp", "người"]


def test_every_value_has_its_words(readings):
    """And nothing else has: the words stand where the evidence says."""
    for reading in readings.values():
        found = reading.as_json()
        evidence = found.pop("evidence")
        values = dict(_leaves(found))
        assert values.keys() == evidence.keys()
        for path, (start, end) in evidence.items():
            words = " ".join(reading.text[start:end].split())
            assert words
            if path.split(".")[-1] in ("text", "subject", "name", "place", "theme", "what", "via", "label"):
                assert values[path] == words


def _leaves(tree, path=""):
    parts = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else None
    if parts is None:
        if tree is not None:
            yield path, tree
        return
    for key, part in parts:
        yield from _leaves(part, f"{path}.{key}" if path else str(key))
