"""The runs that a page can show: committed, local and the visitor's own; and caches of what is read from them.

Nothing else of a run is kept between sessions than what is on disk; a visitor's own run is known to that session only,
by a folder with a name that cannot be guessed.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from eval.calibration import errors, forecasts, reliability
from eval.harm import has_judges
from eval.harm_tables import chance_table, judges_table, seen_table
from eval.placement import agreement, moves
from eval.report import (
    ALL,
    by_kind,
    changed_images,
    compare,
    leaderboard,
    levels,
    levels_of_scenes,
    select,
    typical,
    values_of,
    values_of_scenes,
    verdict_of,
)
from eval.runs import PROGRESS, RESULTS, TABLE, UNSEEN, Run, RunError, find_runs, load_run, read_manifest
from eval.types import SCENES
from eval.verdict_words import method_words, pair_words, standings_of
from eval.verdicts import Standings
from pages.shared.photo_cache import LIFETIME
from pages.shared.phrases import counted, listed
from pages.shared.widgets import plain

LOCAL = Path(os.environ.get("GAZECROP_RUNS", "runs"))
OWN = "shared-own-runs"  # in the session: label -> folder

Where = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class RunFile:
    """A run on disk. stamp: when its table was written, so that caches notice a new one."""

    label: str
    folder: str
    stamp: int


def run_files() -> dict[str, RunFile]:
    """Every finished run by label: this visitor's own, then the committed ones, then the local ones."""
    own: dict[str, Path] = st.session_state.get(OWN, {})
    found = {**own, **{path.name: path for path in find_runs(RESULTS)}}
    found |= {f"{LOCAL.name}/{path.name}": path for path in find_runs(LOCAL)}
    files = {label: _run_file(label, path) for label, path in found.items()}
    return {label: file for label, file in files.items() if file}


def _run_file(label: str, folder: Path) -> RunFile | None:
    """None where there is no finished run, or none that can be read."""
    try:
        return RunFile(label, str(folder), (folder / TABLE).stat().st_mtime_ns)
    except OSError:
        return None


def runs_of_photos() -> dict[str, RunFile]:
    """The finished runs that are not of drawn scenes alone, by label."""
    return {label: file for label, file in run_files().items() if set(_images(file)) != {SCENES}}


def runs_of_scenes() -> dict[str, RunFile]:
    """The finished runs that are of drawn scenes, or of them too, by label."""
    return {label: file for label, file in run_files().items() if SCENES in _images(file)}


def about_run(file: RunFile) -> str:
    """What a run is of and when it was made, such as "353 test photos of osie, crowd and scene, 2026-11-26 12:41"."""
    images, manifest = _images(file), _manifest(file)
    if not images:
        return "cannot be read"
    if set(images) == {SCENES}:
        of = counted(sum(images.values()), "drawn scene")
    else:
        one = "photo" if manifest.get("folder") else f"{manifest.get('split', '')} photo".strip()
        of = f"{counted(sum(images.values()), one)} of {listed(list(images))}"
    return f"{of}, {manifest.get('date', '?')}"


def _images(file: RunFile) -> dict[str, int]:
    """Dataset -> how many photos of it a run is of; nothing where that cannot be read, which `open_run` says."""
    return dict(_manifest(file).get("images", {}))


@st.cache_data(max_entries=400, ttl=LIFETIME, show_spinner=False)
def _manifest(file: RunFile) -> dict[str, Any]:
    """How a run was made; nothing where that cannot be read."""
    try:
        return read_manifest(Path(file.folder))
    except RunError:
        return {}


def unfinished_runs() -> list[Path]:
    """Local runs that were started and not finished."""
    return sorted({path.parent for path in LOCAL.glob(f"*/{PROGRESS}")} - set(find_runs(LOCAL)))


def add_own_run(label: str, folder: Path) -> None:
    """Make a run known to this session, and to no other."""
    st.session_state.setdefault(OWN, {})[label] = folder


