"""What everybody voted: shares, a ranking, and the votes themselves to download."""

from __future__ import annotations

import pandas as pd
import streamlit as st
from sqlalchemy.exc import SQLAlchemyError
from streamlit.connections import SQLConnection

from eval.deciding import POWER
from eval.ratings import FEWEST, compare_pairs, photos_of, rank
from pages.rate.connection import explain
from pages.rate.figures import pairs_figure, ranking_figure, verdict
from pages.rate.plan import BY_CHANCE, FREE, PLANS, WORDPRESS
from pages.rate.store import read_votes
from pages.rate.widgets import SOURCE_LABELS
from pages.shared.charts import show_chart
from pages.shared.escaping import spreadsheet
from pages.shared.palette import method_look
from pages.shared.phrases import counted, percent
from pages.shared.widgets import plain

LABELS = SOURCE_LABELS | {BY_CHANCE: "By chance", FREE: "Most telling first", WORDPRESS: PLANS[WORDPRESS].label}


def show_results(connection: SQLConnection) -> None:
    """All votes as they are in the database now, narrowed by photos and formats."""
    try:
        with connection.session as session:
            everything = read_votes(session)
    except SQLAlchemyError as error:
        st.error(f"The ratings cannot be read: {plain(explain(error))}.", icon=":material/database_off:")
        return
    if everything.empty:
        st.info("No ratings yet. Rate a few pairs above, and the results appear here.")
        return
    votes = _narrow(everything)
    cast = votes[votes["choice"] != "same"]
    if cast.empty:
        st.info("No ratings of these photos and formats yet. Choose others, or rate some above.")
    else:
        _show_counts(cast)
        _show_pairs(compare_pairs(votes))
        _show_ranking(rank(votes))
    _show_export(everything)


def _narrow(votes: pd.DataFrame) -> pd.DataFrame:
    """The votes that the visitor wants to see; all of them where nothing is chosen."""
    with st.container(horizontal=True, gap="medium"):
        for column, label in (("source", "Photos"), ("aspect", "Formats"), ("drawn", "Drawn")):
            values = list(votes[column].unique())
            chosen = len(values) > 1 and st.pills(
                label,
                values,
                selection_mode="multi",
                format_func=lambda name: LABELS.get(name, name),
                key=f"rate-results-{column}",
                help="All of them where none is chosen.",
            )
            if chosen:
                votes = votes[votes[column].isin(chosen)]
    return votes


def _show_counts(cast: pd.DataFrame) -> None:
    with st.container(horizontal=True, gap="large"):
        st.metric("Votes", len(cast), width="content")
        st.metric("Raters", cast["rater"].nunique(), width="content")
        st.metric("Photos", int(photos_of(cast).max()) + 1, width="content")
    st.caption(
        "A few votes by visitors who chose to take part are not a study: they tell what these people preferred on "
        "these photos. Nobody checks who they are, or whether somebody comes back under another name."
    )


def _show_pairs(pairs: pd.DataFrame) -> None:
    st.header("Two by two", anchor=False)
    sentences = [_sentence(row) for _, row in pairs[pairs["votes"] > 0].iterrows()]
    show_chart(pairs_figure(pairs), pairs, "ratings-pairs", alt=" ".join(sentences))
    st.caption(
        "The bar: votes for the first, no difference, votes for the second. In brackets and as a line below it: the "
        "95 % interval of the first one's share (Wilson, 1927). Decided: of the votes that take sides, so many go one "
        "way that between equals it would ever come this far with a chance of 5 %, however often one looks (Robbins, "
        "1970). All this is as if every vote were independent of the others. The votes it takes to decide do so "
        f"with a chance of {percent(POWER)}, if people go on voting as they did.{_same(pairs)}"
    )


def _same(pairs: pd.DataFrame) -> str:
    """How often there was nothing to vote on."""
    same = int(pairs["same"].sum())
    if not same:
        return ""
    return f" Besides, {counted(same, 'pair')} had the same crop twice and {'was' if same == 1 else 'were'} not shown."


def _sentence(row: pd.Series) -> str:
    first, second = method_look(row["first"]).label, method_look(row["second"]).label
    return (
        f"{first} better than {second} in {percent(row['share'])} of {row['votes']} votes "
        f"[{row['low'] * 100:.0f}, {row['high'] * 100:.0f}]. {verdict(row)}."
    )


def _show_ranking(ranking: pd.DataFrame) -> None:
    st.header("Ranking", anchor=False)
    words = [f"{method_look(row['method']).label} {percent(row['wins'])}" for _, row in ranking.iterrows()]
    show_chart(ranking_figure(ranking), ranking, "ratings-ranking", alt=f"Ranking: {', '.join(words)}.")
    unsure = f" Intervals need {FEWEST} photos or {FEWEST} raters." if ranking["low"].isna().any() else ""
    st.caption(
        "Bradley-Terry model with ties (Davidson, 1970): how often a method is expected to be the better one against "
        "the others, each met as often, where a difference is seen; 50 % is average. 95 % intervals by drawing raters "
        f"and photos anew (Owen, 2007).{unsure}"
    )


def _show_export(votes: pd.DataFrame) -> None:
    st.download_button(
        "All votes (CSV)",
        lambda: spreadsheet(votes, index=False),
        "gazecrop-ratings.csv",
        "text/csv",
        key="rate-ratings-export",
        on_click="ignore",
        icon=":material/download:",
        help="One row a comparison. Photos that visitors sent appear by their fingerprint only.",
    )
