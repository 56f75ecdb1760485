"""The pure parts behind the pages: file names, boxes on previews, colours."""

from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np
import pytest
import streamlit as st

from pages.shared.limits import upload_help, why_not
from pages.shared.palette import METHOD_LOOKS, OTHER_LOOKS, method_look
from pages.shared.photos import SAMPLES, read_samples, unique_stems
from pages.shared.pictures import PREVIEW_SIDE, draw_boxes, reduce, scale_box
from saliency import METHODS, Box, open_image
from saliency.files.errors import TooLargeError
from saliency.limits import BYTES

ROOT = Path(__file__).parents[2]


def test_stems_are_unique_on_any_system() -> None:
    assert unique_stems(["a/cat.jpg", "Cat.png", "cat-2.jpg", "cat.heic"]) == ["cat", "Cat-2", "cat-2-2", "cat-3"]


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\photos\\Été 1.jpg", "Été 1"),
        ("", "photo"),
        ("...", "photo"),
        ('a<b>:"c|?*\n.jpg', "a_b_c_"),
        ("x" * 300 + ".jpg", "x" * 80),
    ],
)
def test_stems_are_safe_file_names(name: str, stem: str) -> None:
    assert unique_stems([name]) == [stem]


def test_every_method_has_its_own_colour_that_both_themes_show() -> None:
    theme = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())["theme"]
    assert set(METHOD_LOOKS) == set(METHODS)
    assert len({look.color for look in METHOD_LOOKS.values()}) == len(METHODS)
    for look in (*METHOD_LOOKS.values(), *OTHER_LOOKS.values()):
        for mode in ("light", "dark"):
            assert contrast(look.color, theme[mode]["backgroundColor"]) >= 3, (look.label, mode)


def contrast(first: str, second: str) -> float:
    """The contrast of two "#rrggbb" colours by WCAG 2.2, 1..21."""
    lighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(color: str) -> float:
    values = np.array(list(bytes.fromhex(color[1:]))) / 255
    linear = np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def test_every_sample_is_there_with_its_credit() -> None:
    samples = read_samples()
    assert set(samples) == {path.name for path in SAMPLES.glob("*.jpg")}
    assert all(sample.title and sample.author and sample.licence and sample.source for sample in samples.values())


def test_samples_open_and_are_small() -> None:
    for sample in read_samples().values():
        height, width, _ = open_image(sample.path).shape
        assert min(height, width) >= 300
        assert max(height, width) <= 1280
        assert sample.path.stat().st_size <= 250_000


def test_previews_are_bounded_and_never_enlarged() -> None:
    assert reduce(np.zeros((3000, 2000, 3), np.uint8)).shape == (PREVIEW_SIDE, 667, 3)
    assert reduce(np.zeros((30, 20, 3), np.uint8)).shape == (30, 20, 3)
    assert reduce(np.zeros((1, 5000, 3), np.uint8)).shape == (1, PREVIEW_SIDE, 3)


@pytest.mark.parametrize("box", [Box(0, 0, 4000, 2000), Box(3999, 0, 1, 2000), Box(0, 1999, 4000, 1), Box(7, 9, 2, 2)])
def test_a_box_stays_inside_the_preview_and_never_vanishes(box: Box) -> None:
    preview = np.zeros((100, 200, 3), np.uint8)
    scaled = scale_box(box, (4000, 2000), preview)
    assert 0 <= scaled.left < scaled.right <= 200
    assert 0 <= scaled.top < scaled.bottom <= 100


def test_a_box_is_drawn_where_it_is_in_its_colour() -> None:
    preview = np.full((200, 400, 3), 128, np.uint8)
    look = method_look("gaze")
    drawn = draw_boxes(preview, [(Box(400, 0, 800, 800), look)], (1600, 800))
    assert (preview == 128).all()
    assert (drawn[100, 100:104] == look.rgb).all(axis=-1).any()
    assert (drawn[:, :95] == 128).all()
    assert (drawn[20:180, 120:280] == 128).all()


def test_only_whoever_runs_the_server_is_told_the_setting_of_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    error = TooLargeError(BYTES, "the file has 28 MB")
    for url, told in (
        ("http://localhost:8501", "; GAZECROP_MAX_MEGABYTES raises it"),
        ("http://[::1]:8501/crop", "; GAZECROP_MAX_MEGABYTES raises it"),
        ("https://localhost.example.com/crop", "; send a smaller one, or ask whoever runs this server"),
        (None, "; send a smaller one, or ask whoever runs this server"),
    ):
        monkeypatch.setattr(type(st.context), "url", url)
        assert why_not(error) == "the file has 28 MB; the limit is 25 MB" + told
        assert (upload_help() is None) == ("server" in told)
