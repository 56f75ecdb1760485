"""A fault of the app ends in a sentence, the way back, and a log line with the trace: never in Streamlit's own box."""

from __future__ import annotations

import logging
import runpy
import traceback
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.method import sections
from tests.pages.app import go_to, open_page

ROOT = Path(__file__).parents[2]


def fail(*_: object) -> None:
    raise ZeroDivisionError("secret of the server")


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> AppTest:
    """A visitor for whom Method fails."""
    monkeypatch.setattr(sections, "show_header", fail)
    with caplog.at_level(logging.ERROR, "gazecrop"):
        return open_page("method")


def press(page: AppTest, label: str) -> None:
    next(button for button in page.button if button.label == label).click().run()


def test_a_fault_is_a_sentence_with_a_number_that_the_log_knows(
    page: AppTest, caplog: pytest.LogCaptureFixture
) -> None:
    assert not page.exception
    (error,) = page.error
    assert "Something went wrong on this page" in error.value
    assert "secret" not in error.value
    (record,) = (record for record in caplog.get_records("setup") if record.name == "gazecrop")
    number = record.getMessage().split()[1]
    assert f"fault {number}" in error.value
    assert record.exc_info
    assert record.exc_info[0] is ZeroDivisionError
    assert "in fail" in "".join(traceback.format_exception(record.exc_info[1])), "the log has the trace"


def test_the_ways_back(page: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    press(page, "Try again")
    assert not page.error
    assert page.title[0].value == "How it works, and how well"
    go_to(page, "crop")
    assert not page.error


def test_starting_anew_forgets_what_may_be_the_cause(page: AppTest) -> None:
    page.session_state["crop-keep"] = 77
    press(page, "Start anew")
    assert "crop-keep" not in page.session_state


def test_a_setting_that_means_nothing_stops_the_app_with_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GAZECROP_MAX_SIDE", "wide")
    with pytest.raises(SystemExit, match="^GAZECROP_MAX_SIDE is no positive number: 'wide'$"):
        runpy.run_path(str(ROOT / "app.py"))
