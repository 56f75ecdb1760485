"""The rating page, run without a browser: votes reach the database as given, and results are what can be counted."""

from __future__ import annotations

import hashlib
import io
import json
import os
import sqlite3
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import streamlit
from PIL import Image
from sqlalchemy import create_engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from streamlit.testing.v1 import AppTest

from eval.pairs import SAME, likeness, overlap
from eval.peers import load_peer
from eval.ratings import rank
from pages.rate import looking, plan, session
from pages.rate.connection import VARIABLE
from pages.rate.plan import PLANS, WORDPRESS, Vote
from pages.rate.store import add_votes, prepare
from pages.shared.palette import METHOD_LOOKS
from pages.shared.photo_cache import LIFETIME
from pages.shared.photos import read_samples
from saliency import METHODS, Aspect, ImageError, load_method, open_image
from saliency.types import Box
from tests.pages.app import ROOT, TIMEOUT, arrive, open_page

SAMPLES = ROOT / "samples"
A, NONE, B = "A is better", "No difference", "B is better"

Upload = tuple[str, bytes, str]
Row = dict[str, Any]


@pytest.fixture
def database(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty database that the page uses."""
    path = tmp_path / "votes.sqlite"
    monkeypatch.setenv(VARIABLE, f"sqlite:///{path}")
    return path


def visit() -> AppTest:
    """A new visitor on the page."""
    return open_page("rate")


def press(page: AppTest, label: str) -> None:
    next(button for button in page.button if button.label == label).click().run()
    assert not page.exception


def labels(page: AppTest) -> list[str]:
    return [button.label for button in page.button]


def progress(page: AppTest) -> str:
    (bar,) = page.get("progress")
    return str(bar.proto.text)


def rows(database: Path, *, undone: bool = False, same: bool = False) -> list[Row]:
    """The votes in the file, read without the app."""
    where = f"undone_at IS {'NOT ' if undone else ''}NULL" + ("" if same else " AND choice != 'same'")
    with sqlite3.connect(database) as file:
        file.row_factory = sqlite3.Row
        return [dict(row) for row in file.execute(f"SELECT * FROM votes WHERE {where} ORDER BY id")]


def upload(file: str, name: str) -> Upload:
    return name, (SAMPLES / file).read_bytes(), "image/jpeg"


def open_results(page: AppTest) -> None:
    page.query_params["results"] = "true"
    page.run()
    assert not page.exception


def words(page: AppTest) -> str:
    """Everything that the page says outside of the pickers."""
    kinds = (page.markdown, page.caption, page.title, page.header, page.info, page.success, page.error)
    return "\n".join([*(element.value for kind in kinds for element in kind), *labels(page), progress(page)])


def test_a_vote_is_stored_with_the_crops_that_were_shown(database: Path) -> None:
    page = visit()
    assert rows(database, same=True) == [], "looking is not voting"
    shown = []
    for label in (A, NONE, B):
        shown.append(page.session_state[session.ROUND].comparison)
        press(page, label)
    votes = rows(database)
    assert [vote["choice"] for vote in votes] == ["left", "none", "right"]
    assert progress(page).startswith("4 of 40")
    assert {vote["rater"] for vote in votes} == {page.session_state[session.RATER]}
    for vote, comparison in zip(votes, shown, strict=True):
        assert (vote["left_method"], vote["right_method"]) == (comparison.left, comparison.right)
        assert (vote["source"], vote["aspect"]) == ("samples", str(comparison.aspect))
        assert vote["photo"] in read_samples()
        image = open_image(SAMPLES / vote["photo"])
        for side in ("left", "right"):
            (crop,) = load_method(vote[f"{side}_method"]).crop(image, [Aspect.parse(vote["aspect"])])
            assert json.loads(vote[f"{side}_box"]) == crop.box.as_list()


def test_crops_that_are_the_same_are_never_shown_and_written_down(database: Path) -> None:
    page = visit()
    for _ in range(8):
        press(page, NONE)
    stored = rows(database, same=True)
    for row in stored:
        shared = overlap(*(Box(*json.loads(row[f"{side}_box"])) for side in ("left", "right")))
        assert (shared >= SAME) == (row["choice"] == "same")
        assert row["drawn"] == plan.FREE
    assert [row for row in stored if row["choice"] == "same"], "the samples have photos without a face: Face is Centre"


def test_the_most_telling_of_what_is_known_comes_first(database: Path) -> None:  # noqa: ARG001
    page = visit()
    for _ in range(6):
        ready = list(page.session_state[session.ROUND].ready)
        press(page, NONE)
        drawn = page.session_state[session.ROUND].comparison
        assert drawn in ready
        assert likeness(drawn.overlap) == min(likeness(c.overlap) for c in ready if c.methods == drawn.methods)


def test_the_next_pair_is_known_before_the_vote(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001
    """Once a pair is on screen, a vote needs no photo that was not looked at."""
    page = visit()
    for _ in range(3):
        current = page.session_state[session.ROUND]
        known = {*current.setup.photos} - {*current.unseen}
        assert current.ready
        press(page, A)
        assert page.session_state[session.ROUND].comparison.photo in known
    monkeypatch.setattr(looking, "ENOUGH", 0)
    unseen = list(page.session_state[session.ROUND].unseen)
    press(page, A)
    assert page.session_state[session.ROUND].unseen == unseen, "nothing is looked at beyond what is needed"


def test_the_wordpress_test_is_a_plan_that_counts_everybodys_votes(database: Path) -> None:
    pytest.importorskip("pyvips", reason="needs libvips: pip install 'pyvips[binary]'")
    ann, bob = visit(), visit()
    for page in (ann, bob):
        page.button_group(key="rate-plan").set_value(WORDPRESS).run()
        assert not page.exception
        assert not [group for group in page.button_group if group.key == "rate-methods"]
    for _ in range(3):
        press(ann, A)
    press(bob, B)
    assert "the plan has 4 of 330 votes" in progress(bob)
    votes = rows(database)
    assert {vote["drawn"] for vote in votes} == {WORDPRESS}
    pairs = {frozenset(pair) for pair in PLANS[WORDPRESS].pairs}
    assert {frozenset((vote["left_method"], vote["right_method"])) for vote in votes} == pairs
    (vips,) = (v for v in votes[:3] if "vips-attention" in (v["left_method"], v["right_method"]))
    (side,) = (side for side in ("left", "right") if vips[f"{side}_method"] == "vips-attention")
    (crop,) = load_peer("vips-attention").crop(open_image(SAMPLES / vips["photo"]), [Aspect.parse(vips["aspect"])])
    assert json.loads(vips[f"{side}_box"]) == crop.box.as_list()


def test_the_wordpress_test_goes_on_without_libvips(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyvips", None)
    monkeypatch.delitem(sys.modules, "eval.peers.vips", raising=False)
    page = visit()
    page.button_group(key="rate-plan").set_value(WORDPRESS).run()
    assert "Left out: vips-attention needs libvips" in words(page).replace("\\", "")
    for _ in range(2):
        press(page, A)
    assert {frozenset((v["left_method"], v["right_method"])) for v in rows(database)} == {
        frozenset(("gaze", "center")), frozenset(("gaze", "face")),
    }  # fmt: skip


def test_undo_goes_back_as_far_as_the_round_began(database: Path) -> None:
    page = visit()
    undo = next(button for button in page.button if button.label == "Undo")
    assert undo.disabled
    first = page.session_state[session.ROUND].comparison
    press(page, A)
    second = page.session_state[session.ROUND].comparison
    press(page, B)
    press(page, "Undo")
    assert page.session_state[session.ROUND].comparison == second
    assert progress(page).startswith("2 of")
    assert [row["choice"] for row in rows(database)] == ["left"]
    press(page, "Undo")
    assert page.session_state[session.ROUND].comparison == first
    press(page, NONE)
    assert [row["choice"] for row in rows(database)] == ["none"]
    assert [row["choice"] for row in rows(database, undone=True)] == ["left", "right"]


def test_two_visitors_do_not_see_or_undo_each_other(database: Path) -> None:
    ann, bob = visit(), visit()
    press(ann, A)
    press(bob, B)
    assert len({row["rater"] for row in rows(database)}) == 2
    assert ann.session_state[session.RATER] != bob.session_state[session.RATER]
    press(bob, "Undo")
    assert [row["choice"] for row in rows(database)] == ["left"]
    bob.run()
    assert progress(bob).startswith("1 of")


def test_nothing_on_the_page_tells_which_method_is_which(database: Path) -> None:  # noqa: ARG001
    page = visit()
    names = {*METHODS, *(look.label for look in METHOD_LOOKS.values())} - {"face", "center"}
    for _ in range(4):
        alts = [image.alt for element in page.get("image") for image in element.proto.imgs]
        assert [alt for alt in alts if alt.startswith("Crop")] == ["Crop A", "Crop B"]
        keys = [button.key for button in page.button]
        for text in (*alts, *keys, words(page)):
            assert not [name for name in names if name.lower() in text.lower().split()], text
        press(page, NONE)


def test_a_photo_of_ones_own_is_known_by_its_fingerprint_only(database: Path) -> None:
    page = visit()
    page.button_group(key="rate-source").set_value("upload").run()
    assert "Drop your photos above" in page.info[0].value
    page.file_uploader[0].set_value([upload("friends.jpg", "aunt Emma at home.jpg")]).run()
    assert not page.exception
    press(page, A)
    (vote,) = rows(database)
    assert vote["source"] == "upload"
    assert vote["photo"] == hashlib.sha256((SAMPLES / "friends.jpg").read_bytes()).hexdigest()
    assert b"aunt" not in b"".join(path.read_bytes() for path in database.parent.iterdir())


def test_a_bad_file_is_named_and_the_others_go_on(database: Path) -> None:  # noqa: ARG001
    bad = b"not a picture at all"
    with pytest.raises(ImageError) as reason:
        open_image(bad)
    page = visit()
    page.button_group(key="rate-source").set_value("upload").run()
    files = [("holiday.jpg", bad, "image/jpeg"), upload("friends.jpg", "dogs.jpg")]
    page.file_uploader[0].set_value(files).run()
    while A in labels(page):
        press(page, A)
    (error,) = page.error
    assert "**holiday.jpg**" in error.value.replace("\\", "")
    assert str(reason.value) in error.value.replace("\\", "")
    assert "Done:" in page.success[0].value


def test_nothing_to_compare_is_said_with_the_way_out(database: Path) -> None:  # noqa: ARG001
    page = visit()
    page.button_group(key="rate-methods").set_value(["gaze"]).run()
    assert "at least two methods" in page.info[0].value
    page.button_group(key="rate-methods").set_value(["gaze", "center"]).run()
    page.button_group(key="rate-formats").set_value([]).run()
    assert "one format" in page.info[0].value
    page.button_group(key="rate-formats").set_value(["1:1"]).run()
    page.button_group(key="rate-source").set_value("upload").run()
    square = io.BytesIO()
    Image.fromarray(np.full((64, 64, 3), 128, np.uint8)).save(square, "PNG")
    page.file_uploader[0].set_value([("square.png", square.getvalue(), "image/png")]).run()
    assert "give the same crops here (1 compared)" in page.info[0].value


def test_methods_and_formats_are_those_chosen(database: Path) -> None:
    page = visit()
    page.button_group(key="rate-methods").set_value(["center", "gaze-argmax"]).run()
    page.button_group(key="rate-formats").set_value(["2:1"]).run()
    for _ in range(3):
        press(page, B)
    votes = rows(database)
    assert {frozenset((vote["left_method"], vote["right_method"])) for vote in votes} == {
        frozenset(("center", "gaze-argmax"))
    }
    assert {vote["aspect"] for vote in votes} == {"2:1"}
    assert len({vote["photo"] for vote in votes}) == 3, "nothing is asked twice"


def test_after_a_round_there_is_more_and_nothing_twice(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan, "WANTED", 3)
    page = visit()
    for _ in range(3):
        press(page, A)
    assert "Done: 3 votes" in page.success[0].value
    press(page, "Undo")
    assert progress(page).startswith("3 of 3")
    press(page, A)
    press(page, "Rate more")
    for _ in range(3):
        press(page, A)
    asked = [
        (row["photo"], row["aspect"], frozenset((row["left_method"], row["right_method"]))) for row in rows(database)
    ]
    assert len(set(asked)) == len(asked) == 6


def test_a_vote_that_cannot_be_stored_says_so_and_stays(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = visit()
    shown = page.session_state[session.ROUND].comparison

    def full(*_: object) -> None:
        raise OperationalError("INSERT", {}, Exception("disk full"))

    with monkeypatch.context() as patch:
        patch.setattr(session, "add_votes", full)
        press(page, A)
    assert "Your vote was not stored" in page.error[0].value
    assert page.session_state[session.ROUND].comparison == shown
    press(page, B)
    assert not page.error
    assert [row["choice"] for row in rows(database)] == ["right"]


def upload_squares(page: AppTest) -> None:
    """Two photos of which all 1:1 crops are the same."""
    page.button_group(key="rate-formats").set_value(["1:1"]).run()
    page.button_group(key="rate-methods").set_value(["gaze", "center"]).run()
    page.button_group(key="rate-source").set_value("upload").run()
    files = []
    for number in range(2):
        square = io.BytesIO()
        Image.new("RGB", (64, 64), (128, 128, 100 * number)).save(square, "PNG")
        files.append((f"square {number}.png", square.getvalue(), "image/png"))
    page.file_uploader[0].set_value(files).run()
    assert not page.exception


def choices(database: Path) -> list[str]:
    return [row["choice"] for row in rows(database, same=True) if row["source"] == "upload"]


def test_same_crops_at_the_end_of_a_round_are_stored_once(database: Path) -> None:
    page = visit()
    upload_squares(page)
    assert "give the same crops here (2 compared)" in page.info[0].value
    assert choices(database) == ["same", "same"]
    page.run()
    assert choices(database) == ["same", "same"]


def test_same_crops_are_stored_when_something_else_is_chosen(database: Path) -> None:
    page = visit()
    while not page.session_state[session.ROUND].pending:  # of photos that were looked at ahead
        press(page, NONE)
    before = rows(database, same=True)
    waiting = page.session_state[session.ROUND].pending
    page.button_group(key="rate-formats").set_value(["2:1"]).run()
    assert not page.exception
    stored = rows(database, same=True)[len(before) :]
    assert [(row["shown"], row["choice"]) for row in stored] == [(vote.shown, "same") for vote in waiting]


def test_same_crops_that_cannot_be_stored_are_told_and_tried_again(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = visit()

    def full(*_: object) -> None:
        raise OperationalError("INSERT", {}, Exception("disk full"))

    with monkeypatch.context() as patch:
        patch.setattr(session, "add_votes", full)
        upload_squares(page)
        said = page.error[0].value.replace("\\", "")
        assert "The skipped pairs were not stored: the database of ratings does not answer" in said
    assert choices(database) == []
    page.run()
    assert not page.error
    assert choices(database) == ["same", "same"]


def test_what_is_kept_of_ones_own_photos_is_said(database: Path) -> None:  # noqa: ARG001
    page = visit()
    page.button_group(key="rate-source").set_value("upload").run()
    (said,) = [caption.value for caption in page.caption if "Nobody else sees your photos" in caption.value]
    assert "previews stay in the server's memory for up to two hours" in said
    assert timedelta(hours=2) == LIFETIME


def test_a_second_click_on_the_same_pair_does_nothing(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two clicks in one run arrive as two calls for the pair that was on screen."""
    twice: Callable[..., None] = session.cast

    def click_twice(*arguments: Any) -> None:
        twice(*arguments)
        twice(*arguments)

    monkeypatch.setattr("pages.rate.widgets.cast", click_twice)
    page = visit()
    press(page, A)
    assert progress(page).startswith("2 of")
    assert len(rows(database)) == 1


def test_without_a_database_the_page_says_how_to_get_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "sqlite:////proc/none/votes.sqlite")
    page = visit()
    assert "Ratings cannot be kept" in page.error[0].value
    assert "GAZECROP_RATINGS_URL" in page.error[0].value.replace("\\", "")
    assert not page.button


