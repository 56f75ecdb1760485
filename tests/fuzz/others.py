"""Readers of what is no picture: zips, tables, Twitter's network, runs, adaptations, addresses."""

from __future__ import annotations

import json
import shutil
import struct
import tempfile
import zlib
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import parse_qsl

from eval.datasets.folder import read_folder
from eval.datasets.types import DatasetError
from eval.peers.vxm import VxmError, read_vxm
from eval.runs import BOXES, MANIFEST, PROGRESS, TABLE, RunError, append_progress, load_run, save_run, start_progress
from eval.types import SLICES, Outcome, Placed, Row
from pages.crop.choice import LOOK
from pages.crop.intake import SAMPLE
from pages.crop.settings import WISHES
from pages.explore.address import FORMAT, HIGH, LAYER, LOW, PAGE, PHOTO, SEED, SORT, read_address
from pages.shared.address import Parameter
from pages.your_data.unpack import UnpackError, Upload, unpack
from saliency.adapt import Adaptation
from saliency.adapt_file import AdaptationError, read_adaptation, to_json
from saliency.command.focals import read_focals
from saliency.files import png
from saliency.models import MODELS
from saliency.regions import marked
from tests.corpus.kind import SCENE, encoded
from tests.fuzz import raw, texts, zips
from tests.fuzz.target import Target, bytes_of
from tests.saliency.test_regions import SHAPES, focus, iptc, region

PICTURE = encoded(SCENE, "JPEG")
SCOPE = {"split": "test"}
TABLES = {
    "fixations.csv": b"image,subject,x,y\na.jpg,anna,12,3.5\na.jpg,ben,40,20\na.jpg,ben,41,21\n",
    "boxes.csv": b"image,left,top,width,height\na.jpg,1,2,30,40\n",
    "crops.csv": b"image;left;top;width;height\na.jpg;1,5;2;30;40\n",
}


def _in_folder(use: Callable[[Path, bytes], str], data: bytes) -> str:
    folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
    try:
        return use(folder, data)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _zips() -> Sequence[bytes]:
    return (
        zips.zipped({"a.jpg": PICTURE, **TABLES}),
        zips.zipped({"set/a.jpg": PICTURE, "set/b/c.png": PICTURE, "set/notes.txt": b"x"}),
        zips.zipped({"a.jpg": bytes(500_000), "b.jpg": PICTURE}),
        zips.zipped({"a.jpg": PICTURE}, 0),
    )


def _unpack(folder: Path, data: bytes) -> str:
    found = unpack([Upload("a.zip", data)], folder)
    written = {path for path in folder.rglob("*") if path.is_file()}
    assert all((folder / name) in written for name in (*found.photos, *found.tables))
    assert all(path.resolve().is_relative_to(folder.resolve()) and not path.is_symlink() for path in written)
    return "folder"


def _annotate(folder: Path, data: bytes) -> str:
    """The columns say which table it is."""
    name = next((name for name, sound in TABLES.items() if data[6:12] == sound[6:12]), "boxes.csv")
    (folder / name).write_bytes(data)
    (folder / "a.jpg").write_bytes(PICTURE)
    read_folder(folder)
    return "samples"


def _focals(folder: Path, data: bytes) -> str:
    path = folder / "focals.csv"
    path.write_bytes(data)
    read_focals(path).point_of(Path("a.jpg"))
    return "points"


def _packets() -> list[bytes]:
    """What software writes of regions, as XMP."""
    return [iptc(*map(region, SHAPES.values())), focus()]


def _regions(packet: bytes) -> str:
    """In a PNG, where a packet may be of any length."""
    file = png.SIGNATURE + png.chunk(b"IHDR", struct.pack(">IIBBBBB", 24, 16, 8, 0, 0, 0, 0))
    file += png.chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + packet)
    file += png.chunk(b"IDAT", zlib.compress(bytes(25 * 16))) + png.chunk(b"IEND", b"")
    found = marked(file, "camera")
    assert found is None or all(0 <= value <= 1 for value in found.point)
    return "a point" if found else "nothing"


def _network() -> bytes:
    """A convolution of 1 x 1 and a pool."""
    records = {
        "layerCount": struct.pack("<i", 3), "0Type": struct.pack("<i", 0), "0Act": struct.pack("<i", 4),
        "0w.shape": struct.pack("<4i", 1, 3, 1, 1), "0w": struct.pack("<3f", 1, 2, 3), "0b": struct.pack("<f", 1),
        "0alpha": struct.pack("<f", 0.1), "1Type": struct.pack("<i", 2), "2Type": struct.pack("<i", 3),
    }  # fmt: skip
    parts = [_sized(key.encode() + b"\0") + _sized(value) for key, value in records.items()]
    return b"\x01tPM\1\0\0\0" + b"".join(parts)


def _sized(data: bytes) -> bytes:
    return struct.pack("<I", len(data)) + data


def _vxm(folder: Path, data: bytes) -> str:
    path = folder / "a.vxm"
    path.write_bytes(data)
    return f"{len(read_vxm(path))} layers"


