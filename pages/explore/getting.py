"""Where the photos of a run are not on this computer: why, and a button that fetches them."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from eval.datasets import REPOSITORIES, data_root
from eval.datasets.get import GetError, get, missing_of
from pages.shared.widgets import plain


def show_missing(reasons: Mapping[str, str]) -> None:
    """Why there are frames instead of photos, by dataset, and a button that fetches those which are public."""
    label = "The photos cannot be shown here: frames stand for them"
    with st.expander(label, expanded=True, icon=":material/hide_image:"):
        st.markdown("\n\n".join(reasons.values()))
        wanted = [name for name in reasons if name in REPOSITORIES and missing_of(name, data_root() / name)]
        if wanted and st.button("Get the photos now", key="explore-get", icon=":material/download:", type="primary"):
            _fetch(wanted)


def _fetch(names: list[str]) -> None:
    """Fetch the datasets under a bar; what came stays, also when it fails or the visitor leaves."""
    bar = st.progress(0.0)
    try:
        for name in names:
            for step in get(name):
                megabytes = f"{step.size / 1e6:.0f} of {step.of_size / 1e6:.0f} MB"
                bar.progress(step.size / step.of_size, f"{name}: {step.files} of {step.of_files} files, {megabytes}")
    except GetError as error:
        st.error(f"{plain(str(error))}.", icon=":material/cloud_off:")
        return
    st.rerun()
