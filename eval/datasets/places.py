"""Where the datasets are: in public, and on this computer."""

from __future__ import annotations

import os
from pathlib import Path

REPOSITORIES = {
    "osie": "https://github.com/NUS-VIP/predicting-human-gaze-beyond-pixels",
    "crowd": "https://github.com/NUS-VIP/saliency-in-crowd",
    "scene": "https://github.com/Yanakz/Scene",
}


def data_root() -> Path:
    """The folder that holds one folder a dataset: GAZE_DATA, or where `python -m eval get` puts them without it."""
    given = os.environ.get("GAZE_DATA")
    return Path(given) if given else _own_data() / "gazecrop" / "datasets"


def _own_data() -> Path:
    """Where programs of this user keep data (the XDG Base Directory Specification; its default elsewhere too)."""
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
