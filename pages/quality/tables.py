"""The tables of Quality: numbers that sort, shown with their intervals."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from pandas.io.formats.style import Styler

from eval.methods import NONE, OWN, prior_of
from eval.report import METRICS
from eval.types import GAZE_KEPT
from pages.quality.marks import mark_uri
from pages.shared.figures.theme import BAD, FAINT, GOOD
from pages.shared.figures.units import Unit, unit_of
from pages.shared.palette import method_look

MARK, METHOD, CODE = " ", "Method", "In code"
ANCHORS = ("human", "oracle")  # what the methods are measured by, beside the reference
CLEAR = 0.05  # p, corrected: what is less likely by chance counts as a change
WORSE, BETTER, UNCLEAR = "▼ worse", "▲ better", "– no clear change"
PRIOR_NOTE = (
    "How the middle of the frame is favoured: own where that is part of the method, a number where we mixed so much "
    "of a Gaussian into its map, the weight that is best on val, none where it is not."
)
_SHARE = Unit(100, "%", "", "", "", 0)
_PLAIN = Unit(1, "", "", "", "", 2)
_P = Unit(1, "", "", "", "", 4)


class Table:
    """One row a method, one column at a time. numbers: what sorts. texts: what is shown, "" for a missing number.
    notes: column -> what it means. leads: column -> the changes to Explore's query that show the photos behind it."""

    def __init__(self, methods: pd.Index) -> None:
        self.numbers = pd.DataFrame(index=methods)
        self.texts = pd.DataFrame(index=methods)
        self.notes: dict[str, str] = {}
        self.leads: dict[str, dict[str, str]] = {}

    def add(
        self,
        column: str,
        values: pd.Series,
        unit: Unit,
        interval: tuple[pd.Series, pd.Series] | None = None,
        *,
        sign: str = "",
        note: str = "",
        lead: Mapping[str, str] = {},
    ) -> None:
        """Values by method in their stored scale, shown in their unit. sign: "+" for differences."""
        index = self.numbers.index
        shown, *ends = (s.reindex(index).astype(float) * unit.scale for s in (values, *(interval or ())))
        self.numbers[column] = shown
        self.texts[column] = [_cell(row, unit, sign) for row in zip(shown, *ends, strict=True)]
        self.notes[column] = note
        self.leads[column] = dict(lead)

    def add_told(self, column: str, values: pd.Series, texts: Mapping[str, str], *, note: str) -> None:
        """Values by method that sort, and what is shown of them."""
        self.numbers[column] = values.reindex(self.numbers.index).astype(float)
        self.texts[column] = [texts.get(str(name), "") for name in self.numbers.index]
        self.notes[column] = note
        self.leads[column] = {}


def _ranges(ranks: pd.DataFrame) -> dict[str, str]:
    """ "3" or "2–5", by method."""
    return {
        str(name): f"{best}" if best == worst else f"{best}–{worst}"
        for name, best, worst in ranks[["best", "worst"]].itertuples(name=None)
    }


def _cell(values: Sequence[float], unit: Unit, sign: str) -> str:
    """ "87.7" or "87.7 [87.1, 88.3]"; "" for a missing number, "<1" for a time of hardly anything."""
    value, *ends = (f"{round(v, unit.places) + 0.0:{sign}.{unit.places}f}" for v in values)
    if np.isnan(values[0]):
        return ""
    if unit.level == "ms" and 0 <= values[0] < 1 and not sign:
        return "<1"
    return f"{value} [{ends[0]}, {ends[1]}]" if ends else value