@st.cache_resource(max_entries=8, ttl=LIFETIME, show_spinner="Reading the run …")
def get_run(file: RunFile) -> Run:
    """The run: shared, so never to be changed. Raises RunError when it is missing, unfinished or damaged."""
    return load_run(file.folder)


@st.cache_data(max_entries=400, ttl=LIFETIME, show_spinner="Comparing methods …")
def get_board(file: RunFile, metric: str, reference: str, where: Where = ()) -> pd.DataFrame:
    """`eval.report.leaderboard`. Raises ValueError when the run has no such rows."""
    return leaderboard(get_run(file), metric, reference, dict(where))


@st.cache_data(max_entries=200, ttl=LIFETIME, show_spinner=False)
def get_values(file: RunFile, metric: str, where: Where = ()) -> pd.DataFrame:
    """`eval.report.values_of`: index (dataset, image, aspect), one column a method. Raises ValueError without rows."""
    return values_of(select(get_run(file).table, metric, dict(where)))


def get_verdict(file: RunFile, method: str, where: Where = ()) -> str:
    """`eval.report.verdict_of`. Raises ValueError where it has none."""
    return verdict_of(get_board(file, "gaze kept", "center", where), method)


@st.cache_data(max_entries=20, ttl=LIFETIME, show_spinner="Comparing the runs …")
def get_changes(old: RunFile, new: RunFile) -> pd.DataFrame:
    """`eval.report.compare`."""
    return compare(get_run(old), get_run(new))


@st.cache_data(max_entries=400, ttl=LIFETIME, show_spinner="Comparing methods …")
def get_levels(file: RunFile, metric: str, where: Where = ()) -> pd.DataFrame:
    """`eval.report.levels`. Empty where the run has no such rows."""
    return levels(_values(file, metric, where))


@st.cache_data(max_entries=200, ttl=LIFETIME, show_spinner=False)
def get_times(file: RunFile, where: Where = ()) -> pd.DataFrame:
    """`eval.report.typical` of the milliseconds of a photo. Empty where the run has no such rows."""
    times = _values(file, "milliseconds", tuple((column, value) for column, value in where if column != "aspect"))
    return typical(times) if len(times) else times


def _values(file: RunFile, metric: str, where: Where) -> pd.DataFrame:
    try:
        return values_of(select(get_run(file).table, metric, dict(where)))
    except ValueError:
        return pd.DataFrame()


@st.cache_data(max_entries=40, ttl=LIFETIME, show_spinner=False)
def get_kinds(file: RunFile, metric: str) -> pd.DataFrame:
    """`eval.report.by_kind`. Raises ValueError where the run has no such rows."""
    return by_kind(get_run(file), metric)


@st.cache_data(max_entries=40, ttl=LIFETIME, show_spinner="Comparing methods …")
def get_levels_of_scenes(file: RunFile, metric: str) -> pd.DataFrame:
    """`eval.report.levels_of_scenes`. Raises ValueError where the run has no such rows."""
    return levels_of_scenes(get_run(file), metric)


@st.cache_data(max_entries=100, ttl=LIFETIME, show_spinner=False)
def get_changed_images(old: RunFile, new: RunFile, method: str, metric: str) -> pd.Series:
    """`eval.report.changed_images`."""
    return changed_images(get_run(old), get_run(new), method, metric)


@st.cache_data(max_entries=50, ttl=LIFETIME, show_spinner="Comparing crops …")
def get_agreement(file: RunFile) -> pd.DataFrame:
    """`eval.placement.agreement`."""
    return agreement(get_run(file).boxes)


@st.cache_data(max_entries=20, ttl=LIFETIME, show_spinner=False)
def get_moves(file: RunFile) -> pd.DataFrame:
    """`eval.placement.moves`."""
    return moves(get_run(file).boxes)


