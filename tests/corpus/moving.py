"""Animations made by hand from the same pieces, and what they show, computed pixel by pixel."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PIL import Image

from saliency.types import Pixels
from tests.corpus.kind import encoded

WIDTH, HEIGHT = 24, 16
NONE, BACKGROUND, PREVIOUS = "none", "background", "previous"
RED, GREEN, BLUE, CLEAR, HALF = (
    (230, 20, 20, 255),
    (20, 200, 60, 255),
    (30, 40, 220, 255),
    (0, 0, 0, 0),
    (9, 9, 200, 99),
)


@dataclass(frozen=True)
class Part:
    """left, top: on the canvas. disposal: what becomes of it. over: whether it is laid over what is there."""

    left: int
    top: int
    pixels: Pixels
    disposal: str
    milliseconds: int
    over: bool = True


def block(width: int, height: int, *colours: tuple[int, int, int, int]) -> Pixels:
    """Columns of these colours."""
    pixels = np.zeros((height, width, 4), np.uint8)
    for rank, columns in enumerate(np.array_split(np.arange(width), len(colours))):
        pixels[:, columns] = colours[rank]
    return pixels


PARTS = (
    Part(2, 2, block(20, 12, GREEN, CLEAR, BLUE), NONE, 100),
    Part(4, 4, block(6, 6, RED), BACKGROUND, 70),
    Part(10, 3, block(6, 4, RED, CLEAR), PREVIOUS, 400),
    Part(14, 8, block(8, 8, RED, BLUE), NONE, 40),
    Part(0, 0, block(3, 16, BLUE, CLEAR, RED), BACKGROUND, 90),
    Part(12, 1, block(9, 9, GREEN, CLEAR, GREEN), NONE, 250),
)
BLENDED = (
    *PARTS,
    Part(1, 3, block(12, 6, CLEAR, HALF), NONE, 60, over=False),
    Part(5, 5, block(12, 8, HALF, RED), NONE, 60),
)


def shown(parts: tuple[Part, ...]) -> list[Pixels]:
    """The canvas while each part is shown: one pixel at a time, as GIF89a and the APNG specification say it."""
    canvas: dict[tuple[int, int], tuple[int, ...]] = {(x, y): CLEAR for x in range(WIDTH) for y in range(HEIGHT)}
    frames = []
    for part in parts:
        before = dict(canvas)
        places = [(x, y) for y in range(part.pixels.shape[0]) for x in range(part.pixels.shape[1])]
        for x, y in places:
            place = part.left + x, part.top + y
            colour = tuple(int(value) for value in part.pixels[y, x])
            canvas[place] = _over(colour, canvas[place]) if part.over else colour
        frames.append(np.array([[canvas[x, y] for x in range(WIDTH)] for y in range(HEIGHT)], np.uint8))
        if part.disposal == PREVIOUS:
            canvas = before
        elif part.disposal == BACKGROUND:
            canvas |= {(part.left + x, part.top + y): CLEAR for x, y in places}
    return frames


def _over(colour: tuple[int, ...], below: tuple[int, ...]) -> tuple[int, ...]:
    a, b = colour[3] / 255, below[3] / 255
    opacity = a + b * (1 - a)
    if not opacity:
        return CLEAR
    mixed = [(c * a + d * b * (1 - a)) / opacity for c, d in zip(colour[:3], below[:3], strict=True)]
    return tuple(round(value) for value in (*mixed, 255 * opacity))


def gif(parts: tuple[Part, ...] = PARTS, loop: int | None = 2) -> bytes:
    """Each part with a palette of its own. loop: how often again, 0 for ever, None for not said."""
    data = b"GIF89a" + struct.pack("<HHBBB", WIDTH, HEIGHT, 0x70, 0, 0)
    if loop is not None:
        data += b"\x21\xff\x0bNETSCAPE2.0\x03\x01" + struct.pack("<H", loop) + b"\0"
    for part in parts:
        clear = part.pixels[..., 3] < 128
        own, places = np.unique(part.pixels[~clear][:, :3], axis=0, return_inverse=True)
        indices = np.full(clear.shape, len(own), np.uint8)
        indices[~clear] = places.ravel()
        image = Image.fromarray(indices)
        image.putpalette(np.vstack([own, [[1, 2, 3]]]).astype(np.uint8).tobytes())
        alone = encoded(image, "GIF", optimize=False)
        table = 3 << (alone[10] & 7) + 1
        at = 13 + table
        assert alone[at] == 0x2C
        disposal = {NONE: 1, BACKGROUND: 2, PREVIOUS: 3}[part.disposal]
        data += struct.pack("<BBBBHBB", 0x21, 0xF9, 4, disposal << 2 | 1, part.milliseconds // 10, len(own), 0)
        height, width = clear.shape
        data += struct.pack("<BHHHHB", 0x2C, part.left, part.top, width, height, 0x80 | alone[10] & 7)
        data += alone[13:at] + alone[at + 10 : -1]
    return data + b";"


def apng(parts: tuple[Part, ...] = BLENDED, plays: int = 3, default: bool = False) -> bytes:
    """default: whether the picture for those who know no animation is another one."""
    first = parts[0]
    chunks = [(b"IHDR", struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 6, 0, 0, 0))]
    chunks.append((b"acTL", struct.pack(">II", len(parts), plays)))
    number = 0
    if default:
        chunks.append((b"IDAT", _packed(block(WIDTH, HEIGHT, HALF))))
    else:  # the first has to fill the canvas
        canvas = np.zeros((HEIGHT, WIDTH, 4), np.uint8)
        height, width = first.pixels.shape[:2]
        canvas[first.top : first.top + height, first.left : first.left + width] = first.pixels
        parts = (Part(0, 0, canvas, first.disposal, first.milliseconds, first.over), *parts[1:])
    for rank, part in enumerate(parts):
        height, width = part.pixels.shape[:2]
        disposal = [NONE, BACKGROUND, PREVIOUS].index(part.disposal)
        place = width, height, part.left, part.top, part.milliseconds, 1000, disposal, part.over
        chunks.append((b"fcTL", struct.pack(">IIIIIHHBB", number, *place)))
        number += 1
        if rank == 0 and not default:
            chunks.append((b"IDAT", _packed(part.pixels)))
        else:
            chunks.append((b"fdAT", struct.pack(">I", number) + _packed(part.pixels)))
            number += 1
    chunks.append((b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
        for name, content in chunks
    )


def _packed(pixels: Pixels) -> bytes:
    return zlib.compress(b"".join(b"\0" + row.tobytes() for row in pixels))


def of_frames(kind: str, **options: object) -> bytes:
    """The same frames by an encoder of Pillow's, each as a whole."""
    frames = [Image.fromarray(frame) for frame in shown(BLENDED)]
    buffer = io.BytesIO()
    times = [part.milliseconds for part in BLENDED]
    frames[0].save(buffer, kind, save_all=True, append_images=frames[1:], duration=times, **options)
    return buffer.getvalue()


@dataclass(frozen=True)
class Film:
    """plays: how often, 0 for ever. tolerance: of a mean difference, over white, in levels of 255."""

    name: str
    mime: str
    make: Callable[[], bytes]
    parts: tuple[Part, ...]
    plays: int
    tolerance: float = 0

    @property
    def milliseconds(self) -> list[int]:
        return [part.milliseconds for part in self.parts]


FILMS = [
    Film("GIF of pieces", "image/gif", gif, PARTS, 3),
    Film("GIF of pieces, for ever", "image/gif", lambda: gif(loop=0), PARTS, 0),
    Film("GIF of pieces, once", "image/gif", lambda: gif(loop=None), PARTS, 1),
    Film("APNG of pieces", "image/png", apng, BLENDED, 3, 0.1),
    Film("APNG with another default picture", "image/png", lambda: apng(default=True, plays=0), BLENDED, 0, 0.1),
    Film("WebP", "image/webp", lambda: of_frames("WEBP", lossless=True, loop=3), BLENDED, 3, 0.1),
    Film("AVIF", "image/avif", lambda: of_frames("AVIF", quality=100, subsampling="4:4:4"), BLENDED, 0, 3),
]
