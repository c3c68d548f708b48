"""Whether database and static files belong to this build, found out without loading Django."""

import hashlib
from importlib.metadata import version
from pathlib import Path

import psycopg

import hoctap
from hoctap.kernel.folder import DataFolder

PACKAGE = Path(hoctap.__file__).parent
STATIC_MARK = "static.json"
_MIGRATING = ("Django", "django-allauth", "procrastinate")


def schema_mark() -> str:
    """Changes whenever there may be something to migrate."""
    names = sorted(str(path.relative_to(PACKAGE)) for path in PACKAGE.glob("*/migrations/[0-9]*.py"))
    return _digest([*names, *(version(name) for name in _MIGRATING)])


def static_mark() -> str:
    """Changes whenever a static file may have changed."""
    files = sorted(path for path in PACKAGE.glob("*/static/**/*") if path.is_file())
    stamps = [
        f"{path.relative_to(PACKAGE)} {path.stat().st_size} {path.stat().st_mtime_ns}" for path in files
    ]
    return _digest([*stamps, str(PACKAGE), *(version(name) for name in _MIGRATING)])


def is_current(folder: DataFolder, url: str) -> bool:
    if folder.saved(STATIC_MARK).get("mark") != static_mark():
        return False
    with psycopg.connect(url, autocommit=True) as connection:
        return _kept(connection) == _state(connection)


def keep(folder: DataFolder, url: str) -> None:
    """Note on the migrations' own table that all is done, so that a dump carries the note with its tables."""
    folder.save(STATIC_MARK, {"mark": static_mark()})
    with psycopg.connect(url, autocommit=True) as connection:
        note = psycopg.sql.Literal(_state(connection))
        connection.execute(psycopg.sql.SQL("COMMENT ON TABLE django_migrations IS {}").format(note))


def _kept(connection: psycopg.Connection) -> str | None:
    found = connection.execute("SELECT obj_description(to_regclass('django_migrations'), 'pg_class')")
    return found.fetchone()[0]


def _state(connection: psycopg.Connection) -> str:
    """This build, the migrations applied, and the server: a database copied from another is looked at anew."""
    return f"{schema_mark()} {_applied(connection)} {_server(connection)}"


def _server(connection: psycopg.Connection) -> str:
    try:
        return str(connection.execute("SELECT system_identifier FROM pg_control_system()").fetchone()[0])
    except psycopg.errors.InsufficientPrivilege:  # some hosted servers keep it to themselves
        return "?"


def _applied(connection: psycopg.Connection) -> str | None:
    """A digest of the migrations applied; None while their table does not exist."""
    if not connection.execute("SELECT to_regclass('django_migrations')").fetchone()[0]:
        return None
    query = "SELECT md5(string_agg(app || name, ',' ORDER BY app, name)) FROM django_migrations"
    return connection.execute(query).fetchone()[0]


def _digest(parts: list[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
