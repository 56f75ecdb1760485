"""Help and harm: by whom judged, how much of it is chance, and on photos of datasets that a network never saw."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.quality.parts import ROW_HEIGHT
from pages.shared.filters import Selection
from pages.shared.palette import method_look
from pages.shared.run_cache import get_judges, get_seen, unseen_beside


def show_harm(selection: Selection) -> None:
    """Of all photos of the run: its filters are not of these tables. Nothing of a run with one judge only."""
    tables = get_judges(selection.file)
    if tables is None:
        return
    judges, chance = tables
    st.header("Help and harm, by who judges", anchor=False)
    st.caption(
        "Of all photos. A crop helps or harms when it keeps 5 points more or less gaze than the centre crop. **Odd "
        "half**: the observers by whom the leaderboard is judged. **Even half**: the others; Human is then the best "
        "window for the odd half. **All**: each observer alike; Human is the best window for all the others. **By "
        "chance**: what one half would find harmed were each crop truly as good as the centre's. **Chance taken "
        "out**: about what countless observers would find."
    )
    ceilings = [name for name in judges if name.startswith("of the ceiling")]
    table = judges.drop(columns=ceilings).join(chance).join(judges[ceilings])
    table = table.rename(index=lambda name: method_look(str(name)).label).rename_axis("Method")
    _show(table, "Help and harm of methods by three judges, and how much of it is chance")
    unseen = unseen_beside(selection.file)
    if unseen is None:
        return
    st.header("On photos of datasets that a network never saw", anchor=False)
    st.caption(
        "Networks that learned from two of the datasets, on all train and validation photos of the third. Your own "
        "photos are more like these. Keeps: by all observers."
    )
    seen = get_seen(selection.file, unseen)
    _show(seen, "Help and harm on the datasets that a network learned from, and on those that it never saw")


def _show(table: pd.DataFrame, alt: str) -> None:
    """All its rows at once, and its headings as those of other tables."""
    named = table.fillna("").rename(columns=lambda name: str(name).capitalize())
    named = named.rename_axis(str(named.index.name).capitalize())
    st.dataframe(named, alt=alt, height=ROW_HEIGHT * (len(named) + 1) + 3)
