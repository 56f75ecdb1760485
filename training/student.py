"""The commands that make a small network out of a large one: `teach`, `fuse`, `prune`, `distil`, `quantise`."""

from __future__ import annotations

import argparse
import json
import logging
from dataclasses import asdict
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import torch

from eval.datasets import DATASETS, Sample, load_dataset
from saliency.image import open_image, resized
from saliency.models.average import LARGE_PIXELS, AverageModel
from saliency.models.gaze_net import GazeNet
from saliency.models.gaze_torch import load_net, state_of
from saliency.models.input import INPUT_PIXELS, input_size
from saliency.models.weights import FOLDER, load_manifest, load_weights, save_graph, save_weights
from saliency.types import SaliencyModel
from training.data import load_photos
from training.distil import Distillation, distil
from training.engine import engine_graph, engine_model
from training.fuse import fuse
from training.int8 import ranges_of
from training.onnx_graph import gaze_graph
from training.options import add_leave_out, add_pictures, add_settings, pictures_of, settings_of
from training.prune import Cuts, prune, widths_of
from training.record import record
from training.scores import scores_of
from training.teacher import with_lessons, write_lessons
from training.views import TrainingPhoto
from training.vit_features import Seen
from training.vit_run import VIT, is_vit, load_vit_model

CALIBRATION_EVERY = 20  # train photos: their extremes are those of more of them
UNSEEN = np.empty((0, 2))  # the fixations of a picture that nobody looked at
log = logging.getLogger("training")


def add_commands(commands: Any) -> list[argparse.ArgumentParser]:
    """Add them to the parser's subcommands; `--out` and `--threads` are the caller's to add."""
    teach = commands.add_parser("teach", help="write a teacher's maps of the training photos")
    teach.add_argument("runs", nargs="+", type=Path, metavar="RUN", help="finished runs whose maps are averaged")
    teach.add_argument("--pixels", type=int, default=INPUT_PIXELS, help="about how many pixels they are shown")
    teach.add_argument("--seen", type=Path, metavar="DIR", help="features of `see`, where a run is of `read`")
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
    quantised = commands.add_parser("quantise", help="write a network in 8 bits")
    quantised.add_argument("--start", type=Path, required=True, metavar="RUN", help="the run to take the network of")
    quantised.set_defaults(run=_quantise)
    for command in (distilled, pruned):
        command.add_argument("--teacher", dest="lessons", type=Path, required=True, metavar="RUN", help="of `teach`")
        command.add_argument("--like", type=Path, metavar="RUN", help="a run, whose features are kept")
    for command in (teach, distilled, pruned):
        add_pictures(command)
    for command in (teach, fused, distilled, pruned):
        add_leave_out(command)
    for command in (fused, distilled, pruned):
        command.add_argument(
            "--start", type=Path, default=FOLDER, metavar="RUN", help="the run to go on from; default saliency/weights"
        )
        add_settings(command, Distillation, {"teacher": "teacher_share"})
    return [teach, fused, distilled, pruned, quantised]


def _teach(options: argparse.Namespace) -> None:
    samples, pictures = _samples(options), pictures_of(options, LARGE_PIXELS, options.leave_out)
    teacher = AverageModel("teacher", [_member(run, options) for run in options.runs], mirror=False)
    manifest = record(options.command, samples, _names(options), {}, None)
    manifest |= {
        "pictures": len(pictures),
        "started from": [load_manifest(VIT if is_vit(run) else "gaze", run) for run in options.runs],
        "scores": scores_of(teacher, options.leave_out),
    }
    (options.out / "teacher.json").write_text(json.dumps(manifest, indent=2) + "\n")
    images = chain((open_image(sample.path) for sample in samples), pictures)
    write_lessons(teacher, images, len(samples) + len(pictures), options.out)


def _member(run: Path, options: argparse.Namespace) -> SaliencyModel:
    """A run's network; only what is fast also looks at the mirror image."""
    if is_vit(run):
        return load_vit_model(run, Seen(options.seen))
    return AverageModel("gaze", [engine_model(run, options.threads).shown(options.pixels)])


