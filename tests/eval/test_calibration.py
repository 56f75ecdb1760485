"""Reliability of made-up forecasts whose calibration is known."""

from __future__ import annotations

import pandas as pd
import pytest

from eval.calibration import errors, forecasts, reliability
from eval.report import ALL
from eval.runs import Run
from eval.types import EXPECTED, HARM_EXPECTED, HELP_EXPECTED
from tests.forecasts import made


def test_who_is_right_on_average_is_calibrated_and_still_far_off_each_time() -> None:
    table = errors(forecasts(made()))
    assert table.index.tolist() == ["crowd", "osie", ALL]
    assert table.loc[ALL, "crops"] == 600
    assert table.loc[ALL, "gain ECE"] < 0.01
    assert table.loc[ALL, "help ECE"] < 0.09  # by chance 0.045, of 60 crops a bin
    assert table.loc[ALL, "harm ECE"] == 0
    assert table.loc[ALL, "gain MAE"] == pytest.approx(0.0375, abs=0.005)  # 2 * 1/4 * 3/4 of ten points


def test_who_keeps_more_than_was_expected_is_off_by_that() -> None:
    table = errors(forecasts(made(bias=0.03)), by="aspect")
    assert table.index.tolist() == ["16:9", "1:1", ALL]
    for what in ("kept", "gain"):
        assert table.loc[ALL, f"{what} bias"] == pytest.approx(0.03, abs=0.006)
        assert table.loc[ALL, f"{what} ECE"] == pytest.approx(0.03, abs=0.01)


def test_bins_hold_equally_many_and_their_means() -> None:
    told = forecasts(made())
    table = reliability(told, "kept", bins=5)
    assert table["crops"].tolist() == [120] * 5
    assert table["expected"].is_monotonic_increasing
    by_hand = told.sort_values(("kept", "expected"), kind="stable")["kept"].iloc[:120]
    assert table.loc[0, "expected"] == pytest.approx(by_hand["expected"].mean())
    assert table.loc[0, "seen"] == pytest.approx(by_hand["seen"].mean())
    assert (table["low"] <= table["seen"]).all()
    assert (table["seen"] <= table["high"]).all()


def test_a_run_that_says_nothing_of_its_crops_has_no_forecasts() -> None:
    run = made()
    assert forecasts(run, "face").empty
    silent = Run("made", run.table[run.table["metric"] != EXPECTED], pd.DataFrame(), {})
    assert forecasts(silent).empty
    older = Run("made", run.table[~run.table["metric"].isin([HELP_EXPECTED, HARM_EXPECTED])], pd.DataFrame(), {})
    assert set(forecasts(older).columns.unique(0)) == {"kept", "gain"}
