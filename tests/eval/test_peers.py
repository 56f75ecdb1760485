"""The peers: Twitter's against its own program's output, the others against their libraries."""

from __future__ import annotations

import importlib.util
import json
import os
import struct
import sys
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from eval.peers import PEERS, PeerUnavailable, load_peer
from eval.peers.mass import place_most_mass
from eval.peers.spectral import SpectralResidual, spectral_residual
from eval.peers.twitter import (
    CELL,
    JPEG_SCALES,
    SYMMETRIC,
    Twitter,
    fit,
    input_size,
    load_twitter,
    nearly_symmetric,
    network_input,
    salient_point,
)
from eval.peers.vxm import Convolution, Network, VxmError, read_vxm
from saliency.crop import center_window
from saliency.image import open_image
from saliency.methods import place_on_point
from saliency.types import Aspect, Box, Evidence, Method, RgbImage
from tests.oracles import best_box_by_trial, kept_by_pixels
from tests.scenes import bright_square, gradient, one_peak, random_map

SAMPLES = Path(__file__).parents[2] / "samples"
ASPECTS = [Aspect.parse(text) for text in ("1:1", "16:9", "9:16", "4:5", "2:1", "3:1")]
SIZES = [(1, 1), (5, 1), (1, 9), (2, 400), (31, 30), (333, 401), (640, 361)]  # width, height

needs_network = pytest.mark.skipif(not os.environ.get("FASTGAZE_VXM"), reason="FASTGAZE_VXM is not set")
needs_photos = pytest.mark.skipif(not os.environ.get("GAZE_DATA"), reason="GAZE_DATA is not set")
needs_vips = pytest.mark.skipif(not importlib.util.find_spec("pyvips"), reason="pyvips is not installed")
needs_smartcrop = pytest.mark.skipif(not importlib.util.find_spec("smartcrop"), reason="smartcrop is not installed")


def noise(size: tuple[int, int], seed: int = 0) -> RgbImage:
    """Random pixels, with one part busier and brighter than the rest."""
    rng = np.random.default_rng(seed)
    image = rng.integers(60, 90, (size[1], size[0], 3), dtype=np.uint8)
    top, left = rng.integers(0, size[1]), rng.integers(0, size[0])
    part = image[top : top + size[1] // 4 + 1, left : left + size[0] // 4 + 1]
    part[:] = rng.integers(0, 256, part.shape, dtype=np.uint8)
    return image


# --- every peer ---


def peer_or_skip(name: str) -> Any:
    try:
        return load_peer(name)
    except PeerUnavailable as error:
        pytest.skip(str(error))


@pytest.mark.parametrize("name", list(PEERS))
@pytest.mark.parametrize("size", SIZES)
def test_every_peer_crops_every_picture(name: str, size: tuple[int, int]) -> None:
    peer = peer_or_skip(name)
    assert peer.name == name
    for image in (gradient(size), noise(size), np.full((size[1], size[0], 3), 128, np.uint8)):
        before = image.copy()
        crops = peer.crop(image, ASPECTS)
        assert [crop.aspect for crop in crops] == ASPECTS
        for crop in crops:
            box, largest = crop.box, center_window(size, crop.aspect)
            assert all(type(side) is int for side in box.as_list())
            assert 0 <= box.left <= box.right <= size[0]
            assert 0 <= box.top <= box.bottom <= size[1]
            assert (box.width, box.height) == (largest.width, largest.height)
            assert np.isnan([crop.kept, crop.gain]).all()
            x, y = crop.focal_point
            assert 0 <= x <= size[0]
            assert 0 <= y <= size[1]
        assert peer.crop(image, ASPECTS[::-1]) == crops[::-1]  # nothing is kept from one call to the next
        assert np.array_equal(image, before)


@pytest.mark.parametrize("name", list(PEERS))
def test_what_a_peer_saw_can_be_placed_again(name: str) -> None:
    peer = peer_or_skip(name)
    image = open_image(SAMPLES / "chelsea_cat.jpg")
    size = (image.shape[1], image.shape[0])
    seen = peer.look(image)
    crops = peer.crop(image, ASPECTS)
    assert peer.place(seen, size, ASPECTS) == crops
    assert [crop for aspect in ASPECTS for crop in peer.place(seen, size, [aspect])] == crops


@needs_network
def test_twitters_two_see_the_same() -> None:
    image = open_image(SAMPLES / "chelsea_cat.jpg")
    point, mass = load_peer("twitter-2018"), load_peer("twitter-mass")
    assert point.eye == mass.eye
    size = (image.shape[1], image.shape[0])
    assert mass.place(point.look(image), size, ASPECTS) == mass.crop(image, ASPECTS)


@pytest.mark.parametrize("name", list(PEERS))
def test_another_eyes_evidence_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="this method places windows by .*, and the evidence has none"):
        peer_or_skip(name).place(Evidence(), (30, 20), ASPECTS)


