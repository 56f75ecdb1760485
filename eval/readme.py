"""The results in README.md and docs/results.md, written from a committed run: `python -m eval readme`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from eval.bench.files import load_bench
from eval.card import DETECTORS, WITHOUT_ANYBODY, Card, make_card
from eval.methods import prior_of
from eval.report import ALL, MAP_METRICS, by_kind, leaderboard, render, select
from eval.runs import RESULTS, Run, load_run
from eval.verdict_words import ANCHORS

ROOT = Path(__file__).parents[1]
README, DETAILS = ROOT / "README.md", ROOT / "docs" / "results.md"
RUN, SCENES = RESULTS / "test", RESULTS / "scenes"
BEGIN, END = "<!-- results: python -m eval readme -->", "<!-- end of results -->"
README_COLUMNS = ["centre prior", "mean", "against centre", "helps", "harms", "heads cut", "scenes right", "ms a photo"]


def update_pages(readme: Path = README, details: Path = DETAILS, folder: Path = RUN, scenes: Path = SCENES) -> None:
    """Replace what stands between the two marks of each page. Raises ValueError when a page has no marks."""
    run, drawn = load_run(folder), load_run(scenes)
    _replace(readme, readme_text(run, drawn))
    _replace(details, details_text(run, drawn, load_bench(), make_card(folder)))


def readme_text(run: Run, scenes: Run) -> str:
    """The one table of the README, in Markdown: what each method keeps, and what the eye says of it."""
    table = crop_table(run)
    right = by_kind(scenes).loc[ALL]
    table["scenes right"] = ["" if name not in right else f"{right[name]:.0%}" for name in table.index]
    return "\n\n".join(
        [
            BEGIN,
            "Share of human gaze that the crop keeps, mean over six formats; 95 % intervals over images in brackets. "
            "Heads cut: of the main heads that would fit. Scenes right: of 22 kinds of drawings with a known answer.",
            render(table[README_COLUMNS], "markdown"),
            END,
        ]
    )


def details_text(run: Run, scenes: Run, bench: Mapping[str, Any], card: Card) -> str:
    """All tables, in Markdown: of a run, a run of drawn scenes, a bench and the model card."""
    return "\n\n".join(
        [
            BEGIN,
            "Share of human gaze that the crop keeps, mean over six formats; 95 % intervals over images in brackets.",
            render(crop_table(run), "markdown"),
            "What the border cuts: of the main heads that would fit the crop, the share that is not whole and the "
            "share that loses a fifth or more; of the gaze on faces labelled in crowd, the share on faces that it runs "
            "through.",
            render(cut_table(run), "markdown"),
            "Share of crops right on drawn scenes with a known answer, by kind.",
            render(by_kind(scenes).map("{:.0%}".format), "markdown"),
            "Saliency maps against fixations, mean over the three datasets (`human`: one observer from the others).",
            render(map_table(run), "markdown"),
            "Time on one thread, medians of rounds that take turns (`python -m eval bench --write`): network alone, "
            "and from a JPEG of 0.5 megapixels to six boxes.",
            render(speed_table(bench), "markdown"),
            "`gaze-only` on datasets that its network never saw (trained on two, scored on the third), on the gaze of "
            "all observers.",
            render(unseen_table(card), "markdown"),
            "What the old face crop was charged with: of the faces labelled in a photo of crowd (20 pixels and up), "
            f"the share found, on average over {card.missed_faces.photos} photos; and how many faces are reported on "
            f"each of {card.false_faces.photos} photos of {WITHOUT_ANYBODY[card.false_faces.dataset]} without anybody "
            "in them. On scene's photos, most of 256 x 256 pixels, `face` is sure of a face on "
            f"{card.false_faces.sees} of {card.false_faces.scene_photos}, be there people or not: that it reports none "
            "where nobody is there says nothing.",
            render(face_table(card), "markdown"),
            f"The slice `faces=none` ({card.no_face.photos} of {card.no_face.total} photos) is of photos without a "
            "face that is labelled (crowd) or that YuNet is sure of (elsewhere): it counts what YuNet does not see.",
            f"On the {card.portrait.photos} portrait photos among the test photos `gaze` leads the centre by "
            f"{100 * card.portrait.difference.mean:.1f} points, with an interval from "
            f"{100 * card.portrait.difference.low:+.1f} to {100 * card.portrait.difference.high:+.1f}.",
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
    shown["centre prior"] = ["" if name in ANCHORS else prior_of(name) for name in board.index]
    shown["mean"] = [f"{mean:.3f} [{low:.3f}, {high:.3f}]" for mean, low, high in intervals]
    shown["against centre"] = [f"{100 * value:+.1f} points" for value in board["difference"]]
    ceilings = board[["ceiling", "ceiling low", "ceiling high"]].itertuples(index=False)
    shown["of the ceiling"] = [f"{share:.0%} [{100 * low:.0f}, {100 * high:.0f}]" for share, low, high in ceilings]
    shown["helps"] = [f"{value:.0%}" for value in board["help"]]
    shown["harms"] = [f"{value:.0%}" for value in board["harm"]]
    cut = leaderboard(run, "heads cut")["mean"]
    shown["heads cut"] = ["" if name not in cut else f"{cut[name]:.0%}" for name in board.index]
    times = select(run.table, "milliseconds").groupby("method", observed=True)["value"].median()
    shown["ms a photo"] = [f"{times[name]:.0f}" if name in times else "" for name in board.index]
    return shown


def cut_table(run: Run) -> pd.DataFrame:
    """One row a method, the fewest heads cut first, cells as they are printed."""
    boards = {
        metric: leaderboard(run, metric)["mean"] for metric in ("heads cut", "heads lost a fifth", "faces cut by gaze")
    }
    return pd.DataFrame(boards).sort_values("heads cut").rename_axis("method").map("{:.1%}".format)


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


def unseen_table(card: Card) -> pd.DataFrame:
    """One row a dataset that the model was trained without, cells as they are printed."""
    names = {"gaze": "gaze-only keeps", "center": "the centre crop keeps"}
    return card.unseen.map("{:.3f}".format).rename(columns=names)


def face_table(card: Card) -> pd.DataFrame:
    """One row a face detector, cells as they are printed."""
    rows = {
        name: {
            "labelled faces found": f"{card.missed_faces.recall[name].mean:.0%}",
            "faces reported where nobody is": f"{card.false_faces.found[name] / card.false_faces.photos:.2f}",
        }
        for name in DETECTORS
    }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("detector")


def _replace(page: Path, results: str) -> None:
    text = page.read_text()
    begin, end = text.find(BEGIN), text.find(END)
    if begin < 0 or end < begin:
        raise ValueError(f"{page} has no lines {BEGIN!r} and {END!r} to write between")
    page.write_text(text[:begin] + results + text[end + len(END) :])
