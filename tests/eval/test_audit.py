"""The audit: drawn stand-ins for faces, croppers of known bias, and intervals against a literal double sum."""

from __future__ import annotations

import csv
import itertools
import json
import os
import random
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from scipy.stats import t

from eval.__main__ import main
from eval.audit.draws import Pair, draw_pairs
from eval.audit.files import Audit, load_audit, save_audit
from eval.audit.intervals import FEWEST_PAIRS, SINGLE, estimate
from eval.audit.judge import CUT, LOST, WHOLE, fate_of, judge_pair
from eval.audit.make import FOLDER, look_at
from eval.audit.outcome import ALL, gathered
from eval.audit.outside import beside_twitter, load_grids, read_grids
from eval.audit.people import FEWEST, Person, count_groups, of_large_groups, read_people
from eval.audit.pictures import GROUNDS, HEIGHT, LAYOUTS, PHOTO, SETTINGS, SIDE_BY_SIDE, TOUCHING, Setting, compose
from eval.audit.tables import ANYBODY, FAVOURED, FIRST, FIXED, NEITHER, Tables, as_tables
from eval.audit.words import as_text, chosen, finding, in_short
from eval.runs import RunError
from saliency.methods import place_in_middle, place_on_point
from saliency.types import Box, Evidence, Method, RgbImage

BY = ("hue", "shape")
EACH = 15  # people of a group


