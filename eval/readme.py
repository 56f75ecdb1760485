"""The results in README.md and docs/results.md, written from a committed run: `python -m eval readme`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from eval.audit.files import COMMITTED, load_audit
from eval.audit.words import in_short
from eval.bench.files import load_bench
from eval.benchmark import HUMAN_PRIOR
from eval.calibration_tables import calibration_table, stability_rows
from eval.card import DETECTORS, WITHOUT_ANYBODY, Card, make_card
from eval.harm import has_judges
from eval.harm_tables import chance_table, judges_table, seen_table
from eval.methods import prior_of
from eval.readme_words import DEFINITIONS, over_the_centre, series_text, verdict_text
from eval.report import ALL, MAP_METRICS, by_kind, leaderboard, render, select, values_of, values_of_scenes
from eval.runs import RESULTS, TABLE, UNSEEN, Run, load_run
from eval.stability import JUMP, STABILITY, load_stability
from eval.types import ODD
from eval.verdict_words import ANCHORS, verdict_lines

ROOT = Path(__file__).parents[1]
README, DETAILS = ROOT / "README.md", ROOT / "docs" / "results.md"
RUN, SCENES = RESULTS / "test", RESULTS / "scenes"
BEGIN, END = "<!-- results: python -m eval readme -->", "<!-- end of results -->"
AUDIT_BEGIN, AUDIT_END = "<!-- audit: python -m eval readme -->", "<!-- end of audit -->"
README_COLUMNS = ["centre prior", "mean", "against centre", "helps", "harms", "heads cut", "scenes right", "ms a photo"]


def update_pages(
    readme: Path = README,
    details: Path = DETAILS,
    folder: Path = RUN,
    scenes: Path = SCENES,
    audit: Path = COMMITTED,
) -> None:
    """Replace what stands between the two marks of each page. Raises ValueError when a page has no marks; then none is
    changed."""
    for page, begin, end in ((readme, BEGIN, END), (readme, AUDIT_BEGIN, AUDIT_END), (details, BEGIN, END)):
        _around(page, begin, end)
    run, drawn, unseen = load_run(folder), load_run(scenes), load_unseen()
    _replace(readme, readme_text(run, drawn, unseen))
    _replace(readme, f"{AUDIT_BEGIN}{in_short(load_audit(audit))}{AUDIT_END}", AUDIT_BEGIN, AUDIT_END)
    _replace(details, details_text(run, drawn, load_bench(), make_card(folder), unseen, load_moves()))


def load_unseen(folder: Path = UNSEEN) -> Run | None:
    """The run of networks on what they never saw, where there is one."""
    return load_run(folder) if (folder / TABLE).exists() else None


def load_moves(path: Path = STABILITY) -> pd.DataFrame | None:
    """The bench of stability, where there is one."""
    return load_stability(path) if path.exists() else None


def readme_text(run: Run, scenes: Run, unseen: Run | None = None) -> str:
    """The tables of the README, in Markdown: what each method keeps, what the eye says of it, which differences are
    decided; and help and harm on sets never seen, where there is a run of that."""
    table = crop_table(run)
    right = by_kind(scenes).loc[ALL]
    table["scenes right"] = ["" if name not in right else f"{right[name]:.0%}" for name in table.index]
    return "\n\n".join(
        [
            BEGIN,
            f"{DEFINITIONS} **Heads cut**: of the main heads that would fit. **Scenes right**: of 22 kinds of drawings "
            "with a known answer.",
            render(table[README_COLUMNS], "markdown"),
            verdict_text(run),
            *_seen_and_unseen(run, unseen),
            END,
        ]
    )


def details_text(
    run: Run,
    scenes: Run,
    bench: Mapping[str, Any],
    card: Card,
    unseen: Run | None = None,
    moved: pd.DataFrame | None = None,
) -> str:
    """All tables, in Markdown: of a run, a run of drawn scenes, a bench, the model card, of networks on what they never
    saw, and of how far crops jump."""
    return "\n\n".join(
        [
            BEGIN,
            DEFINITIONS,
            render(crop_table(run), "markdown"),
            *_verdicts(values_of(select(run.table, ODD)), ODD),
            over_the_centre(run),
            series_text(run),
            *_harm(run),
            *_seen_and_unseen(run, unseen),
            *_calibration(run, unseen),
            *_stability(moved),
            "What the border cuts: of the main heads that would fit the crop, the share that is not whole and the "
            "share that loses a fifth or more; of the gaze on faces labelled in crowd, the share on faces that it runs "
            "through.",
            render(cut_table(run), "markdown"),
            *_verdicts(values_of(select(run.table, "heads cut")), "heads cut"),
            "Share of crops right on drawn scenes with a known answer, by kind.",
            render(by_kind(scenes).map("{:.0%}".format), "markdown"),
            *_verdicts(values_of_scenes(scenes, "scene right"), "scene right", by_crop=True),
            "Saliency maps against fixations, mean over the three datasets. `human`: one observer from the others; "
            f"for IG, which asks for a density, with {HUMAN_PRIOR:g} of the centre prior in it (`python -m eval "
            "prior`).",
            render(map_table(run), "markdown"),
            *_verdicts(values_of(select(run.table, "NSS")), "NSS"),
            "Time on one thread, medians of rounds that take turns (`python -m eval bench --write`): network alone, "
            "and from a JPEG of 0.5 megapixels to six boxes.",
            render(speed_table(bench), "markdown"),
            "`gaze-only` on datasets that its network never saw (trained on two, scored on the third), on the gaze of "
            "all observers.",
            render(unseen_table(card), "markdown"),
            *_faces(card),
            f"On the {card.portrait.photos} portrait photos among the test photos `gaze` leads the centre by "
            f"{100 * card.portrait.difference.mean:.1f} points, with an interval from "
            f"{100 * card.portrait.difference.low:+.1f} to {100 * card.portrait.difference.high:+.1f}.",
            END,
        ]
    )


def _verdicts(values: pd.DataFrame, metric: str, *, by_crop: bool = False) -> list[str]:
    """The line that says what verdicts mean, and the list of them."""
    about, *lines = verdict_lines(values, metric, by_crop=by_crop) or [""]
    return [about, "\n".join(lines)] if lines else []


def _harm(run: Run) -> list[str]:
    """By whom harm is judged and how much of it is chance; nothing of a run from before there were other judges."""
    if not has_judges(run):
        return []
    return [
        "Help, harm and the share of the human gain by who judges: one half of the observers (as above), the other "
        "half (then `human` is the window for the first), and all, each alike (then `human` is the window for all "
        "the others).",
        render(judges_table(run), "markdown"),
        "How much of harm is chance among the observers. By both halves: of the crops, those that each half by "
        "itself finds harmed. By chance: those that one half would find harmed were each crop truly as good as the "
        "centre's, from how the halves differ on it. Chance taken out: an estimate of what countless observers "
        "would find harmed.",
        render(chance_table(run), "markdown"),
    ]


def _seen_and_unseen(run: Run, unseen: Run | None) -> list[str]:
    """Help and harm on both, where both are there."""
    if unseen is None or not has_judges(run):
        return []
    return [
        "On photos of other datasets than it learned from a network does worse; your photos are more like those. "
        "Networks trained on two of the datasets, on all train and val photos of the third (`python -m eval "
        "unseen`); keeps: by all observers.",
        render(seen_table(run, unseen), "markdown"),
    ]


def _calibration(run: Run, unseen: Run | None) -> list[str]:
    """How far what is said of crops is off; nothing of a run that does not say it."""
    table = calibration_table(run, unseen)
    if table.empty:
        return []
    return [
        "Whether crops by `gaze` do what is said of them, judged by all observers (`python -m eval calibration RUN`), "
        "in percentage points. ECE: how far the average of a tenth of the crops, those of which about the same is "
        "said, is from that, on average. MAE: how far a single crop is off, on average. Bias: what came less what was "
        "said.",
        render(table, "markdown"),
    ]


def _stability(moved: pd.DataFrame | None) -> list[str]:
    """How far crops jump, where that was measured."""
    if moved is None:
        return []
    return [
        "How far crops move when a photo changes in a way that nobody sees (`python -m eval stability --write`): what "
        "95 % of crops stay within, as a share of the side along which they slide, and the photos with a crop that "
        f"moves by more than {JUMP:.0%} of it.",
        render(stability_rows(moved), "markdown"),
    ]


def _faces(card: Card) -> list[str]:
    missed, false, without = card.missed_faces, card.false_faces, card.no_face
    return [
        "What the old face crop was charged with: of the faces labelled in a photo of crowd (20 pixels and up), the "
        f"share found, on average over {missed.photos} photos; and how many faces are reported on each of "
        f"{false.photos} photos of {WITHOUT_ANYBODY[false.dataset]} without anybody in them. On scene's photos, most "
        f"of 256 x 256 pixels, `face` is sure of a face on {false.sees} of {false.scene_photos}, be there people or "
        "not: that it reports none where nobody is there says nothing.",
        render(face_table(card), "markdown"),
        f"The slice `faces=none` ({without.photos} of {without.total} photos) is of photos without a face that is "
        "labelled (crowd) or that YuNet is sure of (elsewhere): it counts what YuNet does not see.",
    ]


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


def _replace(page: Path, results: str, first: str = BEGIN, last: str = END) -> None:
    before, after = _around(page, first, last)
    page.write_text(before + results + after)


def _around(page: Path, first: str, last: str) -> tuple[str, str]:
    """What stands before the first mark and after the last one. Raises ValueError when the page has not both."""
    text = page.read_text()
    begin, end = text.find(first), text.find(last)
    if begin < 0 or end < begin:
        raise ValueError(f"{page} has no lines {first!r} and {last!r} to write between")
    return text[:begin], text[end + len(last) :]
