"""What others make of a file: libvips, OpenCV, and Chromium where it is installed. None where they refuse it."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import cv2
import numpy as np
import pyvips
from playwright.sync_api import Page, sync_playwright

from saliency.types import RgbImage
from tests.browser.conftest import CHROMIUM, QUIET

Decoder = Callable[[bytes, str], RgbImage | None]  # bytes and mime type -> the picture over white

_DRAW = """async (address) => {
  const image = new Image();
  image.src = address;
  try { await image.decode(); } catch (error) { return null; }
  const canvas = document.createElement('canvas');
  canvas.width = image.naturalWidth;
  canvas.height = image.naturalHeight;
  const context = canvas.getContext('2d');
  context.fillStyle = 'white';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(image, 0, 0);
  const pixels = context.getImageData(0, 0, canvas.width, canvas.height).data;
  let text = '';
  for (let at = 0; at < pixels.length; at += 8192)
    text += String.fromCharCode.apply(null, pixels.subarray(at, at + 8192));
  return [canvas.width, canvas.height, btoa(text)];
}"""


def libvips(data: bytes, mime: str) -> RgbImage | None:  # noqa: ARG001
    try:
        image = pyvips.Image.new_from_buffer(data, "").autorot()
        if image.get_typeof("icc-profile-data"):
            image = image.icc_transform("srgb")
        image = image.colourspace("srgb")
        if image.hasalpha():
            image = image.flatten(background=255)
        return np.asarray(image.cast("uchar").numpy()[..., :3], dtype=np.uint8)
    except pyvips.Error:
        return None


def opencv(data: bytes, mime: str) -> RgbImage | None:  # noqa: ARG001
    try:
        image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR) if data else None
    except cv2.error:
        return None
    return None if image is None else np.ascontiguousarray(image[..., ::-1], dtype=np.uint8)


def by_chromium(page: Page, data: bytes, mime: str) -> RgbImage | None:
    """The picture as an open page of the browser draws it."""
    drawn = page.evaluate(_DRAW, f"data:{mime};base64,{base64.b64encode(data).decode()}")
    if drawn is None:
        return None
    width, height, text = drawn
    return np.frombuffer(base64.b64decode(text), np.uint8).reshape(height, width, 4)[..., :3]


@contextmanager
def decoders() -> Iterator[dict[str, Decoder]]:
    """All that are installed, by name."""
    found: dict[str, Decoder] = {"libvips": libvips, "OpenCV": opencv}
    if not CHROMIUM.exists():
        yield found
        return
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(QUIET))
        page = browser.new_page()
        yield found | {"Chromium": lambda data, mime: by_chromium(page, data, mime)}
        browser.close()
