"""What a file is refused with."""

from __future__ import annotations


class ImageError(ValueError):
    """The file cannot be opened as a picture; the message is a sentence for the person who sent it."""


class DamagedError(ValueError):
    """The file is not what its kind asks for; the message is a few words on where."""
