"""What the tabs of Quality have in common: the verdict, a table of methods, and the ways to the photos."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Any, cast

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.quality.tables import CODE, MARK, METHOD, Table, styled_methods
from pages.quality.words import few_photos
from pages.shared.charts import show_chart, show_download
from pages.shared.figures.quality import forest
from pages.shared.figures.units import difference
from pages.shared.filters import EXPLORE, Selection, clear_filters, explore_query
from pages.shared.palette import method_look
from pages.shared.phrases import counted, listed
from pages.shared.run_cache import get_board
from pages.shared.widgets import plain

ROW_HEIGHT = 35  # CSS pixels, of a table
TABLE_WIDTH = 1198  # of the page's 80rem, without its margins and the table's border
MARK_WIDTH, METHOD_WIDTH = 36, 132
NUMBERS_WIDTH = TABLE_WIDTH - MARK_WIDTH - METHOD_WIDTH


def show_verdict(place: DeltaGenerator, text: str, selection: Selection, values: pd.DataFrame) -> None:
    """The sentence, and below it of how many photos it speaks. values: of the selection's metric, see get_values."""
    known = values[selection.method].dropna().index
    photos, datasets = known.droplevel("aspect").unique(), sorted(map(str, known.unique("dataset")))
    formats = [name for name in known.unique("aspect") if name]
    of = f"{counted(len(photos), 'photo')} of {plain(listed(datasets))}"
    if formats:
        of += f", cropped to {plain(formats[0])}" if len(formats) == 1 else f", cropped to {len(formats)} formats"
    chosen = [f"{column} {value}" for column, value in selection.where.items() if column not in ("dataset", "aspect")]
    manifest = selection.run.manifest
    measured = f"measured {plain(str(manifest.get('date', '?')))}, run “{plain(selection.file.label)}”"
    facts = [of, *map(plain, chosen), measured]
    with place:
        st.markdown(text)
        st.caption(" · ".join(facts))
        if warning := few_photos(len(photos)):
            st.warning(warning, icon=":material/warning:")


def board_of(selection: Selection, metric: str) -> pd.DataFrame | None:
    """The leaderboard of a metric on the selection's photos; None where none of them has it."""
    try:
        return get_board(selection.file, metric, selection.reference, selection.key)
    except ValueError:
        return None


def show_nothing(selection: Selection) -> None:
    """That there are no numbers, and the way out."""
    if not selection.where:
        methods = listed(list(dict.fromkeys((selection.method, selection.reference))))
        st.warning(f"This run has no {plain(selection.metric)} of {plain(methods)}.", icon=":material/filter_alt_off:")
        return
    chosen = [f"{'format' if column == 'aspect' else column} {value}" for column, value in selection.where.items()]
    st.warning(
        f"No photo with {plain(selection.metric)} is left with {plain(listed(chosen))}. Choose fewer filters.",
        icon=":material/filter_alt_off:",
    )
    st.button("Show all photos and formats", on_click=clear_filters, icon=":material/restart_alt:")


def show_methods(table: Table, selection: Selection, name: str, alt: str) -> None:
    """A table of methods; a click on a number leads to its photos. name: unique on the page."""
    config: dict[str, Any] = {
        MARK: st.column_config.ImageColumn("", width=MARK_WIDTH, pinned=True),
        METHOD: st.column_config.TextColumn(width=METHOD_WIDTH, pinned=True),
        CODE: st.column_config.TextColumn(help="The method's name in code, on the command line and in the CSV."),
    }
    widths = fitted([_width(table.texts[column], column) for column in table.notes], NUMBERS_WIDTH)
    config |= {
        column: st.column_config.NumberColumn(help=note, width=width)
        for (column, note), width in zip(table.notes.items(), widths, strict=True)
    }
    event = st.dataframe(
        styled_methods(table, selection.reference),
        key=f"quality-table-{name}",
        alt=alt,
        column_config=config,
        hide_index=True,
        placeholder="",
        height=ROW_HEIGHT * (len(table.numbers) + 1) + 3,
        on_select="rerun",
        selection_mode="single-cell",
    )
    show_download(table.numbers, name)
    cells = cast("dict[str, Any]", event)["selection"]["cells"]
    if cells:
        row, column = cells[0]
        go_to_photos(selection, str(table.numbers.index[row]), table.leads.get(column, {}))


def _width(texts: pd.Series, heading: str) -> int:
    """CSS pixels that the longest text and the heading need."""
    return max(6 * max(map(len, texts), default=0) + 20, 6 * len(heading) + 30)


def fitted(widths: Sequence[int], room: int) -> list[int]:
    """The widths of columns, so that none is cut at the right of a room of so many pixels: those that fit share what
    is left of it, and the next begins where it ends."""
    ends = list(accumulate(widths))
    fit = sum(end <= room for end in ends)
    if not fit:
        return list(widths)
    share, over = divmod(room - ends[fit - 1], fit)
    return [width + share + (rank < over) if rank < fit else width for rank, width in enumerate(widths)]


def show_differences(selection: Selection, board: pd.DataFrame, name: str) -> None:
    """Paired differences to the reference; a click on a mark leads to its photos. name: unique on the page."""
    method, against = method_look(selection.method).label, method_look(selection.reference).label
    rows = board.drop(index=selection.reference)
    st.caption("On the same photos, with 95 % intervals. One that crosses the line may be chance.")
    parts = (f"{method_look(str(n)).label} {difference(selection.metric, v)}" for n, v in rows["difference"].items())
    alt = f"Difference in {selection.metric} to {against}: {', '.join(parts)}"
    columns = ["mean", "low", "high", "difference", "difference low", "difference high", "p"]

    def show_link() -> None:
        if selection.method != selection.reference:
            link_to_photos(f"Where {method} is worst", selection, sort="worst")

    figure = forest(board, selection.metric, selection.reference)
    clicked = show_chart(figure, rows[columns], name, alt, clickable=True, beside=show_link)
    if clicked:
        go_to_photos(selection, str(clicked), {"sort": "worst"})


def go_to_photos(selection: Selection, method: str, changes: Mapping[str, str]) -> None:
    """Explore, at the photos of a method; those of the reference itself are seen beside the method in view."""
    method = selection.method if method == selection.reference else method
    st.switch_page(EXPLORE, query_params=explore_query(selection, **{"method": method, **changes}))


def link_to_photos(label: str, selection: Selection, **changes: str) -> None:
    """The same way as an ordinary link."""
    st.page_link(
        EXPLORE, label=label, icon=":material/photo_library:", query_params=explore_query(selection, **changes)
    )
