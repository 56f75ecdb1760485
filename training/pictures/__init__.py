"""Pictures that nobody looked at, for a teacher to look at: of every shape and kind, under free licences.

Adding a source is a line in SOURCES, and its licence in `training/README.md`. The packages are those of Debian 12.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from saliency.image import open_image
from saliency.models.input import INPUT_PIXELS
from saliency.types import RgbImage
from training.data import LONG_SIDE
from training.pictures.drawn import drawn, scenes
from training.pictures.gather import TABLE, Entry, gather, read_entries, reduced
from training.pictures.packages import pictures_of
from training.pictures.photos import collages_of_training_photos, cuts_of_training_photos
from training.pictures.screens import screenshots_of
from training.pictures.types import Kind, Made, Source, SourceMissing

__all__ = ["SOURCES", "Entry", "Made", "Picture", "Source", "SourceMissing", "gather", "load_pictures"]

LOMIRI = "CC-BY-SA-3.0, CC-BY-SA-4.0, CC-BY-4.0"
OURS = "drawn by us"
DATASETS_OWN = "the datasets' own, see docs/data.md"


def _package(
    name: str,
    kind: Kind,
    licence: str,
    most: int,
    *within: str,
    without: Sequence[str] = (),
    cuts: int = 0,
    roomy: float = 0,
) -> Source:
    """The pictures of a Debian package at paths such as `within`; all where none is given."""
    return Source(name, kind, licence, most, partial(pictures_of, name, within or ("*",), without, roomy), cuts)


def _documents(name: str, licence: str, most: int) -> Source:
    """Screenshots of the pages of a Debian package of documentation."""
    return Source(f"{name}-pages", "screen", licence, most, partial(screenshots_of, name))


SOURCES: tuple[Source, ...] = (
    _package("mate-backgrounds", "photo", "GPL-2+", 80, "*/nature/*", cuts=4),
    _package("lomiri-wallpapers-16.04", "photo", LOMIRI, 80, cuts=4),
    _package("lomiri-wallpapers-20.04", "photo", LOMIRI, 20, cuts=4),
    _package("ukui-wallpapers", "photo", "CC-BY-SA-3.0", 50, cuts=3),
    _package("lxqt-themes", "photo", "CC-BY-SA-3.0", 60, "*/wallpapers/*", without=("*logo*", "*plasma*"), cuts=3),
    _package("plasma-workspace-wallpapers", "drawing", "GPL-2+", 140, cuts=3),
    _package("palapeli-data", "photo", "GPL-2+", 40, "*/collection/*", cuts=4),
    _package("python-kivy-examples", "photo", "MIT", 30, "*/pictures/images/*", "*/showcase/data/*", cuts=3),
    _package(
        "python3-skimage", "photo", "BSD-3-Clause", 30, "*/skimage/data/*", without=("*/chessboard*", "*truncated*")
    ),
    _package(
        "openclipart-png",
        "drawing",
        "public domain",
        450,
        without=("*/computer/icons/*", "*/map_symbols/*", "*/flags/*"),
        roomy=0.5,
    ),
    _package("pysiogame", "drawing", "GPL-3+", 180, "*/art4apps/*", "*/images/fc/*", "*/images/memory/*", roomy=0.5),
    _package("tuxpaint-stamps-default", "drawing", "GPL-2", 200, without=("*/alphabets/*",), roomy=0.4),
    _package("wesnoth-1.16-data", "drawing", "GPL-2+", 150, "*/images/portraits/*", "*/images/story/*", roomy=0.3),
    _package("kgeography-data", "drawing", "GPL-2+", 50, "*/kgeography/*.png", without=("*/flags/*", "*/doc/*")),
    _package("gnome-backgrounds", "drawing", "CC-BY-SA-3.0", 20),
    _package(
        "gimp-help-en", "screen", "GFDL-1.2+", 120, "*/images/using/*", "*/images/dialogs/*", "*/images/filters/*"
    ),
    _documents("debian-handbook", "GPL-2+ or CC-BY-SA-3.0", 110),
    _documents("gimp-help-en", "GFDL-1.2+", 80),
    _documents("python3.11-doc", "PSF-2", 50),
    _documents("postgresql-doc-15", "PostgreSQL", 30),
    _documents("r-doc-html", "GPL-2+", 6),
    Source("scenes", "drawing", OURS, 440, scenes),
    Source("drawn", "screen", OURS, 320, drawn),
    Source("cuts", "photo", DATASETS_OWN, 700, cuts_of_training_photos),
    Source("collages", "screen", DATASETS_OWN, 300, collages_of_training_photos),
)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that was gathered: its file's name, and its pixels, (H, W, 3) uint8."""

    name: str
    image: RgbImage


def load_pictures(
    folder: Path, leave_out: Collection[str] = (), pixels: int = INPUT_PIXELS, every: int = 1
) -> list[Picture]:
    """The pictures that `gather` wrote, in the order of its table, reduced as `load_photos` does.

    leave_out: datasets, or "scenes"; no picture that has parts of one of them is among these. every: of all pictures,
    only each of that rank, whatever is left out of them then.
    Raises FileNotFoundError where nothing was gathered, and ImageError for a damaged file.
    """
    if not (folder / TABLE).exists():
        raise FileNotFoundError(f"no {TABLE} in {folder}; python -m training pictures --out {folder} writes it")
    wanted = [entry.file for entry in read_entries(folder)[::every] if not set(entry.parts.split()) & set(leave_out)]
    side = LONG_SIDE * (pixels / INPUT_PIXELS) ** 0.5
    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(lambda name: Picture(name, reduced(open_image(folder / name), side)), wanted))
