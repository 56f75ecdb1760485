"""Buckets, by moto's server, which is a real one on this machine; and a small Ray cluster."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from saliency.__main__ import main
from tests.kill_bulk import command, contents

PHOTOS = ("0000.jpg", "0009.jpg", "torn.jpg")


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A file system with the empty buckets photos and results."""
    s3fs, moto = pytest.importorskip("s3fs"), pytest.importorskip("moto.server")
    server = moto.ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    settings = {"ENDPOINT_URL": f"http://{host}:{port}", "ACCESS_KEY_ID": "someone", "SECRET_ACCESS_KEY": "secret"}
    for name, value in (settings | {"DEFAULT_REGION": "us-east-1"}).items():
        monkeypatch.setenv(f"AWS_{name}", value)
    s3fs.S3FileSystem.clear_instance_cache()
    files = s3fs.S3FileSystem()
    for name in ("photos", "results"):
        files.mkdir(name)
    yield files
    s3fs.S3FileSystem.clear_instance_cache()
    server.stop()


def test_a_bucket_is_cropped_as_a_folder_is(
    bucket: Any, album: Path, calm: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in PHOTOS:
        bucket.put_file(str(album / name), f"photos/2024/{name}")
    bucket.pipe_file("photos/2024/notes.txt", b"no picture")
    asked = ["bulk", "s3://photos", "s3://results/rows", "--crops", "s3://results/crops"]
    asked += ["--method", "gaze-nano", "--aspect", "16:9", "--workers", "1"]
    assert main(asked) == 1  # for the torn one
    with bucket.open("results/rows/part-000000.parquet") as file:
        rows = pq.read_table(file).to_pylist()
    assert [row["path"] for row in rows] == [f"s3://photos/2024/{name}" for name in PHOTOS]
    shards = [pq.read_table(path).to_pylist() for path in sorted((calm / "rows").glob("part-*"))]
    here = {Path(row["path"]).name: row for shard in shards for row in shard}
    for row in rows:
        same = here[Path(row["path"]).name]
        assert {**row, "path": "", "crops": crops_of(row)} == {**same, "path": "", "crops": crops_of(same)}
        for crop, other in zip(row["crops"] or [], same["crops"] or [], strict=True):
            assert bucket.cat_file(f"results/crops/{crop['file']}") == (calm / "crops" / other["file"]).read_bytes()
    written = bucket.info("results/rows/part-000000.parquet")["LastModified"]
    assert main(asked) == 1
    assert bucket.info("results/rows/part-000000.parquet")["LastModified"] == written
    bucket.put_file(str(album / "0000.jpg"), "photos/2024/0001.jpg")
    capsys.readouterr()
    assert main(asked) == 1
    assert "3 then, 4 now, the first at s3://photos/2024/0001.jpg" in capsys.readouterr().err


def crops_of(row: dict[str, Any]) -> list[dict[str, Any]]:
    return [crop | {"file": ""} for crop in row["crops"] or []]


def test_a_cluster_writes_the_same_bytes(album: Path, calm: Path, tmp_path: Path) -> None:
    pytest.importorskip("ray")
    assert main(command(album, tmp_path, "--engine", "ray")[3:]) == 1
    assert contents(tmp_path) == contents(calm)


def test_addresses_of_other_kinds_are_not_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = tmp_path / "list.csv"
    table.write_text("id,url\n1,http://169.254.169.254/latest/meta-data\n")
    assert main(["bulk", str(table), str(tmp_path / "out"), "--method", "center", "--workers", "1"]) == 1
    assert "begins with none of s3://, gs://" in capsys.readouterr().out
