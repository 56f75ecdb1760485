"""What is told of each crop: a sentence, or an object for JSON that says all that the sentence does."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from saliency.borders import left_out
from saliency.export import enlargement
from saliency.formats import Format
from saliency.pad import Border, Canvas, pad_json
from saliency.types import Box, Crop

NOTICED = 1.005  # an enlargement that is not told as "1.00 times"


@dataclass(frozen=True, slots=True)
class Written:
    """A file of this run. new: False where it was there before and stays as it was."""

    path: Path
    new: bool


@dataclass(frozen=True, slots=True)
class Made:
    """What was made of a photo for one format, or would be. size: (width, height) of the photo. damage: what was wrong
    with its file. within: the part of it that is used, where its bars are left out. file: None where none is asked
    for. lost: what of the photo the file does not have, in words."""

    photo: Path
    size: tuple[int, int]
    damage: str
    within: Box | None
    target: Format
    file: Written | None
    lost: str

    def _json(self, aspect: object, note: str) -> dict[str, object]:
        record: dict[str, object] = {"image": str(self.photo), "width": self.size[0], "height": self.size[1]}
        record["aspect"] = str(aspect)
        if self.within:
            record["within"] = self.within.as_list()
        if note:
            record["note"] = note
        if self.damage:
            record["damage"] = self.damage
        if self.lost:
            record["lost"] = self.lost
        if self.file:
            record["file"] = str(self.file.path)
            if not self.file.new:
                record["skipped"] = "it exists"
        return record

    def _end(self) -> str:
        """The end of a sentence: of damage, of what is lost, and the file."""
        end = f"; the photo is damaged: {self.damage}" if self.damage else ""
        end += f"; {self.lost}" if self.lost else ""
        if self.file:
            end += f" -> {self.file.path}" if self.file.new else f"; skipped, {self.file.path} exists"
        return end


@dataclass(frozen=True, slots=True)
class MadeCrop(Made):
    """pixels: (width, height) of its file. cut: which things it does not keep whole, in words."""

    method: str
    crop: Crop
    pixels: tuple[int, int]
    cut: str = ""

    def record(self) -> dict[str, object]:
        """For JSON."""
        crop = self.crop
        record = self._json(crop.aspect, crop.note) | {
            "method": self.method,
            "box": crop.box.as_list(),
            "kept": round(crop.kept, 6),
            "gain": round(crop.gain, 6),
            "helps": round(crop.helps, 6),
            "harms": round(crop.harms, 6),
            "focal_point": [round(value, 2) for value in crop.focal_point],
        }
        if self.cut:
            record["cut"] = self.cut
        if self.target.pixels:
            record["pixels"] = list(self.pixels)
        return record | _enlarged_json(self._enlarged)

    @property
    def _enlarged(self) -> float:
        return enlargement((self.crop.box.width, self.crop.box.height), self.pixels)

    def sentence(self) -> str:
        """In words."""
        left, top, width, height = self.crop.box.as_list()
        note = f" ({self.crop.note})" if self.crop.note else ""
        small = self.target.pixels and self.pixels != self.target.pixels
        return (
            f"{self.photo}: {self.method} {self.target.title} is {width}x{height} at ({left}, {top})"
            f"{_enlarged_words(self._enlarged)}{', and not enlarged' if small else ''}, "
            f"keeps {self.crop.kept:.1%} of expected gaze, {_beside_centre(self.crop.gain)}{note}"
            f"{self._end()}"
        )


@dataclass(frozen=True, slots=True)
class MadePad(Made):
    """The photo, or the part inside its bars, on a canvas."""

    canvas: Canvas
    border: Border

    @property
    def _part(self) -> Box:
        return self.within or Box(0, 0, *self.size)

    @property
    def _bars(self) -> str:
        return left_out(self.within, self.size) if self.within else ""

    @property
    def _enlarged(self) -> float:
        """By the longer side, which is rounded the least."""
        part, photo = self._part, self.canvas.photo
        return photo.width / part.width if part.width >= part.height else photo.height / part.height

    def record(self) -> dict[str, object]:
        """For JSON."""
        note = f"the plain bars left out: {self._bars}" if self._bars else ""
        record = self._json(self.target.aspect, note) | {"box": self._part.as_list()}
        return record | pad_json(self.canvas, self.border, None if self.within else 1) | _enlarged_json(self._enlarged)

    def sentence(self) -> str:
        """In words."""
        left, top, width, height = self.canvas.photo.as_list()
        what = f"the photo without its plain bars ({self._bars})" if self._bars else "the whole photo"
        return (
            f"{self.photo}: pad {self.target.title} is {self.canvas.size[0]}x{self.canvas.size[1]}, "
            f"{what} {width}x{height} at ({left}, {top}){_enlarged_words(self._enlarged)}, border {self.border}"
            f"{self._end()}"
        )


def staying(path: Path, file: Path) -> str:
    """Of a file that was there before."""
    return f"{path}: skipped, {file} exists"


def _enlarged_json(times: float) -> dict[str, object]:
    return {"enlarged": round(times, 3)} if times > NOTICED else {}


def _enlarged_words(times: float) -> str:
    return f", enlarged {times:.2f} times" if times > NOTICED else ""


def _beside_centre(gain: float) -> str:
    points = f"{100 * gain:+.1f}"
    return "as much as the centre" if float(points) == 0 else f"{points} points against the centre"
