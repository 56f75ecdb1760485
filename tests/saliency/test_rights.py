"""Whose a photo is stays with its crops, wherever its file says it, and what else is said does not."""

from __future__ import annotations

import io
import struct
from xml.etree import ElementTree

import pytest
from PIL import Image

from saliency.image import open_picture
from saliency.originals import ARTIST, COPYRIGHT, METADATA, Notes
from saliency.photo_file import Original, Writing
from saliency.rights import Names, names_in_iptc, names_in_xmp, rights_xmp, upright_xmp
from saliency.types import Box
from tests.scenes import gradient

PHOTO = Image.fromarray(gradient((90, 60)))
DC = "{http://purl.org/dc/elements/1.1/}"
XMP = """<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:tiff="http://ns.adobe.com/tiff/1.0/"
 xmlns:xmpRights="http://ns.adobe.com/xap/1.0/rights/" xmlns:exif="http://ns.adobe.com/exif/1.0/"
 xmpRights:Marked="True" tiff:Orientation="6" tiff:Model="Secret Camera" exif:GPSLatitude="48,8N">
<dc:rights><rdf:Alt><rdf:li xml:lang="x-default">© Zoë</rdf:li></rdf:Alt></dc:rights>
<dc:creator><rdf:Seq><rdf:li>Zoë</rdf:li><rdf:li>Ada</rdf:li></rdf:Seq></dc:creator>
<dc:description><rdf:Alt><rdf:li>Secret place</rdf:li></rdf:Alt></dc:description>
</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>""".encode()


def iptc_block(*records: tuple[int, int, bytes]) -> bytes:
    """As Photoshop writes it into a JPEG."""
    data = b"".join(struct.pack(">BBBH", 0x1C, *record[:2], len(record[2])) + record[2] for record in records)
    data += bytes(len(data) % 2)
    content = b"Photoshop 3.0\0" + b"8BIM\x04\x04\0\0" + struct.pack(">I", len(data)) + data
    return b"\xff\xed" + struct.pack(">H", len(content) + 2) + content


IPTC = iptc_block((1, 90, b"\x1b%G"), (2, 80, "Zoë".encode()), (2, 116, "© Zoë".encode()), (2, 90, b"Secret place"))


