"""The command line: `gazecrop crop …`, `map …`, `bulk …` and `serve`; `python -m saliency crop …` in a checkout."""

from __future__ import annotations

import argparse
import io
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from saliency.animation import looks_of, open_animation
from saliency.command.batch import Batch, Files, Job, OutputError, plan
from saliency.command.crops import crop_photo, model_of
from saliency.command.ending import end_well, why
from saliency.command.options import make_parser, misused, usual
from saliency.command.paths import is_folder, why_no_picture
from saliency.command.printing import UnheardError, tell, warn
from saliency.command.sources import open_photo, read_photo
from saliency.command.told import staying
from saliency.export import encode
from saliency.files.floors import known_bad
from saliency.heatmap import overlay
from saliency.image import ImageError, TooLargeError
from saliency.limits import SettingError, check_settings
from saliency.models.weights import WeightsError
from saliency.pipeline import see_all
from saliency.serve.options import PACKAGES, settings_of
from saliency.types import SaliencyMap


def main(argv: Sequence[str] | None = None, prog: str = "gazecrop") -> int:
    """Run one command; returns the exit status: 0, or 1 when a picture could not be read or a file not be written.

    Files that are there already, and stay as they are, are no failure. Other ends are those of `end_well`. prog: what
    it was called as, for its messages.
    """
    return end_well(partial(_main, argv, prog))


def _main(argv: Sequence[str] | None, prog: str) -> int:
    parser = make_parser(prog)
    options = parser.parse_args(argv)
    try:
        check_settings()
    except SettingError as error:
        parser.error(str(error))
    if options.command in COMMANDS and (wrong := misused(options)):
        parser.error(wrong)
    if wrong := known_bad():
        warn(f"{prog}: {wrong}")
        return 1
    if options.command == "serve":
        return serve(options)
    if options.command in ("bulk", "bulk-compare"):
        return bulk(options)
    batch = plan(options.photos, options.out)
    files = Files(options.out, batch.jobs, options.overwrite) if options.out else None
    failed = 0
    for done, job in enumerate(batch.jobs):
        try:
            if is_folder(job.photo):
                raise ImageError(why_no_picture(job.photo))
            COMMANDS[options.command](options, job, files)
        except KeyboardInterrupt:
            more = "; the same command makes the others" if files and not files.overwrite else ""
            raise KeyboardInterrupt(f"after {done} of {len(batch.jobs)}{more}") from None
        except (UnheardError, WeightsError, ImportError):
            raise  # the next photo would fare no better
        except Exception as error:  # no fault of one photo takes the others along
            failed += 1
            _complain(options, job.photo, error)
    for line in _summary(options, batch, files, failed):
        warn(line)
    return int(failed > 0)


def map_photo(options: argparse.Namespace, job: Job, files: Files | None) -> None:
    """Write one photo's map and heatmap. Raises ImageError, and OutputError where a file cannot be written."""
    assert files is not None
    names = f"{job.name}.npy", f"{job.name}.png"
    if all(files.stays(name) for name in names):
        for name in names:
            files.skipped += 1
            tell(staying(job.photo, files.out / name))
        return
    data = read_photo(job.photo)
    opened = open_photo(data, options.strict)
    animation = open_animation(data, max_bytes=len(data), strict=options.strict)
    saliency_map = see_all(opened, looks_of(animation), model_of(options, options.model or usual(options))).map
    makers = partial(_grid, saliency_map), partial(encode, overlay(opened.pixels, saliency_map), "PNG")
    for name, make in zip(names, makers, strict=True):
        if files.put(name, make):
            tell(f"{job.photo}: {files.out / name}, {saliency_map.shape[1]} x {saliency_map.shape[0]} cells")
        else:
            tell(staying(job.photo, files.out / name))


def _grid(saliency_map: SaliencyMap) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, saliency_map)
    return buffer.getvalue()


COMMANDS: dict[str, Callable[[argparse.Namespace, Job, Files | None], None]] = {"crop": crop_photo, "map": map_photo}


def serve(options: argparse.Namespace) -> int:
    """Answer photos by HTTP until told to end; returns the exit status."""
    if lacking := [name for name in PACKAGES if find_spec(name) is None]:
        warn(f"gazecrop serve needs {' and '.join(lacking)}: python -m pip install 'gazecrop[serve]'")
        return 1
    from saliency.serve.run import run  # brings FastAPI in, which nothing else here needs

    return run(settings_of(options))


def bulk(options: argparse.Namespace) -> int:
    """Crop any number of photos into a Parquet dataset, or compare two of those; returns the exit status."""
    if find_spec("pyarrow") is None:
        warn(f"gazecrop {options.command} needs pyarrow: python -m pip install 'gazecrop[bulk]'")
        return 1
    from saliency.bulk.command import run_bulk  # brings pyarrow in, which nothing else here needs
    from saliency.bulk.compare.command import run_compare

    return run_bulk(options) if options.command == "bulk" else run_compare(options)


def _complain(options: argparse.Namespace, path: Path, error: Exception) -> None:
    said = str(error) if isinstance(error, (ImageError, OutputError)) else why(error)
    if isinstance(error, TooLargeError):
        said = error.told_owner()
    if options.json:
        tell(json.dumps({"image": str(path), "error": said}))
    else:
        warn(f"{path}: {said}")


def _summary(options: argparse.Namespace, batch: Batch, files: Files | None, failed: int) -> Iterator[str]:
    if failed > 1:
        yield f"{failed} of {len(batch.jobs)} failed, for the reasons above"
    if options.command == "crop" and options.focal_file:
        yield from options.focal_file.told()
    if files and files.skipped:
        yield f"{files.skipped} skipped, they exist; --overwrite replaces them"
    if batch.left_out:
        yield f"{batch.left_out} left out, they lie in the output folder"


if __name__ == "__main__":
    sys.exit(main(prog="python -m saliency"))