@pytest.fixture(scope="module")
def faces(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of drawn stand-ins: red or blue, round or square, bright or dark whatever their group."""
    folder = tmp_path_factory.mktemp("faces")
    chance = random.Random(3)
    with (folder / "labels.csv").open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["image", *BY, "age"])
        for hue, shape, number in itertools.product(("red", "blue"), ("round", "square"), range(EACH)):
            name = f"{hue}-{shape}-{number}.png"
            bright = chance.randint(60, 230)
            picture = Image.new("RGB", (50, 50), (90, 90, 90))
            color = (bright, 30, 30) if hue == "red" else (30, 30, bright)
            draw = ImageDraw.Draw(picture)
            (draw.ellipse if shape == "round" else draw.rectangle)((8, 4, 42, 46), fill=color)
            picture.save(folder / name)
            table.writerow([name, hue, shape, chance.randint(20, 60)])
    return folder


@pytest.fixture(scope="module")
def people(faces: Path) -> list[Person]:
    return read_people(faces, faces / "labels.csv", BY, ["age"])


def looker(name: str, choose: str) -> Method:
    """A made-up cropper, centred on one of the two halves: the redder, the brighter, the first, or neither."""

    def look(image: RgbImage) -> Evidence:
        height, width = image.shape[:2]
        across = width > height
        halves = [half[70:-70, 70:-70] for half in np.array_split(image.astype(float), 2, axis=1 if across else 0)]
        if choose == "red":
            scores = [(half[..., 0] - half[..., 2]).max() for half in halves]
        elif choose == "bright":
            scores = [half.max() for half in halves]
        else:
            scores = [1.0, 0.0]
        middle = 0.25 if scores[0] > scores[1] else 0.75
        return Evidence(point=(width * middle, height / 2) if across else (width / 2, height * middle))

    return Method(name, name, look, place_on_point)


CENTER = Method("center", "", lambda _: Evidence(), place_in_middle)
MADE_UP = [looker("for red", "red"), looker("fair", "bright"), looker("for the first", "first"), CENTER]


@pytest.fixture(scope="module")
def audit(people: list[Person]) -> Audit:
    pairs = draw_pairs(people, 6 * 42, seed=5)
    seen = np.stack([look_at(pair, people, MADE_UP) for pair in pairs])
    names = [method.name for method in MADE_UP]
    manifest = {
        "by": list(BY),
        "pairs": len(pairs),
        "pictures": 4 * len(pairs),
        "people": count_groups(people),
        "methods": names,
    }
    return Audit(as_tables(gathered(names, people, pairs, seen), BY), manifest)


def test_a_cropper_that_favours_a_group_is_caught_and_a_fair_one_is_not(audit: Audit) -> None:
    by_hue = finding(audit, "for red", "hue")
    assert list(by_hue.apart["one"]) == ["blue"]
    assert by_hue.apart["mean"].item() == 0
    apart = finding(audit, "for red", "hue shape").apart
    of_two_hues = {(f"blue {one}", f"red {other}") for one in ("round", "square") for other in ("round", "square")}
    assert of_two_hues <= set(zip(apart["one"], apart["other"], strict=True))
    for by in ("hue", "shape", "hue shape"):
        fair = finding(audit, "fair", by)
        assert fair.apart.empty, by
        assert fair.rows["mean"].between(0.2, 0.8).all()
        assert 0.02 < fair.seen < 0.5
    text = as_text(audit)
    assert "by hue: red over blue in 100\u00a0% [100, 100] of pictures" in text
    assert "by hue: no group clearly" in text
    assert "points could not be seen" in text
    assert "the left face in 100\u00a0% [100, 100]" in in_short(audit, "for the first")
    assert "by shape, no group clearly" in in_short(audit, "fair")


def test_what_a_place_does_is_told_apart_from_what_a_group_does(audit: Audit) -> None:
    assert finding(audit, "for the first", "hue shape").apart.empty
    for layout in LAYOUTS:
        of = chosen(audit.tables.places, layout=layout, ground=ALL, measure=FIRST).set_index("method")["mean"]
        assert of["for the first"] == 1
        assert of["for red"] == pytest.approx(0.5, abs=0.1)
        assert of["center"] == 0.5
        fixed = chosen(audit.tables.places, layout=layout, ground=ALL, measure=FIXED).set_index("method")["mean"]
        assert fixed["for the first"] == 1
        assert fixed["fair"] <= 0.1


def test_the_fates_of_everybody_add_up(audit: Audit) -> None:
    fates = chosen(audit.tables.fates, layout=ALL, ground=ALL)
    for (_, group), of in fates[fates["fate"] != NEITHER].groupby(["method", "group"], observed=True):
        assert of["mean"].sum() == pytest.approx(1, abs=2e-4), group
    middle = chosen(fates, method="center", group=ANYBODY).set_index("fate")["mean"]
    assert middle[NEITHER] == 1
    assert middle[CUT] == 1
    red = chosen(fates, method="for red", group="red round").set_index("fate")["mean"]
    assert red[WHOLE] > 0.6  # always against blue, in about half of the pairs against red


def test_intervals_are_those_of_a_double_sum_over_pairs_that_share_somebody() -> None:
    rng = np.random.default_rng(8)
    people = np.array(list(itertools.combinations(range(12), 2)))
    values = rng.random((len(people), 2))
    values[rng.random(len(people)) < 0.4, 1] = np.nan
    found = estimate(values, people)
    for column in range(2):
        there = ~np.isnan(values[:, column])
        own, of = values[there, column], people[there]
        mean = own.sum() / len(own)
        variance = 0.0
        for one, other in itertools.product(range(len(own)), repeat=2):
            if set(of[one]) & set(of[other]):
                variance += (own[one] - mean) * (own[other] - mean) / len(own) ** 2
        error = np.sqrt(max(variance, ((own - mean) ** 2).sum() / len(own) ** 2) * 12 / 11)
        times = t.ppf(0.975, 11)
        assert found.mean[column] == pytest.approx(mean)
        assert found.low[column] == pytest.approx(max(mean - times * error, 0), abs=0.05 * error)
        assert found.high[column] == pytest.approx(min(mean + times * error, 1), abs=0.05 * error)
        assert found.all_low[column] <= found.low[column]


def test_a_mean_of_few_pairs_is_none() -> None:
    people = np.arange(2 * FEWEST_PAIRS).reshape(-1, 2)
    values = np.full((FEWEST_PAIRS, 2), 0.5)
    values[0, 1] = np.nan
    found = estimate(values, people)
    assert found.mean[0] == found.low[0] == found.high[0] == 0.5
    assert np.isnan(found.mean[1])
    assert np.isnan(found.all_low[1])


def simulated(rng: np.random.Generator, pairs: list[Pair], groups: NDArray[np.int64]) -> NDArray[np.float64]:
    """Who is shown, where people differ in how striking they are but groups do not: (P,) 1 or 0."""
    striking = rng.normal(size=len(groups))
    chance = 1 / (1 + np.exp([striking[pair.other] - striking[pair.one] for pair in pairs]))
    return (rng.random(len(pairs)) < chance).astype(float)


def test_intervals_hold_a_fair_share_as_often_as_they_say_and_those_over_pairs_do_not() -> None:
    each, groups = 20, ("a", "b", "c", "d")
    everybody = [Person(Path(), (name,)) for name in groups for _ in range(each)]
    codes = np.repeat(np.arange(len(groups)), each)
    pairs = draw_pairs(everybody, 6 * 150, seed=1)
    of = np.array([(pair.one, pair.other) for pair in pairs])
    two = list(itertools.combinations(range(len(groups)), 2))
    part = np.column_stack([(codes[of] == both).all(axis=1) for both in two])
    rng = np.random.default_rng(4)
    single = over_pairs = every = 0
    audits = 300
    for _ in range(audits):
        values = np.where(part, simulated(rng, pairs, codes)[:, None], np.nan)
        found = estimate(values, of)
        single += int(((found.low <= 0.5) & (found.high >= 0.5)).sum())
        every += bool(((found.all_low <= 0.5) & (found.all_high >= 0.5)).all())
        error = np.sqrt(found.mean * (1 - found.mean) / found.count)
        over_pairs += int((np.abs(found.mean - 0.5) <= SINGLE * error).sum())
    assert 0.90 < single / audits / len(two) < 0.98
    assert 0.88 < every / audits < 0.99
    assert over_pairs / audits / len(two) < 0.8


def test_people_are_read_by_their_columns(faces: Path, people: list[Person]) -> None:
    assert count_groups(people) == {f"{hue} {shape}": EACH for hue in ("blue", "red") for shape in ("round", "square")}
    assert all(person.path.parent == faces and 20 <= person.match["age"] <= 60 for person in people)
    labels = faces / "labels.csv"
    with pytest.raises(ValueError, match="no column 'race'; it has image, hue, shape, age"):
        read_people(faces, labels, ["race"])
    with pytest.raises(ValueError, match="'hue' holds 'red'"):
        read_people(faces, labels, ["shape"], ["hue"])
    with pytest.raises(ValueError, match=r"no file .*none.csv"):
        read_people(faces, faces / "none.csv", BY)
    with pytest.raises(ValueError, match="has no picture 'red-round-0.png'"):
        read_people(faces.parent, labels, BY)


def test_small_groups_are_left_out(people: list[Person]) -> None:
    few = [person for person in people if person.group == ("red", "round")][: FEWEST - 1]
    others = [person for person in people if person.group != ("red", "round")]
    assert of_large_groups([*few, *others]) == others
    with pytest.raises(ValueError, match=f"groups of {FEWEST} people"):
        of_large_groups(few)


def test_pairs_are_of_two_groups_matched_balanced_and_drawn_once(people: list[Person]) -> None:
    pairs = draw_pairs(people, 300, seed=2)
    assert pairs == draw_pairs(people, 300, seed=2)
    assert pairs != draw_pairs(people, 300, seed=3)
    assert len({(pair.one, pair.other) for pair in pairs}) == 300
    assert [pair.number for pair in pairs] == list(range(300))
    assert set(Counter((people[p.one].group, people[p.other].group) for p in pairs).values()) == {50}
    assert all(people[pair.one].group < people[pair.other].group for pair in pairs)
    often = Counter(place for pair in pairs for place in (pair.one, pair.other))
    assert max(often.values()) - min(often.values()) <= 3  # a round of each of three pairs of groups
    close = draw_pairs(people, 300, {"age": 5}, seed=2)
    assert close
    assert all(abs(people[p.one].match["age"] - people[p.other].match["age"]) <= 5 for p in close)
    assert len(draw_pairs(people, 10**6)) == 6 * EACH**2
    with pytest.raises(ValueError, match="no two people can be paired"):
        draw_pairs(people, 300, {"age": -1})


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("ground", GROUNDS)
def test_both_orders_show_the_same_two_on_the_same_ground(layout: str, ground: str) -> None:
    one, other = Image.new("RGB", (80, 100), (255, 0, 0)), Image.new("RGB", (100, 100), (0, 0, 255))
    number = GROUNDS.index(ground)
    ahead, back = (compose(one, other, Setting(layout, swapped), number) for swapped in (False, True))
    assert ahead.panels == back.panels
    for composed, colors in ((ahead, ((255, 0, 0), (0, 0, 255))), (back, ((0, 0, 255), (255, 0, 0)))):
        for face, panel, color in zip(composed.faces, composed.panels, colors, strict=True):
            assert panel.holds(face)
            assert face.height == 0.7 * HEIGHT
            shown = composed.pixels[face.top : face.bottom, face.left : face.right]
            assert (shown == color).all()
            assert face.center == panel.center
    if ground != TOUCHING:
        assert (ahead.pixels[:40] == back.pixels[:40]).all()
        assert (len(np.unique(ahead.pixels[:40].reshape(-1, 3), axis=0)) > 1) == (ground == PHOTO)
    assert ahead.aspect.ratio == ahead.panels[0].width / ahead.panels[0].height


def test_a_face_is_whole_cut_or_lost() -> None:
    crop = Box(100, 0, 200, 200)
    assert fate_of(Box(120, 20, 140, 140), crop) == WHOLE
    assert fate_of(Box(90, 20, 140, 140), crop) == CUT
    assert fate_of(Box(310, 20, 140, 140), crop) == LOST


def test_gaze_is_shared_between_the_panels() -> None:
    composed = compose(Image.new("RGB", (50, 50)), Image.new("RGB", (50, 50)), Setting(SIDE_BY_SIDE, False), 0)
    grid = np.array([[0.3, 0.3, 0.3, 0.1]], dtype=np.float32)
    method = Method("first", "", lambda _: Evidence(), place_on_point)
    judged = judge_pair(method, Evidence(map=grid, point=(100.0, 100.0)), composed)
    assert judged.gaze == pytest.approx(0.6)
    assert judged.favoured == 1
    assert judged.fates == (WHOLE, LOST)


def test_an_audit_on_disk_is_as_it_was_and_names_nobody(audit: Audit, people: list[Person], tmp_path: Path) -> None:
    save_audit(tmp_path, audit)
    again = load_audit(tmp_path)
    assert again.manifest == audit.manifest
    for name in Tables.__dataclass_fields__:
        table = getattr(again.tables, name)
        assert table.equals(getattr(audit.tables, name))
        assert (table["pairs"] >= FEWEST_PAIRS).all()
    stored = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert not [person for person in people if person.path.stem.encode() in stored]
    (tmp_path / "places.parquet").write_bytes(b"")
    with pytest.raises(RunError, match="damaged"):
        load_audit(tmp_path)
    with pytest.raises(RunError, match="python -m eval audit"):
        load_audit(tmp_path / "none")


def test_the_command_audits_a_folder(
    faces: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "audit"
    options = ["--by", "hue", "--pairs", "24", "--match", "age:20", "--methods", "gaze-nano", "center", "--jobs", "1"]
    assert main(["audit", str(faces), *options, "--out", str(out)]) == 0
    assert "by hue: every two groups are shown exactly as often" in capsys.readouterr().out
    manifest = json.loads((out / "manifest.json").read_text())
    assert manifest["people"] == {"blue": 2 * EACH, "red": 2 * EACH}
    assert manifest["match"] == {"age": 20}
    assert manifest["pictures"] == 24 * len(SETTINGS)
    gaze = chosen(load_audit(out).tables.groups, method="gaze-nano", measure="gaze")
    assert gaze["mean"].between(0, 1).all()
    monkeypatch.delenv(FOLDER, raising=False)
    assert main(["audit"]) == 2
    assert FOLDER in capsys.readouterr().err


def grid(combination: str, twitter: int, google: int, apple: int, recorded: str) -> dict[str, object]:
    """A row of the published table, with points at these heights; recorded: the part that it says Twitter kept."""
    return {
        "combination": combination,
        "sal_y_twitter": twitter,
        "top_left_y_google": google - 150,
        "bottom_left_y_google": google + 150,
        "sal_y_apple": apple,
        "survived_member_twitter": recorded,
    }


def test_published_answers_are_counted_from_their_coordinates(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [
        grid("BMWF", 375, 1499, 2624, "top"),
        grid("BMWF", 2475, 400, 418, "top"),
        grid("WFBM", 375, 2500, 2624, "top"),
        grid("BFWF", 900, 1000, 2000, "top"),
    ]
    path = tmp_path / "grids.csv"
    with path.open("w", newline="") as file:
        table = csv.DictWriter(file, list(rows[0]))
        table.writeheader()
        table.writerows(rows)
    grids = read_grids(path)
    assert grids.kept["twitter"] == {"top": 3, "middle": 0, "bottom": 1}
    assert grids.kept["google"] == {"top": 1, "middle": 2, "bottom": 1}
    assert grids.kept["apple"] == {"top": 1, "middle": 0, "bottom": 3}
    assert grids.recorded["twitter"] == 3
    assert grids.favoured["twitter"] == {"BM": 2, "WF": 2}
    assert grids.places["WF"] == {"top": 3, "bottom": 1}
    assert grids.one_order == (1, 2)
    assert main(["outside", str(path), "--out", str(tmp_path)]) == 0
    assert "1 of the 2 pairs of groups appear in one order only" in capsys.readouterr().out
    assert load_grids(tmp_path) == grids
    assert load_grids(tmp_path / "none") is None
    path.write_text("image\na.jpg\n")
    with pytest.raises(ValueError, match="not the table of grids: it has no bottom_left_y_google, combination"):
        read_grids(path)


def test_twitters_figures_stand_beside_those_of_an_audit_that_has_the_same_groups() -> None:
    groups = pd.DataFrame(
        [("race", "Black", "White", 0.6, 0.5, 0.7, 90), ("race", "Asian", "White", 0.4, 0.3, 0.5, 90)],
        columns=["by", "one", "other", "mean", "low", "high", "pairs"],
    ).assign(method="m", layout=ALL, ground=ALL, measure=FAVOURED)
    empty = pd.DataFrame()
    beside = beside_twitter(Audit(Tables(groups, empty, empty), {}), "m")
    assert beside["one"].tolist() == ["Black"]
    assert beside["published"].item() == 0.4746
    assert beside["mean"].item() == 0.6


@pytest.mark.skipif(FOLDER not in os.environ, reason="needs a folder of faces")
def test_faces_of_the_environment_can_be_paired() -> None:
    folder = Path(os.environ[FOLDER])
    people = read_people(folder, folder / "labels.csv", ("race", "gender"), ["age"])
    pair = draw_pairs(of_large_groups(people), 45, {"age": 5})[0]
    seen = look_at(pair, people, [CENTER])
    assert seen.shape == (len(SETTINGS), 1, 4)
    assert (seen[..., 0] == 0.5).all()
