"""What OpenAPI says: what may be asked for and what comes back, with examples."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from fastapi import Response
from prometheus_client import CONTENT_TYPE_LATEST

from saliency.formats import FORMATS
from saliency.methods import METHODS
from saliency.serve import examples
from saliency.serve.problems import MEDIA, REASONS
from saliency.serve.upload import PHOTO
from saliency.serve.wishes import MOST_FORMATS, MOST_LETTERS, USUAL_FORMAT, USUAL_METHOD

Schema = dict[str, Any]

ABOUT = "Where to cut a photo, by what people look at. Photos come in as bytes; no address is ever fetched."
KINDS = ("image/jpeg", "image/png", "image/webp", "image/avif", "image/heic", "image/gif", "image/tiff", "image/bmp")
UNNAMED = "application/octet-stream"
_TEXT, _WHOLE, _NUMBER = {"type": "string"}, {"type": "integer"}, {"type": "number"}
_SHARE = {"type": "number", "minimum": 0, "maximum": 1}
_BYTES = {"type": "string", "format": "binary"}


def _object(properties: Schema, optional: tuple[str, ...] = ()) -> Schema:
    required = [name for name in properties if name not in optional]
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _list(items: Schema, length: int) -> Schema:
    return {"type": "array", "items": items, "minItems": length, "maxItems": length}


_FORMATS: Schema = {
    "type": "array",
    "items": {"type": "string", "format": "crop-format", "minLength": 1, "maxLength": MOST_LETTERS},
    "maxItems": MOST_FORMATS,
    "default": [USUAL_FORMAT],
}
_METHOD: Schema = {"type": "string", "enum": list(METHODS), "default": USUAL_METHOD}
_PARAMETERS: list[Schema] = [
    {
        "name": "format",
        "in": "query",
        "schema": _FORMATS,
        "description": f"Once for each: a shape, 16:9; a size in pixels, 1200x630; or one of {', '.join(FORMATS)}.",
        "examples": {"two": {"value": ["16:9", "link"]}},
    },
    {"name": "method", "in": "query", "schema": _METHOD, "description": "Who places the crops."},
    {"name": "If-None-Match", "in": "header", "schema": _TEXT, "description": "The ETags of answers one has."},
    {"name": "X-Request-ID", "in": "header", "schema": _TEXT, "description": "Comes back, and is in the log."},
]
_BODY: Schema = {
    "required": True,
    "content": {
        **{kind: {"schema": _BYTES} for kind in (*KINDS, UNNAMED)},
        "multipart/form-data": {
            "schema": _object({PHOTO: _BYTES, "format": _FORMATS, "method": _METHOD}, ("format", "method")),
            "encoding": {PHOTO: {"contentType": ", ".join((*KINDS, UNNAMED))}},
        },
    },
}

_CROP = _object(
    {
        "format": {**_TEXT, "description": "as it was asked for"},
        "width": _WHOLE,
        "height": _WHOLE,
        "aspect": _TEXT,
        "method": _TEXT,
        "box": {**_list(_WHOLE, 4), "description": "left, top, width, height in pixels of the upright photo"},
        "kept": {**_SHARE, "description": "expected share of gaze inside"},
        "gain": {**_NUMBER, "minimum": -1, "maximum": 1, "description": "that over the centre crop's"},
        "helps": {**_SHARE, "description": "how likely it is to keep five points more than that"},
        "harms": {**_SHARE, "description": "or five points less"},
        "focal_point": {**_list(_NUMBER, 2), "description": "x, y in pixels"},
        "within": {**_list(_WHOLE, 4), "description": "the photo inside its plain bars, where there are any"},
        "note": {**_TEXT, "description": "why it lies there"},
        "cut": {**_TEXT, "description": "which things it does not keep whole"},
        "damage": {**_TEXT, "description": "what was wrong with the file"},
        "lost": {**_TEXT, "description": "what of the photo is not used"},
        "pixels": {**_list(_WHOLE, 2), "description": "width, height that it is to be resized to"},
        "enlarged": {**_NUMBER, "description": "so many times, by that"},
    },
    ("within", "note", "cut", "damage", "lost", "pixels", "enlarged"),
)
ANSWER = _object(
    {
        "photo": _object({"width": _WHOLE, "height": _WHOLE, "bytes": _WHOLE, "sha256": _TEXT}),
        "method": _TEXT,
        "weights": {"type": "object", "additionalProperties": _TEXT, "description": "SHA-256 of each network"},
        "version": _TEXT,
        "crops": {"type": "array", "items": _CROP, "minItems": 1, "maxItems": MOST_FORMATS},
    }
)
PROBLEM = _object(
    {"type": _TEXT, "title": _TEXT, "status": _WHOLE, "detail": _TEXT, "reason": _TEXT, "request_id": _TEXT}
)
_HEADERS = {"X-Request-ID": {"schema": _TEXT}}


def _problem(status: int) -> Schema:
    named = PROBLEM | {"properties": PROBLEM["properties"] | {"reason": {"type": "string", "enum": REASONS[status]}}}
    example = {"example": examples.PROBLEM} if status == examples.PROBLEM["status"] else {}
    headers = _HEADERS | ({"Retry-After": {"schema": _WHOLE}} if status in (429, 503) else {})
    return _said(HTTPStatus(status).phrase, MEDIA, {"schema": named} | example, headers)


def _said(description: str, media: str, content: Schema, headers: Schema = _HEADERS) -> Schema:
    """content: the schema and perhaps an example."""
    return {"description": description, "headers": headers, "content": {media: content}}


def _route(responses: dict[int | str, Schema], statuses: tuple[int, ...], **more: Any) -> dict[str, Any]:
    """The keyword arguments of a FastAPI route. statuses: of its errors."""
    return {
        "responses": responses | {status: _problem(status) for status in statuses},
        "response_class": Response,
        **more,
    }


_TAGGED = _HEADERS | {"ETag": {"schema": _TEXT}}
CROP = _route(
    {
        200: _said(
            "A crop for each format, in their order",
            "application/json",
            {"schema": ANSWER, "example": examples.ANSWER},
            _TAGGED,
        ),
        304: {"description": "The answer is that of an ETag sent along", "headers": _TAGGED},
    },
    (400, 408, 413, 422, 429, 500, 503),
    openapi_extra={"parameters": _PARAMETERS, "requestBody": _BODY},
)
_STATUS = {"schema": _object({"status": _TEXT})}
HEALTH = _route({200: _said("It does", "application/json", _STATUS)}, (500,))
READY = _route({200: _said("It would", "application/json", _STATUS)}, (500, 503))
METRICS = _route({200: _said("Text of Prometheus", CONTENT_TYPE_LATEST.partition(";")[0], {"schema": _TEXT})}, (500,))
