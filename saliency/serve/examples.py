"""The answers that OpenAPI and docs/serve.md show; a test asks for them and compares."""

from __future__ import annotations

from typing import Any

ANSWER: dict[str, Any] = {
    "photo": {
        "width": 1024,
        "height": 680,
        "bytes": 101039,
        "sha256": "3385512e10fa10377cbb02ec2828f614e70f4a3ed52761e3423bb5b708d34a7c",
    },
    "method": "gaze",
    "weights": {"gaze": "59896e0faa08be95bc05fd4030b32e32cfbf70a61e620667e7febc58e8c104bd"},
    "version": "0.1.0",
    "crops": [
        {
            "format": "story",
            "width": 1024,
            "height": 680,
            "aspect": "9:16",
            "note": "2 of 4 heads kept whole",
            "method": "gaze",
            "box": [348, 0, 382, 680],
            "kept": 0.543353,
            "gain": 0.009729,
            "helps": 0.165655,
            "harms": 0.074807,
            "focal_point": [532.06, 309.82],
            "cut": "2 of 4 heads kept whole",
            "pixels": [1080, 1920],
            "enlarged": 2.827,
        }
    ],
}
"""Of samples/mariachi.jpg and `format=story`."""
PROBLEM: dict[str, Any] = {
    "type": "about:blank",
    "title": "Unprocessable Entity",
    "status": 422,
    "detail": "cannot read aspect ratio '16'; write it as width:height, such as 16:9; or a size in pixels, such as "
    "1200x630; or one of single, square, portrait, story, banner, link, pair, quad, thumbnail",
    "reason": "settings",
    "request_id": "upload-17",
}
"""Of `format=16`."""
