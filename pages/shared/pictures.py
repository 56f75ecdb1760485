"""Pictures for the screen: previews, boxes drawn on them, addresses that carry them. Pure: arrays in, arrays out."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence

import cv2
import numpy as np

from pages.shared.palette import Look
from saliency.export import cut, encode
from saliency.heatmap import heat, strength
from saliency.image import open_picture
from saliency.types import Box, Pixels, RgbImage, SaliencyMap

PREVIEW_SIDE = 1000  # pixels of the longer side: what a browser is sent of a photo
CROP_SIDE = 560  # and of a crop
HEAT_SIDE = 320  # and of a heatmap, which is smooth
LINE = 0.006  # of the preview's longer side: the width of a box's line
DASHES = {"solid": None, "dashed": (5.0, 3.0), "dotted": (1.5, 2.5)}  # stroke and gap, in line widths
FADED, GREY = 0.4, 128  # how much is left of what lies outside a crop, over which grey
WHITE = (255, 255, 255)
JPEG = b"\xff\xd8\xff"  # how one begins
NEARLY_BLACK = (24, 24, 24)

Point = tuple[float, float]


def data_url(data: bytes, mime: str = "image/jpeg") -> str:
    """A picture as an address, so that it travels with the page and needs no request of its own."""
    return f"data:{mime};base64,{base64.b64encode(data).decode()}"


def open_preview(data: bytes) -> Pixels:
    """A picture that the app itself has made, or a sample of its own; what somebody sent is opened by
    `saliency/locked/doors.py`."""
    opened = open_picture(data)
    return opened.part(Box(0, 0, *opened.size))


def reduce(image: RgbImage, side: int = PREVIEW_SIDE) -> RgbImage:
    """The image with its longer side at most `side` pixels."""
    scale = side / max(image.shape[:2])
    if scale >= 1:
        return image
    size = [max(1, round(length * scale)) for length in image.shape[1::-1]]
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def enlarge(preview: RgbImage) -> RgbImage:
    """A small photo brought to the size of the other previews, so that lines drawn on it are as fine as theirs."""
    scale = PREVIEW_SIDE / max(preview.shape[:2])
    if scale <= 1:
        return preview
    size = [max(1, round(length * scale)) for length in preview.shape[1::-1]]
    return np.asarray(cv2.resize(preview, size, interpolation=cv2.INTER_CUBIC), dtype=np.uint8)


def crop_preview(preview: RgbImage, box: Box, size: tuple[int, int]) -> RgbImage:
    """What the crop looks like, cut from the preview. box: in pixels of the full image of `size` = (width, height)."""
    return reduce(cut(preview, scale_box(box, size, preview)), CROP_SIDE)


def faded_outside(preview: RgbImage, box: Box) -> RgbImage:
    """The preview with what lies outside a box, in its own pixels, faded."""
    faded = np.round(FADED * preview + (1 - FADED) * GREY).astype(np.uint8)
    inside = slice(box.top, box.bottom), slice(box.left, box.right)
    faded[inside] = preview[inside]
    return faded


def heat_layer(saliency_map: SaliencyMap) -> bytes:
    """The heatmap alone as a PNG with alpha, to be laid over the photo in the browser, where its strength is set."""
    scale = HEAT_SIDE / max(saliency_map.shape)
    size = [max(1, round(length * scale)) for length in saliency_map.shape[1::-1]]
    colours, level = heat(saliency_map, (size[0], size[1]))
    alpha = np.round(255 * strength(level)).astype(np.uint8)
    return encode(np.dstack([colours, alpha]), "PNG")


def scale_box(box: Box, size: tuple[int, int], preview: RgbImage) -> Box:
    """The box in pixels of the preview, within a pixel, inside it and never empty."""
    across, down = preview.shape[1] / size[0], preview.shape[0] / size[1]
    left = min(round(box.left * across), preview.shape[1] - 1)
    top = min(round(box.top * down), preview.shape[0] - 1)
    right = min(max(round(box.right * across), left + 1), preview.shape[1])
    bottom = min(max(round(box.bottom * down), top + 1), preview.shape[0])
    return Box(left, top, right - left, bottom - top)


def draw_boxes(preview: RgbImage, boxes: Sequence[tuple[Box, Look]], size: tuple[int, int]) -> RgbImage:
    """The preview with the crops' boxes, the first outermost; shared edges lie side by side, so none hides another.

    boxes: in pixels of the full image of `size` = (width, height).
    """
    canvas = preview.copy()
    line = _line_width(preview)
    for rank, (box, look) in reversed(list(enumerate(boxes))):
        inset = (0.5 + 1.4 * rank) * line
        _draw(canvas, _corners(scale_box(box, size, preview), inset), look, line if rank == 0 else max(2, line - 2))
    return canvas


def draw_outlines(
    preview: RgbImage, boxes: Sequence[Box], look: Look, size: tuple[int, int], gap: float = 0
) -> RgbImage:
    """The preview with thin lines around these boxes. boxes: in pixels of the full image of `size` = (width, height).

    gap: pixels of the preview between a box and the middle of its line.
    """
    canvas = preview.copy()
    for box in boxes:
        _draw(canvas, _corners(scale_box(box, size, preview), -gap), look, max(1, _line_width(preview) // 2))
    return canvas


def _line_width(preview: RgbImage) -> int:
    return max(2, round(max(preview.shape[:2]) * LINE))


def _corners(box: Box, inset: float) -> list[Point]:
    """(x, y) of the corners, clockwise from the top left."""
    inset = min(inset, box.width / 2, box.height / 2)
    left, top, right, bottom = box.left + inset, box.top + inset, box.right - 1 - inset, box.bottom - 1 - inset
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


def _draw(canvas: RgbImage, corners: list[Point], look: Look, line: int) -> None:
    """Outline in the look's colour and line, over a thin casing that keeps it visible on any photo."""
    casing = WHITE if look.line == "solid" else NEARLY_BLACK
    for start, stop in _strokes(corners, None, line):
        cv2.line(canvas, _pixel(start), _pixel(stop), casing, line + 2, cv2.LINE_AA)
    for start, stop in _strokes(corners, DASHES[look.line], line):
        cv2.line(canvas, _pixel(start), _pixel(stop), look.rgb, line, cv2.LINE_AA)


def _strokes(corners: list[Point], dash: tuple[float, float] | None, line: int) -> Iterator[tuple[Point, Point]]:
    for (x0, y0), (x1, y1) in zip(corners, [*corners[1:], corners[0]], strict=True):
        length = abs(x1 - x0) + abs(y1 - y0)  # the sides are level or upright
        if dash is None or length == 0:
            yield (x0, y0), (x1, y1)
            continue
        stroke, gap = dash[0] * line, dash[1] * line
        for start in np.arange(0, length, stroke + gap):
            stop = min(start + stroke, length)
            yield (
                (x0 + (x1 - x0) * start / length, y0 + (y1 - y0) * start / length),
                (x0 + (x1 - x0) * stop / length, y0 + (y1 - y0) * stop / length),
            )


def _pixel(point: Point) -> tuple[int, int]:
    return round(point[0]), round(point[1])


def jpeg_of(text: str) -> bytes:
    """The JPEG that stands in a file as base64; nothing of it is decoded here. Raises ValueError where it is none."""
    data = base64.b64decode(text, validate=True)
    if not data.startswith(JPEG):
        raise ValueError("this is no JPEG")
    return data
