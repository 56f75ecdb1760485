"""The oldest decoders that pictures are opened with: older ones are known to run what a hostile file says.

Refused is only what can write outside its memory while it decodes. The ranges of pyproject.toml may ask for more.
OpenCV has no line here: it is given the 16-bit PNGs that `saliency/png_parts.py` puts together, and nothing else. Nor
has libvips, which crops pixels for the evaluation and opens no file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import PIL
import pillow_heif

from saliency.files.errors import ImageError

Version = tuple[int, ...]


class DecoderError(ImageError):
    """No picture is opened with the packages that are installed; the message is for whoever runs the program."""


@dataclass(frozen=True, slots=True)
class Floor:
    """least: the first version without the flaw that the advisory tells of; flaw: that in words."""

    package: str
    least: Version
    advisory: str
    flaw: str

    @property
    def requirement(self) -> str:
        return f"{self.package}>={'.'.join(map(str, self.least))}"


FLOORS = (
    Floor("pillow", (13, 0, 0), "CVE-2026-112403", "its JPEG decoder writes past the end of its buffer"),
    # the wheels of 1.7.0 are the first with libheif 1.23.3; CVE-2026-84383 is mended since 1.23.2
    Floor("pillow-heif", (1, 7, 0), "GHSA-x8r2-mggj-j6wr", "its HEIF decoder writes past the end of its buffer"),
)
INSTALLED = {"pillow": PIL.__version__, "pillow-heif": pillow_heif.__version__}


def known_bad(installed: Mapping[str, str] = INSTALLED) -> str:
    """What is wrong with the decoders, and the command that mends it; empty where nothing is known.

    installed: version by package. A version's pre-releases count as the version; one that is no number is refused.
    """
    bad = [floor for floor in FLOORS if _version(installed[floor.package]) < floor.least]
    if not bad:
        return ""
    flaws = "; ".join(
        f"{floor.package} {installed[floor.package]} has a known flaw ({floor.advisory}: {floor.flaw})" for floor in bad
    )
    mend = " ".join(f"'{floor.requirement}'" for floor in bad)
    return f"no picture is opened, as {flaws}. This mends it: python -m pip install {mend}"


def check_decoders() -> None:
    """Raises DecoderError where a decoder is known to be bad."""
    if wrong := known_bad():
        raise DecoderError(wrong)


def _version(text: str) -> Version:
    numbers = re.match(r"\d+(\.\d+)*", text)
    return tuple(int(part) for part in numbers[0].split(".")) if numbers else ()
