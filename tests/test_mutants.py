"""A wrong metric is caught: each mutant below, an axis exchanged or a bound off by one, fails the test it names."""

from __future__ import annotations

import importlib
import types
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import test_crop_metrics as crops
from tests import test_fixation_metrics as maps
from tests import test_slices as slices

BOXES = "saliency.boxes"
FIXATION, CROP, FACE, SLICES = "eval.metrics.fixation", "eval.metrics.crop", "eval.metrics.face", "eval.slices"
Check = Callable[[], None]


def agrees() -> None:
    maps.test_metrics_agree_with_pysaliency(1)


def shuffled_agrees() -> None:
    maps.test_shuffled_auc_and_information_gain_agree_with_pysaliency(1)


MUTANTS: list[tuple[str, str, str, types.ModuleType, Check]] = [
    (FIXATION, "x, y = np.asarray(fixations).astype(int).T", "y, x = np.asarray(fixations).astype(int).T % 40", maps,
     maps.test_x_is_a_column_and_y_a_row),
    (FIXATION, "x, y = (np.asarray(fixations) // stride).astype(int).T",
     "y, x = (np.asarray(fixations) // stride).astype(int).T", maps, maps.test_a_density_blurs_and_sums_to_one),
    (FIXATION, 'side="right"', 'side="left"', maps, maps.test_auc_is_the_chance_to_be_above_a_random_pixel),
    (FIXATION, "(2 * len(ordered))", "(2 * len(ordered) - 2)", maps, agrees),
    (FIXATION, "_auc(_at(saliency_map, fixations), _at(saliency_map, others))",
     "_auc(_at(saliency_map, others), _at(saliency_map, fixations))", maps, shuffled_agrees),
    (FIXATION, "- values.mean()) / deviation", ") / deviation", maps, agrees),
    (FIXATION, "np.log2(ratio)", "np.log(ratio)", maps, shuffled_agrees),
    (FIXATION, "np.asarray(saliency_map, dtype=np.float64) - np.mean(saliency_map)",
     "np.asarray(saliency_map, dtype=np.float64)", maps, agrees),
    (FIXATION, "p, q = as_density", "q, p = as_density", maps, agrees),
    (FIXATION, "np.minimum(as_density", "np.maximum(as_density", maps, agrees),
    (FIXATION, "sigma / stride", "sigma / stride + 1", maps, maps.test_a_density_blurs_and_sums_to_one),
    (CROP, "(x < box.right)", "(x <= box.right)", crops, crops.test_fixations_on_the_border_belong_to_one_side),
    (CROP, "(y >= box.top)", "(y > box.top)", crops, crops.test_fixations_on_the_border_belong_to_one_side),
    (CROP, "x, y = np.asarray(fixations).T\n    inside", "y, x = np.asarray(fixations).T\n    inside", crops,
     crops.test_x_runs_along_the_width),
    (CROP, "observers) % 2 == 0", "observers) % 2 == 1", crops, crops.test_observers_are_halved_by_rank),
    (CROP, "> SAME_SHAPE", "> 2 * SAME_SHAPE", crops, crops.test_a_format_of_the_images_own_shape_is_left_out),
    (BOXES, "np.minimum(left + width, left_2 + width_2)", "np.minimum(left + width, left_2 + width_2 - 1)", crops,
     crops.test_overlaps_agree_with_counted_pixels),
    (CROP, "(inside > 1e-9) & (inside < 1 - 1e-9)", "(inside > 1e-9)", crops, crops.test_boxes_are_whole_cut_or_lost),
    (CROP, "share_inside(box, boxes) <= 1e-9", "share_inside(box, boxes) <= 0.6", crops,
     crops.test_boxes_are_whole_cut_or_lost),
    (CROP, "share_inside(box, boxes) >= 1 - 1e-9", "share_inside(box, boxes) >= 0.5", crops,
     crops.test_boxes_are_whole_cut_or_lost),
    (BOXES, "width_2 * height_2 - shared", "width_2 * height_2", crops,
     crops.test_overlaps_agree_with_counted_pixels),
    (CROP, "/ size[1]) / 4", "/ size[0]) / 4", crops, crops.test_displacement_is_the_mean_distance_of_four_borders),
    (CROP, "HUMAN_SIGMA * size[0]", "0.4 * size[0]", crops, crops.test_the_human_window_follows_the_other_half),
    (FACE, "seen |= intersection", "seen &= intersection", crops, crops.test_faces_are_found_missed_and_invented),
    (FACE, ">= MIN_FACE", "> 0", crops, crops.test_faces_are_found_missed_and_invented),
    (FACE, "sum(not (", "sum((", crops, crops.test_faces_are_found_missed_and_invented),
    (SLICES, "if ratio > 1", "if ratio < 1", slices, slices.test_each_slice_has_its_known_value),
    (SLICES, "away.max() > OFF_CENTRE", "away.min() > OFF_CENTRE", slices, slices.test_each_slice_has_its_known_value),
    (SLICES, "< CONCENTRATED", "> CONCENTRATED", slices, slices.test_spread_gaze_labelled_faces_and_size),
    (SLICES, "min(count, 2)", "min(count, 1)", slices, slices.test_spread_gaze_labelled_faces_and_size),
    (SLICES, "pixels > LARGE", "pixels > 2 * LARGE", slices, slices.test_spread_gaze_labelled_faces_and_size),
]  # fmt: skip


@pytest.mark.parametrize(("module", "right", "wrong", "tests", "check"), MUTANTS, ids=[m[2][:40] for m in MUTANTS])
def test_a_mutant_is_caught(
    module: str,
    right: str,
    wrong: str,
    tests: types.ModuleType,
    check: Check,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    original = importlib.import_module(module)
    source = Path(str(original.__file__)).read_text()
    assert right in source, "the mutant's text is gone: write it anew"
    mutant = types.ModuleType(module)
    mutant.__dict__["__file__"] = original.__file__
    exec(compile(source.replace(right, wrong), f"{module} mutated", "exec"), mutant.__dict__)
    for name in vars(tests).keys() & vars(mutant).keys():
        if getattr(vars(mutant)[name], "__module__", None) == module:
            monkeypatch.setattr(tests, name, vars(mutant)[name])
    arguments = {"tmp_path": tmp_path} if tests is slices else {}
    with pytest.raises((AssertionError, IndexError)):
        check(**arguments)
