"""Animations: all frames are cropped by one box, at their times, and what is not is said."""

from __future__ import annotations

import io
import json
import struct
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import pyvips
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from saliency import Aspect, ImageError, load_model, open_image
from saliency.__main__ import main
from saliency.animate import encode_animation
from saliency.animation import Animation, Still, open_animation
from saliency.export import indexed, scaled
from saliency.files.avif_frames import with_plays
from saliency.files.moving import MOST_FRAMES
from saliency.image import MAX_PIXELS
from saliency.pipeline import boxes, look
from saliency.types import Box, Pixels, RgbImage
from tests.corpus.kind import encoded, exif, over_white
from tests.corpus.moving import FILMS, HEIGHT, PARTS, WIDTH, Film, apng, gif, of_frames, shown
from tests.scenes import BrightnessModel, bright_square

each = pytest.mark.parametrize("film", FILMS, ids=lambda film: film.name)
WHOLE = Box(0, 0, WIDTH, HEIGHT)


def white(pixels: Pixels) -> np.ndarray:
    return over_white(pixels[..., :3], (pixels[..., 3] if pixels.shape[2] == 4 else np.full((1, 1), 255)) / 255)


def animation_of(data: bytes) -> Animation:
    found = open_animation(data)
    assert isinstance(found, Animation)
    return found


def in_time(animation: Animation, milliseconds: Sequence[float]) -> list[RgbImage]:
    """What is seen, over white, in the middle of each of these times: frames that are alike may have become one."""
    assert sum(animation.milliseconds) == pytest.approx(sum(milliseconds))
    ends = np.cumsum(animation.milliseconds)
    middles = np.cumsum(milliseconds) - np.array(milliseconds) / 2
    frames = [frame.over("white") for frame in animation.frames()]
    return [frames[int(np.searchsorted(ends, middle))] for middle in middles]


def film_of(images: list[RgbImage], kind: str = "GIF", times: list[int] | None = None) -> bytes:
    buffer = io.BytesIO()
    first, *others = [Image.fromarray(image) for image in images]
    first.save(buffer, kind, save_all=True, append_images=others, duration=times or [100] * len(images), loop=0)
    return buffer.getvalue()


def assert_near(found: np.ndarray, expected: np.ndarray, tolerance: float) -> None:
    assert found.shape == expected.shape
    assert np.abs(found.astype(float) - expected).mean() <= tolerance
    if not tolerance:
        np.testing.assert_array_equal(found, expected)


@each
def test_every_frame_is_what_it_should_be(film: Film) -> None:
    animation = animation_of(film.make())
    assert animation.milliseconds == pytest.approx(film.milliseconds)
    assert (animation.plays, animation.size) == (film.plays, (WIDTH, HEIGHT))
    frames = list(animation.frames())
    for frame, expected in zip(frames, shown(film.parts), strict=True):
        assert_near(frame.over("white"), white(expected), film.tolerance)
    np.testing.assert_array_equal(frames[0].over("white"), open_image(film.make(), ground="white"))


@each
def test_a_crop_moves_as_the_whole_does(film: Film) -> None:
    kind = {"image/gif": "GIF", "image/png": "PNG", "image/webp": "WebP", "image/avif": "AVIF"}[film.mime]
    box = Box(3, 1, 15, 13)
    best: dict[str, dict[str, object]] = {"WebP": {"lossless": True}, "AVIF": {"quality": 100}}
    data = encode_animation(animation_of(film.make()), lambda frame: frame.part(box), kind, more=best.get(kind))
    written = animation_of(data)
    assert (written.plays, written.size) == (film.plays, (box.width, box.height))
    for frame, expected in zip(in_time(written, film.milliseconds), shown(film.parts), strict=True):
        inside = expected[box.top : box.bottom, box.left : box.right]
        assert_near(frame, white(inside), 2 * film.tolerance)


@pytest.mark.parametrize("kind", ["GIF", "WebP"])  # of the others libvips reads the first frame alone
def test_libvips_sees_the_frames_that_were_written(kind: str) -> None:
    animation = animation_of(gif())
    data = encode_animation(animation, lambda frame: scaled(frame.part(WHOLE), (48, 32)), kind)
    found = pyvips.Image.new_from_buffer(data, "", n=-1)
    assert found.get("delay") == film_times(gif())
    frames = found.numpy().reshape(len(PARTS), 32, 48, -1)
    for frame, expected in zip(frames, animation.frames(), strict=True):
        assert_near(white(frame), white(scaled(expected.part(WHOLE), (48, 32))), 12)