def leaderboard_table(
    board: pd.DataFrame,
    metric: str,
    reference: str,
    others: Mapping[str, pd.DataFrame],
    times: pd.DataFrame,
    ranks: pd.DataFrame,
) -> Table:
    """The leaderboard of one metric, and beside it what else is known of the methods.

    board: `eval.report.leaderboard`. others: other metrics' "mean", "low" and "high" by method. times: "median" and
    "p95" milliseconds by method. ranks: of `eval.verdicts.Standings`. Any of these may be empty.
    """
    unit, against = unit_of(metric), method_look(reference).label
    change = "points" if unit.scale == 100 else unit.change
    table = Table(board.index)
    _add_level(table, metric, board, {})
    table.add(
        f"vs {against}{', ' if change else ''}{change}",
        board["difference"].drop(reference),
        unit,
        (board["difference low"], board["difference high"]),
        sign="+",
        note=f"Difference to {against} on the same photos, with its 95 % interval.",
        lead={"sort": "worst"},
    )
    best, worst = {"sort": "best"}, {"sort": "worst"}
    if metric in GAZE_KEPT:
        note = (
            "Gain over the centre crop, as a share of the gain of Human: the best windows for what other people looked "
            "at. Over 100 is the oracle, whose windows are the best for the very people who judge them."
        )
        ends = board["ceiling low"], board["ceiling high"]
        table.add("Of the human gain, %", board["ceiling"], _SHARE, ends, note=note)
        note = f"Crops that keep at least 5 points {{}} gaze than {against}."
        table.add("Helps, %", board["help"], _SHARE, note=note.format("more"), lead=best)
        table.add("Harms, %", board["harm"], _SHARE, note=note.format("less"), lead=worst)
        table.add(
            "Keeps under half, %",
            board["below half"],
            _SHARE,
            note="Crops that keep less than half of gaze.",
            lead=worst,
        )
    else:
        note = f"Photos on which it is {{}} than {against}."
        table.add("Better on, %", board["win"], _SHARE, note=note.format("better"), lead=best)
        table.add("Worse on, %", board["loss"], _SHARE, note=note.format("worse"), lead=worst)
    if not ranks.empty:
        note = "Which places it may have, all pairs compared at once."
        table.add_told("Rank", ranks["best"], _ranges(ranks), note=note)
    if metric in GAZE_KEPT:
        words = {str(name): prior_of(str(name)) for name in board.index if name not in ANCHORS}
        order = sorted(set(words.values()), key=lambda text: (text == OWN, text != NONE, text))
        places = pd.Series({name: order.index(text) for name, text in words.items()}, dtype=float)
        table.add_told("Centre prior", places, words, note=PRIOR_NOTE)
    times = board if METRICS[metric].is_time else times
    if "median" in times:
        note = "One photo, all its formats, without opening the file, one thread: {}."
        ms = unit_of("milliseconds")
        table.add("Median ms ↓", times["median"], ms, note=note.format("the median over photos"))
        table.add("95 % under, ms ↓", times["p95"], ms, note=note.format("95 of 100 photos take less"))
    for name, levels in others.items():
        if not levels.empty:
            _add_level(table, name, levels, {"metric": name})
    for name in datasets_of(board):
        table.add(headed(name, unit.level), board[name], unit, note=f"The mean on {name}.", lead={"dataset": name})
    table.add(
        "p", board["p"].drop(reference), _P, note="Permutation test of the difference, Holm-corrected over the methods."
    )
    return table


def maps_table(boards: Mapping[str, pd.DataFrame]) -> Table:
    """Maps x metrics. boards: a leaderboard by metric; the rows in the order of the first."""
    names = dict.fromkeys(name for board in boards.values() for name in board.index)
    table = Table(pd.Index(list(names), name="method"))
    for metric, board in boards.items():
        _add_level(table, metric, board, {"metric": metric}, _PLAIN)
    return table


def _add_level(
    table: Table, metric: str, levels: pd.DataFrame, lead: Mapping[str, str], unit: Unit | None = None
) -> None:
    """A metric's mean and interval; an arrow where less is better."""
    about, unit = METRICS[metric], unit or unit_of(metric)
    note = f"{about.about[0].upper()}{about.about[1:]}. {'More' if about.more_is_better else 'Less'} is better. "
    note += "The mean of the formats and datasets, with its 95 % interval over photos."
    arrow = "" if about.more_is_better else " ↓"
    table.add(
        headed(metric, unit.level) + arrow,
        levels["mean"],
        unit,
        (levels["low"], levels["high"]),
        note=note,
        lead=lead,
    )


def headed(name: str, unit: str = "") -> str:
    """A heading, with its unit where it has one: "Gaze kept, %"; names that are not words, such as sAUC, stay."""
    first = name[0].upper() if name == name.lower() else name[0]
    return f"{first}{name[1:]}{', ' if unit else ''}{unit}"


def datasets_of(board: pd.DataFrame) -> list[str]:
    """The datasets of a leaderboard; none when there is only one, which the mean then is of."""
    names = [str(name) for name in board.columns[: list(board.columns).index("mean")]]
    return names if len(names) > 1 else []


