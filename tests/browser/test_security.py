"""What the running app refuses, what it tells browsers, and that hostile names stay text on every page."""

from __future__ import annotations

import io
import re
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator

import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Page, expect
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

from pages.shared.headers import HEADERS
from tests.browser.parts import errors_of, settle
from tests.browser.test_navigation import arrive

pytestmark = pytest.mark.browser

EVIL = "evil.example"
NAMES = (  # each would become something else where it is not escaped
    "<img src=x onerror=window.pwned=1>.jpg",
    f"[press](www.{EVIL}) ![x](www.{EVIL}).jpg",
    "$\\frac{1}{2}$ :material/dangerous: :red[loud] :smile:.jpg",
    f"www.{EVIL}.jpg",
    f"1. me@{EVIL} &copy; `x`.jpg",
    "\u202egpj.exe.jpg",
)
MADE = """evil => {
  const all = root => [...root.querySelectorAll("*")].flatMap(e => [e, ...(e.shadowRoot ? all(e.shadowRoot) : [])]);
  const texts = e => ["href", "src", "action"].map(name => e.getAttribute(name) || "");
  const odd = e => texts(e).some(text => text.includes(evil) || text === "x") || e.hasAttribute("onerror")
    || (e.matches(".katex") && e.textContent.includes("frac")) || ["dangerous", "loud"].includes(e.textContent);
  return [...all(document).filter(odd).map(e => e.outerHTML.slice(0, 200)), ...(window.pwned ? ["pwned"] : [])];
}"""

# but those of Streamlit's own list of files, which shows visitors what they chose
WORDS = """() => {
  const body = document.body.cloneNode(true);
  body.querySelectorAll("[data-testid=stFileUploader]").forEach(e => e.remove());
  return body.textContent;
}"""


def asked(url: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], str]:
    """(status, headers, text) of an answer."""
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(url, b"x" if method == "PUT" else None, names, method=method)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, dict(answer.headers), answer.read().decode("utf-8", "replace")
    except urllib.error.HTTPError as error:
        return error.code, dict(error.headers), error.read().decode("utf-8", "replace")


def test_an_upload_needs_the_token_of_this_site(app_url: str) -> None:
    place = f"{app_url}/_stcore/upload_file/nobody/nothing"
    assert asked(place, "PUT")[0] == 403
    cookie = asked(f"{app_url}/_stcore/health")[1]["set-cookie"].split(";")[0]
    token = cookie.partition("=")[2]
    assert asked(place, "PUT", Cookie=cookie)[0] == 403, "another site's page has the cookie, and cannot read it"
    other = "|".join("0" * len(part) if rank == 2 else part for rank, part in enumerate(token.split("|")))
    assert asked(place, "PUT", Cookie=cookie, X_Xsrftoken=other)[0] == 403
    status, _, why = asked(place, "PUT", Cookie=cookie, X_Xsrftoken=token)
    assert (status, "XSRF" in why) == (400, False), "the token passes; there is no such session"


def test_a_page_of_another_site_gets_no_session(app_url: str) -> None:
    socket = app_url.replace("http", "ws") + "/_stcore/stream"
    with pytest.raises(InvalidStatus) as refused:
        connect(socket, origin=Origin(f"http://{EVIL}"))
    assert refused.value.response.status_code == 403
    with connect(socket, origin=Origin(app_url)):
        pass
    answer = asked(f"{app_url}/_stcore/health", Origin=f"http://{EVIL}")[1]
    assert "access-control-allow-origin" not in {name.lower() for name in answer}


@pytest.mark.parametrize("path", ["/", "/rate", "/_stcore/health", "/static/js/none.js", "/media/none"])
def test_every_answer_has_the_headers(path: str, app_url: str) -> None:
    found = {name.lower(): value for name, value in asked(app_url + path)[1].items()}
    assert {name: found.get(name.lower()) for name in HEADERS} == HEADERS


