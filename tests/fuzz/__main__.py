"""`python -m tests.fuzz`: inputs for every target. What is found lies in a folder then, and is told with the line that
repeats it."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eval.machine import ROOT, made

if TYPE_CHECKING:
    from tests.fuzz.target import Target
    from tests.fuzz.watch import Tally

SMALL = {  # limits that a small file can reach, in little time
    "GAZECROP_MAX_MEGAPIXELS": "4", "GAZECROP_MAX_MEGABYTES": "2", "GAZECROP_MAX_METADATA_KILOBYTES": "300",
    "GAZECROP_MAX_FRAMES": "100", "GAZECROP_MAX_SIDE": "4000",
}  # fmt: skip
WRITTEN = 20  # findings of a target that are written; the others are counted


def main() -> int:
    options = _options()
    os.environ.update(SMALL)  # before anything is imported that reads them
    from tests.fuzz.targets import TARGETS

    unknown = set(options.target or ()) - set(TARGETS)
    if unknown or (options.number is not None and len(options.target or ()) != 1):
        sys.exit(f"--target takes {', '.join(TARGETS)}, and --number one of them")
    chosen = [TARGETS[name] for name in options.target or TARGETS]
    if options.number is not None:
        return _once_more(chosen[0], options)
    about = made(f"python -m tests.fuzz --inputs {options.inputs} --seed {options.seed}")
    share = sum(target.share for target in chosen)
    rows = {}
    for target in chosen:
        rows[target.name] = _tried(target, max(options.inputs * target.share // share, 1), options)
        print(_line(target.name, rows[target.name]), flush=True)
    findings = sum(row["findings"] for row in rows.values())
    if options.json:
        inputs = sum(row["inputs"] for row in rows.values())
        told = {**about, "inputs": inputs, "findings": findings, "limits": SMALL, "targets": rows}
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_text(json.dumps(told, indent=2) + "\n")
    return int(findings > 0)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--inputs", type=int, default=10_000, help="of all targets together")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--target", action="append", metavar="NAME", help="one of them; repeat for more")
    parser.add_argument("--number", type=int, help="this input of the target alone, in this process, with its trace")
    parser.add_argument("--found", type=Path, default=ROOT / "fuzz", metavar="DIR", help="where findings are written")
    parser.add_argument("--json", type=Path, metavar="FILE", help="where the summary is written")
    return parser.parse_args()


def _once_more(target: Target, options: argparse.Namespace) -> int:
    """One input again. What is wrong with it is raised here, so that its trace can be read."""
    from tests.fuzz.watch import attempt

    data = target.input(target.corpus(), options.seed, options.number)
    outcome, wrong = attempt(target, data)
    print(f"{_write(options.found, target.name, options.seed, options.number, data)}: {wrong or outcome}")
    if wrong:
        target.run(data)
    return int(bool(wrong))


def _tried(target: Target, count: int, options: argparse.Namespace) -> dict[str, Any]:
    """What became of so many inputs; findings are told and written as they come."""
    from tests.fuzz.watch import Tally, tried

    corpus, began, total = target.corpus(), time.monotonic(), Tally()
    for tally in tried(target, corpus, options.seed, range(count)):
        total.add(tally)
        _tell(target, corpus, tally, options, WRITTEN - len(total.findings) + len(tally.findings))
        _progress(f"{target.name}: {sum(total.outcomes.values())} of {count}")
    return {
        "inputs": sum(total.outcomes.values()),
        "seconds": round(time.monotonic() - began, 1),
        "outcomes": dict(total.outcomes.most_common()),
        "findings": len(total.findings),
        "slowest_seconds": round(total.slowest[0], 2),
        "most_megabytes": round(total.most / 1e6),
    }


def _progress(words: str) -> None:
    """How far it is: on a terminal on one line, else in a log."""
    shown = sys.stderr.isatty()
    print(f"\r{words} " if shown else words, end="" if shown else "\n", file=sys.stderr, flush=True)


def _tell(target: Target, corpus: Sequence[bytes], tally: Tally, options: argparse.Namespace, room: int) -> None:
    for number, wrong in tally.findings[: max(room, 0)]:
        _write(options.found, target.name, options.seed, number, target.input(corpus, options.seed, number))
        name = f'"{target.name}"' if " " in target.name else target.name
        print(f"{wrong}\n  python -m tests.fuzz --target {name} --seed {options.seed} --number {number}", flush=True)


def _line(name: str, row: dict[str, Any]) -> str:
    rate = row["inputs"] / max(row["seconds"], 0.1)
    outcomes = ", ".join(f"{count} {outcome}" for outcome, count in row["outcomes"].items())
    return (
        f"{name}: {row['inputs']} inputs, {rate:.0f} a second, {row['findings']} findings; slowest "
        f"{row['slowest_seconds']} s, most {row['most_megabytes']} MB; {outcomes}"
    )


def _write(folder: Path, target: str, seed: int, number: int, data: bytes) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{target.replace(' ', '-')}-{seed}-{number}"
    path.write_bytes(data)
    return path


if __name__ == "__main__":
    sys.exit(main())
