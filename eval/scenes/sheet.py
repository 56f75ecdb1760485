"""Contact sheets of the scenes, for people to look at: an editor should agree with each right answer."""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw

from eval.scenes import KINDS, PER_KIND, draw_scene
from eval.scenes.rules import judged_aspects, right, widest_windows
from eval.scenes.types import Scene
from saliency.types import Aspect, Box

ACROSS = 6  # pictures in a row of a sheet
SIDE = 300  # pixels of the longer side of a picture there
COLORS = ("red", "orange", "gold")  # of targets by rank


def write_sheets(out: Path) -> list[Path]:
    """Write one PNG a kind to the folder `out`: each scene with its targets, and a right crop of one aspect."""
    out.mkdir(parents=True, exist_ok=True)
    paths = []
    for kind in KINDS:
        pictures = [_picture(draw_scene(kind, number)) for number in range(PER_KIND)]
        sheet = Image.new("RGB", (ACROSS * SIDE, -(-PER_KIND // ACROSS) * (SIDE + 16)), "white")
        for i, picture in enumerate(pictures):
            sheet.paste(picture, ((i % ACROSS) * SIDE, (i // ACROSS) * (SIDE + 16)))
        paths.append(out / f"{kind.replace(' ', '-')}.png")
        sheet.save(paths[-1])
    return paths


def _picture(scene: Scene) -> Image.Image:
    image = Image.fromarray(scene.image)
    draw, aspects = ImageDraw.Draw(image), judged_aspects(scene)
    for target in scene.targets:
        _frame(draw, target.box, COLORS[min(target.rank, 2)], 4)
    if scene.inner is not None:
        _frame(draw, scene.inner, "magenta", 3)
    if aspects:
        _frame(draw, middle_right(scene, aspects[scene.number % len(aspects)]), "lime", 5)
    image.thumbnail((SIDE - 6, SIDE - 6))
    framed = Image.new("RGB", (SIDE, SIDE + 16), "white")
    framed.paste(image, (0, 14))
    label = f"{scene.number:02d} {aspects[scene.number % len(aspects)]}, judged: " if aspects else "not judged "
    ImageDraw.Draw(framed).text((2, 1), label + " ".join(map(str, aspects)), fill="black")
    return framed


def middle_right(scene: Scene, aspect: Aspect) -> Box:
    """The middle one of the right windows of this shape; there must be one."""
    windows = widest_windows(scene.size, aspect)
    chosen = windows[right(scene, aspect, windows)]
    return Box(*map(int, chosen[len(chosen) // 2]))


def _frame(draw: ImageDraw.ImageDraw, box: Box, color: str, width: int) -> None:
    draw.rectangle((box.left, box.top, box.right - 1, box.bottom - 1), outline=color, width=width)
