"""Trained networks on disk: a graph for ONNX Runtime, the weights as safetensors, a manifest that vouches for both.

NAME.onnx is what predicts on the CPU; NAME.safetensors holds the same weights for training, for GPUs and for checking
the one against the other; NAME.json says where they come from.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load, save

FOLDER = Path(__file__).parents[1] / "weights"
HASHES = {".safetensors": "sha256", ".onnx": "onnx sha256"}  # their keys in the manifest


class WeightsError(RuntimeError):
    """The weights are missing, or are not the ones their manifest describes."""


def load_weights(name: str, folder: Path = FOLDER) -> dict[str, NDArray[np.float32]]:
    """The weights of `name` by their layer's name, as float32.

    Raises WeightsError when a file is missing or its SHA-256 differs from the manifest's.
    """
    return {key: value.astype(np.float32) for key, value in load(_checked(name, ".safetensors", folder)).items()}


def load_graph(name: str, folder: Path = FOLDER) -> bytes:
    """The network of `name` as an ONNX file's bytes. Raises WeightsError as `load_weights` does."""
    return _checked(name, ".onnx", folder)


def load_manifest(name: str, folder: Path = FOLDER) -> dict[str, Any]:
    """What is known of the weights: sha256, command, data, split, versions, scores.

    Raises WeightsError when it is missing or unreadable.
    """
    path = folder / f"{name}.json"
    try:
        return dict(json.loads(path.read_text()))
    except (OSError, ValueError) as error:
        raise WeightsError(f"cannot read the manifest {path}: {error}") from None


def save_weights(
    name: str, state: Mapping[str, NDArray[np.float32]], manifest: dict[str, Any], folder: Path = FOLDER
) -> None:
    """Write the weights, rounded to float16 (half the size, the same maps), and the manifest with their SHA-256."""
    data = save({key: np.ascontiguousarray(value, dtype=np.float16) for key, value in state.items()})
    folder.mkdir(parents=True, exist_ok=True)
    _write(name, ".safetensors", data, manifest, folder)


def save_graph(name: str, graph: bytes, folder: Path = FOLDER, manifest: dict[str, Any] | None = None) -> None:
    """Write the network for ONNX Runtime, and its SHA-256 into the manifest: that of its weights beside it, or its own
    where it has no others."""
    _write(name, ".onnx", graph, load_manifest(name, folder) if manifest is None else manifest, folder)


def _write(name: str, suffix: str, data: bytes, manifest: dict[str, Any], folder: Path) -> None:
    (folder / f"{name}{suffix}").write_bytes(data)
    manifest = manifest | {HASHES[suffix]: hashlib.sha256(data).hexdigest()}
    hashes = {key: manifest.pop(key) for key in HASHES.values() if key in manifest}
    (folder / f"{name}.json").write_text(json.dumps(hashes | manifest, indent=2) + "\n")


def _checked(name: str, suffix: str, folder: Path) -> bytes:
    manifest = load_manifest(name, folder)
    path = folder / f"{name}{suffix}"
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise WeightsError(f"no weights at {path}; restore the file from the repository") from None
    except OSError as error:
        raise WeightsError(f"cannot read the weights {path}: {error.strerror or error}") from None
    found, expected = hashlib.sha256(data).hexdigest(), str(manifest.get(HASHES[suffix], "nothing"))
    if found != expected:
        raise WeightsError(
            f"{path.name} has SHA-256 {found[:12]}..., its manifest says {expected[:12]}...; "
            "the file is damaged or of another version: restore both from the repository"
        )
    return data
