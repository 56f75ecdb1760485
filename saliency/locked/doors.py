"""The doors for strangers' files: as those of `saliency/image.py`, but what opens the file is a locked worker.

All raise ImageError as those do, and where the file ends its worker or takes more time or memory than it may; Gone
where no worker can be had. Pixels cannot be written to. Where the system cannot fork, files are opened here.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from saliency.files.stored import Size
from saliency.image import Least, Opened, Source, read_file
from saliency.locked.answers import Looked
from saliency.locked.jobs import JOBS, Order
from saliency.locked.pool import MOST_SECONDS, Pool
from saliency.types import RgbImage

POOL = Pool()
CAN_FORK = hasattr(os, "fork")


def open_picture(source: Source, least: Least | None = None) -> Opened:
    """As `saliency.image.open_picture`."""
    opened: Opened = _ask("open", source, least=least)
    return opened


def open_image(source: Source, ground: str = "") -> RgbImage:
    """As `saliency.image.open_image`."""
    opened = open_picture(source)
    return opened.over(ground) if ground else opened.pixels


def image_size(source: Source) -> Size:
    """As `saliency.image.image_size`."""
    size: Size = _ask("size", source)
    return size


def look(source: Source, least: Least) -> Looked:
    """A photo, no larger than it needs be to be looked at, and of an animation a few frames in full."""
    looked: Looked = _ask("look", source, least=least)
    return looked


def write(source: Source, orders: Sequence[Order]) -> list[bytes]:
    """The files that are cut from a photo, each of which may take as long as opening one."""
    files: list[bytes] = _ask("write", source, tuple(orders), seconds=MOST_SECONDS * (1 + len(orders)))
    return files


def warm() -> None:
    """Have a worker made for the first file, without waiting for it."""
    if CAN_FORK:
        POOL.warm()


def protection() -> dict[str, str]:
    """What strangers' files are not kept from on this system, and why: of "processes" of their own, "files" and network
    (Landlock), "calls" of the kernel (seccomp), and "limits" of memory and time. Empty where all is locked."""
    return POOL.missing() if CAN_FORK else {"processes": "this system cannot fork"}


def _ask(name: str, source: Source, *arguments: Any, least: Least | None = None, seconds: float = MOST_SECONDS) -> Any:
    data = read_file(source)
    if not CAN_FORK:
        return JOBS[name].run(data, least, *arguments)
    return POOL.ask(name, data, *arguments, least=least, seconds=seconds)
