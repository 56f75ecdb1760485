"""A run as a leaderboard: means with intervals, paired differences with a test, help and harm."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from eval.runs import Run
from eval.statistics import (
    Estimate,
    Values,
    bootstrap,
    bootstrap_by_crop,
    by_dataset,
    holm,
    mean_of,
    percentiles,
    permutation_p,
    resampled_means,
)
from eval.types import EVEN, EVERYBODY, EXPECTED, GAZE_KEPT, HARM_EXPECTED, HELP_EXPECTED, ODD, SCENES
from saliency.registry import check

POINTS = 0.05  # a crop helps or harms when it keeps 5 points more or less than the reference
CHANGED = POINTS - 1e-6  # the same, for numbers that were rounded
MOST = 0.5  # a crop that keeps less than this share of gaze fails
LITTLE = 1.0  # points: a smaller difference that may be chance is told as none
TIED_BELOW = 0.005  # images whose difference is smaller are ties
ALL = "all"
STYLES = ("text", "markdown", "csv")


@dataclass(frozen=True, slots=True)
class Metric:
    """How a metric is read: what it is of, its unit, whether more is better, and a sentence."""

    kind: Literal["crop", "chance", "face", "map", "time", "map time"]
    unit: str
    more_is_better: bool
    about: str

    @property
    def is_time(self) -> bool:
        """Times belong to the machine that they were taken on."""
        return self.kind in ("time", "map time")


METRICS: dict[str, Metric] = {
    ODD: Metric("crop", "share", True, "what people looked at and the crop still shows: fixations of one half of them"),
    EVEN: Metric("crop", "share", True, "the same crops, judged by the other half of the observers"),
    EVERYBODY: Metric(
        "crop", "share", True, "the same crops, judged by every observer alike; human: the best window for all others"
    ),
    EXPECTED: Metric("crop", "share", True, "what our own model expects inside the crop: not a measurement"),
    HELP_EXPECTED: Metric("chance", "share", True, "how likely the method says that a crop helps: not a measurement"),
    HARM_EXPECTED: Metric("chance", "share", False, "how likely the method says that a crop harms: not a measurement"),
    "faces cut": Metric("crop", "share", False, "labelled faces that the border cuts"),
    "faces lost": Metric("crop", "share", False, "labelled faces wholly outside"),
    "faces cut by gaze": Metric("crop", "share", False, "the gaze on labelled faces that is on those the border cuts"),
    "heads cut": Metric("crop", "share", False, "main heads that would fit and are not whole"),
    "heads lost a fifth": Metric("crop", "share", False, "main heads that would fit and lack a fifth or more"),
    "face recall": Metric("face", "share", True, "labelled faces that the detector finds"),
    "unlabelled detections": Metric("face", "a photo", False, "detections that match no labelled face"),
    "regions whole": Metric("crop", "share", True, "regions that must stay in view and do"),
    "scene right": Metric("crop", "share", True, "drawn scenes whose crop is one that is known to be right"),
    "objects cut": Metric("crop", "share", False, "main things of drawn scenes that would fit and are not whole"),
    "room left": Metric("crop", "share", True, "the free room that is left on the nearer side of the main thing"),
    "human crop IoU": Metric("crop", "share", True, "overlap with crops that people chose"),
    "boundary displacement": Metric("crop", "share of side", False, "distance to the borders that people chose"),
    "AUC-Judd": Metric("map", "", True, "fixated pixels against all pixels"),
    "sAUC": Metric("map", "", True, "fixated pixels against other photos' fixations"),
    "NSS": Metric("map", "deviations", True, "standardised saliency at fixations"),
    "IG": Metric("map", "bits a fixation", True, "information gain over the centre prior"),
    "CC": Metric("map", "", True, "correlation with the human density"),
    "KL": Metric("map", "nats", False, "divergence from the human density"),
    "SIM": Metric("map", "share", True, "mass shared with the human density"),
    "milliseconds": Metric("time", "ms", False, "one photo, all its formats, one thread"),
    "milliseconds of the map": Metric("map time", "ms", False, "one photo's map, one thread"),
}
MAP_METRICS = tuple(
    sorted((name for name, metric in METRICS.items() if metric.kind == "map"), key=lambda name: name != "NSS")
)
"""Those of saliency maps; the one that is easiest to read comes first."""

REFERENCES = {"map": "centre prior", "face": "face", "map time": "gaze"}
"""What a method is compared with unless asked otherwise, by kind of metric: the least that one could do."""


def default_reference(metric: str) -> str:
    """See REFERENCES; of the other kinds the centre crop."""
    return REFERENCES.get(METRICS[metric].kind, "center")


def leaderboard(
    run: Run, metric: str = "gaze kept", reference: str = "center", where: Mapping[str, str] = {}
) -> pd.DataFrame:
    """One row a method, best first: the metric on each dataset and over all, and how it compares with `reference`.

    `where` keeps only rows with these values, such as {"orientation": "portrait", "aspect": "1:1"}. Columns: a column a
    dataset, "mean", "low", "high" (95 % over images), "difference" to the reference on the same images with
    "difference low" and "difference high", "p" (permutation test, Holm-corrected over the methods), "win", "tie",
    "loss" (share of images). For gaze kept, whoever judges, also "ceiling" (share of the way from the centre to the
    human ceiling) with "ceiling low" and "ceiling high", "help", "harm" and "below half" (shares of image x format);
    for times "median" and "p95" over photos. Raises ValueError for a metric or reference that the run does not have.
    """
    values = values_of(select(run.table, metric, where))
    if reference not in values:
        raise ValueError(f"no method {reference!r} with {metric!r} in this run; available: {', '.join(values)}")
    sign = 1 if METRICS[metric].more_is_better else -1
    rows = {method: _row(values[method], values[reference], sign) for method in values}
    board = pd.DataFrame.from_dict(rows, orient="index").rename_axis("method")
    others = [method for method in board.index if method != reference]
    board.loc[others, "p"] = holm(board.loc[others, "p"].tolist())
    if metric in GAZE_KEPT:
        board = board.join(help_and_harm(run.table, reference, where, metric))
        board = board.join(ceilings(values))
    if METRICS[metric].is_time:
        board = board.join(typical(values))
    return board.sort_values("mean", ascending=not METRICS[metric].more_is_better)


def verdict(run: Run, method: str = "gaze", where: Mapping[str, str] = {}) -> str:
    """One sentence on what a method keeps and how that compares with the centre crop, in Markdown.

    Raises ValueError when the run has no gaze kept of the method or the centre.
    """
    return verdict_of(leaderboard(run, "gaze kept", "center", where), method)


def verdict_of(board: pd.DataFrame, method: str = "gaze") -> str:
    """The same of a leaderboard of gaze kept against the centre. Raises ValueError when it has no such method."""
    if method not in board.index:
        raise ValueError(f"no method {method!r} with 'gaze kept' in this run; available: {', '.join(board.index)}")
    row = board.loc[method]
    points, low, high = (100 * row[name] for name in ("difference", "difference low", "difference high"))
    if low > 0 or high < 0:
        lead = f"{abs(points):.1f} points {'more' if points > 0 else 'less'} than the centre crop"
    elif abs(points) < LITTLE:
        lead = f"about as much as the centre crop ({points:+.1f} points)"
    else:
        lead = f"{points:+.1f} points beside the centre crop, which may be chance on so few photos"
    interval = f"95 % interval {low:+.1f} to {high:+.1f}"
    effect = f"it helps on {_one_in(row['help'])} and harms {_one_in(row['harm'])}"
    return f"`{method}` keeps **{100 * row['mean']:.1f} %** of human gaze, {lead} ({interval}); {effect}."


def _one_in(share: float) -> str:
    if share < 0.001:
        return "no crop"
    return f"1 crop in {1 / share:.0f}" if share <= 0.4 else f"{100 * share:.0f} % of crops"


def select(table: pd.DataFrame, metric: str, where: Mapping[str, str] = {}) -> pd.DataFrame:
    """The rows of one metric and these slice values. Raises ValueError when there are none."""
    chosen = table[table["metric"] == metric]
    for column, value in where.items():
        if column not in chosen:
            raise ValueError(f"no column {column!r} to choose by; available: {', '.join(table.columns)}")
        chosen = chosen[chosen[column] == value]
    if chosen.empty:
        of = "".join(f", {column} {value}" for column, value in where.items())
        raise ValueError(
            f"no rows of {metric!r}{of} in this run; metrics: {', '.join(sorted(table['metric'].unique()))}"
        )
    return chosen


def values_of(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of one metric with an index (dataset, image, aspect) and one column a method."""
    means = rows.groupby(["dataset", "image", "aspect", "method"], observed=True)["value"].mean()
    return means.astype("float64").unstack("method")


