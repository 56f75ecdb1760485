"""One fixed look per method, on every page: colour, line and label."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Look:
    """label: for people. color: "#rrggbb". line: "solid", "dashed" or "dotted", and symbol: a mark of Plotly's, so that
    colour never stands alone."""

    label: str
    color: str
    line: str = "solid"
    symbol: str = "circle"

    @property
    def rgb(self) -> tuple[int, int, int]:
        """Red, green, blue, 0..255."""
        red, green, blue = bytes.fromhex(self.color.lstrip("#"))
        return red, green, blue


# Okabe & Ito's colour-blind-safe palette ("Color Universal Design", 2008) and a grey; each has a contrast of 3:1 or
# more against the light background and the dark one.
METHOD_LOOKS = {
    "gaze": Look("Saliency", "#0072b2"),
    "face": Look("Face", "#d55e00", "dashed", "square"),
    "center": Look("Centre", "#82878f", "dotted", "x"),
    "face-haar": Look("Face (Haar)", "#c26a9c", "dashed", "square-open"),
    "gaze-fast": Look("Saliency (fast)", "#3d8fc9", "dashed", "triangle-right"),
    "gaze-only": Look("Saliency alone", "#2f86b8", "dashed", "circle"),
    "gaze-nano": Look("Saliency (nano)", "#4a90b8", "dotted", "triangle-down"),
    "gaze-best": Look("Saliency (best)", "#5868c8", "dashed", "triangle-left"),
    "gaze-argmax": Look("Saliency peak", "#009e73", "dotted", "circle-open"),
}
# Peers, and what people themselves do. Only in figures that also write the name beside the mark.
OTHER_LOOKS = {
    "you": Look("Yours", "#b2427a", "solid", "star-triangle-up"),
    "human": Look("Human", "#7a4fb5", "dashed", "star"),
    "oracle": Look("Oracle", "#9a6fd6", "dotted", "star-open"),
    "twitter-2018": Look("Twitter 2018", "#b58900", "solid", "diamond"),
    "twitter-mass": Look("Twitter, most gaze", "#9c7a1a", "dashed", "diamond-open"),
    "twitter-mass-prior": Look("Twitter, with prior", "#8a7020", "dotted", "pentagon-open"),
    "vips-attention": Look("libvips attention", "#1f8a8a", "solid", "triangle-up"),
    "vips-entropy": Look("libvips entropy", "#2b9aa0", "dashed", "triangle-up-open"),
    "smartcrop": Look("smartcrop", "#6b8e23", "solid", "pentagon"),
    "spectral-residual": Look("Spectral residual", "#a0522d", "solid", "hexagon"),
    "spectral-residual-prior": Look("Spectral, with prior", "#94603f", "dashed", "hexagon-open"),
    "centre prior": Look("Centre prior", "#6d8a99", "dotted", "x-open"),
    "uniform": Look("Uniform", "#8a8f96", "dotted", "cross-open"),
    "decode": Look("Opening the file", "#8a8f96", "dotted", "cross"),
}
UNSTYLED = "#82878f"


def method_look(name: str) -> Look:
    """The look of a method; one that has none yet goes by its own name, in grey."""
    return METHOD_LOOKS.get(name) or OTHER_LOOKS.get(name) or Look(name, UNSTYLED)