@pytest.mark.parametrize("name", ["twitter-2018", "twitter-mass", "spectral-residual", "spectral-residual-prior"])
@pytest.mark.parametrize("size", SIZES)
def test_every_map_is_a_saliency_map(name: str, size: tuple[int, int]) -> None:
    peer = peer_or_skip(name)
    for image in (gradient(size), noise(size), np.zeros((size[1], size[0], 3), np.uint8)):
        saliency_map = peer.look(image).map
        assert saliency_map.dtype == np.float32
        assert saliency_map.ndim == 2
        assert np.isfinite(saliency_map).all()
        assert saliency_map.min() >= 0
        assert saliency_map.sum(dtype=np.float64) == pytest.approx(1, abs=1e-4)


def test_an_unknown_peer_lists_the_known() -> None:
    with pytest.raises(ValueError, match="unknown peer 'twiter'; available: twitter-2018, twitter-mass, twitter-ma"):
        load_peer("twiter")


@pytest.mark.parametrize("load", [lambda: load_peer("twitter-mass"), lambda: load_peer("twitter-2018")])
@pytest.mark.parametrize("value", [None, "", "/nowhere/fastgaze.vxm", __file__])
def test_without_the_network_the_way_to_get_it(load: Any, value: str | None, monkeypatch: Any) -> None:
    monkeypatch.delenv("FASTGAZE_VXM", raising=False)
    if value is not None:
        monkeypatch.setenv("FASTGAZE_VXM", value)
    with pytest.raises(PeerUnavailable) as caught:
        load()
    message = str(caught.value)
    assert "needs Twitter's network: set FASTGAZE_VXM to fastgaze.vxm from https://github.com/twitter-res" in message
    assert (value or "FASTGAZE_VXM is not set") in message


@pytest.mark.parametrize(
    ("name", "package", "way"),
    [
        ("vips-attention", "pyvips", r"vips-attention needs libvips: pip install 'pyvips\[binary\]'"),
        ("vips-entropy", "pyvips", r"vips-entropy needs libvips: pip install 'pyvips\[binary\]'"),
        ("smartcrop", "smartcrop", "smartcrop needs smartcrop.py: pip install smartcrop"),
    ],
)
def test_without_a_package_the_way_to_get_it(name: str, package: str, way: str, monkeypatch: Any) -> None:
    monkeypatch.setitem(sys.modules, package, None)  # what Python itself does to forbid an import
    for module in ("vips", "smartcrop"):
        monkeypatch.delitem(sys.modules, f"eval.peers.{module}", raising=False)
    with pytest.raises(PeerUnavailable, match=way):
        load_peer(name)
    assert load_peer("spectral-residual").name == "spectral-residual"


# --- Twitter's, against its program ---


def reference() -> list[dict[str, Any]]:
    """The released program's output, beside the network: see the file itself."""
    path = Path(os.environ["FASTGAZE_VXM"]).with_name("reference.json")
    if not path.exists():
        pytest.skip(f"no {path.name} beside FASTGAZE_VXM")
    return list(json.loads(path.read_text()))


def photo(entry: dict[str, Any]) -> Path:
    return Path(os.environ["GAZE_DATA"]) / entry["image"]


