"""Two runs, and what changed between them."""

from __future__ import annotations

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from eval.report import same_data
from pages.quality.tables import changes_table, settings_changed, with_status
from pages.quality.words import about_metric, changes_sentence
from pages.shared.address import set_address
from pages.shared.charts import show_download
from pages.shared.figures.units import difference
from pages.shared.filters import EXPLORE
from pages.shared.palette import method_look
from pages.shared.pickers import pick
from pages.shared.run_cache import RunFile, get_changed_images, get_changes, get_run, open_run, runs_of_photos
from pages.shared.widgets import plain

TABLE = "quality-table-changes"


def choose_other(file: RunFile) -> RunFile | None:
    """The picker of the second run; None where there is only one."""
    files = {label: other for label, other in runs_of_photos().items() if label != file.label}
    return files[pick("With", list(files), "with")] if files else None


def show_comparison(one: RunFile, other: RunFile | None, pickers: DeltaGenerator, verdict: DeltaGenerator) -> None:
    """What changed from the earlier run to the later. pickers, verdict: where pickers and the sentence go."""
    if other is None:
        st.info(
            "There is only one run. Make another with `python -m eval run --out runs/NAME`, or with your own photos on "
            "**Your data**, and it can be compared here.",
            icon=":material/compare_arrows:",
        )
        return
    old, new = sorted((one, other), key=_date)
    changes = with_status(get_changes(old, new))
    if changes.empty:
        st.info(
            f"{plain(old.label)} and {plain(new.label)} have no photo, method and metric in common: choose other runs.",
            icon=":material/compare_arrows:",
        )
        return
    with pickers:
        metric = pick("Metric", list(changes["metric"].unique()), "metric")
        method = pick("Method", list(changes.loc[changes["metric"] == metric, "method"]), "method", methods=True)
    with verdict:
        st.markdown(changes_sentence(changes, plain(old.label), plain(new.label)))
        st.caption(
            f"On the {changes['images'].max():,} photos that both have. "
            "A change counts when p, corrected for the number of comparisons (Holm), is below 0.05."
        )
    if not same_data(open_run(old), open_run(new)):
        st.warning(
            "The runs judged different data, and photos are matched by their names: compare runs of the same photos.",
            icon=":material/compare_arrows:",
        )
    _show_changes(changes)
    left, right = st.columns(2, gap="large")
    with left:
        _show_photos(old, new, method, metric)
    with right:
        _show_settings(old, new)


def _date(file: RunFile) -> str:
    """When the run was made, by the day or the minute: as text they are in order."""
    return str(open_run(file).manifest.get("date", ""))


def _show_changes(changes: pd.DataFrame) -> None:
    st.header("What changed", anchor=False)
    st.caption("In brackets 95 % intervals. A click on a row shows below which photos changed most.")
    st.dataframe(
        changes_table(changes),
        key=TABLE,
        alt=f"Changes between the runs in {len(changes)} numbers",
        hide_index=True,
        column_config={
            "What": st.column_config.TextColumn(width=130),
            "p": st.column_config.NumberColumn(help="Permutation test, Holm-corrected over all rows."),
        },
        on_select=lambda: _take_up(changes),
        selection_mode="single-cell",
    )
    show_download(changes, "changes")


def _take_up(changes: pd.DataFrame) -> None:
    """The metric and method of the clicked row become those of the pickers."""
    cells = st.session_state[TABLE]["selection"]["cells"]
    if cells:
        row = changes.iloc[cells[0][0]]
        set_address({"metric": row["metric"], "method": row["method"]})


def _show_photos(old: RunFile, new: RunFile, method: str, metric: str) -> None:
    changed = get_changed_images(old, new, method, metric)
    st.header(f"Photos that changed most: {method_look(method).label}", anchor=False)
    st.caption(about_metric(metric))
    if changed.empty:
        st.markdown(f"No photo differs in {metric}.")
        return
    for (dataset, image), change in changed.items():
        st.page_link(
            EXPLORE,
            label=f"{plain(f'{dataset}/{image}')} **{difference(metric, change)}**",
            icon=":material/photo:",
            query_params={"run": new.label, "metric": metric, "method": method, "image": f"{dataset}/{image}"},
        )


def _show_settings(old: RunFile, new: RunFile) -> None:
    st.header("How they were made", anchor=False)
    settings = settings_changed(get_run(old).manifest, get_run(new).manifest)
    if settings.empty:
        st.markdown("In the same way.")
        return
    st.caption("Only what differs.")
    st.dataframe(settings, alt="Settings that differ between the runs")