def film_times(data: bytes) -> list[int]:
    return [round(time) for time in animation_of(data).milliseconds]


@given(st.integers(1, 255), st.integers(0, 2**32 - 1), st.booleans())
@settings(deadline=None, max_examples=30)
def test_a_palette_keeps_up_to_256_colours_as_they_are(count: int, seed: int, clear: bool) -> None:
    rng = np.random.default_rng(seed)
    image = rng.integers(0, 256, (count + (0 if clear else 1), 3), dtype=np.uint8)[
        rng.integers(0, count + (0 if clear else 1), (20, 30))
    ]
    opacity = np.where(rng.random((20, 30)) < 0.3, 0, 255).astype(np.uint8)
    if not clear:
        np.testing.assert_array_equal(np.asarray(indexed(image).convert("RGB")), image)
        return
    found = np.asarray(indexed(np.dstack([image, opacity])).convert("RGBA"))
    np.testing.assert_array_equal(found[..., 3], opacity)
    np.testing.assert_array_equal(found[opacity > 0][:, :3], image[opacity > 0])


def test_a_turned_animation_is_upright() -> None:
    frames = [np.asarray(Image.fromarray(frame).convert("RGB")) for frame in shown(PARTS)]
    lying = [np.ascontiguousarray(frame.transpose(1, 0, 2)[::-1]) for frame in frames]  # orientation 6
    buffer = io.BytesIO()
    first, *others = [Image.fromarray(frame) for frame in lying]
    first.save(buffer, "WEBP", save_all=True, append_images=others, duration=100, lossless=True, exif=exif(6))
    animation = animation_of(buffer.getvalue())
    assert animation.size == (WIDTH, HEIGHT)
    for found, expected in zip(animation.frames(), frames, strict=True):
        np.testing.assert_array_equal(found.colours, expected)


@pytest.mark.parametrize(
    ("times", "frames"),
    [
        ([100] * 10, [1, 3, 5, 7, 9]),
        ([100, 100], [0, 1]),
        ([800, 10, 10, 10, 170], [0, 4]),
        ([0, 0, 0, 0, 0], [0, 1, 2, 3, 4]),
    ],
)
def test_frames_are_looked_at_that_are_spread_over_the_time(times: list[int], frames: list[int]) -> None:
    squares = [bright_square((40, 20), 2 * rank, 4, 6) for rank in range(len(times))]
    animation = animation_of(film_of(squares, "WEBP", times))
    assert animation.looked_at() == frames
    assert len(list(animation.looks())) == len(frames)


def test_a_map_is_the_mean_over_the_time() -> None:
    model = BrightnessModel()
    images = [bright_square((80, 40), left, 8, 16) for left in (0, 60)]
    seen = look(film_of(images, times=[400, 100]), model)  # the first is seen four times in five
    assert look(encoded(images[0], "PNG"), model).map.shape == seen.map.shape
    np.testing.assert_allclose(seen.map, np.mean([model.predict(image) for image in images], axis=0), atol=1e-6)


def test_a_box_is_found_that_holds_what_moves() -> None:
    images = [bright_square((240, 60), left, 20, 20) for left in (120, 140, 160, 180, 200)]
    crop = boxes(film_of(images, "PNG"), [Aspect(2, 1)], load_model("gaze"))[0]
    first = boxes(encoded(images[0], "PNG"), [Aspect(2, 1)], load_model("gaze"))[0]
    assert crop.box.holds(Box(120, 20, 100, 20)) != first.box.holds(Box(120, 20, 100, 20))


def crops_of(data: bytes, name: str, folder: Path, *options: str) -> Path:
    source, out = folder / name, folder / "out"
    source.write_bytes(data)
    command = ["crop", str(source), "--method", "center", "--aspect", "1:1", "--out", str(out), "--overwrite", *options]
    assert main(command) == 0
    return max(out.iterdir(), key=lambda path: path.stat().st_mtime_ns)


