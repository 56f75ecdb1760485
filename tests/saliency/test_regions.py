"""What a file says of where to look: a square drawn there must be found in the upright picture."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PIL.TiffImagePlugin import IFDRational

from saliency.__main__ import main
from saliency.files.orientation import upright_point
from saliency.image import open_image
from saliency.regions import MOST, REGIONS, marked
from saliency.types import Box

SIZE = (240, 160)
SPOT = Box(24, 96, 40, 24)  # of the stored picture
MIDDLE = (44 / 240, 108 / 160)
RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
IPTC = 'xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"'
CROPPING = "http://cv.iptc.org/newscodes/imageregionrole/cropping"
RECTANGLE = {"rbShape": "rectangle", "rbUnit": "relative", "rbX": 0.1, "rbY": 0.6, "rbW": 1 / 6, "rbH": 0.15}


def boundary(values: dict[str, object]) -> str:
    inside = "".join(f"<Iptc4xmpExt:{name}>{value}</Iptc4xmpExt:{name}>" for name, value in values.items())
    return f'<Iptc4xmpExt:RegionBoundary rdf:parseType="Resource">{inside}</Iptc4xmpExt:RegionBoundary>'


def region(shape: str, role: str = CROPPING, known: str = "x") -> str:
    return (
        f'<rdf:li rdf:parseType="Resource"><Iptc4xmpExt:rId>{known}</Iptc4xmpExt:rId>{shape}'
        "<Iptc4xmpExt:rRole><rdf:Bag>"
        f'<rdf:li rdf:parseType="Resource"><Iptc4xmpExt:Identifier><rdf:Bag><rdf:li>{role}</rdf:li></rdf:Bag>'
        "</Iptc4xmpExt:Identifier></rdf:li></rdf:Bag></Iptc4xmpExt:rRole></rdf:li>"
    )


def packet(inside: str) -> bytes:
    return (
        f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF {RDF}><rdf:Description rdf:about="" {IPTC} '
        'xmlns:mwg-rs="http://www.metadataworkinggroup.com/schemas/regions/" '
        'xmlns:stArea="http://ns.adobe.com/xmp/sType/Area#" xmlns:stDim="http://ns.adobe.com/xap/1.0/sType/Dimensions#"'
        f">{inside}</rdf:Description></rdf:RDF></x:xmpmeta>"
    ).encode()


def iptc(*regions: str) -> bytes:
    return packet(f"<Iptc4xmpExt:ImageRegion><rdf:Bag>{''.join(regions)}</rdf:Bag></Iptc4xmpExt:ImageRegion>")


def focus(size: tuple[int, int] = SIZE, kind: str = "Focus") -> bytes:
    """As cameras write it, with attributes."""
    return packet(
        f'<mwg-rs:Regions rdf:parseType="Resource"><mwg-rs:AppliedToDimensions stDim:w="{size[0]}" stDim:h="{size[1]}" '
        'stDim:unit="pixel"/><mwg-rs:RegionList><rdf:Bag><rdf:li><rdf:Description mwg-rs:Type="'
        f'{kind}"><mwg-rs:Area stArea:x="{MIDDLE[0]}" stArea:y="{MIDDLE[1]}" stArea:w="0.1" stArea:h="0.1" '
        'stArea:unit="normalized"/></rdf:Description></rdf:li></rdf:Bag></mwg-rs:RegionList></mwg-rs:Regions>'
    )


def photo(xmp: bytes = b"", turned: int = 1, subject: tuple[int, ...] = (), said: tuple[int, int] = SIZE) -> bytes:
    """A dark picture with the bright spot."""
    pixels = np.full((SIZE[1], SIZE[0], 3), 20, np.uint8)
    pixels[SPOT.top : SPOT.bottom, SPOT.left : SPOT.right] = 240
    exif = Image.Exif()
    exif[0x0112] = turned
    if subject:
        exif.get_ifd(0x8769).update({0x9214: subject, 0xA002: said[0], 0xA003: said[1]})
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "JPEG", quality=95, exif=exif, xmp=xmp)
    return file.getvalue()


POLYGON = (
    '<Iptc4xmpExt:RegionBoundary rdf:parseType="Resource"><Iptc4xmpExt:rbShape>polygon</Iptc4xmpExt:rbShape>'
    "<Iptc4xmpExt:rbUnit>relative</Iptc4xmpExt:rbUnit><Iptc4xmpExt:rbVertices><rdf:Seq>"
    + "".join(
        f'<rdf:li Iptc4xmpExt:rbX="{x}" Iptc4xmpExt:rbY="{y}"/>' for x, y in ((0.1, 0.6), (0.2667, 0.65), (0.15, 0.75))
    )
    + "</rdf:Seq></Iptc4xmpExt:rbVertices></Iptc4xmpExt:RegionBoundary>"
)
SHAPES = {
    "rectangle": boundary(RECTANGLE),
    "rectangle in pixels": boundary(RECTANGLE | {"rbUnit": "pixel", "rbX": 24, "rbY": 96, "rbW": 40, "rbH": 24}),
    "circle": boundary({"rbShape": "circle", "rbUnit": "relative", "rbX": MIDDLE[0], "rbY": MIDDLE[1], "rbRx": 0.05}),
    "polygon": POLYGON,
}


@pytest.mark.parametrize("turned", range(1, 9))
@pytest.mark.parametrize(
    ("data", "which"),
    [
        *[((iptc(region(shape)), ()), "person") for shape in SHAPES.values()],
        ((focus(), ()), "camera"),
        *[((b"", (44, 108, *more)), "camera") for more in ((), (30,), (40, 24))],
    ],
    ids=[*SHAPES, "focus", "point of EXIF", "circle of EXIF", "rectangle of EXIF"],
)
def test_what_is_marked_is_bright_in_the_upright_picture(
    data: tuple[bytes, tuple[int, ...]], which: str, turned: int
) -> None:
    xmp, subject = data
    file = photo(xmp, turned, subject)
    found = marked(file, which)
    assert found
    image = open_image(file)
    x, y = int(found.point[0] * image.shape[1]), int(found.point[1] * image.shape[0])
    assert image[y, x].min() > 200
    assert found.point == pytest.approx(upright_point(MIDDLE, turned), abs=0.01)


def test_a_camera_counts_only_on_request() -> None:
    assert marked(photo(focus(), subject=(44, 108))) is None
    assert marked(photo(iptc(region(SHAPES["circle"]))), "none") is None
    by = {marked(photo(*file), "camera").by for file in ((focus(),), (b"", 1, (44, 108)))}  # type: ignore[union-attr]
    assert by == {"its MWG region of focus", "its EXIF subject area"}


def test_the_main_subject_counts_before_a_cropping_and_both_before_a_camera() -> None:
    other = boundary({"rbShape": "circle", "rbUnit": "relative", "rbX": 0.9, "rbY": 0.1, "rbRx": 0.05})
    main_subject = region(SHAPES["circle"], CROPPING.replace("cropping", "mainSubjectArea"))
    found = marked(photo(iptc(region(other), main_subject), subject=(5, 5)), "camera")
    assert found
    assert found.by == "its IPTC region, main subject area"
    assert found.point == pytest.approx(MIDDLE)


@pytest.mark.parametrize(
    "file",
    [
        photo(),
        photo(iptc(region(SHAPES["circle"], "http://cv.iptc.org/newscodes/imageregionrole/copyrightedItem"))),
        photo(iptc(region(SHAPES["circle"], known="gazecrop-square"))),  # what a machine found
        photo(focus(kind="Face")),
        photo(focus(size=(160, 160))),  # cut since
        photo(subject=(44, 108), said=(160, 160)),
        photo(subject=(44,)),
        photo(subject=(300, 108)),  # beyond it
        *[photo(iptc(region(boundary(RECTANGLE | {"rbX": x})))) for x in ("nan", "inf", "1e999", "-1", "", "x", 0.99)],
        photo(iptc(region("<Iptc4xmpExt:RegionBoundary/>"))),
        photo(iptc(region(boundary({"rbShape": "polygon"})))),
        photo(b"<!DOCTYPE x [<!ENTITY a 'b'>]>" + iptc(region(SHAPES["circle"]))),
        photo(iptc(region(SHAPES["circle"]))[:-9]),
        photo(iptc(*[region(boundary({}), known=str(n)) for n in range(MOST)], region(SHAPES["circle"]))),
        photo(b"<a>" * 9000 + b"</a>" * 9000),
        b"", b"no picture",
    ],
)  # fmt: skip
def test_what_says_nothing_says_nothing(file: bytes) -> None:
    assert marked(file, "camera") is None


def test_a_rational_subject_area_is_read() -> None:
    exif = Image.Exif()
    exif[0x0112] = 1
    exif.get_ifd(0x8769)[0x9214] = (IFDRational(44), IFDRational(108))
    file = io.BytesIO()
    Image.new("RGB", SIZE).save(file, "PNG", exif=exif)
    assert marked(file.getvalue(), "camera") is not None


def test_the_command_line_follows_the_file_unless_told_otherwise(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, plain = tmp_path / "marked.jpg", tmp_path / "plain.jpg"
    path.write_bytes(photo(iptc(region(SHAPES["circle"]))))
    plain.write_bytes(photo())

    def said(photo: Path, *options: str) -> str:
        assert main(["crop", str(photo), "--method", "gaze-fast", *options]) == 0
        return capsys.readouterr().out.replace(str(photo), "PHOTO")

    note = "where the file says, by its IPTC region, cropping; "
    focal = ["--focal", f"{MIDDLE[0]},{MIDDLE[1]}"]
    followed = said(path)
    assert note in followed
    assert followed.replace(note, "") == said(plain, *focal)
    assert said(path, "--regions", "none") == said(plain)
    assert said(path, "--focal", "0.9,0.5") == said(plain, "--focal", "0.9,0.5")  # who is at hand decides
    assert set(REGIONS) == {"person", "camera", "none"}
