"""A composed directive read back from its own text gives the same clauses, whatever reasonable things were composed."""

import json
from dataclasses import replace
from datetime import date
from importlib.resources import files

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hoctap.directives.composing import appendices, citation_line, closing_of, main, opening_of
from hoctap.directives.composition import (
    ALL_UNITS,
    KINDS,
    Assignment,
    Composition,
    Deadline,
    Force,
    Rule,
    Section,
    as_json,
    force_for,
    from_json,
)
from hoctap.directives.enums import DocumentKind
from hoctap.directives.readback import unlike
from hoctap.directives.reading import read
from hoctap.forms.definition import parse_definition

CV, KH, QD, CT, HD = DocumentKind.CV, DocumentKind.KH, DocumentKind.QD, DocumentKind.CT, DocumentKind.HD
FORM = parse_definition(json.loads((files("hoctap.forms") / "library/tuan-le-2023.json").read_text()))
SUBJECT = "Tổ chức Tuần lễ hưởng ứng học tập suốt đời năm 2026 trên địa bàn Quận 3"
NOTATIONS = {CV: "UBND-VX", KH: "KH-UBND", QD: "QĐ-UBND", CT: "CT-UBND", HD: "HD-UBND"}
HEAD = """ỦY BAN NHÂN DÂN QUẬN 3
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Số: 15/{notation}
Quận 3, ngày 02 tháng 10 năm 2026
"""
FOOT = """
Nơi nhận:
- Như trên;
- Lưu: VT, P.GD&ĐT.
KT. CHỦ TỊCH
PHÓ CHỦ TỊCH
Vũ Thị Mỹ Ngọc
"""

BODIES = (
    "Phòng Giáo dục và Đào tạo Quận 3", "Phòng Lao động - Thương binh và Xã hội Quận 3",
    "Phòng Tài chính - Kế hoạch Quận 3",
    "Ủy ban nhân dân 12 phường", "Ủy ban Mặt trận Tổ quốc Việt Nam Quận 3", "Hội Khuyến học Quận 3",
    "Hội Liên hiệp Phụ nữ Quận 3", "Liên đoàn Lao động Quận 3", "Đoàn Thanh niên CSHCM Quận 3",
    "Trung tâm Văn hóa - Thể thao Quận 3", "Trung tâm Giáo dục nghề nghiệp - Giáo dục thường xuyên Quận 3",
    "Ban Chỉ huy Quân sự Quận 3", "Thư viện Quận 3", "Trường THCS Lê Lợi", "Các cơ quan, đơn vị thuộc Quận 3",
    "Ban Chấp hành Công đoàn cơ sở trực thuộc", "UBND phường Võ Thị Sáu", "Văn phòng Ủy ban nhân dân Quận 3",
)  # fmt: skip
VERBS = (
    "Chủ trì, phối hợp với các đơn vị liên quan", "Phối hợp với nhà trường", "Tham mưu Ủy ban nhân dân quận", "Tổ chức",
    "Tuyên truyền, phổ biến", "Hướng dẫn", "Vận động", "Đẩy mạnh", "Phát động", "Treo băng rôn, khẩu hiệu",
    "Bố trí kinh phí",
    "Cử cán bộ tham gia", "Là cơ quan thường trực, chủ trì", "Chỉ đạo các trường", "Huy động",
)  # fmt: skip
OBJECTS = (
    "các lớp bồi dưỡng kỹ năng số cho người lao động", "phong trào “Gia đình học tập”, “Dòng họ học tập”",
    "hoạt động hưởng ứng Tuần lễ tại 12 phường", "các hình thức học tập (trực tiếp, trực tuyến)",
    "việc khai thác thư viện số",
    "xây dựng “Tủ sách học tập suốt đời” tại cơ quan, trường học và khu dân cư", "văn hóa đọc trong học sinh",
    "02 buổi tọa đàm về tự học", "đoàn viên, hội viên tham gia học tập thường xuyên", "quỹ khuyến học, khuyến tài",
)  # fmt: skip
TAILS = (
    "", " phù hợp với điều kiện của đơn vị", ", bảo đảm thiết thực và tiết kiệm",
    " trên các nền tảng số; nhân rộng cách làm hay", ". Kịp thời biểu dương gương điển hình",
)  # fmt: skip
TITLES = (
    "Công tác tuyên truyền", "Hoạt động cấp quận", "Hoạt động cấp phường", "Xây dựng môi trường số",
    "Khuyến khích việc đọc", "Đẩy mạnh học tập trong công nhân",
)  # fmt: skip
TARGETS = (
    ("100% phường có kế hoạch triển khai", 100), ("80% đoàn viên được tuyên truyền về học tập suốt đời", 80),
    ("95% học sinh tham gia Ngày hội đọc sách", 95), ("100% CĐCS đưa vào kế hoạch hoạt động", 100),
)  # fmt: skip
SLOGANS = (
    ("Học, học nữa, học mãi", "Lenin"), ("Xây dựng năng lực tự học trong kỷ nguyên số", None),
    ("Đời sống có hạn mà sự học thì vô hạn", "Trang Tử"), ("Học tập suốt đời theo tấm gương Bác Hồ vĩ đại", None),
)  # fmt: skip
WHATS = (
    "báo cáo kết quả tổ chức Tuần lễ", "kế hoạch triển khai", "danh sách cá nhân tiêu biểu",
    "báo cáo kết quả triển khai “Tuần lễ hưởng ứng học tập suốt đời”", "báo cáo tổng hợp số liệu",
)  # fmt: skip
RECEIVERS = ("Ủy ban nhân dân Quận 3", "Sở Giáo dục và Đào tạo", "Ban Thường vụ Liên đoàn Lao động Quận 3")
CHANNELS = ("", "bằng văn bản", "qua hệ thống Hoctap", "qua thư điện tử tuyengiao@quan3.example.vn")
CITED = st.builds(
    lambda kind, number, organ, issuer, day, title: {
        "kind": kind, "code": f"{number}/{organ}", "issuer": issuer, "date": day, "title": title,
    },
    st.just("Kế hoạch"), st.integers(10, 9999), st.sampled_from(("KH-UBND", "KH-SGDĐT", "KH-LĐLĐ")),
    st.sampled_from(
        ("Ủy ban nhân dân Thành phố Hồ Chí Minh", "Sở Giáo dục và Đào tạo", "Liên đoàn Lao động Thành phố")
    ),
    st.dates(date(2020, 1, 1), date(2026, 9, 30)),
    st.sampled_from(
        ("tổ chức Tuần lễ hưởng ứng học tập suốt đời năm 2026", "đẩy mạnh phong trào đọc sách",
         "thực hiện Đề án “Xây dựng xã hội học tập giai đoạn 2021-2030”")
    ),
)  # fmt: skip


