"""A mail server small enough to read: takes letters on a socket, and can refuse or hang up as told."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage


class MailServer(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.letters: list[EmailMessage] = []
        self.connections = 0
        self.refuse: set[str] = set()  # addresses answered with 550
        self.hang_up_after: int | None = None  # letters

    @property
    def port(self) -> int:
        return self.server_address[1]


class _Session(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self.server.connections += 1
        self._say("220 ready")
        while line := self.rfile.readline():
            word = line.split()[0].upper().rstrip(b":") if line.split() else b""
            if word == b"DATA":
                if not self._take():
                    return
            elif word == b"RCPT" and any(a in line.decode() for a in self.server.refuse):
                self._say("550 no such mailbox")
            elif word == b"QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _take(self) -> bool:
        self._say("354 go on")
        data = b""
        while (line := self.rfile.readline()) != b".\r\n":
            data += line
        if self.server.hang_up_after == len(self.server.letters):
            return False
        self.server.letters.append(message_from_bytes(data, policy=policy.default))
        self._say("250 taken")
        return True

    def _say(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")


@contextmanager
def mail_server() -> Iterator[MailServer]:
    with MailServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
