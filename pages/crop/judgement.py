"""The two judgements of a crop, each beside that of the centre crop: how much gaze it keeps, and what it cuts."""

from __future__ import annotations

from pages.crop.shot import Shot
from saliency.formats import Format
from saliency.framing import things_inside
from saliency.notes import LEFT, counted, cut_note, is_whole, joined, worth_a_word
from saliency.types import Crop, Thing

CENTRE = "center"


def gain_points(crop: Crop) -> int:
    """Percentage points over the centre crop: the difference of the two numbers as they are shown."""
    return round(crop.kept * 100) - round((crop.kept - crop.gain) * 100)


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


def things_beside_centre(shot: Shot, target: Format, crop: Crop) -> str:
    """The same, and what the centre crop does where that is another number of them: "Head whole; the centre crop cuts
    it"."""
    told, theirs = kept_things(shot, crop), _lost(shot, shot.crop_of(CENTRE, target))
    if theirs == _lost(shot, crop):
        return told
    if len(_things(shot)) == 1:
        return f"{told}; the centre crop {'cuts it' if theirs else 'does not'}"
    return f"{told}; the centre crop cuts {theirs or 'none'}"


def gaze_beside_centre(shot: Shot, method: str, target: Format, crop: Crop) -> tuple[str, bool]:
    """The gaze that a method's crop keeps against the centre's: "+3 vs centre". And whether that alone makes it the
    better or the worse crop: not where it cuts more for it, nor where it gives gaze for something to be whole."""
    if method == CENTRE:
        return "the usual crop", False
    points, saved = gain_points(crop), _lost(shot, shot.crop_of(CENTRE, target)) - _lost(shot, crop)
    if points == 0:
        return LEFT if is_left(crop) else "same as centre", False
    if points < 0 and saved > 0:
        return f"{-points} less, for {_whole_ones(shot, saved)}", False
    if points < 0 and method == shot.model and shot.framing.whole and not saved:
        return f"{-points} less, for {_room(shot)}", False  # by gaze alone it would keep no less than the centre
    return f"{points:+d} vs centre", points * saved >= 0


def rest_of_note(shot: Shot, crop: Crop) -> str:
    """What the crop's note says beyond `kept_things` and `gaze_beside_centre`."""
    said = cut_note(shot.framing.whole, crop.box)
    return joined(*(note for note in crop.note.split("; ") if note != said and not note.startswith(LEFT)))


def is_left(crop: Crop) -> bool:
    """Whether it was left where the centre crop lies, as no crop is clearly better."""
    return crop.note.startswith(LEFT)


def _whole_ones(shot: Shot, saved: int) -> str:
    """What is whole for the gaze given: "the head", "2 heads" more than in the centre crop."""
    things = _things(shot)
    return counted(things, saved) if len(things) > 1 else f"the {things[0].kind}"


def _room(shot: Shot) -> str:
    """What the gaze was given for where nothing more is whole: the room that heads and objects want around them."""
    things = _things(shot)
    if not things:
        return "room around what is looked at"
    return f"room around the {things[0].kind}" if len(things) == 1 else f"room around {counted(things)}"


def _things(shot: Shot) -> list[Thing]:
    """Heads and lone objects in the part of the photo that is used."""
    things = worth_a_word(shot.analysis.sight.things)
    return things_inside(things, shot.framing.within) if shot.framing.within else things


def _lost(shot: Shot, crop: Crop) -> int:
    """How many of them the crop cuts."""
    return sum(not is_whole(thing, crop.box) for thing in _things(shot))
