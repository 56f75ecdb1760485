"""`gazecrop bulk`: lists the photos, makes what is missing of the results, and tells of it."""

from __future__ import annotations

import argparse
from pathlib import Path

from saliency.bulk.beginning import begin, missing, only_one
from saliency.bulk.careful import make_carefully
from saliency.bulk.engines import ENGINES
from saliency.bulk.errors import BulkError
from saliency.bulk.estimate import estimate
from saliency.bulk.listing import shard_count
from saliency.bulk.manifest import Source
from saliency.bulk.options import misused_by_bulk
from saliency.bulk.progress import Progress, counted
from saliency.bulk.recipe import Cutting, Recipe, format_name
from saliency.bulk.shard import numbers_in
from saliency.bulk.store import store_at
from saliency.bulk.summary import summarise
from saliency.command.ending import FAILED
from saliency.command.options import wanted_formats, wishes
from saliency.command.printing import tell, warn


def run_bulk(options: argparse.Namespace) -> int:
    """Run the command; returns the exit status: 0, or 1 where a photo could not be read or the run not be made."""
    try:
        if wrong := misused_by_bulk(options):
            raise BulkError(wrong)
        return _estimated(options) if options.dry_run else _made(options)
    except BulkError as error:
        warn(f"error: {error}")
        return FAILED


def _made(options: argparse.Namespace) -> int:
    with only_one(options.output):
        manifest = begin(options.output, source_of(options), recipe_of(options), options.as_begun)
        store = store_at(options.output)
        todo = missing(manifest, store)
        progress = Progress(
            manifest.photos, manifest.photos - sum(len(numbers_in(manifest, number)) for number in todo)
        )
        if len(todo) < shard_count(manifest.photos):
            warn(f"going on: {progress.done:,} of {counted(manifest.photos, 'photo')} are done")
        try:
            _make(options, todo, progress)
        except KeyboardInterrupt:
            raise KeyboardInterrupt(
                f"after {progress.done:,} of {manifest.photos:,} photos; the same command goes on"
            ) from None
        finally:
            progress.end()
        summary = summarise(manifest, store)
    for line in summary.lines(options.output):
        tell(line)
    return int(summary.failed > 0)


def _make(options: argparse.Namespace, todo: list[int], progress: Progress) -> None:
    for outcome in ENGINES[options.engine](options.output, todo, options.workers, options.address):
        progress.add(make_carefully(options.output, outcome.number) if outcome.died else outcome)


def _estimated(options: argparse.Namespace) -> int:
    for line in estimate(source_of(options), recipe_of(options), options.output, options.workers).lines(
        options.price_per_core_hour
    ):
        tell(line)
    return 0


def source_of(options: argparse.Namespace) -> Source:
    """Which photos are asked for."""
    return Source(tuple(options.inputs), str(Path.cwd()), options.column, options.limit, options.sample)


def recipe_of(options: argparse.Namespace) -> Recipe:
    """What is to be done to each."""
    cutting = None
    if options.crops:
        cutting = Cutting(options.crops, options.format, options.quality, options.keep_metadata, options.enlarge)
    formats = tuple(format_name(target) for target in wanted_formats(options))
    return Recipe(options.method, formats, wishes(options), options.strict, cutting)
