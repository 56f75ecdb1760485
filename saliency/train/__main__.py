"""`python -m saliency.train`, as published manifests write it: forwards to `python -m training`.

The recipe lies in the repository, beside the package `saliency` and not in it.
"""

from __future__ import annotations

import runpy
import sys
from pathlib import Path


def main() -> None:
    """Run `python -m training` with the same arguments. Exits with status 1 where there is no recipe."""
    if not (Path(__file__).parents[2] / "training" / "__main__.py").exists():
        sys.exit("the recipe is not part of the package saliency: run `python -m training` in Gazecrop's repository")
    print("python -m saliency.train is now python -m training", file=sys.stderr)
    runpy.run_module("training", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
