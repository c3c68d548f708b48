"""``hoctap bench reading``: what the reader of directives gets right, and how fast it is.

Every document of ``tests/reading/documents`` has a gold answer written by hand. Precision: of what was read, how much the
document says; recall: of what it says, how much was read. Speed: a document of 40 pages, beside finding its words alone,
and as a file; and texts of a megabyte made to take long (``worst.py``).
"""

import argparse
import json
import re
import resource
import time
from collections import Counter
from collections.abc import Iterator
from functools import partial
from importlib.resources import files
from pathlib import Path
from statistics import median

from bench.worst import worst_texts
from hoctap.kernel.vietnamese import fold

DOCUMENTS = Path(__file__).parent.parent / "tests" / "reading" / "documents"
PAGE = 2_600  # characters, as Nghị định 30/2020 prints them
BEGINNING = 40  # letters of a task, a clause: two spellings of its end are the same thing
GOAL_SECONDS, GOAL_MEGABYTES = 1.0, 300
GOAL_WORST = 5.0  # seconds, for a megabyte of anything
TRIED, SHOWN = 100_000, 10  # characters that every kind of bad text is tried with; how many are then measured

Facts = dict[str, Counter]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--wrong", metavar="KEY", help="list what was read wrong, or not, under this key")


def run(options: argparse.Namespace) -> dict:
    """Precision and recall by key; ``ok`` when a document of 40 pages is read within a second of processor time."""
    from hoctap.directives.reading import read

    read_, gold = {}, {}
    for path in sorted(DOCUMENTS.glob("*.json")):
        gold[path.stem] = facts(json.loads(path.read_text()))
        read_[path.stem] = facts(read(path.with_suffix(".txt").read_text()).as_json())
    if options.wrong:
        return {
            "ok": True,
            "wrong": {name: _differences(read_[name], gold[name], options.wrong) for name in gold},
        }
    seconds, words = _speed()
    from_files = _speed_of_files()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    worst = _worst()
    return {
        "documents": len(gold),
        "keys": {key: rates(read_, gold, key) for key in keys_of(gold, read_)},
        "40 pages, CPU seconds": round(seconds, 3),
        "times finding the words": round(seconds / words, 1),
        "40 pages from a file, CPU seconds": from_files,
        "most memory, MB": round(memory),
        "worst 1 MB text, CPU seconds": worst,
        "ok": max(seconds, *from_files.values()) < GOAL_SECONDS
        and memory < GOAL_MEGABYTES
        and max(worst.values()) < GOAL_WORST,
    }


def keys_of(*many: dict[str, Facts]) -> list[str]:
    return list(dict.fromkeys(key for answers in many for found in answers.values() for key in found))


def rates(read_: dict[str, Facts], gold: dict[str, Facts], key: str) -> dict[str, float | int | None]:
    """Over all documents; None where nothing was read, or there is nothing to read."""
    right = found = said = 0
    for name, truth in gold.items():
        mine, theirs = read_[name].get(key, Counter()), truth.get(key, Counter())
        right += (mine & theirs).total()
        found += mine.total()
        said += theirs.total()
    return {
        "precision": round(right / found, 3) if found else None, "recall": round(right / said, 3) if said else None,
        "said": said,
    }  # fmt: skip


def _differences(mine: Facts, theirs: Facts, key: str) -> dict[str, list]:
    a, b = mine.get(key, Counter()), theirs.get(key, Counter())
    return {
        "read, not said": sorted(map(str, (a - b).elements())),
        "said, not read": sorted(map(str, (b - a).elements())),
    }


def facts(answer: dict) -> Facts:
    """What an answer says, in pieces that can be compared one by one: letters' case and accents aside."""
    found: Facts = {}

    def say(key: str, *parts) -> None:
        found.setdefault(key, Counter())[tuple(_plain(part) for part in parts)] += 1

    for key in ("code", "number", "notation", "kind", "date", "place", "issuer", "parent_issuer", "subject"):
        if answer[key] is not None:
            say(key, answer[key])
    for key in ("addressees", "links", "emails", "recipients"):
        for value in answer[key]:
            say(key, value)
    for key, value in (answer["signer"] or {}).items():
        if value is not None:
            say("signer", key, value)
    _facts_of_citations(answer, say)
    _facts_of_occasions(answer, say)
    _facts_of_work(answer, say)
    _facts_of_annexes(answer, say)
    return found


