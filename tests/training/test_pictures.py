"""Pictures without gaze: what is gathered, what is refused, what a run that leaves a dataset out sees of it."""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from random import Random

import numpy as np
import pytest
from PIL import Image

from eval.datasets import DATASETS
from eval.scenes import KINDS, PER_KIND, draw_scene
from saliency.image import image_size
from saliency.types import RgbImage
from tests.photos import needs_data, samples_of
from training.data import LONG_SIDE
from training.pictures import SOURCES, Made, Source, SourceMissing, gather, load_pictures
from training.pictures.cuts import CELL, SHAPES, collage, cut
from training.pictures.packages import pictures_of
from training.pictures.photos import collages_of_training_photos, cuts_of_training_photos


def patchwork(seed: int, width: int = 400, height: int = 300) -> RgbImage:
    """A picture of 8 x 6 patches of random colours, smooth between them."""
    colors = np.random.default_rng(seed).integers(0, 256, (6, 8, 3), dtype=np.uint8)
    return np.asarray(Image.fromarray(colors).resize((width, height), Image.Resampling.BICUBIC))


def source_of(*images: RgbImage, name: str = "made", most: int = 99, cuts: int = 0) -> Source:
    return Source(name, "drawing", "CC0", most, lambda: map(Made, images), cuts)


def table(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.glob("*.jpg")}


def test_pictures_are_reduced_named_by_their_source_and_listed(tmp_path: Path) -> None:
    gather([source_of(patchwork(1, 1600, 400), patchwork(2))], tmp_path)
    rows = table(tmp_path / "pictures.csv")
    assert [row["file"] for row in rows] == ["made-0000.jpg", "made-0001.jpg"]
    assert {(row["source"], row["licence"], row["kind"], row["parts"]) for row in rows} == {
        ("made", "CC0", "drawing", "")
    }
    assert image_size(tmp_path / "made-0000.jpg") == (640, 160)
    assert image_size(tmp_path / "made-0001.jpg") == (400, 300)


def test_what_is_small_blank_or_nearly_the_same_is_left_out_and_counted(tmp_path: Path) -> None:
    photo = patchwork(3)
    again = np.asarray(Image.fromarray(photo).resize((800, 600), Image.Resampling.LANCZOS).point(lambda v: v * 0.96))
    thin, page = patchwork(4, 400, 150), np.full((300, 400, 3), 252, np.uint8)
    gather([source_of(photo, again, thin, page, patchwork(5))], tmp_path)
    assert names(tmp_path) == {"made-0000.jpg", "made-0001.jpg"}
    assert table(tmp_path / "counts.csv") == [{"source": "made", "kept": "2", "small": "1", "blank": "1", "alike": "1"}]


def test_pages_of_different_text_are_not_the_same(tmp_path: Path) -> None:
    rng = np.random.default_rng(6)
    pages = []
    for _ in range(4):
        page = np.full((800, 600, 3), 255, np.uint8)
        for top in range(40, 760, 20):
            if rng.random() < 0.8:
                page[top : top + 12, 40 : rng.integers(200, 560)] = 60
        pages.append(page)
    gather([source_of(*pages)], tmp_path)
    assert len(names(tmp_path)) == 4


def test_what_other_sources_or_known_photos_show_is_left_out_with_its_cuts(tmp_path: Path) -> None:
    Image.fromarray(patchwork(7)).save(tmp_path / "known.png")
    out = tmp_path / "out"
    sources = [
        source_of(patchwork(7, 1600, 1200), patchwork(8, 1600, 1200), cuts=2, name="first"),
        source_of(patchwork(8), patchwork(9), name="second"),
    ]
    gather(sources, out, known=[tmp_path / "known.png"])
    assert [row["alike"] for row in table(out / "counts.csv")] == ["1", "1"]
    assert names(out) == {"first-0000.jpg", "first-0001.jpg", "first-0002.jpg", "second-0000.jpg"}


