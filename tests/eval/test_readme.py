"""README and docs say what is so: tables are of the committed run, examples print what is shown, links hold."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from eval.audit.files import load_audit
from eval.audit.words import in_short
from eval.bench.files import load_bench
from eval.card import Card, make_card
from eval.readme import (
    AUDIT_BEGIN,
    AUDIT_END,
    BEGIN,
    DETAILS,
    END,
    README,
    RUN,
    SCENES,
    crop_table,
    details_text,
    face_table,
    load_moves,
    load_unseen,
    readme_text,
    speed_table,
    unseen_table,
    update_pages,
)
from eval.report import leaderboard
from eval.runs import load_run
from saliency.__main__ import main
from saliency.models import NETWORKS
from saliency.models.weights import load_manifest
from tests.browser.measure import RESULTS, table

ROOT = Path(__file__).parents[2]
PAGES = [README, ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]


@pytest.fixture(scope="module")
def card() -> Card:
    return make_card(RUN)


def results_in(page: Path) -> str:
    text = page.read_text()
    return text[text.index(BEGIN) : text.index(END) + len(END)]


def test_the_tables_are_those_of_the_committed_run(card: Card) -> None:
    run, scenes, unseen = load_run(RUN), load_run(SCENES), load_unseen()
    assert results_in(README) == readme_text(run, scenes, unseen)
    assert results_in(DETAILS) == details_text(run, scenes, load_bench(), card, unseen, load_moves())


def test_without_a_run_on_what_networks_never_saw_there_is_no_table_of_it(tmp_path: Path) -> None:
    assert load_unseen(tmp_path) is None
    assert "never saw" not in readme_text(load_run(RUN), load_run(SCENES), None)


def test_the_readme_says_what_the_committed_audit_found() -> None:
    text = README.read_text()
    assert f"{AUDIT_BEGIN}{in_short(load_audit())}{AUDIT_END}" in text


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


def test_the_printed_faces_and_unseen_scores_are_the_cards(card: Card) -> None:
    for detector, row in face_table(card).iterrows():
        assert int(row["labelled faces found"].rstrip("%")) == round(100 * card.missed_faces.recall[detector].mean)
        reported = card.false_faces.found[detector] / card.false_faces.photos
        assert float(row["faces reported where nobody is"]) == pytest.approx(reported, abs=5e-3)
    for dataset, row in unseen_table(card).iterrows():
        assert float(row["gaze-only keeps"]) == pytest.approx(card.unseen.loc[dataset, "gaze"], abs=5e-4)
        assert float(row["the centre crop keeps"]) == pytest.approx(card.unseen.loc[dataset, "center"], abs=5e-4)


def test_the_limits_name_who_was_learned_from(card: Card) -> None:
    facts = card.facts
    assert f"{sum(facts.training.values()):,} photos seen by {facts.observers} people" in README.read_text()


def test_the_times_of_the_app_are_those_measured() -> None:
    assert table(json.loads(RESULTS.read_text())["seconds"]) in (ROOT / "docs" / "app.md").read_text()


def test_the_committed_run_is_of_the_committed_weights() -> None:
    assert load_run(RUN).manifest["weights"] == {name: load_manifest(name)["sha256"] for name in NETWORKS}


def test_the_committed_results_are_small() -> None:
    assert sum(path.stat().st_size for path in RUN.parent.rglob("*") if path.is_file()) <= 5e6


@pytest.mark.parametrize("name", ["README.md", "results.md"])
def test_a_page_without_marks_is_refused(
    name: str, card: Card, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("eval.readme.make_card", lambda _: card)
    for page in (README, DETAILS):
        (tmp_path / page.name).write_text("nothing" if page.name == name else page.read_text())
    with pytest.raises(ValueError, match=f"{name} has no lines .* to write between"):
        update_pages(tmp_path / "README.md", tmp_path / "results.md")


def test_the_example_prints_what_the_readme_shows() -> None:
    code, output = re.findall(r"```python\n(.*?)```\n\n```text\n(.*?)```", README.read_text(), re.DOTALL)[0]
    assert len([line for line in code.splitlines() if line.strip()]) <= 6
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == output


def test_the_command_prints_what_the_readme_shows(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = README.read_text()
    command = re.findall(r"^gazecrop (.*?) *#", text, re.MULTILINE)[0]
    monkeypatch.chdir(ROOT)
    assert main(shlex.split(command)) == 0
    assert f"```text\n{capsys.readouterr().out}```" in text


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_to_what_is_there(page: Path) -> None:
    for link in re.findall(r"\]\(([^)\s]+)\)", page.read_text()):
        if not link.startswith("http"):
            name, _, heading = link.partition("#")
            linked = page.parent / name if name else page
            assert linked.exists(), link
            headings = re.findall(r"^#+ (.*)$", linked.read_text(), re.MULTILINE) if heading else []
            assert not heading or heading in [anchor(title) for title in headings], link


def anchor(heading: str) -> str:
    """How GitHub names a heading in links."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def test_the_files_that_contributing_names_are_there() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text()
    named = set(
        re.findall(r"(?<![\w/])(?:\.ci|app\.py|(?:pages|eval|training|saliency|tests|docs|samples)/)[\w./]*", text)
    )
    assert len(named) > 20
    assert [name for name in sorted(named) if not (ROOT / name.rstrip(".")).exists()] == []
