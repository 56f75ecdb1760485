"""The parts behind the crop page: sentences that are true, settings in the address, files."""

from __future__ import annotations

import io
import json
import re
import zipfile
from dataclasses import astuple, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from pages.crop.code import python_lines
from pages.crop.downloads import FOCAL_POINTS, Output, crop_file, crop_files, focal_points, zip_files
from pages.crop.gallery import in_order
from pages.crop.judgement import cut_things, gain_points
from pages.crop.settings import KEEP, MOST_MARGIN, VIEWS, WISHES, Settings
from pages.crop.shot import Point
from pages.crop.views import NEEDS_BATCH, SHOW
from pages.crop.words import SPREAD, explain, gaze_alone, likely, move, spread
from pages.shared.photos import upload_photo
from saliency import (
    FORMATS,
    METHODS,
    MODELS,
    Box,
    Crop,
    Format,
    Framing,
    frame,
    load_method,
    open_image,
    parse_format,
)
from saliency.borders import TRIM
from saliency.crop import expected_gaze
from saliency.export import FILE_FORMATS
from saliency.pad import BACKGROUNDS, hex_colour
from saliency.things import WHOLE
from saliency.types import Borders, Thing
from tests.oracles import best_box_by_trial, kept_by_pixels
from tests.pages.crop_page import shot_of
from tests.scenes import flat, one_peak, random_map

SQUARE, SINGLE, BANNER = FORMATS["square"], FORMATS["single"], FORMATS["banner"]
NBSP = "\u00a0"
seeds = st.integers(0, 2**32 - 1)
shapes = st.sampled_from(["1:1", "16:9", "9:16", "4:5", "3:1", "8:5"]).map(parse_format)


@pytest.mark.parametrize(
    ("size", "row", "column", "moved"),
    [
        ((400, 200), 5, 0, "Moved 100 px left."),
        ((400, 200), 5, 19, "Moved 100 px right."),
        ((200, 400), 0, 5, "Moved 100 px up."),
        ((200, 400), 19, 5, "Moved 100 px down."),
        ((401, 200), 5, 0, "Moved 100 px left."),
        ((401, 200), 5, 19, "Moved 101 px right."),
    ],
)
def test_how_far_a_crop_moved_for_something_at_the_border(
    size: tuple[int, int], row: int, column: int, moved: str
) -> None:
    shape = (10, 20) if size[0] > size[1] else (20, 10)
    text = explain(shot_of(one_peak(shape, row, column), size), SQUARE)
    assert moved in text
    assert "100 % likely to keep at least 5 points more of the gaze than the centre crop, and 0 % to" in text


def test_a_crop_that_need_not_move_stays_in_the_middle() -> None:
    text = explain(shot_of(one_peak((11, 21), 5, 10), (401, 200)), SQUARE)
    assert re.fullmatch(
        r"Saliency keeps \d+\s% of expected gaze\. "
        r"Left at the centre, as no crop is clearly better: elsewhere it keeps less\.",
        text,
    )
    assert "px" not in text
    assert "likely" not in text


@given(seeds, shapes, st.booleans())
def test_moving_the_centre_crop_as_the_sentence_says_gives_the_crop(seed: int, target: Format, tight: bool) -> None:
    rng = np.random.default_rng(seed)
    size = (int(rng.integers(40, 300)), int(rng.integers(40, 300)))
    shot = shot_of(random_map(rng, (6, 8)), size, Framing(keep=0.4 if tight else None))
    box = shot.crop_of("gaze", target).box
    text = move(Crop(target.aspect, box), size)
    ways = {way: int(pixels) for pixels, way in re.findall(r"(\d+) px (left|right|up|down)", text)}
    across, down = ways.get("right", 0) - ways.get("left", 0), ways.get("down", 0) - ways.get("up", 0)
    assert (size[0] - box.width) // 2 + across == box.left
    assert (size[1] - box.height) // 2 + down == box.top
    assert ("middle" in text) == (not ways)
    zoom = re.search(r"zoomed in ([\d.]+) times", text)
    room = min(size[0] / box.width, size[1] / box.height)  # how much larger the window could be
    assert (float(zoom[1]) if zoom else 1) == pytest.approx(room, abs=0.1 + 3 * room / min(box.width, box.height))


