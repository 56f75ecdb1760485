"""How the arguments of the command line are read: each from its text, or a sentence on what is wrong with it."""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn, TypeVar

from saliency.adapt_file import AdaptationFile, read_adaptation
from saliency.command.focals import FocalFile, read_focals
from saliency.command.printing import printable
from saliency.formats import Format, parse_size
from saliency.framing import Framing
from saliency.models import MODELS
from saliency.pad import Border
from saliency.types import Aspect


class Parser(argparse.ArgumentParser):
    """Its messages repeat what was typed, so they are made safe to print."""

    def error(self, message: str) -> NoReturn:
        super().error(printable(message))


T = TypeVar("T")


def argument(read: Callable[[str], T]) -> Callable[[str], T]:
    """The reader of an argument, its ValueError told by argparse in its own words."""

    def told(text: str) -> T:
        try:
            return read(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from None

    return told


@argument
def aspect(text: str) -> Format:
    aspect = Aspect.parse(text)
    return Format(str(aspect), aspect)


@argument
def size(text: str) -> Format:
    try:
        return parse_size(text)
    except ValueError as error:
        raise ValueError(f"{error}; --aspect takes shapes") from None


@argument
def keep(text: str) -> float:
    keep = _number(text)
    Framing(keep=keep)
    return keep


@argument
def margin(text: str) -> float:
    margin = _number(text)
    Framing(margin=margin)
    return margin


@argument
def focal(text: str) -> tuple[float, float]:
    x, comma, y = text.partition(",")
    if not comma:
        raise ValueError(f"{text!r} is no point; write it as x,y, such as 0.5,0.3")
    focal = _number(x), _number(y)
    Framing(focal=focal)
    return focal


@argument
def focals(text: str) -> FocalFile:
    return read_focals(Path(text))


@argument
def adapt(text: str) -> AdaptationFile:
    return read_adaptation(Path(text), MODELS)


@argument
def background(text: str) -> Border:
    return Border.parse(text)


@argument
def quality(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 100:
        raise ValueError(f"quality is 1 to 100, got {text!r}")
    return int(text)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"{text!r} is no number; write it as 0.9") from None


@argument
def count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise ValueError(f"{text!r} is no number of them; it is 1 or more")
    return int(text)


@argument
def price(text: str) -> float:
    value = _number(text)
    if not 0 <= value < math.inf:
        raise ValueError(f"{text!r} is no price")
    return value
