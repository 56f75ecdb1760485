"""The samples that are drawn: the files are what the code draws, and what they show is not in the middle."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from eval.__main__ import main
from eval.drawn import DRAWN

SAMPLES = Path(__file__).parents[2] / "samples"


def test_the_files_are_what_the_command_draws(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["drawn", "--out", str(tmp_path / "new")]) == 0
    files = [Path(line) for line in capsys.readouterr().out.splitlines()]
    assert [file.name for file in files] == list(DRAWN)
    for file in files:
        with Image.open(file) as drawn, Image.open(SAMPLES / file.name) as committed:
            assert drawn.size == committed.size
            difference = np.asarray(drawn).astype(int) - np.asarray(committed).astype(int)
            assert np.abs(difference).mean() < 1


def test_beside_the_cup_is_room_and_the_slide_begins_at_its_left() -> None:
    cup, slide = (np.asarray(DRAWN[name]().convert("L")) < 200 for name in ("cup_on_white.jpg", "slide.jpg"))
    assert not cup[:, : cup.shape[1] // 2].any()
    assert cup[:, cup.shape[1] // 2 :].any()
    assert slide[:, : slide.shape[1] // 2].sum() > 1000
