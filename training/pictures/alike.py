"""Which pictures are nearly the same, by a hash of differences between neighbours (dHash)."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from saliency.image import resized
from saliency.types import RgbImage

GRID = 16  # cells a side that a picture is averaged over
LEAST = 3  # grey levels between neighbours: less is taken for noise, so that plain grounds do not count
ALIKE = 0.25  # of the edges of either picture: those that only one of them has
BLANK = 12  # edges of the hash: a picture with fewer shows next to nothing

Hash = NDArray[np.bool_]


def hash_of(image: RgbImage) -> Hash:
    """Where the picture becomes brighter and where darker, to the right and downwards: (1024,) bool."""
    grey = cv2.cvtColor(resized(image, (GRID + 1, GRID + 1)), cv2.COLOR_RGB2GRAY).astype(np.int16)
    right, down = np.diff(grey, axis=1)[:GRID], np.diff(grey, axis=0)[:, :GRID]
    return np.concatenate([part.ravel() for part in (right > LEAST, right < -LEAST, down > LEAST, down < -LEAST)])


def is_blank(of: Hash) -> bool:
    """Whether there is next to nothing to see."""
    return int(of.sum()) < BLANK


class Seen:
    """The pictures so far."""

    def __init__(self) -> None:
        self._hashes: list[Hash] = []

    def has_like(self, of: Hash) -> bool:
        """Whether one of them is nearly the same."""
        if not self._hashes:
            return False
        hashes = np.stack(self._hashes)
        either = (hashes | of).sum(axis=1)
        return bool(((hashes ^ of).sum(axis=1) <= ALIKE * either).any())

    def add(self, of: Hash) -> None:
        """Remember one."""
        self._hashes.append(of)
