"""One fixed look per method, on every page: colour, line and label."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Look:
    """label: for people. color: "#rrggbb". line: "solid", "dashed" or "dotted", so that colour never stands alone."""

    label: str
    color: str
    line: str = "solid"

    @property
    def rgb(self) -> tuple[int, int, int]:
        """Red, green, blue, 0..255."""
        red, green, blue = bytes.fromhex(self.color.lstrip("#"))
        return red, green, blue


# Okabe & Ito's colour-blind-safe palette ("Color Universal Design", 2008) and a grey; each has a contrast of 3:1 or
# more against the light background and the dark one.
METHOD_LOOKS = {
    "gaze": Look("Saliency", "#0072b2"),
    "face": Look("Face", "#d55e00", "dashed"),
    "center": Look("Centre", "#82878f", "dotted"),
    "face-haar": Look("Face (Haar)", "#c26a9c", "dashed"),
    "gaze-argmax": Look("Saliency peak", "#009e73", "dotted"),
}
UNSTYLED = "#82878f"


def method_look(name: str) -> Look:
    """The look of a method; one that has none yet goes by its own name, in grey."""
    return METHOD_LOOKS.get(name, Look(name, UNSTYLED))
