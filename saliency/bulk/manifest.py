"""What a run is: its photos and what is done to them. It is written once, when the run begins."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

from saliency import __version__
from saliency.bulk.errors import BulkError
from saliency.bulk.recipe import Recipe
from saliency.bulk.store import Store

MANIFEST = "_manifest.json"


@dataclass(frozen=True, slots=True)
class Source:
    """Which photos were asked for, as they were typed. folder: where relative paths begin."""

    inputs: tuple[str, ...]
    folder: str
    column: str | None = None
    limit: int | None = None
    sample: int | None = None


@dataclass(frozen=True, slots=True)
class Manifest:
    """photos: how many. list_sha256: of their list. model_sha256: of what looks at them. gazecrop: its version."""

    source: Source
    recipe: Recipe
    photos: int
    list_sha256: str
    model_sha256: str
    gazecrop: str = __version__

    @property
    def folder(self) -> str:
        return self.source.folder

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"recipe": self.recipe.as_json()}


def read_manifest(store: Store) -> Manifest | None:
    """That of the run which began at a store; None where none did. Raises BulkError."""
    data = store.get(MANIFEST)
    if data is None:
        return None
    try:
        record = json.loads(data)
        source, recipe = record.pop("source"), record.pop("recipe")
        inputs = tuple(source.pop("inputs"))
        return Manifest(Source(inputs, **source), Recipe.from_json(recipe), **record)
    except (ValueError, TypeError, KeyError, AttributeError):
        raise BulkError(f"its {MANIFEST} is not one of this version; write into another folder") from None


def write_manifest(manifest: Manifest, store: Store) -> None:
    store.put(MANIFEST, json.dumps(manifest.as_json(), indent=2).encode() + b"\n")
