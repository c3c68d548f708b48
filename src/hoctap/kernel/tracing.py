"""The id of the request being answered; in the journal, in the logs, and in the answer's X-Request-Id."""

from contextvars import ContextVar

request_id: ContextVar[str] = ContextVar("hoctap_request_id", default="")
