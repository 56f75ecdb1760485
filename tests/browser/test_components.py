"""The browser components alone: what a visitor does to them, and what Python hears of it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.component_app import SIZE
from tests.browser.conftest import CHROMIUM, ROOT, running_app
from tests.browser.parts import errors_of

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def parts_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of component_app.py on a free port, once it answers."""
    if not CHROMIUM.exists():
        pytest.skip(f"needs {CHROMIUM}: apt-get install chromium")
    with running_app(tmp_path_factory.mktemp("parts") / "ratings.sqlite", "tests/browser/component_app.py") as url:
        yield url


def open_editor(page: Page, url: str) -> Locator:
    """The photo, once its picture is there."""
    page.goto(f"{url}/?part=editor")
    expect(page.get_by_text("chosen 0 times")).to_be_visible()
    photo = page.get_by_role("application")
    expect(photo.get_by_alt_text("Friends in a field")).to_be_visible()
    page.wait_for_function(
        """() => { const root = document.querySelector("[data-testid=stBidiComponentIsolated]").shadowRoot;
        return root.querySelector(".photo").naturalWidth > 0; }"""
    )
    return photo


def wait_for_choice(page: Page, times: int) -> tuple[float, float]:
    """The focal point that Python was told last, once it has been told this often."""
    line = page.get_by_text(re.compile(rf"^chosen {times} times: "))
    expect(line).to_be_visible()
    return ast.literal_eval((line.text_content() or "").split(": ")[1])


def box_in_python(page: Page) -> list[int]:
    text = page.get_by_text(re.compile(r"^box \[")).text_content() or ""
    return ast.literal_eval(text.removeprefix("box "))


def grip_in_pixels(photo: Locator) -> list[float]:
    """[left, top, width, height] of the movable box on screen, in pixels of the photo."""
    inner, outer = photo.locator(".grip").bounding_box(), photo.bounding_box()
    assert inner
    assert outer
    scale = SIZE[0] / outer["width"]
    return [
        (inner["x"] - outer["x"]) * scale,
        (inner["y"] - outer["y"]) * scale,
        inner["width"] * scale,
        inner["height"] * scale,
    ]


def test_a_click_is_the_focal_point(page: Page, parts_url: str) -> None:
    problems = errors_of(page)
    photo = open_editor(page, parts_url)
    outer = photo.bounding_box()
    assert outer
    before = f"box {box_in_python(page)}"
    photo.click(position={"x": outer["width"] * 0.25, "y": outer["height"] * 0.75})
    assert wait_for_choice(page, 1) == pytest.approx((0.25, 0.75), abs=0.005)
    expect(page.get_by_text("returned (0.2")).to_be_visible()
    expect(page.get_by_text(before)).to_have_count(0)  # lines come one by one
    assert grip_in_pixels(photo) == pytest.approx(box_in_python(page), abs=2)
    page.get_by_role("button", name="Run again").click()
    expect(page.get_by_text("returned None")).to_be_visible()
    expect(page.get_by_text("chosen 1 times")).to_be_visible()
    assert problems == []


def test_the_box_is_dragged_along_and_stays_inside(page: Page, parts_url: str) -> None:
    photo = open_editor(page, parts_url)
    before = grip_in_pixels(photo)
    outer = photo.bounding_box()
    assert outer
    x, y = outer["x"] + outer["width"] / 2, outer["y"] + outer["height"] * 0.4
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y + 30, steps=4)
    scale = SIZE[1] / outer["height"]
    assert grip_in_pixels(photo)[1] - before[1] == pytest.approx(30 * scale, abs=2)
    expect(page.get_by_text("chosen 0 times")).to_be_visible()  # not before the release
    page.mouse.up()
    assert wait_for_choice(page, 1)[1] == pytest.approx((before[1] + 30 * scale + before[3] / 2) / SIZE[1], abs=0.003)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 40, y + 2000, steps=4)
    assert grip_in_pixels(photo)[1] + before[3] == pytest.approx(SIZE[1], abs=2)  # before the server knows
    page.mouse.up()
    wait_for_choice(page, 2)
    assert box_in_python(page)[1] == pytest.approx(SIZE[1] - before[3], abs=1)
    assert grip_in_pixels(photo)[1] + before[3] == pytest.approx(SIZE[1], abs=2)


