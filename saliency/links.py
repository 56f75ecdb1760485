"""A crop for other people's software: focal points, CSS, and what to put in the addresses of image services.

Boxes and focal points are in pixels of the upright image, of `size` = (width, height). Services count in the pixels of
the file they are given, so it must be the same picture. `pixels`, (width, height), is what the crop is resized to; None
leaves it as it is cut.
"""

from __future__ import annotations

from collections.abc import Callable

from saliency.crop import place_window, window_size
from saliency.types import Box, Crop

Link = Callable[[Crop, tuple[int, int], tuple[int, int] | None], str]


def focal_json(crop: Crop, size: tuple[int, int]) -> dict[str, object]:
    """The focal point for JSON: x and y in 0..1 of the image, px: the pixel it lies in, size: of the image."""
    x, y = crop.focal_point
    pixel = [min(int(x), size[0] - 1), min(int(y), size[1] - 1)]
    return {"x": round(x / size[0], 4), "y": round(y / size[1], 4), "px": pixel, "size": list(size)}


def object_position(crop: Crop, size: tuple[int, int]) -> str:
    """The CSS `object-position`, such as "37.5% 50%", for `object-fit: cover` in an element of the crop's shape.

    A percentage is where the window lies on its way from one border to the other; 50% where it has nowhere to go. The
    widest window of its shape is shown exactly. CSS cannot zoom: for a tighter one it is the widest that is as nearly
    around it as the image allows. https://developer.mozilla.org/en-US/docs/Web/CSS/object-position
    """
    widest = place_window(crop.box.center, size, window_size(size, crop.aspect))
    return f"{_percentage(widest.left, size[0] - widest.width)} {_percentage(widest.top, size[1] - widest.height)}"


def imgproxy_cut(box: Box) -> str:
    """A box of the photo at imgproxy, not resized."""
    return f"c:{box.width}:{box.height}:nowe:{box.left}:{box.top}"


def thumbor_cut(box: Box) -> str:
    """The same at thumbor."""
    return f"/{box.left}x{box.top}:{box.right}x{box.bottom}/"


def imgix_cut(box: Box) -> str:
    """The same at imgix."""
    return f"?rect={','.join(map(str, box.as_list()))}"


def cloudinary_cut(box: Box) -> str:
    """The same at Cloudinary."""
    return f"c_crop,g_north_west,h_{box.height},w_{box.width},x_{box.left},y_{box.top}"


def cloudflare_cut(box: Box) -> str:
    """The same at Cloudflare Images."""
    return f"trim.left={box.left},trim.top={box.top},trim.width={box.width},trim.height={box.height}"


def imagekit_cut(box: Box) -> str:
    """The same at ImageKit."""
    return f"tr:w-{box.width},h-{box.height},cm-extract,x-{box.left},y-{box.top}"


def bunny_cut(box: Box) -> str:
    """The same at Bunny Optimizer."""
    return f"?crop={box.width},{box.height},{box.left},{box.top}"


def imgproxy(crop: Crop, size: tuple[int, int], pixels: tuple[int, int] | None) -> str:  # noqa: ARG001
    """Processing options of imgproxy: crop from the north-west, then fill. https://docs.imgproxy.net/usage/processing"""
    cut = imgproxy_cut(crop.box)
    return f"{cut}/rs:fill:{pixels[0]}:{pixels[1]}:1" if pixels else cut


def thumbor(crop: Crop, size: tuple[int, int], pixels: tuple[int, int] | None) -> str:  # noqa: ARG001
    """A part of thumbor's path: the corners, then the size. https://thumbor.readthedocs.io/en/latest/usage.html"""
    cut = thumbor_cut(crop.box)
    return f"{cut}{pixels[0]}x{pixels[1]}/" if pixels else cut


def imgix(crop: Crop, size: tuple[int, int], pixels: tuple[int, int] | None) -> str:  # noqa: ARG001
    """imgix's query: `rect` is cut before anything is resized. https://docs.imgix.com/apis/rendering/size/rect"""
    cut = imgix_cut(crop.box)
    return f"{cut}&w={pixels[0]}&h={pixels[1]}&fit=crop" if pixels else cut


def cloudinary(crop: Crop, size: tuple[int, int], pixels: tuple[int, int] | None) -> str:  # noqa: ARG001
    """Cloudinary's chained transformations. https://cloudinary.com/documentation/transformation_reference#c_crop

    Its SDK has x and y of a crop "for custom-coordinates based cropping"; they count from the corner of the gravity.
    """
    cut = cloudinary_cut(crop.box)
    return f"{cut}/c_scale,h_{pixels[1]},w_{pixels[0]}" if pixels else cut


