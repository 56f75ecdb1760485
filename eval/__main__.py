"""The command line: `python -m eval` prints how well `gaze` does on a split, the centre crop beside it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial

import pandas as pd
from tqdm import tqdm

from eval.benchmark import measure, summary
from eval.datasets import DATASETS, SPLITS, DatasetNotFound, Sample, load_dataset
from saliency.methods import METHODS, load_method
from saliency.models import load_model


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print one row a dataset; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m eval", description=main.__doc__)
    parser.add_argument("--split", default="test", choices=SPLITS)
    parser.add_argument("--datasets", nargs="+", default=list(DATASETS), choices=list(DATASETS))
    parser.add_argument("--methods", nargs="+", default=["gaze", "center"], choices=list(METHODS))
    parser.add_argument("--jobs", type=int, default=2, help="processes, one thread each")
    options = parser.parse_args(argv)
    try:
        samples = [sample for name in options.datasets for sample in load_dataset(name, options.split)]
    except DatasetNotFound as error:
        print(error, file=sys.stderr)
        return 1
    with ProcessPoolExecutor(options.jobs, initializer=_one_thread) as pool:
        parts = pool.map(partial(_measure, options.methods), samples, chunksize=4)
        table = pd.concat(tqdm(parts, total=len(samples), unit="photo"))
    print(summary(table).to_string(float_format="%.3f"))
    return 0


def _measure(methods: Sequence[str], sample: Sample) -> pd.DataFrame:
    return measure([sample], load_model("gaze"), [load_method(name) for name in methods])


def _one_thread() -> None:
    import cv2
    import torch

    torch.set_num_threads(1)
    cv2.setNumThreads(1)


if __name__ == "__main__":
    sys.exit(main())
