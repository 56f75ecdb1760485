"""A photo's own file with IPTC Image Regions in it: where its crops lie. Only its XMP changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from saliency.files import jpeg, png
from saliency.files.orientation import stored_point
from saliency.originals import jpeg_segment
from saliency.regions import IPTC, OWN, OWN_CHOICE, ROLE, ROLES, Point, read_told
from saliency.rights import RDF
from saliency.types import Box, Crop

META, LANG = "adobe:ns:meta/", "{http://www.w3.org/XML/1998/namespace}lang"
_JPEG_XMP, _PNG_XMP = b"http://ns.adobe.com/xap/1.0/\0", b"XML:com.adobe.xmp\0"
_MOST = 65_533 - len(_JPEG_XMP)  # bytes of a packet in a JPEG
_HEADS = (0xE0, 0xE1)  # segments that stand before: JFIF, EXIF
DOT = 0.01  # the radius of the circle that a focal point is written as, of the width

ElementTree.register_namespace("Iptc4xmpExt", IPTC)


@dataclass(frozen=True, slots=True)
class Region:
    """known: its identifier. role: one of ROLES. shape: a box or a point, in 0..1 of the upright photo, as its corners
    or itself."""

    known: str
    name: str
    role: str
    shape: tuple[Point, Point] | tuple[Point]


def regions_of(crops: Sequence[tuple[str, Crop]], size: tuple[int, int], chosen: bool) -> list[Region]:
    """The box of each format, by name, and the focal point. chosen: by a person, so that it counts when the file is
    cropped again; what the machine found does not."""

    def share(x: float, y: float) -> Point:
        return x / size[0], y / size[1]

    def corners(box: Box) -> tuple[Point, Point]:
        return share(box.left, box.top), share(box.right, box.bottom)

    boxes = [
        Region(f"{OWN}crop-{rank}", name, "cropping", corners(crop.box)) for rank, (name, crop) in enumerate(crops, 1)
    ]
    known = OWN_CHOICE if chosen else f"{OWN}focal"
    return [Region(known, "Focal point", "mainSubjectArea", (share(*crops[0][1].focal_point),)), *boxes]


def with_regions(data: bytes, kind: str, regions: Sequence[Region]) -> bytes:
    """The same file with these regions, in place of those that this program wrote before. kind: by Pillow's name.

    Raises ValueError for another kind than JPEG and PNG, and where the file's own XMP cannot be read, or is too long.
    """
    if kind not in _WRITERS:
        raise ValueError(f"regions are written into {' and '.join(_WRITERS)}, not into {kind}")
    told = read_told(data)
    if told is None or (told.said and told.xmp is None):
        raise ValueError("the file's own XMP cannot be read, so no regions are written beside it")
    root = Element(f"{{{META}}}xmpmeta") if told.xmp is None else told.xmp
    listed = _list_in(root)
    for region in regions:
        listed.append(_item(region, told.orientation))
    packet = b'<?xpacket begin="\xef\xbb\xbf" id="W5M0MpCehiHzreSzNTczkc9d"?>' + ElementTree.tostring(root, "utf-8")
    return _WRITERS[kind](data, packet + b'<?xpacket end="w"?>')


def _list_in(root: Element) -> Element:
    """The bag of regions, of which ours are taken out."""
    description = next(root.iter(f"{{{RDF}}}Description"), None)
    if description is None:
        described = root if root.tag == f"{{{RDF}}}RDF" else SubElement(root, f"{{{RDF}}}RDF")
        description = SubElement(described, f"{{{RDF}}}Description", {f"{{{RDF}}}about": ""})
    region = next(root.iter(f"{{{IPTC}}}ImageRegion"), None)
    if region is None:
        region = SubElement(description, f"{{{IPTC}}}ImageRegion")
    bag = region.find(f"{{{RDF}}}Bag")
    if bag is None:
        bag = SubElement(region, f"{{{RDF}}}Bag")
    for item in list(bag):
        known = next(item.iter(f"{{{IPTC}}}rId"), None)
        if known is not None and (known.text or "").startswith(OWN):
            bag.remove(item)
    return bag


def _item(region: Region, orientation: int) -> Element:
    item = _struct(Element(f"{{{RDF}}}li"))
    boundary = _struct(SubElement(item, f"{{{IPTC}}}RegionBoundary"))
    points = [stored_point(point, orientation) for point in region.shape]
    (left, right), (top, bottom) = ((min(axis), max(axis)) for axis in zip(*points, strict=True))
    shape = {"rbShape": "circle", "rbUnit": "relative", "rbX": f"{left:.6f}", "rbY": f"{top:.6f}"}
    if len(points) == 1:
        shape["rbRx"] = f"{DOT}"
    else:
        shape |= {"rbShape": "rectangle", "rbW": f"{right - left:.6f}", "rbH": f"{bottom - top:.6f}"}
    for name, value in shape.items():
        SubElement(boundary, f"{{{IPTC}}}{name}").text = value
    SubElement(item, f"{{{IPTC}}}rId").text = region.known
    _named(item, region.name)
    role = _struct(SubElement(SubElement(SubElement(item, f"{{{IPTC}}}rRole"), f"{{{RDF}}}Bag"), f"{{{RDF}}}li"))
    _named(role, ROLES[region.role])
    identifiers = SubElement(SubElement(role, f"{{{IPTC}}}Identifier"), f"{{{RDF}}}Bag")
    SubElement(identifiers, f"{{{RDF}}}li").text = ROLE + region.role
    return item


def _struct(element: Element) -> Element:
    element.set(f"{{{RDF}}}parseType", "Resource")
    return element


def _named(parent: Element, name: str) -> None:
    alternatives = SubElement(SubElement(parent, f"{{{IPTC}}}Name"), f"{{{RDF}}}Alt")
    SubElement(alternatives, f"{{{RDF}}}li", {LANG: "x-default"}).text = name


def _in_jpeg(data: bytes, packet: bytes) -> bytes:
    """After JFIF and EXIF, which some readers want first."""
    if len(packet) > _MOST:
        raise ValueError(f"with regions the file's XMP would have {len(packet)} bytes; a JPEG holds {_MOST}")
    parts, at, place = [data[:2]], 2, 1
    for marker, start, end in jpeg.segments(data):
        if data[start + 4 : start + 4 + len(_JPEG_XMP)] == _JPEG_XMP and marker == 0xE1:
            parts.append(data[at:start])
        else:
            parts.append(data[at:end])
        at = end
        if marker in _HEADS and place == len(parts) - 1:
            place = len(parts)
    parts.insert(place, jpeg_segment(0xE1, _JPEG_XMP + packet))
    return b"".join([*parts, data[at:]])


def _in_png(data: bytes, packet: bytes) -> bytes:
    """After the header; nothing else of the file is touched."""
    parts, at = [data[: len(png.SIGNATURE)]], len(png.SIGNATURE)
    while at + 8 <= len(data):
        name, end = data[at + 4 : at + 8], at + 12 + int.from_bytes(data[at : at + 4], "big")
        if not (name == b"iTXt" and data[at + 8 : at + 8 + len(_PNG_XMP)] == _PNG_XMP):
            parts.append(data[at:end])
        if name == b"IHDR":
            parts.append(png.chunk(b"iTXt", _PNG_XMP + b"\0\0\0\0" + packet))
        at = end
    return b"".join([*parts, data[at:]])


_WRITERS: dict[str, Callable[[bytes, bytes], bytes]] = {"JPEG": _in_jpeg, "PNG": _in_png}
