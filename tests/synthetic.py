"""A small dataset in the user's own layout on which every metric and slice has a known answer.

Each picture is black with a white square. Four subjects look at points inside the square, and nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

SIDE = 40


@dataclass(frozen=True)
class Scene:
    """name; size (width, height); where the square's top left is."""

    name: str
    size: tuple[int, int]
    left: int
    top: int


SCENES = (
    Scene("left.png", (400, 200), 10, 80),
    Scene("middle.png", (400, 200), 180, 80),
    Scene("right.png", (400, 200), 350, 80),
    Scene("album/tall top.png", (200, 400), 80, 10),
    Scene("album/square.png", (300, 300), 130, 130),
)


def write_dataset(root: Path, scenes: tuple[Scene, ...] = SCENES) -> Path:
    """Pictures, fixations.csv (20 a picture), boxes.csv (the square) and crops.csv (its first square)."""
    (root / "album").mkdir(parents=True)
    fixations, boxes, crops = ["image,subject,x,y"], ["image,left,top,width,height"], ["image,left,top,width,height"]
    for scene in scenes:
        width, height = scene.size
        pixels = np.zeros((height, width, 3), np.uint8)
        pixels[scene.top : scene.top + SIDE, scene.left : scene.left + SIDE] = 255
        Image.fromarray(pixels).save(root / scene.name)
        for subject in "dcba":
            for step in range(5):
                x, y = scene.left + 2 + 9 * step, scene.top + SIDE / 2
                fixations.append(f"{scene.name},{subject},{x},{y}")
        boxes.append(f"{scene.name},{scene.left},{scene.top},{SIDE},{SIDE}")
        half = min(width, height)
        crops.append(f"{scene.name},0,0,{half},{half}")
    for name, lines in (("fixations", fixations), ("boxes", boxes), ("crops", crops)):
        (root / f"{name}.csv").write_text("\n".join(lines) + "\n")
    return root
