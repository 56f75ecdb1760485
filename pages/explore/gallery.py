"""The gallery: how a method and a reference compare on the chosen photos, and the photos, a card each."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd
import streamlit as st

from eval.report import MAP_METRICS, METRICS
from eval.runs import BOX_KEYS
from pages.explore import cache
from pages.explore.address import (
    LEFT,
    Address,
    choose_page,
    choose_sort,
    clear_range,
    open_photo,
    shuffle,
    turn_page,
)
from pages.explore.differences import COLUMNS, HARMS, HELPS, PHOTO, SAME, in_range, mean_difference, threshold
from pages.explore.figures import against, thinned
from pages.explore.getting import show_missing
from pages.explore.markup import card_html, key_html, mark_html
from pages.explore.photos import PICTURE, draw, find_photo
from pages.shared.charts import show_chart
from pages.shared.figures.units import amount, between, difference, unit_of
from pages.shared.filters import (
    UNMEASURED,
    Selection,
    choose_comparison,
    choose_run,
    clear_filters,
    metrics_of,
    show_unfinished,
)
from pages.shared.palette import Look, method_look
from pages.shared.phrases import counted
from pages.shared.pickers import picker_row
from pages.shared.run_cache import open_run
from pages.shared.widgets import plain

CARDS = 12  # on a page
# the card may be drawn a little after the script runs
GO_TO_CARD = """<script>
(function go(tries) {{
  const card = document.querySelector(".st-key-explore-photo-{number}");
  if (!card) return tries && setTimeout(go, 100, tries - 1);
  card.scrollIntoView({{ block: "center" }});
  card.querySelector("button").focus({{ preventScroll: true }});
}})(20);
</script>"""


def choose_numbers() -> Selection:
    """The pickers, times last, since there is little to see of them; without numbers the page ends here."""
    with picker_row():
        file = choose_run()
        run = open_run(file)
        metrics = sorted(metrics_of(run), key=lambda name: METRICS[name].is_time)
        if not metrics:
            st.info(f"The run {plain(file.label)} holds no numbers: choose another run.", icon=":material/info:")
            st.stop()
        selection = choose_comparison(file, run, metrics)
    show_unfinished()
    return selection


def choose_crops(selection: Selection, address: Address) -> pd.DataFrame:
    """The crops of the selection whose difference is in the range of the address; `compare_crops`, maybe empty."""
    try:
        crops = cache.get_crops(selection.file, selection.metric, selection.method, selection.reference, selection.key)
    except ValueError:
        return pd.DataFrame(columns=COLUMNS)
    return in_range(crops, address.low, address.high)


def show_nothing(address: Address) -> None:
    """No photo fits: why, and the way out."""
    st.info("No photo fits this choice.", icon=":material/filter_alt_off:")
    with st.container(horizontal=True):
        if address.ranged:
            st.button("Any difference", key="explore-clear-range", on_click=clear_range)
        st.button("All photos and formats", key="explore-clear-filters", on_click=clear_filters)


def show_gallery(selection: Selection, crops: pd.DataFrame, ordered: pd.DataFrame, address: Address) -> None:
    """crops: of the selection, in the range of the address. ordered: the `gallery` of them."""
    left, right = st.columns([7, 4], gap="large")
    with right:  # the first: it needs no photos, which may take a moment
        if selection.method != selection.reference:
            _show_plot(selection, crops)
    with left:
        pages = -(-len(ordered) // CARDS)
        page = min(address.page, pages)
        _show_order(selection, crops, address, page, pages)
        _show_cards(selection, ordered.iloc[(page - 1) * CARDS : page * CARDS])
        if pages > 1:
            turn_page(page, pages)


def show_summary(selection: Selection, crops: pd.DataFrame, address: Address) -> None:
    """How many photos there are, how much the two differ on them, and how often for better or worse."""
    one, other = method_look(selection.method).label, method_look(selection.reference).label
    photos = counted(len(crops.drop_duplicates(PHOTO)), "photo")
    over = f"{counted(len(crops), 'crop')} of {photos}" if crops["aspect"].any() else photos
    if selection.method == selection.reference:
        st.info(f"**{plain(one)}** on {over}. Choose another method under *Against* to compare it with.")
        return
    mean = difference(selection.metric, mean_difference(crops))
    st.markdown(f"**{plain(one)}** against **{plain(other)}**, {selection.metric}: **{mean}** on average over {over}.")
    names = words(selection.metric)
    found = crops["outcome"].value_counts()
    st.html(key_html([(mark_html(kind), f"{found.get(kind, 0):,} {names[kind]}") for kind in (HELPS, SAME, HARMS)]))
    if selection.metric == UNMEASURED:
        st.caption(f"{plain(selection.metric[0].upper() + selection.metric[1:])}: {METRICS[selection.metric].about}.")
    if address.ranged:
        st.button(
            f"Only differences {_range(selection.metric, address)}",
            key="explore-clear-range",
            icon=":material/close:",
            help="Show photos with any difference",
            on_click=clear_range,
        )


def words(metric: str) -> dict[str, str]:
    """What the outcomes are called: a crop helps or harms, a map or a time is better or worse."""
    if METRICS[metric].unit == "share":
        least = f"under {100 * threshold(metric):g} points"
        return {HELPS: "help", SAME: f"no change ({least})", HARMS: "harm"}
    return {HELPS: "better", SAME: "about the same", HARMS: "worse"}


def _range(metric: str, address: Address) -> str:
    if math.isinf(address.low):
        return f"under {difference(metric, address.high)}"
    if math.isinf(address.high):
        return f"of {difference(metric, address.low)} and more"
    return f"from {between(metric, address.low, address.high, signed=True)}{unit_of(metric).short_change}"


def _show_order(selection: Selection, crops: pd.DataFrame, address: Address, page: int, pages: int) -> None:
    """The order of the photos, and the pages."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom", gap="small"):
        choose_sort(address)
        if address.sort == "random":
            st.button("Shuffle", icon=":material/shuffle:", key="explore-shuffle", on_click=shuffle)
        if pages > 1:
            choose_page(page, pages)
    if crops["aspect"].nunique() > 1:
        one = method_look(selection.method).label
        which = {
            "worst": f"the format that is worst for {one}",
            "best": f"the format that is best for {one}",
            "disagreement": "the format in which the two crops overlap least",
            "random": "a format drawn at random",
        }[address.sort]
        st.caption(f"Each photo once, in {plain(which)}. Open one for all formats.")