def by_kind(run: Run, metric: str = "scene right") -> pd.DataFrame:
    """A metric of the drawn scenes: one row a kind and the mean of the kinds last, one column a method, the best first.

    Each crop of a kind counts the same, and so does each kind. Raises ValueError where the run has no such rows.
    """
    board = values_of_scenes(run, metric).groupby(level="dataset").mean().rename_axis("kind")
    board.loc[ALL] = board.mean()
    best_first = board.loc[ALL].sort_values(ascending=not METRICS[metric].more_is_better, kind="stable").index
    return board[best_first]


def levels_of_scenes(run: Run, metric: str = "scene right") -> pd.DataFrame:
    """The last row of `by_kind`, one row a method here: "mean", "low", "high" (95 % over the scenes of each kind)."""
    return _levels(values_of_scenes(run, metric), bootstrap_by_crop)


def values_of_scenes(run: Run, metric: str) -> pd.DataFrame:
    """`values_of` the drawn scenes, each kind a dataset of its own. Raises ValueError where there are none."""
    values = values_of(select(run.table, metric, {"dataset": SCENES}))
    images = values.index.get_level_values("image").astype(str)
    kinds = images.str.split("/").str[0]
    values.index = pd.MultiIndex.from_arrays(
        [kinds, images, values.index.get_level_values("aspect")], names=["dataset", "image", "aspect"]
    )
    return values


