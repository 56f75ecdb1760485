"""A padded photo for other people's software: CSS, and what to put in the addresses of image services.

Services draw the same canvas from the file they are given, which must be the same picture. They know one colour for
both sides, and blur in ways of their own.
"""

from __future__ import annotations

from collections.abc import Callable

from saliency.links import cloudflare_cut, cloudinary_cut, imagekit_cut, imgix_cut, imgproxy_cut, thumbor_cut
from saliency.pad import DIMMED, Border, Canvas, Colour, edge_colours, hex_colour
from saliency.types import Aspect, Box, Pixels

Fill = Colour | None
"""What a service fills the border with: a colour, None for the photo itself, blurred."""

PadLink = Callable[[Canvas, Fill, Box | None], str]
"""link(canvas, fill, part): part, of the photo, is cut out and laid on the canvas; None for all of it."""


def fill_of(image: Pixels, canvas: Canvas, border: Border) -> Fill:
    """What comes nearest to the border; of an image's edges the colour in the middle between both."""
    if border.background == "blurred":
        return None
    if border.background == "plain":
        return border.colour
    one, other = edge_colours(image, canvas)
    red, green, blue = ((a + b) // 2 for a, b in zip(one, other, strict=True))
    return red, green, blue


def css(aspect: Aspect, image: Pixels, canvas: Canvas, border: Border) -> str:
    """The style of an <img>; of a blurred border, which needs the photo twice, of a frame with two.

    https://developer.mozilla.org/en-US/docs/Web/CSS/object-fit
    """
    shape = f"aspect-ratio: {aspect.width:g} / {aspect.height:g};"
    if border.background == "blurred":
        return (
            f".frame {{ display: grid; overflow: hidden; {shape} }}\n"
            ".frame img { grid-area: 1 / 1; width: 100%; height: 100%; min-height: 0; object-fit: contain; }\n"
            f".frame .behind {{ object-fit: cover; filter: blur(1.5rem) brightness({DIMMED:g}); scale: 1.1; }}\n"
            ".frame .behind + img { position: relative; }"
        )
    if border.background == "plain":
        background = hex_colour(border.colour)
    else:
        one, other = map(hex_colour, edge_colours(image, canvas))
        background = f"linear-gradient({'to right' if canvas.beside else 'to bottom'}, {one} 50%, {other} 50%)"
    return f"object-fit: contain;\n{shape}\nbackground: {background};"


def imgproxy(canvas: Canvas, fill: Fill, part: Box | None = None) -> str:
    """imgproxy's fit, extended to the size asked for. https://docs.imgproxy.net/usage/processing#extend"""
    width, height = canvas.size
    cut = f"{imgproxy_cut(part)}/" if part else ""
    return f"{cut}rs:fit:{width}:{height}:1:1/bg:{_hex(fill)}" if fill else ""


def thumbor(canvas: Canvas, fill: Fill, part: Box | None = None) -> str:
    """thumbor's fill filter. https://thumbor.readthedocs.io/en/latest/filling.html"""
    width, height = canvas.size
    cut = thumbor_cut(part) if part else "/"
    return f"{cut}fit-in/{width}x{height}/filters:upscale():fill({_hex(fill) if fill else 'blur'})/"


def imgix(canvas: Canvas, fill: Fill, part: Box | None = None) -> str:
    """imgix's fill mode. https://docs.imgix.com/apis/rendering/fill/fill"""
    filled = f"fill=solid&fill-color={_hex(fill)}" if fill else "fill=blur"
    cut = f"{imgix_cut(part)}&" if part else "?"
    return f"{cut}w={canvas.size[0]}&h={canvas.size[1]}&fit=fill&{filled}"


def cloudinary(canvas: Canvas, fill: Fill, part: Box | None = None) -> str:
    """Cloudinary's pad; it blurs borders of videos alone.
    https://cloudinary.com/documentation/transformation_reference#c_pad"""
    width, height = canvas.size
    cut = f"{cloudinary_cut(part)}/" if part else ""
    return f"{cut}b_rgb:{_hex(fill)},c_pad,h_{height},w_{width}" if fill else ""


def cloudflare(canvas: Canvas, fill: Fill, part: Box | None = None) -> str:
    """Cloudflare's pad. https://developers.cloudflare.com/images/optimization/features/#fit"""
    width, height = canvas.size
    cut = f"{cloudflare_cut(part)}," if part else ""
    return f"/cdn-cgi/image/{cut}fit=pad,width={width},height={height},background=%23{_hex(fill)}/" if fill else ""


def imagekit(canvas: Canvas, fill: Fill, part: Box | None = None) -> str:
    """ImageKit's pad. https://imagekit.io/docs/image-resize-and-crop#pad-resize-crop-strategy---cm-pad_resize"""
    width, height = canvas.size
    cut = f"{imagekit_cut(part)}:" if part else "tr:"
    return f"{cut}w-{width},h-{height},cm-pad_resize,bg-{_hex(fill).upper() if fill else 'blurred'}/"


PAD_LINKS: dict[str, PadLink] = {
    "imgproxy": imgproxy,
    "thumbor": thumbor,
    "imgix": imgix,
    "Cloudinary": cloudinary,
    "Cloudflare": cloudflare,
    "ImageKit": imagekit,
}
"""This very canvas, by service, those of `links.LINKS` that draw borders; "" where one cannot blur."""


def _hex(colour: Colour) -> str:
    return hex_colour(colour).removeprefix("#")
