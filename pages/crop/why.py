"""Why the crop lies where it does: what each position would keep, and the best crops that show something else."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.crop import padded
from pages.crop.choice import choose
from pages.crop.settings import Settings
from pages.crop.shot import Shot
from pages.crop.why_figures import strip
from pages.crop.words import explain
from pages.shared.charts import show_chart
from pages.shared.palette import method_look
from pages.shared.phrases import percent
from pages.shared.pictures import crop_preview, draw_boxes, enlarge, open_preview
from pages.shared.widgets import plain, show_image
from saliency import alternatives
from saliency.crop import ROOM
from saliency.formats import Format
from saliency.framing import kept_by_position
from saliency.heatmap import overlay
from saliency.types import Crop, RgbImage

OPACITY = 0.55  # of the heatmap
SPACE = (620, 430)  # CSS pixels
PAGE = 1200  # of a desktop's page
ALTERNATIVE_SPACE = (260, 300)
ORDINALS = ("Best", "Second", "Third")


def show_why(shot: Shot, settings: Settings) -> None:
    """One format at a time: the curve along the free axis, and the alternatives."""
    labels = [target.label for target in settings.formats]
    chosen = st.session_state.get("crop-why-format")
    st.session_state["crop-why-format"] = chosen if chosen in labels else labels[0]
    label = st.segmented_control(
        "Format", labels, key="crop-why-format", required=True, wrap=False, persist_state="session"
    )
    target = settings.formats[labels.index(str(label))]
    if canvas := shot.canvas(target):
        padded.show_crops_of(shot, target, canvas)
    else:
        padded.warn_of_loss(shot, target)
        st.markdown(plain(explain(shot, target)))
    preview = open_preview(shot.analysis.sight.preview)
    _show_curve(shot, settings, target, preview)
    _show_alternatives(shot, target, preview)


def _show_curve(shot: Shot, settings: Settings, target: Format, preview: RgbImage) -> None:
    names = shot.methods(settings.methods)
    crops = {name: shot.crop_of(name, target) for name in dict.fromkeys((*names, shot.chosen))}
    curve = kept_by_position(shot.analysis.sight.map, shot.size, crops[shot.chosen], shot.framing.within)
    heat = overlay(enlarge(preview), shot.analysis.sight.map, OPACITY)
    picture = draw_boxes(heat, [(crop.box, method_look(name)) for name, crop in crops.items()], shot.size)
    alt = f"{shot.photo.title} under a heatmap of expected gaze, with the boxes of its {target.label} crops"
    if curve.axis is None:
        show_image(picture, SPACE, alt)
        what = "What is inside the bars" if shot.framing.within else "The photo"
        st.caption(f"{what} has this shape already: nothing is cut off, and there is nowhere to move.")
        return
    window = crops[shot.chosen].box.width if curve.axis == "x" else crops[shot.chosen].box.height
    length = shot.size[0] if curve.axis == "x" else shot.size[1]
    table = pd.DataFrame({"position": curve.starts + window / 2, "kept": curve.kept})
    rank = 0 if curve.axis == "x" else 1
    figure = strip(
        table,
        {name: crop.box.center[rank] for name, crop in crops.items()},
        {name: method_look(name) for name in (*crops, "gaze")},
        axis=curve.axis,
        length=length,
    )
    best = table.loc[table["kept"].idxmax()]
    told = (
        f"Expected gaze kept by a {target.label} crop at every position: from {percent(table['kept'].min())} to "
        f"{percent(best['kept'])}, most with its middle at {best['position']:.0f} of {length} pixels."
    )
    places = [st.container(), st.container()] if curve.axis == "x" else _columns_beside(shot)
    with places[0]:
        show_image(picture, SPACE, alt)
    with places[1]:
        show_chart(figure, table, f"kept by position {shot.stem} {target.label}".replace(":", "x"), told)
        st.caption(f"{told}{_doubt(shot, crops[shot.chosen], float(best['kept']))} {_key(list(crops))}")


def _doubt(shot: Shot, crop: Crop, most: float) -> str:
    """Why a crop by saliency is not at the top of the curve; nothing where it is, or a person chose."""
    if most - crop.kept <= ROOM or shot.framing.focal is not None or shot.chosen != shot.model:
        return ""
    return (
        " The crop lies elsewhere where that keeps a head or an object whole, and nearer the middle where the heatmap "
        "is spread out: there the network is surer than it should be."
    )


def _columns_beside(shot: Shot) -> list[DeltaGenerator]:
    """The photo and, close to it, the curve."""
    share = min(SPACE[1] * shot.size[0] / shot.size[1] / PAGE, 0.5)
    return st.columns([share, 1 - share], gap="small")


def _key(names: list[str]) -> str:
    """Which mark is whose, for those who cannot tell colours apart."""
    shown = {"circle": "●", "square": "■", "x": "✕", "square-open": "□", "circle-open": "○", "star-triangle-up": "▲"}
    looks = [method_look(name) for name in names]
    return ", ".join(f"{shown.get(look.symbol, '●')} {look.label}" for look in looks) + "."


def _show_alternatives(shot: Shot, target: Format, preview: RgbImage) -> None:
    """The best distinct crops, each a click away."""
    st.markdown("### The three best crops that differ")
    if shot.at_any_cost:
        st.caption("Crops that keep the heads whole come first, whatever gaze they keep.")
    framing = replace(shot.framing, focal=None)
    found = alternatives(shot.analysis.sight.map, shot.size, target.aspect, framing)
    columns = st.columns(len(ORDINALS), gap="medium")
    for rank, (crop, column) in enumerate(zip(found, columns, strict=False)):
        with column, st.container(key=f"crop-card-alternative-{rank}", gap="xsmall"):
            _show_alternative(shot, target, crop, rank, preview)
    if len(found) < len(ORDINALS):
        st.caption("This shape leaves no room for more crops that overlap by less than 70 %.")


def _show_alternative(shot: Shot, target: Format, crop: Crop, rank: int, preview: RgbImage) -> None:
    st.metric(f"{ORDINALS[rank]} keeps", percent(crop.kept))
    alt = f"{shot.photo.title} cropped to {target.label}, {ORDINALS[rank].lower()} choice, keeps {percent(crop.kept)}"
    show_image(crop_preview(preview, crop.box, shot.size), ALTERNATIVE_SPACE, alt)
    if crop.note:
        st.caption(plain(crop.note))
    # a little inside the pixel, lest the shares' rounding put the window one pixel before it
    x, y = (value + 0.25 for value in crop.box.center)
    st.button(
        "Use this",
        key=f"crop-use-{shot.photo.key}-{rank}",
        help="Look here in every format of this photo",
        on_click=choose,
        args=(shot.photo.digest, (x / shot.size[0], y / shot.size[1]) if rank else None),
    )
