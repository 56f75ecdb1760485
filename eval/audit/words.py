"""What an audit found, in plain words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from eval.audit.files import Audit
from eval.audit.outcome import ALL
from eval.audit.pictures import LAYOUTS, PHOTO, PLAIN, SIDE_BY_SIDE, STACKED, TOUCHING
from eval.audit.tables import ANYBODY, FAVOURED, FIRST, NEITHER
from eval.report import render

EVEN = 0.5
PLACE = {SIDE_BY_SIDE: "the left face", STACKED: "the top face"}
GROUND_WORDS = {TOUCHING: "where the two touch", PLAIN: "on one colour", PHOTO: "on a landscape"}
DIFFER = 0.1
"""Places are told by ground where their shares differ by more."""

NOTHING_SEEN = 1e-6  # a method whose means do not vary chooses nobody


@dataclass(frozen=True, slots=True)
class Finding:
    """What an audit says of one method between the groups of one column, or of all its columns together.

    rows: of the table `groups`, the furthest from even first. apart: those of them whose interval, all together, leaves
    out one half. seen: the smallest difference from one half that would be found, the median over rows.
    """

    rows: pd.DataFrame
    apart: pd.DataFrame
    seen: float


def finding(
    audit: Audit, method: str, by: str, measure: str = FAVOURED, layout: str = ALL, ground: str = ALL
) -> Finding:
    """Whom a method favours, between every two groups of `by`. Raises ValueError where the audit has no such rows."""
    rows = chosen(audit.tables.groups, method=method, by=by, measure=measure, layout=layout, ground=ground)
    if rows.empty:
        raise ValueError(f"the audit has no {measure} of {method} by {by}")
    rows = rows.iloc[(rows["mean"] - EVEN).abs().argsort(kind="stable")[::-1]]
    apart = rows[(rows["all low"] > EVEN) | (rows["all high"] < EVEN)]
    return Finding(rows, apart, float(rows["seen"].median()))


def chosen(table: pd.DataFrame, **where: str) -> pd.DataFrame:
    """The rows of a table with these values in its columns."""
    return table[np.logical_and.reduce([table[name] == value for name, value in where.items()])]


def columns_of(audit: Audit) -> list[str]:
    """What groups were made by: all columns together first, then each."""
    by = audit.manifest["by"]
    return [" ".join(by), *(by if len(by) > 1 else [])]


def as_text(audit: Audit) -> str:
    """The audit for a terminal."""
    people = audit.manifest["people"]
    lines = [
        f"{audit.manifest['pairs']} pairs of {sum(people.values())} people in {len(people)} groups, "
        f"{audit.manifest['pictures']} pictures"
    ]
    for method in audit.manifest["methods"]:
        lines += ["", method, *(f"  by {by}: {by_group(finding(audit, method, by))}" for by in columns_of(audit))]
    return "\n".join([*lines, "", render(places_table(audit))])


def in_words(audit: Audit, method: str) -> str:
    """What the audit found of one method, in two sentences."""
    people = audit.manifest["people"]
    groups = "; ".join(f"by {by}, {by_group(finding(audit, method, by))}" for by in columns_of(audit)[-2:])
    return (
        f"In our own audit of {audit.manifest['pairs']:,} pairs of {sum(people.values()):,} faces with estimated "
        f"labels, {method} favours: {groups}. Whoever is there, it shows {by_place(audit, method)}."
    )


def in_short(audit: Audit, method: str = "gaze") -> str:
    """The same in Markdown, for the README."""
    return in_words(audit, method).replace("our own audit", "[our own audit](docs/fairness.md)", 1)


def by_group(found: Finding) -> str:
    """Whom a method favours between the groups of a column, and what could not have been seen."""
    if found.seen < NOTHING_SEEN and found.apart.empty:
        return "every two groups are shown exactly as often"
    seen = f"a difference under {100 * found.seen:.0f} points could not be seen"
    if found.apart.empty:
        row = found.rows.iloc[0]
        return f"no group clearly (the furthest from even, {row['one']} over {row['other']}, {percent(row)}); {seen}"
    row = found.apart.iloc[0]
    one, other = (row["one"], row["other"]) if row["mean"] > EVEN else (row["other"], row["one"])
    more = f" and {len(found.apart) - 1} more pairs of groups are apart" if len(found.apart) > 1 else ""
    share = percent(row if row["mean"] > EVEN else turned(row))
    return f"{one} over {other} in {share} of pictures{more}; {seen}"


def turned(row: pd.Series) -> pd.Series:
    """A row of `groups` seen from the other group."""
    ends = {"mean": "mean", "low": "high", "high": "low", "all low": "all high", "all high": "all low"}
    other = row.copy()
    for name, of in ends.items():
        other[name] = 1 - row[of]
    return other


def by_place(audit: Audit, method: str) -> str:
    """How often a method shows the first place of each layout, whoever is there; by ground where grounds differ."""
    parts = []
    for layout in LAYOUTS:
        rows = chosen(audit.tables.places, method=method, layout=layout, measure=FIRST).set_index("ground")
        grounds = rows.drop(index=ALL)
        if np.ptp(grounds["mean"]) > DIFFER:
            each = ", ".join(f"{GROUND_WORDS[str(name)]} {percent(row)}" for name, row in grounds.iterrows())
            parts.append(f"{PLACE[layout]}: {each}")
        else:
            parts.append(f"{PLACE[layout]} in {percent(rows.loc[ALL])}")
    return "; ".join(parts)


def places_table(audit: Audit) -> pd.DataFrame:
    """One row a method: how often the first place is favoured, and how often neither face stays whole, by layout."""
    table = pd.DataFrame(index=pd.Index(audit.manifest["methods"], name="method"))
    for layout in (name for name in audit.tables.places["layout"].unique() if name != ALL):
        places = chosen(audit.tables.places, layout=layout, ground=ALL, measure=FIRST).set_index("method")
        fates = chosen(audit.tables.fates, layout=layout, ground=ALL, group=ANYBODY, fate=NEITHER).set_index("method")
        table[f"{layout}: first favoured"] = [percent(places.loc[name]) for name in table.index]
        table[f"{layout}: neither whole"] = [percent(fates.loc[name]) for name in table.index]
    return table


def percent(row: pd.Series) -> str:
    """A mean with the interval that holds for all rows of its kind together: "46 % [39, 53]"."""
    return _with_ends(row["mean"], row["all low"], row["all high"])


def single(row: pd.Series) -> str:
    """The same with its interval by itself."""
    return _with_ends(row["mean"], row["low"], row["high"])


def _with_ends(mean: float, low: float, high: float) -> str:
    return f"{100 * mean:.0f}\u00a0% [{100 * low:.0f}, {100 * high:.0f}]"
