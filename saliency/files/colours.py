"""What a picture's numbers mean where no ICC profile says it: H.273's code points, and PNG's gamma and chromaticities.

Everything becomes sRGB. What is brighter or more colourful than sRGB can show is brought into it: by Chromium's own
tone curve where a picture is HDR, else cut off.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from saliency.types import RgbImage

Floats = NDArray[np.float32]
# x, y of white, red, green, blue
SRGB = (0.3127, 0.3290, 0.64, 0.33, 0.30, 0.60, 0.15, 0.06)
PRIMARIES = {  # ITU-T H.273, table 2
    1: SRGB,
    4: (0.310, 0.316, 0.67, 0.33, 0.21, 0.71, 0.14, 0.08),
    5: (0.3127, 0.3290, 0.64, 0.33, 0.29, 0.60, 0.15, 0.06),
    6: (0.3127, 0.3290, 0.630, 0.340, 0.310, 0.595, 0.155, 0.070),
    7: (0.3127, 0.3290, 0.630, 0.340, 0.310, 0.595, 0.155, 0.070),
    8: (0.310, 0.316, 0.681, 0.319, 0.243, 0.692, 0.145, 0.049),
    9: (0.3127, 0.3290, 0.708, 0.292, 0.170, 0.797, 0.131, 0.046),
    11: (0.314, 0.351, 0.680, 0.320, 0.265, 0.690, 0.150, 0.060),
    12: (0.3127, 0.3290, 0.680, 0.320, 0.265, 0.690, 0.150, 0.060),
    22: (0.3127, 0.3290, 0.630, 0.340, 0.295, 0.605, 0.155, 0.077),
}
PQ, HLG = 16, 18
_LINEAR, _SRGB_CURVE = 8, 13
_LIKE_SRGB = (1, 2, 6, 7, 13, 14, 15)  # browsers show the curves of television as sRGB's
_SDR_WHITE = 203.0  # cd/m2: BT.2408's white of a page
_PEAK = 1000 / _SDR_WHITE  # the brightest that a picture is taken to be made for
_CORNER = (1.65, 0.825)  # of the tone curve


@dataclass(frozen=True, slots=True)
class Colours:
    """Primaries as x, y of white, red, green and blue; transfer: a code point of H.273, or gamma: value ** gamma."""

    primaries: tuple[float, ...] = SRGB
    transfer: int = _SRGB_CURVE
    gamma: float = 0.0

    @property
    def is_srgb(self) -> bool:
        same = np.allclose(self.primaries, SRGB, atol=0.001)
        return bool(same and (abs(self.gamma - 2.2) < 0.05 if self.gamma else self.transfer in _LIKE_SRGB))


def from_code_points(primaries: int, transfer: int) -> Colours | None:
    """The colours of H.273's code points, None where they are sRGB's, unknown or not said."""
    if transfer not in (*_LIKE_SRGB, 4, 5, _LINEAR, PQ, HLG):
        return None
    found = Colours(PRIMARIES.get(primaries, SRGB), transfer, {4: 2.2, 5: 2.8}.get(transfer, 0.0))
    return None if found.is_srgb else found


def to_srgb(image: RgbImage, colours: Colours) -> RgbImage:
    """The image's colours in sRGB."""
    result = np.empty_like(image)
    step = max(1, _BLOCK // image.shape[1])
    for top in range(0, image.shape[0], step):
        linear: Floats = np.take(_linear_of(colours), image[top : top + step])
        if colours.transfer in (PQ, HLG) and not colours.gamma:
            linear = _toned(linear, colours)
        linear = linear @ _between(colours.primaries, SRGB).T
        steps = np.clip(linear, 0, 1, out=linear) * (_STEPS - 1) + 0.5
        result[top : top + step] = np.take(_srgb_of_linear(), steps.astype(np.uint16))
    return result


def _toned(linear: Floats, colours: Colours) -> Floats:
    """HDR light, 1 the white of a page, brought under 1 as Chromium does: in Rec. 2020, by the largest channel."""
    wide = linear @ _between(colours.primaries, PRIMARIES[9]).T
    if colours.transfer == HLG:  # BT.2100's system gamma for a screen of 1000 cd/m2
        luminance = wide @ np.asarray([0.2627, 0.6780, 0.0593], np.float32)
        wide *= np.maximum(luminance, 1e-6)[..., None] ** np.float32(0.2) * np.float32(_PEAK)
    wide *= _gain(wide.max(axis=2, keepdims=True))
    return np.asarray(wide @ _between(PRIMARIES[9], colours.primaries).T, dtype=np.float32)


def _gain(light: Floats) -> Floats:
    """What light is multiplied by: a half up to the white of a page, then less and less, so that the peak becomes 1.

    The reference white tone mapping of SMPTE ST 2094-50, as Chromium applies it: a line to (1, 1/2), then a parabola of
    Bezier's with the corner (1.65, 0.825) to (peak, 1).
    """
    bright = np.clip(light, 1, _PEAK)
    square, line = _PEAK - 2 * _CORNER[0] + 1, _CORNER[0] - 1
    along = (np.sqrt(line**2 + square * (bright - 1)) - line) / square
    shown = 0.5 + 2 * along * (_CORNER[1] - 0.5) + along**2 * (1.5 - 2 * _CORNER[1])
    return np.where(light <= 1, np.float32(0.5), shown / np.maximum(light, 1)).astype(np.float32)


@lru_cache(maxsize=32)
def _linear_of(colours: Colours) -> Floats:
    """Light for each of the 256 values, 1 the white of a page."""
    values = np.arange(256) / 255
    curve = (lambda v: v**colours.gamma) if colours.gamma else _CURVES.get(colours.transfer, _srgb_curve)
    return np.asarray(curve(values), dtype=np.float32)


def _srgb_curve(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def _pq_curve(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """SMPTE ST 2084, of which 1 is 10,000 cd/m2."""
    m1, m2, c1, c2, c3 = 2610 / 16384, 2523 / 4096 * 128, 3424 / 4096, 2413 / 4096 * 32, 2392 / 4096 * 32
    power = values ** (1 / m2)
    light = (np.maximum(power - c1, 0) / (c2 - c3 * power)) ** (1 / m1)
    return np.asarray(light * 10_000 / _SDR_WHITE)


def _hlg_curve(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """BT.2100's inverse OETF: light of the scene, 0 to 1."""
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    return np.where(values <= 0.5, values**2 / 3, (np.exp((values - c) / a) + b) / 12)


_CURVES: dict[int, Callable[[NDArray[np.float64]], NDArray[np.float64]]] = {
    PQ: _pq_curve,
    HLG: _hlg_curve,
    _LINEAR: lambda values: values,
}
_BLOCK = 1 << 16  # pixels that are converted at a time
_STEPS = 1 << 14  # of light: fine enough for the dark end of sRGB's curve


@lru_cache(maxsize=1)
def _srgb_of_linear() -> NDArray[np.uint8]:
    light = np.arange(_STEPS) / (_STEPS - 1)
    values = np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)
    return np.round(values * 255).astype(np.uint8)


@lru_cache(maxsize=32)
def _between(source: tuple[float, ...], target: tuple[float, ...]) -> Floats:
    """The matrix from linear light of one set of primaries to another's, white to white (Bradford)."""
    matrix = np.linalg.inv(_to_xyz_d65(target)) @ _to_xyz_d65(source)
    return np.asarray(matrix, dtype=np.float32)


def _to_xyz_d65(primaries: tuple[float, ...]) -> NDArray[np.float64]:
    white, *corners = (
        np.array([x / y, 1, (1 - x - y) / y]) for x, y in zip(primaries[::2], primaries[1::2], strict=True)
    )
    columns = np.stack(corners, axis=1)
    matrix = columns * np.linalg.solve(columns, white)
    x, y = SRGB[:2]
    bradford = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])
    scale = (bradford @ np.array([x / y, 1, (1 - x - y) / y])) / (bradford @ white)
    return np.asarray(np.linalg.inv(bradford) @ np.diag(scale) @ bradford @ matrix)
