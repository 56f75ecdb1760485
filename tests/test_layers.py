"""Imports point inward: app -> pages -> eval -> saliency, and training -> eval, saliency."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

TORCH_FILES = {"efficientnet_lite.py", "gaze_net.py", "gaze_torch.py"}  # of saliency/models: the networks on a GPU
ROOT = Path(__file__).parents[1]
ROOMS = ("pages", "eval", "training", "saliency")
SOURCES = [*ROOT.glob("*.py"), *(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))]


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    return names


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_inward(path: Path) -> None:
    room = path.relative_to(ROOT).parts[0]
    tops = {name.split(".")[0] for name in imported(path)}
    if room in ("saliency", "eval", "training"):
        assert not tops & {"streamlit", "plotly", "pages", "app", "frame"}
    if room == "saliency":
        assert not tops & {"eval", "pandas"}
    if room != "training":
        assert "training" not in tops
    if room != "training" and not (path.parent == ROOT / "saliency" / "models" and path.name in TORCH_FILES):
        assert "torch" not in tops


@pytest.mark.parametrize("path", sorted((ROOT / "pages").rglob("*.py")), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_page_imports_its_own_room_and_what_is_shared(path: Path) -> None:
    room = path.relative_to(ROOT).parts[1]
    rooms = {name.split(".")[1] for name in imported(path) if name.startswith("pages.")}
    assert rooms <= {room, "shared"}


def test_pages_open_no_file_of_a_visitor_in_the_process_that_serves_all() -> None:
    """Those are for `saliency/locked/doors.py`; the app opens what it has made itself, by one function."""
    openers = {"open_image", "open_reduced", "open_picture", "open_animation", "image_size", "imread", "imdecode"}
    open_themselves = set()
    for path in (ROOT / "pages").rglob("*.py"):
        nodes = list(ast.walk(ast.parse(path.read_text())))
        imported_names = {alias.name for node in nodes if isinstance(node, ast.ImportFrom) for alias in node.names}
        attributes = {ast.unparse(node) for node in nodes if isinstance(node, ast.Attribute)}
        elsewhere = {name for name in attributes if not name.startswith("doors.") and name.split(".")[-1] in openers}
        if imported_names & openers or elsewhere or "Image.open" in attributes:
            open_themselves.add(path.relative_to(ROOT / "pages").as_posix())
    assert open_themselves == {"shared/pictures.py", "fairness/pairs.py"}  # the latter the people of a data set


def test_figures_are_pure_and_caches_live_in_few_files() -> None:
    files = list((ROOT / "pages").rglob("*.py"))
    for path in files:
        if "figures" in path.stem or path.parent.name == "figures":
            assert "streamlit" not in {name.split(".")[0] for name in imported(path)}, path
    cached = {
        str(path.relative_to(ROOT / "pages")) for path in files if re.search("@(st.cache|kept)", path.read_text())
    }
    shared = {"shared/photo_cache.py", "shared/run_cache.py"}
    assert cached == {
        *shared,
        "crop/peers.py",
        "explore/cache.py",
        "fairness/cache.py",
        "method/cache.py",
        "quality/cache.py",
        "rate/looking.py",
        "rate/sources.py",
    }


def test_the_core_imports_neither_torch_nor_streamlit() -> None:
    code = "import saliency, sys; print(sorted({'torch', 'streamlit', 'pandas', 'eval'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    "program",
    [
        "from saliency.__main__ import main; main(['crop', 'samples/chelsea_cat.jpg', '--aspect', '2:1'])",
        "from saliency.__main__ import main; main(['map', 'samples/chelsea_cat.jpg', '--out', OUT])",
        "from eval.__main__ import main; main(['run', '--folder', 'samples', '--methods', 'gaze', '--out', OUT])",
        "from streamlit.testing.v1 import AppTest; assert not AppTest.from_file('frame.py').run(timeout=60).exception",
    ],
    ids=["crop", "map", "eval run", "app"],
)
def test_pictures_are_looked_at_without_torch(program: str, tmp_path: Path) -> None:
    """None in sys.modules is what Python itself does to forbid an import."""
    code = f"import sys; sys.modules['torch'] = None; OUT = {str(tmp_path)!r}; {program}"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_first_photo_is_cropped_without_what_only_other_pages_and_views_need() -> None:
    code = (
        "import sys; sys.modules.update(dict.fromkeys(['pandas', 'eval', 'plotly', 'scipy', 'onnx', 'sqlalchemy'])); "
        "from streamlit.testing.v1 import AppTest; page = AppTest.from_file('frame.py').run(timeout=60); "
        "assert not page.exception; assert page.metric"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_run_is_read_and_reported_without_what_measures_it() -> None:
    code = "import eval.runs, eval.report, sys; print(*sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert {"eval.runs", "eval.report"} <= loaded
    assert not loaded & {"scipy.io", "onnxruntime", "eval.benchmark", "eval.datasets", "eval.metrics", "eval.peers"}