def _facts_of_citations(answer: dict, say) -> None:
    for key in ("basis", "mentions"):
        for cited in answer[key]:
            name = cited["code"] or cited["title"]
            say(key, name)
            _say_parts(say, key, name, cited, ("date", "issuer"))


def _facts_of_occasions(answer: dict, say) -> None:
    for held in answer["campaigns"]:
        say("campaigns", held["name"])
        _say_parts(say, "campaigns", _words(held["name"], 3), held, ("theme", "start", "end", "scope"))
    for event in answer["events"]:
        say("events", event["date"], _words(event["name"], 2))


def _facts_of_annexes(answer: dict, say) -> None:
    for target in answer["targets"]:
        say("targets", target["percent"], target["number"], target["unit"])
        _say_parts(say, "targets", target["percent"] or target["number"], target, ("by",))
    for slogan in answer["slogans"]:
        say("slogans", slogan["text"], slogan["author"])
    for section in (answer["form"] or {"sections": []})["sections"]:
        say("form", section["no"], section["title"])
        for line in section["lines"]:
            say("form", line["label"], *line["units"])


def _facts_of_work(answer: dict, say) -> None:
    for due in answer["deadlines"]:
        name = due["stated"] or f"{due['recurrence']} {due['month']} {due['day']}"
        say("deadlines", name, due["inclusive"] if due["stated"] or due["day"] else None)
        _say_parts(say, "deadlines", name, due, ("via", "recurrence", "channel"))
        if due["what"]:
            say("deadlines.what", name, _words(due["what"], 3))
        for body in due["from"]:
            say("deadlines.from", name, body)
        for body in due["to"]:
            say("deadlines.to", name, body)
    for given in answer["assignments"]:
        for task in given["tasks"]:
            for body in given["assignees"] or [""]:
                say("assignments", body, fold(task["text"])[:BEGINNING])
            _say_parts(say, "assignments", fold(task["text"])[:BEGINNING], task, ("ref",))
            say("assignments.role", fold(task["text"])[:BEGINNING], task["role"])
            say("assignments.force", fold(task["text"])[:BEGINNING], task["force"])


def _say_parts(say, key: str, name, tree: dict, parts: tuple[str, ...]) -> None:
    for part in parts:
        if tree[part] is not None:
            say(f"{key}.{part}", name, tree[part])


def _plain(value):
    return re.sub(r"[\W_]+", " ", fold(value)).strip() if isinstance(value, str) else value


def _words(text: str, count: int) -> str:
    return " ".join(fold(text).split()[:count])


def _forty_pages() -> str:
    """The longest source document, repeated."""
    text = (files("hoctap.cli.demo") / "texts" / "003.txt").read_text()
    return (text * (40 * PAGE // len(text) + 1))[: 40 * PAGE]


def _speed() -> tuple[float, float]:
    """CPU seconds for 40 pages, and for finding their words."""
    from hoctap.directives.reading import read

    text = _forty_pages()
    return median(_cpu(lambda: read(text)) for _ in range(5)), median(
        _cpu(lambda: list(_tokens(text))) for _ in range(5)
    )


def _speed_of_files() -> dict[str, float]:
    """CPU seconds from a file's bytes to what it orders."""
    from hoctap.directives.reading import read
    from hoctap.directives.reading.sources import text_of
    from hoctap.directives.reading.text import normalise
    from tests.reading.files import as_docx, as_pdf

    text = normalise(_forty_pages())
    made = {".docx": as_docx(text), ".pdf": as_pdf(text)}
    return {
        kind: round(
            median(_cpu(partial(lambda k, d: read(text_of(f"a{k}", d)), kind, data)) for _ in range(3)), 3
        )
        for kind, data in made.items()
    }


def _worst() -> dict[str, float]:
    """Of all kinds of bad text those that take longest for their length, a megabyte of each."""
    from hoctap.directives.reading import read

    tried = {name: _cpu(partial(read, text)) for name, text in worst_texts(TRIED)}
    slowest = sorted(tried, key=tried.__getitem__, reverse=True)[:SHOWN]
    found = {name: round(_cpu(partial(read, text)), 2) for name, text in worst_texts() if name in slowest}
    return dict(sorted(found.items(), key=lambda pair: -pair[1]))


def _tokens(text: str) -> Iterator[str]:
    return (found[0] for found in re.finditer(r"\w+", text))


def _cpu(act) -> float:
    start = time.process_time()
    act()
    return time.process_time() - start
