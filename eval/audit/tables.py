"""The numbers of an audit, by groups, by places and by fates. No row is of one person.

Every table has the columns method, layout and ground ("all" for every one), what it is of, then: mean, pairs, low and
high (the interval of this mean by itself), all low and all high (those that hold for all rows of one method, layout,
ground and measure together), and seen (the smallest difference that would be found with these people).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations, product
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from eval.audit.intervals import Estimates, estimate
from eval.audit.judge import FATES, WHOLE
from eval.audit.outcome import ALL, Outcome, of_layout, on_ground
from eval.audit.people import Group, group_name
from eval.audit.pictures import GROUNDS, LAYOUTS, SETTINGS

FAVOURED, GAZE = "favoured", "gaze"
FIRST, FIRST_GAZE, FIXED = "first favoured", "gaze of first", "decided by place"
NEITHER = "neither whole"
ANYBODY = "anybody"
VIEWS = tuple(product((ALL, *LAYOUTS), (ALL, *GROUNDS)))
DIGITS = 4

Values = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Tables:
    """groups: by, one, other, measure: how often the one is favoured over the other, and the one's share of their gaze,
    over both orders, so that places cancel out. places: measure: how often the first place is favoured, left or top,
    and its gaze, over all people, and in how many pairs both orders favour one place. fates: group, fate: how many of a
    group's faces stay whole, are cut, are lost; and of pictures that keep neither whole."""

    groups: pd.DataFrame
    places: pd.DataFrame
    fates: pd.DataFrame


def as_tables(outcome: Outcome, by: Sequence[str]) -> Tables:
    """All numbers of an outcome; by: the columns that groups are made of."""
    return Tables(
        _table(outcome, partial(_groups, by)),
        _table(outcome, _places),
        _table(outcome, _fates),
    )


Rows = Iterator[tuple[list[dict[str, Any]], Estimates]]
RowsOf = Callable[[Outcome, int, list[int]], Rows]
"""Of an outcome, the place of a method, and those of settings."""


def _table(outcome: Outcome, rows_of: RowsOf) -> pd.DataFrame:
    frames = []
    for (column, method), view in product(enumerate(outcome.methods), VIEWS):
        for named, found in rows_of(on_ground(outcome, view[1]), column, of_layout(view[0])):
            frame = pd.DataFrame(named)
            frame.insert(0, "method", method)
            frame.insert(1, "layout", view[0])
            frame.insert(2, "ground", view[1])
            frames.append(frame.join(_numbers(found)))
    table = pd.concat([frame.dropna(subset="mean") for frame in frames], ignore_index=True)
    return table.astype({name: "category" for name in table if table[name].dtype == object})


def _numbers(found: Estimates) -> pd.DataFrame:
    columns = {
        "mean": found.mean,
        "low": found.low,
        "high": found.high,
        "all low": found.all_low,
        "all high": found.all_high,
        "seen": found.seen,
    }
    numbers = pd.DataFrame(columns).round(DIGITS)
    return numbers.assign(pairs=found.count)


def _groups(by: Sequence[str], outcome: Outcome, column: int, settings: list[int]) -> Rows:
    levels: list[tuple[str, list[Group]]] = [(" ".join(by), list(outcome.groups))]
    if len(by) > 1:
        levels += [(name, [(group[place],) for group in outcome.groups]) for place, name in enumerate(by)]
    for measure, values in ((FAVOURED, outcome.favoured), (GAZE, outcome.gaze)):
        of_one = values[:, settings, column].mean(axis=1)
        for name, groups in levels:
            named = [
                {"by": name, "one": group_name(one), "other": group_name(other), "measure": measure}
                for one, other in combinations(sorted(set(groups)), 2)
            ]
            yield named, estimate(_of_two(of_one, groups, outcome.people), outcome.people)


def _of_two(of_one: Values, groups: Sequence[Group], people: NDArray[np.int64]) -> Values:
    """(P, K) the value of the first of two groups, for every two, NaN for the pairs of others. of_one: (P,)."""
    names = sorted(set(groups))
    codes = np.array([names.index(group) for group in groups])[people]
    columns = []
    for one, other in combinations(range(len(names)), 2):
        ahead, back = ((codes == order).all(axis=1) for order in ((one, other), (other, one)))
        columns.append(np.where(ahead, of_one, np.where(back, 1 - of_one, np.nan)))
    return np.column_stack(columns)


def _places(outcome: Outcome, column: int, settings: list[int]) -> Rows:
    swapped = np.array([SETTINGS[place].swapped for place in settings])
    of_one, gaze = (values[:, settings, column] for values in (outcome.favoured, outcome.gaze))
    first, gaze_first = (np.where(swapped, 1 - values, values) for values in (of_one, gaze))
    fixed = np.abs(first[:, ~swapped] + first[:, swapped] - 1)  # 1 where both orders favour one place
    for measure, values in ((FIRST, first), (FIRST_GAZE, gaze_first), (FIXED, fixed)):
        yield [{"measure": measure}], estimate(values.mean(axis=1)[:, None], outcome.people)


def _fates(outcome: Outcome, column: int, settings: list[int]) -> Rows:
    fates = outcome.fates[:, settings, column]  # (P, settings, 2)
    groups = sorted(set(outcome.groups))
    codes = np.array([groups.index(group) for group in outcome.groups])[outcome.people]
    for rank, fate in enumerate(FATES):
        share = (fates == rank).mean(axis=1)  # (P, 2)
        columns = [share.mean(axis=1)]
        for code in range(len(groups)):
            own = codes == code
            columns.append(np.where(own.any(axis=1), (share * own).sum(axis=1), np.nan))
        named = [{"group": name, "fate": fate} for name in (ANYBODY, *map(group_name, groups))]
        yield named, estimate(np.column_stack(columns), outcome.people)
    neither = (fates != FATES.index(WHOLE)).all(axis=2).mean(axis=1)
    yield [{"group": ANYBODY, "fate": NEITHER}], estimate(neither[:, None], outcome.people)
