"""The commands that make a small network out of a large one: `teach`, `fuse`, `prune`, `distil`."""

from __future__ import annotations

import argparse
import json
import logging
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch

from eval.datasets import DATASETS, Sample, load_dataset
from saliency.models.average import AverageModel
from saliency.models.gaze_net import GazeNet
from saliency.models.gaze_torch import load_net, state_of
from saliency.models.input import INPUT_PIXELS
from saliency.models.weights import FOLDER, load_manifest, save_graph, save_weights
from saliency.types import SaliencyModel
from training.data import load_photos
from training.distil import Distillation, distil
from training.engine import engine_model
from training.fuse import fuse
from training.onnx_graph import gaze_graph
from training.options import add_settings, settings_of
from training.prune import Cuts, prune, widths_of
from training.record import record
from training.scores import quick_scores
from training.teacher import with_lessons, write_lessons
from training.views import TrainingPhoto

log = logging.getLogger("training")


def add_commands(commands: Any) -> list[argparse.ArgumentParser]:
    """Add them to the parser's subcommands; `--out` and `--threads` are the caller's to add."""
    teach = commands.add_parser("teach", help="write a teacher's maps of the training photos")
    teach.add_argument("runs", nargs="+", type=Path, metavar="RUN", help="finished runs whose maps are averaged")
    teach.add_argument("--pixels", type=int, default=INPUT_PIXELS, help="about how many pixels they are shown")
    teach.set_defaults(run=_teach)
    score = commands.add_parser("score", help="what a run reaches on val, shown any number of pixels")
    score.add_argument("folder", type=Path, metavar="RUN")
    score.add_argument("--pixels", type=int, default=0, help="about how many; default as in training")
    score.set_defaults(run=_score)
    fused = commands.add_parser("fuse", help="replace a network's first layers by fewer and faster ones")
    fused.set_defaults(run=_fuse)
    distilled = commands.add_parser("distil", help="train a small network on a teacher's maps")
    distilled.set_defaults(run=_distil)
    pruned = commands.add_parser("prune", help="cut a network down by Fisher pruning")
    pruned.add_argument("--keep", type=float, default=Cuts.keep, help="the share of its cost to end with")
    pruned.add_argument("--rounds", type=int, default=Cuts.rounds, help="cuts of equal size")
    pruned.add_argument("--steps", type=int, default=Cuts.steps, help="batches learned from before each cut")
    pruned.set_defaults(run=_prune)
    for command in (distilled, pruned):
        command.add_argument("--teacher", dest="lessons", type=Path, required=True, metavar="RUN", help="of `teach`")
        command.add_argument("--like", type=Path, metavar="RUN", help="a run, whose features are kept")
    for command in (fused, distilled, pruned):
        command.add_argument(
            "--start", type=Path, default=FOLDER, metavar="RUN", help="the run to go on from; default saliency/weights"
        )
        add_settings(command, Distillation, {"teacher": "teacher_share"})
    return [teach, fused, distilled, pruned]


def _teach(options: argparse.Namespace) -> None:
    samples = _samples("train")
    models = [engine_model(run, options.threads).shown(options.pixels) for run in options.runs]
    teacher = AverageModel("teacher", models)
    manifest = record(options.command, samples, list(DATASETS), {}, None)
    manifest |= {"started from": [load_manifest("gaze", run) for run in options.runs], "scores": {"val": _val(teacher)}}
    (options.out / "teacher.json").write_text(json.dumps(manifest, indent=2) + "\n")
    write_lessons(teacher, load_photos(samples, list(DATASETS)), options.out)


def _score(options: argparse.Namespace) -> None:
    model = engine_model(options.folder, options.threads)
    _val(model.shown(options.pixels or model.pixels))


def _fuse(options: argparse.Namespace) -> None:
    settings = _settings(options)
    net = fuse(load_net("gaze", options.start), _photos(settings), settings)
    _save(net, settings, options, options.out)


def _distil(options: argparse.Namespace) -> None:
    settings = _settings(options)
    net = distil(load_net("gaze", options.start), _lessons(settings, options), settings, _example(options))
    _save(net, settings, options, options.out)


def _prune(options: argparse.Namespace) -> None:
    settings = _settings(options)
    net, photos = load_net("gaze", options.start), _lessons(settings, options)
    cuts = Cuts(options.keep, options.rounds, options.steps)
    for share, small in prune(net, photos, settings, cuts, _example(options)):
        _save(small, settings, options, options.out / f"share-{100 * share:.0f}", scored=False)


def _settings(options: argparse.Namespace) -> Distillation:
    settings = settings_of(options, Distillation)
    log.info("%s", settings)
    torch.manual_seed(settings.seed)
    return settings


def _photos(settings: Distillation) -> list[TrainingPhoto]:
    return load_photos(_samples("train"), list(DATASETS), settings.pixels, settings.targets)


def _lessons(settings: Distillation, options: argparse.Namespace) -> list[TrainingPhoto]:
    return with_lessons(_photos(settings), options.lessons)


def _example(options: argparse.Namespace) -> GazeNet | None:
    return load_net("gaze", options.like) if options.like else None


def _save(net: GazeNet, settings: Distillation, options: argparse.Namespace, out: Path, scored: bool = True) -> None:
    """Write the network, how it was made and, where `scored`, what it reaches on val."""
    manifest = {
        "variant": net.variant,
        "input pixels": settings.pixels,
        "widths": widths_of(net),
        **record(options.command, _samples("train"), list(DATASETS), asdict(settings), options.start),
    }
    if "lessons" in options:
        manifest["teacher"] = json.loads((options.lessons / "teacher.json").read_text())
    if isinstance(manifest["started from"], dict):
        manifest["started from"].pop("teacher", None)  # it is the same one
    save_weights("gaze", state_of(net), manifest, out)
    if scored:
        scores = {"val": _val(engine_model(out, options.threads))}
        save_weights("gaze", state_of(net), manifest | {"scores": scores}, out)
    save_graph("gaze", gaze_graph(net).SerializeToString(), out)


def _val(model: SaliencyModel) -> dict[str, dict[str, float]]:
    scores = {name: quick_scores(load_dataset(name, "val"), model) for name in DATASETS}
    log.info("val: %s", json.dumps(scores))
    return scores


def _samples(split: str) -> list[Sample]:
    return [sample for name in DATASETS for sample in load_dataset(name, split)]