def test_a_drag_outside_the_box_chooses_nothing(page: Page, parts_url: str) -> None:
    photo = open_editor(page, parts_url)
    outer = photo.bounding_box()
    assert outer
    photo.click()
    wait_for_choice(page, 1)
    page.mouse.move(outer["x"] + 50, outer["y"] + 20)
    page.mouse.down()
    page.mouse.move(outer["x"] + 50, outer["y"] + 90, steps=3)
    page.mouse.up()
    page.get_by_role("button", name="Run again").click()
    expect(page.get_by_text("returned None")).to_be_visible()
    expect(page.get_by_text("chosen 1 times")).to_be_visible()


def test_the_keyboard_moves_it_and_escape_resets(page: Page, parts_url: str) -> None:
    photo = open_editor(page, parts_url)
    top = box_in_python(page)[1]
    photo.focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowRight", "Shift+ArrowUp"):
        page.keyboard.press(key)
    x, y = wait_for_choice(page, 1)  # four keys, one report
    assert x == pytest.approx(0.51)
    assert y == pytest.approx((top + 479 / 2) / SIZE[1] - 0.03, abs=1e-6)
    page.keyboard.press("Escape")
    expect(page.get_by_text("chosen 2 times: Reset.RESET")).to_be_visible()
    expect(page.get_by_text("returned Reset.RESET")).to_be_visible()
    assert grip_in_pixels(photo)[1] == pytest.approx(top, abs=2)
    expect(photo.locator(".focal")).to_have_count(0)


def test_the_heatmap_fades_without_the_server_and_is_remembered(page: Page, parts_url: str) -> None:
    photo = open_editor(page, parts_url)
    heat = photo.locator(".heat")
    expect(heat).to_have_css("opacity", "0.55")
    page.get_by_role("slider", name="Heatmap").fill("20")
    expect(heat).to_have_css("opacity", "0.2")
    page.reload()
    expect(heat).to_have_css("opacity", "0.2")
    expect(page.get_by_text("20 %")).to_be_visible()


def test_a_finger_scrolls_past_the_photo_and_drags_the_box(browser: Browser, parts_url: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 600}, has_touch=True, is_mobile=True)
    page = context.new_page()
    photo = open_editor(page, parts_url)
    outer = photo.bounding_box()
    assert outer
    before = grip_in_pixels(photo)
    x, free, held = outer["x"] + 150, outer["y"] + 60, outer["y"] + outer["height"] * 0.4
    swipe(page, (x, held), (x, held + 40))
    wait_for_choice(page, 1)
    assert grip_in_pixels(photo)[1] > before[1] + 50
    assert scrolled(page) == 0
    swipe(page, (x, free), (x, free - 50))
    page.wait_for_function("document.querySelector('[data-testid=stMain]').scrollTop > 20")
    expect(page.get_by_text("chosen 1 times")).to_have_count(1)
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 390
    context.close()


def visible_from(page: Page) -> float:
    """Where the right picture begins, 0..1 of the frame."""
    clip = page.locator(".wipe .right").evaluate("image => getComputedStyle(image).clipPath")
    return float(clip.removesuffix(")").removesuffix("%").split()[-1]) / 100


def test_the_divider_follows_the_pointer_and_the_keyboard(page: Page, parts_url: str) -> None:
    problems = errors_of(page)
    page.goto(f"{parts_url}/?part=wipe")
    frame = page.locator(".wipe .frame")
    expect(frame.get_by_alt_text("Coffee, twice")).to_be_visible()
    expect(frame.get_by_text("Red & blue swapped")).to_be_visible()
    assert visible_from(page) == 0.5
    place = frame.bounding_box()
    assert place
    y = place["y"] + place["height"] / 2
    page.mouse.move(place["x"] + place["width"] / 2, y)
    page.mouse.down()
    page.mouse.move(place["x"] + place["width"] * 0.2, y, steps=3)
    assert visible_from(page) == pytest.approx(0.2, abs=0.01)
    page.mouse.move(place["x"] - 300, y, steps=3)
    assert visible_from(page) == 0
    page.mouse.up()
    page.mouse.move(place["x"] + place["width"] / 2, y)
    assert visible_from(page) == 0
    slider = page.get_by_role("slider", name="Divider between Saliency on the left and Red & blue swapped")
    slider.press("ArrowRight")
    assert visible_from(page) == pytest.approx(0.01)
    assert problems == []