def some(pool, least=0, most=3):
    return st.lists(st.sampled_from(pool), min_size=least, max_size=most, unique=True).map(tuple)


TASKS = st.lists(
    st.tuples(st.sampled_from(VERBS), st.sampled_from(OBJECTS), st.sampled_from(TAILS)).map(
        lambda p: f"{p[0]} {p[1]}{p[2]}"
    ),
    min_size=1,
    max_size=4,
    unique=True,
).map(tuple)
SECTIONS = st.lists(
    st.builds(Section, st.sampled_from(TITLES), TASKS), max_size=3, unique_by=lambda s: s.title
) | st.builds(lambda tasks: [Section("", tasks)], TASKS)
ASSIGNMENTS = st.lists(st.builds(Assignment, some(BODIES, 1), TASKS, st.sampled_from(Force)), max_size=4)
WHEN = st.one_of(
    st.dates(date(2026, 10, 3), date(2027, 12, 31)).map(lambda on: {"on": on}),
    st.tuples(st.integers(1, 12), st.none() | st.integers(1, 28)).map(
        lambda p: {"month": p[0], "day": p[1], "rule": Rule.AT_LATEST}
    ),
)
DEADLINES = st.lists(
    st.builds(
        lambda when, rule, **other: replace(Deadline(rule=rule, **other), **when),
        WHEN, st.sampled_from(Rule), what=st.sampled_from(WHATS), who=some(BODIES[:8]), to=some(RECEIVERS, 0, 2),
        via=st.sampled_from(("", "Phòng Giáo dục và Đào tạo", "Văn phòng Ủy ban nhân dân Quận 3")),
        channel=st.sampled_from(CHANNELS),
    ),
    max_size=3, unique_by=lambda due: (due.what, due.on, due.month, due.to),
).map(tuple)  # fmt: skip


