"""Where a photo's own file says to look: what a person marked in it, or what a camera focused on.

IPTC Photo Metadata Standard 2023.2 (Image Region), MWG Guidelines 2.0 (regions), EXIF 3.0 (SubjectArea). All of them
lie in the picture as it is stored; what comes out is upright.
"""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from xml.etree.ElementTree import Element

from PIL import Image

from saliency.files.orientation import upright_point
from saliency.files.stored import Size
from saliency.rights import RDF, parsed_xmp

Point = tuple[float, float]

IPTC = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
MWG = "http://www.metadataworkinggroup.com/schemas/regions/"
AREA = "http://ns.adobe.com/xmp/sType/Area#"
DIMENSIONS = "http://ns.adobe.com/xap/1.0/sType/Dimensions#"
ROLE = "http://cv.iptc.org/newscodes/imageregionrole/"
ROLES = {
    "mainSubjectArea": "main subject area",
    "recomCropping": "recommended cropping",
    "cropping": "cropping",
    "squareCropping": "square format cropping",
    "landscapeCropping": "landscape format cropping",
    "portraitCropping": "portrait format cropping",
}
"""Those that say what a crop should show, by the end of their address, the one that says it best first."""

OWN, OWN_CHOICE = "gazecrop-", "gazecrop-person"
"""How the identifiers of the regions begin that this program writes, and of those that a person had chosen."""

MOST = 100  # regions of a file, and corners of one
SAME_SHAPE = 0.01  # as far as two sizes of one picture may differ in their shape, by rounding
_ORIENTATION, _EXIF, _SUBJECT, _ACROSS, _DOWN = 0x0112, 0x8769, 0x9214, 0xA002, 0xA003  # tags


@dataclass(frozen=True, slots=True)
class Marked:
    """point: (x, y) in 0..1 of the upright photo. by: what says so, "its IPTC region, main subject area"."""

    point: Point
    by: str

    @property
    def note(self) -> str:
        """For the note of a crop."""
        return f"where the file says, by {self.by}"


@dataclass(frozen=True, slots=True)
class Told:
    """A file's blocks of metadata. said: whether there is XMP; xmp: what it says, None where it cannot be read.
    size: (width, height) as stored. orientation: 1 to 8, as in EXIF."""

    said: bool
    xmp: Element | None
    exif: Image.Exif
    size: Size
    orientation: int


def marked(data: bytes, which: str = "person") -> Marked | None:
    """The first that a file of these bytes tells of those that count. which: one of REGIONS. Nothing is raised for
    hostile bytes: what cannot be read says nothing."""
    told = read_told(data) if REGIONS[which] else None
    if told is None:
        return None
    for read in REGIONS[which]:
        for found in read(told):
            if all(0 <= value <= 1 for value in found.point):
                return Marked(upright_point(found.point, told.orientation), found.by)
    return None


def read_told(data: bytes) -> Told | None:
    with suppress(Exception), Image.open(io.BytesIO(data)) as image:
        packet, exif = image.info.get("xmp", b""), image.getexif()
        lies = exif.get(_ORIENTATION, 1)
        turned = lies if image.format not in ("HEIF", "HEIC") and lies in range(1, 9) else 1
        xmp = parsed_xmp(packet.encode() if isinstance(packet, str) else bytes(packet))
        return Told(bool(packet), xmp, exif, image.size, turned)
    return None


def _iptc(told: Told) -> Iterator[Marked]:
    """Regions for cropping and of the main subject, which only people's tools write."""
    regions = [] if told.xmp is None else list(islice(_items(told.xmp, f"{{{IPTC}}}ImageRegion"), MOST))
    for role, name in ROLES.items():
        for region in regions:
            known = _text(region, f"{{{IPTC}}}rId")
            if known.startswith(OWN) and not known.startswith(OWN_CHOICE):
                continue
            if {ROLE + role, name} & set(_texts_below(region, f"{{{IPTC}}}rRole")):
                for boundary in region.iter(f"{{{IPTC}}}RegionBoundary"):
                    yield Marked(_middle(boundary, told.size), f"its IPTC region, {name}")


