"""A whole photo is copied: its pixels in the same bytes, as much said about them as is wished."""

from __future__ import annotations

import io
import struct
from typing import Any

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from saliency.animation import Animation, open_animation
from saliency.copies import copied
from saliency.image import open_image, open_picture
from saliency.originals import ARTIST, COPYRIGHT
from saliency.photo_file import Original, Writing
from saliency.types import Box
from tests.corpus import KINDS
from tests.corpus.kind import ROUGH, XMP, Kind, encoded
from tests.corpus.kind import exif as exif_lying
from tests.corpus.moving import FILMS, Film

MODEL = 0x0110
OPENS = [kind for kind in KINDS.values() if not kind.refused and not kind.damaged]
SECRET = b"a secret place"


def noted(kind: str, **options: Any) -> bytes:
    """A photo with whose it is, and more."""
    exif = Image.Exif()
    exif[ARTIST], exif[COPYRIGHT], exif[MODEL] = "Ada", "(c) Ada", SECRET.decode()
    if kind == "PNG":
        options["pnginfo"] = PngImagePlugin.PngInfo()
        options["pnginfo"].add_text("Comment", SECRET.decode())
    elif kind == "GIF":
        options["comment"] = SECRET
    return encoded(Image.fromarray(ROUGH), kind, exif=exif, **options)


def whole(data: bytes, kind: str, **how: Any) -> bytes:
    opened = open_picture(data)
    return Original(data, opened, open_animation(data)).crop(Box(0, 0, *opened.size), None, Writing(kind, **how))


def pixels_of(data: bytes) -> list[bytes]:
    """The bytes that say how a PNG, WebP or GIF looks."""
    if data.startswith(b"RIFF"):
        return [data[data.index(b"VP8 ") :][: 8 + struct.unpack_from("<I", data, data.index(b"VP8 ") + 4)[0]]]
    if data.startswith(b"GIF"):
        return [data[data.index(b",\0\0\0\0") :]]
    return [data[data.index(b"IDAT") : data.index(b"IEND")]]


@pytest.mark.parametrize("keep", ["copyright", "all", "none"])
@pytest.mark.parametrize("kind", ["PNG", "WebP", "GIF"])
def test_the_pixels_stay_and_so_much_is_said_as_is_wished(kind: str, keep: str) -> None:
    data = noted(kind.upper())
    file = whole(data, kind, keep=keep)
    assert pixels_of(file) == pixels_of(data)
    assert (SECRET in file) == (keep == "all")
    with Image.open(io.BytesIO(file)) as image:
        image.load()
        found = image.getexif()
    told = kind != "GIF" and keep != "none"
    assert (found.get(ARTIST), found.get(COPYRIGHT)) == (("Ada", "(c) Ada") if told else (None, None))


def test_an_avif_without_notes_is_copied_and_one_with_them_is_written_anew() -> None:
    plain, told = encoded(ROUGH, "AVIF"), noted("AVIF")
    assert whole(plain, "AVIF") == plain
    assert SECRET in told
    assert whole(told, "AVIF", keep="all") == told
    file = whole(told, "AVIF")
    assert SECRET not in file
    assert b"Ada" in file


@pytest.mark.parametrize("kind", ["PNG", "WebP", "AVIF"])
def test_xmp_of_others_is_not_copied(kind: str) -> None:
    options: dict[str, Any] = {"xmp": XMP}
    if kind == "PNG":
        info = PngImagePlugin.PngInfo()
        info.add_itxt("XML:com.adobe.xmp", XMP.decode())
        options = {"pnginfo": info}
    data = encoded(ROUGH, kind.upper(), **options)
    assert b"xmpmeta" in data
    assert b"xmpmeta" not in whole(data, kind)
    assert whole(data, kind, keep="all") == data


@pytest.mark.parametrize("film", FILMS, ids=lambda film: film.name)
def test_an_animation_stays_what_it_is(film: Film) -> None:
    data = film.make()
    kind = {"image/gif": "GIF", "image/png": "PNG", "image/webp": "WebP", "image/avif": "AVIF"}[film.mime]
    file = whole(data, kind)
    before, after = open_animation(data), open_animation(file)
    assert isinstance(before, Animation)
    assert isinstance(after, Animation)
    assert (after.milliseconds, after.plays, after.clear) == (before.milliseconds, before.plays, before.clear)
    for one, other in zip(before.frames(), after.frames(), strict=True):
        np.testing.assert_array_equal(one.over("white"), other.over("white"))
    assert len(file) == len(data)


@pytest.mark.parametrize("kind", OPENS, ids=lambda kind: kind.name)
@pytest.mark.parametrize("keep", ["copyright", "none"])
def test_what_is_copied_of_any_kind_of_file_looks_the_same(kind: Kind, keep: str) -> None:
    data = kind.make()
    file = copied(data, keep)
    if file is not None:
        np.testing.assert_array_equal(open_image(file), open_image(data))


@pytest.mark.parametrize("kind", ["PNG", "WebP"])
def test_what_lies_on_its_side_is_written_anew(kind: str) -> None:
    data = encoded(ROUGH, kind.upper(), exif=exif_lying(6))
    for keep in ("copyright", "all"):
        with Image.open(io.BytesIO(whole(data, kind, keep=keep))) as image:
            assert image.size == ROUGH.shape[1::-1][::-1]
            assert image.getexif().get(0x0112, 1) == 1


def test_another_quality_is_written_anew_where_there_is_one() -> None:
    for kind in ("WebP", "AVIF"):
        assert whole(encoded(ROUGH, kind.upper()), kind, quality=30) != whole(encoded(ROUGH, kind.upper()), kind)
    for kind in ("PNG", "GIF"):
        assert whole(encoded(ROUGH, kind), kind, quality=30) == encoded(ROUGH, kind)


def test_a_gif_keeps_how_often_it_plays_and_no_comment() -> None:
    frames = [Image.fromarray(ROUGH), Image.fromarray(255 - ROUGH)]
    data = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:], loop=4, duration=70, comment=SECRET)
    file = whole(data, "GIF")
    assert SECRET in data
    assert SECRET not in file
    found = open_animation(file)
    assert isinstance(found, Animation)
    assert (found.plays, found.milliseconds) == (5, (70, 70))
