"""What a crop does, in a sentence that is true."""

from __future__ import annotations

from pages.crop.judgement import CENTRE, cut_things, is_left
from pages.crop.shot import YOU, Shot
from pages.shared.palette import method_look
from pages.shared.phrases import listed, percent
from saliency.crop import CLEAR, center_window
from saliency.formats import Format
from saliency.framing import kept_by_position
from saliency.notes import worth_a_word
from saliency.types import Crop

LIKELY = 0.05  # what is less likely is not worth a word
SPREAD = 0.25  # a crop that must lose this share of gaze is worth a warning
FRACTIONS = (
    (0.25, "a quarter"),
    (1 / 3, "a third"),
    (0.5, "half"),
    (2 / 3, "two thirds"),
    (0.75, "three quarters"),
    (0.9, "nine tenths"),
)


def explain(shot: Shot, target: Format) -> str:
    """The result for one format: what it keeps, where it lies, and what cannot be had. Plain text. What even the best
    crop loses is said before: see `spread`."""
    crop = shot.crop_of(shot.chosen, target)
    yours = "The crop where the file says" if shot.by_file else "Your crop"
    who = yours if shot.chosen == YOU else method_look(shot.model).label
    kept, by_centre = percent(crop.kept), percent(crop.kept - crop.gain)
    centre_cuts = cut_things(shot, shot.crop_of(CENTRE, target))
    if centre_cuts and centre_cuts != cut_things(shot, crop):
        by_centre += f", and cut off {centre_cuts}"
    if is_left(crop):
        parts = [f"{who} keeps {kept} of expected gaze"]
    else:
        parts = [f"{who} keeps {kept} of expected gaze; the centre would keep {by_centre}", move(crop, shot.size)]
    if odds := likely(crop):
        parts.append(odds)
    if (cut := cut_things(shot, crop)) and not shot.framing.whole:  # else the note says it
        parts.append(f"It cuts off {cut}")
    if crop.note:
        parts.append(crop.note[0].upper() + crop.note[1:])
    if alone := gaze_alone(shot, target):
        parts.append(alone)
    return ". ".join(parts) + "."


def likely(crop: Crop) -> str:
    """How likely it is to be clearly better and clearly worse than the centre crop; empty where it is hardly either."""
    if max(crop.helps, crop.harms) < LIKELY:
        return ""
    helps, harms = (round(100 * chance) for chance in (crop.helps, crop.harms))
    points = round(100 * CLEAR)
    return (
        f"It is {helps} % likely to keep at least {points} points more of the gaze than the centre crop, and {harms} % "
        f"to keep {points} less"
    )


def gaze_alone(shot: Shot, target: Format) -> str:
    """What keeping things whole costs in gaze, and what it is for; empty where it costs nothing that shows."""
    if shot.choice or shot.framing.keep is not None or not worth_a_word(shot.framing.whole):
        return ""
    crop, alone = shot.crop_of(shot.model, target), shot.by_gaze_alone(target)
    cut = cut_things(shot, alone)
    if cut in ("", cut_things(shot, crop)) or round(100 * alone.kept) <= round(100 * crop.kept):
        return ""
    return f"For gaze alone it would keep {percent(alone.kept)}, but cut off {cut}"


def move(crop: Crop, size: tuple[int, int]) -> str:
    """Where the crop lies, seen from the centre crop of its size, and how far it zooms in."""
    box, widest = crop.box, center_window(size, crop.aspect)
    across, down = box.left - (size[0] - box.width) // 2, box.top - (size[1] - box.height) // 2
    moves = [
        f"{abs(pixels)} px {before if pixels < 0 else after}"
        for pixels, before, after in ((across, "left", "right"), (down, "up", "down"))
        if pixels
    ]
    where = f"moved {listed(moves)}" if moves else "it stays in the middle"
    zoom = widest.width / box.width
    text = f"{where}, zoomed in {zoom:.1f} times" if zoom >= 1.05 else where
    return text[0].upper() + text[1:]


def spread(shot: Shot, target: Format) -> str:
    """A warning where even the best crop of this shape loses much; empty where none is due, as of a tight one."""
    if shot.framing.keep is not None or shot.at_any_cost or 1 - shot.crop_of(shot.model, target).kept < SPREAD:
        return ""
    widest = shot.by_gaze_alone(target)  # another may keep less for the sake of a head
    lost = 1 - kept_by_position(shot.analysis.sight.map, shot.size, widest, shot.framing.within).kept.max()
    if lost < SPREAD:
        return ""
    share = min(FRACTIONS, key=lambda pair: abs(pair[0] - lost))[1]
    return f"Even the best {target.shape} crop loses about {share} of the expected gaze"
