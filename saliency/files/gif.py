"""GIF: the first frame, on a canvas that it need not fill."""

from __future__ import annotations

from dataclasses import dataclass

from PIL.GifImagePlugin import GifImageFile

from saliency.files.errors import DamagedError
from saliency.files.gif_frames import table_bytes
from saliency.files.mended import Mended
from saliency.files.stored import Stored, by_pillow, decoder_of


def read(data: bytes) -> Stored:
    """The first frame with its header read."""
    image = by_pillow(data, "GIF")
    assert isinstance(image, GifImageFile)
    frame = image.tile[0].extents
    drawn = frame if frame != (0, 0, *image.size) else None
    return Stored(image.size, decoder_of(image), drawn=drawn)


def mend(data: bytes) -> Mended:
    """The file with as many pixels of its first frame as are there, and the first colour for the others."""
    picture = _first_picture(data)
    bits, pixels = _read_codes(picture.codes, picture.code_bits, picture.width * picture.height)
    rows = pixels // picture.width
    codes = _completed(picture.codes, bits, picture.code_bits, picture.width * picture.height - pixels)
    blocks = b"".join(bytes([len(part)]) + part for part in _parts(codes, 255))
    left, top = picture.place
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


def _read_codes(codes: bytes, code_bits: int, most: int) -> tuple[int, int]:
    """How many bits are whole codes of the picture, and how many pixels they make, at most so many.

    LZW without its pixels: for each code only how many it stands for.
    """
    clear = 1 << code_bits
    lengths, width, last = [1] * clear + [0, 0], code_bits + 1, 0
    at = pixels = held = held_bits = used = 0
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
        used = at * 8 - held_bits
    return used, pixels


def _completed(codes: bytes, bits: int, code_bits: int, missing: int) -> bytes:
    """The first bits of the codes, then the first colour for each missing pixel, then the end.

    Each pixel begins a new table, so that codes keep their first width; the code before may be wider by one or more:
    where it is, the first new one is a "clear" of every width there is, one after the other.
    """
    kept = int.from_bytes(codes[: (bits + 7) // 8], "little") & (1 << bits) - 1
    width, clear = _width_after(codes, bits, code_bits), 1 << code_bits
    new, length = clear, width
    pair, step = clear << code_bits + 1, 2 * (code_bits + 1)  # the pixel 0, then "clear"
    block = sum(pair << step * k for k in range(4096))
    for count in [4096] * (missing // 4096) + [missing % 4096]:
        new |= (block & (1 << step * count) - 1) << length
        length += step * count
    new |= clear + 1 << length
    return (kept | new << bits).to_bytes((bits + length + code_bits + 8) // 8, "little")


def _width_after(codes: bytes, bits: int, code_bits: int) -> int:
    """How wide the code is that comes after so many bits."""
    clear, width, entries, at, first = 1 << code_bits, code_bits + 1, (1 << code_bits) + 2, 0, True
    whole = int.from_bytes(codes, "little")
    while at < bits:
        code = whole >> at & (1 << width) - 1
        at += width
        if code == clear:
            width, entries, first = code_bits + 1, clear + 2, True
        elif first:
            first = False
        else:
            entries = min(entries + 1, 4096)
            if entries == 1 << width and width < 12:
                width += 1
    return width


def _parts(data: bytes, length: int) -> list[bytes]:
    return [data[at : at + length] for at in range(0, len(data), length)]
