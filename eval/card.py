"""The numbers of the model card, computed from a run and from the weights' manifest: `python -m eval.card`.

The three complaints are those of Twitter's article of 2018 ("Speedy neural networks for smart auto-cropping of images")
about its crops to faces: not every photo has a face, the detector misses faces, and it finds some where there are none.
"""

from __future__ import annotations

import argparse
import sys
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from eval.readme_words import over_the_centre
from eval.report import TIED_BELOW, leaderboard, over_formats, render, select, values_of
from eval.runs import RESULTS, Run, RunError, load_run
from eval.statistics import Estimate, bootstrap, by_dataset
from saliency import __version__
from saliency.models.weights import FOLDER, WeightsError, load_manifest, load_weights

ROOT = Path(__file__).parents[1]
COMMITTED = RESULTS / "test"
DETECTORS = ("face", "face-haar")
EVERYDAY = "osie"
WITHOUT_ANYBODY = {EVERYDAY: "everyday things and animals", "scene": "streets and landscapes"}
"""What the photos show that we found nobody in. The first are such as a detector can be fooled by."""
OBSERVERS = {"osie": 15, "crowd": 16, "scene": 12}  # people whose fixations each dataset holds; a test counts them
MEAN = "mean"
LEFT_OUT = "left out"  # what the manifest's key of scores on datasets never seen begins with


@dataclass(frozen=True)
class Facts:
    """What the model is. milliseconds: the median of cropping one photo to all its formats, on `machine`.

    training: photos trained on, by dataset. commands: what made the weights, in order. date: when, as 2026-11-24.
    same_weights: whether the run is of the weights that are here.
    """

    version: str
    licence: str
    parameters: int
    weight_bytes: int
    milliseconds: float
    machine: str
    training: dict[str, int]
    observers: int
    sha256: str
    date: str
    commands: list[str]
    same_weights: bool


@dataclass(frozen=True)
class NoFace:
    """The first complaint: what is kept on photos without a face of 20 pixels and up, labelled or, where there are no
    labels, seen by YuNet: what it misses counts as none.

    photos: how many, of `total`. kept: share of gaze by method. over_face, over_center: what gaze keeps more than they.
    """

    photos: int
    total: int
    kept: dict[str, float]
    over_face: Estimate
    over_center: Estimate


@dataclass(frozen=True)
class MissedFaces:
    """The second: the share of labelled faces found, mean over `photos`, and on how many photos not one of them is.

    Both by detector.
    """

    photos: int
    recall: dict[str, Estimate]
    blind: dict[str, int]


@dataclass(frozen=True)
class FalseFaces:
    """The third. found: detections on `photos` of `dataset` without anybody; fooled: on how many of them; at_most: an
    upper limit.

    unmatched: detections a photo that match no labelled face, on `crowd_photos` where not every face is labelled, so
    that these are no proof. sees: on how many of the `scene_photos` of scene YuNet is sure of a face, be there any or
    not: where it sees none at all, that it finds no false one says nothing. All others but the counts of photos are by
    detector.
    """

    dataset: str
    photos: int
    found: dict[str, int]
    fooled: dict[str, int]
    at_most: dict[str, float]
    crowd_photos: int
    unmatched: dict[str, float]
    scene_photos: int
    sees: int


@dataclass(frozen=True)
class Slice:
    """The photos of one kind: how many, the share of gaze kept by gaze, and what that is over the centre."""

    column: str
    value: str
    photos: int
    kept: float
    difference: Estimate


@dataclass(frozen=True)
class Worst:
    """Photos on which gaze keeps less than the centre, by more than a tie and as the mean over formats: of `total`.

    photos: dataset, image and difference of the worst, worst first.
    """

    count: int
    total: int
    photos: list[tuple[str, str, float]]


@dataclass(frozen=True)
class Card:
    """All the numbers of the model card. run: the folder as one types it. scores and unseen: one row a dataset. others:
    a sentence on which methods of others beat the centre crop."""

    run: str
    facts: Facts
    scores: pd.DataFrame
    unseen: pd.DataFrame
    no_face: NoFace
    missed_faces: MissedFaces
    false_faces: FalseFaces
    spread: Slice
    portrait: Slice
    worst: Worst
    others: str


def make_card(folder: Path = COMMITTED) -> Card:
    """The card of a run and of the weights that are here.

    Raises RunError when the run cannot be read, WeightsError when the weights cannot, ValueError when the run lacks a
    method or a metric that the card tells of.
    """
    run, manifest = load_run(folder), load_manifest("gaze")
    return Card(
        folder.relative_to(ROOT).as_posix() if folder.is_relative_to(ROOT) else str(folder),
        facts_of(run, manifest),
        scores_of(run),
        unseen_scores(manifest),
        no_face(run),
        missed_faces(run),
        false_faces(run),
        slice_of(run, "gaze", "spread"),
        slice_of(run, "orientation", "portrait"),
        worst_photos(run),
        over_the_centre(run),
    )


