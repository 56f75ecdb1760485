"""How a crop is placed by its map, and how sure one is of it, measured on datasets that the map's network never saw."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
from scipy.optimize import minimize_scalar
from scipy.stats import norm
from tqdm import tqdm

from eval.datasets import Sample
from eval.metrics.crop import aspects_for, gaze_kept
from eval.metrics.face import head_lost, main_head
from eval.report import POINTS
from saliency.crop import aversion_to_loss, center_window, expected_gaze, gaze_inside, judge, place_widest
from saliency.image import open_image
from saliency.models.face import detect_yunet
from saliency.pipeline import see
from saliency.types import SaliencyModel

AVERSIONS = (0.0, 0.4, 0.8, 1.0, 1.2, 1.6)
"""As shares of what `aversion_to_loss` says."""


def aversion_table(samples: Sequence[Sample], model: SaliencyModel) -> pd.DataFrame:
    """One row for each of AVERSIONS, by gaze alone ("gaze-only") and with things kept whole ("gaze"): the means over
    formats of those over photos.

    Columns: "kept" (share of fixations inside, of all observers), "help" and "harm" (share of crops that keep POINTS
    more or less than the centre does), "heads cut" (of main heads that fit).
    """
    rows = []
    for sample in tqdm(samples, unit="photo", mininterval=5):
        image = open_image(sample.path)
        size = image.shape[1], image.shape[0]
        seen = see(image, size, model)
        gaze, head = expected_gaze(seen.map), main_head(detect_yunet(image), sample.fixations, size)
        for aspect in aspects_for(size):
            by_centre = gaze_kept(center_window(size, aspect), sample.fixations)
            for share in AVERSIONS:
                for method, things in (("gaze-only", ()), ("gaze", seen.things)):
                    aversion = share * aversion_to_loss(gaze)
                    box = place_widest(gaze, size, aspect, things, seen.borders.sure, aversion)
                    gain = gaze_kept(box, sample.fixations) - by_centre
                    lost = np.nan if head is None else head_lost(box, head)
                    cut = np.nan if np.isnan(lost) else float(lost > 1e-9)
                    shares = float(gain >= POINTS - 1e-6), float(gain <= 1e-6 - POINTS)
                    rows.append((method, share, str(aspect), by_centre + gain, *shares, cut))
    columns = ["method", "times", "aspect", "kept", "help", "harm", "heads cut"]
    by_format = pd.DataFrame(rows, columns=columns).groupby(["method", "times", "aspect"], sort=False).mean()
    return by_format.groupby(level=["method", "times"], sort=False).mean().reset_index()


def gains(samples: Sequence[Sample], model: SaliencyModel) -> pd.DataFrame:
    """One row a crop as `gaze` places it: "expected" and "moved" as `saliency.crop.chances` takes them, and "gained",
    by the fixations of all observers."""
    return pd.DataFrame(_gains(samples, model), columns=["expected", "moved", "gained"])


def _gains(samples: Sequence[Sample], model: SaliencyModel) -> Iterator[tuple[float, float, float]]:
    for sample in tqdm(samples, unit="photo", mininterval=5):
        image = open_image(sample.path)
        size = image.shape[1], image.shape[0]
        seen = see(image, size, model)
        gaze = expected_gaze(seen.map)
        for aspect in aspects_for(size):
            box = place_widest(gaze, size, aspect, seen.things, seen.borders.sure, aversion_to_loss(gaze))
            middle = center_window(size, aspect)
            shared = box.inside(middle)
            by_middle, both = (gaze_inside(gaze, size, part) if part else 0.0 for part in (middle, shared))
            kept = judge(gaze, size, aspect, box).kept
            gained = gaze_kept(box, sample.fixations) - gaze_kept(middle, sample.fixations)
            yield kept - by_middle, kept + by_middle - 2 * both, gained


def fit_surprise(crops: pd.DataFrame) -> float:
    """The variance for each share of gaze moved under which what became of these `gains` is most likely: whether each
    helped, harmed or neither."""

    def unlikely(logarithm: float) -> float:
        helps, harms = chances_of(crops, float(np.exp(logarithm)))
        helped, harmed = crops["gained"] >= POINTS - 1e-6, crops["gained"] <= 1e-6 - POINTS
        likely = np.where(helped, helps, np.where(harmed, harms, 1 - helps - harms))
        return float(-np.log(np.clip(likely, 1e-9, 1)).mean())

    return float(np.exp(minimize_scalar(unlikely, bounds=(-8, 0), method="bounded").x))


def chances_of(crops: pd.DataFrame, surprise: float) -> tuple[np.ndarray, np.ndarray]:
    """`saliency.crop.chances` of each of these `gains`, with this variance for each share of gaze moved."""
    deviation = np.sqrt(np.maximum(surprise * crops["moved"], 1e-12))
    helps, harms = (norm.cdf((sign * crops["expected"] - POINTS) / deviation) for sign in (1, -1))
    return np.asarray(helps), np.asarray(harms)


def chances_table(crops: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """One row a dataset, each judged with the variance fitted to the others, and "all" with its own: "variance", and
    the shares of crops that help and harm, as expected and as they did."""
    rows = []
    for name in (*crops, "all"):
        others = [table for other, table in crops.items() if other != name]
        judged = pd.concat(crops.values()) if name == "all" else crops[name]
        surprise = fit_surprise(pd.concat(others))
        helps, harms = chances_of(judged, surprise)
        helped, harmed = judged["gained"] >= POINTS - 1e-6, judged["gained"] <= 1e-6 - POINTS
        rows.append((name, surprise, helps.mean(), helped.mean(), harms.mean(), harmed.mean()))
    columns = ["dataset", "variance", "help expected", "helped", "harm expected", "harmed"]
    return pd.DataFrame(rows, columns=columns)