PASTE = """async ({ selector, name, type, bytes }) => {
  const transfer = new DataTransfer();
  transfer.items.add(new File([Uint8Array.from(bytes)], name, { type }));
  const target = selector ? document.querySelector(selector) : document.body;
  const how = { clipboardData: transfer, bubbles: true, cancelable: true, composed: true };
  target.dispatchEvent(new ClipboardEvent("paste", how));
}"""


def paste(page: Page, path: str, kind: str = "image/jpeg", selector: str = "") -> None:
    """Ctrl+V with a file in the clipboard, on the page or in the element that the selector names."""
    data = (ROOT / path).read_bytes()
    page.evaluate(PASTE, {"selector": selector, "name": Path(path).name, "type": kind, "bytes": list(data)})


def open_paste(page: Page, url: str) -> None:
    page.goto(f"{url}/?part=paste")
    expect(page.get_by_text("or paste a picture")).to_be_visible()


def test_a_pasted_picture_is_an_upload(page: Page, parts_url: str) -> None:
    open_paste(page, parts_url)
    paste(page, "samples/chelsea_cat.jpg")
    expect(page.get_by_text("got chelsea_cat.jpg: 451 x 300")).to_be_visible()
    paste(page, "samples/coffee.jpg")
    expect(page.get_by_text("got coffee.jpg")).to_be_visible()
    expect(page.get_by_text("got chelsea_cat.jpg")).to_be_visible()


def test_what_is_no_picture_or_meant_for_a_text_field_is_left_alone(page: Page, parts_url: str) -> None:
    open_paste(page, parts_url)
    paste(page, "samples/credits.csv", "text/csv")
    paste(page, "samples/coffee.jpg", selector="input[type=text]")
    paste(page, "samples/chelsea_cat.jpg")  # what comes later is there, so the others were not taken
    expect(page.get_by_text("got ")).to_have_count(1)
    expect(page.get_by_text("got chelsea_cat.jpg")).to_be_visible()


def test_the_button_reads_the_clipboard_and_says_when_it_may_not(browser: Browser, parts_url: str) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    open_paste(page, parts_url)
    button = page.get_by_role("button", name="Paste", exact=True)
    page.evaluate("navigator.clipboard.writeText('words')")
    button.click()
    expect(page.get_by_text("There is no picture in the clipboard.")).to_be_visible()
    page.evaluate(
        """async () => {
        const canvas = Object.assign(document.createElement("canvas"), { width: 70, height: 50 });
        canvas.getContext("2d").fillRect(0, 0, 10, 10);
        const blob = await new Promise((done) => canvas.toBlob(done, "image/png"));
        await navigator.clipboard.write([new ClipboardItem({ "image/png": blob })]);
        }"""
    )
    button.click()
    expect(page.get_by_text("got pasted.png: 70 x 50")).to_be_visible()
    page.evaluate("() => { navigator.clipboard.read = () => Promise.reject(new DOMException('no')); }")
    button.click()
    expect(page.get_by_text("press Ctrl+V instead")).to_be_visible()
    context.close()


def swipe(page: Page, start: tuple[float, float], stop: tuple[float, float]) -> None:
    """A finger put down, moved and lifted, as the browser itself hears it."""
    session = page.context.new_cdp_session(page)

    def send(kind: str, points: list[tuple[float, float]]) -> None:
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]})

    send("touchStart", [start])
    for step in range(1, 9):
        share = step / 8
        send("touchMove", [(start[0] + (stop[0] - start[0]) * share, start[1] + (stop[1] - start[1]) * share)])
    send("touchEnd", [])


def scrolled(page: Page) -> float:
    return float(page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop"))
