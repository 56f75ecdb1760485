"""What is beyond a limit is refused by its header, with what it has, the limit, and who can do what about it."""

from __future__ import annotations

import io
import pickle
import re
import struct
import tomllib
import tracemalloc
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, PngImagePlugin

from pages.your_data.uploads import MAX_UPLOAD
from saliency.__main__ import main
from saliency.files.errors import TooLargeError
from saliency.files.png import SIGNATURE, chunk
from saliency.image import ImageError, image_size, open_image
from saliency.limits import BYTES, LIMITS, PIXELS, THREADS, Limit, SettingError, check_settings
from tests.corpus.kind import encoded, exif

ROOT = Path(__file__).parents[2]
SMALL = Image.new("RGB", (64, 48))


def blank(size: tuple[int, int]) -> bytes:
    """A PNG of one bit a pixel."""
    rows = zlib.compress(bytes((1 + (size[0] + 7) // 8) * size[1]))
    header = struct.pack(">IIBBBBB", *size, 1, 0, 0, 0, 0)
    return SIGNATURE + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(8064, 6048), (20_000, 1000), (300, 30_000), (12_000, 8000)])
def test_what_cameras_and_panoramas_have_passes(size: tuple[int, int]) -> None:
    assert image_size(blank(size)) == size


@pytest.mark.parametrize(
    ("size", "told"),
    [
        ((30_001, 1000), "30001 x 1000 pixels; the limit is 30000 pixels a side; send a smaller one"),
        ((12_000, 9000), "12000 x 9000 pixels; the limit is 100 million pixels; send a smaller one"),
        ((50, 5001), "50 x 5001 pixels; the limit is 100 times the other side; send a part of it"),
    ],
)
def test_a_size_beyond_a_limit_is_refused_by_its_header(size: tuple[int, int], told: str) -> None:
    with pytest.raises(TooLargeError, match=told):
        open_image(blank(size))


def app_segments(size: int) -> bytes:
    data = encoded(SMALL, "JPEG")
    parts = [min(size - at, 60_000) for at in range(0, size, 60_000)]
    return data[:2] + b"".join(b"\xff\xed" + struct.pack(">H", 2 + part) + bytes(part) for part in parts) + data[2:]


def texts(size: int) -> bytes:
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", "x" * size)
    return encoded(SMALL, "PNG", pnginfo=info)


def application(size: int) -> bytes:
    data = encoded(SMALL, "GIF")
    end = 13 + (3 << (data[10] & 7) + 1 if data[10] & 0x80 else 0)
    blocks = b"".join(b"\xff" + bytes(255) for _ in range(size // 256))
    return data[:end] + b"!\xff\x0bXMP DataXMP" + blocks + b"\0" + data[end:]


SAID: dict[str, Callable[[int], bytes]] = {
    "JPEG": app_segments,
    "PNG": texts,
    "GIF": application,
    "WEBP": lambda size: encoded(SMALL, "WEBP", xmp=b"x" * size),
    "TIFF": lambda size: encoded(SMALL, "TIFF", tiffinfo={700: b"x" * size}),
    "AVIF": lambda size: encoded(SMALL, "AVIF", xmp=b"x" * size),
    "HEIF": lambda size: encoded(SMALL, "HEIF", xmp=b"x" * size),
}


@pytest.mark.parametrize("kind", SAID)
def test_what_is_said_about_a_picture_has_a_limit(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("saliency.image.MAX_METADATA", 20_000)
    open_image(SAID[kind](15_000))
    with pytest.raises(TooLargeError, match=r"the file has 2\d\.?\d* kB of EXIF, XMP, .* the limit is 16000 kB"):
        open_image(SAID[kind](25_000))


def test_tags_that_share_their_values_are_not_each_unpacked() -> None:
    count, length = 1000, 60_000
    values = 8 + 2 + 12 * count + 4
    entries = b"".join(struct.pack("<HHII", 1000 + tag, 7, length, values) for tag in range(count))
    tags = b"II*\0\x08\0\0\0" + struct.pack("<H", count) + entries + bytes(4 + length)
    data = encoded(SMALL, "WEBP", exif=b"Exif\0\0" + tags)
    tracemalloc.start()
    open_image(data)
    with pytest.raises(ImageError):
        open_image(tags)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 10e6  # each tag's values unpacked once would be 480 MB


def test_pillow_counts_a_pictures_pixels_too() -> None:
    header = struct.pack("<2sIHHIIiiHHI", b"BM", 54, 0, 0, 54, 40, 20_000, 12_500, 1, 24, 0) + bytes(20)
    with pytest.raises(
        TooLargeError, match="the picture has 250 million pixels; the limit is 100 million pixels; send"
    ):
        open_image(header)


@pytest.mark.parametrize("compression", [0, 9])
def test_a_bomb_is_not_mended_either(compression: int) -> None:
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 6, compression, 0, 0)
    data = SIGNATURE + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(100)))
    with pytest.raises(TooLargeError, match="the limit is"):
        open_image(data)


@pytest.mark.parametrize("limit", LIMITS.values(), ids=list(LIMITS))
def test_a_setting_that_means_nothing_is_a_sentence(
    limit: Limit, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    setting = limit.setting
    for text in ("many", "-1", "0", "nan", "inf", "1e400"):
        monkeypatch.setenv(setting, text)
        with pytest.raises(SettingError, match=f"^{setting} is no positive number: '{re.escape(text)}'$"):
            check_settings()
        with pytest.raises(SystemExit, match="2"):
            main(["crop", str(ROOT / "samples/chelsea_cat.jpg")])
        assert f"error: {setting} is no positive number: '{text}'" in capsys.readouterr().err
    for text in ("", " 7 ", "7.5"):
        monkeypatch.setenv(setting, text)
        check_settings()


@pytest.mark.parametrize("text", ["two", "-1", "1.5", "1e3", "٣", "999999999"])
def test_threads_are_a_whole_number(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(THREADS, text)
    with pytest.raises(SettingError, match="^GAZECROP_THREADS is no whole number of threads: "):
        check_settings()


def test_no_setting_asks_for_more_than_decoders_give() -> None:
    with pytest.raises(
        SettingError, match="GAZECROP_MAX_MEGAPIXELS is 701, and no more than 700 million pixels can be opened"
    ):
        PIXELS.read({PIXELS.setting: "701"})
    assert PIXELS.read({PIXELS.setting: "700"}) == 700e6


def test_the_owner_is_told_the_setting_and_the_error_travels_between_processes() -> None:
    error = TooLargeError(BYTES, "the file has 28 MB")
    assert str(error) == "the file has 28 MB; the limit is 25 MB; send a smaller one"
    again = pickle.loads(pickle.dumps(error))
    assert str(again) == str(error)
    assert again.told_owner() == "the file has 28 MB; the limit is 25 MB; GAZECROP_MAX_MEGABYTES raises it"


def test_a_stream_that_is_too_long_is_not_read_to_its_end() -> None:
    stream = io.BytesIO(bytes(5000))
    with pytest.raises(TooLargeError, match="the file has more than 0.001 MB; the limit is 0.001 MB"):
        open_image(stream, max_bytes=1000)
    assert stream.tell() == 1001


def test_the_documented_limits_are_those_there_are() -> None:
    documented = (ROOT / "docs/app.md").read_text(encoding="utf-8")
    for limit in LIMITS.values():
        assert f"| `{limit.setting}` | {limit.usual:,g} {limit.unit} | {limit.of} |" in documented
    config = tomllib.loads((ROOT / ".streamlit/config.toml").read_text(encoding="utf-8"))
    assert config["server"]["maxUploadSize"] == MAX_UPLOAD >= BYTES.usual


def chunks(name: bytes, count: int) -> bytes:
    data = encoded(SMALL, "PNG")
    return data[:33] + chunk(name, b"") * count + data[33:]


GIF_PIXEL = b",\0\0\0\0\1\0\1\0\x80\0\0\0\xff\xff\xff\2\2D\1\0;"
MANY: dict[str, Callable[[int], bytes]] = {
    "JPEG": lambda count: encoded(SMALL, "JPEG")[:2] + b"\xff\xfe\0\2" * count + encoded(SMALL, "JPEG")[2:],
    "JPEG, filled up": lambda count: encoded(SMALL, "JPEG")[:2] + b"\xff" * count + encoded(SMALL, "JPEG")[2:],
    "PNG": lambda count: chunks(b"teXt", count),
    "WEBP": lambda count: encoded(SMALL, "WEBP") + (b"abcd" + bytes(4)) * count,
    "GIF": lambda count: b"GIF89a\1\0\1\0\0\0\0" + b"!\xfe\0" * count + GIF_PIXEL,
}


@pytest.mark.parametrize("kind", MANY)
def test_a_file_of_countless_parts_is_not_walked_to_its_end(kind: str) -> None:
    open_image(MANY[kind](1000))
    with pytest.raises(ImageError, match="it has more than 100000 parts"):
        open_image(MANY[kind](100_001))


def test_exif_turns_a_picture_as_before() -> None:
    turned = encoded(SMALL, "JPEG", exif=exif(6))
    assert open_image(turned).shape == (64, 48, 3)
