"""Trained weights on disk: a safetensors file and a manifest that vouches for it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load, save
from torch import Tensor

FOLDER = Path(__file__).parents[1] / "weights"


class WeightsError(RuntimeError):
    """The weights are missing, or are not the ones their manifest describes."""


def load_weights(name: str, folder: Path = FOLDER) -> dict[str, Tensor]:
    """The state dict of `name`, as float32.

    Raises WeightsError when a file is missing or its SHA-256 differs from the manifest's.
    """
    manifest = load_manifest(name, folder)
    path = folder / f"{name}.safetensors"
    if not path.exists():
        raise WeightsError(f"no weights at {path}; restore the file from the repository")
    data = path.read_bytes()
    found = hashlib.sha256(data).hexdigest()
    if found != manifest["sha256"]:
        raise WeightsError(
            f"{path.name} has SHA-256 {found[:12]}..., its manifest says {manifest['sha256'][:12]}...; "
            "the file is damaged or of another version: restore both from the repository"
        )
    return {key: value.float() for key, value in load(data).items()}


def load_manifest(name: str, folder: Path = FOLDER) -> dict[str, Any]:
    """What is known of the weights: sha256, command, data, split, versions, scores.

    Raises WeightsError when it is missing or unreadable.
    """
    path = folder / f"{name}.json"
    try:
        return dict(json.loads(path.read_text()))
    except (OSError, ValueError) as error:
        raise WeightsError(f"cannot read the manifest {path}: {error}") from None


def save_weights(name: str, state: dict[str, Tensor], manifest: dict[str, Any], folder: Path = FOLDER) -> None:
    """Write the weights, rounded to float16 (half the size, the same maps), and the manifest with their SHA-256."""
    data = save({key: value.detach().half().contiguous() for key, value in state.items()})
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.safetensors").write_bytes(data)
    manifest = {"sha256": hashlib.sha256(data).hexdigest(), **manifest}
    (folder / f"{name}.json").write_text(json.dumps(manifest, indent=2) + "\n")


def best_device() -> torch.device:
    """CUDA or Apple's MPS where present, else the CPU."""
    if torch.cuda.is_available():
        return torch.device("cuda")
    return torch.device("mps" if torch.backends.mps.is_available() else "cpu")