def test_the_secrets_name_the_database_where_the_variable_does_not(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    page = AppTest.from_file(ROOT / "frame.py", default_timeout=TIMEOUT)
    page.secrets["connections"] = {"ratings": {"url": f"sqlite:///{tmp_path / 'secret.sqlite'}"}}
    arrive(page, "rate")
    press(page, A)
    assert len(rows(tmp_path / "secret.sqlite")) == 1


def test_a_dataset_on_this_machine_can_be_rated(database: Path) -> None:
    if "GAZE_DATA" not in os.environ:
        pytest.skip("needs GAZE_DATA, the folder of the eye-tracking datasets")
    page = visit()
    page.button_group(key="rate-source").set_value("osie").run()
    assert not page.exception
    press(page, A)
    (vote,) = rows(database)
    assert vote["source"] == "osie"
    with (ROOT / "eval" / "datasets" / "splits.csv").open() as file:
        assert f"osie,{vote['photo']},test\n" in file.readlines()


# --- results


def fill(database: Path, *given: tuple[str, str, str, str, str, int]) -> None:
    """(source, aspect, left, right, choice, times) -> rows of the file, by 3 raters on 7 photos."""
    votes = [
        Vote(
            shown=f"{n}-{k}", rater=f"rater {k % 3}", source=source, photo=f"photo {k % 7}", aspect=aspect,
            left_method=left, right_method=right, left_box=Box(0, 0, 9, 9), right_box=Box(4, 0, 9, 9), choice=choice,
            drawn=plan.FREE,
        )
        for n, (source, aspect, left, right, choice, times) in enumerate(given)
        for k in range(times)
    ]  # fmt: skip
    engine = create_engine(f"sqlite:///{database}")
    prepare(engine)
    with Session(engine) as opened:
        add_votes(opened, votes)
    engine.dispose()


def chart_words(page: AppTest, name: str) -> list[str]:
    return [str(a["text"]) for a in chart(page, name)["layout"].get("annotations", [])]


def chart(page: AppTest, name: str) -> dict[str, Any]:
    places = {"pairs": 0, "ranking": 1}
    return dict(json.loads(page.get("plotly_chart")[places[name]].proto.spec))


def metrics(page: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in page.metric}


def test_no_ratings_yet(database: Path) -> None:  # noqa: ARG001
    page = visit()
    assert not page.metric, "results are closed at first, so that they sway nobody"
    open_results(page)
    assert "No ratings yet" in page.info[0].value


VOTES = (
    ("samples", "16:9", "gaze", "center", "left", 20),
    ("samples", "16:9", "center", "gaze", "right", 8),
    ("samples", "1:1", "gaze", "center", "none", 9),
    ("upload", "1:1", "gaze", "center", "right", 8),
    ("samples", "1:1", "face", "center", "same", 5),
    ("upload", "16:9", "face", "gaze", "left", 1),
)


def test_results_are_what_is_counted_by_hand(database: Path) -> None:
    fill(database, *VOTES)
    page = visit()
    open_results(page)
    assert metrics(page) == {"Votes": "46", "Raters": "3", "Photos": "14"}, "seven samples, and seven uploads"
    assert chart_words(page, "pairs") == [  # 28 of 45: Wilson by hand in test_ratings.py
        "Saliency better than Centre<br>in <b>62\u00a0%</b> [48, 75] of 45 votes:<br>"
        "28 for, 8 against, 9 no difference<br>Decided",
        "Face better than Saliency<br>in <b>100\u00a0%</b> [21, 100] of 1 vote:<br>"
        "1 for, 0 against, 0 no difference<br>Too early to say how many more decide",
    ]
    said = "\n".join(caption.value for caption in page.caption)
    assert "are not a study" in said
    assert "Besides, 5 pairs had the same crop twice and were not shown" in said


def test_results_count_photos_of_two_datasets_with_one_name_as_two(database: Path) -> None:
    fill(database, ("scene", "1:1", "gaze", "center", "left", 7), ("crowd", "1:1", "gaze", "center", "left", 7))
    page = visit()
    open_results(page)
    assert metrics(page)["Photos"] == "14"


def test_results_can_be_narrowed_to_photos_and_formats(database: Path) -> None:
    fill(database, *VOTES)
    page = visit()
    open_results(page)
    page.button_group(key="rate-results-source").set_value(["upload"]).run()
    assert metrics(page)["Votes"] == "9"
    assert chart_words(page, "pairs")[0].startswith(
        "Centre better than Saliency<br>in <b>100\u00a0%</b> [68, 100] of 8 votes"
    )
    page.button_group(key="rate-results-aspect").set_value(["16:9"]).run()
    assert metrics(page)["Votes"] == "1"
    page.button_group(key="rate-results-source").set_value(["samples"]).run()
    page.button_group(key="rate-results-aspect").set_value(["1:1"]).run()
    assert metrics(page)["Votes"] == "9"


def test_results_of_skipped_pairs_alone_are_none(database: Path) -> None:
    fill(database, ("samples", "1:1", "face", "center", "same", 5))
    page = visit()
    open_results(page)
    assert "No ratings of these photos and formats yet" in page.info[0].value


def test_results_see_a_vote_of_somebody_else_at_once(database: Path) -> None:  # noqa: ARG001
    ann, bob = visit(), visit()
    press(ann, A)
    open_results(bob)
    assert metrics(bob)["Votes"] == "1"
    press(ann, B)
    bob.run()
    assert metrics(bob)["Votes"] == "2"
    press(ann, "Undo")
    bob.run()
    assert metrics(bob)["Votes"] == "1"


def test_downloads_hold_the_votes_and_the_numbers(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(database, *VOTES)
    offered: dict[str, Any] = {}
    button = streamlit.download_button

    def remember(label: str, data: Any, file_name: str, *rest: Any, **options: Any) -> bool:
        offered[file_name] = data() if callable(data) else data
        return button(label, data, file_name, *rest, **options)

    monkeypatch.setattr(streamlit, "download_button", remember)
    open_results(visit())
    votes = pd.read_csv(io.StringIO(offered["gazecrop-ratings.csv"]))
    assert len(votes) == 51
    assert "shown" not in votes
    pairs = pd.read_csv(io.StringIO(offered["ratings-pairs.csv"]))
    assert pairs.loc[0, ["first", "second", "better", "none", "worse"]].tolist() == ["gaze", "center", 28, 9, 8]
    ranking = pd.read_csv(io.StringIO(offered["ratings-ranking.csv"]))
    assert list(ranking["method"]) == list(rank(votes)["method"])
    assert ranking["wins"].to_numpy() == pytest.approx(rank(votes)["wins"].to_numpy(), rel=1e-5)
