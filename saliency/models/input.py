"""What a gaze network is shown: a picture reduced to about its native number of pixels."""

from __future__ import annotations

import math

TILE = 32  # the backbone halves five times: network inputs have sides divisible by this
STRIDE = 4  # the map has one cell for each 4 x 4 pixels of the network's input
INPUT_PIXELS = 320 * 240  # of `gaze`
ROUND_UP = 0.37
"""A side is rounded up to whole tiles from this part of a tile on. Sides of 1:1, 5:4, 4:3, 3:2, 16:9, 2:1 and 3:1 lie a
tenth of a tile or more from there, at INPUT_PIXELS, so that a pixel cut off a photo does not change what a network is
shown: halfway, that of a 4:3 photo did."""
MIN_SIDE, MAX_SIDE = 96, 768
SPARE = 2.5
"""How much larger than the network's input a JPEG is decoded, at least.

Decoded at half its size, a JPEG is a little sharper than when it is reduced afterwards. Right at the input's size,
on 16 samples and 50 val photos, this moved crops of `gaze` by more than a cell on 6 photos where two places are worth
nearly the same; from 1.5 times the input's size on 2, from twice on none;
crops of `gaze-fast` on 4, 3 and none. At 2.5 times there is room, and 12 megapixels are decoded at the same 1/4."""


def input_size(width: int, height: int, pixels: int = INPUT_PIXELS) -> tuple[int, int]:
    """(width, height) of the network's input for an image: about its aspect ratio, about `pixels`, whole tiles.

    Beyond 8:1 a picture is squeezed, so that the short side keeps enough pixels to see.
    """
    aspect = width / height
    sides = (math.sqrt(pixels * aspect), math.sqrt(pixels / aspect))
    wide, high = (min(max(math.ceil(side / TILE - ROUND_UP) * TILE, MIN_SIDE), MAX_SIDE) for side in sides)
    return wide, high


def least_size(size: tuple[int, int], pixels: int = INPUT_PIXELS) -> tuple[int, int]:
    """(width, height) that must remain of a photo of `size` = (width, height) for the network to see the same in it."""
    width, height = input_size(*size, pixels)
    return round(SPARE * width), round(SPARE * height)