def test_what_is_kept_is_said_of_both() -> None:
    size, saliency_map = (400, 200), one_peak((10, 20), 5, 0)
    gaze = expected_gaze(saliency_map)
    kept, centre = (kept_by_pixels(gaze, size, (left, 0, 200, 200), 1) for left in (0, 100))
    text = explain(shot_of(saliency_map, size), SQUARE)
    assert text.startswith(
        f"Saliency keeps {kept:.0%}".replace("%", f"{NBSP}%")
        + f" of expected gaze; the centre would keep {centre:.0%}. ".replace("%", f"{NBSP}%")
    )
    crop = shot_of(saliency_map, size).crop_of("gaze", SQUARE)
    assert gain_points(crop) == round(100 * kept) - round(100 * centre)


def test_a_crop_by_hand_says_so() -> None:
    text = explain(shot_of(one_peak((10, 20), 5, 0), (400, 200), choice=(1.0, 0.5)), SQUARE)
    assert text.startswith("Your crop keeps ")
    assert "Moved 100 px right. As near the chosen point as the border lets it." in text
    text = explain(shot_of(one_peak((10, 20), 5, 0), (400, 200), choice=(0.7, 0.5)), SQUARE)
    assert "Moved 80 px right. Centred on the chosen point." in text


def test_what_cannot_be_had_is_in_the_sentence() -> None:
    heads = tuple(Thing("head", (Box(left, 0, 40, 40),), (1.0,)) for left in (0, 360))
    middle = flat((10, 20))
    middle[:, 8:12] *= 2
    text = explain(shot_of(middle / middle.sum(), (400, 200), Framing(whole=heads), things=heads), SQUARE)
    assert " 1 of 2 heads kept whole. For gaze alone it would keep " in text
    assert text.endswith("but cut off 2 of 2 heads.")
    assert "cuts off" not in text  # once is enough
    text = explain(shot_of(flat((10, 20)), (400, 200), Framing(keep=0.9)), BANNER)
    assert "No crop of this shape keeps 90 %, so the widest." in text


@given(seeds, shapes, st.booleans(), st.none() | st.tuples(st.floats(0, 1), st.floats(0, 1)))
def test_faces_that_a_crop_cuts_are_counted(seed: int, target: Format, whole: bool, choice: Point | None) -> None:
    rng, size = np.random.default_rng(seed), (60, 40)
    corners = [(int(rng.integers(0, 50)), int(rng.integers(0, 30))) for _ in range(rng.integers(0, 4))]
    faces = [Box(left, top, int(rng.integers(1, 11)), int(rng.integers(1, 11))) for left, top in corners]
    things = tuple(Thing("head", (face,), (rng.choice([0.001, 0.1]),)) for face in faces)
    framing = Framing(whole=things if whole else ())
    shot = shot_of(random_map(rng, (6, 8)), size, framing, choice, things=things)
    crop = shot.crop_of(shot.chosen, target)
    seen = np.zeros((40, 60), bool)
    seen[crop.box.top : crop.box.bottom, crop.box.left : crop.box.right] = True
    faces = [thing.boxes[0] for thing in things if thing.worth >= 0.01]  # others are not worth a word
    lost = sum(not seen[face.top : face.bottom, face.left : face.right].all() for face in faces)
    said = re.findall(r"It cuts off (.+?)\.", explain(shot, target))
    if not lost:
        assert (said, cut_things(shot, crop)) == ([], "")
    elif whole:  # then the crop's own note tells
        assert said == []
    else:
        assert said == ["the head" if len(faces) == 1 else f"{lost} of {len(faces)} heads"]
        assert cut_things(shot, crop) == said[0]
    if whole and lost:
        told = f"{len(faces) - lost} of {len(faces)} heads kept whole" if len(faces) > 1 else "he head is cut"
        assert told in explain(shot, target)


def test_what_a_whole_head_costs_is_said_with_what_it_is_for() -> None:
    """Of 4 x 8 cells, 400 x 200 pixels: all gaze is at the right, and a head at the left is worth more than that."""
    gaze = one_peak((4, 8), 1, 7)
    heads = tuple(Thing("head", (Box(left, 60, 40, 40),), (1.5,)) for left in (0, 60))
    alone = shot_of(gaze, (400, 200), things=heads).crop_of("gaze", SQUARE)
    kept = f"{alone.kept:.0%}".replace("%", f"{NBSP}%")
    text = explain(shot_of(gaze, (400, 200), Framing(whole=heads[:1]), things=heads[:1]), SQUARE)
    assert f"For gaze alone it would keep {kept}, but cut off the head." in text
    text = explain(shot_of(gaze, (400, 200), Framing(whole=heads), things=heads), SQUARE)
    assert f"For gaze alone it would keep {kept}, but cut off 2 of 2 heads." in text
    for shot in (
        shot_of(gaze, (400, 200), things=heads),  # gaze alone it is
        shot_of(gaze, (400, 200), Framing(whole=heads), (0.1, 0.5), things=heads),  # a person decides
        shot_of(one_peak((4, 8), 1, 0), (400, 200), Framing(whole=heads), things=heads),  # it costs nothing
    ):
        assert gaze_alone(shot, SQUARE) == ""