def over_formats(values: pd.Series) -> pd.Series:
    """Values by (dataset, image, aspect) -> their means by (dataset, image)."""
    return values.groupby(level=["dataset", "image"], observed=True).mean()


def levels(values: pd.DataFrame) -> pd.DataFrame:
    """One row a method of `values_of`: "mean", "low", "high" as in `leaderboard`."""
    return _levels(values, bootstrap)


def _levels(values: pd.DataFrame, estimate: Callable[[Sequence[Values]], Estimate]) -> pd.DataFrame:
    estimates = {method: estimate(by_dataset(values[method])) for method in values}
    rows = {method: (e.mean, e.low, e.high) for method, e in estimates.items()}
    return pd.DataFrame.from_dict(rows, orient="index", columns=["mean", "low", "high"]).rename_axis("method")


def typical(values: pd.DataFrame) -> pd.DataFrame:
    """One row a method of `values_of` a time: "median" and "p95" over photos."""
    return values.quantile([0.5, 0.95]).T.set_axis(["median", "p95"], axis=1)


def help_and_harm(
    table: pd.DataFrame, reference: str = "center", where: Mapping[str, str] = {}, metric: str = ODD
) -> pd.DataFrame:
    """Of each method's crops the share that keep POINTS more or less gaze than the reference, or less than half of it.

    Means over datasets that weigh the same; columns "help", "harm", "below half", one row a method.
    """
    kept = values_of(select(table, metric, where))
    gain = kept.sub(kept[reference], axis=0)
    shares = {"help": gain >= CHANGED, "harm": -gain >= CHANGED, "below half": kept < MOST}
    return pd.DataFrame(
        {
            name: share.where(kept.notna()).groupby(level="dataset", observed=True).mean().mean()
            for name, share in shares.items()
        }
    )


def compare(old: Run, new: Run) -> pd.DataFrame:
    """What changed between two runs on the images they share: one row a method and metric that both have.

    Columns: "old", "new", "change" with "low" and "high", "p" (permutation test, Holm-corrected), "regression" (p below
    0.05 for the worse), "images". Left out are times, which belong to their machine, what methods say of their crops,
    and pictures of the same name and another size. What else has the same name counts as the same picture: see
    `same_data`.
    """
    rows = []
    other = _other_pictures(old, new)
    for metric, about in METRICS.items():
        if about.is_time or about.kind == "chance":
            continue
        tables = [run.table[run.table["metric"] == metric] for run in (old, new)]
        if any(table.empty for table in tables):
            continue
        before, after = (values_of(table) for table in tables)
        for method in before.columns.intersection(after.columns):
            change = _without(after[method] - before[method], other).dropna()
            if change.empty:
                continue
            estimate = bootstrap(by_dataset(change))
            means = [
                float(np.mean([mean_of(g) for g in by_dataset(v.loc[change.index, method])])) for v in (before, after)
            ]
            p = permutation_p(by_dataset(change))
            worse = estimate.mean < 0 if about.more_is_better else estimate.mean > 0
            rows.append(
                (
                    method,
                    metric,
                    *means,
                    estimate.mean,
                    estimate.low,
                    estimate.high,
                    p,
                    worse,
                    len(over_formats(change)),
                )
            )
    columns = ["method", "metric", "old", "new", "change", "low", "high", "p", "regression", "images"]
    table = pd.DataFrame(rows, columns=columns)
    table["p"] = holm(table["p"].tolist())
    table["regression"] &= table["p"] < 0.05
    return table.sort_values(["regression", "p"], ascending=[False, True], ignore_index=True)


def same_data(old: Run, new: Run) -> bool:
    """Whether every dataset that both runs judged was the same, pictures and annotations, by its fingerprint."""
    one, two = old.manifest.get("data", {}), new.manifest.get("data", {})
    return all(one[name] == two[name] for name in one.keys() & two.keys())


