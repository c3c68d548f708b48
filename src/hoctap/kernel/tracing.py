"""For whoever looks for what went wrong: the request being answered, and where an error came up."""

import traceback
from contextvars import ContextVar

# In the journal, in the logs, and in the answer's X-Request-Id.
request_id: ContextVar[str] = ContextVar("hoctap_request_id", default="")


def where(error: Exception) -> str:
    """An error's kind and line without its own words: they may quote names and figures."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} at {last.filename}:{last.lineno}"
