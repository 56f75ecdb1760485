"""Animations as files: written by Pillow, which is handed one frame after the other."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np
from PIL import Image

from saliency.animation import Animation, Still
from saliency.export import FILE_FORMATS, encode, file_options, indexed
from saliency.files.avif_frames import with_plays
from saliency.image import Opened
from saliency.notes import opacity_note
from saliency.types import Pixels

Draw = Callable[[Opened], Pixels]


def encode_animation(
    animation: Animation, draw: Draw, kind: str, quality: int | None = None, more: Mapping[str, object] | None = None
) -> bytes:
    """The file's bytes, with the animation's times.

    draw: what is written of each frame, all of one size. kind, quality, more: as `saliency.export.encode` takes them,
    one of MOVING. Raises ValueError as `encode`.
    """
    options, clear = file_options(kind, quality, more), animation.clear
    frames = _Frames(lambda: (_image(draw(frame), clear, kind) for frame in animation.frames()), animation)
    buffer = io.BytesIO()
    options |= MOVING[kind](animation.milliseconds, animation.plays, clear)
    frames.save(buffer, FILE_FORMATS[kind].pillow, save_all=True, **options)
    return with_plays(buffer.getvalue(), animation.plays) if kind == "AVIF" else buffer.getvalue()


def encode_photo(
    opened: Opened,
    animation: Animation | Still | None,
    draw: Draw,
    kind: str,
    quality: int | None = None,
    more: Mapping[str, object] | None = None,
) -> bytes:
    """The file of what `draw` makes of a photo, moving where both it and the kind do. Raises ValueError as `encode`."""
    if isinstance(animation, Animation) and kind in MOVING:
        return encode_animation(animation, draw, kind, quality, more)
    return encode(draw(opened), kind, quality, more)


def lost_note(opacity: bool, still: str, kind: str) -> str:
    """What of a photo its files of a kind do not have, in words; empty for nothing.

    opacity: whether it is transparent anywhere. still: why its first frame alone is used, empty where all are or where
    there is only one.
    """
    frames = f"only the first of its frames, as {still}" if still else ""
    return "; ".join(filter(None, (frames, opacity_note(opacity, kind))))


def why_still(animation: Animation | Still | None, kind: str, owner: bool = False) -> str:
    """Why of an animation the first frame alone is in a file of this kind, in words; empty where it is not so.

    owner: whether it is told whoever runs the program, who can raise limits.
    """
    if isinstance(animation, Still):
        return animation.told_owner() if owner else animation.why
    return f"{kind} does not move" if animation and kind not in MOVING else ""


def _image(pixels: Pixels, clear: bool, kind: str) -> Image.Image:
    """clear: whether any frame has an opacity: then all have."""
    if clear and pixels.shape[2] == 3:
        pixels = np.dstack([pixels, np.full(pixels.shape[:2], 255, np.uint8)])
    if not clear:
        pixels = pixels[..., :3]
    return indexed(pixels) if kind == "GIF" else Image.fromarray(np.ascontiguousarray(pixels))


class _Frames(Image.Image):
    """Frames that can be asked for in order, and again from the first, as Pillow's writers do with an opened file."""

    def __init__(self, make: Callable[[], Iterator[Image.Image]], animation: Animation) -> None:
        super().__init__()
        self.n_frames, self.is_animated = len(animation.milliseconds), True
        self._make, self._left, self._at = make, make(), -1
        self.seek(0)

    def seek(self, frame: int) -> None:
        if frame >= self.n_frames:
            raise EOFError("no more frames")
        if frame < self._at:
            self._left, self._at = self._make(), -1
        while self._at < frame:
            image = next(self._left)
            self.im, self._mode, self._size = image.im, image.mode, image.size
            self.palette, self.info = image.palette, image.info
            self._at += 1

    def tell(self) -> int:
        return self._at


Times = Sequence[float]


def _gif(times: Times, plays: int, clear: bool) -> dict[str, object]:
    """A transparent frame replaces the one before it, and is not laid over it."""
    loop = {} if plays == 1 else {"loop": max(plays - 1, 0)}
    return {"duration": list(times), "disposal": 2 if clear else 1, "optimize": False, **loop}


def _png(times: Times, plays: int, clear: bool) -> dict[str, object]:  # noqa: ARG001
    return {"duration": list(times), "loop": plays}


def _webp(times: Times, plays: int, clear: bool) -> dict[str, object]:  # noqa: ARG001
    return {"duration": list(times), "loop": plays}


def _avif(times: Times, plays: int, clear: bool) -> dict[str, object]:  # noqa: ARG001
    return {"duration": [round(time) for time in times], "speed": 8}


MOVING: dict[str, Callable[[Times, int, bool], dict[str, object]]] = {
    "GIF": _gif,
    "PNG": _png,
    "WebP": _webp,
    "AVIF": _avif,
}
"""The kinds of files that can move: Pillow's options for the times, how often, and whether anything is transparent."""