def _middle(boundary: Element, size: Size) -> Point:
    """Of a rectangle, a circle or a polygon, in 0..1; NaN of what is none."""
    across, down = size if _text(boundary, f"{{{IPTC}}}rbUnit") == "pixel" else (1, 1)

    def number(element: Element, name: str) -> float:
        return _number(_text(element, f"{{{IPTC}}}{name}"))

    shape = _text(boundary, f"{{{IPTC}}}rbShape")
    if shape == "polygon":
        corners = list(islice(_items(boundary, f"{{{IPTC}}}rbVertices"), MOST))
        xs, ys = ([number(corner, name) for corner in corners] or [math.nan] for name in ("rbX", "rbY"))
        return (min(xs) + max(xs)) / 2 / across, (min(ys) + max(ys)) / 2 / down
    x, y = number(boundary, "rbX"), number(boundary, "rbY")
    if shape == "rectangle":
        x, y = x + number(boundary, "rbW") / 2, y + number(boundary, "rbH") / 2
    return x / across, y / down


def _mwg_focus(told: Told) -> Iterator[Marked]:
    """Where a camera focused, by MWG; not of a picture that was cut since."""
    if told.xmp is None:
        return
    for regions in told.xmp.iter(f"{{{MWG}}}Regions"):
        wide, high = (_number(_text(regions, f"{{{DIMENSIONS}}}{side}")) for side in "wh")
        if not _same_shape((wide, high), told.size):
            continue
        for region in islice(_items(regions, f"{{{MWG}}}RegionList"), MOST):
            if _text(region, f"{{{MWG}}}Type") == "Focus":
                x, y = (_number(_text(region, f"{{{AREA}}}{axis}")) for axis in "xy")
                yield Marked((x, y), "its MWG region of focus")


def _subject_area(told: Told) -> Iterator[Marked]:
    """Where a camera focused, by EXIF: the middle of a point, a circle or a rectangle comes first in each."""
    with suppress(Exception):  # of values of another kind
        tags = told.exif.get_ifd(_EXIF)
        x, y, *_ = (float(value) for value in tags[_SUBJECT])
        size = tags.get(_ACROSS, told.size[0]), tags.get(_DOWN, told.size[1])
        if _same_shape(size, told.size):
            yield Marked((x / size[0], y / size[1]), "its EXIF subject area")


REGIONS: dict[str, tuple[Callable[[Told], Iterator[Marked]], ...]] = {
    "person": (_iptc,),
    "camera": (_iptc, _mwg_focus, _subject_area),
    "none": (),
}
"""What counts of what files say, the first first. A camera's focus is on request: phones write it into every photo,
and nothing tells a person's tap from what the machine found."""


def _same_shape(one: tuple[float, float], other: Size) -> bool:
    return all(side > 0 for side in one) and abs(one[0] * other[1] / (one[1] * other[0]) - 1) <= SAME_SHAPE


def _items(element: Element, name: str) -> Iterator[Element]:
    """Of the lists of a name."""
    for listed in element.iter(name):
        for kind in ("Bag", "Seq", "Alt"):
            yield from listed.iterfind(f"{{{RDF}}}{kind}/{{{RDF}}}li")


def _text(element: Element, name: str) -> str:
    """Of the first property of a name below, which XMP writes as an element or as an attribute."""
    for each in element.iter():
        if name in each.attrib:
            return each.attrib[name].strip()
        if each.tag == name:
            return (each.text or "").strip()
    return ""


def _texts_below(element: Element, name: str) -> Iterator[str]:
    """All that is said in the properties of a name."""
    for found in element.iter(name):
        for each in found.iter():
            yield from (text.strip() for text in (each.text or "", *each.attrib.values()))


def _number(text: str) -> float:
    """NaN of what is none."""
    try:
        return float(text)
    except ValueError:
        return math.nan
