"""Settings as options of the command line: one option a field of their dataclass."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import TypeVar

from eval.datasets import DATASETS
from saliency.types import RgbImage
from training.distil import Distillation
from training.pictures import load_pictures
from training.recipe import FineTuning
from training.vit_recipe import Reading

T = TypeVar("T", FineTuning, Distillation, Reading)


def add_settings(parser: argparse.ArgumentParser, settings: type[T], names: Mapping[str, str] | None = None) -> None:
    """Add `--batch-size` and so on, with the fields' defaults; `names`: field -> another name for its option."""
    for setting in fields(settings):
        option = "--" + (names or {}).get(setting.name, setting.name).replace("_", "-")
        kind = type(setting.default)
        parser.add_argument(option, dest=setting.name, type=kind, default=setting.default, metavar="VALUE")


def settings_of(options: argparse.Namespace, settings: type[T]) -> T:
    """The settings that the options say."""
    return settings(**{setting.name: getattr(options, setting.name) for setting in fields(settings)})


def add_leave_out(parser: argparse.ArgumentParser) -> None:
    """Add `--leave-out`."""
    parser.add_argument("--leave-out", choices=list(DATASETS), help="train without this dataset and score on it")


def add_pictures(parser: argparse.ArgumentParser) -> None:
    """Add `--pictures` and `--every`."""
    parser.add_argument("--pictures", type=Path, metavar="DIR", help="of `pictures`, that nobody looked at: them too")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only every Nth of them")


def pictures_of(options: argparse.Namespace, pixels: int, leave_out: str | None = None) -> list[RgbImage]:
    """The pictures that the options name, for networks shown `pixels`, without those that have parts of a dataset."""
    if options.pictures is None:
        return []
    pictures = load_pictures(options.pictures, [leave_out] if leave_out else [], pixels, options.every)
    return [picture.image for picture in pictures]
