"""The Compare view: what is said of two crops, which methods are marked, and that the numbers are the core's."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from html.parser import HTMLParser

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from eval.methods import load_methods
from eval.peers import PEERS
from pages.crop.compare import compare_two, crops_of
from pages.crop.compare_html import Cell, grid_html, lit, overlap, overlap_percent
from pages.crop.peers import get_peer
from pages.crop.shot import Shot
from pages.shared.palette import METHOD_LOOKS, Look, method_look
from pages.shared.photo_cache import analyse
from pages.shared.photos import read_samples, sample_photo
from pages.shared.phrases import listed
from saliency import METHODS, load_model, open_image
from saliency.crop import expected_gaze
from saliency.formats import FORMATS
from saliency.framing import Framing
from saliency.types import Aspect, Box, Crop
from tests.pages.app import ROOT, open_page

SAMPLE = "china_temple.jpg"
LOOK = Look("Some method", "#0072b2")
NBSP = "\u00a0"

boxes = st.builds(Box, st.integers(0, 9), st.integers(0, 9), st.integers(1, 9), st.integers(1, 9))


@given(boxes, boxes)
def test_overlap_is_the_share_of_pixels_in_both(one: Box, other: Box) -> None:
    mine, theirs = pixels_of(one), pixels_of(other)
    assert overlap(one, other) == pytest.approx(len(mine & theirs) / len(mine | theirs))
    assert (overlap(one, other) == 1) == (one == other)


def pixels_of(box: Box) -> set[tuple[int, int]]:
    return {(x, y) for x in range(box.left, box.right) for y in range(box.top, box.bottom)}


@given(st.integers(1, 999), st.integers(1, 999))
def test_an_overlap_is_never_overstated(part: int, more: int) -> None:
    whole = part + more
    shown = int(overlap_percent(part / whole).removesuffix(f"{NBSP}%"))
    assert shown == 100 * part // whole < 100


def test_two_crops_in_a_sentence() -> None:
    aspect = Aspect(1, 1)
    crop, moved = Crop(aspect, Box(0, 0, 60, 60), 0.934), Crop(aspect, Box(20, 0, 60, 60), 0.711)
    one, other = ("Saliency", crop, ""), ("Centre", moved, "")
    said = compare_two(one, other).replace(NBSP, " ")
    assert said == ("Saliency keeps 93 % of expected gaze, Centre 71 %; the crops overlap by 50 %.")
    assert "nothing in common" in compare_two(one, ("Centre", Crop(aspect, Box(60, 0, 60, 60), 0.2), ""))
    said = compare_two(one, ("Centre", crop, "")).replace(NBSP, " ")
    assert said == "Saliency and Centre crop alike: it keeps 93 % of expected gaze."


def test_both_judgements_of_two_crops_in_a_sentence() -> None:
    aspect = Aspect(1, 1)
    whole = "Saliency", Crop(aspect, Box(0, 0, 60, 60), 0.5), "Head whole"
    cut = "Centre", Crop(aspect, Box(20, 0, 60, 60), 0.6), "Cuts off the head"
    assert compare_two(whole, cut).replace(NBSP, " ") == (
        "Saliency keeps 50 % of expected gaze (head whole), Centre 60 % (cuts off the head); the crops overlap by 50 %."
    )
    assert "it keeps 50 % of expected gaze (head whole)." in compare_two(whole, whole).replace(NBSP, " ")


def test_the_crop_is_lit_and_the_rest_is_dark() -> None:
    preview = np.full((500, 1000, 3), 200, np.uint8)
    shown = lit(preview, Box(1000, 0, 1000, 1000), LOOK, (2000, 1000))
    assert shown.shape == preview.shape
    assert (shown[250, :490] == 80).all()
    assert (shown[250, 510:990] == 200).all()
    assert (shown[250, 500:510] == LOOK.rgb).all(axis=-1).any()
    assert (preview == 200).all()


@dataclass
class Written:
    """What stands in one cell of a grid. said: its texts in order, the label and the share kept first."""

    alt: str = ""
    badge: str = ""
    said: list[str] = field(default_factory=list)


class Grid(HTMLParser):
    """The cells of a grid, and the names of all tags."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.cells: list[Written] = []
        self.tags: list[str] = []
        self.in_badge = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append(tag)
        if tag == "figure":
            self.cells.append(Written())
        if tag == "img":
            self.cells[-1].alt = given["alt"] or ""
        self.in_badge = "badge" in (given.get("class") or "").split()

    def handle_data(self, data: str) -> None:
        if self.in_badge:
            self.cells[-1].badge = data
        elif self.cells and data.strip():
            self.cells[-1].said.append(data)
        self.in_badge = False


def test_the_grid_marks_those_that_differ_and_escapes_what_is_said() -> None:
    hostile = '"><img src=x onerror="alert(1)">'
    cells = [
        Cell(LOOK, b"jpeg", hostile, 0.9, None, note=hostile),
        Cell(LOOK, b"jpeg", "far", 0.5, 0.7499, "Cuts off the head"),
        Cell(LOOK, b"jpeg", "near", 0.8, 0.75),
        Cell(LOOK, b"jpeg", "same", 0.9, 1.0),
    ]
    grid = Grid(grid_html(cells, Aspect(9, 16)))
    assert grid.tags.count("img") == 4
    assert "script" not in grid.tags
    assert [cell.badge for cell in grid.cells] == ["reference", "differs", "", ""]
    assert [cell.alt for cell in grid.cells] == [hostile, "far", "near", "same"]
    assert hostile in grid.cells[0].said
    assert f"overlaps by 74{NBSP}%" in grid.cells[1].said
    assert "Cuts off the head" in grid.cells[1].said
    assert f"overlaps by 75{NBSP}%" in grid.cells[2].said
    assert "the same crop" in grid.cells[3].said


