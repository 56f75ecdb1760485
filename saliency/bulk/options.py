"""The options of `gazecrop bulk`; those that `crop` has too mean the same here."""

from __future__ import annotations

import argparse
from pathlib import Path

from saliency.command import arguments as read
from saliency.command.groups import add_formats, add_framing, add_writing, wished_framing
from saliency.command.placing import USUAL
from saliency.methods import METHODS
from saliency.models import MODELS

ENGINES = ("local", "ray")  # of saliency/bulk/engines, which need more packages than to read options


def add_bulk(commands: argparse._SubParsersAction) -> None:
    """Both commands."""
    bulk = commands.add_parser("bulk", help="crop a folder, a table or a bucket of photos into a Parquet dataset")
    bulk.add_argument(
        "inputs", nargs="+", metavar="INPUT", help="a folder, a glob, a CSV or Parquet of paths or bytes, or s3://…"
    )
    bulk.add_argument(
        "output", metavar="OUTPUT", help="a folder or s3://… for the results; a run that was stopped goes on"
    )
    add_formats(bulk)
    bulk.add_argument(
        "--method", choices=list(METHODS), default=USUAL, help="default gaze; gaze-fast takes half as long"
    )
    bulk.add_argument("--column", metavar="NAME", help="of tables, the one of paths or bytes")
    bulk.add_argument("--strict", action="store_true", help="refuse a photo whose file is damaged")

    part = bulk.add_argument_group("which photos")
    few = part.add_mutually_exclusive_group()
    few.add_argument("--limit", type=read.count, metavar="N", help="the first N")
    few.add_argument("--sample", type=read.count, metavar="N", help="N that are as good as random, and always the same")
    part.add_argument(
        "--as-begun", action="store_true", help="go on with the photos that there were when the run began"
    )

    where = bulk.add_argument_group("where, and what it costs")
    where.add_argument("--engine", choices=ENGINES, default="local", help="local: processes of this machine")
    where.add_argument(
        "--address", metavar="HOST:PORT", help="of a Ray cluster; default: Ray is begun here for the run"
    )
    where.add_argument("--workers", type=read.count, metavar="N", help="photos at once, by default one a core")
    where.add_argument(
        "--dry-run", action="store_true", help="time a few photos, tell what all would take, write nothing"
    )
    where.add_argument("--price-per-core-hour", type=read.price, metavar="PRICE", help="for what --dry-run tells")

    writing = bulk.add_argument_group("crops as files")
    writing.add_argument("--crops", metavar="DIR", help="a folder or s3://… where the crops are written too")
    add_writing(writing)
    add_framing(bulk)
    bulk.set_defaults(command="bulk", json=False)

    compare = commands.add_parser("bulk-compare", help="how two bulk runs over the same photos differ, model by model")
    compare.add_argument("one", metavar="A", help="the output of a run")
    compare.add_argument("other", metavar="B", help="that of another one over the same photos")
    compare.add_argument(
        "--out", type=Path, metavar="JSON", help="write it for the page Your data, with small pictures"
    )
    compare.set_defaults(command="bulk-compare", json=False)


def misused_by_bulk(options: argparse.Namespace) -> str:
    """What is wrong with options that are right one by one; empty when nothing is."""
    wished = next((name for name, given in wished_framing(options).items() if given), "")
    if wished and options.method not in MODELS:
        return f"{wished} is for the methods {' and '.join(MODELS)}, not {options.method!r}"
    if options.margin is not None and options.keep is None and options.whole == "never":
        return f"--margin {options.margin:g} needs --keep beside --gaze-only: the widest crop has no room around"
    if options.address and options.engine != "ray":
        return "--address is for --engine ray"
    if options.price_per_core_hour is not None and not options.dry_run:
        return "--price-per-core-hour is for --dry-run"
    return ""
