"""The pages of the project's own registry, in a browser."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from browser.conftest import Open
from kg import registry
from kg.registry import Registry

ROOT = Path(__file__).parents[2]
SIZES = {"desktop": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844, "has_touch": True}}


@pytest.fixture(scope="module")
def html(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The page of a projection, made once."""
    folder = tmp_path_factory.mktemp("five-reports")
    shutil.copytree(ROOT / "data", folder / "data")
    built: Registry = registry.build(folder)

    @cache
    def make(name: str) -> str:
        return built.projection(name).html()

    return make


def test_the_list_of_357_shows_both_dates_with_their_quotes(show: Open, html: Any) -> None:
    """Choosing the list by search tells first that sources date it twice, each date with the words that say it."""
    page = show(html("all"))
    page.keyboard.press("/")
    page.keyboard.type("february 2025")
    page.keyboard.press("Enter")
    panel = page.get_by_role("complementary")
    expect(panel.get_by_role("heading", level=2)).to_have_text("List of February 2025")
    first, second = panel.locator(".dispute .side").all()
    expect(first).to_contain_text("2024-12-12")
    expect(first).to_contain_text("As of December 12, 2024")
    expect(second).to_contain_text("2025-02-12")
    expect(second).to_contain_text("in its February 12, 2025 list")


def test_a_sum_shows_its_equation(show: Open, html: Any) -> None:
    """The list of June 2024 shows the sum that does not come out, with the claims behind its numbers."""
    page = show(html("lists"), at="#list/ufppa-2024-06")
    expect(page.locator(".equation")).to_have_text("288 + 16 = 304 ≠ 303")


@pytest.mark.parametrize("name", ["all", "actors", "cases", "lists", "sources"])
def test_the_buttons_hide_no_name_as_the_page_opens(show: Open, html: Any, name: str) -> None:
    """Zooming has its buttons in a corner of the picture where there is neither a name nor a mark."""
    page = show(html(name))
    buttons = page.get_by_role("group", name="Zoom").bounding_box()
    assert buttons is not None
    for shown in page.locator(".stage .label, .stage [data-node]").all():
        box = shown.bounding_box()
        assert box is not None
        apart = [
            box[at] + box[size] <= buttons[at] or buttons[at] + buttons[size] <= box[at]
            for at, size in (("x", "width"), ("y", "height"))
        ]
        assert any(apart), shown.text_content()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("name", "at"), [("all", ""), ("lists", "#list/ufppa-2025-02"), ("actors", "")])
def test_axe_finds_nothing_on_real_pages(show: Open, html: Any, name: str, at: str, scheme: str, size: str) -> None:
    """By day and by night, on a desk and on a phone, axe finds no violation, and nothing is wider than the screen."""
    page = show(html(name), at=at, color_scheme=scheme, **SIZES[size])
    found = Axe().run(page).response["violations"]
    assert [(each["id"], [node["target"] for node in each["nodes"]]) for each in found] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