@st.composite
def compositions(draw) -> tuple[Composition, list[dict]]:
    kind = draw(st.sampled_from((CV, KH, QD, CT, HD)))
    cited = draw(st.lists(CITED, max_size=3, unique_by=lambda one: one["code"]))
    lines = tuple(
        citation_line(one["kind"], one["code"], one["date"], one["issuer"], one["title"]) for one in cited
    )
    names = draw(some(BODIES[3:8], 1)) if kind is CV else ()
    made = Composition(
        kind=kind, issuer="Ủy ban nhân dân Quận 3", subject=SUBJECT, addressees=names,
        asks=draw(st.sampled_from((Force.ORDERED, Force.ASKED))), basis=lines, decider="Chủ tịch Ủy ban nhân dân Quận 3",
        purposes=draw(st.just(()) | st.just(("Nâng cao nhận thức của người dân về học tập suốt đời",))),
        targets=draw(some([line for line, _n in TARGETS])),
        sections=tuple(draw(SECTIONS.filter(bool) if kind is CV else SECTIONS)),  # a letter asks for something
        assignments=tuple(
            replace(given, assignees=free) for given in draw(ASSIGNMENTS)
            if (free := tuple(name for name in given.assignees if name not in names))
        ),
        deadlines=draw(DEADLINES), slogans=draw(some([f"{said} ({by})" if by else said for said, by in SLOGANS])),
    )  # fmt: skip
    return made, cited


def whole(made: Composition, form=None) -> str:
    """As the paper prints it: the appendices behind the signature."""
    subject = (
        f"V/v {SUBJECT[:1].lower()}{SUBJECT[1:]}"
        if made.kind is CV
        else f"{made.kind.label.upper()}\n{SUBJECT}"
    )
    return (
        f"{HEAD.format(notation=NOTATIONS[made.kind])}{subject}\n{main(made)}{FOOT}{appendices(made, form)}"
    )


def role_of(task: str) -> str:
    if task.startswith(("Chủ trì", "Là cơ quan thường trực, chủ trì")):
        return "chu-tri"
    return {"Phối": "phoi-hop", "Tham mưu": "tham-muu"}.get(
        task.split(" hợp")[0].split(" Ủy")[0], "thuc-hien"
    )


def expected_tasks(made: Composition) -> list[tuple[list[str], list[tuple[str, str, str]]]]:
    """Whom, and each task with its role and its force, in the order of the text."""
    asked = made.asks.value if made.kind is CV else "giao"
    general = [(task, role_of(task), asked) for section in made.sections for task in section.tasks]
    found = [(list(made.addressees), general)] if general else []
    for given_ in made.assignments:
        if given_.force is Force.ENCOURAGED:
            tasks = [
                (f"Khuyến khích {t[:1].lower()}{t[1:]}", "thuc-hien", "khuyen-khich") for t in given_.tasks
            ]
        else:
            tasks = [(task, role_of(task), given_.force.value) for task in given_.tasks]
        found.append((list(given_.assignees), tasks))
    return found


def expected_due(due: Deadline) -> dict:
    end_of_month = due.on is None and due.day is None
    return {
        "what": due.what, "from": list(due.who) or [ALL_UNITS], "stated": due.on and due.on.isoformat(),
        "inclusive": end_of_month or due.rule is not Rule.BEFORE, "to": list(due.to), "via": due.via or None,
        "channel": due.channel or None, "recurrence": None if due.on else "yearly",
        "month": None if due.on else due.month, "day": None if due.on else due.day,
    }  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(compositions())
def test_reading_a_composed_text_gives_its_clauses_back(drawn):
    made, cited = drawn
    found = read(whole(made)).as_json()
    work = [
        (
            one["assignees"],
            [(t["text"], t["role"], t["force"]) for t in one["tasks"] if t["text"] not in made.targets],
        )
        for one in found["assignments"]
    ]  # a letter's target may count as a task of its addressees too
    assert [one for one in work if one[1]] == expected_tasks(made)
    assert [{key: due[key] for key in due if key != "text"} for due in found["deadlines"]] == list(
        map(expected_due, made.deadlines)
    )
    assert found["basis"] == [
        {"code": one["code"], "date": one["date"].isoformat(), "issuer": one["issuer"], "title": one["title"]}
        for one in cited
    ]
    assert [(t["text"], t["percent"]) for t in found["targets"]] == [
        (line, dict(TARGETS)[line]) for line in made.targets
    ]
    assert [(s["text"], s["author"]) for s in found["slogans"]] == [
        pair for text in made.slogans for pair in SLOGANS if text.startswith(pair[0])
    ]
    assert (found["addressees"], found["form"]) == (list(made.addressees), None)
    assert unlike(made) == []