def _other_pictures(old: Run, new: Run) -> pd.MultiIndex:
    """(dataset, image) of pictures that share a name and not a size: in folders of two people, say."""
    keys, sides = ["dataset", "image"], ["image width", "image height"]
    one, two = (
        run.boxes.astype(dict.fromkeys(keys, str)).drop_duplicates(keys).set_index(keys)[sides] for run in (old, new)
    )
    shared = one.index.intersection(two.index)
    return shared[(one.loc[shared] != two.loc[shared]).any(axis=1)]


def _without(values: pd.Series, pictures: pd.MultiIndex) -> pd.Series:
    named = values.index.droplevel("aspect")
    return values[~named.isin(pictures)] if len(pictures) else values


def changed_images(old: Run, new: Run, method: str, metric: str, most: int = 10) -> pd.Series:
    """The images on which this method's metric changed the most, largest change first; index (dataset, image)."""
    before, after = (values_of(run.table[run.table["metric"] == metric])[method] for run in (old, new))
    change = over_formats(_without(after - before, _other_pictures(old, new)).dropna())
    change = change[change.abs() > 1e-9]
    return change.reindex(change.abs().sort_values(ascending=False, kind="stable").index).head(most)


def render(board: pd.DataFrame, style: str = "text", columns: Sequence[str] = ()) -> str:
    """A leaderboard as "text", "markdown" or "csv". Raises ValueError for another style."""
    board = board[list(columns)] if columns else board
    check("style", style, STYLES)
    if style == "csv":
        return board.to_csv(float_format="%.6g")
    cells = [[board.index.name or "", *map(str, board.columns)]]
    cells += [
        [str(name), *(_cell(value) for value in row)] for name, row in zip(board.index, board.to_numpy(), strict=True)
    ]
    if style == "markdown":
        rule = ["---", *["---:"] * len(board.columns)]
        return "\n".join("| " + " | ".join(row) + " |" for row in [cells[0], rule, *cells[1:]])
    widths = [max(len(row[i]) for row in cells) for i in range(len(cells[0]))]
    lines = [
        "  ".join([row[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(row[1:], widths[1:], strict=True))])
        for row in cells
    ]
    return "\n".join(line.rstrip() for line in lines)


def _row(values: pd.Series, reference: pd.Series, sign: int) -> dict[str, float]:
    estimate = bootstrap(by_dataset(values))
    difference = (values - reference).dropna()
    paired = bootstrap(by_dataset(difference))
    by_image = sign * over_formats(difference)
    names = values.index.get_level_values("dataset").unique()
    return {
        **{str(name): _mean_on(values, name) for name in names},
        "mean": estimate.mean,
        "low": estimate.low,
        "high": estimate.high,
        "difference": paired.mean,
        "difference low": paired.low,
        "difference high": paired.high,
        "p": permutation_p(by_dataset(difference)),
        "win": float((by_image > TIED_BELOW).mean()),
        "tie": float((by_image.abs() <= TIED_BELOW).mean()),
        "loss": float((by_image < -TIED_BELOW).mean()),
    }


def _mean_on(values: pd.Series, dataset: str) -> float:
    """The mean on one dataset; NaN where it has no values."""
    groups = by_dataset(values.xs(dataset, level="dataset", drop_level=False))
    return mean_of(groups[0]) if groups else float("nan")


def ceilings(values: pd.DataFrame) -> pd.DataFrame:
    """Of each method of `values_of` the share of the way from the centre to the human ceiling, with its 95 % interval;
    NaN where the run lacks one of these."""
    columns = ["ceiling", "ceiling low", "ceiling high"]
    if "human" not in values or "center" not in values:
        return pd.DataFrame(np.nan, index=values.columns, columns=columns)
    return pd.DataFrame({name: _ceiling(values, name) for name in values}, index=columns).T


def _ceiling(values: pd.DataFrame, method: str) -> tuple[float, float, float]:
    shared = values[[*dict.fromkeys((method, "center", "human"))]].dropna()
    if shared.empty:
        return np.nan, np.nan, np.nan
    groups = [by_dataset(shared[name]) for name in (method, "center", "human")]
    mine, low, high = (np.mean([mean_of(group) for group in of]) for of in groups)
    drawn, drawn_low, drawn_high = (resampled_means(of) for of in groups)
    with np.errstate(divide="ignore", invalid="ignore"):  # where people keep no more than the centre does
        share, resampled = (mine - low) / (high - low), (drawn - drawn_low) / (drawn_high - drawn_low)
    return float(share), *percentiles(resampled)


def _cell(value: object) -> str:
    if isinstance(value, float):
        return "" if np.isnan(value) else f"{value:.3f}"
    return str(value)
