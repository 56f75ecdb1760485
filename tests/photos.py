"""The data sets as the tests read them: each split from disk once, and nobody changes a sample."""

from __future__ import annotations

import os
from functools import cache

import pytest

from eval.datasets import Sample, load_dataset

needs_data = pytest.mark.skipif(not os.environ.get("GAZE_DATA"), reason="GAZE_DATA is not set: no datasets here")


@cache
def samples_of(name: str, split: str | None = None) -> list[Sample]:
    """As `load_dataset`."""
    return load_dataset(name, split)
