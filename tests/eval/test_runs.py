"""Runs end to end on the synthetic dataset: known answers, resuming, damage, reports and comparisons."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from eval.__main__ import main
from eval.benchmark import measure
from eval.context import make_context
from eval.datasets import read_folder
from eval.make_run import Scope, fingerprint
from eval.methods import NAMES, load_methods
from eval.peers import PEERS, Peer
from eval.report import (
    METRICS,
    changed_images,
    compare,
    help_and_harm,
    leaderboard,
    render,
    same_data,
    select,
    values_of,
    verdict,
    verdict_of,
)
from eval.runs import (
    BOXES,
    MANIFEST,
    PROGRESS,
    TABLE,
    Run,
    RunError,
    as_boxes,
    as_table,
    find_runs,
    load_run,
    start_progress,
)
from eval.types import SLICES
from saliency.methods import METHODS, load_method
from saliency.types import Aspect, Evidence, Method, RgbImage
from tests.scenes import BrightnessModel, gaze_by
from tests.synthetic import SCENES, write_dataset


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The synthetic dataset judged in this process: the centre, and a model that looks at bright things."""
    samples = read_folder(write_dataset(tmp_path_factory.mktemp("data")))
    context = make_context(samples, samples)
    methods = [load_method("center"), gaze_by(BrightnessModel(), "bright")]
    outcomes = [measure(sample, methods, context) for sample in samples]
    return Run("synthetic", as_table(outcomes), as_boxes(outcomes), {})


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run made by the command, two processes, with one bad picture among the good."""
    root = tmp_path_factory.mktemp("made")
    write_dataset(root / "photos")
    (root / "photos" / "broken.jpg").write_bytes(b"no picture")
    status = main(["run", "--folder", str(root / "photos"), "--methods", "center", "face", "--out", str(root / "run")])
    assert status == 0
    return root


def value(run: Run, image: str, method: str, metric: str, aspect: str = "") -> float:
    t = run.table
    found = t[(t.image == image) & (t.method == method) & (t.metric == metric) & (t.aspect == aspect)]["value"]
    assert len(found) == 1
    return float(found.iloc[0])


def test_gaze_kept_is_all_or_nothing_where_the_square_is_in_or_out(run: Run) -> None:
    # 1:1 in 400x200 is 200 wide; the centre's is columns 100..299
    for image, by_centre in (("left.png", 0), ("middle.png", 1), ("right.png", 0)):
        assert value(run, image, "center", "gaze kept", "1:1") == by_centre
        for method in ("bright", "human", "oracle"):
            assert value(run, image, method, "gaze kept", "1:1") == 1
    # 3:1 in 200x400 is 67 high around row 200; the square is in rows 10..49
    assert value(run, "album/tall top.png", "center", "gaze kept", "3:1") == 0
    assert value(run, "album/tall top.png", "bright", "gaze kept", "3:1") == 1


def test_regions_and_human_crops_have_known_answers(run: Run) -> None:
    assert value(run, "left.png", "center", "regions whole", "1:1") == 0
    assert value(run, "left.png", "bright", "regions whole", "1:1") == 1
    # people chose columns 0..199; the centre takes 100..299: a third overlaps, two borders of four are 100 / 400 off
    assert value(run, "left.png", "center", "human crop IoU", "own") == pytest.approx(1 / 3, abs=1e-6)
    assert value(run, "left.png", "center", "boundary displacement", "own") == pytest.approx(0.125, abs=1e-6)


def test_a_format_of_the_pictures_own_shape_has_no_rows(run: Run) -> None:
    t = run.table
    assert "2:1" not in set(t[t.image == "left.png"]["aspect"])
    assert "1:1" not in set(t[t.image == "album/square.png"]["aspect"])


def test_the_map_that_sees_the_square_beats_the_prior_and_the_uniform_map(run: Run) -> None:
    for metric in ("AUC-Judd", "NSS", "IG", "CC", "SIM"):
        means = values_of(select(run.table, metric)).mean()
        assert means["brightness"] > means["centre prior"] > means["uniform"] - 1e-9, metric
    assert values_of(select(run.table, "AUC-Judd")).mean()["uniform"] == 0.5
    # each observer looks where the others do: the human row is at the top of what can be had
    assert values_of(select(run.table, "NSS")).mean()["human"] > 5


def test_the_slices_are_what_the_pictures_are(run: Run) -> None:
    slices = run.table.drop_duplicates("image").set_index("image")[list(SLICES)].astype(str)
    assert (slices["faces"] == "none").all()
    assert (slices["size"] == "small").all()
    assert (slices["gaze"] == "concentrated").all()
    assert slices["orientation"].to_dict() == {
        **dict.fromkeys(("left.png", "middle.png", "right.png"), "landscape"),
        "album/tall top.png": "portrait",
        "album/square.png": "square",
    }
    assert slices["off centre"].to_dict() == {
        **dict.fromkeys(("left.png", "right.png", "album/tall top.png"), "yes"),
        **dict.fromkeys(("middle.png", "album/square.png"), "no"),
    }


def test_the_leaderboard_has_the_means_the_difference_and_the_share_of_the_ceiling(run: Run) -> None:
    board = leaderboard(run)
    kept = run.table[(run.table.metric == "gaze kept") & (run.table.method == "center")]
    by_hand = kept.groupby("aspect", observed=True)["value"].mean().mean()
    assert board.loc["center", "mean"] == pytest.approx(by_hand)
    assert board.loc["bright", "difference"] == pytest.approx(board.loc["bright", "mean"] - by_hand)
    assert board.loc["center", "ceiling"] == 0
    assert board.loc["human", "ceiling"] == 1
    assert board.index[0] in ("bright", "human", "oracle")
    only = leaderboard(run, where={"orientation": "portrait", "aspect": "3:1"})
    assert (only.loc["center", "mean"], only.loc["bright", "mean"]) == (0, 1)


def test_help_harm_and_the_tail_are_counted_by_crop(run: Run) -> None:
    shares = help_and_harm(run.table)
    kept = run.table[run.table.metric == "gaze kept"]
    center = kept[kept.method == "center"].set_index(["image", "aspect"])["value"]
    bright = kept[kept.method == "bright"].set_index(["image", "aspect"])["value"]
    helped = sum(bright[key] - center[key] >= 0.05 for key in center.index) / len(center)
    assert shares.loc["bright", "help"] == pytest.approx(helped)
    assert shares.loc["bright", "harm"] == 0
    assert shares.loc["center", "below half"] == pytest.approx(float((center < 0.5).mean()))


@pytest.mark.parametrize("style", ["text", "markdown", "csv"])
def test_a_report_is_written_in_each_style(run: Run, style: str) -> None:
    text = render(leaderboard(run), style)
    assert len(text.strip().splitlines()) == 5 + (style == "markdown")
    assert "bright" in text
    with pytest.raises(ValueError, match="unknown style 'pdf'"):
        render(leaderboard(run), "pdf")


def test_what_a_run_does_not_have_is_named(run: Run) -> None:
    with pytest.raises(ValueError, match="no method 'gaze' with 'gaze kept' in this run; available: bright, center"):
        leaderboard(run, reference="gaze")
    with pytest.raises(ValueError, match="no rows of 'faces cut'"):
        leaderboard(run, "faces cut")
    with pytest.raises(ValueError, match="no column 'colour'"):
        leaderboard(run, where={"colour": "red"})


def test_the_command_judges_records_the_bad_picture_and_goes_on(made: Path) -> None:
    run = load_run(made / "run")
    assert set(run.table["image"]) == {scene.name for scene in SCENES}
    (failed,) = run.manifest["failed"]
    assert failed["image"] == "broken.jpg"
    assert "not a JPEG" in failed["error"]
    assert value(run, "left.png", "center", "gaze kept", "1:1") == 0
    assert not run.table.duplicated(["dataset", "image", "method", "aspect", "metric"]).any()
    assert not (made / "run" / PROGRESS).exists()
    for key in ("command", "commit", "date", "data", "weights", "versions", "machine", "methods", "split"):
        assert run.manifest[key], key
    assert find_runs(made) == [made / "run"]


def test_a_killed_run_goes_on_without_losing_or_doubling_a_row(made: Path, tmp_path: Path) -> None:
    photos, out = made / "photos", tmp_path / "run"
    arguments = ["run", "--folder", str(photos), "--methods", "center", "face", "--out", str(out)]
    finished = load_run(made / "run")
    plan = {key: finished.manifest[key] for key in ("datasets", "folder", "split", "methods", "data", "weights")}
    start_progress(out, plan)
    rows = [{"method": "center", "aspect": "1:1", "metric": "gaze kept", "value": 0.123}]
    done = {
        "dataset": "folder",
        "image": "left.png",
        "size": [400, 200],
        "slices": dict.fromkeys(SLICES, "none"),
        "rows": rows,
        "boxes": [],
        "error": "",
    }
    with (out / PROGRESS).open("a") as file:
        file.write(json.dumps(done) + "\n" + '{"dataset": "folder", "image": "mid')  # killed while writing
    assert main(arguments) == 0
    resumed = load_run(out).table
    assert resumed[resumed.image == "left.png"]["value"].tolist() == [pytest.approx(0.123)]  # not judged again
    assert set(resumed["image"]) == {scene.name for scene in SCENES}
    same = ~finished.table["metric"].astype(str).str.startswith("milliseconds") & (
        finished.table["image"] != "left.png"
    )
    rest = ~resumed["metric"].astype(str).str.startswith("milliseconds") & (resumed["image"] != "left.png")
    columns = ["image", "method", "aspect", "metric", "value"]
    pd.testing.assert_frame_equal(
        finished.table.loc[same, columns].astype({"value": float}).reset_index(drop=True),
        resumed.loc[rest, columns].astype({"value": float}).reset_index(drop=True),
        check_categorical=False,
    )


def test_other_annotations_make_another_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    photos = write_dataset(tmp_path / "my photos")
    scope = Scope((), photos, "test", ("center",))
    before = scope.describe({name: fingerprint(of) for name, of in scope.samples().items()})
    start_progress(tmp_path / "run", before)
    (photos / "crops.csv").write_text("image,left,top,width,height\nleft.png,0,0,50,50\n")
    assert main(["run", "--folder", str(photos), "--methods", "center", "--out", str(tmp_path / "run")]) == 2
    assert "unfinished run of something else" in capsys.readouterr().err


def test_another_runs_folder_is_not_overwritten(made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["run", "--folder", str(made / "photos"), "--methods", "center", "--out"]
    assert main([*arguments, str(made / "run")]) == 2
    assert "holds a finished run" in capsys.readouterr().err
    start_progress(tmp_path / "other", {"methods": ["something else"]})
    assert main([*arguments, str(tmp_path / "other")]) == 2
    assert "unfinished run of something else" in capsys.readouterr().err


def test_missing_unfinished_and_damaged_runs_say_what_to_do(made: Path, tmp_path: Path) -> None:
    with pytest.raises(RunError, match="no run at .*; make one with python -m eval run"):
        load_run(tmp_path / "nothing")
    start_progress(tmp_path / "half", {})
    with pytest.raises(RunError, match="unfinished; go on"):
        load_run(tmp_path / "half")
    (tmp_path / "empty").mkdir()
    with pytest.raises(RunError, match="holds no run"):
        load_run(tmp_path / "empty")
    shutil.copytree(made / "run", tmp_path / "damaged")
    (tmp_path / "damaged" / TABLE).write_bytes(b"PAR1 and then nothing")
    with pytest.raises(RunError, match="damaged"):
        load_run(tmp_path / "damaged")
    shutil.copy(made / "run" / TABLE, tmp_path / "damaged")
    for text in ("[]", "5", '{"images": 5}', '{"images": {"a": "b"}}', "[" * 100_000, "\ufeff"):
        (tmp_path / "damaged" / MANIFEST).write_text(text, encoding="utf-8")
        with pytest.raises(RunError, match="damaged"):
            load_run(tmp_path / "damaged")


def test_a_table_that_arrow_and_pandas_disagree_on_is_a_damaged_one(made: Path, tmp_path: Path) -> None:
    shutil.copytree(made / "run", tmp_path / "run")
    boxes = pq.read_table(tmp_path / "run" / BOXES)
    said = {key: value.replace(b"int8", b"inT8") for key, value in boxes.schema.metadata.items()}
    pq.write_table(boxes.replace_schema_metadata(said), tmp_path / "run" / BOXES)  # pandas raises a TypeError
    with pytest.raises(RunError, match="damaged"):
        load_run(tmp_path / "run")


def test_the_boxes_are_where_the_methods_put_them(run: Run, made: Path) -> None:
    boxes = run.boxes.set_index(["image", "method", "aspect"])
    sides = ["image width", "image height", "left", "top", "width", "height"]
    assert boxes.loc[("left.png", "center", "1:1"), sides].tolist() == [400, 200, 100, 0, 200, 200]
    assert boxes.loc[("left.png", "bright", "1:1"), "left"] <= 10
    kept = run.table[run.table["metric"] == "gaze kept"]
    assert len(run.boxes) == len(kept)
    assert set(load_run(made / "run").boxes["method"]) == {"center", "face", "human", "oracle"}


def test_a_run_without_boxes_is_of_another_version(made: Path, tmp_path: Path) -> None:
    shutil.copytree(made / "run", tmp_path / "old")
    (tmp_path / "old" / BOXES).unlink()
    with pytest.raises(RunError, match="no boxes.parquet: it is of another version"):
        load_run(tmp_path / "old")


def test_pictures_of_the_same_name_and_another_size_are_not_compared(run: Run) -> None:
    other = run.boxes.copy()
    other.loc[other["image"] == "left.png", "image width"] = 401
    table = run.table.copy()
    table.loc[(table["image"] == "left.png") & (table["metric"] == "gaze kept"), "value"] = 0.0
    elsewhere = Run("elsewhere", table, other, {"data": {"folder": "another"}})
    changes = compare(run, elsewhere)
    kept = changes[(changes["metric"] == "gaze kept") & (changes["method"] == "bright")].iloc[0]
    assert (kept["images"], kept["change"]) == (len(SCENES) - 1, 0)
    assert changed_images(run, elsewhere, "bright", "gaze kept").empty
    same_size = Run("same size", table, run.boxes, {"data": {"folder": "one"}})
    assert compare(run, same_size)["change"].abs().max() > 0
    assert not same_data(same_size, elsewhere)
    assert same_data(run, elsewhere)


def test_the_verdict_says_what_the_leaderboard_says(run: Run) -> None:
    board = leaderboard(run)
    bright, centre = board.loc["bright"], board.loc["center"]
    text = verdict(run, "bright")
    assert f"`bright` keeps **{100 * bright['mean']:.1f} %** of human gaze" in text
    assert f"{100 * (bright['mean'] - centre['mean']):.1f} points more than the centre crop" in text
    assert f"interval {100 * bright['difference low']:+.1f} to {100 * bright['difference high']:+.1f}" in text
    helped = run.table[run.table["metric"] == "gaze kept"].pivot_table(
        index=["image", "aspect"], columns="method", values="value", observed=True
    )
    share = (helped["bright"] - helped["center"] >= 0.05).mean()
    assert share > 0.4
    assert f"it helps on {100 * share:.0f} % of crops and harms no crop" in text
    assert "about as much as the centre crop (+0.0 points)" in verdict(run, "center")
    unsure = board.assign(**{"difference": 0.069, "difference low": -0.02, "difference high": 0.15})
    assert "+6.9 points beside the centre crop, which may be chance" in verdict_of(unsure, "bright")
    with pytest.raises(ValueError, match="no method 'gaze' .*; available: bright, human, oracle, center"):
        verdict(run)


def test_report_and_compare_from_the_command_line(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", str(made / "run"), "--where", "orientation=landscape"]) == 0
    assert "human" in capsys.readouterr().out
    assert main(["report", str(made / "run"), "--metric", "NSS"]) == 0
    assert "centre prior" in capsys.readouterr().out
    assert main(["compare", str(made / "run"), str(made / "run")]) == 0
    assert main(["report", str(made / "nothing")]) == 2


def shifted(run: Run, method: str, metric: str, by: float) -> Run:
    table = run.table.copy()
    rows = (table["method"] == method) & (table["metric"] == metric)
    table.loc[rows, "value"] += np.float32(by)
    return replace(run, table=table)


def many(run: Run) -> Run:
    """The same run with each image ten times, so that a change can be significant."""
    parts = [run.table.assign(image=run.table["image"].astype(str) + f" {i}") for i in range(10)]
    return replace(run, table=pd.concat(parts, ignore_index=True))


def test_compare_finds_what_got_worse_and_where(run: Run) -> None:
    old = many(run)
    worse = shifted(old, "bright", "gaze kept", -0.1)
    changes = compare(old, worse).set_index(["method", "metric"])
    assert changes.loc[("bright", "gaze kept"), "regression"]
    assert changes.loc[("bright", "gaze kept"), "change"] == pytest.approx(-0.1, abs=1e-4)
    assert not changes.loc[("center", "gaze kept"), "regression"]
    assert not compare(worse, old)["regression"].any()
    # less KL divergence is better, more is a regression
    assert compare(old, shifted(old, "brightness", "KL", 0.5))["regression"].any()
    assert not compare(old, shifted(old, "brightness", "KL", -0.5))["regression"].any()
    assert len(changed_images(old, worse, "bright", "gaze kept", 3)) == 3


def test_unknown_methods_are_refused_and_unavailable_ones_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match="unknown method 'fase'; available: gaze"):
        load_methods(["fase"])
    monkeypatch.delenv("FASTGAZE_VXM", raising=False)
    found, unavailable = load_methods(["center", "twitter-2018"])
    assert [method.name for method in found] == ["center"]
    assert "FASTGAZE_VXM" in str(unavailable["twitter-2018"])


def test_times_have_a_median_and_a_95th_percentile(run: Run) -> None:
    board = leaderboard(run, "milliseconds")
    times = run.table[(run.table["metric"] == "milliseconds") & (run.table["method"] == "bright")]["value"]
    assert board.loc["bright", "median"] == pytest.approx(np.median(times), rel=1e-5)
    assert board.loc["bright", "p95"] == pytest.approx(np.percentile(times.astype(float), 95), rel=1e-5)
    assert "decode" in board.index


def test_a_dataset_without_values_is_left_empty(run: Run) -> None:
    """Face recall has no value on photos without faces: the other dataset's rows still make a leaderboard."""
    rows = run.table[run.table["metric"] == "gaze kept"].copy()
    empty = rows.assign(dataset="empty", value=np.float32(np.nan))
    board = leaderboard(replace(run, table=pd.concat([rows, empty], ignore_index=True)))
    assert np.isnan(board.loc["center", "empty"])
    assert board.loc["center", "mean"] == pytest.approx(leaderboard(run).loc["center", "mean"])


