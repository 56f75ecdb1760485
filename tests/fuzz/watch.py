"""Inputs tried in a process that is watched: what became of each, and which crashed, hung or took too much memory."""

from __future__ import annotations

import contextlib
import json
import mmap
import os
import resource
import signal
import struct
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.fuzz.target import Target

HANG = 2.0  # seconds of its own time that an input may take: a busy machine makes none hang
MEMORY = 100_000_000  # bytes that an input may take more than those before
ROOM = 1_500_000_000  # bytes of address space beyond what the process begins with: no machine is brought down
BLOCK = 500  # inputs, after each of which the process tells what became of them
_TICKS = os.sysconf("SC_CLK_TCK")
_OUT_OF_MEMORY = "more memory than there is"


@dataclass(slots=True)
class Tally:
    """What became of a target's inputs. findings: number and what happened, of those that must be looked at.
    slowest: seconds and number. most: bytes that an input took, beyond those before."""

    outcomes: Counter[str] = field(default_factory=Counter)
    findings: list[tuple[int, str]] = field(default_factory=list)
    slowest: tuple[float, int] = (0.0, 0)
    most: int = 0

    def add(self, other: Tally) -> None:
        self.outcomes += other.outcomes
        self.findings += other.findings
        self.slowest, self.most = max(self.slowest, other.slowest), max(self.most, other.most)


def tried(target: Target, corpus: Sequence[bytes], seed: int, numbers: range, hang: float = HANG) -> Iterator[Tally]:
    """A tally of each block of inputs, once it is done. An input that ends its process is a finding of its own."""
    at = numbers.start
    while at < numbers.stop:
        block = range(at, min(at + BLOCK, numbers.stop))
        while block:
            tally, ended_at, how = _in_process(target, corpus, seed, block, hang)
            if how:  # those before it once more, now that it is known where they end
                before = range(block.start, ended_at)
                tally = _in_process(target, corpus, seed, before, hang)[0] if before else Tally()
                tally.findings.append((ended_at, how))
                tally.outcomes["ended the process"] += 1
            yield tally
            block = range(ended_at + 1, block.stop) if how else range(0)
        at += BLOCK


def _in_process(
    target: Target, corpus: Sequence[bytes], seed: int, numbers: range, hang: float
) -> tuple[Tally, int, str]:
    """The tally of a process of its own; where it ended before its time, at which number and how, in words."""
    shared = mmap.mmap(-1, 8)
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        _child(target, corpus, seed, numbers, shared, writing)
    os.close(writing)
    how = _watched(child, shared, reading, hang)
    with os.fdopen(reading, "rb") as pipe:
        told = b"" if how else pipe.read()
    _, status = os.waitpid(child, 0)
    (number,) = struct.unpack("<q", shared[:8])
    if not how and status:
        how = f"killed by signal {os.WTERMSIG(status)}" if os.WIFSIGNALED(status) else f"exit status {status >> 8}"
    if how:
        return Tally(), number, how
    found = json.loads(told)
    findings = [(int(number), str(words)) for number, words in found["findings"]]
    slowest = (float(found["slowest"][0]), int(found["slowest"][1]))
    return Tally(Counter(found["outcomes"]), findings, slowest, int(found["most"])), number, ""


def _watched(child: int, shared: mmap.mmap, pipe: int, hang: float) -> str:
    """Wait until the child has something to tell, or ended; one that hangs is killed."""
    import select

    number, since = -1, 0.0
    while not select.select([pipe], [], [], 0.05)[0]:
        now, spent = struct.unpack("<q", shared[:8])[0], _cpu_seconds(child)
        if now != number:
            number, since = now, spent
        elif spent - since > hang:
            os.kill(child, signal.SIGKILL)
            return f"hung: over {hang:g} seconds"
    return ""


def _cpu_seconds(process: int) -> float:
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _child(target: Target, corpus: Sequence[bytes], seed: int, numbers: range, shared: mmap.mmap, pipe: int) -> None:
    """Try the inputs and tell of them; never returns."""
    status = 1
    try:
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 2)  # what decoders print of hostile files
        room = _pages(0) + ROOM
        resource.setrlimit(resource.RLIMIT_AS, (room, room))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        tally = Tally()
        for number in numbers:
            shared[:8] = struct.pack("<q", number)
            _try(target, target.input(corpus, seed, number), number, tally)
        told = {"outcomes": tally.outcomes, "findings": tally.findings, "slowest": tally.slowest, "most": tally.most}
        with os.fdopen(pipe, "wb") as file:
            file.write(json.dumps(told).encode())
        status = 0
    finally:
        os._exit(status)


def _try(target: Target, data: bytes, number: int, tally: Tally) -> None:
    before, began = _pages(1), time.process_time()
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
    outcome, finding = attempt(target, data)
    took, memory = time.process_time() - began, max(_peak() - before, 0)
    tally.outcomes[outcome] += 1
    tally.slowest, tally.most = max(tally.slowest, (took, number)), max(tally.most, memory)
    if not finding and memory > MEMORY:
        finding = f"took {memory / 1e6:.0f} MB"
    if not finding and took > HANG:
        finding = f"took {took:.1f} seconds"
    if finding:
        tally.findings.append((number, finding))


def attempt(target: Target, data: bytes) -> tuple[str, str]:
    """What became of an input in a word, and what is wrong with that, empty where nothing is."""
    try:
        return target.run(data), ""
    except target.errors as error:
        name, said = type(error).__name__, str(error)
        wrong = "is refused without a word" if not said else said if _OUT_OF_MEMORY in said else ""
        return name, wrong
    except BaseException as error:
        trace, where = error.__traceback__, ""
        while trace:
            code = trace.tb_frame.f_code
            where, trace = f"{Path(code.co_filename).name}:{trace.tb_lineno}", trace.tb_next
        return f"unnamed {type(error).__name__}", f"{type(error).__name__} at {where}: {str(error)[:200]}"


def _pages(place: int) -> int:
    """Bytes of this process, in all (0) or in memory (1)."""
    return int(Path("/proc/self/statm").read_text().split()[place]) * resource.getpagesize()


def _peak() -> int:
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) * 1024
