"""Your data, run without a browser: what it says of a run is what eval says of it, and only its visitor sees it."""

from __future__ import annotations

import io
import json
import re
import sys
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from eval.__main__ import main
from eval.placement import agreement, moves
from eval.report import leaderboard, verdict
from eval.runs import load_run
from pages.shared.figures.placement import NOT_ACCURACY
from pages.shared.photo_cache import LIFETIME
from pages.shared.run_cache import OWN
from pages.your_data import job as job_module
from pages.your_data.job import Fit, Job
from pages.your_data.photo_set import PhotoSet
from pages.your_data.uploads import SET
from pages.your_data.words import clock
from tests.pages.app import ROOT, Downloads, catch_downloads, open_page
from tests.pages.test_your_data_parts import group_is_gone, group_of, places_free, wait
from tests.synthetic import write_dataset

SAMPLES = ROOT / "samples"

Upload = tuple[str, bytes, str]


def new_visitor() -> AppTest:
    return open_page("your_data")


@pytest.fixture
def page() -> Iterator[AppTest]:
    page = new_visitor()
    yield page
    if SET in page.session_state:
        page.session_state[SET].close()
    wait(places_free)


@pytest.fixture
def downloads(monkeypatch: pytest.MonkeyPatch) -> Downloads:
    return catch_downloads(monkeypatch)


def zipped(root: Path, leave: tuple[str, ...] = (), name: str = "holiday.zip", **extra: bytes) -> Upload:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path in sorted(root.rglob("*")):
            if path.is_file() and path.name not in leave:
                archive.write(path, f"folder/{path.relative_to(root).as_posix()}")
        for file, data in extra.items():
            archive.writestr(f"folder/{file.replace('_', '.')}", data)
    return name, buffer.getvalue(), "application/zip"


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_dataset(tmp_path_factory.mktemp("synthetic") / "photos")


def upload(page: AppTest, *files: Upload) -> PhotoSet:
    page.file_uploader(key="your-data-upload-files").set_value(list(files)).run()
    assert not page.exception
    photos: PhotoSet = page.session_state[SET]
    return photos


def measure(page: AppTest, methods: list[str]) -> Job:
    """Start a run and wait, as a visitor would, until the page shows that it has ended."""
    page.button_group(key="your-data-measure").set_value(methods).run()
    page.button(key="your-data-go").click().run()
    return finish(page)


def finish(page: AppTest) -> Job:
    job: Job = page.session_state[SET].job
    assert "of 5 photos" in progress(page) or job.state != "running"
    wait(lambda: job.state != "running", 180)
    page.run()
    assert not page.exception
    return job


def progress(page: AppTest) -> str:
    return " ".join(element.proto.text for element in page.get("progress"))


def texts(page: AppTest) -> str:
    kinds = (page.markdown, page.caption, page.info, page.warning, page.error, page.header)
    return "\n".join(element.value for kind in kinds for element in kind)


def charts(page: AppTest) -> list[dict[str, Any]]:
    return [json.loads(chart.proto.spec) for chart in page.get("plotly_chart")]


def numbers(values: Any) -> list[float]:
    """The values of a trace, which plotly may have packed."""
    if isinstance(values, dict):
        import base64

        return list(np.frombuffer(base64.b64decode(values["bdata"]), np.dtype(values["dtype"])))
    return list(values)


def test_first_says_what_to_send_and_offers_the_samples(page: AppTest) -> None:
    assert not page.exception
    assert page.title[0].value == "Measure your own photos"
    for word in ("500 photos", "Only you see them", "fixations.csv", "image,subject,x,y"):
        assert word in texts(page)
    assert "some minutes after you leave" in texts(page)
    assert "stay in its memory for up to two hours" in texts(page)
    assert timedelta(hours=2) == LIFETIME
    assert not page.get("plotly_chart")
    page.segmented_control(key="your-data-kind").set_value("A folder").run()
    assert page.file_uploader(key="your-data-upload-folder").accept_directory
    page.button[0].click().run()
    assert page.session_state[SET].facts.photos == len(list(SAMPLES.glob("*.jpg")))
    assert "no annotations" in texts(page)


