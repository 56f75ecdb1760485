"""The methods that other people wrote, with which ours is compared. Adding one is a file and a line in PEERS.

A peer may need a file or a package that is not there: `load_peer` then raises PeerUnavailable, which says how to get
it, and a run goes on without that peer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Literal

from eval.peers.mass import place_most_mass
from eval.peers.spectral import SpectralResidual
from eval.peers.twitter import load_twitter
from eval.peers.vxm import VxmError
from saliency.methods import keep_photo, map_by, place_on_point
from saliency.registry import look_up
from saliency.types import Method, Place

__all__ = ["PEERS", "Peer", "PeerUnavailable", "load_peer"]


NOTHING = "nothing"


class PeerUnavailable(RuntimeError):
    """Something that the peer needs is not here; the message says what, and how to get it."""


@dataclass(frozen=True)
class Peer:
    """load: makes it. requires: what it needs beyond the app and how to get that, a phrase to follow "needs".

    prior: the weight of the centre prior that its map is mixed with, 0..1; None where there is none, or no map.
    """

    load: Callable[[], Method]
    requires: str = NOTHING
    prior: float | None = None


NETWORK = (
    "Twitter's network: set FASTGAZE_VXM to fastgaze.vxm "
    "from https://github.com/twitter-research/image-crop-analysis (bin/fastgaze.vxm)"
)
LIBVIPS = "libvips: pip install 'pyvips[binary]'"
SMARTCROP = "smartcrop.py: pip install smartcrop"

TWITTER_PRIOR, SPECTRAL_PRIOR = 0.55, 0.55
"""The weight of the centre prior with which each map's windows keep the most gaze on val: `python -m eval prior`."""


def load_peer(name: str) -> Method:
    """A peer by its name.

    Raises ValueError, with the names there are, for an unknown one; PeerUnavailable where it lacks what it needs.
    """
    peer = look_up("peer", name, PEERS)
    try:
        return peer.load()
    except (ImportError, OSError, VxmError) as error:  # no package; no library or file; another file
        raise PeerUnavailable(f"{name} needs {peer.requires} ({error})") from error


def _twitter(name: str, place: Place) -> Callable[[], Method]:
    return lambda: Method(name, "twitter-2018", load_twitter().look, place)


# Packages that may be missing are imported only when the peer is asked for.
def _vips(interesting: Literal["attention", "entropy"]) -> Method:
    from eval.peers.vips import place_by_vips

    return Method(f"vips-{interesting}", "photo", keep_photo, partial(place_by_vips, interesting))


def _smartcrop() -> Method:
    from eval.peers.smartcrop import place_by_smartcrop

    return Method("smartcrop", "photo", keep_photo, place_by_smartcrop)


def _spectral(name: str, place: Place) -> Callable[[], Method]:
    return lambda: Method(name, "spectral-residual", map_by(SpectralResidual), place)


def _mixed(make: Callable[[str, Place], Callable[[], Method]], name: str, weight: float, requires: str) -> Peer:
    """A map with the centre prior: what `gaze` has of its own."""
    return Peer(make(name, partial(place_most_mass, weight=weight)), requires, weight)


PEERS: dict[str, Peer] = {
    "twitter-2018": Peer(_twitter("twitter-2018", place_on_point), NETWORK),
    "twitter-mass": Peer(_twitter("twitter-mass", place_most_mass), NETWORK),
    "twitter-mass-prior": _mixed(_twitter, "twitter-mass-prior", TWITTER_PRIOR, NETWORK),
    "vips-attention": Peer(partial(_vips, "attention"), LIBVIPS),
    "vips-entropy": Peer(partial(_vips, "entropy"), LIBVIPS),
    "smartcrop": Peer(_smartcrop, SMARTCROP),
    "spectral-residual": Peer(_spectral("spectral-residual", place_most_mass)),
    "spectral-residual-prior": _mixed(_spectral, "spectral-residual-prior", SPECTRAL_PRIOR, NOTHING),
}