@pytest.mark.parametrize("name", ["a.gif", "a.png", "a.webp", "a.avif"])
@pytest.mark.parametrize("fit", ["crop", "pad"])
def test_the_command_line_crops_all_frames(name: str, fit: str, tmp_path: Path) -> None:
    data = gif() if name == "a.gif" else apng() if name == "a.png" else of_frames(name[2:].upper())
    source = tmp_path / name
    source.write_bytes(data)
    command = ["crop", str(source), "--aspect", "1:1", "--out", str(tmp_path / "out"), "--fit", fit]
    assert main(command if fit == "pad" else [*command, "--method", "center"]) == 0
    (file,) = (tmp_path / "out").iterdir()
    assert file.suffix == source.suffix
    found = animation_of(file.read_bytes())
    assert found.size == ((16, 16) if fit == "crop" else (24, 24))
    whole = animation_of(data)
    for frame, original in zip(in_time(found, whole.milliseconds), whole.frames(), strict=True):
        expected = original.over("white")
        seen = frame[4:20] if fit == "pad" else frame
        assert_near(seen, expected if fit == "pad" else expected[:, 4:20], 20 if name in ("a.webp", "a.avif") else 1)


@pytest.mark.parametrize("as_json", [False, True])
def test_a_format_that_does_not_move_has_the_first_frame_and_that_is_said(
    as_json: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = crops_of(gif(), "a.gif", tmp_path, "--format", "JPEG", *(["--json"] if as_json else []))
    told = capsys.readouterr().out
    said = json.loads(told)["lost"] if as_json else told
    assert "only the first of its frames, as JPEG does not move; what is transparent is white" in said
    assert open_image(file).shape == (16, 16, 3)


def many(count: int) -> bytes:
    """A GIF of so many frames of one pixel."""
    head = b"GIF89a" + struct.pack("<HHBBB", 1, 1, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff"
    return head + b"\x2c\0\0\0\0\1\0\1\0\0\x02\x02\x44\x01\0" * count + b";"


def large() -> bytes:
    """A few hundred bytes that say to be a thousand frames of ten megapixels."""
    side = 3200
    assert side * side * 20 > MAX_PIXELS
    frame = struct.pack("<BHHHHB", 0x2C, 0, 0, side, side, 0) + b"\x02\x01\x44\0"
    return b"GIF89a" + struct.pack("<HHBBB", side, side, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff" + frame * 20 + b";"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (many(MOST_FRAMES + 1), "it has more than 1000"),
        (large(), "all 20 have more than 100 million pixels"),
        (gif()[:-30], "it is damaged"),
        (gif((*PARTS, PARTS[0]))[:-1].replace(struct.pack("<HH", 14, 8), struct.pack("<HH", 99, 8)), "it is damaged"),
        (apng()[:-90], "it is damaged"),
    ],
)
def test_why_it_does_not_move_is_said(data: bytes, why: str) -> None:
    still = open_animation(data)
    assert isinstance(still, Still)
    assert still.why == why
    raises = {"it has more than 1000": "GAZECROP_MAX_FRAMES", "all 20": "GAZECROP_MAX_MEGAPIXELS"}
    setting = next((setting for begins, setting in raises.items() if why.startswith(begins)), "")
    assert still.told_owner() == why + (f"; {setting} raises that" if setting else "")


def test_the_first_frame_is_cropped_where_it_is_too_long(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = crops_of(many(MOST_FRAMES + 1), "a.gif", tmp_path)
    assert "only the first of its frames, as it has more than 1000" in capsys.readouterr().out
    assert open_animation(file.read_bytes()) is None
    assert isinstance(open_animation(many(MOST_FRAMES)), Animation)


def test_strict_refuses_a_damaged_one() -> None:
    with pytest.raises(ImageError, match="the animation is damaged"):
        open_animation(gif()[:-30], strict=True)


@pytest.mark.parametrize(
    "data", [gif(PARTS[:1]), encoded(open_image(gif()), "PNG"), encoded(open_image(gif()), "JPEG")]
)
def test_a_single_picture_is_no_animation(data: bytes) -> None:
    assert open_animation(data) is None


@pytest.mark.parametrize("plays", [0, 1, 7])
def test_an_avif_is_shown_as_often_as_it_should(plays: int) -> None:
    assert animation_of(with_plays(of_frames("AVIF"), plays)).plays == plays


@settings(max_examples=80, deadline=None)
@given(st.sampled_from([gif, apng, lambda: of_frames("WEBP"), lambda: of_frames("AVIF")]), st.data())
def test_damaged_bytes_give_frames_or_say_why_not(make: object, data: st.DataObject) -> None:
    assert callable(make)
    whole = bytearray(make())
    for _ in range(data.draw(st.integers(1, 6))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    try:
        open_image(bytes(whole))
        found = open_animation(bytes(whole))
    except ImageError:
        return
    if isinstance(found, Animation):
        assert len(list(found.frames())) == len(found.milliseconds)
