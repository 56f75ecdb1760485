"""A sheet of every sample, for people to look at: crops by gaze alone, and beside each what `gaze` does."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from saliency.export import cut
from saliency.framing import Framing, frame
from saliency.image import open_image
from saliency.methods import load_method, needed
from saliency.types import Aspect, Box, Crop, Evidence, Method, RgbImage

SAMPLES = Path(__file__).parents[1] / "samples"
ASPECTS = (Aspect(16, 9), Aspect(1, 1), Aspect(4, 5), Aspect(9, 16), Aspect(3, 1))

PHOTO = (220, 160)  # pixels: the most that a photo takes of the sheet
CROP = (200, 150)  # and a crop
GAP, WIDE_GAP, HEAD, LABEL = 6, 18, 44, 18  # pixels: in a pair, between columns, the column heads, a row's label
CHANGED, UNCHANGED = "#d6336c", "#868e96"  # what is written over a crop
THING, BARS = "#22c55e", "#d946ef"  # of the boxes on a photo
QUALITY = 72  # of the JPEG


def before_and_after(method: Method, seen: Evidence, size: tuple[int, int]) -> list[tuple[Crop, Crop]]:
    """For each of ASPECTS the crop by gaze alone, and that of the method.

    seen: by the method's own eye, in a photo of `size` = (width, height) pixels.
    """
    before = frame(needed(seen.map, "saliency map"), size, ASPECTS, Framing())
    return list(zip(before, method.place(seen, size, ASPECTS), strict=True))


def draw_sheet(photos: Sequence[Path], method: Method) -> Image.Image:
    """The photos with what the method's eye found in them, a row each, and their crops before and after."""
    lefts = _lefts()
    width, row = lefts[-1] + _space(ASPECTS[-1])[0] + GAP, LABEL + PHOTO[1] + GAP
    sheet = Image.new("RGB", (width, HEAD + row * len(photos)), "white")
    draw = ImageDraw.Draw(sheet)
    draw.text((GAP, 4), "Sample, with what was found in it", "black", ImageFont.load_default(14))
    for aspect, left in zip(ASPECTS, lefts[::2], strict=True):
        draw.text((left, 4), str(aspect), "black", ImageFont.load_default(18))
    for rank, path in enumerate(photos):
        image, top = open_image(path), HEAD + rank * row
        seen = method.look(image)
        draw.text((GAP, top), path.stem, "black", ImageFont.load_default(13))
        sheet.paste(_small(_with_boxes(image, seen), PHOTO), (GAP, top + LABEL))
        pairs = before_and_after(method, seen, (image.shape[1], image.shape[0]))
        for pair, *starts in zip(pairs, lefts[::2], lefts[1::2], strict=True):
            after = ("the same", UNCHANGED) if pair[0].box == pair[1].box else ("now", CHANGED)
            for crop, (word, colour), left in zip(pair, (("gaze alone", UNCHANGED), after), starts, strict=True):
                draw.text((left, top + 1), word, colour, ImageFont.load_default(13))
                sheet.paste(_small(Image.fromarray(cut(image, crop.box)), _space(crop.aspect)), (left, top + LABEL))
    return sheet


def write_sheet(out: Path) -> Path:
    """Write the sheet of all samples as a JPEG."""
    out.parent.mkdir(parents=True, exist_ok=True)
    draw_sheet(sorted(SAMPLES.glob("*.jpg")), load_method("gaze")).save(out, "JPEG", quality=QUALITY, optimize=True)
    return out


def _space(aspect: Aspect) -> tuple[int, int]:
    """(width, height) of a crop of this shape on the sheet."""
    width = min(CROP[0], CROP[1] * aspect.ratio)
    return round(width), round(width / aspect.ratio)


def _lefts() -> list[int]:
    """Where the crops begin, two for each of ASPECTS."""
    widths = [_space(aspect)[0] + gap for aspect in ASPECTS for gap in (GAP, WIDE_GAP)]
    return [int(left) for left in np.cumsum([GAP + PHOTO[0] + WIDE_GAP, *widths[:-1]])]


def _with_boxes(image: RgbImage, seen: Evidence) -> Image.Image:
    """The photo with a thin line around each thing, and around what is inside bars."""
    picture = Image.fromarray(image)
    line = max(1, round(max(picture.width / PHOTO[0], picture.height / PHOTO[1]) * 1.5))  # of the full photo
    for thing in seen.things:
        _outline(picture, thing.box, THING, line)
    if seen.borders.sure is not None:
        _outline(picture, seen.borders.sure, BARS, line)
    return picture


def _outline(picture: Image.Image, box: Box, colour: str, line: int) -> None:
    ImageDraw.Draw(picture).rectangle((box.left, box.top, box.right - 1, box.bottom - 1), outline=colour, width=line)


def _small(picture: Image.Image, space: tuple[int, int]) -> Image.Image:
    """The picture as large as it fits into (width, height) pixels."""
    scale = min(space[0] / picture.width, space[1] / picture.height)
    return picture.resize(
        (max(1, round(picture.width * scale)), max(1, round(picture.height * scale))), Image.Resampling.LANCZOS
    )