def test_every_metric_of_a_run_is_described(run: Run) -> None:
    assert set(run.table["metric"].unique()) <= set(METRICS)
    assert set(NAMES) >= {"gaze", "center", "twitter-2018", "smartcrop"}
    assert Aspect.parse("1:1").ratio == 1


def test_each_eye_looks_at_a_photo_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All methods that are here, on photos with labelled boxes and crops that people chose."""
    looks: Counter[str] = Counter()

    def counted(method: Method) -> Method:
        def look(image: RgbImage) -> Evidence:
            looks[method.eye] += 1
            return method.look(image)

        return replace(method, look=look)

    def load_counted(peer: Peer) -> Method:
        return counted(peer.load())

    for name, method in METHODS.items():
        monkeypatch.setitem(METHODS, name, counted(method))
    for name, peer in PEERS.items():
        monkeypatch.setitem(PEERS, name, replace(peer, load=partial(load_counted, peer)))
    monkeypatch.setattr("eval.slices.detect_yunet", lambda _: pytest.fail("the slices look again"))
    methods, _ = load_methods(NAMES)
    samples = read_folder(write_dataset(tmp_path / "photos"))
    context = make_context(samples, [])
    found = [measure(sample, methods, context) for sample in samples]
    assert looks == dict.fromkeys({method.eye for method in methods}, len(samples))
    assert {"gaze", "gaze-fast", "yunet", "haar", "spectral-residual"} <= set(looks)
    for outcome in found:
        judged = {row.method for row in outcome.rows if row.metric == "human crop IoU"}
        assert judged == {method.name for method in methods}