WEEK = Composition(
    kind=CV, issuer="Ban Thường vụ Liên đoàn Lao động quận Gò Vấp", subject="tổ chức Tuần lễ hưởng ứng học tập suốt đời",
    addressees=("Ban Chấp hành Công đoàn cơ sở trực thuộc",),
    basis=("Công văn số 1118/LĐLĐ-TG ngày 29 tháng 9 năm 2023 của Liên đoàn Lao động Thành phố về việc tổ chức Tuần lễ.",),
    sections=(Section("", ("- đẩy mạnh tuyên truyền;", "Treo băng rôn, khẩu hiệu.")),),
    deadlines=(
        Deadline("Báo cáo kết quả", month=10, to=("Liên đoàn Lao động quận Gò Vấp",), via="bộ phận Tuyên giáo"),
        Deadline(
            "danh sách", who=("Nghiệp đoàn Vận tải",), on=date(2023, 10, 9), rule=Rule.UNTIL_END, channel="Bằng văn bản",
        ),
    ),
)  # fmt: skip


def test_a_letter_as_a_union_writes_it():
    """Worded as letters 245/LĐLĐ and 432/LĐLĐ."""
    assert main(WEEK).split("\n") == [
        "Kính gửi: Ban Chấp hành Công đoàn cơ sở trực thuộc.",
        "Thực hiện Công văn số 1118/LĐLĐ-TG ngày 29 tháng 9 năm 2023 của Liên đoàn Lao động Thành phố về việc tổ chức Tuần"
        " lễ. Ban Thường vụ Liên đoàn Lao động quận Gò Vấp đề nghị Ban Chấp hành Công đoàn cơ sở trực thuộc thực hiện một số"
        " nội dung sau:",
        "1. Đẩy mạnh tuyên truyền.",
        "2. Treo băng rôn, khẩu hiệu.",
        "Nhận được công văn này, đề nghị các đơn vị gửi báo cáo kết quả về Liên đoàn Lao động quận Gò Vấp (thông qua bộ phận"
        " Tuyên giáo) chậm nhất vào cuối tháng 10 hằng năm. Đề nghị Nghiệp đoàn Vận tải gửi danh sách đến hết ngày"
        " 09/10/2023, bằng văn bản.",
        "Trân trọng.",
    ]


def test_a_decision_in_articles():
    made = replace(
        WEEK, kind=QD, decider="Chủ tịch Ủy ban nhân dân Quận 3", opening="Ban hành Kế hoạch tổ chức Tuần lễ", deadlines=(),
        assignments=(
            Assignment(("Phòng Nội vụ",), ("Theo dõi",)), Assignment(("Hội Khuyến học",), ("Tham gia",), Force.ASKED),
        ),
    )  # fmt: skip
    assert main(made).split("\n") == [
        "CHỦ TỊCH ỦY BAN NHÂN DÂN QUẬN 3",
        "Căn cứ Công văn số 1118/LĐLĐ-TG ngày 29 tháng 9 năm 2023 của Liên đoàn Lao động Thành phố về việc tổ chức Tuần lễ.",
        "QUYẾT ĐỊNH:",
        "Điều 1. Ban hành Kế hoạch tổ chức Tuần lễ.",
        "Điều 2. Nội dung thực hiện",
        "- Đẩy mạnh tuyên truyền.",
        "- Treo băng rôn, khẩu hiệu.",
        "Điều 3. Phòng Nội vụ có trách nhiệm:",
        "- Theo dõi.",
        "Điều 4. Đề nghị Hội Khuyến học:",
        "- Tham gia.",
        "Điều 5. Quyết định này có hiệu lực kể từ ngày ký.",
    ]


