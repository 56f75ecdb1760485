"""PNG as it is written where Pillow would change what it is: any depth and any type of colour, from the samples."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from saliency.files.png import PALETTE, chunk
from saliency.files.stored import Samples

_STRIP = 1 << 18  # pixels that are packed at a time


def picture_chunks(samples: Samples, depth: int, colour: int, notes: bytes = b"") -> bytes:
    """The chunks of the header, of the pixels and of the end, with other chunks behind the header.

    depth: bits of a sample, 1, 2, 4, 8 or 16. colour: PNG's number of a type of colour.
    """
    height, width = samples.shape[:2]
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    packer = zlib.compressobj()
    parts = [packer.compress(rows) for rows in _filtered(samples, depth, colour)]
    pixels = b"".join([*parts, packer.flush()])
    return b"".join([chunk(b"IHDR", header), notes, chunk(b"IDAT", pixels), chunk(b"IEND", b"")])


def _filtered(samples: Samples, depth: int, colour: int) -> Iterator[bytes]:
    """Strips of rows, each row behind the number of its filter: 0, none, for places in a palette and several samples a
    byte; else of none, 1, less the pixel to the left, and 2, less the one above, what leaves the smallest numbers."""
    step = max(1, _STRIP // samples.shape[1])
    above: NDArray[np.uint8] | None = None
    pixel = max(1, samples[0, 0].size * depth // 8)
    plain = colour == PALETTE or depth < 8
    for top in range(0, len(samples), step):
        rows = _bytes_of(samples[top : top + step], depth)
        before = np.vstack([above if above is not None else np.zeros_like(rows[:1]), rows[:-1]])
        above = rows[-1:]
        left = np.pad(rows, ((0, 0), (pixel, 0)))[:, : rows.shape[1]]
        ways = [rows] if plain else [rows, rows - left, rows - before]
        sums = [np.abs(way.view(np.int8).astype(np.int16)).sum(axis=1) for way in ways]
        best = np.argmin(sums, axis=0)
        chosen = np.choose(best[:, None], ways)
        yield np.hstack([best[:, None].astype(np.uint8), chosen]).tobytes()


def _bytes_of(samples: Samples, depth: int) -> NDArray[np.uint8]:
    """(rows, bytes of a row)."""
    rows = len(samples)
    if depth == 16:
        return samples.astype(">u2").reshape(rows, -1).view(np.uint8)
    flat = samples.astype(np.uint8).reshape(rows, -1)
    if depth == 8:
        return flat
    bits = np.unpackbits(flat[..., None], axis=2)[..., 8 - depth :]
    return np.packbits(bits.reshape(rows, -1), axis=1)
