"""Sentences of Quality, in Markdown, made from the rows of a leaderboard or a comparison."""

from __future__ import annotations

import pandas as pd

from eval.report import METRICS
from pages.quality.tables import BETTER, WORSE, headed
from pages.shared.figures.units import amount, between, difference
from pages.shared.phrases import counted, percent

FEW = 30  # photos: with fewer an interval says little


def sentence(board: pd.DataFrame, metric: str, method: str, reference: str) -> str:
    """A method's mean, how it differs from the reference and on how many photos, for any metric."""
    row, about = board.loc[method], METRICS[metric]
    mean = f"**{amount(metric, row['mean'])}**"
    has = f"takes {mean} a photo" if about.unit == "ms" else f"has {mean} {metric}"
    if method == reference or pd.isna(row["difference"]):
        interval = f"95 % interval {between(metric, row['low'], row['high'])}"
        return f"`{method}` {has} ({interval}); {_direction(metric)}."
    low, high = row["difference low"], row["difference high"]
    interval = f"95 % interval {between(metric, low, high, signed=True)}"
    change = difference(metric, row["difference"])
    if low > 0 or high < 0:
        better = (row["difference"] > 0) == about.more_is_better
        lead = f"{change} against `{reference}`, which is {'better' if better else 'worse'}"
    else:
        lead = f"no clear difference to `{reference}` ({change})"
    shares = f"better on {percent(row['win'])} of photos, worse on {percent(row['loss'])}"
    return f"`{method}` {has}: {lead} ({interval}); {shares}."


def best_sentence(levels: pd.DataFrame, metric: str, method: str) -> str:
    """A method's mean, and the best of the others. levels: "mean", "low" and "high" by method."""
    row, others = levels.loc[method], levels["mean"].drop(method)
    interval = f"95 % interval {between(metric, row['low'], row['high'])}"
    mean = f"**{amount(metric, row['mean'])}**"
    if metric == "scene right":
        text = f"`{method}` crops {mean} of drawn scenes right ({interval})."
    else:
        text = f"`{method}` has {mean} {metric} ({interval}); {_direction(metric)}."
    if others.empty:
        return text
    best = others.idxmax() if METRICS[metric].more_is_better else others.idxmin()
    return f"{text} The best of the others is `{best}` with {amount(metric, others[best])}."


def _direction(metric: str) -> str:
    return "more is better" if METRICS[metric].more_is_better else "less is better"


def about_metric(metric: str) -> str:
    """What a metric measures and which way is better: "Faces cut: labelled faces that the border cuts; …"."""
    return f"**{headed(metric)}**: {METRICS[metric].about}; {_direction(metric)}."


def few_photos(photos: int) -> str:
    """A warning where there are too few photos to tell, else ""."""
    if photos >= FEW:
        return ""
    return f"Only {counted(photos, 'photo')}: the intervals are wide, and the order of methods may be chance."


def changes_sentence(changes: pd.DataFrame, old: str, new: str) -> str:
    """How many numbers of two runs differ beyond chance. changes: of `tables.with_status`."""
    worse, better = ((changes["status"] == status).sum() for status in (WORSE, BETTER))
    of = counted(len(changes), "number")
    if not worse and not better:
        return f"From {old} to {new} **nothing changed** beyond chance, in {of}."
    return f"From {old} to {new} **{worse} got worse** and **{better} better**, of {of}; the rest may be chance."
