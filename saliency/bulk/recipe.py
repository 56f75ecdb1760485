"""What is done to each photo: the same for all of a run, and written down with it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from saliency.command.placing import USUAL, Wishes
from saliency.formats import Format, parse_format
from saliency.methods import load_method
from saliency.models.weights import load_manifest

NETWORKS_OF = {"gaze-best": ("gaze", "gaze-fast")}  # eyes that are made of others


@dataclass(frozen=True, slots=True)
class Cutting:
    """The files of crops. place: a folder or an address. kind: one of FILE_FORMATS, None: like the photo's. quality,
    keep: as in `Writing`. enlarge: whether a crop grows to an exact size."""

    place: str
    kind: str | None = None
    quality: int | None = None
    keep: str = "copyright"
    enlarge: bool = True


@dataclass(frozen=True, slots=True)
class Recipe:
    """method: its name. formats: as `format_name` writes them. strict: refuse damaged files. cutting: None where no
    crops are written."""

    method: str
    formats: tuple[str, ...]
    wishes: Wishes = field(default_factory=Wishes)
    strict: bool = False
    cutting: Cutting | None = None

    @property
    def targets(self) -> list[Format]:
        return [parse_format(text) for text in self.formats]

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"formats": list(self.formats)}

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> Recipe:
        cutting = record["cutting"] and Cutting(**record["cutting"])
        wishes = Wishes(**record["wishes"])
        return cls(record["method"], tuple(record["formats"]), wishes, record["strict"], cutting)


def format_name(target: Format) -> str:
    """What a format is called in the results: "16:9", or "1200x630" where the size is exact."""
    return target.file_part if target.pixels else str(target.aspect)


def model_hash(method: str) -> str:
    """The SHA-256 of the networks that a method looks with, of more than one that of all of theirs; of `gaze`'s for a
    method that has no saliency map, as that says what its crops keep. Raises WeightsError."""
    eye = load_method(method).eye
    names = NETWORKS_OF.get(eye, (eye,))
    hashes = [str(load_manifest(name)["onnx sha256"]) for name in names if name and name != "haar"]
    if not eye.startswith(USUAL):
        hashes.append(str(load_manifest(USUAL)["onnx sha256"]))
    return hashes[0] if len(hashes) == 1 else hashlib.sha256("".join(hashes).encode()).hexdigest()