def test_a_source_gives_no_more_than_its_most(tmp_path: Path) -> None:
    def endless() -> Iterator[Made]:
        seed = 0
        while True:
            yield Made(patchwork(seed := seed + 1))

    gather([Source("endless", "photo", "CC0", 3, endless)], tmp_path)
    assert len(names(tmp_path)) == 3


def test_a_gathering_goes_on_where_it_was_interrupted(tmp_path: Path) -> None:
    asked: list[str] = []

    def asked_for(name: str, images: Sequence[RgbImage], fails: bool) -> Callable[[], Iterator[Made]]:
        def make() -> Iterator[Made]:
            asked.append(name)
            yield from map(Made, images)
            if fails:
                raise KeyboardInterrupt

        return make

    def sources(fails: bool) -> list[Source]:
        first = Source("first", "photo", "CC0", 9, asked_for("first", [patchwork(1), patchwork(2)], False))
        second = Source(
            "second", "photo", "CC0", 9, asked_for("second", [patchwork(3), patchwork(2), patchwork(4)], fails)
        )
        return [first, second]

    with pytest.raises(KeyboardInterrupt):
        gather(sources(fails=True), tmp_path / "interrupted")
    gather(sources(fails=False), tmp_path / "interrupted")
    assert asked == ["first", "second", "second"]
    gather(sources(fails=False), tmp_path / "at once")
    assert names(tmp_path / "interrupted") == names(tmp_path / "at once")
    for file in ("pictures.csv", "counts.csv"):
        assert table(tmp_path / "interrupted" / file) == table(tmp_path / "at once" / file)


