"""What an audit found, in plain words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from eval.audit.files import Audit
from eval.audit.outcome import ALL
from eval.audit.tables import ANYBODY, FAVOURED, FIRST, NEITHER
from eval.report import render

EVEN = 0.5
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
        lines += ["", method, *(f"  {power_sentence(audit, method, by)}" for by in columns_of(audit))]
    return "\n".join([*lines, "", render(places_table(audit))])


def power_sentence(audit: Audit, method: str, by: str) -> str:
    """How even a method is between the groups of a column, and what could not have been seen."""
    found = finding(audit, method, by)
    if found.seen < NOTHING_SEEN:
        return f"by {by}: shows as much of both, always"
    furthest = found.rows.iloc[0]
    return (
        f"by {by}: {len(found.apart)} of {len(found.rows)} pairs of groups apart; the furthest, {furthest['one']} over "
        f"{furthest['other']}, in {percent(furthest)} of pictures; with these faces a difference under "
        f"{100 * found.seen:.0f} points cannot be seen"
    )


def places_table(audit: Audit) -> pd.DataFrame:
    """One row a method: how often the first place is favoured, and how often neither face stays whole, by layout."""
    table = pd.DataFrame(index=pd.Index(audit.manifest["methods"], name="method"))
    for layout in (name for name in audit.tables.places["layout"].unique() if name != ALL):
        places = chosen(audit.tables.places, layout=layout, ground=ALL, measure=FIRST).set_index("method")
        fates = chosen(audit.tables.fates, layout=layout, ground=ALL, group=ANYBODY, fate=NEITHER).set_index("method")
        table[f"{layout}: first favoured"] = [percent(places.loc[name]) for name in table.index]
        table[f"{layout}: neither whole"] = [percent(fates.loc[name]) for name in table.index]
    return table


def percent(row: pd.Series, together: bool = True) -> str:
    """A mean with its interval: "46 % [39, 53]". together: that which holds for all rows of its table."""
    low, high = (row["all low"], row["all high"]) if together else (row["low"], row["high"])
    return f"{100 * row['mean']:.0f} % [{100 * low:.0f}, {100 * high:.0f}]"
