"""The Compare view: two crops under one divider, and every method there is on the same photo."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.crop import padded
from pages.crop.compare_html import (
    DIFFERS,
    Cell,
    grid_html,
    lit,
    overlap,
    overlap_percent,
)
from pages.crop.judgement import kept_things, rest_of_note
from pages.crop.model import model_at_last
from pages.crop.peers import get_peers, missing_peers, peer_crops
from pages.crop.settings import Settings
from pages.crop.shot import YOU, Shot
from pages.shared.components.wipe import wipe
from pages.shared.palette import method_look
from pages.shared.phrases import listed, percent
from pages.shared.pickers import PICKER_WIDTH, picker_row
from pages.shared.pictures import crop_preview, open_preview, reduce
from pages.shared.widgets import plain
from saliency import METHODS
from saliency.export import encode
from saliency.formats import Format
from saliency.types import Crop, RgbImage

LEFT, RIGHT, FORMAT = "crop-compare-left", "crop-compare-right", "crop-compare-format"
USUAL = "center"  # what the divider compares with at first
PHOTO_HEIGHT = 520  # CSS pixels
QUALITY = 88  # of the JPEGs
CELL_SIDE = 420  # pixels of a crop in the grid
Told = tuple[str, Crop, str]  # a label, its crop, and what that does to heads and lone objects


def show_compare(shot: Shot, settings: Settings) -> None:
    """Two methods that the visitor picks, then all of them."""
    missing = missing_peers()
    names = [*([YOU] if shot.choice else []), *METHODS, *(name for name in get_peers() if name not in missing)]
    preview = open_preview(shot.analysis.sight.preview)
    words, picture = st.columns([2, 3], gap="medium")
    # not by the map of a first glance: the picker keeps what it is given
    result = shot.chosen if shot.choice else model_at_last(settings)
    with words:
        with picker_row():
            left = _pick_method("Left", names, result, LEFT)
            right = _pick_method("Right", names, USUAL, RIGHT)
        target = _pick_format(settings.formats)
        if canvas := shot.canvas(target):
            padded.show_crops_of(shot, target, canvas)
        crops = crops_of(shot, [left, right], target)
        one, other = ((method_look(name).label, crops[name], kept_things(shot, crops[name])) for name in (left, right))
        st.markdown(plain(compare_two(one, other)))
    with picture:
        _show_two(shot, crops, left, right, target, preview)
    with st.spinner("Running every method …", show_time=True):
        crops = crops_of(shot, names, target)
    _show_all(shot, crops, target, preview)
    _show_missing(missing)


def crops_of(shot: Shot, names: Sequence[str], target: Format) -> dict[str, Crop]:
    """The crop of each method or peer. Peers know one zoom, the widest: in a tight view, and where bars are left
    out, they get the saliency crop's.

    Raises ValueError for a name that is neither, PeerUnavailable for a peer that lacks what it needs.
    """
    own = {name: shot.crop_of(name, target) for name in names if name not in get_peers()}
    peers = [name for name in names if name in get_peers()]
    found = peer_crops(shot.photo, peers, target.aspect, shot.analysis.sight)
    if shot.is_smaller:
        like = shot.crop_of(shot.model, target)
        found = {name: shot.as_small(crop, like) for name, crop in found.items()}
    return {name: (own | found)[name] for name in names}


def _pick_method(label: str, names: list[str], usual: str, key: str) -> str:
    if st.session_state.get(key) not in names:
        st.session_state[key] = usual
    st.selectbox(
        label,
        names,
        key=key,
        format_func=lambda name: method_look(name).label,
        width=PICKER_WIDTH,
        persist_state="session",
    )
    return str(st.session_state[key])


def _pick_format(formats: Sequence[Format]) -> Format:
    labels = [target.label for target in formats]
    if st.session_state.get(FORMAT) not in labels:
        st.session_state[FORMAT] = labels[0]
    st.selectbox("Format", labels, key=FORMAT, width=2 * PICKER_WIDTH, persist_state="session")
    return formats[labels.index(st.session_state[FORMAT])]


def _show_two(shot: Shot, crops: dict[str, Crop], left: str, right: str, target: Format, preview: RgbImage) -> None:
    looks = {name: method_look(name) for name in crops}
    pictures = {
        name: encode(lit(preview, crop.box, looks[name], shot.size), quality=QUALITY) for name, crop in crops.items()
    }
    wipe(
        key=f"crop-wipe-{shot.photo.key}",
        left=pictures[left],
        right=pictures[right],
        size=shot.size,
        left_label=looks[left].label,
        right_label=looks[right].label,
        left_color=looks[left].color,
        right_color=looks[right].color,
        alt=f"{shot.photo.title}, the {target.label} crop lit: by {looks[left].label} to the left of a divider, "
        f"by {looks[right].label} to its right",
        max_height=PHOTO_HEIGHT,
    )


def compare_two(one: Told, other: Told) -> str:
    """What two crops keep and cut, and how alike they are, in a sentence. Plain text."""
    (left, crop, _), (right, against, _) = one, other
    if crop.box == against.box:
        both = f"{left} and {right} crop alike" if left != right else f"{left} on both sides"
        return f"{both}: it keeps {percent(crop.kept)} of expected gaze{_in_brackets(one)}."
    shared = overlap(crop.box, against.box)
    alike = f"the crops overlap by {overlap_percent(shared)}" if shared else "the crops have nothing in common"
    return (
        f"{left} keeps {percent(crop.kept)} of expected gaze{_in_brackets(one)}, "
        f"{right} {percent(against.kept)}{_in_brackets(other)}; {alike}."
    )


def _in_brackets(told: Told) -> str:
    """What the crop does to heads and objects, behind what it keeps."""
    about = told[2]
    return f" ({about[0].lower()}{about[1:]})" if about else ""


def _show_all(shot: Shot, crops: dict[str, Crop], target: Format, preview: RgbImage) -> None:
    reference = crops[shot.model]
    shares = {name: overlap(crop.box, reference.box) for name, crop in crops.items() if name != shot.model}
    label = method_look(shot.model).label
    st.markdown("### Every method on this photo")
    differing = sum(share < DIFFERS for share in shares.values())
    st.caption(
        f"{_differing(differing, len(shares), label)}, the most different first. "
        "Beside each: the share of gaze that our model expects it to keep, and what it cuts. "
        f"A crop differs when it overlaps with that of {label} by less than {percent(DIFFERS)} "
        "(intersection over union)."
    )
    order = [shot.model, *sorted(shares, key=lambda name: (shares[name], crops[name].kept))]
    cells = [_cell(shot, name, crops[name], shares.get(name), target, preview) for name in order]
    st.html(grid_html(cells, target.aspect))


def _differing(count: int, others: int, label: str) -> str:
    return f"{count or 'None'} of {others} others {'differs' if count == 1 else 'differ'} from {label}"


def _cell(shot: Shot, name: str, crop: Crop, share: float | None, target: Format, preview: RgbImage) -> Cell:
    look = method_look(name)
    picture = encode(reduce(crop_preview(preview, crop.box, shot.size), CELL_SIDE), quality=QUALITY)
    alt = f"{shot.photo.title} cropped to {target.label} by {look.label}, keeps {percent(crop.kept)}"
    return Cell(look, picture, alt, crop.kept, share, kept_things(shot, crop), rest_of_note(shot, crop))


def _show_missing(missing: dict[str, str]) -> None:
    """The methods that are not here, and how to get them; those that need the same thing together."""
    by_need: dict[str, list[str]] = {}
    for name in missing:
        by_need.setdefault(get_peers()[name].requires, []).append(name)
    for need, names in by_need.items():
        labels = listed([f"**{plain(method_look(name).label)}**" for name in names])
        verb = "needs" if len(names) == 1 else "need"
        st.caption(f"{labels} {verb} {need} ({plain(missing[names[0]])}).")
