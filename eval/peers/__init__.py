"""The other people's croppers that ours is compared with. Adding one is a file and a line in PEERS.

A peer may need a file or a package that is not there: `load_peer` then raises PeerUnavailable, which says how to get
it, and a run goes on without that peer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from eval.peers.mass import MassCrop
from eval.peers.spectral import SpectralResidual
from eval.peers.twitter import Twitter, load_twitter
from eval.peers.vxm import VxmError
from saliency.registry import look_up
from saliency.types import Method, SaliencyModel

__all__ = ["MAP_PEERS", "PEERS", "Peer", "PeerUnavailable", "load_peer"]


class PeerUnavailable(RuntimeError):
    """Something that the peer needs is not here; the message says what, and how to get it."""


@dataclass(frozen=True)
class Peer:
    """load: makes it. requires: what it needs beyond the app and how to get that, a phrase to follow "needs"."""

    load: Callable[[], Method]
    requires: str = "nothing"


NETWORK = (
    "Twitter's network: set FASTGAZE_VXM to fastgaze.vxm "
    "from https://github.com/twitter-research/image-crop-analysis (bin/fastgaze.vxm)"
)
LIBVIPS = "libvips: pip install 'pyvips[binary]'"
SMARTCROP = "smartcrop.py: pip install smartcrop"


def load_peer(name: str) -> Method:
    """A peer's way to crop by its name.

    Raises ValueError, with the names there are, for an unknown one; PeerUnavailable where it lacks what it needs.
    """
    peer = look_up("peer", name, PEERS)
    try:
        return peer.load()
    except (ImportError, OSError, VxmError) as error:  # no package; no library or file; another file
        raise PeerUnavailable(f"{name} needs {peer.requires} ({error})") from error


# Packages that may be missing are imported only when the peer is asked for.
def _attention() -> Method:
    from eval.peers.vips import VipsCrop

    return VipsCrop("attention", "vips-attention")


def _entropy() -> Method:
    from eval.peers.vips import VipsCrop

    return VipsCrop("entropy", "vips-entropy")


def _smartcrop() -> Method:
    from eval.peers.smartcrop import SmartCrop

    return SmartCrop()


def _twitter_model() -> SaliencyModel:
    peer = load_peer("twitter-2018")
    assert isinstance(peer, Twitter)
    return peer


PEERS: dict[str, Peer] = {
    "twitter-2018": Peer(load_twitter, NETWORK),
    "twitter-mass": Peer(lambda: MassCrop(load_twitter(), "twitter-mass"), NETWORK),
    "vips-attention": Peer(_attention, LIBVIPS),
    "vips-entropy": Peer(_entropy, LIBVIPS),
    "smartcrop": Peer(_smartcrop, SMARTCROP),
    "spectral-residual": Peer(lambda: MassCrop(SpectralResidual(), "spectral-residual")),
}
MAP_PEERS: dict[str, Callable[[], SaliencyModel]] = {
    "twitter-2018": _twitter_model,
    "spectral-residual": SpectralResidual,
}
"""The peers that rest on a saliency map, as saliency models; these too raise PeerUnavailable."""
