"""pg_dump and pg_restore for a given server, and its address given to them without showing the password."""

import os

import psycopg
from psycopg.pq import Conninfo

from hoctap.kernel.postgres.binaries import for_server


def client(program: str, url: str) -> str:
    """The program of the server's own release, or of the next later one."""
    with psycopg.connect(url) as connection:
        return for_server(connection.info.server_version // 10000).program(program)


def libpq_environment(url: str) -> dict[str, str]:
    """The address as PGHOST, PGPASSWORD …: arguments could be read by every account of the machine."""
    given = {
        option.envvar.decode(): option.val.decode()
        for option in Conninfo.parse(url.encode())
        if option.val is not None and option.envvar
    }
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")} | given
