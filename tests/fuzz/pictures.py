"""Roads that a stranger's picture takes: opened, opened small, as an animation, and into the file of a crop."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from PIL import Image, PngImagePlugin

from saliency.animation import Animation, open_animation
from saliency.files.stored import Size
from saliency.image import ImageError, open_picture, open_reduced
from saliency.originals import METADATA, as_fine
from saliency.photo_file import Original, Writing
from saliency.types import Box
from tests.corpus import KINDS
from tests.corpus.kind import SCENE, XMP, encoded, exif, srgb_profile
from tests.corpus.moving import apng, gif, of_frames
from tests.fuzz import ifds, parts
from tests.fuzz.target import Target, bytes_of

CHANGES = ((parts.changed, 5), (bytes_of, 4), (ifds.changed, 1))
DRAWING = b'<?xml version="1.0"?><!-- a --><!-- b --><!DOCTYPE svg><svg xmlns="http://www.w3.org/2000/svg"/>'
WRITTEN = ("JPEG", "PNG", "WebP")


@lru_cache(maxsize=1)
def pictures() -> tuple[bytes, ...]:
    """All kinds of the tests' corpus, animations, and pictures of which much is said."""
    return (*(kind.make() for kind in KINDS.values()), *films(), *said(), DRAWING)


@lru_cache(maxsize=1)
def films() -> tuple[bytes, ...]:
    return (gif(), apng(), apng(default=True), of_frames("WEBP"), of_frames("AVIF"), of_frames("GIF"))


@lru_cache(maxsize=1)
def said() -> tuple[bytes, ...]:
    """Pictures with EXIF and folders in it, XMP, IPTC, texts and a colour profile."""
    tags = Image.Exif()
    tags[315], tags[33432], tags[271] = "Anna", "Anna, 2024", "Maker"
    tags.get_ifd(0x8769).update({36867: "2024:01:01 00:00:00", 37500: b"maker's own" * 9})
    tags.get_ifd(0x8825).update({1: "N", 2: (52.0, 30.0, 1.0)})
    block = tags.tobytes()
    xmp = b'<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>' + XMP.replace(
        b"/></rdf", b'><dc:creator xmlns:dc="http://purl.org/dc/elements/1.1/">A</dc:creator></rdf:Description></rdf'
    )
    profile = srgb_profile()
    iptc = b"Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x14\x1c\x02\x50\0\x04Anna\x1c\x02\x74\0\x06Anna 4"
    text = PngImagePlugin.PngInfo()
    text.add_itxt("XML:com.adobe.xmp", xmp.decode(), zip=True)
    text.add_text("Comment", "hello" * 99, zip=True)
    jpeg = encoded(SCENE, "JPEG", exif=block, xmp=xmp, icc_profile=profile)
    segment = b"\xff\xed" + (len(iptc) + 2).to_bytes(2, "big") + iptc
    return (
        jpeg[:2] + segment + jpeg[2:],
        encoded(SCENE, "PNG", exif=block, pnginfo=text, icc_profile=profile),
        encoded(SCENE, "WEBP", exif=block, xmp=xmp, icc_profile=profile),
        encoded(SCENE, "TIFF", exif=tags, tiffinfo={700: xmp}, icc_profile=profile),
        encoded(SCENE, "AVIF", exif=block, xmp=xmp),
        encoded(SCENE, "HEIF", exif=block, xmp=xmp),
        encoded(SCENE, "JPEG", exif=exif(6)),
        encoded(SCENE, "WEBP", xmp=b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>" + b"<a>" * 9000 + b"</a>" * 9000),
    )


def _open(data: bytes) -> str:
    return "damaged" if open_picture(data).damage else "picture"


def _reduce(data: bytes) -> str:
    image, size = open_reduced(data, _tenth)
    return "smaller" if image.shape[1::-1] != size else "picture"


def _tenth(size: Size) -> Size:
    return max(size[0] // 10, 1), max(size[1] // 10, 1)


def _animate(data: bytes) -> str:
    found = open_animation(data)
    if not isinstance(found, Animation):
        return "first frame" if found else "picture"
    for frame in found.frames():
        assert frame.colours.shape[1::-1] == found.size
    return "animation"


def _crop(data: bytes) -> str:
    """The whole and a part of it as the command line and the app write them, whatever is kept of what is said."""
    opened = open_picture(data)
    width, height = opened.size
    original = Original(data, opened, open_animation(data))
    part = Box(width // 4, height // 4, max(width // 2, 1), max(height // 2, 1))
    for keep, kind in zip(METADATA, WRITTEN, strict=True):
        for box in (Box(0, 0, width, height), part):
            open_picture(original.crop(box, None, Writing(kind, None, keep)))
    as_fine(data)
    return "crops"


def _writable() -> Sequence[bytes]:
    """Those of a crop's target, which does many things with each."""
    return (*said(), *films(), *(data for data in pictures() if len(data) < 3000))


TARGETS = [
    Target("picture", pictures, _open, (ImageError,), CHANGES, share=8),
    Target("reduced", pictures, _reduce, (ImageError,), CHANGES, share=3),
    Target("animation", films, _animate, (ImageError,), CHANGES, share=3),
    Target("crop", _writable, _crop, (ImageError,), (*CHANGES, (ifds.changed, 3))),
]
