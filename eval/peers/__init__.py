"""The other people's croppers that ours is compared with. Adding one is a file and a line in PEERS.

A peer may need a file or a package that is not there: `load_peer` then raises PeerUnavailable, which says how to get
it, and a run goes on without that peer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from eval.peers.mass import MassCrop
from eval.peers.spectral import SpectralResidual
from saliency.types import Method, SaliencyModel

__all__ = ["PEERS", "PEER_MODELS", "Peer", "PeerUnavailable", "load_peer", "load_peer_model"]

Loaded = TypeVar("Loaded", covariant=True)


class PeerUnavailable(RuntimeError):
    """Something that the peer needs is not here; the message says what, and how to get it."""


@dataclass(frozen=True)
class Peer(Generic[Loaded]):
    """load: makes it. requires: what it needs beyond requirements.txt and how to get that, to follow "needs"."""

    load: Callable[[], Loaded]
    requires: str = ""


NETWORK = (
    "Twitter's network: set FASTGAZE_VXM to fastgaze.vxm "
    "from https://github.com/twitter-research/image-crop-analysis (bin/fastgaze.vxm)"
)
LIBVIPS = "libvips: pip install 'pyvips[binary]'"
SMARTCROP = "smartcrop.py: pip install smartcrop"


def _twitter() -> Method:
    from eval.peers.twitter import load_twitter

    return load_twitter()


def _twitter_model() -> SaliencyModel:
    from eval.peers.twitter import load_twitter

    return load_twitter()


def _attention() -> Method:
    from eval.peers.vips import VipsCrop

    return VipsCrop("attention", "vips-attention")


def _entropy() -> Method:
    from eval.peers.vips import VipsCrop

    return VipsCrop("entropy", "vips-entropy")


def _smartcrop() -> Method:
    from eval.peers.smartcrop import SmartCrop

    return SmartCrop()


PEERS: dict[str, Peer[Method]] = {
    "twitter-2018": Peer(_twitter, NETWORK),
    "twitter-mass": Peer(lambda: MassCrop(_twitter_model(), "twitter-mass"), NETWORK),
    "vips-attention": Peer(_attention, LIBVIPS),
    "vips-entropy": Peer(_entropy, LIBVIPS),
    "smartcrop": Peer(_smartcrop, SMARTCROP),
    "spectral-residual": Peer(lambda: MassCrop(SpectralResidual(), "spectral-residual")),
}
PEER_MODELS: dict[str, Peer[SaliencyModel]] = {
    "twitter-2018": Peer(_twitter_model, NETWORK),
    "spectral-residual": Peer(SpectralResidual),
}


def load_peer(name: str) -> Method:
    """A peer's way to crop by its name.

    Raises ValueError, with the names there are, for an unknown one; PeerUnavailable where it lacks what it needs.
    """
    return _load(name, PEERS)


def load_peer_model(name: str) -> SaliencyModel:
    """The saliency map of a peer that has one. Raises as `load_peer` does."""
    return _load(name, PEER_MODELS)


def _load(name: str, peers: Mapping[str, Peer[Loaded]]) -> Loaded:
    if name not in peers:
        raise ValueError(f"unknown peer {name!r}; available: {', '.join(peers)}")
    peer = peers[name]
    try:
        return peer.load()
    except (ImportError, OSError, ValueError) as error:  # no package, no library or file, another file
        raise PeerUnavailable(f"{name} needs {peer.requires} ({error})") from error
