"""From a file's bytes to its pixels: a reader for each kind of file. Pictures are opened by `saliency/image.py` and
`saliency/animation.py` alone; what crops take over from a file, undecoded, is found by its walks through files."""

from __future__ import annotations

from collections.abc import Callable

from saliency.files import avif_frames, bmp, gif, gif_frames, isobmff, jpeg, png, tiff, webp
from saliency.files.mended import Check, Mended
from saliency.files.moving import Moving
from saliency.files.stored import Stored

READERS: dict[str, Callable[[bytes], Stored]] = {
    "JPEG": jpeg.read,
    "PNG": png.read,
    "WEBP": webp.read,
    "AVIF": isobmff.read_avif,
    "HEIF": isobmff.read_heif,
    "GIF": gif.read,
    "TIFF": tiff.read,
    "BMP": bmp.read,
}
ANIMATIONS: dict[str, Callable[[bytes], Moving | None]] = {
    "PNG": png.moving,
    "WEBP": webp.moving,
    "AVIF": avif_frames.moving,
    "GIF": gif_frames.moving,
}
# of the kinds that are there from the top or the bottom when a file breaks off, as browsers show them
MENDERS: dict[str, Callable[[bytes, Check], Mended]] = {
    "JPEG": jpeg.mend,
    "PNG": png.mend,
    "GIF": gif.mend,
    "BMP": bmp.mend,
}
