"""A database for one run of the demo: on DATABASE_URL's server where one is named, else on a server of its own."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from hoctap.kernel.postgres import named_outside, temporary


@contextmanager
def own_database() -> Iterator[str]:
    """The address of an empty database that is gone afterwards."""
    named = named_outside()
    if not named:
        with temporary() as server:
            yield server.url
        return
    name = f"hoctap_demo_{secrets.token_hex(6)}"
    with psycopg.connect(named, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
        try:
            yield urlunsplit(urlsplit(named)._replace(path=f"/{name}"))
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
