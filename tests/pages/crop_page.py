"""The crop page without a browser, and what the core says of the same photos."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from hashlib import sha256
from typing import Any

import numpy as np
from PIL import Image
from streamlit.testing.v1 import AppTest

from pages.crop.shot import Point, Shot
from pages.shared.photo_cache import Analysis, Sight
from pages.shared.photos import upload_photo
from saliency import Aspect, Box, Crop, Framing, RgbImage, SaliencyMap, frame, load_method, load_model, open_image
from saliency.crop import expected_gaze, judge
from saliency.framing import WIDEST
from saliency.types import Thing
from tests.first import ASPECTS
from tests.pages.app import SAMPLES
from tests.scenes import gradient

ASTRONAUT, CAT, COFFEE = "astronaut_eileen_collins.jpg", "chelsea_cat.jpg", "coffee.jpg"  # of the samples
FORMATS = ASPECTS
METHODS = ("gaze", "face", "center")
LABELS = {"gaze": "Saliency keeps", "face": "Face keeps", "center": "Centre keeps", "you": "Yours keeps"}

Upload = tuple[str, bytes, str]


def shot_of(
    saliency_map: SaliencyMap,
    size: tuple[int, int],
    framing: Framing = Framing(),  # noqa: B008  frozen, so it can be shared
    choice: Point | None = None,
    *,
    name: str = "photo.png",
    things: Sequence[Thing] = (),
    model: str = "gaze",
) -> Shot:
    """A photo of (width, height) that is looked at as the map says, which is the model's."""
    photo = upload_photo(name, name, as_png(gradient(size)))
    photo = replace(photo, digest=sha256(saliency_map.tobytes() + photo.data).hexdigest())  # as of no other photo
    return Shot(
        photo,
        name.split(".")[0],
        Analysis(Sight(size, saliency_map, model, b"", 0.1, tuple(things)), {}, {}, 0.1),
        framing,
        choice,
    )


def sample(file: str, name: str | None = None) -> Upload:
    return name or file, (SAMPLES / file).read_bytes(), "image/jpeg"


def as_png(image: RgbImage) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, "PNG")
    return buffer.getvalue()


def barred(above: int = 120, below: int = 120) -> Upload:
    """The cup, 600 x 400, between black bars of so many pixels."""
    cup = open_image((SAMPLES / COFFEE).read_bytes())
    return f"cup {above} {below}.png", as_png(np.pad(cup, ((above, below), (0, 0), (0, 0)))), "image/png"


def upload(page: AppTest, *files: Upload) -> AppTest:
    """The page once these files are the ones in the uploader."""
    return page.file_uploader[0].set_value(list(files)).run()


def show(page: AppTest, view: str) -> AppTest:
    return page.button_group(key="crop-view").set_value(view).run()


def steer(page: AppTest, across: float, down: float) -> AppTest:
    """Look at this point, in percent of the photo, by the fields behind "Focal point"."""
    left, top = page.number_input
    left.set_value(across)
    top.set_value(down)
    return next(button for button in page.button if button.label == "Look here").click().run()


