"""However a file stores its pixels, opening it takes at most 8 bytes for each; so does writing an animation."""

from __future__ import annotations

import subprocess
import sys
import zlib
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from saliency.animate import MOVING
from tests.corpus.bmps import masked_file
from tests.corpus.kind import encoded, exif
from tests.corpus.pngs import gamma, png
from tests.corpus.tiffs import tiff

ROOT = Path(__file__).parents[2]
CLEAR = Path("/proc/self/clear_refs")
SIDE = 3000  # 9 MP: what Python itself takes is little beside it
BYTES_A_PIXEL, SLACK = 8, 24e6  # slack: the file itself, a strip, what the allocator keeps
MEASURE = """
import re, sys
from pathlib import Path
from saliency.image import open_image
def peak(): return 1024 * int(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1])
small, large = sys.argv[1:]
open_image(small)  # what is loaded and prepared once
Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
before = peak()
image = open_image(large)
print(peak() - before, image.shape[0] * image.shape[1])
"""


def ramp(side: int, dtype: type = np.uint8) -> np.ndarray:
    top = 1.0 if dtype is np.float32 else np.iinfo(dtype).max
    return np.tile(np.linspace(0, top, side).astype(dtype), (side, 1))


def grey_tiff(side: int, dtype: type, form: int) -> bytes:
    values = ramp(side, dtype)
    tags = {258: (8 * values.itemsize,), 259: (8,), 262: (1,), 277: (1,), 339: (form,)}
    return tiff([zlib.compress(values.tobytes(), 1)], tags, (side, side))


def planar_tiff(side: int) -> bytes:
    plane = zlib.compress(ramp(side, np.uint16).tobytes(), 1)
    tags = {258: (16,) * 3, 259: (8,), 262: (2,), 277: (3,), 284: (2,)}
    return tiff([plane] * 3, tags, (side, side))


def channels(side: int, count: int) -> np.ndarray:
    return np.dstack([ramp(side)] * count)


FILES: dict[str, Callable[[int], bytes]] = {
    "TIFF of fractions": partial(grey_tiff, dtype=np.float32, form=3),
    "TIFF of 32-bit numbers": partial(grey_tiff, dtype=np.uint32, form=1),
    "TIFF of 16 bits, channels one after the other": planar_tiff,
    "PNG, grey of 16 bits": lambda side: png(ramp(side, np.uint16), colour=0, depth=16),
    "PNG, grey and opacity": lambda side: png(channels(side, 2), colour=4),
    "PNG, RGB and opacity": lambda side: png(channels(side, 4), colour=6),
    "PNG, RGB with gamma": lambda side: png(channels(side, 3), gamma(1.0)),
    "JPEG": lambda side: encoded(channels(side, 3), "JPEG"),
    "JPEG on its side": lambda side: encoded(channels(side, 3), "JPEG", exif=exif(7)),
    "BMP with masks": lambda side: masked_file(np.zeros((side, side), np.uint32), 16, (0xF00, 0xF0, 0xF)),
}


FRAMES, FRAME_SIDE = 40, 500
MEASURE_WRITING = """
import re, sys
from pathlib import Path
import numpy as np
from PIL import Image
from saliency.animate import encode_animation
from saliency.animation import Animation
from saliency.files.stored import Stored
def peak(): return 1024 * int(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1])
def film(count, side):
    ramp = np.add.outer(np.arange(side), np.arange(side))
    picture = lambda k: Image.fromarray(np.dstack([ramp + 5 * k, ramp, 9 * k + 0 * ramp]).astype(np.uint8))
    frames = lambda: map(picture, range(count))
    return Animation((side, side), (40.0,) * count, 0, False, frames, Stored((side, side), lambda _: None))
kind, count, side = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
encode_animation(film(2, 64), lambda opened: opened.colours, kind)
Path("/proc/self/clear_refs").write_text("5")
before = peak()
data = encode_animation(film(count, side), lambda opened: opened.colours, kind)
print(peak() - before, len(data))
"""


@pytest.mark.skipif(not CLEAR.exists(), reason="asks the Linux kernel")
@pytest.mark.parametrize("kind", list(MOVING))
def test_writing_an_animation_takes_at_most_eight_bytes_for_each_pixel_of_its_frames(kind: str) -> None:
    command = [sys.executable, "-c", MEASURE_WRITING, kind, str(FRAMES), str(FRAME_SIDE)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    taken, size = map(int, done.stdout.split())
    assert taken <= BYTES_A_PIXEL * FRAMES * FRAME_SIDE**2 + SLACK + size


@pytest.mark.skipif(not CLEAR.exists(), reason="asks the Linux kernel")
@pytest.mark.parametrize("make", FILES.values(), ids=list(FILES))
def test_a_pixel_takes_at_most_eight_bytes(make: Callable[[int], bytes], tmp_path: Path) -> None:
    small, large = tmp_path / "small", tmp_path / "large"
    small.write_bytes(make(64))
    large.write_bytes(make(SIDE))
    command = [sys.executable, "-c", MEASURE, str(small), str(large)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    taken, pixels = map(int, done.stdout.split())
    assert pixels == SIDE * SIDE
    assert taken <= BYTES_A_PIXEL * pixels + SLACK + large.stat().st_size
