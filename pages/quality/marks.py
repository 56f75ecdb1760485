"""A method's mark as a small picture for tables: the shape and colour it has in the figures."""

from __future__ import annotations

from math import cos, pi, sin

from pages.shared.palette import Look
from pages.shared.pictures import data_url

SIDE = 24  # pixels
MIDDLE, RADIUS = SIDE / 2, 8.0
CORNERS = {
    "triangle-up": (3, 0.0),
    "triangle-right": (3, 90.0),
    "square": (4, 45.0),
    "diamond": (4, 0.0),
    "pentagon": (5, 0.0),
    "hexagon": (6, 30.0),
}
STROKES = {"x": "M6 6 18 18M18 6 6 18", "cross": "M12 4V20M4 12H20"}


def mark_uri(look: Look) -> str:
    """The mark as a data URI of an SVG; a symbol without a shape of its own here is a circle."""
    symbol, is_open = look.symbol.removesuffix("-open"), look.symbol.endswith("-open")
    if symbol in STROKES:
        drawn = (
            f'<path d="{STROKES[symbol]}" fill="none" stroke="{look.color}" stroke-width="{2 if is_open else 4.5}"/>'
        )
    else:
        paint = f'fill="none" stroke="{look.color}" stroke-width="2"' if is_open else f'fill="{look.color}"'
        drawn = _shape(symbol).format(paint)
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="{SIDE}" height="{SIDE}">{drawn}</svg>'
    return data_url(svg.encode(), "image/svg+xml")


def _shape(symbol: str) -> str:
    """An SVG element with a place for its paint."""
    if symbol == "star":
        return _polygon(10, 0.0, inner=0.45)
    if symbol in CORNERS:
        return _polygon(*CORNERS[symbol])
    return f'<circle cx="{MIDDLE}" cy="{MIDDLE}" r="{RADIUS - 1}" {{}}/>'


def _polygon(corners: int, turn: float, inner: float = 1.0) -> str:
    """A regular polygon with a corner on top, turned by degrees; every other corner drawn in by `inner` for a star."""
    points = []
    for i in range(corners):
        radius, angle = RADIUS * (inner if i % 2 else 1.0), 2 * pi * i / corners + turn * pi / 180
        points.append(f"{MIDDLE + radius * sin(angle):.1f},{MIDDLE - radius * cos(angle):.1f}")
    return f'<polygon points="{" ".join(points)}" {{}}/>'
