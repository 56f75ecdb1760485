"""The command line: `gazecrop crop …` and `gazecrop map …`; `python -m saliency crop …` in a checkout."""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np

from saliency import __version__
from saliency.adapt import AdaptedModel
from saliency.adapt_file import AdaptationFile, read_adaptation
from saliency.borders import TRIM, left_out
from saliency.crop import judged
from saliency.export import FILE_FORMATS, crop_name, cut, encode, format_like, render
from saliency.formats import Format, parse_format
from saliency.framing import Framing, frame
from saliency.heatmap import overlay
from saliency.image import SUFFIXES, ImageError, image_size, open_image
from saliency.methods import METHODS, load_method
from saliency.models import MODELS, load_model
from saliency.pad import BACKGROUNDS, Border, Canvas, canvas_for, pad, pad_json
from saliency.pipeline import borders_in, borders_of, look, see
from saliency.things import WHOLE
from saliency.types import Aspect, Box, Crop, RgbImage, SaliencyModel

USUAL = "gaze"  # the model where none is named


def main(argv: Sequence[str] | None = None, prog: str = "gazecrop") -> int:
    """Run one command; returns the exit status: 0, or 1 when a picture could not be read.

    prog: what it was called as, for its own messages.
    """
    parser = _parser(prog)
    options = parser.parse_args(argv)
    if wrong := _misused(options):
        parser.error(wrong)
    if options.out:
        options.out.mkdir(parents=True, exist_ok=True)
    command: Callable[[argparse.Namespace, Path, str], None] = options.run
    stems = _Stems()
    failed = False
    for path in _pictures(options.photos):
        try:
            if path.is_dir():
                raise ImageError("there is no picture in this folder")
            command(options, path, stems.next(path.stem))
        except ImageError as error:
            failed = True
            _complain(options, path, error)
            continue
        stems.take(path.stem)
    return int(failed)


def _parser(prog: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=prog, description="Crop photos to what people look at.")
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
    crop.set_defaults(run=_crop, whole="usual")
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
    framing.add_argument("--adapt", type=_adapt, metavar="FILE", help="of python -m eval adapt: your own people's gaze")

    maps = commands.add_parser("map", help="write saliency maps: the grid as .npy and a heatmap as .png")
    maps.add_argument("--model", choices=list(MODELS), help="default gaze")
    maps.add_argument("--adapt", type=_adapt, metavar="FILE", help="of python -m eval adapt")
    maps.set_defaults(run=_map, json=False)

    for command in (crop, maps):
        command.add_argument("photos", nargs="+", type=Path, metavar="PHOTO", help="a picture, or a folder of them")
        command.add_argument(
            "--out", type=Path, required=command is maps, metavar="DIR", help="where files are written"
        )
    return parser


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
    size = parse_format(text)
    if size.pixels is None:
        raise ValueError(f"{text!r} is no size in pixels, such as 1200x630; --aspect takes shapes")
    return size


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


