"""A real Chromium against a live server, on this machine only."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer
from pytest_socket import enable_socket, socket_allow_hosts

from jianguan.config.demonstration.loading import World

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
WIDE = (1440, 900)
OpenPage = Callable[..., Page]


def _open_loopback() -> None:
    enable_socket()
    socket_allow_hosts(["127.0.0.1", "localhost", "::1"])


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the run.

    The synchronous playwright keeps an event loop in this thread, where Django would refuse to use the database. That
    loop never runs code of ours, so Django is told not to mind for as long as the browser lives.
    """
    _open_loopback()
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield chromium
        chromium.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session")
def _server(django_db_setup: None) -> Iterator[LiveServer]:
    _open_loopback()
    server = LiveServer("127.0.0.1")
    yield server
    server.stop()


@pytest.fixture
def site(_server: LiveServer, committed_world: World) -> str:
    """Address of a live server with the world of the demonstration; what a test writes there stays."""
    _open_loopback()  # the outer conftest closes it before each test
    return str(_server)


@pytest.fixture
def complaints() -> list[str]:
    """What the pages of a test reported to the console: breaches of the content security policy, errors of scripts."""
    return []


@pytest.fixture
def open_page(browser: Browser, site: str, complaints: list[str]) -> Iterator[OpenPage]:
    """Opens pages: `open_page("/design/", (390, 844), theme="dark", language="en", script=False)`.

    A test fails if any of its pages complained.
    """
    contexts = []

    def listen(message: ConsoleMessage) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            complaints.append(message.text)

    def open_(path: str, viewport: tuple[int, int] = WIDE, *, script: bool = True, **cookies: str) -> Page:
        context = browser.new_context(
            base_url=site, locale="zh-CN", java_script_enabled=script,
            viewport={"width": viewport[0], "height": viewport[1]},
        )  # fmt: skip
        contexts.append(context)
        if language := cookies.pop("language", None):
            cookies["django_language"] = language
        context.add_cookies([{"name": name, "value": value, "url": site} for name, value in cookies.items()])
        page = context.new_page()
        page.on("console", listen)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(path)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture(scope="session")
def axe() -> Callable[[Page], None]:
    """Asserts that a page breaks no rule of axe; each violation is shown with its elements."""
    rules = Axe()

    def check(page: Page) -> None:
        violations = rules.run(page).response["violations"]
        assert [(v["id"], v["help"], [node["html"][:160] for node in v["nodes"]]) for v in violations] == []

    return check
