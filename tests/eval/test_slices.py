"""Slices: each picture of the synthetic dataset is of a known kind."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from eval.datasets import read_folder
from eval.slices import CONFIDENT, slices_of
from eval.types import SLICES
from saliency.image import open_image
from saliency.models.face import Face
from saliency.types import Box
from tests.synthetic import write_dataset


def test_each_slice_has_its_known_value(tmp_path: Path) -> None:
    samples = {sample.name: sample for sample in read_folder(write_dataset(tmp_path))}
    found = {name: slices_of(sample, open_image(sample.path)) for name, sample in samples.items()}
    assert {name: slices["orientation"] for name, slices in found.items()} == {
        **dict.fromkeys(("left.png", "middle.png", "right.png"), "landscape"),
        "album/tall top.png": "portrait",
        "album/square.png": "square",
    }
    assert {name: slices["off centre"] for name, slices in found.items()} == {
        **dict.fromkeys(("left.png", "right.png", "album/tall top.png"), "yes"),
        **dict.fromkeys(("middle.png", "album/square.png"), "no"),
    }
    assert {slices["gaze"] for slices in found.values()} == {"concentrated"}
    assert {slices["faces"] for slices in found.values()} == {"none"}
    assert {slices["size"] for slices in found.values()} == {"small"}
    assert all(set(slices) == set(SLICES) for slices in found.values())


def test_spread_gaze_labelled_faces_and_size(tmp_path: Path) -> None:
    sample = read_folder(write_dataset(tmp_path))[0]
    corners = np.array([[1.0, 1.0], [398.0, 1.0], [1.0, 198.0], [398.0, 198.0]])
    faces = np.array([[0, 0, 30, 30], [50, 0, 19, 40], [90, 0, 20, 20]], float)  # the second is too small
    spread = replace(sample, size=(400, 200), fixations=corners, observers=np.zeros(4, int), faces=faces)
    slices = slices_of(spread, np.zeros((800, 1300, 3), np.uint8))
    assert (slices["gaze"], slices["faces"], slices["size"]) == ("spread", "many", "large")
    assert slices_of(replace(spread, faces=faces[:2]), np.zeros((800, 600, 3), np.uint8))["faces"] == "one"
    assert slices_of(replace(spread, faces=faces[:0]), np.zeros((800, 600, 3), np.uint8))["size"] == "medium"


@pytest.mark.parametrize(("count", "value"), [(0, "none"), (1, "one"), (2, "many"), (5, "many")])
def test_without_labels_the_detector_counts(
    count: int, value: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sure, unsure = Face(Box(0, 0, 9, 9), CONFIDENT), Face(Box(0, 0, 9, 9), CONFIDENT - 0.1)
    monkeypatch.setattr("eval.slices.detect_yunet", lambda _: [*[sure] * count, unsure])
    sample = read_folder(write_dataset(tmp_path))[0]
    assert slices_of(sample, np.zeros((20, 40, 3), np.uint8))["faces"] == value


def test_the_spread_of_gaze_is_a_distance_not_a_count(tmp_path: Path) -> None:
    sample = read_folder(write_dataset(tmp_path))[0]
    close = np.tile([[190.0, 100.0], [210.0, 100.0]], (200, 1))
    many = replace(sample, size=(400, 200), fixations=close, observers=np.zeros(400, int))
    assert slices_of(many, np.zeros((20, 40, 3), np.uint8))["gaze"] == "concentrated"


@pytest.mark.parametrize("name", ["gaze", "off centre"])
def test_without_fixations_gaze_is_unknown(tmp_path: Path, name: str) -> None:
    sample = read_folder(write_dataset(tmp_path))[0]
    unseen = replace(sample, fixations=np.empty((0, 2)), observers=np.empty(0, int))
    assert slices_of(unseen, np.zeros((20, 40, 3), np.uint8))[name] == "unknown"
