"""Driving a real Chromium: ``browse`` opens pages of the live server, ``axe`` reports what readers cannot reach.

Mark such tests ``@pytest.mark.browser``. Without a Chromium they are skipped; with ``CI=true`` they fail.
"""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.test import Client

from tests.pages import sign_in

WIDE, NARROW = 1280, 360
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AXE = (Path(__file__).parent / "vendor/axe.min.js").read_text()
# Said by the browser about answers a story asks for on purpose (401, 404, no network); everything else fails it.
_EXPECTED_NOISE = re.compile(
    "Failed to load resource|Failed to fetch|error occurred when fetching the script"
)


@pytest.fixture(scope="session")
def chromium() -> Iterator:
    """One browser for the session; every page gets a profile of its own."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)("No Chromium on this machine")
    from playwright.sync_api import sync_playwright

    # Playwright keeps an event loop in this thread, where Django would refuse to touch the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def browse(chromium, live_server) -> Iterator[Callable]:
    """``browse("/van-ban/", seat=cast.pgd_officer, width=NARROW)`` → a playwright page on that address.

    ``seat``: signed in and acting from it. ``javascript=False`` turns scripts off. ``dark`` asks for dark colours.
    At the end the test fails if a page raised an error or broke the content policy.
    """
    contexts, said = [], []

    def open_page(
        path: str = "/", *, seat=None, width: int = WIDE, javascript: bool = True, dark: bool = False
    ):
        context = chromium.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": 900},
            java_script_enabled=javascript,
            color_scheme="dark" if dark else "light",
            locale="en-US",  # as many officers' browsers are sold; Hoctap speaks Vietnamese all the same
        )
        contexts.append(context)
        if seat:
            context.add_cookies(
                [{"name": "sessionid", "value": session_of(seat), "url": live_server.url, "httpOnly": True}]
            )
        page = context.new_page()
        page.on("console", lambda m: m.type == "error" and said.append(f"{page.url}: {m.text}"))
        page.on("pageerror", lambda error: said.append(f"{page.url}: {error}"))
        page.set_default_timeout(10_000)
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert [line for line in said if not _EXPECTED_NOISE.search(line)] == []


def session_of(seat) -> str:
    """The key of a fresh session acting from ``seat``."""
    return sign_in(Client(), seat).session.session_key


def axe(page) -> list[str]:
    """What axe finds wrong on the page as it stands: ``["rule (selector): help", …]``."""
    page.evaluate(AXE)
    found = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{violation['id']} ({', '.join(map(str, node['target']))}): {violation['help']}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


def fits(page) -> bool:
    """Nothing sticks out to the right: the page itself never scrolls sideways."""
    # A locator waits for the page that a click has just asked for; a bare evaluate may meet an empty document.
    return page.locator("html").evaluate("html => html.scrollWidth <= html.clientWidth")
