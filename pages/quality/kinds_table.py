"""The table of Scenes: kinds by methods, shaded by how good the number is."""

from __future__ import annotations

import numpy as np
import pandas as pd
from pandas.io.formats.style import Styler

from eval.report import METRICS
from pages.quality.tables import with_texts
from pages.shared.figures.theme import GOOD
from pages.shared.palette import Look

KIND, CROPS = "Kind", "Crops"
EVERY = "All kinds"
STAR = "★\u2009"
STRONGEST = 0.55  # opacity of the shade of the best that there can be
_SHADE = Look("", GOOD).rgb


def kinds_table(board: pd.DataFrame, crops: pd.Series) -> pd.DataFrame:
    """One row a kind in per cent, above them their mean; columns KIND, CROPS and the methods by name.

    board: `eval.report.by_kind`, shares, its mean first. crops: how many, by kind.
    """
    kinds = [str(kind) for kind in board.index[1:]]
    table = 100 * board.reset_index(drop=True)
    table.insert(0, KIND, [EVERY, *(kind.capitalize() for kind in kinds)])
    table[CROPS] = [int(crops.sum()), *(int(crops[kind]) for kind in kinds)]
    return table


def styled_kinds(table: pd.DataFrame, levels: pd.DataFrame, metric: str) -> Styler:
    """The table as it is shown: means with intervals, a star at the best of each kind, shades.

    table: `kinds_table`. levels: `eval.report.levels_of_scenes`.
    """
    methods = table.columns.drop([KIND, CROPS])
    more = METRICS[metric].more_is_better
    best = table[methods].max(axis=1) if more else table[methods].min(axis=1)
    is_best = table[methods].sub(best, axis=0).abs().lt(1e-6) & (table[methods].ne(0) | (not more))
    texts = pd.DataFrame(index=table.index)
    for method in methods:
        cells = [_text(table.loc[0, method], levels.loc[method]), *(_text(value) for value in table[method][1:])]
        texts[method] = [f"{STAR if star else ''}{cell}" for star, cell in zip(is_best[method], cells, strict=True)]
    shaded = table.style.apply(lambda column: [_shade(value, more) for value in column], subset=list(methods))
    return with_texts(shaded, texts)


def widths(labels: dict[str, str]) -> dict[str, int]:
    """CSS pixels that a method's column needs for its heading and its interval. labels: method -> heading."""
    return {method: max(7 * len(label) + 24, 100) for method, label in labels.items()}


def _shade(value: float, more_is_better: bool) -> str:
    if np.isnan(value):
        return ""
    good = value / 100 if more_is_better else 1 - value / 100
    red, green, blue = _SHADE
    return f"background-color: rgba({red}, {green}, {blue}, {STRONGEST * min(max(good, 0.0), 1.0):.2f})"


def _text(value: float, interval: pd.Series | None = None) -> str:
    if np.isnan(value):
        return ""
    if interval is None:
        return f"{value:.0f}"
    return f"{value:.0f} [{100 * interval['low']:.0f}, {100 * interval['high']:.0f}]"
