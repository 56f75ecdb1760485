"""What the stories of all pages share: visitors, and the pictures of what they see."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, ConsoleMessage, Page, expect

Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
SIZES = {"desktop": (1280, 900), "phone": (390, 844)}  # (width, height) in pixels
SCREENSHOTS = Path(__file__).parent / "screenshots"
WIDTH = "document.querySelector('[data-testid=stMain]').scrollWidth"
HEIGHT = "document.querySelector('[data-testid=stMain]').scrollHeight"
PICTURES = """() => {
  const all = (root) => [...root.querySelectorAll("*")].flatMap((e) => (e.shadowRoot ? all(e.shadowRoot) : [e]));
  return all(document).filter((e) => e.tagName === "IMG").every((image) => image.complete && image.naturalWidth > 0);
}"""


@contextmanager
def visitor(browser: Browser, device: str = "desktop", scheme: Scheme = "light", **options: Any) -> Iterator[Page]:
    """The page of a new visitor, whose browser complains of nothing until it is closed."""
    width, height = SIZES[device]
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme, **options)
    page = context.new_page()
    problems = errors_of(page)
    try:
        yield page
    finally:
        context.close()
    assert problems == [], problems


def errors_of(page: Page) -> list[str]:
    """What the browser complains of from now on; not Streamlit's search for its server below the page's path."""
    problems: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type == "error" and not below_page(message.location["url"]):
            problems.append(f"{message.text} {message.location}")

    page.on("console", listen)
    return problems


def below_page(url: str) -> bool:
    """Whether it asks for the server below a page, as in http://host/rate/_stcore/health."""
    return "/_stcore/" in url.split("://", 1)[-1].split("/", 1)[-1]


def settle(page: Page) -> None:
    """Until nothing runs any more, and every picture has arrived."""
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning", timeout=60_000)
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0, timeout=60_000)
    page.wait_for_function(PICTURES)


def fits(page: Page) -> bool:
    """Whether nothing sticks out to the right."""
    size = page.viewport_size
    assert size is not None
    return bool(page.evaluate(WIDTH) <= size["width"])


def take_screenshots(page: Page, name: str) -> None:
    """The first screen, then the whole page."""
    SCREENSHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}.png")
    size = page.viewport_size
    assert size is not None
    page.set_viewport_size({"width": size["width"], "height": page.evaluate(HEIGHT)})
    page.screenshot(path=SCREENSHOTS / f"{name}-whole.png")
    page.set_viewport_size(size)
