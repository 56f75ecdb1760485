"""A detector for thumbor 7: DETECTORS = ["saliency.integrations.thumbor"], and /smart/ crops to what people look at.

https://thumbor.readthedocs.io/en/latest/detection_algorithms.html
"""

from __future__ import annotations

from typing import Any

import numpy as np
from thumbor.config import Config
from thumbor.detectors import BaseDetector
from thumbor.point import FocalPoint

from saliency.integrations.points import focal_point
from saliency.types import RgbImage

Config.define("GAZECROP_METHOD", "gaze", "The saliency network: gaze, or gaze-fast.", "Gazecrop")


class Detector(BaseDetector):
    """Hands thumbor one focal point, in pixels of the picture that it has opened.

    thumbor stores it by the picture's address for requests of other sizes, so it cannot depend on the size. An error
    is thumbor's to handle: IGNORE_SMART_ERRORS makes a centre crop of it.
    """

    async def detect(self) -> None:
        x, y = focal_point(_pixels(self.context.modules.engine), self.context.config.GAZECROP_METHOD)
        self.context.request.focal_points.append(FocalPoint(round(x), round(y), origin="Gazecrop"))


def _pixels(engine: Any) -> RgbImage:
    """What thumbor's engine has opened, turned as thumbor turns it; of an animation the first frame."""
    image = engine.multiple_engine.frame_engines[0].image if engine.is_multiple() else engine.image
    return np.asarray(image.convert("RGB"))
