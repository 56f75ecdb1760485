"""What a right crop of each kind of drawn scene shows, in words; `eval/scenes/kinds/` has the rules themselves."""

from __future__ import annotations

_ROOM = "with a tenth of the free room or more on each side, or all that the scene has there"
_MORE_ROOM = _ROOM.replace("tenth", "fifth")

RIGHT = {
    "lone object": f"the whole object, {_ROOM}",
    "product on white": f"the whole product, {_ROOM}",
    "person at an edge": f"the whole head, {_ROOM}",
    "two people apart": "both heads where they fit, else one of them whole and nothing of the other",
    "group with a main person": "the whole head of the large person, and all the other heads where they fit too",
    "crowd behind a hero": f"the whole head of the large person, {_ROOM}; the crowd does not matter",
    "head near the top": f"the whole head with its hair, {_ROOM}",
    "tall portrait to wide": "the whole head; where that is too high the face, and where that is too high the eyes",
    "wide logo": f"the sign and the name beside it, both whole, {_ROOM}",
    "slide with a title": "the whole title, then all of the points where they fit too, then the picture",
    "screenshot of a post": "the post's picture, or its text where it has none, whole; its author where that fits too, "
    "and nothing of them cut",
    "meme with two captions": "the whole animal, both captions where they fit too, and no caption cut",
    "comic strip": "as many whole panels as any crop of the shape can",
    "document": f"the whole heading, {_ROOM}, and all the lines where they fit too",
    "chart": f"the whole chart with its title and labels, {_ROOM}; the text beside it does not matter",
    "map": f"the pin and its whole name, {_ROOM}",
    "framed picture": "the whole thing in the picture, and no frame along a side where the crop fits between",
    "letterbox": "the whole thing in the picture, and no bar along a side where the crop fits between",
    "watermark": f"the whole thing, {_MORE_ROOM}; the mark in the corner does not matter",
    "tiny bird in sky": f"the whole bird, {_ROOM}",
    "collage": "the whole largest photo, and all the others where they fit too",
    "symmetric pair": "both where they fit, else one of them whole and nothing of the other",
}
"""Kind -> how "A right crop shows …" goes on."""