def open_compare(**query: str) -> AppTest:
    return open_page(**{"view": "compare", "sample": SAMPLE, **query})


def grid_of(page: AppTest) -> dict[str, Written]:
    """The cells by the label of their method, in order."""
    html = next(element.proto.body for element in page.get("html") if "<figure>" in element.proto.body)
    return {cell.said[0]: cell for cell in Grid(html).cells}


def check_numbers(page: AppTest, names: list[str], aspect: Aspect) -> None:
    """Every method run anew, and its share counted on a map of one cell a pixel."""
    image = open_image(ROOT / "samples" / SAMPLE)
    height, width = image.shape[:2]
    gaze = expected_gaze(load_model("gaze").predict(image))
    methods, missing = load_methods(names)
    assert not missing
    crops = {method.name: method.crop(image, [aspect])[0] for method in methods}
    grid = grid_of(page)
    assert next(iter(grid)) == "Saliency"
    assert set(grid) == {method_look(name).label for name in names}
    for name, crop in crops.items():
        cell = grid[method_look(name).label]
        kept = literal_share(gaze, (width, height), crop.box)
        assert cell.said[1] == f"{kept * 100:.0f}{NBSP}%", name
        differs = overlap(crop.box, crops["gaze"].box) < 0.75
        assert cell.badge == ("reference" if name == "gaze" else "differs" if differs else ""), name
    overlaps = [overlap(crop.box, crops["gaze"].box) for crop in crops.values()]
    by_label = {method_look(name).label: share for name, share in zip(crops, overlaps, strict=True)}
    order = [by_label[label] for label in list(grid)[1:]]
    assert order == sorted(order)


def literal_share(gaze: np.ndarray, size: tuple[int, int], box: Box) -> float:
    """The sum over all cells of their gaze times the share of their area inside the box."""
    total = 0.0
    cell_width, cell_height = size[0] / gaze.shape[1], size[1] / gaze.shape[0]
    for row in range(gaze.shape[0]):
        for column in range(gaze.shape[1]):
            left, top = column * cell_width, row * cell_height
            across = min(left + cell_width, box.right) - max(left, box.left)
            down = min(top + cell_height, box.bottom) - max(top, box.top)
            if across > 0 and down > 0:
                total += gaze[row, column] * across * down / (cell_width * cell_height)
    return total


def forget_peers() -> None:
    """What was loaded with another environment."""
    get_peer.clear()


def test_numbers_are_the_cores_and_a_missing_network_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FASTGAZE_VXM", raising=False)
    forget_peers()
    page = open_compare(formats="story")
    check_numbers(page, [*METHODS, *(name for name in PEERS if not name.startswith("twitter"))], Aspect(9, 16))
    said = " ".join(element.value for element in [*page.caption, *page.markdown])
    labels = [f"**{method_look(name).label}**" for name in PEERS if name.startswith("twitter")]
    assert f"{listed(labels)} need Twitter's network: set FASTGAZE_VXM to" in said
    assert "https://github.com/twitter-research/image-crop-analysis" in said


@pytest.mark.skipif(not os.environ.get("FASTGAZE_VXM"), reason="FASTGAZE_VXM is not set")
def test_twitters_methods_are_among_them_where_their_network_is() -> None:
    forget_peers()
    page = open_compare(formats="square")
    check_numbers(page, [*METHODS, *PEERS], Aspect(1, 1))
    assert not any("image-crop-analysis" in element.value for element in page.caption)
    page.selectbox(key="crop-compare-right").set_value("twitter-2018").run()
    assert any("Twitter 2018" in element.value for element in page.markdown)


def test_the_sentence_follows_the_pickers() -> None:
    page = open_compare(formats="story,banner")
    assert page.selectbox(key="crop-compare-left").value == "gaze"
    assert page.selectbox(key="crop-compare-right").value == "center"
    page.selectbox(key="crop-compare-right").set_value("spectral-residual").run()
    page.selectbox(key="crop-compare-format").set_value("Banner 3:1").run()
    assert not page.exception
    grid = grid_of(page)
    kept = {label: cell.said[1] for label, cell in grid.items()}
    said = " ".join(element.value for element in page.markdown).replace("\\", "")
    assert f"Saliency keeps {kept['Saliency']} of expected gaze" in said
    assert f"Spectral residual {kept['Spectral residual']};" in said


def test_in_a_tight_view_all_methods_have_the_zoom_of_saliency() -> None:
    photo = sample_photo(read_samples()[SAMPLE])
    shot = Shot(photo, "temple", analyse(photo, ("face",), ()), Framing(keep=0.5))
    crops = crops_of(shot, [*METHOD_LOOKS, "spectral-residual", "smartcrop"], FORMATS["single"])
    sizes = {(crop.box.width, crop.box.height) for crop in crops.values()}
    assert len(sizes) == 1
    assert max(next(iter(sizes))) < 640
