"""What the README and docs/results.md say beside their tables: definitions, and sentences made from runs."""

from __future__ import annotations

import pandas as pd

from eval.metrics.crop import BENCHMARK_ASPECTS, SAME_SHAPE
from eval.report import ODD, POINTS, help_and_harm, leaderboard, select, values_of
from eval.runs import Run
from eval.series import series, without_series
from eval.verdict_words import amount, method_words, standings_of
from saliency.methods import METHODS

CENTRE = "center"
OURS = ("gaze", "gaze-only")

DEFINITIONS = (
    "**Mean**: the share of human gaze that the crop keeps, of the fixations of one half of the observers, those of "
    "odd rank; the mean over datasets of the mean over formats of the mean over photos, so that datasets weigh the "
    f"same, and formats too. The formats are {', '.join(map(str, BENCHMARK_ASPECTS))}; one within {SAME_SHAPE:.0%} "
    "of the photo's own shape is left out. In brackets 95 % intervals over photos. **Helps**, **harms**: the share "
    f"of crops that keep at least {100 * POINTS:.0f} points more gaze than the centre crop, or less. **Centre "
    "prior**: how the middle of the frame is favoured: `own` where that is part of the method, a number where we "
    "mixed so much of a Gaussian into its map, the weight that is best on val (`python -m eval prior`), `none` "
    "where it is not."
)


def verdict_text(run: Run) -> str:
    """Under the README's table: how `gaze` and `gaze-only` stand, and who else beats the centre."""
    found = standings_of(values_of(select(run.table, ODD)), ODD)
    told = [" ".join(method_words(found, name, ODD)) for name in OURS if found and name in found.names]
    about = (
        "Verdicts, with 95 % intervals that hold for all pairs of methods at once (max-t bootstrap over photos); a "
        "lead is turned when the other is as good or better without the photos that speak most for it:"
    )
    return "\n".join([about, "", *(f"- {text}" for text in [*told, over_the_centre(run)])])


def over_the_centre(run: Run) -> str:
    """Which methods of others beat the centre crop, on the whole and on each dataset."""
    values = values_of(select(run.table, ODD))
    everywhere = _beat_the_centre(values)
    parts = [f"Of what others made these beat the centre crop on the whole: {_listed(everywhere) or 'none'}"]
    for dataset in values.index.unique("dataset"):
        here = _beat_the_centre(values.xs(dataset, level="dataset", drop_level=False))
        if more := [name for name in here if name not in everywhere]:
            parts.append(f"on {dataset} also {_listed(more)}")
    return "; ".join(parts) + "."


def _beat_the_centre(values: pd.DataFrame) -> list[str]:
    found = standings_of(values, ODD)
    if found is None or CENTRE not in found.names:
        return []
    pairs = [found.pair(name, CENTRE) for name in found.names if name not in METHODS]
    return [pair.better for pair in pairs if pair.decided and pair.worse == CENTRE]


def _listed(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def series_text(run: Run, method: str = "gaze") -> str:
    """What leaving out the test photos of series changes."""
    rest = without_series(run)
    level, rest_level = (leaderboard(of).loc[method] for of in (run, rest))
    harm, rest_harm = (help_and_harm(of.table).loc[method, "harm"] for of in (run, rest))
    return (
        f"The split cuts through some series of the same street, drive or room. Without the {len(series())} test "
        f"photos of such that we found, `{method}` leads the centre by {amount(ODD, rest_level['difference'])} (with "
        f"them {amount(ODD, level['difference'])}) and harms {rest_harm:.1%} of crops ({harm:.1%})."
    )
