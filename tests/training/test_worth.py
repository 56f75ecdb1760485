"""The table of what a head's worth costs, on photos whose answer is known."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from eval.datasets import Sample
from saliency import open_image
from saliency.models.face import detect_yunet
from training.worth import WORTHS, worth_table

PORTRAIT = Path(__file__).parents[2] / "samples" / "astronaut_eileen_collins.jpg"


def test_a_dearer_head_is_cut_less_and_who_looks_at_it_alone_loses_nothing() -> None:
    """All look at the face: what keeps the head keeps the gaze."""
    (face,) = detect_yunet(open_image(PORTRAIT))
    x, y = face.box.center
    sample = Sample("one", "portrait", PORTRAIT, (512, 512), np.array([[x, y]] * 4), np.arange(4))
    table = worth_table([sample])
    assert table["worth"].tolist() == list(WORTHS)
    cut = table["heads cut one"].tolist()
    assert cut[0] > cut[-1]
    assert table["kept one"].tolist()[-1] == 1
    assert table["harm one"].tolist() == [0] * len(WORTHS)
