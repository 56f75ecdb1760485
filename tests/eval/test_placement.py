"""Where crops lie: against pixels counted one by one, and the crops of the synthetic scenes, which are known."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.placement import agreement, moves, overlaps
from eval.runs import BOX_COLUMNS
from saliency.crop import center_window, window_size
from saliency.types import Aspect

SIZES = ((40, 30), (30, 41), (25, 25))
ASPECTS = ("1:1", "16:9", "9:16", "3:1")


def boxes_of(rows: list[tuple[object, ...]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(BOX_COLUMNS))


@st.composite
def runs(draw: st.DrawFn) -> pd.DataFrame:
    """Crops of three methods on three photos of two datasets: the centre's, and two that slide anywhere."""
    rows: list[tuple[object, ...]] = []
    for number, size in enumerate(SIZES):
        for text in ASPECTS:
            aspect = Aspect.parse(text)
            width, height = window_size(size, aspect)
            for method in ("center", "one", "two"):
                box = center_window(size, aspect)
                left, top = box.left, box.top
                if method != "center":
                    left, top = draw(st.integers(0, size[0] - width)), draw(st.integers(0, size[1] - height))
                rows.append((f"set{number % 2}", f"{number}.jpg", method, text, *size, left, top, width, height))
    return boxes_of(rows)


def mask(row: pd.Series) -> np.ndarray:
    pixels = np.zeros((row["image height"], row["image width"]), bool)
    pixels[row["top"] : row["top"] + row["height"], row["left"] : row["left"] + row["width"]] = True
    return pixels


def literal(boxes: pd.DataFrame, one: str, other: str) -> pd.Series:
    """Intersection over union by counting pixels, by dataset, image and aspect."""
    found = {}
    for key, rows in boxes.groupby(["dataset", "image", "aspect"]):
        rows = rows.set_index("method")
        a, b = mask(rows.loc[one]), mask(rows.loc[other])
        found[key] = (a & b).sum() / (a | b).sum()
    return pd.Series(found)


@settings(max_examples=10, deadline=None)  # each is 36 crops
@given(boxes=runs())
def test_overlaps_are_what_counting_pixels_gives(boxes: pd.DataFrame) -> None:
    found, shared = overlaps(boxes), agreement(boxes)
    for one, other in combinations(("center", "one", "two"), 2):
        expected = literal(boxes, one, other)
        np.testing.assert_allclose(found[one, other], expected.reindex(found.index))
        by_dataset = expected.groupby(level=[0, 2]).mean().groupby(level=0).mean()
        assert shared.loc[one, other] == shared.loc[other, one] == pytest.approx(by_dataset.mean())
    assert (np.diag(shared) == 1).all()


@settings(max_examples=30, deadline=None)
@given(boxes=runs())
def test_moves_are_distances_between_middles(boxes: pd.DataFrame) -> None:
    found = moves(boxes)
    assert (found["center"] == 0).all()
    assert found.to_numpy().min() >= 0
    assert found.to_numpy().max() < 0.5 + 1e-9
    for row in boxes.itertuples(index=False):
        values = dict(zip(BOX_COLUMNS, row, strict=True))
        width, height = values["image width"], values["image height"]
        centre = center_window((width, height), Aspect.parse(values["aspect"]))
        x, y = values["left"] + values["width"] / 2, values["top"] + values["height"] / 2
        free = abs(x - centre.center[0]) / width if values["width"] < width else abs(y - centre.center[1]) / height
        place = (values["dataset"], values["image"], values["aspect"])
        assert found.loc[place, values["method"]] == pytest.approx(free)


def test_known_places() -> None:
    rows: list[tuple[object, ...]] = [
        ("folder", "a.jpg", "center", "1:1", 400, 200, 100, 0, 200, 200),
        ("folder", "a.jpg", "left", "1:1", 400, 200, 0, 0, 200, 200),
        ("folder", "a.jpg", "right", "1:1", 400, 200, 200, 0, 200, 200),
    ]
    assert moves(boxes_of(rows)).iloc[0].to_dict() == {"center": 0, "left": 0.25, "right": 0.25}
    shared = agreement(boxes_of(rows))
    assert shared.loc["left", "right"] == 0
    assert shared.loc["left", "center"] == pytest.approx(1 / 3)


def test_a_method_that_lacks_crops_is_compared_where_it_has_some() -> None:
    rows: list[tuple[object, ...]] = [
        ("folder", name, method, "1:1", 40, 20, left, 0, 20, 20)
        for name, method, left in (("a", "one", 0), ("a", "two", 0), ("b", "one", 20), ("b", "three", 0))
    ]
    shared = agreement(boxes_of(rows))
    assert shared.loc["one", "two"] == 1
    assert shared.loc["one", "three"] == 0
    assert np.isnan(shared.loc["two", "three"])
    assert np.isnan(moves(boxes_of(rows)).loc[("folder", "b", "1:1"), "two"])


def test_one_method_or_none_has_nobody_to_agree_with() -> None:
    alone = boxes_of([("folder", "a", "one", "1:1", 40, 20, 0, 0, 20, 20)])
    assert agreement(alone).to_dict() == {"one": {"one": 1.0}}
    assert overlaps(alone).shape == (1, 0)
    nothing = boxes_of([])
    assert agreement(nothing).empty
    assert moves(nothing).empty
