"""A run as one HTML file that needs nothing else: it opens offline, on any system. Pure: text out.

Whatever comes from outside, file names and errors, is escaped; and the file's own policy forbids it to load anything.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

import pandas as pd

from eval.placement import agreement, moves
from eval.report import METRICS, leaderboard, select, values_of, verdict
from eval.runs import Run
from eval.statistics import bootstrap, by_dataset
from pages.shared.figures import placement
from pages.shared.figures.quality import distribution, forest, milliseconds, pareto
from pages.shared.figures.units import amount, between, difference
from pages.shared.palette import method_look
from pages.shared.pictures import data_url
from pages.shared.report.bundle import portable
from pages.shared.report.examples import Example, examples
from pages.shared.report.html import document, drawing, named, section, table, upper

JUDGED = ("gaze kept", "regions whole", "human crop IoU", "boundary displacement")
MAPS = ("NSS", "AUC-Judd", "sAUC", "IG", "CC", "KL", "SIM")
REFERENCE = "center"
MOST_BOXES = 4  # on one photo
MOST_DISTRIBUTIONS = 3
LIMITS = (
    "The model predicts where people look first, for a few seconds, without a task. That is not what a picture is "
    "about, nor who in it matters.",
    "Expected gaze kept is a prediction of that same model. It favours Saliency, which crops to keep it, and proves "
    "nothing about people.",
    "Intervals are over photos: 95 % by bootstrap. Few photos give wide and rough ones, and other photos may differ.",
    "Do not let any of these ways to crop decide alone about pictures of people.",
)


def report_html(run: Run, label: str) -> str:
    """The report of a run of the visitor's own photos. label: what the run is called."""
    manifest = portable(run.manifest, label)
    sections = [*_judged(run), *_unlabelled(run), *_times(run), *_examples(run)]
    sections += [*_skipped(manifest), *_made(manifest)]
    body = "\n".join([_head(run, manifest, label), *sections, _limits()])
    return document(f"{label}: Gazecrop report", body)


def _head(run: Run, manifest: Mapping[str, Any], label: str) -> str:
    photos = run.boxes["image"].nunique()
    methods = ", ".join(method_look(name).label for name in run.manifest["methods"])
    facts = f"{photos} {'photo' if photos == 1 else 'photos'} · {manifest['date']} · {methods}"
    opening = f"<h1>{escape(label)}</h1><p class='facts'>Gazecrop report · {escape(facts)}</p>"
    if not _has(run, "gaze kept"):
        return f"{opening}<p class='warning'><b>{placement.NOT_ACCURACY}</b></p>"
    method = next((name for name in run.manifest["methods"] if name != REFERENCE), REFERENCE)
    sentence = verdict(run, method).replace(f"`{method}`", method_look(method).label, 1)
    parts = escape(sentence).split("**")  # Markdown's bold: every other part
    text = "".join(f"<b>{part}</b>" if place % 2 else part for place, part in enumerate(parts))
    return f"{opening}<p class='verdict'>{text}</p>"


def _judged(run: Run) -> Iterator[str]:
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
    maps = {metric: _means(run, metric) for metric in MAPS if _has(run, metric)}
    if maps:
        yield section("Saliency maps", "Maps against the fixations, mean over photos.")
        names = dict.fromkeys(str(name) for means in maps.values() for name in means.index)
        rows = [[named(name), *(_at(means, name, metric) for metric, means in maps.items())] for name in names]
        yield table(["Map", *maps], rows)


def _gaze_figures(run: Run, board: pd.DataFrame) -> Iterator[str]:
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


def _unlabelled(run: Run) -> Iterator[str]:
    """What can be said without annotations."""
    if _has(run, placement.EXPECTED):
        levels = _levels(run, placement.EXPECTED)
        yield section(
            "Expected gaze kept",
            "What our own model expects inside the crops: a prediction, not a measurement. Saliency comes out on top "
            "by construction.",
        )
        yield table(
            ["Method", "Expected gaze kept [95 %]"],
            [[named(str(name)), _mean(row, placement.EXPECTED)] for name, row in levels.iterrows()],
        )
        yield drawing(placement.expected(levels), "expected gaze kept by method")
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


def _times(run: Run) -> Iterator[str]:
    if not _has(run, "milliseconds"):
        return
    taken = _taken(run)
    yield section("Time", "One photo, all its formats, one thread.")
    rows = [[named(str(name)), milliseconds(row["median"]), milliseconds(row["p95"])] for name, row in taken.iterrows()]
    yield table(["Method", "Median", "95 % under"], rows)
    yield drawing(placement.times(taken), "milliseconds a photo by method")


