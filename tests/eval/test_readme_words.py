"""Sentences beside the tables, held against the leaderboards and a run of which it is known who beats whom."""

from __future__ import annotations

import numpy as np
import pandas as pd

from eval.readme_words import DEFINITIONS, over_the_centre, series_text, verdict_text
from eval.report import POINTS, leaderboard
from eval.runs import COLUMNS, RESULTS, Run, load_run
from eval.series import without_series


def made_up() -> Run:
    """A peer that beats the centre everywhere, one that does on osie alone, one that never does."""
    rng, rows = np.random.default_rng(1), []
    for dataset in ("osie", "scene"):
        for number in range(60):
            centre = rng.normal(0.7, 0.1)
            gains = {"center": 0.0, "smartcrop": 0.2, "twitter-mass": 0.2 if dataset == "osie" else -0.2, "face": -0.1}
            for method, gain in gains.items():
                kept = centre + gain + (rng.normal(0, 0.03) if gain else 0)
                rows.append((dataset, f"{number}.jpg", method, "1:1", "gaze kept", kept, *["x"] * 5))
    return Run("made", pd.DataFrame(rows, columns=list(COLUMNS)), pd.DataFrame(), {})


def test_who_beats_the_centre_is_said_on_the_whole_and_where_it_is_so() -> None:
    text = over_the_centre(made_up())
    assert (
        text == "Of what others made these beat the centre crop on the whole: `smartcrop`; on osie also `twitter-mass`."
    )


def test_the_readme_tells_of_its_own_methods_where_a_run_has_them() -> None:
    lines = verdict_text(load_run(RESULTS / "test")).splitlines()
    assert [line[:8] for line in lines[2:4]] == ["- `gaze`", "- `gaze-"]
    assert lines[-1].startswith("- Of what others made")
    assert len(verdict_text(made_up()).splitlines()) == 3


def test_series_are_left_out_and_both_leads_told() -> None:
    run = load_run(RESULTS / "test")
    text = series_text(run)
    for of in (run, without_series(run)):
        row = leaderboard(of).loc["gaze"]
        assert f"{100 * row['difference']:.1f} points" in text
        assert f"{row['harm']:.1%}" in text


def test_what_a_table_needs_to_be_read_is_defined() -> None:
    for word in (
        "**Mean**",
        "odd rank",
        "**Helps**, **harms**",
        f"{100 * POINTS:.0f} points",
        "within 2%",
        "left out",
        "val",
    ):
        assert word in DEFINITIONS
