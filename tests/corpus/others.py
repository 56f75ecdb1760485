"""WebP, and what is no picture or none that is supported."""

from __future__ import annotations

from functools import partial

from tests.corpus.kind import SCENE, XMP, Kind, encoded, exif, lying


def webp(orientation: int) -> bytes:
    return encoded(lying(SCENE, orientation), "WEBP", lossless=True, exif=exif(orientation))


def refused(name: str, data: bytes, words: str, mime: str = "image/png") -> Kind:
    return Kind(name, mime, lambda: data, refused=words, browser=False)


KINDS = [
    # browsers leave WebP as it lies; libvips and everything that makes such files turn it
    *(Kind(f"WebP, EXIF orientation {turn}", "image/webp", partial(webp, turn), SCENE, tolerance=0, browser=turn == 1)
      for turn in range(1, 9)),
    Kind("WebP, orientation in XMP alone", "image/webp", lambda: encoded(SCENE, "WEBP", xmp=XMP, lossless=True), SCENE,
         tolerance=0),
    Kind("WebP, half of it", "image/webp", lambda: webp(1)[:100], refused="damaged or incomplete", browser=False),
    refused("empty", b"", "the file is empty"),
    refused("text", b"hello, this is text", "this is not a JPEG, PNG, .* picture$"),
    refused("SVG", b"<?xml version='1.0'?>\n<svg xmlns='http://www.w3.org/2000/svg'/>", "an SVG drawing; save it as"),
    refused("PDF", b"%PDF-1.7\n", "a PDF document; save it as"),
    refused("PostScript", b"%!PS-Adobe-3.0 EPSF-3.0\n", "a PostScript drawing; save it as"),
    refused("Photoshop", b"8BPS\0\1" + bytes(20), "a Photoshop document; save it as"),
    refused("JPEG XL", b"\xff\x0a" + bytes(20), "a JPEG XL picture; save it as"),
    refused("JPEG 2000", b"\0\0\0\x0cjP  \r\n\x87\n", "a JPEG 2000 picture; save it as"),
    refused("icon", b"\0\0\1\0\1\0" + bytes(20), "an icon file; save it as"),
    refused("Netpbm", b"P6 2 2 255 " + bytes(12), "a Netpbm picture; save it as"),
    refused("video", b"\0\0\0\x18ftypisom" + bytes(20), "a video; save it as"),
    refused("web page", b"<!DOCTYPE html><html>", "a web page; save it as"),
    refused("raw file of Canon", b"\0\0\0\x18ftypcrx " + bytes(20), r"Canon CR3\), which is not supported; export"),
    refused("raw file of Fujifilm", b"FUJIFILMCCD-RAW 0201", r"Fujifilm RAF\), which is not supported; export"),
    refused("raw file of Panasonic", b"IIU\0" + bytes(20), r"Panasonic RW2\), which is not supported; export"),
]  # fmt: skip
