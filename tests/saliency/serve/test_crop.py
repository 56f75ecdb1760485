"""What the hook answers is what the command line prints, for everybody their own photo."""

from __future__ import annotations

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from saliency import __version__
from saliency.__main__ import main
from saliency.formats import FORMATS
from tests.corpus import KINDS
from tests.saliency.serve.server import SAMPLES, Reply, Server, form

PHOTOS = sorted(SAMPLES.glob("*.jpg"))
FRIENDS = (SAMPLES / "friends.jpg").read_bytes()


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, Any]]:
    """What `gazecrop crop --json` says of each crop, but for the file's name."""
    capsys.readouterr()
    assert main(["crop", "--json", *arguments]) == 0
    records = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    for record in records:
        del record["image"]
    return records


def crops(reply: Reply) -> list[dict[str, Any]]:
    """Without what was asked for."""
    assert reply.status == 200, reply.body
    return [{name: of for name, of in crop.items() if name != "format"} for crop in reply.json["crops"]]


def test_many_at_once_each_get_the_crops_of_their_own_photo(hook: Server, capsys: pytest.CaptureFixture[str]) -> None:
    turns = [PHOTOS[(3 * turn) % len(PHOTOS)] for turn in range(2 * len(PHOTOS))]
    with ThreadPoolExecutor(12) as threads:
        replies = list(threads.map(lambda photo: hook.crop(photo.read_bytes(), "format=16:9&format=400x300"), turns))
    asked = ["--aspect", "16:9", "--size", "400x300"]
    expected = {photo: printed(capsys, str(photo), *asked) for photo in PHOTOS}
    for photo, reply in zip(turns, replies, strict=True):
        assert crops(reply) == expected[photo], photo.name
        assert reply.json["photo"]["sha256"] == hashlib.sha256(photo.read_bytes()).hexdigest()


@pytest.mark.parametrize("method", ["gaze-best", "gaze-argmax", "face", "center"])
def test_other_methods_answer_as_on_the_command_line(
    method: str, hook: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    reply = hook.crop(FRIENDS, f"method={method}&format=16:9")
    assert crops(reply) == printed(capsys, str(SAMPLES / "friends.jpg"), "--aspect", "16:9", "--method", method)
    assert reply.json["method"] == method
    assert set(reply.json["weights"]) <= {"gaze", "gaze-fast", "yunet"}
    assert reply.json["version"] == __version__


def test_sixteen_formats_by_name_shape_and_size_come_back_in_order(hook: Server) -> None:
    asked = [*FORMATS, "16:9", "1.91:1", "5x7", "1200x630", "16x16px", "3:2", "2:3"]
    assert len(asked) == 16
    reply = hook.crop(FRIENDS, "&".join(f"format={text}" for text in asked))
    assert [crop["format"] for crop in reply.json["crops"]] == asked
    for text, crop in zip(asked, reply.json["crops"], strict=True):
        if text in FORMATS:
            assert (crop["aspect"], tuple(crop["pixels"])) == (str(FORMATS[text].aspect), FORMATS[text].pixels)


def test_a_form_is_as_good_as_the_bytes_alone(hook: Server) -> None:
    raw = hook.crop(FRIENDS, "format=16:9&format=square&method=gaze-fast")
    body, headers = form(FRIENDS, ("format", "16:9"), ("format", "square"))
    formed = hook.ask("POST", "/crop?format=2:1&method=gaze-fast", body, headers)
    assert formed.json == raw.json
    assert formed.headers["etag"] == raw.headers["etag"]


def test_without_wishes_the_crop_is_a_square_by_gaze(hook: Server, capsys: pytest.CaptureFixture[str]) -> None:
    assert crops(hook.crop(FRIENDS)) == printed(capsys, str(SAMPLES / "friends.jpg"))


def test_damage_and_animations_are_told_of_as_on_the_command_line(
    hook: Server, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for name in ("JPEG, last tenth missing", "GIF, animated", "PNG, palette, entries of it transparent"):
        path = tmp_path / "photo"
        path.write_bytes(KINDS[name].make())
        assert crops(hook.crop(KINDS[name].make(), "format=1:1")) == printed(capsys, str(path), "--aspect", "1:1"), name


def test_who_has_the_answer_is_told_so_without_anything_being_opened(hook: Server) -> None:
    def opened() -> float:
        lines = hook.ask("GET", "/metrics").body.decode().splitlines()
        return next(float(line.split()[1]) for line in lines if line.startswith("gazecrop_decode_seconds_count"))

    tag = hook.crop(FRIENDS, "format=4:5").headers["etag"]
    before = opened()
    for given in (tag, f'"another", {tag}', f"W/{tag}"):
        again = hook.crop(FRIENDS, "format=4:5", If_None_Match=given)
        assert (again.status, again.body, again.headers["etag"]) == (304, b"", tag)
    assert opened() == before
    others = ["format=5:4", "format=4:5&method=gaze-fast", "format=4:5&format=4:5", "format=4x5"]
    tags = [hook.crop(FRIENDS, query, If_None_Match=tag).headers["etag"] for query in others]
    tags.append(hook.crop(FRIENDS + b"\0", "format=4:5", If_None_Match=tag).headers["etag"])
    assert len({tag, *tags}) == 6
    assert opened() == before + 5
