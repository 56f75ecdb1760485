"""What a file is refused with."""

from __future__ import annotations


class ImageError(ValueError):
    """The file cannot be opened as a picture; the message is a sentence for the person who sent it."""


class TooLargeError(ImageError):
    """The file is beyond a limit. setting: the environment variable that sets it, for whoever runs the program."""

    def __init__(self, message: str, setting: str) -> None:
        super().__init__(message)
        self.setting = setting


class DamagedError(ValueError):
    """The file is not what its kind asks for; the message is a few words on where."""