def test_the_least_that_any_crop_loses_is_not_that_of_one_that_keeps_a_head() -> None:
    gaze, head = (
        0.8 * one_peak((4, 8), 1, 7) + 0.2 * one_peak((4, 8), 1, 0),
        (Thing("head", (Box(0, 60, 40, 40),), (0.7,)),),
    )
    shot = shot_of(gaze, (400, 200), Framing(whole=head), things=head)
    assert shot.crop_of("gaze", SQUARE).kept < 0.5 < 1 - SPREAD < shot.by_gaze_alone(SQUARE).kept
    assert spread(shot, SQUARE) == ""


@given(seeds, shapes)
def test_a_warning_that_gaze_is_spread_is_true_and_never_missing(seed: int, target: Format) -> None:
    rng, size = np.random.default_rng(seed), (24, 15)
    saliency_map = random_map(rng, (5, 6))
    shot = shot_of(saliency_map, size)
    box = shot.crop_of("gaze", target).box
    lost = 1 - best_box_by_trial(expected_gaze(saliency_map), size, (box.width, box.height))
    text = spread(shot, target)
    shares = {"a quarter": 1 / 4, "a third": 1 / 3, "half": 1 / 2, "two thirds": 2 / 3, "three quarters": 3 / 4}
    if lost > 0.2501:
        said = re.fullmatch(rf"Even the best {target.aspect} crop loses about (.+) of the expected gaze", text)
        assert said
        assert {**shares, "nine tenths": 0.9}[said[1]] == pytest.approx(lost, abs=0.1)
    elif lost < 0.2499:
        assert text == ""


def test_a_tight_crop_is_not_blamed_for_what_it_leaves_out() -> None:
    assert spread(shot_of(flat((10, 20)), (400, 200)), BANNER)
    assert spread(shot_of(flat((10, 20)), (400, 200), Framing(keep=0.3)), BANNER) == ""


@pytest.mark.parametrize(
    ("helps", "harms", "text"),
    [
        (0.0, 0.0, ""),
        (0.049, 0.02, ""),
        (0.02, 0.051, "It is 2 % likely to keep at least 5 points more of the gaze than the centre crop, and 5 % to"),
        (0.85, 0.01, "It is 85 % likely to keep at least 5 points more of the gaze than the centre crop, and 1 % to"),
    ],
)
def test_what_is_hardly_likely_is_not_worth_a_word(helps: float, harms: float, text: str) -> None:
    crop = Crop(SQUARE.aspect, Box(0, 0, 200, 200), 0.5, 0.0, helps, harms)
    assert likely(crop).startswith(text)
    assert bool(likely(crop)) == bool(text)


WISHED = {
    "formats": st.lists(st.sampled_from(list(FORMATS)), unique=True),
    "custom": st.text(max_size=80),
    "methods": st.lists(st.sampled_from(list(METHODS)), unique=True),
    "model": st.sampled_from(["auto", *MODELS]),
    "zoom": st.sampled_from(["As wide as possible", "Zoom in, but keep"]),
    "keep": st.integers(KEEP["min"], KEEP["max"]),
    "faces": st.sampled_from(list(WHOLE)),
    "margin": st.integers(0, MOST_MARGIN),
    "trim": st.sampled_from(list(TRIM)),
    "pad": st.lists(st.sampled_from([*FORMATS, "5:7", "1.91:1", "1200x630"]), unique=True),
    "background": st.sampled_from(list(BACKGROUNDS)),
    "colour": st.tuples(*[st.integers(0, 255)] * 3).map(hex_colour),
    "take-kind": st.sampled_from(["As the original", *FILE_FORMATS]),
    "take-quality": st.integers(40, 100),
    "take-resize": st.booleans(),
    "take-all": st.booleans(),
    "view": st.sampled_from(VIEWS),
}


@given(st.fixed_dictionaries(WISHED))
def test_every_setting_comes_back_from_the_address(wished: dict[str, object]) -> None:
    assert set(WISHES) == set(WISHED)
    for key, value in wished.items():
        wish = WISHES[key]
        written = wish.text(value)
        assert value == wish.usual or written  # what is not as usual must show, since an empty text is dropped
        assert wish.find({key: written} if written else {}) == value


