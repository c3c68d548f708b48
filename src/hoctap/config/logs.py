"""Structured logs: one JSON object a line with a request id; no figures, no names, no addresses of persons."""

import traceback

import psycopg
import structlog
from django import db

from hoctap.kernel.tracing import request_id


def _add_request_id(logger, method: str, event: dict) -> dict:
    if said := request_id.get():
        event.setdefault("request_id", said)
    return event


def _without_request(logger, method: str, event: dict) -> dict:
    """Django adds the request itself, whose address may hold what somebody searched for."""
    event.pop("request", None)
    return event


def _traced(exc_info) -> str:
    """Where it went wrong, and in the end the error's words: but not those with which the database quotes rows."""
    error, told = exc_info[1], []
    while error:
        quotes = isinstance(error, db.Error | psycopg.Error) and not isinstance(error, _ON_THE_WAY)
        words = "" if quotes else f": {error}"
        told.append("".join(traceback.format_tb(error.__traceback__)) + type(error).__qualname__ + words)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\nbecause of\n".join(told)


# Lost connections and the like, whose words hold no row.
_ON_THE_WAY = (db.OperationalError, db.InterfaceError, psycopg.OperationalError, psycopg.InterfaceError)

SHARED = [
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.ExtraAdder(),
    _without_request,
    _add_request_id,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def logging_settings(level: str) -> dict:
    """Django's LOGGING: everything to standard error, as JSON lines."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": SHARED,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.ExceptionRenderer(_traced),
                    structlog.processors.JSONRenderer(ensure_ascii=False),
                ],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {"hoctap": {"level": level}, "django.request": {"level": "ERROR"}},
    }
