"""Gazecrop: image -> saliency map -> crop."""

from saliency.image import ImageError, open_image
from saliency.methods import METHODS, load_method
from saliency.models import MODELS, load_model
from saliency.types import Aspect, Box, Crop, RgbImage, SaliencyMap

__all__ = [
    "METHODS",
    "MODELS",
    "Aspect",
    "Box",
    "Crop",
    "ImageError",
    "RgbImage",
    "SaliencyMap",
    "load_method",
    "load_model",
    "open_image",
]
