"""Verdicts as sentences, in Markdown, for the command line, the README and the pages."""

from __future__ import annotations

import pandas as pd

from eval.deciding import MOST
from eval.report import METRICS
from eval.verdicts import Pair, Standings, standings

ANCHORS = ("human", "oracle", "uniform")  # what methods are measured by: they take no part

ABOUT = (
    "Verdicts on each method and the next; 95 % intervals that hold for all pairs at once. A lead is turned when the "
    "other is as good or better without the photos that speak most for it."
)


def standings_of(values: pd.DataFrame, metric: str, *, by_crop: bool = False) -> Standings | None:
    """How the methods of `eval.report.values_of` stand in a metric, without the anchors; None where fewer than two
    are judged on the same photos. by_crop: as for `values_of_scenes`."""
    methods = values[[name for name in values if name not in ANCHORS and values[name].notna().any()]]
    try:
        return standings(methods, more_is_better=METRICS[metric].more_is_better, by_crop=by_crop)
    except ValueError:
        return None


def verdict_lines(values: pd.DataFrame, metric: str, *, by_crop: bool = False) -> list[str]:
    """How each method of `values_of` stands with the next, one a line, after a line that says what that means; no line
    where there are no two methods."""
    found = standings_of(values, metric, by_crop=by_crop)
    return [ABOUT, *(f"- {pair_words(pair, metric)}" for pair in found.neighbours())] if found else []


def pair_words(pair: Pair, metric: str) -> str:
    """How two methods stand: "`a` beats `b` by 1.2 points [0.8, 1.6]; …"."""
    lead = amount(metric, pair.lead)
    between = f"[{_number(metric, pair.low)}, {_number(metric, pair.high)}]"
    if pair.decided:
        return f"`{pair.better}` beats `{pair.worse}` by {lead} {between}; {_turned(pair)}."
    if pair.lead == 0:
        return f"`{pair.better}` and `{pair.worse}` are level."
    over = f"`{pair.better}` over `{pair.worse}`"
    return f"{over} is not decisive: {lead} {between}; {more_words(pair.more)}; {_turned(pair)}."


def more_words(more: int | None) -> str:
    """How many more photos would tell."""
    return (
        f"not even {MOST:,} more photos would tell"
        if more is None
        else f"about {_round(more):,} more photos would tell"
    )


def method_words(found: Standings, method: str, metric: str) -> list[str]:
    """Where one method stands among all: its rank and how many it beats; then a sentence for each of the others."""
    best, worst = found.ranks().loc[method]
    rank = f"{best}" if best == worst else f"{best} to {worst}"
    pairs = [found.pair(method, other) for other in found.names if other != method]
    others = [pair for pair in pairs if not (pair.decided and pair.better == method)]
    beaten = f"{len(pairs) - len(others)} of the {len(pairs)} others" if others else "all others"
    first = f"`{method}` ranks {rank} of {len(found.names)}, all pairs compared at once; it beats {beaten}."
    return [first, *(pair_words(pair, metric) for pair in others)]


def amount(metric: str, value: float) -> str:
    """A difference in the metric's unit: shares in points."""
    unit = "points" if METRICS[metric].unit == "share" else METRICS[metric].unit
    return f"{_number(metric, value)} {unit}".strip()


def _number(metric: str, value: float) -> str:
    scale, places = (100, 1) if METRICS[metric].unit == "share" else (1, 3)
    return f"{round(scale * value, places) + 0.0:.{places}f}"  # + 0.0: never -0.0


def _turned(pair: Pair) -> str:
    if pair.turned_by is None:
        return "leaving out photos does not turn it"
    return f"leaving out {pair.turned_by} of {pair.photos} photos turns it"


def _round(count: int) -> int:
    """To two digits: an estimate from an estimate."""
    digits = max(len(str(count)) - 2, 0)
    return round(count, -digits)
