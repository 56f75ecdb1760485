"""The crop page, run without a browser: what is taken home, and the address that brings the settings back."""

from __future__ import annotations

import json
import zipfile
from io import BytesIO
from urllib.parse import parse_qsl

import numpy as np
import pytest
from PIL import Image
from PIL.JpegImagePlugin import JpegImageFile
from streamlit.testing.v1 import AppTest

from pages.crop.settings import FIRST_FORMATS
from pages.shared.photos import read_samples
from pages.shared.widgets import FIRST_SAMPLE
from saliency import Framing
from saliency.links import FOCAL_LINKS, LINKS
from tests import first
from tests.pages.app import SAMPLES, catch_downloads, open_page
from tests.pages.crop_page import (
    as_png,
    boxes_on_photo,
    captions,
    framed,
    gaze_map,
    noise,
    on_photo,
    paragraphs,
    pictures_of,
    results_on_photo,
    sample,
    show,
    sides,
    sizes_of,
    steer,
    upload,
)

CAT, COFFEE = "chelsea_cat.jpg", "coffee.jpg"
USUAL = {target.file_part: target.pixels for target in first.CHOSEN}


def code(page: AppTest, language: str = "plaintext") -> list[str]:
    return [block.value for block in page.code if block.language == language]


@pytest.mark.parametrize(
    ("kind", "pillow", "suffix"), [("JPEG", "JPEG", "jpg"), ("PNG", "PNG", "png"), ("WebP", "WEBP", "webp")]
)
def test_pictures_are_of_the_kind_and_size_that_was_chosen(
    kind: str, pillow: str, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    downloads = catch_downloads(monkeypatch)
    page = show(open_page(), "Take home")
    page.button_group(key="crop-take-kind").set_value(kind).run()
    page.toggle(key="crop-take-resize").set_value(True).run()
    pictures = pictures_of(downloads["gazecrop.zip"]())
    assert {name: picture.size for name, picture in pictures.items()} == {
        f"{first.STEM}_gaze_{part}.{suffix}": size for part, size in USUAL.items()
    }
    assert {picture.format for picture in pictures.values()} == {pillow}
    assert page.slider(key="crop-take-quality").disabled == (kind == "PNG")


def quantization(picture: Image.Image) -> dict[int, list[int]]:
    assert isinstance(picture, JpegImageFile)
    return picture.quantization


def test_quality_changes_how_a_jpeg_is_quantised(monkeypatch: pytest.MonkeyPatch) -> None:
    downloads = catch_downloads(monkeypatch)
    page = show(open_page(), "Take home")
    assert page.slider(key="crop-take-quality").disabled
    page.button_group(key="crop-take-kind").set_value("JPEG").run()
    tables = {}
    for quality in (50, 92):
        page.slider(key="crop-take-quality").set_value(quality).run()
        picture = pictures_of(downloads["gazecrop.zip"]())[f"{first.STEM}_gaze_{first.SHAPES[0]}.jpg"]
        buffer = BytesIO()
        Image.new("RGB", (8, 8)).save(buffer, "JPEG", quality=quality)
        with Image.open(buffer) as alike:
            tables[quality] = quantization(picture), quantization(alike)
    for mine, pillow_s in tables.values():
        assert mine == pillow_s
    assert tables[50][0] != tables[92][0]


def test_as_the_original_is_as_fine_as_it(monkeypatch: pytest.MonkeyPatch) -> None:
    downloads = catch_downloads(monkeypatch)
    buffer = BytesIO()
    Image.fromarray(noise((120, 200))).save(buffer, "JPEG", quality=37)
    upload(open_page(), ("noise.jpg", buffer.getvalue(), "image/jpeg"))
    picture = pictures_of(downloads["gazecrop.zip"]())[f"noise_gaze_{first.SHAPES[0]}.jpg"]
    with Image.open(buffer) as original:
        assert quantization(picture) == quantization(original)


def test_an_original_that_lost_nothing_is_written_without_loss(monkeypatch: pytest.MonkeyPatch) -> None:
    downloads, image = catch_downloads(monkeypatch), noise((120, 200))
    page = upload(open_page(), ("noise.png", as_png(image), "image/png"), sample(CAT))
    pictures = pictures_of(downloads["gazecrop.zip"]())
    assert {name.split(".")[-1]: picture.format for name, picture in pictures.items()} == {"png": "PNG", "jpg": "JPEG"}
    left, top, width, height = boxes_on_photo(page)["Saliency"]
    np.testing.assert_array_equal(
        np.asarray(pictures[f"noise_gaze_{first.SHAPES[0]}.png"]), image[top : top + height, left : left + width]
    )


def test_all_ways_to_crop_or_only_the_result(monkeypatch: pytest.MonkeyPatch) -> None:
    downloads = catch_downloads(monkeypatch)
    page = show(steer(upload(open_page(), sample(CAT), sample(COFFEE)), 10, 50), "Take home")
    names = set(sizes_of(downloads["gazecrop.zip"]()))
    assert names == {f"{stem}_{shape}.jpg" for stem in ("chelsea_cat_you", "coffee_gaze") for shape in first.SHAPES}
    page.toggle(key="crop-take-all").set_value(True).run()
    names = set(sizes_of(downloads["gazecrop.zip"]()))
    assert len(names) == 3 * (4 + 3)
    assert {f"chelsea_cat_{method}_{first.SHAPES[0]}.jpg" for method in ("you", "gaze", "face", "center")} < names
    assert page.download_button(key="crop-zip-home").label == "Download 21 crops"
    show(page, "Crops")
    assert page.download_button(key="crop-zip").label == "Download 21 crops"  # what was chosen holds on every view


def test_the_pictures_of_a_choice_show_what_is_around_it(monkeypatch: pytest.MonkeyPatch) -> None:
    downloads, image = catch_downloads(monkeypatch), noise((300, 120))
    page = steer(upload(open_page(formats="square"), ("noise.png", as_png(image), "image/png")), 90, 50)
    left, top, width, height = sides(on_photo(page)["movable"])
    assert (left, top, width, height) == (180, 0, 120, 120)
    picture = pictures_of(downloads["gazecrop.zip"]())["noise_you_1x1.png"]
    np.testing.assert_array_equal(np.asarray(picture), image[:, 180:])


def test_focal_points_as_json_are_those_on_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    downloads = catch_downloads(monkeypatch)
    page = open_page(zoom="tight", keep="85")
    upload(page, sample(CAT), sample(COFFEE))
    steer(page, 30, 40)
    boxes = results_on_photo(page)
    show(page, "Take home")
    records = json.loads(downloads["focal_points.json"]())
    with zipfile.ZipFile(BytesIO(downloads["gazecrop.zip"]())) as archive:
        assert json.loads(archive.read("focal_points.json")) == records
    mine, automatic = records
    assert (mine["image"], mine["width"], mine["height"], mine["chosen_by"]) == (CAT, 451, 300, "person")
    assert mine["focal_point"] == {"x": 0.3, "y": 0.4}
    assert [crop["box"] for crop in mine["crops"]] == boxes
    assert [crop["format"] for crop in mine["crops"]] == first.LABELS
    assert (automatic["image"], automatic["chosen_by"]) == (COFFEE, "gaze")
    expected = framed((SAMPLES / COFFEE).read_bytes(), framing=Framing(keep=0.85))
    assert [crop["box"] for crop in automatic["crops"]] == [crop.box.as_list() for crop in expected]
    assert [crop["kept"] for crop in automatic["crops"]] == pytest.approx([crop.kept for crop in expected], abs=5e-5)
    saliency_map, _ = gaze_map((SAMPLES / COFFEE).read_bytes())
    middles = [(np.arange(cells) + 0.5) / cells for cells in saliency_map.shape]
    assert automatic["focal_point"]["x"] == pytest.approx(
        np.average(middles[1], weights=saliency_map.sum(axis=0)), abs=1e-4
    )
    assert automatic["focal_point"]["y"] == pytest.approx(
        np.average(middles[0], weights=saliency_map.sum(axis=1)), abs=1e-4
    )


def test_words_for_other_software_hold_the_box_on_screen() -> None:
    page = open_page()
    boxes = results_on_photo(page)
    show(page, "Take home")
    for text, (left, top, width, height) in zip(page.button_group(key="crop-take-format").options, boxes, strict=True):
        page.button_group(key="crop-take-format").set_value(text).run()
        written = "\n".join(code(page))
        assert f"c:{width}:{height}:nowe:{left}:{top}" in written
        assert f"/{left}x{top}:{left + width}x{top + height}/" in written
        assert f"?rect={left},{top},{width},{height}" in written
        assert f"c_crop,g_north_west,h_{height},w_{width},x_{left},y_{top}" in written
        assert f"tr:w-{width},h-{height},cm-extract,x-{left},y-{top}/" in written
        cut = json.loads(code(page, "json")[0])["crop"]
        assert [cut["left"], cut["top"]] == pytest.approx([left / first.SIZE[0], top / first.SIZE[1]], abs=1e-6)
    assert [tab.label for tab in page.tabs] == ["Python", "CSS", *LINKS, "CMS"]
    assert len(code(page)) == len(LINKS) + len(FOCAL_LINKS) + 1  # and this page's own address


def test_resized_and_own_sizes_are_in_the_words_for_other_software() -> None:
    page = show(open_page(formats="square", custom="640x480"), "Take home")
    assert "/rs:fill" not in code(page)[0]
    page.toggle(key="crop-take-resize").set_value(True).run()
    assert code(page)[0].endswith("/rs:fill:1080:1080:1")
    page.button_group(key="crop-take-format").set_value("640 × 480").run()
    assert code(page)[0].endswith("/rs:fill:640:480:1")
    page.toggle(key="crop-take-resize").set_value(False).run()
    assert code(page)[0].endswith("/rs:fill:640:480:1")  # the size that was written is meant


@pytest.mark.parametrize("point", [None, (0.0, 1.0), (0.5, 0.31)])
def test_css_shows_the_crop(point: tuple[float, float] | None) -> None:
    """By the rule of CSS: the picture fills the element, and lies at this share of the room that is left."""
    page = open_page()
    if point:
        steer(page, 100 * point[0], 100 * point[1])
    boxes = results_on_photo(page)
    show(page, "Take home")
    width, height = first.SIZE
    for text, box in zip(page.button_group(key="crop-take-format").options, boxes, strict=True):
        page.button_group(key="crop-take-format").set_value(text).run()
        rules = dict(line.rstrip(";").split(": ") for line in code(page, "css")[0].splitlines())
        assert rules["object-fit"] == "cover"
        across, down = (float(side) for side in rules["aspect-ratio"].split(" / "))
        scale = max(across / width, down / height)
        shares = [float(part.rstrip("%")) / 100 for part in rules["object-position"].split()]
        seen = [
            share * (side - extent / scale)
            for share, side, extent in zip(shares, (width, height), (across, down), strict=True)
        ]
        assert seen == pytest.approx(box[:2], abs=0.6)
    assert "CSS cannot zoom" not in captions(page)
    page.button_group(key="crop-zoom").set_value("Zoom in, but keep").run()
    assert "CSS cannot zoom" in captions(page)


def test_the_focal_point_is_said() -> None:
    page = show(steer(open_page(), 12.5, 80), "Take home")
    assert (
        f"Focal point of **{read_samples()[FIRST_SAMPLE].title}**: 12.5\u00a0% from the left, 80.0\u00a0% from the top."
        in paragraphs(page)
    )


def test_a_link_restores_every_setting() -> None:
    page = open_page()
    page.button_group(key="crop-sample").set_value(COFFEE).run()
    page.button_group(key="crop-formats").set_value(["banner", "thumbnail"]).run()
    page.text_input(key="crop-custom").set_value("5:7, 1200x630 & ü").run()
    page.button_group(key="crop-methods").set_value(["center", "gaze-argmax"]).run()
    page.button_group(key="crop-zoom").set_value("Zoom in, but keep").run()
    page.slider(key="crop-keep").set_value(73).run()
    page.button_group(key="crop-faces").set_value("At any cost").run()
    page.slider(key="crop-margin").set_value(7).run()
    page.radio(key="crop-model").set_value("gaze").run()
    steer(page, 37.5, 62.5)
    boxes = boxes_on_photo(page)
    show(page, "Take home")
    page.button_group(key="crop-take-kind").set_value("WebP").run()
    page.slider(key="crop-take-quality").set_value(61).run()
    page.toggle(key="crop-take-resize").set_value(True).run()
    page.toggle(key="crop-take-all").set_value(True).run()
    assert not page.exception
    link = code(page)[-1]
    query = dict(parse_qsl(link.partition("?")[2], strict_parsing=True))
    wishes = {"sample", "formats", "custom", "methods", "model", "zoom", "keep", "faces", "margin", "view"}
    assert set(query) == {*wishes, "take-kind", "take-quality", "take-resize", "take-all", "look"}
    assert query.pop("look") == "0.3750,0.6250"
    again = open_page(**query, look="0.3750,0.6250")
    assert not again.exception
    assert again.session_state["crop-choices"] == page.session_state["crop-choices"]
    for key in query:
        assert again.session_state[f"crop-{key}"] == page.session_state[f"crop-{key}"], key
    assert again.session_state["crop-view"] == "Take home"
    assert code(again)[:-1] == code(page)[:-1]
    assert dict(again.query_params) == dict(page.query_params)  # in whatever order
    assert boxes_on_photo(show(again, "Crops")) == boxes


def test_the_address_has_the_focal_point_of_a_sample_and_of_nothing_else() -> None:
    page = steer(open_page(sample=COFFEE), 10, 20)
    assert page.query_params["look"] == "0.1000,0.2000"
    page.button_group(key="crop-sample").set_value("wine.jpg").run()
    assert "look" not in page.query_params
    page.button_group(key="crop-sample").set_value(COFFEE).run()
    assert page.query_params["look"] == "0.1000,0.2000"
    upload(page, sample(CAT))
    assert "look" not in page.query_params
    steer(page, 30, 40)
    assert "Yours" in boxes_on_photo(page)
    assert "look" not in page.query_params
    page.button_group(key="crop-sample").set_value(COFFEE).run()  # beside the upload
    next(button for button in page.button if button.help == CAT.replace("_", "\\_")).click().run()
    assert dict(page.query_params) == {"sample": COFFEE, "look": "0.1000,0.2000"}  # the link brings the sample back
    next(button for button in page.button if button.help == "Cup of espresso").click().run()
    next(button for button in page.button if button.label == "Back to automatic").click().run()
    assert "look" not in page.query_params


def test_a_link_with_a_focal_point_shows_its_crops_until_it_is_taken_back() -> None:
    page = open_page(sample=COFFEE, look="0.1,0.2")
    expected = framed((SAMPLES / COFFEE).read_bytes(), framing=Framing(focal=(0.1, 0.2)))
    assert results_on_photo(page) == [crop.box.as_list() for crop in expected]
    next(button for button in page.button if button.label == "Back to automatic").click().run()
    page.run()
    assert page.session_state["crop-choices"] == {}
    page.button_group(key="crop-sample").set_value("wine.jpg").run()
    assert page.session_state["crop-choices"] == {}  # the point was for one photo
    page = open_page(sample="none", look="0.1,0.2")
    assert "look" not in page.query_params
    page.button_group(key="crop-sample").set_value(COFFEE).run()
    assert on_photo(page)["focal"] is None  # and for none that is chosen later


@pytest.mark.parametrize("text", ["", "0.5", "0.5,0.5,0.5", "nan,0.5", "1.1,0.5", "0.5,-1", "inf,0", "x,y", "1e999,0"])
def test_a_focal_point_that_is_none_is_passed_over(text: str) -> None:
    page = open_page(sample=COFFEE, look=text)
    assert not page.exception
    assert on_photo(page)["focal"] is None
    assert "look" not in page.query_params


def test_sizes_are_told_and_how_much_a_crop_is_enlarged() -> None:
    page = show(
        open_page(sample="friends.jpg", formats="square,banner", custom="853x480, 895x400"), "Take home"
    )  # a photo 852 wide
    assert sizes_told(page) == [
        "Square 1:1: 852 × 852",
        "Banner 3:1: 852 × 284",
        "853 × 480: 853 × 480",
        "895 × 400: 895 × 400, enlarged 1.1 times",
    ]
    page.toggle(key="crop-take-resize").set_value(True).run()
    assert sizes_told(page)[:2] == [
        "Square 1:1: 1080 × 1080, enlarged 1.3 times",
        "Banner 3:1: 1500 × 500, enlarged 1.8 times",
    ]
    page.button_group(key="crop-zoom").set_value("Zoom in, but keep").run()
    page.slider(key="crop-keep").set_value(50).run()
    (crop, _) = framed((SAMPLES / "friends.jpg").read_bytes(), ["1:1", "3:1"], Framing(keep=0.5))
    assert sizes_told(page)[0] == f"Square 1:1: 1080 × 1080, enlarged {1080 / crop.box.width:.1f} times"


def sizes_told(page: AppTest) -> list[str]:
    """What is said of the size of each picture, in the order of the formats."""
    (told,) = (caption.value for caption in page.caption if "Square 1\\:1\\: " in caption.value)
    return [line.replace("\\", "") for line in told.split("  \n")]


def test_it_is_said_that_the_files_hold_pixels_alone_and_they_do(monkeypatch: pytest.MonkeyPatch) -> None:
    downloads = catch_downloads(monkeypatch)
    exif, buffer = Image.Exif(), BytesIO()
    exif[0x010E] = "a secret caption"
    with Image.open(SAMPLES / CAT) as photo:
        photo.save(buffer, "JPEG", exif=exif, comment=b"another secret")
    assert b"secret" in buffer.getvalue()
    page = show(upload(open_page(), ("told.jpg", buffer.getvalue(), "image/jpeg")), "Take home")
    assert "The files say whose the photo is" in captions(page)
    for kind in ("JPEG", "PNG", "WebP"):
        page.button_group(key="crop-take-kind").set_value(kind).run()
        zipped = downloads["gazecrop.zip"]()  # stored, not packed
        assert len(pictures_of(zipped)) == 3
        assert b"secret" not in zipped


def test_the_usual_settings_need_no_address_and_none_at_all_has_one() -> None:
    page = open_page()
    assert not page.query_params
    page.button_group(key="crop-formats").set_value([]).run()
    assert page.query_params["formats"] == "none"
    page.text_input(key="crop-custom").set_value("5:7").run()
    again = open_page(formats="none", custom="5:7")
    assert list(map(str, again.metric)) == list(map(str, page.metric))
    assert len(again.metric) == 3
    page.button_group(key="crop-formats").set_value(list(FIRST_FORMATS)).run()
    page.text_input(key="crop-custom").set_value("").run()
    assert not page.query_params


@pytest.mark.parametrize(
    ("query", "key", "value"),
    [
        ({"view": "feed"}, "view", "Feed"),
        ({"view": "TAKE HOME"}, "view", "Take home"),
        ({"view": "nothing"}, "view", "Crops"),
        ({"view": ""}, "view", "Crops"),
        ({"model": "gase"}, "model", "auto"),
        ({"take-kind": "TGA"}, "take-kind", "As the original"),
        ({"take-kind": "webp"}, "take-kind", "WebP"),
        ({"take-quality": "1"}, "take-quality", 40),
        ({"take-quality": "best"}, "take-quality", 92),
        ({"take-all": "yes"}, "take-all", False),
        ({"keep": "all"}, "keep", 90),
        ({"keep": "1e3"}, "keep", 90),
        ({"keep": "-7"}, "keep", 50),
        ({"keep": "100"}, "keep", 95),
        ({"margin": "9999999999999999999999"}, "margin", 30),
        ({"zoom": "loose"}, "zoom", "As wide as possible"),
        ({"faces": "yes"}, "faces", "usual"),
        ({"formats": "square,round,square"}, "formats", ["square"]),
        ({"formats": "round"}, "formats", list(FIRST_FORMATS)),
        ({"methods": "fase"}, "methods", ["gaze", "face", "center"]),
        ({"sample": "../../../etc/passwd"}, "sample", FIRST_SAMPLE),
    ],
)
def test_nonsense_in_the_address_is_passed_over(query: dict[str, str], key: str, value: object) -> None:
    page = open_page(**query)
    assert not page.exception
    assert page.session_state[f"crop-{key}"] == value
    assert not page.error


def test_a_hostile_format_in_the_address_is_text() -> None:
    page = open_page(custom="<script>alert(1)</script>, **x**, " + "9" * 500)
    assert not page.exception
    assert len(page.error) == 3
    assert "<script" not in page.error[0].value.replace("\\<", "")
    assert "**x**" not in page.error[1].value
    assert len(page.metric) == 9
