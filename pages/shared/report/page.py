"""A run as one HTML file that needs nothing else: it opens offline, on any system. Pure: text out.

Whatever comes from outside, file names and errors, is text; and the file's own policy forbids it to load anything.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd
from markupsafe import Markup

from eval.placement import agreement, moves
from eval.report import MAP_METRICS, METRICS, leaderboard, levels, select, typical, values_of
from eval.report import verdict as verdict_on
from eval.runs import Run
from pages.shared.figures import placement
from pages.shared.figures.quality import distribution, forest, milliseconds, pareto
from pages.shared.figures.units import amount, between, difference
from pages.shared.palette import method_look
from pages.shared.phrases import counted, percent
from pages.shared.report.bundle import portable
from pages.shared.report.examples import examples
from pages.shared.report.html import (
    document,
    drawing,
    facts,
    gallery,
    items,
    named,
    opening,
    section,
    table,
    upper,
    verdict,
    warning,
)

JUDGED = ("gaze kept", "regions whole", "human crop IoU", "boundary displacement")
REFERENCE = "center"
MOST_BOXES = 4  # on one photo
MOST_DISTRIBUTIONS = 3
LIMITS = (
    "The model predicts where people look first, for a few seconds, without a task. That is not what a picture is "
    "about, nor who in it matters.",
    "Expected gaze kept is a prediction of that same model. It favours Saliency, which crops to keep it, and proves "
    "nothing about people.",
    "Intervals are over photos: 95 % by bootstrap. Few photos give wide and rough ones, and other photos may differ.",
    "Do not let any of these methods decide alone about pictures of people.",
)


def report_html(run: Run, label: str) -> str:
    """The report of a run of the visitor's own photos. label: what the run is called."""
    manifest = portable(run.manifest, label)
    sections = [*_judged(run), *_unlabelled(run), *_times(run), *_examples(run)]
    sections += [*_skipped(manifest), *_made(manifest), *_limits()]
    return document(f"{label}: Gazecrop report", [*_head(run, manifest, label), *sections])


def _head(run: Run, manifest: Mapping[str, Any], label: str) -> Iterator[Markup]:
    photos = counted(run.boxes["image"].nunique(), "photo")
    methods = ", ".join(method_look(name).label for name in run.manifest["methods"])
    yield opening(label, f"{photos} · {manifest['date']} · {methods}")
    if not _has(run, "gaze kept"):
        yield warning(placement.NOT_ACCURACY)
        return
    method = next((name for name in run.manifest["methods"] if name != REFERENCE), REFERENCE)
    yield verdict(verdict_on(run, method).replace(f"`{method}`", method_look(method).label, 1))


def _judged(run: Run) -> Iterator[Markup]:
    """What rests on the annotations: for each metric a table and a figure; for gaze kept three."""
    for metric in JUDGED:
        if not _has(run, metric):
            continue
        board = leaderboard(run, metric, REFERENCE)
        yield section(upper(metric), f"{upper(METRICS[metric].about)}; the mean of the formats.")
        yield _board_table(board, metric)
        if len(board) > 1:
            yield drawing(forest(board, metric, REFERENCE), f"{metric}, difference to the centre crop")
        if metric == "gaze kept":
            yield from _gaze_figures(run, board)
    maps = {metric: _means(run, metric) for metric in MAP_METRICS if _has(run, metric)}
    if maps:
        yield section("Saliency maps", "Maps against the fixations, mean over photos.")
        names = dict.fromkeys(str(name) for means in maps.values() for name in means.index)
        rows = [[named(name), *(_at(means, name, metric) for metric, means in maps.items())] for name in names]
        yield table(["Map", *maps], rows)


def _gaze_figures(run: Run, board: pd.DataFrame) -> Iterator[Markup]:
    points = board[["mean", "low", "high"]].rename(columns={"mean": "quality"})
    points["milliseconds"] = _taken(run)["median"]
    yield section("Gaze kept against time")
    yield drawing(pareto(points, "gaze kept"), "gaze kept against milliseconds a photo")
    values = _values(run, "gaze kept")
    methods = [name for name in run.manifest["methods"] if name != REFERENCE and name in values]
    for method in methods[:MOST_DISTRIBUTIONS]:
        yield section(f"{method_look(method).label}: where it helps and where it harms")
        differences = (values[method] - values[REFERENCE]).dropna()
        yield drawing(distribution(differences, method, REFERENCE), f"{method}, difference of single crops")


