"""The caches of Explore: comparisons, and small pictures of photos that lie on this computer.

A cached picture is a small JPEG by the path of its file and when that was written, never a full-size picture; every
cache is bounded. Who does not know a path cannot ask for its picture.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import streamlit as st

from eval.datasets import (
    REPOSITORIES,
    DatasetError,
    DatasetNotFound,
    Sample,
    data_root,
    load_dataset,
    read_folder,
)
from eval.datasets.get import LICENCE, size_of
from eval.metrics.fixation import DENSITY_SIGMA, fixation_density
from eval.runs import Run
from pages.explore.differences import compare_crops
from pages.shared.kept import kept
from pages.shared.photo_cache import LIFETIME
from pages.shared.pictures import data_url, reduce
from pages.shared.run_cache import RunFile, Where, get_run, get_values
from pages.shared.turns import turn
from pages.shared.widgets import plain
from saliency.export import encode
from saliency.heatmap import overlay
from saliency.locked import doors
from saliency.types import Method, RgbImage

THUMBNAIL, PREVIEW, HEAT = 440, 1100, 640  # pixels of the longer side
QUALITY = 82  # of the JPEGs
OPACITY = 0.78  # of a heatmap
GRID = 300  # cells along the longer side of the human density


@st.cache_data(max_entries=100, ttl=LIFETIME, show_spinner="Comparing crops …")
def get_crops(file: RunFile, metric: str, method: str, reference: str, where: Where) -> pd.DataFrame:
    """`compare_crops` of a run. Raises ValueError when the run has no such rows."""
    return compare_crops(get_values(file, metric, where), get_run(file).boxes, method, reference, metric)


def find_photos(file: RunFile, dataset: str) -> tuple[dict[str, Sample], str]:
    """The photos of a run's dataset by name; where they are not on this computer none, and how to get them."""
    try:
        if dataset == "folder":
            return _read_folder(_folder_of(file), file.stamp), ""
        return _read_dataset(dataset, str(data_root())), ""
    except DatasetNotFound:
        return {}, how_to_get(dataset)
    except (DatasetError, OSError, ValueError) as error:
        return {}, f"The photos of {plain(dataset)} cannot be read: {plain(str(error))}."


def how_to_get(dataset: str) -> str:
    """What to do to see the photos of a dataset, in Markdown."""
    if dataset not in REPOSITORIES:
        return "The folder with the photos of this run is not on this computer, or no longer where it was."
    return (
        f"**{dataset}**: {size_of(dataset) / 1e6:.0f} MB, {LICENCE} licence, from {REPOSITORIES[dataset]}, to "
        f"`{data_root() / dataset}` (`GAZE_DATA` chooses another folder). On the command line: "
        f"`python -m eval get {dataset}`."
    )


def _folder_of(file: RunFile) -> str:
    folder = str(get_run(file).manifest.get("folder") or "")
    if not folder or not Path(folder).is_dir():
        raise DatasetNotFound(f"no folder {folder!r}")
    return folder


@st.cache_resource(max_entries=8, ttl=LIFETIME, show_spinner="Reading the dataset …")
def _read_dataset(name: str, root: str) -> dict[str, Sample]:  # noqa: ARG001
    """root: another one is another dataset."""
    return {sample.name: sample for sample in load_dataset(name)}


@st.cache_resource(max_entries=8, ttl=LIFETIME, show_spinner="Reading the folder …")
def _read_folder(folder: str, stamp: int) -> dict[str, Sample]:  # noqa: ARG001
    """stamp: of the run; of a run made again the folder is read again."""
    return {sample.name: sample for sample in read_folder(Path(folder), doors.image_size)}


def stamp_of(sample: Sample) -> int:
    """When the photo was written. Raises OSError where it is gone."""
    return sample.path.stat().st_mtime_ns


@kept(64, LIFETIME)
def thumbnail(path: str, stamp: int) -> str:  # noqa: ARG001
    """The photo for a card, as a data: address. Raises ImageError."""
    return data_url(small_jpeg(reduce(doors.open_image(path, ground="checker"), THUMBNAIL)))


@kept(32, LIFETIME)
def preview(path: str, stamp: int) -> bytes:  # noqa: ARG001
    """The photo for its own view, as JPEG. Raises ImageError."""
    return small_jpeg(reduce(doors.open_image(path, ground="checker"), PREVIEW))


@st.cache_resource(max_entries=4, show_spinner="Loading the saliency network …")
def get_looker(name: str) -> Method | None:
    """The method of this name, ready to look: shared by all sessions, it keeps nothing of a picture. None where there
    is none, or where it lacks what it needs.

    Raises WeightsError.
    """
    from eval.methods import NAMES, load_methods  # brings the networks in: only those who look at maps wait

    found, _ = load_methods([name] if name in NAMES else [])
    if not found:
        return None
    found[0].look(np.zeros((64, 64, 3), np.uint8))  # the first look is slow, and says whether the weights are here
    return found[0]


@kept(48, LIFETIME, turn)
def heat(path: str, stamp: int, model: str) -> str:  # noqa: ARG001
    """The photo under a model's saliency map, as a data: address; "" without the model. Raises ImageError."""
    from saliency.models.weights import WeightsError

    try:
        method = get_looker(model)
    except WeightsError:
        return ""
    if method is None:
        return ""
    image = doors.open_image(path)
    seen = method.look(image).map
    return "" if seen is None else data_url(small_jpeg(overlay(reduce(image, HEAT), seen, OPACITY)))


@kept(32, LIFETIME)
def human_heat(path: str, stamp: int, _sample: Sample) -> str:  # noqa: ARG001
    """The photo under the density of its fixations, as a data: address; "" without any. Raises ImageError."""
    if len(_sample.fixations) == 0:
        return ""
    longer = max(_sample.size)
    stride = max(1, longer // GRID)
    density = fixation_density(_sample.fixations, _sample.size, DENSITY_SIGMA * longer, stride)
    return data_url(
        small_jpeg(overlay(reduce(doors.open_image(path, ground="checker"), HEAT), density.astype(np.float32), OPACITY))
    )


def small_jpeg(image: RgbImage) -> bytes:
    """The picture as a JPEG for the screen."""
    return encode(image, quality=QUALITY)


def maps_of(run: Run) -> list[str]:
    """The saliency maps that a run judged, by the name of their model."""
    table = run.table
    return [str(name) for name in table.loc[table["metric"] == "milliseconds of the map", "method"].unique()]


def other_weights(run: Run) -> bool:
    """Whether the saliency network at hand is not the one that the run judged."""
    from saliency.models.weights import WeightsError, load_manifest

    try:
        return bool(run.manifest.get("weights", {}).get("gaze") != load_manifest("gaze")["sha256"])
    except WeightsError:
        return False
