"""The commands that make a small network out of a large one: `teach`, `fuse`, `prune`, `distil`."""

from __future__ import annotations

import argparse
import json
import logging
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import torch

from eval.datasets import DATASETS, Sample, load_dataset
from saliency.models.gaze import GazeModel
from saliency.models.gaze_net import GazeNet
from saliency.models.gaze_torch import load_net, state_of
from saliency.models.input import INPUT_PIXELS
from saliency.models.weights import FOLDER, load_manifest, save_graph, save_weights
from saliency.types import SaliencyModel
from training.data import load_frames
from training.distil import Distillation, distil
from training.fuse import fuse
from training.onnx_graph import gaze_graph
from training.prune import prune, widths_of
from training.record import record
from training.scores import quick_scores
from training.teacher import Teacher, with_lessons, write_lessons
from training.views import Frame

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
    student = commands.add_parser("distil", help="train a small network on a teacher's maps")
    student.set_defaults(run=_distil)
    pruned = commands.add_parser("prune", help="cut a network down by Fisher pruning")
    pruned.add_argument("--keep", type=float, default=0.3, help="the share of its cost to end with")
    pruned.add_argument("--rounds", type=int, default=14, help="cuts of equal size")
    pruned.add_argument("--steps", type=int, default=75, help="batches learned from before each cut")
    pruned.set_defaults(run=_prune)
    for command in (student, pruned):
        command.add_argument("--teacher", dest="lessons", type=Path, required=True, metavar="RUN", help="of `teach`")
        command.add_argument(
            "--like", dest="whole_net", type=Path, metavar="RUN", help="a run, whose features are kept"
        )
    for command in (fused, student, pruned):
        command.add_argument(
            "--start", type=Path, default=FOLDER, metavar="RUN", help="the run to go on from; default saliency/weights"
        )
        for setting in fields(Distillation):
            name = "--teacher-share" if setting.name == "teacher" else "--" + setting.name.replace("_", "-")
            command.add_argument(
                name, dest=setting.name, type=type(setting.default), default=setting.default, metavar="VALUE"
            )
    return [teach, fused, student, pruned]


def _teach(options: argparse.Namespace, command: str) -> None:
    samples = _samples("train")
    teacher = Teacher([_engine_model(run, options.threads).shown(options.pixels) for run in options.runs])
    manifest = record(command, samples, list(DATASETS), {}, None)
    manifest |= {"started from": [load_manifest("gaze", run) for run in options.runs], "scores": {"val": _val(teacher)}}
    (options.out / "teacher.json").write_text(json.dumps(manifest, indent=2) + "\n")
    write_lessons(teacher, load_frames(samples, list(DATASETS)), options.out)


def _score(options: argparse.Namespace, command: str) -> None:  # noqa: ARG001
    model = _engine_model(options.folder, options.threads)
    _val(model.shown(options.pixels or model.pixels))


def _fuse(options: argparse.Namespace, command: str) -> None:
    settings = _settings(options)
    net = fuse(load_net("gaze", options.start), _frames(settings), settings)
    _save(net, settings, options, command, options.out)


def _distil(options: argparse.Namespace, command: str) -> None:
    settings = _settings(options)
    net = distil(load_net("gaze", options.start), _lessons(settings, options), settings, _whole(options))
    _save(net, settings, options, command, options.out)


def _prune(options: argparse.Namespace, command: str) -> None:
    settings = _settings(options)
    net, frames, cuts = load_net("gaze", options.start), _lessons(settings, options), (options.rounds, options.steps)
    for share, small in prune(net, frames, settings, options.keep, *cuts, _whole(options)):
        _save(small, settings, options, command, options.out / f"share-{100 * share:.0f}", scored=False)


def _settings(options: argparse.Namespace) -> Distillation:
    settings = Distillation(**{setting.name: getattr(options, setting.name) for setting in fields(Distillation)})
    log.info("%s", settings)
    torch.manual_seed(settings.seed)
    return settings


def _frames(settings: Distillation) -> list[Frame]:
    return load_frames(_samples("train"), list(DATASETS), settings.pixels)


def _lessons(settings: Distillation, options: argparse.Namespace) -> list[Frame]:
    return with_lessons(_frames(settings), options.lessons)


def _whole(options: argparse.Namespace) -> GazeNet | None:
    return load_net("gaze", options.whole_net) if options.whole_net else None


def _save(
    net: GazeNet, settings: Distillation, options: argparse.Namespace, command: str, out: Path, scored: bool = True
) -> None:
    """Write the network, how it was made and, where `scored`, what it reaches on val."""
    manifest = {
        "variant": net.variant,
        "input pixels": settings.pixels,
        "widths": widths_of(net),
        **record(command, _samples("train"), list(DATASETS), asdict(settings), options.start),
    }
    if "lessons" in options:
        manifest["teacher"] = json.loads((options.lessons / "teacher.json").read_text())
    if isinstance(manifest["started from"], dict):
        manifest["started from"].pop("teacher", None)  # it is the same one
    save_weights("gaze", state_of(net), manifest, out)
    if scored:
        scores = {"val": _val(_engine_model(out, options.threads))}
        save_weights("gaze", state_of(net), manifest | {"scores": scores}, out)
    save_graph("gaze", gaze_graph(net).SerializeToString(), out)


def _engine_model(run: Path, threads: int) -> GazeModel:
    """The run's network in ONNX Runtime, which takes half the time of torch."""
    pixels = load_manifest("gaze", run).get("input pixels", INPUT_PIXELS)
    return GazeModel("gaze", gaze_graph(load_net("gaze", run)).SerializeToString(), pixels, threads)


def _val(model: SaliencyModel) -> dict[str, dict[str, float]]:
    scores = {name: quick_scores(load_dataset(name, "val"), model) for name in DATASETS}
    log.info("val: %s", json.dumps(scores))
    return scores


def _samples(split: str) -> list[Sample]:
    return [sample for name in DATASETS for sample in load_dataset(name, split)]
