"""Scenes: each has a right answer that can be found, cannot be had by cutting, and is the same in a mirror."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from eval.__main__ import main
from eval.metrics.crop import BENCHMARK_ASPECTS
from eval.report import by_kind, levels_of_scenes
from eval.runs import load_run
from eval.scenes import KINDS, PER_KIND, draw_scene
from eval.scenes.cutouts import PHOTOS, SAMPLES, photographs
from eval.scenes.judge import SceneName, judge_scenes, measure_scene, scene_names
from eval.scenes.rules import (
    cut,
    cuts_nothing,
    judged_aspects,
    most_whole,
    most_whole_or_next,
    off_the_bars,
    right,
    room_left,
    roomy,
    whole,
    widest_windows,
)
from eval.scenes.types import Boxes, Scene, Target
from saliency.crop import center_window, window_size
from saliency.methods import load_method, place_in_middle
from saliency.models.face import detect_yunet
from saliency.types import Aspect, Box, Crop, Evidence, Method, RgbImage

SOME = range(6)  # of each kind: drawing them all takes a minute
SQUARE, WIDE = Aspect(1, 1), Aspect(16, 9)


def mirrored_box(box: Box, width: int) -> Box:
    return Box(width - box.right, box.top, box.width, box.height)


def mirrored(scene: Scene) -> Scene:
    width = scene.size[0]
    targets = tuple(replace(target, box=mirrored_box(target.box, width)) for target in scene.targets)
    inner = mirrored_box(scene.inner, width) if scene.inner else None
    return replace(scene, image=scene.image[:, ::-1], targets=targets, inner=inner)


def blank(size: tuple[int, int], *targets: Target, rules: tuple = (most_whole,), inner: Box | None = None) -> Scene:
    return Scene(np.zeros((size[1], size[0], 3), np.uint8), targets, rules, inner)


def starts(scene: Scene, aspect: Aspect) -> list[int]:
    """Where along the free axis the right windows begin."""
    return np.flatnonzero(right(scene, aspect, widest_windows(scene.size, aspect))).tolist()


@pytest.fixture(scope="module", params=KINDS)
def scenes(request: pytest.FixtureRequest) -> list[Scene]:
    return [draw_scene(request.param, number) for number in SOME]


def test_each_judged_shape_has_right_windows_and_wrong_ones(scenes: list[Scene]) -> None:
    for scene in scenes:
        aspects = judged_aspects(scene)
        assert aspects, scene.name
        for aspect in aspects:
            windows = widest_windows(scene.size, aspect)
            answers = right(scene, aspect, windows)
            assert 0 < answers.sum() < len(windows)
            assert set(map(tuple, windows[:, 2:].tolist())) == {window_size(scene.size, aspect)}


def test_what_keeps_nothing_of_the_first_rank_that_fits_is_wrong(scenes: list[Scene]) -> None:
    for scene in scenes:
        first = [target for target in scene.targets if target.rank == 0]
        for aspect in judged_aspects(scene):
            windows = widest_windows(scene.size, aspect)
            kept = np.any([whole(target, windows) for target in first], axis=0)
            if kept.any():
                assert not (right(scene, aspect, windows) & ~kept).any(), (scene.name, aspect)


def test_a_mirrored_scene_has_mirrored_right_windows(scenes: list[Scene]) -> None:
    for scene in scenes:
        other = mirrored(scene)
        for aspect in judged_aspects(scene):
            windows = widest_windows(scene.size, aspect)
            reflected = windows.copy()
            reflected[:, 0] = scene.size[0] - windows[:, 0] - windows[:, 2]
            np.testing.assert_array_equal(right(scene, aspect, windows), right(other, aspect, reflected))


def test_targets_lie_inside_and_show_something(scenes: list[Scene]) -> None:
    for scene in scenes:
        assert scene.image.dtype == np.uint8
        for box in [target.box for target in scene.targets]:
            assert 0 <= box.left < box.right <= scene.size[0], scene.name
            assert 0 <= box.top < box.bottom <= scene.size[1], scene.name
            assert scene.image[box.top : box.bottom, box.left : box.right].std() > 1, scene.name


def test_the_same_seed_draws_the_same_pixels_and_others_others(scenes: list[Scene]) -> None:
    again = draw_scene(scenes[0].kind, scenes[0].number)
    assert again.image.tobytes() == scenes[0].image.tobytes()
    assert again.targets == scenes[0].targets
    assert len({scene.image.tobytes() for scene in scenes}) == len(scenes)


def test_the_middle_is_not_the_answer(scenes: list[Scene]) -> None:
    answers = [
        right(scene, aspect, np.array([center_window(scene.size, aspect).as_list()]))[0]
        for scene in scenes
        for aspect in judged_aspects(scene)
    ]
    assert np.mean(answers) < 0.6


@pytest.mark.parametrize("kind", ["person at an edge", "two people apart", "tall portrait to wide"])
def test_a_detector_finds_the_faces_where_the_targets_are(kind: str) -> None:
    for number in SOME:
        scene = draw_scene(kind, number)
        heads = [target.box for target in scene.targets if target.what == "head"]
        found = [face.box.center for face in detect_yunet(scene.image)]
        for head in heads:
            assert any(head.left < x < head.right and head.top < y < head.bottom for x, y in found), scene.name


def test_the_whole_of_the_first_rank_decides_and_the_next_breaks_ties() -> None:
    first, second = Target(Box(30, 0, 20, 20), "head"), Target(Box(80, 0, 20, 20), "text", 1)
    far = Target(Box(180, 0, 20, 20), "text", 1)
    assert starts(blank((200, 100), first), SQUARE) == list(range(31))
    assert starts(blank((200, 100), first, second), SQUARE) == list(range(31))
    assert starts(blank((200, 100), first, Target(Box(110, 0, 20, 20), "text", 1)), SQUARE) == [30]
    assert starts(blank((200, 100), first, far), SQUARE) == list(range(31))


def test_of_equals_as_many_as_can_be_are_whole() -> None:
    one, two, three = (Target(Box(x, 0, 30, 100), "panel") for x in (0, 60, 165))
    assert starts(blank((200, 100), one, two, three), SQUARE) == [0]


def test_where_the_head_does_not_fit_the_face_counts() -> None:
    head, face = Target(Box(0, 20, 100, 80), "head"), Target(Box(20, 50, 60, 40), "face", 1)
    assert starts(blank((100, 200), head, face), WIDE) == []
    assert starts(blank((100, 200), head, face, rules=(most_whole_or_next,)), WIDE) == list(range(34, 51))


def test_nothing_is_cut_through() -> None:
    one, two = Target(Box(0, 0, 40, 40), "head"), Target(Box(120, 0, 40, 40), "head")
    scene = blank((200, 100), one, two, rules=(most_whole, cuts_nothing))
    assert starts(scene, SQUARE) == [0, *range(60, 101)]


def test_a_lone_thing_has_room_on_both_sides_or_all_there_is() -> None:
    middle = blank((200, 100), Target(Box(80, 0, 20, 20), "object"), rules=(roomy(0.1),))
    assert starts(middle, SQUARE) == list(range(7, 74))  # a tenth of 80 pixels, and one for rounding
    edge = blank((200, 100), Target(Box(2, 0, 20, 20), "object"), rules=(roomy(0.1),))
    assert starts(edge, SQUARE) == [0, 1]


def test_bars_are_left_out_where_the_shape_allows() -> None:
    scene = blank((200, 100), Target(Box(80, 40, 10, 10), "object"), rules=(off_the_bars,), inner=Box(20, 0, 160, 100))
    assert starts(scene, SQUARE) == list(range(18, 83))  # bars of up to 1 % are not seen
    assert starts(scene, Aspect(1, 2))[0] == 18
    trimmed, untrimmed = np.array([[20, 0, 160, 80]]), np.array([[0, 0, 200, 100]])
    assert right(scene, Aspect(2, 1), trimmed)[0]
    assert right(scene, Aspect(2, 1), untrimmed)[0]  # nothing wider fits inside
    with pytest.raises(ValueError, match="neither bars nor a frame"):
        off_the_bars(blank((10, 10), Target(Box(0, 0, 1, 1), "object")), trimmed, trimmed)


def test_cut_is_neither_whole_nor_gone() -> None:
    target = Target(Box(10, 10, 10, 10), "object")
    crops: Boxes = np.array([[0, 0, 30, 30], [10, 10, 10, 10], [11, 0, 30, 30], [20, 0, 30, 30], [0, 0, 10, 30]])
    assert cut(target, crops).tolist() == [False, False, True, False, False]
    assert room_left(target.box, crops).tolist() == [pytest.approx(1 / 2), 0.5, 0, 0, 0]


def by_oracle(size: tuple[int, int], aspect: Aspect) -> Box:
    """The first right window of a scene that is known: what a perfect method would do."""
    scene = _shown[size]
    windows = widest_windows(size, aspect)
    return Box(*map(int, windows[right(scene, aspect, windows)][0]))


_shown: dict[tuple[int, int], Scene] = {}


def test_an_oracle_is_always_right_and_the_middle_is_not() -> None:
    names = [SceneName("lone object", number) for number in SOME]

    def look(image: RgbImage) -> Evidence:
        scene = next(s for s in (draw_scene(n.kind, n.number) for n in names) if np.array_equal(s.image, image))
        _shown[scene.size] = scene
        return Evidence()

    def place(evidence: Evidence, size: tuple[int, int], aspects: Sequence[Aspect]) -> list[Crop]:  # noqa: ARG001
        return [Crop(aspect, by_oracle(size, aspect)) for aspect in aspects]

    table = judge_scenes([Method("oracle", "oracle", look, place), Method("center", "", look, place_in_middle)], names)
    shares = table.groupby("method")["scene right"].mean()
    assert shares["oracle"] == 1
    assert 0 < shares["center"] < 0.6
    oracle = table[table["method"] == "oracle"]
    assert (oracle["objects cut"] == 0).all()
    assert (oracle["room left"] >= 0).all()
    assert "heads cut" not in table


def test_a_tight_crop_answers_for_what_the_widest_would_keep(monkeypatch: pytest.MonkeyPatch) -> None:
    """In 200 x 100 a square has 100 pixels a side: all fit it but the wide one, and none fits a crop of 30."""
    head, thing = Target(Box(10, 10, 40, 40), "head"), Target(Box(20, 20, 60, 60), "object")
    wide = Target(Box(20, 20, 120, 40), "object")

    def judged(scene: Scene, crop: Box) -> dict[str, float]:
        monkeypatch.setattr("eval.scenes.judge.judged_aspects", lambda _: [SQUARE])
        monkeypatch.setattr("eval.scenes.judge.draw_scene", lambda _kind, _number: scene)
        method = Method("tight", "", lambda _: Evidence(), lambda _seen, _size, _aspects: [Crop(SQUARE, crop)])
        return {row.metric: row.value for row in measure_scene(SceneName("lone object", 0), [method]).rows}

    tight, widest = Box(15, 15, 30, 30), Box(0, 0, 100, 100)
    assert judged(blank((200, 100), head, thing), tight) == {"scene right": 0, "heads cut": 1, "objects cut": 1}
    assert judged(blank((200, 100), head, thing), widest) == {"scene right": 1, "heads cut": 0, "objects cut": 0}
    assert judged(blank((200, 100), thing), tight) == {"scene right": 0, "objects cut": 1, "room left": 0}
    assert judged(blank((200, 100), thing), widest) == {"scene right": 1, "objects cut": 0, "room left": 0.5}
    assert judged(blank((200, 100), wide), tight) == {"scene right": 0}


def test_a_run_of_scenes_is_read_and_reported_by_kind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("eval.scenes.judge.KINDS", {"lone object": KINDS["lone object"], "map": KINDS["map"]})
    monkeypatch.setattr("eval.scenes.judge.PER_KIND", 2)
    assert main(["run", "--scenes", "--methods", "center", "face", "--jobs", "1", "--out", str(tmp_path / "run")]) == 0
    run = load_run(tmp_path / "run")
    assert set(run.table["dataset"]) == {"scenes"}
    assert set(run.table["image"]) == {"lone object/00", "lone object/01", "map/00", "map/01"}
    assert run.manifest["images"] == {"scenes": 4}
    expected = judge_scenes([load_method("center")], scene_names())
    board = by_kind(run)
    assert list(board.index) == ["lone object", "map", "all"]
    means = expected.groupby("kind")["scene right"].mean()
    assert board.loc["map", "center"] == pytest.approx(means["map"])
    assert board.loc["all", "center"] == pytest.approx(means.mean())
    level = levels_of_scenes(run).loc["center"]
    assert level["mean"] == pytest.approx(means.mean())
    assert level["low"] <= level["mean"] <= level["high"]
    capsys.readouterr()
    assert main(["report", str(tmp_path / "run"), "--metric", "scene right", "--by-kind"]) == 0
    assert "lone object" in capsys.readouterr().out
    assert main(["report", str(tmp_path / "run"), "--metric", "scene right"]) == 0


def test_unknown_kinds_are_named() -> None:
    with pytest.raises(ValueError, match="lone object"):
        draw_scene("lone objet", 0)


def test_there_are_enough_kinds_and_all_shapes_of_the_benchmark() -> None:
    assert len(KINDS) >= 20
    assert PER_KIND >= 30
    seen = {aspect for kind in KINDS for aspect in judged_aspects(draw_scene(kind, 0))}
    assert seen == set(BENCHMARK_ASPECTS)


def test_each_photograph_of_the_scenes_has_a_credit_and_none_lies_there_unused() -> None:
    credited: dict[Path, dict[str, str]] = {}
    for folder in (SAMPLES, PHOTOS):
        with (folder / "credits.csv").open(newline="", encoding="utf-8") as file:
            credited |= {folder / row["file"]: row for row in csv.DictReader(file)}
    assert set(photographs()) <= set(credited)
    assert set(PHOTOS.glob("*.jpg")) == {path for path in credited if path.parent == PHOTOS}
    assert set(PHOTOS.glob("*.jpg")) <= set(photographs())
    assert all(all(row.values()) for row in credited.values())
