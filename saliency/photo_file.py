"""The file of a crop, on the command line and in the app: what it shows, and what it takes over from its photo's."""

from __future__ import annotations

from dataclasses import dataclass

from saliency.animate import Draw, encode_photo
from saliency.animation import Animation, Still
from saliency.copies import copied
from saliency.export import FILE_FORMATS, enlargement, scaled
from saliency.image import Opened, file_kind
from saliency.originals import METADATA, SRGB_PROFILE, as_fine
from saliency.pad import Border, Canvas, pad
from saliency.png_parts import png_part
from saliency.types import Box


@dataclass(frozen=True, slots=True)
class Writing:
    """How files are written. kind: one of FILE_FORMATS. quality: 1..100, None as usual. keep: one of METADATA."""

    kind: str
    quality: int | None = None
    keep: str = "copyright"


@dataclass(frozen=True, slots=True)
class Original:
    """A photo that crops are cut from. data: its file. opened: in full. animation: as `open_animation` gives it."""

    data: bytes
    opened: Opened
    animation: Animation | Still | None

    def crop(self, box: Box, pixels: tuple[int, int] | None, how: Writing) -> bytes:
        """The file of what is in a box, of every frame, at `pixels` = (width, height), or as it is: the photo's own
        where nothing would change, a JPEG as fine as the photo is, a PNG of as many bits, of its palette or grey.
        Raises ValueError as `saliency.export.encode`.
        """
        size = box.width, box.height
        unchanged = size == self.opened.size and pixels in (None, size)
        if unchanged and self._is_sound(how) and (same := copied(self.data, how.keep)):
            return same
        if how.kind == "PNG" and self.animation is None and self._is_sound(how):
            part = png_part(self.data, box, pixels, METADATA[how.keep](self.data))
            if part:
                return part
        fine: dict[str, object] = {}
        if how.kind == "JPEG" and how.quality is None and enlargement(size, pixels or size) >= 1:
            fine = as_fine(self.data)
        return self._file(lambda opened: scaled(opened.part(box), pixels), how, fine)

    def padded(self, part: Box, canvas: Canvas, border: Border, how: Writing) -> bytes:
        """The file of a part of the photo, of every frame, on a canvas. Raises ValueError as `crop` does."""
        return self._file(lambda opened: pad(opened.part(part), canvas, border), how, {})

    def _is_sound(self, how: Writing) -> bool:
        """Whether all of the photo's file may become part of one that is written so: it is of that kind, no other
        quality is asked for, it is not damaged, and no frames of it are left out."""
        same = file_kind(self.data) == FILE_FORMATS[how.kind].pillow
        fine = how.quality is None or "quality" not in FILE_FORMATS[how.kind].options
        return same and fine and not self.opened.damage and not isinstance(self.animation, Still)

    def _file(self, draw: Draw, how: Writing, fine: dict[str, object]) -> bytes:
        """What is drawn, with what is kept of the photo's notes, sRGB by its name."""
        more = fine | METADATA[how.keep](self.data).options(how.kind)
        more |= {} if how.keep == "none" else {"icc_profile": SRGB_PROFILE}
        return encode_photo(self.opened, self.animation, draw, how.kind, how.quality, more)
