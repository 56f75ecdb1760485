"""Networks judged on what each never saw: each dataset by its own network, and what is no such network refused."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from eval.__main__ import main
from eval.datasets import Sample, read_folder
from eval.runs import load_run
from eval.unseen import Unseen, never_seen_by
from saliency.image import open_image
from saliency.methods import load_method
from saliency.models.weights import FOLDER
from saliency.types import Aspect
from tests.synthetic import write_dataset

NETWORKS = {"osie": "gaze", "crowd": "gaze-nano"}  # stand in for two that never saw these


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return [left_out(tmp_path_factory.mktemp(name), name, network) for name, network in NETWORKS.items()]


def left_out(folder: Path, dataset: str, network: str) -> Path:
    """What `training --leave-out` leaves: one network, and the dataset that it never saw."""
    (folder / "gaze.onnx").write_bytes((FOLDER / f"{network}.onnx").read_bytes())
    manifest = json.loads((FOLDER / f"{network}.json").read_text())
    (folder / "gaze.json").write_text(json.dumps(manifest | {"scores": {"left out": {dataset: {}}}}))
    return folder


def test_each_dataset_is_judged_by_the_network_that_never_saw_it(
    runs: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    photos = read_folder(write_dataset(tmp_path / "photos"))

    def load(name: str, split: str) -> list[Sample]:
        of = photos[:2] if split == "train" else photos[2:3]
        return [replace(sample, dataset=name, name=f"{split} {sample.name}") for sample in of]

    monkeypatch.setattr("eval.unseen.load_dataset", load)
    command = ["unseen", *map(str, runs), "--jobs", "1", "--out", str(tmp_path / "run")]
    assert main(command) == 0
    run = load_run(tmp_path / "run")
    assert run.manifest["images"] == {"osie": 3, "crowd": 3}
    assert run.manifest["split"] == "never seen"
    assert list(run.manifest["weights"]) == ["gaze without osie", "gaze without crowd"]
    assert set(run.boxes["method"]) == {"gaze", "gaze-only", "center", "human", "oracle"}
    assert "NSS" not in set(run.table["metric"])
    placed = run.boxes.set_index(["dataset", "image", "method", "aspect"])[["left", "top", "width", "height"]]
    differ = 0
    for sample in photos[:2]:
        image, aspect = open_image(sample.path), Aspect(4, 5)
        for method in ("gaze", "gaze-only"):
            boxes = {}
            for dataset, network in NETWORKS.items():
                by_hand = replace(load_method(method), look=load_method(network).look).crop(image, [aspect])[0]
                boxes[dataset] = by_hand.box.as_list()
                assert placed.loc[dataset, f"train {sample.name}", method, "4:5"].tolist() == boxes[dataset]
            differ += boxes["osie"] != boxes["crowd"]
    assert differ > 0


def test_only_each_nth_photo(runs: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    photos = read_folder(write_dataset(tmp_path))
    monkeypatch.setattr("eval.unseen.load_dataset", lambda _, split: photos if split == "train" else [])
    assert [sample.name for sample in Unseen((runs[0],), every=2).samples()["osie"]] == [s.name for s in photos[::2]]


def test_a_network_that_saw_everything_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert never_seen_by(left_out(tmp_path, "scene", "gaze-nano")) == "scene"
    assert main(["unseen", str(FOLDER), "--out", str(tmp_path / "run")]) == 2
    assert "left out no dataset; it takes a run of --leave-out" in capsys.readouterr().err
    assert main(["unseen", str(tmp_path / "nowhere"), "--out", str(tmp_path / "run")]) == 2
    assert "cannot read the manifest" in capsys.readouterr().err
