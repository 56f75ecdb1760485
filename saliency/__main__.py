"""The command line: `python -m saliency crop …` and `python -m saliency map …`."""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from saliency.crop import judged
from saliency.export import crop_name, cut, encode, format_like
from saliency.heatmap import overlay
from saliency.image import SUFFIXES, ImageError, open_image
from saliency.methods import METHODS, load_method
from saliency.models import MODELS, load_model
from saliency.types import Aspect, Crop, Method, RgbImage


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status: 0, or 1 when a picture could not be read."""
    options = _parser().parse_args(argv)
    if options.out:
        options.out.mkdir(parents=True, exist_ok=True)
    command: Callable[[argparse.Namespace, Path, RgbImage, str], None] = options.run
    stems = _Stems()
    failed = False
    for path in _pictures(options.photos):
        try:
            if path.is_dir():
                raise ImageError("there is no picture in this folder")
            image = open_image(path)
        except ImageError as error:
            failed = True
            _complain(options, path, error)
            continue
        command(options, path, image, stems.unique(path.stem))
    return int(failed)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m saliency", description="Crop photos to what people look at.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    crop = commands.add_parser("crop", help="cut photos to one or more aspect ratios")
    crop.add_argument("--aspect", type=_aspect, action="append", metavar="W:H", help="such as 16:9; repeat for more")
    crop.add_argument("--method", action="append", choices=list(METHODS), help="default gaze; repeat for more")
    crop.add_argument("--json", action="store_true", help="print one JSON object for each photo, method and aspect")
    crop.set_defaults(run=_crop)

    maps = commands.add_parser("map", help="write saliency maps: the grid as .npy and a heatmap as .png")
    maps.add_argument("--model", default="gaze", choices=list(MODELS))
    maps.set_defaults(run=_map, json=False)

    for command in (crop, maps):
        command.add_argument("photos", nargs="+", type=Path, metavar="PHOTO", help="a picture, or a folder of them")
        command.add_argument(
            "--out", type=Path, required=command is maps, metavar="DIR", help="where files are written"
        )
    return parser


def _aspect(text: str) -> Aspect:
    try:
        return Aspect.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


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

    def unique(self, stem: str) -> str:
        self.seen[stem] = self.seen.get(stem, 0) + 1
        return stem if self.seen[stem] == 1 else f"{stem}-{self.seen[stem]}"


def _crop(options: argparse.Namespace, path: Path, image: RgbImage, stem: str) -> None:
    aspects = options.aspect or [Aspect(1, 1)]
    for name in options.method or ["gaze"]:
        for crop in _crops(load_method(name), image, aspects):
            if options.out:
                file_format = format_like(path.suffix)
                file = options.out / crop_name(stem, name, crop.aspect, file_format)
                file.write_bytes(encode(cut(image, crop.box), file_format))
            print(json.dumps(_record(path, image, name, crop)) if options.json else _sentence(path, name, crop))


def _crops(method: Method, image: RgbImage, aspects: Sequence[Aspect]) -> list[Crop]:
    """The method's crops, each with the share of gaze that `gaze` expects it to keep."""
    crops = method.crop(image, aspects)
    if any(math.isnan(crop.kept) for crop in crops):
        return judged(crops, load_model("gaze").predict(image), (image.shape[1], image.shape[0]))
    return crops


def _record(path: Path, image: RgbImage, method: str, crop: Crop) -> dict[str, object]:
    return {
        "image": str(path),
        "width": image.shape[1],
        "height": image.shape[0],
        "method": method,
        "aspect": str(crop.aspect),
        "box": crop.box.as_list(),
        "kept": round(crop.kept, 6),
        "gain": round(crop.gain, 6),
        "focal_point": [round(value, 2) for value in crop.focal_point],
    }


def _sentence(path: Path, method: str, crop: Crop) -> str:
    left, top, width, height = crop.box.as_list()
    note = f" ({crop.note})" if crop.note else ""
    return (
        f"{path}: {method} {crop.aspect} is {width}x{height} at ({left}, {top}), "
        f"keeps {crop.kept:.1%} of expected gaze, {100 * crop.gain:+.1f} points against the centre{note}"
    )


def _map(options: argparse.Namespace, path: Path, image: RgbImage, stem: str) -> None:
    map = load_model(options.model).predict(image)
    np.save(options.out / f"{stem}.npy", map)
    (options.out / f"{stem}.png").write_bytes(encode(overlay(image, map), "PNG"))
    print(f"{path}: {options.out / stem}.npy, {map.shape[1]} x {map.shape[0]} cells, and .png")


def _complain(options: argparse.Namespace, path: Path, error: ImageError) -> None:
    if options.json:
        print(json.dumps({"image": str(path), "error": str(error)}))
    else:
        print(f"{path}: {error}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
