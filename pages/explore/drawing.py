"""A photo with boxes and fixations on it, as SVG. Pure: text out.

Without the photo the same drawing shows an empty frame, so that a view needs no dataset. It is sharp at any size.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from pages.shared.palette import Look, method_look
from pages.shared.pictures import DASHES
from saliency.types import Box

LINE = 0.011  # of the longer side: the width of a box's line in a card
DOT = 0.0075  # of the longer side: the radius of a fixation
LIGHT, DARK = "#ffffff", "#181818"
EMPTY = "#82878f"
HOLLOW = method_look("human").color


def frame_svg(
    size: tuple[int, int],
    picture: str = "",
    boxes: Sequence[tuple[Box, Look]] = (),
    *,
    thin: Iterable[Box] = (),
    fixations: NDArray[np.floating] | None = None,
    judged: NDArray[np.bool_] | None = None,
    line: float = LINE,
) -> str:
    """The drawing of one photo of `size` = (width, height) in pixels, in which all the rest is given too.

    picture: the photo as a data: address; without it the frame is empty and the boxes are filled. boxes: crops, the
    first outermost; shared edges lie side by side, so none hides another. thin: labelled regions. fixations: (N, 2) as
    (x, y), full dots where `judged` and rings elsewhere. line: width of a line as a share of the longer side.
    """
    width, height = size
    unit = line * max(size)
    parts = [_picture(size, picture) if picture else _empty(size)]
    parts += [_outline(box, Look("", LIGHT), 0.45 * unit, 0, cased=True) for box in thin]
    for rank, (box, look) in reversed(list(enumerate(boxes))):
        parts.append(_outline(box, look, unit, (0.5 + 1.4 * rank) * unit, cased=bool(picture)))
    if fixations is not None:
        full = np.ones(len(fixations), bool) if judged is None else judged
        parts += [_dots(fixations[~full], size, full=False), _dots(fixations[full], size, full=True)]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
        f"{''.join(parts)}</svg>"
    )


def _picture(size: tuple[int, int], address: str) -> str:
    return f'<image href="{address}" width="{size[0]}" height="{size[1]}" preserveAspectRatio="none"/>'


def _empty(size: tuple[int, int]) -> str:
    """The frame of a photo that is not here."""
    width, height = size
    edge = 0.004 * max(size)
    return (
        f'<rect width="{width}" height="{height}" fill="{EMPTY}" fill-opacity="0.14"/>'
        f'<rect x="{edge / 2:g}" y="{edge / 2:g}" width="{width - edge:g}" height="{height - edge:g}" fill="none" '
        f'stroke="{EMPTY}" stroke-opacity="0.6" stroke-width="{edge:g}"/>'
    )


def _outline(box: Box, look: Look, line: float, inset: float, *, cased: bool) -> str:
    """A box in the look's colour and line: over a casing that keeps it visible on any photo, or filled."""
    inset = min(inset, box.width / 2, box.height / 2)
    place = (
        f'x="{box.left + inset:g}" y="{box.top + inset:g}" width="{box.width - 2 * inset:g}" '
        f'height="{box.height - 2 * inset:g}"'
    )
    dash = DASHES[look.line]
    dashes = f' stroke-dasharray="{dash[0] * line:g} {dash[1] * line:g}"' if dash else ""
    stroke = f'stroke="{look.color}" stroke-width="{line:g}"{dashes}'
    if not cased:
        return f'<rect {place} fill="{look.color}" fill-opacity="0.1" {stroke}/>'
    casing = DARK if look.line != "solid" or look.color == LIGHT else LIGHT
    return (
        f'<rect {place} fill="none" stroke="{casing}" stroke-width="{1.3 * line:g}" stroke-opacity="0.6"/>'
        f'<rect {place} fill="none" {stroke}/>'
    )


def _dots(points: NDArray[np.floating], size: tuple[int, int], *, full: bool) -> str:
    radius = DOT * max(size)
    if full:
        style = f'fill="{LIGHT}" stroke="{DARK}" stroke-width="{0.4 * radius:g}"'
        circles = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:g}"/>' for x, y in points)
        return f"<g {style}>{circles}</g>"
    circles = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{0.9 * radius:g}"/>' for x, y in points)
    casing = f'<g fill="none" stroke="{LIGHT}" stroke-width="{1.1 * radius:g}">{circles}</g>'
    return f'{casing}<g fill="none" stroke="{HOLLOW}" stroke-width="{0.6 * radius:g}">{circles}</g>'
