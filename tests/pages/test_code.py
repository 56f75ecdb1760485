"""The code that the crop page shows, run as it is by somebody who has the photo: it prints the boxes on screen."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.app import ROOT, open_page
from tests.pages.crop_page import (
    ASTRONAUT,
    CAT,
    COFFEE,
    Upload,
    barred,
    results_on_photo,
    sample,
    show,
    steer,
    upload,
)

RUN_ALL = """
import runpy, sys
for program in sys.argv[1:]:
    print("#", program)
    runpy.run_path(program, run_name="__main__")
"""


@dataclass(frozen=True)
class Case:
    """What a visitor asked for. point: where to look, in percent of the photo. lines: of code that it takes."""

    query: dict[str, str]
    photo: Upload
    point: tuple[float, float] | None = None
    lines: int = 6

    def open(self) -> AppTest:
        page = upload(open_page(**self.query), self.photo)
        return steer(page, *self.point) if self.point else page


CASES = {
    "plain": Case({}, sample("friends.jpg")),
    "tight": Case({"zoom": "tight", "keep": "70", "margin": "5"}, sample(COFFEE), lines=7),
    "unheeded margin": Case({"margin": "20"}, sample(COFFEE, "2.jpg")),
    "whole heads": Case({"faces": "whole", "margin": "10", "formats": "banner,pair"}, sample(ASTRONAUT), lines=8),
    "gaze only": Case({"faces": "off", "formats": "banner,pair"}, sample(ASTRONAUT, "only.jpg")),
    "focal": Case({}, sample(CAT), (13.3, 66.7), lines=7),
    "exact size": Case({"formats": "link,thumbnail", "custom": "1200x630, 5:7"}, sample("china_temple.jpg")),
    "all at once": Case(
        {
            "zoom": "tight",
            "keep": "60",
            "margin": "12",
            "faces": "whole",
            "formats": "story,single",
            "custom": "800x32",
        },
        sample(ASTRONAUT, "all.jpg"),
        (80, 20),
        lines=8,
    ),
    "bars": Case({}, barred(), lines=6),
    "bars kept": Case({"trim": "never", "formats": "square,portrait"}, barred(119), lines=7),
    "bars around a tight crop": Case({"zoom": "tight", "keep": "70"}, barred(118), lines=7),
    "bars and gaze only": Case({"faces": "off"}, barred(117), lines=7),
    "likely bar": Case({"trim": "always"}, barred(100, 0), (70, 80), lines=7),
    "one whole": Case(
        {"formats": "square,banner", "custom": "300x90", "pad": "banner,300x90", "background": "blurred"},
        sample(ASTRONAUT, "one.jpg"),
        lines=11,
    ),
    "all whole": Case(
        {"formats": "banner", "custom": "1:2", "pad": "banner,1:2", "faces": "whole", "colour": "204080"},
        sample(COFFEE, "whole.jpg"),
        lines=7,
    ),
    "bars and a whole": Case({"formats": "square,banner", "pad": "banner"}, barred(116), lines=13),
    "likely bar, all whole": Case(
        {"formats": "square,banner", "pad": "square,banner", "trim": "always"}, barred(101, 0), lines=9
    ),
    "awkward name": Case({"formats": "square,quad"}, sample("wine.jpg", 'it\'s "my" {photo} \\n é.jpg')),
}


@dataclass(frozen=True)
class Told:
    """boxes: on screen, one a format. kept: what is said of them. code: what is shown. printed: what that prints."""

    boxes: list[list[int]]
    kept: list[str]
    code: str
    printed: list[str]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Told]:
    """Every program run in a folder that holds the photos and nothing else, one Python for all: it starts slowly."""
    folder, programs = tmp_path_factory.mktemp("photos"), tmp_path_factory.mktemp("programs")
    seen: dict[str, tuple[list[list[int]], list[str], str]] = {}
    for name, case in CASES.items():
        page = case.open()
        boxes = results_on_photo(page)
        label = "Yours keeps" if case.point else "Saliency keeps"
        kept = [metric.value for metric in page.metric if metric.label == label]
        code = show(page, "Take home").code[0].value
        seen[name] = boxes, kept, code
        (folder / case.photo[0]).write_bytes(case.photo[1])
        (programs / name).write_text(code, encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "-c", RUN_ALL, *(str(programs / name) for name in CASES)],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    printed = {Path(part.splitlines()[0]).name: part.splitlines()[1:] for part in run.stdout.split("# ")[1:]}
    return {name: Told(*seen[name], printed[name]) for name in CASES}


PADDED = [name for name, case in CASES.items() if "pad" in case.query]
CROPPED = [name for name in CASES if name not in PADDED]


@pytest.mark.parametrize("name", CROPPED)
def test_the_code_prints_the_boxes_on_screen(told: dict[str, Told], name: str) -> None:
    case = told[name]
    printed = [re.fullmatch(r"\S+ \[(\d+), (\d+), (\d+), (\d+)\] keeps (\d+)%", line) for line in case.printed]
    assert all(printed)
    assert [[int(side) for side in line.groups()[:4]] for line in printed if line] == case.boxes
    assert [f"{line[5]}\u00a0%" for line in printed if line] == case.kept


def test_the_code_prints_where_whole_photos_lie(told: dict[str, Told]) -> None:
    """By hand: the astronaut is 512 x 512, the cup 600 x 400."""
    crop, *whole = told["one whole"].printed
    assert crop == "1:1 [0, 0, 512, 512] keeps 100%"
    assert whole == ["3:1 [512, 0, 512, 512] of 1536x512", "10:3 [105, 0, 90, 90] of 300x90"]
    assert told["all whole"].printed == ["3:1 [300, 0, 600, 400] of 1200x400", "1:2 [0, 400, 600, 400] of 600x1200"]
    for name in ("bars and a whole", "likely bar, all whole"):
        left, top, width, height = told[name].boxes[-1]
        assert 600 - 2 <= width <= 600
        assert 390 <= height <= 400
        canvas, x = round(3 * height), (3 * height - width) // 2
        assert [line for line in told[name].printed if line.startswith("3:1")] == [
            f"3:1 [{x}, 0, {width}, {height}] of {canvas}x{height}"
        ]
        assert (left, 100 <= top < 123) == (0, True)
    assert "Border.parse('blurred')" in told["one whole"].code
    assert "Border.parse('#204080')" in told["all whole"].code
    assert "frame" not in told["all whole"].code
    for name in PADDED:
        assert sum(bool(line) for line in told[name].code.splitlines()) == CASES[name].lines


@pytest.mark.parametrize("name", CROPPED)
def test_the_code_is_short_and_says_no_more_than_was_asked_for(told: dict[str, Told], name: str) -> None:
    code, query = told[name].code, CASES[name].query
    assert sum(bool(line) for line in code.splitlines()) == CASES[name].lines
    assert ("keep=" in code) == (query.get("zoom") == "tight")
    always, never = query.get("faces") == "whole", query.get("faces") == "off"
    assert ("at_any_cost(seen.things)" in code) == always
    within = {"bars around a tight crop": "sure", "bars and gaze only": "sure", "likely bar": "perhaps"}.get(name)
    assert [word for word in ("sure", "perhaps") if f"within=seen.borders.{word}" in code] == (
        [within] if within else []
    )
    assert ("load_model(" in code) == (never and not within)
    assert ("load_method(" in code) == (not never or bool(within))
    assert ("whole=" in code) == ("Framing" in code and not never)
    assert ("Framing" in code) == ("seen" in code)
    assert ("focal=" in code) == (CASES[name].point is not None)
    assert ("margin=" in code) == ("margin" in query and ("zoom" in query or "faces" in query))
    assert ("Framing" in code) == any(word in code for word in ("keep=", "whole=", "focal=", "margin=", "within="))


def test_a_size_is_written_as_the_size(told: dict[str, Told]) -> None:
    assert "'1.91:1', '1:1', '1200x630', '5:7'" in told["exact size"].code
    assert "'800x32'" in told["all at once"].code
