"""The options of the command line: how each is read, and which do not go together."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from pathlib import Path

from saliency import __version__
from saliency.bulk.options import add_bulk
from saliency.command import arguments as read
from saliency.command.groups import add_formats, add_framing, add_writing, wished_framing
from saliency.command.paths import is_folder, real
from saliency.command.placing import USUAL, Wishes
from saliency.formats import Format
from saliency.methods import METHODS
from saliency.models import MODELS
from saliency.pad import BACKGROUNDS
from saliency.serve.options import add_options


def make_parser(prog: str) -> argparse.ArgumentParser:
    """Of all commands. prog: what they were called as, for messages."""
    parser = read.Parser(prog=prog, description="Crop photos to what people look at.")
    parser.add_argument("--version", action="version", version=f"gazecrop {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    crop = commands.add_parser("crop", help="cut photos to one or more aspect ratios or sizes")
    add_formats(crop)
    crop.add_argument("--method", action="append", choices=list(METHODS), help="default gaze; repeat for more")
    crop.add_argument("--json", action="store_true", help="print one JSON object for each photo, method and format")
    crop.add_argument("--fit", choices=["crop", "pad"], default="crop", help="pad: the whole photo, with a border")
    crop.add_argument(
        "--background",
        type=read.background,
        metavar="NAME",
        help=f"of the border: {', '.join(BACKGROUNDS)}, or #rrggbb",
    )
    add_writing(crop)
    crop.add_argument(
        "--write-regions",
        action="store_true",
        help="a copy of the photo's own file, with all that it says, that has the boxes and the focal point as IPTC "
        "regions too (JPEG, PNG)",
    )
    crop.set_defaults(command="crop")
    framing = add_framing(crop)
    framing.add_argument("--focal", type=read.focal, metavar="X,Y", help="centre on this point, 0 to 1 of the photo")
    framing.add_argument(
        "--focal-file",
        type=read.focals,
        metavar="CSV",
        help="a focal point a photo: image,x,y; others are as --focal says",
    )
    framing.add_argument(
        "--adapt", type=read.adapt, metavar="FILE", help="of python -m eval adapt: your own people's gaze"
    )

    maps = commands.add_parser("map", help="write saliency maps: the grid as .npy and a heatmap as .png")
    maps.add_argument("--model", choices=list(MODELS), help="default gaze")
    maps.add_argument("--adapt", type=read.adapt, metavar="FILE", help="of python -m eval adapt")
    maps.set_defaults(command="map", json=False)

    hook = commands.add_parser("serve", help="answer photos that come by HTTP with where to crop them")
    add_options(hook)

    for command in (crop, maps):
        command.add_argument(
            "photos", nargs="+", type=Path, metavar="PHOTO", help="a picture, a folder of them, or - for standard input"
        )
        command.add_argument(
            "--out", type=Path, required=command is maps, metavar="DIR", help="where files are written"
        )
        command.add_argument("--strict", action="store_true", help="refuse a photo whose file is damaged")
        command.add_argument("--overwrite", action="store_true", help="replace files of an earlier run")
    add_bulk(commands)
    return parser


def misused(options: argparse.Namespace) -> str:
    """What is wrong with options that are right one by one; empty when nothing is."""
    names = options.method if options.command == "crop" else [options.model or usual(options)]
    fitted = options.adapt.model if options.adapt else ""
    if fitted and (unfit := [name for name in names or [] if name != fitted]):
        return f"--adapt takes numbers that were fitted to the maps of {fitted!r}, not of {unfit[0]!r}"
    if wrong := _misplaced(options.photos, options.out):
        return wrong
    return _misused_by_crop(options) if options.command == "crop" else ""


def _misplaced(photos: Sequence[Path], out: Path | None) -> str:
    for folder in photos:
        if out and is_folder(folder) and real(folder) == real(out):
            return f"--out {out} is the folder of the photos, which is never written to; write to {out / 'crops'}"
    if out and os.path.lexists(out) and not is_folder(out):
        return f"--out {out} is {'a link that leads nowhere' if out.is_symlink() else 'a file'}; name a folder"
    return ""


def _misused_by_crop(options: argparse.Namespace) -> str:
    wishes = wished_framing(options) | {
        "--focal": options.focal is not None,
        "--focal-file": options.focal_file is not None,
        "--adapt": options.adapt is not None,
    }
    wished = [name for name, given in wishes.items() if given]
    for_crops = [name for name in wished if name != "--trim"]
    if options.fit == "pad" and (for_crops or options.method):
        return f"{(for_crops or ['--method'])[0]} is for --fit crop; --fit pad shows the whole photo"
    if options.write_regions and (options.fit == "pad" or not options.out):
        return f"--write-regions {'needs --out' if not options.out else 'is for --fit crop'}"
    if options.fit == "crop" and options.background:
        return f"--background {options.background} is for the border of --fit pad"
    others = [name for name in options.method or [] if name not in MODELS]
    if wished and others:
        return f"{wished[0]} is for the methods {' and '.join(MODELS)}, not {others[0]!r}"
    if options.margin is not None and options.keep is None and options.whole == "never":
        return f"--margin {options.margin:g} needs --keep beside --gaze-only: the widest crop has no room around"
    parts = [target.file_part for target in wanted_formats(options)]
    if options.out and (twice := next((part for part in parts if parts.count(part) > 1), "")):
        return f"two formats would be written to one file, {twice}; ask for them in two runs, into two folders"
    return ""


def wanted_formats(options: argparse.Namespace) -> list[Format]:
    """The formats that were asked for, each once."""
    return list(dict.fromkeys([*(options.aspect or []), *(options.size or [])] or [read.aspect("1:1")]))


def wanted_methods(options: argparse.Namespace) -> list[str]:
    """The methods that were asked for, each once."""
    return list(dict.fromkeys(options.method or [usual(options)]))


def usual(options: argparse.Namespace) -> str:
    """The model where none was named."""
    return options.adapt.model if options.adapt else USUAL


def wishes(options: argparse.Namespace) -> Wishes:
    """What is wanted of a network's crops."""
    return Wishes(
        options.keep, options.margin or 0.0, options.whole, options.trim or "auto", options.regions or "person"
    )
