"""Gazecrop: image -> saliency map -> crop."""

from saliency.formats import FORMATS, Format, parse_format
from saliency.framing import Framing, alternatives, frame
from saliency.image import ImageError, open_image
from saliency.methods import METHODS, load_method
from saliency.models import MODELS, load_model
from saliency.types import Aspect, Box, Crop, RgbImage, SaliencyMap

__version__ = "0.1.0"

__all__ = [
    "FORMATS",
    "METHODS",
    "MODELS",
    "Aspect",
    "Box",
    "Crop",
    "Format",
    "Framing",
    "ImageError",
    "RgbImage",
    "SaliencyMap",
    "__version__",
    "alternatives",
    "frame",
    "load_method",
    "load_model",
    "open_image",
    "parse_format",
]
