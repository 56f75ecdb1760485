"""Methods judged on scenes: is the crop right, what does it cut, how much room does it leave."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from eval.scenes import KINDS, PER_KIND, draw_scene
from eval.scenes.cutouts import photographs
from eval.scenes.rules import judged_aspects, right, room_left, whole
from eval.scenes.types import Boxes, Scene
from eval.slices import slices_by_size
from eval.types import SCENES, Outcome, Placed, Row
from saliency.crop import window_size
from saliency.types import Aspect, Evidence, Method

HEADS = ("head",)


@dataclass(frozen=True, slots=True)
class SceneName:
    """Which scene to draw: all that a worker needs of it."""

    kind: str
    number: int
    dataset: str = SCENES

    @property
    def name(self) -> str:
        """As `Scene.name`."""
        return f"{self.kind}/{self.number:02d}"


def scene_names() -> list[SceneName]:
    """All scenes of a run, kind by kind."""
    return [SceneName(kind, number) for kind in KINDS for number in range(PER_KIND)]


def fingerprint() -> str:
    """SHA-256 over what scenes are drawn from: this package's files and photographs."""
    digest = hashlib.sha256()
    for path in (*sorted(Path(__file__).parent.rglob("*.py")), *sorted(Path(__file__).parent.glob("*.json"))):
        digest.update(path.read_bytes())
    for path in photographs():
        digest.update(path.read_bytes())
    return digest.hexdigest()


def measure_scene(name: SceneName, methods: Sequence[Method]) -> Outcome:
    """What became of one scene: rows and boxes of each method in the formats in which the scene is judged.

    Metrics: "scene right" 0 or 1. "heads cut", "objects cut": the share of the targets of the first rank that would
    fit the widest window of the shape and are not whole in the crop, of heads and of everything else. "room left": see
    `room_left`, for one that is alone.
    """
    scene = draw_scene(name.kind, name.number)
    aspects = judged_aspects(scene)
    rows: list[Row] = []
    boxes: list[Placed] = []
    seen: dict[str, Evidence] = {}
    for method in methods if aspects else ():
        if method.eye not in seen:
            seen[method.eye] = method.look(scene.image)
        for crop in method.place(seen[method.eye], scene.size, aspects):
            box = np.array([crop.box.as_list()])
            boxes.append(Placed(method.name, str(crop.aspect), crop.box.as_list()))
            answer = bool(right(scene, crop.aspect, box)[0])
            rows.append(Row(method.name, str(crop.aspect), "scene right", float(answer)))
            parts = _parts(scene, crop.aspect, box)
            rows += [Row(method.name, str(crop.aspect), metric, value) for metric, value in parts]
    return Outcome(SCENES, name.name, scene.size, slices_by_size(scene.size), rows, boxes)


def _parts(scene: Scene, aspect: Aspect, box: Boxes) -> Iterator[tuple[str, float]]:
    """What of `measure_scene` applies. A tighter crop answers for what the widest could keep: it chose to be tight."""
    width, height = window_size(scene.size, aspect)
    first = [t for t in scene.targets if t.rank == 0 and t.box.width <= width and t.box.height <= height]
    for metric, targets in (
        ("heads cut", [target for target in first if target.what in HEADS]),
        ("objects cut", [target for target in first if target.what not in HEADS]),
    ):
        if targets:
            yield metric, float(np.mean([not whole(target, box)[0] for target in targets]))
    if len(first) == 1 and sum(target.rank == 0 for target in scene.targets) == 1:
        yield "room left", float(room_left(first[0].box, box)[0])


def judge_scenes(methods: Sequence[Method], names: Sequence[SceneName] | None = None) -> pd.DataFrame:
    """Every judged crop as a row: kind, number, aspect, method, box (left, top, width, height in pixels), "scene
    right" and, where they apply, "heads cut", "objects cut" and "room left"; see `measure_scene`."""
    records = []
    for name in scene_names() if names is None else names:
        outcome = measure_scene(name, methods)
        for placed in outcome.boxes:
            values = {r.metric: r.value for r in outcome.rows if (r.method, r.aspect) == (placed.method, placed.aspect)}
            which = {"kind": name.kind, "number": name.number, "aspect": placed.aspect, "method": placed.method}
            records.append({**which, "box": tuple(placed.box), **values})
    return pd.DataFrame(records)
