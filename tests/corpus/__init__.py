"""Small files of every kind that pictures come in, made here, each with what should become of it.

`python -m tests.corpus` opens them all and prints what became of them, beside what other decoders make of them.
"""

from __future__ import annotations

from tests.corpus import avifs, bmps, gifs, jpegs, others, pngs, tiffs
from tests.corpus.kind import Kind

ALL = [*jpegs.KINDS, *pngs.KINDS, *tiffs.KINDS, *avifs.KINDS, *gifs.KINDS, *bmps.KINDS, *others.KINDS]
KINDS: dict[str, Kind] = {kind.name: kind for kind in ALL}
