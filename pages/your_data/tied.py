"""`python -m pages.your_data.tied MODULE …`: run a module that ends with the server, even where that is killed.

Standard input is a pipe that the server holds open. When it closes, nobody waits for the work any more, and the whole
process group ends.
"""

from __future__ import annotations

import os
import runpy
import signal
import sys
import threading


def main() -> None:
    """Run the module that the arguments name with the rest of them, as `python -m` does."""
    threading.Thread(target=_end_with_server, daemon=True).start()
    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


def _end_with_server() -> None:
    os.read(0, 1)  # nothing is ever sent, so it returns at the end
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    main()
