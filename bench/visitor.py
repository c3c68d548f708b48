"""A person at a browser, over real HTTP: cookies, form tokens, one connection kept open. No JavaScript."""

import http.client
import re
from dataclasses import dataclass
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

PATIENCE = 20.0  # seconds a person waits for an answer
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


class Lost(Exception):
    """No answer came, or the server excused itself: nobody knows whether it was done."""


@dataclass(frozen=True)
class Answer:
    status: int
    location: str
    text: str

    @property
    def hidden(self) -> dict[str, str]:
        """The hidden fields of the page; where several forms name one, the first."""
        return dict(reversed(_HIDDEN.findall(self.text)))


class Visitor:
    def __init__(self, address: str):
        self.host = urlsplit(address).netloc
        self.origin = address
        self.cookies: dict[str, str] = {}
        self._line: http.client.HTTPConnection | None = None

    def twin(self) -> "Visitor":
        """The same browser on a second connection."""
        other = Visitor(self.origin)
        other.cookies = self.cookies
        return other

    def get(self, path: str) -> Answer:
        """As browsers do, asked again when the connection kept open turns out to be closed."""
        reused = self._line is not None
        try:
            return self._ask("GET", path)
        except Lost:
            if not reused:
                raise
            self.close()
            return self._ask("GET", path)

    def post(self, path: str, fields: dict[str, str]) -> Answer:
        return self._ask("POST", path, fields)

    def post_and_leave(self, path: str, fields: dict[str, str]) -> None:
        """Send a form and close the connection without waiting for the answer."""
        self._send("POST", path, fields)
        self.close()

    def sign_in(self, username: str, password: str) -> None:
        self.cookies.clear()
        self.get("/dang-nhap/")
        answer = self.post("/dang-nhap/", {"login": username, "password": password})
        if answer.status != 302 or "sessionid" not in self.cookies:
            raise AssertionError(f"{username} is not let in: {answer.status} {answer.text[-2000:]}")

    def close(self) -> None:
        if self._line:
            self._line.close()
            self._line = None

    def _ask(self, method: str, path: str, fields: dict[str, str] | None = None) -> Answer:
        line = self._send(method, path, fields)
        try:
            answer = line.getresponse()
            text = answer.read().decode(errors="replace")
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise Lost(f"{method} {path}: {error!r}") from None
        for header in answer.headers.get_all("Set-Cookie", []):
            for name, morsel in SimpleCookie(header).items():
                self.cookies[name] = morsel.value
        if answer.status >= 500:
            raise Lost(f"{method} {path}: {answer.status}")
        return Answer(answer.status, answer.headers.get("Location", ""), text)

    def _send(self, method: str, path: str, fields: dict[str, str] | None) -> http.client.HTTPConnection:
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items()), "Origin": self.origin}
        body = None
        if fields is not None:  # Django takes the cookie's own value back as the form's token
            body = urlencode({"csrfmiddlewaretoken": self.cookies.get("csrftoken", ""), **fields})
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        if self._line is None:
            self._line = http.client.HTTPConnection(self.host, timeout=PATIENCE)
        try:
            self._line.request(method, path, body, headers)
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise Lost(f"{method} {path}: {error!r}") from None
        return self._line
