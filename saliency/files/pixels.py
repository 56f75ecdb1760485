"""Decoded pixels of any kind -> upright sRGB and opacity: a strip at a time, so that no second whole picture is in
memory."""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

from saliency.files.colours import to_srgb
from saliency.files.deep import is_deep, strips, to_8_bit
from saliency.files.orientation import upright, upright_box, upright_size
from saliency.files.stored import Stored
from saliency.types import Opacity, RgbImage

_SRGB = ImageCms.createProfile("sRGB")


def srgb_pixels(image: Image.Image, stored: Stored) -> tuple[RgbImage, Opacity | None]:
    """(H, W, 3) upright pixels of sRGB, and their opacity; None where all are opaque."""
    holes, size = _holes(image), image.size
    if is_deep(image):
        image = to_8_bit(image, stored.grey)
    convert = _converter(image, stored)
    width, height = upright_size(size, stored.orientation)
    result = np.empty((height, width, 3), np.uint8)
    opacity = np.full((height, width), 255, np.uint8) if holes is not None or is_see_through(image) else None
    for top, strip in strips(image):
        colours, clear = _apart(strip)
        box = upright_box((0, top, strip.width, top + strip.height), size, stored.orientation)
        part = np.s_[box.top : box.bottom, box.left : box.right]
        if holes is not None:
            clear = np.where(holes[top : top + strip.height], np.uint8(0), np.uint8(255))
        if opacity is not None and clear is not None:
            opacity[part] = upright(clear, stored.orientation)
        pixels = _colours(colours, convert, stored)
        if strip is image:
            result = upright(pixels, stored.orientation)
        else:
            result[part] = upright(pixels, stored.orientation)
    return result, opacity if opacity is not None and opacity.min() < 255 else None


def _holes(image: Image.Image) -> NDArray[np.bool_] | None:
    """Where a deep image has the value that means transparent; None where there is none."""
    key = image.info.get("transparency")
    if not is_deep(image) or not isinstance(key, int):
        return None
    found = np.empty((image.height, image.width), np.bool_)
    for top, strip in strips(image):
        found[top : top + strip.height] = np.asarray(strip) == key
    return found


def _colours(strip: Image.Image, convert: Callable[[Image.Image], Image.Image], stored: Stored) -> RgbImage:
    """A strip without opacity in sRGB."""
    colours = np.asarray(convert(strip))
    return to_srgb(colours, stored.colours) if stored.colours else colours


def _converter(image: Image.Image, stored: Stored) -> Callable[[Image.Image], Image.Image]:
    """What brings a strip's colours, without opacity, to RGB, by the file's profile where it has a sound one."""
    mode = _plain_mode(image)
    if stored.profile and mode in ("RGB", "L", "CMYK", "LAB"):
        try:
            profile = ImageCms.ImageCmsProfile(io.BytesIO(stored.profile))
            transform = ImageCms.buildTransform(profile, _SRGB, mode, "RGB")
            return lambda strip: ImageCms.applyTransform(strip, transform) or strip.convert("RGB")
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass  # a broken profile, or one of other colours
    return lambda strip: strip.convert("RGB")


def _plain_mode(image: Image.Image) -> str:
    if image.mode in ("P", "PA", "RGBA", "RGBa") or "transparency" in image.info:
        return "RGB"
    return "L" if image.mode in ("LA", "La") else image.mode


def is_see_through(image: Image.Image) -> bool:
    """Whether it may have transparent pixels."""
    return image.mode in ("LA", "La", "PA", "RGBA", "RGBa") or "transparency" in image.info


def _apart(strip: Image.Image) -> tuple[Image.Image, Opacity | None]:
    """A strip's colours without opacity, and its opacity where it has any."""
    if strip.mode == "La":
        strip = strip.convert("LA")
    if strip.mode in ("P", "PA", "RGBa") or "transparency" in strip.info:
        strip = strip.convert("RGB" if strip.mode == "P" and "transparency" not in strip.info else "RGBA")
    if strip.mode not in ("LA", "RGBA"):
        return strip, None
    return strip.convert("L" if strip.mode == "LA" else "RGB"), np.asarray(strip.getchannel("A"))