def encoded(kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    PHOTO.save(buffer, kind, **options)
    return buffer.getvalue()


def crop(data: bytes, kind: str, keep: str = "copyright", box: Box = Box(0, 0, 60, 60)) -> Image.Image:  # noqa: B008
    image = Image.open(io.BytesIO(Original(data, open_picture(data), None).crop(box, None, Writing(kind, keep=keep))))
    image.load()
    return image


def text(image: Image.Image, tag: int) -> str:
    return str(image.getexif().get(tag, "")).encode("latin-1").decode()


@pytest.mark.parametrize("box", [Box(0, 0, 60, 60), Box(0, 0, 90, 60)], ids=["cut", "copied"])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WebP", "AVIF"])
def test_what_xmp_says_of_rights_is_kept_and_nothing_else(kind: str, box: Box) -> None:
    image = crop(encoded("JPEG", xmp=XMP), kind, box=box)
    packet = image.info["xmp"]
    assert b"Secret" not in packet
    assert b"GPS" not in packet
    root = ElementTree.fromstring(packet)
    assert [" ".join(each.itertext()).split() for each in root.iter(f"{DC}rights")] == [["©", "Zoë"]]
    assert b'Marked="True"' in packet
    assert (text(image, ARTIST), text(image, COPYRIGHT)) == ("Zoë; Ada", "© Zoë")


@pytest.mark.parametrize("box", [Box(0, 0, 60, 60), Box(0, 0, 90, 60)], ids=["cut", "copied"])
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_what_iptc_says_of_rights_is_kept_where_software_looks_for_it(kind: str, box: Box) -> None:
    image = crop(encoded("JPEG", extra=IPTC), kind, box=box)
    assert (text(image, ARTIST), text(image, COPYRIGHT)) == ("Zoë", "© Zoë")
    assert "photoshop" not in image.info


def test_exif_comes_before_xmp_and_xmp_before_iptc() -> None:
    exif = Image.Exif()
    exif[COPYRIGHT] = "© Eve".encode()
    image = crop(encoded("JPEG", exif=exif, xmp=XMP, extra=IPTC), "JPEG")
    assert (text(image, ARTIST), text(image, COPYRIGHT)) == ("Zoë; Ada", "© Eve")


@pytest.mark.parametrize("box", [Box(0, 0, 60, 60), Box(0, 0, 90, 60)], ids=["cut", "copied"])
def test_all_is_all_of_an_upright_picture(box: Box) -> None:
    exif = Image.Exif()
    exif[0x0110] = "Appareil d’Été".encode()
    image = crop(encoded("JPEG", exif=exif, xmp=XMP, extra=IPTC), "JPEG", "all", box)
    assert b"Secret place" in image.info["xmp"]
    assert b'tiff:Orientation="1"' in image.info["xmp"]
    assert b"Secret place" in image.info["photoshop"][0x0404]
    assert text(image, 0x0110) == "Appareil d’Été"


@pytest.mark.parametrize("box", [Box(0, 0, 60, 60), Box(0, 0, 90, 60)], ids=["cut", "copied"])
def test_none_is_none(box: Box) -> None:
    image = crop(encoded("JPEG", xmp=XMP, extra=IPTC), "JPEG", "none", box)
    assert not {"xmp", "exif", "photoshop"} & set(image.info)


@pytest.mark.parametrize("source", ["PNG", "WEBP", "AVIF", "TIFF"])
def test_it_is_read_from_other_kinds_of_files(source: str) -> None:
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_itxt("XML:com.adobe.xmp", XMP.decode())
    data = encoded(
        source,
        **({"pnginfo": info} if source == "PNG" else {"tiffinfo": {700: XMP}} if source == "TIFF" else {"xmp": XMP}),
    )
    assert "© Zoë".encode() in crop(data, "JPEG").info["xmp"]


@pytest.mark.parametrize(
    "packet",
    [
        b"",
        b"no xml",
        XMP[:300],
        b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + XMP[XMP.index(b"<x:") :],
        b"<x>" * 100_000 + b"</x>" * 100_000,
        XMP.replace(b"dc:rights", b"dc:other")
        .replace(b"dc:creator", b"dc:else")
        .replace(b'xmpRights:Marked="True"', b""),
    ],
)
def test_a_packet_without_rights_or_sense_gives_nothing(packet: bytes) -> None:
    assert rights_xmp(packet) == b""
    assert names_in_xmp(packet) == Names()


def test_letters_of_iptc_are_read_as_it_says() -> None:
    assert names_in_iptc({(2, 80): [b"Zo\xeb", b"Ada"]}) == Names("Zoë; Ada")
    assert names_in_iptc({(1, 90): b"\x1b%G", (2, 116): "© Zoë".encode()}) == Names("", "© Zoë")


@pytest.mark.parametrize("written", [b'tiff:Orientation="6"', b"<tiff:Orientation>8</tiff:Orientation>"])
def test_an_upright_picture_says_so(written: bytes) -> None:
    assert upright_xmp(written) in (b'tiff:Orientation="1"', b"<tiff:Orientation>1</tiff:Orientation>")


def test_hostile_lengths_are_kept_within_what_a_file_takes() -> None:
    exif = Image.Exif()
    exif[COPYRIGHT] = b"c" * 60_000
    data = encoded("PNG", exif=exif)
    for keep in METADATA:
        assert crop(data, "JPEG", keep).size == (60, 60)
    assert len(METADATA["copyright"](data).exif) < 9_000
    assert METADATA["none"](data) == Notes()
