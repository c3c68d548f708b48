"""Searching and reading a register of 100,000 documents over a nation, beside a naive scan of the same texts.

What the register's screen asks for its first 20 rows (``directives.queries``: ``register`` and ``search``), as officers
of the nation, a big province, a commune and a base unit; without HTTP and without drawing the page (``hoctap bench
pages`` has both). Wall time of the queries with their results read, processor time of this process and of the database
process that answers. Questions take turns, so that a busy moment of the machine falls on all. The peer is what a system
without an index of words does: ILIKE over heading and body, newest first, seeing everything, accents as typed.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

DATABASE = True
FIRST = 20  # rows on a page
GOAL = 50.0  # ms, p95
PEER_TIMES = 3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--documents", type=int, default=100_000, help="documents in the register")
    parser.add_argument("--units", type=int, default=120_000, help="base units of the nation")
    parser.add_argument("--times", type=int, default=40, help="times each question is asked")


@dataclass
class Question:
    """What one seat asks. Times in milliseconds, one a time asked."""

    seat: str
    name: str
    ask: Callable[[], list]
    found: int = 0
    wall: list[float] = field(default_factory=list)
    web: list[float] = field(default_factory=list)
    database: list[float] = field(default_factory=list)


def run(options: argparse.Namespace) -> dict:
    """Of each seat and question: rows found, wall p50 and p95, processor times; ``ok`` when every p95 is in time."""
    from bench import _register
    from bench.nation import Nation, analyze

    nation = Nation(options.units)
    _register.write(nation, options.documents)
    analyze()
    questions, peers = ask_all(nation, options.times)
    shown: dict[str, dict] = {}
    for question in questions:
        shown.setdefault(question.seat, {})[question.name] = summary(question)
    slowest = max(_p95(question.wall) for question in questions)
    return {
        "documents": options.documents,
        "units": len(nation.nodes),
        "times": options.times,
        "bypassed": "HTTP, drawing the page",
        "seats": shown,
        "peer: ILIKE over every text, ms": {peer.name: summary(peer) for peer in peers},
        "slowest p95, ms": round(slowest, 1),
        "over the goal": [f"{q.seat}: {q.name}" for q in questions if _p95(q.wall) >= GOAL],
        "goal": f"p95 < {GOAL:.0f} ms",
        "ok": slowest < GOAL,
    }


def ask_all(nation: Any, times: int) -> tuple[list[Question], list[Question]]:
    questions = [question for name, seat in _seats(nation) for question in _of(name, seat)]
    peers = [Question("peer", text, partial(_scan, text)) for text in _TEXTS]
    for question in questions + peers:
        question.found = len(question.ask())
    for turn in range(times):
        _measure(questions)
        if turn * PEER_TIMES // times < (turn + 1) * PEER_TIMES // times:
            _measure(peers)
    return questions, peers


_TEXTS = {
    "without accents": "tuan le huong ung",
    "with accents": "xóa mù chữ cho người lớn",
    "a phrase in quotes": "“học tập suốt đời trong xã”",
    "three common words": "học tập cộng đồng",
    "a phrase of none, of common words": "“đời suốt tập học”",
    "a word of every document": "năm",
    "a word of none": "thiên văn",
    "a rare pair of words": "yến oanh",
}  # fmt: skip


def _of(name: str, seat: Any) -> list[Question]:
    from hoctap.directives.models import Directive
    from hoctap.directives.queries import INCOMING, OUTGOING, Filters, register, search

    def searched(**filters: Any) -> list:
        return search(seat, Filters(**filters))[0][:FIRST]

    def listed(**filters: Any) -> list:
        return register(seat, Filters(**filters), limit=FIRST).rows

    seen = (
        listed() or Directive.objects.order_by("-pk")[:1]
    )  # of a small register a base unit may see nothing
    number = seen[len(seen) - 1].number_text
    asked = {said: partial(searched, text=text) for said, text in _TEXTS.items()}
    asked |= {
        "a whole number": partial(searched, text=number),
        "the start of a number": partial(searched, text=number.split("/")[0]),
        "words of one kind and year": partial(searched, text="khuyen hoc", kind="KH", year=2021),
        "words of one issuer": partial(searched, text="khuyen hoc", issuer="tong lien doan"),
        "all, newest first": listed,
        "one kind": partial(listed, kind="CT"),
        "one year": partial(listed, year=2019),
        "one issuer": partial(listed, issuer="Bộ Nội vụ"),
        "a rare issuer": partial(listed, issuer="nhan dan tinh"),
        "incoming": partial(listed, direction=INCOMING),
        "outgoing": partial(listed, direction=OUTGOING),
        "recalled": partial(listed, status="recalled"),
    }
    return [Question(name, said, ask) for said, ask in asked.items()]


def _seats(nation: Any) -> list[tuple[str, Any]]:
    """Officers of the nation, of the province and the commune with most below, the leader of a base unit of it."""
    nodes = list(nation.nodes.values())
    most: dict[int, int] = {}
    for node in reversed(nodes):
        if node.parent:
            most[node.parent] = most.get(node.parent, 0) + 1 + most.get(node.pk, 0)
    province = max((n for n in nodes if n.level == 1), key=lambda n: most.get(n.pk, 0))
    commune = max((n for n in nodes if n.parent == province.pk), key=lambda n: most.get(n.pk, 0))
    base = next(n for n in nodes if n.parent == commune.pk)
    return [
        ("nation", nation.officer(1)),
        (f"a province of {most[province.pk]} units", nation.officer(province.pk)),
        (f"a commune of {most[commune.pk]} units", nation.officer(commune.pk)),
        ("a base unit", nation.leader(base.pk)),
    ]


def _scan(text: str) -> list:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT d.id, d.subject FROM directives_directive d JOIN directives_directivetext t ON t.directive_id = d.id"
            " WHERE t.heading ILIKE %(text)s OR t.body ILIKE %(text)s ORDER BY d.listed_on DESC, d.id DESC LIMIT %(first)s",
            {"text": f"%{_TEXTS[text].strip('“”')}%", "first": FIRST},
        )
        return cursor.fetchall()


def _measure(questions: list[Question]) -> None:
    from bench.pages import _backend, _seconds_run

    backend = _backend()
    for question in questions:
        web, database, wall = time.process_time(), _seconds_run(backend), time.perf_counter()
        question.ask()
        question.wall.append(1000 * (time.perf_counter() - wall))
        question.web.append(1000 * (time.process_time() - web))
        question.database.append(1000 * (_seconds_run(backend) - database))


def summary(question: Question) -> dict:
    return {
        "rows": question.found,
        "p50, ms": round(statistics.median(question.wall), 1),
        "p95, ms": round(_p95(question.wall), 1),
        "CPU, ms": round(statistics.median(question.web), 1),
        "database CPU, ms": round(statistics.median(question.database), 1),
    }


def _p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20, method="inclusive")[-1]
