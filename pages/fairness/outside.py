"""What others published, beside ours."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from eval.audit.outside import OURS_DIFFERS, Grids, beside_twitter, confound_sentence, load_grids
from eval.audit.words import single
from pages.fairness.choice import Choice
from pages.fairness.figures import grid_parts
from pages.shared.charts import show_chart, show_download
from pages.shared.palette import method_look
from pages.shared.phrases import percent

AUDIT = "https://doi.org/10.1145/3479594"
GRIDS = "https://github.com/vinayprabhu/Saliency_Image_Cropping"
TWITTER = "twitter-2018"


def show_outside(choice: Choice) -> None:
    """Twitter's own audit, and the grids given to Twitter, Google and Apple."""
    left, right = st.columns(2, gap="large")
    with left:
        st.header("Twitter's own audit", anchor=False)
        st.caption(f"How often the first of two is favoured. [Yee, Tantipongpipat & Mishra, 2021]({AUDIT}).")
        table = twitter_table(choice)
        if table.empty:
            st.markdown("This audit has not the groups that Twitter compared.")
        else:
            st.dataframe(table, alt="Twitter's figures beside ours", key="fairness-table-twitter", hide_index=True)
            show_download(table.set_index("Pair"), "twitter")
        st.markdown(OURS_DIFFERS)
    with right:
        st.header("Three services on 3,000 grids", anchor=False)
        st.caption(
            f"A face on top, white in the middle, a face at the bottom. [Birhane, Prabhu & Whaley, 2022]({GRIDS}), "
            "counted anew from the published coordinates: `python -m eval outside`."
        )
        grids = load_grids()
        if grids is None:
            st.markdown("The published table was not counted here.")
        else:
            _show_grids(grids)


def _show_grids(grids: Grids) -> None:
    table = pd.DataFrame(grids.kept).T.rename_axis("service")
    alt = "; ".join(
        f"{name} keeps " + ", ".join(f"the {p} {n}" for p, n in of.items()) for name, of in grids.kept.items()
    )
    show_chart(grid_parts(grids), table, "grids", alt)
    always = [
        f"{group} {of['top']:,} times on top and {of['bottom']:,} at the bottom" for group, of in grids.places.items()
    ]
    st.markdown(
        f"**What everybody missed:** {confound_sentence(grids)} {'; '.join(always)} (B, W: Black, White; F, M)."
    )


def twitter_table(choice: Choice) -> pd.DataFrame:
    """One row a comparison that Twitter published, cells as they are printed."""
    methods = [name for name in dict.fromkeys((TWITTER, choice.method)) if name in choice.audit.manifest["methods"]]
    found = {name: beside_twitter(choice.audit, name) for name in methods}
    rows: dict[str, dict[str, str]] = {}
    for name, table in found.items():
        for _, row in table.iterrows():
            pair = f"{row['one']} / {row['other']}"
            cells = rows.setdefault(pair, {"Pair": pair, "Twitter, published": percent(row["published"])})
            cells[f"{method_look(name).label}, here"] = single(row)
    return pd.DataFrame(list(rows.values()))
