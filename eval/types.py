"""The records of a run: what is measured of one photo, and by which slices it is told apart."""

from __future__ import annotations

from dataclasses import dataclass, field

SCENES = "scenes"
"""The dataset of a run that the drawn scenes are: see `eval.scenes`."""

ODD, EVEN, EVERYBODY = "gaze kept", "gaze kept by the even half", "gaze kept by all observers"
GAZE_KEPT = (ODD, EVEN, EVERYBODY)
"""The metrics of gaze kept, by who judges: see `eval.report.METRICS`."""

EXPECTED, HELP_EXPECTED, HARM_EXPECTED = "expected gaze kept", "help expected", "harm expected"
"""The metrics of what is expected of a crop before anybody looked: see `eval.calibration`."""

SLICES = ("faces", "orientation", "gaze", "off centre", "size")
"""What kind of photo it is: see `eval.slices` for what each says."""


@dataclass(frozen=True, slots=True)
class Row:
    """One number: aspect is "" where the metric is not of a crop."""

    method: str
    aspect: str
    metric: str
    value: float


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a method's crop of one aspect lies: left, top, width, height in pixels of the upright image."""

    method: str
    aspect: str
    box: list[int]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one photo: its size (width, height) in pixels, slices, rows and boxes, or the error."""

    dataset: str
    image: str
    size: tuple[int, int] = (0, 0)
    slices: dict[str, str] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    boxes: list[Placed] = field(default_factory=list)
    error: str = ""