def pictures_of(data: bytes) -> dict[str, Image.Image]:
    """The pictures in a zip by name; every one must open."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        names = [name for name in archive.namelist() if not name.endswith(".json")]
        pictures: dict[str, Image.Image] = {name: Image.open(io.BytesIO(archive.read(name))) for name in names}
    for picture in pictures.values():
        picture.load()
    return pictures


def sizes_of(data: bytes) -> dict[str, tuple[int, int]]:
    """(width, height) of the pictures in a zip, by name."""
    return {name: picture.size for name, picture in pictures_of(data).items()}


def shown_metrics(page: AppTest) -> list[tuple[str, str]]:
    return [(metric.label, metric.value) for metric in page.metric]


def captions(page: AppTest) -> str:
    return "\n".join(caption.value for caption in page.caption)


def paragraphs(page: AppTest) -> list[str]:
    """The Markdown on the page, as a reader sees it: without the backslashes before special characters."""
    return [markdown.value.replace("\\", "") for markdown in page.markdown]


def title(page: AppTest) -> str:
    return page.header[0].value.replace("\\", "")


def on_photo(page: AppTest) -> dict[str, Any]:
    """What is drawn on the photo, as it is sent to the browser."""
    (editor,) = (part for part in page.get("bidi_component") if (part.key or "").startswith("crop-editor-"))
    return json.loads(editor.proto.json)


def boxes_on_photo(page: AppTest) -> dict[str, list[int]]:
    """By label: [left, top, width, height], in pixels of the photo."""
    return {box["label"]: sides(box) for box in on_photo(page)["boxes"]}


def sides(box: dict[str, int]) -> list[int]:
    return [box["left"], box["top"], box["width"], box["height"]]


def results_on_photo(page: AppTest) -> list[list[int]]:
    """The box of the result in each format, one after the other, as the visitor would click through them."""
    formats = page.button_group(key="crop-shown").options
    return [sides(on_photo(page.button_group(key="crop-shown").set_value(text).run())["movable"]) for text in formats]


@cache
def gaze_map(data: bytes) -> tuple[SaliencyMap, tuple[int, int]]:
    """The map and (width, height) of a file, straight from the core."""
    image = open_image(data)
    return load_model().predict(image), (image.shape[1], image.shape[0])


@cache
def things_in(data: bytes) -> tuple[Thing, ...]:
    """What `gaze` saw in a file that a border should not cut."""
    return load_method("gaze").look(open_image(data)).things


def map_of(file: str) -> tuple[SaliencyMap, tuple[int, int]]:
    """The map and (width, height) of a sample."""
    return gaze_map((SAMPLES / file).read_bytes())


def framed(data: bytes, formats: Sequence[str] = FORMATS, framing: Framing = WIDEST) -> list[Crop]:
    """The core's crops by saliency or by a focal point, things whole as asked, or where it costs little."""
    saliency_map, size = gaze_map(data)
    framing = framing if framing.whole else replace(framing, whole=things_in(data))
    return frame(saliency_map, size, [Aspect.parse(text) for text in formats], framing)


def core_crops(
    data: bytes, formats: Sequence[str] = FORMATS, methods: Sequence[str] = METHODS
) -> dict[str, list[Crop]]:
    """The widest crops by method, straight from the core, judged by the model's map."""
    saliency_map, size = gaze_map(data)
    gaze, image = expected_gaze(saliency_map), open_image(data)
    aspects = [Aspect.parse(text) for text in formats]
    return {
        name: [judge(gaze, size, c.aspect, c.box) for c in load_method(name).crop(image, aspects)] for name in methods
    }


def percent(share: float) -> str:
    return f"{share * 100:.0f}\u00a0%"


def expected_metrics(data: bytes, formats: Sequence[str] = FORMATS) -> list[tuple[str, str]]:
    crops = core_crops(data, formats)
    return [(LABELS[name], percent(crops[name][rank].kept)) for rank in range(len(formats)) for name in METHODS]


def inside(inner: Box, outer: Sequence[int]) -> bool:
    """Whether a box lies in another, given as [left, top, width, height]."""
    left, top, width, height = outer
    return left <= inner.left and top <= inner.top and inner.right <= left + width and inner.bottom <= top + height


def noise(size: tuple[int, int]) -> RgbImage:
    """A picture of (width, height) of which no two windows are alike."""
    return np.random.default_rng(0).integers(0, 256, (size[1], size[0], 3), dtype=np.uint8)


def strip(page: AppTest) -> list[tuple[str, bool]]:
    """The words below each photo of the strip, and whether it can be opened."""
    cells = [button for button in page.button if (button.key or "").startswith("crop-open-")]
    return [(cell.label.split(") ")[-1].replace("\\", ""), not cell.disabled) for cell in cells]


def open_photo(page: AppTest, name: str) -> AppTest:
    """The page after a click on this photo in the strip."""
    return next(button for button in page.button if button.help.replace("\\", "") == name).click().run()
