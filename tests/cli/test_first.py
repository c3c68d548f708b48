"""The first unit and its administrator in an empty Hoctap."""

import os
import re
import subprocess
import sys

import pytest

from hoctap.orgs.models import Seat, Unit

FIRST = [
    "--unit=Liên đoàn Lao động quận Gò Vấp",
    "--short=LĐLĐ Gò Vấp",
    "--code=ldld-gv",
    "--kind=federation",
    "--line=union",
    "--username=quantri",
    "--name=Lê Thị Minh Họa",
]


def hoctap(tmp_path, settings, *words: str) -> subprocess.CompletedProcess:
    database = settings.DATABASES["default"]
    host = database["HOST"] or "127.0.0.1"
    secret = f":{database['PASSWORD']}" if database["PASSWORD"] else ""
    query = f"?host={host}" if host.startswith("/") else ""
    server = "" if query else host
    url = f"postgres://{database['USER']}{secret}@{server}:{database['PORT']}/{database['NAME']}{query}"
    command = [sys.executable, "-m", "hoctap.cli.main", *words, f"--data={tmp_path}"]
    return subprocess.run(command, env=os.environ | {"DATABASE_URL": url}, capture_output=True, text=True)


@pytest.mark.django_db(transaction=True)
def test_first_unit_and_a_password_that_opens(tmp_path, settings, client):
    made = hoctap(tmp_path, settings, "first", *FIRST)
    assert made.returncode == 0, made.stderr
    seat = Seat.objects.select_related("unit", "user").get()
    assert (seat.role, seat.unit.name) == ("admin", "Liên đoàn Lao động quận Gò Vấp")
    password = re.search(r"một lần: (\S+)", made.stdout)[1]
    assert seat.user.check_password(password)
    again = hoctap(tmp_path, settings, "first", *FIRST)
    assert again.returncode == 1
    assert "đã có đơn vị" in again.stderr
    assert Unit.objects.count() == 1
