"""What `pip install` brings: a wheel with the core and its weights, a command, and nothing of the checkout.

The wheel goes into a fresh environment without its dependencies, which that environment borrows from the one that runs
the tests; so this needs no network and takes seconds. What a real installation fetches is held by `make setup`.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import sysconfig
import tomllib
import venv
from pathlib import Path
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import saliency
from saliency.__main__ import main

ROOT = Path(saliency.__file__).parents[1]
PHOTO = ROOT / "samples" / "friends.jpg"
ASPECTS = ["--aspect", "16:9", "--aspect", "4:5"]
# nothing that would lead back to the checkout
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}


def run(*command: str | Path, folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = ["wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir"]
    run(sys.executable, "-m", "pip", *build, folder, ROOT, folder=folder)
    return next(folder.glob("gazecrop-*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment that holds the wheel; its `bin`."""
    home = tmp_path_factory.mktemp("environment")
    venv.create(home, with_pip=False)
    site = Path(sysconfig.get_path("purelib", vars={"base": str(home)}))
    (site / "borrowed.pth").write_text(sysconfig.get_path("purelib"))  # follows what is installed here
    install = ["install", "--quiet", "--no-deps", "--no-index"]
    run(sys.executable, "-m", "pip", "--python", home / "bin" / "python", *install, wheel, folder=home)
    return home / "bin"


def boxes(printed: str) -> list[list[int]]:
    return [json.loads(line)["box"] for line in printed.splitlines()]


def test_the_command_crops_as_the_checkout_does(
    installed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["crop", str(PHOTO), *ASPECTS, "--json"]) == 0
    here, out = boxes(capsys.readouterr().out), tmp_path / "crops"
    assert boxes(run(installed / "gazecrop", "crop", PHOTO, *ASPECTS, "--json", "--out", out, folder=tmp_path)) == here
    assert len(list(out.iterdir())) == 2


@pytest.mark.parametrize("method", saliency.METHODS)
def test_every_method_finds_what_it_needs(
    method: str, installed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["crop", str(PHOTO), "--method", method, "--json"]
    assert main(asked) == 0
    assert boxes(run(installed / "gazecrop", *asked, folder=tmp_path)) == boxes(capsys.readouterr().out)


def test_python_imports_the_installed_package(installed: Path, tmp_path: Path) -> None:
    code = "import saliency; print(saliency.__file__); print(saliency.__version__)"
    file, version = run(installed / "python", "-c", code, folder=tmp_path).splitlines()
    assert Path(file).is_relative_to(installed.parent)
    assert version == saliency.__version__


def test_the_command_tells_its_name_and_version(installed: Path, tmp_path: Path) -> None:
    assert run(installed / "gazecrop", "--version", folder=tmp_path) == f"gazecrop {saliency.__version__}\n"
    assert run(installed / "gazecrop", "--help", folder=tmp_path).startswith("usage: gazecrop ")
    assert run(sys.executable, "-m", "saliency", "--help", folder=ROOT).startswith("usage: python -m saliency ")


def test_the_wheel_holds_the_core_and_nothing_else(wheel: Path) -> None:
    with ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    core = {path for path in (ROOT / "saliency").rglob("*") if path.is_file() and "__pycache__" not in path.parts}
    assert names == {path.relative_to(ROOT).as_posix() for path in core}


def test_the_recipe_stays_in_the_repository(installed: Path, tmp_path: Path) -> None:
    command: list[str | Path] = [installed / "python", "-m", "saliency.train", "fit", "--out", "run"]
    done = subprocess.run(command, cwd=tmp_path, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("the recipe is not part of the package saliency")


def test_the_locks_are_within_the_ranges() -> None:
    """Ranges are written in pyproject.toml and nowhere else; one that was changed there needs `make lock`."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    names = "requirements.txt", "requirements-serve.txt", "requirements-dev.txt"
    locks = {name: locked(ROOT / name) for name in names}
    for name in names:
        assert locks[name].items() <= locks["requirements-dev.txt"].items()
    app = [*project["dependencies"], *extras["app"], *extras["eval"]]
    for name, texts in {
        "requirements.txt": app,
        "requirements-serve.txt": [*project["dependencies"], *extras["serve"]],
        "requirements-dev.txt": [*app, *extras["train"], *extras["dev"]],
    }.items():
        for requirement in map(Requirement, texts):
            if requirement.name not in ("gazecrop", "torch", "torchvision"):  # itself; the others: see the Makefile
                assert requirement.specifier.contains(locks[name][canonicalize_name(requirement.name)]), requirement


def locked(path: Path) -> dict[str, str]:
    """Name -> version of a lock file, which holds hashes of every one of them."""
    text = path.read_text()
    found = dict(re.findall(r"^([\w.-]+)(?:\[[\w,]+\])?==(\S+) \\\n    --hash=sha256:", text, re.MULTILINE))
    assert len(found) == len(re.findall(r"^[^\s#]", text, re.MULTILINE))
    return found
