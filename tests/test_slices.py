"""Slices: each picture of the synthetic dataset is of a known kind."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from eval.datasets import read_folder
from eval.slices import slices_of
from eval.types import SLICES
from saliency.image import open_image
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


@pytest.mark.parametrize("slice", ["gaze", "off centre"])
def test_without_fixations_gaze_is_unknown(tmp_path: Path, slice: str) -> None:
    sample = read_folder(write_dataset(tmp_path))[0]
    unseen = replace(sample, fixations=np.empty((0, 2)), observers=np.empty(0, int))
    assert slices_of(unseen, np.zeros((20, 40, 3), np.uint8))[slice] == "unknown"
