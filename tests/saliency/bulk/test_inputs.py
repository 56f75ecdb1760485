"""Which photos are meant, and in which order; none is opened here."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from saliency.bulk.beginning import only_one
from saliency.bulk.engines import ENGINES
from saliency.bulk.errors import BulkError
from saliency.bulk.inputs import find
from saliency.bulk.items import Item
from saliency.bulk.listing import read_list, shard_count, shard_rows, write_list
from saliency.bulk.options import ENGINES as CHOICES
from saliency.bulk.reading import read_photos
from saliency.bulk.sampling import sampled
from saliency.bulk.store import ASIDE
from saliency.image import ImageError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("b.jpg", "a.PNG", "z/1.webp", "y/x/2.jpg", "notes.txt", "out/part.jpg", "é.jpg"):
        path = tmp_path / "photos" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode())
    return tmp_path / "photos"


def names(items: list[Item], folder: Path) -> list[str]:
    return [os.path.relpath(item.path, folder) for item in items]


def test_a_folder_is_walked_in_one_order_and_what_is_written_is_passed_over(folder: Path) -> None:
    found = list(find([str(folder)], None, [folder / "out"]))
    assert names(found, folder) == ["a.PNG", "b.jpg", "é.jpg", "y/x/2.jpg", "z/1.webp"]
    assert all(item.stamp for item in found)


def test_globs_and_files_keep_the_order_in_which_they_are_named(folder: Path) -> None:
    found = list(find([str(folder / "z" / "*"), str(folder / "a.PNG"), str(folder / "?.jpg")], None))
    assert names(found, folder) == ["z/1.webp", "a.PNG", "b.jpg", "é.jpg"]
    with pytest.raises(BulkError, match="there is no .*/gone"):
        list(find([str(folder / "gone")], None))


def test_a_name_that_is_no_text_can_be_read_again(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"caf\xe9.jpg")).write_bytes(b"data")
    (item,) = find([str(tmp_path)], None)
    assert item.path.endswith("caf\\xe9.jpg")
    assert list(read_photos([item], "")) == [b"data"]


def test_tables_name_photos_beside_them(folder: Path) -> None:
    with (folder / "list.csv").open("w", newline="") as file:
        csv.writer(file).writerows([["id", "image"], [1, "z/1.webp"], [2, "b.jpg"], [3, "s3://bucket/c.jpg"]])
    pq.write_table(pa.table({"image": ["b.jpg", None]}), folder / "list.parquet")
    found = list(find([str(folder / "list.csv"), str(folder / "list.parquet")], None))
    assert names(found[:2], folder) == ["z/1.webp", "b.jpg"]
    assert found[2] == Item(b"s3://bucket/c.jpg")
    assert names(found[3:], folder) == ["b.jpg", "."]
    with pytest.raises(BulkError, match="no column 'photo'; it has 'id', 'image'"):
        list(find([str(folder / "list.csv")], "photo"))


@pytest.mark.parametrize("wrapped", [False, True], ids=["bytes", "as Hugging Face has it"])
def test_tables_hold_photos(wrapped: bool, tmp_path: Path) -> None:
    data = [b"%d" % number for number in range(50)]
    data[7] = b""
    column = [{"bytes": each, "path": "x"} for each in data] if wrapped else data
    path = tmp_path / "photos.parquet"
    pq.write_table(pa.table({"id": range(50), "image": column}), path, row_group_size=20)
    items = list(find([str(path)], None))
    assert items[12].path == f"{path}#12"
    part = [items[row] for row in (3, 7, 19, 20, 49)]
    read = list(read_photos(part, ""))
    assert [read[0], *read[2:]] == [b"3", b"19", b"20", b"49"]
    assert isinstance(read[1], ImageError)


def test_a_list_is_read_back_in_parts(tmp_path: Path) -> None:
    items = [Item(b"%d.jpg" % number, stamp=str(number)) for number in range(2500)]
    listed = write_list(items, tmp_path / "list")
    assert listed.count == 2500
    assert list(read_list(str(tmp_path / "list"), 990, 2010)) == items[990:2010]
    assert write_list(items[:-1], tmp_path / "other").sha256 != listed.sha256


@pytest.mark.parametrize("count", [1, 16, 17, 4096, 4097, 300_000, 1_000_001])
def test_shards_hold_each_photo_once(count: int) -> None:
    rows = shard_rows(count)
    assert (shard_count(count) - 1) * rows < count <= shard_count(count) * rows
    assert 16 <= rows <= 1000


def test_one_run_at_a_time_leaves_nothing_aside(tmp_path: Path) -> None:
    with only_one(str(tmp_path)):
        (tmp_path / f"{ASIDE}7-part-000000.parquet").write_bytes(b"half")
        with pytest.raises(BulkError, match="another run is writing"), only_one(str(tmp_path)):
            pass
    assert [path.name for path in tmp_path.iterdir()] == [".lock"]


def test_each_engine_can_be_chosen() -> None:
    assert tuple(ENGINES) == CHOICES


def test_a_sample_is_the_same_whatever_comes_before_it() -> None:
    items = [Item(b"%d.jpg" % number) for number in range(1000)]
    drawn = sampled(items, 50)
    assert len(set(drawn)) == 50
    assert drawn == sorted(drawn, key=items.index)
    assert set(sampled(reversed(items), 50)) == set(drawn)
    assert len(set(sampled(items[10:], 50)) & set(drawn)) >= 40
