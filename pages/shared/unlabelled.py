"""What can be said of photos that nobody looked at. Your data shows it, and Quality for such runs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import streamlit as st

from pages.shared.charts import show_chart
from pages.shared.figures import placement as figures
from pages.shared.figures.quality import milliseconds
from pages.shared.palette import method_look
from pages.shared.phrases import listed, percent
from pages.shared.run_cache import RunFile, get_agreement, get_levels, get_moves, get_times, open_run

MOST_NAMED = 4  # methods in one sentence
STILL = 0.01  # of the side: a crop that is nearer to the centre counts as the centre crop


def show_unlabelled(file: RunFile) -> None:
    """Expected gaze kept, agreement, movement from the centre and time; and plainly that this is no accuracy."""
    open_run(file)
    st.info(
        f"**{figures.NOT_ACCURACY}** It shows how the methods differ. Which one is better it cannot say.",
        icon=":material/visibility_off:",
    )
    left, right = st.columns(2, gap="large")
    with left:
        _show_expected(file)
        _show_times(file)
    with right:
        _show_agreement(file)
        _show_moves(file)


def _show_expected(file: RunFile) -> None:
    st.header("Expected gaze kept", anchor=False)
    levels = get_levels(file, figures.EXPECTED)
    if levels.empty:
        st.caption("Unknown: this run was made without Saliency, whose network expects it. Measure again with it.")
        return
    st.caption(
        f"The share of gaze that our model expects inside the crops, mean of the formats, with 95 % intervals over "
        f"photos. {method_look('gaze').label} comes out on top by construction: it crops to keep just this."
    )
    alt = f"Expected gaze kept by {listed(_labels(levels.index))}, with intervals"
    show_chart(figures.expected(levels), levels, "expected-gaze-kept", alt)


def _show_times(file: RunFile) -> None:
    st.header("Time", anchor=False)
    times = get_times(file)
    if times.empty:
        st.caption("This run holds no times.")
        return
    st.caption("One photo, all its formats, one thread of the server: the median, and up to what 95 % of photos take.")
    texts = [f"{method_look(str(name)).label} {milliseconds(row['median'])}" for name, row in times.iterrows()]
    show_chart(figures.times(times), times, "time", f"Median time a photo: {listed(texts)}")


def _show_agreement(file: RunFile) -> None:
    st.header("Agreement", anchor=False)
    shared = get_agreement(file)
    if len(shared) < 2:
        st.caption("Only one method was measured: there is nothing to agree with.")
        return
    st.caption(
        "How much two crops of the same photo overlap: 100 % is the same crop, 0 % has nothing in common. "
        f"{likeness(shared)}"
    )
    show_chart(figures.agreement(shared), shared, "agreement", f"Overlap of each pair of methods. {likeness(shared)}")


def _show_moves(file: RunFile) -> None:
    st.header("Distance from the centre", anchor=False)
    moved = get_moves(file)
    if moved.empty:
        st.caption("This run holds no crops.")
        return
    st.caption(f"How far each crop lies from the centre crop, in per cent of the photo's side. {stillness(moved)}")
    show_chart(figures.movement(moved), moved, "distance-from-centre", f"Distance from the centre. {stillness(moved)}")


def likeness(shared: pd.DataFrame) -> str:
    """One or two sentences: which methods are most alike, and which least.

    shared: `eval.placement.agreement`, of two methods or more.
    """
    pairs = shared.where(np.triu(np.ones(shared.shape, bool), k=1)).stack()
    most = _pair(pairs.idxmax(), pairs.max())
    if len(pairs) == 1:
        return f"{most}."
    return f"Most alike: {most}. Least: {_pair(pairs.idxmin(), pairs.min())}."


def stillness(moved: pd.DataFrame) -> str:
    """A sentence: how many crops each method leaves in the centre; of many methods the first and the last.

    moved: `eval.placement.moves`.
    """
    shares = (moved < STILL).where(moved.notna()).mean().drop("center", errors="ignore").sort_values(ascending=False)
    texts = [f"{method_look(str(name)).label} {percent(share)}" for name, share in shares.items()]
    if len(texts) > MOST_NAMED:
        texts = [f"from {texts[0]} down to {texts[-1]}"]
    return f"Crops left in the centre: {', '.join(texts)}." if texts else ""


def _pair(names: tuple[str, str], overlap: float) -> str:
    return f"{listed(_labels(names))} ({percent(overlap)})"


def _labels(names: Sequence[str]) -> list[str]:
    return [method_look(str(name)).label for name in names]
