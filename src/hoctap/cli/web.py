"""``hoctap web``: the serving processes, by gunicorn; this module is gunicorn's configuration, too.

A serving process whose master was killed would finish its requests first, and hold the port against the next start all
the while: it goes with its master at once. What it was doing is not acknowledged, and is sent again.
"""

import argparse
import os
import signal

from hoctap.cli import build
from hoctap.cli.environment import PYTHON, add_data_argument, variables
from hoctap.kernel.errors import Refusal
from hoctap.kernel.folder import choose_folder
from hoctap.kernel.processes import die_with

HOST, PORT = "127.0.0.1", 8000
THREADS = 32  # of one process; desk.gate shares them out, settings.CONNECTIONS of them work at once


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default=HOST, help=f"address to listen on (default: {HOST})")
    parser.add_argument("--port", type=int, default=PORT, help=f"port (default: {PORT})")
    parser.add_argument("--processes", type=int, default=1, help="serving processes (default: 1)")
    parser.add_argument("--threads", type=int, default=THREADS, help=f"threads of each (default: {THREADS})")
    add_data_argument(parser)


def run(args: argparse.Namespace) -> int:
    """Become gunicorn; its exit code is the command's."""
    for name, what in (("DATABASE_URL", "địa chỉ cơ sở dữ liệu"), ("HOCTAP_SECRET_KEY", "khóa ký chung")):
        if not os.environ.get(name):
            raise Refusal(
                f"hoctap web cần biến môi trường {name} ({what} của mọi máy). Trên một máy: hoctap up."
            )
    folder, url = choose_folder(args.data), os.environ["DATABASE_URL"]
    folder.create()
    if not build.is_current(folder, url):
        raise Refusal(
            "Cơ sở dữ liệu hoặc tệp tĩnh của máy này chưa đúng bản đang cài. Hãy chạy hoctap prepare trước."
        )
    command = gunicorn(args.host, args.port, args.processes, args.threads)
    os.execve(command[0], command, os.environ | variables(folder, url))


def gunicorn(host: str, port: int, processes: int = 1, threads: int = THREADS) -> list[str]:
    bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    options = ["--worker-class=gthread", f"--workers={processes}", f"--threads={threads}", f"--bind={bind}"]
    options += ["--graceful-timeout=10", "--timeout=120", "--log-level=warning", "--no-control-socket"]
    options.append("--config=python:hoctap.cli.web")
    return [*PYTHON, "gunicorn", *options, "hoctap.config.wsgi:application"]


def post_fork(server, worker) -> None:
    os.environ["HOCTAP_THREADS"] = str(worker.cfg.threads)  # for settings, read after this
    die_with(server.pid, signal.SIGKILL)()
