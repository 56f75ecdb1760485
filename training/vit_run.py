"""The commands of the ViT teacher: `see`, `read`."""

from __future__ import annotations

import argparse
import logging
from dataclasses import asdict
from itertools import chain
from pathlib import Path
from typing import Any

import torch

from eval.datasets import DATASETS, load_dataset
from saliency.image import open_image
from saliency.models.average import LARGE_PIXELS
from saliency.models.gaze_torch import state_of
from saliency.models.weights import load_weights, save_weights
from training.options import add_leave_out, add_pictures, add_settings, pictures_of, settings_of
from training.record import record
from training.scores import scores_of
from training.vit_features import Seen
from training.vit_net import ViTReadOut
from training.vit_recipe import Reading, ViTModel, read

VIT = "vit"  # the name of its weights in a run's folder
log = logging.getLogger("training")


def add_commands(commands: Any) -> list[argparse.ArgumentParser]:
    """Add them to the parser's subcommands; `--out` and `--threads` are the caller's to add."""
    see = commands.add_parser("see", help="keep what the ViT teacher's frozen networks see")
    add_pictures(see)
    see.set_defaults(run=_see)
    reading = commands.add_parser("read", help="train the ViT teacher's read-out")
    reading.add_argument("--seen", type=Path, required=True, metavar="DIR", help="features of `see`")
    add_leave_out(reading)
    add_settings(reading, Reading)
    reading.set_defaults(run=_read)
    return [see, reading]


def is_vit(run: Path) -> bool:
    """Whether the run is one of `read`."""
    return (run / f"{VIT}.json").exists()


def load_vit_model(run: Path, seen: Seen) -> ViTModel:
    """The teacher of a run of `read`. Raises WeightsError when its weights are missing or damaged."""
    net = ViTReadOut()
    net.load_state_dict({key: torch.from_numpy(value) for key, value in load_weights(VIT, run).items()})
    return ViTModel(net, seen)


def _see(options: argparse.Namespace) -> None:
    samples = [sample for split in ("train", "val") for name in DATASETS for sample in load_dataset(name, split)]
    pictures = pictures_of(options, LARGE_PIXELS)
    images = chain((open_image(sample.path) for sample in samples), pictures)
    Seen(options.out).look_at(images, len(samples) + len(pictures))


def _read(options: argparse.Namespace) -> None:
    settings = settings_of(options, Reading)
    names = [name for name in DATASETS if name != options.leave_out]
    samples = [sample for name in names for sample in load_dataset(name, "train")]
    log.info("%s on %d photos of %s", settings, len(samples), ", ".join(names))
    seen = Seen(options.seen)
    net = read(samples, names, seen, settings)
    manifest = record(options.command, samples, names, asdict(settings), None)
    save_weights(VIT, state_of(net), manifest, options.out)
    manifest["scores"] = scores_of(load_vit_model(options.out, seen), options.leave_out)
    save_weights(VIT, state_of(net), manifest, options.out)
