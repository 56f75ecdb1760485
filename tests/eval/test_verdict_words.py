"""Verdicts in words: what is decided, what is not, and by how many photos."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from eval.verdict_words import method_words, more_words, pair_words, standings_of, verdict_lines
from eval.verdicts import Pair


@pytest.fixture(scope="module")
def values() -> pd.DataFrame:
    """A clear winner, two that are told apart by nothing, and what methods are measured by."""
    rng = np.random.default_rng(8)
    photo = rng.normal(0.7, 0.1, 120)
    index = pd.MultiIndex.from_tuples([("d", f"{i}", "1:1") for i in range(120)], names=["dataset", "image", "aspect"])
    columns = {
        "good": photo + rng.normal(0.2, 0.02, 120),
        "one": photo + rng.normal(0.001, 0.02, 120),
        "two": photo + rng.normal(0.0, 0.02, 120),
    }
    return pd.DataFrame({**columns, "human": photo + 0.3, "oracle": photo + 0.4}, index=index)


def test_anchors_take_no_part(values: pd.DataFrame) -> None:
    found = standings_of(values, "gaze kept")
    assert found is not None
    assert set(found.names) == {"good", "one", "two"}
    assert standings_of(values[["one", "human"]], "gaze kept") is None
    assert verdict_lines(values[["one", "human"]], "gaze kept") == []


def test_each_pair_of_neighbours_has_its_line(values: pd.DataFrame) -> None:
    about, first, second = verdict_lines(values, "gaze kept")
    assert "hold for all pairs at once" in about
    lead = 100 * (values["good"].mean() - max(values["one"].mean(), values["two"].mean()))
    assert f"`good` beats `{max(('one', 'two'), key=lambda n: values[n].mean())}` by {lead:.1f} points [" in first
    assert "is not decisive" in second


def test_a_method_is_told_among_all(values: pd.DataFrame) -> None:
    found = standings_of(values, "gaze kept")
    assert found is not None
    (first,) = method_words(found, "good", "gaze kept")
    assert first == "`good` ranks 1 of 3, all pairs compared at once; it beats all others."
    first, beaten, unsure = method_words(found, "two", "gaze kept")
    assert first == "`two` ranks 2 to 3 of 3, all pairs compared at once; it beats 0 of the 2 others."
    assert beaten.startswith("`good` beats `two` by ")
    assert "not decisive" in unsure


def test_a_pair_in_words() -> None:
    sure = Pair("a", "b", 0.031, 0.012, 0.05, 353, 0, 60)
    assert pair_words(sure, "gaze kept") == (
        "`a` beats `b` by 3.1 points [1.2, 5.0]; leaving out 60 of 353 photos turns it."
    )
    unsure = Pair("a", "b", 0.2, -0.1, 0.5, 353, 1234, None)
    assert pair_words(unsure, "NSS") == (
        "`a` over `b` is not decisive: 0.200 deviations [-0.100, 0.500]; about 1,200 more photos would tell; "
        "leaving out photos does not turn it."
    )
    assert pair_words(Pair("a", "b", 0.0, 0.0, 0.0, 9, None, 0), "NSS") == "`a` and `b` are level."
    assert more_words(None) == "not even 10,000 more photos would tell"
    assert more_words(7) == "about 7 more photos would tell"
