"""`python -m saliency`: what it prints, writes and returns."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from saliency.__main__ import main
from saliency.command.sources import MAX_BYTES as OWN_MAX_BYTES
from saliency.export import encode
from saliency.framing import Framing, frame
from saliency.image import MAX_BYTES, ImageError, open_image
from saliency.methods import load_method
from saliency.models import load_model
from saliency.things import at_any_cost
from saliency.types import Aspect

ROOT = Path(__file__).parents[2]
CAT = str(ROOT / "samples" / "chelsea_cat.jpg")
FRIENDS = str(ROOT / "samples" / "friends.jpg")


def test_json_is_one_object_for_each_image_method_and_aspect(capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["crop", CAT, FRIENDS, "--aspect", "16:9", "--aspect", "1:1", "--json", "--method", "gaze"])
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert status == 0
    assert [(row["image"], row["aspect"]) for row in rows] == [
        (image, aspect) for image in (CAT, FRIENDS) for aspect in ("16:9", "1:1")
    ]
    for row in rows:
        assert set(row) - {"note", "cut"} == {  # those two only where there is something to say
            *("image", "width", "height", "method", "aspect"),
            *("box", "kept", "gain", "helps", "harms", "focal_point"),
        }
        left, top, width, height = row["box"]
        assert left + width <= row["width"]
        assert top + height <= row["height"]
        assert 0 < row["kept"] <= 1
        assert left <= row["focal_point"][0] <= left + width


def test_methods_without_a_map_are_judged_by_gaze(capsys: pytest.CaptureFixture[str]) -> None:
    main(["crop", CAT, "--aspect", "3:1", "--json", *(f"--method={name}" for name in ("center", "gaze-only", "face"))])
    center, gaze, face = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert center["gain"] == 0
    assert center["kept"] == pytest.approx(gaze["kept"] - gaze["gain"], abs=2e-6)
    assert face["kept"] <= gaze["kept"] + 1e-3  # where values hardly differ, the middle is taken


def test_crops_are_written_without_metadata(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "taken at home"
    original = tmp_path / "held upright.jpg"
    Image.fromarray(open_image(CAT)).save(original, exif=exif, quality=95)
    out = tmp_path / "out"
    assert main(["crop", str(original), "--aspect", "4:5", "--out", str(out), "--json"]) == 0
    row = json.loads(capsys.readouterr().out)
    (file,) = out.iterdir()
    assert file.name == "held upright_gaze_4x5.jpg"
    with Image.open(file) as crop:
        assert crop.size == (row["box"][2], row["box"][3])
        assert not crop.getexif()
        assert (row["width"], row["height"]) == (300, 451)  # turned upright


def test_an_unreadable_file_is_reported_and_the_rest_goes_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = tmp_path / "bad.jpg"
    bad.write_bytes(b"no picture")
    assert main(["crop", str(bad), CAT, "--json"]) == 1
    first, second = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert first["image"] == str(bad)
    assert "not a JPEG" in first["error"]
    assert second["image"] == CAT
    assert main(["crop", str(bad), CAT]) == 1
    printed = capsys.readouterr()
    assert f"{bad}: this is not a JPEG" in printed.err
    assert "failed" not in printed.err
    assert "keeps" in printed.out
    assert main(["crop", str(bad), CAT, str(tmp_path / "lost.jpg")]) == 1
    assert capsys.readouterr().err.endswith("2 of 3 failed, for the reasons above\n")


def test_a_folder_stands_for_its_pictures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    nested = tmp_path / "album" / "nested"
    nested.mkdir(parents=True)
    for path in (tmp_path / "album" / "b.png", nested / "a.PNG"):
        Image.new("RGB", (30, 20), "red").save(path)
    (tmp_path / "album" / "notes.txt").write_text("not a picture")
    assert main(["crop", str(tmp_path / "album"), "--json"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [Path(row["image"]).name for row in rows] == ["b.png", "a.PNG"]
    (tmp_path / "empty").mkdir()
    assert main(["crop", str(tmp_path / "empty"), "--json"]) == 1
    assert "no picture" in capsys.readouterr().out


def test_exact_sizes_are_written_and_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    options = ["--aspect", "1:1", "--size", "120x63", "--size", "90 × 160", "--method", "gaze", "--method", "center"]
    assert main(["crop", CAT, *options, "--out", str(out), "--json"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row.get("pixels") for row in rows] == [None, [120, 63], [90, 160]] * 2
    assert [row["aspect"] for row in rows] == ["1:1", "40:21", "9:16"] * 2
    sizes = {path.name: Image.open(path).size for path in out.iterdir()}
    square = rows[0]["box"][2]
    for method in ("gaze", "center"):
        assert sizes.pop(f"chelsea_cat_{method}_1x1.jpg") == (square, square)
        assert sizes.pop(f"chelsea_cat_{method}_120x63.jpg") == (120, 63)
        assert sizes.pop(f"chelsea_cat_{method}_90x160.jpg") == (90, 160)
    assert not sizes


def test_the_kind_of_file_and_its_quality_are_chosen(tmp_path: Path) -> None:
    lengths = []
    for quality in ("95", "20"):
        main(["crop", CAT, "--out", str(tmp_path / quality), "--format", "WebP", "--quality", quality])
        (file,) = (tmp_path / quality).iterdir()
        assert file.name == "chelsea_cat_gaze_1x1.webp"
        assert Image.open(file).format == "WEBP"
        lengths.append(file.stat().st_size)
    assert lengths[0] > 2 * lengths[1]


def test_json_says_what_the_sentence_does(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    options = ["crop", FRIENDS, "--size", "3000x500", "--gaze-only", "--out", str(out), "--overwrite"]
    for more, enlarged in (([], 3000 / 852), (["--no-enlarge"], None)):
        assert main([*options, *more, "--json"]) == 0
        row = json.loads(capsys.readouterr().out)
        assert row["file"] == str(out / "friends_gaze_3000x500.jpg")
        with Image.open(row["file"]) as image:
            assert list(image.size) == row["pixels"] == ([3000, 500] if enlarged else row["box"][2:])
        assert row.get("enlarged") == (pytest.approx(enlarged, abs=1e-3) if enlarged else None)
        main([*options, *more])
        told = capsys.readouterr().out
        assert row["file"] in told
        assert ("enlarged 3.52 times" in told) == bool(enlarged)
        assert ("and not enlarged" in told) == (not enlarged)
    main(["crop", FRIENDS, "--aspect", "8:1", "--json"])
    row = json.loads(capsys.readouterr().out)
    assert row["cut"] == "the head is cut"
    assert row["cut"] in row["note"]


def test_a_padded_photo_is_enlarged_unless_that_is_not_wished(capsys: pytest.CaptureFixture[str]) -> None:
    for more, box, enlarged in (([], [324, 0, 1353, 900], 3), (["--no-enlarge"], [774, 300, 451, 300], None)):
        main(["crop", CAT, "--fit", "pad", "--size", "2000x900", "--json", *more])
        row = json.loads(capsys.readouterr().out)
        assert row["canvas"] == [2000, 900]
        assert row["photo"] == pytest.approx(box, abs=1)
        assert row.get("enlarged") == enlarged


def test_sizes_are_as_small_as_icons(tmp_path: Path) -> None:
    main(["crop", CAT, "--size", "16 x 16", "--size", "1x1", "--format", "PNG", "--out", str(tmp_path)])
    assert {path.name: open_image(path).shape for path in tmp_path.iterdir()} == {
        "chelsea_cat_gaze_16x16px.png": (16, 16, 3),
        "chelsea_cat_gaze_1x1px.png": (1, 1, 3),
    }


def test_standard_input_is_a_photo(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "saliency", "crop", "-", "--method", "center", "--json", "--out", str(tmp_path)]
    picture = encode(open_image(CAT), "WebP")
    done = subprocess.run(command, cwd=ROOT, capture_output=True, input=picture, timeout=120)
    assert done.returncode == 0, done.stderr
    row = json.loads(done.stdout)
    assert (row["image"], row["box"]) == ("-", [75, 0, 300, 300])
    assert Path(row["file"]) == tmp_path / "stdin_center_1x1.webp"
    with Image.open(row["file"]) as image:
        assert (image.format, image.size) == ("WEBP", (300, 300))
    done = subprocess.run(command, cwd=ROOT, capture_output=True, input=b"", timeout=120)
    assert json.loads(done.stdout) == {"image": "-", "error": "the file is empty"}


def test_ones_own_files_may_be_larger_than_a_strangers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    large = tmp_path / "large.jpg"
    large.write_bytes(Path(CAT).read_bytes() + bytes(MAX_BYTES))
    with pytest.raises(ImageError, match="the file has 25.03.* MB; the limit is 25 MB"):
        open_image(large)
    assert OWN_MAX_BYTES == 200_000_000
    assert main(["crop", str(large), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["width"] == 451
    monkeypatch.setattr("saliency.command.sources.MAX_BYTES", MAX_BYTES)
    assert main(["crop", str(large)]) == 1
    told = "the file has 25.031 MB; the limit is 25 MB; GAZECROP_MAX_MEGABYTES raises it\n"
    assert told in capsys.readouterr().err


def test_a_photo_has_a_focal_point_of_its_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = tmp_path / "points.csv"
    for text in (
        "image,x,y\nchelsea_cat.jpg,0.25,0.5\nsamples/friends.jpg,0.5,0.125\nfriends.jpg,0,0\nlost.jpg,0,0\ncat.jpg,2,0\n",
        "\ufeffImage; Y; X\nchelsea_cat.jpg;0,5;0,25\nsamples/friends.jpg;0,125;0,5\nfriends.jpg;0;0\na;0;0\nb;0;-1",
    ):
        table.write_text(text, encoding="utf-8")
        assert main(["crop", CAT, FRIENDS, "--aspect", "1:4", "--json", "--focal-file", str(table)]) == 0
        printed = capsys.readouterr()
        cat, friends = (json.loads(line) for line in printed.out.splitlines())
        assert cat["focal_point"] == [451 / 4, 150]
        assert friends["focal_point"] == [852 / 2, friends["height"] / 8]
        assert cat["box"][0] + cat["box"][2] / 2 == pytest.approx(451 / 4, abs=1)
        assert "1 of its points outside the photo, which is 0 to 1, so not used" in printed.err
        assert "no photo in this run for 2 of 4 points" in printed.err
    table.write_text("image,x,y\na.jpg,left,0\na.jpg,0\n")
    with pytest.raises(SystemExit):
        main(["crop", CAT, "--focal-file", str(table)])
    assert "line 2: x is not a number: 'left'; line 3: y is missing" in capsys.readouterr().err


def test_a_damaged_photo_is_cropped_and_that_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cut = tmp_path / "cut.jpg"
    data = Path(CAT).read_bytes()
    cut.write_bytes(data[: len(data) * 98 // 100])
    assert main(["crop", str(cut), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["damage"] == "its end is missing"
    assert main(["crop", str(cut)]) == 0
    assert "the photo is damaged: its end is missing" in capsys.readouterr().out
    for command in (["crop", str(cut)], ["crop", str(cut), "--fit", "pad"], ["map", str(cut)]):
        assert main([*command, "--strict", "--out", str(tmp_path / "strict")]) == 1
        assert "the picture is damaged or incomplete" in capsys.readouterr().err


def test_crops_are_framed_as_wished(capsys: pytest.CaptureFixture[str]) -> None:
    image = open_image(FRIENDS)
    saliency_map, size = load_model("gaze").predict(image), (image.shape[1], image.shape[0])
    things = load_method("gaze").look(image).things
    assert things
    for options, framing in (
        ([], Framing(whole=things)),
        (["--keep", "0.7"], Framing(keep=0.7, whole=things)),
        (["--gaze-only", "--keep", "0.7", "--margin", "0.2"], Framing(keep=0.7, margin=0.2)),
        (["--keep-faces", "--margin", "0.2"], Framing(whole=at_any_cost(things), margin=0.2)),
        (["--focal", "0.2,0.9"], Framing(focal=(0.2, 0.9), whole=things)),
    ):
        assert main(["crop", FRIENDS, "--aspect", "4:1", "--json", *options]) == 0
        row = json.loads(capsys.readouterr().out)
        (crop,) = frame(saliency_map, size, [Aspect(4, 1)], framing)
        assert row["box"] == crop.box.as_list()
        assert row["kept"] == pytest.approx(crop.kept, abs=1e-6)
    main(["crop", FRIENDS, "--aspect", "4:1", "--focal", "0.2,0.5", "--gaze-only"])
    assert "(centred on the chosen point)" in capsys.readouterr().out
    main(["crop", FRIENDS, "--aspect", "4:1", "--focal", "0.2,1", "--gaze-only"])
    assert "(as near the chosen point as the border lets it)" in capsys.readouterr().out


def test_plain_bars_are_left_out_as_wished_and_that_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    both, above = str(tmp_path / "both.png"), str(tmp_path / "above.png")
    pixels = np.zeros((400, 451, 3), np.uint8)
    pixels[60:360] = open_image(CAT)
    Image.fromarray(pixels).save(both)
    Image.fromarray(pixels[:360]).save(above)
    for path, wish, trimmed in (
        *((both, [], True), (both, ["--trim", "always"], True), (both, ["--trim", "never"], False)),
        *((above, [], False), (above, ["--trim", "auto"], False), (above, ["--trim", "always"], True)),
    ):
        assert main(["crop", path, "--json", *wish]) == 0
        row = json.loads(capsys.readouterr().out)
        _, top, _, height = row["box"]
        assert (60 <= top < 64) == trimmed
        assert (top + height <= 360) == (trimmed or path == above)
        left_out = f"the plain bars left out: {top} pixels above"
        below = f", {400 - top - height} below" if path == both else ""
        assert ("plain bars" in row.get("note", "")) == trimmed
        assert not trimmed or row["note"] == left_out + below
        assert ("within" in row) == trimmed
        assert row.get("within", [0, top, 451, height])[1::2] == [top, height]  # a square's height is all of it
    main(["crop", both])
    assert "(the plain bars left out: " in capsys.readouterr().out


def test_the_whole_photo_is_written_with_a_border(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    options = ["--fit", "pad", "--aspect", "1:1", "--size", "120x63", "--background", "#010203"]
    assert main(["crop", CAT, *options, "--format", "PNG", "--out", str(out), "--json"]) == 0
    square, card = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    cat = open_image(CAT)
    assert square == {
        **{"image": CAT, "width": 451, "height": 300, "aspect": "1:1", "box": [0, 0, 451, 300]},
        **{"fit": "pad", "background": "#010203", "canvas": [451, 451], "photo": [0, 75, 451, 300], "kept": 1},
        "file": str(out / "chelsea_cat_pad_1x1.png"),
    }
    drawn = open_image(out / "chelsea_cat_pad_1x1.png")
    assert drawn.shape == (451, 451, 3)
    np.testing.assert_array_equal(drawn[75:375], cat)
    assert (drawn[:75] == (1, 2, 3)).all()
    assert (card["canvas"], card["photo"]) == ([120, 63], [12, 0, 95, 63])
    assert open_image(out / "chelsea_cat_pad_120x63.png").shape == (63, 120, 3)


@pytest.mark.parametrize(("wish", "trimmed"), [([], True), (["--trim", "always"], True), (["--trim", "never"], False)])
def test_a_padded_photo_has_no_bars_where_a_crop_has_none(
    wish: list[str], trimmed: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    photo, out = tmp_path / "barred.png", tmp_path / "out"
    pixels = np.zeros((400, 451, 3), np.uint8)
    pixels[60:360] = open_image(CAT)
    Image.fromarray(pixels).save(photo)
    options = ["crop", str(photo), "--aspect", "3:1", *wish, "--json"]
    main(options)
    within = json.loads(capsys.readouterr().out).get("within")
    assert (within is not None) == trimmed
    left, top, width, height = box = within or [0, 0, 451, 400]
    for more in ([], ["--out", str(out)]):
        assert main([*options, "--fit", "pad", "--background", "#010203", *more]) == 0
        row = json.loads(capsys.readouterr().out)
        assert row["box"] == box
        assert row.get("within") == within
        assert row["canvas"] == [3 * height, height]
        assert row["photo"] == [(3 * height - width) // 2, 0, width, height]
        assert ("kept" in row) == (not trimmed)
    drawn = open_image(out / "barred_pad_3x1.png")
    x = row["photo"][0]
    np.testing.assert_array_equal(drawn[:, x : x + width], pixels[top : top + height, left : left + width])
    main([*options[:-1], "--fit", "pad"])
    assert ("the photo without its plain bars (" in capsys.readouterr().out) == trimmed


def test_where_a_padded_photo_lies_is_told_without_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["crop", CAT, "--fit", "pad", "--aspect", "3:1", "--background", "blurred"]) == 0
    told = capsys.readouterr().out
    assert told == f"{CAT}: pad 3:1 is 900x300, the whole photo 451x300 at (224, 0), border blurred\n"


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--keep", "1.5"], "1.5"),
        (["--keep", "most"], "'most'"),
        (["--margin", "0.7", "--keep", "0.5"], "0.7"),
        (["--margin", "0.1", "--gaze-only"], "--margin 0.1 needs --keep"),
        (["--focal", "0.5"], "'0.5'"),
        (["--focal", "0.5,2"], "2.0"),
        (["--size", "16:9"], "'16:9' is no size in pixels, such as 1200x630; --aspect takes shapes"),
        (["--size", "0x16"], "a size of 0 × 16 pixels is out of range; each side is 1 to 10,000"),
        (["--aspect", "0:5"], "0:5 is no aspect ratio: both sides are finite and above 0, as in 16:9\n"),
        (["--focal-file", "nowhere.csv"], "nowhere.csv: it cannot be read: No such file"),
        (
            ["--focal-file", str(ROOT / "samples" / "credits.csv")],
            "it needs image, x and y, so image, x and y are missing",
        ),
        (["--focal-file", CAT], "it is not in UTF-8; save it again"),
        (["--size", "20000x500"], "20000"),
        (["--quality", "0"], "'0'"),
        (["--quality", "high"], "'high'"),
        (["--format", "TGA"], "'TGA'"),
        (["--keep", "0.5", "--method", "gaze", "--method", "face"], "'face'"),
        (["--keep-faces", "--method", "center"], "'center'"),
        (["--gaze-only", "--method", "center"], "'center'"),
        (["--trim", "never", "--method", "center"], "'center'"),
        (["--trim", "a bit"], "'a bit'"),
        (["--fit", "pad", "--trim", "always", "--keep", "0.5"], "--keep is for --fit crop"),
        (["--fit", "pad", "--keep", "0.5"], "--keep is for --fit crop"),
        (["--fit", "pad", "--focal", "0.5,0.5"], "--focal is for --fit crop"),
        (["--fit", "pad", "--keep-faces"], "--keep-faces is for --fit crop"),
        (["--fit", "pad", "--method", "face"], "--method is for --fit crop"),
        (["--fit", "stretch"], "'stretch'"),
        (["--fit", "pad", "--background", "fog"], "'fog'"),
        (["--background", "blurred"], "--background blurred is for the border of --fit pad"),
    ],
)
def test_wishes_that_cannot_be_are_refused_by_value(
    options: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["crop", CAT, *options])
    assert stop.value.code == 2
    assert told in capsys.readouterr().err


def test_map_writes_the_grid_and_a_heatmap(tmp_path: Path) -> None:
    assert main(["map", CAT, "--out", str(tmp_path)]) == 0
    saliency_map = np.load(tmp_path / "chelsea_cat.npy")
    assert saliency_map.dtype == np.float32
    assert saliency_map.sum() == pytest.approx(1, abs=1e-5)
    assert open_image(tmp_path / "chelsea_cat.png").shape == open_image(CAT).shape


@pytest.mark.parametrize(
    "arguments", [["crop", CAT, "--aspect", "wide"], ["crop", CAT, "--method", "fase"], ["map", CAT]]
)
def test_wrong_arguments_end_with_status_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    assert stop.value.code == 2
    assert arguments[-1] in capsys.readouterr().err or arguments[0] == "map"


def test_it_runs_as_a_module() -> None:
    command = [sys.executable, "-m", "saliency", "crop", CAT, "--aspect", "2:1", "--method", "center", "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["box"] == [0, 37, 451, 226]


def test_a_gain_that_rounds_away_is_not_told_as_one(capsys: pytest.CaptureFixture[str]) -> None:
    main(["crop", CAT, "--aspect", "1:1", "--method", "center"])
    assert capsys.readouterr().out.rstrip().endswith("of expected gaze, as much as the centre")
