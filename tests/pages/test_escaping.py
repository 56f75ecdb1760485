"""Text from outside stays text: what the helpers make of it, and what pages send of a run full of hostile names.

What becomes of it in a browser: tests/browser/test_security.py.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from eval.runs import RunError, load_run, save_run
from eval.types import SLICES, Outcome, Placed, Row
from pages.explore.figures import against
from pages.shared.escaping import in_plotly, plain, spreadsheet, visible
from pages.shared.templates import fill
from tests.pages.app import open_page

HOSTILE = "[x](http://evil.example) ![y](www.evil.example) :material/close: $z$ <b>&amp; me@evil.example.jpg"


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("cat 2.jpg", "cat 2.jpg"),
        ("a_b*c", r"a\_b\*c"),
        ("16:9: 50 %, 12:30:45", r"16\:9\: 50 %, 12\:30\:45"),
        ("&copy; <b>", r"\&copy; \<b\>"),
        ("1. one 2. two", r"1\. one 2. two"),
        ("a\n\n    b\n===\r\n- c\u2028d", r"a b === \- c d"),
        ("    indented", " indented"),
        ("WWW.a.b www.", "WWW\u2060.a.b www\u2060."),
        ("http://a", "http\\:\u2060//a"),
        (":smile: :+1: :material/x:", "\\:\u2060smile\\: \\:\u2060\\+1\\: \\:\u2060material/x\\:"),
        (":100: :1234: :2:", "\\:\u2060100\\: \\:\u20601234\\: \\:2\\:"),
        ("me@a.b, @you", "me@\u2060a.b, @you"),
        ("87\u00a0%", "87\u00a0%"),
        ("\u202egpj.exe\x07\x1b", "�gpj.exe��"),
        ("שלום.jpg", "שלום.jpg"),
    ],
)
def test_markdown_acts_on_nothing(text: str, made: str) -> None:
    assert plain(text) == made


def test_nothing_is_left_out() -> None:
    assert plain(HOSTILE).replace("\\", "").replace("\u2060", "") == HOSTILE


def test_plotly_and_templates_show_what_turns_the_direction() -> None:
    assert in_plotly('<a href="x">&lt;</a>\u202e') == '&lt;a href="x"&gt;&amp;lt;&lt;/a&gt;�'
    assert "�gpj.exe" in fill("shared/parts.html.jinja", "jpeg", data=b"", alt="\u202egpj.exe")
    assert visible("a\tb\nc") == "a\tb\nc"


@pytest.mark.parametrize("cell", ["=1+1", "+SUM(A1)", "-2+3", "@A1", "\tx", "\rx", "＝1", '=HYPERLINK("x")', "-", "+a"])
def test_a_spreadsheet_runs_no_cell(cell: str) -> None:
    table = pd.DataFrame({"photo": pd.Categorical([cell, "a"]), cell: [cell, ""]}, index=[cell, "b"])
    heads, first, second = csv.reader(io.StringIO(spreadsheet(table, index=True), newline=""))
    assert heads == ["", "photo", f"'{cell}"]
    assert first == [f"'{cell}"] * 3
    assert second == ["b", "a", ""]


def test_numbers_stay_numbers_in_a_spreadsheet() -> None:
    numbers = np.array([-0.5, -1e-12, 3.0, np.nan, -7e20], np.float32)
    table = pd.DataFrame({"difference": numbers, "text": ["-0.5", "+3", "-1e-9", ".5", "-.5"]})
    back = pd.read_csv(io.StringIO(spreadsheet(table, index=False)))
    np.testing.assert_allclose(back["difference"], numbers, rtol=1e-5)
    assert back["text"].tolist() == [-0.5, 3, -1e-9, 0.5, -0.5]


def hostile_outcomes() -> list[Outcome]:
    """Two photos with hostile names, judged by nobody, in two formats and by two methods."""
    made = []
    for rank in range(2):
        rows = [
            Row(method, aspect, "gaze kept", 0.5 + 0.1 * rank * (method == "gaze"))
            for method in ("center", "gaze")
            for aspect in ("1:1", "16:9")
        ]
        boxes = [Placed(row.method, row.aspect, [0, 0, 90, 90]) for row in rows]
        slices = dict.fromkeys(SLICES, "none")
        made.append(Outcome("[d](www.evil.example)", f"{rank} {HOSTILE}", (100, 100), slices, rows, boxes))
    return made


@pytest.fixture
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("pages.shared.run_cache.LOCAL", tmp_path / "runs")
    folder = tmp_path / "runs" / "evil [x](www.evil.example)"
    folder.mkdir(parents=True)
    odd = {"date": HOSTILE, "machine": HOSTILE, "split": HOSTILE, "images": {HOSTILE: 2}, "commit": HOSTILE}
    save_run(folder, hostile_outcomes(), {"folder": "", "weights": {HOSTILE: HOSTILE}, "methods": ["gaze"], **odd})
    return tmp_path / "runs"


def told(page: AppTest) -> Iterator[tuple[str, str]]:
    """(element and field, text) of every string that the page sends, but for what is no Markdown: names of widgets and
    queries, options of a list to choose from, HTML, figures and tables."""

    def strings(message: Any, place: str) -> Iterator[tuple[str, str]]:
        for field, value in message.ListFields():
            for one in value if isinstance(value, (list, tuple)) or hasattr(value, "append") else [value]:
                if isinstance(one, str):
                    yield f"{place}.{field.name}", one
                elif hasattr(one, "ListFields"):
                    yield from strings(one, f"{place}.{field.name}")

    for element in page.main:
        if hasattr(element, "proto") and hasattr(element.proto, "ListFields"):
            yield from strings(element.proto, element.type)


NO_MARKDOWN = re.compile(
    r"(.*\.(id|form_id|query_string|user_key|key|element_id|alt)|selectbox\.(options|raw_value|set_value)|html\.body"
    r"|(plotly_chart|arrow_data_frame)\..*)$"
)


@pytest.mark.parametrize(
    ("room", "query"),
    [
        ("explore", {}),
        ("explore", {"image": f"[d](www.evil.example)/1 {HOSTILE}"}),
        ("explore", {"sort": HOSTILE, "page": HOSTILE, "metric": HOSTILE, "dataset": HOSTILE}),
        ("quality", {}),
        ("quality", {"show": "Compare runs"}),
    ],
    ids=["explore", "photo", "address", "quality", "compare"],
)
def test_a_run_of_hostile_names_stays_text(room: str, query: dict[str, str], runs: Path) -> None:
    (folder,) = runs.iterdir()
    page = open_page(room, **{"run": f"runs/{folder.name}", **query})
    seen = [(place, text) for place, text in told(page) if "evil" in text]
    assert seen, "the names are shown"
    for place, text in seen:
        if not NO_MARKDOWN.match(place):
            for part in re.findall(r"\S*evil\S*", text):
                assert "www.evil" not in part, (place, text)
                assert "//evil" not in part.replace("\u2060//", ""), (place, text)
                assert "@evil" not in part, (place, text)
                assert not re.search(r"(?<!\\)\](?<!\\)\(", part), (place, text)
        elif place == "html.body":
            assert "<b>&amp; me" not in text, (place, text)


def test_figures_of_hostile_names_have_none_of_their_tags() -> None:
    row = pd.DataFrame(
        {"dataset": ["d"], "image": ['<a href="http://evil.example">x</a>'], "aspect": ["1:1"]}
        | {"value": [0.5], "against": [0.4], "difference": [0.1], "outcome": ["helps"]}
    )
    (hover,) = [
        text for trace in against(row, "gaze kept", "gaze", "center", 0.05).data for text in trace.hovertext or ()
    ]
    assert "evil" in hover
    assert "<a href" not in hover


@pytest.mark.parametrize(
    "word", ["www.evil.example", "a WWW.b", "[x](y)", ":smile:", "<b>", "*x*", "me@a.b", "a\nb", ""]
)
def test_a_run_with_a_method_that_is_no_word_is_refused(word: str, tmp_path: Path) -> None:
    (first, *_) = hostile_outcomes()
    odd = replace(first, rows=[replace(row, method=word) for row in first.rows])
    with pytest.raises(RunError, match="names something"):
        save_run(tmp_path, [odd], {"methods": ["gaze"]})
    with pytest.raises(RunError, match="names something"):
        load_run(tmp_path)
