"""A request's body is whole or it is nothing.

When a connection is lost half way, the server hands on what had come, and Django takes the part for the whole: a
report without its last lines, a truncated scan. Here the reading fails instead, and nothing is done.
"""

from collections.abc import Callable, Iterable


class WholeBodies:
    """WSGI: reading a body that ends before its declared length is an OSError (UnreadablePostError in views)."""

    def __init__(self, application: Callable):
        self.application = application

    def __call__(self, environ: dict, start_response: Callable) -> Iterable[bytes]:
        length = environ.get("CONTENT_LENGTH") or ""
        if length.isdecimal() and int(length):
            environ["wsgi.input"] = _Whole(environ["wsgi.input"], int(length))
        return self.application(environ, start_response)


class _Whole:
    def __init__(self, body, length: int):
        self.body, self.left = body, length

    def read(self, size: int = -1) -> bytes:
        wanted = self.left if size is None or size < 0 else min(size, self.left)
        parts = []
        while wanted:
            part = self.body.read(wanted)
            if not part:
                raise OSError("the connection was lost before the whole request had come")
            parts.append(part)
            wanted -= len(part)
            self.left -= len(part)
        return b"".join(parts)

    def readline(self, size: int = -1) -> bytes:
        line = self.body.readline(self.left if size is None or size < 0 else min(size, self.left))
        self.left -= len(line)
        return line
