"""The file of an adaptation: JSON, written by `python -m eval adapt`, read from whoever sends one."""

from __future__ import annotations

import json
import math
from collections.abc import Collection
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from saliency.adapt import Adaptation
from saliency.files.plain import open_plain
from saliency.registry import check

VERSION = 1
KIND = "gazecrop adaptation"
MOST_BYTES = 100_000  # one that we wrote has about 1,000


class AdaptationError(ValueError):
    """The file is no adaptation; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class AdaptationFile:
    """What a file says: which model's maps its numbers are for."""

    model: str
    adaptation: Adaptation


def to_json(model: str, adaptation: Adaptation, manifest: dict[str, Any]) -> str:
    """The text of a file: the numbers, and `manifest`, which says where they come from."""
    return json.dumps({KIND: VERSION, "model": model, "numbers": asdict(adaptation), **manifest}, indent=2) + "\n"


def read_adaptation(source: Path | bytes, models: Collection[str]) -> AdaptationFile:
    """A file that `python -m eval adapt` wrote, or its bytes; nothing in it is trusted. models: those there are.

    Raises AdaptationError.
    """
    content = _parsed(_bytes(source))
    version, model, numbers = content[KIND], content.get("model"), content.get("numbers")
    if version != VERSION:
        raise AdaptationError(f"this is version {_short(version)} of adaptations, and only {VERSION} is known here")
    if not isinstance(model, str) or not isinstance(numbers, dict):
        raise AdaptationError("the adaptation names no model and numbers; write it anew with python -m eval adapt")
    names = [field.name for field in fields(Adaptation)]
    if set(numbers) != set(names):
        odd = sorted(set(numbers) ^ set(names))[0]
        raise AdaptationError(f"the adaptation's numbers must be {', '.join(names)}; see {_short(odd)}")
    for name, value in numbers.items():
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise AdaptationError(f"{name} is no number: {_short(value)}")
    try:
        check("model", model[:40], models)
        return AdaptationFile(model, Adaptation(**{name: _float(value) for name, value in numbers.items()}))
    except ValueError as error:
        raise AdaptationError(str(error)) from None


def _bytes(source: Path | bytes) -> bytes:
    data = source if isinstance(source, bytes) else _beginning(source)
    if len(data) > MOST_BYTES:
        raise AdaptationError(f"the file is larger than {MOST_BYTES // 1000} kB, so it is no adaptation")
    return data


def _beginning(path: Path) -> bytes:
    """As much of a file as shows whether it is too large."""
    try:
        with open_plain(path) as file:
            return file.read(MOST_BYTES + 1)
    except OSError as error:
        raise AdaptationError(f"cannot read {path}: {error.strerror or error}") from None


def _parsed(data: bytes) -> dict[str, Any]:
    try:
        content = json.loads(data)
    except (ValueError, RecursionError):
        raise AdaptationError("the file is no JSON; adaptations are written by python -m eval adapt") from None
    if not isinstance(content, dict) or KIND not in content:
        raise AdaptationError(f'the file has no "{KIND}"; adaptations are written by python -m eval adapt')
    return content


def _float(value: float) -> float:
    """The number; one beyond all floats is as much out of range as infinity."""
    try:
        return float(value)
    except OverflowError:
        return math.inf


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:37]}..."
