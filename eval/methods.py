"""Everything that is judged: our methods and the peers, by name."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence

from eval.peers import MAP_PEERS, PEERS, PeerUnavailable, load_peer
from saliency.methods import METHODS, load_method
from saliency.models import MODELS, load_model
from saliency.registry import check
from saliency.types import Method, SaliencyModel

NAMES: tuple[str, ...] = (*METHODS, *PEERS)


def load_croppers(names: Sequence[str]) -> tuple[list[Method], dict[str, str]]:
    """The methods of these names, and for each that is unavailable here the reason and the way to get it.

    Raises ValueError, with the names there are, for an unknown one.
    """
    for name in names:
        check("method", name, NAMES)
    found: list[Method] = []
    unavailable: dict[str, str] = {}
    for name in names:
        try:
            found.append(load_method(name) if name in METHODS else load_peer(name))
        except PeerUnavailable as error:
            unavailable[name] = str(error)
    return found, unavailable


def load_map_models(names: Sequence[str]) -> list[SaliencyModel]:
    """Those of the methods that rest on a saliency map of their own name, as models; unavailable ones left out."""
    models: list[SaliencyModel] = []
    for name in names:
        if name in MODELS:
            models.append(load_model(name))
        elif name in MAP_PEERS:
            with contextlib.suppress(PeerUnavailable):
                models.append(MAP_PEERS[name]())
    return models
