"""Peers on the Crop page, cached: they are shared, and their crops keyed by what a photo contains."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import streamlit as st

from pages.shared.kept import kept
from pages.shared.photo_cache import FINDINGS, LIFETIME, Sight
from pages.shared.photos import Photo
from pages.shared.turns import turn
from saliency.crop import judged
from saliency.locked import doors
from saliency.types import Aspect, Crop, Method, RgbImage

if TYPE_CHECKING:
    from eval.peers import Peer


def get_peers() -> dict[str, Peer]:
    """The registry of peers, by name."""
    from eval.peers import PEERS  # not with the page: some bring large packages, and nobody may want to compare

    return PEERS


@st.cache_resource
def get_peer(name: str) -> Method:
    """A peer, shared by all sessions: it keeps nothing of a picture. Raises PeerUnavailable."""
    from eval.peers import load_peer

    return load_peer(name)


def missing_peers() -> dict[str, str]:
    """The peers that are unavailable here, and what failed."""
    from eval.methods import load_methods

    _, missing = load_methods(get_peers(), get_peer)
    return {name: str(error.__cause__) for name, error in missing.items()}


def peer_crops(photo: Photo, names: Sequence[str], aspect: Aspect, sight: Sight) -> dict[str, Crop]:
    """The crop of each of these peers, what it keeps judged by the photo's map.

    Opens the photo at most once, in full, and not at all when everything is known. Raises PeerUnavailable.
    """
    image = functools.cache(lambda: doors.open_image(photo.data))
    crops = [_peer_crop(photo.digest, name, aspect, image) for name in names]
    return dict(zip(names, judged(crops, sight.map, sight.size), strict=True))


@kept(FINDINGS, LIFETIME, turn)
def _peer_crop(digest: str, name: str, aspect: Aspect, _image: Callable[[], RgbImage]) -> Crop:  # noqa: ARG001
    return get_peer(name).crop(_image(), [aspect])[0]
