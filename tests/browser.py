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
from tests.waiting import eventually

WIDE, NARROW = 1280, 360
# ms for whatever a story waits for. Alone nothing takes a second; Chromium lets the drawing of a photo wait up to ten for
# an idle moment, and a test machine at work on everything else has few of them.
PATIENCE = 60_000
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


def _program() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.fixture(scope="session")
def chromium() -> Iterator:
    """One browser for the session; every page gets a profile of its own."""
    path = _program()
    if path is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)("No Chromium on this machine")
    from playwright.sync_api import expect, sync_playwright

    # Playwright keeps an event loop in this thread, where Django would refuse to touch the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


def with_camera(chromium, film: Path):
    """Another browser, whose camera plays the film (YUV4MPEG2) again and again, and which may use it."""
    flags = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
    return chromium.browser_type.launch(
        executable_path=_program(), args=[*FLAGS, *flags, f"--use-file-for-fake-video-capture={film}"]
    )


@pytest.fixture
def browse(chromium, live_server) -> Iterator[Callable]:
    """``browse("/van-ban/", seat=cast.pgd_officer, width=NARROW)`` → a playwright page on that address.

    ``seat``: signed in and acting from it. ``javascript=False`` turns scripts off. ``dark`` asks for dark colours.
    ``camera``: a film that a camera shows.
    At the end the test fails if a page raised an error or broke the content policy.
    """
    contexts, cameras, said = [], [], []

    def open_page(
        path: str = "/",
        *,
        seat=None,
        width: int = WIDE,
        javascript: bool = True,
        dark: bool = False,
        camera: Path | None = None,
    ):
        if camera:
            cameras.append(with_camera(chromium, camera))
        context = (cameras[-1] if camera else chromium).new_context(
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
        page.set_default_timeout(PATIENCE)
        page.goto(path)
        return page

    yield open_page
    for one in contexts + cameras:
        one.close()
    assert [line for line in said if not _EXPECTED_NOISE.search(line)] == []


def session_of(seat) -> str:
    """The key of a fresh session acting from ``seat``."""
    return sign_in(Client(), seat).session.session_key


def axe(page) -> list[str]:
    """What axe finds wrong on the page as it stands: ``["rule (selector): help", …]``."""
    found = _asked(page, f"() => {{ {AXE}; return axe.run(document, {{resultTypes: ['violations']}}); }}")
    return [
        f"{violation['id']} ({', '.join(map(str, node['target']))}): {violation['help']}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


def fits(page) -> bool:
    """Nothing sticks out to the right: the page itself never scrolls sideways."""
    return _asked(page, "() => document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def kept_on_the_phone(page, paths: list[str], files: list[str]) -> None:
    """Waits until the worker keeps these pages, and files that end so: from now on they open without a network."""
    eventually(
        lambda: page.evaluate(
            """async ([paths, files]) => {
              const pages = await Promise.all(paths.map((path) => caches.match(path, {cacheName: "hoctap-pages"})));
              const kept = (await (await caches.open("hoctap-files")).keys()).map((one) => one.url);
              return pages.every(Boolean) && files.every((name) => kept.some((url) => url.endsWith(name)));
            }""",
            [paths, files],
        )
    )


def _asked(page, script: str):
    """What the page says; asked again where a click was just replacing it, and there was nothing to ask."""
    from playwright.sync_api import Error

    for patience in (2, 1, 0):
        page.wait_for_load_state()
        try:
            return page.evaluate(script)
        except Error:
            if not patience:
                raise
            page.wait_for_timeout(100)
