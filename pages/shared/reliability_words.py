"""Whether crops do what is said of them, in sentences of Markdown."""

from __future__ import annotations

import pandas as pd

from eval.report import POINTS
from pages.shared.phrases import percent

MARKS = (
    "Each mark: a tenth of the crops, from those of which the least is said to those of which the most is, with 95 % "
    "intervals. On the dashed line things come as said; above it more comes than was said."
)
ERRORS = (
    "**Bias**: what came less what was said, on average. **ECE**: how far the marks are from the line, on average. "
    "**MAE**: how far a single crop is off, on average, which no mark shows."
)
"""What the diagram and the errors are, for captions."""


def reliability_sentence(table: pd.DataFrame, what: str) -> str:
    """What was said of some crops and what became of them: of a middle bin for the share kept, else of the bin of which
    the most is said. table: `eval.calibration.reliability`."""
    row = table.iloc[len(table) // 2 if what == "kept" else -1]
    said, seen = (_text(row[column], what) for column in ("expected", "seen"))
    points = f"{100 * POINTS:.0f} points {'more' if what == 'help' else 'less'} than the centre crop"
    lead = {
        "kept": f"Crops said to keep **{said}** of gaze keep **{seen}** of it on average",
        "gain": f"Crops said to keep **{said}** more than the centre crop keep **{seen}** more on average",
    }.get(what, f"Of crops said to be **{said}** likely to keep {points}, **{seen}** do")
    between = " to ".join(f"{100 * row[end]:.{_PLACES[what]}f}" for end in ("low", "high"))
    return f"{lead} (95 % interval {between}): {_judgement(row)}."


_PLACES = {"kept": 0, "gain": 1, "help": 0, "harm": 0}


def _text(share: float, what: str) -> str:
    return f"{100 * share:.1f}\u00a0points" if what == "gain" else percent(share)


def _judgement(row: pd.Series) -> str:
    if row["low"] <= row["expected"] <= row["high"]:
        return "as said, as far as can be told"
    return "less than is said" if row["seen"] < row["expected"] else "more than is said"
