"""Progressive JPEGs, whose scans make a picture finer and finer: for a look at one eighth or a quarter of it, the first
ones are enough, and decoding the others is most of the work.

ITU-T T.81 (1992), annex G: a scan has some components and, of each block of 8 x 8, some of the coefficients.
"""

from __future__ import annotations

import re

SMALLER, FINE = 4, 4
"""Decoded at a quarter or less, a picture needs the coefficients of its first component up to this one, in zigzag
order, and the first of all others. The first alone would do at an eighth, were it not rounded in the first scan."""

_FRAME, _SCAN = 0xC2, 0xDA
MARKER = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")  # those that end a scan's bytes: restarts go on with it
_END = b"\xff\xd9"


def first_scans(data: bytes, smaller: int) -> bytes:
    """The file up to the scans that a decoding so many times smaller needs, with an end; all of it where that is not
    told from it, where it needs more, or where the file does not end as it should.

    data: of a progressive JPEG. What is wrong with a later scan goes unnoticed.
    """
    if smaller < SMALLER or not data.rstrip(b"\0").endswith(_END):
        return data
    components: set[int] = set()
    with_first: set[int] = set()
    at, fine, first = 2, 0, b""
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        body, at = data[at + 4 : at + 2 + length], at + 2 + length
        if marker == _FRAME:
            components, first = set(body[6::3]), body[6:7]
        elif marker == _SCAN:
            if len(body) < 6:
                return data
            of, start, stop = set(body[1:-3:2]), body[-3], body[-2]
            if start == 0:
                with_first |= of
            elif of == set(first) and start <= fine + 1:
                fine = max(fine, stop)
            found = MARKER.search(data, at)
            if found is None:
                return data
            at = found.start()
            if components and components == with_first and fine >= FINE:
                return data[:at] + _END
    return data
