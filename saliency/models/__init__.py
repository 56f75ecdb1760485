"""The saliency models, by name."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial

from saliency.registry import look_up
from saliency.types import SaliencyModel


def _gaze(name: str) -> SaliencyModel:
    from saliency.models.gaze import load_gaze  # brings ONNX Runtime in: only those who predict wait for it

    return load_gaze(name)


def _best() -> SaliencyModel:
    from saliency.models.average import load_best

    return load_best()


NETWORKS = ("gaze", "gaze-fast", "gaze-nano")
"""The models that have weights of their own."""
MODELS: dict[str, Callable[[], SaliencyModel]] = {
    **{name: partial(_gaze, name) for name in NETWORKS},
    "gaze-best": _best,
}


@cache
def load_model(name: str = "gaze") -> SaliencyModel:
    """The model with its trained weights, loaded once and shared: it keeps no state between pictures.

    Raises ValueError, with the names there are, for an unknown one.
    """
    return look_up("model", name, MODELS)()
