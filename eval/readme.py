"""The README's results, written from a committed run: `python -m eval readme`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from eval.bench.files import load_bench
from eval.report import leaderboard, render, select
from eval.runs import RESULTS, Run, load_run

README = Path(__file__).parents[1] / "README.md"
RUN = RESULTS / "test"
BEGIN, END = "<!-- results: python -m eval readme -->", "<!-- end of results -->"
MAP_METRICS = ("NSS", "AUC-Judd", "sAUC", "IG", "CC", "KL", "SIM")


def results_text(run: Run, bench: Mapping[str, Any]) -> str:
    """The tables of the README, in Markdown: of a run and a bench."""
    return "\n\n".join(
        [
            BEGIN,
            "Share of human gaze that the crop keeps, mean over six formats; 95 % intervals over images in brackets.",
            render(crop_table(run), "markdown"),
            "Saliency maps against fixations, mean over the three datasets (`human`: one observer from the others).",
            render(map_table(run), "markdown"),
            "Time on one thread, medians of rounds that take turns (`python -m eval bench --write`): network alone, "
            "and from a JPEG of 0.5 megapixels to six boxes.",
            render(speed_table(bench), "markdown"),
            END,
        ]
    )


def crop_table(run: Run) -> pd.DataFrame:
    """One row a method, best first, cells as they are printed."""
    board = leaderboard(run)
    datasets = [str(name) for name in run.table["dataset"].unique()]
    shown = pd.DataFrame(index=board.index)
    for name in datasets:
        shown[name] = board[name].map("{:.3f}".format)
    intervals = board[["mean", "low", "high"]].itertuples(index=False)
    shown["mean"] = [f"{mean:.3f} [{low:.3f}, {high:.3f}]" for mean, low, high in intervals]
    shown["against centre"] = [f"{100 * value:+.1f} points" for value in board["difference"]]
    shown["of the ceiling"] = [f"{value:.0%}" for value in board["ceiling"]]
    shown["helps"] = [f"{value:.0%}" for value in board["help"]]
    shown["harms"] = [f"{value:.0%}" for value in board["harm"]]
    times = select(run.table, "milliseconds").groupby("method", observed=True)["value"].median()
    shown["ms a photo"] = [f"{times[name]:.0f}" if name in times else "" for name in board.index]
    return shown


def map_table(run: Run) -> pd.DataFrame:
    """One row a saliency map, best NSS first, one column a metric."""
    means = {metric: leaderboard(run, metric, "centre prior")["mean"] for metric in MAP_METRICS}
    table = pd.DataFrame(means).sort_values("NSS", ascending=False).rename_axis("map")
    return table.map(lambda value: "" if pd.isna(value) else f"{value:.3f}")


def speed_table(bench: Mapping[str, Any]) -> pd.DataFrame:
    """One row a method, fastest first, cells as they are printed."""
    spent = {name: {stage: times["median"] for stage, times in of.items()} for name, of in bench["methods"].items()}
    rows = [
        {
            "method": name,
            "network, ms": f"{times['network']:.1f}" if "network" in times else "",
            "bytes to boxes, ms": f"{times['total']:.1f}",
            "photos a second": f"{1000 / times['total']:.0f}",
        }
        for name, times in sorted(spent.items(), key=lambda item: item[1]["total"])
    ]
    return pd.DataFrame(rows).set_index("method")


def update_readme(readme: Path = README, folder: Path = RUN) -> None:
    """Replace the text between the two marks. Raises ValueError when the README has no marks."""
    text = readme.read_text()
    begin, end = text.find(BEGIN), text.find(END)
    if begin < 0 or end < begin:
        raise ValueError(f"{readme} has no lines {BEGIN!r} and {END!r} to write between")
    readme.write_text(text[:begin] + results_text(load_run(folder), load_bench()) + text[end + len(END) :])
