"""What a file may ask for at the most. Each limit is a setting of the environment, read when the program starts."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass


class SettingError(ValueError):
    """A setting of the environment means nothing; the message is a sentence for whoever runs the program."""


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit.

    name: of what is limited. setting: the environment variable. usual: where that is not set; most: more than this no
    decoder here could give. unit: of these numbers, of which one is so many (`each`) of what is counted. of: what has
    to stay below, in words. way: what whoever has a file beyond it can do, in words.
    """

    name: str
    setting: str
    usual: float
    unit: str
    of: str
    way: str
    each: float = 1
    most: float = math.inf

    def read(self, environment: Mapping[str, str] = os.environ, usual: float | None = None) -> float:
        """The limit in what is counted: bytes, pixels. usual: in the limit's unit, where another one is so here.

        Raises SettingError for what is no positive number, and for more than `most`.
        """
        text = environment.get(self.setting, "").strip()
        try:
            number = float(text) if text else usual or self.usual
        except ValueError:
            number = math.nan
        if not 0 < number < math.inf:
            raise SettingError(f"{self.setting} is no positive number: {text!r}")
        if number > self.most:
            raise SettingError(
                f"{self.setting} is {number:g}, and no more than {self.most:g} {self.unit} can be opened"
            )
        return number * self.each

    def value(self, usual: float | None = None) -> float:
        """The limit as `read` finds it, a setting that means nothing taken as not set: `check_settings` tells of it."""
        try:
            return self.read(usual=usual)
        except SettingError:
            return self.read({}, usual)

    def told(self, most: float) -> str:
        """A limit of so many of what is counted, in words: "25 MB"."""
        return f"{most / self.each:.10g} {self.unit}"


BYTES = Limit("bytes", "GAZECROP_MAX_MEGABYTES", 25, "MB", "a photo's file", "send a smaller one", 1e6)
# 2 ** 30 pixels are what OpenCV and libheif stop at, and 700 million of three bytes what Pillow has in one picture
PIXELS = Limit(
    "pixels", "GAZECROP_MAX_MEGAPIXELS", 100, "million pixels", "a photo, or all frames of an animation",
    "send a smaller one", 1e6, 700,
)  # fmt: skip
SIDE = Limit(
    "sides", "GAZECROP_MAX_SIDE", 30_000, "pixels a side", "the longer side of a photo", "send a smaller one", 1, 65_535
)
ASPECT = Limit(
    "aspect", "GAZECROP_MAX_ASPECT", 100, "times the other side", "the longer side of a photo", "send a part of it"
)
FRAMES = Limit(
    "frames", "GAZECROP_MAX_FRAMES", 1000, "frames", "an animation; of a longer one the first frame is taken",
    "send a shorter one",
)  # fmt: skip
METADATA = Limit(
    "metadata", "GAZECROP_MAX_METADATA_KILOBYTES", 16_000, "kB", "EXIF, XMP, IPTC and the colour profile of a photo",
    "save it without them", 1e3,
)  # fmt: skip
SECONDS = Limit(
    "seconds", "GAZECROP_MAX_SECONDS", 30, "seconds", "opening a stranger's photo", "send a smaller one, or as JPEG"
)
MEMORY = Limit(
    "memory", "GAZECROP_MAX_MEMORY_MEGABYTES", 2000, "MB", "the process that opens a stranger's photo",
    "send a smaller one, or as JPEG", 1e6,
)  # fmt: skip
LIMITS = {limit.name: limit for limit in (BYTES, PIXELS, SIDE, ASPECT, FRAMES, METADATA, SECONDS, MEMORY)}
THREADS = "GAZECROP_THREADS"
OWN_MEGABYTES = 200  # of the command line's photos, which are one's own


def chosen_threads(environment: Mapping[str, str] = os.environ) -> int:
    """How many threads work on one picture, 0 where that is not set. Raises SettingError for no whole number."""
    text = environment.get(THREADS, "").strip() or "0"
    if not (text.isascii() and text.isdecimal() and len(text) < 6):
        raise SettingError(f"{THREADS} is no whole number of threads: {text!r}")
    return int(text)


def check_settings() -> None:
    """To be called where a program starts. Raises SettingError, with all that is wrong with its settings."""
    wrong = []
    readers: list[Callable[[], float]] = [*(limit.read for limit in LIMITS.values()), chosen_threads]
    for read in readers:
        try:
            read()
        except SettingError as error:
            wrong.append(str(error))
    if wrong:
        raise SettingError("; ".join(wrong))
