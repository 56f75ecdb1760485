"""The limits of photos as visitors meet them: what an uploader takes, and who is told how to raise a limit."""

from __future__ import annotations

import math
from urllib.parse import urlsplit

import streamlit as st

from saliency.files.errors import TooLargeError
from saliency.image import MAX_BYTES
from saliency.limits import BYTES

PHOTO_MEGABYTES = math.ceil(MAX_BYTES / 1e6)
"""What an uploader of photos takes: it refuses by itself what is larger."""


def served_here() -> bool:
    """Whether the visitor's browser runs on the machine that serves the app, by the address it went to. Behind a proxy
    the server would take every visitor for its own."""
    host = urlsplit(st.context.url or "").hostname or ""
    return host in ("127.0.0.1", "::1") or host.rpartition(".")[2] == "localhost"


def why_not(error: Exception) -> str:
    """Why a photo could not be opened and what to do; of a limit, whoever can raise it is told its setting."""
    if not isinstance(error, TooLargeError):
        return str(error)
    return error.told_owner() if served_here() else f"{error}, or ask whoever runs this server"


def upload_help() -> str | None:
    """Of an uploader that refuses large files by itself: what raises its limit, for whoever can."""
    return f"{BYTES.setting} raises the limit of {BYTES.told(MAX_BYTES)}" if served_here() else None
