"""What is installed is named to the byte, and nothing says from where: every user has their own index."""

import json
import re

import pytest

from tests.house.rooms import ROOT

PINNED = re.compile(r"^[A-Za-z0-9._-]+(\[[a-z,]+\])?==[^\s;]+( ; [^-]+)?( --hash=sha256:[0-9a-f]{64})+$")
ADDRESS = re.compile(r"\w+://|--(extra-)?index-url|--find-links|--trusted-host|@ ")


def lines(text: str) -> list[str]:
    """Requirements as pip reads them: continued lines joined, notes left out."""
    text = re.sub(r"(^|\s)#.*$", "", text, flags=re.MULTILINE).replace("\\\n", " ")
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


def name_of(line: str) -> str:
    return re.match(r"[A-Za-z0-9._-]+", line)[0].lower().replace("_", "-").replace(".", "-")


@pytest.mark.parametrize("file", ["requirements.txt", "requirements-dev.txt"])
def test_every_requirement_is_pinned_with_its_hashes(file):
    found = lines((ROOT / file).read_text())
    assert len(found) > 15
    assert [line[:60] for line in found if not PINNED.match(line)] == []


def test_no_requirement_file_says_where_it_was_fetched():
    files = [*ROOT.glob("requirements*"), ROOT / "package-lock.json", ROOT / "package.json", ROOT / ".npmrc"]
    assert len(files) == 7
    assert [file.name for file in files if ADDRESS.search(file.read_text())] == []


@pytest.mark.parametrize("wish", ["requirements.in", "requirements-dev.in"])
def test_what_is_wished_for_is_pinned(wish):
    wished = {name_of(line) for line in lines((ROOT / wish).read_text()) if not line.startswith("-r")}
    pinned = {name_of(line) for line in lines((ROOT / wish.replace(".in", ".txt")).read_text())}
    assert wished <= pinned


def test_what_users_run_is_the_same_in_development():
    users = set(lines((ROOT / "requirements.txt").read_text()))
    ours = set(lines((ROOT / "requirements-dev.txt").read_text()))
    assert users <= ours


def test_front_end_packages_are_known_by_their_sums():
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    fetched = {name: entry for name, entry in packages.items() if name}
    assert fetched
    assert [
        name for name, entry in fetched.items() if not entry.get("integrity", "").startswith("sha512-")
    ] == []


@pytest.mark.parametrize(
    "line",
    ["django", "django>=5", "django==5.2.8", "django==5.2.8 --hash=md5:abc", "x @ https://example.org/x.whl"],
)
def test_a_loose_requirement_would_be_noticed(line):
    assert not PINNED.match(line)