def test_a_source_that_cannot_be_had_is_named_and_tried_again(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    def missing() -> Iterator[Made]:
        raise SourceMissing("needs a browser")

    gather([Source("pages", "screen", "CC0", 9, missing), source_of(patchwork(1))], tmp_path)
    assert "pages is left out: needs a browser" in caplog.text
    gather([source_of(patchwork(2), name="pages")], tmp_path)
    assert names(tmp_path) == {"made-0000.jpg", "pages-0000.jpg"}


def test_a_left_out_dataset_has_no_part_in_what_is_loaded(tmp_path: Path) -> None:
    parts = [(), ("osie",), ("crowd",), ("osie", "scene"), ("scenes",)]
    made = [Made(patchwork(i, 900, 600), part) for i, part in enumerate(parts)]
    gather([Source("mixed", "photo", "CC0", 9, lambda: iter(made))], tmp_path)

    def loaded(*leave_out: str) -> list[int]:
        return [int(picture.name[6:10]) for picture in load_pictures(tmp_path, leave_out)]

    assert loaded() == [0, 1, 2, 3, 4]
    assert loaded("osie") == [0, 2, 4]
    assert loaded("scene") == [0, 1, 2, 4]
    assert loaded("scenes", "crowd") == [0, 1, 3]
    image = load_pictures(tmp_path)[0].image
    assert image.dtype == np.uint8
    assert image.shape == (round(600 * LONG_SIDE / 900), LONG_SIDE, 3)


def test_loading_what_was_never_gathered_says_how_to(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="python -m training pictures --out"):
        load_pictures(tmp_path)


@pytest.mark.skipif(not shutil.which("dpkg-deb"), reason="needs dpkg-deb")
def test_a_package_is_unpacked_and_its_pictures_of_the_wanted_paths_opened(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    for name, seed in {"art/one.png": 1, "art/two.jpg": 2, "art/icons/three.png": 3, "other/four.png": 4}.items():
        path = tree / "usr/share" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(patchwork(seed)).save(path)
    (tree / "usr/share/art/broken.png").write_bytes(b"not a picture")
    (tree / "usr/share/art/linked.png").symlink_to("one.png")
    (tree / "usr/share/art/zz.png").hardlink_to(tree / "usr/share/art/one.png")
    (tree / "DEBIAN").mkdir()
    (tree / "DEBIAN/control").write_text(
        "Package: made\nVersion: 1\nArchitecture: all\nMaintainer: A <a@example.org>\nDescription: made\n"
    )
    deb = tmp_path / "made.deb"
    subprocess.run(["dpkg-deb", "--build", str(tree), str(deb)], check=True, capture_output=True)
    make = partial(pictures_of, str(deb), ("*/art/*",), ("*/icons/*",))
    got = [made.image for made in make()]
    assert len(got) == 3
    wanted = [patchwork(1), patchwork(2)]
    differences = np.array([[np.abs(a.astype(int) - b).mean() for b in wanted] for a in got])
    assert sorted(differences.argmin(axis=1)) == [0, 0, 1]  # the first has two names
    assert differences.min(axis=1).max() < 5  # the loss of a JPEG
    assert [a.tobytes() for a in got] == [made.image.tobytes() for made in make()]


def test_a_package_that_is_not_there_is_a_missing_source(tmp_path: Path) -> None:
    with pytest.raises(SourceMissing):
        next(pictures_of(str(tmp_path / "none.deb")))


@pytest.mark.parametrize("shape", SHAPES)
def test_a_cut_is_a_part_of_the_photo_in_its_shape(shape: str) -> None:
    height, width = 300, 400
    image = np.stack([*np.mgrid[:height, :width] // 2, np.zeros((height, width))], axis=2).astype(np.uint8)
    for seed in range(20):
        part = cut(image, shape, Random(seed))
        top, left = part[0, 0, :2].astype(int) * 2
        assert part.shape[0] + top <= height + 1
        assert part.shape[1] + left <= width + 1
        assert (part[-1, -1, :2].astype(int) * 2 - (top, left) <= (part.shape[0], part.shape[1])).all()
        aspect = part.shape[1] / part.shape[0]
        assert min(abs(aspect / wanted - 1) for wanted in SHAPES[shape]) < 0.03


@pytest.mark.parametrize("count", [2, 3, 4])
def test_a_collage_shows_each_photo_once_in_cells_of_one_shape(count: int) -> None:
    colors = [(250, 0, 0), (0, 250, 0), (0, 0, 250), (250, 250, 0)][:count]
    photos = [np.full((200, 300, 3), color, np.uint8) for color in colors]
    for seed in range(10):
        canvas = collage(photos, Random(seed))
        areas = [int((canvas == color).all(axis=2).sum()) for color in colors]
        assert len(set(areas)) == 1
        assert areas[0] >= CELL * CELL * 0.6


@needs_data
@pytest.mark.parametrize("make", [cuts_of_training_photos, collages_of_training_photos])
def test_only_photos_of_the_train_split_are_opened(
    make: Callable[[], Iterator[Made]], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Path] = []

    def note(path: Path) -> RgbImage:
        opened.append(path)
        return patchwork(len(opened))

    monkeypatch.setattr("training.pictures.photos.open_image", note)
    made = list(islice(make(), 700))
    train = {sample.path: sample.dataset for name in DATASETS for sample in samples_of(name, "train")}
    assert set(opened) <= set(train)
    assert {part for one in made for part in one.parts} == set(DATASETS)
    if len(opened) == len(made):
        assert [one.parts for one in made] == [(train[path],) for path in opened]


def test_no_scene_is_one_of_the_evaluation() -> None:
    source = next(source for source in SOURCES if source.name == "scenes")
    ours = list(islice(source.make(), 2))
    kinds = list(KINDS)[:2]
    for made, kind in zip(ours, kinds, strict=True):
        assert made.parts == ("scenes",)
        drawn = {draw_scene(kind, number).image.tobytes() for number in range(PER_KIND)}
        assert made.image.tobytes() not in drawn


def test_names_of_sources_are_unique_and_their_licences_are_in_the_readme() -> None:
    readme = (Path(__file__).parents[2] / "training" / "README.md").read_text()
    rows = {tuple(cell.strip(" `") for cell in row.split("|")[1:4]) for row in re.findall(r"^\|.*\|$", readme, re.M)}
    assert len({source.name for source in SOURCES}) == len(SOURCES)
    assert {(source.name, source.kind, source.licence) for source in SOURCES} <= rows
