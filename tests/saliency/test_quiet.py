"""Whatever is wrong with a file, nobody but this program speaks: neither Pillow nor the libraries below it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from saliency.models.engine import QUIET
from tests.corpus import KINDS
from tests.corpus.kind import SCENE
from tests.corpus.tiffs import tiff

ROOT = Path(__file__).parents[2]
OPEN = """
import sys
from saliency.image import ImageError, open_image
for path in sys.argv[1:]:
    try:
        open_image(path)
    except ImageError:
        pass
"""


def odd_tags() -> bytes:
    """Pillow warns of more values than a tag has, libtiff of a tag that it does not know."""
    return tiff([SCENE.tobytes()], {258: (8, 8, 8), 259: (1,), 262: (2, 2), 277: (3,), 60001: (1, 2, 3)})


def test_a_network_leaves_nothing_in_the_home_and_has_nobody_to_tell(tmp_path: Path) -> None:
    """ONNX Runtime keeps an id and a queue of what it will send there, unless it is told not to."""
    command = [sys.executable, "-m", "saliency", "crop", str(ROOT / "samples" / "chelsea_cat.jpg")]
    environment = {name: value for name, value in os.environ.items() if name != QUIET} | {"HOME": str(tmp_path)}
    environment |= {name: str(tmp_path / name) for name in ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME")}
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_written_to_stderr(tmp_path: Path) -> None:
    files = {str(index): kind.make() for index, kind in enumerate(KINDS.values())} | {"odd": odd_tags()}
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    command = [sys.executable, "-c", OPEN, *sorted(map(str, tmp_path.iterdir()))]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout + done.stderr == ""
