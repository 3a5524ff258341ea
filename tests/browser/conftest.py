"""A real browser on a live server. Any console error, script error or CSP message fails the test."""

import os
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from datetime import datetime
from typing import Any, Protocol

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from communities.accounts.models import User
from homeservice.kernel import clock
from tests import world
from tests.browser.chromium import FLAGS, path_of_chromium
from tests.browser.looking import PHONE

SetClock = Callable[[datetime], None]


class PageOf(Protocol):
    def __call__(
        self,
        person: User | None = None,
        *,
        second_factor: bool = False,
        mode: str = "standard",
        language: str = "zh-hans",
        viewport: dict[str, int] = PHONE,
        allowed: tuple[str, ...] = (),
        javascript: bool = True,
    ) -> Page: ...


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the whole run; without one the tests are skipped and say so."""
    path = path_of_chromium()
    if path is None:
        pytest.skip("no Chromium found: install Debian's `chromium` or name one in CHROMIUM_PATH")
    # Playwright's loop runs in this thread, which Django would take for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield running
        running.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def page_of(live_server: Any, browser: Browser, sign_in: Callable[..., Client]) -> Iterator[PageOf]:
    """`page_of(alice)`: a page of Alice's browser, relative addresses allowed. `allowed` names parts of
    console messages that belong to the test (such as "404")."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def opened(
        person: User | None = None,
        *,
        second_factor: bool = False,
        mode: str = "standard",
        language: str = "zh-hans",
        viewport: dict[str, int] = PHONE,
        allowed: tuple[str, ...] = (),
        javascript: bool = True,
    ) -> Page:
        context = browser.new_context(
            base_url=live_server.url, viewport=viewport, java_script_enabled=javascript, timezone_id="Asia/Shanghai"
        )
        contexts.append(context)
        cookies = {"mode": mode, settings.LANGUAGE_COOKIE_NAME: language}
        if person is not None:
            client = sign_in(person, second_factor=second_factor)
            cookies[settings.SESSION_COOKIE_NAME] = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": name, "value": value, "url": live_server.url} for name, value in cookies.items()])
        page = context.new_page()
        page.on("console", lambda message: _note(faults, message, allowed))
        page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
        return page

    yield opened
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture
def set_clock(monkeypatch: pytest.MonkeyPatch) -> SetClock:
    """Sets the clock of the whole process, the server's threads included."""

    def set_to(at: datetime) -> None:
        monkeypatch.setattr(clock, "_frozen_at", ContextVar("frozen_everywhere", default=at))

    set_to(world.NOW)
    return set_to


def _note(faults: list[str], message: ConsoleMessage, allowed: tuple[str, ...]) -> None:
    told = message.type == "error" or "Content Security Policy" in message.text
    if told and not any(part in message.text for part in allowed):
        faults.append(f"{message.location.get('url')}: {message.text}")
