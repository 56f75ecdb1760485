"""How much fitting a few numbers to 10, 25, 50 or 100 annotated photos brings: the table in training/README.md."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from eval.adapt import METRICS, Looked, fit, scores
from saliency.adapt import Adaptation

COUNTS = (10, 25, 50, 100)
DRAWS = 10
LEFT = 15  # photos at least that no draw takes, to judge it by


def photos_table(pool: Sequence[Looked], judged: Sequence[Looked], draws: int = DRAWS) -> pd.DataFrame:
    """One row for each of COUNTS that the pool has photos enough for: a mean over draws of so many of its photos.

    Columns: "photos", and for each of METRICS what the judged photos that were not drawn gain, with the least and the
    most of the draws in brackets.
    """
    before = {id(one): scores(one, one.map) for one in judged}
    rows = []
    for count in COUNTS:
        if count > len(pool) or len(judged) - (count if pool is judged else 0) < LEFT:
            continue
        gains = np.array([_gain(pool, judged, count, seed, before) for seed in range(draws)])
        cells = [f"{column.mean():+.4f} [{column.min():+.4f}, {column.max():+.4f}]" for column in gains.T]
        rows.append({"photos": count, **dict(zip(METRICS, cells, strict=True))})
    return pd.DataFrame(rows)


def _gain(
    pool: Sequence[Looked], judged: Sequence[Looked], count: int, seed: int, before: Mapping[int, tuple[float, ...]]
) -> NDArray[np.float64]:
    """(METRICS,) the mean over the judged photos that draw `seed` of `count` photos did not take."""
    drawn = [pool[i] for i in np.random.default_rng(seed).permutation(len(pool))[:count]]
    taken = {id(one) for one in drawn}
    adaptation: Adaptation = fit(drawn)
    others = [one for one in judged if id(one) not in taken]
    return np.mean([np.subtract(scores(one, adaptation.apply(one.map)), before[id(one)]) for one in others], axis=0)
