"""PNG: its chunks walked here, so that only those of the picture reach the decoder."""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from PIL import Image

from saliency.files.colours import SRGB, Colours, from_code_points
from saliency.files.counted import counted
from saliency.files.errors import DamagedError
from saliency.files.ifd import exif_orientation
from saliency.files.mended import Check, Mended
from saliency.files.moving import MOST_FRAMES, Moving, Piece, check_inside, composed
from saliency.files.stored import Size, Stored, by_pillow

SIGNATURE = b"\x89PNG\r\n\x1a\n"
GREY, RGB, PALETTE, GREY_CLEAR, RGB_CLEAR = 0, 2, 3, 4, 6  # types of colour
COLOURS = (b"iCCP", b"sRGB", b"gAMA", b"cHRM", b"cICP", b"mDCV", b"cLLI", b"PLTE", b"tRNS")  # what samples mean
_SAMPLES = {GREY: 1, RGB: 3, PALETTE: 1, GREY_CLEAR: 2, RGB_CLEAR: 4}
_ADAM7 = (  # first column and row of each pass, and steps; the last one has every second row
    (0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2),
)  # fmt: skip
_LEAST = {b"gAMA": 4, b"cHRM": 32, b"sRGB": 1, b"cICP": 4, b"eXIf": 8}  # bytes of notes about the picture
_MOST_PROFILE = 1 << 26  # bytes of a colour profile, unpacked


@dataclass(slots=True)
class _Chunks:
    """A PNG file's chunks as far as they concern the picture. header: IHDR. data: of IDAT, or of the first frame where
    the default picture is not part of the animation; frame: its left, top, width, height."""

    header: bytes = b""
    notes: dict[bytes, bytes] = field(default_factory=dict)
    data: list[memoryview] = field(default_factory=list)
    frame: tuple[int, int, int, int] | None = None

    @property
    def size(self) -> Size:
        return self.frame[2:] if self.frame else struct.unpack(">II", self.header[:8])

    @property
    def canvas(self) -> Size:
        return struct.unpack(">II", self.header[:8])


def read(data: bytes) -> Stored:
    """The picture with its header read: of an animation its first frame, as browsers show it."""
    chunks = _chunks_of(data)
    image = by_pillow(_file_of(chunks), "PNG")

    def decode(_: Size | None) -> Image.Image:
        image.load()
        if not chunks.frame:
            return image
        canvas = Image.new("RGBA", chunks.canvas)
        canvas.paste(image.convert("RGBA"), chunks.frame[:2])
        return canvas

    return Stored(
        chunks.canvas,
        decode,
        exif_orientation(chunks.notes.get(b"eXIf", b"*")),
        _profile_of(chunks.notes),
        _colours_of(chunks.notes),
    )


def moving(data: bytes) -> Moving | None:
    """The animation with its chunks read; None for a single picture. Raises DamagedError."""
    if b"acTL" not in data:
        return None
    chunks, plays, count = _Chunks(), -1, 0
    controls: list[memoryview] = []
    frames: list[list[memoryview]] = []
    for name, content in walk(data):
        if name == b"IHDR" and len(content) == 13:
            chunks.header = bytes(content)
        elif name == b"acTL" and len(content) == 8 and not chunks.data:
            count, plays = struct.unpack(">II", content)
        elif name == b"fcTL" and len(content) == 26:
            if len(frames) > MOST_FRAMES:
                break
            controls.append(content)
            frames.append([])
        elif name == b"IDAT":
            chunks.data.append(content)
            if frames:
                frames[-1].append(content)
        elif name == b"fdAT" and frames:
            frames[-1].append(content[4:])
        elif not chunks.data:
            _note(chunks.notes, name, content)
    if plays < 0 or not chunks.header or count < 2:
        return None
    if len(controls) < min(count, MOST_FRAMES + 1):
        raise DamagedError("frames are missing")
    pieces = [_piece(chunks, control, frame) for control, frame in zip(controls, frames, strict=True)]
    return Moving(tuple(piece.milliseconds for piece in pieces), plays, lambda: composed(chunks.canvas, pieces))


def _piece(chunks: _Chunks, control: memoryview, data: list[memoryview]) -> Piece:
    width, height, left, top, delay, of, disposal, blend = struct.unpack(">4xIIIIHHBB", control)
    place = left, top, width, height
    check_inside(place, chunks.canvas)
    if not data:
        raise DamagedError("a frame has no pixels")
    part = replace(chunks, data=data, frame=place)
    seconds = delay / (of or 100)
    return Piece(place, lambda: by_pillow(_file_of(part), "PNG"), 1000 * seconds, disposal, over=blend == 1)