def cloudflare(crop: Crop, size: tuple[int, int], pixels: tuple[int, int] | None) -> str:  # noqa: ARG001
    """Cloudflare's options: trimmed "before resizing or rotation". https://developers.cloudflare.com/images/"""
    cut = f"/cdn-cgi/image/{cloudflare_cut(crop.box)}"
    return f"{cut},fit=cover,width={pixels[0]},height={pixels[1]}/" if pixels else f"{cut}/"


def imagekit(crop: Crop, size: tuple[int, int], pixels: tuple[int, int] | None) -> str:  # noqa: ARG001
    """ImageKit's chained transformations: extracted, then brought to the size.
    https://imagekit.io/docs/image-resize-and-crop#crop-crop-modes--focus"""
    cut = imagekit_cut(crop.box)
    return f"{cut}:w-{pixels[0]},h-{pixels[1]},c-force/" if pixels else f"{cut}/"


def bunny(crop: Crop, size: tuple[int, int], pixels: tuple[int, int] | None) -> str:  # noqa: ARG001
    """Bunny's query: `crop` is "processed before resizing"; a side may be a pixel less, as it keeps the box's shape.
    https://docs.bunny.net/optimizer/dynamic-images/cropping"""
    cut = bunny_cut(crop.box)
    return f"{cut}&width={pixels[0]}&height={pixels[1]}&upscaling=resampling" if pixels else cut


def imgproxy_focal(crop: Crop, size: tuple[int, int], pixels: tuple[int, int] | None) -> str:
    """imgproxy's gravity to a focus point. https://docs.imgproxy.net/usage/processing#gravity"""
    width, height = pixels or (crop.box.width, crop.box.height)
    x, y = _share(crop, size)
    return f"rs:fill:{width}:{height}:1/g:fp:{x}:{y}"


def thumbor_focal(crop: Crop, size: tuple[int, int], pixels: tuple[int, int] | None) -> str:
    """thumbor's focal filter, on the one pixel. https://thumbor.readthedocs.io/en/latest/focal.html"""
    width, height = pixels or (crop.box.width, crop.box.height)
    x, y = (min(int(value), side - 1) for value, side in zip(crop.focal_point, size, strict=True))
    return f"/{width}x{height}/filters:focal({x}x{y}:{x + 1}x{y + 1})/"


def imgix_focal(crop: Crop, size: tuple[int, int], pixels: tuple[int, int] | None) -> str:
    """imgix's focal point crop. https://docs.imgix.com/apis/rendering/focalpoint-crop"""
    width, height = pixels or (crop.box.width, crop.box.height)
    x, y = _share(crop, size)
    return f"?w={width}&h={height}&fit=crop&crop=focalpoint&fp-x={x}&fp-y={y}"


def cloudflare_focal(crop: Crop, size: tuple[int, int], pixels: tuple[int, int] | None) -> str:
    """Cloudflare's gravity. https://developers.cloudflare.com/images/optimization/features/#gravity

    The documentation leaves open whether the point comes to lie in the middle of the window or as far along in it as
    in the photo; it is inside either way.
    """
    width, height = pixels or (crop.box.width, crop.box.height)
    x, y = _share(crop, size)
    return f"/cdn-cgi/image/fit=cover,gravity={x}x{y},width={width},height={height}/"


def bunny_focal(crop: Crop, size: tuple[int, int], pixels: tuple[int, int] | None) -> str:
    """Bunny's crop of the box's size around the point. https://docs.bunny.net/optimizer/dynamic-images/cropping

    A 1 could be the first pixel as well as the last share of the side: the share stays below it.
    """
    x, y = (f"{min(float(share), 0.9999):.4f}" for share in _share(crop, size))
    cut = f"?focus_crop={crop.box.width},{crop.box.height},{x},{y}"
    return f"{cut}&width={pixels[0]}&height={pixels[1]}&upscaling=resampling" if pixels else cut


LINKS: dict[str, Link] = {
    "imgproxy": imgproxy,
    "thumbor": thumbor,
    "imgix": imgix,
    "Cloudinary": cloudinary,
    "Cloudflare": cloudflare,
    "ImageKit": imagekit,
    "Bunny": bunny,
}
"""Exactly this window, by service."""

FOCAL_LINKS: dict[str, Link] = {
    "imgproxy": imgproxy_focal,
    "thumbor": thumbor_focal,
    "imgix": imgix_focal,
    "Cloudflare": cloudflare_focal,
    "Bunny": bunny_focal,
}
"""The widest window around the focal point, which goes on working when somebody changes the size, by service."""


def _share(crop: Crop, size: tuple[int, int]) -> tuple[str, str]:
    """(x, y) of the focal point in 0..1 of the image, four decimals."""
    x, y = (value / side for value, side in zip(crop.focal_point, size, strict=True))
    return f"{x:.4f}", f"{y:.4f}"


def _percentage(start: int, room: int) -> str:
    """Three decimals are finer than a pixel of any photo."""
    return f"{round(100 * start / room, 3):g}%" if room else "50%"
