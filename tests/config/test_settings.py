"""Settings that refuse to be careless, and logs that keep quiet about people."""

import json
import logging
import os
import subprocess
import sys

import pytest

GOOD = {
    "HOCTAP_ENV": "production",
    "HOCTAP_SECRET_KEY": "k" * 50,
    "HOCTAP_HOSTS": "hoctap.example.vn",
    "DATABASE_URL": "postgres://u:p@db.example/hoctap",
}


SECURE = "[s.DEBUG, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_HSTS_SECONDS > 0]"


def load(said: str = SECURE, **environment: str) -> subprocess.CompletedProcess:
    """Import the settings (``s``) in a process of their own, which says something of them as JSON."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(("HOCTAP_", "DATABASE_", "DJANGO_"))}
    code = f"import hoctap.config.settings as s, json; print(json.dumps({said}))"
    return subprocess.run([sys.executable, "-c", code], env=env | environment, capture_output=True, text=True)


@pytest.mark.parametrize(
    ("environment", "seconds"),
    [
        ({}, "15"),
        ({"HOCTAP_STATEMENT_TIMEOUT": "40"}, "40"),
        ({"DATABASE_SESSION_URL": "postgres://u:p@db.example/hoctap"}, "0"),  # the pool in between says it
    ],
)
def test_how_long_a_request_may_keep_the_database(environment, seconds):
    assert load("s.STATEMENT_TIMEOUT", **GOOD, **environment).stdout.strip() == seconds


def test_who_waits_for_a_connection_waits_longer_where_statements_may_take_longer():
    what = "[d['OPTIONS']['pool']['timeout'] for d in s.DATABASES.values()]"
    serving = {"HOCTAP_THREADS": "4", "DATABASE_REPLICA_URLS": "postgres://u:p@copy.example/hoctap"}
    found = [said(what, **serving, HOCTAP_STATEMENT_TIMEOUT=seconds) for seconds in ("15", "90", "1", "0")]
    assert found == [[5, 2], [30, 2], [1, 2], [5, 2]]


def test_production_starts_with_its_own_secret_and_secure_cookies():
    loaded = load(**GOOD)
    assert json.loads(loaded.stdout) == [False, True, True, True], loaded.stderr


@pytest.mark.parametrize(
    "careless",
    [
        {"HOCTAP_SECRET_KEY": ""},
        {"HOCTAP_SECRET_KEY": "short"},
        {"HOCTAP_SECRET_KEY": "insecure-key-for-tests-and-development-only"},
        {"HOCTAP_DEBUG": "1"},
        {"HOCTAP_HOSTS": "*"},
    ],
)
def test_production_refuses_defaults(careless):
    loaded = load(**GOOD | careless)
    assert loaded.returncode != 0
    assert "Production needs" in loaded.stderr


def said(what: str, **environment: str):
    loaded = load(what, **GOOD | environment)
    assert loaded.returncode == 0, loaded.stderr
    return json.loads(loaded.stdout)


def test_one_machine_has_one_database_and_a_folder_of_files():
    what = "[list(s.DATABASES), s.REPLICAS, s.DATABASE_ROUTERS, s.STORAGES['default']['BACKEND']]"
    assert said(what) == [["default"], [], [], "hoctap.kernel.files.Folder"]


def test_behind_a_pooler_of_transactions_nothing_is_left_on_a_connection():
    what = "[[d['OPTIONS'].get(n) for n in ('prepare_threshold', 'options')] for d in s.DATABASES.values()]"
    replica = {"DATABASE_REPLICA_URLS": "postgres://u:p@copy.example/hoctap"}
    generic = "-c plan_cache_mode=force_generic_plan"
    copy = [1, f"{generic} -c statement_timeout=15s"]
    assert said(what, **replica) == [[1, generic], copy]
    pooled = {"DATABASE_SESSION_URL": "postgres://u:p@db.example/hoctap"}
    assert said(what, **replica | pooled) == [[None, ""], copy]  # a copy is reached directly


def test_copies_to_read_from_are_told_apart_by_spaces():
    what = "[[n, d['HOST'], d['PORT'], d['OPTIONS']['connect_timeout']] for n, d in s.DATABASES.items() if n in s.REPLICAS]"
    urls = "postgres://u:p@one.example/hoctap  postgres://u:p@two.example:6432/hoctap?connect_timeout=9"
    assert said(what, DATABASE_REPLICA_URLS=urls) == [
        ["replica-1", "one.example", "", "2"],
        ["replica-2", "two.example", "6432", "9"],
    ]


def test_files_go_to_a_bucket_when_one_is_named():
    what = "[s.STORAGES['default']['BACKEND'], s.STORAGES['default']['OPTIONS']]"
    named = {"HOCTAP_S3_BUCKET": "hoctap", "HOCTAP_S3_ENDPOINT": "http://10.0.0.31:9000"}
    backend, options = said(what, **named)
    assert backend == "storages.backends.s3.S3Storage"
    assert (options["bucket_name"], options["endpoint_url"]) == ("hoctap", "http://10.0.0.31:9000")


def test_log_lines_name_the_route_not_what_people_typed(client, db, caplog, monkeypatch):
    monkeypatch.setattr(logging.getLogger("hoctap"), "level", logging.INFO)
    with caplog.at_level(logging.INFO, logger="hoctap.requests"):
        answer = client.get("/dot-bao-cao/?tim=Nguyễn+Văn+A")
    (line,) = [r for r in caplog.records if r.name == "hoctap.requests"]
    assert (line.route, line.status, line.method) == ("rounds", 302, "GET")
    assert "Nguyễn" not in str(vars(line))
    assert len(answer["X-Request-Id"]) == 32


def written(**record) -> dict:
    """One log line as it would be written."""
    from hoctap.config.logs import logging_settings

    formatter = logging_settings("INFO")["formatters"]["json"]
    made = formatter["()"](**{k: v for k, v in formatter.items() if k != "()"})
    return json.loads(
        made.format(logging.makeLogRecord({"name": "hoctap.x", "levelno": 20, "levelname": "INFO", **record}))
    )


def test_log_lines_are_json_with_the_request_id():
    from hoctap.kernel.tracing import request_id

    token = request_id.set("a" * 32)
    try:
        said = written(msg="việc")
    finally:
        request_id.reset(token)
    assert (said["event"], said["request_id"], said["level"]) == ("việc", "a" * 32, "info")


def test_what_the_database_quotes_is_not_logged(db):
    """A refused row comes back in the error's words, name and all; where it went wrong is enough."""
    from django.db import IntegrityError, transaction

    from hoctap.people.models import User

    name = " ".join(["Nguyễn", "Văn", "Kín"])
    with pytest.raises(IntegrityError) as failed, transaction.atomic():
        User.objects.bulk_create([User(username="a", full_name=name, is_active=None)])
    assert name in str(failed.value)
    exc_info = (failed.type, failed.value, failed.tb)
    line = written(msg="lỗi", exc_info=exc_info, request=f"<WSGIRequest: GET '/?tim={name}'>")
    assert name not in json.dumps(line, ensure_ascii=False)
    assert "IntegrityError" in line["exception"] and "test_settings.py" in line["exception"]


def test_a_lost_database_is_logged_in_its_own_words():
    from django.db import OperationalError

    error = OperationalError("connection refused")
    assert "connection refused" in written(msg="lỗi", exc_info=(type(error), error, None))["exception"]
