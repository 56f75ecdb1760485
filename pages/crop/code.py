"""The lines of Python that give the crops on screen."""

from __future__ import annotations

from pages.crop.settings import Settings
from pages.crop.shot import Shot
from pages.shared.photo_cache import BEST


def python_lines(shot: Shot, settings: Settings) -> str:
    """A program that prints the boxes of the result: six lines, one or two more where it takes wishes to say."""
    framing = _framing(shot, settings)
    texts = [_text(target.label, target.pixels, str(target.aspect)) for target in settings.formats]
    usual, seen = settings.whole == "usual", settings.whole != "never"
    model = "" if shot.model == BEST else repr(shot.model)
    names = [
        *(["Framing"] if framing else []),
        *([] if usual and not framing else ["frame"]),
        *(["load_method"] if seen else ["load_model"]),
        *("open_image", "parse_format"),
    ]
    look = f"load_method({shot.model!r})"
    shape = "image.shape[1::-1], aspects"
    crops = (
        f"frame(seen.map, {shape}{framing})" if seen else f"frame(load_model({model}).predict(image), {shape}{framing})"
    )
    lines = [
        f"from saliency import {', '.join(names)}",
        "from saliency.things import at_any_cost" if settings.whole == "always" else "",
        "",
        f"image = open_image({shot.photo.name!r})",
        f"formats = [parse_format(text) for text in ({', '.join(map(repr, texts))},)]",
        "aspects = [format.aspect for format in formats]",
        f"seen = {look}.look(image)" if seen and framing else "",
        f"crops = {crops if framing or not seen else f'{look}.crop(image, aspects)'}",
        'print(*(f"{crop.aspect} {crop.box.as_list()} keeps {crop.kept:.0%}" for crop in crops), sep="\\n")',
    ]
    return "\n".join(line for rank, line in enumerate(lines) if line or rank == 2)


def _text(label: str, pixels: tuple[int, int] | None, aspect: str) -> str:
    """The format as `parse_format` reads it: the size where the visitor wrote one, else the shape."""
    own_size = pixels and label == f"{pixels[0]} × {pixels[1]}"
    return f"{pixels[0]}x{pixels[1]}" if own_size and pixels else aspect


def _framing(shot: Shot, settings: Settings) -> str:
    """The argument that says what was wished for; empty where nothing was."""
    wishes = []
    if settings.keep is not None:
        wishes.append(f"keep={settings.keep:g}")
    if settings.has_margin:
        wishes.append(f"margin={settings.margin:g}")
    if shot.choice:
        wishes.append(f"focal=({shot.choice[0]!r}, {shot.choice[1]!r})")
    if settings.whole == "always" or (settings.whole == "usual" and wishes):
        wishes.append("whole=at_any_cost(seen.things)" if settings.whole == "always" else "whole=seen.things")
    return f", Framing({', '.join(wishes)})" if wishes else ""
