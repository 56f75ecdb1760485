"""Pictures that Debian's packages hold: fetched by apt-get, unpacked into a temporary folder, never installed."""

from __future__ import annotations

import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from fnmatch import fnmatch
from pathlib import Path
from random import Random

import numpy as np

from saliency.image import SUFFIXES, ImageError, open_image
from saliency.types import RgbImage
from training.pictures.types import Made, SourceMissing

WIDER = (1.2, 1.5, 2.2)  # times the drawing: how wide and how high its canvas is


@contextmanager
def unpacked(package: str, within: Sequence[str] = ("*",), without: Sequence[str] = ()) -> Iterator[Path]:
    """A folder with the package's plain files at such paths, while it is needed; see `pictures_of`.

    package: a name, which apt-get fetches, or the path of a .deb file. Raises SourceMissing where it cannot be had.
    """
    if not shutil.which("dpkg-deb"):
        raise SourceMissing("needs a Debian system, or dpkg and apt")
    with tempfile.TemporaryDirectory(prefix="pictures-") as name:
        folder = Path(name)
        deb = Path(package) if package.endswith(".deb") else _fetched(package, folder)
        _unpack(deb, folder / "files", within, without)
        yield folder / "files"


def _fetched(package: str, folder: Path) -> Path:
    """The .deb file, as apt-get downloads it: checked against Debian's signatures, not installed."""
    try:
        command = ["apt-get", "-q", "download", package]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    except OSError as error:
        raise SourceMissing(f"apt-get: {error.strerror}") from None
    if done.returncode:
        raise SourceMissing(f"apt-get download {package}: {done.stderr.strip() or 'failed'}")
    (deb,) = folder.glob("*.deb")
    return deb


def _unpack(deb: Path, folder: Path, within: Sequence[str], without: Sequence[str]) -> None:
    folder.mkdir()
    with subprocess.Popen(["dpkg-deb", "--fsys-tarfile", str(deb)], stdout=subprocess.PIPE) as process:
        try:
            with tarfile.open(fileobj=process.stdout, mode="r|") as files:
                for file in files:
                    is_plain = file.isfile() or (file.islnk() and (folder / file.linkname).exists())
                    if is_plain and _is_at(file.name, within, without):
                        files.extract(file, folder, filter="data")
        except tarfile.TarError as error:
            raise SourceMissing(f"{deb.name} cannot be unpacked: {error}") from None


def _is_at(path: str, within: Sequence[str], without: Sequence[str]) -> bool:
    return any(fnmatch(path, pattern) for pattern in within) and not any(fnmatch(path, pattern) for pattern in without)


def pictures_of(
    package: str, within: Sequence[str] = ("*",), without: Sequence[str] = (), roomy: float = 0
) -> Iterator[Made]:
    """The pictures of a package in a random order, the same each time.

    within, without: patterns of paths in the package, one of which and none of which a picture's matches. roomy: the
    share of pictures that are laid somewhere on a wider white canvas, as drawings which fill their frame are used.
    """
    with unpacked(package, within, without) as folder:
        files = files_of(folder, SUFFIXES)
        rng = Random(package)
        for path in rng.sample(files, len(files)):
            with suppress(ImageError):
                image = open_image(path)
                yield Made(_with_room(image, rng) if rng.random() < roomy else image)


def _with_room(image: RgbImage, rng: Random) -> RgbImage:
    """The picture anywhere on a white canvas."""
    height, width = image.shape[:2]
    canvas = np.full((round(height * rng.choice(WIDER)), round(width * rng.choice(WIDER)), 3), 255, np.uint8)
    top, left = rng.randint(0, canvas.shape[0] - height), rng.randint(0, canvas.shape[1] - width)
    canvas[top : top + height, left : left + width] = image
    return canvas


def files_of(folder: Path, suffixes: Sequence[str]) -> list[Path]:
    """The files below a folder with one of these suffixes (without dot), ordered by name."""
    return [path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix[1:].lower() in suffixes]
