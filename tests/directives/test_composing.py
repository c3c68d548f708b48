"""A composed directive read back from its own text gives the same clauses, whatever reasonable things were composed."""

import json
from dataclasses import replace
from datetime import date
from importlib.resources import files

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hoctap.directives.composing import appendices, citation_line, main
from hoctap.directives.composition import (
    ALL_UNITS,
    Assignment,
    Composition,
    Deadline,
    Force,
    Rule,
    Section,
    as_json,
    from_json,
)
from hoctap.directives.enums import DocumentKind
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
    if made.kind is CV:
        general += [
            (line, "thuc-hien", asked) for line in made.targets
        ]  # a letter's points are all asked for
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
    assert [
        (one["assignees"], [(t["text"], t["role"], t["force"]) for t in one["tasks"]])
        for one in found["assignments"]
    ] == expected_tasks(made)
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


@given(compositions())
def test_a_composition_is_kept_as_json_and_comes_back_whole(drawn):
    made, _cited = drawn
    assert from_json(json.loads(json.dumps(as_json(made)))) == made
