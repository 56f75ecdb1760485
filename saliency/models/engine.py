"""ONNX Runtime, the engine that networks run in on the CPU."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from saliency.limits import chosen_threads

if TYPE_CHECKING:
    import onnxruntime

QUIET = "ORT_DISABLE_TELEMETRY"  # else ONNX Runtime 1.32 writes an id into the home and tells Microsoft of each session
MOST_THREADS = 4  # of the default: more hardly help with pictures this small


def default_threads() -> int:
    """How many threads work on one picture: GAZECROP_THREADS, by default one a core, four at most."""
    return chosen_threads() or min(os.cpu_count() or 1, MOST_THREADS)


def load_session(graph: bytes, threads: int | None = None) -> onnxruntime.InferenceSession:
    """The network of an ONNX file's bytes, ready to run, from any number of Python threads at once.

    All callers share the session's one pool of `threads`, so ten users at once take no more of them than one.
    """
    os.environ.setdefault(QUIET, "1")
    import onnxruntime  # not before a picture is looked at: who only places windows does without

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads or default_threads()
    options.inter_op_num_threads = 1
    options.log_severity_level = 3  # errors only
    # threads that wait must not burn the cores that other sessions need
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
