"""What is written down of a training run, so that it can be done again."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Mapping, Sequence
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

from eval.datasets import SPLITS_FILE, Sample
from saliency.models.weights import load_manifest

LIBRARIES = ("torch", "torchvision", "numpy", "opencv-python-headless", "pillow")


def record(
    command: str, samples: Sequence[Sample], datasets: Sequence[str], settings: Mapping[str, Any], start: Path | None
) -> dict[str, Any]:
    """Command, data, split, settings, versions and date; `start`: the run that this one went on from."""
    return {
        "command": command,
        "data": {name: sum(sample.dataset == name for sample in samples) for name in datasets},
        "split": {
            "file": f"eval/datasets/{SPLITS_FILE.name}",
            "sha256": hashlib.sha256(SPLITS_FILE.read_bytes()).hexdigest(),
            "used": "train",
        },
        "settings": dict(settings),
        "started from": load_manifest("gaze", start) if start else "ImageNet",
        "versions": {"python": platform.python_version(), **{name: version(name) for name in LIBRARIES}},
        "date": date.today().isoformat(),
    }