def _examples(run: Run) -> Iterator[str]:
    """The photos on which the methods differ most, with their boxes; nothing once the photos are gone."""
    methods = run.manifest["methods"][:MOST_BOXES]
    found = examples(run, methods)
    if not found:
        return
    legend = " ".join(f"<span>{named(name)}</span>" for name in methods)
    yield section("Where they differ most", "The photos, and the format of each, on which two crops overlap least.")
    yield f"<p class='legend'>{legend}</p><div class='gallery'>{''.join(_picture(example) for example in found)}</div>"


def _picture(example: Example) -> str:
    address = data_url(example.picture)
    name, aspect = escape(example.image), escape(example.aspect)
    return (
        f'<figure><img src="{address}" alt="{name} with the boxes of its {aspect} crops">'
        f"<figcaption>{name}, {aspect}: overlap {100 * example.overlap:.0f}\u00a0%</figcaption></figure>"
    )


def _skipped(manifest: Mapping[str, Any]) -> Iterator[str]:
    failed, missing = manifest["failed"], manifest["unavailable"]
    if failed or missing:
        yield section("Left out")
        items = [f"{row['image']}: {row['error']}" for row in failed]
        items += [f"{method_look(name).label}: {reason}" for name, reason in missing.items()]
        yield f"<ul>{''.join(f'<li>{escape(item)}</li>' for item in items)}</ul>"


def _made(manifest: Mapping[str, Any]) -> Iterator[str]:
    """How the run was made, for those who want to make it again."""
    facts = {"Date": manifest["date"], "Command": manifest["command"], "Code": manifest["commit"]}
    for key, name in (("weights", "Weights"), ("data", "Photos"), ("versions", "Versions")):
        values = manifest[key]
        facts[name] = ", ".join(f"{item} {value}" for item, value in values.items())
    facts["Machine"] = manifest["machine"]
    items = "".join(f"<dt>{name}</dt><dd><code>{escape(str(value))}</code></dd>" for name, value in facts.items())
    yield f"{section('How it was made')}<dl>{items}</dl>"


def _limits() -> str:
    return f"{section('Limits')}<ul>{''.join(f'<li>{escape(limit)}</li>' for limit in LIMITS)}</ul>"


def _board_table(board: pd.DataFrame, metric: str) -> str:
    """A leaderboard: the mean, the difference to the centre crop, and for gaze kept how often it helps and harms."""
    heads = ["Method", f"{upper(metric)} [95 %]", "Difference to Centre [95 %]"]
    rows = []
    for name, row in board.iterrows():
        ends = between(metric, row["difference low"], row["difference high"], signed=True)
        change = "" if name == REFERENCE else f"{difference(metric, row['difference'])} [{ends}]"
        rows.append([named(str(name)), _mean(row, metric), change])
        if "help" in board:
            rows[-1] += [f"{100 * row['help']:.0f}\u00a0%", f"{100 * row['harm']:.0f}\u00a0%"]
    return table([*heads, "Helps", "Harms"] if "help" in board else heads, rows)


def _mean(row: pd.Series, metric: str) -> str:
    return f"{amount(metric, row['mean'])} [{between(metric, row['low'], row['high'])}]"


def _at(means: pd.Series, name: str, metric: str) -> str:
    return amount(metric, means[name]) if name in means else ""


def _has(run: Run, metric: str) -> bool:
    return bool((run.table["metric"] == metric).any())


def _values(run: Run, metric: str) -> pd.DataFrame:
    return values_of(select(run.table, metric))


def _levels(run: Run, metric: str) -> pd.DataFrame:
    """One row a method, the best first: "mean", "low", "high" as in `eval.report.leaderboard`."""
    estimates = {str(name): bootstrap(by_dataset(values)) for name, values in _values(run, metric).items()}
    rows = {name: (estimate.mean, estimate.low, estimate.high) for name, estimate in estimates.items()}
    levels = pd.DataFrame.from_dict(rows, orient="index", columns=["mean", "low", "high"])
    return levels.sort_values("mean", ascending=not METRICS[metric].more_is_better)


def _means(run: Run, metric: str) -> pd.Series:
    """The mean by method, the best first, datasets weighing the same."""
    means = _values(run, metric).groupby(level="dataset", observed=True).mean().mean()
    return means.sort_values(ascending=not METRICS[metric].more_is_better)


def _taken(run: Run) -> pd.DataFrame:
    """One row a method, the fastest first: "median" and "p95" milliseconds a photo."""
    times = _values(run, "milliseconds").quantile([0.5, 0.95]).T.set_axis(["median", "p95"], axis=1)
    return times.sort_values("median")
