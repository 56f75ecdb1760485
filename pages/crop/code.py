"""The lines of Python that give the crops on screen."""

from __future__ import annotations

from pages.crop.settings import Settings
from pages.crop.shot import Shot
from pages.shared.photo_cache import BEST


def python_lines(shot: Shot, settings: Settings) -> str:
    """A program that prints the boxes of the result: six lines, one more where faces are kept whole."""
    framing = _framing(shot, settings)
    whole = settings.whole_faces
    texts = [_text(target.label, target.pixels, str(target.aspect)) for target in settings.formats]
    model = "" if shot.model == BEST else repr(shot.model)
    lines = [
        f"from saliency import {'Framing, ' if framing else ''}frame, load_model, open_image, parse_format",
        "from saliency.models.face import detect_heads" if whole else "",
        "",
        f"image = open_image({shot.photo.name!r})",
        f"formats = [parse_format(text) for text in ({', '.join(map(repr, texts))},)]",
        "aspects = [format.aspect for format in formats]",
        f"crops = frame(load_model({model}).predict(image), image.shape[1::-1], aspects{framing})",
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
    if settings.margin and (settings.keep is not None or settings.whole_faces):
        wishes.append(f"margin={settings.margin:g}")
    if settings.whole_faces:
        wishes.append("whole=detect_heads(image)")
    if shot.choice:
        wishes.append(f"focal=({shot.choice[0]!r}, {shot.choice[1]!r})")
    return f", Framing({', '.join(wishes)})" if wishes else ""
