"""Fitting an adaptation to annotated photos, and what it gains on photos that it was not fitted to."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eval.datasets import Sample
from eval.metrics.crop import aspects_for, gaze_kept
from eval.metrics.fixation import at_image_size, nss
from eval.opening import open_photo
from eval.statistics import Estimate, bootstrap
from saliency import __version__
from saliency.adapt import LEAST, RANGES, Adaptation
from saliency.crop import crop_to_gaze
from saliency.image import ImageError
from saliency.types import SaliencyMap, SaliencyModel

FOLDS = 5
FEWEST = 5  # photos: with fewer there is nothing to learn from and to check on
LOOKED, FITTING = "looked at", "fitting"  # how the words of progress begin
METRICS = ("information", "NSS", "gaze kept")
"""Of a gain: bits a fixation by which the map predicts better, on its own grid; of the map; of its widest crops."""

BLUR_UNIT = 0.03  # of the longer side: the deviation that a human density is blurred by
SCALES = (0.3, 3.0, 0.5, 0.5, 0.2)
"""How far the fitted numbers usually are from changing nothing: see `_adaptation`."""
CAUTION = 0.1
"""How firmly the fit holds on to changing nothing: a number at its scale costs so many nats of one photo. Of 0, 0.03,
0.1 and 0.3 the least with which ten val photos lose nothing on the others, on average and on each dataset."""
SAID = {"certainty": 0.1, "blur": 0.01, "pull": 0.2, "centre": 0.05}
"""What a number, of `certainty` its logarithm, must differ by from no change to be spoken of."""

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Looked:
    """A sample with fixations, and where the model expects them: (h, w), sums to 1."""

    sample: Sample
    map: SaliencyMap


@dataclass(frozen=True)
class Fitted:
    """What came out. gains: of METRICS, by cross-validation over photos: the mean of after minus before, with its
    interval. before, after: the means themselves, of NSS and gaze kept."""

    adaptation: Adaptation
    gains: dict[str, Estimate]
    before: dict[str, float]
    after: dict[str, float]

    @property
    def helps(self) -> bool:
        """Whether the maps surely become better: the whole interval of the information gained lies above 0."""
        return self.gains["information"].low > 0


def look_at(samples: Sequence[Sample], model: SaliencyModel, tell: Progress = lambda _: None) -> list[Looked]:
    """The maps of the photos that have fixations and can be opened. Raises ValueError where they are too few."""
    usable = [sample for sample in samples if len(sample.fixations)]
    looked = []
    for rank, sample in enumerate(usable, 1):
        try:
            looked.append(Looked(sample, model.predict(open_photo(sample.path))))
        except ImageError:
            continue
        tell(f"{LOOKED} {rank} of {len(usable)} photos")
    if len(looked) < FEWEST:
        raise ValueError(
            f"{len(looked)} of {len(samples)} photos can be opened and have fixations; "
            f"an adaptation needs at least {FEWEST}: add to fixations.csv"
        )
    return looked


def fit(looked: Sequence[Looked]) -> Adaptation:
    """The numbers under which the fixations are likeliest, each photo weighing the same, held a little to no change."""
    from scipy.optimize import minimize  # not before something is fitted: pages that only tell of it do without

    shapes = list(_by_shape(looked))

    def loss(numbers: NDArray[np.float64]) -> float:
        adaptation = _adaptation(numbers)
        likely = sum(float(group.log_likelihoods(adaptation).sum()) for group in shapes)
        return (CAUTION * float(((numbers / SCALES) ** 2).sum()) - likely) / len(looked)

    found = minimize(loss, np.zeros(len(SCALES)), method="L-BFGS-B", bounds=_bounds())
    return _adaptation(found.x)


def cross_validate(looked: Sequence[Looked], tell: Progress = lambda _: None) -> Fitted:
    """An adaptation fitted to all photos, and what those fitted to the others gain on each fifth of them."""
    order = np.random.default_rng(len(looked)).permutation(len(looked))
    folds = min(FOLDS, len(looked))
    before = np.array([scores(one, one.map) for one in looked])
    after = np.zeros_like(before)
    for fold in range(folds):
        tell(f"{FITTING} {fold + 1} of {folds + 1}")
        held = order[fold::folds]
        adaptation = fit([looked[i] for i in order if i not in set(held)])
        after[held] = [scores(looked[i], adaptation.apply(looked[i].map)) for i in held]
    tell(f"{FITTING} {folds + 1} of {folds + 1}")
    gains = {name: bootstrap([column[:, None]]) for name, column in zip(METRICS, (after - before).T, strict=True)}
    means = [dict(zip(METRICS[1:], table.mean(axis=0)[1:].tolist(), strict=True)) for table in (before, after)]
    return Fitted(fit(looked), gains, *means)


def manifest_of(fitted: Fitted, looked: Sequence[Looked], command: str) -> dict[str, Any]:
    """Where the numbers come from, for their file."""
    samples = [one.sample for one in looked]
    return {
        "photos": len(samples),
        "fixations": sum(len(sample.fixations) for sample in samples),
        "data sha256": fingerprint(samples),
        "gain by cross-validation": {name: asdict(gain) for name, gain in fitted.gains.items()},
        "helps": fitted.helps,
        "in words": in_words(fitted, len(samples)),
        "made by": command,
        "gazecrop": __version__,
        "date": date.today().isoformat(),
    }


def in_words(fitted: Fitted, photos: int) -> str:
    """The result in plain sentences, for people."""
    information, kept = fitted.gains["information"], fitted.gains["gaze kept"]
    more, low, high = (100 * (2**bits - 1) for bits in (information.mean, information.low, information.high))
    verdict = (
        "The maps fit these people better once they are adapted"
        if fitted.helps
        else "No gain that these photos could tell from chance: the maps fit these people as they are"
    )
    seen = f"{abs(more):.1f} % {'more' if more >= 0 else 'less'} gaze where people looked"
    crops = f"{100 * fitted.after['gaze kept']:.1f} % of their gaze, {100 * kept.mean:+.1f} points"
    return (
        f"{verdict}. {what_differs(fitted.adaptation)} On photos that it was not fitted to (cross-validation over "
        f"{photos} photos), an adapted map expects {seen} (95 % interval {low:+.1f} to {high:+.1f}), and its crops "
        f"keep {crops} (95 % interval {100 * kept.low:+.1f} to {100 * kept.high:+.1f})."
    )


def what_differs(adaptation: Adaptation) -> str:
    """How these people differ from those that the model learned from, in one sentence; small differences go unsaid."""
    sure = math.log(adaptation.certainty)
    found = [f"goes to {'fewer' if sure > 0 else 'more'} places"] if abs(sure) > SAID["certainty"] else []
    found += ["scatters further around them"] if adaptation.blur > SAID["blur"] else []
    for pull, direction in ((adaptation.pull_across, "to the sides"), (adaptation.pull_down, "up and down")):
        strays = f"strays {'less' if pull > 0 else 'further'} from the middle {direction}"
        found += [strays] if abs(pull) > SAID["pull"] else []
    found += ["often rests in the middle whatever is there"] if adaptation.centre > SAID["centre"] else []
    if not found:
        return "Their gaze is much like that of the people whom the model learned from."
    *others, last = found
    all_of_it = f"{', '.join(others)} and {last}" if others else last
    return f"Compared with the people whom the model learned from, their gaze {all_of_it}."


def fingerprint(samples: Sequence[Sample]) -> str:
    """The SHA-256 of names, sizes and fixations: the same for the same data."""
    digest = hashlib.sha256()
    for sample in sorted(samples, key=lambda sample: (sample.dataset, sample.name)):
        digest.update(f"{sample.dataset}/{sample.name} {sample.size}\n".encode())
        digest.update(np.ascontiguousarray(sample.fixations, dtype="<f8").tobytes())
    return digest.hexdigest()


@dataclass(frozen=True)
class _Shape:
    """Photos whose maps have one shape: logs (n, h, w) of the maps; of each fixation the photo's rank, the row and the
    column, and its weight, which sum to 1 for each photo."""

    logs: NDArray[np.float64]
    places: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]
    weights: NDArray[np.float64]

    def log_likelihoods(self, adaptation: Adaptation) -> NDArray[np.float64]:
        """(n,) the mean over each photo's fixations, in nats."""
        found = np.log(np.maximum(adaptation.densities(self.logs)[self.places], LEAST))
        likely = np.zeros(len(self.logs))
        np.add.at(likely, self.places[0], found * self.weights)
        return likely


