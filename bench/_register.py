"""A register of many documents over a nation (bench/nation.py): invented, the same for the same seed.

Every issuer sends down to units right below it, base units report upwards; one in seven came from a body outside and was
registered by who received it. Rows go in by COPY; the indexes of the texts are built once they are all there.
"""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection
from django.db.models import Max

from bench.nation import Nation, Node, copy, set_sequences
from hoctap.directives.models import Delivery, Directive, DirectiveText
from hoctap.directives.numbers import parse

FIRST_DAY, DAYS = date(2016, 1, 4), 3900
SHARES = (
    0.02,
    0.15,
    0.38,
    0.45,
)  # of the documents, by the issuer's level: nation, province, commune, base unit
FROM_OUTSIDE = 1 / 7
RECEIVERS = 25  # of those right below so many receive a document; one in fifty goes to all of them
_KINDS = (("KH", "KH"), ("QĐ", "QĐ"), ("CV", ""), ("BC", "BC"), ("TB", "TB"), ("HD", "HD"), ("CT", "CT"))
_OUTSIDE = ("Bộ Giáo dục và Đào tạo", "Trung ương Hội Khuyến học Việt Nam", "Tổng Liên đoàn Lao động Việt Nam",
    "Bộ Nội vụ", "Bộ Văn hóa, Thể thao và Du lịch", "Văn phòng Chính phủ", "Bộ Khoa học và Công nghệ")  # fmt: skip
_DEEDS = ("Tổ chức", "Triển khai", "Hướng dẫn", "Tăng cường", "Đẩy mạnh", "Sơ kết", "Tổng kết", "Kiểm tra", "Phát động",
    "Phối hợp", "Rà soát", "Đánh giá", "Củng cố", "Đổi mới", "Khen thưởng")  # fmt: skip
_MATTERS = ("Tuần lễ hưởng ứng học tập suốt đời", "phong trào gia đình học tập, dòng họ học tập", "xóa mù chữ cho người lớn",
    "xây dựng xã hội học tập", "hoạt động trung tâm học tập cộng đồng", "ngày sách và văn hóa đọc",
    "công tác khuyến học, khuyến tài", "chuyển đổi số trong giáo dục thường xuyên", "nâng cao trình độ công nhân lao động",
    "tủ sách pháp luật ở cơ sở",
    "phổ cập giáo dục tiểu học", "mô hình công dân học tập", "đào tạo nghề cho lao động nông thôn",
    "câu lạc bộ ngoại ngữ, tin học", "quỹ khuyến học và học bổng", "thư viện lưu động vùng sâu",
    "phòng, chống bạo lực học đường", "kỹ năng số cho người cao tuổi")  # fmt: skip
_BLOCKS = ("Căn cứ Luật Giáo dục và các văn bản hướng dẫn thi hành, {} xây dựng kế hoạch với các nội dung sau.",
    "Nhằm nâng cao nhận thức của cán bộ, đoàn viên và nhân dân về vai trò của học tập suốt đời trong {}.",
    "Các đơn vị báo cáo kết quả thực hiện trước ngày {} qua bộ phận tổng hợp để theo dõi, đôn đốc.",
    "Giao bộ phận chuyên môn chủ trì, phối hợp với các đoàn thể tuyên truyền {} bằng hình thức phù hợp với địa phương.",
    "Kinh phí thực hiện từ nguồn ngân sách được giao và nguồn xã hội hóa hợp pháp; dự toán {} triệu đồng.",
    "Phấn đấu đạt {} phần trăm người trong độ tuổi tham gia ít nhất một chương trình học.",
    "Tổ chức {} buổi nói chuyện chuyên đề, tọa đàm, trưng bày và giới thiệu sách tại cơ sở.",
    "Đề nghị thủ trưởng các đơn vị nghiêm túc triển khai, kịp thời phản ánh khó khăn, vướng mắc về {}.")  # fmt: skip
_SOUNDS = ("bình", "hưng", "thạnh", "lộc", "sơn", "thủy", "khê", "phong", "quang", "minh", "đức", "nghĩa", "lâm", "giang",
    "trung", "tiến", "hải", "vân", "thành", "long", "phú", "xuân", "thượng", "hạ", "kim", "liên", "ngọc", "bảo", "cường",
    "dương", "điền", "hiệp", "khánh", "mai", "nhơn", "oanh", "phước", "quế", "sen", "tuyên", "uyên", "viên",
    "yến")  # fmt: skip


