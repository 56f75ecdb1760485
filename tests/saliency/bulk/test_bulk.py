"""`gazecrop bulk` beside `gazecrop crop`, killed and started again, and over inputs that change."""

from __future__ import annotations

import json
import multiprocessing
import random
import shutil
import threading
import time
from pathlib import Path

import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest

from saliency.__main__ import main
from saliency.bulk.careful import DIED, make_carefully
from tests.kill_bulk import VICTIMS, command, contents, disturbed, finished


def rows_of(out: Path) -> list[dict]:
    return ds.dataset(out, format="parquet").to_table().to_pylist()


def test_rows_are_what_crop_says_of_each_photo(album: Path, calm: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = {row["path"]: row for row in rows_of(calm / "rows")}
    main(["crop", str(album), "--method", "gaze-nano", "--aspect", "16:9", "--json"])
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [record["image"] for record in told] == list(rows)
    assert "where the file says" in rows[str(album / "0005.jpg")]["crops"][0]["note"]
    for record in told:
        row = rows[record["image"]]
        assert row["error"] == record.get("error")
        for crop in row["crops"] or []:
            assert (row["width"], row["height"]) == (record["width"], record["height"])
            assert [crop[side] for side in ("left", "top", "width", "height")] == record["box"]
            assert [crop["focal_x"], crop["focal_y"]] == record["focal_point"]
            for name in ("kept", "gain", "helps", "harms"):
                assert crop[name] == record[name]
            assert (crop["note"], crop["cut"]) == (record.get("note"), record.get("cut"))


def test_crops_are_the_files_that_crop_writes(album: Path, calm: Path, tmp_path: Path) -> None:
    photo = album / "0004.jpg"
    main(["crop", str(photo), "--method", "gaze-nano", "--aspect", "16:9", "--out", str(tmp_path)])
    row = next(row for row in rows_of(calm / "rows") if row["path"] == str(photo))
    assert (calm / "crops" / row["crops"][0]["file"]).read_bytes() == next(tmp_path.iterdir()).read_bytes()


@pytest.mark.parametrize("victim", VICTIMS)
def test_a_run_that_was_killed_ends_as_if_it_had_not_been(victim: str, album: Path, calm: Path, tmp_path: Path) -> None:
    disturbed(album, tmp_path, victim, random.uniform(0, 2))
    assert contents(tmp_path) == contents(calm)


def test_only_what_is_missing_is_made(album: Path, calm: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    copied(calm, out)
    (out / "rows" / "part-000001.parquet").unlink()
    before = finished(out)
    assert main(command(album, out)[3:]) == 1
    assert contents(out) == contents(calm)
    assert {name: mark for name, mark in finished(out).items() if name in before} == before


def copied(calm: Path, out: Path) -> None:
    """The run, as if it had been begun elsewhere."""
    shutil.copytree(calm, out)
    manifest = out / "rows" / "_manifest.json"
    manifest.write_text(manifest.read_text().replace(str(calm), str(out)))


def test_a_photo_that_its_process_dies_of_is_a_row(calm: Path, tmp_path: Path) -> None:
    """The first two processes are killed as soon as they are there: the first photo is held to be why."""
    copied(calm, tmp_path / "out")
    out = tmp_path / "out" / "rows"
    part = out / "part-000002.parquet"
    right = pq.read_table(part).to_pylist()
    part.unlink()
    killer = threading.Thread(target=kill_children, args=[2])
    killer.start()
    outcome = make_carefully(str(out), 2)
    killer.join()
    first, *others = pq.read_table(part).to_pylist()
    assert (first["path"], first["error"], first["crops"]) == (right[0]["path"], DIED, None)
    assert others == right[1:]
    assert (outcome.photos, outcome.errors) == (len(right), 1 + sum(row["error"] is not None for row in right))


def kill_children(count: int) -> None:
    killed: set[int | None] = set()
    while len(killed) < count:
        for child in multiprocessing.active_children():
            if child.pid not in killed:
                child.kill()
                killed.add(child.pid)
        time.sleep(0.01)


def test_photos_that_changed_since_are_noticed(album: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    photos, out = tmp_path / "photos", tmp_path / "out"
    shutil.copytree(album, photos)
    asked = ["bulk", str(photos), str(out), "--method", "center", "--workers", "1", "--limit", "18"]
    main(asked)
    made = contents(tmp_path)
    (photos / "0000a.jpg").write_bytes((photos / "0001.jpg").read_bytes())
    (photos / "0003.jpg").write_bytes((photos / "0001.jpg").read_bytes())
    capsys.readouterr()
    assert main(asked) == 1
    assert "the photos have changed since the run began: 18 then, 18 now, the first at" in capsys.readouterr().err
    (out / "part-000000.parquet").unlink()
    assert main([*asked, "--as-begun"]) == 1
    rows = {Path(row["path"]).name: row["error"] for row in rows_of(out)}
    assert rows["0003.jpg"] == "it is no longer the file that was listed when the run began"
    assert len(rows) == 18
    assert sum(error is not None for error in rows.values()) == 1
    assert "0000a.jpg" not in rows
    assert contents(out)["part-000001.parquet"] == made["out/part-000001.parquet"]
    assert main([*asked, "--as-begun", "--aspect", "2:1"]) == 1
    assert "began with other wishes (formats" in capsys.readouterr().err
