"""A padded photo written for other software, read back the way that software reads it."""

from __future__ import annotations

import re
from urllib.parse import parse_qs

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from saliency.links import LINKS
from saliency.pad import Border, Canvas, canvas_for
from saliency.pad_links import PAD_LINKS, Fill, css, fill_of
from saliency.types import Aspect, Box, RgbImage

canvases = st.builds(
    lambda size, pixels: canvas_for(size, Aspect(4, 3), pixels),
    st.tuples(st.integers(1, 6000), st.integers(1, 6000)),
    st.none() | st.tuples(st.integers(32, 4000), st.integers(32, 4000)),
)
fills = st.none() | st.tuples(*[st.integers(0, 255)] * 3)
CUTS = {
    "imgproxy": "c:30:40:nowe:1:2/",
    "thumbor": "/1x2:31x42/",
    "imgix": "?rect=1,2,30,40&",
    "Cloudinary": "c_crop,g_north_west,h_40,w_30,x_1,y_2/",
    "Cloudflare": "/cdn-cgi/image/trim.left=1,trim.top=2,trim.width=30,trim.height=40,",
    "ImageKit": "tr:w-30,h-40,cm-extract,x-1,y-2:",
}
"""What each begins with where Box(1, 2, 30, 40) of the photo is cut out first."""
WHOLE_STARTS = {"thumbor": "/", "imgix": "?", "Cloudflare": "/cdn-cgi/image/", "ImageKit": "tr:"}
BLURS = {"thumbor", "imgix", "ImageKit"}


def read(service: str, text: str) -> tuple[tuple[int, int], str]:
    """(width, height), and what fills the border: a colour as six digits, or "blur"."""
    if service == "imgix":
        query = {name: value for name, (value,) in parse_qs(text.removeprefix("?"), strict_parsing=True).items()}
        assert query["fit"] == "fill"
        return (int(query["w"]), int(query["h"])), query.get("fill-color", query["fill"])
    found = {
        "imgproxy": r"rs:fit:(?P<w>\d+):(?P<h>\d+):1:1/bg:(?P<fill>[0-9a-f]{6})",
        "thumbor": r"/fit-in/(?P<w>\d+)x(?P<h>\d+)/filters:upscale\(\):fill\((?P<fill>blur|[0-9a-f]{6})\)/",
        "Cloudinary": r"b_rgb:(?P<fill>[0-9a-f]{6}),c_pad,h_(?P<h>\d+),w_(?P<w>\d+)",
        "Cloudflare": r"/cdn-cgi/image/fit=pad,width=(?P<w>\d+),height=(?P<h>\d+),background=%23(?P<fill>[0-9a-f]{6})/",
        "ImageKit": r"tr:w-(?P<w>\d+),h-(?P<h>\d+),cm-pad_resize,bg-(?P<fill>blurred|[0-9A-F]{6})/",
    }[service]
    match = re.fullmatch(found, text)
    assert match, text
    return (int(match["w"]), int(match["h"])), match["fill"].lower().removesuffix("red")


def test_every_service_that_crops_also_pads_but_bunny() -> None:
    assert [*PAD_LINKS, "Bunny"] == list(LINKS)


@pytest.mark.parametrize("service", PAD_LINKS)
@given(canvases, fills, st.none() | st.just(Box(1, 2, 30, 40)))
def test_a_service_is_told_the_canvas_and_its_border(
    service: str, canvas: Canvas, fill: Fill, part: Box | None
) -> None:
    text = PAD_LINKS[service](canvas, fill, part)
    if fill is None and service not in BLURS:
        assert text == ""
        return
    if part:
        assert text.startswith(CUTS[service])
        text = WHOLE_STARTS.get(service, "") + text.removeprefix(CUTS[service])
    size, told = read(service, text)
    assert size == canvas.size
    assert told == ("blur" if fill is None else "".join(f"{value:02x}" for value in fill))


def two_tone() -> RgbImage:
    """Red at the left, blue at the right, grey between."""
    image = np.full((40, 60, 3), 128, np.uint8)
    image[:, :3], image[:, -3:] = (200, 0, 0), (0, 0, 100)
    return image


def test_a_service_has_one_colour_for_both_edges() -> None:
    canvas = canvas_for((60, 40), Aspect(3, 1))
    assert fill_of(two_tone(), canvas, Border("edge")) == (100, 0, 50)
    assert fill_of(two_tone(), canvas, Border("plain", (1, 2, 3))) == (1, 2, 3)
    assert fill_of(two_tone(), canvas, Border("blurred")) is None


def test_css_shows_the_whole_photo() -> None:
    canvas = canvas_for((60, 40), Aspect(3, 1))
    plain = css(Aspect(3, 1), two_tone(), canvas, Border("plain", (1, 2, 3)))
    assert plain == "object-fit: contain;\naspect-ratio: 3 / 1;\nbackground: #010203;"
    edge = css(Aspect(3, 1), two_tone(), canvas, Border("edge"))
    assert "linear-gradient(to right, #c80000 50%, #000064 50%)" in edge
    tall = css(Aspect(1, 3), two_tone(), canvas_for((60, 40), Aspect(1, 3)), Border("edge"))
    assert "linear-gradient(to bottom, #808080 50%, #808080 50%)" in tall
    blurred = css(Aspect(3, 1), two_tone(), canvas, Border("blurred"))
    assert blurred.count("{") == blurred.count("}")
    assert "blur(" in blurred
