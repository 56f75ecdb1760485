"""A real thumbor serves /smart/ with our detector; it wants another Pillow than ours: `make test-stacks` has both."""

from __future__ import annotations

import io
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from urllib.error import URLError
from urllib.request import urlopen

import numpy as np
import pytest
from PIL import Image

from saliency.crop import center_window
from saliency.integrations.points import focal_point, reference_boxes
from saliency.types import Aspect, RgbImage
from tests.saliency.integrations.cutting import centred, found_in
from tests.saliency.integrations.test_points import PHOTOS, SAMPLES

pytest.importorskip("thumbor", reason="thumbor is not installed: make test-stacks")

CONFIG = f"""
DETECTORS = ["saliency.integrations.thumbor"]
GAZECROP_METHOD = "gaze-fast"
LOADER = "thumbor.loaders.file_loader"
FILE_LOADER_ROOT_PATH = {str(SAMPLES)!r}
STORAGE = "thumbor.storages.no_storage"
ALLOW_UNSAFE_URL = True
"""
STARTING = 60  # seconds at most


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    config = tmp_path_factory.mktemp("thumbor") / "thumbor.conf"
    config.write_text(CONFIG)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "thumbor.server", "-i", "127.0.0.1", "-p", str(port), "-c", str(config)]
    process = subprocess.Popen(command, env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))})
    try:
        address, until = f"http://127.0.0.1:{port}", time.monotonic() + STARTING
        while True:
            try:
                urlopen(f"{address}/healthcheck").close()
                break
            except URLError:
                assert process.poll() is None
                assert time.monotonic() < until
                time.sleep(0.2)
        yield address
    finally:
        process.terminate()
        process.wait()


def cut(server: str, name: str, size: tuple[int, int], smart: str = "smart/") -> RgbImage:
    path = f"/unsafe/{size[0]}x{size[1]}/{smart}filters:format(png)/{name}"
    with urlopen(server + path) as answer:
        return np.asarray(Image.open(io.BytesIO(answer.read())).convert("RGB"))


@pytest.mark.parametrize("name", PHOTOS)
def test_smart_crops_are_ours(server: str, name: str) -> None:
    photo = np.asarray(Image.open(SAMPLES / name).convert("RGB"))
    size = photo.shape[1], photo.shape[0]
    point, boxes = focal_point(photo, "gaze-fast"), reference_boxes(photo, "gaze-fast")
    for box in boxes:
        smart = found_in(photo, cut(server, name, (box.width, box.height)))
        assert smart.as_list() == pytest.approx(box.as_list(), abs=1)
    square = (min(size), min(size))
    smart = found_in(photo, cut(server, name, square))
    assert smart.as_list() == pytest.approx(centred(point, size, square).as_list(), abs=1)
    plain = found_in(photo, cut(server, name, square, smart=""))
    assert plain.as_list() == pytest.approx(center_window(size, Aspect(1, 1)).as_list(), abs=1)
