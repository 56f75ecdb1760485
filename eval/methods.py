"""Everything that is judged: our methods and the peers, by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from eval.peers import PEERS, PeerUnavailable, load_peer
from saliency.methods import METHODS, load_method
from saliency.registry import check
from saliency.types import Method

NAMES: tuple[str, ...] = (*METHODS, *PEERS)

OWN, NONE = "own", "none"  # of `prior_of`
_WITH_OWN = ("gaze", "gaze-fast", "gaze-nano", "gaze-best", "gaze-only")  # learned with the map


def prior_of(name: str) -> str:
    """How much of the centre prior a method's map is mixed with before it is cropped, in a word or a number.

    "own" where a pull to the middle is part of the method, "0.35" the weight where we mixed it in, "none" where there
    is no map or it is taken as it is.
    """
    weight = PEERS[name].prior if name in PEERS else None
    return OWN if name in _WITH_OWN else NONE if weight is None else f"{weight:.2f}"


def load_any(name: str) -> Method:
    """One of our methods or of the peers. Raises ValueError for an unknown one, PeerUnavailable as `load_peer` does."""
    check("method", name, NAMES)
    return load_method(name) if name in METHODS else load_peer(name)


def load_methods(
    names: Iterable[str], load: Callable[[str], Method] = load_any
) -> tuple[list[Method], dict[str, PeerUnavailable]]:
    """The methods of these names, and for each that is unavailable here the reason and the way to get it.

    Raises ValueError, with the names there are, for an unknown one.
    """
    found: list[Method] = []
    unavailable: dict[str, PeerUnavailable] = {}
    for name in names:
        try:
            found.append(load(name))
        except PeerUnavailable as error:
            unavailable[name] = error
    return found, unavailable