def _score(options: argparse.Namespace) -> None:
    model = engine_model(options.folder, options.threads)
    scores_of(model.shown(options.pixels or model.pixels))


def _fuse(options: argparse.Namespace) -> None:
    settings = _settings(options)
    net = fuse(load_net("gaze", options.start), _photos(settings, options), settings)
    _save(net, settings, options, options.out)


def _distil(options: argparse.Namespace) -> None:
    settings = _settings(options)
    photos, net = _lessons(settings, options), load_net("gaze", options.start)
    net = distil(net, photos, settings, options.out, _example(options))
    _save(net, settings, options, options.out)


def _prune(options: argparse.Namespace) -> None:
    settings = _settings(options)
    net, photos = load_net("gaze", options.start), _lessons(settings, options)
    cuts = Cuts(options.keep, options.rounds, options.steps)
    for share, small in prune(net, photos, settings, cuts, _example(options)):
        _save(small, settings, options, options.out / f"share-{100 * share:.0f}", scored=False)


def _quantise(options: argparse.Namespace) -> None:
    """The same weights, and in the manifest the ranges by which their graph in 8 bits is written."""
    start = load_manifest("gaze", options.start)
    samples = [sample for name in DATASETS for sample in load_dataset(name, "train")[::CALIBRATION_EVERY]]
    pixels = start["input pixels"]
    images = (open_image(sample.path) for sample in samples)
    pictures = (resized(image, input_size(image.shape[1], image.shape[0], pixels)) for image in images)
    manifest = {
        **{key: start[key] for key in ("variant", "input pixels", "widths")},
        "ranges": ranges_of(load_net("gaze", options.start), pictures),
        **record(options.command, samples, list(DATASETS), {"every": CALIBRATION_EVERY}, options.start),
    }
    weights = load_weights("gaze", options.start)
    save_weights("gaze", weights, manifest, options.out)
    scores = scores_of(engine_model(options.out, options.threads))
    save_weights("gaze", weights, manifest | {"scores": scores}, options.out)
    save_graph("gaze", engine_graph("gaze", options.out).SerializeToString(), options.out)


def _settings(options: argparse.Namespace) -> Distillation:
    settings = settings_of(options, Distillation)
    log.info("%s", settings)
    torch.manual_seed(settings.seed)
    return settings


def _photos(settings: Distillation, options: argparse.Namespace) -> list[TrainingPhoto]:
    return load_photos(_samples(options), _names(options), settings.pixels, settings.targets)


def _lessons(settings: Distillation, options: argparse.Namespace) -> list[TrainingPhoto]:
    pictures = pictures_of(options, settings.pixels, options.leave_out)
    unseen = [TrainingPhoto(image, UNSEEN, 0) for image in pictures]
    return with_lessons(_photos(settings, options) + unseen, options.lessons)


def _example(options: argparse.Namespace) -> GazeNet | None:
    return load_net("gaze", options.like) if options.like else None


def _save(net: GazeNet, settings: Distillation, options: argparse.Namespace, out: Path, scored: bool = True) -> None:
    """Write the network, how it was made and, where `scored`, what it reaches on val."""
    manifest = {
        "variant": net.variant,
        "input pixels": settings.pixels,
        "widths": widths_of(net),
        **record(options.command, _samples(options), _names(options), asdict(settings), options.start),
    }
    if "lessons" in options:
        manifest["teacher"] = json.loads((options.lessons / "teacher.json").read_text())
    if isinstance(manifest["started from"], dict):
        manifest["started from"].pop("teacher", None)  # it is the same one
    save_weights("gaze", state_of(net), manifest, out)
    if scored:
        scores = scores_of(engine_model(out, options.threads), options.leave_out)
        save_weights("gaze", state_of(net), manifest | {"scores": scores}, out)
    save_graph("gaze", gaze_graph(net).SerializeToString(), out)


def _names(options: argparse.Namespace) -> list[str]:
    return [name for name in DATASETS if name != options.leave_out]


def _samples(options: argparse.Namespace) -> list[Sample]:
    return [sample for name in _names(options) for sample in load_dataset(name, "train")]
