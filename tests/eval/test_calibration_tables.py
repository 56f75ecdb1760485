"""The printed tables of calibration and stability, and that they are left out where nothing was measured."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from eval.calibration import errors, forecasts
from eval.calibration_tables import calibration_table, stability_rows
from eval.readme import load_moves
from eval.stability import write_stability
from eval.types import EXPECTED, HARM_EXPECTED
from tests.forecasts import made

OWN, NEVER = "test photos of its own datasets", "photos of datasets it never saw"
MOVED = pd.DataFrame(
    [
        ("gaze", "mirrored", 0.001, 0.0214, 0.05),
        ("gaze", "any but mirrored", 0.002, 0.031, 0.114),
        ("face", "mirrored", 0.0, 0.1, 0.2),
        ("face", "any but mirrored", 0.0, 0.2, 0.3),
    ],
    columns=["method", "change", "median", "p95", "photos that jump"],
)


def test_the_printed_errors_are_those_of_both_runs() -> None:
    run, unseen = made(), made(bias=-0.04)
    table = calibration_table(run, unseen)
    assert list(table.index) == [f"{name}, {place}" for place in (OWN, NEVER) for name in ("crowd", "osie", "all")]
    for place, judged in ((OWN, run), (NEVER, unseen)):
        found = errors(forecasts(judged))
        for name in ("crowd", "osie", "all"):
            row = table.loc[f"{name}, {place}"]
            assert int(row["crops"]) == found.loc[name, "crops"]
            for heading in ("kept ECE", "kept MAE", "kept bias", "gain MAE", "help ECE", "harm bias"):
                assert float(row[heading]) == pytest.approx(100 * found.loc[name, heading], abs=0.051)
    assert float(table.loc[f"all, {NEVER}", "kept bias"]) < -3


def test_what_a_run_does_not_say_is_left_out() -> None:
    run = made()

    def without(metric: str) -> pd.DataFrame:
        return calibration_table(replace(run, table=run.table[run.table["metric"] != metric]))

    assert len(calibration_table(run)) == 3
    assert without(EXPECTED).empty
    assert [heading for heading in without(HARM_EXPECTED) if heading.startswith("harm")] == []


def test_a_method_s_jumps_are_a_row() -> None:
    table = stability_rows(MOVED)
    assert list(table.index) == ["gaze", "face"]
    assert table.loc["gaze"].to_dict() == {
        **{"mirrored: within": "2.1%", "mirrored: photos that jump": "5.0%"},
        **{"any but mirrored: within": "3.1%", "any but mirrored: photos that jump": "11.4%"},
    }


def test_without_a_bench_of_stability_there_is_none_to_print(tmp_path: Path) -> None:
    path = tmp_path / "stability.json"
    assert load_moves(path) is None
    write_stability(MOVED, {}, "made up", path)
    found = load_moves(path)
    assert found is not None
    pd.testing.assert_frame_equal(found, MOVED)
