"""The feed preview: its HTML, read back with the standard library's parser, and the view in an app of its own."""

from __future__ import annotations

import base64
import io
from html.parser import HTMLParser
from pathlib import Path
from statistics import fmean

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from streamlit.testing.v1 import AppTest

from pages.crop.feed_html import DEVICES, GLYPHS, POSTS, THEMES, Post, Tile, cut_tile, feed_html
from pages.shared.palette import Look, method_look
from saliency import load_method, load_model, open_image
from saliency.crop import center_window, expected_gaze, judge
from saliency.formats import FORMATS
from saliency.framing import Framing, frame
from saliency.types import Aspect, Box, Crop

HOSTILE = "\"><img src=x onerror=alert(1)> & '</style><script>alert(2)</script>"
VOID = {"img", "path"}
Attributes = dict[str, str | None]


class Reader(HTMLParser):
    """Which elements there are, what they say, and whether each is closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, Attributes]] = []
        self.text = ""
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text += data.strip("\n ")

    def all(self, tag: str) -> list[Attributes]:
        return [attributes for name, attributes in self.elements if name == tag]

    def with_class(self, name: str) -> int:
        return sum(name in (attributes.get("class") or "").split() for _, attributes in self.elements)


def crop(width: int, height: int, aspect: Aspect) -> Crop:
    return Crop(aspect, center_window((width, height), aspect), kept=0.5)


def picture(width: int, height: int) -> np.ndarray:
    return np.full((height, width, 3), 120, np.uint8)


def post(photos: int, method: str = "gaze", title: str = "A cat") -> Post:
    tiles = tuple(
        cut_tile(picture(300, 200), crop(3000, 2000, FORMATS[name].aspect), (3000, 2000), photos, f"{title} {number}")
        for number, name in enumerate(POSTS[photos])
    )
    return Post(method_look(method), "keeps 93\u00a0%", tiles)


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("photos", POSTS)
@pytest.mark.parametrize("theme", THEMES)
def test_three_screens_with_their_photos(device: str, photos: int, theme: str) -> None:
    page = Reader(feed_html([post(photos, method) for method in ("gaze", "face", "center")], device, theme))
    assert page.open == []
    assert [image["alt"] for image in page.all("img")] == 3 * [f"A cat {number}" for number in range(photos)]
    assert page.with_class("screen") == page.with_class(theme) == page.with_class(f"n{photos}") == 3
    assert [page.with_class(other) for other in THEMES if other != theme] == [0]
    assert page.with_class(device.lower()) == 4, "each screen, and the row they are in"
    assert page.text == "".join(f"{name}keeps 93\u00a0%" for name in ("Saliency", "Face", "Centre"))


def test_a_method_has_its_colour_and_line() -> None:
    page = Reader(feed_html([post(1, "face")], "iOS", "light"))
    mark = next(attributes for tag, attributes in page.elements if attributes.get("class") == "swatch")
    assert mark["style"] == "border-color: #d55e00; border-top-style: dashed"


def test_text_from_outside_stays_text() -> None:
    bad = Post(Look(HOSTILE, "#000000"), HOSTILE, (Tile(b"", Aspect(1, 1), HOSTILE),))
    page = Reader(feed_html([bad], "Desktop", "dark"))
    assert page.open == []
    assert [image["alt"] for image in page.all("img")] == [HOSTILE]
    assert page.all("script") == []
    assert page.text == 2 * HOSTILE


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("device", DEVICES)
def test_every_rule_of_style_is_scoped(device: str, theme: str) -> None:
    css = feed_html([post(1)], device, theme).split("<style>")[1].split("</style>")[0]
    rules = [line for line in css.splitlines() if line.rstrip().endswith("{") or " { " in line]
    assert len(rules) > len(GLYPHS)
    assert "<" not in css, "Streamlit would drop the style"
    assert all(line.strip().startswith((".gc-feed", "@container")) for line in rules)


def test_what_is_unknown_is_named_with_what_there_is() -> None:
    with pytest.raises(ValueError, match="unknown device 'iPod'; available: Desktop, iOS, Android"):
        feed_html([], "iPod", "light")
    with pytest.raises(ValueError, match="unknown theme 'sepia'; available: light, dark"):
        feed_html([], "iOS", "sepia")


@pytest.mark.parametrize("photos", POSTS)
@settings(deadline=None, max_examples=30)
@given(width=st.integers(1, 2000), height=st.integers(1, 2000))
def test_each_picture_has_the_shape_of_its_format(photos: int, width: int, height: int) -> None:
    for name in POSTS[photos]:
        aspect = FORMATS[name].aspect
        tile = cut_tile(
            picture(max(1, width // 4), max(1, height // 4)), crop(width, height, aspect), (width, height), photos, ""
        )
        image = Image.open(io.BytesIO(tile.picture))
        assert image.format == "JPEG"
        assert abs(image.width / aspect.ratio - image.height) <= 0.5
        assert tile.aspect == aspect


def test_the_picture_is_what_is_inside_the_box() -> None:
    preview = picture(400, 300)
    preview[30:120, 200:360] = (200, 30, 40)
    tile = cut_tile(preview, Crop(Aspect(16, 9), Box(500, 75, 400, 225)), (1000, 750), 1, "")
    (shown,) = Reader(feed_html([Post(method_look("gaze"), "", (tile,))], "iOS", "light")).all("img")
    assert shown["style"] == "aspect-ratio: 16 / 9"
    data = (shown["src"] or "").removeprefix("data:image/jpeg;base64,")
    pixels = np.asarray(Image.open(io.BytesIO(base64.b64decode(data)))).astype(int)
    assert np.abs(pixels[12:-12, 12:-12] - (200, 30, 40)).max() < 16


def test_a_post_is_light_even_with_photos_that_hardly_compress() -> None:
    grey = np.random.default_rng(0).integers(0, 256, (667, 1000, 1), dtype=np.uint8)
    noise = grey.repeat(3, axis=2)
    for photos, names in POSTS.items():
        tiles = tuple(cut_tile(noise, crop(1000, 667, FORMATS[n].aspect), (1000, 667), photos, "") for n in names)
        assert len(feed_html([Post(method_look("gaze"), "", tiles)] * 3, "iOS", "dark")) < 1_000_000


SAMPLES = Path(__file__).parents[2] / "samples"
OWN = ("friends.jpg", "wine.jpg")  # the photos of the visitor who sees the view below


def feed_of(files: tuple[str, ...], choice: tuple[float, float] | None) -> None:
    """An app that shows the feed view of these samples as if they were uploads with awkward names."""
    import streamlit as st

    from pages.crop.feed import show_feed
    from pages.crop.settings import Settings
    from pages.crop.shot import Shot
    from pages.shared.photo_cache import analyse
    from pages.shared.photos import SAMPLES, upload_photo
    from saliency.formats import FORMATS

    settings = Settings((FORMATS["single"],), ("gaze",), "auto", None, 0.0, "usual")
    photos = [upload_photo(file, f"<b>*{file}*</b>", (SAMPLES / file).read_bytes()) for file in files]
    seen = [analyse(photo, settings.methods, ()) for photo in photos]
    shots = [Shot(photo, "", of, settings.framing(of.sight)) for photo, of in zip(photos, seen, strict=True)]
    shots[0] = Shot(shots[0].photo, "", shots[0].analysis, shots[0].framing, choice)
    st.title("Feed")
    show_feed(shots[0], shots[1:], settings)


def run(choice: tuple[float, float] | None = None) -> AppTest:
    at = AppTest.from_function(feed_of, args=(OWN, choice), default_timeout=120).run()
    assert not at.exception
    return at


def drawn(at: AppTest) -> Reader:
    return Reader("".join(element.proto.body for element in at.get("html")))


def core_kept(file: str, aspect: Aspect) -> dict[str, float]:
    """What each method keeps, straight from the core."""
    image = open_image(SAMPLES / file)
    size = image.shape[1], image.shape[0]
    gaze = expected_gaze(load_model().predict(image))
    ways = ("gaze", "face", "center")
    return {way: judge(gaze, size, aspect, load_method(way).crop(image, [aspect])[0].box).kept for way in ways}


def test_the_view_says_what_the_core_says() -> None:
    at = run()
    kept = core_kept("friends.jpg", Aspect(16, 9))
    page = drawn(at)
    shares = [f"keeps {kept[way] * 100:.0f}\u00a0%" for way in ("gaze", "face", "center")]
    assert page.text == "".join(a + b for a, b in zip(("Saliency", "Face", "Centre"), shares, strict=True))
    assert page.all("img")[0]["alt"] == "<b>*friends.jpg*</b> cropped to 16:9 by Saliency"
    assert page.with_class("desktop") == 4

    at.segmented_control(key="crop-feed-photos").set_value(2).run()
    both = [core_kept(file, Aspect(7, 8)) for file in OWN]
    page = drawn(at)
    assert f"Facekeeps {fmean(one['face'] for one in both) * 100:.0f}\u00a0% on average" in page.text
    assert len(page.all("img")) == 6


def test_a_small_batch_is_filled_up_with_samples_it_has_not() -> None:
    at = run()
    assert "samples" not in at.caption[-1].value
    at.segmented_control(key="crop-feed-photos").set_value(4).run()
    alts = [str(image["alt"]) for image in drawn(at).all("img")][:4]
    assert [alt.split(" cropped to ")[0] for alt in alts] == [
        *(f"<b>*{file}*</b>" for file in OWN),
        "German shepherd in a field",
        "Commodore Grace Hopper",
    ]
    assert at.caption[-1].value.endswith(
        "with samples: German shepherd in a field, Commodore Grace Hopper.".replace(":", "\\:")
    )


def test_a_choice_is_shown_beside_the_others() -> None:
    at = run(choice=(0.5, 0.9))
    page = drawn(at)
    image = open_image(SAMPLES / "friends.jpg")
    (mine,) = frame(
        load_model().predict(image), (image.shape[1], image.shape[0]), [Aspect(16, 9)], Framing(focal=(0.5, 0.9))
    )
    kept = {"you": mine.kept, **core_kept("friends.jpg", Aspect(16, 9))}
    labels = {"you": "Yours", "gaze": "Saliency", "face": "Face", "center": "Centre"}
    assert page.text == "".join(f"{labels[way]}keeps {share * 100:.0f}\u00a0%" for way, share in kept.items())
    assert [image["alt"] for image in page.all("img")] == [
        f"<b>*friends.jpg*</b> cropped to 16:9 by {who}" for who in ("you", "Saliency", "Face", "Centre")
    ]
    at.segmented_control(key="crop-feed-photos").set_value(2).run()
    page = drawn(at)
    assert page.with_class("screen") == 4
    assert [str(image["alt"]).split(" by ")[1] for image in page.all("img")[:4]] == [
        "you",
        "Saliency",  # nobody chose a point for the second photo
        "Saliency",
        "Saliency",
    ]


def test_device_and_theme_are_chosen() -> None:
    at = run()
    page_theme = "light"
    assert drawn(at).with_class(page_theme) == 3
    at.segmented_control(key="crop-feed-device").set_value("Android").run()
    at.segmented_control(key=f"crop-feed-theme-{page_theme}").set_value("dark").run()
    page = drawn(at)
    assert page.with_class("android") == 4
    assert page.with_class("dark") == 3
