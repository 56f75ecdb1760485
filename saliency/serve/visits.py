"""A request from its first line to its answer, and what the log has of it: never a photo, nor who sent it."""

from __future__ import annotations

import json
import re
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from saliency.command.printing import warn

_SANE = re.compile(r"[A-Za-z0-9._:-]{1,64}")
LONGEST_PATH = 100  # letters of it that are logged


@dataclass(slots=True)
class Visit:
    """seconds: that its photo took, by on what. size: bytes of the photo. reason: why it was refused."""

    id: str
    method: str
    path: str
    began: float = field(default_factory=time.perf_counter)
    status: int = 499  # where who asked goes away before there is an answer
    size: int = 0
    reason: str = ""
    seconds: dict[str, float] = field(default_factory=dict)

    def record(self, total: float) -> dict[str, object]:
        """total: seconds of all."""
        record: dict[str, object] = {"time": datetime.now(UTC).isoformat(timespec="milliseconds"), "id": self.id}
        record |= {"method": self.method, "path": self.path[:LONGEST_PATH], "status": self.status}
        record |= {"reason": self.reason} if self.reason else {}
        record |= {"bytes": self.size} if self.size else {}
        times = {**self.seconds, "total": total}
        return record | {f"{name}_ms": round(1000 * seconds, 1) for name, seconds in times.items()}


def request_id(given: str) -> str:
    """The one that was sent along, where it is one; else a new one."""
    return given if _SANE.fullmatch(given) else uuid.uuid4().hex


def _plain(record: dict[str, object]) -> str:
    return " ".join(
        str(value) if name in ("time", "method", "path") else f"{name}={value}" for name, value in record.items()
    )


WRITERS: dict[str, Callable[[dict[str, object]], None]] = {
    "plain": lambda record: warn(_plain(record)),
    "json": lambda record: warn(json.dumps(record)),
    "none": lambda _: None,
}
"""How a request is told, by what `--log` takes."""