@dataclass(frozen=True)
class _Document:
    pk: int
    keeper: int
    issuer: Node | None
    issuer_name: str
    kind: str
    number: str
    day: date
    subject: str


def write(nation: Nation, documents: int, seed: int = 1) -> None:
    chance = random.Random(seed)
    first = (Directive.objects.aggregate(last=Max("pk"))["last"] or 0) + 1
    made = list(_documents(nation, documents, first, chance))
    with copy(
        Directive,
        "id registered_by_id issuer_id issuer_name number notation number_text number_key kind issued_on"
        " place subject authority signer_position signer_name recipients_text status status_note listed_on version",
    ) as row:
        for d in made:
            number, issuer = parse(d.number), d.issuer and d.issuer.pk
            row((d.pk, d.keeper, issuer, d.issuer_name, number.number, number.notation, d.number, number.key, d.kind, d.day,
                "", d.subject, "", "", "", "", "issued", "", d.day, 1))  # fmt: skip
    with _without_index(), copy(DirectiveText, "directive_id heading issuer_name body") as row:
        for d in made:
            row((d.pk, f"{d.subject} {d.number}", d.issuer_name, _body(d, chance)))
    below: dict[int, list[int]] = {}
    for node in nation.nodes.values():
        if node.parent:
            below.setdefault(node.parent, []).append(node.pk)
    with copy(Delivery, "directive_id unit_id sent_by_id") as row:
        for d in made:
            if d.issuer:
                for unit in _receivers(d.issuer, below, chance):
                    row((d.pk, unit, d.issuer.pk))
    set_sequences(Directive)


def _documents(nation: Nation, count: int, first: int, chance: random.Random) -> Iterator[_Document]:
    levels: list[list[Node]] = [[], [], [], []]
    for node in nation.nodes.values():
        levels[node.level].append(node)
    years: dict[tuple[int, int], int] = {}  # issuer and year: the running number
    for n in range(count):
        keeper = chance.choice(levels[chance.choices(range(4), SHARES)[0]])
        day = FIRST_DAY + timedelta(days=n * DAYS // count)
        kind, sign = chance.choice(_KINDS)
        outside = chance.random() < FROM_OUTSIDE
        number = years[keeper.pk, day.year] = years.get((keeper.pk, day.year), 0) + 1
        if outside:
            number, name, notation = chance.randrange(1, 6000), chance.choice(_OUTSIDE), f"{sign or 'CV'}-TW"
        else:
            name, notation = keeper.name, f"{sign}-UBND" if sign else "UBND-VX"
        subject = f"{chance.choice(_DEEDS)} {chance.choice(_MATTERS)} năm {day.year} tại {_place(chance)}"
        issuer = None if outside else keeper
        yield _Document(first + n, keeper.pk, issuer, name, kind, f"{number}/{notation}", day, subject)


def _receivers(issuer: Node, below: dict[int, list[int]], chance: random.Random) -> list[int]:
    units = below.get(issuer.pk)
    if not units:
        return [issuer.parent] if issuer.parent else []
    whole = len(units) <= RECEIVERS or chance.random() < 0.02
    return units if whole else chance.sample(units, RECEIVERS)


def _place(chance: random.Random) -> str:
    return " ".join(sound.capitalize() for sound in chance.sample(_SOUNDS, 2))


def _body(document: _Document, chance: random.Random) -> str:
    blocks = [document.subject]
    for block in chance.choices(_BLOCKS, k=chance.randrange(4, 9)):
        fill = chance.choice(
            (chance.choice(_MATTERS).lower(), str(chance.randrange(2, 900)), f"xã {_place(chance)}")
        )
        blocks.append(block.format(fill))
    return "\n\n".join(blocks)


@contextmanager
def _without_index() -> Iterator[None]:
    """Row by row the index of words would take ten times as long as at once."""
    index = next(index for index in DirectiveText._meta.indexes if index.name == "directive_search")
    with connection.schema_editor(atomic=False) as editor:
        editor.remove_index(DirectiveText, index)
    yield
    with connection.schema_editor(atomic=False) as editor:
        editor.add_index(DirectiveText, index)
