"""``hoctap up``: database, web and worker from one command, and all of them gone when it ends."""

import argparse
import errno
import http.client
import os
import signal
import socket
import subprocess
import time

from hoctap.cli import build
from hoctap.cli.environment import DEMO, PYTHON, add_data_argument, variables
from hoctap.cli.supervise import Child, stop_all
from hoctap.cli.web import HOST, PORT, gunicorn
from hoctap.kernel.errors import Refusal
from hoctap.kernel.folder import Busy, DataFolder, choose_folder
from hoctap.kernel.postgres import Server

PORTS = 20  # tried from PORT on


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--demo", action="store_true", help="with the demo world (invented figures)")
    parser.add_argument("--host", default=HOST, help=f"address to listen on (default: {HOST})")
    parser.add_argument("--port", type=int, help=f"port (default: the first free one from {PORT})")
    add_data_argument(parser)


def run(args: argparse.Namespace) -> int:
    folder = choose_folder(args.data)
    try:
        folder.lock("up")
    except Busy as busy:
        if not busy.holder.get("address"):
            raise
        print(f"Hoctap đang chạy tại {busy.holder['address']}")
        return 0
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    house = House(folder)
    try:
        house.open(args)
        house.keep()
    except KeyboardInterrupt:
        print("\nĐang dừng Hoctap…", flush=True)
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        house.close()
        folder.unlock()
    print("Đã dừng.", flush=True)
    return 0


class House:
    """What ``up`` keeps running: the database (unless DATABASE_URL names one), the web and the worker."""

    def __init__(self, folder: DataFolder):
        self.folder = folder
        self.server: Server | None = None
        self.children: list[Child] = []

    def open(self, args: argparse.Namespace) -> None:
        host, port = args.host, _port(args.host, args.port)
        url = os.environ.get("DATABASE_URL")
        if not url:
            self.server = Server(self.folder)
            self.server.start()
            url = self.server.url
        demo = args.demo or bool(self.folder.saved(DEMO))
        if not self._is_ready(url, demo):
            self._prepare(url, demo)
        self.folder.credential_keys(make=True)  # machines that share one database are given theirs
        env = os.environ | variables(self.folder, url)
        address = f"http://{'127.0.0.1' if host in ('0.0.0.0', '::') else host}:{port}"
        env.setdefault("HOCTAP_HOSTS", f"localhost,127.0.0.1,[::1],{host}")
        env.setdefault("HOCTAP_URL", address)  # in letters
        self.children = [
            Child("web", gunicorn(host, port), env),
            Child("worker", [*PYTHON, "hoctap.cli.main", "worker", "--fold"], env),
        ]
        for child in self.children:
            child.start()
        self._wait_for_first_page(host, port)
        self.folder.tell(command="up", address=address)
        self._announce(address)

    def keep(self) -> None:
        """Until a signal comes: start again whatever dies."""
        while True:
            time.sleep(0.25)
            if self.server and not self.server.running:
                print("Cơ sở dữ liệu đã dừng bất ngờ, đang chạy lại.", flush=True)
                self.server.start()
                self._readdress(self.server.url)
            for child in self.children:
                child.look_after()

    def close(self) -> None:
        stop_all(self.children)
        if self.server:
            self.server.stop()

    def _readdress(self, url: str) -> None:
        """The database came back elsewhere (its port was taken meanwhile): whoever knows the old place starts anew."""
        for child in self.children:
            if child.env["DATABASE_URL"] != url:
                child.restart(child.env | {"DATABASE_URL": url})

    def _is_ready(self, url: str, demo: bool) -> bool:
        made = not demo or self.folder.saved(DEMO).get("made")
        return bool(made) and build.is_current(self.folder, url)

    def _prepare(self, url: str, demo: bool) -> None:
        """In a process of its own: what Django takes in memory goes back when it ends."""
        print("Đang chuẩn bị dữ liệu…", flush=True)
        command = [*PYTHON, "hoctap.cli.main", "prepare", *(["--demo"] if demo else [])]
        done = subprocess.run(command, env=os.environ | variables(self.folder, url), check=False)
        if done.returncode:
            raise Refusal("Chưa chuẩn bị được dữ liệu (lý do ở trên). Hoctap không chạy.")

    def _wait_for_first_page(self, host: str, port: int) -> None:
        while not _answers(host, port):
            if any(child.dead for child in self.children):
                raise Refusal("Hoctap không khởi động được (lý do ở trên).")
            time.sleep(0.05)

    def _announce(self, address: str) -> None:
        print(f"Hoctap đang chạy tại {address}")
        sign_ins = self.folder.saved(DEMO).get("sign_ins", [])
        if sign_ins:
            print("Số liệu minh họa. Tài khoản dùng thử:")
        for name, password, who in sign_ins:
            print(f"  {name}  mật khẩu {password}  ({who})")
        print("Dừng: Ctrl-C", flush=True)


def _port(host: str, asked: int | None) -> int:
    for port in [asked] if asked else range(PORT, PORT + PORTS):
        if _is_free(host, port):
            return port
    if asked:
        raise Refusal(f"Cổng {asked} đang được chương trình khác dùng. Hãy chọn cổng khác bằng --port.")
    raise Refusal(f"Các cổng {PORT}–{PORT + PORTS - 1} đều bận. Hãy chọn cổng khác bằng --port.")


def _is_free(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError:
            raise Refusal(f"Tài khoản này không được dùng cổng {port}. Hãy chọn cổng từ 1024.") from None
        except socket.gaierror:
            raise Refusal(f"Máy này không có địa chỉ {host}. Hãy sửa --host.") from None
        except OSError as error:
            if error.errno == errno.EADDRNOTAVAIL:
                raise Refusal(f"Máy này không có địa chỉ {host}. Hãy sửa --host.") from None
            return False
    return True


def _answers(host: str, port: int) -> bool:
    """Whether a page comes, whatever it says."""
    connection = http.client.HTTPConnection("127.0.0.1" if host == "0.0.0.0" else host, port, timeout=30)
    try:
        connection.request("GET", "/", headers={"Host": "localhost"})
        connection.getresponse()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True
