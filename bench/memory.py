"""Memory of `hoctap up` (web, worker, database and `up` itself), and how soon its first page comes.

Counted after the start, after page views by twenty people at once, and after the first papers are made. What a process
has for itself counts in full; what processes of the family share counts once: the database's shared memory, pages
inherited by a child, and program files (the largest part of each file that one process has in memory, whoever else on
the machine uses it too).
"""

from __future__ import annotations

import argparse
import statistics
import threading
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import psutil

from bench.house import House, place, prepare
from bench.visitor import Visitor

MOST_MEGABYTES, MOST_SECONDS = 400, 3.0
MEGABYTE = 1024 * 1024


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--units", type=int, default=600, help="units below the one that gathers")
    parser.add_argument("--views", type=int, default=400, help="pages looked at")
    parser.add_argument("--people", type=int, default=20, help="people looking at the same time")
    parser.add_argument("--starts", type=int, default=5, help="times it is started again")


def run(options: argparse.Namespace) -> dict:
    """Megabytes at each moment, by process, and seconds from the second start on to the first page."""
    with place() as folder:
        told = prepare(folder / "data", options.units, options.people, "filled")
        house = House(folder / "data")
        house.start()
        try:
            moments = {"after the start": _megabytes(house)}
            officer = _look_around(house, told, options)
            moments[f"after {options.views} page views"] = _megabytes(house)
            for kind in ("pdf", "xlsx", "docx"):
                _make_paper(officer, told["node"], kind)
                moments[f"after the first {kind.upper()}"] = _megabytes(house)
            officer.close()
            house.stop()
            starts = [_start(house) for _ in range(options.starts)]
        except BaseException:
            house.end()
            raise
    most = max(moment["all"] for moment in moments.values())
    return {
        "units": options.units,
        "megabytes": moments,
        "most, megabytes": most,
        "limit, megabytes": MOST_MEGABYTES,
        "seconds to the first page": {
            "median": round(statistics.median(starts), 2),
            "least": round(min(starts), 2),
            "most": round(max(starts), 2),
            "times": len(starts),
        },
        "limit, seconds": MOST_SECONDS,
        "ok": most <= MOST_MEGABYTES and statistics.median(starts) < MOST_SECONDS,
    }


def _start(house: House) -> float:
    seconds = house.start()
    house.stop()
    return seconds


def _look_around(house: House, told: dict, options: argparse.Namespace) -> Visitor:
    """So many page views by so many people at once; the gathering unit's officer, signed in."""
    officer = Visitor(house.address)
    officer.sign_in(told["officer"], told["password"])
    people = [Visitor(house.address) for _ in range(options.people - 1)]
    for person, child in zip(people, told["children"], strict=False):
        person.sign_in(child["user"], told["password"])
    share = -(-options.views // options.people)
    theirs = [f"/bao-cao/{child['obligation']}/" for child in told["children"]]
    gathering = [f"/dot-bao-cao/{told['round']}/", f"/tong-hop/{told['node']}/", theirs[0]]
    common = ["/", "/van-ban/", "/van-ban/?tim=hoc+tap", "/don-vi/"]
    walks = [(officer, gathering + common)] + [(p, [theirs[n], *common]) for n, p in enumerate(people)]
    failures: list[Exception] = []
    threads = [threading.Thread(target=_walk, args=[who, pages, share, failures]) for who, pages in walks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for person in people:
        person.close()
    if failures:
        raise failures[0]
    return officer


def _walk(person: Visitor, pages: list[str], views: int, failures: list[Exception]) -> None:
    try:
        for view in range(views):
            answer = person.get(pages[view % len(pages)])
            if answer.status != 200:
                raise AssertionError(f"{pages[view % len(pages)]} answers {answer.status}")
    except Exception as failure:
        failures.append(failure)


def _make_paper(officer: Visitor, node: int, kind: str) -> None:
    officer.post(f"/tong-hop/{node}/lap/", {"signer_name": "Nguyễn Văn Thử", "results": "Hoàn thành."})
    answer = officer.get(f"/tong-hop/{node}/ban/1/tong-hop.{kind}")
    if answer.status != 200:
        raise AssertionError(f"no {kind}: {answer.status} {answer.location}")


def _megabytes(house: House) -> dict[str, float]:
    """Of each member and of all; each file is counted with the member that has most of it in memory."""
    found: dict[str, float] = {}
    files: dict[str, tuple[int, str]] = {}
    for name, processes in house.members().items():
        found[name] = sum(_own(process) for process in processes)
        for path, size in _files(processes).items():
            files[path] = max(files.get(path, (0, "")), (size, name))
    for size, name in files.values():
        found[name] += size
    found["all"] = sum(found.values())
    return {name: round(size / MEGABYTE, 1) for name, size in found.items()}


def _own(process: psutil.Process) -> int:
    """Bytes of its own, with its share of what parent and child, or the database's processes, have together."""
    fields = dict(line.split(":") for line in _read(process, "smaps_rollup").splitlines()[1:])
    return sum(int(fields.get(name, "0 kB").split()[0]) * 1024 for name in ("Pss_Anon", "Pss_Shmem"))


def _files(processes: Iterable[psutil.Process]) -> dict[str, int]:
    """Bytes of each program file in memory: the most that one process has."""
    most: dict[str, int] = {}
    for process in processes:
        here: dict[str, int] = defaultdict(int)
        path = ""
        for line in _read(process, "smaps").splitlines():
            name, *rest = line.split(maxsplit=5)
            if not name.endswith(":"):
                path = rest[4] if len(rest) == 5 and rest[4].startswith("/") else ""
            elif path and not path.startswith("/dev/"):
                if name == "Rss:":
                    here[path] += int(rest[0]) * 1024
                elif name == "Anonymous:":  # its own copies are counted as its own
                    here[path] -= int(rest[0]) * 1024
        for path, size in here.items():
            most[path] = max(most.get(path, 0), size)
    return most


def _read(process: psutil.Process, name: str) -> str:
    try:
        return Path(f"/proc/{process.pid}/{name}").read_text()
    except (FileNotFoundError, ProcessLookupError):  # gone meanwhile
        return ""