def _by_shape(looked: Sequence[Looked]) -> Iterator[_Shape]:
    for shape in sorted({one.map.shape for one in looked}):
        group = [one for one in looked if one.map.shape == shape]
        cells = [_cells(one.sample, shape) for one in group]
        counts = [len(rows) for rows, _ in cells]
        logs = np.log(np.maximum(np.array([one.map for one in group], dtype=np.float64), LEAST))
        rows, columns = (np.concatenate(axis) for axis in zip(*cells, strict=True))
        places = np.repeat(np.arange(len(group)), counts), rows, columns
        yield _Shape(logs, places, np.repeat(1 / np.array(counts), counts))


def _cells(sample: Sample, shape: tuple[int, ...]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The rows and the columns of a map's cells that the fixations lie in."""
    columns, rows = (sample.fixations / sample.size * shape[::-1]).astype(np.int64).T
    return rows, columns


def _adaptation(numbers: NDArray[np.float64]) -> Adaptation:
    """What is fitted as an adaptation: 0 is no change, and the likelihood is smooth in each number, also there."""
    sure, blurred, across, down, centre = (float(number) for number in numbers)
    return Adaptation(
        _within("certainty", math.exp(sure)), _within("blur", BLUR_UNIT * blurred**0.5), across, down, centre
    )


def _within(name: str, value: float) -> float:
    """The number, in its range whatever rounding did to it."""
    low, high = RANGES[name]
    return min(max(value, low), high)


def _bounds() -> list[tuple[float, float]]:
    low, high = RANGES["certainty"]
    most_blur = (RANGES["blur"][1] / BLUR_UNIT) ** 2
    return [(math.log(low), math.log(high)), (0.0, most_blur), *(RANGES[name] for name in list(RANGES)[2:])]


def scores(looked: Looked, grid: SaliencyMap) -> tuple[float, float, float]:
    """Of a photo's map, in the order of METRICS; the information in bits over an even map."""
    sample = looked.sample
    at_fixations = np.maximum(grid[_cells(sample, grid.shape)].astype(np.float64), LEAST) * grid.size
    crops = crop_to_gaze(grid, sample.size, aspects_for(sample.size))
    kept = float(np.mean([gaze_kept(crop.box, sample.fixations) for crop in crops]))
    return float(np.log2(at_fixations).mean()), nss(at_image_size(grid, sample.size), sample.fixations), kept
