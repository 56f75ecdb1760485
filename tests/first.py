"""What the Crop page opens on, for tests that look at it as it opens: they hold whatever that is."""

from __future__ import annotations

from pathlib import Path

from pages.crop.settings import FIRST_FORMATS
from pages.shared.widgets import FIRST_SAMPLE
from saliency import FORMATS
from saliency.formats import Format
from saliency.image import image_size

FILE = Path(__file__).parents[1] / "samples" / FIRST_SAMPLE
DATA, STEM, SIZE = FILE.read_bytes(), FILE.stem, image_size(FILE)
CHOSEN: tuple[Format, ...] = tuple(FORMATS[name] for name in FIRST_FORMATS)
ASPECTS = tuple(str(target.aspect) for target in CHOSEN)
LABELS = [target.label for target in CHOSEN]
SHAPES = [aspect.replace(":", "x") for aspect in ASPECTS]  # in names of files
