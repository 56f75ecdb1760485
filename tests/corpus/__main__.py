"""`python -m tests.corpus`: each kind of file, what becomes of it, and how far that is from its known answer and from
what others make of it, in levels of 255 (mean over all pixels). `--out DIR` writes files and what was seen of them."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from PIL import Image

from saliency.image import ImageError, Opened, open_picture
from saliency.types import RgbImage
from tests.corpus import KINDS
from tests.corpus.decoders import decoders


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.corpus", description=__doc__)
    parser.add_argument("--out", type=Path, metavar="DIR", help="where files and pictures are written")
    parser.add_argument("--only", default="", metavar="WORD", help="kinds with this in their name")
    options = parser.parse_args()
    if options.out:
        options.out.mkdir(parents=True, exist_ok=True)
    with decoders() as others:
        print("\t".join(["kind", "answer", *others, "outcome"]))
        for name, kind in KINDS.items():
            if options.only not in name:
                continue
            data = kind.make()
            try:
                opened, outcome = (found := open_picture(data)), _told(found)
            except ImageError as error:
                opened, outcome = None, f"refused: {error}"
            seen = {other: decode(data, kind.mime) for other, decode in others.items()}
            cells = ["-" if kind.answer is None else _distance(opened, kind.answer)]
            cells += ["refuses" if image is None else _distance(opened, image) for image in seen.values()]
            print("\t".join([name, *cells, outcome]))
            if options.out:
                _write(options.out, name, data, kind.mime, {"": opened.over("white") if opened else None} | seen)


def _told(opened: Opened) -> str:
    size = f"{opened.size[0]} x {opened.size[1]}"
    return f"{size}, damaged: {opened.damage}" if opened.damage else size


def _distance(opened: Opened | None, image: RgbImage) -> str:
    if opened is None:
        return "shows it"
    seen = opened.over("white")
    if seen.shape != image.shape:
        return f"{image.shape[1]} x {image.shape[0]}"
    return f"{np.abs(seen.astype(float) - image).mean():.1f}"


def _write(out: Path, name: str, data: bytes, mime: str, seen: dict[str, RgbImage | None]) -> None:
    stem = "".join(letter if letter.isalnum() else "_" for letter in name)
    (out / f"{stem}.{mime.partition('/')[2]}").write_bytes(data)
    for other, image in seen.items():
        if image is not None:
            Image.fromarray(image).save(out / f"{stem}.{other or 'seen'}.png")


if __name__ == "__main__":
    main()
