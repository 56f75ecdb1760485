"""Readers: the user's own folder, and the three datasets where they are on disk."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from eval.datasets import DATASETS, DatasetError, DatasetNotFound, load_dataset, outside_note, read_folder
from tests.photos import needs_data, samples_of
from tests.synthetic import SCENES, write_dataset


def test_a_folder_is_read_as_it_was_written(tmp_path: Path) -> None:
    samples = {sample.name: sample for sample in read_folder(write_dataset(tmp_path))}
    assert set(samples) == {scene.name for scene in SCENES}
    for scene in SCENES:
        sample = samples[scene.name]
        assert sample.size == scene.size
        assert sample.fixations.shape == (20, 2)
        assert sample.fixations[0].tolist() == [scene.left + 2, scene.top + 20]
        assert np.bincount(sample.observers).tolist() == [5, 5, 5, 5]
        assert sample.regions is not None
        assert sample.regions.tolist() == [[scene.left, scene.top, 40, 40]]
        assert sample.human_crops is not None
        assert sample.faces is None


def test_observers_keep_their_rank_where_they_saw_only_some_pictures(tmp_path: Path) -> None:
    write_dataset(tmp_path)
    (tmp_path / "fixations.csv").write_text("image,subject,x,y\nleft.png,b,1,2\nright.png,a,3,4\nright.png,c,5,6\n")
    samples = {sample.name: sample for sample in read_folder(tmp_path)}
    assert samples["left.png"].observers.tolist() == [1]
    assert samples["right.png"].observers.tolist() == [0, 2]


def test_every_bad_row_is_named_by_line(tmp_path: Path) -> None:
    write_dataset(tmp_path)
    rows = ["left.png,a,ten,5", "nowhere.png,a,1,1", "left.png,a,1,1", "left.png,a,nan,1", "left.png,a,1"]
    (tmp_path / "fixations.csv").write_text("image,subject,x,y\n" + "\n".join(rows) + "\n")
    with pytest.raises(DatasetError) as error:
        read_folder(tmp_path)
    message = str(error.value)
    assert message.startswith("fixations.csv: ")
    for expected in (
        "line 2: x is not a number: 'ten'",
        "line 3: no picture 'nowhere.png'",
        "line 5: x is out of range: nan",
        "line 6: y is missing",
    ):
        assert expected in message
    assert "line 4" not in message


def test_missing_columns_and_empty_boxes_are_named(tmp_path: Path) -> None:
    write_dataset(tmp_path)
    (tmp_path / "boxes.csv").write_text("image,left,top,width\nleft.png,1,1,1\n")
    with pytest.raises(
        DatasetError,
        match="boxes.csv: its first line names the columns image, .* so height is missing",
    ):
        read_folder(tmp_path)
    (tmp_path / "boxes.csv").write_text("image,left,top,width,height\nleft.png,1,1,0,4\n")
    with pytest.raises(DatasetError, match="line 2: width is out of range: 0"):
        read_folder(tmp_path)
    (tmp_path / "boxes.csv").unlink()
    (tmp_path / "crops.csv").write_text("image,left,top,width,height\nleft.png,0,0,4000,1\n")
    with pytest.raises(DatasetError, match=r"crops.csv: line 2: the box makes no crop: .* beyond 1000:1"):
        read_folder(tmp_path)
    (tmp_path / "crops.csv").write_text("image,left,top,width,height\n" + "x" * 200_000 + ",0,0,4,1\n")
    with pytest.raises(DatasetError, match=r"crops.csv: line \d: field larger than field limit"):
        read_folder(tmp_path)


def test_a_table_may_be_as_another_program_writes_it(tmp_path: Path) -> None:
    write_dataset(tmp_path)
    rows = [("left.png", "b", 1.5, 2.0), ("right.png", "a", 3.0, 4.25)]
    point = "\n".join("{},{},{},{}".format(*row) for row in rows)
    for text in (
        f"image,subject,x,y\n{point}\n",
        "Image;Subject;X;Y\r\n" + point.replace(",", ";").replace(".", ",").replace(",png", ".png"),
        "\ufeffimage\tsubject\tx\ty\n" + point.replace(",", "\t"),
        "subject;y;note;x;image\nb;2,0;;1,5;left.png\na;4,25;late;3;right.png\n",
    ):
        (tmp_path / "fixations.csv").write_text(text, encoding="utf-8")
        samples = {sample.name: sample for sample in read_folder(tmp_path)}
        assert samples["left.png"].fixations.tolist() == [[1.5, 2.0]]
        assert samples["left.png"].observers.tolist() == [1]
        assert samples["right.png"].fixations.tolist() == [[3.0, 4.25]]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("image,subject,x,y\nleft.png,a,1,5,2,5\n", "line 2: it has more values than there are columns; .*semicolons"),
        ("image;subject;x;y\nleft.png;a;1.234,5;2\n", "line 2: x is not a number: '1.234,5'"),
        ("image;who;x\n", "the columns image, who and x; it needs .* so subject and y are missing"),
        ("", "it is empty; it needs image, subject, x and y"),
    ],
)
def test_a_table_that_cannot_be_read_is_told_in_a_sentence(text: str, told: str, tmp_path: Path) -> None:
    write_dataset(tmp_path)
    (tmp_path / "fixations.csv").write_text(text)
    with pytest.raises(DatasetError, match=f"fixations.csv: .*{told}"):
        read_folder(tmp_path)


def test_fixations_beside_their_photo_are_counted(tmp_path: Path) -> None:
    write_dataset(tmp_path)
    assert not outside_note(read_folder(tmp_path))
    (tmp_path / "bad.jpg").write_bytes(b"no picture")
    rows = ["left.png,a,1,2", "left.png,a,-1,2", "right.png,a,5,9999", "bad.jpg,a,1,1"]
    (tmp_path / "fixations.csv").write_text("image,subject,x,y\n" + "\n".join(rows))
    samples = {sample.name: sample for sample in read_folder(tmp_path)}
    assert [samples[name].outside for name in ("left.png", "right.png")] == [1, 1]
    assert outside_note(list(samples.values())).startswith("2 of 3 fixations lie outside their photo")


def test_photos_alone_are_enough_and_none_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DatasetNotFound, match="no pictures in"):
        read_folder(tmp_path)
    write_dataset(tmp_path)
    for name in ("fixations", "boxes", "crops"):
        (tmp_path / f"{name}.csv").unlink()
    sample = read_folder(tmp_path)[0]
    assert len(sample.fixations) == 0
    assert sample.regions is None
    assert sample.human_crops is None


def test_a_missing_dataset_says_where_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GAZE_DATA", str(tmp_path))
    with pytest.raises(DatasetNotFound, match=r"no osie dataset at .*osie; .*from https://github.com/NUS-VIP"):
        load_dataset("osie")
    with pytest.raises(ValueError, match="unknown dataset 'ossie'; available: osie, crowd, scene"):
        load_dataset("ossie")


@needs_data
@pytest.mark.parametrize(
    ("name", "images", "observers", "fixations"),
    [("osie", 700, 15, 98_300), ("crowd", 500, 16, 126_300), ("scene", 500, 12, 43_900)],
)
def test_the_datasets_have_the_published_counts(name: str, images: int, observers: int, fixations: int) -> None:
    samples = samples_of(name)
    assert len(samples) == images
    assert max(sample.observers.max() for sample in samples) + 1 == observers
    assert sum(len(sample.fixations) for sample in samples) == pytest.approx(fixations, abs=60)
    splits = [samples_of(name, split) for split in ("train", "val", "test")]
    assert sum(len(split) for split in splits) == images


@needs_data
def test_scene_is_read_row_before_column() -> None:
    """Swapped back, thousands of fixations would fall outside their image; as read, none was dropped (43,894 rows)."""
    assert sum(len(sample.fixations) for sample in samples_of("scene")) == 43_894


@needs_data
def test_crowd_has_its_labelled_faces() -> None:
    samples = samples_of("crowd")
    faces = [sample.faces for sample in samples]
    assert all(f is not None for f in faces)
    assert sum(len(f) for f in faces if f is not None) == 9_778


@needs_data
def test_people_look_at_the_faces_more_than_their_area() -> None:
    """A reader that mixed up x and y, or the order of images, would not find this."""
    inside, area = [], []
    for sample in samples_of("crowd", "val"):
        assert sample.faces is not None
        mask = np.zeros(sample.size[::-1], bool)
        for left, top, width, height in sample.faces.astype(int):
            mask[max(top, 0) : top + height, max(left, 0) : left + width] = True
        x, y = sample.fixations.astype(int).T
        inside.append(mask[y, x].mean())
        area.append(mask.mean())
    assert np.mean(inside) > 2 * np.mean(area)


@needs_data
def test_the_two_osie_pictures_that_are_one_are_kept_together() -> None:
    by_split = {split: {sample.name for sample in samples_of("osie", split)} for split in ("train", "val", "test")}
    assert any({"1279.jpg", "1374.jpg"} <= names for names in by_split.values())
    assert set(DATASETS) == {"osie", "crowd", "scene"}


def test_a_table_that_is_far_too_wide_or_too_wrong_is_not_read_for_long(tmp_path: Path) -> None:
    write_dataset(tmp_path)
    wide = "image,left,top,width,height," + "a," * 100_000
    (tmp_path / "boxes.csv").write_text(wide + "\n" + "left.png,1,2,30,40\n" * 20_000)  # cells: two thousand million
    assert len(next(sample.regions for sample in read_folder(tmp_path) if sample.regions is not None)) == 20_000
    (tmp_path / "boxes.csv").write_text("image,left,top,width,height\n" + "x\n" * 50_000)
    with pytest.raises(DatasetError, match=r"line 2: no picture 'x' .*; and at least 9990 more$"):
        read_folder(tmp_path)
    (tmp_path / "boxes.csv").write_text("a," * 100_000)
    with pytest.raises(DatasetError, match=r"the columns a, a, .* and \d+ others; it needs image") as told:
        read_folder(tmp_path)
    assert len(str(told.value)) < 400