@given(st.sampled_from(sorted(WISHES)), st.text())
def test_whatever_is_in_the_address_makes_a_setting_or_none(key: str, text: str) -> None:
    wish = WISHES[key]
    try:
        value = wish.read(text)
    except ValueError:
        return
    assert wish.read(wish.write(value) or text) == value
    least_and_most = {
        "keep": (KEEP["min"], KEEP["max"]),
        "margin": (0, MOST_MARGIN),
        "take-quality": (40, 100),
    }
    if key in least_and_most:
        assert least_and_most[key][0] <= value <= least_and_most[key][1]
    if key in ("formats", "methods"):
        assert set(value) <= set(FORMATS if key == "formats" else METHODS)


def test_every_view_is_drawn_by_something() -> None:
    assert tuple(SHOW) == VIEWS
    assert set(NEEDS_BATCH) <= set(VIEWS)


@pytest.mark.parametrize(("whole", "worth"), [("usual", 0.1), ("always", 1.0), ("never", None)])
def test_things_are_whole_as_they_are_wanted(whole: str, worth: float | None) -> None:
    things = [Thing("head", (Box(20, 40, 20, 20),), (0.1,))]
    sight = shot_of(flat((4, 6)), (120, 80), things=things).analysis.sight
    wanted = tuple(replace(thing, worths=(worth,)) for thing in things if worth)
    for keep in (None, 0.6):
        settings = Settings((SQUARE,), ("gaze",), "auto", keep, 0.1, whole)
        margin = 0.1 if keep or whole == "always" else 0.0  # room around what is kept at some cost
        assert settings.framing(sight) == Framing(keep, margin, wanted)


@pytest.mark.parametrize(("trim", "within"), [("auto", (0, 20)), ("always", (10, 20)), ("never", None)])
def test_windows_are_sought_inside_bars_as_wished(trim: str, within: tuple[int, int] | None) -> None:
    borders = Borders(Box(0, 20, 120, 40), Box(10, 20, 110, 40))
    sight = replace(shot_of(flat((4, 6)), (120, 80)).analysis.sight, borders=borders)
    found = Settings((SQUARE,), ("gaze",), "auto", None, 0, "usual", trim=trim).framing(sight).within
    assert (found and (found.left, found.top)) == within


@pytest.mark.parametrize("choice", [None, (0.3, 0.6)])
def test_the_result_is_by_the_model_whose_map_is_on_screen(choice: Point | None) -> None:
    saliency_map, size = random_map(np.random.default_rng(5), (8, 12)), (300, 200)
    shot = shot_of(saliency_map, size, choice=choice, model="gaze-fast")
    yours = ["you"] if choice else []
    assert shot.chosen == ("you" if choice else "gaze-fast")
    assert shot.methods(["gaze", "face"]) == [*yours, "gaze-fast", "face"]
    assert shot.methods(["center", "gaze", "gaze-fast"]) == [*yours, "center", "gaze", "gaze-fast"]
    assert shot.methods(["face"]) == [*yours, "face"]
    assert shot.crop_of("gaze-fast", SINGLE) == frame(saliency_map, size, [SINGLE.aspect])[0]
    who = "Your crop" if choice else "Saliency (fast)"
    assert explain(shot, SINGLE).startswith(f"{who} keeps ")
    (record,) = json.loads(focal_points([shot], [SINGLE]))
    assert record["chosen_by"] == ("person" if choice else "gaze-fast")
    settings = Settings((SINGLE,), ("gaze",), "auto", None, 0, "never")
    assert "load_model('gaze-fast')" in python_lines(shot, settings)
    assert "load_model()" in python_lines(shot_of(saliency_map, size), settings)


@pytest.mark.parametrize("name", ["gaze", "gaze-argmax", "face", "center"])
def test_whatever_map_a_crop_comes_from_the_one_on_screen_judges_it(name: str) -> None:
    saliency_map, size = random_map(np.random.default_rng(6), (8, 12)), (300, 200)
    shot = shot_of(saliency_map, size, model="another")
    (own,) = load_method(name).crop(open_image(shot.photo.data), [SQUARE.aspect])
    crop = shot.crop_of(name, SQUARE)
    assert (crop.box, crop.focal_point, crop.note) == (own.box, own.focal_point, own.note)
    for share, box in ((crop.kept, crop.box), (crop.kept - crop.gain, Box(50, 0, 200, 200))):
        literal = kept_by_pixels(expected_gaze(saliency_map), size, (box.left, box.top, box.width, box.height), 1)
        assert share == pytest.approx(literal, abs=0.01)


