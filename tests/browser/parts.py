"""What the stories of all pages share."""

from __future__ import annotations

from playwright.sync_api import ConsoleMessage, Page


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
