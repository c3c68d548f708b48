"""Any text is read without a crash, every value with its words; work grows no faster than the text."""

import json
import random
import string
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.worst import worst_texts
from hoctap.directives.reading import Reading, read
from hoctap.directives.reading.sources import text_of
from hoctap.kernel.errors import Refusal
from tests.reading.files import seed

SEEDS = [seed(name) for name in ("000", "001", "002", "003", "004")]
LINES = [line for text in SEEDS for line in text.split("\n")]
KEYS = {
    "code", "number", "notation", "kind", "date", "place", "issuer", "parent_issuer", "subject", "addressees", "basis",
    "mentions", "campaigns", "events", "deadlines", "assignments", "targets", "slogans", "form", "links", "emails",
    "signer", "recipients", "evidence",
}  # fmt: skip
NESTED = {
    "basis": {"code", "date", "issuer", "title"}, "mentions": {"code", "date", "issuer", "title"},
    "campaigns": {"name", "theme", "start", "end", "scope"}, "events": {"name", "date", "place"},
    "deadlines": {
        "what", "from", "stated", "inclusive", "channel", "recurrence", "month", "day", "to", "via", "text",
    },
    "assignments": {"assignees", "tasks"}, "targets": {"percent", "number", "unit", "subject", "by", "text"},
    "slogans": {"text", "author", "place"},
}  # fmt: skip
TASK = {"text", "ref", "role", "force"}
CHOICES = {
    "role": {"chu-tri", "phoi-hop", "tham-muu", "thuc-hien"}, "force": {"giao", "de-nghi", "khuyen-khich"},
    "recurrence": {"yearly", "quarterly", "monthly", None},
}  # fmt: skip
PIECES = [
    "Kính gửi: ",
    "Nơi nhận:", "TM. ỦY BAN NHÂN DÂN", "KẾ HOẠCH", "Số: 12/KH-UBND", "Số: /", "Quận 3, ngày 2 tháng 10 năm 2023",
    "Căn cứ ",
    "Quyết định số 1/QĐ-TTg ", "trước ngày 13/10/2023", "hằng năm", "báo cáo ", "gửi ", "Phòng Giáo dục và Đào tạo",
    "100% ", "đề nghị ", "khuyến khích ", "chủ trì, ", "Phụ lục I", "STT\tNội dung\tĐơn vị\tSố lượng", "1\tLớp\tlớp\t",
    "I. ", "1. ", "1.1. ", "a) ", "- ", "+ ", "“", "”", "(", ")", ";", ":", ".", "…", "\t", "\n", "\n\n", " ", "**", "V/v ",
    "KHẨU HIỆU", "Lễ khai mạc ", "Tuần lễ ", "từ ngày 2 đến ngày 8/10", "31/02", "tháng 13", "quý IV", "a@b.vn", "www.a.vn",
    "CHỦ TỊCH", "Nguyễn Văn A", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "\u0301", "\u200b", "\0", "Ð", "ﬁ", "\U0001f600",
]  # fmt: skip
MANY = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def check(reading: Reading) -> None:
    """The contract of ``hoctap read --json``, whatever the text."""
    found = reading.as_json()
    assert found.keys() == KEYS
    for key, names in NESTED.items():
        assert all(part.keys() == names for part in found[key])
    assert found["form"] is None or found["form"].keys() == {"title", "sections"}
    assert found["signer"] is None or found["signer"].keys() == {"name", "position", "authority"}
    for given_ in found["assignments"]:
        for task in given_["tasks"]:
            assert task.keys() == TASK
            assert task["role"] in CHOICES["role"] and task["force"] in CHOICES["force"]
    assert all(due["recurrence"] in CHOICES["recurrence"] for due in found["deadlines"])
    evidence = found.pop("evidence")
    assert dict(leaves(found)).keys() == {path for path in evidence if not path.endswith(".inferred")}
    for start, end in evidence.values():
        assert 0 <= start < end <= len(reading.text)
        assert reading.text[start:end].strip()
    json.dumps(found, ensure_ascii=False).encode()


def leaves(tree, path=""):
    parts = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else None
    if parts is None:
        if tree is not None:
            yield path, tree
        return
    for key, part in parts:
        yield from leaves(part, f"{path}.{key}" if path else str(key))


@MANY
@given(st.text(max_size=2000))
def test_any_text(text):
    check(read(text))


@MANY
@given(st.lists(st.sampled_from(PIECES) | st.text(alphabet=string.printable, max_size=3), max_size=120))
def test_any_pieces_of_documents(pieces):
    check(read("".join(pieces)))


@MANY
@given(st.lists(st.sampled_from(LINES), max_size=60), st.sampled_from(["\n", "\n\n", " ", ""]))
def test_any_lines_of_documents(lines, between):
    check(read(between.join(lines)))


@settings(MANY, max_examples=60)
@given(st.sampled_from(SEEDS[:3]), st.integers(0, 2**32))
def test_documents_torn_apart(text, number):
    """Lines shuffled, left out, doubled; letters lost and swapped."""
    chance = random.Random(number)
    lines = text.split("\n")
    for _ in range(chance.randrange(1, 8)):
        at, to = chance.randrange(len(lines)), chance.randrange(len(lines))
        way = chance.randrange(5)
        if way == 0:
            lines[at], lines[to] = lines[to], lines[at]
        elif way == 1 and len(lines) > 1:
            del lines[at]
        elif way == 2:
            lines.insert(to, lines[at])
        elif way == 3:
            cut = chance.randrange(len(lines[at]) + 1)
            lines[at : at + 1] = [lines[at][:cut], lines[at][cut:]]
        else:
            lines[at] += lines[to]
    torn = "\n".join(lines)
    letters = list(torn)
    for _ in range(chance.randrange(20)):
        letters[chance.randrange(len(letters))] = chance.choice("\n\t ().,;:“”/-1aĂ")
    check(read("".join(letters)))


@MANY
@given(st.binary(max_size=500), st.sampled_from(["a.txt", "a.docx", "a.pdf", "a.png", "-"]))
def test_any_bytes(data, name):
    try:
        check(read(text_of(name, data)))
    except Refusal as refused:
        assert refused.message.startswith(("Tệp ", "Ảnh ", "Không "))


@pytest.mark.parametrize("text", SEEDS)
def test_documents_keep_the_contract(text):
    check(read(text))


SMALL, LARGE = dict(worst_texts(10_000)), dict(worst_texts(40_000))
RATIO = 9.0  # of the work for four times the text; 16 would be quadratic


@pytest.mark.parametrize(
    "name", [name for name in SMALL if name.endswith(("task", "work")) or ":" not in name]
)
def test_no_text_takes_more_than_its_length(name):
    """Process time of a text and of one four times as long; a slow machine slows both."""
    check(read(SMALL[name]))
    for _ in range(3):
        ratio = cpu(LARGE[name]) / max(cpu(SMALL[name]), 0.005)
        if ratio < RATIO:
            return
    pytest.fail(f"four times the text took {ratio:.0f} times as long")


def cpu(text: str) -> float:
    begun = time.process_time()
    read(text)
    return time.process_time() - begun
