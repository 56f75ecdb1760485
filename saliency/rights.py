"""Whose a photo is, as its file says in EXIF, IPTC and XMP, told apart from all else that they say.

Properties: IPTC Photo Metadata Standard 2023.2, and the Metadata Working Group's guidelines on where they stand.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree import ElementTree

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_SPACES = {
    "x": "adobe:ns:meta/",
    "rdf": RDF,
    "dc": "http://purl.org/dc/elements/1.1/",
    "xmpRights": "http://ns.adobe.com/xap/1.0/rights/",
    "photoshop": "http://ns.adobe.com/photoshop/1.0/",
    "plus": "http://ns.useplus.org/ldf/xmp/1.0/",
    "cc": "http://creativecommons.org/ns#",
}
_PROPERTIES = {
    "dc": ("rights", "creator"),
    "xmpRights": ("Marked", "WebStatement", "UsageTerms", "Owner", "Certificate"),
    "photoshop": ("Credit",),
    "plus": ("CopyrightOwner", "ImageCreator", "Licensor", "CreditLineRequired"),
    "cc": ("license", "attributionName", "attributionURL", "morePermissions"),
}
_KEPT = {f"{{{_SPACES[space]}}}{name}" for space, names in _PROPERTIES.items() for name in names}
_MOST_XMP = 1 << 20  # bytes that are read
_BY_LINE, _COPYRIGHT, _CHARACTERS = (2, 80), (2, 116), (1, 90)  # records and data sets of IPTC
_UTF_8 = b"\x1b%G"
_ORIENTATION = re.compile(rb"""(tiff:Orientation(?:\s*=\s*["']|>\s*))[2-8]""")

for _prefix, _address in _SPACES.items():
    ElementTree.register_namespace(_prefix, _address)


@dataclass(frozen=True, slots=True)
class Names:
    """Text, empty where nothing is said."""

    artist: str = ""
    copyright: str = ""

    def or_else(self, other: Names) -> Names:
        """What is said here, and what the other says of the rest."""
        return Names(self.artist or other.artist, self.copyright or other.copyright)


def rights_xmp(packet: bytes) -> bytes:
    """The packet with what it says of whose the photo is, and nothing else; empty where it says nothing, or cannot be
    read."""
    root = parsed_xmp(packet)
    if root is None:
        return b""
    kept = ElementTree.Element(f"{{{RDF}}}Description", {f"{{{RDF}}}about": ""})
    for described in root.iter(f"{{{RDF}}}Description"):
        for name in _KEPT & set(described.attrib):
            kept.set(name, described.attrib[name])
        kept.extend(child for child in described if child.tag in _KEPT and kept.find(child.tag) is None)
    if len(kept.attrib) == 1 and not len(kept):
        return b""
    meta = ElementTree.Element(f"{{{_SPACES['x']}}}xmpmeta")
    ElementTree.SubElement(meta, f"{{{RDF}}}RDF").append(kept)
    try:
        return ElementTree.tostring(meta, encoding="utf-8")
    except RecursionError:  # of a hostile depth
        return b""


def names_in_xmp(packet: bytes) -> Names:
    """The creators and the copyright notice of a packet."""
    root = parsed_xmp(packet)
    if root is None:
        return Names()

    def texts(name: str) -> list[str]:
        found = root.iter(f"{{{_SPACES['dc']}}}{name}")
        return [text.strip() for element in found for text in element.itertext() if text.strip()]

    return Names("; ".join(texts("creator")), next(iter(texts("rights")), ""))


def names_in_iptc(records: Mapping[tuple[int, int], bytes | list[bytes]]) -> Names:
    """The by-lines and the copyright notice of IPTC's records."""
    coding = "utf-8" if records.get(_CHARACTERS) == _UTF_8 else "latin-1"

    def texts(key: tuple[int, int]) -> list[str]:
        found = records.get(key, [])
        values = found if isinstance(found, list) else [found]
        return [value.decode(coding, "replace").strip() for value in values]

    return Names("; ".join(texts(_BY_LINE)), " ".join(texts(_COPYRIGHT)))


def upright_xmp(packet: bytes) -> bytes:
    """The packet of a picture that now lies upright."""
    return _ORIENTATION.sub(rb"\g<1>1", packet)


def parsed_xmp(packet: bytes) -> ElementTree.Element | None:
    """None for what is no XML, or declares entities, which may be made to grow without end."""
    if not packet or len(packet) > _MOST_XMP or b"<!" in packet.replace(b"<!--", b""):
        return None
    try:
        return ElementTree.fromstring(packet.strip(b"\0 \r\n\t"))
    except (ElementTree.ParseError, ValueError, LookupError):
        return None
