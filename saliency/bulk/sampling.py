"""A part of a long list, of which no more than that part is ever in memory."""

from __future__ import annotations

import hashlib
import heapq
from collections.abc import Iterable
from dataclasses import dataclass, field

from saliency.bulk.items import Item


@dataclass(order=True, slots=True)
class _Drawn:
    """Of a heap whose first is the one to go: the one with the largest hash."""

    negative_hash: int
    negative_number: int
    item: Item = field(compare=False)


def sampled(items: Iterable[Item], count: int) -> list[Item]:
    """So many, as good as at random but always the same, in the order of the list: those whose places have the smallest
    hashes, so that two runs over the same photos sample the same, and a few new photos change little."""
    heap: list[_Drawn] = []
    for number, item in enumerate(items):
        mark = hashlib.sha256(item.place + b"#%d" % item.row).digest()
        drawn = _Drawn(-int.from_bytes(mark[:8], "big"), -number, item)
        if len(heap) < count:
            heapq.heappush(heap, drawn)
        elif drawn > heap[0]:
            heapq.heapreplace(heap, drawn)
    return [drawn.item for drawn in sorted(heap, key=lambda drawn: -drawn.negative_number)]