def styled_methods(table: Table, reference: str) -> Styler:
    """The table as it is shown: each method with its mark, and what methods are measured by shaded."""
    names = [str(name) for name in table.numbers.index]
    looks = [method_look(name) for name in names]
    shown = table.numbers.reset_index(drop=True)
    shown.insert(0, MARK, [mark_uri(look) for look in looks])
    shown.insert(1, METHOD, [look.label for look in looks])
    shown[CODE] = names
    shades = [f"background-color: {FAINT}" if name in (*ANCHORS, reference) else "" for name in names]
    return with_texts(shown.style, table.texts).apply(lambda _: shades)


def with_texts(styler: Styler, texts: pd.DataFrame) -> Styler:
    """The table with these texts in place of its numbers, which still sort."""
    for row, cells in enumerate(texts.to_dict("records")):
        shown = {column: lambda _, text=text: text for column, text in cells.items()}
        styler.format(shown, subset=pd.IndexSlice[[row], :])
    return styler


def with_status(changes: pd.DataFrame) -> pd.DataFrame:
    """`eval.report.compare` with a column "status": WORSE, BETTER or UNCLEAR; in that order, surest first."""
    better = (changes["p"] < CLEAR) & ~changes["regression"]
    status = np.select([changes["regression"], better], [WORSE, BETTER], UNCLEAR)
    order = changes.assign(status=status, rank=np.select([changes["regression"], better], [0, 1], 2))
    return order.sort_values(["rank", "p"], kind="stable", ignore_index=True).drop(columns="rank")


def _fine_enough(unit: Unit, change: float) -> Unit:
    """The unit with as many places, four at most, as a change takes that is not nothing: "+0.00" is told of none."""
    places = unit.places
    while places < 4 and change and not round(change * unit.scale, places):
        places += 1
    return replace(unit, places=places)


def changes_table(changes: pd.DataFrame) -> Styler:
    """What changed between two runs, one row a method and metric. changes: of `with_status`."""
    units = [_fine_enough(unit_of(row.metric), row.change) for row in changes.itertuples()]
    scale = np.array([unit.scale for unit in units], float)
    numbers = changes[["old", "new", "change", "low", "high"]].mul(scale, axis=0)
    texts = pd.DataFrame(
        {
            "Old": [_cell([old], unit, "") for old, unit in zip(numbers["old"], units, strict=True)],
            "New": [_cell([new], unit, "") for new, unit in zip(numbers["new"], units, strict=True)],
            "Change": [
                _cell(row, unit, "+")
                for row, unit in zip(numbers[["change", "low", "high"]].to_numpy(), units, strict=True)
            ],
            "p": [_cell([p], _P, "") for p in changes["p"]],
        }
    )
    shown = pd.DataFrame(
        {
            "What": changes["status"],
            METHOD: [method_look(name).label for name in changes["method"]],
            "Metric": [headed(name, unit.level) for name, unit in zip(changes["metric"], units, strict=True)],
            **{column.capitalize(): numbers[column] for column in ("old", "new", "change")},
            "p": changes["p"],
            "Photos": changes["images"],
        }
    )
    colours = {WORSE: f"color: {BAD}; font-weight: bold", BETTER: f"color: {GOOD}; font-weight: bold"}
    return with_texts(shown.style, texts).map(lambda status: colours.get(status, ""), subset=["What"])


def settings_changed(old: Mapping[str, object], new: Mapping[str, object]) -> pd.DataFrame:
    """Where the manifests of two runs differ: index setting, columns "old" and "new", as text."""
    flat = [_flat(manifest) for manifest in (old, new)]
    names = list(dict.fromkeys([*flat[0], *flat[1]]))
    rows = {name: (flat[0].get(name, ""), flat[1].get(name, "")) for name in names}
    rows = {name: pair for name, pair in rows.items() if pair[0] != pair[1]}
    return pd.DataFrame.from_dict(rows, orient="index", columns=["old", "new"]).rename_axis("setting")


def _flat(manifest: Mapping[str, object], prefix: str = "") -> dict[str, str]:
    """One level of text; of a hash its first 12 digits."""
    flat: dict[str, str] = {}
    for key, value in manifest.items():
        if isinstance(value, Mapping):
            flat |= _flat(value, f"{prefix}{key}: ")
        else:
            text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
            flat[f"{prefix}{key}"] = f"{text[:12]}…" if re.fullmatch("[0-9a-f]{40,}", text) else text
    return flat
