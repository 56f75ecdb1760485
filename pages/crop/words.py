"""What a crop does, in a sentence that is true."""

from __future__ import annotations

from pages.crop.shot import YOU, Shot
from pages.shared.palette import method_look
from pages.shared.phrases import listed, percent
from saliency.crop import center_window
from saliency.formats import Format
from saliency.framing import things_inside
from saliency.notes import counted, is_whole, worth_a_word
from saliency.types import Crop, Thing

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
    """The result for one format: what it keeps, where it lies, and what cannot be had. Plain text."""
    crop = shot.crop_of(shot.chosen, target)
    who = "Your crop" if shot.chosen == YOU else method_look(shot.model).label
    kept, by_centre = percent(crop.kept), percent(crop.kept - crop.gain)
    parts = [f"{who} keeps {kept} of expected gaze; the centre would keep {by_centre}", move(crop, shot.size)]
    if (cut := cut_things(shot, crop)) and not shot.framing.whole:  # else the note says it
        parts.append(f"It cuts off {cut}")
    if crop.note:
        parts.append(crop.note[0].upper() + crop.note[1:])
    if alone := gaze_alone(shot, target):
        parts.append(alone)
    if lost := spread(shot, target):
        parts.append(lost)
    return ". ".join(parts) + "."


def cut_things(shot: Shot, crop: Crop) -> str:
    """Which of the heads and lone objects the crop cuts: "the head", "2 of 3 heads"; empty where all are whole."""
    things, lost = _things(shot), _lost(shot, crop)
    if not lost:
        return ""
    return f"{lost} of {counted(things)}" if len(things) > 1 else f"the {things[0].kind}"


def kept_things(shot: Shot, crop: Crop) -> str:
    """What the crop does to heads and lone objects: "Cuts off the head", "2 heads whole"; empty where none are."""
    if cut := cut_things(shot, crop):
        return f"Cuts off {cut}"
    things = _things(shot)
    if not things:
        return ""
    return f"{counted(things)} whole" if len(things) > 1 else f"{things[0].kind.capitalize()} whole"


def pays_for_things(shot: Shot, target: Format, crop: Crop) -> bool:
    """Whether it keeps less gaze than the centre crop and, for that, a head or object that the centre crop cuts."""
    return gain_points(crop) < 0 and _lost(shot, crop) < _lost(shot, shot.crop_of("center", target))


def _things(shot: Shot) -> list[Thing]:
    """Heads and lone objects in the part of the photo that is used."""
    things = worth_a_word(shot.analysis.sight.things)
    return things_inside(things, shot.framing.within) if shot.framing.within else things


def _lost(shot: Shot, crop: Crop) -> int:
    """How many of them the crop cuts."""
    return sum(not is_whole(thing, crop.box) for thing in _things(shot))


def gaze_alone(shot: Shot, target: Format) -> str:
    """What keeping things whole costs in gaze, and what it is for; empty where it costs nothing that shows."""
    if shot.choice or shot.framing.keep is not None or not worth_a_word(shot.framing.whole):
        return ""
    crop, alone = shot.crop_of(shot.model, target), shot.by_gaze_alone(target)
    cut = cut_things(shot, alone)
    if cut in ("", cut_things(shot, crop)) or round(100 * alone.kept) <= round(100 * crop.kept):
        return ""
    return f"For gaze alone it would keep {percent(alone.kept)}, but cut off {cut}"


def gain_points(crop: Crop) -> int:
    """Percentage points over the centre crop: the difference of the two numbers as they are shown."""
    return round(crop.kept * 100) - round((crop.kept - crop.gain) * 100)


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
    lost = 1 - shot.by_gaze_alone(target).kept  # another may keep less for the sake of a head
    if lost < SPREAD:
        return ""
    share = min(FRACTIONS, key=lambda pair: abs(pair[0] - lost))[1]
    return f"Gaze is spread: any {target.shape} crop loses about {share} of it"
