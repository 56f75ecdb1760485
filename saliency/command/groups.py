"""Options that several commands have, and that mean the same to each."""

from __future__ import annotations

import argparse

from saliency.borders import TRIM
from saliency.command import arguments as read
from saliency.export import FILE_FORMATS
from saliency.originals import METADATA
from saliency.regions import REGIONS


def add_formats(parser: argparse.ArgumentParser) -> None:
    """Which shapes and sizes are made."""
    parser.add_argument(
        "--aspect", type=read.aspect, action="append", metavar="W:H", help="such as 16:9; repeat for more"
    )
    parser.add_argument("--size", type=read.size, action="append", metavar="WxH", help="exact pixels, such as 1200x630")


def add_writing(parser: argparse.ArgumentParser) -> None:
    """How files of crops are written."""
    parser.add_argument("--format", choices=list(FILE_FORMATS), help="of the files; default: like the photo's")
    parser.add_argument("--quality", type=read.quality, metavar="N", help="1 to 100, of JPEG and WebP files")
    parser.add_argument(
        "--keep-metadata",
        choices=list(METADATA),
        default="copyright",
        help="of EXIF, XMP and IPTC: whose the photo is (as usual), all, or none; only all has the place of it",
    )
    parser.add_argument(
        "--no-enlarge", dest="enlarge", action="store_false", help="a crop below --size keeps the size that it has"
    )


def add_framing(parser: argparse.ArgumentParser) -> argparse._ArgumentGroup:
    """What is wanted of a network's crops; the group, for more of that."""
    parser.set_defaults(whole="usual")
    framing = parser.add_argument_group("framing", "what is wanted of gaze's crops")
    framing.add_argument("--keep", type=read.keep, metavar="SHARE", help="the tightest that keeps this much gaze: 0.9")
    framing.add_argument("--margin", type=read.margin, metavar="SHARE", help="room around it and the faces: 0 to 0.5")
    framing.add_argument(
        "--keep-faces", dest="whole", action="store_const", const="always", help="heads and objects whole at any cost"
    )
    framing.add_argument(
        "--gaze-only", dest="whole", action="store_const", const="never", help="the most gaze, whatever the border cuts"
    )
    framing.add_argument(
        "--trim", choices=list(TRIM), help="leave plain bars and frames out; auto, as usual: where they surely are such"
    )
    framing.add_argument(
        "--regions",
        choices=list(REGIONS),
        help="centre on what the photo's own file marks: a person's IPTC regions for cropping (as usual), a camera's "
        "focus too, or none",
    )
    return framing


def wished_framing(options: argparse.Namespace) -> dict[str, bool]:
    """By option of `add_framing`, whether it was given."""
    return {
        "--keep": options.keep is not None,
        "--margin": options.margin is not None,
        "--keep-faces": options.whole == "always",
        "--gaze-only": options.whole == "never",
        "--trim": options.trim is not None,
        "--regions": options.regions is not None,
    }