def _misused(options: argparse.Namespace) -> str:
    """What is wrong with options that are right one by one; empty when nothing is."""
    names = options.method if options.run is _crop else [options.model or _usual(options)]
    fitted = options.adapt.model if options.adapt else ""
    if fitted and (unfit := [name for name in names or [] if name != fitted]):
        return f"--adapt takes numbers that were fitted to the maps of {fitted!r}, not of {unfit[0]!r}"
    if options.run is not _crop:
        return ""
    wishes = {
        "--keep": options.keep is not None,
        "--margin": options.margin is not None,
        "--keep-faces": options.whole == "always",
        "--gaze-only": options.whole == "never",
        "--trim": options.trim is not None,
        "--focal": options.focal is not None,
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
    return ""


def _pictures(paths: Sequence[Path]) -> Iterator[Path]:
    """Each file as it is, for each folder the pictures in it and below, by name; a folder without any as it is."""
    for path in paths:
        if path.is_dir():
            found = sorted(p for p in path.rglob("*") if p.suffix.lower().lstrip(".") in SUFFIXES and p.is_file())
            yield from found or [path]
        else:
            yield path


class _Stems:
    """File stems made unique within a run: the second beach.jpg becomes beach-2."""

    def __init__(self) -> None:
        self.seen: dict[str, int] = {}

    def next(self, stem: str) -> str:
        """What the next file of this stem is called."""
        count = self.seen.get(stem, 0) + 1
        return stem if count == 1 else f"{stem}-{count}"

    def take(self, stem: str) -> None:
        """A file of this stem has been written."""
        self.seen[stem] = self.seen.get(stem, 0) + 1


def _crop(options: argparse.Namespace, path: Path, stem: str) -> None:
    formats = [*(options.aspect or []), *(options.size or [])] or [_aspect("1:1")]
    if options.fit == "pad":
        _pad(options, path, stem, formats)
        return
    names = options.method or [_usual(options)]
    image = open_image(path) if _needs_pixels(options, names) else None
    for name in names:
        size, crops, within = _crops(options, name, path, image, [target.aspect for target in formats])
        for target, crop in zip(formats, crops, strict=True):
            if image is not None and options.out:
                file_format = options.format or format_like(path.suffix)
                file = options.out / crop_name(stem, name, target, file_format)
                file.write_bytes(encode(render(image, crop.box, target.pixels), file_format, options.quality))
            if options.json:
                print(json.dumps(_record(path, size, name, target, crop, within)))
            else:
                print(_sentence(path, name, target, crop))


def _pad(options: argparse.Namespace, path: Path, stem: str, formats: Sequence[Format]) -> None:
    border = options.background or Border()
    image = open_image(path) if options.out else None
    size = image_size(path) if image is None else (image.shape[1], image.shape[0])
    within = TRIM[options.trim or "auto"](borders_of(path) if image is None else borders_in(image, size))
    part = within or Box(0, 0, *size)
    for target in formats:
        canvas = canvas_for((part.width, part.height), target.aspect, target.pixels)
        if image is not None:
            file_format = options.format or format_like(path.suffix)
            file = options.out / crop_name(stem, "pad", target, file_format)
            file.write_bytes(encode(pad(cut(image, part), canvas, border), file_format, options.quality))
        if options.json:
            record = {"image": str(path), "width": size[0], "height": size[1], "aspect": str(target.aspect)}
            record |= {"box": part.as_list()} | pad_json(canvas, border, None if within else 1)
            print(json.dumps(record | _within_json(within)))
        else:
            print(_padded_sentence(path, target, canvas, border, left_out(within, size) if within else ""))


def _usual(options: argparse.Namespace) -> str:
    """The model where none was named."""
    return options.adapt.model if options.adapt else USUAL


def _model(options: argparse.Namespace, name: str) -> SaliencyModel:
    model = load_model(name)
    return AdaptedModel(model, options.adapt.adaptation) if options.adapt else model


def _needs_pixels(options: argparse.Namespace, names: Sequence[str]) -> bool:
    """Whether the full picture must be decoded; the boxes of a saliency network alone take a fraction of it."""
    return bool(options.out or any(name not in MODELS for name in names))


def _crops(
    options: argparse.Namespace, name: str, path: Path, image: RgbImage | None, aspects: Sequence[Aspect]
) -> tuple[tuple[int, int], list[Crop], Box | None]:
    """The size of the picture; the method's crops, each with the share of gaze that a model expects it to keep; and the
    part inside bars in which they were sought, where a network's crops were."""
    if name in MODELS:
        model = _model(options, name)
        seen = look(path, model) if image is None else see(image, (image.shape[1], image.shape[0]), model)
        whole = WHOLE[options.whole](seen.things)
        within = TRIM[options.trim or "auto"](seen.borders)
        framing = Framing(options.keep, options.margin or 0.0, whole, options.focal, within)
        return seen.size, frame(seen.map, seen.size, aspects, framing), within
    assert image is not None
    size = image.shape[1], image.shape[0]
    crops = load_method(name).crop(image, aspects)
    if any(math.isnan(crop.kept) for crop in crops):
        return size, judged(crops, load_model(USUAL).predict(image), size), None
    return size, crops, None


def _record(
    path: Path, size: tuple[int, int], method: str, target: Format, crop: Crop, within: Box | None
) -> dict[str, object]:
    record: dict[str, object] = {
        "image": str(path),
        "width": size[0],
        "height": size[1],
        "method": method,
        "aspect": str(crop.aspect),
        "box": crop.box.as_list(),
        "kept": round(crop.kept, 6),
        "gain": round(crop.gain, 6),
        "focal_point": [round(value, 2) for value in crop.focal_point],
    }
    if target.pixels:
        record["pixels"] = list(target.pixels)
    if crop.note:
        record["note"] = crop.note
    return record | _within_json(within)


def _within_json(within: Box | None) -> dict[str, object]:
    """The part of the photo that is used, where its bars are left out."""
    return {"within": within.as_list()} if within else {}


def _sentence(path: Path, method: str, target: Format, crop: Crop) -> str:
    left, top, width, height = crop.box.as_list()
    note = f" ({crop.note})" if crop.note else ""
    return (
        f"{path}: {method} {target.title} is {width}x{height} at ({left}, {top}), "
        f"keeps {crop.kept:.1%} of expected gaze, {100 * crop.gain:+.1f} points against the centre{note}"
    )


def _padded_sentence(path: Path, target: Format, canvas: Canvas, border: Border, bars: str) -> str:
    left, top, width, height = canvas.photo.as_list()
    what = f"the photo without its plain bars ({bars})" if bars else "the whole photo"
    return (
        f"{path}: pad {target.title} is {canvas.size[0]}x{canvas.size[1]}, "
        f"{what} {width}x{height} at ({left}, {top}), border {border}"
    )


def _map(options: argparse.Namespace, path: Path, stem: str) -> None:
    image = open_image(path)
    saliency_map = _model(options, options.model or _usual(options)).predict(image)
    np.save(options.out / f"{stem}.npy", saliency_map)
    (options.out / f"{stem}.png").write_bytes(encode(overlay(image, saliency_map), "PNG"))
    print(f"{path}: {options.out / stem}.npy, {saliency_map.shape[1]} x {saliency_map.shape[0]} cells, and .png")


def _complain(options: argparse.Namespace, path: Path, error: ImageError) -> None:
    if options.json:
        print(json.dumps({"image": str(path), "error": str(error)}))
    else:
        print(f"{path}: {error}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main(prog="python -m saliency"))