@lru_cache(maxsize=1)
def _runs() -> tuple[bytes, ...]:
    """The files of a run, each behind its name."""
    slices = dict.fromkeys(SLICES, "small")
    rows = [Row("gaze", "1:1", "gaze kept", 0.5), Row("center", "1:1", "gaze kept", 0.25)]
    placed = [Placed("gaze", "1:1", [0, 0, 10, 10]), Placed("center", "1:1", [1, 0, 10, 10])]
    outcomes = [Outcome("folder", f"{n}.jpg", (20, 10), slices, rows, placed) for n in range(3)]
    folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
    save_run(folder, outcomes, {"methods": ["gaze", "center"], "images": {"folder": 3}})
    files = (TABLE, BOXES, MANIFEST)
    found = tuple(name.encode() + b"\n" + (folder / name).read_bytes() for name in files)
    for name in files:
        (folder / name).unlink()
    start_progress(folder, SCOPE)
    for outcome in outcomes:
        append_progress(folder, outcome)
    progress = PROGRESS.encode() + b"\n" + (folder / PROGRESS).read_bytes()
    shutil.rmtree(folder)
    return (*found, progress)


def _run(folder: Path, data: bytes) -> str:
    if data.startswith(PROGRESS.encode()):
        (folder / PROGRESS).write_bytes(data.partition(b"\n")[2])
        return f"{len(start_progress(folder, SCOPE))} photos"
    sound = dict(one.split(b"\n", 1) for one in _runs())
    name, _, changed = data.partition(b"\n")
    for known, content in (sound | {name: changed} if name in sound else sound).items():
        (folder / known.decode()).write_bytes(content)
    load_run(folder)
    return "run"


def _change_file(rng: Random, data: bytes, other: bytes) -> bytes:
    """Behind its name; of a Parquet file mostly its end, which says where everything is."""
    name, _, content = data.partition(b"\n")
    if name == MANIFEST.encode() and rng.random() < 0.8:
        return name + b"\n" + texts.changed_json(rng, content, other)
    if name == PROGRESS.encode() and rng.random() < 0.8:
        lines = content.split(b"\n")
        line = rng.randrange(len(lines))
        lines[line] = texts.changed_json(rng, lines[line], other)
        return name + b"\n" + b"\n".join(lines)
    at = max(len(content) - 3000, 0) if rng.random() < 0.7 else 0
    return name + b"\n" + content[:at] + raw.changed(rng, content[at:])


def _adaptation(data: bytes) -> str:
    read_adaptation(data, list(MODELS))
    return "adaptation"


PARAMETERS: dict[str, Parameter[Any]] = {
    one.name: one for one in (*WISHES.values(), LOOK, SAMPLE, SORT, PAGE, SEED, LOW, HIGH, PHOTO, FORMAT, LAYER)
}


def _query(data: bytes) -> Mapping[str, str]:
    text = data.decode("utf-8", "replace")
    return dict(parse_qsl(text, keep_blank_values=True))


def _address(data: bytes) -> str:
    """Each parameter by itself, and the one address that says what it could not read; what is read can be written."""
    query = _query(data)
    address = read_address(query)
    for parameter in PARAMETERS.values():
        try:
            value = parameter.find(query)
        except ValueError:
            continue
        again = parameter.text(value)
        assert parameter.text(parameter.find({parameter.name: again} if again else {})) == again, (
            parameter.name,
            again,
        )
    return "problems" if address.problems else "address"


def _addresses() -> Sequence[bytes]:
    return (
        b"formats=square,story&custom=5:7,1200x630&methods=gaze,face&model=fast&zoom=tight&keep=80&faces=whole&margin=5",
        b"trim=never&pad=story&background=blur&colour=ff00aa&take-kind=PNG&take-quality=80&view=feed&look=0.25,0.5",
        b"sort=best&page=3&seed=17&low=-0.5&high=0.25&image=osie/1001.jpg&crop=1:1&layer=map&also=face,center",
        b"sample=bee.jpg&sample=none",
    )


def _adaptations() -> Sequence[bytes]:
    return (to_json("gaze", Adaptation(), {"command": "x", "people": 3}).encode(), json.dumps([]).encode())


CSV = ((texts.changed_table, 4), (bytes_of, 1))
TARGETS = [
    Target("zip", _zips, partial(_in_folder, _unpack), (UnpackError,), ((zips.changed, 1),), share=3),
    Target("table", lambda: list(TABLES.values()), partial(_in_folder, _annotate), (DatasetError,), CSV, share=2),
    Target("focal file", lambda: [b"image,x,y\na.jpg,0.5,0.25\nb/a.jpg,1,0\n"], partial(_in_folder, _focals),
           (ValueError,), CSV),
    Target("regions", _packets, _regions, ()),
    Target("vxm", lambda: [_network()], partial(_in_folder, _vxm), (VxmError,)),
    Target("run", _runs, partial(_in_folder, _run), (RunError,), ((_change_file, 1),)),
    Target("adaptation", _adaptations, _adaptation, (AdaptationError,), ((texts.changed_json, 3), (bytes_of, 1))),
    Target("address", _addresses, _address, (), ((texts.changed_query, 1),), share=2),
]  # fmt: skip
