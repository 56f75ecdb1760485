"""The list of series names test photos and what they were trained beside; without them a run has all the others."""

from __future__ import annotations

import csv
from pathlib import Path

from eval.__main__ import main
from eval.datasets import SPLITS_FILE
from eval.report import leaderboard
from eval.runs import RESULTS, load_run
from eval.series import series, without_series


def test_each_pair_is_of_a_test_photo_and_a_training_photo() -> None:
    with Path(SPLITS_FILE).open(newline="") as file:
        split = {(row["dataset"], row["image"]): row["split"] for row in csv.DictReader(file)}
    assert len(series()) >= 6
    for (dataset, image), other in series().items():
        assert split[dataset, image] == "test"
        assert split[dataset, other] == "train"


def test_without_them_all_others_are_there(capsys) -> None:  # type: ignore[no-untyped-def]
    run = load_run(RESULTS / "test")
    rest = without_series(run)
    left, were = (
        {(str(d), str(i)) for d, i in of.table[["dataset", "image"]].drop_duplicates().to_numpy()} for of in (rest, run)
    )
    assert were - left == set(series())
    assert len(rest.boxes) == sum((str(d), str(i)) in left for d, i in run.boxes[["dataset", "image"]].to_numpy())
    by_hand = run.table[(run.table["metric"] == "gaze kept") & (run.table["method"] == "gaze")]
    kept = [(str(r.dataset), str(r.image)) not in series() for r in by_hand.itertuples()]
    by_format = by_hand[kept].groupby(["dataset", "aspect"], observed=True)["value"].mean()
    mean = by_format.groupby(level="dataset", observed=True).mean().mean()
    assert abs(leaderboard(rest).loc["gaze", "mean"] - mean) < 1e-6
    assert main(["report", str(RESULTS / "test"), "--without-series"]) == 0
    assert f"{mean:.3f}" in capsys.readouterr().out