@pytest.mark.parametrize("path", ["/_stcore/agent/interact", "/_stcore/script-health-check", "/app/static/x"])
def test_what_nobody_needs_is_off(path: str, app_url: str) -> None:
    status, headers, _ = asked(app_url + path)
    assert status >= 400 or headers["content-type"].startswith("text/html"), "the page itself stands for unknown paths"


@pytest.fixture
def watched(page: Page) -> Iterator[Page]:
    """A visitor who asks no other server for anything, and whose browser complains of nothing."""
    gone: list[str] = []
    page.on("request", lambda request: gone.append(request.url) if EVIL in request.url.split("?")[0] else None)
    problems = errors_of(page)
    yield page
    assert gone == []
    assert problems == []


def photo(colour: int) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (96, 64), (colour, 90, 160)).save(written, "JPEG")
    return written.getvalue()


def is_text(page: Page) -> None:
    """Nothing came to be of the names but words."""
    settle(page)
    assert page.evaluate(MADE, EVIL) == []
    shown = page.evaluate(WORDS)
    assert "\u202e" not in shown
    assert "😄" not in shown


def test_hostile_names_stay_text_wherever_photos_go(watched: Page, app_url: str) -> None:
    page = watched
    page.goto(app_url)
    arrive(page, "Crop")
    files: list[FilePayload] = [
        {"name": name, "mimeType": "image/jpeg", "buffer": photo(40 * rank)} for rank, name in enumerate(NAMES)
    ]
    broken: FilePayload = {"name": NAMES[1], "mimeType": "image/jpeg", "buffer": b"no picture"}
    page.locator(".st-key-crop-uploads input[type=file]").set_input_files([*files, broken])
    expect(page.get_by_text("could not be opened:")).to_be_visible(timeout=90_000)
    expect(page.locator(".st-key-crop-strip-bar").get_by_text(f"{len(NAMES) + 1} photos")).to_be_visible(timeout=90_000)
    is_text(page)
    for view in ("Feed", "Take home"):
        page.get_by_role("radio", name=view).or_(page.get_by_role("button", name=view, exact=True)).first.click()
        is_text(page)
    for name in ("Rate", "Your data"):
        page.get_by_role("link", name=name, exact=True).first.click()
        arrive(page, name)
        is_text(page)


def test_a_hostile_zip_and_its_columns_stay_text(watched: Page, app_url: str) -> None:
    page = watched
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for rank, name in enumerate(NAMES):
            archive.writestr(name, photo(40 * rank))
        archive.writestr(f"[x](http://{EVIL}) :material/dangerous:.txt", "left out")
        archive.writestr("fixations.csv", f"<img src=x onerror=window.pwned=1>,[x](http://{EVIL}),www.{EVIL}\n1,2,3\n")
    page.goto(f"{app_url}/your_data")
    arrive(page, "Your data")
    upload: FilePayload = {"name": NAMES[0].replace(".jpg", ".zip"), "mimeType": "", "buffer": packed.getvalue()}
    page.locator(".st-key-your-data-upload-files input[type=file]").set_input_files([upload])
    expect(page.get_by_text("The annotations cannot be used.")).to_be_visible(timeout=60_000)
    page.get_by_text("1 file left out").click()
    expect(page.get_by_text(re.compile("neither a picture"))).to_be_visible()
    is_text(page)


def test_a_crafted_address_makes_no_link(watched: Page, app_url: str) -> None:
    page = watched
    words = f"www.{EVIL}%20http://{EVIL}%20[x](http://{EVIL})%20me@{EVIL}%20:material/dangerous:%20$x$"
    names = ("run", "metric", "method", "reference", "dataset", "format", "faces", "sort", "page", "low", "image")
    page.goto(f"{app_url}/explore?" + "&".join(f"{name}={words}" for name in names))
    expect(page.get_by_text("There is no run")).to_be_visible(timeout=90_000)
    is_text(page)
