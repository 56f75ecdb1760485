"""The model card's numbers, each computed a second time with plain pandas or read from the leaderboard."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from eval import __main__ as command_line
from eval.card import (
    COMMITTED,
    OBSERVERS,
    Card,
    false_faces,
    main,
    make_card,
    missed_faces,
    report_command,
    unseen_scores,
)
from eval.readme_words import over_the_centre
from eval.report import leaderboard
from eval.runs import Run, load_run
from saliency.models.gaze_net import GazeNet
from tests.photos import needs_data, samples_of

ROOT = Path(__file__).parents[2]
MANIFEST = json.loads((ROOT / "saliency" / "weights" / "gaze.json").read_text())


@pytest.fixture(scope="module")
def card() -> Card:
    return make_card()


@pytest.fixture(scope="module")
def run() -> Run:
    return load_run(COMMITTED)


def mean_kept(table: pd.DataFrame, method: str) -> float:
    """The mean over datasets of the mean over formats of the mean over photos, the slow way."""
    rows = table[(table["metric"] == "gaze kept") & (table["method"] == method)]
    by_dataset = []
    for dataset in rows["dataset"].unique():
        here = rows[rows["dataset"] == dataset]
        by_dataset.append(np.mean([here.loc[here["aspect"] == a, "value"].mean() for a in here["aspect"].unique()]))
    return float(np.mean(by_dataset))


def photos(table: pd.DataFrame) -> int:
    return len(table[["dataset", "image"]].drop_duplicates())


def detections(table: pd.DataFrame, metric: str, method: str, dataset: str) -> pd.Series:
    chosen = (table["metric"] == metric) & (table["method"] == method) & (table["dataset"] == dataset)
    return table.loc[chosen, "value"].dropna()


def test_facts_are_those_of_the_network_and_its_files(card: Card, run: Run) -> None:
    facts = card.facts
    assert facts.parameters == sum(parameter.numel() for parameter in GazeNet(MANIFEST["variant"]).parameters())
    assert facts.weight_bytes == (ROOT / "saliency" / "weights" / "gaze.safetensors").stat().st_size
    assert facts.training == MANIFEST["data"]
    splits = pd.read_csv(ROOT / "eval" / "datasets" / "splits.csv")
    assert facts.training == splits[splits["split"] == "train"].groupby("dataset").size().to_dict()
    assert (facts.sha256, facts.date) == (MANIFEST["sha256"], MANIFEST["date"])
    before = MANIFEST["started from"]
    assert facts.commands == [
        before["started from"]["command"],
        before["command"],
        before["published by"],
        MANIFEST["command"],
        MANIFEST["published by"],
    ]
    times = run.table[(run.table["metric"] == "milliseconds") & (run.table["method"] == "gaze")]["value"]
    assert facts.milliseconds == pytest.approx(float(np.median(times)))
    assert facts.same_weights
    assert facts.licence in (ROOT / "LICENSE").read_text().splitlines()[0]


@needs_data
@pytest.mark.parametrize("name", OBSERVERS)
def test_observers_are_counted_in_the_data(name: str) -> None:
    observers = [sample.observers for sample in samples_of(name)]
    assert len(np.unique(np.concatenate(observers))) == OBSERVERS[name]


def test_scores_by_dataset(card: Card, run: Run) -> None:
    board, maps = leaderboard(run), leaderboard(run, "NSS", "centre prior")
    for name, row in card.scores.iterrows():
        here = run.table if name == "mean" else run.table[run.table["dataset"] == name]
        assert row["photos"] == photos(here)
        for method in ("gaze", "gaze-only", "center", "face", "human"):
            assert row[method] == pytest.approx(mean_kept(here, method), abs=1e-6)
            assert row[method] == pytest.approx(board.loc[method, name], abs=1e-12)
        assert row["difference"] == pytest.approx(row["gaze"] - row["center"], abs=1e-9)
        assert row["low"] < row["difference"] < row["high"]
        for column, method in {"heads cut": "gaze", "heads cut center": "center"}.items():
            cut = here[(here["metric"] == "heads cut") & (here["method"] == method) & here["value"].notna()]
            cut = cut.groupby(["dataset", "image"], observed=True)["value"].mean()
            means = cut.groupby(level="dataset", observed=True).mean()
            assert row[column] == pytest.approx(means.mean(), abs=1e-6, nan_ok=True)
        assert row["NSS"] == pytest.approx(maps.loc["gaze", name], abs=1e-12)
        assert row["NSS human"] == pytest.approx(maps.loc["human", name], abs=1e-12)
    mean = card.scores.loc["mean"]
    assert (mean["low"], mean["high"]) == tuple(board.loc["gaze", ["difference low", "difference high"]])


def test_scores_on_datasets_never_seen_are_the_manifests(card: Card) -> None:
    left_out = MANIFEST["scores"]["left out: train and val photos of a dataset, from a model that never saw it"]
    assert list(card.unseen.index) == list(left_out)
    for name, scores in left_out.items():
        row = card.unseen.loc[name]
        assert (row["gaze"], row["center"]) == (scores["gaze kept"], scores["gaze kept by the centre"])
        assert (row["NSS"], row["CC"]) == (scores["NSS"], scores["CC"])


def test_a_manifest_without_such_scores_gives_an_empty_table() -> None:
    assert unseen_scores({"scores": {"test": {}}}).empty


def test_no_face(card: Card, run: Run) -> None:
    faceless = run.table[run.table["faces"] == "none"]
    found = card.no_face
    assert (found.photos, found.total) == (photos(faceless), photos(run.table))
    for method, kept in found.kept.items():
        assert kept == pytest.approx(mean_kept(faceless, method), abs=1e-6)
    board = leaderboard(run, "gaze kept", "face", {"faces": "none"}).loc["gaze"]
    over = found.over_face
    assert (over.mean, over.low, over.high) == tuple(board[["difference", "difference low", "difference high"]])


def test_missed_faces(card: Card, run: Run) -> None:
    for detector in ("face", "face-haar"):
        recall = detections(run.table, "face recall", detector, "crowd")
        assert card.missed_faces.photos == len(recall)
        assert card.missed_faces.recall[detector].mean == pytest.approx(recall.mean(), abs=1e-6)
        assert card.missed_faces.blind[detector] == (recall == 0).sum()


def test_false_faces(card: Card, run: Run) -> None:
    found = card.false_faces
    faceless = set((ROOT / "eval" / "datasets" / f"{found.dataset}_faceless.txt").read_text().split())
    assert found.photos == len(faceless)
    scene = run.table[run.table["dataset"] == "scene"]
    assert found.scene_photos == photos(scene)
    assert found.sees == photos(scene[scene["faces"].isin(["one", "many"])])
    for detector in ("face", "face-haar"):
        empty = detections(run.table, "unlabelled detections", detector, found.dataset)
        crowd = detections(run.table, "unlabelled detections", detector, "crowd")
        assert found.found[detector] == empty.sum()
        assert found.fooled[detector] == (empty > 0).sum()
        assert found.unmatched[detector] == pytest.approx(crowd.mean(), abs=1e-6)
        assert found.crowd_photos == len(crowd)


def test_no_false_face_on_n_photos_bounds_their_share(run: Run) -> None:
    table = run.table.copy()
    rows = table["metric"] == "unlabelled detections"
    table.loc[rows & (table["method"] == "face"), "value"] = 0
    table.loc[rows & (table["method"] == "face-haar"), "value"] = 1
    found = false_faces(Run(run.name, table, run.boxes, run.manifest))
    assert (found.fooled["face"], found.fooled["face-haar"]) == (0, found.photos)
    limit = found.at_most["face"]
    assert (1 - limit) ** found.photos == pytest.approx(0.05)  # so many clean photos by luck: one in twenty
    assert limit == pytest.approx(3 / found.photos, rel=0.05)  # the rule of three
    assert np.isnan(found.at_most["face-haar"])


def test_everyday_photos_tell_of_false_faces_where_a_run_has_them(run: Run) -> None:
    rows = run.table[(run.table["metric"] == "unlabelled detections") & (run.table["dataset"] == "scene")]
    everyday = rows[rows["image"].isin(rows["image"].unique()[:5])].assign(dataset="osie", value=np.float32(2))
    rest = run.table[(run.table["metric"] != "unlabelled detections") | (run.table["dataset"] != "osie")]
    found = false_faces(Run(run.name, pd.concat([rest, everyday], ignore_index=True), run.boxes, run.manifest))
    assert (found.dataset, found.photos, found.found["face"]) == ("osie", 5, 10)


@pytest.mark.parametrize(
    ("kind", "column", "value"), [("spread", "gaze", "spread"), ("portrait", "orientation", "portrait")]
)
def test_slices(card: Card, run: Run, kind: str, column: str, value: str) -> None:
    found = getattr(card, kind)
    rows = run.table[run.table[column] == value]
    assert found.photos == photos(rows)
    assert found.kept == pytest.approx(mean_kept(rows, "gaze"), abs=1e-6)
    board = leaderboard(run, where={column: value}).loc["gaze"]
    expected = tuple(board[["difference", "difference low", "difference high"]])
    assert (found.difference.mean, found.difference.low, found.difference.high) == expected


def test_worst_photos(card: Card, run: Run) -> None:
    kept = run.table[run.table["metric"] == "gaze kept"]
    wide = kept.pivot_table(index=["dataset", "image"], columns="method", values="value", aggfunc="mean", observed=True)
    difference = (wide["gaze"] - wide["center"]).sort_values()
    assert card.worst.count == (difference < -0.005).sum()
    assert card.worst.count / card.worst.total == pytest.approx(leaderboard(run).loc["gaze", "loss"])
    assert [(dataset, image) for dataset, image, _ in card.worst.photos] == list(difference.index[:3])
    np.testing.assert_allclose([value for *_, value in card.worst.photos], difference.iloc[:3], atol=1e-6)


@pytest.mark.parametrize(
    ("options", "numbers"),
    [
        (
            {"reference": "face", "where": "faces=none"},
            lambda card: [card.no_face.kept["gaze"], card.no_face.over_face.low],
        ),
        ({"metric": "face recall"}, lambda card: [card.missed_faces.recall["face-haar"].mean]),
        (
            {"metric": "unlabelled detections", "where": "dataset=crowd"},
            lambda card: list(card.false_faces.unmatched.values()),
        ),
        ({"metric": "NSS"}, lambda card: [card.scores.loc["crowd", "NSS"]]),
        ({}, lambda card: [card.scores.loc["mean", "human"], card.scores.loc["mean", "low"]]),
    ],
)
def test_the_commands_print_the_numbers(capsys, monkeypatch, card: Card, options, numbers) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.chdir(ROOT)
    words = shlex.split(report_command(card.run, **options))
    assert words[:3] == ["python", "-m", "eval"]
    assert command_line.main(words[3:]) == 0
    printed = capsys.readouterr().out
    for number in numbers(card):
        assert f"{number:.3f}" in printed


def test_the_card_is_printed(capsys, card: Card) -> None:  # type: ignore[no-untyped-def]
    assert main([]) == 0
    printed = capsys.readouterr().out
    for text in (
        f"{card.facts.parameters:,}",
        f"{card.no_face.over_face.mean:.4f}",
        f"{card.missed_faces.recall['face'].mean:.4f}",
        f"{card.false_faces.unmatched['face']:.2f} a photo match no label",
        f"{card.unseen.loc['scene', 'center']:.3f}",
        f"{card.portrait.difference.high:.4f}",
        over_the_centre(load_run(COMMITTED)),
    ):
        assert text in printed


def test_a_run_that_is_not_there_is_an_error_with_a_way_out(capsys, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    assert main([str(tmp_path / "nowhere")]) == 2
    assert "python -m eval run" in capsys.readouterr().err


@pytest.mark.parametrize("compute", [missed_faces, false_faces])
def test_a_run_without_a_detector_says_so(run: Run, compute) -> None:  # type: ignore[no-untyped-def]
    table = run.table[run.table["method"] != "face-haar"].copy()
    table["method"] = table["method"].cat.remove_unused_categories()
    with pytest.raises(ValueError, match="no method 'face-haar'; available: face"):
        compute(Run(run.name, table, run.boxes, run.manifest))
