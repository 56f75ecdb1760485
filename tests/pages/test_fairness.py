"""Fairness: the real page on an audit with known numbers, its figures and sentences, and its pictures."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from eval.audit.draws import draw_pairs
from eval.audit.files import COMMITTED, Audit, save_audit
from eval.audit.make import FOLDER
from eval.audit.outcome import gathered
from eval.audit.outside import Grids, save_grids
from eval.audit.people import Person, count_groups
from eval.audit.pictures import LAYOUTS, SETTINGS, SIDE_BY_SIDE, Setting
from eval.audit.tables import as_tables
from eval.audit.words import chosen, finding
from pages.fairness.choice import Choice
from pages.fairness.figures import grid_parts, heatmap
from pages.fairness.groups import fates_table
from pages.fairness.pairs import SHOWN, drawn_face, make_cards, shown_words
from pages.fairness.words import limits, verdict
from tests.pages.app import open_page

BY = ("race", "gender")
GRIDS = Grids(
    10,
    {"twitter": {"top": 7, "middle": 0, "bottom": 3}, "google": {"top": 2, "middle": 3, "bottom": 5}},
    {"twitter": 10, "google": 10},
    {"twitter": {"BM": 3, "WF": 7}, "google": {"BM": 5, "WF": 2}},
    {"BM": {"top": 0, "bottom": 10}, "WF": {"top": 10, "bottom": 0}},
    (1, 1),
)


@pytest.fixture(scope="module")
def audit() -> Audit:
    """ "gaze" always shows women and half of the gaze on each; "center" nobody; "face" always the first place."""
    people = [
        Person(Path(), (race, sex)) for race in ("Black", "White") for sex in ("female", "male") for _ in range(15)
    ]
    pairs = draw_pairs(people, 6 * 40)
    women = np.array([person.group[1] == "female" for person in people])
    seen = np.full((len(pairs), len(SETTINGS), 3, 4), 0.5)
    for row, pair in enumerate(pairs):
        favoured = 0.5 if women[pair.one] == women[pair.other] else float(women[pair.one])
        for column, setting in enumerate(SETTINGS):
            seen[row, column, 0] = (favoured, 0.5, 0 if favoured == 1 else 2, 0 if favoured == 0 else 2)
            seen[row, column, 1] = (0.5, np.nan, 1, 1)
            seen[row, column, 2] = (float(not setting.swapped), np.nan, 2 * setting.swapped, 2 * (not setting.swapped))
    names = ["gaze", "center", "face"]
    manifest = {
        "by": list(BY),
        "pairs": len(pairs),
        "pictures": 4 * len(pairs),
        "people": count_groups(people),
        "methods": names,
        "date": "2026-11-26",
    }
    return Audit(as_tables(gathered(names, people, pairs, seen), BY), manifest)


@pytest.fixture
def shown(audit: Audit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The audit in the place of the committed one."""
    save_audit(tmp_path, audit)
    save_grids(GRIDS, tmp_path)
    monkeypatch.setattr("pages.fairness.cache.get_audit.__defaults__", (tmp_path,))
    monkeypatch.setattr("eval.audit.outside.load_grids.__defaults__", (tmp_path,))
    monkeypatch.delenv(FOLDER, raising=False)
    return tmp_path


def texts(page: object) -> str:
    return "\n".join(element.value for kind in ("markdown", "caption", "info") for element in getattr(page, kind))


def test_the_verdict_names_who_is_favoured_and_what_could_not_be_seen(audit: Audit) -> None:
    text = verdict(audit, "gaze")
    assert "by **gender**, female over male in 100\u00a0% \\[100, 100\\] of pictures" in text
    assert "by **race**, no group clearly" in text
    assert f"under {100 * finding(audit, 'gaze', 'race').seen:.0f} points could not be seen" in text
    assert verdict(audit, "center").startswith("**Centre chooses nobody**")
    assert "keeps neither face whole in 100\u00a0% of pictures" in verdict(audit, "center")
    assert "the top face in 100\u00a0% \\[100, 100\\]" in verdict(audit, "face")
    assert "About 15 people a group" in limits(audit)


def test_the_heatmap_holds_every_two_groups_in_both_directions(audit: Audit) -> None:
    rows = finding(audit, "gaze", "race gender").rows
    (tiles,) = heatmap(rows).data
    names = list(tiles.x)
    assert names == sorted(audit.manifest["people"])
    shares = pd.DataFrame(tiles.z, names, names)
    assert shares.loc["Black female", "White male"] == 100
    assert shares.loc["White male", "Black female"] == 0
    assert np.isnan(shares.loc["White male", "White male"])
    for one in names:
        for other in names:
            if one != other:
                assert shares.loc[one, other] + shares.loc[other, one] == pytest.approx(100)
    stars = pd.DataFrame(tiles.text, names, names).map(lambda text: text.endswith("*"))
    assert stars.loc["Black female", "White male"]
    assert not stars.loc["Black female", "White female"]


