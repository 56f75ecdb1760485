"""The README says what is so: its tables are the committed run's, its example prints what it shows."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from eval.bench.files import load_bench
from eval.readme import BEGIN, END, README, RUN, crop_table, results_text, speed_table, update_readme
from eval.report import leaderboard
from eval.runs import load_run
from saliency.models import MODELS
from saliency.models.weights import load_manifest
from tests.browser.measure import RESULTS, table

ROOT = Path(__file__).parents[1]


def test_the_tables_are_those_of_the_committed_run() -> None:
    text = README.read_text()
    assert text[text.index(BEGIN) : text.index(END) + len(END)] == results_text(load_run(RUN), load_bench())


def test_the_printed_numbers_are_the_leaderboards() -> None:
    run = load_run(RUN)
    board, shown = leaderboard(run), crop_table(run)
    for method in board.index:
        assert float(shown.loc[method, "mean"].split()[0]) == pytest.approx(board.loc[method, "mean"], abs=5e-4)
        assert float(shown.loc[method, "osie"]) == pytest.approx(board.loc[method, "osie"], abs=5e-4)


def test_times_are_the_medians_of_the_bench() -> None:
    bench = load_bench()
    shown = speed_table(bench)
    assert set(shown.index) == set(bench["methods"])
    for method, row in shown.iterrows():
        median = bench["methods"][method]["total"]["median"]
        assert float(row["bytes to boxes, ms"]) == pytest.approx(median, abs=0.05)
        assert int(row["photos a second"]) == round(1 / (median / 1000))


def test_the_times_of_the_app_are_those_measured() -> None:
    assert table(json.loads(RESULTS.read_text())["seconds"]) in README.read_text()


def test_the_committed_run_is_of_the_committed_weights() -> None:
    assert load_run(RUN).manifest["weights"] == {name: load_manifest(name)["sha256"] for name in MODELS}


def test_the_committed_results_are_small() -> None:
    assert sum(path.stat().st_size for path in RUN.parent.rglob("*") if path.is_file()) <= 5e6


def test_a_readme_without_marks_is_refused(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("nothing")
    with pytest.raises(ValueError, match="to write between"):
        update_readme(tmp_path / "README.md")


def test_the_example_prints_what_the_readme_shows() -> None:
    code, output = re.findall(r"```python\n(.*?)```\n\n```text\n(.*?)```", README.read_text(), re.DOTALL)[0]
    assert len([line for line in code.splitlines() if line.strip()]) <= 6
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == output
