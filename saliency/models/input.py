"""What a gaze network is shown: a picture reduced to about its native number of pixels."""

from __future__ import annotations

import math

TILE = 32  # the backbone halves five times: network inputs have sides divisible by this
STRIDE = 4  # the map has one cell for each 4 x 4 pixels of the network's input
INPUT_PIXELS = 320 * 240  # of `gaze`
MIN_SIDE, MAX_SIDE = 96, 768


def input_size(width: int, height: int, pixels: int = INPUT_PIXELS) -> tuple[int, int]:
    """(width, height) of the network's input for an image: about its aspect ratio, about `pixels`, whole tiles.

    Beyond 8:1 a picture is squeezed, so that the short side keeps enough pixels to see.
    """
    aspect = width / height
    sides = (math.sqrt(pixels * aspect), math.sqrt(pixels / aspect))
    wide, high = (int(min(max(round(side / TILE) * TILE, MIN_SIDE), MAX_SIDE)) for side in sides)
    return wide, high
