"""What came out of a visitor's run, in short; the dashboards show it in full."""

from __future__ import annotations

import streamlit as st

from eval.report import METRICS
from eval.runs import TABLE, Run
from pages.shared.charts import show_chart
from pages.shared.figures.quality import forest
from pages.shared.palette import method_look
from pages.shared.report.bundle import run_zip
from pages.shared.report.page import report_html
from pages.shared.run_cache import RunFile, get_board, get_verdict, open_run
from pages.shared.unlabelled import show_unlabelled
from pages.shared.widgets import plain
from pages.your_data.job import Job
from pages.your_data.photo_set import PhotoSet

JUDGED = ("gaze kept", "regions whole", "human crop IoU")  # metrics that rest on the visitor's annotations
FEW = 30  # photos: with fewer an interval is wide
NAMED = 20  # photos named in a list
REFERENCE = "center"


def show_results(photos: PhotoSet, job: Job) -> None:
    """The verdict where people looked, what can be known where nobody did, the dashboards, and the downloads."""
    file = RunFile(job.out.name, str(job.out), (job.out / TABLE).stat().st_mtime_ns)
    run = open_run(file)
    st.divider()
    st.header("What came out", anchor=False)
    if photos.outdated:
        st.warning("You changed the annotations after this run. Measure again to see their effect.")
    judged = [metric for metric in JUDGED if (run.table["metric"] == metric).any()]
    if "gaze kept" in judged:
        _show_verdict(file, run)
    _show_ways(file, run)
    _show_skipped(run)
    for metric in judged:
        _show_forest(file, run, metric)
    if "gaze kept" not in judged:
        show_unlabelled(file)


def _show_ways(file: RunFile, run: Run) -> None:
    """On to the dashboards, and the downloads."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if st.button("Open in Quality", icon=":material/leaderboard:", key="your-data-to-quality"):
            st.switch_page("pages/quality/page.py", query_params={"run": file.label})
        if st.button("Open in Explore", icon=":material/photo_library:", key="your-data-to-explore"):
            st.switch_page("pages/explore/page.py", query_params={"run": file.label})
        st.download_button(
            "Report (HTML)",
            lambda: report_html(run, file.label),
            f"{file.label}-report.html",
            "text/html",
            key="your-data-report",
            help="One file that opens in any browser, without a network",
            on_click="ignore",
            icon=":material/description:",
        )
        st.download_button(
            "Run (zip)",
            lambda: run_zip(run, file.label),
            f"{file.label}-run.zip",
            "application/zip",
            key="your-data-run-zip",
            help="The tables and the manifest, as python -m eval writes them, and the numbers as CSV",
            on_click="ignore",
            icon=":material/folder_zip:",
        )


def _show_skipped(run: Run) -> None:
    for name, reason in run.manifest["unavailable"].items():
        st.warning(f"{method_look(name).label} was left out: {plain(reason)}.")
    failed = run.manifest["failed"]
    if failed:
        with st.expander(f"{len(failed)} of {sum(run.manifest['images'].values())} photos skipped", type="compact"):
            lines = [f"- {plain(row['image'])}: {plain(row['error'])}" for row in failed[:NAMED]]
            if len(failed) > NAMED:
                lines.append(f"- and {len(failed) - NAMED} more; the run's manifest names them all")
            st.markdown("\n".join(lines))


def _show_verdict(file: RunFile, run: Run) -> None:
    method = next((name for name in run.manifest["methods"] if name != REFERENCE), REFERENCE)
    text = get_verdict(file, method).replace(f"`{method}`", f"**{method_look(method).label}**", 1)
    with st.container(key="your-data-own-verdict"):
        st.markdown(text)
    photos = run.table.loc[run.table["metric"] == "gaze kept", "image"].nunique()
    if photos == 1:
        st.caption("One photo with gaze: no interval can be given. Do not conclude anything from it.")
    elif photos < FEW:
        st.caption(f"Only {photos} photos with gaze: the interval is rough, and other photos may say something else.")


def _show_forest(file: RunFile, run: Run, metric: str) -> None:
    board = get_board(file, metric, REFERENCE)
    st.header(f"{metric[0].upper()}{metric[1:]}", anchor=False)
    photos = run.table.loc[run.table["metric"] == metric, "image"].nunique()
    about = METRICS[metric].about
    about = (
        f"{about[0].upper()}{about[1:]}, on {photos} {'photo' if photos == 1 else 'photos'}; the mean of the formats."
    )
    if metric == "gaze kept" and "human" in board.index:
        about += (
            " Human: the best crop for the other half of the people. Oracle: the best one for those it is judged on."
        )
    st.caption(about)
    if len(board) < 2:
        st.metric(method_look(REFERENCE).label, f"{100 * board.loc[REFERENCE, 'mean']:.1f}\u00a0%")
        return
    alt = f"{metric}: the difference of each method to the centre crop, with 95 % intervals"
    show_chart(forest(board, metric, REFERENCE), board, metric.replace(" ", "-"), alt)