def reference_scores(entry: dict[str, Any], shape: tuple[int, int]) -> NDArray[np.float64]:
    return np.array(entry["points_x_y_score"])[:, 2].reshape(shape)


def decoded_smaller(path: Path) -> RgbImage:
    """The network's input by the road that the program takes: the JPEG library itself shrinks."""
    with Image.open(path) as image:
        size = input_size(image.size)
        spare = min(image.width // size[0], image.height // size[1])
        scale = next((scale for scale in JPEG_SCALES if scale <= spare), 1)
        image.draft("RGB", (image.width // scale, image.height // scale))
        return fit(np.asarray(image.convert("RGB")), size)


@needs_network
@needs_photos
def test_the_network_gives_the_released_scores() -> None:
    twitter = load_twitter()
    errors = []
    for entry in reference():
        scores = twitter.scores(decoded_smaller(photo(entry)))
        errors.append(np.abs(scores - reference_scores(entry, scores.shape)).max())
    assert len(errors) == 24
    assert max(errors) < 0.015  # 0.009 with Pillow 13's JPEG library


@needs_network
@needs_photos
def test_the_crops_are_the_released_ones() -> None:
    """By the road that runs take, from the pixels of the decoded photo."""
    twitter = load_twitter()
    errors, points, crops, symmetric = [], 0, 0, 0
    for entry in reference():
        image = open_image(photo(entry))
        scores = twitter.scores(network_input(image))
        errors.append(np.abs(scores - reference_scores(entry, scores.shape)).max())
        points += list(salient_point(scores, image.shape[1::-1])) == entry["salient_point"]
        aspects = [Aspect(1, ratio) for ratio in entry["aspect_height_over_width"]]
        found = by_point(twitter).crop(image, aspects)
        crops += [crop.box.as_list() for crop in found] == entry["crops_left_top_width_height"]
        symmetric += any(crop.note == SYMMETRIC for crop in found)
    assert (points, crops) == (24, 24)
    assert symmetric == 2  # both have a crop in the middle although their salient point is not there
    assert np.median(errors) < 0.05
    assert max(errors) < 0.15


@needs_network
@needs_photos
def test_every_score_stands_where_the_program_says() -> None:
    for entry in reference():
        with Image.open(photo(entry)) as image:
            size = image.size
        shape = tuple(-(-side // CELL) for side in input_size(size)[::-1])
        points = np.array(entry["points_x_y_score"])[:, :2].astype(int)
        for index in range(0, len(points), 7):
            scores = np.zeros(shape, np.float32)
            scores.flat[index] = 1
            assert salient_point(scores, size) == tuple(points[index])


@needs_network
def test_the_released_network_is_read_whole() -> None:
    convolutions = [layer for layer in load_twitter().network.layers if isinstance(layer, Convolution)]
    channels = [layer.weight.shape[0] for layer in convolutions]
    assert channels == [43, 44, 49, 56, 44, 38, 31, 20, 18, 10, 7, 7, 2, 1]
    assert sum(layer.weight.size + layer.bias.size for layer in convolutions) == 121_060


@needs_network
def test_twitters_map_has_its_peak_at_the_salient_point() -> None:
    twitter = load_twitter()
    for name in ("astronaut_eileen_collins", "chelsea_cat", "rocket_spacex"):
        image = open_image(SAMPLES / f"{name}.jpg")
        height, width = image.shape[:2]
        saliency_map = twitter.look(image).map
        assert saliency_map is not None
        row, column = np.unravel_index(np.argmax(saliency_map), saliency_map.shape)
        x, y = salient_point(twitter.scores(network_input(image)), (width, height))
        cell = CELL * max(width, height) / 320
        assert (column + 0.5) * width / saliency_map.shape[1] == pytest.approx(x, abs=cell / 2)
        assert (row + 0.5) * height / saliency_map.shape[0] == pytest.approx(y, abs=cell / 2)


# --- Twitter's, without its file ---


def write_toy(path: Path, layers: list[dict[str, Any]]) -> None:
    """A .vxm file, written from the description of the format alone."""
    records: dict[str, bytes] = {"layerCount": struct.pack("<i", len(layers))}
    for index, layer in enumerate(layers):
        for field, value in layer.items():
            array = np.asarray(value)
            kind = "<f4" if array.dtype.kind == "f" else "<i4"
            records[f"{index}{field}"] = array.astype(kind).tobytes()
            if field == "w":
                records[f"{index}w.shape"] = struct.pack("<4i", *array.shape)
                records[f"{index}w.dtype"] = b"float32"
    data = b"\x01tPM" + struct.pack("<I", len(records))
    for key, value in sorted(records.items()):
        name = key.encode() + b"\0"
        data += struct.pack("<I", len(name)) + name + struct.pack("<I", len(value)) + value
    path.write_bytes(data)


def toy_layers(seed: int) -> list[dict[str, Any]]:
    rng = np.random.default_rng(seed)
    return [
        {"Type": 0, "Act": 1, "w": rng.normal(size=(4, 3, 3, 3)), "b": rng.normal(size=4)},
        {"Type": 2, "Pool": 2},
        {"Type": 0, "Act": 4, "alpha": 0.3, "w": rng.normal(size=(2, 4, 3, 3)), "b": rng.normal(size=2)},
        {"Type": 2, "Pool": 2},
        {"Type": 0, "Act": 4, "alpha": 0.4, "w": rng.normal(size=(1, 2, 1, 1)), "b": rng.normal(size=1)},
        {"Type": 3, "KernelSize": 19, "Std": 3},
    ]


def slow_network(layers: list[dict[str, Any]], planes: NDArray[np.float64]) -> NDArray[np.float64]:
    """The toy by loops: planes (H, W, channels) -> (rows, columns)."""
    for layer in layers:
        height, width, _ = planes.shape
        if layer["Type"] == 0:
            out, _, kh, kw = layer["w"].shape
            padded = np.pad(planes, ((kh // 2, kh // 2), (kw // 2, kw // 2), (0, 0)))
            result = np.zeros((height, width, out))
            for y in range(height):
                for x in range(width):
                    part = padded[y : y + kh, x : x + kw].transpose(2, 0, 1)
                    for channel in range(out):
                        value = (part * layer["w"][channel]).sum() + layer["b"][channel]
                        result[y, x, channel] = value if value > 0 else value * layer.get("alpha", 0.0)
            planes = result
        elif layer["Type"] == 2:
            rows = [
                planes[y : y + 2, x : x + 2].max(axis=(0, 1)) for y in range(0, height, 2) for x in range(0, width, 2)
            ]
            planes = np.array(rows).reshape(-(-height // 2), -(-width // 2), -1)
    return planes[..., 0]


@pytest.mark.parametrize("size", [(8, 12), (7, 5), (9, 10), (1, 1), (3, 6)])
def test_a_toy_network_agrees_with_loops(size: tuple[int, int], tmp_path: Path) -> None:
    layers = toy_layers(seed=size[0])
    write_toy(tmp_path / "toy.vxm", layers)
    planes = np.random.default_rng(1).normal(size=(size[1], size[0], 3))
    found = Network(read_vxm(tmp_path / "toy.vxm"))(planes.astype(np.float32))
    np.testing.assert_allclose(found, slow_network(layers, planes), rtol=1e-4, atol=1e-4)


def test_the_means_come_off_red_green_and_blue(tmp_path: Path) -> None:
    path = tmp_path / "sum.vxm"
    write_toy(
        path, [{"Type": 0, "Act": 4, "alpha": 1.0, "w": np.array([1.0, 10, 100]).reshape(1, 3, 1, 1), "b": [0.5]}]
    )
    scores = Twitter(Network(read_vxm(path))).scores(np.full((2, 3, 3), (200, 150, 100), np.uint8))
    assert scores.shape == (2, 3)
    np.testing.assert_allclose(scores, (200 - 103.939) + 10 * (150 - 116.779) + 100 * (100 - 123.68) + 0.5, rtol=1e-5)


@pytest.mark.parametrize(
    "damage", ["shorter", "empty", "another", "lost layer", "wrong shape", "unknown type", "no number"]
)
def test_a_damaged_network_is_named(damage: str, tmp_path: Path) -> None:
    path = tmp_path / "toy.vxm"
    write_toy(path, toy_layers(0))
    data = path.read_bytes()
    changed = {
        "shorter": data[:-5],
        "empty": b"",
        "another": b"\x89PNG" + data[4:],
        "lost layer": data.replace(b"0Type\0", b"9Type\0"),
        "wrong shape": data.replace(struct.pack("<4i", 2, 4, 3, 3), struct.pack("<4i", 2, 5, 3, 3)),
        "no number": data.replace(b"\x06\0\0\x000Type\0\x04\0\0\0\0\0\0\0", b"\x06\0\0\x000Type\0\0\0\0\0"),
        "unknown type": data.replace(b"0Type\0\x04\0\0\0\0", b"0Type\0\x04\0\0\0\x07"),
    }[damage]
    assert changed != data
    path.write_bytes(changed)
    with pytest.raises(VxmError, match="toy.vxm is not a network"):
        read_vxm(path)


@pytest.mark.parametrize(("size", "small"), [((800, 600), (320, 240)), ((455, 570), (255, 320)), ((2, 900), (1, 320))])
def test_the_networks_input_fits_into_320_pixels(size: tuple[int, int], small: tuple[int, int]) -> None:
    pixels = network_input(gradient(size))
    assert pixels.shape[1::-1] == small
    assert pixels.dtype == np.uint8


@pytest.mark.parametrize("size", [(256, 256), (500, 400), (1400, 1000), (904, 1280)])
def test_the_networks_input_is_not_shifted(size: tuple[int, int]) -> None:
    """Against Pillow's own resizing; the shift between the two is measured in the spectrum."""
    image = np.asarray(Image.open(SAMPLES / "chelsea_cat.jpg").convert("RGB").resize(size))
    pixels = network_input(image)
    other = np.asarray(Image.fromarray(image).resize(pixels.shape[1::-1], Image.Resampling.LANCZOS))
    assert np.abs(pixels.astype(int) - other).mean() < 3
    shift, _ = cv2.phaseCorrelate(pixels.mean(axis=2), other.mean(axis=2).astype(np.float64))
    assert np.abs(shift).max() < 0.15


@pytest.mark.parametrize("size", [(901, 1283), (1335, 999), (2567, 1921), (300, 211)])
def test_pixels_are_averaged_as_in_a_jpeg_that_is_decoded_smaller(size: tuple[int, int], tmp_path: Path) -> None:
    Image.open(SAMPLES / "chelsea_cat.jpg").convert("RGB").resize(size).save(tmp_path / "cat.jpg", quality=90)
    pixels = network_input(open_image(tmp_path / "cat.jpg")).astype(int)
    other = decoded_smaller(tmp_path / "cat.jpg")
    assert pixels.shape == other.shape
    assert np.abs(pixels - other).mean() < 0.6


def test_lanczos_is_pillows_when_it_shrinks() -> None:
    image = noise((501, 433))
    other = np.asarray(Image.fromarray(image).resize((320, 277), Image.Resampling.LANCZOS))
    assert np.abs(fit(image, (320, 277)).astype(int) - other).max() <= 1


def test_a_mirrored_half_is_symmetric_and_a_gradient_is_not() -> None:
    half = noise((160, 240), seed=3)
    assert nearly_symmetric(np.concatenate([half, half[:, ::-1]], axis=1))
    assert nearly_symmetric(np.full((240, 320, 3), 77, np.uint8))
    assert not nearly_symmetric(gradient((320, 240)))
    assert not nearly_symmetric(bright_square((320, 240), 10, 20, 100))


def by_point(twitter: Twitter) -> Method:
    """The peer `twitter-2018` with this network."""
    return Method("toy", "toy", twitter.look, place_on_point)


def bright_network(tmp_path: Path) -> Twitter:
    """Scores the brightest pixel of each cell: the release's four pools and one convolution."""
    weight = np.ones((1, 3, 1, 1)) / 100
    path = tmp_path / "bright.vxm"
    pools: list[dict[str, Any]] = [{"Type": 2, "Pool": 2}] * 4
    write_toy(path, [*pools, {"Type": 0, "Act": 4, "alpha": 0.5, "w": weight, "b": [0.0]}])
    return Twitter(Network(read_vxm(path)))


def test_twitters_crop_is_centred_on_the_brightest_cell(tmp_path: Path) -> None:
    twitter = by_point(bright_network(tmp_path))
    image = bright_square((640, 480), left=448, top=96, side=32)  # exactly the cell of row 3, column 14
    wide, tall, square = twitter.crop(image, [Aspect(2, 1), Aspect(1, 2), Aspect(1, 1)])
    assert wide.focal_point == (464.5, 112.5)
    assert wide.box == Box(0, 0, 640, 320)  # 112 - 160 is above the picture
    assert tall.box == Box(464 - 120, 0, 240, 480)
    assert square.box == Box(160, 0, 480, 480)  # 464 - 240 is beyond the right border
    assert wide.note == ""


def test_twitters_crop_of_a_symmetric_picture_is_in_the_middle(tmp_path: Path) -> None:
    twitter = by_point(bright_network(tmp_path))
    image = np.full((480, 640, 3), 40, np.uint8)
    image[96:128, 64:96] = image[96:128, 544:576] = 255
    (tall,) = twitter.crop(image, [Aspect(1, 2)])
    assert tall.box == Box(200, 0, 240, 480)
    assert tall.note == SYMMETRIC
    (top,) = twitter.crop(image, [Aspect(4, 1)])
    assert top.box == Box(0, 112 - 80, 640, 160)


def test_twitters_map_leaves_out_what_lies_beyond_the_picture(tmp_path: Path) -> None:
    """320 x 200 has 12.5 rows of cells: the centre of the last row lies on the lower border."""
    image = bright_square((320, 200), left=0, top=192, side=8)
    saliency_map = bright_network(tmp_path).look(image).map
    assert saliency_map is not None
    assert saliency_map.shape == (200, 320)
    means = 103.939 + 116.779 + 123.68
    bright = np.exp((3 * 255 - means) / 100 + 0.5 * means / 100)  # times the density of black
    relative = saliency_map / saliency_map[0, 319]
    np.testing.assert_allclose(relative[:184], 1, rtol=1e-4)
    for y in (188, 191, 199):  # between the centres of the last two rows, at 184 and 200
        share = (y + 0.5 - 184) / 16
        assert relative[y, 0] == pytest.approx(1 - share + share * bright, rel=1e-3)


# --- our window on their map ---


@pytest.mark.parametrize("seed", range(4))
def test_the_mass_crop_keeps_as_much_as_any_window(seed: int) -> None:
    rng = np.random.default_rng(seed)
    saliency_map = random_map(rng, (6, 8))
    size = (40, 30)
    for crop in place_most_mass(Evidence(map=saliency_map), size, ASPECTS):
        kept = kept_by_pixels(
            saliency_map, size, (crop.box.left, crop.box.top, crop.box.width, crop.box.height), fine=4
        )
        best = best_box_by_trial(saliency_map, size, (crop.box.width, crop.box.height))
        assert kept == pytest.approx(best, abs=0.01)


def test_the_mass_crop_has_no_prior_of_ours() -> None:
    """All but nothing of the map lies in a corner: only what is there counts."""
    saliency_map = one_peak((6, 40), 2, 39) * 0.01 + one_peak((6, 40), 3, 39)
    (crop,) = place_most_mass(Evidence(map=saliency_map / saliency_map.sum()), (400, 60), [Aspect(1, 6)])
    assert crop.box == Box(390, 0, 10, 60)


# --- libvips ---


@needs_vips
@pytest.mark.parametrize("interesting", ["attention", "entropy"])
@pytest.mark.parametrize("seed", range(3))
def test_vips_boxes_are_the_pixels_that_libvips_returns(interesting: str, seed: int) -> None:
    import pyvips

    for size in ((333, 201), (160, 301)):
        image = noise(size, seed)
        crops = load_peer(f"vips-{interesting}").crop(image, ASPECTS)
        assert len({crop.box.as_list()[0] + crop.box.as_list()[1] for crop in crops}) > 1
        for crop in crops:
            box = crop.box
            part = pyvips.Image.new_from_array(image).smartcrop(box.width, box.height, interesting=interesting)
            pixels = image[box.top : box.bottom, box.left : box.right]
            np.testing.assert_array_equal(part.numpy().reshape(pixels.shape), pixels)


@needs_vips
@pytest.mark.parametrize("name", ["vips-attention", "vips-entropy"])
def test_vips_finds_the_only_thing_there_is(name: str) -> None:
    image = np.full((300, 900, 3), 90, np.uint8)
    rng = np.random.default_rng(0)
    image[100:200, 700:800] = rng.integers(0, 256, (100, 100, 3))
    (crop,) = load_peer(name).crop(image, [Aspect(1, 1)])
    assert crop.box.left <= 700
    assert crop.box.right >= 800
    (crop,) = load_peer(name).crop(np.ascontiguousarray(image.transpose(1, 0, 2)), [Aspect(1, 1)])
    assert crop.box.top <= 700
    assert crop.box.bottom >= 800


# --- smartcrop.py ---


@needs_smartcrop
@pytest.mark.parametrize("name", ["chelsea_cat", "rocket_spacex", "umang"])
def test_smartcrop_boxes_are_what_the_library_returns(name: str) -> None:
    import smartcrop

    picture = Image.open(SAMPLES / f"{name}.jpg").convert("RGB")
    for crop in load_peer("smartcrop").crop(np.asarray(picture), ASPECTS):
        box = crop.box
        scale = 100 / min(box.width, box.height)
        thumbnail = (round(box.width * scale), round(box.height * scale))
        theirs = smartcrop.SmartCrop().crop(picture, *thumbnail, min_scale=1.0)["top_crop"]
        # theirs is up to a reduced pixel smaller, for it is rounded down at the reduced size: the middles agree
        near = 1.5 * max(1, min(box.width, box.height) / 100)
        assert theirs["width"] == pytest.approx(box.width, abs=3 * near)
        assert theirs["height"] == pytest.approx(box.height, abs=3 * near)
        assert theirs["x"] + theirs["width"] / 2 == pytest.approx(box.center[0], abs=3 * near)
        assert theirs["y"] + theirs["height"] / 2 == pytest.approx(box.center[1], abs=3 * near)


@needs_smartcrop
def test_smartcrop_is_exactly_the_library_where_nothing_is_reduced() -> None:
    """A crop of 100 pixels or less is asked for as it is: the same pixels."""
    import smartcrop

    image = noise((240, 96), seed=2)
    (crop,) = load_peer("smartcrop").crop(image, [Aspect(1, 1)])
    theirs = smartcrop.SmartCrop().crop(Image.fromarray(image), 96, 96, min_scale=1.0)["top_crop"]
    assert crop.box.as_list() == [theirs[side] for side in ("x", "y", "width", "height")]


@needs_smartcrop
def test_smartcrop_finds_the_only_thing_there_is() -> None:
    image = np.full((300, 900, 3), 30, np.uint8)
    image[110:190, 690:770] = (224, 164, 126)  # skin
    image[120:180:8, 700:760] = 20
    (crop,) = load_peer("smartcrop").crop(image, [Aspect(1, 1)])
    assert crop.box.left <= 690
    assert crop.box.right >= 770


# --- the spectral residual ---


def slow_spectral_residual(gray: NDArray[np.float64]) -> NDArray[np.float64]:
    """The paper's steps by matrices and loops, no FFT and no library filter."""
    height, width = gray.shape
    down = np.exp(-2j * np.pi * np.outer(np.arange(height), np.arange(height)) / height)
    across = np.exp(-2j * np.pi * np.outer(np.arange(width), np.arange(width)) / width)
    spectrum = down @ gray @ across
    log_amplitude = np.log(np.abs(spectrum))
    residual = np.zeros_like(gray)
    for y in range(height):
        for x in range(width):
            rows = [min(max(y + dy, 0), height - 1) for dy in (-1, 0, 1)]
            columns = [min(max(x + dx, 0), width - 1) for dx in (-1, 0, 1)]
            residual[y, x] = log_amplitude[y, x] - np.mean([log_amplitude[r, c] for r in rows for c in columns])
    rebuilt = np.exp(residual) * spectrum / np.abs(spectrum)
    energy = np.abs(down.conj() @ rebuilt @ across.conj() / gray.size) ** 2
    offsets = np.arange(-5, 6)
    kernel = np.exp(-(offsets[:, None] ** 2 + offsets**2) / (2 * 2.5**2))
    padded = np.pad(energy, 5)
    blurred = [[(padded[y : y + 11, x : x + 11] * kernel).sum() for x in range(width)] for y in range(height)]
    return np.array(blurred) / kernel.sum()


def test_the_spectral_residual_agrees_with_the_slow_one() -> None:
    gray = np.random.default_rng(0).random((21, 32))
    np.testing.assert_allclose(spectral_residual(gray), slow_spectral_residual(gray), rtol=1e-6, atol=1e-12)


@pytest.mark.parametrize(("row", "column"), [(2, 3), (5, 10), (7, 0), (1, 8), (0, 11)])
def test_the_odd_one_out_is_the_most_salient(row: int, column: int) -> None:
    """Upright bars, one of them lying: the textbook picture of what pops out.

    The bars stand a little off their grid, for the spectrum of a perfect one is empty but for its comb.
    """
    rng = np.random.default_rng(0)
    image = np.full((400, 600, 3), 40, np.uint8)
    for y in range(8):
        for x in range(12):
            middle_y, middle_x = np.array([50 * y + 25, 50 * x + 25]) + rng.integers(-4, 5, 2)
            half_height, half_width = (5, 18) if (y, x) == (row, column) else (18, 5)
            image[middle_y - half_height : middle_y + half_height, middle_x - half_width : middle_x + half_width] = 230
    saliency_map = SpectralResidual().predict(image)
    assert saliency_map.shape == (43, 64)
    peak_row, peak_column = np.unravel_index(np.argmax(saliency_map), saliency_map.shape)
    middle = (50 * column + 25, 50 * row + 25)
    assert (peak_column + 0.5) * 600 / 64 == pytest.approx(middle[0], abs=25)
    assert (peak_row + 0.5) * 400 / 43 == pytest.approx(middle[1], abs=25)


def test_the_spectral_crop_holds_the_only_thing_there_is() -> None:
    for left in (0, 150, 540):
        (crop,) = load_peer("spectral-residual").crop(bright_square((600, 200), left, 70, 60), [Aspect(1, 1)])
        assert crop.box.left <= left
        assert left + 60 <= crop.box.right


@pytest.mark.parametrize("size", [(64, 64), (300, 201), (1, 1)])
def test_a_constant_picture_has_an_even_map(size: tuple[int, int]) -> None:
    for value in (0, 77, 255):
        image = np.full((size[1], size[0], 3), value, np.uint8)
        saliency_map = SpectralResidual().predict(image)
        np.testing.assert_allclose(saliency_map, 1 / saliency_map.size, rtol=1e-6)
        for crop in load_peer("spectral-residual").crop(image, ASPECTS):
            assert crop.box == center_window(size, crop.aspect)


def test_the_spectral_residual_mirrors_with_the_picture() -> None:
    image = np.asarray(Image.open(SAMPLES / "chelsea_cat.jpg").convert("RGB").resize((128, 96)))
    saliency_map = SpectralResidual().predict(image)
    mirrored = SpectralResidual().predict(np.ascontiguousarray(image[:, ::-1]))
    # not quite: the spectrum's average of 3 x 3 meets its border at other frequencies
    np.testing.assert_allclose(saliency_map, mirrored[:, ::-1], atol=0.02 * saliency_map.max())
