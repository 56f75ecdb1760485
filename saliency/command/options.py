"""The options of the command line: how each is read, and which do not go together."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn, TypeVar

from saliency import __version__
from saliency.adapt_file import AdaptationFile, read_adaptation
from saliency.borders import TRIM
from saliency.command.focals import FocalFile, read_focals
from saliency.command.paths import is_folder, real
from saliency.command.printing import printable
from saliency.export import FILE_FORMATS
from saliency.formats import Format, parse_size
from saliency.framing import Framing
from saliency.methods import METHODS
from saliency.models import MODELS
from saliency.originals import METADATA
from saliency.pad import BACKGROUNDS, Border
from saliency.serve.options import add_options
from saliency.types import Aspect

USUAL = "gaze"  # the model where none is named


def make_parser(prog: str) -> argparse.ArgumentParser:
    """Of all commands. prog: what they were called as, for messages."""
    parser = _Parser(prog=prog, description="Crop photos to what people look at.")
    parser.add_argument("--version", action="version", version=f"gazecrop {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    crop = commands.add_parser("crop", help="cut photos to one or more aspect ratios or sizes")
    crop.add_argument("--aspect", type=_aspect, action="append", metavar="W:H", help="such as 16:9; repeat for more")
    crop.add_argument("--size", type=_size, action="append", metavar="WxH", help="exact pixels, such as 1200x630")
    crop.add_argument("--method", action="append", choices=list(METHODS), help="default gaze; repeat for more")
    crop.add_argument("--json", action="store_true", help="print one JSON object for each photo, method and format")
    crop.add_argument("--format", choices=list(FILE_FORMATS), help="of the files; default: like the photo's")
    crop.add_argument("--quality", type=_quality, metavar="N", help="1 to 100, of JPEG and WebP files")
    crop.add_argument("--fit", choices=["crop", "pad"], default="crop", help="pad: the whole photo, with a border")
    crop.add_argument(
        "--background", type=_background, metavar="NAME", help=f"of the border: {', '.join(BACKGROUNDS)}, or #rrggbb"
    )
    crop.add_argument(
        "--keep-metadata",
        choices=list(METADATA),
        default="copyright",
        help="of EXIF, XMP and IPTC: whose the photo is (as usual), all, or none; only all has the place of it",
    )
    crop.add_argument(
        "--no-enlarge", dest="enlarge", action="store_false", help="a crop below --size keeps the size that it has"
    )
    crop.set_defaults(command="crop", whole="usual")
    framing = crop.add_argument_group("framing", "what is wanted of gaze's crops")
    framing.add_argument("--keep", type=_keep, metavar="SHARE", help="the tightest that keeps this much gaze: 0.9")
    framing.add_argument("--margin", type=_margin, metavar="SHARE", help="room around it and the faces: 0 to 0.5")
    framing.add_argument(
        "--keep-faces", dest="whole", action="store_const", const="always", help="heads and objects whole at any cost"
    )
    framing.add_argument(
        "--gaze-only", dest="whole", action="store_const", const="never", help="the most gaze, whatever the border cuts"
    )
    framing.add_argument(
        "--trim", choices=list(TRIM), help="leave plain bars and frames out; auto, as usual: where they surely are such"
    )
    framing.add_argument("--focal", type=_focal, metavar="X,Y", help="centre on this point, 0 to 1 of the photo")
    framing.add_argument(
        "--focal-file", type=_focals, metavar="CSV", help="a focal point a photo: image,x,y; others are as --focal says"
    )
    framing.add_argument("--adapt", type=_adapt, metavar="FILE", help="of python -m eval adapt: your own people's gaze")

    maps = commands.add_parser("map", help="write saliency maps: the grid as .npy and a heatmap as .png")
    maps.add_argument("--model", choices=list(MODELS), help="default gaze")
    maps.add_argument("--adapt", type=_adapt, metavar="FILE", help="of python -m eval adapt")
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
    return parser


class _Parser(argparse.ArgumentParser):
    """Its messages repeat what was typed, so they are made safe to print."""

    def error(self, message: str) -> NoReturn:
        super().error(printable(message))


T = TypeVar("T")


def _argument(read: Callable[[str], T]) -> Callable[[str], T]:
    """The reader of an argument, its ValueError told by argparse in its own words."""

    def told(text: str) -> T:
        try:
            return read(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from None

    return told


@_argument
def _aspect(text: str) -> Format:
    aspect = Aspect.parse(text)
    return Format(str(aspect), aspect)


@_argument
def _size(text: str) -> Format:
    try:
        return parse_size(text)
    except ValueError as error:
        raise ValueError(f"{error}; --aspect takes shapes") from None


@_argument
def _keep(text: str) -> float:
    keep = _number(text)
    Framing(keep=keep)
    return keep


@_argument
def _margin(text: str) -> float:
    margin = _number(text)
    Framing(margin=margin)
    return margin


@_argument
def _focal(text: str) -> tuple[float, float]:
    x, comma, y = text.partition(",")
    if not comma:
        raise ValueError(f"{text!r} is no point; write it as x,y, such as 0.5,0.3")
    focal = _number(x), _number(y)
    Framing(focal=focal)
    return focal


@_argument
def _focals(text: str) -> FocalFile:
    return read_focals(Path(text))


@_argument
def _adapt(text: str) -> AdaptationFile:
    return read_adaptation(Path(text), MODELS)


@_argument
def _background(text: str) -> Border:
    return Border.parse(text)


@_argument
def _quality(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 100:
        raise ValueError(f"quality is 1 to 100, got {text!r}")
    return int(text)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"{text!r} is no number; write it as 0.9") from None


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
    wishes = {
        "--keep": options.keep is not None,
        "--margin": options.margin is not None,
        "--keep-faces": options.whole == "always",
        "--gaze-only": options.whole == "never",
        "--trim": options.trim is not None,
        "--focal": options.focal is not None,
        "--focal-file": options.focal_file is not None,
        "--adapt": options.adapt is not None,
    }
    wished = [name for name, given in wishes.items() if given]
    for_crops = [name for name in wished if name != "--trim"]
    if options.fit == "pad" and (for_crops or options.method):
        return f"{(for_crops or ['--method'])[0]} is for --fit crop; --fit pad shows the whole photo"
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
    return list(dict.fromkeys([*(options.aspect or []), *(options.size or [])] or [_aspect("1:1")]))


def wanted_methods(options: argparse.Namespace) -> list[str]:
    """The methods that were asked for, each once."""
    return list(dict.fromkeys(options.method or [usual(options)]))


def usual(options: argparse.Namespace) -> str:
    """The model where none was named."""
    return options.adapt.model if options.adapt else USUAL