@st.cache_resource(max_entries=200, ttl=LIFETIME, show_spinner="Comparing methods …")
def get_standings(file: RunFile, metric: str, where: Where = (), *, scenes: bool = False) -> Standings | None:
    """`eval.verdict_words.standings_of`, of photos or of the drawn scenes: shared, so never to be changed."""
    values = values_of_scenes(get_run(file), metric) if scenes else _values(file, metric, where)
    return standings_of(values, metric, by_crop=scenes) if len(values) else None


@st.cache_data(max_entries=400, ttl=LIFETIME, show_spinner=False)
def get_method_words(file: RunFile, metric: str, method: str, where: Where = (), *, scenes: bool = False) -> list[str]:
    """`eval.verdict_words.method_words`; empty of a method that takes no part."""
    found = get_standings(file, metric, where, scenes=scenes)
    return method_words(found, method, metric) if found and method in found.names else []


@st.cache_data(max_entries=200, ttl=LIFETIME, show_spinner=False)
def get_pairs_words(file: RunFile, metric: str, where: Where = (), *, scenes: bool = False) -> list[str]:
    """`eval.verdict_words.pair_words` of each method and the next."""
    found = get_standings(file, metric, where, scenes=scenes)
    return [pair_words(pair, metric) for pair in found.neighbours()] if found else []


@st.cache_data(max_entries=20, ttl=LIFETIME, show_spinner="Comparing judges …")
def get_judges(file: RunFile) -> tuple[pd.DataFrame, pd.DataFrame] | None:
    """`eval.harm_tables.judges_table` and `chance_table`; None of a run from before there were other judges."""
    run = get_run(file)
    return (judges_table(run), chance_table(run)) if has_judges(run) else None


@st.cache_data(max_entries=20, ttl=LIFETIME, show_spinner="Comparing judges …")
def get_seen(seen: RunFile, unseen: RunFile) -> pd.DataFrame:
    """`eval.harm_tables.seen_table`."""
    return seen_table(get_run(seen), get_run(unseen))


@st.cache_data(max_entries=40, ttl=LIFETIME, show_spinner="Comparing what was said …")
def get_forecasts(file: RunFile, method: str) -> pd.DataFrame:
    """`eval.calibration.forecasts`."""
    return forecasts(get_run(file), method)


def get_told(file: RunFile, method: str) -> list[str]:
    """What of `eval.calibration.SAID` is said of a method's crops; nothing where it cannot be held against gaze."""
    told = get_forecasts(file, method)
    return [] if told.empty else [str(name) for name in told.columns.unique(0)]


@st.cache_data(max_entries=40, ttl=LIFETIME, show_spinner=False)
def get_errors(file: RunFile, method: str, by: str) -> pd.DataFrame:
    """`eval.calibration.errors`, by "dataset" or "aspect"."""
    return errors(get_forecasts(file, method), by)


@st.cache_data(max_entries=80, ttl=LIFETIME, show_spinner="Comparing what was said …")
def get_reliability(file: RunFile, method: str, what: str, by: str = "") -> dict[str, pd.DataFrame]:
    """`eval.calibration.reliability` of what is said: of all crops, or one a value of `by`, "dataset" or "aspect"."""
    told = get_forecasts(file, method)
    parts = told.groupby(level=by, observed=True) if by else [(ALL, told)]
    return {str(value): reliability(part, what) for value, part in parts}


def unseen_beside(file: RunFile) -> RunFile | None:
    """The committed run of networks on what they never saw, beside the committed run of the test photos."""
    unseen = run_files().get(UNSEEN.name)
    return unseen if unseen and Path(file.folder) == RESULTS / "test" else None


def as_where(where: Mapping[str, str]) -> Where:
    """A hashable form, always in the same order."""
    return tuple(sorted(where.items()))


def open_run(file: RunFile) -> Run:
    """The run; where it cannot be read, the reason and the way out, and the page ends here."""
    try:
        return get_run(file)
    except RunError as error:
        st.error(f"{plain(str(error))}. Choose another run above.", icon=":material/error:")
        st.stop()
