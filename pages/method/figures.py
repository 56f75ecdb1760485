"""The pipeline as a figure: five pictures in a row on a desktop, one below the other on a phone. Pure: HTML out.

Lines and text take the colour of the page, so the figure follows light and dark. Shapes are boxes and clip paths:
st.html takes no SVG.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pages.method.html import TEMPLATE, Picture
from pages.shared.palette import Look, method_look
from pages.shared.templates import fill

REACH = 90  # per cent of the chart's width: the highest point of a curve


@dataclass(frozen=True, slots=True)
class Curve:
    """The share of gaze kept by a window that slides down a picture.

    kept: by position, the first at the top, the last at the bottom. best, center: positions to mark. window: its height
    as a share of the picture's. Lengths are in per cent of the chart beside the picture.
    """

    kept: Sequence[float]
    best: int
    center: int
    window: float

    @property
    def label(self) -> str:
        """What the chart shows."""
        best, center = self.kept[self.best], self.kept[self.center]
        return f"Gaze kept by place of the window: {best:.0%} at best, {center:.0%} in the centre"

    @property
    def points(self) -> list[tuple[float, float]]:
        """(x, y) for each position: the share kept, and the middle of the window."""
        steps, most = len(self.kept) - 1, max(self.kept) or 1
        return [
            (REACH * share / most, 100 * (self.window / 2 + (1 - self.window) * i / steps))
            for i, share in enumerate(self.kept)
        ]

    @property
    def outline(self) -> str:
        """The area under the curve as the corners of a CSS polygon."""
        points = self.points
        corners = [(0, points[0][1]), *points, (0, points[-1][1])]
        return ", ".join(f"{x:.1f}% {y:.1f}%" for x, y in corners)

    @property
    def marks(self) -> list[tuple[Look, float, float]]:
        """Look, x and y of the centre crop and the best."""
        return [(method_look(method), *self.points[i]) for method, i in (("center", self.center), ("gaze", self.best))]


@dataclass(frozen=True, slots=True)
class Step:
    """What is done, as plain text, and the picture that it gives; curve: to be drawn beside that."""

    title: str
    text: str
    picture: Picture
    curve: Curve | None = None


def pipeline_html(steps: Sequence[Step]) -> str:
    """The steps, numbered, as an ordered list."""
    return fill(TEMPLATE, "pipeline", steps=steps)
