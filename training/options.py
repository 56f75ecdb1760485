"""Settings as options of the command line: one option a field of their dataclass."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import fields
from typing import TypeVar

from training.distil import Distillation
from training.recipe import FineTuning

T = TypeVar("T", FineTuning, Distillation)


def add_settings(parser: argparse.ArgumentParser, settings: type[T], names: Mapping[str, str] | None = None) -> None:
    """Add `--batch-size` and so on, with the fields' defaults; `names`: field -> another name for its option."""
    for setting in fields(settings):
        option = "--" + (names or {}).get(setting.name, setting.name).replace("_", "-")
        kind = type(setting.default)
        parser.add_argument(option, dest=setting.name, type=kind, default=setting.default, metavar="VALUE")


def settings_of(options: argparse.Namespace, settings: type[T]) -> T:
    """The settings that the options say."""
    return settings(**{setting.name: getattr(options, setting.name) for setting in fields(settings)})