def _unlabelled(run: Run) -> Iterator[Markup]:
    """What can be said without annotations."""
    if _has(run, placement.EXPECTED):
        expected = levels(_values(run, placement.EXPECTED)).sort_values("mean", ascending=False)
        yield section(
            "Expected gaze kept",
            "What our own model expects inside the crops: a prediction, not a measurement. Saliency comes out on top "
            "by construction.",
        )
        yield table(
            ["Method", "Expected gaze kept [95 %]"],
            [[named(str(name)), _mean(row, placement.EXPECTED)] for name, row in expected.iterrows()],
        )
        yield drawing(placement.expected(expected), "expected gaze kept by method")
    shared, moved = agreement(run.boxes), moves(run.boxes)
    if len(shared) > 1:
        yield section(
            "Agreement",
            "How much two methods' crops of the same photo overlap (intersection over union), in per cent: 100 is the "
            "same crop, 0 has nothing in common.",
        )
        yield drawing(placement.agreement(shared), "overlap of each pair of methods")
    if not moved.empty:
        yield section(
            "Distance from the centre",
            "How far each crop lies from the centre crop, in per cent of the side along which it can slide. The dashed "
            "line is the mean.",
        )
        yield drawing(placement.movement(moved), "distance from the centre by method")


def _times(run: Run) -> Iterator[Markup]:
    if not _has(run, "milliseconds"):
        return
    taken = _taken(run)
    yield section("Time", "One photo, all its formats, one thread.")
    rows = [[named(str(name)), milliseconds(row["median"]), milliseconds(row["p95"])] for name, row in taken.iterrows()]
    yield table(["Method", "Median", "95 % under"], rows)
    yield drawing(placement.times(taken), "milliseconds a photo by method")


def _examples(run: Run) -> Iterator[Markup]:
    """The photos on which the methods differ most, with their boxes; nothing once the photos are gone."""
    methods = run.manifest["methods"][:MOST_BOXES]
    found = examples(run, methods)
    if not found:
        return
    yield section("Where they differ most", "The photos, and the format of each, on which two crops overlap least.")
    yield gallery(methods, found)


def _skipped(manifest: Mapping[str, Any]) -> Iterator[Markup]:
    failed, missing = manifest["failed"], manifest["unavailable"]
    if failed or missing:
        yield section("Left out")
        reasons = [f"{row['image']}: {row['error']}" for row in failed]
        reasons += [f"{method_look(name).label}: {reason}" for name, reason in missing.items()]
        yield items(reasons)


def _made(manifest: Mapping[str, Any]) -> Iterator[Markup]:
    """How the run was made, for those who want to make it again."""
    made = {"Date": manifest["date"], "Command": manifest["command"], "Code": manifest["commit"]}
    for key, name in (("weights", "Weights"), ("data", "Photos"), ("versions", "Versions")):
        values = manifest[key]
        made[name] = ", ".join(f"{item} {value}" for item, value in values.items())
    made["Machine"] = manifest["machine"]
    yield section("How it was made")
    yield facts(made)


def _limits() -> Iterator[Markup]:
    yield section("Limits")
    yield items(LIMITS)


def _board_table(board: pd.DataFrame, metric: str) -> Markup:
    """A leaderboard: the mean, the difference to the centre crop, and for gaze kept how often it helps and harms."""
    heads = ["Method", f"{upper(metric)} [95 %]", "Difference to Centre [95 %]"]
    rows = []
    for name, row in board.iterrows():
        ends = between(metric, row["difference low"], row["difference high"], signed=True)
        change = "" if name == REFERENCE else f"{difference(metric, row['difference'])} [{ends}]"
        rows.append([named(str(name)), _mean(row, metric), change])
        if "help" in board:
            rows[-1] += [percent(row["help"]), percent(row["harm"])]
    return table([*heads, "Helps", "Harms"] if "help" in board else heads, rows)


def _mean(row: pd.Series, metric: str) -> str:
    return f"{amount(metric, row['mean'])} [{between(metric, row['low'], row['high'])}]"


def _at(means: pd.Series, name: str, metric: str) -> str:
    return amount(metric, means[name]) if name in means else ""


def _has(run: Run, metric: str) -> bool:
    return bool((run.table["metric"] == metric).any())


def _values(run: Run, metric: str) -> pd.DataFrame:
    return values_of(select(run.table, metric))


def _means(run: Run, metric: str) -> pd.Series:
    """The mean by method, the best first, datasets weighing the same."""
    means = _values(run, metric).groupby(level="dataset", observed=True).mean().mean()
    return means.sort_values(ascending=not METRICS[metric].more_is_better)


def _taken(run: Run) -> pd.DataFrame:
    """`eval.report.typical` of the milliseconds a photo, the fastest first."""
    return typical(_values(run, "milliseconds")).sort_values("median")
