"""GIF."""

from __future__ import annotations

import struct
from functools import partial

import numpy as np
from PIL import Image

from tests.corpus.kind import HEIGHT, ROUGH, SCENE, WIDTH, Kind, encoded

MIME = "image/gif"


def flat(image: np.ndarray) -> Image.Image:
    return Image.fromarray(image).quantize(64)


def answer(image: np.ndarray) -> np.ndarray:
    return np.asarray(flat(image).convert("RGB"))


def on_canvas() -> bytes:
    """A first frame at (20, 10) of a canvas that it does not fill."""
    data = bytearray(encoded(flat(SCENE), "GIF"))
    data[6:10] = struct.pack("<HH", WIDTH + 30, HEIGHT + 20)
    at = data.index(struct.pack("<BHHHH", 0x2C, 0, 0, WIDTH, HEIGHT))
    data[at + 1 : at + 5] = struct.pack("<HH", 20, 10)
    return bytes(data)


def canvas_answer() -> np.ndarray:
    canvas = np.full((HEIGHT + 20, WIDTH + 30, 3), 255, np.uint8)
    canvas[10 : 10 + HEIGHT, 20 : 20 + WIDTH] = answer(SCENE)
    return canvas


def cut(share: float, interlace: bool) -> bytes:
    data = encoded(flat(ROUGH), "GIF", interlace=interlace)
    return data[: int(len(data) * share)]


def animated() -> bytes:
    return encoded(flat(SCENE), "GIF", save_all=True, append_images=[flat(255 - SCENE)], duration=100)


KINDS = [
    Kind("GIF, interlaced", MIME, lambda: encoded(flat(SCENE), "GIF", interlace=True), answer(SCENE), tolerance=0),
    Kind("GIF, animated", MIME, animated, answer(SCENE), tolerance=0),
    Kind("GIF, first frame smaller than its canvas", MIME, on_canvas, canvas_answer(), tolerance=0),
    Kind("GIF, last tenth missing", MIME, partial(cut, 0.9, False), answer(ROUGH), tolerance=0, damaged=True,
         browser=False),
    Kind("GIF, interlaced, last tenth missing", MIME, partial(cut, 0.9, True), answer(ROUGH), tolerance=4,
         damaged=True, browser=False),
    Kind("GIF, half of it", MIME, partial(cut, 0.5, False), refused="damaged or incomplete", browser=False),
]  # fmt: skip
