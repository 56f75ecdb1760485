"""What a kind of file is, and the picture that most of them show."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image, ImageCms

from saliency.types import RgbImage
from tests.scenes import gradient

WIDTH, HEIGHT = 96, 64


def scene() -> RgbImage:
    """A picture that is wrong turned, mirrored, or with its channels exchanged: a ramp with two blocks."""
    image = gradient((WIDTH, HEIGHT)).copy()
    image[8:24, 16:40] = 20, 30, 90
    image[40:56, 56:88] = 240, 220, 160
    return image


def rough(size: tuple[int, int] = (160, 200)) -> RgbImage:
    """A picture whose file grows evenly from row to row."""
    noise = np.random.default_rng(0).integers(-24, 24, (size[1], size[0], 3))
    return np.clip(gradient(size) + noise, 0, 255).astype(np.uint8)


SCENE, ROUGH = scene(), rough()


@dataclass(frozen=True)
class Kind:
    """A kind of file.

    name: what is special about it. mime: of what it claims to be. make: the bytes of one. answer: the picture it shows,
    upright and in sRGB, where that is known without another decoder. refused: a pattern of the sentence it is refused
    with; empty where it opens. tolerance: mean difference from the answer and from browsers, of 255 levels. damaged:
    whether that is said of it. browser: whether browsers show it so.
    """

    name: str
    mime: str
    make: Callable[[], bytes]
    answer: RgbImage | None = None
    refused: str = ""
    tolerance: float = 2
    damaged: bool = False
    browser: bool = True


def encoded(image: Image.Image | RgbImage, kind: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    (image if isinstance(image, Image.Image) else Image.fromarray(image)).save(buffer, kind, **options)
    return buffer.getvalue()


def srgb_profile() -> bytes:
    """Without the date of today, so that files are the same tomorrow."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return profile[:24] + bytes(12) + profile[36:]


def exif(orientation: int, *others: tuple[int, int, bytes]) -> bytes:
    """An EXIF block by hand. others: number, type and four bytes of further tags."""
    entries = [struct.pack("<HHIHH", 274, 3, 1, orientation, 0)]
    entries += [struct.pack("<HHI", number, kind, 1) + value for number, kind, value in others]
    return b"Exif\0\0II*\0\x08\0\0\0" + struct.pack("<H", len(entries)) + b"".join(entries) + bytes(4)


def lying(image: np.ndarray, orientation: int) -> np.ndarray:
    """How a camera held each way stores an upright scene: TIFF 6.0, tag 274, written out row and column by hand."""
    on_side = image.transpose(1, 0, 2)
    return np.ascontiguousarray(
        {
            1: image,
            2: image[:, ::-1],
            3: image[::-1, ::-1],
            4: image[::-1],
            5: on_side,
            6: on_side[::-1],
            7: on_side[::-1, ::-1],
            8: on_side[:, ::-1],
        }[orientation]
    )


XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    b'<rdf:Description xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:Orientation="6"/></rdf:RDF></x:xmpmeta>'
)


def over_white(colours: RgbImage, opacity: np.ndarray) -> RgbImage:
    """opacity: (H, W), 0 to 1."""
    return np.round(colours * opacity[..., None] + 255 * (1 - opacity[..., None])).astype(np.uint8)


def srgb_from_linear(light: np.ndarray) -> np.ndarray:
    """IEC 61966-2-1: light, 0 to 1 -> 0 to 255."""
    light = np.clip(light, 0, 1)
    return np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055) * 255


def linear_from_srgb(values: np.ndarray) -> np.ndarray:
    """0 to 255 -> light, 0 to 1."""
    values = values / 255
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


# CSS Color 4, sample code: linear Display P3 and Rec. 2020 -> linear sRGB
P3_TO_SRGB = np.array([[1.2249402, -0.2249402, 0], [-0.0420570, 1.0420570, 0], [-0.0196376, -0.0786361, 1.0982736]])
REC2020_TO_SRGB = np.array(
    [[1.6604910, -0.5876411, -0.0728499], [-0.1245505, 1.1328999, -0.0083494], [-0.0181508, -0.1005789, 1.1187297]]
)
