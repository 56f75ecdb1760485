"""The options of `gazecrop serve`, and what it is set to by them."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from dataclasses import dataclass

PACKAGES = ("fastapi", "uvicorn", "prometheus_client", "python_multipart")
LOGS = ("plain", "json", "none")


@dataclass(frozen=True, slots=True)
class Settings:
    """workers: how many photos are worked on at once. waiting: how many more may wait for a worker, and patience:
    seconds that each of them waits at the most. deadline: seconds from a whole upload to its answer. upload: seconds
    that an upload may take. log: one of LOGS."""

    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = os.cpu_count() or 1
    waiting: int = 1
    patience: float = 0.01
    deadline: float = 40.0
    upload: float = 30.0
    log: str = "plain"


USUAL = Settings()


def add_options(parser: argparse.ArgumentParser) -> None:
    """Each as in Settings."""
    parser.add_argument("--host", default=USUAL.host, help="address to listen at; default %(default)s, this machine")
    parser.add_argument("--port", type=_whole(0, 65_535), default=USUAL.port, help="default %(default)s; 0: a free one")
    parser.add_argument(
        "--workers", type=_whole(1, 1000), default=USUAL.workers, metavar="N", help="photos at once; default one a core"
    )
    parser.add_argument(
        "--waiting", type=_whole(0, 1000), default=USUAL.waiting, metavar="N", help="photos more that may wait for one"
    )
    parser.add_argument(
        "--patience", type=_seconds, default=USUAL.patience, metavar="SECONDS", help="how long; default %(default)s"
    )
    parser.add_argument(
        "--deadline", type=_seconds, default=USUAL.deadline, metavar="SECONDS", help="of an answer; default %(default)s"
    )
    parser.add_argument(
        "--upload", type=_seconds, default=USUAL.upload, metavar="SECONDS", help="of an upload; default %(default)s"
    )
    parser.add_argument("--log", choices=LOGS, default=USUAL.log, help="how each request is told on standard error")
    parser.set_defaults(command="serve", json=False)


def settings_of(options: argparse.Namespace) -> Settings:
    return Settings(**{name: getattr(options, name) for name in Settings.__slots__})


def _whole(least: int, most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not text.isdecimal() or not least <= int(text) <= most:
            raise argparse.ArgumentTypeError(f"{text!r} is no whole number from {least} to {most}")
        return int(text)

    return read


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= 3600:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds, such as 0.5")
    return seconds
