"""The caches of Quality: scenes are drawn anew from their kind and number, and kept small for a while."""

from __future__ import annotations

import streamlit as st

from eval.scenes import draw_scene, judge
from pages.quality.scene_pictures import SceneView, view_of
from pages.shared.photo_cache import LIFETIME


@st.cache_resource(max_entries=300, ttl=LIFETIME, show_spinner="Drawing scenes …")
def get_scene(kind: str, number: int) -> SceneView:
    """The scene: shared, so never to be changed. Raises ValueError for an unknown kind."""
    return view_of(draw_scene(kind, number))


@st.cache_data(max_entries=1, ttl=LIFETIME, show_spinner=False)
def get_fingerprint() -> str:
    """`eval.scenes.judge.fingerprint`, of the scenes that are drawn now."""
    return judge.fingerprint()
