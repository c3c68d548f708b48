"""What one page costs with 10,000 units below one unit: queries, processor time and bytes, beside a page that does
nothing.

Each page is asked for through the whole WSGI application, as a signed-in officer's browser asks, in one process that
has been warmed up. Processor time is this process's; that of the database process that answers it stands beside it.
The pages take turns, so that a busy moment of the machine falls on all. ``bytes`` is what a first visit loads,
compressed as served: the page and every style sheet, script and picture it names, fonts aside.
"""

from __future__ import annotations

import argparse
import gzip
import io
import re
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

DATABASE = True
MOST_QUERIES, MOST_CPU, MOST_BYTES = 8, 15.0, 60_000
WARM_UP = 5
_LOADED = re.compile(r'(?:href|src)="(/static/[^"#]+)')


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--units", type=int, default=10_000, help="units below the one that gathers")
    parser.add_argument("--requests", type=int, default=100, help="times each page is asked for")


@dataclass
class Page:
    """One address as one seat asks for it. Times in milliseconds of processor time, one a request."""

    name: str
    path: str
    cookie: str
    queries: int = 0
    bytes: int = 0
    web: list[float] = field(default_factory=list)
    database: list[float] = field(default_factory=list)


def run(options: argparse.Namespace) -> dict:
    """Of each page: queries, median processor time with its quartiles, bytes; ``ok`` when all keep the limits."""
    pages, ask = _pages(options.units), _application()
    for page in pages:
        for _ in range(WARM_UP):
            _body(ask, page)
        page.queries = _count_queries(lambda page=page: _body(ask, page))
        page.bytes = _first_visit(ask, page)
    _measure(ask, pages, options.requests)
    shown = {page.name: _summary(page) for page in pages}
    return {
        "units": options.units,
        "requests": options.requests,
        "pages": shown,
        "limits": {"queries": MOST_QUERIES, "CPU": f"{MOST_CPU} ms", "bytes": MOST_BYTES},
        "ok": not any("over" in one for one in shown.values()),
    }


def _pages(units: int) -> list[Page]:
    from django.core.management import call_command

    from bench import filling, wide
    from hoctap.rollup.actions import draw_snapshot

    call_command("collectstatic", interactive=False, verbosity=0)
    made = wide.make(units, users=units)
    filling.fill(made)
    snapshot = draw_snapshot(seat=made.officer, obligation=made.node)
    officer, leader = _signed_in(made.officer), _signed_in(made.seats[0])
    writer = _signed_in(made.seats[18])
    node, waiting, unsent = made.node.pk, made.children[12].pk, made.children[18].pk
    document, round_ = made.round.directive_id, made.round.pk
    return [
        Page("nothing", "/nothing/", officer),
        Page("desk of the unit that gathers", "/", officer),
        Page("desk of a unit that reports", "/", leader),
        Page("rounds", "/dot-bao-cao/", officer),
        Page("laying out a round", f"/dot-bao-cao/mo/{document}/", officer),
        Page("passing a round on", f"/bao-cao/{node}/giao-xuong/", officer),
        Page("board", f"/dot-bao-cao/{round_}/", officer),
        Page("form, being written", f"/bao-cao/{unsent}/", writer),
        Page("form, being reviewed", f"/bao-cao/{waiting}/", officer),
        Page("consolidation", f"/tong-hop/{node}/", officer),
        Page("where a figure comes from", f"/tong-hop/{node}/so/28/", officer),
        Page("and one unit's part of it", f"/tong-hop/{node}/so/28/?dv={made.children[0].pk}", officer),
        Page("drawing it to sign", f"/tong-hop/{node}/lap/", officer),
        Page("consolidation drawn", f"/tong-hop/{node}/ban/{snapshot.number}/", officer),
        Page("documents", "/van-ban/", officer),
        Page("documents, searched", "/van-ban/?tim=hoc+tap+suot+doi", officer),
        Page("one document", f"/van-ban/{document}/", officer),
        Page("and each unit it went to", f"/van-ban/{document}/noi-nhan/?trang=100", officer),
        Page("units", "/don-vi/", officer),
        Page("units, searched", "/don-vi/?tim=ky+dong", officer),
        Page("one unit", f"/don-vi/{made.node.unit.code}/", officer),
    ]


def _signed_in(seat) -> str:
    from django.test import Client

    client = Client()
    client.force_login(seat.user)
    session = client.session
    session["seat"] = seat.pk
    session.save()
    return f"sessionid={client.cookies['sessionid'].value}"


def _application() -> Callable[[str, str], tuple[int, bytes]]:
    """Asks the WSGI application for a path and query with a cookie: status and the answer as sent."""
    from django.conf import settings

    settings.ROOT_URLCONF = "bench._nothing"
    from hoctap.config.wsgi import application

    def ask(address: str, cookie: str) -> tuple[int, bytes]:
        answered: list[str] = []
        path, _, query = address.partition("?")
        environ = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "localhost",
            "HTTP_COOKIE": cookie,
            "HTTP_ACCEPT_ENCODING": "gzip",
            "HTTP_ACCEPT_LANGUAGE": "vi",
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": io.StringIO(),
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
        }
        answer = application(environ, lambda status, headers, error=None: answered.append(status))
        try:
            return int(answered[0].split()[0]), b"".join(answer)
        finally:
            if hasattr(answer, "close"):
                answer.close()

    return ask


def _body(ask, page: Page) -> bytes:
    status, body = ask(page.path, page.cookie)
    if status != 200:
        raise AssertionError(f"{page.name}: {page.path} answers {status}")
    return body


def _count_queries(act: Callable[[], object]) -> int:
    from django.db import connection

    asked: list[str] = []

    def note(execute, sql, params, many, context):
        asked.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        act()
    return len(asked)


def _first_visit(ask, page: Page) -> int:
    body = _body(ask, page)
    html = gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body
    total = len(body)
    for address in set(_LOADED.findall(html.decode())):
        status, loaded = ask(address, page.cookie)
        if status != 200:
            raise AssertionError(f"{page.name} names {address}, which answers {status}")
        total += len(loaded)
    return total


def _measure(ask, pages: list[Page], requests: int) -> None:
    backend = _backend()
    for _ in range(requests):
        for page in pages:
            web, database = time.process_time(), _seconds_run(backend)
            _body(ask, page)
            page.web.append(1000 * (time.process_time() - web))
            page.database.append(1000 * (_seconds_run(backend) - database))


def _backend() -> Path:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return Path(f"/proc/{cursor.fetchone()[0]}/schedstat")


def _seconds_run(backend: Path) -> float:
    return int(backend.read_text().split()[0]) / 1e9


def _summary(page: Page) -> dict:
    low, middle, high = statistics.quantiles(page.web, n=4)
    shown = {
        "queries": page.queries,
        "CPU, ms": round(middle, 1),
        "quartiles": f"{low:.1f}–{high:.1f}",
        "database beside it, ms": round(statistics.median(page.database), 1),
        "bytes": page.bytes,
    }
    limits = {"queries": MOST_QUERIES, "CPU, ms": MOST_CPU, "bytes": MOST_BYTES}
    over = [name for name, limit in limits.items() if shown[name] > limit]
    return shown | ({"over": ", ".join(over)} if over else {})
