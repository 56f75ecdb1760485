"""The tables of calibration and of stability, cells as they are printed."""

from __future__ import annotations

import pandas as pd

from eval.calibration import SAID, errors, forecasts
from eval.harm_tables import NEVER_SEEN, OWN_SETS
from eval.runs import Run

METHOD = "gaze"
MEASURES = ("ECE", "MAE", "bias")


def calibration_table(run: Run, unseen: Run | None = None) -> pd.DataFrame:
    """One row a dataset and all, of the run and of one on what networks never saw: how far what is said of crops by
    METHOD is off, in percentage points. Without rows where nothing is said."""
    rows = []
    for place, judged in ((OWN_SETS, run), (NEVER_SEEN, unseen)):
        told = forecasts(judged, METHOD) if judged else pd.DataFrame()
        if told.empty:
            continue
        found = errors(told)
        for name, row in found.iterrows():
            points = {f"{what} {measure}": _points(row, what, measure) for what in SAID for measure in MEASURES}
            shown = {heading: text for heading, text in points.items() if text}
            rows.append({"photos, on": f"{name}, {place}", "crops": f"{row['crops']:.0f}", **shown})
    return pd.DataFrame(rows).fillna("").set_index("photos, on") if rows else pd.DataFrame()


def _points(row: pd.Series, what: str, measure: str) -> str:
    """ "1.2", a bias with its sign; "" where that is not measured."""
    value = row.get(f"{what} {measure}")
    return "" if value is None else f"{100 * value:{'+' if measure == 'bias' else ''}.1f}"


def stability_rows(moved: pd.DataFrame) -> pd.DataFrame:
    """One row a method, two columns a change: what 95 % of crops stay within, and the photos with a crop that jumps.
    moved: `eval.stability.stability_table`."""
    by_change = moved.set_index(["method", "change"])
    methods, changes = moved["method"].unique(), moved["change"].unique()
    headings = {"p95": "within", "photos that jump": "photos that jump"}
    rows = {
        method: {
            f"{change}: {heading}": f"{by_change.loc[(method, change), column]:.1%}"
            for change in changes
            for column, heading in headings.items()
        }
        for method in methods
    }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("method")