@pytest.mark.parametrize(
    ("framing", "choice"),
    [(Framing(), None), (Framing(keep=0.5), None), (Framing(), (0.1, 0.9)), (Framing(keep=0.5), (1, 1))],
)
def test_all_methods_crop_at_one_zoom_and_only_the_chosen_follow_the_point(
    framing: Framing, choice: Point | None
) -> None:
    saliency_map = random_map(np.random.default_rng(3), (8, 12))
    shot = shot_of(saliency_map, (300, 200), framing, choice)
    names = shot.methods(["gaze", "center", "gaze-argmax"])
    assert names == ([*(["you"] if choice else []), "gaze", "center", "gaze-argmax"])
    crops = {name: shot.crop_of(name, SINGLE) for name in names}
    assert len({(crop.box.width, crop.box.height) for crop in crops.values()}) == 1
    automatic = shot_of(saliency_map, (300, 200), framing)
    assert all(crops[name] == automatic.crop_of(name, SINGLE) for name in names if name != "you")
    for crop in crops.values():
        assert crop.kept == pytest.approx(
            kept_by_pixels(expected_gaze(saliency_map), (300, 200), astuple(crop.box), 2), abs=0.01
        )


@pytest.mark.parametrize(
    ("name", "output", "target", "expected"),
    [
        ("a.jpg", Output(), SQUARE, ("a_gaze_1x1.jpg", "JPEG", None)),
        ("a.HEIC", Output(), SQUARE, ("a_gaze_1x1.jpg", "JPEG", None)),
        ("a.PNG", Output(), SQUARE, ("a_gaze_1x1.png", "PNG", None)),
        ("a.webp", Output(resize=True), SQUARE, ("a_gaze_1080x1080.webp", "WebP", (1080, 1080))),
        ("a.png", Output("JPEG", 80), SQUARE, ("a_gaze_1x1.jpg", "JPEG", None)),
        ("a.png", Output(), parse_format("640x480"), ("a_gaze_640x480.png", "PNG", (640, 480))),
        ("a.png", Output(resize=True), parse_format("4:3"), ("a_gaze_4x3.png", "PNG", None)),
    ],
)
def test_a_file_is_named_and_written_as_asked(
    name: str, output: Output, target: Format, expected: tuple[str, str, tuple[int, int] | None]
) -> None:
    shot = shot_of(flat((4, 6)), (60, 40), name=name)
    file = crop_file(shot, "gaze", target, shot.crop_of("gaze", target), output)
    assert (file.name, file.kind, file.pixels) == expected
    with Image.open(io.BytesIO(file.read())) as picture:
        assert picture.format == FILE_FORMATS[file.kind].pillow
        assert picture.size == file.size == (expected[2] or (file.crop.box.width, file.crop.box.height))
        assert picture.get_format_mimetype() == file.mime


def test_the_zip_has_each_picture_once_and_the_focal_points() -> None:
    shots = [shot_of(flat((4, 6)), (60, 40), name=name) for name in ("a.png", "b.png")]
    formats = [SQUARE, FORMATS["thumbnail"], SINGLE]
    files = [file for shot in shots for file in crop_files(shot, ["gaze"], formats, Output())]
    words = focal_points(shots, formats)
    with zipfile.ZipFile(io.BytesIO(zip_files(files, words))) as archive:
        names = archive.namelist()
        assert sorted(names) == sorted({*(file.name for file in files), FOCAL_POINTS})
        assert len(names) == 2 * 2 + 1  # a thumbnail that is not resized is the square
        for file in files:
            assert archive.read(file.name) == file.read()
        assert archive.read(FOCAL_POINTS).decode() == words
    resized = crop_files(shots[0], ["gaze"], formats, Output(resize=True))
    assert [file.size for file in resized] == [(1080, 1080), (150, 150), (1200, 675)]


def test_focal_points_keep_names_as_they_are() -> None:
    shot = shot_of(one_peak((10, 10), 2, 7), (100, 100), name='Été "1" \\.png')
    (record,) = json.loads(focal_points([shot], [SQUARE]))
    assert record["image"] == 'Été "1" \\.png'
    assert record["focal_point"] == {"x": 0.75, "y": 0.25}
    assert record["crops"] == [{"format": "Square 1:1", "box": [0, 0, 100, 100], "kept": 1.0}]


@given(st.integers(1, 8))
def test_without_an_open_photo_the_first_is_first(count: int) -> None:
    photos = [upload_photo(str(rank), f"{rank}.jpg", b"") for rank in range(count)]
    assert in_order(photos) == list(range(count))
