"""A browser for tests, and pages in it that are watched: what they ask for, and what goes wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from browser.drawn import Shown, example, shown, spread
from browser.program import QUIET, find, missing

Open = Callable[..., Page]

# Violations of the policy, noted before anything of the page runs.
WATCH = """
window.violations = [];
addEventListener("securitypolicyviolation", (event) => violations.push(event.violatedDirective));
"""


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Chromium, without a window."""
    if wanting := missing():
        pytest.fail(wanting, pytrace=False)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def harbour(tmp_path_factory: pytest.TempPathFactory) -> Shown:
    """The registry that `kg init` makes, with claims on times that are years apart."""
    return spread(shown(example(tmp_path_factory.mktemp("registry"))))


@pytest.fixture
def show(chromium: Browser, tmp_path: Path) -> Iterator[Open]:
    """Open a page as a file; nothing it does may ask for anything, break the policy or fail."""
    opened: list[tuple[Page, list[str]]] = []
    contexts = []

    def open_page(text: str, *, width: int = 1440, height: int = 900, at: str = "", **more: Any) -> Page:
        path = tmp_path / f"page-{len(opened)}.html"
        path.write_text(text, "utf-8")
        context = chromium.new_context(viewport={"width": width, "height": height}, reduced_motion="reduce", **more)
        context.set_default_timeout(5000)
        contexts.append(context)
        page = context.new_page()
        wrong: list[str] = []
        own = (path.as_uri(), "data:", "about:srcdoc")
        page.on("request", lambda request: request.url.startswith(own) or wrong.append(request.url))
        page.on("console", lambda message: wrong.append(message.text))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.add_init_script(WATCH)
        page.goto(path.as_uri() + at)
        opened.append((page, wrong))
        return page

    yield open_page
    told = [(wrong, page.evaluate("window.violations")) for page, wrong in opened]
    for context in contexts:
        context.close()
    assert told == [([], [])] * len(told)