def mend(data: bytes, check: Check) -> Mended:
    """The file with the rows that are there and empty ones for those that are not."""
    chunks = _chunks_of(data)
    if chunks.frame:
        raise DamagedError("its data is broken")
    check(chunks.size)
    width, height = chunks.size
    passes = [(height, _row_bytes(chunks, width))]
    if chunks.header[12]:
        passes = [(-(-(height - y) // dy), _row_bytes(chunks, -(-(width - x) // dx))) for x, y, dx, dy in _ADAM7]
    size = sum(rows * row for rows, row in passes)
    unpacked = _unpacked(chunks.data, size)
    last_rows, last_row = passes[-1]
    before = size - last_rows * last_row
    rows = (len(unpacked) - before) // last_row
    if rows < 0:
        raise DamagedError("its data is broken")
    whole = unpacked[: before + rows * last_row].ljust(size, b"\0")
    chunks.data = [memoryview(zlib.compress(whole, 1))]
    drawn = (0, 0, width, rows) if rows < height and len(passes) == 1 else None
    doubled = range(2 * rows + 1, height, 2) if len(passes) > 1 else range(0)
    return Mended(_file_of(chunks, everything=True), drawn, doubled, "its data is broken")


def _row_bytes(chunks: _Chunks, width: int) -> int:
    """Of a row in the data, with the byte of its filter; none where a pass has no columns."""
    depth, colour = chunks.header[8:10]
    return 1 + (width * depth * _SAMPLES[colour] + 7) // 8 if width > 0 else 0


def _chunks_of(data: bytes) -> _Chunks:
    chunks, animated, in_animation = _Chunks(), False, False
    frame: tuple[int, int, int, int] | None = None
    default: list[memoryview] = []
    frames: list[memoryview] = []
    for name, content in walk(data):
        if name == b"IHDR":
            if len(content) != 13:
                raise DamagedError("its header is too short")
            chunks.header = bytes(content)
        elif name == b"IDAT":
            default.append(content)
        elif name == b"acTL" and not default:
            animated = len(content) == 8
        elif name == b"fcTL" and len(content) == 26:
            if frames or (default and frame):
                break
            width, height, left, top = struct.unpack(">4xIIII6x", content)
            frame, in_animation = (left, top, width, height), not default
        elif name == b"fdAT" and frame and not in_animation:
            frames.append(content[4:])
        elif not default:
            _note(chunks.notes, name, content)
    if not chunks.header:
        raise DamagedError("its header is missing")
    chunks.data = default
    if animated and frames and frame and _inside(frame, chunks.canvas):
        chunks.data, chunks.frame = frames, frame
    if not chunks.data:
        raise DamagedError("there are no pixels in it")
    return chunks


@counted
def walk(data: bytes) -> Iterator[tuple[bytes, memoryview]]:
    """Name and content of each chunk, the last one as far as it goes; a chunk that only tells something about the
    picture and has a wrong check sum is left out."""
    at, view = len(SIGNATURE), memoryview(data)
    while at + 8 <= len(data):
        length, name = struct.unpack_from(">I4s", data, at)
        if not re.fullmatch(rb"[A-Za-z]{4}", name):
            return
        content = view[at + 8 : at + 8 + length]
        end = at + 8 + length
        if name not in (b"IDAT", b"fdAT") and zlib.crc32(content, zlib.crc32(name)) != _number(data, end):
            if name in (b"IHDR", b"PLTE"):
                raise DamagedError(f"the check sum of {name.decode()} is wrong")
        else:
            yield name, content
        at = end + 4
        if name == b"IEND":
            return


def _number(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 4], "big") if at + 4 <= len(data) else -1


def _note(notes: dict[bytes, bytes], name: bytes, content: memoryview) -> None:
    if name in (b"PLTE", b"tRNS", b"iCCP") or len(content) >= _LEAST.get(name, 1 << 31):
        notes.setdefault(name, bytes(content))


def _inside(frame: tuple[int, int, int, int], canvas: Size) -> bool:
    left, top, width, height = frame
    return 0 < width <= canvas[0] - left and 0 < height <= canvas[1] - top


def _file_of(chunks: _Chunks, everything: bool = False) -> bytes:
    """A plain PNG file of the picture alone; with everything also what is told about it."""
    header = struct.pack(">II", *chunks.size) + chunks.header[8:]
    parts: list[bytes | memoryview] = [SIGNATURE, chunk(b"IHDR", header)]
    least = {0: 2, 2: 6, 3: 1}.get(header[9], 1 << 31)
    for name, content in chunks.notes.items():
        if name == b"tRNS" and len(content) < least:
            continue
        if everything or name in (b"PLTE", b"tRNS"):
            parts.append(chunk(name, content))
    for data in chunks.data:  # the decoder leaves out their check sums
        parts += [struct.pack(">I4s", len(data), b"IDAT"), data, b"\0\0\0\0"]
    parts.append(chunk(b"IEND", b""))
    return b"".join(parts)


def chunk(name: bytes, content: bytes | memoryview) -> bytes:
    """With its length and its check sum."""
    total = zlib.crc32(content, zlib.crc32(name))
    return b"".join([struct.pack(">I4s", len(content), name), content, struct.pack(">I", total)])


def _unpacked(parts: list[memoryview], size: int) -> bytes:
    """What the data says before it breaks off, up to a size."""
    decompressor, found, length = zlib.decompressobj(), [], 0
    try:
        for part in parts:
            for at in range(0, len(part), 1024):
                found.append(decompressor.decompress(part[at : at + 1024], size - length + 1))
                length += len(found[-1])
                if length >= size:
                    break
    except zlib.error:
        pass
    return b"".join(found)[:size]


def _profile_of(notes: dict[bytes, bytes]) -> bytes:
    if b"cICP" in notes or b"iCCP" not in notes:
        return b""
    _, _, packed = notes[b"iCCP"].partition(b"\0")
    try:
        return zlib.decompressobj().decompress(packed[1:], _MOST_PROFILE)
    except zlib.error:
        return b""


def _colours_of(notes: dict[bytes, bytes]) -> Colours | None:
    """In the order of the PNG specification: code points, profile, sRGB, gamma and chromaticities."""
    if b"cICP" in notes:
        return from_code_points(notes[b"cICP"][0], notes[b"cICP"][1])
    if b"iCCP" in notes or b"sRGB" in notes or b"gAMA" not in notes:
        return None
    gamma = _number(notes[b"gAMA"], 0) / 100_000
    primaries = SRGB
    if b"cHRM" in notes:
        primaries = tuple(value / 100_000 for value in struct.unpack(">8I", notes[b"cHRM"][:32]))
    if not 0.01 <= gamma <= 10 or min(primaries[1::2]) <= 0:
        return None
    colours = Colours(primaries, gamma=1 / gamma)
    return None if colours.is_srgb else colours
