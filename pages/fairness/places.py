"""What a place does, whoever is there: left or right, top or bottom."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from eval.audit.outcome import ALL
from eval.audit.pictures import LAYOUTS
from eval.audit.tables import ANYBODY, FIRST, FIXED, NEITHER
from eval.audit.words import PLACE, chosen, single
from pages.fairness.choice import Choice
from pages.fairness.figures import places
from pages.shared.charts import show_chart, show_download
from pages.shared.palette import method_look


def show_places(choice: Choice) -> None:
    """How often each method shows the first place, by layout and ground, and how often places alone decide."""
    for column, layout in zip(st.columns(2, gap="large"), LAYOUTS, strict=True):
        rows = chosen(choice.audit.tables.places, layout=layout, measure=FIRST)
        with column:
            st.header(f"{layout.capitalize()}: {PLACE[layout]}", anchor=False)
            st.caption(
                "How often it is the one that the crop shows more of. 50 is even; in the crop's middle both count half."
            )
            alt = "; ".join(
                f"{method_look(row['method']).label} {single(row)}" for _, row in chosen(rows, ground=ALL).iterrows()
            )
            show_chart(
                places(rows), rows, f"places-{LAYOUTS.index(layout)}", f"{PLACE[layout].capitalize()} is shown: {alt}"
            )
    st.header("What decides", anchor=False)
    st.caption(
        "Decided by place: both orders of two people favour one place, whoever is there. Neither whole: the crop keeps "
        "neither face in one piece."
    )
    table = deciding_table(choice)
    st.dataframe(table, alt="How often places decide, by method", key="fairness-table-places", hide_index=True)
    show_download(table.set_index("Method"), "places")


def deciding_table(choice: Choice) -> pd.DataFrame:
    """One row a method, cells as they are printed."""
    rows = []
    for method in choice.audit.manifest["methods"]:
        cells = {"Method": method_look(method).label}
        for layout in LAYOUTS:
            where = {"method": method, "layout": layout, "ground": choice.ground}
            fixed = chosen(choice.audit.tables.places, **where, measure=FIXED)
            neither = chosen(choice.audit.tables.fates, **where, group=ANYBODY, fate=NEITHER)
            for name, found in (("decided by place", fixed), ("neither whole", neither)):
                cells[f"{layout}: {name}"] = single(found.iloc[0]) if len(found) else ""
        rows.append(cells)
    return pd.DataFrame(rows)
