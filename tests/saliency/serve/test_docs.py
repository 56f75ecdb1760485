"""docs/serve.md and OpenAPI show what the hook answers, and the page tells of every reason."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from saliency.serve.examples import ANSWER, PROBLEM
from saliency.serve.problems import STATUS
from tests.saliency.serve.server import ROOT, SAMPLES, Server

DOCS = (ROOT / "docs" / "serve.md").read_text()


def test_the_answer_is_the_real_one(hook: Server) -> None:
    data = (SAMPLES / "mariachi.jpg").read_bytes()
    assert hook.crop(data, "format=story").json == near(ANSWER)
    told = hook.crop(data, "format=16", X_Request_ID="upload-17").json
    assert told | {"title": ""} == PROBLEM | {"title": ""}  # newer Pythons call 422 by another name


def near(told: Any) -> Any:
    """The same without the digits that differ between processors."""
    if isinstance(told, dict):
        return {name: near(value) for name, value in told.items()}
    if isinstance(told, list):
        return [near(value) for value in told]
    return pytest.approx(told, abs=1e-3) if isinstance(told, float) else told


def test_the_page_and_openapi_show_these(hook: Server) -> None:
    assert [json.loads(shown) for shown in re.findall(r"```json\n(.*?)```", DOCS, re.DOTALL)] == [ANSWER, PROBLEM]
    told = hook.ask("GET", "/openapi.json").json["paths"]["/crop"]["post"]["responses"]
    assert told["200"]["content"]["application/json"]["example"] == ANSWER
    assert told["422"]["content"]["application/problem+json"]["example"] == PROBLEM


def test_every_reason_is_told_of_with_its_status() -> None:
    rows = re.findall(r"^\| ([\d, ]+) \| (.*) \|$", DOCS, re.MULTILINE)
    told = {reason: statuses for statuses, words in rows for reason in re.findall(r"`([a-z]+)`", words)}
    for reason, status in STATUS.items():
        assert str(status) in told[reason], reason