@pytest.mark.parametrize(
    ("kind", "opening", "closing"),
    [
        (
            KH,
            "Ủy ban nhân dân Quận 3 xây dựng Kế hoạch tổ chức Ngày hội như sau",
            "Trên đây là Kế hoạch tổ chức Ngày hội, đề nghị",
        ),
        (
            CT,
            "Ủy ban nhân dân Quận 3 yêu cầu các cơ quan, đơn vị thực hiện như sau",
            "Yêu cầu các cơ quan, đơn vị nghiêm túc",
        ),
        (
            HD,
            "Ủy ban nhân dân Quận 3 hướng dẫn tổ chức Ngày hội như sau",
            "Trên đây là Hướng dẫn tổ chức Ngày hội, đề nghị",
        ),
    ],
)
def test_each_kind_opens_and_closes_in_its_own_words(kind, opening, closing):
    asks = Force.ORDERED if kind is CT else Force.ASKED
    made = Composition(kind, "Ủy ban nhân dân Quận 3", "Tổ chức Ngày hội", asks=asks)
    assert opening_of(made).startswith(opening) and closing_of(made).startswith(closing)


@pytest.mark.parametrize(
    ("name", "under", "force"),
    [
        ("Phòng Giáo dục và Đào tạo", True, Force.ORDERED), ("Sở Giáo dục và Đào tạo", False, Force.ASKED),
        ("Ủy ban nhân dân 12 phường", None, Force.ORDERED), ("Ủy ban Mặt trận Tổ quốc Việt Nam Quận 3", None, Force.ASKED),
        ("Hội Khuyến học Quận 3", None, Force.ASKED), ("Ban Tuyên giáo Quận ủy", None, Force.ASKED),
        ("Hội đồng giáo dục phường", None, Force.ORDERED),
    ],
)  # fmt: skip
def test_who_stands_under_is_ordered_others_are_asked(name, under, force):
    assert force_for(name, under) is force


def test_what_would_be_read_otherwise_is_named():
    made = replace(
        WEEK, targets=("Nâng cao chất lượng",), deadlines=(Deadline("giấy mời", ("Chị Lan",), on=date(2023, 10, 9)),),
        assignments=(Assignment(("Chị Lan bên tài vụ",), ("Theo dõi việc chi tiêu",)),),
    )  # fmt: skip
    task, due, target = unlike(made)
    assert task.startswith("“Theo dõi việc chi tiêu” (Chị Lan bên tài vụ)")
    assert due.startswith("Thời hạn “giấy mời”") and target.startswith("Mục tiêu “Nâng cao chất lượng”")


def test_the_form_comes_back_with_its_sections_lines_and_units():
    made = Composition(
        KH, "Ủy ban nhân dân Quận 3", SUBJECT, slogans=("Tự học suốt đời",), opening="Như sau:"
    )
    form = read(whole(made, FORM)).as_json()["form"]
    assert form["title"] == " ".join(FORM.title.split()).upper()
    sections = [(section["no"], section["title"]) for section in form["sections"]]
    assert sections == [(line.printed, line.label.rstrip(" :")) for line in FORM.lines if line.printed]
    found = [
        (line["label"], line["units"])
        for section in form["sections"]
        for line in section["lines"]
        if line["units"]
    ]
    assert found == [
        (line.label.rstrip(" :"), [unit.strip() for unit in line.unit_of_measure.split("/")])
        for line in FORM.lines if line.unit_of_measure
    ]  # fmt: skip


ANYTHING = st.text(max_size=60)
SOME = st.lists(ANYTHING, max_size=3).map(tuple)
WILD = st.builds(
    Composition, st.sampled_from(KINDS), ANYTHING, ANYTHING, addressees=SOME, asks=st.sampled_from(Force), basis=SOME,
    decider=ANYTHING, opening=ANYTHING, purposes=SOME, targets=SOME, slogans=SOME, closing=ANYTHING,
    sections=st.lists(st.builds(Section, ANYTHING, SOME), max_size=2).map(tuple),
    assignments=st.tuples(
        st.builds(Assignment, st.lists(ANYTHING, min_size=1, max_size=2).map(tuple), SOME, st.sampled_from(Force))
    ),
    deadlines=st.tuples(
        st.builds(Deadline, ANYTHING, who=SOME, to=SOME, via=ANYTHING, channel=ANYTHING, month=st.integers(1, 12))
    ),
)  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(WILD)
def test_whatever_is_typed_is_worded_and_read_without_failing(made):
    assert "\t" not in main(made) and "\n\n" not in main(made)
    assert all(isinstance(said, str) for said in unlike(made))
    assert from_json(json.loads(json.dumps(as_json(made)))) == made


@given(compositions())
def test_a_composition_is_kept_as_json_and_comes_back_whole(drawn):
    made, _cited = drawn
    assert from_json(json.loads(json.dumps(as_json(made)))) == made