def facts_of(run: Run, manifest: Mapping[str, Any]) -> Facts:
    """What the model is, from its weights, their manifest, the run and pyproject.toml."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    times = _of(select(run.table, "milliseconds"), "gaze")
    return Facts(
        version=__version__,
        licence=project["license"],
        parameters=sum(array.size for array in load_weights("gaze").values()),
        weight_bytes=(FOLDER / "gaze.safetensors").stat().st_size,
        milliseconds=float(times["value"].median()),
        machine=str(run.manifest["machine"]),
        training=dict(manifest["data"]),
        observers=sum(OBSERVERS[name] for name in manifest["data"]),
        sha256=manifest["sha256"],
        date=manifest["date"],
        commands=_commands(manifest),
        same_weights=run.manifest["weights"].get("gaze") == manifest["sha256"],
    )


def scores_of(run: Run) -> pd.DataFrame:
    """One row a dataset and one for their mean: share of gaze kept and NSS.

    Columns: "photos", "gaze", "gaze-only", "center", "face", "human" (the share of gaze that each keeps), "difference"
    of gaze to the centre with "low" and "high" (95 %), "heads cut" by gaze and "heads cut center" (NaN on a dataset
    without main heads), "NSS" of gaze and "NSS human" (one observer from the others).
    """
    kept = _methods(values_of(select(run.table, "gaze kept")), ("gaze", "gaze-only", "center", "face", "human"))
    cut = leaderboard(run, "heads cut")
    nss = _methods(values_of(select(run.table, "NSS")), ("gaze", "human"))
    datasets = [str(name) for name in run.manifest["datasets"]]
    rows = {}
    for name in (*datasets, MEAN):
        here, maps = (frame if name == MEAN else frame.xs(name, drop_level=False) for frame in (kept, nss))
        difference = _estimate(here["gaze"] - here["center"])
        rows[name] = {
            "photos": len(over_formats(here["gaze"])),
            **{method: _estimate(here[method]).mean for method in here},
            "difference": difference.mean,
            "low": difference.low,
            "high": difference.high,
            "heads cut": cut.loc["gaze"].get(name, float("nan")),
            "heads cut center": cut.loc["center"].get(name, float("nan")),
            "NSS": _estimate(maps["gaze"]).mean,
            "NSS human": _estimate(maps["human"]).mean,
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("dataset").astype({"photos": int})


def unseen_scores(manifest: Mapping[str, Any]) -> pd.DataFrame:
    """Scores on each dataset of a model trained without it, as `training publish` wrote them into the manifest.

    One row a dataset; columns "gaze", "center" (share of all observers' gaze kept), "NSS", "CC". Empty where the
    manifest has none.
    """
    scores: dict[str, Any] = next((value for key, value in manifest["scores"].items() if key.startswith(LEFT_OUT)), {})
    names = {"gaze kept": "gaze", "gaze kept by the centre": "center", "NSS": "NSS", "CC": "CC"}
    table = pd.DataFrame.from_dict(scores, orient="index", columns=None if scores else list(names))
    return table.rename(columns=names)[list(names.values())].rename_axis("dataset")


def no_face(run: Run) -> NoFace:
    """How common photos without a face are, and what is kept of them."""
    kept = values_of(select(run.table, "gaze kept"))
    faceless = values_of(select(run.table, "gaze kept", {"faces": "none"}))
    faceless = _methods(faceless, ("gaze", "face", "center"))
    return NoFace(
        len(over_formats(faceless["gaze"])),
        len(over_formats(kept["gaze"])),
        {str(method): _estimate(faceless[method]).mean for method in faceless},
        _estimate(faceless["gaze"] - faceless["face"]),
        _estimate(faceless["gaze"] - faceless["center"]),
    )


def missed_faces(run: Run) -> MissedFaces:
    """How many of the labelled faces each detector finds."""
    recall = _methods(values_of(select(run.table, "face recall")), DETECTORS).dropna()
    return MissedFaces(
        len(recall),
        {name: _estimate(recall[name]) for name in DETECTORS},
        {name: int((recall[name] == 0).sum()) for name in DETECTORS},
    )


def false_faces(run: Run) -> FalseFaces:
    """What each detector finds on photos without anybody, and beside the labels on photos of crowds.

    at_most: the one-sided 95 % limit of the share of photos (Clopper & Pearson, Biometrika 1934) where none was fooled,
    else NaN: without one bad photo among n the share is below 1 - 0.05^(1/n).
    """
    rows = select(run.table, "unlabelled detections")
    dataset = EVERYDAY if (rows["dataset"] == EVERYDAY).any() else "scene"  # runs before had no such photos of osie
    empty, crowd = (
        _methods(values_of(select(rows, "unlabelled detections", {"dataset": name})), DETECTORS)
        for name in (dataset, "crowd")
    )
    scene = run.table[run.table["dataset"] == "scene"].drop_duplicates("image")["faces"]
    fooled = {name: int((empty[name] > 0).sum()) for name in DETECTORS}
    limit = 1 - 0.05 ** (1 / len(empty))
    return FalseFaces(
        dataset,
        len(empty),
        {name: round(empty[name].sum()) for name in DETECTORS},
        fooled,
        {name: float("nan") if fooled[name] else limit for name in DETECTORS},
        len(crowd),
        {name: float(crowd[name].mean()) for name in DETECTORS},
        len(scene),
        int((scene != "none").sum()),
    )


def slice_of(run: Run, column: str, value: str) -> Slice:
    """What gaze keeps on the photos of one kind, such as those in portrait format."""
    kept = _methods(values_of(select(run.table, "gaze kept", {column: value})), ("gaze", "center"))
    return Slice(
        column,
        value,
        len(over_formats(kept["gaze"])),
        _estimate(kept["gaze"]).mean,
        _estimate(kept["gaze"] - kept["center"]),
    )


def worst_photos(run: Run, most: int = 3) -> Worst:
    """Where gaze loses the most against the centre crop."""
    kept = _methods(values_of(select(run.table, "gaze kept")), ("gaze", "center"))
    difference = over_formats(kept["gaze"] - kept["center"]).sort_values(kind="stable")
    losses = difference[difference < -TIED_BELOW]
    photos = [(str(dataset), str(image), float(value)) for (dataset, image), value in losses.head(most).items()]
    return Worst(len(losses), len(difference), photos)


def report_command(run: str, metric: str = "", reference: str = "", where: str = "") -> str:
    """The command line that prints the leaderboard these numbers are in."""
    options = [("--metric", f'"{metric}"' if metric else ""), ("--reference", reference), ("--where", where)]
    return " ".join([f"python -m eval report {run}", *(f"{name} {value}" for name, value in options if value)])


def card_text(card: Card) -> str:
    """Every number of the card, for a terminal."""
    facts, first, second, third = card.facts, card.no_face, card.missed_faces, card.false_faces
    lines = [
        f"gaze {facts.version}, {facts.licence}: {facts.parameters:,} parameters, {facts.weight_bytes:,} bytes",
        f"median {facts.milliseconds:.1f} ms a photo ({facts.machine})",
        f"trained on {sum(facts.training.values()):,} photos {facts.training} seen by {facts.observers} people",
        "" if facts.same_weights else "the run is of other weights than those here",
        f"test photos ({card.run})\n{render(card.scores)}\n",
        f"datasets it never saw\n{render(card.unseen)}\n",
        f"1 no face labelled or seen by YuNet: {first.photos} of {first.total} ({first.photos / first.total:.1%})",
        *(f"  {name} keeps {value:.4f}" for name, value in first.kept.items()),
        f"  gaze over face {_interval(first.over_face)}, over the centre {_interval(first.over_center)}",
        f"2 missed faces, {second.photos} photos",
        *(f"  {name} finds {_interval(second.recall[name])}, none on {second.blind[name]}" for name in DETECTORS),
        f"3 false faces, {third.photos} photos of {third.dataset} without anybody; {third.crowd_photos} of crowds",
        *(
            f"  {name}: {third.found[name]} on {third.fooled[name]} photos, at most {third.at_most[name]:.4f}; "
            f"{third.unmatched[name]:.2f} a photo match no label in crowd"
            for name in DETECTORS
        ),
        f"  face is sure of a face on {third.sees} of {third.scene_photos} photos of scene, be there any or not",
        *(
            f"{kind.column} {kind.value}, {kind.photos} photos: keeps {kind.kept:.4f}, over the centre "
            + _interval(kind.difference)
            for kind in (card.spread, card.portrait)
        ),
        f"worse than the centre on {card.worst.count} of {card.worst.total} photos",
        *(f"  {dataset}/{image} {value:+.4f}" for dataset, image, value in card.worst.photos),
    ]
    return "\n".join(line for line in [*lines, card.others] if line)


def main(argv: Sequence[str] | None = None) -> int:
    """Print the card of a run; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m eval.card", description="Print the numbers of the model card.")
    parser.add_argument("folder", nargs="?", type=Path, default=COMMITTED, metavar="RUN", help="default %(default)s")
    try:
        print(card_text(make_card(parser.parse_args(argv).folder)))
    except (RunError, WeightsError, ValueError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


def _commands(manifest: Mapping[str, Any]) -> list[str]:
    """What made the weights: earlier stages, the last one, what published them."""
    before = _commands(manifest["started from"]) if "started from" in manifest else []
    return [*before, manifest["command"], *([manifest["published by"]] if "published by" in manifest else [])]


def _estimate(values: pd.Series) -> Estimate:
    return bootstrap(by_dataset(values))


def _interval(estimate: Estimate) -> str:
    return f"{estimate.mean:.4f} [{estimate.low:.4f}, {estimate.high:.4f}]"


def _of(rows: pd.DataFrame, method: str) -> pd.DataFrame:
    chosen = rows[rows["method"] == method]
    if chosen.empty:
        raise ValueError(f"the run has no method {method!r}; available: {', '.join(rows['method'].unique())}")
    return chosen


def _methods(values: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """The columns of these methods. Raises ValueError, with the methods there are, when one is missing."""
    missing = [name for name in names if name not in values]
    if missing:
        raise ValueError(f"the run has no method {missing[0]!r}; available: {', '.join(values)}")
    return values[list(names)]


if __name__ == "__main__":
    sys.exit(main())
