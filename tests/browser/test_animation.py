"""Animations as Chromium shows them: every frame, its time, and how often, of what comes in and of what is written."""

from __future__ import annotations

import base64
from typing import NamedTuple

import numpy as np
import pytest
from playwright.sync_api import Page

from saliency.animate import encode_animation
from saliency.animation import Animation, open_animation
from saliency.types import Box, RgbImage
from tests.corpus.moving import FILMS, Film, shown

pytestmark = pytest.mark.browser
_DRAW = """async ([mime, text]) => {
  const data = Uint8Array.from(atob(text), letter => letter.charCodeAt(0));
  const decoder = new ImageDecoder({data, type: mime, preferAnimation: true});
  await decoder.completed;
  await decoder.tracks.ready;
  const track = decoder.tracks.selectedTrack;
  const found = {plays: track.repetitionCount, times: [], frames: []};
  for (let index = 0; index < track.frameCount; index++) {
    const {image} = await decoder.decode({frameIndex: index});
    const canvas = new OffscreenCanvas(image.displayWidth, image.displayHeight);
    const context = canvas.getContext('2d');
    context.fillStyle = 'white';
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(image, 0, 0);
    const pixels = context.getImageData(0, 0, canvas.width, canvas.height).data;
    found.times.push(image.duration / 1000);
    found.frames.push([canvas.width, canvas.height, btoa(String.fromCharCode(...pixels))]);
    image.close();
  }
  return found;
}"""


class Shown(NamedTuple):
    """plays: 0 for ever. frames: over white."""

    plays: int
    milliseconds: list[float]
    frames: list[RgbImage]


def by_chromium(page: Page, url: str, data: bytes, mime: str) -> Shown:
    page.goto(f"{url}/_stcore/health")  # decoders are for pages of a server
    found = page.evaluate(_DRAW, [mime, base64.b64encode(data).decode()])
    frames = [
        np.frombuffer(base64.b64decode(text), np.uint8).reshape(height, width, 4)[..., :3]
        for width, height, text in found["frames"]
    ]
    again = found["plays"]
    return Shown(0 if again in (None, float("inf")) else again + 1, found["times"], frames)


def opened(data: bytes) -> Animation:
    animation = open_animation(data)
    assert isinstance(animation, Animation)
    return animation


@pytest.mark.parametrize("written", [False, True], ids=["as it came", "cropped"])
@pytest.mark.parametrize("film", FILMS, ids=lambda film: film.name)
def test_it_is_seen_as_chromium_shows_it(page: Page, app_url: str, film: Film, written: bool) -> None:
    data = film.make()
    kind = {"image/gif": "GIF", "image/png": "PNG", "image/webp": "WebP", "image/avif": "AVIF"}[film.mime]
    if written:
        data = encode_animation(opened(data), lambda frame: frame.part(Box(2, 1, 18, 14)), kind)
    animation, drawn = opened(data), by_chromium(page, app_url, data, film.mime)
    assert drawn.milliseconds == pytest.approx(animation.milliseconds, abs=1)
    assert drawn.plays == animation.plays == film.plays
    tolerance = max(film.tolerance, 0.5) if film.mime != "image/avif" else 12  # it stretches the opacity of these
    for frame, seen in zip(animation.frames(), drawn.frames, strict=True):
        assert np.abs(frame.over("white").astype(float) - seen).mean() <= tolerance
    assert len(drawn.frames) == len(shown(film.parts)) or written
