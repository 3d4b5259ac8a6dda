"""Debian's Chromium against the live server, in the language of the city."""

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

# Playwright runs an event loop in the thread of the test, so Django would refuse
# the queries that a test makes itself.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

QUIET_CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    """Return how Chromium starts; skip, in CI fail, where there is none."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("no chromium: apt-get install chromium fonts-noto-cjk")
    return {
        **browser_type_launch_args,
        "executable_path": chromium,
        "args": QUIET_CHROMIUM,
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict) -> dict:
    """Return the context of a reader in Taipei at a desk."""
    return {
        **browser_context_args,
        "locale": "zh-TW",
        "timezone_id": "Asia/Taipei",
        "viewport": {"width": 1440, "height": 900},
    }


@pytest.fixture(scope="session")
def base_url(live_server) -> str:
    """Return the address of the live server, so that tests name paths only."""
    return live_server.url


@pytest.fixture
def page(page: Page) -> Iterator[Page]:
    """Give a page that must not break the content policy or throw by its end."""
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda message: (
            complaints.append(message.text)
            if "Content Security Policy" in message.text
            else None
        ),
    )
    yield page
    assert complaints == []


@pytest.fixture
def axe(page: Page) -> Callable[[], list[str]]:
    """Return a function that names what is inaccessible on the page as it stands.

    One line a node: the rule of axe, its impact, and where it was found. An empty
    list is no proof: axe sees neither the tab order nor what a picture says.
    """

    def violations() -> list[str]:
        page.evaluate(AXE_SCRIPT)
        found = page.evaluate(
            "rules => axe.run({runOnly: {type: 'tag', values: rules}})", RULES
        )
        return [
            f"{violation['id']} ({violation['impact']}): {' '.join(node['target'])}"
            for violation in found["violations"]
            for node in violation["nodes"]
        ]

    return violations
