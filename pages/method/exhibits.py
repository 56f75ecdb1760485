"""The pictures of the model card: the pipeline step by step, what face crops do, and where our own crops fail.

Pure: what was found in a picture comes in, pictures and sentences go out. Every number in a sentence is computed from
what was found.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from pages.method.drawings import bar_chart, slide, street_map, two_portraits
from pages.method.figures import Curve, Step
from pages.method.html import Exhibit, Picture
from pages.shared.palette import method_look
from pages.shared.phrases import counted, percent
from pages.shared.pictures import crop_preview, draw_boxes, draw_outlines, reduce, scale_box
from saliency.crop import AVERSION, expected_gaze, gaze_inside
from saliency.export import cut, encode
from saliency.heatmap import overlay
from saliency.types import Box, Crop, Face, RgbImage, SaliencyMap

SIDE = 640  # pixels of the longer side: a third of the page, sharp on a fine screen
QUALITY = 85
HEAT = 0.55
SHADE = 0.4  # how much light is left to what a crop cuts off
POSITIONS = 61  # of the sliding window that are drawn

PIPELINE = "friends.jpg", "16:9"
FACELESS = "china_temple.jpg", "9:16"
FALSE_FACES = (("flower_dahlia.jpg", "face-haar", "a dahlia"), ("friends.jpg", "face", "two dogs"))
SMALL_HEAD = "statue_of_liberty.jpg", "16:9"
NEAR_TIE = "mariachi.jpg", "4:5"
PORTRAIT, PORTRAIT_BOX = "astronaut_eileen_collins.jpg", Box(110, 20, 220, 240)


@dataclass(frozen=True, slots=True)
class Looked:
    """A picture and what was found in it.

    image: may be smaller than the full picture, of `size` = (width, height). crops: by method, all of one aspect.
    """

    image: RgbImage
    size: tuple[int, int]
    map: SaliencyMap
    crops: dict[str, Crop]
    faces: dict[str, list[Face]]

    @property
    def box(self) -> Box:
        """The saliency crop."""
        return self.crops["gaze"].box

    @property
    def kept(self) -> float:
        """The share of gaze expected in it."""
        return self.crops["gaze"].kept


LookAt = Callable[[str | RgbImage, str], Looked]
"""Looks at a sample, by its file name, or at a picture, and crops it to an aspect such as "16:9"."""


def pipeline_steps(found: Looked) -> list[Step]:
    """A tall photo on its way to a crop that is wide: opened, looked at, searched, cut."""
    size, image = found.size, reduce(found.image, SIDE)
    gaze = expected_gaze(found.map)
    boxes = [(found.box, method_look("gaze")), (found.crops["center"].box, method_look("center"))]
    tops = np.linspace(0, size[1] - found.box.height, POSITIONS)
    kept = [gaze_inside(gaze, size, Box(0, round(top), size[0], found.box.height)) for top in tops]
    best, center = (int(np.abs(tops - found.crops[name].box.top).argmin()) for name in ("gaze", "center"))
    photo = picture(image, "A photo of two dogs at a window")
    heat = picture(overlay(image, found.map, HEAT), "The photo under a heatmap: the dogs' faces glow")
    window = picture(draw_boxes(image, boxes, size), "The photo with the best window and the one in the middle")
    crop = picture(crop_preview(found.image, found.box, size), "The crop: both dogs")
    center_kept = found.crops["center"].kept
    return [
        Step("Open", "Limits first. Then upright pixels in sRGB, and nothing else of the file.", photo),
        Step("Look", "A small network maps where gaze will land: what attracts it, and the frame's pull.", heat),
        Step(
            "Slide",
            f"The largest window slides along its free side. What the centre would keep and it loses counts up to "
            f"{1 + AVERSION:g} times: on unfamiliar photos the network is surer than it should be. The best place, "
            f"heads whole, keeps {percent(found.kept)}, the centre {percent(center_kept)}.",
            window,
            Curve(kept, best, center, found.box.height / size[1]),
        ),
        Step("Cut", "The crop, at full size. One look serves any number of formats.", crop),
    ]


def no_face_exhibits(found: Looked) -> list[Exhibit]:
    """What a face crop and a saliency crop show of a photo without a face."""
    face, gaze = (
        picture(crop_preview(found.image, found.crops[name].box, found.size), f"A temple, cropped {by}")
        for name, by in (("face", "in the centre"), ("gaze", "by saliency"))
    )
    return [
        Exhibit((face,), f"Face: {found.crops['face'].note}. Keeps {percent(found.crops['face'].kept)}."),
        Exhibit((gaze,), f"Saliency: keeps {percent(found.kept)}."),
    ]


def false_face_exhibits(look_at: LookAt) -> list[Exhibit]:
    """Sample photos in which a detector finds faces that are none."""
    exhibits = []
    for file, detector, where in FALSE_FACES:
        found = look_at(file, "1:1")
        look, faces = replace(method_look(detector), line="solid"), [face.box for face in found.faces[detector]]
        drawn = draw_outlines(found.image, faces, look, found.size)
        text = f"{DETECTOR_NAMES[detector]}: {counted(len(faces), 'face')} on {where}."
        exhibits.append(Exhibit((picture(around(drawn, faces, found.size), text),), text))
    return exhibits


DETECTOR_NAMES = {"face": "YuNet", "face-haar": "Haar cascade"}


def failures(look_at: LookAt) -> list[Exhibit]:
    """Pictures that our crop serves badly, and how."""
    return [
        _small_head(look_at),
        _near_tie(look_at),
        _far_apart(look_at),
        _drawn(
            look_at,
            bar_chart().image,
            "A chart",
            "The network expects gaze on the headline. The tallest bar, the only one in another colour, is cut off.",
        ),
        _drawn(
            look_at,
            street_map().image,
            "A map",
            "The network expects gaze on the names. The marker, the only red thing, is cut off.",
        ),
        _drawn(
            look_at,
            slide().image,
            "Text",
            "Every line loses its beginning: nothing tells the network that lines are read whole.",
        ),
    ]


def _small_head(look_at: LookAt) -> Exhibit:
    file, aspect = SMALL_HEAD
    found = look_at(file, aspect)
    return Exhibit(
        (cropped(found, f"The Statue of Liberty; the {aspect} crop has its robe and pedestal, and no head"),),
        f"At {aspect} the crop keeps {percent(found.kept)} of the expected gaze, and not the head: in the small "
        "picture in which heads are sought it is too small to be found, so nothing says that it should be whole.",
        "Small heads",
    )


def _near_tie(look_at: LookAt) -> Exhibit:
    file, aspect = NEAR_TIE
    found = look_at(file, aspect)
    mirrored = look_at(np.ascontiguousarray(found.image[:, ::-1]), aspect)
    return Exhibit(
        (
            cropped(found, f"Musicians; the {aspect} crop holds the players"),
            cropped(mirrored, f"The same photo mirrored; the {aspect} crop holds a man before them"),
        ),
        f"At {aspect} the crop shows the players and keeps {percent(found.kept)} of the expected gaze. Mirrored, the "
        f"same photo is cropped to a man before them, and keeps {percent(mirrored.kept)}: which of several heads is "
        "worth the most is decided by a trifle.",
        "Near ties",
    )


def _far_apart(look_at: LookAt) -> Exhibit:
    portrait = cut(look_at(PORTRAIT, "1:1").image, PORTRAIT_BOX)
    found = look_at(two_portraits(portrait).image, "1:1")
    return Exhibit(
        (cropped(found, "A portrait at the left and its mirror image at the right; the 1:1 crop holds one of them"),),
        "A crop never zooms out: at 1:1 it keeps one person. Here both are the same portrait, and chance decides; "
        "among real people such a choice can be unfair.",
        "Two people far apart",
    )


def _drawn(look_at: LookAt, image: RgbImage, title: str, text: str) -> Exhibit:
    return Exhibit((cropped(look_at(image, "1:1"), f"{title}, cropped to 1:1. {text}"),), text, title)


def cropped(found: Looked, alt: str) -> Picture:
    """The picture under its heatmap, what the saliency crop cuts off in the dark."""
    image = reduce(found.image, SIDE)
    heat = overlay(image, found.map, HEAT)
    shown = np.round(heat * SHADE).astype(np.uint8)
    box = scale_box(found.box, found.size, image)
    shown[box.top : box.bottom, box.left : box.right] = cut(heat, box)
    return picture(draw_boxes(shown, [(found.box, method_look("gaze"))], found.size), alt)


def around(image: RgbImage, boxes: list[Box], size: tuple[int, int]) -> RgbImage:
    """The part of a picture that shows these boxes with as much again on each side; all of it without boxes."""
    if not boxes:
        return image
    left, top = min(box.left for box in boxes), min(box.top for box in boxes)
    right, bottom = max(box.right for box in boxes), max(box.bottom for box in boxes)
    side = max(right - left, bottom - top)
    left, top = max(left - side // 2, 0), max(top - side // 2, 0)
    right, bottom = min(right + side // 2, size[0]), min(bottom + side // 2, size[1])
    return cut(image, scale_box(Box(left, top, right - left, bottom - top), size, image))


def picture(image: RgbImage, alt: str) -> Picture:
    """The image as a small JPEG."""
    return Picture(encode(reduce(image, SIDE), quality=QUALITY), alt)
