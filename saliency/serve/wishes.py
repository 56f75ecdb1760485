"""What is asked for with a photo: formats and a method, and what an answer to that depends on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from saliency import __version__
from saliency.formats import FORMATS, Format, parse_format
from saliency.methods import METHODS
from saliency.models import NETWORKS
from saliency.models.weights import load_manifest
from saliency.registry import check

USUAL_METHOD, USUAL_FORMAT = "gaze", "1:1"  # as on the command line
MOST_FORMATS = 16
MOST_LETTERS = 40  # of a format
PARTS = {"gaze-best": ("gaze", "gaze-fast"), "yunet": ("yunet", "gaze")}
"""The networks behind an eye that is not one itself; where there are none, `gaze` judges what others place."""


@dataclass(frozen=True, slots=True)
class Wish:
    """formats: 1 to 16, as they were written. method: one of METHODS."""

    formats: tuple[str, ...] = (USUAL_FORMAT,)
    method: str = USUAL_METHOD

    @property
    def targets(self) -> list[Format]:
        return [read_format(text) for text in self.formats]

    def tag(self, digest: str) -> str:
        """A strong ETag of the answer for the photo of this SHA-256."""
        settings = [__version__, digest, self.method, list(self.formats), weights_of(self.method)]
        return f'"{hashlib.sha256(json.dumps(settings).encode()).hexdigest()[:32]}"'


def read_wish(formats: Sequence[str], methods: Sequence[str]) -> Wish:
    """Raises ValueError, a sentence for whoever asked, where it cannot be met."""
    if len(formats) > MOST_FORMATS:
        raise ValueError(f"{len(formats)} formats are too many; ask for 1 to {MOST_FORMATS}")
    if len(set(methods)) > 1:
        raise ValueError("more than one method; ask for each by itself")
    for text in formats:
        read_format(text)
    method = methods[0] if methods else USUAL_METHOD
    check("method", method[:MOST_LETTERS], METHODS)
    return Wish(tuple(formats) or (USUAL_FORMAT,), method)


def read_format(text: str) -> Format:
    """A name of FORMATS, or a shape or an exact size as `parse_format` reads it. Raises ValueError."""
    if text in FORMATS:
        return FORMATS[text]
    if len(text) > MOST_LETTERS:
        raise ValueError(f"a format has at most {MOST_LETTERS} letters, this one {len(text)}")
    try:
        return parse_format(text)
    except ValueError as error:
        raise ValueError(f"{error}; or one of {', '.join(FORMATS)}") from None


@cache
def weights_of(method: str) -> dict[str, str]:
    """The SHA-256 of each network that has a say in what a method answers, by its name."""
    eye = METHODS[method].eye
    names = (eye,) if eye in NETWORKS else PARTS.get(eye, ("gaze",))
    return {name: str(load_manifest(name)["onnx sha256"]) for name in names}