def test_a_run_says_what_eval_says(
    page: AppTest, downloads: Downloads, dataset: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    upload(page, zipped(dataset, broken_jpg=b"no picture", notes_txt=b"x"))
    assert "**6 photos**, 1 of which cannot be opened" in texts(page)
    assert " · 5 with the gaze of 4 people · 5 with boxes · 5 with crops that people chose" in texts(page)
    assert any("1 file left out" in expander.label for expander in page.expander)
    page.button_group(key="your-data-measure").set_value(["face", "gaze"]).run()
    page.button(key="your-data-go").click().run()
    job: Job = page.session_state[SET].job
    assert "of 6 photos" in progress(page)
    wait(lambda: job.state != "running", 180)
    page.run()
    assert not page.exception

    # the same photos, by the command
    command = ["run", "--folder", str(dataset), "--methods", "gaze", "face", "center", "--out", str(tmp_path / "out")]
    assert main(command) == 0
    expected = load_run(tmp_path / "out")
    assert verdict(expected, "gaze").replace("`gaze`", "**Saliency**") in texts(page)
    assert "Only 5 photos" in texts(page)
    assert "broken.jpg: this is not a JPEG" in texts(page).replace("\\", "")
    assert NOT_ACCURACY not in texts(page)
    for chart, metric in zip(charts(page), ("gaze kept", "regions whole", "human crop IoU"), strict=True):
        board = leaderboard(expected, metric)
        shown = {trace["customdata"][0]: numbers(trace["x"])[0] for trace in chart["data"] if trace.get("customdata")}
        assert shown == pytest.approx((100 * board["difference"].drop("center")).to_dict())
        capsys.readouterr()
        assert main(["report", str(tmp_path / "out"), "--metric", metric, "--style", "csv"]) == 0
        file = f"{metric.replace(' ', '-')}.csv"
        assert downloads[file]().replace("\r\n", "\n") == capsys.readouterr().out.rstrip("\n") + "\n"
    # a known answer: 1:1 in 400x200 shows the middle square to the centre crop and neither of the others
    kept = load_run(job.out).table.query("metric == 'gaze kept' and method == 'center' and aspect == '1:1'")
    assert kept.set_index("image")["value"].drop("album/tall top.png").to_dict() == {
        "left.png": 0,
        "middle.png": 1,
        "right.png": 0,
    }

    html = downloads["holiday-report.html"]()
    assert verdict(expected, "gaze").replace("`gaze`", "Saliency").replace("**", "")[:30] in re.sub("</?b>", "", html)
    with zipfile.ZipFile(io.BytesIO(downloads["holiday-run.zip"]())) as archive:
        archive.extractall(tmp_path)
    pd.testing.assert_frame_equal(leaderboard(load_run(tmp_path / "holiday")), leaderboard(expected))

    # the dashboards show it to this visitor, and to nobody else
    assert page.session_state[OWN] == {"holiday": job.out}
    page.button(key="your-data-to-quality").click().run()
    assert not page.exception
    assert "holiday" in page.selectbox(key="quality-run").options
    assert page.selectbox(key="quality-run").value == "holiday"
    other = new_visitor()
    assert SET not in other.session_state
    other.switch_page("pages/quality/page.py").run()
    assert "holiday" not in other.selectbox(key="quality-run").options
    other.query_params["run"] = "holiday"
    other.run()
    assert "holiday" not in other.selectbox(key="quality-run").options
    page.switch_page("pages/your_data/page.py").run()
    assert "What came out" in texts(page), "it is still there when its visitor comes back"


def test_without_annotations_it_shows_what_can_be_known(page: AppTest, downloads: Downloads, dataset: Path) -> None:
    tables = ("fixations.csv", "boxes.csv", "crops.csv")
    upload(page, zipped(dataset, leave=tables))
    assert "this will show how methods differ, not which is better" in texts(page)
    run = load_run(measure(page, ["gaze"]).out)
    assert NOT_ACCURACY in texts(page)
    assert "of human gaze" not in texts(page)
    expected, times, shared, moved = (pd.read_csv(io.StringIO(downloads[f"{name}.csv"]())) for name in (
        "expected-gaze-kept", "time", "agreement", "distance-from-centre"
    ))  # fmt: skip
    board = leaderboard(run, "expected gaze kept")
    assert expected.set_index("method")["mean"].to_dict() == pytest.approx(board["mean"].to_dict(), rel=1e-5)
    assert times.set_index("method")["median"].to_dict() == pytest.approx(
        leaderboard(run, "milliseconds")["median"].to_dict(), rel=1e-5
    )
    overlap = agreement(run.boxes).loc["gaze", "center"]
    assert shared.set_index("method").loc["gaze", "center"] == pytest.approx(overlap, rel=1e-5)
    assert f"Centre and Saliency ({100 * overlap:.0f}\u00a0%)" in texts(page)
    assert moved["gaze"].to_numpy() == pytest.approx(moves(run.boxes)["gaze"].to_numpy(), rel=1e-5)
    figure = charts(page)[0]["data"]
    assert {trace["name"]: numbers(trace["x"])[0] for trace in figure} == pytest.approx(
        {"Saliency": 100 * board.loc["gaze", "mean"], "Centre": 100 * board.loc["center", "mean"]}
    )


def test_saliency_left_out_and_missing_peers_are_explained(
    page: AppTest, dataset: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("FASTGAZE_VXM", raising=False)
    upload(page, zipped(dataset, leave=("fixations.csv", "boxes.csv", "crops.csv"), name="test.zip"))
    picker = page.button_group(key="your-data-measure")
    assert picker.value == ["gaze", "face"]
    assert "Twitter 2018" not in picker.options
    assert "Not on this server: Twitter 2018" in texts(page)
    assert "set FASTGAZE\\_VXM" in texts(page)
    job = measure(page, ["face"])
    assert job.methods == ("face", "center")
    assert "Unknown: this run was made without Saliency" in texts(page)
    assert len(charts(page)) == 3
    assert list(page.session_state[OWN]) == ["test 2"], "a committed run is called test already"
    page.button_group(key="your-data-measure").set_value([]).run()
    assert "Without Saliency there is no expected gaze kept" in texts(page)
    page.button_group(key="your-data-measure").set_value(["gaze-argmax"]).run()
    assert "no expected gaze kept" not in texts(page), "the same network looks"


def test_a_run_can_be_cancelled_and_goes_on(page: AppTest, dataset: Path) -> None:
    photos = upload(page, zipped(dataset))
    page.button_group(key="your-data-measure").set_value([]).run()
    page.button(key="your-data-go").click().run()
    job = photos.job
    assert job is not None
    group = group_of(job)
    assert job.methods == ("center",)
    assert "of 5 photos" in progress(page)
    page.button(key="your-data-cancel").click().run()
    assert "Stopped after 0 of 5 photos" in texts(page)
    wait(lambda: group_is_gone(group), 5)
    assert not page.get("progress")
    page.button(key="your-data-resume").click().run()
    assert finish(page) is job
    assert job.state == "done"
    assert "What came out" in texts(page)


def test_other_photos_end_the_run_and_remove_everything(page: AppTest, dataset: Path) -> None:
    photos = upload(page, zipped(dataset))
    page.button_group(key="your-data-measure").set_value([]).run()
    page.button(key="your-data-go").click().run()
    job = photos.job
    assert job is not None
    group = group_of(job)
    next(button for button in page.button if button.label == "Choose other photos").click().run()
    assert not page.exception
    assert not photos.folder.exists()
    wait(lambda: group_is_gone(group), 5)
    assert page.file_uploader(key="your-data-upload-files")
    assert SET not in page.session_state


def test_a_busy_server_and_a_failed_run_are_explained(
    page: AppTest, dataset: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    photos = upload(page, zipped(dataset))
    for _ in range(job_module.MOST_JOBS):
        assert job_module._places.acquire(blocking=False)
    page.button(key="your-data-go").click().run()
    assert "try again in a minute" in page.warning[0].value
    photos.outdated = True
    page.button(key="your-data-go").click().run()
    assert photos.outdated
    page.run()
    assert not page.exception
    assert "ended early" not in texts(page), "it never began"
    assert photos.job is None
    assert OWN not in page.session_state
    for _ in range(job_module.MOST_JOBS):
        job_module._places.release()
    command = ["sh", "-c", f"echo 'error: no room in {photos.folder}/out, *sorry*' >&2; exit 2"]
    monkeypatch.setattr(Job, "command", property(lambda _: command))
    page.button(key="your-data-go").click().run()
    finish(page)
    assert page.error[0].value == "The run ended early: no room in out, \\*sorry\\*."
    assert page.button(key="your-data-resume")
    monkeypatch.undo()
    page.button(key="your-data-resume").click().run()
    assert finish(page).state == "done"


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ([("a*b*.zip", b"PK\x03\x04", "application/zip")], r"**a\_b\_** cannot be used: it is no zip"),
        ([("boxes.csv", b"image", "text/csv")], "there is no picture in it"),
    ],
)
def test_what_cannot_be_used_is_explained(page: AppTest, files: list[Upload], message: str) -> None:
    page.file_uploader(key="your-data-upload-files").set_value(files).run()
    assert not page.exception
    assert message in page.error[0].value
    assert SET not in page.session_state
    page.file_uploader(key="your-data-upload-files").set_value(
        [("a.jpg", (SAMPLES / "coffee.jpg").read_bytes(), "image/jpeg")]
    )
    page.run()
    assert "**1 photo**" in texts(page)


def test_bad_lines_are_named_and_a_corrected_csv_is_taken(page: AppTest, dataset: Path) -> None:
    bad = b"image,subject,x,y\nleft.png,a,one,2\nnobody.png,a,1,2\n"
    photos = upload(page, zipped(dataset, leave=("fixations.csv",), fixations_csv=bad))
    shown = page.error[0].value.replace("\\", "")
    assert "fixations.csv: line 2: x is not a number: 'one'; line 3: no picture 'nobody.png' in the folder" in shown
    assert page.button(key="your-data-go").disabled
    one = b"image,subject,x,y\nleft.png,a,1,2\n"
    page.file_uploader(key="your-data-upload-csv").set_value([("fixations.csv", one, "text/csv")]).run()
    page.button(key="your-data-annotate").click().run()
    assert not page.error
    assert not page.button(key="your-data-go").disabled
    assert "All fixations are of one person" in texts(page)
    assert photos.facts is not None
    assert photos.facts.looked_at == 1


def test_photos_that_the_server_removed_are_asked_for_again(page: AppTest, dataset: Path) -> None:
    upload(page, zipped(dataset)).close()
    page.run()
    assert not page.exception
    assert "removed from the server" in page.warning[0].value
    assert page.file_uploader(key="your-data-upload-files")


def test_clock() -> None:
    assert [clock(seconds) for seconds in (0, 9.9, 75.3, 3600)] == ["0:00", "0:09", "1:15", "60:00"]


# --- adapting ---


def test_the_maps_are_adapted_to_the_visitors_people(
    page: AppTest, downloads: Downloads, dataset: Path, tmp_path: Path
) -> None:
    """What the page gives is what the command writes for the same folder."""
    photos = upload(page, zipped(dataset))
    assert "Adapt to these photos" in texts(page)
    page.button(key="your-data-adapt").click().run()
    fit = photos.fit
    assert fit is not None
    wait(lambda: fit.state != "running", 180)
    page.run()
    assert not page.exception
    assert main(["adapt", "--folder", str(dataset), "--out", str(tmp_path / "own.json")]) == 0
    own = json.loads((tmp_path / "own.json").read_text())
    given = json.loads(downloads["adaptation.json"]())
    assert given["numbers"] == pytest.approx(own["numbers"], abs=1e-4)
    assert given["photos"] == 5
    assert own["in words"].split(".")[0] in " ".join(element.value for element in (*page.success, *page.info))
    assert page.button(key="your-data-adapt").label == "Adapt again"
    photos.annotate([])
    page.run()
    assert page.button(key="your-data-adapt").label == "Adapt to these photos"


def test_an_adaptation_can_be_cancelled_and_fails_with_a_reason(
    page: AppTest, dataset: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    photos = upload(page, zipped(dataset))
    monkeypatch.setattr(Fit, "command", property(lambda _: [sys.executable, "-c", "import time; time.sleep(99)"]))
    page.button(key="your-data-adapt").click().run()
    assert "Adapting · loading the network" in progress(page)
    page.button(key="your-data-adapt-cancel").click().run()
    assert photos.fit is not None
    assert photos.fit.state == "stopped"
    assert page.button(key="your-data-adapt").label == "Adapt again"
    monkeypatch.setattr(Fit, "command", property(lambda _: [sys.executable, "-c", "exit('error: no luck')"]))
    page.button(key="your-data-adapt").click().run()
    wait(lambda: photos.fit is not None and photos.fit.state != "running")
    page.run()
    assert [error.value for error in page.error] == ["The fit ended early: no luck."]


def test_without_gaze_there_is_nothing_to_adapt_to(page: AppTest, dataset: Path) -> None:
    upload(page, zipped(dataset, leave=("fixations.csv",)))
    assert "Adapt to these photos" not in texts(page)


def test_with_gaze_on_few_photos_it_says_how_many_it_needs(page: AppTest, dataset: Path) -> None:
    upload(page, zipped(dataset, leave=("fixations.csv",), fixations_csv=b"image,subject,x,y\nleft.png,a,20,90\n"))
    assert "It needs gaze on at least 5 photos; here it is on 1." in texts(page)
    assert page.button(key="your-data-adapt").disabled
