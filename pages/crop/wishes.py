"""How what a visitor wishes for is read from the address of the Crop page, leniently, and written there."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pages.shared.address import Parameter

NONE = "none"  # in the address: not a single one, which is not as usual


def among(options: Sequence[str]) -> Callable[[str], list[str]]:
    """Those of the options that stand in a text with commas between them; ValueError where none does."""

    def read(text: str) -> list[str]:
        names = [name for name in dict.fromkeys(text.split(",")) if name in options]
        if not names and text != NONE:
            raise ValueError(f"unknown names {text!r}; available: {', '.join(options)}")
        return names

    return read


def listed(names: Sequence[str]) -> str:
    """The text that `among` reads."""
    return ",".join(names) or NONE


def one_of(options: Sequence[str]) -> Callable[[str], str]:
    """The option that a text names, in whatever case; ValueError where it names none."""
    return lambda text: options[[option.lower() for option in options].index(text.lower())]


def within(least: int, most: int) -> Callable[[str], int]:
    """The whole number that a text is, brought between these two; ValueError where it is none."""
    return lambda text: min(max(int(text), least), most)


def flag(name: str, word: str) -> Parameter[bool]:
    """A switch, usually off. word: what stands in the address while it is on."""
    return Parameter(name, False, lambda text: text == word, lambda on: word if on else "")
