"""A crop written for other software, read back the way that software reads it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from urllib.parse import parse_qs

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from saliency.crop import crop_to_gaze
from saliency.framing import Framing, frame
from saliency.links import FOCAL_LINKS, LINKS, focal_json, object_position
from saliency.types import Aspect, Box, Crop
from tests.scenes import random_map

Size = tuple[int, int]
sizes = st.tuples(st.integers(1, 6000), st.integers(1, 6000))
pixels = st.none() | st.tuples(st.integers(32, 4000), st.integers(32, 4000))
seeds = st.integers(0, 2**32 - 1)


@st.composite
def crops(draw: st.DrawFn) -> tuple[Crop, Size]:
    """Any box of any image, with a focal point anywhere in it."""
    width, height = draw(sizes)
    left, top = draw(st.integers(0, width - 1)), draw(st.integers(0, height - 1))
    box = Box(left, top, draw(st.integers(1, width - left)), draw(st.integers(1, height - top)))
    focal = draw(st.floats(box.left, box.right)), draw(st.floats(box.top, box.bottom))
    return Crop(Aspect(1, 1), box, focal_point=focal), (width, height)


def read_imgproxy(text: str, size: Size) -> tuple[Box, Size | None]:
    """As imgproxy places a crop: numbers from 1 are pixels, those below are shares of the image."""
    options = {part.split(":")[0]: part.split(":")[1:] for part in text.split("/")}
    width, height, gravity, x, y = options.pop("c")
    assert gravity == "nowe"
    left, top = (float(v) if float(v) >= 1 else float(v) * side for v, side in zip((x, y), size, strict=True))
    assert float(width) >= 1
    assert float(height) >= 1
    resize = options.pop("rs", None)
    assert not options
    if resize is None:
        return Box(int(left), int(top), int(width), int(height)), None
    kind, *to, enlarge = resize
    assert (kind, enlarge) == ("fill", "1")
    return Box(int(left), int(top), int(width), int(height)), (int(to[0]), int(to[1]))


def read_thumbor(text: str, size: Size) -> tuple[Box, Size | None]:  # noqa: ARG001
    parts = [part for part in text.split("/") if part]
    corners = re.fullmatch(r"(\d+)x(\d+):(\d+)x(\d+)", parts[0])
    assert corners
    left, top, right, bottom = map(int, corners.groups())
    to = re.fullmatch(r"(\d+)x(\d+)", parts[1]) if len(parts) > 1 else None
    return Box(left, top, right - left, bottom - top), (int(to[1]), int(to[2])) if to else None


def read_imgix(text: str, size: Size) -> tuple[Box, Size | None]:  # noqa: ARG001
    assert text.startswith("?")
    query = {name: value for name, (value,) in parse_qs(text[1:], strict_parsing=True).items()}
    box = Box(*(int(value) for value in query.pop("rect").split(",")))
    if not query:
        return box, None
    assert query.pop("fit") == "crop"
    return box, (int(query.pop("w")), int(query.pop("h")))


def read_cloudinary(text: str, size: Size) -> tuple[Box, Size | None]:  # noqa: ARG001
    steps = [dict(value.split("_", 1) for value in step.split(",")) for step in text.split("/")]
    assert (steps[0]["c"], steps[0]["g"]) == ("crop", "north_west")
    box = Box(*(int(steps[0][name]) for name in "xywh"))
    if len(steps) == 1:
        return box, None
    assert steps[1]["c"] == "scale"
    return box, (int(steps[1]["w"]), int(steps[1]["h"]))


def read_cloudflare(text: str, size: Size) -> tuple[Box, Size | None]:  # noqa: ARG001
    assert text.startswith("/cdn-cgi/image/")
    assert text.endswith("/")  # before the path of the photo
    options = dict(option.split("=") for option in text.removeprefix("/cdn-cgi/image/")[:-1].split(","))
    box = Box(*(int(options.pop(f"trim.{name}")) for name in ("left", "top", "width", "height")))
    if not options:
        return box, None
    assert options.pop("fit") == "cover"
    to = int(options.pop("width")), int(options.pop("height"))
    assert not options
    return box, to


def read_imagekit(text: str, size: Size) -> tuple[Box, Size | None]:  # noqa: ARG001
    """Each step after a colon takes what the one before it gives."""
    assert text.startswith("tr:")
    assert text.endswith("/")
    cut, *resize = (step.split(",") for step in text[3:-1].split(":"))
    assert cut.pop(2) == "cm-extract"
    numbers = {part.split("-")[0]: int(part.split("-")[1]) for part in cut}
    box = Box(*(numbers[name] for name in "xywh"))
    if not resize:
        return box, None
    ((width, height, how),) = resize
    assert how == "c-force"
    return box, (int(width.removeprefix("w-")), int(height.removeprefix("h-")))


def read_bunny(text: str, size: Size) -> tuple[Box, Size | None]:  # noqa: ARG001
    query = {name: value for name, (value,) in parse_qs(text.removeprefix("?"), strict_parsing=True).items()}
    width, height, left, top = map(int, query.pop("crop").split(","))
    if not query:
        return Box(left, top, width, height), None
    assert query.pop("upscaling") == "resampling"
    to = int(query.pop("width")), int(query.pop("height"))
    assert not query
    return Box(left, top, width, height), to


READERS: dict[str, Callable[[str, Size], tuple[Box, Size | None]]] = {
    "imgproxy": read_imgproxy,
    "thumbor": read_thumbor,
    "imgix": read_imgix,
    "Cloudinary": read_cloudinary,
    "Cloudflare": read_cloudflare,
    "ImageKit": read_imagekit,
    "Bunny": read_bunny,
}


def test_every_service_is_read_back() -> None:
    assert READERS.keys() == LINKS.keys()


@pytest.mark.parametrize("service", LINKS)
@given(crops(), pixels)
def test_a_service_is_told_exactly_the_box(service: str, case: tuple[Crop, Size], to: Size | None) -> None:
    crop, size = case
    assert READERS[service](LINKS[service](crop, size, to), size) == (crop.box, to)


def test_links_look_as_the_vendors_write_them() -> None:
    crop = Crop(Aspect(16, 9), Box(0, 335, 852, 479), focal_point=(426.0, 600.0))
    assert {name: link(crop, (852, 1280), (1200, 675)) for name, link in LINKS.items()} == {
        "imgproxy": "c:852:479:nowe:0:335/rs:fill:1200:675:1",
        "thumbor": "/0x335:852x814/1200x675/",
        "imgix": "?rect=0,335,852,479&w=1200&h=675&fit=crop",
        "Cloudinary": "c_crop,g_north_west,h_479,w_852,x_0,y_335/c_scale,h_675,w_1200",
        "Cloudflare": "/cdn-cgi/image/trim.left=0,trim.top=335,trim.width=852,trim.height=479,"
        "fit=cover,width=1200,height=675/",
        "ImageKit": "tr:w-852,h-479,cm-extract,x-0,y-335:w-1200,h-675,c-force/",
        "Bunny": "?crop=852,479,0,335&width=1200&height=675&upscaling=resampling",
    }
    assert {name: link(crop, (852, 1280), (1200, 675)) for name, link in FOCAL_LINKS.items()} == {
        "imgproxy": "rs:fill:1200:675:1/g:fp:0.5000:0.4688",
        "thumbor": "/1200x675/filters:focal(426x600:427x601)/",
        "imgix": "?w=1200&h=675&fit=crop&crop=focalpoint&fp-x=0.5000&fp-y=0.4688",
        "Cloudflare": "/cdn-cgi/image/fit=cover,gravity=0.5000x0.4688,width=1200,height=675/",
        "Bunny": "?focus_crop=852,479,0.5000,0.4688&width=1200&height=675&upscaling=resampling",
    }


@pytest.mark.parametrize("service", FOCAL_LINKS)
@given(crops(), pixels)
def test_a_service_is_told_the_focal_point(service: str, case: tuple[Crop, Size], to: Size | None) -> None:
    crop, size = case
    text = FOCAL_LINKS[service](crop, size, to)
    found = {
        "imgproxy": r"rs:fill:(?P<w>\d+):(?P<h>\d+):1/g:fp:(?P<x>[\d.]+):(?P<y>[\d.]+)",
        "thumbor": r"/(?P<w>\d+)x(?P<h>\d+)/filters:focal\((?P<x>\d+)x(?P<y>\d+):\d+x\d+\)/",
        "imgix": r"\?w=(?P<w>\d+)&h=(?P<h>\d+)&fit=crop&crop=focalpoint&fp-x=(?P<x>[\d.]+)&fp-y=(?P<y>[\d.]+)",
        "Cloudflare": r"/cdn-cgi/image/fit=cover,gravity=(?P<x>[\d.]+)x(?P<y>[\d.]+),"
        r"width=(?P<w>\d+),height=(?P<h>\d+)/",
        "Bunny": r"\?focus_crop=(?P<cut>\d+,\d+),(?P<x>0\.\d+),(?P<y>0\.\d+)"
        r"(&width=(?P<w>\d+)&height=(?P<h>\d+)&upscaling=resampling)?",
    }[service]
    read = re.fullmatch(found, text)
    assert read
    own = (crop.box.width, crop.box.height)
    if service == "Bunny":  # cuts this much of the photo before it resizes
        assert tuple(map(int, read["cut"].split(","))) == own
        assert (read["w"] is None) == (to is None)
    assert (int(read["w"] or own[0]), int(read["h"] or own[1])) == (to or own)
    for value, point, side in zip((read["x"], read["y"]), crop.focal_point, size, strict=True):
        place = float(value) if service == "thumbor" else float(value) * side
        assert place == pytest.approx(point, abs=max(1, side * (1.01e-4 if service == "Bunny" else 5.1e-5)))
        assert 0 <= place <= side


@given(crops())
def test_the_focal_point_is_json(case: tuple[Crop, Size]) -> None:
    crop, size = case
    read = json.loads(json.dumps(focal_json(crop, size)))
    assert read.keys() == {"x", "y", "px", "size"}
    assert read["size"] == list(size)
    for share, pixel, point, side in zip((read["x"], read["y"]), read["px"], crop.focal_point, size, strict=True):
        assert share * side == pytest.approx(point, abs=side * 5.1e-5)
        assert pixel in range(side)
        assert pixel <= point <= pixel + 1


def shown_by_css(position: str, size: Size, shape: Size) -> tuple[float, float, float, float]:
    """Left, top, width, height, in pixels of the image, of what `object-fit: cover` shows in an element of this shape.

    CSS Images 3, 5.5, and CSS Backgrounds 3, 3.6: the picture is scaled to cover the element; a percentage P lies P of
    the way across the picture and across the element at once.
    """
    scale = max(shape[0] / size[0], shape[1] / size[1])
    left, top = (
        -(element - side * scale) * float(text.removesuffix("%")) / 100 / scale
        for text, element, side in zip(position.split(), shape, size, strict=True)
    )
    return left, top, shape[0] / scale, shape[1] / scale


@given(seeds, st.tuples(st.integers(20, 6000), st.integers(20, 6000)), st.floats(0.2, 5).map(lambda r: Aspect(r, 1)))
def test_css_shows_the_widest_window(seed: int, size: Size, aspect: Aspect) -> None:
    (crop,) = crop_to_gaze(random_map(np.random.default_rng(seed), (7, 9)), size, [aspect])
    shown = shown_by_css(object_position(crop, size), size, (crop.box.width, crop.box.height))
    assert shown == pytest.approx(crop.box.as_list(), abs=1)


@given(seeds, st.floats(0.05, 0.9))
def test_css_shows_a_tighter_window_in_the_middle_of_the_widest(seed: int, keep: float) -> None:
    (crop,) = frame(random_map(np.random.default_rng(seed), (7, 9)), (900, 700), [Aspect(4, 5)], Framing(keep=keep))
    left, top, width, height = shown_by_css(object_position(crop, (900, 700)), (900, 700), (4, 5))
    assert left <= crop.box.left + 1
    assert top <= crop.box.top + 1
    assert left + width >= crop.box.right - 1
    assert top + height >= crop.box.bottom - 1
    x, y = crop.box.center
    assert left + width / 2 == pytest.approx(np.clip(x, width / 2, 900 - width / 2), abs=1.5)
    assert top + height / 2 == pytest.approx(np.clip(y, height / 2, 700 - height / 2), abs=1.5)


def test_css_is_centred_where_there_is_nowhere_to_go() -> None:
    assert object_position(Crop(Aspect(4, 3), Box(0, 0, 800, 600)), (800, 600)) == "50% 50%"
    assert object_position(Crop(Aspect(1, 1), Box(75, 0, 600, 600)), (800, 600)) == "37.5% 50%"