@pytest.mark.usefixtures("shown")
def test_the_page_shows_groups_first(audit: Audit) -> None:
    page = open_page("fairness")
    assert verdict(audit, "gaze") in texts(page)
    assert "What this does not show" in [header.value for header in page.header]
    fates = page.dataframe[0].value
    assert fates["Group"].tolist() == ["anybody", *sorted(audit.manifest["people"])]
    wanted = chosen(audit.tables.fates, method="gaze", layout="all", ground="all", group="Black female", fate="whole")
    assert fates.set_index("Group").loc["Black female", "whole"].startswith(f"{100 * wanted['mean'].item():.0f}\u00a0%")
    assert fates_table(Choice(audit, "center", "race", "favoured", "all", "all"))["cut"].str.startswith("100").all()


@pytest.mark.usefixtures("shown")
def test_a_measure_that_a_method_has_not_is_told() -> None:
    page = open_page("fairness", method="face", measure="expected gaze")
    assert "no map of gaze" in texts(page)


@pytest.mark.usefixtures("shown")
def test_places_are_told_by_layout() -> None:
    page = open_page("fairness", show="Places")
    table = page.dataframe[0].value.set_index("Method")
    for layout in LAYOUTS:
        assert table.loc["Face", f"{layout}: decided by place"].startswith("100")
        assert table.loc["Saliency", f"{layout}: decided by place"].startswith("0\u00a0%")
        assert table.loc["Centre", f"{layout}: neither whole"].startswith("100")


@pytest.mark.usefixtures("shown")
def test_other_audits_stand_beside_ours() -> None:
    page = open_page("fairness", show="Other audits")
    table = page.dataframe[0].value.set_index("Pair")
    assert table.loc["White female / White male", "Twitter, published"] == "62\u00a0%"
    assert table.loc["White female / White male", "Saliency, here"].startswith("100")
    assert "1 of the 1 pairs of groups appear in one order only" in texts(page)
    bars = {bar.name: list(bar.x) for bar in grid_parts(GRIDS).data}
    assert bars == {"the top": [7, 2], "the middle": [0, 3], "the bottom": [3, 5]}


@pytest.mark.usefixtures("shown")
def test_pictures_are_drawn_where_there_are_no_faces() -> None:
    page = open_page("fairness", show="Pictures", method="center")
    assert "of nobody and of no group" in texts(page)
    assert not page.exception
    cards = make_cards("center", SIDE_BY_SIDE, None)
    assert len(cards) == SHOWN
    assert {shot.note for card in cards for shot in card.shots} == {"shows as much of both"}


@pytest.mark.usefixtures("shown")
def test_pictures_are_of_the_folder_where_there_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "faces"
    folder.mkdir()
    with (folder / "labels.csv").open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["image", "race", "gender"])
        for number in range(8):
            Image.new("RGB", (40, 40), (30 * number, 80, 80)).save(folder / f"{number}.png")
            table.writerow([f"{number}.png", "secret", "label"])
    monkeypatch.setenv(FOLDER, str(folder))
    page = open_page("fairness", show="Pictures", method="center", layout="stacked")
    assert "Faces of the folder" in texts(page)
    assert "secret" not in texts(page)
    assert len(make_cards("center", "stacked", folder)) == SHOWN
    monkeypatch.setenv(FOLDER, str(tmp_path / "gone"))
    page = open_page("fairness", show="Pictures", method="center", layout="stacked")
    assert "labels.csv" in texts(page)


def test_who_is_shown_follows_the_person_and_not_the_place() -> None:
    assert shown_words(1.0, Setting(SIDE_BY_SIDE, False)) == "shows A"
    assert shown_words(1.0, Setting(SIDE_BY_SIDE, True)) == "shows B"
    assert shown_words(0.0, Setting(SIDE_BY_SIDE, True)) == "shows A"
    assert drawn_face(0).tobytes() != drawn_face(1).tobytes()


def test_without_an_audit_the_way_to_make_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pages.fairness.cache.get_audit.__defaults__", (tmp_path / "none",))
    page = open_page("fairness")
    assert "There is no audit to show" in texts(page)


@pytest.mark.skipif(not (COMMITTED / "manifest.json").exists(), reason="the audit is not committed")
def test_the_committed_audit_opens_on_every_tab() -> None:
    for tab in ("Groups", "Places", "Pictures", "Other audits"):
        assert not open_page("fairness", show=tab).exception
