"""The lines of Python that give the crops, and the whole photos with a border, on screen."""

from __future__ import annotations

from collections.abc import Sequence

from pages.crop.settings import Settings
from pages.crop.shot import Shot
from pages.shared.photo_cache import MAIN
from saliency.formats import Format


def python_lines(shot: Shot, settings: Settings) -> str:
    """A program that prints the boxes of the result: six lines, one or two more where it takes wishes to say. Then, for
    the formats that show the whole photo, where it lies on their canvases: five lines, two more where its bars are
    left out."""
    cropped = [target for target in settings.formats if not shot.pads.has(target)]
    whole = [target for target in settings.formats if shot.pads.has(target)]
    framing = _framing(shot, settings)
    imports = {"open_image", "parse_format", *(_names(shot, settings, framing) if cropped else ())}
    trimmed = whole and shot.framing.within
    if trimmed:
        imports.add("load_method")
    lines = [
        f"from saliency import {', '.join(sorted(imports))}",
        "from saliency.export import cut" if trimmed else "",
        "from saliency.pad import Border, canvas_for, pad" if whole else "",
        "from saliency.things import at_any_cost" if cropped and settings.whole == "always" else "",
    ]
    body = [
        f"image = open_image({shot.photo.name!r})",
        *(_crop_lines(shot, settings, framing, cropped) if cropped else ()),
        *(_pad_lines(shot, whole) if whole else ()),
    ]
    return "\n".join([*filter(None, lines), "", *filter(None, body)])


def _needs_things(shot: Shot, settings: Settings) -> bool:
    """Whether the lines need more than a map of what the network's eye saw: things, or what is inside bars."""
    return settings.whole != "never" or shot.framing.within is not None


def _names(shot: Shot, settings: Settings, framing: str) -> list[str]:
    """What the lines of crops take from `saliency`."""
    return [
        *(["Framing"] if framing else []),
        *([] if settings.whole == "usual" and not framing else ["frame"]),
        *(["load_method"] if _needs_things(shot, settings) else ["load_model"]),
    ]


def _crop_lines(shot: Shot, settings: Settings, framing: str, formats: Sequence[Format]) -> list[str]:
    seen = _needs_things(shot, settings)
    model = "" if shot.model == MAIN else repr(shot.model)
    look = f"load_method({shot.model!r})"
    shape = "image.shape[1::-1], aspects"
    crops = (
        f"frame(seen.map, {shape}{framing})" if seen else f"frame(load_model({model}).predict(image), {shape}{framing})"
    )
    return [
        f"formats = [parse_format(text) for text in {_texts(formats)}]",
        "aspects = [format.aspect for format in formats]",
        f"seen = {look}.look(image)" if seen and framing else "",
        f"crops = {crops if framing or not seen else f'{look}.crop(image, aspects)'}",
        'print(*(f"{crop.aspect} {crop.box.as_list()} keeps {crop.kept:.0%}" for crop in crops), sep="\\n")',
    ]


def _pad_lines(shot: Shot, formats: Sequence[Format]) -> list[str]:
    within = shot.framing.within
    part = f"load_method({shot.model!r}).look(image).borders.{_bars(shot)}"
    return [
        f"image = cut(image, {part})" if within else "",
        f"for format in map(parse_format, {_texts(formats)}):",
        "    canvas = canvas_for(image.shape[1::-1], format.aspect, format.pixels)",
        f"    picture = pad(image, canvas, Border.parse({str(shot.pads.border)!r}))",
        '    print(f"{format.aspect} {canvas.photo.as_list()} of {picture.shape[1]}x{picture.shape[0]}")',
    ]


def _texts(formats: Sequence[Format]) -> str:
    """The formats as a tuple of texts."""
    return f"({', '.join(repr(_text(target)) for target in formats)},)"


def _text(target: Format) -> str:
    """The format as `parse_format` reads it: the size where the visitor wrote one, else the shape."""
    return target.file_part if target.pixels and target.label == target.title else str(target.aspect)


def _bars(shot: Shot) -> str:
    """Which part of a photo inside its bars is used."""
    return "sure" if shot.framing.within == shot.analysis.sight.borders.sure else "perhaps"


def _framing(shot: Shot, settings: Settings) -> str:
    """The argument that says what was wished for; empty where nothing was."""
    wishes = []
    if settings.keep is not None:
        wishes.append(f"keep={settings.keep:g}")
    if settings.has_margin:
        wishes.append(f"margin={settings.margin:g}")
    if shot.choice:
        wishes.append(f"focal=({shot.choice[0]!r}, {shot.choice[1]!r})")
    sure, within = shot.analysis.sight.borders.sure, shot.framing.within
    if settings.whole == "usual" and within == sure and not wishes:
        return ""  # as the method does by itself
    if settings.whole != "never":
        wishes.append("whole=at_any_cost(seen.things)" if settings.whole == "always" else "whole=seen.things")
    if within:
        wishes.append(f"within=seen.borders.{_bars(shot)}")
    return f", Framing({', '.join(wishes)})" if wishes else ""
