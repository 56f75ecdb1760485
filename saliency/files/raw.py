"""Cameras' raw files, known by their insides: all that could be opened of one is the small picture for its display."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from saliency.files.ifd import SUB_IFDS, Tag, first_ifd, first_value, ifd_at, is_tiff

_BEGINNINGS = (  # first byte of it, what stands there, its name
    (0, b"FUJIFILMCCD-RAW", "Fujifilm RAF"),
    (0, b"FOVb", "Sigma X3F"),
    (0, b"\0MRM", "Minolta MRW"),
    (0, b"IIRO", "Olympus ORF"),
    (0, b"IIRS", "Olympus ORF"),
    (0, b"MMOR", "Olympus ORF"),
    (0, b"IIU\0", "Panasonic RW2"),
    (4, b"ftypcrx ", "Canon CR3"),
    (6, b"HEAPCCDR", "Canon CRW"),
)
_MAKERS = {  # how the maker's name begins in upper case, and what its files are called
    "NIKON": "Nikon NEF",
    "CANON": "Canon CR2",
    "SONY": "Sony ARW",
    "EASTMAN KODAK": "Kodak KDC or DCR",
    "KODAK": "Kodak KDC or DCR",
    "PENTAX": "Pentax PEF",
    "RICOH": "Pentax PEF",
    "SAMSUNG": "Samsung SRW",
    "HASSELBLAD": "Hasselblad 3FR",
    "PHASE ONE": "Phase One IIQ",
    "LEAF": "Leaf MOS",
    "MAMIYA": "Mamiya MEF",
    "EPSON": "Epson ERF",
    "OLYMPUS": "Olympus ORF",
    "PANASONIC": "Panasonic RW2",
}
_MAKE, _PHOTOMETRIC, _NEW_SUBFILE, _COMPRESSION, _DNG_VERSION = 271, 262, 254, 259, 50706
_MOSAIC = (32803, 34892)  # photometric: colours of a sensor's filter, or its plain light
_RAW_COMPRESSIONS = (32767, 32769, 32770, 34713, 65000, 65535)  # Sony, Epson, Samsung, Nikon, Kodak, Pentax


def raw_name(data: bytes) -> str:
    """What a camera's raw file is called, such as "Nikon NEF"; empty for any other file."""
    for at, beginning, name in _BEGINNINGS:
        if data[at : at + len(beginning)] == beginning:
            return name
    if not is_tiff(data):
        return ""
    first = first_ifd(data)
    if _DNG_VERSION in first:
        return "Adobe DNG"
    make = first[_MAKE].text.upper() if _MAKE in first else ""
    sensor = any(
        first_value(tags, _PHOTOMETRIC, 0) in _MOSAIC or first_value(tags, _COMPRESSION, 1) in _RAW_COMPRESSIONS
        for tags in (first, *_inner(data, first))
    )
    small = first_value(first, _NEW_SUBFILE, 0) & 1 and make
    if not (sensor or small or data[8:10] == b"CR"):
        return ""
    return next((name for maker, name in _MAKERS.items() if make.startswith(maker)), "of its sensor's values")


def _inner(data: bytes, first: Mapping[int, Tag]) -> Iterator[dict[int, Tag]]:
    for start in first[SUB_IFDS].values[:16] if SUB_IFDS in first else ():
        yield ifd_at(data, start)
