"""Where a run stands, on disk after each epoch, so that it goes on where it was interrupted."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Protocol

import torch

FILE = "last.pt"
log = logging.getLogger("training")


class Stateful(Protocol):
    """A network, an optimizer, a schedule: what can say where it stands, and go on from there."""

    def state_dict(self) -> dict[str, Any]: ...

    def load_state_dict(self, state_dict: Any) -> Any: ...


class Checkpoint:
    """The states of a run's parts, in the file last.pt of its folder."""

    def __init__(self, folder: Path, settings: Any, parts: Mapping[str, Stateful]) -> None:
        """settings: the run's dataclass; only a run of the same settings goes on."""
        self.path = folder / FILE
        self.settings = asdict(settings)
        self.parts = parts

    def resume(self) -> int:
        """Take up what is on disk, if anything; returns the epochs done. Raises ValueError for other settings."""
        if not self.path.exists():
            return 0
        saved = torch.load(self.path, weights_only=True)
        if json.loads(saved["settings"]) != self.settings:
            raise ValueError(f"{self.path} is of another run, {saved['settings']}; choose another --out")
        for name, part in self.parts.items():
            part.load_state_dict(saved[name])
        log.info("resumed after epoch %d", saved["epoch"])
        return int(saved["epoch"])

    def save(self, epoch: int) -> None:
        """Write that `epoch` epochs are done."""
        states = {name: part.state_dict() for name, part in self.parts.items()}
        part = self.path.with_suffix(".part")
        torch.save({"settings": json.dumps(self.settings), "epoch": epoch, **states}, part)
        part.replace(self.path)
