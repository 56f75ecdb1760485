"""Nothing that is read can run as code: weights are safetensors and ONNX under their hashes, the rest is data.

What would run it, is found in the source of all rooms. Hashes are held by tests/saliency/test_model.py.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FILES = [
    *ROOT.glob("*.py"),
    *(path for room in ("pages", "eval", "saliency", "training") for path in ROOT.glob(f"{room}/**/*.py")),
]
CALLS = {  # what builds objects, or runs, from what it is given
    *("pickle.load", "pickle.loads", "pickle.Unpickler", "marshal.load", "marshal.loads", "shelve.open"),
    *(
        "joblib.load",
        "dill.load",
        "dill.loads",
        "pandas.read_pickle",
        "pd.read_pickle",
        "yaml.load",
        "yaml.unsafe_load",
    ),
    *("eval", "exec", "compile", "os.system", "os.popen", "importlib.reload"),
}
ALLOWED = {
    # the worker reads the app's own words; what a worker answers is never unpickled (saliency/locked/answers.py)
    ("saliency/locked/worker.py", "pickle.loads"),
}


def unsafe(source: str) -> Iterator[str]:
    """The calls in a source that run what they read."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = ast.unparse(node.func)
        words = {word.arg: ast.unparse(word.value) for word in node.keywords}
        if name in CALLS:
            yield name
        elif name == "torch.load" and words.get("weights_only") != "True":
            yield "torch.load without weights_only=True"
        elif words.get("allow_pickle", "False") != "False":
            yield f"{name} with allow_pickle"
        elif words.get("shell", "False") != "False":
            yield f"{name} with a shell"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_that_is_read_runs(path: Path) -> None:
    name = str(path.relative_to(ROOT))
    assert {(name, call) for call in unsafe(path.read_text())} <= ALLOWED


@pytest.mark.parametrize(
    "line",
    [
        "pickle.loads(x)",
        "torch.load(x)",
        "torch.load(x, weights_only=False)",
        "np.load(x, allow_pickle=True)",
        "subprocess.run(x, shell=True)",
        "eval(x)",
    ],
)
def test_what_would_run_is_found(line: str) -> None:
    assert list(unsafe(line))


def test_what_cannot_run_passes() -> None:
    assert not list(
        unsafe("torch.load(x, weights_only=True); np.load(x); model.eval(); re.compile(x); pickle.dumps(x)")
    )


def test_what_is_allowed_is_there() -> None:
    for name, call in ALLOWED:
        assert call in set(unsafe((ROOT / name).read_text()))