def _show_cards(selection: Selection, rows: pd.DataFrame) -> None:
    samples = {name: cache.find_photos(selection.file, name) for name in rows["dataset"].unique()}
    methods = [selection.method, selection.reference]
    maps = cache.maps_of(selection.run)
    boxes = selection.run.boxes
    boxes = boxes[boxes["image"].isin(rows["image"]) & boxes["method"].isin(methods)]
    boxes = boxes.astype(dict.fromkeys(BOX_KEYS, "object"))
    if missing := {name: reason for name, (_, reason) in samples.items() if reason}:
        show_missing(missing)
    with st.container(key="explore-gallery"):
        for row in rows.itertuples():
            photo = find_photo(boxes, row.dataset, row.image, samples[row.dataset][0])
            heated = selection.metric in MAP_METRICS and selection.method in maps
            picture = draw(photo, selection.method if heated else PICTURE, selection.metric, methods, row.aspect)
            values = [(method_look(selection.method), amount(selection.metric, row.value))]
            head = (row.aspect or selection.metric, "")
            if selection.reference != selection.method:
                values.append((method_look(selection.reference), amount(selection.metric, row.against)))
                head = (head[0], difference(selection.metric, row.difference))
            with st.container(key=f"explore-photo-{row.Index}"):
                st.html(card_html(picture, _alt(photo.id, row.aspect, values), head, row.outcome, values))
                st.button(
                    plain(photo.id),
                    key=f"explore-open-{photo.id}",
                    type="tertiary",
                    on_click=open_photo,
                    args=(photo.id, row.aspect),
                )
    _go_back_to_card(rows)


def _go_back_to_card(rows: pd.DataFrame) -> None:
    """Whoever comes back from a photo goes on at its card, by eye and by keyboard."""
    left = st.session_state.pop(LEFT, "")
    for row in rows.itertuples():
        if f"{row.dataset}/{row.image}" == left:
            st.html(GO_TO_CARD.format(number=int(row.Index)), unsafe_allow_javascript=True)


def _alt(photo: str, aspect: str, values: Sequence[tuple[Look, str]]) -> str:
    numbers = ", ".join(f"{look.label} {value}" for look, value in values)
    return f"{photo} with its {aspect} crops: {numbers}" if aspect else f"{photo}: {numbers}"


def _show_plot(selection: Selection, crops: pd.DataFrame) -> None:
    """Every crop, or of very many some, as a mark that opens its photo."""
    one, other = method_look(selection.method).label, method_look(selection.reference).label
    unit = "crop" if crops["aspect"].any() else "photo"
    drawn = len(thinned(crops))
    few = f"{drawn:,} of {counted(len(crops), unit)}, the extremes among them" if drawn < len(crops) else ""
    with st.container(key="explore-beside"):
        clicked = show_chart(
            against(crops, selection.metric, selection.method, selection.reference, threshold(selection.metric)),
            crops.drop(columns="advantage").set_index(PHOTO),
            "crops",
            f"{selection.metric} of {few or f'every {unit}'}: {one} upwards, {other} to the right",
            clickable=True,
            beside=lambda: st.caption(
                f"A mark is a {unit}{few and f': {few}'}. Click one to open its photo.", width="content"
            ),
        )
    if clicked:
        open_photo(str(clicked[0]), str(clicked[1]))
        st.rerun()
