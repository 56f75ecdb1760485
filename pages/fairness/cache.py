"""The caches of Fairness: the committed audit by its files, and the pictures of pairs for a while."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from eval.audit.files import COMMITTED, Audit, load_audit
from pages.fairness.pairs import Card, make_cards
from pages.shared.photo_cache import LIFETIME


def get_audit(folder: Path = COMMITTED) -> Audit:
    """The audit: shared, so never to be changed. Raises RunError as `load_audit` does."""
    return _audit(str(folder), tuple(file.stat().st_mtime_ns for file in sorted(folder.glob("*"))))


@st.cache_resource(max_entries=2, ttl=LIFETIME, show_spinner="Reading the audit …")
def _audit(folder: str, stamp: tuple[int, ...]) -> Audit:  # noqa: ARG001
    return load_audit(Path(folder))


@st.cache_resource(max_entries=24, ttl=LIFETIME, show_spinner="Cropping pairs …")
def get_cards(method: str, layout: str, faces: str) -> list[Card]:
    """`make_cards`: shared, so never to be changed."""
    return make_cards(method, layout, Path(faces) if faces else None)
