"""What a locked process costs: `python -m eval.bench.locked` opens photos there and here, in turns, as the app does."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np

from eval.bench.growth import photo
from eval.bench.timing import Laps, Work, interleaved
from saliency.image import Least, open_picture
from saliency.locked.pool import Pool
from saliency.models.input import least_size

SAMPLES = Path(__file__).parents[2] / "samples"
MEGAPIXELS = (3.0, 12.0)  # of two more photos, as cameras make them
PAUSE = 0.05  # seconds between two photos, in which the app looks at the first
Opener = Callable[[bytes, Least], object]


def main() -> None:
    """Print for each photo the median here and there, and the median of the differences."""
    parser = argparse.ArgumentParser(prog="python -m eval.bench.locked", description=__doc__)
    parser.add_argument("--rounds", type=int, default=20, help="how often each photo is opened; default 20")
    rounds = parser.parse_args().rounds
    photos = {path.stem: path.read_bytes() for path in sorted(SAMPLES.glob("*.jpg"))}
    photos |= {f"{size:g} megapixels": photo(size) for size in MEGAPIXELS}
    pool, more = Pool(), []
    print(f"{'milliseconds':24} {'here':>8} {'locked':>8} {'more':>8} {'times':>6}")
    for name, data in photos.items():
        work = {"here": _work(open_picture, data), "locked": _work(partial(_locked, pool), data)}
        here, locked = (of["total"].median for of in interleaved(work, rounds).values())
        more.append(locked - here)
        print(f"{name[:24]:24} {here:8.1f} {locked:8.1f} {locked - here:8.1f} {locked / here:6.2f}")
    pool.close()
    print(f"{'median of the photos':24} {'':8} {'':8} {np.median(more):8.1f}")


def _locked(pool: Pool, data: bytes, least: Least) -> object:
    return pool.ask("open", data, least=least)


def _work(opener: Opener, data: bytes) -> Work:
    def work(laps: Laps) -> object:
        time.sleep(PAUSE)
        with laps.lap("open"):
            return opener(data, least_size)

    return work


if __name__ == "__main__":
    main()
