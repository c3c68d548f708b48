"""What pages cost: queries, processor time and bytes, and how long people wait for them, beside a page that does nothing.

Two worlds: 10,000 units right below one, and a nation. Each page is asked for in two ways.
In one process that has been warmed up, through the whole WSGI application, as a signed-in officer's browser asks:
processor time is that process's; that of the database process that answers it stands beside it. The pages take turns, so
that a busy moment of the machine falls on all. ``bytes`` is what a first visit loads, compressed as served: the page and
every style sheet, script and picture it names, fonts aside.
Then over HTTP from ``hoctap up``, by many connections at once on the same machine, each asking again as soon as it is
answered; one that was refused for want of room (docs/decisions, overload) comes back when it was told to. Processor time
is that of web and database, all their processes together, for each page given; what refusals cost is in it.
"""

from __future__ import annotations

import argparse
import http.client
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from bench._pages import Page
from bench.house import House, place, prepare
from bench.meter import Costs, median, p95, quartiles

MOST_QUERIES, MOST_CPU, MOST_BYTES = 8, 15.0, 60_000
TURNS = 3
WARM_UP = 0.3  # seconds


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--units", type=int, default=10_000, help="units below the one that gathers")
    parser.add_argument("--nation", type=int, default=120_000, help="base units of the nation")
    parser.add_argument("--requests", type=int, default=100, help="times each page is asked for, one by one")
    parser.add_argument("--connections", type=int, default=16, help="asking at the same time")
    parser.add_argument("--seconds", type=float, default=3.0, help="how long they ask for each page")


@dataclass
class Crowd:
    """What many connections saw of one page. ``waits`` in milliseconds, the rest in seconds."""

    waits: list[float] = field(default_factory=list)
    refused: int = 0
    seconds: float = 0.0
    web: float = 0.0
    database: float = 0.0


def run(options: argparse.Namespace) -> dict:
    """Of each world and page: its costs one by one and under many connections; ``ok`` when all keep the limits."""
    shown = {}
    for world, units in {"wide": options.units, "nation": options.nation}.items():
        with place() as folder:
            told = prepare(folder / "data", world, units, options.requests, by="bench._pages")
            pages = [Page(**one | {"costs": Costs(**one["costs"])}) for one in told]
            served = House(folder / "data")
            served.start()
            try:
                crowds = _crowd(served, pages, options.connections, options.seconds / TURNS)
            finally:
                served.stop()
        together = f"{options.connections} at once"
        shown[world] = {page.name: _alone(page) | {together: _together(crowds[page.name])} for page in pages}
    return {
        "units": {"wide": options.units, "nation": options.nation},
        "requests": options.requests,
        "pages": shown,
        "limits": {"queries": MOST_QUERIES, "CPU": f"{MOST_CPU} ms", "bytes": MOST_BYTES},
        "ok": not any("over" in one for pages in shown.values() for one in pages.values()),
    }


def _crowd(served: House, pages: list[Page], connections: int, seconds: float) -> dict[str, Crowd]:
    crowds = {page.name: Crowd() for page in pages}
    with ThreadPoolExecutor(connections) as people:

        def ask(page: Page, crowd: Crowd, seconds: float) -> None:
            until = time.monotonic() + seconds
            for done in [people.submit(_ask, served.port, page, crowd, until) for _ in range(connections)]:
                done.result()

        for page in pages:
            ask(page, Crowd(), WARM_UP)
        for _ in range(TURNS):
            for page in pages:
                before, started, crowd = served.seconds_run(), time.perf_counter(), crowds[page.name]
                ask(page, crowd, seconds)
                crowd.seconds += time.perf_counter() - started
                for name, spent in served.seconds_run().items():
                    setattr(crowd, name, getattr(crowd, name) + spent - before[name])
    return crowds


def _ask(port: int, page: Page, crowd: Crowd, until: float) -> None:
    """One person: page after page on one connection kept open; one thread at a time changes the crowd's counts."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Cookie": page.cookie, "Accept-Encoding": "gzip", "Accept-Language": "vi"}
    while time.monotonic() < until:
        started = time.perf_counter()
        line.request("GET", page.path, headers=headers)
        answer = line.getresponse()
        answer.read()
        if answer.status == page.status:
            crowd.waits.append(1000 * (time.perf_counter() - started))
        elif answer.status == 503:
            crowd.refused += 1
            line.close()  # the server would, meanwhile
            time.sleep(max(0.0, min(float(answer.headers["Retry-After"]), until - time.monotonic())))
        else:
            raise AssertionError(f"{page.name}: {page.path} answers {answer.status}")
    line.close()


def _alone(page: Page) -> dict:
    shown = {
        "queries": page.queries,
        "CPU, ms": median(page.costs.web),
        "quartiles": quartiles(page.costs.web),
        "database beside it, ms": median(page.costs.database),
        "bytes": page.bytes,
    }
    limits = {"queries": MOST_QUERIES, "CPU, ms": MOST_CPU, "bytes": MOST_BYTES}
    over = [name for name, limit in limits.items() if shown[name] > limit]
    return shown | ({"over": ", ".join(over)} if over else {})


def _together(crowd: Crowd) -> dict:
    given = len(crowd.waits)
    return {
        "pages/s": round(given / crowd.seconds),
        "p50, ms": median(crowd.waits),
        "p95, ms": p95(crowd.waits),
        "CPU a page, ms": round(1000 * (crowd.web + crowd.database) / given, 1),
        "of it database": round(1000 * crowd.database / given, 1),
        "refused": crowd.refused,
    }
