"""What a file is refused with."""

from __future__ import annotations

from saliency.limits import Limit


class ImageError(ValueError):
    """The file cannot be opened as a picture; the message is a sentence for the person who sent it."""


class TooLargeError(ImageError):
    """The file is beyond a limit. facts: what it has and what the limit is, the first half of the message; the other
    half is what whoever sent it can do. Whoever runs the program can raise the limit: `told_owner`."""

    def __init__(self, limit: Limit, has: str, most: float | None = None) -> None:
        """has: in words. most: what the limit was, in what it counts, where that is not as the setting says."""
        super().__init__(limit, has, most)
        self.limit, self.has = limit, has
        self.most = limit.value() if most is None else most
        self.facts = f"{has}; the limit is {limit.told(self.most)}"

    def __str__(self) -> str:
        return f"{self.facts}; {self.limit.way}"

    def told_owner(self) -> str:
        """The message for whoever runs the program, and so can raise the limit."""
        return f"{self.facts}; {self.limit.setting} raises it"


class DamagedError(ValueError):
    """The file is not what its kind asks for; the message is a few words on where."""
