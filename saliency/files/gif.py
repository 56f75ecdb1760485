"""GIF: the first frame, on a canvas that it need not fill."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from PIL.GifImagePlugin import GifImageFile

from saliency.files.errors import DamagedError
from saliency.files.gif_frames import table_bytes
from saliency.files.mended import Check, Mended
from saliency.files.stored import Stored, by_pillow, decoder_of


def read(data: bytes) -> Stored:
    """The first frame with its header read."""
    image = by_pillow(data, "GIF")
    assert isinstance(image, GifImageFile)
    frame = image.tile[0].extents
    drawn = frame if frame != (0, 0, *image.size) else None
    return Stored(image.size, decoder_of(image), drawn=drawn)


def mend(data: bytes, check: Check) -> Mended:
    """The file with as many pixels of its first frame as are there, and the first colour for the others."""
    picture = _first_picture(data)
    left, top = picture.place
    canvas = struct.unpack_from("<HH", data, 6)  # which Pillow enlarges for a frame beyond it
    check((max(canvas[0], left + picture.width), max(canvas[1], top + picture.height)))
    bits, pixels, width = _read_codes(picture.codes, picture.code_bits, picture.width * picture.height)
    rows = pixels // picture.width
    codes = _completed(picture.codes, bits, width, picture.code_bits, picture.width * picture.height - pixels)
    blocks = b"".join(bytes([len(part)]) + part for part in _parts(codes, 255))
    whole, damage = data[: picture.start] + blocks + b"\0;", "its end is missing"
    if picture.interlaced and picture.height - rows > picture.height // 2:
        raise DamagedError(damage)  # the rows between others come last
    if picture.interlaced:
        odd = 2 * (rows - (picture.height - picture.height // 2)) + 1
        return Mended(whole, doubled=range(top + odd, top + picture.height, 2), damage=damage)
    drawn = (left, top, left + picture.width, top + rows) if rows < picture.height else None
    return Mended(whole, drawn, damage=damage)


@dataclass(frozen=True, slots=True)
class _Picture:
    """A frame of the file. start: the byte after its smallest code's size. codes: of its blocks, as far as they go."""

    place: tuple[int, int]
    width: int
    height: int
    interlaced: bool
    code_bits: int
    start: int
    codes: bytes


def _first_picture(data: bytes) -> _Picture:
    try:
        at = 13 + table_bytes(data[10])
        while data[at] == 0x21:
            at += 2
            while data[at]:
                at += 1 + data[at]
            at += 1
        if data[at] != 0x2C:
            raise DamagedError("there is no picture in it")
        left, top, width, height = (int.from_bytes(data[at + k : at + k + 2], "little") for k in (1, 3, 5, 7))
        flags = data[at + 9]
        at += 10 + table_bytes(flags)
        code_bits = data[at]
        start = at = at + 1
        codes = bytearray()
        while at < len(data) and data[at]:
            codes += data[at + 1 : at + 1 + data[at]]
            at += 1 + data[at]
    except IndexError:
        raise DamagedError("it ends before its pixels begin") from None
    if not (width and height and 1 <= code_bits <= 8):
        raise DamagedError("its header is wrong")
    return _Picture((left, top), width, height, bool(flags & 0x40), code_bits, start, bytes(codes))


def _read_codes(codes: bytes, code_bits: int, most: int) -> tuple[int, int, int]:
    """How many bits are whole codes of the picture, how many pixels they make, at most so many, and how wide the next
    code is.

    LZW without its pixels: for each code only how many it stands for.
    """
    clear = 1 << code_bits
    lengths, width, last = [1] * clear + [0, 0], code_bits + 1, 0
    at = pixels = held = held_bits = used = 0
    next_width = width
    while pixels < most:
        while held_bits < width and at < len(codes):
            held |= codes[at] << held_bits
            held_bits, at = held_bits + 8, at + 1
        if held_bits < width:
            break
        code, held, held_bits = held & (1 << width) - 1, held >> width, held_bits - width
        if code == clear:
            del lengths[clear + 2 :]
            width, last = code_bits + 1, 0
        elif code == clear + 1 or code > len(lengths) or (code == len(lengths) and not last):
            break
        else:
            if last and len(lengths) < 4096:
                lengths.append(last + 1)
            last = lengths[code]
            if pixels + last > most:
                break
            pixels += last
            if len(lengths) == 1 << width and width < 12:
                width += 1
        used, next_width = at * 8 - held_bits, width
    return used, pixels, next_width


def _completed(codes: bytes, bits: int, width: int, code_bits: int, missing: int) -> bytes:
    """The first bits of the codes, then the first colour for each missing pixel, then the end.

    width: of the code that comes first. Each pixel begins a new table, so that codes keep their first width.
    """
    clear = 1 << code_bits
    kept = int.from_bytes(codes[: (bits + 7) // 8], "little") & (1 << bits) - 1
    pair, step = clear << code_bits + 1, 2 * (code_bits + 1)  # the pixel 0, then "clear"
    eight = sum(pair << step * k for k in range(8)).to_bytes(step, "little")
    pixels = int.from_bytes(eight * (missing // 8 + 1), "little") & (1 << step * missing) - 1
    new = clear | (pixels | clear + 1 << step * missing) << width
    return (kept | new << bits).to_bytes((bits + width + step * missing + code_bits + 8) // 8, "little")


def _parts(data: bytes, length: int) -> list[bytes]:
    return [data[at : at + length] for at in range(0, len(data), length)]
